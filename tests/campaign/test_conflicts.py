"""Conflicts: what differs from its record is kept beside it, and a person settles it, once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve

from zoufang.analysis import Window, weekly
from zoufang.campaign import Campaign, Conflict
from zoufang.errors import (
    BadValueError,
    IllegalStepError,
    NotAllowedError,
    OutOfReachError,
    SettledError,
    UnknownIdError,
)
from zoufang.model import Actor, Event, Finding, FindingKind, Outcome, Role, Status
from zoufang.reports import visit_ledger
from zoufang.rules import ERASED
from zoufang.typing import PersonId, Text, TicketId, TopicId, UnitId, VisitId


def the_one(campaign: Campaign) -> Conflict:
    """Return the only open conflict."""
    (found,) = campaign.conflicts()
    return found


def share(campaign: Campaign, metric: str, **window: Any) -> tuple[int, int]:
    """Return numerator and denominator of a figure."""
    (figure,) = campaign.figures(metric, Window(**window))
    return figure.n, figure.of


@pytest.fixture
def differing(street: Any) -> Any:
    """V1 met nobody, says the record; somebody was met and asked for two things, says the tablet that came later."""
    street.campaign.record([street.visit("V1", outcome=Outcome.ABSENT)])
    heard = [street.demand("V1", said="路灯不亮"), street.demand("V1", 2, "noise", said="夜里太吵")]
    street.campaign.record([street.visit("V1", minute=600)], heard)
    return street


# --- listed -------------------------------------------------------------------------------------------------------


def test_a_conflict_names_the_columns_that_differ_and_what_both_sides_say(differing: Any) -> None:
    """Ids and cells in clear, words hidden; the record is as it was."""
    found = the_one(differing.campaign)
    assert (found.subject, found.subject_id, found.against, found.decision) == ("visit", "V1", "V1", None)
    assert (found.seq, found.on) == (4, differing.today)
    says = [(d.column, d.recorded and d.recorded.zh, d.handed_in and d.handed_in.zh) for d in found.differences]
    assert says == [
        ("minute", None, "600"),
        ("outcome", "absent", "met"),
        ("findings.1", None, "demand roads"),
        ("findings.2", None, "demand noise"),
    ]
    assert differing.rows("visits", "visit_id", "outcome") == [("V1", "absent")]
    assert differing.rows("tickets", "ticket_id") == []
    assert share(differing.campaign, "visited") == (0, 18)


def test_the_same_content_again_is_the_same_conflict(differing: Any) -> None:
    """By itself, under a submission id, in another batch: it is told again and listed once."""
    changed = differing.visit("V1", minute=600)
    heard = [differing.demand("V1", said="路灯不亮"), differing.demand("V1", 2, "noise", said="夜里太吵")]
    head = differing.campaign.head
    assert differing.campaign.record([changed], heard).conflicts == ("V1",)
    assert differing.campaign.record([changed], heard, submission_id="again").conflicts == ("V1",)
    assert differing.campaign.head == head
    done = differing.campaign.record([changed, differing.visit("V2")], heard)
    assert (done.n_new, done.n_known, done.conflicts, done.n_conflict_findings) == (1, 0, ("V1",), 2)
    assert len(differing.campaign.conflicts()) == 1


def test_a_third_content_is_another_conflict(differing: Any) -> None:
    """Each is kept whole and settled by itself."""
    differing.campaign.record([differing.visit("V1", outcome=Outcome.REFUSED)])
    assert [len(one.differences) for one in differing.campaign.conflicts()] == [4, 1]


def test_words_are_shown_by_mask_and_a_reading_in_clear_is_recorded_first(street: Any) -> None:
    """Hidden without asking; without identifiers, or whole, for whoever may read the target's words."""
    visit = street.visit("V1")
    street.campaign.record([visit], [street.demand("V1", said="路灯不亮")])
    street.campaign.record([visit], [street.demand("V1", said="打13805371234")])
    said = {mask: street.campaign.conflicts(mask=mask)[0].differences[0] for mask in ("full", "initial")}
    assert (said["full"].column, said["full"].recorded.zh, said["full"].handed_in.zh) == (
        "findings.1.said", "***", "***",
    )  # fmt: skip
    assert said["initial"].recorded.zh == "路灯不亮"
    assert "13805371234" not in said["initial"].handed_in.zh
    assert street.rows("contact_reads", "target_id") == []
    clear = street.campaign.conflicts(mask="none", purpose="裁定")[0].differences[0]
    assert (clear.recorded.zh, clear.handed_in.zh) == ("路灯不亮", "打13805371234")
    assert street.rows("contact_reads", "target_id", "purpose") == [("T-household-1", "裁定")]
    assert "138" not in repr(clear)


