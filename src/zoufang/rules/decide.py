"""Decide one step of one ticket: pure, from its head and the intent to the next event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from attrs import evolve, frozen

from zoufang.errors import (
    BackwardsError,
    BadValueError,
    IllegalStepError,
    MissingPartError,
    StaleError,
    UnknownIdError,
)
from zoufang.model import CampaignPlan, Event, Head, Remedy, Status, Step
from zoufang.rules.clock import known_limit
from zoufang.rules.effects import EFFECTS, Effect
from zoufang.rules.lifecycle import GONE, TABLE, allowed_in
from zoufang.rules.parts import Families, part_ids
from zoufang.rules.refusals import REFUSALS, Check, refuse_strays
from zoufang.typing import Text, TicketId, UnitId

Decided = tuple[Event, Step, Head]
"""What was decided: the event, its step, and where the ticket stands after it."""


@frozen
class Way:
    """One line of the table in one status, with all that the event checks and changes.

    Args:
        after: The status that follows.
        needs: Parts of a step without which it is refused.
        refusals: Checks of this event alone.
        effect: What it changes besides the status.
    """

    after: Status
    needs: tuple[str, ...]
    refusals: tuple[Check, ...]
    effect: Effect


WAYS: Mapping[tuple[Status, Event], Way] = {
    (before, line.event): Way(line.after or before, line.needs, REFUSALS[line.event], EFFECTS[line.event])
    for line in TABLE
    for before in line.before
}
"""The table, looked up by where a ticket stands and what is to happen."""


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
    way = WAYS.get((head.status, event))
    if step.version is not None and step.version != head.version:
        raise StaleError(ticket_id=step.ticket_id, version=step.version, now=head.version)
    if way is None:
        allowed = tuple(allowed_in(head.status))
        raise IllegalStepError(event=event, ticket_id=step.ticket_id, status=head.status, allowed=allowed)
    for part in way.needs:
        if not getattr(step, part):
            raise MissingPartError(event=event, ticket_id=step.ticket_id, needs=part)
    if step.reason and step.reason not in plan.reasons:
        raise UnknownIdError(what="reason", id=step.reason, known=tuple(plan.reasons))
    if step.on <= head.on:
        _refuse_going_back(head, event, step)
    if step.limit_id:
        known_limit(plan, step.limit_id)
    if step.into or step.plan_on or step.reaction:
        refuse_strays(event, step)
    for refuse in way.refusals:
        refuse(plan, head, event, step)
    return head.then(way.after, step, way.effect(plan, head, step))


def _refuse_going_back(head: Head, event: Event, step: Step) -> None:
    """Refuse a step before the day of the last one, or before a minute of it at which something happened already."""
    latest = head.latest_on(step.on)
    known = step.minute is not None and latest is not None
    if step.on < head.on or (known and (step.minute or 0) < (latest or 0)):
        raise BackwardsError(event, step.ticket_id, step.on, head.on, step.minute, latest)


def decide_all(plan: CampaignPlan, heads: Mapping[str, Head], intents: Sequence[tuple[Event, Step]]) -> list[Decided]:
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
    decided: list[Decided] = []
    for event, step in intents:
        decided += decide_next(plan, families, event, step)
    return decided


def decide_next(plan: CampaignPlan, families: Families, event: Event, step: Step) -> Sequence[Decided]:
    """Decide the next of many steps, and take note of where the tickets stand after it.

    Args:
        plan: The plan.
        families: Where all tickets stand; changed by what is decided.
        event: What is to happen.
        step: Who, when and how.

    Returns:
        The event and step with the head that follows, then what follows of itself.

    Raises:
        UnknownIdError: A ticket that has no head.
        RefusedError: The step is refused.

    Plan: 四(二), 四(三)
    """
    head = families.now.get(step.ticket_id)
    if head is None:
        raise UnknownIdError(what="ticket", id=step.ticket_id, known=tuple(families.now)[:5])
    if not families.alone(head, event):
        return _decide_among_kin(plan, families, event, step)
    families.now[step.ticket_id] = after = decide(plan, head, event, step)
    return ((event, step, after),)


def _decide_among_kin(plan: CampaignPlan, families: Families, event: Event, asked: Step) -> Sequence[Decided]:
    """Decide a step on which other tickets have a say, or that has a say on others; with what follows of itself."""
    now = families.now
    step = families.filled(event, asked)
    after = decide(plan, now[step.ticket_id], event, step)
    families.refuse(event, step)
    other = now.get(step.into) if step.into else None
    if event is Event.MERGE and other is not None and other.status in GONE:
        said = f"{other.ticket_id}, {other.status}"
        raise BadValueError(
            what="into", id=step.ticket_id, value=said, allowed=Text("仍在办理的诉求", "a ticket that goes on")
        )
    decided: list[Decided] = []
    for follows in ((event, step, after), *_following(plan, families, event, step)):
        families.put(follows[2])
        decided.append(follows)
    return decided


def _following(plan: CampaignPlan, families: Families, event: Event, step: Step) -> Iterator[Decided]:
    """Yield what follows of itself: the parts of a split, and those who are told together with the one that went on."""
    if event is Event.SPLIT:
        ids = part_ids(step.ticket_id, families.parts(step.ticket_id), len(step.parts))
        for part_id, unit_id in zip(ids, step.parts, strict=True):
            own = Step(part_id, step.on, unit_id, step.person_id, minute=step.minute)
            limit_id = families.now[step.ticket_id].limit_id
            head = raised(part_id, step.on, limit_id)._replace(parent_id=step.ticket_id, minute=step.minute)
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
    first = raised(ticket_id, on)._replace(unit_id=unit_id, due_on=on)
    second = first._replace(version=2, status=Status.HANDLED, remedy=Remedy.RESOLVED)
    return first, second, second._replace(version=3, status=Status.FED_BACK)
