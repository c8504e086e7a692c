"""Deadlines of whole columns in working days, against NumPy's own business days with the same calendar."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from benchmarks.harness import Pair, Side, compared
from benchmarks.street import PLAN
from zoufang.rules.due_columns import due_in_columns

FIRST, SPAN = date(2023, 2, 26), 105
LIMITS = np.array([2, 5, 10, 15])
"""Working days of the published limits."""

Days = npt.NDArray[np.datetime64]


def _business_days() -> np.busdaycalendar:
    """Return NumPy's calendar in which every day of the week is a business day, but for those the plan has off."""
    days = (FIRST + timedelta(days=n) for n in range(-60, 400))
    return np.busdaycalendar("1111111", [day for day in days if not PLAN.working_days.is_working(day)])


@contextmanager
def _pair(n: int) -> Iterator[Pair]:
    rng = np.random.default_rng(2023)
    starts: Days = np.datetime64(FIRST, "D") + rng.integers(0, SPAN, n)
    days = LIMITS[rng.integers(0, LIMITS.size, n)]
    calendar = _business_days()
    yield Pair(
        ours=Side(lambda _: due_in_columns(PLAN.working_days, starts, days)),
        baseline=Side(lambda _: np.busday_offset(starts, days, roll="backward", busdaycal=calendar)),
        agree=lambda ours, theirs: bool((ours == theirs).all()),
    )


DEADLINES = compared(
    "rules/deadlines-in-columns",
    "NumPy busday_offset with the same days off",
    "<= 2",
    n=1_000_000,
    quick=50_000,
    make=_pair,
)
"""The columns are `due_in_columns`; one by one, `WorkCalendar.add_working_days` gives the same days."""
