"""The plan check's third subject: phases, dispatches and the working calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from attrs import evolve

from zoufang.model import CampaignPlan
from zoufang.model.calendar import SATURDAY, YearTable
from zoufang.rules._plan_sentences import WEEKDAYS, Remark, say
from zoufang.rules.deadlines import due_by, further
from zoufang.rules.phases import DAY, boundary_days, phase_gaps, phase_start, phase_working_days
from zoufang.rules.rhythm import weeks
from zoufang.typing import Text

_FAR = timedelta(days=3660)
_OFF, _WORKED = Text("休息", "off"), Text("上班", "worked")


def time_errors(plan: CampaignPlan) -> Iterator[Remark]:
    """Find days that belong to no phase, phases and dispatches on wrong days, and years without a calendar."""
    far = [
        say("date_unlikely", place, day=day, issued=plan.issued_on)
        for place, day in _days(plan)
        if abs(day - plan.issued_on) > _FAR
    ]
    yield from far
    if far or not plan.phases:
        return  # with such a date nothing else can be counted
    yield from _phases(plan)
    yield from _dispatches(plan)
    yield from _tables(plan)


def time_remarks(plan: CampaignPlan) -> Iterator[Remark]:
    """Say how many days there really are, and which belong to two phases or to none that is dispatched."""
    if not plan.phases:
        return
    yield from _counted(plan)
    for i, phase in enumerate(plan.phases):
        if phase.starts_on is None:
            yield say("open_start", f"$.phases[{i}].starts_on", phase.clause, phase=phase.label, issued=plan.issued_on)
    order = [phase.id for phase in plan.phases]
    for day, before, after in boundary_days(plan):
        place = f"$.phases[{order.index(after.id)}].starts_on"
        yield say("boundary_day", place, after.clause, day=day, before=before.label, after=after.label)
    yield from _overlapping(plan)
    yield from _rhythm(plan)
    for i, table in enumerate(plan.calendar):
        yield from _table_remarks(table, f"$.calendar[{i}]")


def _days(plan: CampaignPlan) -> Iterator[tuple[str, date]]:
    for i, phase in enumerate(plan.phases):
        if phase.starts_on is not None:
            yield f"$.phases[{i}].starts_on", phase.starts_on
        yield f"$.phases[{i}].ends_on", phase.ends_on
    yield "$.dispatch.first_on", plan.dispatch.first_on
    yield "$.dispatch.last_on", plan.dispatch.last_on


# --- errors -----------------------------------------------------------------------------------------------------


def _phases(plan: CampaignPlan) -> Iterator[Remark]:
    for i, phase in enumerate(plan.phases):
        first, last = phase_start(plan, phase), phase.ends_on
        if phase.starts_on is None and i:
            yield say("phase_without_start", f"$.phases[{i}].starts_on", phase.clause, phase=phase.label)
        elif last < first:
            yield say(
                "phase_backwards", f"$.phases[{i}].ends_on", phase.clause, phase=phase.label, first=first, last=last
            )
    for i, (before, after) in enumerate(pairwise(plan.phases), start=1):
        starts_early = after.starts_on is not None and after.starts_on < phase_start(plan, before)
        if starts_early or after.ends_on < before.ends_on:
            yield say("phase_out_of_order", f"$.phases[{i}]", after.clause, before=before.label, after=after.label)
    order = [phase.id for phase in plan.phases]
    for first, last, before, after in phase_gaps(plan):
        place = f"$.phases[{order.index(after.id)}].starts_on"
        yield say("phase_gap", place, after.clause, first=first, last=last, before=before.label, after=after.label)


def _dispatches(plan: CampaignPlan) -> Iterator[Remark]:
    rule = plan.dispatch
    if 1 <= rule.weekday <= len(WEEKDAYS):
        for name, day in (("first_on", rule.first_on), ("last_on", rule.last_on)):
            if day.isoweekday() != rule.weekday:
                found, wanted = WEEKDAYS[day.weekday()], WEEKDAYS[rule.weekday - 1]
                yield say("dispatch_weekday", f"$.dispatch.{name}", rule.clause, day=day, found=found, wanted=wanted)
    if rule.last_on < rule.first_on:
        yield say("dispatch_backwards", "$.dispatch.last_on", rule.clause, first=rule.first_on, last=rule.last_on)


def _tables(plan: CampaignPlan) -> Iterator[Remark]:
    covered = {table.year for table in plan.calendar}
    for year in range(plan.issued_on.year, _last_deadline(plan).year + 1):
        if year not in covered:
            yield say("year_without_table", "$.calendar", plan.deadlines.clause, year=year)
    for i, table in enumerate(plan.calendar):
        for name, days in (("off", table.off), ("working", table.working)):
            for day in sorted(days):
                if day.year != table.year:
                    yield say("calendar_wrong_year", f"$.calendar[{i}].{name}", day=day, year=table.year)
        for day in sorted(table.off & table.working):
            yield say("calendar_both", f"$.calendar[{i}].working", day=day)


def _last_deadline(plan: CampaignPlan) -> date:
    """Return the last day that a time limit can reach: of a ticket sent out with the last dispatch."""
    rule = plan.deadlines
    last = max(plan.last_on, plan.dispatch.last_on)
    limits = (rule.limit_of(None), *(line.limit for line in rule.classes))
    ends = [due_by(plan, evolve(limit, n=min(limit.n, 730)), last).on for limit in limits if limit.n >= 0]
    return further(plan, rule.count, (max(ends, default=last), None), min(rule.extension_days, 730))[0]


# --- remarks ----------------------------------------------------------------------------------------------------


def _counted(plan: CampaignPlan) -> Iterator[Remark]:
    starts = [phase.starts_on for phase in plan.phases if phase.starts_on is not None]
    first, last = min(starts, default=plan.issued_on), plan.last_on
    days = (last - first).days + 1
    if days != plan.named_days:
        yield say(
            "days_named",
            "$.named_days",
            plan.phases[0].clause,
            first=first,
            last=last,
            days=days,
            issued=plan.issued_on,
            from_issued=(last - plan.issued_on).days + 1,
            named=plan.named_days,
            would_end=first + timedelta(days=plan.named_days - 1),
        )
    opening = min(phase_start(plan, phase) for phase in plan.phases)
    each = tuple(
        Text(
            f"{phase.label.zh} {phase_working_days(plan, phase)}",
            f"{phase.label.en} {phase_working_days(plan, phase)}",
        )
        for phase in plan.phases
    )
    total = plan.working_days.working_days(opening, last)
    clause = plan.phases[0].clause
    yield say("working_days", "$.phases", clause, first=opening, last=last, days=total, each=each)


def _overlapping(plan: CampaignPlan) -> Iterator[Remark]:
    for i, (before, after) in enumerate(pairwise(plan.phases), start=1):
        if after.starts_on is not None and after.starts_on < before.ends_on:
            yield say(
                "phases_overlap",
                f"$.phases[{i}].starts_on",
                after.clause,
                before=before.label,
                after=after.label,
                first=after.starts_on,
                last=before.ends_on,
            )


def _rhythm(plan: CampaignPlan) -> Iterator[Remark]:
    made, rule = weeks(plan), plan.dispatch
    yield say("dispatches", "$.dispatch", rule.clause, n=len(made), first=made[0].on, last=made[-1].on)
    for week in made:
        if not plan.working_days.is_working(week.on):
            yield say("dispatch_on_day_off", "$.dispatch", rule.clause, n=week.number, day=week.on)
    starts = [phase.starts_on for phase in plan.phases if phase.starts_on is not None]
    first = min(starts, default=plan.issued_on)
    if first < made[0].from_on:
        yield say("undispatched", "$.dispatch.first_on", rule.clause, first=first, last=made[0].from_on - DAY)
    if made[-1].to_on < plan.last_on:
        yield say("undispatched", "$.dispatch.last_on", rule.clause, first=made[-1].on, last=plan.last_on)


def _table_remarks(table: YearTable, place: str) -> Iterator[Remark]:
    if table.status == "assumed":
        yield say("year_assumed", f"{place}.status", year=table.year)
    for name, days, weekend, usual in (("off", table.off, True, _OFF), ("working", table.working, False, _WORKED)):
        for day in sorted(days):
            if (day.weekday() >= SATURDAY) is weekend:
                weekday = WEEKDAYS[day.weekday()]
                yield say("calendar_idle", f"{place}.{name}", day=day, weekday=weekday, usual=usual)
