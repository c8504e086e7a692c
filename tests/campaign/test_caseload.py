"""The hard cases through the Campaign: split tickets, merged ones, promises, batch approval, common problems."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from zoufang.analysis import Lack, Window
from zoufang.errors import (
    BadValueError,
    BeforeItsDayError,
    ConflictError,
    DecidedError,
    DuplicateIdError,
    GoesOnForError,
    IllegalStepError,
    LateReturnError,
    MissingPartError,
    OpenPartsError,
    PartOfError,
    SamePersonError,
    UnknownIdError,
    ZoufangError,
)
from zoufang.model import CallBack, CallOutcome, Event, Problem, Reaction, Remedy, Status
from zoufang.typing import AreaId, PersonId, TargetId, TicketId, TopicId, UnitId

E = Event
ONE, TWO = "K1/1", "K1/2"
UNITS = (UnitId("jianshe"), UnitId("zhifa"))


@pytest.fixture
def split(street: Any) -> Any:
    """A street where the call K1 was split on Monday 27 February between construction and enforcement."""
    street.campaign.raise_tickets([street.call("K1", said="路灯不亮，占道经营")])
    street.campaign.split([street.step("K1", parts=UNITS)])
    return street


def straight(street: Any, ticket_id: str, remedy: Remedy | None = Remedy.RESOLVED, **more: Any) -> None:
    """Bring a ticket that a unit has from accepted to closed, today."""
    head = street.campaign.heads([ticket_id])[ticket_id]
    steps = [] if head.status in (Status.SPLIT, Status.ACCEPTED) else [(E.ACCEPT, street.step(ticket_id))]
    steps += [(E.HANDLE, street.step(ticket_id, remedy=remedy, **more)), (E.FEED_BACK, street.step(ticket_id))]
    steps += [(E.APPLY, street.step(ticket_id, 2)), (E.CLOSE, street.step(ticket_id, 1))]
    street.campaign.reply(steps)


def refused(street: Any, error: type[ZoufangError], steps: Sequence[tuple[Event, Any]]) -> Any:
    """Return the refusal of some steps, which left the ledger as it was."""
    before = street.campaign.head
    with pytest.raises(error) as found:
        street.campaign.reply(steps)
    assert street.campaign.head == before
    return found.value


# --- splitting ------------------------------------------------------------------------------------------------------


def test_a_split_ticket_has_a_part_for_each_unit_with_its_own_lead_and_clock(split: Any) -> None:
    """The first unit leads on the whole; the parts go out the same day, five working days from 27 February."""
    heads = split.campaign.heads(["K1", ONE, TWO])
    assert {i: (h.status, h.unit_id, h.parent_id) for i, h in heads.items()} == {
        "K1": (Status.SPLIT, "jianshe", None),
        ONE: (Status.ROUTED, "jianshe", "K1"),
        TWO: (Status.ROUTED, "zhifa", "K1"),
    }
    assert {h.due_on for h in heads.values()} == {date(2023, 3, 6)}
    rows = split.rows("tickets", "source", "source_id", "topic_id", "area_id", "parent_id")
    assert rows == [
        ("call", "K1", "roads", "C01-G1", None),
        ("call", "K1", "roads", "C01-G1", "K1"),
        ("call", "K1", "roads", "C01-G1", "K1"),
    ]


def test_a_part_returned_and_sent_anew_has_a_clock_of_its_own(split: Any) -> None:
    """The other part and the whole keep theirs; who refused stands in the state."""
    split.clock.pass_days(1)
    split.campaign.send_back([split.step(TWO, reason="not_our_duty")])
    split.campaign.assign(TicketId(TWO), UnitId("shichang"))
    heads = split.campaign.heads(["K1", ONE, TWO])
    assert (heads[TWO].unit_id, heads[TWO].due_on, heads[TWO].returned_by) == (
        "shichang", date(2023, 3, 7), ("zhifa",),
    )  # fmt: skip
    assert heads["K1"].due_on == heads[ONE].due_on == date(2023, 3, 6)


@pytest.mark.parametrize("event", [E.HANDLE, E.WITHDRAW])
def test_a_split_ticket_waits_for_its_parts(split: Any, event: Event) -> None:
    """Single, in bulk, and in one batch with the steps of only one part: refused with the parts that are open."""
    steps = [(event, split.step("K1", remedy=Remedy.RESOLVED if event is E.HANDLE else None))]
    assert refused(split, OpenPartsError, steps).parts == (ONE, TWO)
    straight(split, ONE)
    assert refused(split, OpenPartsError, steps).parts == (TWO,)
    own = [(E.ACCEPT, split.step(TWO)), (E.HANDLE, split.step(TWO, remedy=Remedy.RESOLVED))]
    own += [(E.FEED_BACK, split.step(TWO)), (E.APPLY, split.step(TWO))]
    assert refused(split, OpenPartsError, [*own, *steps]).parts == (TWO,), "applied for is not closed"
    split.campaign.reply([*own, (E.CLOSE, split.step(TWO, 1)), *steps])


@pytest.mark.parametrize(
    ("remedies", "together"),
    [
        ((Remedy.RESOLVED, Remedy.RESOLVED), Remedy.RESOLVED),
        ((Remedy.EXPLAINED, Remedy.EXPLAINED), Remedy.EXPLAINED),
        ((Remedy.RESOLVED, Remedy.EXPLAINED), Remedy.PARTLY),
        ((Remedy.PARTLY, Remedy.RESOLVED), Remedy.PARTLY),
    ],
)
def test_what_the_parts_come_to_is_what_the_whole_comes_to(
    split: Any, remedies: tuple[Remedy, Remedy], together: Remedy
) -> None:
    """The step need not say it; another remedy is refused, and what is not resolved needs a reason."""
    for part, remedy in zip((ONE, TWO), remedies, strict=True):
        straight(split, part, remedy, reason="" if remedy is Remedy.RESOLVED else "no_funds")
    other = Remedy.RESOLVED if together is not Remedy.RESOLVED else Remedy.PARTLY
    refused(split, BadValueError, [(E.HANDLE, split.step("K1", remedy=other, reason="no_funds"))])
    if together is not Remedy.RESOLVED:
        refused(split, MissingPartError, [(E.HANDLE, split.step("K1"))])
    straight(split, "K1", None, reason="" if together is Remedy.RESOLVED else "no_funds")
    assert split.campaign.heads(["K1"])["K1"].remedy is together
    assert split.status("K1") is Status.CLOSED


def test_parts_that_came_to_nothing_say_nothing(split: Any) -> None:
    """One part struck: the other alone says what came of it. Both withdrawn: the lead says it itself."""
    split.campaign.reply(
        [(E.SEND_BACK, split.step(TWO, reason="unclear")), (E.STRIKE, split.step(TWO, reason="unclear"))]
    )
    straight(split, ONE)
    straight(split, "K1", None)
    assert split.campaign.heads(["K1"])["K1"].remedy is Remedy.RESOLVED


def test_a_part_is_not_opened_again_behind_the_back_of_the_whole(split: Any) -> None:
    """Once the whole went on, its own closing is revoked; it may then be split further, and waits anew."""
    straight(split, ONE)
    straight(split, TWO)
    straight(split, "K1", None)
    assert refused(split, PartOfError, [(E.REVOKE, split.step(ONE, reason="not_solved"))]).status == "closed"
    split.campaign.reply([(E.REVOKE, split.step("K1", reason="not_solved"))])
    refused(split, PartOfError, [(E.REVOKE, split.step(ONE, reason="not_solved"))])
    split.campaign.split([split.step("K1", parts=(UnitId("shichang"),))])
    assert split.campaign.heads(["K1/3"])["K1/3"].unit_id == "shichang"
    assert refused(split, OpenPartsError, [(E.HANDLE, split.step("K1"))]).parts == ("K1/3",)
    split.campaign.reply([(E.REVOKE, split.step(ONE, reason="not_solved"))])
    assert refused(split, OpenPartsError, [(E.HANDLE, split.step("K1"))]).parts == (ONE, "K1/3")


def test_a_split_counts_once(split: Any) -> None:
    """One person asked once: one ticket is received, and one is drawn for a call-back."""
    received = split.campaign.figures("received")
    assert [(f.n, f.of) for f in received] == [(1, 1)]
    straight(split, ONE)
    straight(split, TWO)
    straight(split, "K1", None)
    assert split.campaign.draw(seed="w01").n_new == 1
    assert split.rows("draws", "ticket_id") == [("K1",)]


def test_what_cannot_be_split_so_is_refused(split: Any) -> None:
    """A unit twice, an unknown unit, none at all, a part of one's own given from outside, a merge within the family."""
    refused(split, DuplicateIdError, [(E.SPLIT, split.step("K1", parts=(UNITS[0], UNITS[0])))])
    refused(split, UnknownIdError, [(E.SPLIT, split.step("K1", parts=("nobody",)))])
    refused(split, MissingPartError, [(E.SPLIT, split.step("K1"))])
    refused(split, BadValueError, [(E.MERGE, split.step(ONE, into=TicketId("K1")))])
    with pytest.raises(BadValueError):
        split.campaign.raise_tickets([split.call("K2", parent_id=TicketId("K1"))])


