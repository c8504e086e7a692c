"""The lifecycle walked line by line: the table below is written by hand from the plan, not read from the code."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from attrs import evolve

from zoufang.errors import (
    BackwardsError,
    BadValueError,
    IllegalStepError,
    MissingPartError,
    SamePersonError,
    StaleError,
    UnknownIdError,
)
from zoufang.model import CampaignPlan, Event, Head, Remedy, Status, Step
from zoufang.rules import allowed_in, decide, decide_all, mermaid, raised, solved_on_the_spot
from zoufang.typing import PersonId, TicketId, UnitId

S, E = Status, Event
DAY = date(2023, 3, 6)
T = TicketId("K1")

ALLOWED: dict[Status, dict[Event, Status]] = {
    S.RAISED: {E.SPLIT: S.SPLIT, E.ROUTE: S.ROUTED, E.STRIKE: S.STRUCK, E.WITHDRAW: S.WITHDRAWN, E.MERGE: S.MERGED},
    S.ROUTED: {
        E.SPLIT: S.SPLIT,
        E.ACCEPT: S.ACCEPTED,
        E.SEND_BACK: S.RETURNED,
        E.WITHDRAW: S.WITHDRAWN,
        E.MERGE: S.MERGED,
    },
    S.ACCEPTED: {
        E.SPLIT: S.SPLIT,
        E.HANDLE: S.HANDLED,
        E.WITHDRAW: S.WITHDRAWN,
        E.MERGE: S.MERGED,
        E.PAUSE: S.PAUSED,
        E.ASK_EXTENSION: S.EXTENDING,
    },
    S.PAUSED: {E.GO_ON: S.ACCEPTED, E.WITHDRAW: S.WITHDRAWN},
    S.EXTENDING: {
        E.GRANT_EXTENSION: S.ACCEPTED,
        E.DENY_EXTENSION: S.ACCEPTED,
        E.HANDLE: S.HANDLED,
        E.WITHDRAW: S.WITHDRAWN,
    },
    S.RETURNED: {E.SPLIT: S.SPLIT, E.ROUTE: S.ROUTED, E.STRIKE: S.STRUCK, E.WITHDRAW: S.WITHDRAWN, E.MERGE: S.MERGED},
    S.HANDLED: {E.FEED_BACK: S.FED_BACK, E.WITHDRAW: S.WITHDRAWN},
    S.FED_BACK: {E.APPLY: S.APPLIED, E.WITHDRAW: S.WITHDRAWN},
    S.APPLIED: {E.CLOSE: S.CLOSED, E.REFUSE: S.ACCEPTED, E.WITHDRAW: S.WITHDRAWN},
    S.CLOSED: {E.REVOKE: S.ACCEPTED, E.RESUME: S.ACCEPTED},
    S.STRUCK: {E.TELL: S.STRUCK},
    S.WITHDRAWN: {},
    S.MERGED: {E.TELL: S.MERGED},
    S.SPLIT: {E.SPLIT: S.SPLIT, E.HANDLE: S.HANDLED, E.WITHDRAW: S.WITHDRAWN},
}

FULL = Step(
    ticket_id=T,
    on=DAY,
    unit_id=UnitId("jianshe"),
    person_id=PersonId("P2"),
    remedy=Remedy.RESOLVED,
    reason="no_funds",
    parts=(UnitId("jianshe"), UnitId("zhifa")),
    days=2,
)
"""A step that has every part that any event may need, but for the ticket into which one is merged."""
MERGING = evolve(FULL, into=TicketId("K2"))


def full(event: Event) -> Step:
    """Return a step that has every part that an event may need."""
    return MERGING if event is E.MERGE else FULL


def at(status: Status) -> Head:
    """Return a ticket's head in a status, held by a unit, applied for by P1."""
    return Head(
        ticket_id=T,
        version=3,
        status=status,
        on=DAY,
        unit_id=UnitId("zhifa"),
        due_on=date(2023, 3, 13),
        remedy=Remedy.PARTLY,
        applied_by=PersonId("P1"),
    )


