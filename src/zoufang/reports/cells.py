"""The one cell writer: every workbook and CSV file that leaves the house is written here.

Text stays text: a workbook holds no formula and no link that came from data, and a CSV cell that a spreadsheet
would take for a formula carries an apostrophe, which our own importer takes off again.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from zoufang.intake import ColumnSpec, SheetSpec, Sort
from zoufang.intake.texts import neutralised, plain
from zoufang.reports.putting import put_in_place
from zoufang.reports.sheets import Cell, SheetData, Stack
from zoufang.reports.worksheets import LOOKS, footer, write_sheet

__all__ = [
    "Cell",
    "Finish",
    "SheetData",
    "Stack",
    "read_list",
    "sheet_of",
    "sheet_titles",
    "shown",
    "write_csv",
    "write_workbook",
]

CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - the file format knows no time zones
"""Stands in every workbook as its date, so that the same content is the same bytes."""

LONGEST_TITLE = 31


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


def read_list(spec: SheetSpec, on: date, rows: Iterable[Sequence[Any]], *, none: str) -> SheetData:
    """Return a declared list that is read and not filled in: its name and day above it, a word where it is empty.

    Args:
        spec: What the columns are.
        on: As of which day.
        rows: Values in the order of the columns.
        none: What stands under the header where there are no rows.

    Returns:
        The sheet, ready to write.
    """
    found = list(shown(spec, rows))
    title = f"{spec.title}（截至{on.year}年{on.month}月{on.day}日，共 {len(found)} 件）"
    below = () if found else (none,)
    return SheetData(spec.title, spec.headers, found, spec=spec, above=(title,), below=below, to_fill_in=False)


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


def write_workbook(
    path: Path, sheets: Sequence[SheetData | Stack], finish: Finish | None = None, *, witness: str = ""
) -> Path:
    """Write a workbook; the same content gives the same bytes.

    Args:
        path: Where it shall stand; an older file is replaced in one step.
        sheets: Its sheets, at least one.
        finish: Adds what is no cell.
        witness: The checkpoint of what it shows; stands at the foot of every page and in the book's properties.

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
            book.set_properties({"created": CREATED, "author": "", "company": "", "comments": witness})
            looks = {name: book.add_format(dict(look)) for name, look in LOOKS.items()}
            titles = sheet_titles([sheet.title for sheet in sheets])
            pages = {title: write_sheet(book, title, sheet, looks) for title, sheet in zip(titles, sheets, strict=True)}
            if witness:
                for page in pages.values():
                    page.set_footer(footer(witness))
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
