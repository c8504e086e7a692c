"""Families, clocks and steps at their edges: what a second reading of the rules asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from attrs import evolve

from zoufang.errors import BadInputError, PartMergedError
from zoufang.model import CampaignPlan, Count, Event, Head, Limit, LimitClass, Parted, Remedy, Rerouted, Status, Step
from zoufang.rules import decide_all, raised
from zoufang.typing import PersonId, Text, TicketId, UnitId

E = Event
FRIDAY, MONDAY = date(2023, 3, 10), date(2023, 3, 13)
NINE, TEN, ELEVEN, TWO = 540, 600, 660, 840
PARTS: dict[Event, dict[str, Any]] = {
    E.ROUTE: {"unit_id": UnitId("zhifa")},
    E.SEND_BACK: {"reason": "not_our_duty"},
    E.HANDLE: {"remedy": Remedy.RESOLVED},
    E.APPLY: {"person_id": PersonId("P1")},
    E.CLOSE: {"person_id": PersonId("P2")},
    E.REVOKE: {"reason": "not_solved"},
    E.PAUSE: {"reason": "waits_for_project", "person_id": PersonId("P2")},
    E.ASK_EXTENSION: {"reason": "no_funds"},
    E.GRANT_EXTENSION: {"person_id": PersonId("P2")},
}
Told = tuple[Event, str, date, dict[str, Any]]


def told(event: Event, ticket_id: str = "K1", on: date = FRIDAY, **more: Any) -> Told:
    """Return one step of a history."""
    return event, ticket_id, on, more


def after(plan: CampaignPlan, steps: Sequence[Told], limit_id: str | None = None) -> dict[str, Head]:
    """Return where tickets stand after some steps; each is raised on Friday 10 March 2023."""
    ids = {ticket_id for _, ticket_id, _, _ in steps if "/" not in ticket_id}
    ids |= {str(more["into"]) for *_, more in steps if "/" not in str(more.get("into", "/"))}
    heads = {i: raised(TicketId(i), FRIDAY, limit_id) for i in ids}
    intents = [(event, Step(TicketId(i), on, **{**PARTS.get(event, {}), **more})) for event, i, on, more in steps]
    for _, _, head in decide_all(plan, heads, intents):
        heads[head.ticket_id] = head
    return heads


def closed(ticket_id: str, **more: Any) -> list[Told]:
    """Return the steps from a unit's accepting to the second key."""
    return [
        told(E.ACCEPT, ticket_id),
        told(E.HANDLE, ticket_id, **more),
        *(told(event, ticket_id) for event in (E.FEED_BACK, E.APPLY, E.CLOSE)),
    ]


SPLIT = told(E.SPLIT, "K1", parts=(UnitId("jianshe"), UnitId("zhifa")))


def with_limits(plan: CampaignPlan, **changes: Any) -> CampaignPlan:
    """Return the plan with a limit of two hours and one of seven calendar days, and other changes."""
    classes = (
        LimitClass("urgent", Text("紧急", "urgent"), Limit(2, Count.HOURS)),
        LimitClass("week", Text("七日", "a week"), Limit(7, Count.CALENDAR_DAYS)),
    )
    return evolve(plan, deadlines=evolve(plan.deadlines, classes=classes, **changes))


# --- parts and merges -----------------------------------------------------------------------------------------------


def test_a_part_is_not_merged_into_a_stranger(plan: CampaignPlan) -> None:
    """K1 would be solved by its other part alone, whatever K1/2 came to in K7."""
    steps = [SPLIT, told(E.ROUTE, "K7"), told(E.MERGE, "K1/2", into=TicketId("K7"))]
    with pytest.raises(PartMergedError) as refused:
        after(plan, steps)
    assert (refused.value.ticket_id, refused.value.parent_id, refused.value.into) == ("K1/2", "K1", "K7")


@pytest.mark.parametrize("event", [E.WITHDRAW, E.STRIKE])
def test_a_ticket_in_which_others_go_on_does_not_come_to_nothing(plan: CampaignPlan, event: Event) -> None:
    """K2 was merged into K1: whoever raised K1 may take back the own demand, but not K2's with it."""
    steps = [told(E.MERGE, "K2", into=TicketId("K1")), told(event, "K1", reason="not_public")]
    with pytest.raises(BadInputError):
        after(plan, steps)