# --- returning ------------------------------------------------------------------------------------------------------


def test_a_wrong_dispatch_goes_back_within_two_working_days(street: Any) -> None:
    """Sent on Monday 27 February: Wednesday 1 March is the last day, Thursday is refused with it."""
    street.campaign.raise_tickets([street.call("K1"), street.call("K2")])
    street.campaign.route()
    street.clock.pass_days(2)
    street.campaign.send_back([street.step("K1", reason="not_our_duty")])
    street.clock.pass_days(1)
    assert refused(street, LateReturnError, [(E.SEND_BACK, street.step("K2", reason="unclear"))]).by == date(2023, 3, 1)


def test_what_the_office_has_decided_does_not_go_back_again(street: Any) -> None:
    """A unit returns it, the office names the same unit: it has to accept."""
    street.campaign.raise_tickets([street.call("K1")])
    street.campaign.assign(TicketId("K1"), UnitId("zhifa"))
    street.campaign.send_back([street.step("K1", reason="not_our_duty")])
    street.campaign.assign(TicketId("K1"), UnitId("zhifa"))
    assert refused(street, DecidedError, [(E.SEND_BACK, street.step("K1", reason="unclear"))]).unit_id == "zhifa"
    assert street.campaign.heads(["K1"])["K1"].returned_by == ("zhifa",)


