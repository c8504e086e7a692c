"""Refuse what some database cannot keep, before it reaches one: every ledger accepts a change, or none does."""

from __future__ import annotations

from collections.abc import Iterable

from zoufang.errors import BadValueError
from zoufang.ledger.base import Draft
from zoufang.typing import Text, Wire

_NUL = Text("含有空字符（NUL）", "a NUL character in it")
_HALF = Text("含有不成对的代理字符", "half a surrogate pair in it")
_WORDS = Text("可以用 UTF-8 写出、不含空字符的文字", "text that UTF-8 can write, without NUL")


def check_storable(draft: Draft) -> None:
    """Refuse a change with a header or a private text that one of the databases cannot keep.

    PostgreSQL knows no NUL, and no database keeps half a surrogate pair. The cells of facts are refused where their
    bytes are made, see :mod:`zoufang.ledger.wire`.

    Args:
        draft: The change.

    Raises:
        BadValueError: The first such column, by its table; never with what it holds.
    """
    _check_words("commits", "header", (draft.verb, draft.actor.id, draft.actor.unit_id))
    _check_words("commits", "submission_id", (draft.submission_id, draft.content))
    for text in draft.private:
        _check_words("private_texts", "body", (text.ref, text.subject_id, text.salt, text.body))


def _check_words(table: str, what: str, cells: Iterable[Wire]) -> None:
    words = "".join(cell for cell in cells if isinstance(cell, str))
    if "\0" in words:
        raise BadValueError(what=what, id=table, value=_NUL, allowed=_WORDS)
    # Judged by the bytes alone: an exception of the codec's would carry the whole text.
    if not words.isascii() and words.encode("utf-8", "replace").count(b"?") != words.count("?"):
        raise BadValueError(what=what, id=table, value=_HALF, allowed=_WORDS)
