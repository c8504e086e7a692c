"""Refuse what some database cannot keep, before it reaches one: every ledger accepts a change, or none does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from zoufang.errors import BadValueError
from zoufang.facts import BY_NAME, Column, Sort
from zoufang.ledger.base import Draft
from zoufang.ledger.seal import chunks
from zoufang.typing import Text, Wire

WIDEST = 2**63
"""A whole number is kept in 64 bits with its sign."""

_NUL = Text("含有空字符（NUL）", "a NUL character in it")
_HALF = Text("含有不成对的代理字符", "half a surrogate pair in it")
_WORDS = Text("可以用 UTF-8 写出、不含空字符的文字", "text that UTF-8 can write, without NUL")
_WIDE = Text("超出范围的整数", "a whole number out of range")
_RANGE = Text("64 位以内的整数", "a whole number of at most 64 bits")
_NO_DAY = Text("日历上没有的日期", "a day that is in no calendar")
_DAY = Text("2023-03-01 这样的日期", "a day such as 2023-03-01")


def check_storable(draft: Draft) -> None:
    """Refuse a change with a cell or a private text that one of the databases cannot keep.

    PostgreSQL knows no NUL and no impossible day, no database keeps half a surrogate pair or more than 64 bits.

    Args:
        draft: The change, its cells of the right sorts already.

    Raises:
        BadValueError: The first such column, by its table; never with what it holds.
    """
    _check_words("commits", "header", (draft.verb, draft.actor.id, draft.actor.unit_id))
    _check_words("commits", "submission_id", (draft.submission_id, draft.content))
    for text in draft.private:
        _check_words("private_texts", "body", (text.ref, text.subject_id, text.salt, text.body))
    for name, rows in draft.facts.items():
        for chunk in chunks(rows):
            for column, cells in zip(BY_NAME[name].columns, zip(*chunk, strict=True), strict=True):
                _check(name, column, cells)


def _check(table: str, column: Column, cells: Sequence[Wire]) -> None:
    if column.sort is Sort.INT:
        numbers = [cell for cell in cells if isinstance(cell, int)]
        if numbers and not -WIDEST <= min(numbers) <= max(numbers) < WIDEST:
            raise BadValueError(what=column.name, id=table, value=_WIDE, allowed=_RANGE)
    elif column.sort is Sort.DAY:
        if not all(cell is None or _is_day(str(cell)) for cell in set(cells)):
            raise BadValueError(what=column.name, id=table, value=_NO_DAY, allowed=_DAY)
    else:
        _check_words(table, column.name, cells)


def _check_words(table: str, what: str, cells: Iterable[Wire]) -> None:
    words = "".join(cell for cell in cells if isinstance(cell, str))
    if "\0" in words:
        raise BadValueError(what=what, id=table, value=_NUL, allowed=_WORDS)
    # Judged by the bytes alone: an exception of the codec's would carry the whole text.
    if not words.isascii() and words.encode("utf-8", "replace").count(b"?") != words.count("?"):
        raise BadValueError(what=what, id=table, value=_HALF, allowed=_WORDS)


def _is_day(written: str) -> bool:
    try:
        return date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False
