"""Writing one sheet of a workbook: looks, widths, heights and paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import chain, islice
from typing import Any
from unicodedata import east_asian_width

from attrs import evolve, frozen

from zoufang.errors import BadValueError
from zoufang.intake import Sort
from zoufang.intake.texts import plain
from zoufang.reports.paper import A4, LEFT_RIGHT, TOP_BOTTOM, Paper, breaks, paper_for, pixels
from zoufang.reports.sheets import ROW_PIXELS, Cell, SheetData, Stack
from zoufang.typing import Text

FONT = "等线"
LONGEST_CELL = 32_767
SAMPLE = 200
NARROWEST = 6
LINE_HEIGHT, HIGHEST_ROW = 15, 400
DEFAULT_COLUMN = 64
HEADER_HEIGHT, TITLE_HEIGHT, LEAD_HEIGHT = 24, 28, 20

_BASE = {"font_name": FONT, "font_size": 11, "valign": "vcenter", "border": 1, "border_color": "#D0D5DB"}
_HEADER = {"bold": True, "align": "center", "text_wrap": True, "bg_color": "#E8EDF3"}
_REQUIRED = {"bg_color": "#FCE8C8"}
LOOKS: Mapping[str, Mapping[str, Any]] = {
    "header": {**_BASE, **_HEADER},
    "required": {**_BASE, **_HEADER, **_REQUIRED},
    "text": {**_BASE, "num_format": "@", "text_wrap": True},
    "code": {**_BASE, "num_format": "@"},
    "day": {**_BASE, "num_format": "yyyy-mm-dd", "align": "center"},
    "int": {**_BASE, "num_format": "0", "align": "right", "indent": 1},
    "number": {**_BASE, "num_format": "General", "align": "right", "indent": 1},
    "above": {"font_name": FONT, "font_size": 14, "bold": True, "valign": "vcenter"},
    "lead": {"font_name": FONT, "font_size": 11, "valign": "vcenter"},
    "below": {"font_name": FONT, "font_size": 9, "font_color": "#5F6B7A"},
}
_LOOK_OF_SORT: Mapping[Sort, str] = {Sort.TEXT: "text", Sort.LIST: "text", Sort.DAY: "day", Sort.INT: "int"}


def write_sheet(book: Any, title: str, sheet: SheetData | Stack, looks: Mapping[str, Any]) -> Any:
    """Write a sheet of one table or of several, ready for A4.

    Args:
        book: The xlsxwriter workbook.
        title: The sheet's name.
        sheet: What it holds.
        looks: The book's formats, one for each of :data:`LOOKS`.

    Returns:
        The xlsxwriter worksheet.
    """
    if isinstance(sheet, Stack):
        return _write_stack(book, title, sheet, looks)
    return _write_single(book, title, sheet, looks)


def _write_single(book: Any, title: str, sheet: SheetData, looks: Mapping[str, Any]) -> Any:
    page = book.add_worksheet(title)
    rows = iter(sheet.rows)
    sample = list(islice(rows, SAMPLE))
    widths = _widths(sheet, sample)
    for j, width in enumerate(widths):
        page.set_column(j, j, width)
    last, _ = _write_table(_Target(book, page, looks, widths), 0, sheet, chain(sample, rows))
    _set_up(page, sheet, last, paper_for(pixels(widths)))
    return page


def _write_stack(book: Any, title: str, stack: Stack, looks: Mapping[str, Any]) -> Any:
    page = book.add_worksheet(title)
    tables = [list(part.rows) for part in stack.parts]
    parts = [evolve(part, rows=rows) for part, rows in zip(stack.parts, tables, strict=True)]
    known = [_widths(part, rows) for part, rows in zip(parts, tables, strict=True)]
    widths = [max((one[j] for one in known if j < len(one)), default=NARROWEST) for j in range(stack.n_columns)]
    for j, width in enumerate(widths):
        page.set_column(j, j, width)
    tops, heights, last = stack.tops, [], 0
    for part, rows, top in zip(parts, tables, tops, strict=True):
        last, height = _write_table(_Target(book, page, looks, widths), top, part, rows)
        heights.append(height + LINE_HEIGHT)
    rooms = [room for room in stack.beside if room is not None]
    extra = max((wide for wide, _ in rooms), default=0)
    spread = -(-extra // DEFAULT_COLUMN) + 1 if extra else 0
    for i, room in enumerate(stack.beside):
        last = max(last, tops[i] if room is None else tops[i] + 1 + -(-room[1] // ROW_PIXELS))
    paper = paper_for(pixels(widths) + spread * DEFAULT_COLUMN)
    _lay(page, paper)
    # Excel goes by the fit and passes over breaks, so charts, which must not be cut, are given a page to themselves.
    page.fit_to_pages(1, 1 if rooms else 0)
    if not rooms:
        page.set_h_pagebreaks(breaks(heights, tops, paper.points))
    page.print_area(0, 0, last, stack.n_columns - 1 + spread)
    return page


@frozen
class _Target:
    """Where a table is written: its book, sheet, looks, and how wide the columns are."""

    book: Any
    page: Any
    looks: Mapping[str, Any]
    widths: Sequence[int]


def _write_table(to: _Target, top: int, sheet: SheetData, rows: Iterable[Sequence[Cell]]) -> tuple[int, float]:
    """Write one table from a row on; return its last row, and how high it is in points."""
    page, looks, height = to.page, to.looks, 0.0
    for i, line in enumerate(sheet.above):
        page.set_row(top + i, LEAD_HEIGHT if i else TITLE_HEIGHT)
        height += LEAD_HEIGHT if i else TITLE_HEIGHT
        page.write_string(top + i, 0, plain(line), looks["lead" if i else "above"])
    declared = sheet.spec.columns if sheet.spec is not None and sheet.to_fill_in else ()
    required = sheet.required | {column.header for column in declared if column.required}
    head = top + len(sheet.above)
    lines = max((_lines(header, width) for header, width in zip(sheet.headers, to.widths, strict=False)), default=1)
    page.set_row(head, max(HEADER_HEIGHT, lines * LINE_HEIGHT + 2))
    height += max(HEADER_HEIGHT, lines * LINE_HEIGHT + 2)
    for j, header in enumerate(sheet.headers):
        page.write_string(head, j, header, looks["required" if header in required else "header"])
    own = tuple(_own_look(to.book, sheet, looks, j) for j in range(len(sheet.headers)))
    writing = _Page(page, own, looks, to.widths[: len(own)])
    last = head
    for last, row in enumerate(rows, head + 1):
        height += writing.write_row(last, row)
    end = last
    for end, line in enumerate(sheet.below, last + 2):
        page.write_string(end, 0, plain(line), looks["below"])
        height += LINE_HEIGHT
    return end, height + (LINE_HEIGHT if sheet.below else 0)


@frozen
class _Page:
    """A sheet being written: how each of its columns looks and how wide it is."""

    page: Any
    own: tuple[Any, ...]
    looks: Mapping[str, Any]
    widths: Sequence[int]

    def write_row(self, i: int, row: Sequence[Cell]) -> float:
        """Write one row, as high as its longest text needs: not every program finds that out by itself.

        Returns:
            Its height in points.
        """
        if len(row) != len(self.own):
            raise BadValueError(
                what="row",
                id=self.page.name,
                value=str(len(row)),
                allowed=Text(f"{len(self.own)} 格", f"{len(self.own)} cells"),
            )
        texts = ((value, width) for value, width in zip(row, self.widths, strict=True) if isinstance(value, str))
        lines = max((_lines(value, width) for value, width in texts if 2 * len(value) > width - 2), default=1)
        if lines > 1:
            self.page.set_row(i, min(lines * LINE_HEIGHT + 2, HIGHEST_ROW))
        for j, value in enumerate(row):
            self._write_cell(i, j, value)
        return min(lines * LINE_HEIGHT + 2, HIGHEST_ROW) if lines > 1 else LINE_HEIGHT

    def _write_cell(self, i: int, j: int, value: Cell) -> None:
        page, own, looks = self.page, self.own[j], self.looks
        match value:
            case None | "":
                page.write_blank(i, j, None, own or looks["text"])
            case str():
                page.write_string(i, j, _fitting(value), own or looks["text"])
            case bool():
                page.write_string(i, j, "是" if value else "否", own or looks["text"])
            case int() | float():
                page.write_number(i, j, value, own or looks["number"])
            case date():
                page.write_datetime(i, j, value, own or looks["day"])


def _lines(value: str, width: int) -> int:
    return sum(max(1, -(-_wide(line) // max(width - 1, 1))) for line in value.split("\n"))


def _widths(sheet: SheetData, sample: Sequence[Sequence[Cell]]) -> list[int]:
    """Return the width of each column, by its header and its first rows."""
    wide = [_wide(header) + 4 for header in sheet.headers]
    for row in (row for row in sample if len(row) == len(wide)):
        wide = [max(known, _wide(value) + 2) for known, value in zip(wide, row, strict=True)]
    return [min(max(width, NARROWEST), sheet.widest) for width in wide]


def _own_look(book: Any, sheet: SheetData, looks: Mapping[str, Any], j: int) -> Any:
    """Return the look that a column has of its own, or None where each value decides."""
    header = sheet.headers[j]
    if header in sheet.formats:
        return book.add_format({**_BASE, "align": "right", "indent": 1, "num_format": sheet.formats[header]})
    return None if sheet.spec is None else looks[_LOOK_OF_SORT.get(sheet.spec.columns[j].sort, "code")]


def _fitting(value: str) -> str:
    text = plain(value)
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"


def _wide(value: object) -> int:
    """Return how many narrow characters wide a value prints, on its longest line."""
    if value is None:
        return 0
    if isinstance(value, date):
        return 10
    if isinstance(value, str) and value.isascii():
        return max(map(len, value.split("\n")))
    lines = str(value).split("\n")
    return max(sum(2 if east_asian_width(c) in "WFA" else 1 for c in line) for line in lines)


def _set_up(page: Any, sheet: SheetData, last: int, paper: Paper) -> None:
    """Set frozen header, filter and paper of a sheet that holds one table."""
    top = len(sheet.above)
    end = last - (1 + len(sheet.below) if sheet.below else 0)
    page.freeze_panes(top + 1, 0)
    page.autofilter(top, 0, max(end, top), len(sheet.headers) - 1)
    _lay(page, paper)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, top)
    page.print_area(0, 0, max(last, top), len(sheet.headers) - 1)
    if sheet.hidden:
        page.very_hidden()


def _lay(page: Any, paper: Paper) -> None:
    if paper.across:
        page.set_landscape()
    page.set_paper(A4)
    page.set_margins(left=LEFT_RIGHT, right=LEFT_RIGHT, top=TOP_BOTTOM, bottom=TOP_BOTTOM)
    page.set_footer(footer())


def footer(witness: str = "") -> str:
    """Return the foot of a printed page: which it is of how many, and the checkpoint of what it shows."""
    return (f"&L&8 {witness}" if witness else "") + "&C第 &P 页，共 &N 页"
