"""Decide one step of one ticket: pure, from its head and the intent to the next event."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from attrs import evolve

from zoufang.errors import (
    BackwardsError,
    BadValueError,
    DecidedError,
    IllegalStepError,
    LateReturnError,
    MissingPartError,
    SamePersonError,
    StaleError,
    UnknownIdError,
)
from zoufang.model import CampaignPlan, Event, Head, Remedy, Status, Step
from zoufang.rules import clock
from zoufang.rules.deadlines import return_by
from zoufang.rules.lifecycle import BY_EVENT, GONE, allowed_in
from zoufang.rules.parts import Families, part_ids
from zoufang.typing import Text, TicketId, UnitId

EFFECTS: Mapping[Event, Callable[[CampaignPlan, Head, Step], dict[str, Any]]] = {
    Event.ROUTE: lambda plan, head, step: {
        "unit_id": step.unit_id,
        "remedy": None,
        "routed_on": step.on,
        **clock.start(plan, head, step),
    },
    Event.SEND_BACK: lambda plan, head, step: {
        "unit_id": None,
        **clock.send_back(plan, head, step),
        "returned_by": head.returned_by if head.unit_id is None else (*head.returned_by, head.unit_id),
    },
    Event.HANDLE: lambda _, __, step: {"remedy": step.remedy, "asked_days": None},
    Event.APPLY: lambda _, __, step: {"applied_by": step.person_id},
    Event.REFUSE: lambda *_: {"remedy": None, "applied_by": None},
    Event.REVOKE: lambda plan, head, step: {
        "remedy": None,
        "applied_by": None,
        "revoked": head.revoked + 1,
        **clock.reopen(plan, head, step),
    },
    Event.MERGE: lambda _, __, step: {"into": step.into},
    Event.SPLIT: lambda plan, head, step: {
        "unit_id": head.unit_id or step.parts[0],
        **({} if head.due_on else clock.afresh(plan, head, step)),
    },
    Event.RESUME: lambda plan, head, step: {
        "remedy": None,
        "applied_by": None,
        **clock.afresh(plan, head, step),
    },
    Event.GO_ON: clock.go_on,
    Event.ASK_EXTENSION: lambda _, __, step: {"asked_days": step.days},
    Event.GRANT_EXTENSION: clock.grant,
    Event.DENY_EXTENSION: lambda *_: {"asked_days": None},
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
    status = BY_EVENT[event].after or head.status
    return evolve(head, version=head.version + 1, status=status, on=step.on, minute=step.minute, **changes)


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
    _refuse_return(plan, head, event, step)
    _refuse_words(head, event, step)
    clock.check_clock(plan, head, event, step)


def _refuse_return(plan: CampaignPlan, head: Head, event: Event, step: Step) -> None:
    """Refuse a return (退单) that is too late, or of what the office has decided after a return."""
    if event is not Event.SEND_BACK:
        return
    if head.routed_on is not None and step.on > (last := return_by(plan, head.routed_on)):
        raise LateReturnError(ticket_id=head.ticket_id, on=step.on, by=last)
    if head.unit_id is not None and head.unit_id in head.returned_by:
        raise DecidedError(ticket_id=head.ticket_id, unit_id=head.unit_id)


def _refuse_words(head: Head, event: Event, step: Step) -> None:
    """Refuse a merge into itself, a plan date in the past, a reaction to what was resolved, and to resume that."""
    if event is Event.MERGE and step.into == head.ticket_id:
        allowed = Text("另一件诉求", "another ticket")
        raise BadValueError(what="into", id=head.ticket_id, value=str(step.into), allowed=allowed)
    solved = head.remedy in (None, Remedy.RESOLVED)
    if event is Event.HANDLE and step.plan_on is not None and step.plan_on < step.on:
        allowed = Text(f"{step.on} 或更晚", f"{step.on} or later")
        raise BadValueError(what="plan_on", id=head.ticket_id, value=str(step.plan_on), allowed=allowed)
    if step.reaction is not None and (event is not Event.FEED_BACK or solved):
        allowed = Text("仅在反馈部分解决或解释说明时填写", "only when a part or an explanation is fed back")
        raise BadValueError(what="reaction", id=head.ticket_id, value=str(step.reaction), allowed=allowed)
    if event is Event.RESUME and solved:
        allowed = Text("部分解决或解释说明", "partly or explained")
        raise BadValueError(what="remedy", id=head.ticket_id, value=str(head.remedy), allowed=allowed)


def decide_all(
    plan: CampaignPlan, heads: Mapping[str, Head], intents: Sequence[tuple[Event, Step]]
) -> list[tuple[Event, Step, Head]]:
    """Decide many steps in their order; a ticket may appear more than once.

    A split also raises and sends each part; feeding back also tells those whose tickets were merged into this one.

    Args:
        plan: The plan.
        heads: Where each ticket stands before the first step, with its parts, its parent and those merged into it;
            not changed.
        intents: Each an event and its step.

    Returns:
        Each event and step with the head that follows it, what follows of itself among them.

    Raises:
        UnknownIdError: A ticket that has no head.
        RefusedError: Any step is refused; nothing counts then.

    Plan: 四(三)
    """
    families = Families(heads)
    now = families.now
    decided: list[tuple[Event, Step, Head]] = []
    for event, asked in intents:
        try:
            head = now[asked.ticket_id]
        except KeyError:
            raise UnknownIdError(what="ticket", id=asked.ticket_id, known=tuple(heads)[:5]) from None
        step = families.filled(event, asked)
        after = decide(plan, head, event, step)
        families.refuse(event, step)
        other = now.get(step.into) if step.into else None
        if event is Event.MERGE and other is not None and other.status in GONE:
            said = f"{other.ticket_id}, {other.status}"
            raise BadValueError(
                what="into", id=step.ticket_id, value=said, allowed=Text("仍在办理的诉求", "a ticket that goes on")
            )
        for follows in ((event, step, after), *_following(plan, families, event, step)):
            families.put(follows[2])
            decided.append(follows)
    return decided


def _following(plan: CampaignPlan, families: Families, event: Event, step: Step) -> Iterator[tuple[Event, Step, Head]]:
    """Yield what follows of itself: the parts of a split, and those who are told together with the one that went on."""
    if event is Event.SPLIT:
        ids = part_ids(step.ticket_id, families.parts(step.ticket_id), len(step.parts))
        for part_id, unit_id in zip(ids, step.parts, strict=True):
            own = Step(ticket_id=part_id, on=step.on, unit_id=unit_id, person_id=step.person_id)
            head = evolve(raised(part_id, step.on, families.now[step.ticket_id].limit_id), parent_id=step.ticket_id)
            yield Event.RAISE, evolve(own, unit_id=None), head
            yield Event.ROUTE, own, decide(plan, head, Event.ROUTE, own)
    elif event is Event.FEED_BACK:
        for head in families.merged_into(step.ticket_id):
            on = max(step.on, head.on)
            told = Step(ticket_id=head.ticket_id, on=on, person_id=step.person_id, into=step.ticket_id)
            yield Event.TELL, told, decide(plan, head, Event.TELL, told)


def raised(ticket_id: TicketId, on: date, limit_id: str | None = None) -> Head:
    """Return the head of a ticket that was just raised, under a class of time limits if its topic has one.

    Plan: 四(二)
    """
    return Head(ticket_id=ticket_id, version=1, status=Status.RAISED, on=on, limit_id=limit_id)


def solved_on_the_spot(ticket_id: TicketId, on: date, unit_id: UnitId) -> tuple[Head, Head, Head]:
    """Return the three heads of a ticket that was heard, solved and fed back at once.

    Plan: 四(二)
    """
    first = evolve(raised(ticket_id, on), unit_id=unit_id, due_on=on)
    second = evolve(first, version=2, status=Status.HANDLED, remedy=Remedy.RESOLVED)
    return first, second, evolve(second, version=3, status=Status.FED_BACK)
