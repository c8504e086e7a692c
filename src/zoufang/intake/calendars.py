"""Year tables from two optional packages; a year that they do not know is assumed, and says so."""

from __future__ import annotations

import warnings
from datetime import date, timedelta
from typing import Any, Literal

from zoufang.errors import AssumedCalendarWarning, MissingPackageError
from zoufang.model import YearTable, year_table
from zoufang.model.calendar import SATURDAY

CalendarSource = Literal["chinesecalendar", "holidays"]

COUNTRY = "CN"


def read_year(year: int, source: CalendarSource = "chinesecalendar") -> YearTable:
    """Return the table of a year as an optional package knows it.

    Args:
        year: Which year.
        source: ``chinesecalendar``, or ``holidays``, which also answers for years that nobody has published.

    Returns:
        An ``official`` table where the package knows the make-up days (调休); otherwise an ``assumed`` one: the days
        off that ``holidays`` computes, or with ``chinesecalendar`` the plain week.

    Raises:
        MissingPackageError: The package is not installed.

    Warns:
        AssumedCalendarWarning: The table is assumed.

    Plan: 四(二)
    """
    table = _from_chinesecalendar(year) if source == "chinesecalendar" else _from_holidays(year)
    if table.status == "assumed":
        warnings.warn(AssumedCalendarWarning((year,)), stacklevel=2)
    return table


def year_toml(table: YearTable) -> str:
    """Return a year table as it is written in a plan file.

    Plan: 四(二)
    """
    lines = ["[[calendar]]", f"year = {table.year}", f'status = "{table.status}"']
    for name, days in (("off", table.off), ("working", table.working)):
        listed = ", ".join(day.isoformat() for day in sorted(days))
        lines.append(f"{name} = [{listed}]")
    return "\n".join(lines) + "\n"


def _from_chinesecalendar(year: int) -> YearTable:
    try:
        import chinese_calendar
    except ImportError:
        raise MissingPackageError(package="chinesecalendar", extra="calendar") from None
    try:
        worked = {day: chinese_calendar.is_workday(day) for day in _days(year)}
    except NotImplementedError:  # a year outside its tables
        return year_table(year, "assumed")
    off = {day for day, yes in worked.items() if not yes}
    return _table(year, "official", off, set(worked) - off)


def _from_holidays(year: int) -> YearTable:
    try:
        import holidays
    except ImportError:
        raise MissingPackageError(package="holidays", extra="calendar") from None
    known: Any = holidays.country_holidays(COUNTRY, years=year)
    made_up = {day for day in known.weekend_workdays if day.year == year}
    status: Literal["official", "assumed"] = "official" if made_up else "assumed"
    return _table(year, status, {day for day in known if day.year == year}, made_up)


def _table(year: int, status: Literal["official", "assumed"], off: set[date], worked: set[date]) -> YearTable:
    """Return what differs from the plain week: weekdays off, and Saturdays and Sundays worked."""
    return year_table(
        year,
        status,
        off=(day for day in off if day.weekday() < SATURDAY),
        working=(day for day in worked if day.weekday() >= SATURDAY),
    )


def _days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]
