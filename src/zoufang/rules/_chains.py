"""What deciding in columns is made of: words as codes, and the steps of one ticket behind each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from attrs import frozen

Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]
Codes = npt.NDArray[np.integer[Any]]
Days = npt.NDArray[np.datetime64]
Numbers = npt.NDArray[np.float64]

NONE = -1
"""The code and the place of what is not there."""


def days_of(frame: pd.DataFrame, name: str) -> Days:
    """Return a column of days as ``datetime64[D]``; a missing column has none."""
    if name not in frame:
        return np.full(len(frame), np.datetime64("NaT", "D"))
    held = frame[name]
    if held.dtype != object:
        return held.to_numpy().astype("datetime64[D]")
    codes, found = pd.factorize(held)  # each day that occurs is read once
    return np.append(np.array(found, "datetime64[D]"), np.datetime64("NaT", "D"))[codes]


def numbers_of(frame: pd.DataFrame, name: str) -> Numbers:
    """Return a column of whole numbers that may be empty; a missing column is."""
    if name not in frame:
        return np.full(len(frame), np.nan)
    return frame[name].to_numpy(np.float64, na_value=np.nan)


@frozen
class Words:
    """A column of ids or words as codes, -1 where it is empty.

    Args:
        codes: One for each row.
        words: What they stand for.
    """

    codes: Codes
    words: Sequence[Any]

    @classmethod
    def of(cls, frame: pd.DataFrame, name: str, known: Sequence[Any] | None = None) -> Words:
        """Read a column; a missing one is empty.

        Args:
            frame: The frame.
            name: The column.
            known: The words that it may hold, each of which gets its place as code; any if None.

        Raises:
            ValueError: A word that is not known.
        """
        if name not in frame:
            return cls(np.full(len(frame), NONE), known or ())
        held = frame[name]
        if isinstance(held.dtype, pd.CategoricalDtype):
            codes, found = held.cat.codes.to_numpy(), held.cat.categories.to_numpy(object)
        else:
            codes, found = pd.factorize(held.to_numpy(object))
        if known is None:
            place = np.where(found == "", NONE, np.arange(len(found)))
            return cls(np.append(place, NONE)[codes], list(found))
        place = pd.Index(known, dtype=object).get_indexer(pd.Index(found, dtype=object))
        if (place < 0).any():
            raise ValueError(f"{name}: {found[place < 0][0]!r} is none of {', '.join(map(str, known))}")
        return cls(np.append(place, NONE)[codes], known)

    def among(self, words: Sequence[Any]) -> Flags:
        """Say of each row whether it holds one of some words; where it is empty it does."""
        return np.append(np.isin(np.array(self.words, dtype=object), list(words)), True)[self.codes]

    def joined(self, other: Words) -> tuple[Codes, Codes, Sequence[Any]]:
        """Return the codes of both columns in words that they share, and those words."""
        index, both = pd.factorize(np.array([*self.words, *other.words], dtype=object))
        mine, theirs = np.append(index[: len(self.words)], NONE), np.append(index[len(self.words) :], NONE)
        return mine[self.codes], theirs[other.codes], list(both)


@frozen
class Chains:
    """Which steps are of the same ticket, and in what order.

    Args:
        ticket: For each step the place of its ticket among the heads.
        order: The steps, ticket by ticket.
        begins: In that order, where a ticket begins.
    """

    ticket: Places
    order: Places
    begins: Flags

    @classmethod
    def of(cls, ticket: Places) -> Chains:
        """Sort steps by their tickets; each ticket's own stay in their order."""
        order = np.argsort(ticket, kind="stable")
        begins = np.ones(len(order), dtype=bool)
        begins[1:] = ticket[order[1:]] != ticket[order[:-1]]
        return cls(ticket, order, begins)

    def _back(self, in_order: Places) -> Places:
        found = np.empty_like(self.order)
        found[self.order] = in_order
        return found

    def before(self) -> Places:
        """Return for each step the one before it of the same ticket, -1 for the first."""
        return self._back(np.where(self.begins, NONE, np.roll(self.order, 1)))

    def nth(self) -> Places:
        """Return for each step how many of its ticket come before it."""
        places = np.arange(len(self.order))
        return self._back(places - np.maximum.accumulate(np.where(self.begins, places, 0)))

    def last(self, flags: Flags) -> Places:
        """Return for each step the last of its ticket, up to itself, that is flagged; -1 where none is."""
        flagged = flags[self.order]
        place = np.maximum.accumulate(np.where(flagged | self.begins, np.arange(len(self.order)), 0))
        return self._back(np.where(flagged[place], self.order[place], NONE))

    def count(self, flags: Flags) -> Places:
        """Return for each step how many of its ticket are flagged, up to itself."""
        flagged = flags[self.order]
        so_far = np.cumsum(flagged)
        earlier = np.maximum.accumulate(np.where(self.begins, so_far - flagged, 0))
        return self._back(so_far - earlier)
