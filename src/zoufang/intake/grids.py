"""Rows of one sheet, in a stream: each row with its number, each cell as it is stored."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from xml.parsers import expat

from zoufang.errors import FileError
from zoufang.intake.packages import Package, Page, damage_told, feed, local, unescaped
from zoufang.intake.parsing import ERROR_VALUE, NO_RESULT, RawCell, Stamp

MAX_COLUMNS = 256
MAX_ROW = 300_000

RawRow = tuple[int, list[RawCell]]
"""The row's number, as a spreadsheet shows it, and its cells from the first column on."""


def rows_of(package: Package, page: Page) -> Iterator[RawRow]:
    """Yield the rows of a sheet that hold anything; the declared dimension is not believed.

    Args:
        package: The opened workbook.
        page: Which of its sheets.

    Returns:
        Rows in the order of the file.

    Raises:
        FileError: It is damaged, or a cell with content stands further out than any table reaches.
    """
    grid = _Grid(package, page)
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = grid.start, grid.end
    parser.CharacterDataHandler = grid.text
    with damage_told(package.file):
        for _ in feed(package.archive, page.part, parser):
            if grid.done:
                yield from grid.done
                grid.done.clear()


class _Grid:
    """What the parser has seen so far."""

    def __init__(self, package: Package, page: Page) -> None:
        self.done: list[RawRow] = []
        self._package, self._page = package, page
        self._strings, self._stamped = package.strings, package.stamped
        self._letters: dict[str, int] = {}
        self._number = 0
        self._row: list[RawCell] = []
        self._at = -1
        self._type: str | None = None
        self._style = "0"
        self._formula = self._taking = self._reading_aid = False
        self._parts: list[str] = []

    def start(self, name: str, attrs: dict[str, str]) -> None:
        if ":" in name:
            name = local(name)
        if name == "c":
            self._start_cell(attrs)
        elif name in {"v", "t"}:
            self._taking = not self._reading_aid
        elif name == "f":
            self._formula = True
        elif name == "row":
            self._number = int(attrs["r"]) if "r" in attrs else self._number + 1
            self._row, self._at = [], -1
        elif name == "rPh":
            self._reading_aid = True

    def _start_cell(self, attrs: dict[str, str]) -> None:
        reference = attrs.get("r")
        if reference is None:
            self._at += 1
        else:
            letters = reference.rstrip("0123456789")
            at = self._letters.get(letters)
            if at is None:
                at = self._letters[letters] = _column(letters)
            self._at = at
        self._type, self._style = attrs.get("t"), attrs.get("s", "0")
        self._formula = False
        if self._parts:
            self._parts.clear()

    def text(self, data: str) -> None:
        if self._taking:
            self._parts.append(data)

    def end(self, name: str) -> None:
        if ":" in name:
            name = local(name)
        if name == "c":
            value = self._value()
            if value is not None:
                self._put(value)
        elif name in {"v", "t"}:
            self._taking = False
        elif name == "row":
            if self._row:
                self.done.append((self._number, self._row))
        elif name == "rPh":
            self._reading_aid = False

    def _value(self) -> RawCell:  # noqa: PLR0911 - one answer for each type a cell may have
        text = "".join(self._parts)
        kind = self._type
        if kind in {"inlineStr", "str"}:
            return unescaped(text) or None
        if not text:
            return NO_RESULT if self._formula else None
        match kind:
            case "s":
                return self._strings[int(text)] or None
            case "b":
                return text == "1"
            case "e":
                return ERROR_VALUE
            case "d":
                return text.removesuffix("Z").removesuffix("T00:00:00")
        return self._number_of(text)

    def _number_of(self, text: str) -> RawCell:
        number = int(text) if text.isdigit() else float(text)
        if not isfinite(number):
            return ERROR_VALUE
        return Stamp(number) if self._style in self._stamped else number

    def _put(self, value: RawCell) -> None:
        row, at = self._row, self._at
        if at >= MAX_COLUMNS or not 0 < self._number <= MAX_ROW:
            raise FileError(
                file=self._package.file,
                problem_zh=f"表“{self._page.title}”在第 {MAX_COLUMNS} 列或第 {MAX_ROW} 行之外还有内容；请删除后再导入",
                problem_en=f"sheet {self._page.title} has a cell beyond column {MAX_COLUMNS} or row {MAX_ROW}",
            )
        if at < len(row):
            row[at] = value
            return
        while len(row) < at:
            row.append(None)
        row.append(value)


def _column(letters: str) -> int:
    """Return the place of a column, from 0, by its letters."""
    place = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z" or place > MAX_COLUMNS * 1000:
            raise ValueError(letters)
        place = place * 26 + ord(letter) - 64
    return place - 1
