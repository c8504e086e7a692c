"""二、办理情况 and 三、回访情况: what was done, in time or not, and what people say of it."""

from __future__ import annotations

from zoufang.model import Event
from zoufang.reports import words
from zoufang.reports.answering import answering
from zoufang.reports.desk import Desk, in_order, total
from zoufang.reports.document import (
    Align,
    Block,
    Chart,
    ChartKind,
    Column,
    Highlight,
    Mark,
    Paragraph,
    Section,
    Series,
    Table,
)
from zoufang.reports.inferring import inferred
from zoufang.reports.supervision import supervision

RATES = (
    "on_the_spot",
    "responded_in_time",
    "accepted",
    "handled_in_time",
    "closed",
    "closed_in_time",
    "rectified",
    "rectified_resolved",
    "explained",
    "revoked",
    "overdue",
    "left_out",
)
"""The metrics that the table of handling shows, in its order."""


def handling(desk: Desk) -> Section:
    """Return the section: on the spot or joint, closed, in time, overdue now.

    Plan: 四(二), 四(三)
    """
    blocks: tuple[Block, ...] = (
        _week(desk),
        _standing(desk),
        _rates(desk),
        _lines(desk),
        *_overdue(desk),
        *answering(desk),
        *supervision(desk),
    )
    return Section(heading=desk.t(words.HANDLING), blocks=blocks)


def _week(desk: Desk) -> Paragraph:
    now = desk.weeks[-1]
    text = desk.t(
        words.HANDLING_SAID,
        received=now.tickets,
        spot=desk.whole("on_the_spot", desk.week).n,
        sent=desk.whole("dispatched", desk.week).n,
        handled=now.of(Event.HANDLE),
        fed_back=now.of(Event.FEED_BACK),
        closed=now.of(Event.CLOSE),
        returned=now.of(Event.SEND_BACK),
    )
    return Paragraph(text)


def _standing(desk: Desk) -> Paragraph:
    closed, in_time = desk.whole("closed", desk.so_far), desk.whole("closed_in_time", desk.so_far)
    text = desk.t(
        words.STANDING_SAID,
        last=desk.day(desk.dispatch.to_on),
        sent=desk.whole("dispatched", desk.so_far).n,
        closed=closed.n,
        due=closed.of,
        closed_share=desk.share_of(closed).printed,
        in_time=desk.share_of(in_time).printed,
        open=desk.whole("open", desk.so_far).n,
        unrouted=desk.whole("unrouted", desk.so_far).n,
        overdue=desk.whole("overdue", desk.so_far).n,
    )
    return Paragraph(text)


def _rates(desk: Desk) -> Table:
    rows = []
    for metric_id in RATES:
        metric, figure = desk.metrics[metric_id], desk.whole(metric_id, desk.so_far)
        rows.append((desk.t(metric.label), figure.n, figure.of, desk.share_of(figure), metric.clause))
    heads = (
        (words.HITS, Align.RIGHT),
        (words.OF, Align.RIGHT),
        (words.RATE, Align.RIGHT),
        (words.CLAUSE, Align.CENTER),
    )
    columns = (Column(desk.t(words.FIGURE), Align.LEFT), *(Column(desk.t(h), a) for h, a in heads))
    return Table(caption=desk.t(words.RATES), columns=columns, rows=tuple(rows))


def _lines(desk: Desk) -> Chart:
    return Chart(
        kind=ChartKind.LINES,
        title=desk.t(words.LINES),
        description=desk.t(words.LINES_SAID),
        categories=desk.numbers,
        series=(
            Series(desk.t(words.RECEIVED), tuple(week.tickets for week in desk.weeks)),
            Series(desk.t(words.CLOSED), tuple(week.of(Event.CLOSE) for week in desk.weeks)),
        ),
        axis=desk.t(words.WEEK_AXIS),
        unit=desk.t(words.CASES),
    )


def _overdue(desk: Desk) -> tuple[Block, ...]:
    groups = desk.by("overdue", desk.so_far)
    late = sorted((u for u in groups if groups[u].n), key=lambda u: (-groups[u].n, u or ""))
    if not late:
        return (Paragraph(desk.t(words.NO_OVERDUE), Mark.GOOD),)
    heads = (words.HELD, words.OVERDUE, words.OVERDUE_SHARE)
    n, of = total(groups)
    table = Table(
        caption=desk.t(words.OVERDUE_TABLE),
        columns=(Column(desk.t(words.UNIT), Align.LEFT), *(Column(desk.t(h)) for h in heads)),
        rows=tuple((desk.unit(u), groups[u].of, groups[u].n, desk.share_of(groups[u])) for u in late),
        total=(desk.t(words.TOTAL), of, n, desk.share(n, of)),
    )
    return (table,)


def callbacks(desk: Desk) -> Section:
    """Return the section: said solved and said satisfied per unit, against the floor.

    Plan: 五(三)
    """
    solved = desk.by("solved", desk.so_far)
    satisfied = desk.by("satisfied", desk.so_far)
    drawn = desk.by("reached", desk.so_far)
    rule = desk.plan.perfunctory
    floor, least = 100 - rule.not_solved_percent, rule.min_closed
    ids = in_order(desk.plan, {*solved, *satisfied, *drawn})
    judged = {u: 100 * solved[u].n >= floor * solved[u].of for u in ids if u in solved and solved[u].of >= least}
    word = {True: words.ABOVE, False: words.BELOW, None: words.FEW}
    rows = tuple(
        (
            desk.unit(u),
            drawn[u].of if u in drawn else 0,
            drawn[u].n if u in drawn else 0,
            solved[u].of if u in solved else 0,
            desk.share_of(solved.get(u)),
            desk.share_of(satisfied.get(u)),
            desk.t(word[judged.get(u)]),
        )
        for u in ids
    )
    marks = {True: Mark.GOOD, False: Mark.BAD}
    said = desk.t(
        words.FLOOR_SAID,
        floor=floor,
        clause=rule.clause,
        least=least,
        above=desk.listed(desk.unit(u) for u, good in judged.items() if good),
        below=desk.listed(desk.unit(u) for u, good in judged.items() if not good),
    )
    (n_got, n_drawn), n_solved, n_satisfied = total(drawn), total(solved), total(satisfied)
    heads = (words.DRAWN, words.GOT, words.ANSWERS, words.SOLVED, words.SATISFIED)
    columns = (Column(desk.t(words.UNIT), Align.LEFT), *(Column(desk.t(h)) for h in heads))
    whole = (desk.share(*n_solved), desk.share(*n_satisfied))
    table = Table(
        caption=desk.t(words.CALLS_TABLE),
        columns=(*columns, Column(desk.t(words.AGAINST), Align.CENTER)),
        rows=rows,
        total=(desk.t(words.TOTAL), n_drawn, n_got, n_solved[1], *whole, ""),
        highlights=tuple(Highlight(i, 4, marks[judged[u]]) for i, u in enumerate(ids) if u in judged),
    )
    summary = desk.t(
        words.CALLED_SAID,
        calls=desk.weeks[-1].calls,
        drawn=n_drawn,
        reached=n_got,
        solved=whole[0].printed,
        satisfied=whole[1].printed,
    )
    blocks: tuple[Block, ...] = (Paragraph(summary), Paragraph(said), *((table,) if rows else ()), *inferred(desk))
    return Section(heading=desk.t(words.CALLED), blocks=blocks)
