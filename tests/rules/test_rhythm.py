"""The weekly rhythm (周调度) of Huangtun: fifteen Mondays."""

from __future__ import annotations

from datetime import date, timedelta

from zoufang.model import CampaignPlan
from zoufang.rules import due_weeks, weeks


def test_there_are_fifteen_dispatches_each_on_a_monday(plan: CampaignPlan) -> None:
    """From 6 March to 12 June 2023, numbered from 1."""
    found = weeks(plan)
    assert [week.number for week in found] == list(range(1, 16))
    assert (found[0].on, found[-1].on) == (date(2023, 3, 6), date(2023, 6, 12))
    assert {week.on.isoweekday() for week in found} == {1}


def test_each_covers_the_seven_days_before_its_own(plan: CampaignPlan) -> None:
    """Monday to Sunday; no day of the campaign is left out, none is covered twice."""
    found = weeks(plan)
    assert (found[0].from_on, found[0].to_on) == (date(2023, 2, 27), date(2023, 3, 5))
    assert (found[4].from_on, found[4].to_on, found[4].on) == (
        date(2023, 3, 27),
        date(2023, 4, 2),
        date(2023, 4, 3),
    )
    covered = [week.from_on + timedelta(days=i) for week in found for i in range((week.to_on - week.from_on).days + 1)]
    assert covered == [date(2023, 2, 27) + timedelta(days=i) for i in range(105)]


def test_a_dispatch_is_due_on_its_own_day(plan: CampaignPlan) -> None:
    """On Sunday it is not due yet, on Monday it is; what was missed stays due, in order."""
    assert due_weeks(plan, date(2023, 3, 5), 0) == ()
    assert [week.number for week in due_weeks(plan, date(2023, 3, 6), 0)] == [1]
    assert due_weeks(plan, date(2023, 3, 12), 1) == ()
    assert [week.number for week in due_weeks(plan, date(2023, 3, 27), 1)] == [2, 3, 4]
    assert len(due_weeks(plan, date(2024, 1, 1), 0)) == 15
    assert due_weeks(plan, date(2024, 1, 1), 15) == ()
