"""The bytes of a column; a cell that some database would keep as something else than what is digested is refused."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence
from datetime import date
from typing import Any

from zoufang.errors import BadValueError
from zoufang.facts import Column, FactTable, Sort
from zoufang.typing import Text, Wire

END, NULL = "\0", "\x01"
"""What ends the text of a cell, and what stands for a cell that is empty; no text may hold either."""

NO_NUMBER = -(2**63)
"""What stands for a number that is empty; no number may be it."""

_NO_NUMBER_BYTES = NO_NUMBER.to_bytes(8, "little", signed=True)

_WHOLE = Text("64 位以内的整数", "a whole number of at most 64 bits")
_WORDS = Text(
    "可以用 UTF-8 写出的文字，不含控制字符 U+0000 和 U+0001",
    "text that UTF-8 can write, without the control characters U+0000 and U+0001",
)
_DAY = Text("2023-03-01 这样的日期", "a day such as 2023-03-01")
_ODD = Text("含有写不出的字符", "a character that cannot be written")
_WRONG = {
    Sort.INT: Text("超出范围的整数", "a whole number out of range"),
    Sort.DAY: Text("日历上没有的日期", "a day that is in no calendar"),
}


def column_bytes(table: FactTable, column: Column, cells: Sequence[Wire]) -> bytes:
    """Return the canonical bytes of some cells of a column.

    A number is eight bytes, the lowest first, in two's complement. A text is its UTF-8 and a NUL. Since a column is of
    one sort and the number of its cells is told beside it, the bytes can be read in one way only.

    Args:
        table: The table, for the refusal.
        column: The column.
        cells: At least one.

    Returns:
        The bytes.

    Raises:
        BadValueError: A cell that is not of the column's sort, such as 30.0 among whole numbers, which would be
            digested as one thing and kept as another; never with what the cell holds.
    """
    try:
        return _numbers(column, cells) if column.sort is Sort.INT else _texts(column, cells)
    except (TypeError, OverflowError, UnicodeEncodeError, _Unfit):  # half a surrogate pair cannot be written
        raise _refusal(table, column, cells) from None


class _Unfit(Exception):  # noqa: N818 - it never leaves this module
    """A cell is of the right type, and cannot be told from something else."""


def _numbers(column: Column, cells: Sequence[Any]) -> bytes:
    kinds, n_empty = set(map(type, cells)), 0
    if kinds != {int}:
        if not column.null or not kinds <= {int, type(None)}:
            raise _Unfit
        n_empty = cells.count(None)
        cells = [NO_NUMBER if cell is None else cell for cell in cells]
    numbers = array("q", cells)
    if sys.byteorder == "big":
        numbers.byteswap()
    written = numbers.tobytes()
    # The bytes of that number may also lie across two others: looked for first, since it is quick and rarely there.
    if n_empty or _NO_NUMBER_BYTES in written:
        _only_the_empty(numbers, n_empty)
    return written


def _only_the_empty(numbers: array[int], n_empty: int) -> None:
    if sys.byteorder == "big":
        numbers.byteswap()
    if numbers.count(NO_NUMBER) != n_empty:
        raise _Unfit


def _texts(column: Column, cells: Sequence[Any]) -> bytes:
    n_empty = 0
    if column.null and None in cells:
        n_empty = cells.count(None)
        cells = [NULL if cell is None else cell for cell in cells]
    written = END.join(cells)
    if written.count(END) != len(cells) - 1 or written.count(NULL) != n_empty:
        raise _Unfit
    if column.sort is Sort.DAY and not all(cell == NULL or _is_day(cell) for cell in set(cells)):
        raise _Unfit
    return (written + END).encode()


def _is_day(written: str) -> bool:
    try:
        return date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False


def _refusal(table: FactTable, column: Column, cells: Sequence[Wire]) -> BadValueError:
    kinds = {kind.__name__ for kind in map(type, cells) if not _fits(column, kind)}
    value = min(kinds) if kinds else _WRONG.get(column.sort, _ODD)
    allowed = {Sort.INT: _WHOLE, Sort.DAY: _DAY}.get(column.sort, _WORDS)
    return BadValueError(what=column.name, id=table.name, value=value, allowed=allowed)


def _fits(column: Column, kind: type) -> bool:
    if kind is type(None):
        return column.null
    return kind is int if column.sort is Sort.INT else issubclass(kind, str)
