"""A column of a frame as wire values, made piece by piece: however long it is, only a piece of it is there at once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, overload

import numpy as np
import pandas as pd

from zoufang.typing import Wire

PIECE = 10_000
"""Cells that are made at once where somebody goes through a column."""


class WireColumn(Sequence[Any], ABC):
    """A column as wire values, of which those that are asked for are made and none is kept.

    Args:
        n: Number of cells.
    """

    def __init__(self, n: int) -> None:
        self._n = n
        self._distinct: Collection[Any] | None = None

    @abstractmethod
    def cells(self, start: int, stop: int) -> list[Any]:
        """Make the cells between two places."""

    @abstractmethod
    def find_distinct(self) -> Collection[Any]:
        """Find the cells that differ, each once."""

    def __len__(self) -> int:
        return self._n

    @overload
    def __getitem__(self, place: int) -> Any: ...
    @overload
    def __getitem__(self, place: slice) -> list[Any]: ...
    def __getitem__(self, place: int | slice) -> Any:
        if isinstance(place, int):
            at = range(self._n)[place]
            return self.cells(at, at + 1)[0]
        start, stop, step = place.indices(self._n)
        return self.cells(start, stop) if step == 1 else list(self)[place]

    def __iter__(self) -> Iterator[Any]:
        for start in range(0, self._n, PIECE):
            yield from self.cells(start, min(start + PIECE, self._n))

    def distinct(self) -> Collection[Any]:
        """Return the cells that differ, each once; they are looked for once."""
        if self._distinct is None:
            self._distinct = self.find_distinct()
        return self._distinct

    def is_unique(self) -> bool:
        """Say whether all cells differ."""
        return len(self.distinct()) == self._n

    def bounds(self) -> tuple[Any, Any]:
        """Return the lowest and the highest cell of a column without empty ones."""
        return min(self.distinct()), max(self.distinct())


class Numbers(WireColumn):
    """Whole numbers, none of them empty.

    Args:
        column: Of the frame.
    """

    def __init__(self, column: pd.Series[Any]) -> None:
        super().__init__(len(column))
        self._array = column.to_numpy()

    def cells(self, start: int, stop: int) -> list[Any]:
        """Make the cells between two places."""
        return self._array[start:stop].tolist()  # type: ignore[no-any-return]  # an array

    def find_distinct(self) -> Collection[Any]:
        """Find the cells that differ."""
        return dict.fromkeys(pd.unique(self._array).tolist())


class Words(WireColumn):
    """Texts of which most differ.

    Args:
        column: Of the frame.
        empty: What stands for an empty cell.
    """

    def __init__(self, column: pd.Series[Any], empty: Wire) -> None:
        super().__init__(len(column))
        self._column, self._empty, self._has_empty = column, empty, column.hasnans

    def cells(self, start: int, stop: int) -> list[Any]:
        """Make the cells between two places."""
        return self._filled(self._column.iloc[start:stop].to_numpy(object))

    def find_distinct(self) -> Collection[Any]:
        """Find the cells that differ."""
        return dict.fromkeys(self._filled(pd.Series(self._column.unique()).to_numpy(object)))

    def is_unique(self) -> bool:
        """Say whether all cells differ."""
        return self._column.is_unique

    def bounds(self) -> tuple[Any, Any]:
        """Return the lowest and the highest cell."""
        return self._column.min(), self._column.max()

    def _filled(self, cells: np.ndarray[Any, Any]) -> list[Any]:
        if self._has_empty:
            cells = cells.copy()
            cells[pd.isna(cells)] = self._empty
        return cells.tolist()  # type: ignore[no-any-return]  # an array


class Coded(WireColumn):
    """Cells of which few differ: the place of each among those, and those themselves.

    Args:
        codes: Whole numbers; -1 is the last of `found`.
        found: Wire values, as objects.
    """

    def __init__(self, codes: np.ndarray[Any, Any], found: np.ndarray[Any, Any]) -> None:
        super().__init__(len(codes))
        self._codes, self._found = codes.astype(np.min_scalar_type(-len(found))), found

    def cells(self, start: int, stop: int) -> list[Any]:
        """Make the cells between two places."""
        return self._found[self._codes[start:stop]].tolist()  # type: ignore[no-any-return]  # an array

    def find_distinct(self) -> Collection[Any]:
        """Find the cells that differ."""
        return dict.fromkeys(self._found[pd.unique(self._codes)].tolist())


class Mapped(WireColumn):
    """Other cells for those of a column of which few differ.

    Args:
        column: The column.
        to: What stands for each of its cells.
    """

    def __init__(self, column: Sequence[Any], to: Mapping[Any, Wire]) -> None:
        super().__init__(len(column))
        self._column, self._to = column, to

    def cells(self, start: int, stop: int) -> list[Any]:
        """Make the cells between two places."""
        return [self._to[cell] for cell in self._column[start:stop]]

    def find_distinct(self) -> Collection[Any]:
        """Find the cells that differ."""
        return dict.fromkeys(self._to[cell] for cell in distinct(self._column))


def distinct(cells: Sequence[Any]) -> Collection[Any]:
    """Return the cells of a column that differ, each once, in their order."""
    return cells.distinct() if isinstance(cells, WireColumn) else dict.fromkeys(cells)


def all_differ(cells: Sequence[Any]) -> bool:
    """Say whether no cell stands in a column twice."""
    return cells.is_unique() if isinstance(cells, WireColumn) else len(frozenset(cells)) == len(cells)


def bounds(cells: Sequence[Any]) -> tuple[Any, Any]:
    """Return the lowest and the highest cell of a column that has some, and none that is empty."""
    return cells.bounds() if isinstance(cells, WireColumn) else (min(cells), max(cells))
