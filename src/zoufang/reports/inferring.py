"""三、回访情况, second half: what the sample says of all closings, with intervals, and each unit judged as a lot."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TypeAlias

from zoufang.analysis import Estimate, Judgement, LotVerdict, estimates, judged, lot_plan, printed_bound
from zoufang.model import LotRule
from zoufang.reports import words
from zoufang.reports.desk import Desk, in_order
from zoufang.reports.document import Align, Block, Column, Highlight, Mark, Paragraph, Share, Table
from zoufang.typing import Text

SAID: Mapping[Judgement, tuple[Text, Mark | None]] = {
    Judgement.ACCEPT: (words.PASSED, Mark.GOOD),
    Judgement.REJECT: (words.NOT_PASSED, Mark.BAD),
    Judgement.NOT_ENOUGH: (words.UNDECIDED, None),
}
"""What a judgement is called, and how its cell is marked."""

Estimates: TypeAlias = Mapping[str | None, Estimate]

LAST = 8
"""The column of the lot."""


def inferred(desk: Desk) -> tuple[Block, ...]:
    """Return the sentences and the table; nothing before the first draw.

    Plan: 五(三)
    """
    rule = desk.plan.callbacks
    solved: Estimates = {e.unit_id: e for e in estimates(desk.reader, rule, desk.so_far, "solved")}
    satisfied: Estimates = {e.unit_id: e for e in estimates(desk.reader, rule, desk.so_far, "satisfied")}
    if not solved:
        return ()
    said = desk.t(
        words.INFERRED_SAID,
        of=solved[None].of,
        confidence=rule.confidence_percent,
        solved=_share(desk, solved[None]).printed,
        solved_in=_interval(desk, solved[None]),
        satisfied=_share(desk, satisfied[None]).printed,
        satisfied_in=_interval(desk, satisfied[None]),
    )
    explained = () if rule.lot is None else _lot_said(desk, rule.lot)
    return (Paragraph(said), *explained, _table(desk, solved, satisfied))


def _table(desk: Desk, solved: Estimates, satisfied: Estimates) -> Table:
    rule = desk.plan.callbacks
    lots: dict[str, LotVerdict] = {lot.unit_id: lot for lot in judged(desk.reader, rule, desk.so_far)}
    ids = [unit for unit in in_order(desk.plan, solved) if unit is not None]
    cells = {unit: _cells(desk, solved[unit], satisfied[unit]) for unit in (*ids, None)}
    marks = {unit: SAID[lots[unit].judgement][1] for unit in ids if unit in lots}
    counted = (words.CONSIDERED, words.COVERED, words.ANSWERS)
    heads = (*counted, words.SOLVED_INFERRED, words.INTERVAL, words.SATISFIED_INFERRED, words.INTERVAL)
    return Table(
        caption=desk.t(words.INFERRED_TABLE),
        columns=(
            Column(desk.t(words.UNIT), Align.LEFT),
            *(Column(desk.t(head, n=rule.confidence_percent)) for head in heads),
            Column(desk.t(words.LOT), Align.CENTER),
        ),
        rows=tuple((desk.unit(unit), *cells[unit], _judgement(desk, lots.get(unit))) for unit in ids),
        total=(desk.t(words.TOTAL), *cells[None], ""),
        highlights=tuple(Highlight(i, LAST, mark) for i, unit in enumerate(ids) if (mark := marks.get(unit))),
        note=desk.t(words.INFERRED_NOTE),
        wide=True,
    )


def _lot_said(desk: Desk, rule: LotRule) -> tuple[Paragraph, ...]:
    plan = lot_plan(rule)
    if plan is None:
        return ()
    text = desk.t(
        words.LOT_SAID,
        n=plan.n,
        bear=plan.bear,
        good=rule.good_percent,
        bad=rule.bad_percent,
        producer=_bound(desk, plan.producer_risk, up=True),
        consumer=_bound(desk, plan.consumer_risk, up=True),
        clause=rule.clause,
    )
    return (Paragraph(text),)


def _cells(desk: Desk, solved: Estimate, satisfied: Estimate) -> tuple[int | Share | str, ...]:
    shares = (_share(desk, solved), _interval(desk, solved), _share(desk, satisfied), _interval(desk, satisfied))
    return (solved.of, solved.covered, solved.answers, *shares)


def _share(desk: Desk, estimate: Estimate) -> Share:
    share = estimate.share
    return desk.share(0, 0) if share is None else desk.share(share.numerator, share.denominator)


def _interval(desk: Desk, estimate: Estimate) -> str:
    if estimate.low is None or estimate.high is None:
        return "—"
    star = "" if estimate.exact else "*"
    return f"{_bound(desk, estimate.low, up=False)}–{_bound(desk, estimate.high, up=True)}{star}"


def _bound(desk: Desk, share: Fraction, *, up: bool) -> str:
    return printed_bound(share, desk.plan.rounding, up=up)


def _judgement(desk: Desk, lot: LotVerdict | None) -> str:
    if lot is None:
        return desk.t(words.UNDECIDED) if desk.plan.callbacks.lot else "—"
    return f"{desk.t(SAID[lot.judgement][0])} {lot.failures}/{lot.answers}"
