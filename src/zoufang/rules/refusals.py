"""What a single event is refused for, beyond what the table says of every one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zoufang.errors import (
    BadValueError,
    BeforeItsDayError,
    DecidedError,
    LateReturnError,
    MissingPartError,
    SamePersonError,
)
from zoufang.model import CampaignPlan, Event, Head, Remedy, Step
from zoufang.rules import clock
from zoufang.rules.deadlines import return_by
from zoufang.typing import Text

Check = Callable[[CampaignPlan, Head, Event, Step], None]


def _late_return(plan: CampaignPlan, head: Head, _event: Event, step: Step) -> None:
    """Refuse a return (退单) after its limit, and of what the office has decided after a return."""
    if head.routed_on is not None and step.on > (last := return_by(plan, head.routed_on)):
        raise LateReturnError(ticket_id=head.ticket_id, on=step.on, by=last)
    if head.unit_id is not None and head.unit_id in head.returned_by:
        raise DecidedError(ticket_id=head.ticket_id, unit_id=head.unit_id)


def _unexplained(_plan: CampaignPlan, head: Head, event: Event, step: Step) -> None:
    """Refuse a remedy that is not whole and says not why, and a promise for a day that has passed."""
    if step.remedy is not Remedy.RESOLVED and not step.reason:
        raise MissingPartError(event=event, ticket_id=head.ticket_id, needs="reason")
    if step.plan_on is not None and step.plan_on < step.on:
        allowed = Text(f"{step.on} 或更晚", f"{step.on} or later")
        raise BadValueError(what="plan_on", id=head.ticket_id, value=str(step.plan_on), allowed=allowed)


def _same_person(plan: CampaignPlan, head: Head, _event: Event, step: Step) -> None:
    """Refuse the second key in the hand that turned the first."""
    if plan.closing.two_keys and step.person_id == head.applied_by:
        raise SamePersonError(ticket_id=head.ticket_id, person_id=str(step.person_id))


def _into_itself(_plan: CampaignPlan, head: Head, _event: Event, step: Step) -> None:
    if step.into == head.ticket_id:
        allowed = Text("另一件诉求", "another ticket")
        raise BadValueError(what="into", id=head.ticket_id, value=str(step.into), allowed=allowed)


def _solved_already(_plan: CampaignPlan, head: Head, _event: Event, _step: Step) -> None:
    if head.remedy in (None, Remedy.RESOLVED):
        allowed = Text("部分解决或解释说明", "partly or explained")
        raise BadValueError(what="remedy", id=head.ticket_id, value=str(head.remedy), allowed=allowed)


def _before_its_day(_plan: CampaignPlan, head: Head, _event: Event, step: Step) -> None:
    """Refuse to go on with what was promised for a later day, unless it is said why."""
    if head.plan_on is not None and step.on < head.plan_on and not step.reason:
        raise BeforeItsDayError(ticket_id=head.ticket_id, on=step.on, plan_on=head.plan_on)


BELONGS: Mapping[str, tuple[frozenset[Event], Text]] = {
    "into": (frozenset({Event.MERGE, Event.TELL}), Text("仅在并案时填写", "only with a merge")),
    "plan_on": (frozenset({Event.HANDLE}), Text("仅在办结时填写", "only when it is handled")),
    "reaction": (
        frozenset({Event.FEED_BACK}),
        Text("仅在反馈部分解决或解释说明时填写", "only when a part or an explanation is fed back"),
    ),
}
"""Parts of a step that are recorded as they are given, the events to which they belong, and how that is said."""


def refuse_strays(event: Event, step: Step) -> None:
    """Refuse a part of a step that would be recorded with an event to which it does not belong.

    Raises:
        BadValueError: With when it is given.

    Plan: 四(三)
    """
    for part, (events, allowed) in BELONGS.items():
        said = getattr(step, part)
        if said is not None and event not in events:
            raise BadValueError(what=part, id=step.ticket_id, value=str(said), allowed=allowed)


def _nothing_to_react_to(_plan: CampaignPlan, head: Head, _event: Event, step: Step) -> None:
    if step.reaction is not None and head.remedy in (None, Remedy.RESOLVED):
        allowed = BELONGS["reaction"][1]
        raise BadValueError(what="reaction", id=head.ticket_id, value=str(step.reaction), allowed=allowed)


REFUSALS: Mapping[Event, tuple[Check, ...]] = dict.fromkeys(Event, ()) | {
    Event.SEND_BACK: (_late_return,),
    Event.HANDLE: (_unexplained,),
    Event.FEED_BACK: (_nothing_to_react_to,),
    Event.CLOSE: (_same_person,),
    Event.MERGE: (_into_itself,),
    Event.RESUME: (_solved_already, _before_its_day),
    Event.PAUSE: (clock.in_time,),
    Event.ASK_EXTENSION: (clock.in_time, clock.days_allowed),
    Event.GRANT_EXTENSION: (clock.days_allowed,),
}
"""From each event to the checks that it alone has to pass.

Plan: 四(二), 四(三), 五(三)
"""
