"""Metrics of what happened to tickets on the way: returns, first responses, late entry."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from zoufang.analysis.lateness import frozen_at
from zoufang.analysis.metric import Cases, Metric, Window, hit
from zoufang.analysis.standing import history, places
from zoufang.analysis.ticket_metrics import TICKET_GRAINS
from zoufang.facts import Tables
from zoufang.model import CampaignPlan, Event
from zoufang.typing import Text

BEFORE, AFTER = timedelta(days=31), timedelta(days=92)


def nth(ticket_id: Any, version: Any) -> sa.Label[str]:
    """Return the case id of one thing that happened to a ticket: ``T-1#4``."""
    number: sa.Label[str] = (ticket_id + "#" + sa.cast(version, sa.String(20))).label("case_id")
    return number


def returns(tables: Tables, window: Window, *, parts: bool = False) -> sa.Select[Any]:
    """Return each return in the window, of tickets or of parts, under the unit that had been sent it."""
    h = history(tables, window)
    p = places(tables, window.from_the_start, parts=parts)
    return (
        sa.select(
            nth(h.c.ticket_id, h.c.version),
            sa.literal_column("1").label("hit"),
            h.c.unit_before.label("unit_id"),
            p.c.community,
            p.c.kind,
            p.c.topic_id,
            p.c.source,
        )
        .join_from(h, p, p.c.ticket_id == h.c.ticket_id)
        .where(h.c.event == str(Event.SEND_BACK), *window.begun(h.c.on))
    )


def _responded(plan: CampaignPlan) -> Cases:
    first, last = plan.first_on - BEFORE, plan.last_on + AFTER
    days = (first + timedelta(days=i) for i in range((last - first).days + 1))
    limits = {day: plan.working_days.add_working_days(day, plan.deadlines.return_days) for day in days}

    def cases(tables: Tables, window: Window) -> sa.Select[Any]:
        h = history(tables, window)
        p = places(tables, window.from_the_start)
        sent = (
            sa.select(h.c.ticket_id, h.c.version, h.c.unit_id, h.c.event_after, h.c.on_after)
            .add_columns(sa.case(limits, value=h.c.on).label("limit_on"))
            .where(h.c.event == str(Event.ROUTE), *window.begun(h.c.on))
            .subquery("sent")
        )
        answered = sent.c.event_after.in_((str(Event.ACCEPT), str(Event.SEND_BACK)))
        ripe = sa.true() if window.everything_due else sent.c.limit_on < window.to_on
        return (
            sa.select(
                nth(sent.c.ticket_id, sent.c.version),
                hit(sa.and_(answered, sent.c.on_after <= sent.c.limit_on)),
                sent.c.unit_id,
                p.c.community,
                p.c.kind,
                p.c.topic_id,
                p.c.source,
            )
            .join_from(sent, p, p.c.ticket_id == sent.c.ticket_id)
            .where(
                sent.c.limit_on.is_not(None),
                # Whatever came instead of an answer, a withdrawal say, came too late to spare the unit one.
                sa.or_(answered, sa.and_(sent.c.event_after.is_(None), ripe), sent.c.on_after > sent.c.limit_on),
            )
        )

    return cases


def responded_in_time(plan: CampaignPlan) -> Metric:
    """Return the metric of first responses: it needs the plan's return time limit and its working days.

    Plan: 四(二)
    """
    return Metric(
        id="responded_in_time",
        version=2,
        label=Text(zh="按期响应率", en="Dispatches answered in time"),
        clause="四(二)",
        doc=Text(
            zh="分母：期内每次派单中已答复的，或过了退单时限没有答复的，时限之后撤诉、并案、分解的也算；"
            "分子：在退单时限内受理或说明理由退回。",
            en="Of the dispatches in the window that were answered, or whose time for a return passed without an "
            "answer, even if the ticket was withdrawn, merged or split later, those accepted or returned within that "
            "time.",
        ),
        cases=_responded(plan),
        grains=TICKET_GRAINS,
    )


def _late_tickets(tables: Tables, window: Window) -> sa.Select[Any]:
    """Return each ticket; a hit was recorded after the dispatch that covers its day had been frozen."""
    t = tables.tickets.c
    p = places(tables, window)
    frozen = frozen_at(tables, tables.tickets, window)
    return sa.select(
        p.c.ticket_id.label("case_id"),
        hit(t.commit_seq > frozen.c.as_of),
        p.c.community,
        p.c.kind,
        p.c.topic_id,
        p.c.source,
    ).select_from(p.join(tables.tickets, t.ticket_id == p.c.ticket_id).outerjoin(frozen, frozen.c.on == p.c.raised_on))


RETURNED = Metric(
    id="returned",
    version=1,
    label=Text(zh="退单次数", en="Dispatches returned"),
    clause="四(二)",
    doc=Text(
        zh="期内退单的次数，记在退单的单位名下；一件诉求退两次计两次。",
        en="Returns in the window, under the unit that returned; a ticket returned twice counts twice.",
    ),
    cases=returns,
    grains=TICKET_GRAINS,
    counts=True,
)
LATE_TICKETS = Metric(
    id="late_tickets",
    version=1,
    label=Text(zh="诉求迟报比例", en="Tickets recorded late"),
    clause="五(二)",
    doc=Text(
        zh="分母：期内提出的诉求；分子：包含其提出日的调度已经定稿之后才录入的。以提交次序判定，不看录入时钟。",
        en="Of the tickets raised in the window, those recorded after the dispatch that covers their day was frozen; "
        "told by the order of commits, never by a clock.",
    ),
    cases=_late_tickets,
    grains=("community", "kind", "topic_id", "source"),
)

EVENT_METRICS: tuple[Metric, ...] = (RETURNED, LATE_TICKETS)
"""Every metric of what happened on the way that needs no plan.

Plan: 四(二), 五(二)
"""