def test_a_conflict_that_does_not_exist_is_said_to_be_unknown(differing: Any) -> None:
    """With some that wait."""
    found = the_one(differing.campaign)
    for verb in (
        lambda: differing.campaign.conflicts(["c0"]),
        lambda: differing.campaign.settle("c0", "keep", reason="核实"),
    ):
        assert differing.refuses(UnknownIdError, verb).known == (found.id,)


# --- settled ------------------------------------------------------------------------------------------------------


def test_kept_the_record_stands(differing: Any) -> None:
    """Nothing but the decision is recorded, and the same content is known from then on."""
    found = the_one(differing.campaign)
    settled = differing.campaign.settle(found.id, "keep", reason="已电话核实")
    assert (settled.decision, settled.made_id, settled.raised) == ("keep", None, ())
    assert differing.rows("settlements", "conflict_id", "decision", "made_id", "reason", "on") == [
        (found.id, "keep", None, "已电话核实", differing.today)
    ]
    assert differing.campaign.conflicts() == ()
    assert [one.decision for one in differing.campaign.conflicts(settled=True)] == ["keep"]
    assert share(differing.campaign, "visited") == (0, 18)
    heard = [differing.demand("V1", said="路灯不亮"), differing.demand("V1", 2, "noise", said="夜里太吵")]
    done = differing.campaign.record([differing.visit("V1", minute=600)], heard)
    assert (done.n_new, done.n_known, done.conflicts) == (0, 1, ())


def test_replaced_the_other_version_counts_from_then_on_and_not_before(differing: Any) -> None:
    """One visit counts, not two; each demand has its ticket; as of the commit before, nothing has changed."""
    before = differing.campaign.head.seq
    settled = differing.campaign.settle(the_one(differing.campaign).id, "replace", reason="平板补录")
    assert (settled.made_id, settled.replaced) == ("V1~2", "V1")
    assert settled.raised == ("V1~2-1", "V1~2-2")
    assert differing.rows("visits", "visit_id", "outcome", "n_findings") == [("V1", "absent", 0), ("V1~2", "met", 2)]
    campaign = differing.campaign
    assert (share(campaign, "visited"), share(campaign, "visited", as_of=before)) == ((1, 18), (0, 18))
    assert (share(campaign, "outcome_absent"), share(campaign, "outcome_absent", as_of=before)) == ((0, 1), (1, 1))
    assert differing.status("V1~2-1") is Status.RAISED
    assert campaign.verify().ok


def test_both_count_as_two_visits(differing: Any) -> None:
    """The record stays in force, and the other one is beside it under a number of its own."""
    settled = differing.campaign.settle(the_one(differing.campaign).id, "both", reason="下午又去了一次")
    assert (settled.made_id, settled.replaced, settled.raised) == ("V1~2", None, ("V1~2-1", "V1~2-2"))
    assert share(differing.campaign, "outcome_absent") == (1, 2)
    assert differing.rows("replaced_visits", "visit_id") == []


