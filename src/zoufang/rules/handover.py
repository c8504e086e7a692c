"""Hand-over (常态化): the campaign's plan becomes the plan of regular work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from attrs import evolve, frozen

from zoufang.errors import NoHandOverError
from zoufang.model import CampaignPlan, Carried, DispatchRule, Phase, Regular, YearTable
from zoufang.rules.rhythm import WEEK
from zoufang.typing import KindId, TargetId, Text

DAY = timedelta(days=1)
REGULAR = "regular"
"""The one phase of a plan of regular work."""

LIMITS_REACH = timedelta(days=366)
"""How far beyond the last day a time limit may fall: those years want a calendar table too."""


def next_plan(plan: CampaignPlan, carried: Sequence[Carried], on: date, as_of: int) -> CampaignPlan:
    """Return the plan of regular work that follows a plan.

    Who answers for whom, topics, limits and signs stay; phases, dates and the weekly rhythm are new; what hangs on an
    old phase (orders, gates) or ended before (duties) is left behind.

    Args:
        plan: The plan that ends; its ``regular`` says how long the next runs and who is contacted how often.
        carried: Tickets that go on.
        on: The day of the hand-over.
        as_of: The commit as of which they were found.

    Returns:
        A plan from the day after the later of ``on`` and the plan's last day. A campaign's successor bears its id
        with ``-regular``; that of regular work is the same plan's next version.

    Raises:
        NoHandOverError: The plan declares no regular mechanism.

    Plan: 三(三), 四(四)
    """
    if plan.regular is None:
        raise NoHandOverError(plan=plan.id)
    rule = plan.regular
    first = max(on, plan.last_on) + DAY
    again = rule.follows is not None
    dispatch = _rhythm(plan.dispatch, first, rule.weeks)
    last = dispatch.last_on - DAY
    phase = Phase(REGULAR, rule.label, last, rule.clause, starts_on=first)
    return evolve(
        plan,
        id=plan.id if again else f"{plan.id}-{REGULAR}",
        version=plan.version + 1 if again else 1,
        title=plan.title if again else Text(f"{plan.title.zh}（{rule.label.zh}）", f"{plan.title.en}: {rule.label.en}"),
        source=Text(
            f"由方案 {plan.id} 第 {plan.version} 版移交", f"handed over from plan {plan.id}, version {plan.version}"
        ),
        named_days=(last - first).days + 1,
        issued_on=on,
        phases=(phase,),
        dispatch=dispatch,
        duties=tuple(duty for duty in plan.duties if duty.until_on is None or duty.until_on >= first),
        measures=tuple(measure for measure in plan.measures if measure.phase is None),
        gates=(),
        calendar=_years(plan.calendar, on, last + LIMITS_REACH),
        workplan=None if plan.workplan is None else evolve(plan.workplan, phase=REGULAR, absences=()),
        regular=_with(rule, carried, plan.id, as_of),
    )


def _with(rule: Regular, carried: Sequence[Carried], follows: str, as_of: int) -> Regular:
    order = sorted(carried, key=lambda c: (c.plan_on or date.max, c.ticket_id))
    return evolve(rule, carried=tuple(order), follows=follows, as_of=as_of)


def _rhythm(rule: DispatchRule, first: date, n_weeks: int) -> DispatchRule:
    """Return the same weekday from the first one after a day on: its week covers that day."""
    on = first + DAY
    while on.isoweekday() != rule.weekday:
        on += DAY
    return evolve(rule, first_on=on, last_on=on + (n_weeks - 1) * WEEK)


def _years(tables: Sequence[YearTable], first: date, last: date) -> tuple[YearTable, ...]:
    known: Mapping[int, YearTable] = {table.year: table for table in tables}
    years = range(first.year, last.year + 1)
    return tuple(known.get(year, YearTable(year=year, status="assumed")) for year in years)


@frozen
class ContactDue:
    """A target that is to be contacted.

    Args:
        target_id: Which.
        due_on: By when.
        last_on: When it was last reached; None for never.
    """

    target_id: TargetId
    due_on: date
    last_on: date | None


def contacts_due(
    plan: CampaignPlan, reached: Iterable[tuple[TargetId, KindId, date, date | None]], on: date
) -> tuple[ContactDue, ...]:
    """Return which targets are to be contacted by a day, as the declared rhythm has it.

    Args:
        plan: Its rhythm of contact applies.
        reached: Each target with its kind, since when it is on the roster, and when it was last reached.
        on: The day.

    Returns:
        Those whose next contact falls on the day or before, the longest waiting first. Weeks count from the last time
        that the target was reached, else from when it came on the roster.

    Raises:
        NoHandOverError: The plan declares no rhythm.

    Plan: 三(三)
    """
    if plan.regular is None:
        raise NoHandOverError(plan=plan.id)
    every = {kind: contact.every_weeks * WEEK for contact in plan.regular.contacts for kind in contact.kinds}
    due = (
        ContactDue(target_id, (last_on or since_on) + every[kind], last_on)
        for target_id, kind, since_on, last_on in reached
        if kind in every
    )
    return tuple(sorted((one for one in due if one.due_on <= on), key=lambda c: (c.due_on, c.target_id)))
