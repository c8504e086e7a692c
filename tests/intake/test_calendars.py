"""Year tables from the two optional packages: right where they know, and never silent where they do not."""

from __future__ import annotations

import sys
import tomllib
from datetime import date

import pytest

from zoufang.errors import AssumedCalendarWarning, MissingPackageError
from zoufang.intake import load_plan
from zoufang.intake.calendars import CalendarSource, read_year, year_toml
from zoufang.model import WorkCalendar

pytest.importorskip("chinese_calendar")
pytest.importorskip("holidays")

SOURCES: tuple[CalendarSource, ...] = ("chinesecalendar", "holidays")


@pytest.mark.parametrize("source", SOURCES)
def test_both_packages_know_2023_as_the_plan_does(source: CalendarSource) -> None:
    """Days off and make-up days of the whole year, and the mark that they are official."""
    (table,) = load_plan("huangtun-2023").calendar
    assert read_year(2023, source) == table


@pytest.mark.parametrize("source", SOURCES)
def test_both_packages_know_2026_as_the_blank_plan_does(source: CalendarSource) -> None:
    """Days off and make-up days of the whole year."""
    (table,) = load_plan("blank").calendar
    assert read_year(2026, source) == table


@pytest.mark.parametrize("source", SOURCES)
def test_a_year_that_nobody_has_published_is_assumed_and_says_so(source: CalendarSource) -> None:
    """2040: one package raises, the other answers without make-up days; here both warn."""
    with pytest.warns(AssumedCalendarWarning, match="2040") as warned:
        table = read_year(2040, source)
    assert warned[0].message.years == (2040,)  # type: ignore[union-attr]
    assert (table.status, table.working) == ("assumed", frozenset())
    assert not WorkCalendar(years=(table,)).is_official(date(2040, 1, 3))


def test_the_computed_days_off_of_an_assumed_year_are_kept() -> None:
    """1 October 2040 is a Monday: `holidays` knows the National Day, `chinesecalendar` nothing."""
    with pytest.warns(AssumedCalendarWarning):
        computed, nothing = read_year(2040, "holidays"), read_year(2040, "chinesecalendar")
    assert date(2040, 10, 1) in computed.off
    assert nothing.off == frozenset()


@pytest.mark.parametrize(("source", "module"), [("chinesecalendar", "chinese_calendar"), ("holidays", "holidays")])
def test_a_package_that_is_not_there_is_named_with_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, source: CalendarSource, module: str
) -> None:
    """Both are optional."""
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingPackageError, match=r"pip install \"zoufang\[calendar\]\"") as refused:
        read_year(2023, source)
    assert refused.value.package == source


def test_a_year_table_is_written_as_a_plan_has_it() -> None:
    """What is printed can be pasted into a plan file."""
    (table,) = load_plan("huangtun-2023").calendar
    (read,) = tomllib.loads(year_toml(table))["calendar"]
    assert (read["year"], read["status"]) == (2023, "official")
    assert (frozenset(read["off"]), frozenset(read["working"])) == (table.off, table.working)
