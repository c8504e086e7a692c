"""Time limits in days and hours; the day on which the clock starts is not counted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from zoufang.model import CampaignPlan, Count, Deadline, Limit, WorkCalendar, WorkingHours
from zoufang.model.limits import USUAL_HOURS

DAY = timedelta(days=1)
MINUTES_A_DAY = 24 * 60
MINUTES_AN_HOUR = 60

Point = tuple[date, int | None]
"""A day and, where it is known, a minute of it."""


def due_after(plan: CampaignPlan, routed_on: date) -> date:
    """Return the last day on which a unit may handle what was sent to it on a day, by the general limit.

    Args:
        plan: Its time limit and calendar apply.
        routed_on: The day of the dispatch; not counted.

    Returns:
        The day on which the limit ends.

    Plan: 四(二)
    """
    return due_by(plan, plan.deadlines.limit_of(None), routed_on).on


def return_by(plan: CampaignPlan, routed_on: date) -> date:
    """Return the last day on which a wrong dispatch may go back.

    Plan: 四(二)
    """
    return plan.working_days.add_working_days(routed_on, plan.deadlines.return_days)


def due_by(plan: CampaignPlan, limit: Limit, on: date, minute: int | None = None) -> Deadline:
    """Return by when a time limit ends.

    Args:
        plan: Its calendar and working hours apply.
        limit: How many of what.
        on: The day the clock starts. In days, counting starts the next day.
        minute: The minute of that day, 0 to 1439. In hours, counting starts there; where it is not known, with the
            end of the day, so that nobody is late by a guess.

    Returns:
        The day, in hours also the minute, and whether a year on the way has only an assumed calendar.

    Plan: 四(二)
    """
    day, due_minute = end_of(plan, limit, on, minute)
    return Deadline(on=day, minute=due_minute, assumed=bool(plan.working_days.assumed_in(on, day)))


def end_of(plan: CampaignPlan, limit: Limit, on: date, minute: int | None = None) -> Point:
    """Return the day on which a time limit ends, and in hours its minute; as :func:`due_by`, without the remark.

    Plan: 四(二)
    """
    n = limit.n * MINUTES_AN_HOUR if limit.count.by_the_clock else limit.n
    return further(plan, limit.count, (on, minute), n)


def due_at(plan: CampaignPlan, limit: Limit, at: datetime) -> datetime:
    """Return the instant at which a time limit ends; one in days ends with its last day.

    Args:
        plan: Its calendar, working hours and time zone apply.
        limit: How many of what.
        at: When the clock starts; aware.

    Returns:
        An aware instant in the street's own time zone.

    Plan: 四(二)
    """
    zone = ZoneInfo(plan.street.timezone)
    local = at.astimezone(zone)
    minute = local.hour * MINUTES_AN_HOUR + math.ceil(local.minute + local.second / 60)
    due = due_by(plan, limit, local.date(), minute)
    ends = MINUTES_A_DAY if due.minute is None else due.minute
    return datetime.combine(due.on, time(), tzinfo=zone) + timedelta(minutes=ends)


def further(plan: CampaignPlan, count: Count, point: Point, n: int) -> Point:
    """Return the point that lies so much further on, by what a time limit counts.

    Args:
        plan: Its calendar and working hours apply.
        count: What the limit counts.
        point: A day, and by the clock its minute; an unknown one is the end of the day.
        n: Days, or by the clock minutes; at least 0.

    Returns:
        A day, and by the clock its minute, 0 to 1440; in days no minute.

    Plan: 四(二)
    """
    on, minute = point
    match count:
        case Count.WORKING_DAYS:
            return plan.working_days.add_working_days(on, n), None
        case Count.CALENDAR_DAYS:
            return on + timedelta(days=n), None
    start = MINUTES_A_DAY if minute is None else minute
    if count is Count.WORKING_HOURS:
        return _worked(plan.working_days, plan.deadlines.hours, on, start, n)
    ends = start + n
    days = max(0, ends - 1) // MINUTES_A_DAY  # midnight is the end of a day, not the beginning of the next
    return on + timedelta(days=days), ends - days * MINUTES_A_DAY


def between(plan: CampaignPlan, count: Count, first: Point, last: Point) -> int:
    """Return how much lies between two points, by what a time limit counts.

    Args:
        plan: Its calendar and working hours apply.
        count: What the limit counts.
        first: A day, and by the clock its minute; an unknown one is the beginning of the day.
        last: The same; an unknown minute is the end of the day, so that nobody is late by a guess.

    Returns:
        In days those after the first and up to the last, by the clock minutes; at least 0.

    Plan: 四(二)
    """
    (from_on, from_minute), (to_on, to_minute) = first, last
    if count is Count.WORKING_DAYS:
        return plan.working_days.working_days(from_on + DAY, to_on)
    if count is Count.CALENDAR_DAYS:
        return max(0, (to_on - from_on).days)
    start, end = from_minute or 0, MINUTES_A_DAY if to_minute is None else to_minute
    if count is Count.HOURS:
        return max(0, (to_on - from_on).days * MINUTES_A_DAY + end - start)
    days = (from_on + timedelta(days=i) for i in range((to_on - from_on).days + 1))
    return sum(
        _minutes_worked(plan, start if day == from_on else 0, end if day == to_on else MINUTES_A_DAY)
        for day in days
        if plan.working_days.is_working(day)
    )


def _minutes_worked(plan: CampaignPlan, start: int, end: int) -> int:
    stretches = _stretches(plan.deadlines.hours)
    return sum(max(0, min(end, h.to_minute) - max(start, h.from_minute)) for h in stretches)


def _worked(
    calendar: WorkCalendar, hours: Sequence[WorkingHours], day: date, start: int, left: int
) -> tuple[date, int]:
    """Walk through the stretches of working days until so many minutes are used up."""
    stretches = _stretches(hours)
    while True:
        for stretch in stretches if calendar.is_working(day) else ():
            begin = max(stretch.from_minute, start)
            room = stretch.to_minute - begin
            if room > 0 and left <= room:
                return day, begin + left
            left -= max(0, room)
        day, start = day + DAY, 0


def _stretches(hours: Sequence[WorkingHours]) -> Sequence[WorkingHours]:
    return [h for h in hours if h.from_minute < h.to_minute] or USUAL_HOURS
