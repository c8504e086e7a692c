"""Refuse a cell that a database would keep as something else than what was digested."""

from __future__ import annotations

from collections.abc import Sequence

from zoufang.errors import BadValueError
from zoufang.facts import BY_NAME, Column, Facts, Sort
from zoufang.ledger.seal import chunks
from zoufang.typing import Text, Wire

DAY_LENGTH = len("2023-03-01")

_WHOLE = Text("整数", "a whole number")
_WORDS = Text("文字", "text")
_DAY = Text("2023-03-01 这样的日期", "a day such as 2023-03-01")


def check_wire(facts: Facts) -> None:
    """Refuse rows with a cell that is not a wire value of its column's sort.

    ``30.0`` in a column of whole numbers would be digested as ``30.0`` and kept as ``30``: a ledger that was never
    touched would not verify.

    Args:
        facts: Rows by fact table, each in the order of its columns.

    Raises:
        BadValueError: The first such column, by its table; never with what the cell holds.
    """
    for name, rows in facts.items():
        for chunk in chunks(rows):
            for column, cells in zip(BY_NAME[name].columns, zip(*chunk, strict=True), strict=True):
                _check(name, column, cells)


def _check(table: str, column: Column, cells: Sequence[Wire]) -> None:
    for kind in set(map(type, cells)):
        if not _fits(column, kind):
            raise BadValueError(what=column.name, id=table, value=kind.__name__, allowed=_allowed(column))
    if column.sort is Sort.DAY and any(isinstance(cell, str) and len(cell) != DAY_LENGTH for cell in cells):
        raise BadValueError(what=column.name, id=table, value="datetime", allowed=_DAY)


def _fits(column: Column, kind: type) -> bool:
    if kind is type(None):
        return column.null
    return kind is int if column.sort is Sort.INT else issubclass(kind, str)


def _allowed(column: Column) -> Text:
    return {Sort.INT: _WHOLE, Sort.DAY: _DAY}.get(column.sort, _WORDS)
