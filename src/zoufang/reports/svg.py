"""Charts as inline SVG: readable axes, no overlapping labels, the same bytes for the same chart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

from zoufang.reports.document import Chart, ChartKind, Series, Share
from zoufang.reports.drawing import (
    DASHES,
    INK,
    PALETTE,
    RULE,
    SHADES,
    SOFT,
    Pencil,
    cut,
    ticks,
    width_of,
)

WIDTH = 400.0
TOP, BOTTOM, RIGHT = 14.0, 40.0, 46.0
PLOT = 165.0
SMALL = 11.0
ROW = 24.0
HALO: Mapping[str, float | str] = {"stroke": "#ffffff", "stroke_width": 3.0, "paint_order": "stroke"}
"""Keeps a label readable where it crosses a line of the grid."""
STEPS = (50, 70, 85, 95)
"""Percentages at which a tile takes its next shade."""

Draw: TypeAlias = Callable[[Chart, str], str]


def size(value: int | Share | None) -> float | None:
    """Return a value's height: a count itself, a share in percent, None for a gap or no case."""
    return value.percent if isinstance(value, Share) else value


def _is_share(chart: Chart) -> bool:
    return any(isinstance(v, Share) for s in chart.series for v in s.values)


def _top(chart: Chart, highest: float) -> tuple[int, ...]:
    return (0, 25, 50, 75, 100) if _is_share(chart) else ticks(highest)


def _legend_rows(series: Sequence[Series]) -> list[list[tuple[int, float]]]:
    """Place each series' name: rows of (which series, x), so that no two names touch."""
    rows: list[list[tuple[int, float]]] = [[]]
    x = 0.0
    for i, one in enumerate(series):
        room = 34.0 + width_of(one.name) + 14.0
        if x and x + room > WIDTH:
            rows.append([])
            x = 0.0
        rows[-1].append((i, x))
        x += room
    return rows


def _stroke(i: int, one: Series) -> tuple[str, str]:
    return (SOFT, "5 4") if one.target else (PALETTE[i % len(PALETTE)], DASHES[i % len(DASHES)])


def _legend(pencil: Pencil, chart: Chart, *, lines: bool) -> float:
    """Draw the names of the series and return how high they stand."""
    rows = _legend_rows(chart.series)
    for r, row in enumerate(rows):
        y = TOP + 18.0 * r
        for i, x in row:
            colour, dash = _stroke(i, chart.series[i])
            if lines or chart.series[i].target:
                pencil.line(x, y - 4, x + 26, y - 4, stroke=colour, stroke_width=2.0, stroke_dasharray=dash)
                if not chart.series[i].target:
                    pencil.dot(x + 13, y - 4, i, colour)
            else:
                pencil.box(x + 8, y - 10, 14, 11, fill=colour)
            pencil.text(x + 32, y, chart.series[i].name)
    return TOP + 18.0 * len(rows)


