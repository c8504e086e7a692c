"""The pencil of the charts: an SVG tree, the width of words, round ticks, and colours that print.

Texts go through an XML tree, so that no name can become markup.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from zoufang.reports.document import visible

PALETTE = ("#0b5fa5", "#d55e00", "#00795b", "#a8497f", "#8a6d00", "#3a3a3a")
"""Told apart by the colour-blind (after Okabe and Ito, darkened) and by their grey in print."""

DASHES = ("", "6 3", "2 3", "9 3 2 3", "4 2", "1 2")
"""How the lines differ where there is no colour at all."""

SHADES = ("#fbe9d7", "#dce9f5", "#a9cbe8", "#74abd8", "#0b5fa5")
"""From far below the goal to reached; the first is warm so that it is seen."""

INK = "#222222"
SOFT = "#5a5a5a"
RULE = "#d9d9d9"
FONT = 12.0


def number(value: float) -> str:
    """Return a coordinate as text: at most one digit after the point, never ``-0``."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def width_of(text: str, size: float = FONT) -> float:
    """Estimate how wide a text is: a Chinese character is as wide as high, a Latin one a bit over half."""
    wide = sum(unicodedata.east_asian_width(c) in "WFA" for c in text)
    return size * (wide + 0.6 * (len(text) - wide))


def cut(text: str, room: float, size: float = FONT) -> str:
    """Return a text that fits a room, with an ellipsis where it had to be cut."""
    if width_of(text, size) <= room:
        return text
    kept = text
    while kept and width_of(kept + "…", size) > room:
        kept = kept[:-1]
    return kept + "…"


def ticks(highest: float, about: int = 5) -> tuple[int, ...]:
    """Return round whole numbers from 0 to at least the highest value.

    Args:
        highest: The highest value, at least 0.
        about: How many steps, more or less.

    Returns:
        At least 0 and 1, evenly spaced.
    """
    rough = max(1.0, highest / about)
    power = 10 ** int(math.log10(rough))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough)
    return tuple(i * step for i in range(max(1, math.ceil(highest / step)) + 1))


class Pencil:
    """Draws onto one SVG picture.

    Args:
        width: Width of its own units; the page scales it.
        height: Height of its own units.
        key: Unique on the page; the ids of title and description are made of it.
        title: What the picture shows.
        description: The same in a sentence.
    """

    def __init__(self, width: float, height: float, *, key: str, title: str, description: str) -> None:
        self.root = Element(
            "svg",
            {
                "viewBox": f"0 0 {number(width)} {number(height)}",
                "role": "img",
                "aria-labelledby": f"{key}-title {key}-desc",
                "class": "chart",
            },
        )
        for tag, text in (("title", title), ("desc", description)):
            SubElement(self.root, tag, {"id": f"{key}-{tag}"}).text = visible(text)

    def _add(self, tag: str, spec: Mapping[str, float | str]) -> Element:
        plain = {k.replace("_", "-"): v if isinstance(v, str) else number(v) for k, v in spec.items()}
        return SubElement(self.root, tag, plain)

    def line(self, x1: float, y1: float, x2: float, y2: float, **look: float | str) -> None:
        """Draw one straight line."""
        way = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
        self._add("line", {**way, "stroke": RULE, "stroke_width": 1.0, **look})

    def box(self, x: float, y: float, width: float, height: float, **look: float | str) -> None:
        """Draw one rectangle."""
        self._add("rect", {"x": x, "y": y, "width": max(0.0, width), "height": max(0.0, height), **look})

    def path(self, points: Sequence[tuple[float, float]], **look: float | str) -> None:
        """Draw one line through points."""
        way = " ".join(f"{number(x)},{number(y)}" for x, y in points)
        self._add("polyline", {"points": way, "fill": "none", "stroke_width": 2.0, **look})

    def area(self, points: Sequence[tuple[float, float]], **look: float | str) -> None:
        """Fill the area within points."""
        self._add("polygon", {"points": " ".join(f"{number(x)},{number(y)}" for x, y in points), **look})

    def dot(self, x: float, y: float, shape: int, fill: str) -> None:
        """Draw a small mark: circle, square, diamond or triangle, by number."""
        r = 3.2
        look: dict[str, float | str] = {"fill": fill, "stroke": "#ffffff", "stroke_width": 0.8}
        match shape % 4:
            case 0:
                self._add("circle", {"cx": x, "cy": y, "r": r, **look})
            case 1:
                self.box(x - r, y - r, 2 * r, 2 * r, **look)
            case 2:
                self.area([(x, y - r - 1), (x + r + 1, y), (x, y + r + 1), (x - r - 1, y)], **look)
            case _:
                self.area([(x, y - r - 1), (x + r + 1, y + r), (x - r - 1, y + r)], **look)

    def text(self, x: float, y: float, words: str, **look: float | str) -> None:
        """Write words on a base line; ``anchor`` is start, middle or end."""
        anchor = look.pop("anchor", "start")
        spec: dict[str, float | str] = {"x": x, "y": y, "font_size": FONT, "fill": INK, **look}
        self._add("text", {**spec, "text_anchor": anchor}).text = visible(words)

    def svg(self) -> str:
        """Return the picture as SVG markup."""
        return tostring(self.root, encoding="unicode")
