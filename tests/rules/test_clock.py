"""The clock of a ticket: what moves its limit, by how much, and what never does. Days of 2023, counted by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from zoufang.errors import BadValueError, LimitPassedError, MissingPartError, RefusedError, UnknownIdError
from zoufang.model import (
    CampaignPlan,
    Count,
    Event,
    Head,
    Limit,
    LimitClass,
    Remedy,
    Reopened,
    Rerouted,
    Status,
    Step,
    WorkCalendar,
    year_table,
)
from zoufang.rules import decide, decide_all, due_at, due_by, raised
from zoufang.typing import PersonId, Text, TicketId, UnitId

T = TicketId("K1")
FRIDAY = date(2023, 3, 31)
SHANGHAI = ZoneInfo("Asia/Shanghai")
WORKING, CALENDAR, HOURS, WORKED_HOURS = Count.WORKING_DAYS, Count.CALENDAR_DAYS, Count.HOURS, Count.WORKING_HOURS
PARTS: dict[Event, dict[str, Any]] = {
    Event.ROUTE: {"unit_id": UnitId("zhifa")},
    Event.SEND_BACK: {"reason": "not_our_duty"},
    Event.HANDLE: {"remedy": Remedy.RESOLVED},
    Event.APPLY: {"person_id": PersonId("P1")},
    Event.CLOSE: {"person_id": PersonId("P2")},
    Event.REVOKE: {"reason": "not_solved"},
    Event.PAUSE: {"reason": "waits_for_project", "person_id": PersonId("P2")},
    Event.ASK_EXTENSION: {"reason": "no_funds"},
    Event.GRANT_EXTENSION: {"person_id": PersonId("P2")},
    Event.DENY_EXTENSION: {"reason": "no_evidence", "person_id": PersonId("P2")},
}


def with_rule(plan: CampaignPlan, **changes: Any) -> CampaignPlan:
    """Return the plan with other time limits."""
    return evolve(plan, deadlines=evolve(plan.deadlines, **changes))


def live(plan: CampaignPlan, *steps: tuple[Event, date] | tuple[Event, date, int]) -> Head:
    """Raise a ticket on the first step's day and take the steps; a third part is a number of days."""
    head = raised(T, steps[0][1])
    for event, on, *days in steps:
        step = Step(T, on, **PARTS.get(event, {}), days=days[0] if days else None)
        head = decide(plan, head, event, step)
    return head


TO_ACCEPTED = ((Event.ROUTE, FRIDAY), (Event.ACCEPT, FRIDAY))
TO_CLOSED = (
    *TO_ACCEPTED,
    *((event, date(2023, 4, 4)) for event in (Event.HANDLE, Event.FEED_BACK, Event.APPLY, Event.CLOSE)),
)


@pytest.mark.parametrize(
    ("limit", "due"),
    [
        (Limit(5, WORKING), date(2023, 4, 10)),  # Mon 3, Tue 4, Thu 6, Fri 7, Mon 10; Wed 5 is Qingming
        (Limit(2, WORKING), date(2023, 4, 4)),
        (Limit(15, WORKING), date(2023, 4, 23)),  # the last of them is Sunday 23 April, which is worked
        (Limit(7, CALENDAR), date(2023, 4, 7)),
        (Limit(24, HOURS), date(2023, 4, 1)),
        (Limit(2, WORKED_HOURS), date(2023, 4, 3)),  # Friday's hours are over where the minute is not known
    ],
)
def test_a_limit_ends_on_a_day(plan: CampaignPlan, limit: Limit, due: date) -> None:
    """Sent out on Friday 31 March 2023."""
    assert due_by(plan, limit, FRIDAY).on == due


@pytest.mark.parametrize(
    ("limit", "at", "due"),
    [
        (Limit(2, WORKED_HOURS), "2023-03-31 09:00", "2023-03-31 11:00"),
        (Limit(2, WORKED_HOURS), "2023-03-31 11:00", "2023-03-31 14:30"),  # closed from 12:00 to 13:30
        (Limit(2, WORKED_HOURS), "2023-03-31 16:30", "2023-04-03 09:30"),  # one hour on Friday, one on Monday
        (Limit(2, WORKED_HOURS), "2023-04-04 17:00", "2023-04-06 10:00"),  # over Qingming
        (Limit(2, WORKED_HOURS), "2023-04-22 10:00", "2023-04-23 10:30"),  # a Saturday off, a Sunday worked
        (Limit(8, WORKED_HOURS), "2023-03-30 08:30", "2023-03-31 09:00"),  # a day has seven hours and a half
        (Limit(2, HOURS), "2023-03-31 23:00", "2023-04-01 01:00"),
        (Limit(24, HOURS), "2023-03-31 09:15", "2023-04-01 09:15"),
        (Limit(5, WORKING), "2023-03-31 09:15", "2023-04-11 00:00"),  # to the end of Monday 10 April
    ],
)
def test_a_limit_in_hours_ends_at_an_instant(plan: CampaignPlan, limit: Limit, at: str, due: str) -> None:
    """Working hours count 8:30 to 12:00 and 13:30 to 17:30 on working days; clock hours count all."""
    started, ends = (datetime.fromisoformat(said).replace(tzinfo=SHANGHAI) for said in (at, due))
    assert due_at(plan, limit, started) == ends
    assert due_at(plan, limit, started.astimezone(ZoneInfo("UTC"))) == ends