# --- merging --------------------------------------------------------------------------------------------------------


def test_whoever_raised_a_merged_ticket_is_told_with_the_one_that_goes_on(street: Any) -> None:
    """K1 into K2, K2 into K3: feeding back K3 tells all three persons; until then two of them lack an answer."""
    street.campaign.raise_tickets([street.call(i) for i in ("K1", "K2", "K3", "K4")])
    street.campaign.route()
    street.campaign.merge([street.step("K1", into=TicketId("K2")), street.step("K2", into=TicketId("K3"))])
    refused(street, BadValueError, [(E.MERGE, street.step("K4", into=TicketId("K2")))])
    straight(street, "K3")
    rows = street.rows("ticket_events", "ticket_id", "event", "status", "into")
    told = [row for row in rows if row[1] == "tell"]
    assert sorted(told) == [("K1", "tell", "merged", "K3"), ("K2", "tell", "merged", "K3")]
    heads = street.campaign.heads(["K1", "K2"])
    assert {i: h.into for i, h in heads.items()} == {"K1": "K2", "K2": "K3"}, "both numbers are kept"
    street.campaign.merge([street.step("K4", into=TicketId("K3"))])
    assert [(u.ticket_id, u.lack) for u in street.campaign.unanswered()] == [("K4", Lack.NOT_TOLD)]
    street.campaign.reply([(E.TELL, street.step("K4"))])
    assert street.campaign.unanswered() == ()


