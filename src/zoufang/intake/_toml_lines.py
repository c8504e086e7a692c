"""Where in a TOML text each value stands: tomllib gives the values and forgets the lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date

from attrs import Factory, define, frozen

_TOKENS = re.compile(
    r'''(?P<text>"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*')'''
    r"""|(?P<comment>\#[^\n]*)|(?P<line>\n)|(?P<mark>[\[\]{},=])|(?P<bare>[^\s\[\]{},=\#"']+)""",
    re.DOTALL,
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def line_of(lines: Mapping[str, int], place: str) -> int | None:
    """Return the line of a place, or of the nearest thing that holds it.

    Args:
        lines: What `lines_of` returned.
        place: For example ``$.phases[1].ends_on``.

    Returns:
        A line from 1, or None where not even the place's beginning is known.
    """
    while place not in lines:
        cut = max(place.rfind("."), place.rfind("["))
        if cut <= 0:
            return None
        place = place[:cut]
    return lines[place]


def lines_of(text: str) -> dict[str, int]:
    """Return the line of every key, table and item.

    Args:
        text: Valid TOML; for anything else the answer means nothing.

    Returns:
        Lines from 1 by place, for example ``{"$.phases[1].ends_on": 14}``.
    """
    reader = _Reader(tokens=_tokens(text), lines={})
    with suppress(RecursionError):  # lists nested beyond reason: the lines before them are still right
        reader.read()
    return reader.lines


@frozen
class _Token:
    kind: str
    word: str
    line: int


def quote_impossible_dates(text: str) -> str:
    """Put quotes around dates that do not exist, so that the rest of the text can be read and checked too.

    Args:
        text: TOML that tomllib refuses for such a date, for example ``2023-02-30``.

    Returns:
        The same text, line for line.
    """

    def quoted(match: re.Match[str]) -> str:
        word = match.group()
        if match.lastgroup == "bare" and _DATE.fullmatch(word) and not _is_date(word):
            return f'"{word}"'
        return word

    return _TOKENS.sub(quoted, text)


def _is_date(word: str) -> bool:
    try:
        date.fromisoformat(word)
    except ValueError:
        return False
    return True


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for match in _TOKENS.finditer(text):
        kind, word = str(match.lastgroup), match.group()
        if kind != "comment":
            yield _Token(kind, word, line)
        line += word.count("\n")
    yield _Token("end", "", line)


def _key(words: list[_Token]) -> list[str]:
    """Split a dotted key; a quoted part is one part, dots and all."""
    parts: list[str] = []
    for token in words:
        if token.kind == "text":
            parts.append(token.word[1:-1])
        else:
            parts.extend(part for part in token.word.split(".") if part)
    return parts


@define
class _Reader:
    """Walks the tokens once; `here` is the table that the last header opened."""

    tokens: Iterator[_Token]
    lines: dict[str, int]
    here: str = "$"
    n_items: dict[str, int] = Factory(dict)

    def read(self) -> None:
        """Read every statement to the end."""
        for token in self.tokens:
            if token.kind == "end":
                return
            if token.kind == "mark":
                self._header(token)
            elif token.kind != "line":
                self._statement(self.here, token)

    def _header(self, opening: _Token) -> None:
        words = self._until_line()
        names = _key([word for word in words if word.kind != "mark"])
        place = "$"
        for name in names[:-1]:
            place = self._last_item(f"{place}.{name}")
        place = f"{place}.{names[-1]}"
        if words[0].word == "[":  # the second of two: one more item of an array of tables
            self.lines.setdefault(place, opening.line)
            self.n_items[place] = self.n_items.get(place, 0) + 1
            place = self._last_item(place)
        self.lines.setdefault(place, opening.line)
        self.here = place

    def _until_line(self) -> list[_Token]:
        words: list[_Token] = []
        for token in self.tokens:
            if token.kind in {"line", "end"}:
                break
            words.append(token)
        return words

    def _last_item(self, place: str) -> str:
        return f"{place}[{self.n_items[place] - 1}]" if place in self.n_items else place

    def _statement(self, table: str, first: _Token) -> None:
        words = [first]
        for token in self.tokens:
            if token.word == "=" and token.kind == "mark":
                break
            words.append(token)
        place = table
        for name in _key(words):
            place = f"{place}.{name}"
            self.lines.setdefault(place, first.line)
        self._value(place, next(self.tokens))

    def _value(self, place: str, token: _Token) -> None:
        if token.word == "[" and token.kind == "mark":
            self._array(place)
        elif token.word == "{" and token.kind == "mark":
            self._table(place)

    def _array(self, place: str) -> None:
        n = 0
        for token in self.tokens:
            if token.kind == "mark" and token.word == "]":
                return
            if token.kind == "mark" and token.word == ",":
                n += 1
            elif token.kind != "line":
                item = f"{place}[{n}]"
                self.lines.setdefault(item, token.line)
                self._value(item, token)

    def _table(self, place: str) -> None:
        for token in self.tokens:
            if token.kind == "mark" and token.word == "}":
                return
            if token.kind in {"bare", "text"}:
                self._statement(place, token)
