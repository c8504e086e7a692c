"""The weekly rhythm: which dispatches there are, and which days each covers."""

from __future__ import annotations

from datetime import date, timedelta

from attrs import frozen

from zoufang.model import CampaignPlan

WEEK = timedelta(days=7)
DAY = timedelta(days=1)


@frozen
class Week:
    """One dispatch's week.

    Args:
        number: Of the dispatch, from 1.
        from_on: First day it covers.
        to_on: Last day it covers, the day before the dispatch.
        on: The day of the dispatch.
    """

    number: int
    from_on: date
    to_on: date
    on: date


def weeks(plan: CampaignPlan) -> tuple[Week, ...]:
    """Return every week of the campaign.

    Args:
        plan: Its weekly rhythm applies.

    Returns:
        One entry per dispatch, in order; each covers the seven days before its own day.

    Plan: 五(二)
    """
    rule = plan.dispatch
    n = (rule.last_on - rule.first_on) // WEEK + 1
    return tuple(
        Week(number=i + 1, from_on=on - WEEK, to_on=on - DAY, on=on)
        for i in range(n)
        for on in (rule.first_on + i * WEEK,)
    )


def due_weeks(plan: CampaignPlan, today: date, dispatched: int) -> tuple[Week, ...]:
    """Return the weeks whose dispatch is due by a day and was not made yet.

    Args:
        plan: The plan.
        today: The day.
        dispatched: How many were made.

    Returns:
        The missing ones, in order.

    Plan: 五(二)
    """
    return tuple(week for week in weeks(plan) if week.number > dispatched and week.on <= today)
