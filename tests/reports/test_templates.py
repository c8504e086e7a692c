"""Templates: what an office fills in is explained, checked while typing, and understood by the importer."""

from __future__ import annotations

from pathlib import Path

import attrs
import openpyxl
import pytest

from zoufang.intake import SHEETS, VISITS_FILE, load_plan, read_calls, read_register, read_visits
from zoufang.model import CampaignPlan, Topic
from zoufang.reports.templates import write_template, write_templates
from zoufang.typing import Text


@pytest.fixture(scope="module")
def plan() -> CampaignPlan:
    """The packaged plan of 2023."""
    return load_plan("huangtun-2023")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, plan: CampaignPlan) -> Path:
    """The templates of that plan, written once."""
    place = tmp_path_factory.mktemp("templates")
    write_templates(plan, place)
    return place


def test_every_file_of_the_inbox_has_a_template(folder: Path) -> None:
    """Five workbooks and two CSV files."""
    names = {path.name for path in folder.iterdir()}
    workbooks = {"register.xlsx", "visits.xlsx", "replies.xlsx", "callbacks.xlsx", "problems.xlsx"}
    assert names == workbooks | {"hotline.csv", "letters.csv"}


def test_an_empty_template_reads_as_nothing(folder: Path, plan: CampaignPlan) -> None:
    """The importer finds every header and no row, and has nothing to remark."""
    register = read_register(folder / "register.xlsx", plan)
    visits, findings = read_visits(folder / "visits.xlsx", plan)
    calls = read_calls(folder / "hotline.csv", plan)
    assert [r.n_rows for r in (register, visits, findings, calls)] == [0, 0, 0, 0]
    assert [r.remarks for r in (register, visits, findings, calls)] == [(), (), (), ()]


def test_the_first_row_is_the_plain_header(folder: Path) -> None:
    """Headers stand in the first row, exactly as they are declared."""
    page = openpyxl.load_workbook(folder / "visits.xlsx")["走访"]
    assert tuple(cell.value for cell in page[1]) == SHEETS["visits"].headers


def test_a_choice_has_a_drop_down_list(folder: Path) -> None:
    """走访方式 offers its four labels; a list of the plan's topics offers every topic."""
    book = openpyxl.load_workbook(folder / "visits.xlsx")
    rules = {str(rule.sqref).partition("2:")[0]: rule for rule in book["走访"].data_validations.dataValidation}
    assert (rules["H"].type, rules["H"].formula1) == ("list", '"上门,征求意见表,家访,电话"')
    assert rules["H"].prompt == "必填。从列表中选一项"


def test_a_long_list_stands_on_a_hidden_sheet(tmp_path: Path, plan: CampaignPlan) -> None:
    """A rule holds 255 characters; a longer list is read from a sheet that nobody sees."""
    book = openpyxl.load_workbook(write_long(tmp_path, plan))
    assert book["选项"].sheet_state == "veryHidden"
    topics = [cell.value for cell in book["选项"]["A"]][1:]
    assert topics == [f"很长很长的主题名称之{i}" for i in range(40)]
    rule = next(r for r in book["诉求"].data_validations.dataValidation if str(r.sqref).startswith("D2"))
    assert rule.formula1 == "选项!$A$2:$A$41"


def write_long(folder: Path, plan: CampaignPlan) -> Path:
    """Write a template of a plan with forty long topics."""
    topics = tuple(Topic(f"t{i}", Text(f"很长很长的主题名称之{i}", ""), "x") for i in range(40))
    return write_template(VISITS_FILE.bound_to(attrs.evolve(plan, topics=topics)), folder / "visits.xlsx")


def test_the_guide_explains_every_column(folder: Path) -> None:
    """The sheet 说明 has a row for each column of each sheet."""
    page = openpyxl.load_workbook(folder / "register.xlsx")["说明"]
    rows = [row for row in page.iter_rows(values_only=True) if row[0] in {"区域", "人员", "走访对象"}]
    assert len(rows) == 4 + 7 + 9
    assert all(row[4] for row in rows)