def test_a_limit_through_a_year_without_an_official_table_says_that_it_is_assumed(plan: CampaignPlan) -> None:
    """2024 has no table in the plan of 2023."""
    assert not due_by(plan, Limit(5), date(2023, 12, 1)).assumed
    assert due_by(plan, Limit(5), date(2023, 12, 27)).assumed


def test_a_class_of_demands_has_its_own_limit(plan: CampaignPlan) -> None:
    """A ticket falls under its topic's class, or under the one that the office names when it sends it."""
    classes = (LimitClass("quick", Text("急", "quick"), Limit(1)), LimitClass("slow", Text("缓", "slow"), Limit(15)))
    own = with_rule(plan, classes=classes)
    sent = Step(T, FRIDAY, unit_id=UnitId("zhifa"))
    assert decide(own, raised(T, FRIDAY, "quick"), Event.ROUTE, sent).due_on == date(2023, 4, 3)
    named = decide(own, raised(T, FRIDAY, "quick"), Event.ROUTE, evolve(sent, limit_id="slow"))
    assert (named.due_on, named.limit_id) == (date(2023, 4, 23), "slow")
    with pytest.raises(UnknownIdError):
        decide(own, raised(T, FRIDAY), Event.ROUTE, evolve(sent, limit_id="no_such"))


def test_a_limit_in_hours_counts_from_the_minute_of_the_dispatch(plan: CampaignPlan) -> None:
    """Two working hours from 16:30 on Friday are 9:30 on Monday."""
    own = with_rule(plan, classes=(LimitClass("urgent", Text("急", "urgent"), Limit(2, WORKED_HOURS)),))
    step = Step(T, FRIDAY, unit_id=UnitId("zhifa"), minute=16 * 60 + 30)
    head = decide(own, raised(T, FRIDAY, "urgent"), Event.ROUTE, step)
    assert (head.due_on, head.due_minute, head.minute) == (date(2023, 4, 3), 9 * 60 + 30, 16 * 60 + 30)


# --- pause ----------------------------------------------------------------------------------------------------


def test_a_pause_moves_the_limit_by_the_days_it_took(plan: CampaignPlan) -> None:
    """Paused on Monday 3 April, going on on Friday 7: Tuesday, Thursday and Friday; from 10 April to 13 April."""
    paused = live(plan, *TO_ACCEPTED, (Event.PAUSE, date(2023, 4, 3)))
    assert (paused.status, paused.due_on) == (Status.PAUSED, date(2023, 4, 10))
    went_on = decide(plan, paused, Event.GO_ON, Step(T, date(2023, 4, 7)))
    assert (went_on.status, went_on.due_on) == (Status.ACCEPTED, date(2023, 4, 13))


def test_a_limit_in_calendar_days_moves_by_calendar_days(plan: CampaignPlan) -> None:
    """Seven days from 31 March are 7 April; four days of pause make it 11 April."""
    own = with_rule(plan, handle_days=7, count=CALENDAR)
    head = live(own, *TO_ACCEPTED, (Event.PAUSE, date(2023, 4, 3)), (Event.GO_ON, date(2023, 4, 7)))
    assert head.due_on == date(2023, 4, 11)


def test_nobody_pauses_or_asks_after_the_limit(plan: CampaignPlan) -> None:
    """An overdue ticket stays overdue: on the day of the limit it may still be paused, a day later not."""
    on_time, late = date(2023, 4, 10), date(2023, 4, 11)
    for event, days in ((Event.PAUSE, None), (Event.ASK_EXTENSION, 3)):
        step = Step(T, on_time, **PARTS[event], days=days)
        decide(plan, live(plan, *TO_ACCEPTED), event, step)
        with pytest.raises(LimitPassedError) as refused:
            decide(plan, live(plan, *TO_ACCEPTED), event, evolve(step, on=late))
        assert (refused.value.due_on, refused.value.on) == (on_time, late)


