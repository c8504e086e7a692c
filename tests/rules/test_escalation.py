"""The ladder of supervision: every status and kind of step, golden days of 2023, and that no edit moves a clock."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from zoufang.intake import load_plan
from zoufang.model import LadderStep, LadderWhen, Pressed, Role, Status
from zoufang.rules import IN_FORCE, LADDERS, answering, check_plan, climb, due_after, ladder_of
from zoufang.typing import Text, TicketId, UnitId

PLAN = load_plan("huangtun-2023")
DUE = date(2023, 5, 9)  # sent out on Friday 28 April: five working days, with Saturday 6 May worked
LATE = date(2023, 6, 9)
TICKET = Pressed(TicketId("K1"), Status.ACCEPTED, UnitId("jianshe"), DUE)

# Which kinds of step can hold in which status; written by hand from what each step asks for.
HOLDS = {
    "before_due": {"routed", "accepted", "extending", "split"},
    "after_due": {"routed", "accepted", "extending", "split"},
    "bounced": {"raised", "returned", "routed", "accepted", "extending"},
    "unsatisfied": {
        "raised", "returned", "routed", "accepted", "extending", "paused", "split", "handled", "fed_back", "applied",
    },
}  # fmt: skip


def step(when: str, n: int = 1, name: str = "step") -> LadderStep:
    """Return a step that the office answers for."""
    return LadderStep(name, Text("级", "step"), LadderWhen(when), n, Role.OFFICE, "五(三)")


def found(ticket: Pressed, on: date, *steps: LadderStep) -> tuple[str, date] | None:
    """Return the step on which a ticket stands, and since when."""
    one = ladder_of(evolve(PLAN, ladder=steps) if steps else PLAN, ticket, on)
    return None if one is None else (one.step.id, one.since_on)


@pytest.mark.parametrize(("status", "when"), list(product(Status, LadderWhen)), ids=str)
def test_a_step_holds_in_the_statuses_in_which_what_it_asks_for_is_owed(status: Status, when: LadderWhen) -> None:
    """Whoever has handled in time, or waits in a pause, is not pressed; nobody is pressed for what has ended."""
    days = (date(2023, 5, 4),)
    ticket = evolve(TICKET, status=status, unsatisfied=days, bounced=days)
    assert (found(ticket, LATE, step(when)) is not None) is (status in HOLDS[when])


def test_every_kind_of_step_says_in_which_statuses_it_holds() -> None:
    """The table leaves none out."""
    assert set(IN_FORCE) == set(LadderWhen)


@pytest.mark.parametrize(
    ("on", "stands"),
    [
        ("2023-05-05", None),
        ("2023-05-06", ("reminder", "2023-05-06")),  # a Saturday that is worked, two working days before
        ("2023-05-07", ("reminder", "2023-05-06")),
        ("2023-05-08", ("yellow", "2023-05-08")),
        ("2023-05-09", ("yellow", "2023-05-08")),  # the last day: not overdue yet
        ("2023-05-10", ("red", "2023-05-10")),
        ("2023-05-11", ("red", "2023-05-10")),
        ("2023-05-12", ("supervise", "2023-05-12")),
        ("2023-05-15", ("supervise", "2023-05-12")),  # over a week-end
        ("2023-05-16", ("notice", "2023-05-16")),
        ("2023-06-10", ("notice", "2023-05-16")),
    ],
)
def test_the_golden_days_around_labour_day(on: str, stands: tuple[str, str] | None) -> None:
    """Sent out on Friday 28 April 2023, due on Tuesday 9 May: each day's step, counted on the calendar by hand."""
    assert due_after(PLAN, date(2023, 4, 28)) == DUE
    expected = None if stands is None else (stands[0], date.fromisoformat(stands[1]))
    assert found(TICKET, date.fromisoformat(on)) == expected


@pytest.mark.parametrize(
    ("on", "stands"),
    [
        ("2023-04-05", None),  # the festival is off
        ("2023-04-06", "reminder"),
        ("2023-04-07", "yellow"),
        ("2023-04-10", "yellow"),
        ("2023-04-11", "red"),
        ("2023-04-13", "supervise"),
        ("2023-04-16", "supervise"),
        ("2023-04-17", "notice"),
    ],
)
def test_the_golden_days_around_the_festival_of_april(on: str, stands: str | None) -> None:
    """Sent out on Friday 31 March 2023, due on Monday 10 April."""
    one = found(evolve(TICKET, due_on=date(2023, 4, 10)), date.fromisoformat(on))
    assert (one and one[0]) == stands


