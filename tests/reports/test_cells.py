"""The one cell writer: text stays text, the same content is the same bytes, and nothing half-written is seen."""

from __future__ import annotations

import csv
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoufang.errors import BadValueError, FileError
from zoufang.intake.texts import neutralised, undone
from zoufang.reports.cells import SheetData, sheet_titles, write_csv, write_workbook

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n=1", "＝1", "＋1", "－1", "＠a", "http://example.org", "'=1"]


def test_dangerous_text_stays_text_in_a_workbook(tmp_path: Path) -> None:
    """No formula and no link ever comes from data; the words are what they were."""
    path = write_workbook(tmp_path / "a.xlsx", [SheetData("表", ("内容",), [(text,) for text in DANGEROUS])])
    with zipfile.ZipFile(path) as archive:
        xml = b"".join(archive.read(name) for name in archive.namelist() if "sheet" in name)
    assert b"<f>" not in xml
    assert b"hyperlink" not in xml
    page = openpyxl.load_workbook(path)["表"]
    assert [row[0].value for row in page.iter_rows(min_row=2)] == DANGEROUS
    assert {row[0].data_type for row in page.iter_rows(min_row=2)} == {"s"}


def test_dangerous_text_is_neutralised_in_csv(tmp_path: Path) -> None:
    """Every cell that a spreadsheet might compute begins with an apostrophe."""
    path = write_csv(tmp_path / "a.csv", ("内容",), [(text,) for text in DANGEROUS])
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = [row[0] for row in csv.reader(file)][1:]
    expected = [text if text.startswith("http") else "'" + text for text in DANGEROUS]
    assert cells == expected


@given(st.text() | st.sampled_from(DANGEROUS))
def test_neutralising_is_undone(text: str) -> None:
    """Whatever the text, taking the apostrophe off gives it back, and no spreadsheet computes what was written."""
    assert undone(neutralised(text)) == text
    assert neutralised(text)[:1] not in {*"=+-@＝＋－＠", "\t", "\r", "\n", "\0"} or not text


def test_the_same_content_is_the_same_bytes(tmp_path: Path) -> None:
    """No clock stands in a workbook."""
    sheets = [SheetData("表", ("日期", "数"), [(date(2023, 3, 1), 1.5)], above=("题",), below=("注",))]
    first = write_workbook(tmp_path / "a.xlsx", sheets).read_bytes()
    assert first == write_workbook(tmp_path / "b.xlsx", sheets).read_bytes()


def test_each_kind_of_cell_is_written_as_itself(tmp_path: Path) -> None:
    """Days are days, numbers are numbers, yes is 是, and nothing stays nothing."""
    rows = [("字", date(2023, 3, 1), 3, 0.25, True, None)]
    path = write_workbook(tmp_path / "a.xlsx", [SheetData("表", tuple("abcdef"), rows, formats={"d": "0.00%"})])
    row = openpyxl.load_workbook(path)["表"][2]
    assert [cell.value for cell in row[:1]] == ["字"]
    assert row[1].value.date() == date(2023, 3, 1)
    assert [cell.value for cell in row[2:]] == [3, 0.25, "是", None]
    assert row[3].number_format == "0.00%"


def test_a_column_is_as_wide_as_its_chinese_text(tmp_path: Path) -> None:
    """A Chinese character counts twice."""
    path = write_workbook(tmp_path / "a.xlsx", [SheetData("表", ("名",), [("安全装备产业园管委会",)])])
    assert openpyxl.load_workbook(path)["表"].column_dimensions["A"].width >= 20


def test_titles_are_what_a_workbook_allows() -> None:
    """At most 31 characters, no forbidden sign, none twice, none empty."""
    titles = sheet_titles(["a/b", "a·b", "长" * 40, "长" * 40, "", "History"])
    assert titles == ["a·b", "a·b_2", "长" * 31, "长" * 29 + "_2", "表", "History_2"]


def test_control_characters_and_long_text_do_not_spoil_a_workbook(tmp_path: Path) -> None:
    """What no cell can hold is left out or cut, and the file still opens."""
    path = write_workbook(tmp_path / "a.xlsx", [SheetData("表", ("a",), [("一\x00二\x1b\ud800",), ("长" * 40_000,)])])
    page = openpyxl.load_workbook(path)["表"]
    assert page["A2"].value == "一二"
    assert len(page["A3"].value) == 32_767


def test_a_row_of_another_length_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    """A workbook is there whole or not at all."""
    with pytest.raises(BadValueError):
        write_workbook(tmp_path / "a.xlsx", [SheetData("表", ("a", "b"), [(1, 2), (1,)])])
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_the_older_file(tmp_path: Path) -> None:
    """Rows that break in the middle do not harm what was there."""
    path = write_csv(tmp_path / "a.csv", ("a",), [("alt",)])
    before = path.read_bytes()

    def rows() -> list[tuple[str]]:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_csv(path, ("a",), (row for row in rows()))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_symbolic_link_and_a_folder_are_not_replaced(tmp_path: Path) -> None:
    """Nothing is written through a link to somewhere else."""
    (tmp_path / "real.csv").write_text("x")
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    with pytest.raises(FileError, match="symbolic link"):
        write_csv(tmp_path / "link.csv", ("a",), [])
    with pytest.raises(FileError, match="folder"):
        write_csv(tmp_path, ("a",), [])
    assert (tmp_path / "real.csv").read_text() == "x"