def test_a_conflict_is_settled_once(differing: Any) -> None:
    """A second decision is refused, be it the same, with what was decided and where it stands."""
    found = the_one(differing.campaign)
    first = differing.campaign.settle(found.id, "both", reason="两次走访")
    for decision in ("both", "keep", "replace"):
        refused = differing.refuses(
            SettledError, lambda decision=decision: differing.campaign.settle(found.id, decision, reason="再想想")
        )
        assert (refused.decision, refused.made_id, refused.seq) == ("both", "V1~2", first.receipt.seq)


def test_a_decision_needs_a_reason_and_has_three_ways(differing: Any) -> None:
    """Neither blanks nor another word will do."""
    found = the_one(differing.campaign)
    differing.refuses(BadValueError, lambda: differing.campaign.settle(found.id, "keep", reason="  "))
    differing.refuses(BadValueError, lambda: differing.campaign.settle(found.id, "drop", reason="不要了"))


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.OFFICE, Role.LEADER}])
def test_only_the_office_and_the_leader_settle(
    differing: Any, acting: Callable[[Any, Role], Campaign], role: Role
) -> None:
    """Whoever handed it in does not judge it."""
    found = the_one(differing.campaign)
    differing.refuses(NotAllowedError, lambda: acting(differing, role).settle(found.id, "keep", reason="核实"))


# --- what becomes of tickets --------------------------------------------------------------------------------------


def test_a_demand_that_is_heard_again_keeps_its_ticket_and_none_is_lost(street: Any) -> None:
    """Of roads and noise the new version has noise alone, as its first, and housing as well.

    Noise goes on under its ticket, though its number has changed; housing gets one; that of roads waits for the office.
    """
    visit = street.visit("V1")
    street.campaign.record(
        [visit], [street.demand("V1", said="路灯不亮"), street.demand("V1", 2, "noise", said="太吵")]
    )
    changed = [street.demand("V1", 1, "noise", said="太吵"), street.demand("V1", 2, "housing", said="漏雨")]
    street.campaign.record([visit], changed)
    settled = street.campaign.settle(the_one(street.campaign).id, "replace", reason="表格填串行")
    assert (settled.kept, settled.raised, settled.left_open) == (("V1-2",), ("V1~2-2",), ("V1-1",))
    assert street.rows("kept_tickets", "visit_id", "n", "ticket_id") == [("V1~2", 1, "V1-2")]
    assert street.status("V1-1") is Status.RAISED
    assert {row[0] for row in street.rows("tickets", "ticket_id")} == {"V1-1", "V1-2", "V1~2-2"}
    assert share(street.campaign, "collected") == (1, 1)


def test_the_story_of_a_ticket_says_that_its_visit_was_replaced(street: Any) -> None:
    """By which version, and whether that one has the demand; as of the day before the decision it does not say so."""
    visit = street.visit("V1")
    heard = [street.demand("V1", said="一"), street.demand("V1", 2, said="二")]
    street.campaign.record([visit], heard)
    assert "取代" not in "".join(line.zh for line in street.campaign.why("V1-1").lines)
    street.clock.pass_days(1)
    street.campaign.record([visit], heard[:1])
    street.campaign.settle(the_one(street.campaign).id, "replace", reason="填错")
    stories = {n: [line.zh for line in street.campaign.why(f"V1-{n}").lines] for n in (1, 2)}
    assert "2023-02-28 走访 V1 由 V1~2 取代，其中仍有这条诉求" in stories[1]
    assert "2023-02-28 走访 V1 由 V1~2 取代，其中没有这条诉求，本件仍须答复" in stories[2]
    then = street.campaign.why("V1-2", on=street.today - timedelta(days=1)).lines
    assert "取代" not in "".join(line.zh for line in then)


def test_a_ticket_that_has_come_to_its_end_is_not_left_open(street: Any) -> None:
    """One of two was struck; the other still waits for an answer."""
    visit = street.visit("V1")
    street.campaign.record([visit], [street.demand("V1", said="一"), street.demand("V1", 2, said="二")])
    street.campaign.reply([(Event.STRIKE, street.step("V1-2", 1, reason="no_funds"))])
    street.campaign.record([visit])
    settled = street.campaign.settle(the_one(street.campaign).id, "replace", reason="没有诉求")
    assert settled.left_open == ("V1-1",)


