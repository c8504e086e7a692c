"""Call-backs (回访): asking a sample of people whether it was really fixed."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from attrs import field, frozen

from zoufang.model.tickets import Remedy, Source
from zoufang.typing import KindId, PersonId, TicketId, TopicId

Split = Literal["unit", "community", "kind", "topic", "remedy"]
"""By what a stratum is split further, so that each part is drawn by itself."""


class CallOutcome(StrEnum):
    """What came of a call.

    Plan: 五(三)
    """

    REACHED = "reached"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"


@frozen
class StratumRule:
    """One group of closings (层) and how many of it are asked about; a closing belongs to the first that takes it.

    Args:
        id: The stratum's id.
        clause: The plan's clause.
        rate_percent: Of each part, 0 to 100, rounded up; 100 is a census.
        at_least: At least so many of each part, where there are as many.
        at_most: No more than so many of each part; None for no limit.
        per: Each part is drawn by itself; empty draws the whole street together.
        kinds: Only of these kinds of target; empty means of all, and of no target too.
        topics: Only about these topics; empty means about all.
        remedies: Only with these remedies; empty means with any.
        sources: Only from these sources; empty means from any.
    """

    id: str
    clause: str
    rate_percent: int = 0
    at_least: int = 0
    at_most: int | None = None
    per: tuple[Split, ...] = ("unit",)
    kinds: tuple[KindId, ...] = ()
    topics: tuple[TopicId, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    sources: tuple[Source, ...] = ()


@frozen
class LotRule:
    """When a unit's closings pass as a lot: two shares of "not solved" and two risks (LQAS).

    Args:
        good_percent: A unit with so few not solved should pass, 0 to 99.
        bad_percent: A unit with so many not solved should not, above ``good_percent``, to 100.
        producer_risk_percent: How often a good unit may fail at the most, 1 to 49.
        consumer_risk_percent: How often a bad unit may pass at the most, 1 to 49.
        clause: The plan's clause.
    """

    good_percent: int
    bad_percent: int
    producer_risk_percent: int
    consumer_risk_percent: int
    clause: str


@frozen
class Drawn:
    """One ticket in a call-back sample.

    Args:
        ticket_id: Which ticket.
        closing: The version of the closing that is asked about; a ticket closed again may be drawn again.
        on: The day of the draw.
        stratum: Within which group it was drawn.
        n: How many were to be drawn from the group.
        of: How many were in the group, so that ``n / of`` is the inclusion probability.
        lot: The number of the draw, from 1.
        rank: The place in the group's order of lots, from 1; above ``n`` only for a replacement.
        replaces: The ticket that was given up and in whose place this one is asked.
    """

    ticket_id: TicketId
    closing: int
    on: date
    stratum: str
    n: int
    of: int
    lot: int = 1
    rank: int = 1
    replaces: TicketId | None = None


@frozen
class CallBack:
    """What a person said when called back.

    Args:
        ticket_id: About which ticket.
        on: The day of the call.
        outcome: Reached, unreachable or refused.
        solved: Said that it is solved; None where not reached or not said.
        satisfied: Said that they are satisfied; None where not reached or not rated.
        caller_id: Who called.
        note: Free words. Private.
    """

    ticket_id: TicketId
    on: date
    outcome: CallOutcome = field(converter=CallOutcome)
    solved: bool | None = None
    satisfied: bool | None = None
    caller_id: PersonId | None = None
    note: str = field(default="", repr=False)
