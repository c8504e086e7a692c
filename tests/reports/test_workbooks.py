from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from zoufang.reports.document import Change, Report, Share
from zoufang.reports.paper import Paper, breaks, paper_for, pixels
from zoufang.reports.xlsx import write_xlsx

Compose = Callable[..., Report]


def below(book: Any, caption: str) -> tuple[Any, int]:
    """Return the sheet on which a table stands, and the row of its header."""
    found = [(page, row[0].row + 1) for page in book for row in page.iter_rows(max_col=1) if row[0].value == caption]
    (place,) = found
    return place


def test_a_workbook_holds_the_same_numbers_as_the_report(composed: Compose, tmp_path: Path) -> None:
    """Every table is there under its caption; a share is the number that is printed, "no case" the same words."""
    report = composed(2)
    book = openpyxl.load_workbook(write_xlsx(report, tmp_path / "d.xlsx"))
    for table in report.tables:
        page, head = below(book, table.caption)
        n = len(table.columns)
        assert [cell.value for cell in page[head][:n]] == [column.header for column in table.columns]
        for i, row in enumerate(table.lines, head + 1):
            for value, cell in zip(row, page[i][:n], strict=True):
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
    """Two to a sheet, each a native chart beside its data and over its data."""
    report = composed(2)
    book = openpyxl.load_workbook(write_xlsx(report, tmp_path / "d.xlsx"))
    with zipfile.ZipFile(tmp_path / "d.xlsx") as parts:
        charts = [name for name in parts.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) == len(report.charts)
    page, head = below(book, "走访覆盖进度")
    assert [row[1] for row in page.iter_rows(min_row=head + 1, max_row=head + 2, values_only=True)] == [3, 4]
    for chart in report.charts:
        page, head = below(book, chart.title)
        (drawn,) = (one for one in page._charts if one.anchor._from.row == head - 1)
        cells = [f"$B${head + i}" for i in range(1, len(chart.categories) + 1)]
        area = cells[0] if len(cells) == 1 else f"{cells[0]}:{cells[-1]}"
        assert drawn.series[0].val.numRef.f.partition("!")[2] == area
        assert [len(one._charts) for one in book if one._charts] == [2, 2, 2]


def test_every_sheet_prints_one_page_wide_with_its_area_and_its_header(composed: Compose, tmp_path: Path) -> None:
    """A4, as wide as the table; one table repeats its header, charts get a page; no table is cut that fits on one."""
    book = openpyxl.load_workbook(write_xlsx(composed(2), tmp_path / "d.xlsx"))
    assert " / ".join(book.sheetnames) == (
        "通报正文 / 一、基本情况 / 二、办理情况 / 三、回访情况 / 各单位工作情况（累计） / "
        "图表 1 / 图表 2 / 图表 3 / 口径与说明"
    )
    for page in book:
        assert (page.page_setup.paperSize, page.page_setup.fitToWidth) == (9, 1) or page.page_setup.fitToWidth is None
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert page.print_area
    assert book["各单位工作情况（累计）"].print_title_rows == "$1:$2"
    assert book["各单位工作情况（累计）"].page_setup.orientation == "landscape"
    assert book["通报正文"].page_setup.orientation == "portrait"
    charts = [page for page in book if page._charts]
    assert [page.page_setup.fitToHeight for page in charts] == [None, None, None]
    assert book["一、基本情况"].page_setup.fitToHeight == 0


def test_a_page_ends_before_a_table_that_would_be_cut() -> None:
    """Pages of 100: tables of 40, 50, 30 and 20 stand as 40+50 and 30+20; one of 130 spills, and 60 stay with it."""
    assert breaks([40, 50, 30, 20], [0, 5, 10, 15], 100) == [10]
    assert breaks([130, 60, 20], [0, 9, 14], 100) == [14]


def test_a_sheet_lies_across_where_it_would_get_too_small_upright() -> None:
    """Upright 7.27 inches of 96 pixels are 698, of which 98% are used: 684. Across 10.69 inches give 1006."""
    assert paper_for(680) == Paper(across=False, percent=100)
    assert paper_for(800) == Paper(across=False, percent=85)
    assert paper_for(810) == Paper(across=True, percent=100)
    assert paper_for(2012) == Paper(across=True, percent=49)
    assert pixels([10, 20]) == 75 + 145