def test_the_same_words_at_another_door_are_another_demand(street: Any) -> None:
    """The visit was to somebody else: their demand gets a ticket of theirs, and the first one stays open."""
    street.campaign.record([street.visit("V1")], [street.demand("V1", said="路灯不亮")])
    street.campaign.record([street.visit("V1", "T-household-2")], [street.demand("V1", said="路灯不亮")])
    settled = street.campaign.settle(the_one(street.campaign).id, "replace", reason="门牌登记错")
    assert (settled.kept, settled.raised, settled.left_open) == ((), ("V1~2-1",), ("V1-1",))
    assert street.rows("tickets", "ticket_id", "target_id")[1] == ("V1~2-1", "T-household-2")


def test_a_version_of_a_version_keeps_the_first_ticket(street: Any) -> None:
    """Replaced twice, the demand that is heard in all three has one ticket, and only the last version counts."""
    for minute, outcome in ((None, Outcome.MET), (600, Outcome.MET), (660, Outcome.MET)):
        street.campaign.record(
            [street.visit("V1", minute=minute, outcome=outcome)], [street.demand("V1", said="路灯不亮")]
        )
    first, second = street.campaign.conflicts()
    assert (first.against, second.against) == ("V1", "V1")
    street.campaign.settle(first.id, "replace", reason="补时间")
    settled = street.campaign.settle(second.id, "replace", reason="时间有误")
    assert (settled.made_id, settled.replaced, settled.kept, settled.raised) == ("V1~3", "V1~2", ("V1-1",), ())
    assert share(street.campaign, "outcome_met") == (1, 1)
    street.campaign.record([street.visit("V1", minute=61)], [street.demand("V1", said="路灯不亮")])
    fourth = the_one(street.campaign)
    assert (fourth.against, [d.column for d in fourth.differences]) == ("V1~3", ["minute"])


def test_a_demand_that_comes_back_in_a_third_version_finds_its_ticket(street: Any) -> None:
    """The second version does not have it, the third one does: its ticket was open all the time."""
    visit, heard = street.visit("V1"), [street.demand("V1", said="路灯不亮")]
    street.campaign.record([visit], heard)
    street.campaign.record([visit])
    street.campaign.settle(the_one(street.campaign).id, "replace", reason="没有诉求")
    street.campaign.record([street.visit("V1", minute=600)], heard)
    settled = street.campaign.settle(the_one(street.campaign).id, "replace", reason="还是有")
    assert (settled.kept, settled.raised, settled.left_open) == (("V1-1",), (), ())


def test_a_demand_solved_on_the_spot_in_the_new_version_is_fed_back_with_it(street: Any) -> None:
    """As on any visit: three events, the visitor's, in the commit of the settlement."""
    street.campaign.record([street.visit("V1")])
    street.campaign.record([street.visit("V1")], [street.demand("V1", solved=True, answer="已换灯泡")])
    settled = street.campaign.settle(the_one(street.campaign).id, "replace", reason="补录")
    assert street.status("V1~2-1") is Status.FED_BACK
    assert {row[0] for row in street.rows("ticket_events", "commit_seq")} == {settled.receipt.seq}
    assert street.campaign.words([TicketId("V1~2-1")])[0].erased is False


def test_the_new_version_is_marked_where_the_plan_is_not_open_and_never_refused(street: Any) -> None:
    """A visit before the phase of visits: its settlement is recorded and marked, as the visit itself was."""
    early = street.visit("V1", on=street.today)
    street.campaign.record([early])
    n_marks = len(street.rows("marks", "subject_id"))
    street.clock.pass_days(70)
    street.campaign.record([evolve(early, minute=600)])
    street.campaign.settle(the_one(street.campaign).id, "replace", reason="补时间")
    assert len(street.rows("marks", "subject_id")) == n_marks + (1 if n_marks else 0)