class _Frame:
    """The axes of an upright chart, and where a value stands on them."""

    def __init__(self, chart: Chart, highest: float) -> None:
        self.n = len(chart.categories)
        self.marks = _top(chart, highest)
        self.suffix = "%" if _is_share(chart) else ""
        self.left = 10.0 + max(width_of(f"{m}{self.suffix}", SMALL) for m in self.marks)
        self.head = TOP + 18.0 * len(_legend_rows(chart.series)) + 14.0
        self.height = self.head + PLOT + BOTTOM
        self.step = (WIDTH - self.left - RIGHT) / max(1, self.n)

    def x(self, i: int) -> float:
        return self.left + self.step * (i + 0.5)

    def y(self, value: float) -> float:
        return self.head + PLOT * (1 - min(1.0, value / self.marks[-1]))

    def draw(self, pencil: Pencil, chart: Chart) -> None:
        pencil.text(0, self.head - 8, chart.unit, font_size=SMALL, fill=SOFT)
        for mark in self.marks:
            y = self.y(mark)
            pencil.line(self.left, y, WIDTH - RIGHT, y, stroke=SOFT if mark == 0 else RULE)
            label = f"{mark}{self.suffix}"
            pencil.text(self.left - 5, y + 4, label, anchor="end", font_size=SMALL, fill=SOFT)
        widest = max((width_of(c, SMALL) for c in chart.categories), default=0.0)
        every = max(1, -int(-(widest + 6) // self.step))
        low = self.head + PLOT
        for i in range(0, self.n, every):
            name = chart.categories[i]
            pencil.text(self.x(i), low + 16, name, anchor="middle", font_size=SMALL, fill=SOFT)
        middle = self.left + (WIDTH - RIGHT - self.left) / 2
        pencil.text(middle, low + 34, chart.axis, anchor="middle", font_size=SMALL, fill=SOFT)


def _start(chart: Chart, key: str, height: float) -> Pencil:
    return Pencil(WIDTH, height, key=key, title=chart.title, description=chart.description)


def _spread(wanted: Mapping[int, float], room: float = 13.0) -> dict[int, float]:
    """Move labels apart, downwards first in their own order, so that none covers another."""
    order = sorted(wanted, key=lambda i: (wanted[i], i))
    placed = {i: wanted[i] for i in order}
    for above, below in pairwise(order):
        placed[below] = max(placed[below], placed[above] + room)
    return placed


def _runs(frame: _Frame, series: Series) -> list[list[tuple[float, float]]]:
    """Return the points of a line, a new run after each gap."""
    runs: list[list[tuple[float, float]]] = [[]]
    for i, value in enumerate(series.values):
        height = size(value)
        if height is not None:
            runs[-1].append((frame.x(i), frame.y(height)))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _label(value: int | Share | None) -> str:
    return value.printed if isinstance(value, Share) else "" if value is None else str(value)


def lines(chart: Chart, key: str) -> str:
    """Draw series as lines; a burn-up fills the area under what was reached."""
    heights = [h for s in chart.series for v in s.values if (h := size(v)) is not None]
    frame = _Frame(chart, max(heights, default=0))
    pencil = _start(chart, key, frame.height)
    _legend(pencil, chart, lines=True)
    frame.draw(pencil, chart)
    ends: dict[int, float] = {}
    for i, series in enumerate(chart.series):
        colour, dash = _stroke(i, series)
        for run in _runs(frame, series):
            if chart.kind is ChartKind.BURN_UP and not series.target:
                low = frame.y(0)
                pencil.area([(run[0][0], low), *run, (run[-1][0], low)], fill=colour, fill_opacity="0.12")
            pencil.path(run, stroke=colour, stroke_dasharray=dash)
            for x, y in run if not series.target else ():
                pencil.dot(x, y, i, colour)
            ends[i] = run[-1][1] + 4
    for i, y in _spread(ends).items():
        last = max(k for k, v in enumerate(chart.series[i].values) if size(v) is not None)
        words = _label(chart.series[i].values[last])
        pencil.text(frame.x(last) + 8, y, words, font_size=SMALL, fill=_stroke(i, chart.series[i])[0])
    return pencil.svg()


def stacked(chart: Chart, key: str) -> str:
    """Draw counts as columns of parts, with the whole above each where there is room."""
    wholes = [sum(int(size(s.values[i]) or 0) for s in chart.series) for i in range(len(chart.categories))]
    frame = _Frame(chart, max(wholes, default=0))
    pencil = _start(chart, key, frame.height)
    _legend(pencil, chart, lines=False)
    frame.draw(pencil, chart)
    thick = min(34.0, frame.step * 0.62)
    for i, whole in enumerate(wholes):
        base = 0.0
        for k, series in enumerate(chart.series):
            part = size(series.values[i]) or 0
            high, low = frame.y(base + part), frame.y(base)
            if part:
                fill = PALETTE[k % len(PALETTE)]
                left = frame.x(i) - thick / 2
                pencil.box(left, high, thick, low - high, fill=fill, stroke="#ffffff", stroke_width=0.8)
            base += part
        if whole and width_of(str(whole), SMALL) <= frame.step:
            pencil.text(frame.x(i), frame.y(whole) - 4, str(whole), anchor="middle", font_size=SMALL)
    return pencil.svg()


def bars(chart: Chart, key: str) -> str:
    """Draw one series as lying bars, each with its name before and its figure behind it."""
    values = chart.series[0].values if chart.series else ()
    behind = [f"{v.printed} ({v.hits}/{v.of})" if isinstance(v, Share) and v.of else _label(v) for v in values]
    left = min(140.0, max((width_of(c) for c in chart.categories), default=0.0)) + 8
    right = max((width_of(b, SMALL) for b in behind), default=0.0) + 8
    marks = _top(chart, max((h for v in values if (h := size(v)) is not None), default=0.0))
    room = WIDTH - left - right
    height = TOP + ROW * len(values) + 34
    pencil = _start(chart, key, height)
    suffix = "%" if _is_share(chart) else ""
    for mark in marks:
        x = left + room * mark / marks[-1]
        pencil.line(x, TOP - 6, x, height - 32, stroke=SOFT if mark == 0 else RULE)
        pencil.text(x, height - 18, f"{mark}{suffix}", anchor="middle", font_size=SMALL, fill=SOFT)
    pencil.text(left + room / 2, height - 3, chart.unit, anchor="middle", font_size=SMALL, fill=SOFT)
    for i, (name, value, words) in enumerate(zip(chart.categories, values, behind, strict=True)):
        y = TOP + ROW * i
        pencil.text(left - 8, y + 12, cut(name, left - 8), anchor="end")
        length = room * min(1.0, (size(value) or 0) / marks[-1])
        pencil.box(left, y + 1, length, ROW - 9, fill=PALETTE[0])
        pencil.text(left + length + 6, y + 12, words, font_size=SMALL, **HALO)
    return pencil.svg()


def _shade(value: int | Share | None) -> tuple[str, str]:
    """Return a tile's colour and the colour of its words."""
    percent = size(value)
    if percent is None:
        return "#f2f2f2", SOFT
    grade = sum(percent >= step for step in STEPS)
    return SHADES[grade], "#ffffff" if grade == len(SHADES) - 1 else INK


def _tile(pencil: Pencil, at: tuple[float, float], room: float, name: str, value: int | Share | None) -> None:
    x, y = at
    fill, ink = _shade(value)
    dash = "" if size(value) is not None else "3 3"
    pencil.box(x, y, room, 62, fill=fill, stroke="#8fa9c2", stroke_width=0.8, rx=4.0, stroke_dasharray=dash)
    middle = x + room / 2
    pencil.text(middle, y + 17, cut(name, room - 8), anchor="middle", fill=ink)
    pencil.text(middle, y + 38, _label(value), anchor="middle", fill=ink, font_size=16.0, font_weight="bold")
    if isinstance(value, Share):
        pencil.text(middle, y + 54, f"{value.hits}/{value.of}", anchor="middle", fill=ink, font_size=SMALL)


def tiles(chart: Chart, key: str) -> str:
    """Draw one share per place as a tile whose colour tells how far it is."""
    values = chart.series[0].values if chart.series else ()
    widest = max((width_of(c) for c in chart.categories), default=0.0)
    across = 5 if widest <= 62 else 4
    gap, down = 8.0, -(-len(values) // across)
    room = (WIDTH - 1 - gap * (across - 1)) / across
    pencil = _start(chart, key, 4 + 70.0 * down + 28)
    for i, (name, value) in enumerate(zip(chart.categories, values, strict=True)):
        _tile(pencil, (0.5 + (room + gap) * (i % across), 4 + 70.0 * (i // across)), room, name, value)
    y, x = 4 + 70.0 * down + 18, 0.0
    names = (f"<{STEPS[0]}%", *(f"{a}–{b}%" for a, b in pairwise(STEPS)), f"≥{STEPS[-1]}%")
    for shade, name in zip(SHADES, names, strict=True):
        pencil.box(x, y - 11, 14, 13, fill=shade, stroke="#8fa9c2", stroke_width=0.6)
        pencil.text(x + 19, y, name, font_size=SMALL, fill=SOFT)
        x += 36 + width_of(name, SMALL)
    return pencil.svg()


_BY_KIND: Mapping[ChartKind, Draw] = {
    ChartKind.LINES: lines,
    ChartKind.BURN_UP: lines,
    ChartKind.BARS: bars,
    ChartKind.STACKED: stacked,
    ChartKind.TILES: tiles,
}


def draw(chart: Chart, key: str) -> str:
    """Return a chart as SVG markup.

    Args:
        chart: The chart.
        key: Unique on the page.

    Returns:
        One ``svg`` element; texts in it are escaped.

    Plan: 四(二)
    """
    return _BY_KIND[chart.kind](chart, key)