def test_a_split_ticket_is_not_merged_into_a_part_of_its_part(plan: CampaignPlan) -> None:
    """Kin is the whole family: K1, opened again after its closing, cannot go on in K1/1/1."""
    whole = [*closed("K1/1/1"), *closed("K1/1", remedy=None)[1:], *closed("K1/2"), *closed("K1", remedy=None)[1:]]
    steps = [SPLIT, told(E.SPLIT, "K1/1", parts=(UnitId("jianshe"),)), *whole, told(E.REVOKE)]
    assert after(plan, steps)["K1"].status is Status.ACCEPTED
    with pytest.raises(BadInputError):
        after(plan, [*steps, told(E.MERGE, into=TicketId("K1/1/1"))])


# --- clocks ---------------------------------------------------------------------------------------------------------


def test_a_pause_after_a_limit_in_hours_is_refused_on_the_same_day_too(plan: CampaignPlan) -> None:
    """Sent out at nine with two hours: at two in the afternoon it is too late to stop the clock."""
    own = with_limits(plan)
    way = [told(E.ROUTE, minute=NINE), told(E.ACCEPT, minute=NINE)]
    for late in (told(E.PAUSE, minute=TWO), told(E.ASK_EXTENSION, minute=TWO, days=1)):
        with pytest.raises(BadInputError):
            after(own, [*way, late], "urgent")


def test_a_pause_moves_a_limit_in_hours_by_what_it_took(plan: CampaignPlan) -> None:
    """Sent out at nine, stopped from ten to two: one hour is left at two, as it was at ten."""
    steps = [told(E.ROUTE, minute=NINE), told(E.ACCEPT, minute=NINE), told(E.PAUSE, minute=TEN)]
    head = after(with_limits(plan), [*steps, told(E.GO_ON, minute=TWO)], "urgent")["K1"]
    assert (head.due_on, head.due_minute) == (FRIDAY, TWO + 60)


def test_what_is_left_of_a_limit_in_hours_is_left_after_a_return(plan: CampaignPlan) -> None:
    """Where the rest of the time goes over to the next unit: one hour at ten, one hour at two on Monday."""
    steps = [told(E.ROUTE, minute=NINE), told(E.SEND_BACK, minute=TEN), told(E.ROUTE, on=MONDAY, minute=TWO)]
    head = after(with_limits(plan, on_reroute=Rerouted.REST), steps, "urgent")["K1"]
    assert (head.due_on, head.due_minute) == (MONDAY, TWO + 60)


@pytest.mark.parametrize("limit_id", ["urgent", "week"])
def test_a_limit_in_working_days_after_a_revocation_is_paused_in_working_days(
    plan: CampaignPlan, limit_id: str
) -> None:
    """Three working days for handling again, whatever the class: from Friday to Wednesday 15, paused over a week-end.

    The pause took one working day, so the limit is Thursday 16 March.
    """
    again = [told(E.REVOKE), told(E.PAUSE), told(E.GO_ON, on=MONDAY)]
    own = with_limits(plan, reopen_days=3)
    assert after(own, [told(E.ROUTE), *closed("K1"), *again[:1]], limit_id)["K1"].due_on == date(2023, 3, 15)
    assert after(own, [told(E.ROUTE), *closed("K1"), *again], limit_id)["K1"].due_on == date(2023, 3, 16)


def test_days_that_are_granted_are_what_the_plan_counts(plan: CampaignPlan) -> None:
    """``count`` says what ``extension_days`` counts: seven calendar days to Friday 17, and five working days on top."""
    steps = [told(E.ROUTE), told(E.ACCEPT), told(E.ASK_EXTENSION, days=5), told(E.GRANT_EXTENSION, days=5)]
    assert plan.deadlines.count is Count.WORKING_DAYS
    assert after(with_limits(plan), steps, "week")["K1"].due_on == date(2023, 3, 24)


def test_the_parts_of_a_ticket_have_their_hours_from_the_minute_of_the_split(plan: CampaignPlan) -> None:
    """Split at nine with two hours each: until eleven, not until two in the next night."""
    event, ticket_id, on, more = SPLIT
    heads = after(with_limits(plan), [(event, ticket_id, on, {**more, "minute": NINE})], "urgent")
    assert {(head.due_on, head.due_minute) for head in heads.values()} == {(FRIDAY, ELEVEN)}