# --- tickets from outside -----------------------------------------------------------------------------------------


@pytest.fixture
def called(street: Any) -> Any:
    """K1 was raised, and comes again with another topic, other words and another telephone."""
    street.campaign.raise_tickets([street.call("K1", said="路灯不亮", contact="13805371234")])
    street.campaign.raise_tickets([street.call("K1", "noise", said="太吵", contact="13805371235")])
    return street


def test_a_call_that_differs_is_listed_by_column(called: Any) -> None:
    """Its words and its telephone hidden."""
    found = the_one(called.campaign)
    says = [(d.column, d.recorded and d.recorded.zh, d.handed_in and d.handed_in.zh) for d in found.differences]
    assert says == [("topic_id", "roads", "noise"), ("said", "***", "***"), ("contact", "***", "***")]


def test_a_replaced_call_is_merged_into_the_new_one(called: Any) -> None:
    """Somebody answers the new one; the former one ends in it and is told together with it."""
    settled = called.campaign.settle(the_one(called.campaign).id, "replace", reason="工单登记有误")
    assert (settled.made_id, settled.replaced, settled.raised) == ("K1~2", "K1", ("K1~2",))
    assert (called.status("K1"), called.status("K1~2")) == (Status.MERGED, Status.RAISED)
    assert called.rows("ticket_events", "ticket_id", "event", "into") == [
        ("K1", "raise", None),
        ("K1~2", "raise", None),
        ("K1", "merge", "K1~2"),
    ]
    (words,) = called.campaign.words([TicketId("K1~2")])
    assert (words.said.zh, words.contact) == ("太吵", "13805371235")
    called.campaign.raise_tickets([called.call("K1", "noise", said="太吵", contact="13805371236")])
    assert the_one(called.campaign).against == "K1~2"


def test_a_call_that_has_gone_too_far_cannot_be_replaced(called: Any) -> None:
    """What was handled is not merged away; both may stand."""
    called.campaign.route()
    called.to("K1", Status.HANDLED)
    found = the_one(called.campaign)
    called.refuses(IllegalStepError, lambda: called.campaign.settle(found.id, "replace", reason="登记有误"))
    assert called.campaign.settle(found.id, "both", reason="是两件事").made_id == "K1~2"
    assert called.status("K1") is Status.HANDLED


def test_no_number_from_outside_looks_like_a_version(street: Any) -> None:
    """V1~2 comes of a settlement alone; a tilde elsewhere is nothing special."""
    street.refuses(BadValueError, lambda: street.campaign.record([street.visit("V1~2")]))
    street.refuses(BadValueError, lambda: street.campaign.raise_tickets([street.call("K1~10")]))
    assert street.campaign.record([street.visit("V~x"), street.visit("V1~")]).n_new == 2


def test_a_version_that_comes_back_from_a_list_is_known(differing: Any) -> None:
    """Whoever sends in V1~2 as it stands in the ledger does not make a second one."""
    differing.campaign.settle(the_one(differing.campaign).id, "both", reason="两次")
    heard = [differing.demand("V1~2", said="路灯不亮"), differing.demand("V1~2", 2, "noise", said="夜里太吵")]
    assert differing.campaign.record([differing.visit("V1~2", minute=600)], heard).n_known == 1


# --- who may hand in what -----------------------------------------------------------------------------------------


def test_a_conflict_is_handed_in_only_where_a_visit_could_be(street: Any) -> None:
    """C01's grid worker may differ about the own grid, not about the other one; nor in another's name."""
    worker = street.campaign.acting(Actor(PersonId("P-C01-2"), Role.GRID_WORKER, UnitId("C01")))
    own, other = "T-household-2", "T-household-1"
    street.campaign.record([street.visit("V1", own), street.visit("V2", other)])
    assert worker.record([street.visit("V1", own, minute=600)]).conflicts == ("V1",)
    street.refuses(OutOfReachError, lambda: worker.record([street.visit("V2", other, minute=600)]))
    named = street.visit("V1", own, visitor_id=PersonId("P-C01-1"))
    street.refuses(OutOfReachError, lambda: worker.record([named]))


