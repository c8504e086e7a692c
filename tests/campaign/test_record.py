"""Recording visits and raising tickets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread, get_ident
from typing import Any

import pytest
from attrs import evolve

from zoufang.errors import (
    BadValueError,
    DuplicateIdError,
    RefusedFactError,
    SubmissionConflictError,
    UnknownAreaError,
    UnknownIdError,
)
from zoufang.model import Finding, FindingKind, Outcome, Status
from zoufang.typing import AreaId, PersonId, TargetId, TopicId, UnitId, VisitId


def test_a_demand_solved_on_the_spot_is_raised_handled_and_fed_back_in_one_commit(street: Any) -> None:
    """Three events of the visitor, held by the visitor's unit, in the commit of the visit itself."""
    street.campaign.record([street.visit("V1")], [street.demand("V1", solved=True, answer="已更换灯泡")])
    seq = street.campaign.head.seq
    columns = ("commit_seq", "version", "event", "status", "unit_id", "person_id", "due_on", "remedy")
    day = street.today
    assert street.rows("ticket_events", *columns) == [
        (seq, 1, "raise", "raised", "C01", "P-C01-2", day, None),
        (seq, 2, "handle", "handled", "C01", "P-C01-2", day, "resolved"),
        (seq, 3, "feed_back", "fed_back", "C01", "P-C01-2", day, "resolved"),
    ]
    assert street.rows("tickets", "ticket_id", "source", "source_id", "track", "area_id", "target_id") == [
        ("V1-1", "visit", "V1", "on_the_spot", "C01-G1", "T-household-1")
    ]


def test_a_demand_that_is_not_solved_waits_for_the_office(street: Any) -> None:
    """It is raised, on the joint track, held by nobody."""
    street.campaign.record([street.visit("V1")], [street.demand("V1")])
    assert street.status("V1-1") is Status.RAISED
    assert street.rows("tickets", "track") == [("joint",)]
    assert street.rows("ticket_events", "unit_id", "due_on") == [(None, None)]


def test_suggestions_and_good_practices_are_findings_and_no_tickets(street: Any) -> None:
    """They are recorded with their topic; nobody owes an answer."""
    findings = [
        Finding(VisitId("V1"), 1, FindingKind.SUGGESTION, TopicId("roads"), said="多装路灯"),
        Finding(VisitId("V1"), 2, FindingKind.GOOD_PRACTICE, TopicId("other")),
    ]
    street.campaign.record([street.visit("V1")], findings)
    assert street.rows("findings", "n", "kind", "topic_id") == [
        (1, "suggestion", "roads"),
        (2, "good_practice", "other"),
    ]
    assert street.rows("tickets", "ticket_id") == []
    assert street.rows("visits", "n_findings") == [(2,)]


def test_a_visit_knows_its_phases(street: Any) -> None:
    """30 April belongs to two phases, and both stand in the fact."""
    street.clock.pass_days(62)
    assert str(street.today) == "2023-04-30"
    street.campaign.record([street.visit("V1")])
    assert street.rows("visits", "phase") == [("visit rectify",)]


def test_today_is_the_day_of_the_street(new_street: Callable[..., Any]) -> None:
    """At half past midnight in Shandong it is a new day, whatever day it is in UTC."""
    street = new_street()
    street.clock.now = street.clock.now.replace(hour=0, minute=30)
    assert street.clock.now.utctimetuple().tm_mday == 26
    assert str(street.today) == "2023-02-27"
    street.campaign.record([street.visit("V1")])


# --- sent again -------------------------------------------------------------------------------------------------


