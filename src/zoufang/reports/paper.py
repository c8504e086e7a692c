"""A4 paper for workbooks: which way a sheet lies, how far it shrinks, and where a page ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import frozen

A4 = 9
"""The number of A4 in the file format."""

LEFT_RIGHT, TOP_BOTTOM = 0.5, 0.6
"""Margins in inches."""

SHORT, LONG = 210 / 25.4, 297 / 25.4
"""The sides of A4 in inches."""

PIXELS_AN_INCH, POINTS_AN_INCH = 96, 72
SMALLEST = 0.85
"""A sheet that would shrink below this upright is laid across."""

SAFE = 0.98
"""Programs measure columns a little differently; so much of the width is used."""


@frozen
class Paper:
    """How a sheet is printed.

    Args:
        across: True where the long side lies level.
        percent: The scale at which it fits one page wide, 10 to 100.
    """

    across: bool
    percent: int

    @property
    def points(self) -> float:
        """How high a page is in the sheet's own points, before it shrinks."""
        high = (SHORT if self.across else LONG) - 2 * TOP_BOTTOM
        return high * POINTS_AN_INCH * 100 / self.percent


def pixels(widths: Iterable[int]) -> int:
    """Return how wide columns are together: each so many digits of seven pixels, and five for its edges."""
    return sum(7 * width + 5 for width in widths)


def paper_for(wide: int) -> Paper:
    """Return the paper for a sheet of some width in pixels: upright, or across where it would get too small.

    Args:
        wide: Its width in pixels, at least 1.

    Returns:
        Paper on which it is one page wide, never enlarged.
    """
    upright, level = (PIXELS_AN_INCH * (side - 2 * LEFT_RIGHT) * SAFE / wide for side in (SHORT, LONG))
    across = upright < SMALLEST
    return Paper(across, max(10, min(100, int(100 * (level if across else upright)))))


def breaks(heights: Sequence[float], tops: Sequence[int], page: float) -> list[int]:
    """Return before which rows a new page begins, so that no table is split that fits on one.

    Args:
        heights: How high each table is, in points, with the space below it.
        tops: The first row of each.
        page: How high a page is.

    Returns:
        Rows from 0, rising; never the first.
    """
    found: list[int] = []
    used = 0.0
    for height, top in zip(heights, tops, strict=True):
        if used and used + height > page:
            found.append(top)
            used = 0.0
        used = (used + height) % page if used + height > page else used + height
    return found