def test_supervision_comes_with_the_second_call_that_is_not_satisfied() -> None:
    """Once is the ordinary way back to the unit; again after re-handling it is supervised from that day."""
    ticket = evolve(TICKET, due_on=LATE, unsatisfied=(date(2023, 5, 4),))
    assert found(ticket, date(2023, 5, 20)) is None
    again = evolve(ticket, unsatisfied=(date(2023, 5, 4), date(2023, 5, 18)))
    assert found(again, date(2023, 5, 20)) == ("supervise_again", date(2023, 5, 18))
    assert found(evolve(again, status=Status.HANDLED), date(2023, 5, 20)) == ("supervise_again", date(2023, 5, 18))


def test_a_ticket_that_was_returned_twice_is_the_offices() -> None:
    """Nobody holds it, so no time limit runs, and still it stands on the ladder."""
    ticket = Pressed(TicketId("K1"), Status.RETURNED, bounced=(date(2023, 3, 7), date(2023, 3, 9)))
    assert found(ticket, date(2023, 3, 9)) == ("supervise_bounced", date(2023, 3, 9))
    assert found(evolve(ticket, bounced=ticket.bounced[:1]), date(2023, 3, 9)) is None


def test_nobody_is_reminded_before_the_clock_started() -> None:
    """Sent out on Monday 8 May with one day: the reminder's two working days before lie before the dispatch."""
    reminder = step("before_due", 2)
    ticket = evolve(TICKET, clock_on=date(2023, 5, 8))
    assert found(ticket, date(2023, 5, 8), reminder) == ("step", date(2023, 5, 8))
    assert found(ticket, date(2023, 5, 7), reminder) is None
    assert found(evolve(ticket, clock_on=date(2023, 4, 28)), DUE, reminder) == ("step", date(2023, 5, 6))


def test_the_highest_step_that_holds_is_the_step() -> None:
    """Bounced twice and overdue by one day: the plan's order decides, not what came last."""
    ticket = evolve(TICKET, bounced=(date(2023, 5, 4), date(2023, 5, 5)))
    assert found(ticket, date(2023, 5, 10)) == ("supervise_bounced", date(2023, 5, 5))


def test_without_a_ladder_nobody_is_pressed() -> None:
    """An older plan that declares none goes on as before."""
    assert list(climb(evolve(PLAN, ladder=()), [TICKET], LATE)) == []


def test_huangtun_has_every_step_of_shandong_2017() -> None:
    """The preset's steps stand in the plan as they were published, with the street's own around them."""
    assert set(LADDERS["shandong-2017"]) <= set(PLAN.ladder)
    assert [(s.id, s.when, s.n) for s in LADDERS["shandong-2017"]] == [
        ("yellow", "before_due", 1),
        ("red", "after_due", 1),
        ("supervise", "after_due", 3),
        ("supervise_again", "unsatisfied", 2),
    ]


DAYS = st.dates(date(2023, 3, 1), date(2023, 6, 10))


@given(due=DAYS, on=DAYS, days=st.integers(0, 30))
def test_nobody_climbs_down_by_waiting(due: date, on: date, days: int) -> None:
    """As long as nothing is done, a later day shows the same step or a higher one, and the same beginning of each."""
    ticket = evolve(TICKET, due_on=due)
    first, then = (ladder_of(PLAN, ticket, day) for day in (on, on + timedelta(days=days)))
    if first is not None:
        assert then is not None
        assert then.height >= first.height
        assert then.step is not first.step or then.since_on == first.since_on


@given(due=DAYS, on=DAYS, status=st.sampled_from(["routed", "accepted", "extending"]), unit=st.text(max_size=3))
def test_no_edit_moves_the_clock(due: date, on: date, status: str, unit: str) -> None:
    """Whatever else changes about a ticket, the step and its first day follow from the time limit alone."""
    edited = Pressed(TicketId("K1"), Status(status), UnitId(unit), due)
    assert found(edited, on) == found(evolve(TICKET, due_on=due), on)


