"""一、基本情况: how far the visits are, and what came in."""

from __future__ import annotations

from zoufang.analysis import reached_by
from zoufang.model import Outcome
from zoufang.reports import words
from zoufang.reports.desk import Desk, Groups, in_order, total
from zoufang.reports.document import (
    Align,
    Block,
    Card,
    Cards,
    Chart,
    ChartKind,
    Column,
    Paragraph,
    Section,
    Series,
    Table,
    Value,
)

COMPANIONS = {"rectified": ("rectified_resolved",)}
"""Figures that stand beside a goal's own: an explanation is an answer, but no solution."""


def basics(desk: Desk) -> Section:
    """Return the section: the three 100%, the visits, and the tickets received.

    Plan: 一, 四(二)
    """
    visited = desk.by("visited", desk.so_far)
    blocks: tuple[Block, ...] = (
        _visits(desk, visited),
        _goals(desk),
        _burn_up(desk),
        _tiles(desk),
        _received(desk),
        _by_source(desk),
        _by_topic(desk),
        _stacked(desk),
        _unit_bars(desk, visited),
    )
    return Section(heading=desk.t(words.BASICS), blocks=blocks)


def _visits(desk: Desk, visited: Groups) -> Paragraph:
    n, of = total(visited)
    outcomes = {str(o): desk.whole(f"outcome_{o}", desk.week).n for o in Outcome}
    now, before = desk.weeks[-1].visits, desk.last_week.visits
    text = desk.t(
        words.VISITS_SAID,
        last=desk.day(desk.dispatch.to_on),
        n=n,
        of=of,
        share=desk.share(n, of).printed,
        visits=now,
        before=before,
        change=desk.change(now, before).printed,
        all=desk.whole("visits_made", desk.so_far).n,
        **outcomes,
    )
    return Paragraph(text)


def _goals(desk: Desk) -> Cards:
    """Return one card per goal of the plan; rectified shows its second figure beside it."""
    cards = []
    for goal in desk.plan.goals:
        for metric in (goal.metric, *COMPANIONS.get(goal.metric, ())):
            figure = desk.whole(metric, desk.so_far)
            note = desk.t(words.CARD_NOTE, n=figure.n, of=figure.of, goal=desk.t(goal.label))
            cards.append(Card(desk.t(desk.metrics[metric].label), desk.share_of(figure), note))
    return Cards(tuple(cards))


def _burn_up(desk: Desk) -> Chart:
    d = desk.dispatch
    reached = reached_by(desk.reader, [last for _, last in desk.spans], d.as_of)
    whole = desk.whole("visited", desk.so_far)
    n, of = whole.n, whole.of
    return Chart(
        kind=ChartKind.BURN_UP,
        title=desk.t(words.BURN_UP),
        description=desk.t(words.BURN_UP_SAID, n=n, of=of),
        categories=desk.numbers,
        series=(
            Series(desk.t(words.REACHED), reached),
            Series(desk.t(words.PACE), _pace(desk, of), target=True),
        ),
        axis=desk.t(words.WEEK_AXIS),
        unit=desk.t(words.TARGETS),
    )


