"""Raising what the campaign before handed over, in the commit that opens the ledger of regular work."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from zoufang.campaign.desk import Desk
from zoufang.campaign.record import ticket_cells
from zoufang.campaign.rows import Sheaf
from zoufang.model import Assignment, CampaignPlan, Carried, Event, Head, Part, Source, Step, Ticket
from zoufang.rules import decide, raised
from zoufang.sdk import core_version
from zoufang.typing import UnitId

CORE = "zoufang"
RULE = "carried"
"""In whose name, and by which rule, a carried ticket stays with its unit."""


def raise_carried(desk: Desk, sheaf: Sheaf) -> None:
    """Add a ticket for everything that the plan says was carried over, sent to the unit that held it.

    It keeps its number and the day on which the person raised it. Its time limit is the one that was in force, the day
    that was promised, or the plan's last day where there was neither: a hand-over starts no clock anew. A promise
    stands in the event that raised it, so that the watch list finds it.

    Plan: 四(三), 四(四)
    """
    plan, regular = desk.plan, desk.plan.regular
    if regular is None or regular.follows is None:
        return
    for one in regular.carried:
        on = plan.issued_on if one.raised_on is None else one.raised_on
        ticket = Ticket(one.ticket_id, Source.CARRIED, regular.follows, on, one.topic_id, one.area_id, one.target_id)
        sheaf.ticket(ticket, sheaf.content(*ticket_cells(ticket)))
        head = raised(one.ticket_id, on, plan.deadlines.by_topic.get(one.topic_id))
        promise = Step(one.ticket_id, on, reason=one.reason or "", plan_on=one.plan_on, reaction=one.reaction)
        sheaf.event(Event.RAISE, head._replace(remedy=one.remedy), promise)
        if one.unit_id is not None:
            _send(plan, sheaf, one, one.unit_id, head)


def _send(plan: CampaignPlan, sheaf: Sheaf, one: Carried, unit_id: UnitId, head: Head) -> None:
    step = Step(one.ticket_id, max(plan.issued_on, head.on), unit_id=unit_id)
    sent = decide(plan, head, Event.ROUTE, step)
    limit = _limit(plan, one)
    sheaf.event(Event.ROUTE, sent if limit is None else sent._replace(due_on=limit, due_minute=None), step)
    said = (RULE, CORE, core_version(), f"carried over: {one.why}")
    named = [Assignment(one.ticket_id, unit_id, Part.LEAD, *said)]
    named += [Assignment(one.ticket_id, other, Part.CO, *said) for other in one.co if other != unit_id]
    sheaf.assignments("ticket", defaultdict(lambda: 1), named)


def _limit(plan: CampaignPlan, one: Carried) -> date | None:
    """Return the time limit that goes over; None gives an open ticket that had none a clock of its own."""
    if one.why == "open":
        return one.due_on
    return plan.last_on if one.plan_on is None else one.plan_on