@given(due=DAYS)
def test_yellow_comes_before_the_limit_and_red_after_it_on_working_days(due: date) -> None:
    """Where the limit is a working day, both cards are shown on one, and only red is overdue."""
    calendar = PLAN.working_days
    if calendar.is_working(due):
        yellow, red = (found(evolve(TICKET, due_on=due), LATE + timedelta(40), s) for s in PLAN.ladder[1:3])
        assert yellow is not None
        assert red is not None
        assert yellow[1] < due < red[1]
        assert calendar.is_working(yellow[1])
        assert calendar.is_working(red[1])


# --- who must see to it ---------------------------------------------------------------------------------------------

OFFICES = PLAN.dispatch.offices
POSTS = {
    ("jianshe", Role.HANDLER): ("h",),
    ("jianshe", Role.UNIT_LEAD): ("u",),
    (OFFICES[0], Role.OFFICE): ("o",),
    ("street", Role.LEADER): ("l",),
}


def who(responsible: Role, holder: str | None, *gone: str) -> tuple[str, str | None, tuple[str, ...]]:
    """Return who answers for a step, without the people who are gone from the register."""
    people = {post: some for post, some in POSTS.items() if some[0] not in gone}
    on_step = evolve(step("after_due"), responsible=responsible)
    one = answering(PLAN, on_step, None if holder is None else UnitId(holder), people)  # type: ignore[arg-type]
    return str(one.role), one.unit_id, one.person_ids


@pytest.mark.parametrize(
    ("responsible", "gone", "expected"),
    [
        (Role.HANDLER, "", ("handler", "jianshe", ("h",))),
        (Role.HANDLER, "h", ("unit_lead", "jianshe", ("u",))),
        (Role.HANDLER, "hu", ("office", "wangge", ("o",))),
        (Role.HANDLER, "huo", ("leader", None, ("l",))),
        (Role.UNIT_LEAD, "u", ("office", "wangge", ("o",))),
        (Role.OFFICE, "o", ("leader", None, ("l",))),
        (Role.UNIT_LEAD, "uol", ("office", "wangge", ())),  # nobody at all: the office as a unit
        (Role.OFFICE, "ol", ("office", "wangge", ())),
        (Role.LEADER, "l", ("leader", None, ())),
    ],
)
def test_where_nobody_holds_the_role_the_next_one_up_answers(
    responsible: Role, gone: str, expected: tuple[str, str | None, tuple[str, ...]]
) -> None:
    """Handler, head of the unit, office, leader; never one below the step's own role."""
    assert who(responsible, "jianshe", *gone) == expected


def test_what_no_unit_holds_is_the_offices() -> None:
    """A step for the handler of a ticket that bounced has no handler; the leader's own steps stay the leader's."""
    for responsible in (Role.HANDLER, Role.UNIT_LEAD, Role.OFFICE):
        assert who(responsible, None) == ("office", "wangge", ("o",))
    assert who(Role.LEADER, None) == ("leader", None, ("l",))


# --- the plan check -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "code", "place"),
    [
        ((step("after_due", 0),), "out_of_range", "$.ladder[0].n"),
        ((step("unsatisfied", 0),), "out_of_range", "$.ladder[0].n"),
        ((step("before_due", 366),), "out_of_range", "$.ladder[0].n"),
        ((step("after_due", 1, "red"), step("before_due", 1, "yellow")), "ladder_order", "$.ladder[1].n"),
        ((step("bounced", 2, "a"), step("bounced", 2, "b")), "ladder_order", "$.ladder[1].n"),
        ((step("after_due", 1), step("after_due", 2)), "duplicate", "$.ladder[1].id"),
        ((evolve(step("after_due"), responsible=Role.VIEWER),), "ladder_nobody", "$.ladder[0].responsible"),
        ((), "no_ladder", "$.ladder"),
    ],
)
def test_a_ladder_that_cannot_be_climbed_is_found(steps: tuple[LadderStep, ...], code: str, place: str) -> None:
    """Numbers out of range, a higher step that comes first, a name twice, nobody to answer, no ladder at all."""
    remarks = [(r.code, r.place) for r in check_plan(evolve(PLAN, ladder=steps))]
    assert (code, place) in remarks


def test_a_step_on_the_day_of_the_limit_is_allowed() -> None:
    """Nought working days before is the last day itself."""
    assert not [r for r in check_plan(evolve(PLAN, ladder=(step("before_due", 0),))) if r.level == "error"]
    assert found(TICKET, DUE, step("before_due", 0)) == ("step", DUE)