days_of_2023 = st.dates(date(2023, 1, 1), date(2023, 12, 1))


@given(sent=days_of_2023, after=st.integers(0, 5), n=st.integers(0, 40))
def test_a_pause_of_n_working_days_moves_the_limit_by_exactly_n(
    plan: CampaignPlan, sent: date, after: int, n: int
) -> None:
    """Whenever it begins within the limit, and however many holidays lie within."""
    calendar = plan.working_days
    begins = calendar.add_working_days(sent, after)
    goes_on = calendar.add_working_days(begins, n)
    before = live(plan, (Event.ROUTE, sent), (Event.ACCEPT, sent))
    after_it = live(plan, (Event.ROUTE, sent), (Event.ACCEPT, sent), (Event.PAUSE, begins), (Event.GO_ON, goes_on))
    assert before.due_on is not None
    assert after_it.due_on is not None
    assert calendar.working_days(before.due_on + timedelta(days=1), after_it.due_on) == n


# --- extension ------------------------------------------------------------------------------------------------


def test_a_granted_extension_moves_the_limit(plan: CampaignPlan) -> None:
    """Ten working days from 10 April: 11 to 14, 17 to 21, and Sunday 23, which is worked."""
    head = live(
        plan, *TO_ACCEPTED, (Event.ASK_EXTENSION, date(2023, 4, 3), 10), (Event.GRANT_EXTENSION, date(2023, 4, 12), 10)
    )
    assert (head.status, head.due_on, head.extended_days, head.asked_days) == (
        Status.ACCEPTED,
        date(2023, 4, 23),
        10,
        None,
    )


def test_a_denied_extension_moves_nothing(plan: CampaignPlan) -> None:
    """Nor does the question itself."""
    asked = live(plan, *TO_ACCEPTED, (Event.ASK_EXTENSION, date(2023, 4, 3), 5))
    denied = decide(plan, asked, Event.DENY_EXTENSION, Step(T, date(2023, 4, 4), **PARTS[Event.DENY_EXTENSION]))
    assert asked.due_on == denied.due_on == date(2023, 4, 10)
    assert (denied.status, denied.asked_days, denied.extended_days) == (Status.ACCEPTED, None, 0)


def test_a_unit_that_waits_for_an_extension_may_handle_the_ticket(plan: CampaignPlan) -> None:
    """The question lapses."""
    head = live(plan, *TO_ACCEPTED, (Event.ASK_EXTENSION, date(2023, 4, 3), 5), (Event.HANDLE, date(2023, 4, 4)))
    assert (head.status, head.asked_days) == (Status.HANDLED, None)


@pytest.mark.parametrize(("days", "error"), [(-1, BadValueError), (0, MissingPartError), (11, BadValueError)])
def test_no_more_than_the_plans_days_are_asked_for(plan: CampaignPlan, days: int, error: type[Exception]) -> None:
    """The plan allows ten in all."""
    with pytest.raises(error):
        live(plan, *TO_ACCEPTED, (Event.ASK_EXTENSION, date(2023, 4, 3), days))


def test_extensions_add_up_to_the_plans_days_and_no_more_is_granted_than_asked(plan: CampaignPlan) -> None:
    """Six of ten granted leave four; of three asked for, four are not granted."""
    ask, grant = Event.ASK_EXTENSION, Event.GRANT_EXTENSION
    six = (*TO_ACCEPTED, (ask, date(2023, 4, 3), 6), (grant, date(2023, 4, 3), 6))
    with pytest.raises(BadValueError):
        live(plan, *six, (ask, date(2023, 4, 4), 5))
    assert live(plan, *six, (ask, date(2023, 4, 4), 4), (grant, date(2023, 4, 4), 4)).extended_days == 10
    with pytest.raises(BadValueError):
        live(plan, *six, (ask, date(2023, 4, 4), 3), (grant, date(2023, 4, 4), 4))


# --- reopen and reassignment ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "due"),
    [
        ({}, date(2023, 4, 14)),  # five working days after Friday 7 April
        ({"reopen_days": 2}, date(2023, 4, 11)),
        ({"on_reopen": Reopened.KEEP}, date(2023, 4, 10)),
    ],
)
def test_the_plan_says_what_the_clock_does_on_reopening(plan: CampaignPlan, rule: dict[str, Any], due: date) -> None:
    """Closed on 4 April, revoked on Friday 7 April."""
    assert live(with_rule(plan, **rule), *TO_CLOSED, (Event.REVOKE, date(2023, 4, 7))).due_on == due