@pytest.mark.parametrize(("status", "event"), list(product(Status, Event)), ids=str)
def test_each_status_allows_what_the_table_says_and_nothing_else(
    plan: CampaignPlan, status: Status, event: Event
) -> None:
    """An allowed event leads to its status; any other is refused with a sentence that names what is allowed."""
    if event in ALLOWED[status]:
        after = decide(plan, at(status), event, full(event))
        assert after.status is ALLOWED[status][event]
        assert (after.version, after.on, after.ticket_id) == (4, DAY, T)
        return
    with pytest.raises(IllegalStepError) as refused:
        decide(plan, at(status), event, full(event))
    assert set(refused.value.allowed) == set(ALLOWED[status])
    assert (refused.value.ticket_id, refused.value.status, refused.value.event) == (T, status, event)
    for allowed in ALLOWED[status]:
        assert allowed in refused.value.said_in("en") or allowed.replace("_", " ") in refused.value.said_in("en")


def test_what_a_status_allows_can_be_asked(plan: CampaignPlan) -> None:
    """The same table answers "what can be done now"."""
    assert {status: set(allowed_in(status)) for status in Status} == {s: set(e) for s, e in ALLOWED.items()}


def test_closing_has_no_way_around_feedback() -> None:
    """Every path of the table from raised to closed passes through fed back."""
    reached, todo = {S.RAISED}, [S.RAISED]
    while todo:
        for after in ALLOWED[todo.pop()].values():
            if after is not S.FED_BACK and after not in reached:
                reached.add(after)
                todo.append(after)
    assert S.CLOSED not in reached


def test_the_diagram_shows_every_line() -> None:
    """One arrow for each allowed event, one for raising, and one for a ticket solved on the spot."""
    drawn = mermaid()
    for status, events in ALLOWED.items():
        for event, after in events.items():
            assert f"{status} --> {after}: {event}" in drawn
    assert drawn.count("-->") == sum(map(len, ALLOWED.values())) + 2


# --- what a step needs --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "event", "part", "empty"),
    [
        (S.RAISED, E.ROUTE, "unit_id", None),
        (S.ROUTED, E.SEND_BACK, "reason", ""),
        (S.ACCEPTED, E.HANDLE, "remedy", None),
        (S.FED_BACK, E.APPLY, "person_id", None),
        (S.APPLIED, E.CLOSE, "person_id", None),
        (S.APPLIED, E.REFUSE, "reason", ""),
        (S.CLOSED, E.REVOKE, "reason", ""),
        (S.RAISED, E.STRIKE, "reason", ""),
        (S.ACCEPTED, E.MERGE, "into", None),
        (S.ACCEPTED, E.PAUSE, "reason", ""),
        (S.ACCEPTED, E.PAUSE, "person_id", None),
        (S.ACCEPTED, E.ASK_EXTENSION, "reason", ""),
        (S.ACCEPTED, E.ASK_EXTENSION, "days", None),
        (S.EXTENDING, E.GRANT_EXTENSION, "days", None),
        (S.EXTENDING, E.GRANT_EXTENSION, "person_id", None),
        (S.EXTENDING, E.DENY_EXTENSION, "reason", ""),
        (S.RAISED, E.SPLIT, "parts", ()),
    ],
    ids=str,
)
def test_a_step_without_what_it_needs_is_refused(
    plan: CampaignPlan, status: Status, event: Event, part: str, empty: str | None
) -> None:
    """The refusal names the part that is missing."""
    with pytest.raises(MissingPartError) as refused:
        decide(plan, at(status), event, evolve(full(event), **{part: empty}))
    assert refused.value.needs == part


@pytest.mark.parametrize("remedy", [Remedy.PARTLY, Remedy.EXPLAINED])
def test_what_is_not_resolved_is_explained_with_a_reason(plan: CampaignPlan, remedy: Remedy) -> None:
    """Partly and explained need a reason of the plan; resolved does not."""
    with pytest.raises(MissingPartError):
        decide(plan, at(S.ACCEPTED), E.HANDLE, evolve(FULL, remedy=remedy, reason=""))
    assert decide(plan, at(S.ACCEPTED), E.HANDLE, evolve(FULL, remedy=remedy)).remedy is remedy
    resolved = evolve(FULL, remedy=Remedy.RESOLVED, reason="")
    assert decide(plan, at(S.ACCEPTED), E.HANDLE, resolved).remedy is Remedy.RESOLVED


