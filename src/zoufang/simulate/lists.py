"""What clerks read and write: rows of the lists that they are sent, and rows of the sheets that they fill in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from attrs import field, frozen

from zoufang.model import CampaignPlan, Event, ProblemAct, Reaction, Remedy, Status
from zoufang.typing import AreaId, PersonId, TicketId, TopicId, UnitId

_FIRST_ROUND = 7
"""The version of a ticket that was closed once, without a detour."""

# --- what they are sent ----------------------------------------------------------------------------------------


class PartRow(NamedTuple):
    """What the to-do list says of one part of a split ticket."""

    ticket_id: TicketId
    status: Status
    remedy: Remedy | None


class TodoRow(NamedTuple):
    """What a clerk takes from one row of the to-do list."""

    ticket_id: TicketId
    status: Status
    unit_id: UnitId
    topic_id: str
    routed_on: date | None
    version: int
    area_id: AreaId | None = None
    due_on: date | None = None
    remedy: Remedy | None = None
    parts: tuple[PartRow, ...] = ()

    @property
    def is_part(self) -> bool:
        """True where its number is that of a part."""
        return "/" in self.ticket_id

    @property
    def is_again(self) -> bool:
        """True where it was closed before, as far as the version tells; without one it was opened again just now."""
        return self.version > _FIRST_ROUND or not self.version


class ListedRow(NamedTuple):
    """What the caller takes from one row of the call-back list."""

    ticket_id: TicketId
    unit_id: UnitId
    remedy: Remedy | None
    closed_on: date


class WatchedRow(NamedTuple):
    """What a clerk takes from one row of the watch list: a promise whose day has come."""

    ticket_id: TicketId
    unit_id: UnitId
    plan_on: date
    status: Status


class ProblemRow(NamedTuple):
    """What a clerk takes from one row of the list of common problems."""

    id: str
    topic_id: str
    unit_id: UnitId
    due_on: date
    remedy: Remedy | None


@frozen
class Lists:
    """Everything that lies in the outbox.

    Args:
        todo: Open tickets.
        watched: Promises whose day has come.
        problems: The common problems.
        linked: The problem of each linked ticket.
    """

    todo: Sequence[TodoRow] = ()
    watched: Sequence[WatchedRow] = ()
    problems: Sequence[ProblemRow] = ()
    linked: Mapping[TicketId, str] = field(factory=dict)


# --- what they fill in -----------------------------------------------------------------------------------------


class ReplyRow(NamedTuple):
    """One step, in the order of the columns."""

    ticket_id: TicketId
    event: Event
    on: date
    unit_id: UnitId
    person_id: PersonId
    remedy: Remedy | None = None
    reason: str | None = None
    plan_on: date | None = None
    note: str = ""
    version: int | None = None
    days: int | None = None
    parts: tuple[UnitId, ...] = ()
    into: TicketId | None = None
    reaction: Reaction | None = None
    minute: int | None = None
    limit_id: str | None = None


class ProblemStepRow(NamedTuple):
    """One step about a common problem, in the order of the columns."""

    id: str
    act: ProblemAct
    on: date
    topic_id: TopicId | None = None
    unit_id: UnitId | None = None
    tickets: tuple[TicketId, ...] = ()
    person_id: PersonId | None = None
    remedy: Remedy | None = None
    reason: str | None = None
    plan_on: date | None = None
    note: str = ""


@frozen
class Span:
    """The days since the last dispatch.

    Args:
        after: The last dispatch; nothing is dated on or before it.
        on: The last day of the span, included.
        last: True at the end of the campaign, when everything is answered.
    """

    after: date
    on: date
    last: bool

    def first_day(self, plan: CampaignPlan) -> date:
        """Return the first working day of the span."""
        return plan.working_days.add_working_days(self.after, 1)

    def last_day(self, plan: CampaignPlan) -> date:
        """Return the last working day of the span, or its last day where it has none."""
        days = (self.on - timedelta(days=n) for n in range((self.on - self.after).days))
        return next((day for day in days if plan.working_days.is_working(day)), self.on)


def reason_of(plan: CampaignPlan, codes: Sequence[str]) -> list[str]:
    """Return those of some reasons that a plan knows; all of its own where it knows none of them."""
    return [code for code in codes if code in plan.reasons] or sorted(plan.reasons)
