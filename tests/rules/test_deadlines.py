"""Working days of 2023 with holidays and make-up days (调休): dates read from the published calendar."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve

from zoufang.model import CampaignPlan
from zoufang.rules import due_after, return_by


@pytest.mark.parametrize(
    ("sent", "due"),
    [
        (date(2023, 3, 31), date(2023, 4, 10)),  # Friday; Wednesday 5 April is Qingming
        (date(2023, 4, 28), date(2023, 5, 9)),  # Friday; off 1 to 3 May, Saturday 6 May is worked
        (date(2023, 3, 6), date(2023, 3, 13)),  # an ordinary Monday
        (date(2023, 3, 4), date(2023, 3, 10)),  # an ordinary Saturday: Monday to Friday
        (date(2023, 4, 17), date(2023, 4, 23)),  # Sunday 23 April is worked: Tuesday to Friday, and that Sunday
        (date(2023, 4, 22), date(2023, 4, 27)),  # Saturday: Sunday is the first day
        (date(2023, 4, 30), date(2023, 5, 9)),  # a Sunday off: Thursday 4, Friday 5, Saturday 6, Monday 8, Tuesday 9
    ],
)
def test_a_ticket_is_due_five_working_days_after_its_dispatch(plan: CampaignPlan, sent: date, due: date) -> None:
    """Counting starts the next day; excluded days lengthen the time, and never shorten it."""
    assert due_after(plan, sent) == due


@pytest.mark.parametrize(
    ("sent", "back"),
    [
        (date(2023, 4, 28), date(2023, 5, 5)),  # Friday; Thursday 4 and Friday 5 May
        (date(2023, 4, 4), date(2023, 4, 7)),  # Tuesday; Thursday 6 and Friday 7 April
        (date(2023, 3, 6), date(2023, 3, 8)),
    ],
)
def test_a_wrong_dispatch_goes_back_within_two_working_days(plan: CampaignPlan, sent: date, back: date) -> None:
    """Counting starts the next day."""
    assert return_by(plan, sent) == back


@pytest.mark.parametrize(("days", "due"), [(0, date(2023, 3, 6)), (1, date(2023, 3, 7)), (15, date(2023, 3, 27))])
def test_the_time_limit_is_the_plans(plan: CampaignPlan, days: int, due: date) -> None:
    """Another number of days in the plan, another day; 0 is the day itself."""
    other = evolve(plan, deadlines=evolve(plan.deadlines, handle_days=days))
    assert due_after(other, date(2023, 3, 6)) == due


def test_the_campaign_has_seventy_three_working_days(plan: CampaignPlan) -> None:
    """From the day of the document to 10 June, make-up days included."""
    assert plan.working_days.working_days(date(2023, 2, 26), date(2023, 6, 10)) == 73