# --- promises -------------------------------------------------------------------------------------------------------


def test_an_explanation_surfaces_on_its_day_and_is_taken_up_again(street: Any) -> None:
    """Explained on 27 February with 10 March as the day: on the list from then on, until somebody goes on with it."""
    street.campaign.raise_tickets([street.call("K1")])
    street.campaign.route()
    steps = [(E.ACCEPT, street.step("K1"))]
    day = date(2023, 3, 10)
    steps += [(E.HANDLE, street.step("K1", remedy=Remedy.EXPLAINED, reason="no_funds", plan_on=day))]
    steps += [(E.FEED_BACK, street.step("K1", reaction=Reaction.UNWILLING))]
    street.campaign.reply(steps)
    street.campaign.reply([(E.APPLY, street.step("K1", 2)), (E.CLOSE, street.step("K1", 1))])
    assert street.campaign.watch_list(date(2023, 3, 9)) == ()
    (watched,) = street.campaign.watch_list(day)
    assert (watched.ticket_id, watched.reason, watched.reaction, watched.plan_on) == (
        "K1",
        "no_funds",
        "unwilling",
        day,
    )
    street.clock.pass_days(14)  # Monday 13 March
    assert [(u.lack, u.since) for u in street.campaign.unanswered()] == [(Lack.PROMISE_DUE, day)]
    street.campaign.reply([(E.RESUME, street.step("K1"))])
    head = street.campaign.heads(["K1"])["K1"]
    assert (head.status, head.due_on, head.remedy) == (Status.ACCEPTED, date(2023, 3, 20), None)
    assert street.campaign.unanswered() == street.campaign.watch_list() == ()


def test_a_promise_is_taken_up_before_its_day_only_with_a_reason(street: Any) -> None:
    """Promised for 10 March, on the 6th: refused without one; with one it is recorded, and the promise is gone."""
    street.campaign.raise_tickets([street.call("K1")])
    street.campaign.route()
    day = date(2023, 3, 10)
    steps = [(E.ACCEPT, street.step("K1"))]
    steps += [(E.HANDLE, street.step("K1", remedy=Remedy.EXPLAINED, reason="no_funds", plan_on=day))]
    steps += [(E.FEED_BACK, street.step("K1")), (E.APPLY, street.step("K1", 2)), (E.CLOSE, street.step("K1", 1))]
    street.campaign.reply(steps)
    assert street.campaign.heads(["K1"])["K1"].plan_on == day
    street.clock.pass_days(7)
    early = refused(street, BeforeItsDayError, [(E.RESUME, street.step("K1"))])
    assert (early.ticket_id, early.on, early.plan_on) == ("K1", date(2023, 3, 6), day)
    assert "2023-03-10" in early.said_in("zh")
    street.campaign.reply([(E.RESUME, street.step("K1", reason="ready_sooner"))])
    head = street.campaign.heads(["K1"])["K1"]
    assert (head.status, head.plan_on) == (Status.ACCEPTED, None)
    assert street.rows("ticket_events", "event", "reason")[-1] == ("resume", "ready_sooner")


def test_what_was_resolved_is_not_resumed_and_needs_no_reaction(street: Any) -> None:
    """Nor does a plan date lie before the handling."""
    street.campaign.raise_tickets([street.call("K1"), street.call("K2")])
    street.campaign.route()
    street.campaign.accept([street.step("K2")])
    late = street.step("K2", remedy=Remedy.PARTLY, reason="no_funds", plan_on=date(2023, 2, 26))
    refused(street, BadValueError, [(E.HANDLE, late)])
    straight(street, "K1")
    refused(street, BadValueError, [(E.RESUME, street.step("K1"))])
    street.campaign.handle([street.step("K2", remedy=Remedy.RESOLVED)])
    refused(street, BadValueError, [(E.FEED_BACK, street.step("K2", reaction=Reaction.ACCEPTED))])


