"""Whole columns of limits give the same days as one by one."""

from __future__ import annotations

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from zoufang.model import CampaignPlan, WorkCalendar
from zoufang.rules.due_columns import due_in_columns


def test_the_days_of_the_source(plan: CampaignPlan) -> None:
    """Friday 31 March + 5 is 10 April; Friday 28 April + 2 is 5 May, + 5 is 9 May; + 0 is the day itself."""
    starts = np.array(["2023-03-31", "2023-04-28", "2023-04-28", "2023-04-28"], dtype="datetime64[D]")
    due = due_in_columns(plan.working_days, starts, np.array([5, 2, 5, 0]))
    assert due.astype(str).tolist() == ["2023-04-10", "2023-05-05", "2023-05-09", "2023-04-28"]


def test_an_empty_column_stays_empty(plan: CampaignPlan) -> None:
    """Nothing in, nothing out."""
    assert due_in_columns(plan.working_days, np.array([], dtype="datetime64[D]"), 5).size == 0


@given(rows=st.lists(st.tuples(st.dates(date(2022, 11, 1), date(2024, 3, 1)), st.integers(0, 80)), min_size=1))
def test_columns_agree_with_one_by_one(plan: CampaignPlan, rows: list[tuple[date, int]]) -> None:
    """With the plan's calendar, and with the plain week."""
    for calendar in (plan.working_days, WorkCalendar(years=())):
        starts = np.array([on for on, _ in rows], dtype="datetime64[D]")
        due = due_in_columns(calendar, starts, np.array([n for _, n in rows]))
        assert due.tolist() == [calendar.add_working_days(on, n) for on, n in rows]