@pytest.mark.parametrize("mask", ["none", "initial"])
def test_words_that_were_handed_in_for_another_place_are_for_whoever_reaches_that_one(street: Any, mask: str) -> None:
    """K1 of C01 is handed in with other words, then for C02: C01's lead sees the first, the office both."""
    campaign, lead = street.campaign, street.campaign.acting(Actor(PersonId("P-C01-1"), Role.UNIT_LEAD, UnitId("C01")))
    campaign.raise_tickets([street.call("K1", said="路灯不亮")])
    campaign.raise_tickets([street.call("K1", said="太吵")])
    own = the_one(campaign).id
    assert [one.id for one in lead.conflicts([own], mask=mask, purpose="核实")] == [own]
    for area in ("C02-G1", None):
        campaign.raise_tickets([street.call("K1", area=area, said=f"漏雨{area}")])
    for other in (one.id for one in campaign.conflicts() if one.id != own):
        refused = street.refuses(
            OutOfReachError, lambda other=other: lead.conflicts([other], mask=mask, purpose="核实")
        )
        assert refused.id == other
    assert len(campaign.conflicts(mask=mask, purpose="核实")) == 3
    assert len(lead.conflicts(mask="full")) == 3, "where nothing is shown, nothing is asked"


def test_a_reading_in_clear_names_the_version_that_was_read(called: Any) -> None:
    """What waits under K1 is shown beside the words of K1~2."""
    called.campaign.settle(the_one(called.campaign).id, "replace", reason="登记有误")
    called.campaign.raise_tickets([called.call("K1", said="漏雨")])
    called.campaign.conflicts(mask="none", purpose="裁定")
    assert called.rows("ticket_reads", "ticket_id", "purpose") == [("K1", "裁定"), ("K1~2", "裁定")]


# --- private words ------------------------------------------------------------------------------------------------


def test_words_of_a_conflict_are_erased_with_the_person(street: Any) -> None:
    """Those of the record and those that were handed in; the decision can still be made, and the chain holds."""
    visit = street.visit("V1")
    street.campaign.record([visit], [street.demand("V1", said="路灯不亮")])
    street.campaign.record([visit], [street.demand("V1", said="电话13805371234"), street.demand("V1", 2, said="二")])
    street.campaign.erase("T-household-1", "本人申请")
    found = the_one(street.campaign)
    shown = street.campaign.conflicts(mask="none")[0].differences
    assert [(d.column, d.recorded, d.handed_in) for d in shown] == [
        ("findings.1.said", ERASED, ERASED),
        ("findings.2", None, Text("demand roads", "demand roads")),
    ]
    settled = street.campaign.settle(found.id, "replace", reason="补录")
    assert (settled.kept, settled.raised) == (("V1-1",), ("V1~2-2",))
    assert street.campaign.verify().ok


def test_nobody_who_was_erased_comes_back_by_a_conflict(street: Any) -> None:
    """The conflict is listed, its words are not kept."""
    visit = street.visit("V1")
    street.campaign.record([visit])
    street.campaign.erase("T-household-1", "本人申请")
    done = street.campaign.record([visit], [street.demand("V1", said="路灯不亮")])
    assert (done.conflicts, done.n_withheld) == (("V1",), 1)
    assert street.campaign.verify().ok


def test_a_caller_without_a_target_is_erased_with_what_differs(called: Any) -> None:
    """The words handed in under K1 are K1's; nothing of them comes back afterwards."""
    erased = called.campaign.erase("K1", "本人申请")
    assert erased.n_texts == 4
    done = called.campaign.raise_tickets([called.call("K1", said="又来电", contact="13805371237")])
    assert (done.conflicts, done.n_withheld) == (("K1",), 2)
    assert called.campaign.verify().ok


