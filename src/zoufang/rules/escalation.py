"""Supervision: on which step of the plan's ladder a ticket stands on a day; no timer, only facts and a calendar.

A ticket stands on the highest step whose condition holds. The clock is the time limit in force, which only a dispatch,
a revocation, a pause or a granted extension sets; nothing that is merely entered or edited moves it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache

from attrs import frozen

from zoufang.model import CampaignPlan, LadderStep, LadderWhen, Pressed, Role, Status, WorkCalendar
from zoufang.rules.lifecycle import OPEN
from zoufang.typing import PersonId, Text, UnitId

RUNNING = frozenset({Status.ROUTED, Status.ACCEPTED, Status.EXTENDING, Status.SPLIT})
"""Statuses in which a time limit runs: a unit has the ticket and has not handled it, and no pause holds the clock.

A split ticket is the lead unit's, which sees to it that the parts come to their end.
"""

UNDECIDED = (RUNNING | {Status.RAISED, Status.RETURNED}) - {Status.SPLIT}
"""Statuses in which a ticket that bounced still has nobody who handled it; a split has decided whose it is."""

IN_FORCE: Mapping[LadderWhen, frozenset[Status]] = {
    LadderWhen.BEFORE_DUE: RUNNING,
    LadderWhen.AFTER_DUE: RUNNING,
    LadderWhen.UNSATISFIED: frozenset(OPEN),
    LadderWhen.BOUNCED: UNDECIDED,
}
"""In which statuses each kind of step can hold: whoever has done what it asks for leaves the step.

Plan: 五(三)
"""

HIGH = frozenset({Role.OFFICE, Role.LEADER})
"""A step for which these answer is supervision (督办): the unit alone no longer does."""

UPWARDS = (Role.HANDLER, Role.UNIT_LEAD, Role.OFFICE, Role.LEADER)
"""Who answers for a step, and who does in turn where there is nobody: each role before the next one up.

Plan: 五(一), 五(三)
"""

SHANDONG_2017: tuple[LadderStep, ...] = (
    LadderStep("yellow", Text("黄牌", "yellow card"), LadderWhen.BEFORE_DUE, 1, Role.UNIT_LEAD, "五(三)"),
    LadderStep("red", Text("红牌", "red card"), LadderWhen.AFTER_DUE, 1, Role.UNIT_LEAD, "五(三)"),
    LadderStep(
        "supervise", Text("督办（逾期）", "supervision: overdue"), LadderWhen.AFTER_DUE, 3, Role.OFFICE, "五(三)"
    ),
    LadderStep(
        "supervise_again",
        Text("督办（再次办理仍不满意）", "supervision: still unsatisfied"),
        LadderWhen.UNSATISFIED,
        2,
        Role.OFFICE,
        "五(三)",
    ),
)
"""Shandong 2017: yellow one working day before the limit, red on the first after it, supervision when overdue or
unsatisfied again after re-handling; after how many days overdue is the street's own, three here.

