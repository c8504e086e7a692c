"""附表: one line per unit; and of the parts of split tickets one line per department, never in the same sum."""

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
PART_RATES = ("parts_received", "parts_handled_in_time", "parts_overdue", "parts_returned", "split_whole")
"""The metrics that the table of parts shows."""

FAR_BELOW = 10
ENOUGH = 10


def appendix(desk: Desk) -> Section:
    """Return the table of units: visits owed and made, tickets sent, closed in time or late, open, satisfied, returned.

    Plan: 五(二)
    """
    groups = {metric: desk.by(metric, desk.so_far) for metric in SHOWN}
    ids = in_order(desk.plan, (u for found in groups.values() for u in found))
    rows = tuple((_name(desk, u), *_line(desk, {m: _one(groups[m], u) for m in SHOWN})) for u in ids)
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
        note=desk.t(words.UNITS_NOTE) + _without_a_unit(desk, kept),
    )
    return Section(heading=desk.t(words.APPENDIX), blocks=(table, *_parts(desk)), appendix=True)


def _name(desk: Desk, unit_id: str | None) -> str:
    """Return what stands before a line; what no unit has now need not be waiting for one."""
    return desk.t(words.NO_UNIT_NOW) if unit_id is None else desk.unit(unit_id)


def _without_a_unit(desk: Desk, kept: tuple[tuple[Value, ...], ...]) -> str:
    """Return where the tickets are that no unit has now; nothing where there is no such line."""
    if desk.t(words.NO_UNIT_NOW) not in {row[0] for row in kept}:
        return ""
    waiting, gone = (_one(desk.by(metric, desk.so_far), None)[0] for metric in ("unrouted", "left_out"))
    return desk.t(words.NO_UNIT_NOTE, waiting=waiting, gone=gone)


def _parts(desk: Desk) -> tuple[Table, ...]:
    """Return what each department did of the parts it was sent; nothing where no ticket was split."""
    whole = desk.whole("split_whole", desk.so_far)
    if not whole.of:
        return ()
    shown = PART_RATES[:-1]
    groups = {metric: desk.by(metric, desk.so_far) for metric in shown}
    ids = in_order(desk.plan, (u for found in groups.values() for u in found))
    held = sum(one.n for u, one in groups["parts_received"].items() if u is not None)
    parts, waiting = total(groups["parts_received"])[0], total(desk.by("parts_unrouted", desk.so_far))[0]
    gone = parts - held - waiting  # struck, withdrawn or merged before any unit had them again
    table = Table(
        caption=desk.t(words.PARTS_TABLE),
        columns=(
            Column(desk.t(words.UNIT), Align.LEFT),
            *(Column(desk.t(head)) for head in words.PART_COLUMNS),
        ),
        rows=tuple((_name(desk, u), *_part_line(desk, {m: _one(groups[m], u) for m in shown})) for u in ids),
        total=(desk.t(words.TOTAL), *_part_line(desk, {m: total(groups[m]) for m in shown})),
        note=desk.t(words.PARTS_NOTE, whole=whole.n, split=whole.of, parts=parts, held=held, waiting=waiting)
        + (desk.t(words.PARTS_GONE, gone=gone) if gone else ""),
    )
    return (table,)


def _part_line(desk: Desk, figures: dict[str, tuple[int, int]]) -> tuple[Value, ...]:
    """Return one line of the table of parts, in the order of its columns."""
    (in_time, due), (overdue, held) = figures["parts_handled_in_time"], figures["parts_overdue"]
    received, returned = figures["parts_received"][0], figures["parts_returned"][0]
    return (received, due, in_time, desk.share(in_time, due), held, overdue, returned)


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
