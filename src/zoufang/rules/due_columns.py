"""Time limits of whole columns: one table of working days, looked up by position."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from zoufang.model import WorkCalendar

Days = npt.NDArray[np.datetime64]
Numbers = npt.NDArray[np.integer[Any]]

EPOCH = date(1970, 1, 1).toordinal()
WEEK = 7
SPARE = 30
"""Days off in a row that no calendar exceeds within one limit's last week."""


def due_in_columns(calendar: WorkCalendar, starts: Days, days: int | Numbers) -> Days:
    """Return the n-th working day after each day of a column; counting starts the next day.

    The same answer as :meth:`zoufang.model.WorkCalendar.add_working_days`, for many days at once.

    Args:
        calendar: Tells working days.
        starts: ``datetime64[D]``, without gaps.
        days: Working days, at least 0; one number, or one for each start. 0 gives the start itself.

    Returns:
        ``datetime64[D]``, as many as there are starts.

    Plan: 四(二)
    """
    if not starts.size:
        return starts.copy()
    on = starts.view(np.int64)
    base, last = int(on.min()), int(on.max())
    most = int(np.max(days))
    worked = _worked(calendar, base, last, most)
    before = np.cumsum(worked[: last - base + 1])
    positions = np.flatnonzero(worked) + base
    due = positions[before[on - base] + (np.asarray(days) - 1)]
    found: Days = np.where(np.asarray(days) == 0, on, due) if np.min(days) == 0 else due
    return found.view("datetime64[D]")


def _worked(calendar: WorkCalendar, base: int, last: int, most: int) -> npt.NDArray[np.bool_]:
    """Return, for each day from the first start on, whether it is worked: enough days for the longest limit."""
    span = last - base + 1 + SPARE
    while True:
        flags = np.fromiter((calendar.is_working(date.fromordinal(EPOCH + base + i)) for i in range(span)), bool, span)
        if int(flags[last - base + 1 :].sum()) >= most:
            return flags
        span += most * WEEK // 5 + SPARE