def test_a_reason_is_one_of_the_plan(plan: CampaignPlan) -> None:
    """Another word is refused, with those that are known."""
    with pytest.raises(UnknownIdError) as refused:
        decide(plan, at(S.ROUTED), E.SEND_BACK, evolve(FULL, reason="太忙"))
    assert "not_our_duty" in refused.value.known


def test_the_two_keys_are_turned_by_two_people(plan: CampaignPlan) -> None:
    """Whoever applied for closing may not approve it, unless the plan asks for one key only."""
    mine = evolve(FULL, person_id=PersonId("P1"))
    with pytest.raises(SamePersonError) as refused:
        decide(plan, at(S.APPLIED), E.CLOSE, mine)
    assert refused.value.person_id == "P1"
    one_key = evolve(plan, closing=evolve(plan.closing, two_keys=False))
    assert decide(one_key, at(S.APPLIED), E.CLOSE, mine).status is S.CLOSED


def test_after_a_refusal_the_first_key_is_turned_anew(plan: CampaignPlan) -> None:
    """Refused and revoked tickets have forgotten who applied, and what the handling came to."""
    for status, event in ((S.APPLIED, E.REFUSE), (S.CLOSED, E.REVOKE)):
        after = decide(plan, at(status), event, full(event))
        assert (after.applied_by, after.remedy, after.unit_id) == (None, None, "zhifa")


def test_days_do_not_go_backwards(plan: CampaignPlan) -> None:
    """A step may be on the day of the last one, never before it."""
    assert decide(plan, at(S.ROUTED), E.ACCEPT, FULL).on == DAY
    with pytest.raises(BackwardsError) as refused:
        decide(plan, at(S.ROUTED), E.ACCEPT, evolve(FULL, on=date(2023, 3, 5)))
    assert (refused.value.on, refused.value.last_on) == (date(2023, 3, 5), DAY)


def test_a_step_on_a_stale_version_is_refused(plan: CampaignPlan) -> None:
    """Who saw version 2 may not act on version 3; who does not say what they saw may."""
    with pytest.raises(StaleError) as refused:
        decide(plan, at(S.ROUTED), E.ACCEPT, evolve(FULL, version=2))
    assert (refused.value.version, refused.value.now) == (2, 3)
    assert decide(plan, at(S.ROUTED), E.ACCEPT, evolve(FULL, version=3)).version == 4
    assert decide(plan, at(S.ROUTED), E.ACCEPT, evolve(FULL, version=None)).version == 4


def test_a_ticket_is_not_merged_into_itself(plan: CampaignPlan) -> None:
    """There would be nobody to go on."""
    with pytest.raises(BadValueError):
        decide(plan, at(S.ACCEPTED), E.MERGE, evolve(FULL, into=T))


# --- holder and time limit ----------------------------------------------------------------------------------------


def test_routing_sets_the_holder_and_starts_the_clock(plan: CampaignPlan) -> None:
    """Sent to a unit on Monday 6 March: five working days later is Monday 13 March."""
    after = decide(plan, raised(T, DAY), E.ROUTE, FULL)
    assert (after.unit_id, after.due_on) == ("jianshe", date(2023, 3, 13))


def test_a_returned_ticket_has_no_holder_and_no_time_limit(plan: CampaignPlan) -> None:
    """Nobody has it until it is sent anew; then the second unit gets its own time."""
    returned = decide(plan, at(S.ROUTED), E.SEND_BACK, FULL)
    assert (returned.unit_id, returned.due_on) == (None, None)
    again = decide(plan, returned, E.ROUTE, evolve(FULL, on=date(2023, 3, 8)))
    assert again.due_on == date(2023, 3, 15)