# --- two keys in a batch --------------------------------------------------------------------------------------------


def test_many_closings_are_approved_and_single_ones_refused_in_one_commit(street: Any) -> None:
    """Three applied for: two closed, one refused with its reason; one own closing among them refuses all."""
    ids = ("K1", "K2", "K3")
    street.campaign.raise_tickets([street.call(i) for i in ids])
    street.campaign.route()
    for i in ids:
        steps = [(E.ACCEPT, street.step(i)), (E.HANDLE, street.step(i, remedy=Remedy.RESOLVED))]
        street.campaign.reply([*steps, (E.FEED_BACK, street.step(i)), (E.APPLY, street.step(i, 2))])
    before = street.campaign.head
    with pytest.raises(SamePersonError):
        street.campaign.approve([street.step("K1", 1), street.step("K2", 2)])
    with pytest.raises(DuplicateIdError):
        street.campaign.approve([street.step("K1", 1)], [street.step("K1", 1, reason="no_evidence")])
    assert street.campaign.head == before
    street.campaign.approve([street.step("K1", 1), street.step("K2", 1)], [street.step("K3", 1, reason="no_evidence")])
    assert street.campaign.head.seq == before.seq + 1
    assert [street.status(i) for i in ids] == [Status.CLOSED, Status.CLOSED, Status.ACCEPTED]


# --- 件件有落实、事事有回音 ---------------------------------------------------------------------------------------


def test_every_way_of_not_answering_is_listed(street: Any) -> None:
    """Nobody has K1; K2 was never handled, K3 never fed back, the person of K4 never told; K5 was withdrawn."""
    ids = ("K1", "K2", "K3", "K4", "K5", "K6")
    street.campaign.raise_tickets([street.call(i) for i in ids])
    for i in ("K2", "K3", "K6"):
        street.campaign.assign(TicketId(i), UnitId("zhifa"))
    street.campaign.reply([(E.STRIKE, street.step("K4", reason="unclear")), (E.WITHDRAW, street.step("K5"))])
    street.campaign.reply([(E.ACCEPT, street.step("K3")), (E.HANDLE, street.step("K3", remedy=Remedy.RESOLVED))])
    straight(street, "K6")
    on_time = [(u.ticket_id, u.lack) for u in street.campaign.unanswered()]
    assert on_time == [("K4", Lack.NOT_TOLD)]
    street.clock.pass_days(8)  # Tuesday 7 March: the time limit was Monday
    assert [(u.ticket_id, u.lack, u.unit_id) for u in street.campaign.unanswered()] == [
        ("K1", Lack.NO_UNIT, None),
        ("K2", Lack.NOT_HANDLED, "zhifa"),
        ("K3", Lack.NOT_FED_BACK, "zhifa"),
        ("K4", Lack.NOT_TOLD, None),
    ]
    assert len(street.campaign.unanswered(Window(to_on=date(2023, 2, 27)))) == 1, "as of the first day again"
    assert street.campaign.unanswered(Window(from_on=date(2023, 3, 1), to_on=date(2023, 3, 7))) == ()


def test_whoever_raised_a_merged_ticket_is_not_forgotten_when_the_other_was_answered_before(street: Any) -> None:
    """K5 was closed before K4 was merged into it, and K6 into K4: both persons have to be told, then leave the list."""
    street.campaign.raise_tickets([street.call(f"K{n}") for n in range(4, 7)])
    street.campaign.merge([street.step("K6", into=TicketId("K4"))])
    assert street.campaign.unanswered() == ()
    street.campaign.assign(TicketId("K5"), UnitId("jianshe"))
    straight(street, "K5")
    street.campaign.merge([street.step("K4", into=TicketId("K5"))])
    found = street.campaign.unanswered()
    assert [(one.ticket_id, one.lack) for one in found] == [(i, Lack.NOT_TOLD) for i in ("K4", "K6")]
    street.campaign.reply([(E.TELL, street.step(i)) for i in ("K4", "K6")])
    assert street.campaign.unanswered() == ()


