"""Rows under a header: the header is found by its names, each row becomes values or a bad row with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, TypeVar

from attrs import define, field, frozen

from zoufang.errors import FileError, MissingColumnError
from zoufang.intake.grids import RawRow
from zoufang.intake.parsing import BadCell, Parser, parser_of
from zoufang.intake.specs import SheetSpec
from zoufang.intake.texts import folded
from zoufang.typing import Text

Item = TypeVar("Item")

HEADER_WITHIN = 5
_MOST_SHOWN = 30
_LONGEST_SHOWN = 20


@frozen
class BadRow:
    """A row that cannot be used.

    Args:
        sheet: On which sheet; for a CSV file its title.
        row: The row's number, as a spreadsheet shows it.
        column: The header of the first cell that is wrong; empty where it is the row as a whole.
        problem: What is wrong and what would be allowed; never what the cell holds.
        code: The kind of problem, for counting, e.g. ``bad_day``.
    """

    sheet: str
    row: int
    column: str
    problem: Text
    code: str


def place(sheet: str, row: int, column: str = "") -> Text:
    """Return where something stands, as one would tell a colleague.

    Args:
        sheet: The sheet's title.
        row: The row's number, as a spreadsheet shows it.
        column: The column's header, if it is one cell.
    """
    zh, en = f"表“{sheet}”第 {row} 行", f"sheet {sheet}, row {row}"
    return Text(f"{zh}“{column}”列", f"{en}, column {column}") if column else Text(zh, en)


class BadRowError(Exception):
    """A row whose cells do not go together; never leaves the room: it becomes a bad row."""

    def __init__(self, column: str, code: str, zh: str, en: str) -> None:
        super().__init__(code)
        self.column, self.code, self.problem = column, code, Text(zh, en)


@define
class Table:
    """One sheet being read: its good and bad rows are counted while they pass.

    Args:
        file: The file's name, for messages.
        spec: What the columns are, bound to a plan.
        parsers: A parser and its place for each column that is there, in the order of the spec.
        rows: The rows under the header.
        remarks: What was not read, e.g. columns that no template has.
        n_rows: Rows with any content, so far.
        bad: The bad ones among them.
        good: Row numbers of the items that were made.
        repeated: Keys that stood twice.
        width: How many cells a row may have; None where a sheet has no end.
    """

    file: str
    spec: SheetSpec
    parsers: tuple[tuple[int, str, str, Parser], ...]
    rows: Iterator[RawRow]
    remarks: tuple[Text, ...] = ()
    n_rows: int = 0
    bad: list[BadRow] = field(factory=list)
    good: list[int] = field(factory=list)
    repeated: list[str] = field(factory=list)
    width: int | None = None

    def records(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield each good row as its number and its values by column id; note the bad ones."""
        absent = {c.id: parser_of(c)(None) for c in self.spec.columns if not c.required}
        for number, cells in self.rows:
            if all(cell is None or cell == "" or (type(cell) is str and not folded(cell)) for cell in cells):
                continue
            self.n_rows += 1
            record = absent.copy()
            width, header = len(cells), ""
            if self.width is not None and width > self.width and any(cells[self.width :]):
                self.set_aside(number, "", "ragged", _RAGGED)
                continue
            try:
                for at, column_id, header, parse in self.parsers:  # noqa: B007 - names the column at fault
                    record[column_id] = parse(cells[at] if at < width else None)
            except BadCell as bad:
                self.set_aside(number, header, bad.code, bad.problem)
                continue
            yield number, record

    def made_by(self, make: Callable[[dict[str, Any]], Item]) -> list[Item]:
        """Return what a function makes of each good row; a repeated key is a bad row.

        Args:
            make: Makes an item of a record, or raises :class:`BadRowError`.

        Returns:
            The items, in the order of the rows.
        """
        items: list[Item] = []
        seen: set[Any] = set()
        key = self.spec.key
        for number, record in self.records():
            mark = tuple(record[part] for part in key)
            if key and mark in seen:
                self.repeated.append("-".join(map(str, mark)))
                self.set_aside(number, self._header(key[0]), "duplicate", _DUPLICATE)
                continue
            try:
                items.append(make(record))
            except BadRowError as bad:
                self.set_aside(number, bad.column, bad.code, bad.problem)
                continue
            seen.add(mark)
            self.good.append(number)
        return items

    def set_aside(self, row: int, column: str, code: str, problem: Text) -> None:
        """Note a bad row."""
        self.bad.append(BadRow(self.spec.title, row, column, problem, code))

    def _header(self, column_id: str) -> str:
        return self.spec.column(column_id).header


_DUPLICATE = Text(
    "编号与前面的行重复；同一编号只能出现一次", "repeats the number of a row before it; each may appear once"
)


_RAGGED = Text(
    "单元格比表头多；内容中的逗号或换行须放在引号内", "more cells than headers; commas within a cell need quotes"
)


def table_of(file: str, spec: SheetSpec, rows: Iterable[RawRow], *, shift: int = 0, ragged: bool = True) -> Table:
    """Find the header and return the table under it.

    Args:
        file: The file's name, for messages.
        spec: What the columns are, bound to a plan; they are found by header, in any order.
        rows: The sheet's rows.
        shift: Days to add to serial dates.
        ragged: False where a row with more cells than the header is bad.

    Returns:
        The table, its rows not yet read.

    Raises:
        MissingColumnError: A required column is not there.
        FileError: A column is there twice.
    """
    stream = iter(rows)
    first = _first_rows(stream)
    wanted = {folded(column.header): column for column in spec.columns}
    within = [row for row in first if row[0] <= HEADER_WITHIN]
    best = max(within, key=lambda row: len(wanted.keys() & set(_names(row))), default=(0, []))
    names = _names(best)
    known = wanted.keys() & set(names)
    for header, column in wanted.items():
        if column.required and header not in known:
            raise MissingColumnError(
                file=file, sheet=spec.title, column=column.header, found=_shown(names) if known else ()
            )
        if names.count(header) > 1:
            raise FileError(
                file=file,
                problem_zh=f"表“{spec.title}”的列“{column.header}”出现了两次；请只保留一列",
                problem_en=f"sheet {spec.title} has the column {column.header} twice; keep one",
            )
    parsers = tuple(
        (names.index(header), column.id, column.header, parser_of(column, shift=shift))
        for header, column in wanted.items()
        if header in known
    )
    under = chain((row for row in first if row[0] > best[0]), stream)
    width = None if ragged else len(names)
    return Table(file, spec, parsers, under, _unread(spec, names), width=width)


def _first_rows(stream: Iterator[RawRow]) -> list[RawRow]:
    """Take the rows in which the header may stand; the last of them may already stand below."""
    first: list[RawRow] = []
    for row in stream:
        first.append(row)
        if row[0] >= HEADER_WITHIN:
            break
    return first


def _names(row: RawRow) -> list[str]:
    return [folded(cell) if isinstance(cell, str) else "" for cell in row[1]]


def _shown(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name[:_LONGEST_SHOWN] for name in names if name)[:_MOST_SHOWN]


def _unread(spec: SheetSpec, names: Sequence[str]) -> tuple[Text, ...]:
    wanted = {folded(header) for header in spec.headers}
    extra = [name for name in _shown(names) if name not in wanted]
    if not extra:
        return ()
    listed = "、".join(extra)
    return (Text(f"表“{spec.title}”的这些列未读取：{listed}", f"sheet {spec.title}: columns not read: {listed}"),)
