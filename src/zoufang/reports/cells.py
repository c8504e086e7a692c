"""The one cell writer: every workbook and CSV file that leaves the house is written here.

Text stays text: a workbook holds no formula and no link that came from data, and a CSV cell that a spreadsheet
would take for a formula carries an apostrophe, which our own importer takes off again.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import xlsxwriter
from attrs import field, frozen
from xlsxwriter.exceptions import FileCreateError

from zoufang.errors import BadValueError
from zoufang.intake import ColumnSpec, SheetSpec, Sort
from zoufang.intake.texts import neutralised, plain
from zoufang.reports.putting import put_in_place
from zoufang.typing import Text

Cell = str | int | float | date | None
"""What a cell may hold; True and False are written as 是 and 否."""

CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - the file format knows no time zones
"""Stands in every workbook as its date, so that the same content is the same bytes."""

FONT = "等线"
LONGEST_TITLE = 31
LONGEST_CELL = 32_767
SAMPLE = 200
NARROWEST, WIDEST = 6, 42
LINE_HEIGHT, HIGHEST_ROW = 15, 400

_BASE = {"font_name": FONT, "font_size": 11, "valign": "vcenter", "border": 1, "border_color": "#D0D5DB"}
_HEADER = {"bold": True, "align": "center", "text_wrap": True, "bg_color": "#E8EDF3"}
_REQUIRED = {"bg_color": "#FCE8C8"}
_LOOKS: Mapping[str, Mapping[str, Any]] = {
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


@frozen
class SheetData:
    """One sheet to write.

    Args:
        title: The sheet's name; cut and cleaned to what a workbook allows.
        headers: The header row.
        rows: Rows of cells, each as long as the headers; read once.
        spec: What the columns are, if they were declared; gives their looks.
        above: Lines over the header, the first of them as a title; at most 4, so that an importer still finds
            the header.
        below: Lines under the table.
        formats: Number format by header, e.g. ``{"结案率": "0.00%"}``.
        required: Headers shown as required.
        widest: No column is wider than this many narrow characters; longer text wraps.
        hidden: True where the sheet is only there for the program.
    """

    title: str
    headers: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    spec: SheetSpec | None = None
    above: Sequence[str] = ()
    below: Sequence[str] = ()
    formats: Mapping[str, str] = field(factory=dict)
    required: frozenset[str] = frozenset()
    widest: int = WIDEST
    hidden: bool = False


Finish = Callable[[Any, Mapping[str, Any]], None]
"""Adds what is no cell (drop-down lists, charts) to the xlsxwriter workbook and its sheets by title."""


def sheet_of(spec: SheetSpec, rows: Iterable[Sequence[Any]]) -> SheetData:
    """Return a declared sheet, its rows given as values of the model.

    Args:
        spec: What the columns are.
        rows: Values in the order of the columns: enums or ids for choices (shown by their labels), minutes of the
            day for times, booleans for yes and no, tuples for lists.

    Returns:
        The sheet, ready to write.
    """
    return SheetData(spec.title, spec.headers, shown(spec, rows), spec=spec)


def shown(spec: SheetSpec, rows: Iterable[Sequence[Any]]) -> Iterator[list[Cell]]:
    """Yield rows of model values as the cells that an office reads.

    Args:
        spec: What the columns are.
        rows: Values in the order of the columns.

    Returns:
        Rows of cells, in the same order.
    """
    showers = [_shower(column) for column in spec.columns]
    for row in rows:
        yield [show(value) for show, value in zip(showers, row, strict=True)]


def _shower(column: ColumnSpec) -> Callable[[Any], Cell]:
    labels = {value: label for label, value in column.choices.items()}
    match column.sort:
        case Sort.CHOICE:
            return lambda value: None if value is None else labels.get(value, value)
        case Sort.LIST:
            return lambda values: "、".join(labels.get(value, value) for value in values or ())
        case Sort.YES_NO:
            return lambda value: None if value is None else ("是" if value else "否")
        case Sort.TIME:
            return lambda minute: None if minute is None else f"{minute // 60:02d}:{minute % 60:02d}"
        case _:
            return lambda value: value


def write_workbook(path: Path, sheets: Sequence[SheetData], finish: Finish | None = None) -> Path:
    """Write a workbook; the same content gives the same bytes.

    Args:
        path: Where it shall stand; an older file is replaced in one step.
        sheets: Its sheets, at least one.
        finish: Adds what is no cell.

    Returns:
        The path.

    Raises:
        FileError: The place cannot be written.
        BadValueError: A row is longer or shorter than the headers.
    """
    path = Path(path)
    with put_in_place(path) as draft, _disk_faults_named():
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": True,
            "tmpdir": str(draft.parent),
        }
        with xlsxwriter.Workbook(str(draft), options) as book:
            book.set_properties({"created": CREATED, "author": "", "company": ""})
            looks = {name: book.add_format(dict(look)) for name, look in _LOOKS.items()}
            titles = sheet_titles([sheet.title for sheet in sheets])
            pages = {
                title: _write_sheet(book, title, sheet, looks) for title, sheet in zip(titles, sheets, strict=True)
            }
            if finish is not None:
                finish(book, pages)
    return path


@contextmanager
def _disk_faults_named() -> Iterator[None]:
    """Give the library's own error for a full or closed disk the name that every other writer gives it."""
    try:
        yield
    except FileCreateError as error:
        raise OSError(0, str(error)) from error