def test_a_step_of_one_day_is_not_dated_before_the_minute_of_the_last(plan: CampaignPlan) -> None:
    """Accepted at nine, and handled the same day at five minutes past midnight: the minutes are in order too."""
    steps = [told(E.ROUTE, minute=NINE), told(E.ACCEPT, minute=NINE), told(E.HANDLE, minute=5)]
    with pytest.raises(BadInputError):
        after(with_limits(plan), steps, "urgent")


# --- what a step may carry ------------------------------------------------------------------------------------------


def test_a_ticket_is_not_taken_back_without_saying_who_noted_it(plan: CampaignPlan) -> None:
    """It leaves every denominator: whoever writes that the person has taken it back signs for that."""
    with pytest.raises(BadInputError):
        after(plan, [told(E.ROUTE), told(E.ACCEPT), told(E.WITHDRAW)])


def test_only_a_merge_names_another_ticket(plan: CampaignPlan) -> None:
    """A stray ``into`` would be told as “into K7” of a ticket that goes on by itself."""
    steps = [told(E.ROUTE), told(E.ACCEPT, into=TicketId("K7"))]
    with pytest.raises(BadInputError):
        after(plan, steps)


def test_the_statuses_of_this_reading_are_what_they_were(plan: CampaignPlan) -> None:
    """The histories above are otherwise good: without their last step they end where they should."""
    heads = after(plan, [SPLIT, *closed("K1/1"), *closed("K1/2"), told(E.HANDLE, "K1", remedy=None)])
    assert (heads["K1"].status, heads["K1"].remedy) == (Status.HANDLED, Remedy.RESOLVED)


# --- the clock of a split ticket ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rule", "due_on"), [(Parted.FOLLOW, date(2023, 3, 20)), (Parted.KEEP, date(2023, 3, 17))])
def test_a_ticket_that_is_split_later_ends_not_before_its_parts(plan: CampaignPlan, rule: Parted, due_on: date) -> None:
    """Sent on Friday 10 March until Friday 17; split on Monday 13, so that its parts have until Monday 20.

    The ticket cannot be handled before its parts are, so it follows them, unless the plan keeps its clock.
    """
    event, ticket_id, _, more = SPLIT
    heads = after(with_limits(plan, on_split=rule), [told(E.ROUTE), (event, ticket_id, MONDAY, more)])
    assert (heads["K1/1"].due_on, heads["K1/2"].due_on) == (date(2023, 3, 20), date(2023, 3, 20))
    assert heads["K1"].due_on == due_on


def test_what_a_part_is_granted_later_is_its_own(plan: CampaignPlan) -> None:
    """Split on Friday 10 March, all due on Friday 17: three days more for one part, and nothing else moves.

    A part has a clock of its own, and each later change of it a reason and an approver of its own.
    """
    one = [told(E.ACCEPT, "K1/1"), told(E.ASK_EXTENSION, "K1/1", days=3), told(E.GRANT_EXTENSION, "K1/1", days=3)]
    heads = after(plan, [SPLIT, *one])
    assert {key: head.due_on for key, head in heads.items()} == {
        "K1": date(2023, 3, 17),
        "K1/1": date(2023, 3, 22),
        "K1/2": date(2023, 3, 17),
    }
    other = [told(E.ACCEPT, "K1/2"), told(E.PAUSE, "K1/2"), told(E.GO_ON, "K1/2", on=MONDAY)]
    assert [after(plan, [SPLIT, *other])[key].due_on for key in ("K1", "K1/2")] == [
        date(2023, 3, 17),
        date(2023, 3, 20),
    ]


def test_a_split_does_not_shorten_a_limit(plan: CampaignPlan) -> None:
    """Three more days were granted, until Wednesday 22 March: the parts' Monday 20 takes none of them away."""
    event, ticket_id, _, more = SPLIT
    way = [told(E.ROUTE), told(E.ACCEPT), told(E.ASK_EXTENSION, days=3), told(E.GRANT_EXTENSION, days=3)]
    head = after(plan, [*way, (event, ticket_id, MONDAY, more)])["K1"]
    assert (head.due_on, head.extended_days) == (date(2023, 3, 22), 3)