@pytest.mark.parametrize("status", [S.ROUTED, S.HANDLED, S.FED_BACK, S.APPLIED])
def test_the_clock_does_not_start_anew_by_any_other_step(plan: CampaignPlan, status: Status) -> None:
    """A time limit is that of the dispatch, however often somebody edits the ticket."""
    for event in set(ALLOWED[status]) - {E.ROUTE, E.SEND_BACK, E.SPLIT}:
        assert decide(plan, at(status), event, evolve(full(event), on=date(2023, 3, 9))).due_on == date(2023, 3, 13), (
            event
        )


def test_a_revoked_closing_starts_a_clock_of_its_own(plan: CampaignPlan) -> None:
    """Back to the unit on Friday 31 March: five working days later, over Qingming, is Monday 10 April."""
    after = decide(plan, at(S.CLOSED), E.REVOKE, evolve(FULL, on=date(2023, 3, 31)))
    assert (after.status, after.due_on, after.revoked) == (S.ACCEPTED, date(2023, 4, 10), 1)


def test_on_the_spot_is_raised_handled_and_fed_back() -> None:
    """Three heads in a row on one day, held by the visitor's unit, resolved, due the same day."""
    heads = solved_on_the_spot(T, DAY, UnitId("C01"))
    assert [head.status for head in heads] == [S.RAISED, S.HANDLED, S.FED_BACK]
    assert [head.version for head in heads] == [1, 2, 3]
    assert [head.remedy for head in heads] == [None, Remedy.RESOLVED, Remedy.RESOLVED]
    assert {(head.unit_id, head.due_on, head.on) for head in heads} == {("C01", DAY, DAY)}


# --- many steps ---------------------------------------------------------------------------------------------------


def test_steps_of_one_ticket_follow_each_other(plan: CampaignPlan) -> None:
    """A batch may take one ticket from raised to closed; the heads given are left as they were."""
    heads = {T: raised(T, DAY)}
    intents = [(event, FULL) for event in (E.ROUTE, E.ACCEPT, E.HANDLE, E.FEED_BACK)]
    intents += [(E.APPLY, FULL), (E.CLOSE, evolve(FULL, person_id=PersonId("P9")))]
    decided = decide_all(plan, heads, intents)
    assert [head.version for _, _, head in decided] == [2, 3, 4, 5, 6, 7]
    assert decided[-1][2].status is S.CLOSED
    assert heads[T].status is S.RAISED


def test_one_refused_step_refuses_the_batch(plan: CampaignPlan) -> None:
    """Nothing comes back of a batch with a bad step."""
    with pytest.raises(IllegalStepError):
        decide_all(plan, {T: raised(T, DAY)}, [(E.ROUTE, FULL), (E.CLOSE, FULL)])


def test_a_step_of_an_unknown_ticket_is_refused(plan: CampaignPlan) -> None:
    """With some that are known."""
    with pytest.raises(UnknownIdError) as refused:
        decide_all(plan, {TicketId("K7"): raised(TicketId("K7"), DAY)}, [(E.ROUTE, FULL)])
    assert (refused.value.id, refused.value.known) == ("K1", ("K7",))


@pytest.mark.parametrize("gone", [S.MERGED, S.STRUCK, S.WITHDRAWN])
def test_a_ticket_is_merged_only_into_one_that_goes_on(plan: CampaignPlan, gone: Status) -> None:
    """Otherwise neither of the two would ever be answered; a chain of merges within one batch is no way around."""
    other = TicketId("K2")
    heads = {T: at(S.ACCEPTED), other: at(gone)._replace(ticket_id=other)}
    with pytest.raises(BadValueError):
        decide_all(plan, heads, [(E.MERGE, MERGING)])
    heads[other] = at(S.ACCEPTED)._replace(ticket_id=other)
    assert decide_all(plan, heads, [(E.MERGE, MERGING)])[0][2].status is S.MERGED
    with pytest.raises(BadValueError):
        decide_all(plan, heads, [(E.MERGE, MERGING), (E.MERGE, evolve(MERGING, ticket_id=other, into=T))])
