"""A report as a workbook: every table, every chart's data with a native chart beside it, every definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from zoufang.reports.cells import Cell, SheetData, Stack, sheet_titles, write_workbook
from zoufang.reports.document import (
    Bullets,
    Cards,
    Change,
    Chart,
    ChartKind,
    Paragraph,
    Report,
    Section,
    Share,
    Table,
    Value,
)
from zoufang.reports.drawing import PALETTE, RULE, SOFT
from zoufang.reports.words import FOOTER, ON_EACH_PAGE, SHEET_WORDS, WITNESS, long_date

PERCENT = "%"
WORDS_WIDE = 78
"""Sentences stand in lines of so many narrow characters."""

SMALL = 25
"""A table of more rows gets a sheet of its own."""

A_PAGE = 2
"""So many charts stand on one sheet, and one page."""

CHART_WIDE, CHART_HIGH = 620, 320
_NATIVE: Mapping[ChartKind, dict[str, str]] = {
    ChartKind.LINES: {"type": "line"},
    ChartKind.BURN_UP: {"type": "line"},
    ChartKind.BARS: {"type": "bar"},
    ChartKind.STACKED: {"type": "column", "subtype": "stacked"},
    ChartKind.TILES: {"type": "bar"},
}


def cell_of(value: Value) -> Cell:
    """Return a value as a workbook's cell: a share as the number that is printed, "no case" as words."""
    if not isinstance(value, Share | Change):
        return value
    if not value.printed.endswith(PERCENT):
        return value.printed
    return float(Decimal(value.printed.removesuffix(PERCENT)) / 100)


def _format_of(values: Sequence[Value]) -> str | None:
    """Return the number format of a column of shares or changes: as many digits as are printed."""
    for value in values:
        if isinstance(value, Share | Change) and value.printed.endswith(PERCENT):
            digits = len(value.printed.removesuffix(PERCENT).partition(".")[2])
            look = f"0.{'0' * digits}%" if digits else "0%"
            return look if isinstance(value, Share) else f"+{look};-{look};{look}"
    return None


def _formats(headers: Sequence[str], rows: Sequence[Sequence[Value]]) -> dict[str, str]:
    found = ((header, _format_of([row[j] for row in rows])) for j, header in enumerate(headers))
    return {header: look for header, look in found if look}


def table_sheet(table: Table) -> SheetData:
    """Return a table as a sheet, its total as the last row."""
    headers = [column.header for column in table.columns]
    return SheetData(
        title=table.caption,
        headers=headers,
        rows=[[cell_of(value) for value in row] for row in table.lines],
        above=(table.caption,),
        below=(table.note,) if table.note else (),
        formats=_formats(headers, table.lines),
    )


def chart_sheet(chart: Chart, language_word: str) -> SheetData:
    """Return a chart's data as a sheet: one row per category, one column per series."""
    headers = [chart.axis or language_word, *(series.name for series in chart.series)]
    rows = [(name, *(s.values[i] for s in chart.series)) for i, name in enumerate(chart.categories)]
    return SheetData(
        title=chart.title,
        headers=headers,
        rows=[[cell_of(value) for value in row] for row in rows],
        above=(chart.title,),
        formats=_formats(headers, rows),
    )


def _lines(section: Section) -> Iterator[tuple[Value, ...]]:
    """Yield what a section says in words and headline figures."""
    for block in section.blocks:
        if isinstance(block, Paragraph):
            yield (section.heading, block.text, None)
        elif isinstance(block, Bullets):
            yield from ((section.heading, item, None) for item in block.items)
        elif isinstance(block, Cards):
            for card in block.items:
                note = "；".join([card.label, *card.note.splitlines()])
                yield (section.heading, note, card.value)


def _cover(report: Report) -> SheetData:
    words = SHEET_WORDS[report.language]
    headers = (words["section"], words["text"], words["figure"])
    lines = [line for section in report.sections for line in _lines(section)]
    return SheetData(
        title=words["cover"],
        headers=headers,
        widest=WORDS_WIDE,
        rows=[[cell_of(value) for value in line] for line in lines],
        formats=_formats(headers, lines),
        above=(
            report.title,
            f"{report.subtitle}    {report.issuer}    {long_date(report.on, report.language)}",
            report.period,
        ),
    )


def _remarks(report: Report) -> SheetData:
    words = SHEET_WORDS[report.language]
    return SheetData(
        title=FOOTER.said_in(report.language),
        headers=(words["term"], words["text"]),
        rows=[(note.term, note.text) for note in report.footer],
        widest=WORDS_WIDE,
        below=(
            f"{WITNESS.said_in(report.language)} {report.checkpoint}",
            *((report.signature,) if report.signature else ()),
        ),
    )


