from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from zoufang.reports.document import Change, Report, Share
from zoufang.reports.xlsx import write_xlsx

Compose = Callable[..., Report]


def test_a_workbook_holds_the_same_numbers_as_the_report(composed: Compose, tmp_path: Path) -> None:
    """Every table is a sheet; a share is the number that is printed, "no case" the same words."""
    report = composed(2)
    book = openpyxl.load_workbook(write_xlsx(report, tmp_path / "d.xlsx"))
    for table in report.tables:
        page = book[table.caption]
        assert [cell.value for cell in page[2]] == [column.header for column in table.columns]
        for i, row in enumerate(table.lines, 3):
            for value, cell in zip(row, page[i], strict=True):
                if isinstance(value, Share | Change) and value.printed.endswith("%"):
                    assert f"{100 * cell.value:.2f}" == f"{float(value.printed[:-1]):.2f}"
                    assert cell.number_format.startswith(("0.00%", "+0.00%"))
                else:
                    expected = value.printed if isinstance(value, Share | Change) else value
                    assert (cell.value or "") == ("" if expected is None else expected) or cell.value == expected


def test_the_sum_of_eighty_percent_is_a_number_that_a_spreadsheet_can_use(composed: Compose, tmp_path: Path) -> None:
    """Four of five is 0.8 in the cell, not a text."""
    book = openpyxl.load_workbook(write_xlsx(composed(2), tmp_path / "d.xlsx"))
    page = book["各单位工作情况（累计）"]
    total = next(row for row in page.iter_rows(values_only=True) if row[0] == "合计")
    assert total[1:4] == (5, 4, 0.8)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_same_report_is_the_same_workbook(composed: Compose, tmp_path: Path, language: str) -> None:
    """Two writings differ in no byte."""
    first = write_xlsx(composed(2, language), tmp_path / "a.xlsx").read_bytes()
    assert write_xlsx(composed(2, language), tmp_path / "b.xlsx").read_bytes() == first


def test_a_workbook_has_no_formula_no_link_and_no_private_text(composed: Compose, tmp_path: Path, street: Any) -> None:
    """Names that look like formulas stay text; nothing of the side table is in any part of the file."""
    street.seq = 1
    street.put("units", unit_id="C01", version=2, name='=HYPERLINK("http://evil.example")')
    with zipfile.ZipFile(write_xlsx(composed(2), tmp_path / "d.xlsx")) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        everything = b"".join(parts.read(name) for name in parts.namelist())
    assert sheets
    assert not [s for s in sheets if b"<f>" in s or b"<hyperlink" in s]
    assert "王大锤".encode() not in everything


def test_every_chart_is_there_with_its_data(composed: Compose, tmp_path: Path) -> None:
    """A sheet per chart, and a native chart on it."""
    report = composed(2)
    book = openpyxl.load_workbook(write_xlsx(report, tmp_path / "d.xlsx"))
    with zipfile.ZipFile(tmp_path / "d.xlsx") as parts:
        charts = [name for name in parts.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) == len(report.charts)
    assert [row[1] for row in book["走访覆盖进度"].iter_rows(min_row=3, max_row=4, values_only=True)] == [3, 4]
