"""Metrics of call-backs: what people say, over those who said something."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from zoufang.analysis.event_metrics import nth
from zoufang.analysis.metric import Cases, Metric, Window, hit
from zoufang.analysis.standing import places
from zoufang.analysis.ticket_metrics import TICKET_GRAINS
from zoufang.facts import Tables
from zoufang.model import CallOutcome
from zoufang.typing import Text


def rated(tables: Tables, window: Window, rating: str) -> sa.Subquery:
    """Return the last valid rating of each closing that was asked about: reached, and the question answered.

    Columns:
        ticket_id, closing, unit_id (that had closed it), said (1 yes, 0 no).
    """
    c = tables.callbacks.c
    turn = sa.func.row_number().over(partition_by=(c.ticket_id, c.closing), order_by=c.attempt.desc())
    valid = (
        sa.select(c.ticket_id, c.closing, c.unit_id, c.on, c[rating].label("said"), turn.label("turn"))
        .where(
            c.outcome == str(CallOutcome.REACHED),
            c[rating].is_not(None),
            *window.known(tables.callbacks),
        )
        .subquery("valid")
    )
    return (
        sa.select(valid.c.ticket_id, valid.c.closing, valid.c.unit_id, valid.c.said)
        .where(valid.c.turn == 1, *window.begun(valid.c.on))
        .subquery("rated")
    )


def _placed(tables: Tables, window: Window, asked: sa.Subquery) -> sa.Select[Any]:
    """Return one case per closing asked about, from a subquery with ticket_id, closing, unit_id and said."""
    p = places(tables, Window(as_of=window.as_of, to_on=window.to_on))
    return sa.select(
        nth(asked.c.ticket_id, asked.c.closing),
        hit(asked.c.said == 1),
        asked.c.unit_id,
        p.c.community,
        p.c.kind,
        p.c.topic_id,
        p.c.source,
    ).join_from(asked, p, p.c.ticket_id == asked.c.ticket_id)


def _ratings(rating: str) -> Cases:
    return lambda tables, window: _placed(tables, window, rated(tables, window, rating))


def _drawn(tables: Tables, window: Window) -> sa.Select[Any]:
    """Return each closing drawn in the window; a hit was reached by any attempt."""
    d, c, e = tables.draws.c, tables.callbacks.c, tables.ticket_events.c
    reached = (
        sa.select(c.ticket_id, c.closing)
        .where(c.outcome == str(CallOutcome.REACHED), *window.known(tables.callbacks))
        .group_by(c.ticket_id, c.closing)
        .subquery("reached")
    )
    said = sa.case((reached.c.ticket_id.is_not(None), 1), else_=0).label("said")
    same = sa.and_(reached.c.ticket_id == d.ticket_id, reached.c.closing == d.closing)
    asked = (
        sa.select(d.ticket_id, d.closing, e.unit_id, said)
        .select_from(tables.draws)
        .join(tables.ticket_events, sa.and_(e.ticket_id == d.ticket_id, e.version == d.closing))
        .outerjoin(reached, same)
        .where(*window.known(tables.draws), *window.begun(d.on))
        .subquery("asked")
    )
    return _placed(tables, window, asked)


SOLVED = Metric(
    id="solved",
    version=1,
    label=Text(zh="解决率（回访）", en="Said solved, on call-back"),
    clause="五(三)",
    doc=Text(
        zh="分母：回访接通且对“是否解决”作答的销号，每次销号取最后一次有效回答；分子：答“已解决”。"
        "未接通、拒访、未作答的不进分母。责任单位按销号时的单位。",
        en="Of the closings whose person was reached and said whether it is solved, by the last valid answer to each, "
        "those said to be solved. Unreachable, refused and unanswered leave the denominator. The unit is the one that "
        "had closed it.",
    ),
    cases=_ratings("solved"),
    grains=TICKET_GRAINS,
)
SATISFIED = Metric(
    id="satisfied",
    version=1,
    label=Text(zh="满意率（回访）", en="Said satisfied, on call-back"),
    clause="五(三)",
    doc=Text(
        zh="分母：回访接通且对“是否满意”作答的销号，每次销号取最后一次有效回答；分子：答“满意”。"
        "未接通、拒访、未评价的不进分母。责任单位按销号时的单位。",
        en="Of the closings whose person was reached and rated them, by the last valid rating of each, those rated "
        "satisfied. Unreachable, refused and unrated leave the denominator. The unit is the one that had closed it.",
    ),
    cases=_ratings("satisfied"),
    grains=TICKET_GRAINS,
)
REACHED = Metric(
    id="reached",
    version=1,
    label=Text(zh="回访接通率", en="Drawn closings reached"),
    clause="五(三)",
    doc=Text(
        zh="分母：期内抽中回访的销号；分子：任一次回访接通。",
        en="Of the closings drawn in the window, those whose person was reached by any attempt.",
    ),
    cases=_drawn,
    grains=TICKET_GRAINS,
)

CALLBACK_METRICS: tuple[Metric, ...] = (SOLVED, SATISFIED, REACHED)
"""Every metric of call-backs.

Plan: 五(三)
"""
