"""What each event does to a ticket's clock; an edit or a second import is no event, and moves nothing."""

from __future__ import annotations

from typing import Any

from zoufang.errors import BadValueError, LimitPassedError, UnknownIdError
from zoufang.model import CampaignPlan, Event, Head, Limit, Reopened, Rerouted, Status, Step
from zoufang.rules.deadlines import days_between, end_of, moved
from zoufang.typing import Text

Changes = dict[str, Any]


def start(plan: CampaignPlan, head: Head, step: Step) -> Changes:
    """Return the clock of a ticket that is sent to a unit; one that was returned goes on as the plan declares.

    Plan: 四(二)
    """
    rule = plan.deadlines
    limit_id = step.limit_id or head.limit_id
    limit = rule.limit_of(limit_id)
    if head.status is Status.RETURNED and head.due_on is not None and rule.on_reroute is not Rerouted.RESTART:
        if rule.on_reroute is Rerouted.KEEP:
            return {"limit_id": limit_id}
        left = days_between(plan, limit.count, head.on, head.due_on)
        return {"limit_id": limit_id, "due_on": moved(plan, limit.count, step.on, left)}
    return {"limit_id": limit_id, **_afresh(plan, limit, step)}


def send_back(plan: CampaignPlan, _head: Head, _step: Step) -> Changes:
    """Return the clock of a ticket that its unit returned: gone, where the next unit gets its own time.

    Plan: 四(二)
    """
    if plan.deadlines.on_reroute is Rerouted.RESTART:
        return {"due_on": None, "due_minute": None, "extended_days": 0}
    return {}


def reopen(plan: CampaignPlan, head: Head, step: Step) -> Changes:
    """Return the clock of a ticket whose closing was revoked, as the plan declares.

    Plan: 四(三), 五(三)
    """
    rule = plan.deadlines
    if rule.on_reopen is Reopened.KEEP and head.due_on is not None:
        return {}
    own = rule.limit_of(head.limit_id) if rule.reopen_days is None else Limit(rule.reopen_days, rule.count)
    return _afresh(plan, own, step)


def afresh(plan: CampaignPlan, head: Head, step: Step) -> Changes:
    """Return a new clock by the ticket's own limit.

    Plan: 四(二)
    """
    return _afresh(plan, plan.deadlines.limit_of(head.limit_id), step)


def go_on(plan: CampaignPlan, head: Head, step: Step) -> Changes:
    """Return the clock after a pause: moved by exactly the days that the pause took.

    Nothing follows a pause but its end, so the head's own day is the first day of the pause.

    Plan: 四(二)
    """
    if head.due_on is None:
        return {}
    count = plan.deadlines.limit_of(head.limit_id).count
    return {"due_on": moved(plan, count, head.due_on, days_between(plan, count, head.on, step.on))}


def grant(plan: CampaignPlan, head: Head, step: Step) -> Changes:
    """Return the clock after a granted extension.

    Plan: 四(二)
    """
    days = step.days or 0
    changes: Changes = {"asked_days": None, "extended_days": head.extended_days + days}
    if head.due_on is not None:
        count = plan.deadlines.limit_of(head.limit_id).count
        changes["due_on"] = moved(plan, count, head.due_on, days)
    return changes


def in_time(_plan: CampaignPlan, head: Head, event: Event, step: Step) -> None:
    """Refuse a pause or more days that are asked for after the limit.

    Raises:
        LimitPassedError: The limit has passed.

    Plan: 四(二)
    """
    if head.due_on is not None and step.on > head.due_on:
        raise LimitPassedError(event=event, ticket_id=head.ticket_id, on=step.on, due_on=head.due_on)


def days_allowed(plan: CampaignPlan, head: Head, _event: Event, step: Step) -> None:
    """Refuse more days than the plan allows in all, or than were asked for.

    Raises:
        BadValueError: With how many are allowed.

    Plan: 四(二)
    """
    most = plan.deadlines.extension_days - head.extended_days
    if head.asked_days is not None:
        most = min(most, head.asked_days)
    if not 1 <= (step.days or 0) <= most:
        allowed = Text(f"至少 1 天，至多 {most} 天", f"at least 1 and at most {most}")
        raise BadValueError(what="days", id=head.ticket_id, value=str(step.days), allowed=allowed)


def known_limit(plan: CampaignPlan, limit_id: str) -> None:
    """Refuse a class of time limits that the plan does not have.

    Raises:
        UnknownIdError: With those that it has.

    Plan: 四(二)
    """
    if all(line.id != limit_id for line in plan.deadlines.classes):
        raise UnknownIdError(what="limit", id=limit_id, known=tuple(line.id for line in plan.deadlines.classes))


def _afresh(plan: CampaignPlan, limit: Limit, step: Step) -> Changes:
    due_on, due_minute = end_of(plan, limit, step.on, step.minute)
    return {"due_on": due_on, "due_minute": due_minute, "asked_days": None, "extended_days": 0}