def test_the_same_visit_again_is_passed_over(street: Any) -> None:
    """A batch with one new visit records that one; with none, nothing at all."""
    first, findings = street.visit("V1"), [street.demand("V1", said="路灯不亮")]
    street.campaign.record([first], findings)
    done = street.campaign.record([first, street.visit("V2")], findings)
    assert (done.n_new, done.n_known) == (1, 1)
    head = street.campaign.head
    done = street.campaign.record([first], findings)
    assert (done.receipt, done.n_new, done.n_known) == (None, 0, 1)
    assert street.campaign.head == head
    assert len(street.rows("tickets", "ticket_id")) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": Outcome.ABSENT},
        {"target_id": TargetId("T-household-2")},
        {"no_demand": True},
        {"minute": 601},
        {"made_known": ("laws",)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_visit_again_with_other_content_is_a_conflict(street: Any, change: dict[str, Any]) -> None:
    """The first record stands; what was handed in is kept beside it, and the good visit of the batch is recorded."""
    street.campaign.record([street.visit("V1")])
    first = street.rows("visits", "visit_id", "target_id", "outcome", "minute", "no_demand", "made_known")
    done = street.campaign.record([street.visit("V1", **change), street.visit("V2")])
    assert (done.n_new, done.n_known, done.conflicts) == (1, 0, ("V1",))
    columns = ("visit_id", "target_id", "outcome", "minute", "no_demand", "made_known")
    assert street.rows("visits", *columns)[:1] == first
    assert street.rows("conflicts", "subject", "subject_id", "differs") == [("visit", "V1", next(iter(change)))]


def test_a_visit_again_with_other_words_is_a_conflict(street: Any) -> None:
    """What was heard belongs to the record: another word, one more finding, one less."""
    visit, heard = street.visit("V1"), street.demand("V1", said="路灯不亮")
    street.campaign.record([visit], [heard])
    for other in ([evolve(heard, said="路灯全灭")], [heard, street.demand("V1", 2)], []):
        assert street.campaign.record([visit], other).conflicts == ("V1",)
    assert street.rows("conflicts", "differs") == [("findings.1.said",), ("findings.2",), ("findings.1",)]
    assert len(street.rows("findings", "n")) == 1


def test_a_submission_sent_again_has_no_second_effect(street: Any) -> None:
    """The first receipt comes back, marked as a duplicate."""
    first = street.campaign.record([street.visit("V1")], submission_id="week-1")
    street.campaign.record([street.visit("V2")])
    again = street.campaign.record([street.visit("V1")], submission_id="week-1")
    assert (again.receipt.seq, again.receipt.chain) == (first.receipt.seq, first.receipt.chain)
    assert again.receipt.duplicate


def test_other_content_under_a_submission_id_is_compared_row_by_row(street: Any) -> None:
    """Equal rows are known, new ones recorded, differing ones conflicts; the changed batch once more adds nothing."""
    street.campaign.record([street.visit("V1"), street.visit("V2")], submission_id="week-1")
    changed = [street.visit("V1"), street.visit("V2", outcome=Outcome.ABSENT), street.visit("V9")]
    second = street.campaign.record(changed, submission_id="week-1")
    assert (second.n_new, second.n_known, second.conflicts) == (1, 1, ("V2",))
    head = street.campaign.head
    third = street.campaign.record(changed, submission_id="week-1")
    assert third.receipt.duplicate
    assert third.receipt.seq == second.receipt.seq
    assert street.campaign.head == head
    assert street.campaign.record([street.visit("V1"), street.visit("V2")], submission_id="week-1").receipt.seq == 3


def test_other_calls_under_a_submission_id_are_compared_row_by_row(street: Any) -> None:
    """The same with tickets from outside."""
    one, two = street.call("K1"), street.call("K2")
    street.campaign.raise_tickets([one], submission_id="calls-1")
    changed = [evolve(one, said="路灯不亮"), two]
    done = street.campaign.raise_tickets(changed, submission_id="calls-1")
    assert (done.n_new, done.n_known, done.conflicts) == (1, 0, ("K1",))
    assert street.campaign.raise_tickets(changed, submission_id="calls-1").receipt.duplicate
    assert len(street.rows("conflicts", "conflict_id")) == 1


def test_a_submission_id_is_not_used_for_two_sorts_of_things(street: Any) -> None:
    """Visits and calls cannot be compared with each other: nothing is recorded."""
    street.campaign.record([street.visit("V1")], submission_id="week-1")
    calls = [street.call("K1")]
    street.refuses(SubmissionConflictError, lambda: street.campaign.raise_tickets(calls, submission_id="week-1"))


@pytest.mark.parametrize("minutes", [(600, 600), (600, 601)])
def test_of_two_that_come_at_the_same_moment_none_is_refused(street: Any, minutes: tuple[int, int]) -> None:
    """Two tablets send V1, each on a thread: one is new; the other is known, or a conflict where it differs."""
    start, told = Barrier(2), []

    def send(minute: int, number: str) -> None:
        visit = street.visit("V1", minute=minute)
        start.wait()
        done = street.campaign.record([visit], submission_id=number)
        told.append((done.n_new, done.n_known, done.n_conflicts))

    threads = [Thread(target=send, args=(m, f"tablet-{n}")) for n, m in enumerate(minutes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    same = minutes[0] == minutes[1]
    assert sorted(told) == [(0, 1, 0) if same else (0, 0, 1), (1, 0, 0)]
    assert street.campaign.verify().ok


@pytest.mark.parametrize("things", ["visits", "calls"])
def test_of_two_that_come_at_the_same_moment_under_one_submission_id_none_is_refused(
    street: Any, monkeypatch: pytest.MonkeyPatch, things: str
) -> None:
    """Both look before either is recorded, each on a thread: both are recorded, one under a number of its own."""
    ledger, both, told = street.campaign.ledger, Barrier(2), []
    look, looked = ledger.submission, set()

    def look_together(number: str) -> Any:
        found = look(number)
        if get_ident() not in looked:
            looked.add(get_ident())
            both.wait(10)
        return found

    def send(n: int) -> None:
        if things == "visits":
            done = street.campaign.record([street.visit(f"V{n}")], submission_id="week-1")
        else:
            done = street.campaign.raise_tickets([street.call(f"K{n}")], submission_id="week-1")
        told.append((done.n_new, done.receipt.duplicate))

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "submission", look_together)
        threads = [Thread(target=send, args=(n,)) for n in (1, 2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert told == [(1, False), (1, False)]
    send(2)
    assert told[2] == (0, True)
    assert street.campaign.verify().ok


def test_calls_are_exported_with_all_rows_so_far(street: Any) -> None:
    """The same calls again are passed over, the new one is raised; a changed one is a conflict."""
    one, two = street.call("K1", said="路灯不亮", contact="王"), street.call("K2")
    street.campaign.raise_tickets([one])
    done = street.campaign.raise_tickets([one, two])
    assert (done.n_new, done.n_known) == (1, 1)
    done = street.campaign.raise_tickets([evolve(one, contact="李"), two])
    assert (done.n_new, done.n_known, done.conflicts) == (0, 1, ("K1",))
    assert street.rows("conflicts", "subject", "subject_id", "differs") == [("ticket", "K1", "contact")]


# --- refused ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "change"),
    [
        (UnknownIdError, {"target_id": TargetId("T-nobody")}),
        (UnknownIdError, {"visitor_id": PersonId("P-nobody")}),
        (UnknownIdError, {"unit_id": UnitId("C09")}),
        (UnknownIdError, {"made_known": ("gossip",)}),
        (BadValueError, {"minute": 1440}),
        (BadValueError, {"minute": -1}),
        (BadValueError, {"minutes": -1}),
        (BadValueError, {"minutes": 2**70}),
    ],
    ids=str,
)
def test_a_visit_that_cannot_be_is_refused_whole(street: Any, error: Any, change: dict[str, Any]) -> None:
    """Unknown target, visitor, unit or message; a minute that no day has. The good visit beside it is not recorded."""
    street.refuses(error, lambda: street.campaign.record([street.visit("V1"), street.visit("V2", **change)]))
    assert street.campaign.ids("visits") == frozenset()


def test_a_visit_of_tomorrow_is_refused(street: Any) -> None:
    """Nobody can have made it."""
    visit = street.visit("V1", on=street.today + timedelta(days=1))
    street.refuses(BadValueError, lambda: street.campaign.record([visit]))


def test_a_visit_cannot_have_a_demand_and_none(street: Any) -> None:
    """To have said that there is nothing, beside a demand, contradicts itself; beside a suggestion it does not."""
    visit = street.visit("V1", no_demand=True)
    street.refuses(BadValueError, lambda: street.campaign.record([visit], [street.demand("V1")]))
    idea = Finding(VisitId("V1"), 1, FindingKind.SUGGESTION, TopicId("roads"))
    assert street.campaign.record([visit], [idea]).n_new == 1


@pytest.mark.parametrize(
    ("error", "findings"),
    [
        (UnknownIdError, [("V2", 1, "roads")]),
        (UnknownIdError, [("V1", 1, "weather")]),
        (DuplicateIdError, [("V1", 1, "roads"), ("V1", 1, "noise")]),
        (BadValueError, [("V1", 0, "roads")]),
        (BadValueError, [("V1", 1000, "roads")]),
    ],
    ids=str,
)
def test_a_finding_that_cannot_be_is_refused(street: Any, error: Any, findings: list[tuple[str, int, str]]) -> None:
    """On a visit of another batch, of an unknown topic, one number twice, a number below 1."""
    heard = [street.demand(visit_id, n, topic) for visit_id, n, topic in findings]
    street.refuses(error, lambda: street.campaign.record([street.visit("V1")], heard))


def test_one_number_twice_in_a_batch_is_refused(street: Any) -> None:
    """Of visits and of tickets, even with the same content."""
    street.refuses(DuplicateIdError, lambda: street.campaign.record([street.visit("V1")] * 2))
    street.refuses(DuplicateIdError, lambda: street.campaign.raise_tickets([street.call("K1")] * 2))


def test_a_call_may_not_take_the_number_of_a_finding(street: Any) -> None:
    """Where a call bears it already, the ledger refuses the visit; where a demand does, the call is a conflict."""
    street.campaign.raise_tickets([street.call("V1-1")])
    street.refuses(RefusedFactError, lambda: street.campaign.record([street.visit("V1")], [street.demand("V1")]))
    street.campaign.record([street.visit("V2")], [street.demand("V2")])
    assert street.campaign.raise_tickets([street.call("V2-1")]).conflicts == ("V2-1",)


@pytest.mark.parametrize(
    ("error", "change"),
    [
        (UnknownAreaError, {"area_id": AreaId("C09-G1")}),
        (UnknownIdError, {"topic_id": TopicId("weather")}),
        (UnknownIdError, {"target_id": TargetId("T-nobody")}),
    ],
    ids=str,
)
def test_a_ticket_that_names_what_is_not_there_is_refused(street: Any, error: Any, change: dict[str, Any]) -> None:
    """Unknown area, topic or target: the good call beside it is not raised either."""
    bad = evolve(street.call("K2"), **change)
    street.refuses(error, lambda: street.campaign.raise_tickets([street.call("K1"), bad]))
    assert street.campaign.ids("tickets") == frozenset()


def test_a_call_of_tomorrow_is_refused(street: Any) -> None:
    """Nobody can have called yet."""
    late = evolve(street.call("K1"), on=street.today + timedelta(days=1))
    street.refuses(BadValueError, lambda: street.campaign.raise_tickets([late]))
