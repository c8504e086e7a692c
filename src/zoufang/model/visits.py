"""Visits (走访) and what was heard on them."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from attrs import field, frozen

from zoufang.typing import PersonId, TargetId, TicketId, TopicId, UnitId, VisitId


class Channel(StrEnum):
    """How a target was reached.

    Plan: 一, 二
    """

    __hash__ = str.__hash__  # looked up for each visit; the hash of Enum is a call of Python

    DOOR = "door"
    FORM = "form"
    PUPIL_HOME = "pupil_home"
    PHONE = "phone"


class Outcome(StrEnum):
    """What came of a visit; only ``met`` is effective.

    Plan: 一
    """

    __hash__ = str.__hash__  # as for Channel

    MET = "met"
    ABSENT = "absent"
    REFUSED = "refused"
    MOVED = "moved"
    VACANT = "vacant"


class FindingKind(StrEnum):
    """What sort of thing was heard.

    Plan: 三(二)
    """

    DEMAND = "demand"
    SUGGESTION = "suggestion"
    GOOD_PRACTICE = "good_practice"


@frozen
class Visit:
    """One visit to one target.

    Args:
        id: The record's number, given by whoever made it; the same number again is the same visit.
        target_id: Who was visited.
        on: The day, in the street's own time zone.
        channel: How.
        outcome: What came of it.
        visitor_id: Who visited.
        unit_id: For which unit.
        minute: Minute of the day at which it began, 0 to 1439, or None.
        minutes: How long it took, or None.
        no_demand: True where the person was asked and said that there is nothing.
        made_known: Ids of the messages that were made known.
    """

    id: VisitId
    target_id: TargetId
    on: date
    channel: Channel = field(converter=Channel)
    outcome: Outcome = field(converter=Outcome)
    visitor_id: PersonId
    unit_id: UnitId
    minute: int | None = None
    minutes: int | None = None
    no_demand: bool = False
    made_known: tuple[str, ...] = ()


@frozen
class Finding:
    """One thing heard on a visit; a demand becomes a ticket.

    Args:
        visit_id: On which visit.
        n: Its number on that visit, from 1.
        kind: A demand, a suggestion or a good practice.
        topic_id: What it is about.
        said: What the person said. Private.
        solved: True where the visitor solved it and told the person at once.
        answer: What was done on the spot. Private.
    """

    visit_id: VisitId
    n: int
    kind: FindingKind = field(converter=FindingKind)
    topic_id: TopicId
    said: str = field(default="", repr=False)
    solved: bool = False
    answer: str = field(default="", repr=False)

    @property
    def ticket_id(self) -> TicketId:
        """The number of the ticket that this finding becomes."""
        return TicketId(f"{self.visit_id}-{self.n}")