def test_a_ticket_that_goes_on_for_others_does_not_come_to_nothing(street: Any) -> None:
    """K3 goes on for K2, and K2 for K1: whoever raised K3 cannot take it back, for two others wait for its answer."""
    street.campaign.raise_tickets([street.call(f"K{n}") for n in range(1, 4)])
    street.campaign.merge([street.step("K1", into=TicketId("K2")), street.step("K2", into=TicketId("K3"))])
    error = refused(street, GoesOnForError, [(E.WITHDRAW, street.step("K3"))])
    assert set(error.others) == {"K1", "K2"}


# --- common problems ------------------------------------------------------------------------------------------------


def problem(street: Any, **more: Any) -> Problem:
    """Return a common problem of today: the lamps of a road, led by construction."""
    whole = {"id": "G1", "topic_id": TopicId("roads"), "unit_id": UnitId("jianshe"), "on": street.today, **more}
    return Problem(**whole)


def test_one_common_problem_solved_brings_along_its_tickets(street: Any) -> None:
    """Three tickets in three statuses: linked, handled at one blow, and then each person fed back singly."""
    ids = [TicketId(i) for i in ("K1", "K2", "K3", "K4")]
    street.campaign.raise_tickets([street.call(i) for i in ids])
    street.campaign.assign(ids[1], UnitId("zhifa"))
    street.campaign.assign(ids[2], UnitId("zhifa"))
    street.campaign.accept([street.step("K3")])
    street.campaign.link(problem(street, note="同一条线路"), ids[:3])
    assert street.status("K1") is Status.ROUTED, "sent to the unit that leads on the problem"
    street.campaign.link(problem(street), ids[3:])
    street.campaign.reply([(E.WITHDRAW, street.step("K4"))])
    done = street.campaign.handle_problem("G1", street.step("", remedy=Remedy.RESOLVED, note="已更换变压器"))
    assert done.n_new == 3
    (standing,) = street.campaign.problems()
    handled = Status.HANDLED
    assert standing.remedy is Remedy.RESOLVED
    assert dict(standing.tickets) == {"K1": handled, "K2": handled, "K3": handled, "K4": Status.WITHDRAWN}
    heads = street.campaign.heads(ids)
    assert [heads[i].unit_id for i in ids[:3]] == ["jianshe", "zhifa", "zhifa"]
    street.campaign.feed_back([street.step(i) for i in ids[:3]])
    assert {h.remedy for h in street.campaign.heads(ids[:3]).values()} == {Remedy.RESOLVED}
    assert street.campaign.verify().ok


def test_a_common_problem_brings_along_a_ticket_that_waits(street: Any) -> None:
    """One is paused, one asks for more days: both are handled, and the pause has ended first."""
    ids = [TicketId(i) for i in ("K1", "K2", "K3")]
    street.campaign.raise_tickets([street.call(i) for i in ids])
    street.campaign.route()
    street.campaign.accept([street.step(i) for i in ids])
    street.campaign.link(problem(street), ids[:2])
    street.campaign.limits.pause([street.step(i, reason="waits_for_project") for i in (ids[0], ids[2])])
    street.campaign.limits.ask([street.step("K2", reason="no_funds", days=2)])
    street.campaign.link(problem(street), ids[2:])
    assert street.campaign.handle_problem("G1", street.step("", remedy=Remedy.RESOLVED)).n_new == 3
    assert {street.status(i) for i in ids} == {Status.HANDLED}
    events = [row[0] for row in street.rows("ticket_events", "event", "ticket_id") if row[1] == "K1"]
    assert events[-3:] == ["pause", "go_on", "handle"]