def sheets(report: Report) -> tuple[SheetData | Stack, ...]:
    """Return the sheets of a report's workbook: words, each section's tables, charts with their data, definitions.

    The small tables of a section stand on one sheet, so that they print together; a long one has its own,
    whose header is repeated on every page.

    Plan: 四(二)
    """
    tables = (sheet for section in report.sections for sheet in _section_sheets(section))
    return (_cover(report), *tables, *(stack for stack, _ in _chart_stacks(report)), _remarks(report))


def _section_sheets(section: Section) -> Iterator[SheetData | Stack]:
    """Yield a section's sheets: first its small tables together, then each of the others."""
    tables = [block for block in section.blocks if isinstance(block, Table)]
    small = [table for table in tables if len(table.rows) <= SMALL]
    if len(small) == 1:
        yield table_sheet(small[0])
    elif small:
        yield Stack(title=section.heading, parts=[table_sheet(table) for table in small])
    yield from (table_sheet(table) for table in tables if table not in small)


def _chart_stacks(report: Report) -> list[tuple[Stack, Sequence[Chart]]]:
    """Return the charts with their data, two to a sheet, which is a page."""
    words = SHEET_WORDS[report.language]
    some = [report.charts[i : i + A_PAGE] for i in range(0, len(report.charts), A_PAGE)]
    return [
        (
            Stack(
                title=f"{words['charts']} {i}",
                parts=[chart_sheet(chart, words["category"]) for chart in charts],
                beside=[_size(chart) for chart in charts],
            ),
            charts,
        )
        for i, charts in enumerate(some, 1)
    ]


def _size(chart: Chart) -> tuple[int, int] | None:
    """Return how wide and high a native chart is in pixels; None where there is nothing to draw."""
    if not chart.categories or not chart.series:
        return None
    bars = _NATIVE[chart.kind]["type"] == "bar"
    return CHART_WIDE, max(CHART_HIGH, 110 + 22 * len(chart.categories)) if bars else CHART_HIGH


def _native(book: Any, title: str, top: int, chart: Chart) -> Any:
    """Return a native chart over data that :func:`chart_sheet` laid out from a row on."""
    drawn = book.add_chart(_NATIVE[chart.kind])
    head = top + 1
    first, last = head + 1, head + len(chart.categories)
    for j, series in enumerate(chart.series, 1):
        colour = SOFT if series.target else PALETTE[(j - 1) % len(PALETTE)]
        line = {"color": colour, "width": 2, **({"dash_type": "dash"} if series.target else {})}
        look = {"line": line} if _NATIVE[chart.kind]["type"] == "line" else {"fill": {"color": colour}}
        drawn.add_series(
            {
                "name": [title, head, j],
                "categories": [title, first, 0, last, 0],
                "values": [title, first, j, last, j],
                **look,
            }
        )
    drawn.set_title({"name": chart.title, "name_font": {"size": 12}, "overlay": False})
    drawn.set_legend({"none": True} if len(chart.series) == 1 else {"position": "bottom"})
    shares = any(isinstance(v, Share) for s in chart.series for v in s.values)
    scale = {"min": 0, "max": 1, "num_format": "0%"} if shares else {"min": 0}
    grid = {"major_gridlines": {"visible": True, "line": {"color": RULE, "width": 0.75}}}
    if _NATIVE[chart.kind]["type"] == "bar":
        drawn.set_y_axis({"reverse": True})
        drawn.set_x_axis({**scale, **grid, "label_position": "high"})
    else:
        drawn.set_x_axis({"name": chart.axis})
        drawn.set_y_axis({**scale, **grid, "name": chart.unit})
    wide, high = _size(chart) or (CHART_WIDE, CHART_HIGH)
    drawn.set_size({"width": wide, "height": high})
    return drawn


def write_xlsx(report: Report, path: Path) -> Path:
    """Write a report as a workbook; the same report gives the same bytes.

    Args:
        report: The report.
        path: Where it shall stand; an older file is replaced in one step.

    Returns:
        The path.

    Raises:
        FileError: The place cannot be written.

    Plan: 四(二)
    """
    pages, drawn = sheets(report), _chart_stacks(report)
    titles = sheet_titles([page.title for page in pages])

    first = len(pages) - 1 - len(drawn)

    def finish(book: Any, written: Mapping[str, Any]) -> None:
        for title, (stack, charts) in zip(titles[first:-1], drawn, strict=True):
            for chart, top in zip(charts, stack.tops, strict=True):
                if _size(chart) is not None:
                    native = _native(book, title, top, chart)
                    written[title].insert_chart(top + 1, stack.n_columns, native, {"x_offset": 20})

    witness = ON_EACH_PAGE.said_in(report.language).format(code=report.checkpoint)
    return write_workbook(path, pages, finish, witness=witness)


def to_xlsx(report: Report, out: BinaryIO) -> None:
    """Write a report as a workbook to a binary stream; it holds no personal data, nor does the draft."""
    with TemporaryDirectory() as folder:
        out.write(write_xlsx(report, Path(folder) / "report.xlsx").read_bytes())