def sheet_titles(wanted: Sequence[str]) -> list[str]:
    """Return titles that a workbook allows: clean, at most 31 characters, none twice."""
    taken: set[str] = set()
    given = []
    for title in wanted:
        clean = "".join("·" if c in "[]:*?/\\" else c for c in plain(title, one_line=True)).strip("' ")
        clean, n = clean[:LONGEST_TITLE] or "表", 1
        candidate = clean
        while candidate.casefold() in taken or candidate.casefold() == "history":
            n += 1
            candidate = f"{clean[: LONGEST_TITLE - len(str(n)) - 1]}_{n}"
        taken.add(candidate.casefold())
        given.append(candidate)
    return given


def _write_sheet(book: Any, title: str, sheet: SheetData, looks: Mapping[str, Any]) -> Any:
    page = book.add_worksheet(title)
    top = len(sheet.above)
    for i, line in enumerate(sheet.above):
        page.set_row(i, 20 if i else 28)
        page.write_string(i, 0, plain(line), looks["lead" if i else "above"])
    rows = iter(sheet.rows)
    sample = list(islice(rows, SAMPLE))
    widths = _widths(sheet, sample)
    required = sheet.required | {c.header for c in (sheet.spec.columns if sheet.spec else ()) if c.required}
    page.set_row(top, 24)
    for j, header in enumerate(sheet.headers):
        page.set_column(j, j, widths[j])
        page.write_string(top, j, header, looks["required" if header in required else "header"])
    own = tuple(_own_look(book, sheet, looks, j) for j in range(len(sheet.headers)))
    writing = _Page(page, own, looks, widths)
    last = top
    for last, row in enumerate(chain(sample, rows), top + 1):
        writing.write_row(last, row)
    for i, line in enumerate(sheet.below):
        page.write_string(last + 2 + i, 0, plain(line), looks["below"])
    _set_up(page, top, last, sheet)
    return page


@frozen
class _Page:
    """A sheet being written: how each of its columns looks and how wide it is."""

    page: Any
    own: tuple[Any, ...]
    looks: Mapping[str, Any]
    widths: Sequence[int]

    def write_row(self, i: int, row: Sequence[Cell]) -> None:
        """Write one row, as high as its longest text needs: not every program finds that out by itself."""
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


def _set_up(page: Any, top: int, last: int, sheet: SheetData) -> None:
    """Set frozen header, filter and paper."""
    page.freeze_panes(top + 1, 0)
    page.autofilter(top, 0, max(last, top), len(sheet.headers) - 1)
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, top)
    page.set_footer("&C第 &P 页，共 &N 页")
    if sheet.hidden:
        page.very_hidden()


def write_csv(
    path: Path, headers: Sequence[str], rows: Iterable[Sequence[Cell]], *, encoding: str = "utf-8-sig"
) -> Path:
    """Write a CSV file that a spreadsheet opens as it is.

    Args:
        path: Where it shall stand; an older file is replaced in one step.
        headers: The header row.
        rows: Rows of cells.
        encoding: ``utf-8-sig`` (with a mark that Excel understands) or ``gb18030``.

    Returns:
        The path.

    Raises:
        FileError: The place cannot be written.
    """
    path = Path(path)
    with put_in_place(path) as draft, draft.open("w", encoding=encoding, newline="") as file:
        out = csv.writer(file)
        out.writerow([_csv_cell(header) for header in headers])
        out.writerows([_csv_cell(value) for value in row] for row in rows)
    return path


def _csv_cell(value: Cell) -> str | int | float:
    match value:
        case None:
            return ""
        case str():
            return neutralised(plain(value))
        case bool():
            return "是" if value else "否"
        case date():
            return value.isoformat()
        case _:
            return value