def test_what_cannot_be_linked_or_handled_so_is_refused(street: Any) -> None:
    """Linked twice, linked when handled, another lead, unknown, without remedy or reason, handled twice."""
    street.campaign.raise_tickets([street.call("K1"), street.call("K2")])
    street.campaign.route()
    straight(street, "K2")
    street.campaign.link(problem(street), [TicketId("K1")])
    before = street.campaign.head
    bad: list[tuple[type[ZoufangError], Any]] = [
        (ConflictError, lambda c: c.link(problem(street), [TicketId("K1")])),
        (ConflictError, lambda c: c.link(problem(street, id="G2"), [TicketId("K1")])),
        (ConflictError, lambda c: c.link(problem(street, unit_id=UnitId("zhifa")), [])),
        (IllegalStepError, lambda c: c.link(problem(street), [TicketId("K2")])),
        (UnknownIdError, lambda c: c.link(problem(street), [TicketId("K9")])),
        (UnknownIdError, lambda c: c.handle_problem("G9", street.step("", remedy=Remedy.RESOLVED))),
        (UnknownIdError, lambda c: c.handle_problem("G1", street.step("", key=9, remedy=Remedy.RESOLVED))),
        (UnknownIdError, lambda c: c.link(problem(street, id="G2", person_id=PersonId("P9")), [])),
        (MissingPartError, lambda c: c.handle_problem("G1", street.step(""))),
        (MissingPartError, lambda c: c.handle_problem("G1", street.step("", remedy=Remedy.PARTLY))),
    ]
    for error, call in bad:
        with pytest.raises(error):
            call(street.campaign)
    assert street.campaign.head == before
    street.campaign.handle_problem("G1", street.step("", remedy=Remedy.EXPLAINED, reason="no_funds"))
    with pytest.raises(BadValueError):
        street.campaign.handle_problem("G1", street.step("", remedy=Remedy.RESOLVED))


# --- duplicates -----------------------------------------------------------------------------------------------------


def test_duplicates_are_suggested_before_a_ticket_is_raised(street: Any) -> None:
    """Of one target first, then of one area; another topic, another target or more than 30 days apart is none."""
    mine, other = TargetId("T-household-1"), TargetId("T-shop-1")
    calls = [
        street.call("A1", target_id=mine),
        street.call("A2", target_id=other),
        street.call("A3"),
        street.call("A4", topic="noise", target_id=mine),
        street.call("A5", area="C02-G1"),
    ]
    street.campaign.raise_tickets(calls)
    street.campaign.reply([(E.WITHDRAW, street.step("A5"))])
    street.clock.pass_days(10)
    before = street.campaign.head
    new = [street.call("N1", target_id=mine), street.call("N2", area="C02-G1"), street.call("N3", area="C02-G1")]
    found = [(s.ticket_id, s.like, s.by, s.days) for s in street.campaign.similar(new)]
    assert found == [("N1", "A1", "target", 10), ("N1", "A3", "area", 10), ("N3", "N2", "area", 0)]
    assert street.campaign.head == before
    street.clock.pass_days(21)
    assert street.campaign.similar([street.call("N4", target_id=mine)]) == ()


def test_a_failed_call_back_sends_a_split_ticket_back_with_a_clock_of_its_own(split: Any) -> None:
    """The whole goes back to the unit that leads on it; its parts stay closed."""
    straight(split, ONE)
    straight(split, TWO)
    straight(split, "K1", None)
    split.campaign.draw(seed="w01")
    split.clock.pass_days(7)  # Monday 6 March
    split.campaign.call_back(
        [CallBack(TicketId("K1"), split.today, CallOutcome.REACHED, solved=False, satisfied=False)]
    )
    heads = split.campaign.heads(["K1", ONE, TWO])
    assert (heads["K1"].status, heads["K1"].due_on) == (Status.ACCEPTED, date(2023, 3, 13))
    assert {heads[ONE].status, heads[TWO].status} == {Status.CLOSED}
    assert AreaId("C01-G1") in split.campaign.areas()
