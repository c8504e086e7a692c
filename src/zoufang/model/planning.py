"""What the plan says of work plans, and of the regular mechanism that comes after the campaign."""

from __future__ import annotations

from datetime import date
from typing import Literal

from attrs import field, frozen
from attrs.converters import optional

from zoufang.model.tickets import Reaction, Remedy
from zoufang.typing import AreaId, KindId, PersonId, TargetId, Text, TicketId, TopicId, UnitId


@frozen
class Absence:
    """Days on which somebody is expected to be away.

    Args:
        first_on: First day, included.
        last_on: Last day, included.
        person_id: Who; None means everybody in the units.
        units: Whose people; empty means all. Not asked where a person is named.
    """

    first_on: date
    last_on: date
    person_id: PersonId | None = None
    units: tuple[UnitId, ...] = ()

    def covers(self, person_id: PersonId, unit_id: UnitId, day: date) -> bool:
        """Say whether somebody is away on a day."""
        named = self.person_id == person_id if self.person_id else not self.units or unit_id in self.units
        return named and self.first_on <= day <= self.last_on


@frozen
class WorkPlanRule:
    """How each lead unit's own work plan is made.

    Args:
        phase: The phase in which the visits are made.
        clause: The plan's clause.
        absence_percent: Expected absence beyond the days that are declared, 0 to 90, off everybody's capacity.
        absences: Days on which somebody is expected to be away.
    """

    phase: str
    clause: str
    absence_percent: int = 0
    absences: tuple[Absence, ...] = ()


@frozen
class Contact:
    """How often targets of some kinds are contacted once the campaign is over.

    Args:
        kinds: Kinds of target.
        every_weeks: Weeks from one contact to the next, at least 1.
        clause: The plan's clause.
    """

    kinds: tuple[KindId, ...]
    every_weeks: int
    clause: str


Reason = Literal["open", "promise", "watch"]
"""Why a ticket is carried over: not closed yet, promised for a day, or explained without a day."""


@frozen
class Carried:
    """A ticket of the campaign that the regular mechanism goes on with; ids only.

    Args:
        ticket_id: Its number in the campaign's ledger.
        why: Open, promised for a day, or on the watch list.
        topic_id: What it is about.
        unit_id: Who holds it.
        target_id: Whose it is, if known.
        area_id: Where, if known.
        plan_on: The day that was promised.
        due_on: By when the holder must handle it, where it is open.
        raised_on: The day the person raised it; None takes the day of the hand-over.
        remedy: What it was answered with, where that was a promise or an explanation.
        reason: Why it could not be solved; a code of the plan; None where that was not asked.
        reaction: How the person took that, if known.
        co: Units that help on it, or that still held parts of it.
    """

    ticket_id: TicketId
    why: Reason
    topic_id: TopicId
    unit_id: UnitId | None = None
    target_id: TargetId | None = None
    area_id: AreaId | None = None
    plan_on: date | None = None
    due_on: date | None = None
    raised_on: date | None = None
    remedy: Remedy | None = field(default=None, converter=optional(Remedy))
    reason: str | None = None
    reaction: Reaction | None = field(default=None, converter=optional(Reaction))
    co: tuple[UnitId, ...] = ()


@frozen
class Regular:
    """The regular mechanism (常态化): who is contacted how often, and what is carried over.

    Args:
        clause: The plan's clause.
        label: What the new phase is called.
        weeks: How long the next plan runs, at least 1.
        contacts: The rhythm of contact.
        carried: What was carried over; empty in a campaign's own plan.
        follows: The id of the plan that it follows; None in a campaign's own plan.
        as_of: The commit of that plan's ledger as of which things were carried over; 0 where nothing was.
    """

    clause: str
    label: Text
    weeks: int
    contacts: tuple[Contact, ...]
    carried: tuple[Carried, ...] = field(default=())
    follows: str | None = None
    as_of: int = 0
