"""Common problems (普遍问题): several demands with one cause, and demands that may be the same."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from attrs import field, frozen
from attrs.converters import optional

from zoufang.model.tickets import Remedy, Status
from zoufang.typing import PersonId, TicketId, TopicId, UnitId


@frozen
class DuplicateRule:
    """When a new demand may be one that is known.

    Args:
        days: Raised at most so many days apart, at least 0.
        clause: The plan's clause.
    """

    days: int = 30
    clause: str = "三(二)"


DUPLICATES = DuplicateRule()
"""What holds where a plan says nothing."""


@frozen
class Problem:
    """A common problem: solve one, bring along a batch.

    Args:
        id: Its number.
        topic_id: What it is about.
        unit_id: The unit that leads on it.
        on: The day it was found.
        person_id: Who found it.
        note: Free words. Private.
    """

    id: str
    topic_id: TopicId
    unit_id: UnitId
    on: date
    person_id: PersonId | None = None
    note: str = ""


class ProblemAct(StrEnum):
    """What the office does about a common problem."""

    LINK = "link"
    HANDLE = "handle"


@frozen
class ProblemStep:
    """One step about a common problem, as it is handed in: the intent, not yet the fact.

    Args:
        id: The problem's number.
        act: Link tickets to it, or handle it once.
        on: The day it happened.
        topic_id: With ``link``: what it is about.
        unit_id: With ``link``: the unit that leads on it.
        tickets: With ``link``: which tickets.
        person_id: Who did it.
        remedy: With ``handle``: what it came to.
        reason: With ``handle``: a reason code of the plan, where it is not resolved.
        plan_on: With ``handle``: when the rest can be done.
        note: Free words. Private.
    """

    id: str
    act: ProblemAct = field(converter=ProblemAct)
    on: date
    topic_id: TopicId | None = None
    unit_id: UnitId | None = None
    tickets: tuple[TicketId, ...] = ()
    person_id: PersonId | None = None
    remedy: Remedy | None = field(default=None, converter=optional(Remedy))
    reason: str = ""
    plan_on: date | None = None
    note: str = field(default="", repr=False)


@frozen
class ProblemStanding:
    """Where a common problem stands.

    Args:
        id: Its number.
        topic_id: What it is about.
        unit_id: The unit that leads on it.
        due_on: By when it must be handled.
        remedy: What handling came to; None until then.
        tickets: The tickets behind which it stands, with where each stands, by number.
    """

    id: str
    topic_id: TopicId
    unit_id: UnitId
    due_on: date
    remedy: Remedy | None = field(default=None, converter=optional(Remedy))
    tickets: tuple[tuple[TicketId, Status], ...] = ()


@frozen
class Likeness:
    """A ticket that may be the same as a new one.

    Args:
        ticket_id: The new one.
        like: The one that is known.
        by: ``target`` where both are of one target, ``area`` where only the area is the same.
        days: Days between the two, at least 0.
        status: Where the known one stands.
    """

    ticket_id: TicketId
    like: TicketId
    by: str
    days: int
    status: Status
