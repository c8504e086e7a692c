"""附表: one line per unit."""

from __future__ import annotations

from zoufang.reports import words
from zoufang.reports.desk import Desk, Groups, in_order, total
from zoufang.reports.document import Align, Column, Highlight, Mark, Section, Share, Table, Value

SHOWN = (
    "visited",
    "collected",
    "on_the_spot",
    "dispatched",
    "closed",
    "closed_in_time",
    "open",
    "satisfied",
    "returned",
)
FAR_BELOW = 10
ENOUGH = 10


def appendix(desk: Desk) -> Section:
    """Return the table of units: visits owed and made, tickets sent, closed in time or late, open, satisfied, returned.

    Plan: 五(二)
    """
    groups = {metric: desk.by(metric, desk.so_far) for metric in SHOWN}
    ids = in_order(desk.plan, (u for found in groups.values() for u in found))
    rows = tuple((desk.unit(u), *_line(desk, {m: _one(groups[m], u) for m in SHOWN})) for u in ids)
    kept = tuple(row for row in rows if any(_counted(value) for value in row[1:]))
    whole = (desk.t(words.TOTAL), *_line(desk, {m: total(groups[m]) for m in SHOWN}))
    table = Table(
        caption=desk.t(words.UNITS_TABLE),
        columns=(
            Column(desk.t(words.UNIT), Align.LEFT),
            *(Column(desk.t(head)) for head in words.UNIT_COLUMNS),
        ),
        rows=kept,
        total=whole,
        highlights=_highlights(kept, whole),
        wide=True,
        note=desk.t(words.UNITS_NOTE),
    )
    return Section(heading=desk.t(words.APPENDIX), blocks=(table,), appendix=True)


def _one(groups: Groups, unit: str | None) -> tuple[int, int]:
    return (groups[unit].n, groups[unit].of) if unit in groups else (0, 0)


def _counted(value: Value) -> bool:
    return bool(value.of if isinstance(value, Share) else value)


def _line(desk: Desk, figures: dict[str, tuple[int, int]]) -> tuple[Value, ...]:
    """Return one line from numerators and denominators, in the order of the columns."""
    visited, collected, closed = (figures[m] for m in ("visited", "collected", "closed"))
    in_time = figures["closed_in_time"]
    return (
        visited[1],
        visited[0],
        desk.share(*visited),
        desk.share(*collected),
        figures["on_the_spot"][0],
        figures["dispatched"][0],
        in_time[0],
        closed[0] - in_time[0],
        figures["open"][0],
        desk.share(*closed),
        desk.share(*in_time),
        desk.share(*figures["satisfied"]),
        figures["returned"][0],
    )


def _highlights(rows: tuple[tuple[Value, ...], ...], whole: tuple[Value, ...]) -> tuple[Highlight, ...]:
    """Mark full coverage, and shares far below the street's."""
    found = []
    for i, row in enumerate(rows):
        for j, (value, street) in enumerate(zip(row, whole, strict=True)):
            if not isinstance(value, Share) or not isinstance(street, Share) or value.of < ENOUGH:
                continue
            if j == _COVERAGE and value.hits == value.of:
                found.append(Highlight(i, j, Mark.GOOD))
            elif 100 * value.hits * street.of < (100 * street.hits - FAR_BELOW * street.of) * value.of:
                found.append(Highlight(i, j, Mark.BAD))
    return tuple(found)


_COVERAGE = 3
