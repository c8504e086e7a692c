"""Tickets (诉求): demands as they are tracked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from attrs import field, frozen
from attrs.converters import optional

from zoufang.model.limits import Count
from zoufang.typing import AreaId, PersonId, TargetId, TicketId, TopicId, UnitId


class Source(StrEnum):
    """Where a ticket comes from; ``carried`` is what the campaign before handed over, and comes by no other door.

    Plan: 四(二), 四(四)
    """

    VISIT = "visit"
    CALL = "call"
    LETTER = "letter"
    HIGHER = "higher"
    CARRIED = "carried"


class Track(StrEnum):
    """On the spot, or jointly by the units to which the office sends it.

    Plan: 四(二)
    """

    ON_THE_SPOT = "on_the_spot"
    JOINT = "joint"


class Status(StrEnum):
    """Where a ticket stands after its last event."""

    __hash__ = str.__hash__  # looked up at every step; the hash of Enum is a call of Python

    RAISED = "raised"
    ROUTED = "routed"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    HANDLED = "handled"
    FED_BACK = "fed_back"
    APPLIED = "applied"
    CLOSED = "closed"
    STRUCK = "struck"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    SPLIT = "split"
    PAUSED = "paused"
    EXTENDING = "extending"


class Event(StrEnum):
    """What may happen to a ticket, as verbs."""

    __hash__ = str.__hash__  # as for Status

    RAISE = "raise"
    ROUTE = "route"
    ACCEPT = "accept"
    SEND_BACK = "send_back"
    HANDLE = "handle"
    FEED_BACK = "feed_back"
    APPLY = "apply"
    CLOSE = "close"
    REFUSE = "refuse"
    REVOKE = "revoke"
    STRIKE = "strike"
    WITHDRAW = "withdraw"
    MERGE = "merge"
    SPLIT = "split"
    RESUME = "resume"
    TELL = "tell"
    PAUSE = "pause"
    GO_ON = "go_on"
    ASK_EXTENSION = "ask_extension"
    GRANT_EXTENSION = "grant_extension"
    DENY_EXTENSION = "deny_extension"


class Remedy(StrEnum):
    """What handling came to; only ``resolved`` counts as solved.

    Plan: 四(三)
    """

    RESOLVED = "resolved"
    PARTLY = "partly"
    EXPLAINED = "explained"


class Reaction(StrEnum):
    """How a person took an explanation.

    Plan: 四(三)
    """

    ACCEPTED = "accepted"
    UNWILLING = "unwilling"
    UNKNOWN = "unknown"


@frozen
class Ticket:
    """One demand as it was raised.

    Args:
        id: The ticket's number.
        source: Where it comes from.
        source_id: The visit, call or letter it comes from; of a carried one the plan of the campaign before.
        on: The day it was raised.
        topic_id: What it is about.
        area_id: Where it is, if known.
        target_id: Whose it is, if on the roster.
        track: On the spot or joint.
        said: What the person said. Private.
        contact: How to reach the person. Private.
        parent_id: The ticket of which it is a part, where the office has split one; never given from outside.
    """

    id: TicketId
    source: Source = field(converter=Source)
    source_id: str
    on: date
    topic_id: TopicId
    area_id: AreaId | None = None
    target_id: TargetId | None = None
    track: Track = field(default=Track.JOINT, converter=Track)
    said: str = field(default="", repr=False)
    contact: str = field(default="", repr=False)
    parent_id: TicketId | None = None


@frozen
class Step:
    """What somebody wants to do to one ticket: the intent, not yet the fact.

    Args:
        ticket_id: To which ticket.
        on: The day it happened.
        unit_id: Which unit did it.
        person_id: Which person did it; needed for the two keys of closing.
        remedy: With ``handle``: what it came to.
        reason: A reason code of the plan, with ``send_back``, ``refuse``, ``revoke``, ``strike``, an explained remedy,
            or a ``resume`` before the promised day.
        plan_on: With an explained remedy: when it can be done.
        into: With ``merge``: the ticket that goes on.
        note: Free words. Private.
        version: The version the writer saw; None does not check.
        parts: With ``split``: the units among which the ticket is split, one part for each, the lead first.
        reaction: With ``feed_back`` of an explanation: how the person took it; None is not known.
        days: With ``ask_extension`` and ``grant_extension``: how many days more, at least 1.
        limit_id: With ``route``: the class of time limits it falls under; None takes the topic's.
        minute: Minute of the day at which it happened, 0 to 1439, if known; a limit in hours counts from it.
    """

    ticket_id: TicketId
    on: date
    unit_id: UnitId | None = None
    person_id: PersonId | None = None
    remedy: Remedy | None = field(default=None, converter=optional(Remedy))
    reason: str = ""
    plan_on: date | None = None
    into: TicketId | None = None
    note: str = field(default="", repr=False)
    version: int | None = None
    parts: tuple[UnitId, ...] = ()
    reaction: Reaction | None = field(default=None, converter=optional(Reaction))
    days: int | None = None
    limit_id: str | None = None
    minute: int | None = None


class Head(NamedTuple):
    """Where a ticket stands: the fold of its events.

    A tuple, since there is one for each step of each ticket: it is made in a fraction of the time, and the garbage
    collector need not look at it.

    Args:
        ticket_id: Which ticket.
        version: Number of its last event, from 1.
        status: Its status after that event.
        on: The day of the last event.
        minute: Minute of the day of the last event, if known.
        unit_id: The unit that holds it.
        due_on: By when it must be handled, if it was routed.
        due_minute: Minute of ``due_on`` by which it must be handled, 0 to 1440; None means the whole day.
        clock: What its time limit counts, if it has one.
        limit_id: The class of time limits it was sent under, if any.
        asked_days: Days more that are asked for and not answered yet, if any.
        extended_days: Days that were granted since its clock last started.
        remedy: The last remedy, if it was handled.
        applied_by: Who applied for closing, if anybody did.
        revoked: How often its closing was revoked.
        routed_on: The day it was last sent to a unit.
        returned_by: The units that returned it, in their order; so many times it bounced.
        parent_id: The ticket of which it is a part, if it is one.
        into: The ticket that goes on for it, once it was merged.
        plan_on: The day for which its last remedy promises the rest, if it names one.
        latest_minute: The latest minute known of that day, also where that of the last event is not.
    """

    ticket_id: TicketId
    version: int
    status: Status
    on: date
    minute: int | None = None
    unit_id: UnitId | None = None
    due_on: date | None = None
    due_minute: int | None = None
    clock: Count | None = None
    limit_id: str | None = None
    asked_days: int | None = None
    extended_days: int = 0
    remedy: Remedy | None = None
    applied_by: PersonId | None = None
    revoked: int = 0
    routed_on: date | None = None
    returned_by: tuple[UnitId, ...] = ()
    parent_id: TicketId | None = None
    into: TicketId | None = None
    plan_on: date | None = None
    latest_minute: int | None = None

    def then(self, status: Status, step: Step, changes: Mapping[str, Any]) -> Head:
        """Return where the ticket stands after one more step.

        Args:
            status: The status that follows.
            step: The step; its day and minute are those of the event.
            changes: What else changes, by field.

        Returns:
            The next head, its version one higher.
        """
        cells = [self.ticket_id, self.version + 1, status, step.on, step.minute, *self[_KEPT:-1], None]
        cells[-1] = self.latest_on(step.on) if step.minute is None else step.minute
        for name in changes:
            cells[_PLACES[name]] = changes[name]
        return tuple.__new__(Head, cells)

    def latest_on(self, day: date) -> int | None:
        """Return the latest minute of a day that is known of any event so far; None where none is."""
        if day != self.on:
            return None
        return self.minute if self.latest_minute is None else self.latest_minute


_PLACES: Mapping[str, int] = {name: place for place, name in enumerate(Head._fields)}
_KEPT = _PLACES["unit_id"]
"""From here on a step leaves a head as it is, unless it says otherwise."""