def test_by_decision_another_demand_is_another_caller(called: Any) -> None:
    """Both stand: to erase K1 leaves the words of K1~2, and to erase K1~2 takes them."""
    called.campaign.settle(the_one(called.campaign).id, "both", reason="两个人")
    assert called.campaign.erase("K1", "本人申请").n_texts == 2
    assert called.campaign.words([TicketId("K1~2")])[0].said.zh == "太吵"
    assert called.campaign.erase("K1~2", "本人申请").n_texts == 2
    assert called.campaign.words([TicketId("K1~2")])[0].erased
    assert called.campaign.verify().ok


def test_no_private_word_stands_in_a_fact(called: Any) -> None:
    """Not in the conflict, its columns, or the settlement."""
    called.campaign.settle(the_one(called.campaign).id, "both", reason="两个人")
    facts = [called.campaign.ledger.facts_of(seq) for seq in range(1, called.campaign.head.seq + 1)]
    told = json.dumps([{name: [list(row) for row in rows] for name, rows in one.items()} for one in facts])
    for word in ("路灯不亮", "太吵", "13805371234", "13805371235"):
        assert json.dumps(word)[1:-1] not in told


# --- what is not counted any more ---------------------------------------------------------------------------------


def test_a_replaced_visit_stands_in_no_list_and_no_story(differing: Any) -> None:
    """The ledger of visits, the target's story, the weekly counts and what the planner takes for done."""
    campaign = differing.campaign
    before = campaign.head.seq
    campaign.settle(the_one(campaign).id, "replace", reason="平板补录")
    rows = visit_ledger(campaign.ledger, campaign.plan).rows
    assert [row[-1] for row in rows] == ["V1~2"]
    span = [(differing.today - timedelta(days=7), differing.today)]
    (now,), (then,) = weekly(campaign.ledger, span), weekly(campaign.ledger, span, before)
    assert (now.visits, now.effective, now.demands) == (1, 1, 2)
    assert (then.visits, then.effective, then.demands) == (1, 0, 0)


def test_a_suggestion_is_no_ticket_in_any_version(street: Any) -> None:
    """Neither raised nor kept."""
    idea = Finding(VisitId("V1"), 1, FindingKind.SUGGESTION, TopicId("roads"), said="多装路灯")
    street.campaign.record([street.visit("V1")], [idea])
    street.campaign.record([street.visit("V1", minute=600)], [idea])
    settled = street.campaign.settle(the_one(street.campaign).id, "replace", reason="补时间")
    assert (settled.raised, settled.kept, settled.left_open) == ((), (), ())
    assert street.rows("findings", "visit_id", "n") == [("V1", 1), ("V1~2", 1)]


def test_on_postgresql_a_conflict_is_listed_settled_and_counted_in_the_same_way(
    new_street: Callable[..., Any], postgres_url: str
) -> None:
    """The same history, a real server."""
    street = new_street(postgres_url)
    street.campaign.record([street.visit("V1", outcome=Outcome.ABSENT)])
    done = street.campaign.record([street.visit("V1"), street.visit("V2")], [street.demand("V1", said="路灯不亮")])
    assert (done.n_new, done.conflicts) == (1, ("V1",))
    before = street.campaign.head.seq
    found = the_one(street.campaign)
    assert [d.column for d in found.differences] == ["outcome", "findings.1"]
    assert street.campaign.settle(found.id, "replace", reason="补录").made_id == "V1~2"
    assert share(street.campaign, "outcome_absent") == (0, 2)
    assert share(street.campaign, "outcome_absent", as_of=before) == (1, 2)
    street.refuses(SettledError, lambda: street.campaign.settle(found.id, "keep", reason="再想想"))
    street.campaign.raise_tickets([street.call("K1")])
    street.campaign.raise_tickets([street.call("K1", "noise")])
    assert street.campaign.settle(the_one(street.campaign).id, "replace", reason="登记有误").replaced == "K1"
    assert street.campaign.verify().ok