def _pace(desk: Desk, roster: int) -> tuple[int | None, ...]:
    """Return how many targets should be reached by each week: evenly over the working days of the first dated phase."""
    phase = next((p for p in desk.plan.phases if p.starts_on is not None), None)
    if phase is None or phase.starts_on is None:
        return tuple(None for _ in desk.spans)
    calendar = desk.plan.working_days
    days = calendar.working_days(phase.starts_on, phase.ends_on) or 1
    gone = [calendar.working_days(phase.starts_on, min(last, phase.ends_on)) for _, last in desk.spans]
    return tuple(-(-roster * k // days) for k in gone)


def _tiles(desk: Desk) -> Chart:
    by_community = desk.by("visited", desk.so_far, "community")
    ids = sorted(by_community, key=lambda c: (c is None, c or ""))
    return Chart(
        kind=ChartKind.TILES,
        title=desk.t(words.TILES),
        description=desk.t(words.TILES_SAID),
        categories=tuple(desk.area(c) for c in ids),
        series=(Series(desk.t(words.TILES), tuple(desk.share_of(by_community[c]) for c in ids)),),
    )


def _received(desk: Desk) -> Paragraph:
    now, before = desk.weeks[-1], desk.last_week
    text = desk.t(
        words.RECEIVED_SAID,
        n=now.tickets,
        before=before.tickets,
        change=desk.change(now.tickets, before.tickets).printed,
        all=desk.whole("received", desk.so_far).n,
        suggestions=now.suggestions,
        practices=now.practices,
    )
    return Paragraph(text)


def _against_last_week(desk: Desk, caption: str, head: str, rows: list[tuple[str, int, int, int]]) -> Table:
    """Return a table of counts: this week, last week, change, so far and its share."""
    sums = (sum(row[1] for row in rows), sum(row[2] for row in rows), sum(row[3] for row in rows))

    def line(name: str, now: int, before: int, so_far: int) -> tuple[Value, ...]:
        return (name, now, before, desk.change(now, before), so_far, desk.share(so_far, sums[2]))

    heads = (words.THIS_WEEK, words.LAST_WEEK, words.CHANGE, words.SO_FAR, words.SHARE_SO_FAR)
    return Table(
        caption=caption,
        columns=(Column(head, Align.LEFT), *(Column(desk.t(h)) for h in heads)),
        rows=tuple(line(*row) for row in rows),
        total=line(desk.t(words.TOTAL), *sums),
    )


def _by_source(desk: Desk) -> Table:
    so_far = desk.by("received", desk.so_far, "source")
    now, before = dict(desk.weeks[-1].received), dict(desk.last_week.received)
    rows = [
        (desk.t(words.SOURCES[source]), now[source], before[source], so_far[source].n if source in so_far else 0)
        for source in now
    ]
    shown = [row for row in rows if row[1] or row[2] or row[3]]
    return _against_last_week(desk, desk.t(words.BY_SOURCE), desk.t(words.SOURCE), shown)


def _by_topic(desk: Desk) -> Table:
    spans = (desk.week, desk.before, desk.so_far)
    now, before, so_far = (desk.by("received", span, "topic_id") for span in spans)
    rows = [
        (desk.topic(t), now[t].n if t in now else 0, before[t].n if t in before else 0, one.n)
        for t, one in so_far.items()
        if t is not None
    ]
    ranked = sorted(rows, key=lambda row: (-row[1], -row[3], row[0]))
    return _against_last_week(desk, desk.t(words.BY_TOPIC), desk.t(words.TOPIC), ranked)


def _stacked(desk: Desk) -> Chart:
    received = [dict(week.received) for week in desk.weeks]
    sources = [s for s in words.SOURCES if any(week[s] for week in received)]
    return Chart(
        kind=ChartKind.STACKED,
        title=desk.t(words.STACKED),
        description=desk.t(words.STACKED_SAID, n=desk.weeks[-1].tickets),
        categories=desk.numbers,
        series=tuple(Series(desk.t(words.SOURCES[s]), tuple(week[s] for week in received)) for s in sources),
        axis=desk.t(words.WEEK_AXIS),
        unit=desk.t(words.CASES),
    )


def _unit_bars(desk: Desk, visited: Groups) -> Chart:
    ids = in_order(desk.plan, visited)
    return Chart(
        kind=ChartKind.BARS,
        title=desk.t(words.UNIT_BARS),
        description=desk.t(words.UNIT_BARS_SAID),
        categories=tuple(desk.unit(u) for u in ids),
        series=(Series(desk.t(words.UNIT_BARS), tuple(desk.share_of(visited[u]) for u in ids)),),
    )