Plan: 五(三)
"""

LADDERS: Mapping[str, tuple[LadderStep, ...]] = {"shandong-2017": SHANDONG_2017}
"""Published ladders by name, to be copied into a plan."""


@frozen
class OnLadder:
    """A ticket on a step of the ladder.

    Args:
        ticket: The ticket, as of the day.
        step: The step.
        since_on: The first day on which it stood there; never before the day on which its clock started.
        height: The step's place in the plan, from 1.
    """

    ticket: Pressed
    step: LadderStep
    since_on: date
    height: int


@frozen
class Answering:
    """Who must see to a ticket on a step.

    Args:
        role: In which role; higher than the step's own where nobody holds that one.
        unit_id: The unit: the holder, or an office of the plan; None for the leader.
        person_ids: Its people in that role by the register, who may be several or none.
    """

    role: Role
    unit_id: UnitId | None
    person_ids: tuple[PersonId, ...] = ()


Posted = Mapping[tuple[str, Role], tuple[PersonId, ...]]
"""The people of each unit and role, by the register."""


def answering(plan: CampaignPlan, step: LadderStep, holder: UnitId | None, people: Posted) -> Answering:
    """Return who must see to a step: its own role, else the next one up that somebody holds.

    A ticket that no unit holds is the office's. Where nobody is left either, the office answers as a unit, or the
    leader for a step of the leader's; the register then names no person.

    Args:
        plan: Its offices apply.
        step: The step; its role is the lowest that answers.
        holder: The unit that holds the ticket.
        people: Who holds which role.

    Plan: 五(一), 五(三)
    """
    office = plan.dispatch.offices[0]
    own = step.responsible
    lowest = Role.OFFICE if holder is None and own not in HIGH else own
    places: Mapping[Role, Sequence[UnitId | None]] = {
        Role.HANDLER: (holder,),
        Role.UNIT_LEAD: (holder,),
        Role.OFFICE: plan.dispatch.offices,
        Role.LEADER: (None,),
    }
    for role in UPWARDS[UPWARDS.index(lowest) :]:
        for unit_id in places[role]:
            if who := _held(people, role, unit_id):
                return Answering(role, unit_id, who)
    return Answering(own, None) if own is Role.LEADER else Answering(Role.OFFICE, office)


def _held(people: Posted, role: Role, unit_id: UnitId | None) -> tuple[PersonId, ...]:
    """Return who holds a role in a unit; the leader's is held for the whole street."""
    if role is Role.LEADER:
        return tuple(sorted(who for (_, its), some in people.items() if its is role for who in some))
    return people.get((str(unit_id), role), ())


def ladder_of(plan: CampaignPlan, ticket: Pressed, on: date) -> OnLadder | None:
    """Return the highest step of the plan's ladder on which a ticket stands on a day; None for no step.

    Args:
        plan: Its ladder and its working days apply.
        ticket: The ticket, as of that day.
        on: The day.

    Plan: 四(三), 五(三)
    """
    return next(climb(plan, [ticket], on), None)


def climb(plan: CampaignPlan, tickets: Iterable[Pressed], on: date) -> Iterator[OnLadder]:
    """Yield the tickets that stand on a step on a day, each on its highest, in the order given.

    Args:
        plan: Its ladder and its working days apply.
        tickets: The tickets, as of that day.
        on: The day.

    Plan: 四(三), 五(三)
    """
    highest_first = [*enumerate(plan.ladder, start=1)][::-1]

    @cache
    def by_limit(step: LadderStep, due_on: date) -> date:
        return _BY_LIMIT[step.when](plan.working_days, due_on, step.n)

    for ticket in tickets:
        for height, step in highest_first:
            since_on = None
            if ticket.status in IN_FORCE[step.when]:
                if step.when in _BY_LIMIT:
                    since_on = None if ticket.due_on is None else by_limit(step, ticket.due_on)
                    if since_on is not None and ticket.clock_on is not None:
                        since_on = max(since_on, ticket.clock_on)
                else:
                    since_on = _nth(_BY_COUNT[step.when](ticket), step.n)
            if since_on is not None and since_on <= on:
                yield OnLadder(ticket=ticket, step=step, since_on=since_on, height=height)
                break


def _nth(days: Sequence[date], n: int) -> date | None:
    return days[n - 1] if len(days) >= n else None


def working_days_before(calendar: WorkCalendar, day: date, n: int) -> date:
    """Return the n-th working day before a day; 0 gives the day itself.

    Plan: 五(三)
    """
    while n > 0:
        day -= timedelta(days=1)
        n -= calendar.is_working(day)
    return day


_BY_LIMIT: Mapping[LadderWhen, Callable[[WorkCalendar, date, int], date]] = {
    LadderWhen.BEFORE_DUE: working_days_before,
    LadderWhen.AFTER_DUE: WorkCalendar.add_working_days,
}

_BY_COUNT: Mapping[LadderWhen, Callable[[Pressed], tuple[date, ...]]] = {
    LadderWhen.UNSATISFIED: lambda ticket: ticket.unsatisfied,
    LadderWhen.BOUNCED: lambda ticket: ticket.bounced,
}
