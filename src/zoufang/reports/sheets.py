"""What a workbook's sheet holds, before anybody writes it: one table, or several small ones below each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from attrs import field, frozen

from zoufang.intake import SheetSpec

Cell = str | int | float | date | None
"""What a cell may hold; True and False are written as 是 and 否."""

WIDEST = 42
ROW_PIXELS = 20
"""How high an ordinary row is."""


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
        to_fill_in: False where nobody fills the sheet in: then no declared column is shown as required.
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
    to_fill_in: bool = True


@frozen
class Stack:
    """Several small tables on one sheet, one below the other, so that they print together.

    Args:
        title: The sheet's name.
        parts: The tables; each has its title above it.
        beside: For each, how much room in pixels is kept beside it for a chart, wide and high; None for none.
    """

    title: str
    parts: Sequence[SheetData]
    beside: Sequence[tuple[int, int] | None] = ()

    @property
    def tops(self) -> list[int]:
        """The row of each table's first line, from 0."""
        tops, top = [], 0
        for part, room in self._with_room():
            tops.append(top)
            n = len(part.above) + 1 + len(list(part.rows)) + (1 + len(part.below) if part.below else 0)
            top += max(n, 0 if room is None else 1 + -(-room[1] // ROW_PIXELS)) + 1
        return tops

    @property
    def n_columns(self) -> int:
        """How many columns its widest table has."""
        return max(len(part.headers) for part in self.parts)

    def _with_room(self) -> list[tuple[SheetData, tuple[int, int] | None]]:
        rooms = [*self.beside, *([None] * (len(self.parts) - len(self.beside)))]
        return list(zip(self.parts, rooms, strict=True))