@pytest.mark.parametrize(
    ("rule", "waiting", "due"),
    [
        (Rerouted.RESTART, None, date(2023, 4, 14)),  # five working days after Friday 7 April
        (Rerouted.KEEP, date(2023, 4, 10), date(2023, 4, 10)),
        (Rerouted.REST, date(2023, 4, 10), date(2023, 4, 12)),  # Thu 6, Fri 7, Mon 10 were left: Mon 10, Tue 11, Wed 12
    ],
)
def test_the_plan_says_what_the_clock_does_on_reassignment(
    plan: CampaignPlan, rule: Rerouted, waiting: date | None, due: date
) -> None:
    """Sent out on Friday 31 March, returned on Tuesday 4 April, sent to another unit on Friday 7 April."""
    own = with_rule(plan, on_reroute=rule)
    returned = live(own, (Event.ROUTE, FRIDAY), (Event.SEND_BACK, date(2023, 4, 4)))
    assert returned.due_on == waiting
    assert decide(own, returned, Event.ROUTE, Step(T, date(2023, 4, 7), unit_id=UnitId("jianshe"))).due_on == due


# --- what never moves a limit ---------------------------------------------------------------------------------

MOVES = {Event.ROUTE, Event.SEND_BACK, Event.REVOKE, Event.RESUME, Event.GO_ON, Event.GRANT_EXTENSION}


@given(
    steps=st.lists(
        st.tuples(st.sampled_from([e for e in Event if e is not Event.SPLIT]), st.integers(0, 3)), max_size=20
    )
)
def test_no_deadline_moves_by_any_other_event(plan: CampaignPlan, steps: list[tuple[Event, int]]) -> None:
    """Feeding back, applying, refusing, asking: the day of the limit stays, in any order of events."""
    head, on = raised(T, FRIDAY), FRIDAY
    for event, later in steps:
        on += timedelta(days=later)
        step = Step(T, on, **PARTS.get(event, {"reason": "no_funds", "into": TicketId("K2")}), days=1, note="改字")
        try:
            after = decide(plan, head, event, step)
        except (RefusedError, BadValueError):
            continue
        assert event in MOVES or after.due_on == head.due_on
        head = after


def test_a_batch_that_is_refused_moves_nothing(plan: CampaignPlan) -> None:
    """The first step alone would have moved the limit."""
    heads = {T: live(plan, *TO_ACCEPTED, (Event.PAUSE, date(2023, 4, 3)))}
    steps = [(Event.GO_ON, Step(T, date(2023, 4, 7))), (Event.GO_ON, Step(T, date(2023, 4, 7)))]
    with pytest.raises(Exception, match="go_on"):
        decide_all(plan, heads, steps)
    assert heads[T].due_on == date(2023, 4, 10)


@given(start=days_of_2023, n=st.integers(0, 60), holiday=days_of_2023, count=st.sampled_from(Count))
def test_adding_a_holiday_never_shortens_a_limit(
    plan: CampaignPlan, start: date, n: int, holiday: date, count: Count
) -> None:
    """Whatever it counts, and wherever the holiday falls."""
    (table,) = plan.calendar
    more = year_table(2023, off={*table.off, holiday}, working=table.working - {holiday})
    with_holiday = evolve(plan, calendar=(more,))
    before, after = (due_by(p, Limit(n, count), start, 600) for p in (plan, with_holiday))
    assert (after.on, after.minute or 0) >= (before.on, before.minute or 0)


def test_a_plain_week_is_assumed_everywhere() -> None:
    """It has no table at all."""
    assert not WorkCalendar(years=()).is_official(date(2023, 1, 2))


@pytest.mark.parametrize(
    ("first", "last", "assumed"),
    [
        ("2023-03-01", "2023-12-31", ()),
        ("2022-12-31", "2023-01-01", (2022,)),
        ("2022-12-31", "2025-01-01", (2022, 2024, 2025)),
        ("2024-02-01", "2023-02-01", ()),  # late already: only the day of the limit is told of
    ],
)
def test_the_years_that_were_counted_through_are_those_without_a_table(
    first: str, last: str, assumed: tuple[int, ...]
) -> None:
    """From the first day's to the last day's, both included; only 2023 has an official table here."""
    calendar = WorkCalendar(years=(year_table(2023), year_table(2024, "assumed")))
    assert calendar.assumed_in(date.fromisoformat(first), date.fromisoformat(last)) == assumed
