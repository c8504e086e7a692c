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
    return Deadline(on=day, minute=due_minute, assumed=is_assumed(plan.working_days, on, day))


def end_of(plan: CampaignPlan, limit: Limit, on: date, minute: int | None = None) -> tuple[date, int | None]:
    """Return the day on which a time limit ends, and in hours its minute; as :func:`due_by`, without the remark.

    Plan: 四(二)
    """
    match limit.count:
        case Count.WORKING_DAYS:
            return plan.working_days.add_working_days(on, limit.n), None
        case Count.CALENDAR_DAYS:
            return on + timedelta(days=limit.n), None
        case _:
            return _end_by_the_clock(plan, limit, on, MINUTES_A_DAY if minute is None else minute)


def _end_by_the_clock(plan: CampaignPlan, limit: Limit, on: date, start: int) -> tuple[date, int]:
    minutes = limit.n * MINUTES_AN_HOUR
    if limit.count is Count.WORKING_HOURS:
        return _worked(plan.working_days, plan.deadlines.hours, on, start, minutes)
    ends = start + minutes
    days = max(0, ends - 1) // MINUTES_A_DAY  # midnight is the end of a day, not the beginning of the next
    return on + timedelta(days=days), ends - days * MINUTES_A_DAY


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


def moved(plan: CampaignPlan, count: Count, due_on: date, days: int) -> date:
    """Return a day of limit that is moved by some days: working days where the limit counts those.

    Args:
        plan: Its calendar applies.
        count: What the limit counts.
        due_on: The day so far.
        days: By how many, at least 0.

    Plan: 四(二)
    """
    return plan.working_days.add_working_days(due_on, days) if count.on_working_days else due_on + timedelta(days=days)


def days_between(plan: CampaignPlan, count: Count, first: date, last: date) -> int:
    """Return how many days lie after the first day and up to the last: working days where the limit counts those.

    Returns:
        At least 0.

    Plan: 四(二)
    """
    if count.on_working_days:
        return plan.working_days.working_days(first + DAY, last)
    return max(0, (last - first).days)


def is_assumed(calendar: WorkCalendar, first: date, last: date) -> bool:
    """Say whether any year from the first to the last day has no official table."""
    return any(not calendar.is_official(date(year, 1, 1)) for year in range(first.year, last.year + 1))


def _worked(
    calendar: WorkCalendar, hours: Sequence[WorkingHours], day: date, start: int, left: int
) -> tuple[date, int]:
    """Walk through the stretches of working days until so many minutes are used up."""
    stretches = [h for h in hours if h.from_minute < h.to_minute] or USUAL_HOURS
    while True:
        for stretch in stretches if calendar.is_working(day) else ():
            begin = max(stretch.from_minute, start)
            room = stretch.to_minute - begin
            if room > 0 and left <= room:
                return day, begin + left
            left -= max(0, room)
        day, start = day + DAY, 0
