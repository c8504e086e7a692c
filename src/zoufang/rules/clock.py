"""What each event does to a ticket's clock; an edit or a second import is no event, and moves nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

from zoufang.errors import BadValueError, LimitPassedError, UnknownIdError
from zoufang.model import CampaignPlan, Count, Event, Head, Limit, Parted, Reopened, Rerouted, Status, Step
from zoufang.rules.deadlines import MINUTES_A_DAY, Point, between, end_of, further
from zoufang.typing import Text

Changes = dict[str, Any]


def start(plan: CampaignPlan, head: Head, step: Step) -> Changes:
    """Return the clock of a ticket that is sent to a unit; one that was returned goes on as the plan declares.

    Plan: 四(二)
    """
    rule = plan.deadlines
    limit_id = step.limit_id or head.limit_id
    due = due_of(head)
    if head.status is not Status.RETURNED or due is None or rule.on_reroute is Rerouted.RESTART:
        return {"limit_id": limit_id, **_afresh(plan, rule.limit_of(limit_id), step)}
    if rule.on_reroute is Rerouted.KEEP:
        return {"limit_id": limit_id}
    count = _count(plan, head)
    left = between(plan, count, (head.on, head.minute), due)
    return {"limit_id": limit_id, **_until(further(plan, count, (step.on, step.minute), left))}


def send_back(plan: CampaignPlan, _head: Head, _step: Step) -> Changes:
    """Return the clock of a ticket that its unit returned: gone, where the next unit gets its own time.

    Plan: 四(二)
    """
    if plan.deadlines.on_reroute is Rerouted.RESTART:
        return {"due_on": None, "due_minute": None, "clock": None, "extended_days": 0}
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


def split(plan: CampaignPlan, head: Head, step: Step) -> Changes:
    """Return the clock of a ticket that is split: it cannot be handled before its parts, so it ends not before theirs.

    Plan: 四(二)
    """
    fresh = afresh(plan, head, step)
    if head.due_on is None:
        return fresh
    keeps = plan.deadlines.on_split is Parted.KEEP
    if keeps or _end(fresh["due_on"], fresh["due_minute"]) <= _end(head.due_on, head.due_minute):
        return {}
    return {name: fresh[name] for name in ("due_on", "due_minute", "clock")}


def go_on(plan: CampaignPlan, head: Head, step: Step) -> Changes:
    """Return the clock after a pause: moved by exactly what the pause took, in what the limit counts.

    Nothing follows a pause but its end, so the head's own day and minute are those at which it began.

    Plan: 四(二)
    """
    due = due_of(head)
    if due is None:
        return {}
    count = _count(plan, head)
    took = between(plan, count, (head.on, head.minute), (step.on, step.minute))
    return _until(further(plan, count, due, took))


def grant(plan: CampaignPlan, head: Head, step: Step) -> Changes:
    """Return the clock after a granted extension: so many of the plan's days later, at the same minute.

    Plan: 四(二)
    """
    days = step.days or 0
    changes: Changes = {"asked_days": None, "extended_days": head.extended_days + days}
    if head.due_on is not None:
        changes["due_on"], _ = further(plan, plan.deadlines.count, (head.due_on, None), days)
    return changes


def in_time(_plan: CampaignPlan, head: Head, event: Event, step: Step) -> None:
    """Refuse a pause or more days that are asked for after the limit.

    Raises:
        LimitPassedError: The limit has passed.

    Plan: 四(二)
    """
    due = due_of(head)
    if due is not None and (step.on, step.minute or 0) > _end(*due):
        raise LimitPassedError(event=event, ticket_id=head.ticket_id, on=step.on, due_on=due[0])


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


def due_of(head: Head) -> Point | None:
    """Return the day by which a ticket must be handled, and by the clock the minute; None where it has no limit."""
    return None if head.due_on is None else (head.due_on, head.due_minute)


def _end(on: date, minute: int | None) -> tuple[date, int]:
    """Return a point that can be compared; a whole day ends with its last minute."""
    return on, MINUTES_A_DAY if minute is None else minute


def _count(plan: CampaignPlan, head: Head) -> Count:
    """Return what a ticket's limit counts: what was noted when its clock started."""
    return head.clock or plan.deadlines.limit_of(head.limit_id).count


def _until(point: Point) -> Changes:
    return {"due_on": point[0], "due_minute": point[1]}


def _afresh(plan: CampaignPlan, limit: Limit, step: Step) -> Changes:
    due_on, due_minute = end_of(plan, limit, step.on, step.minute)
    clock = {"due_on": due_on, "due_minute": due_minute, "clock": limit.count}
    return {**clock, "asked_days": None, "extended_days": 0}
