"""Call-backs (回访): asking a sample of people whether it was really fixed."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from attrs import field, frozen

from zoufang.typing import PersonId, TicketId


class CallOutcome(StrEnum):
    """What came of a call.

    Plan: 五(三)
    """

    REACHED = "reached"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"


@frozen
class Drawn:
    """One ticket in a call-back sample.

    Args:
        ticket_id: Which ticket.
        closing: The version of the closing that is asked about; a ticket closed again may be drawn again.
        on: The day of the draw.
        stratum: Within which group it was drawn.
        n: How many were drawn from the group.
        of: How many were in the group, so that ``n / of`` is the inclusion probability.
    """

    ticket_id: TicketId
    closing: int
    on: date
    stratum: str
    n: int
    of: int


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
