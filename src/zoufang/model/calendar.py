"""Working days as data: week-ends, public holidays and make-up days (调休)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

from attrs import field, frozen

SATURDAY = 5
MANY_YEARS = 50


@frozen
class YearTable:
    """The days of one year that differ from the plain week.

    Args:
        year: Which year.
        status: ``official`` where the State Council published it, ``assumed`` otherwise.
        off: Weekdays that are off.
        working: Saturdays and Sundays that are worked.
    """

    year: int
    status: Literal["official", "assumed"]
    off: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()


def _in_order(tables: Iterable[YearTable]) -> tuple[YearTable, ...]:
    return tuple(tables)


@frozen(slots=False)
class WorkCalendar:
    """Tells working days; a year without a table is the plain week and counts as assumed.

    Args:
        years: One table a year.
    """

    years: tuple[YearTable, ...] = field(converter=_in_order)

    @cached_property
    def _off(self) -> frozenset[date]:
        return frozenset().union(*(table.off for table in self.years))

    @cached_property
    def _working(self) -> frozenset[date]:
        return frozenset().union(*(table.working for table in self.years))

    @cached_property
    def _official(self) -> frozenset[int]:
        return frozenset(table.year for table in self.years if table.status == "official")

    @cached_property
    def _worked(self) -> tuple[int, list[int]]:
        """The first day that the tables cover, and every day worked within them, as ordinals."""
        years = [table.year for table in self.years]
        if not years or min(years) < date.min.year or max(years) > min(date.max.year, min(years) + MANY_YEARS):
            return date.max.toordinal(), []
        first, last = date(min(years), 1, 1).toordinal(), date(max(years), 12, 31).toordinal()
        return first, [day for day in range(first, last + 1) if self.is_working(date.fromordinal(day))]

    @cached_property
    def _reckoned(self) -> dict[tuple[date, int], date]:
        """Answers so far: a campaign has a hundred days and a handful of limits, and asks for each of its tickets."""
        return {}

    def is_working(self, day: date) -> bool:
        """Say whether a day is worked."""
        return day in self._working or (day.weekday() < SATURDAY and day not in self._off)

    def is_official(self, day: date) -> bool:
        """Say whether a day's year has an official table."""
        return day.year in self._official

    def assumed_in(self, first: date, last: date) -> tuple[int, ...]:
        """Return the years from one day to another that have no official table, in order.

        Args:
            first: Where counting began; a later day than ``last`` counts as ``last``.
            last: Where it ended.

        Plan: 四(二)
        """
        years = range(min(first, last).year, last.year + 1)
        return tuple(year for year in years if year not in self._official)

    def add_working_days(self, start: date, n: int) -> date:
        """Return the n-th working day after a day; counting starts the next day.

        Args:
            start: The day the clock starts; never counted itself.
            n: Working days, at least 0; 0 gives the start itself.

        Returns:
            The n-th working day after the start.

        Plan: 四(二)
        """
        found = self._reckoned.get((start, n))
        if found is None:
            found = self._reckoned[start, n] = self._add(start, n)
        return found

    def _add(self, start: date, n: int) -> date:
        first, worked = self._worked
        if n > 0 and start.toordinal() >= first:
            place = bisect_right(worked, start.toordinal()) + n - 1
            if place < len(worked):
                return date.fromordinal(worked[place])
        day = start
        while n > 0:
            day += timedelta(days=1)
            n -= self.is_working(day)
        return day

    def working_days(self, first: date, last: date) -> int:
        """Count the working days from the first to the last day, both included; 0 if none."""
        span = (first + timedelta(days=i) for i in range((last - first).days + 1))
        return sum(map(self.is_working, span))


def plain_week() -> WorkCalendar:
    """Return the calendar that knows no holiday at all; every answer of it is assumed."""
    return WorkCalendar(years=())


def year_table(
    year: int,
    status: Literal["official", "assumed"] = "official",
    off: Iterable[date] = (),
    working: Iterable[date] = (),
) -> YearTable:
    """Return a year table from any iterables of days."""
    return YearTable(year=year, status=status, off=frozenset(off), working=frozenset(working))
