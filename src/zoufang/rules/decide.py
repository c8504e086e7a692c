"""Decide one step of one ticket: pure, from its head and the intent to the next event."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from attrs import evolve

from zoufang.errors import (
    BackwardsError,
    BadValueError,
    IllegalStepError,
    MissingPartError,
    SamePersonError,
    StaleError,
    UnknownIdError,
)
from zoufang.model import CampaignPlan, Event, Head, Remedy, Status, Step
from zoufang.rules.deadlines import due_after
from zoufang.rules.lifecycle import BY_EVENT, GONE, allowed_in
from zoufang.typing import Text, TicketId, UnitId

EFFECTS: Mapping[Event, Callable[[CampaignPlan, Head, Step], dict[str, Any]]] = {
    Event.ROUTE: lambda plan, _, step: {"unit_id": step.unit_id, "due_on": due_after(plan, step.on), "remedy": None},
    Event.SEND_BACK: lambda *_: {"unit_id": None, "due_on": None},
    Event.HANDLE: lambda _, __, step: {"remedy": step.remedy},
    Event.APPLY: lambda _, __, step: {"applied_by": step.person_id},
    Event.REFUSE: lambda *_: {"remedy": None, "applied_by": None},
    Event.REVOKE: lambda plan, head, step: {
        "remedy": None,
        "applied_by": None,
        "due_on": due_after(plan, step.on),
        "revoked": head.revoked + 1,
    },
}
"""What an event changes besides the status: the holder, the time limit, the remedy, the first key."""


def decide(plan: CampaignPlan, head: Head, event: Event, step: Step) -> Head:
    """Return where a ticket stands after a step, or refuse it.

    Args:
        plan: Its closing rules, reason codes, deadlines and calendar apply.
        head: Where the ticket stands.
        event: What is to happen.
        step: Who, when and how.

    Returns:
        The head after the event, its version one higher.

    Raises:
        RefusedError: The table, the two keys, the order of days or the version forbid it.

    Plan: 四(二), 四(三), 五(三)
    """
    _refuse(plan, head, event, step)
    effect = EFFECTS.get(event)
    changes = {} if effect is None else effect(plan, head, step)
    return evolve(head, version=head.version + 1, status=BY_EVENT[event].after, on=step.on, **changes)


def _refuse(plan: CampaignPlan, head: Head, event: Event, step: Step) -> None:
    line = BY_EVENT[event]
    ticket_id = step.ticket_id
    if step.version is not None and step.version != head.version:
        raise StaleError(ticket_id=ticket_id, version=step.version, now=head.version)
    if head.status not in line.before:
        raise IllegalStepError(
            event=event, ticket_id=ticket_id, status=head.status, allowed=tuple(allowed_in(head.status))
        )
    for part in line.needs:
        if not getattr(step, part):
            raise MissingPartError(event=event, ticket_id=ticket_id, needs=part)
    if event is Event.HANDLE and step.remedy is not Remedy.RESOLVED and not step.reason:
        raise MissingPartError(event=event, ticket_id=ticket_id, needs="reason")
    if step.reason and step.reason not in plan.reasons:
        raise UnknownIdError(what="reason", id=step.reason, known=tuple(plan.reasons))
    if step.on < head.on:
        raise BackwardsError(event=event, ticket_id=ticket_id, on=step.on, last_on=head.on)
    if event is Event.CLOSE and plan.closing.two_keys and step.person_id == head.applied_by:
        raise SamePersonError(ticket_id=ticket_id, person_id=str(step.person_id))
    if event is Event.MERGE and step.into == ticket_id:
        raise BadValueError(
            what="into", id=ticket_id, value=str(step.into), allowed=Text("另一件诉求", "another ticket")
        )


def decide_all(
    plan: CampaignPlan, heads: Mapping[str, Head], intents: Sequence[tuple[Event, Step]]
) -> list[tuple[Event, Step, Head]]:
    """Decide many steps in their order; a ticket may appear more than once.

    Args:
        plan: The plan.
        heads: Where each ticket stands before the first step; not changed.
        intents: Each an event and its step.

    Returns:
        Each event and step with the head that follows it.

    Raises:
        UnknownIdError: A ticket that has no head.
        RefusedError: Any step is refused; nothing counts then.

    Plan: 四(三)
    """
    now = dict(heads)
    decided: list[tuple[Event, Step, Head]] = []
    for event, step in intents:
        try:
            head = now[step.ticket_id]
        except KeyError:
            raise UnknownIdError(what="ticket", id=step.ticket_id, known=tuple(heads)[:5]) from None
        now[step.ticket_id] = after = decide(plan, head, event, step)
        other = now.get(step.into) if step.into else None
        if event is Event.MERGE and other is not None and other.status in GONE:
            said = f"{other.ticket_id}, {other.status}"
            raise BadValueError(
                what="into", id=step.ticket_id, value=said, allowed=Text("仍在办理的诉求", "a ticket that goes on")
            )
        decided.append((event, step, after))
    return decided


def raised(ticket_id: TicketId, on: date) -> Head:
    """Return the head of a ticket that was just raised.

    Plan: 四(二)
    """
    return Head(ticket_id=ticket_id, version=1, status=Status.RAISED, on=on)


def solved_on_the_spot(ticket_id: TicketId, on: date, unit_id: UnitId) -> tuple[Head, Head, Head]:
    """Return the three heads of a ticket that was heard, solved and fed back at once.

    Plan: 四(二)
    """
    first = evolve(raised(ticket_id, on), unit_id=unit_id, due_on=on)
    second = evolve(first, version=2, status=Status.HANDLED, remedy=Remedy.RESOLVED)
    return first, second, evolve(second, version=3, status=Status.FED_BACK)
