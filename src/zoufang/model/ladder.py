"""The ladder of supervision: what happens to a ticket that is not dealt with, and who must see to it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from attrs import field, frozen

from zoufang.model.tickets import Status
from zoufang.model.units import Role
from zoufang.typing import Text, TicketId, UnitId


class LadderWhen(StrEnum):
    """What brings a ticket to a step of the ladder.

    Plan: 五(三)
    """

    BEFORE_DUE = "before_due"
    AFTER_DUE = "after_due"
    UNSATISFIED = "unsatisfied"
    BOUNCED = "bounced"


@frozen
class LadderStep:
    """One step of the ladder; a later step of the plan is a higher one.

    Args:
        id: The step's id.
        label: What it is called, e.g. 黄牌.
        when: What brings a ticket to it.
        n: With ``before_due`` and ``after_due``: so many working days before or after the time limit; with
            ``unsatisfied``: at the n-th call-back that said not solved or not satisfied; with ``bounced``: at the
            n-th return.
        responsible: Who must see to it: handler and unit_lead are those of the holder, office and leader the street's.
        clause: The plan's clause.
    """

    id: str
    label: Text
    when: LadderWhen = field(converter=LadderWhen)
    n: int
    responsible: Role = field(converter=Role)
    clause: str


@frozen
class Pressed:
    """What the ladder needs to know of a ticket, or of a common problem, as of a day.

    Args:
        ticket_id: Which ticket; of a common problem its number.
        status: Where it stands.
        unit_id: Who holds it.
        due_on: The time limit in force.
        unsatisfied: The days on which a call-back said not solved or not satisfied, in order.
        bounced: The days on which a unit returned it, in order.
        clock_on: The day on which the time limit in force was set; None where that is not known.
        problem: True for a common problem, for which the unit that leads on it answers.
    """

    ticket_id: TicketId
    status: Status
    unit_id: UnitId | None = None
    due_on: date | None = None
    unsatisfied: tuple[date, ...] = ()
    bounced: tuple[date, ...] = ()
    clock_on: date | None = None
    problem: bool = False
