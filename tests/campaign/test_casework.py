"""Casework: routing, the lifecycle through the Campaign, and call-backs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from zoufang.builtin import core
from zoufang.errors import (
    BackwardsError,
    BadInputError,
    BadValueError,
    DuplicateIdError,
    IllegalStepError,
    NotAllowedError,
    OutOfReachError,
    PluginReturnError,
    SamePersonError,
    StaleError,
    SubmissionConflictError,
    UnknownIdError,
)
from zoufang.intake import plan_text
from zoufang.model import CallBack, CallOutcome, Claim, Event, Part, Remedy, Role, Status
from zoufang.sdk import Plugins, TicketRouter, hookimpl
from zoufang.testing import KeyedStores, little_roster
from zoufang.typing import TicketId, UnitId

REACHED = CallOutcome.REACHED


def test_a_joint_ticket_from_the_door_to_closing(street: Any) -> None:
    """Heard on a visit, sent by the office, accepted, handled, fed back, applied for and closed."""
    street.clock.pass_days(4)  # Friday 3 March
    street.campaign.record([street.visit("V1")], [street.demand("V1", topic="housing")])
    street.clock.pass_days(3)  # Monday 6 March
    done = street.campaign.route()
    assert (done.n_new, done.unrouted) == (1, ())
    street.clock.pass_days(1)
    street.campaign.accept([street.step("V1-1")])
    street.clock.pass_days(2)
    street.campaign.handle([street.step("V1-1", remedy=Remedy.PARTLY, reason="no_funds", note="已立项")])
    street.campaign.feed_back([street.step("V1-1")])
    street.clock.pass_days(1)
    street.campaign.apply([street.step("V1-1", 2)])
    street.campaign.close([street.step("V1-1", 1)])
    due = date(2023, 3, 13)
    columns = ("version", "event", "on", "status", "unit_id", "due_on", "remedy", "reason")
    assert street.rows("ticket_events", *columns) == [
        (1, "raise", date(2023, 3, 3), "raised", None, None, None, None),
        (2, "route", date(2023, 3, 6), "routed", "jianshe", due, None, None),
        (3, "accept", date(2023, 3, 7), "accepted", "jianshe", due, None, None),
        (4, "handle", date(2023, 3, 9), "handled", "jianshe", due, "partly", "no_funds"),
        (5, "feed_back", date(2023, 3, 9), "fed_back", "jianshe", due, "partly", None),
        (6, "apply", date(2023, 3, 10), "applied", "jianshe", due, "partly", None),
        (7, "close", date(2023, 3, 10), "closed", "jianshe", due, "partly", None),
    ]
    rows = street.rows("assignments", "subject_id", "round", "unit_id", "part", "rule")
    assert [r[1:] for r in rows if r[0] == "V1-1"] == [
        (1, "jianshe", "lead", "topic:housing"),
        (1, "C01", "co", "area"),
    ]
    assert [(f.n, f.of) for f in street.campaign.figures("rectified")] == [(1, 1)]
    assert [(f.n, f.of) for f in street.campaign.figures("resolved")] == [(0, 1)]


def test_the_streets_own_rule_takes_a_building_firms_enterprise_topics(street: Any) -> None:
    """Labour goes to the park's committee, but to the construction office where a building firm says it."""
    visits = [street.visit("V1", "T-enterprise-1"), street.visit("V2", "T-building_firm-1")]
    street.campaign.record(visits, [street.demand("V1", topic="labour"), street.demand("V2", topic="labour")])
    street.campaign.route()
    heads = street.campaign.heads(["V1-1", "V2-1"])
    assert {ticket: head.unit_id for ticket, head in heads.items()} == {"V1-1": "guanwei", "V2-1": "jianshe"}


def test_a_returned_ticket_goes_to_another_unit(street: Any) -> None:
    """The co unit gets it with a time limit of its own, then the grid office, and then whom the office names."""
    street.campaign.raise_tickets([street.call("K1", "housing")])
    street.campaign.route()
    street.clock.pass_days(2)
    street.campaign.send_back([street.step("K1", reason="wrong_area")])
    assert street.campaign.route().n_new == 1
    head = street.campaign.heads(["K1"])["K1"]
    assert (head.unit_id, head.due_on) == ("C01", date(2023, 3, 8))
    for reason in ("not_our_duty", "unclear"):
        street.campaign.send_back([street.step("K1", reason=reason)])
        done = street.campaign.route()
    assert (done.receipt, done.unrouted) == (None, ("K1",)), "everybody has returned it"
    street.campaign.assign(TicketId("K1"), UnitId("zhifa"))
    rows = street.rows("assignments", "subject_id", "round", "unit_id", "part", "rule")
    assert [r[1:] for r in rows if r[0] == "K1"] == [
        (1, "jianshe", "lead", "topic:housing"),
        (1, "C01", "co", "area"),
        (2, "C01", "lead", "area:returned"),
        (3, "wangge", "lead", "unclear"),
        (4, "zhifa", "lead", "office"),
    ]
    assert street.campaign.heads(["K1"])["K1"].unit_id == "zhifa"


def test_a_ticket_that_no_router_can_place_goes_to_the_grid_office(street: Any) -> None:
    """The plan says who takes the unclear ones (四(二)); the rule says that it was so."""
    street.campaign.raise_tickets([street.call("K1", "other", None), street.call("K2", "roads")])
    assert street.campaign.route().unrouted == ()
    heads = street.campaign.heads(["K1", "K2"])
    assert {ticket: head.unit_id for ticket, head in heads.items()} == {"K1": "wangge", "K2": "jianshe"}


def test_where_the_plan_names_nobody_for_unclear_tickets_they_are_listed_each_time(
    new_street: Callable[..., Any], tmp_path: Path
) -> None:
    """They stay raised until the office decides; the others are sent."""
    path = tmp_path / "plan.toml"
    path.write_text(plan_text("huangtun-2023").replace("takes_unclear =", "# takes_unclear ="), encoding="utf-8")
    street = new_street(plan=path)
    street.campaign.raise_tickets([street.call("K1", "other", None), street.call("K2", "roads")])
    assert street.campaign.route().unrouted == ("K1",)
    assert street.campaign.route().unrouted == ("K1",)
    assert (street.status("K1"), street.status("K2")) == (Status.RAISED, Status.ROUTED)


def test_a_sending_within_a_reply_is_recorded_as_the_offices_own(street: Any) -> None:
    """Sent, returned and sent elsewhere in one batch: a round for each sending."""
    street.campaign.raise_tickets([street.call("K1")])
    steps = [
        (Event.ROUTE, street.step("K1", unit_id=UnitId("zhifa"))),
        (Event.SEND_BACK, street.step("K1", reason="not_our_duty")),
        (Event.ROUTE, street.step("K1", unit_id=UnitId("jianshe"))),
    ]
    street.campaign.reply(steps)
    rows = street.rows("assignments", "subject_id", "round", "unit_id", "rule")
    assert [r[1:] for r in rows if r[0] == "K1"] == [(1, "zhifa", "office"), (2, "jianshe", "office")]


def test_routing_dates_no_dispatch_before_the_ticket_or_after_today(street: Any) -> None:
    """A ticket raised after the day asked for is dated with its own day; a day to come is refused."""
    street.clock.pass_days(4)
    street.campaign.raise_tickets([street.call("K1")])
    tomorrow = street.today + timedelta(days=1)
    street.refuses(BadValueError, lambda: street.campaign.route(on=tomorrow))
    street.refuses(BadValueError, lambda: street.campaign.draw(on=tomorrow))
    street.refuses(BadValueError, lambda: street.campaign.assign(TicketId("K1"), UnitId("zhifa"), on=tomorrow))
    street.campaign.route(on=date(2023, 2, 27))
    assert street.campaign.heads(["K1"])["K1"].on == street.today


# --- refused steps ------------------------------------------------------------------------------------------------


@pytest.fixture
def routed(street: Any) -> Any:
    """A street with two tickets that were just sent to their units."""
    street.campaign.raise_tickets([street.call("K1"), street.call("K2")])
    street.campaign.route()
    return street


def test_closing_without_feedback_is_refused(routed: Any) -> None:
    """A routed, an accepted and a handled ticket: each sentence says what is allowed now."""
    refused = routed.refuses(IllegalStepError, lambda: routed.campaign.close([routed.step("K1", 1)]))
    assert (refused.status, "accept" in refused.allowed) == ("routed", True)
    routed.to("K1", Status.HANDLED)
    refused = routed.refuses(IllegalStepError, lambda: routed.campaign.close([routed.step("K1", 1)]))
    assert refused.allowed == ("feed_back", "withdraw")


def test_nobody_turns_both_keys(routed: Any) -> None:
    """Whoever applied may not approve; another person may."""
    routed.to("K1", Status.APPLIED)
    routed.refuses(SamePersonError, lambda: routed.campaign.close([routed.step("K1", 2)]))
    routed.campaign.close([routed.step("K1", 1)])
    assert routed.status("K1") is Status.CLOSED


def test_one_bad_step_refuses_the_batch(routed: Any) -> None:
    """K1 could be accepted, K9 is not there: nothing happens to K1 either."""
    steps = [routed.step("K1"), routed.step("K9")]
    routed.refuses(UnknownIdError, lambda: routed.campaign.accept(steps))
    assert routed.status("K1") is Status.ROUTED


@pytest.mark.parametrize(
    "change", [{"unit_id": UnitId("C09")}, {"person_id": "P-nobody"}, {"into": "K9"}], ids=lambda c: next(iter(c))
)
def test_a_step_that_names_what_is_not_there_is_refused(routed: Any, change: dict[str, Any]) -> None:
    """An unknown unit, person, or ticket to merge into."""
    whole = {"into": "K2", **change}
    step = routed.step("K1")
    for name, value in whole.items():
        object.__setattr__(step, name, value)
    routed.refuses(UnknownIdError, lambda: routed.campaign.reply([(Event.MERGE, step)]))


def test_a_stale_reply_and_a_reply_of_tomorrow_are_refused(routed: Any) -> None:
    """Version 1 was before the routing; tomorrow is not here yet."""
    routed.refuses(StaleError, lambda: routed.campaign.accept([routed.step("K1", version=1)]))
    tomorrow = routed.today + timedelta(days=1)
    routed.refuses(BadValueError, lambda: routed.campaign.accept([routed.step("K1", on=tomorrow)]))
    assert routed.campaign.accept([routed.step("K1", version=2)]).n_new == 1


def test_merged_tickets_end_in_one_that_goes_on(routed: Any) -> None:
    """K1 into K2, and then not K2 into K1: somebody must answer."""
    routed.campaign.reply([(Event.MERGE, routed.step("K1", into=TicketId("K2")))])
    routed.refuses(
        BadValueError, lambda: routed.campaign.reply([(Event.MERGE, routed.step("K2", into=TicketId("K1")))])
    )
    routed.to("K2", Status.CLOSED)


def test_replies_sent_again_have_one_effect(routed: Any) -> None:
    """The same submission returns the first receipt; other replies under its id are a conflict."""
    steps = [(Event.ACCEPT, routed.step("K1")), (Event.HANDLE, routed.step("K1", remedy=Remedy.RESOLVED))]
    first = routed.campaign.reply(steps, submission_id="replies-1")
    again = routed.campaign.reply(steps, submission_id="replies-1")
    assert (again.receipt.seq, again.receipt.duplicate) == (first.receipt.seq, True)
    routed.refuses(SubmissionConflictError, lambda: routed.campaign.reply(steps[:1], submission_id="replies-1"))


# --- roles --------------------------------------------------------------------------------------------------------

VERBS: dict[str, tuple[set[Role], Callable[[Any, Any], object]]] = {
    "register": ({Role.OFFICE, Role.LEADER}, lambda c, s: c.register(little_roster(c.plan, each=1))),
    "record": (set(Role) - {Role.AUDITOR, Role.VIEWER}, lambda c, s: c.record([s.visit("V1")])),
    "raise": (set(Role) - {Role.AUDITOR, Role.VIEWER}, lambda c, s: c.raise_tickets([s.call("K3")])),
    "route": ({Role.OFFICE, Role.LEADER}, lambda c, s: c.route()),
    "accept": (set(Role) - {Role.AUDITOR, Role.VIEWER}, lambda c, s: c.accept([s.step("K1")])),
    "draw": ({Role.OFFICE, Role.LEADER}, lambda c, s: c.draw()),
    "dispatch": ({Role.OFFICE, Role.LEADER}, lambda c, s: c.dispatch()),
    "import": ({Role.OFFICE, Role.LEADER}, lambda c, s: c.note_imports([("x", "0" * 64, "visits", 1, 1, 0, 0)])),
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("role", Role)
def test_a_role_that_may_not_use_a_verb_is_refused_before_anything_else(
    new_street: Callable[..., Any], acting: Callable[..., Any], verb: str, role: Role
) -> None:
    """The refusal names the verb and the role; the office and the leader are let through."""
    street = new_street()
    street.campaign.raise_tickets([street.call("K1")])
    street.campaign.route()
    street.clock.pass_days(7)
    may, use = VERBS[verb]
    campaign = acting(street, role)
    if role in {Role.OFFICE, Role.LEADER}:
        use(campaign, street)
    else:  # whoever is not in the register has no unit or grid, so that a field role alone opens nothing
        error = OutOfReachError if role in may else NotAllowedError
        refused = street.refuses(error, lambda: use(campaign, street))
        assert (refused.verb, refused.role) == (verb, role)


def test_a_unit_cannot_close_by_way_of_a_mixed_reply(routed: Any, acting: Callable[..., Any]) -> None:
    """Each step of a batch is asked for by its own verb, so nobody slips the office's step in between."""
    steps = [(Event.ACCEPT, routed.step("K1")), (Event.STRIKE, routed.step("K2", reason="duplicate"))]
    routed.refuses(NotAllowedError, lambda: acting(routed, Role.HANDLER).reply(steps))


# --- call-backs ---------------------------------------------------------------------------------------------------


@pytest.fixture
def drawn(routed: Any) -> Any:
    """A street where both tickets were closed, and K1 or K2 drawn for a call-back by a rate of all."""
    for ticket_id in ("K1", "K2"):
        routed.to(ticket_id, Status.CLOSED)
    done = routed.campaign.draw(seed="w01")
    assert done.n_new == 1  # ten per cent of two, rounded up
    return routed


def the_drawn(street: Any) -> str:
    """Return the ticket that was drawn."""
    ((ticket_id,),) = street.rows("draws", "ticket_id")
    return str(ticket_id)


def call(street: Any, ticket_id: str, outcome: CallOutcome = REACHED, **said: Any) -> CallBack:
    """Return a call of today."""
    return CallBack(TicketId(ticket_id), street.today, outcome, **said)


def test_a_closing_that_was_not_true_goes_back_to_its_unit_in_the_same_commit(drawn: Any) -> None:
    """Not solved: revoked for the plan's reason, accepted again, with five working days of its own."""
    ticket_id = the_drawn(drawn)
    drawn.clock.pass_days(7)  # Monday 6 March
    drawn.campaign.call_back([call(drawn, ticket_id, solved=False, satisfied=False)])
    head = drawn.campaign.heads([ticket_id])[ticket_id]
    assert (head.status, head.unit_id, head.due_on) == (Status.ACCEPTED, "jianshe", date(2023, 3, 13))
    assert (head.revoked, head.remedy, head.applied_by) == (1, None, None)
    seq = drawn.campaign.head.seq
    assert drawn.rows("callbacks", "commit_seq", "closing", "attempt", "solved", "unit_id") == [
        (seq, 7, 1, 0, "jianshe")
    ]
    assert drawn.rows("ticket_events", "commit_seq", "event", "reason")[-1] == (seq, "revoke", "not_solved")


def test_a_closing_that_was_true_stays(drawn: Any) -> None:
    """Solved, but not satisfied: it stays closed."""
    ticket_id = the_drawn(drawn)
    drawn.campaign.call_back([call(drawn, ticket_id, solved=True, satisfied=False)])
    assert drawn.status(ticket_id) is Status.CLOSED


def test_who_is_not_reached_may_be_called_again(drawn: Any) -> None:
    """Attempts are counted from 1."""
    ticket_id = the_drawn(drawn)
    drawn.campaign.call_back([call(drawn, ticket_id, CallOutcome.UNREACHABLE)])
    drawn.campaign.call_back([call(drawn, ticket_id, solved=True)])
    assert drawn.rows("callbacks", "attempt", "outcome", "solved") == [(1, "unreachable", None), (2, "reached", 1)]


def test_a_ticket_closed_again_is_drawn_again_but_not_the_same_closing_twice(drawn: Any) -> None:
    """The other ticket was considered too and is the reserve; after the revocation the new closing is a new one."""
    ticket_id = the_drawn(drawn)
    assert len(drawn.rows("reserves", "ticket_id")) == 1, "the other one"
    assert drawn.campaign.draw(seed="w01").receipt is None
    drawn.campaign.call_back([call(drawn, ticket_id, solved=False)])
    steps = (Event.HANDLE, Event.FEED_BACK, Event.APPLY)
    drawn.campaign.reply((event, drawn.step(ticket_id, remedy=Remedy.RESOLVED)) for event in steps)
    drawn.campaign.close([drawn.step(ticket_id, 1)])
    drawn.refuses(IllegalStepError, lambda: drawn.campaign.call_back([call(drawn, ticket_id, solved=True)]))
    drawn.campaign.draw(seed="w02")
    assert [r for r in drawn.rows("draws", "ticket_id", "closing") if r[0] == ticket_id] == [
        (ticket_id, 7),
        (ticket_id, 12),
    ]
    drawn.campaign.call_back([call(drawn, ticket_id, solved=True)])


def test_call_backs_that_cannot_be_are_refused(drawn: Any) -> None:
    """A ticket that was not drawn, one twice, an answer of somebody who was not reached, a day to come, a stranger."""
    ticket_id = the_drawn(drawn)
    other = {"K1": "K2", "K2": "K1"}[ticket_id]
    back = drawn.campaign.call_back
    drawn.refuses(UnknownIdError, lambda: back([call(drawn, other, solved=True)]))
    drawn.refuses(UnknownIdError, lambda: back([call(drawn, "K9", solved=True)]))
    drawn.refuses(UnknownIdError, lambda: back([call(drawn, ticket_id, solved=True, caller_id="P-nobody")]))
    drawn.refuses(DuplicateIdError, lambda: back([call(drawn, ticket_id, solved=True)] * 2))
    drawn.refuses(BadValueError, lambda: back([call(drawn, ticket_id, CallOutcome.UNREACHABLE, solved=True)]))
    tomorrow = CallBack(TicketId(ticket_id), drawn.today + timedelta(days=1), REACHED, solved=True)
    drawn.refuses(BadValueError, lambda: back([tomorrow]))
    yesterday = CallBack(TicketId(ticket_id), drawn.today - timedelta(days=1), REACHED, solved=False)
    drawn.refuses(BadValueError, lambda: back([yesterday]))


def test_a_batch_of_call_backs_sent_again_has_one_effect(drawn: Any) -> None:
    """Also where the first one revoked a closing."""
    calls = [call(drawn, the_drawn(drawn), solved=False)]
    first = drawn.campaign.call_back(calls, submission_id="callbacks-1")
    again = drawn.campaign.call_back(calls, submission_id="callbacks-1")
    assert (again.receipt.seq, again.receipt.duplicate) == (first.receipt.seq, True)


def test_an_event_may_be_given_by_its_name_and_keeps_every_rule(routed: Any) -> None:
    """`close` as a word is the closing, with its two keys; what is no event at all is refused."""
    routed.to("K1", Status.APPLIED)
    routed.refuses(SamePersonError, lambda: routed.campaign.reply([("close", routed.step("K1", 2))]))
    refused = routed.refuses(BadValueError, lambda: routed.campaign.reply([("shut", routed.step("K1", 1))]))
    assert refused.value == "str"
    routed.campaign.reply([("close", routed.step("K1", 1))])
    assert routed.status("K1") is Status.CLOSED


def test_a_router_that_names_an_unknown_unit_is_refused_by_name(new_street: Callable[..., Any]) -> None:
    """A unit that neither the plan nor the register has would never see the ticket."""

    class Typo:
        zoufang_api = "1"
        zoufang_name = "typo"

        @hookimpl
        def zoufang_ticket_routers(self) -> list[TicketRouter]:
            claims = lambda tickets, _: [Claim(t.id, UnitId("shichng"), Part.LEAD, "r") for t in tickets]  # noqa: E731
            return [TicketRouter("r", claims)]

    street = new_street(plugins=Plugins.of(core, KeyedStores(), Typo()))
    street.campaign.raise_tickets([street.call("K1")])
    refused = street.refuses(PluginReturnError, street.campaign.route)
    assert (refused.plugin, "shichng" in refused.problem) == ("typo", True)


@pytest.mark.parametrize(
    ("first", "number"), [("K7", "K5/1"), ("K7", "K5/12"), ("K7", "K5/1/2"), ("K6", "K6/1"), ("K6", "K6/3")]
)
def test_no_ticket_from_outside_is_numbered_like_a_part_of_another(street: Any, first: str, number: str) -> None:
    """Beside K5, and beside its part K5/1; the whole batch is refused, and K5 can be split."""
    street.campaign.raise_tickets([street.call("K5")])
    street.campaign.split([street.step("K5", parts=(UnitId("jianshe"), UnitId("zhifa")))])
    batch = [street.call(first), street.call(number)]
    refused = street.refuses(BadInputError, lambda: street.campaign.raise_tickets(batch))
    assert number in refused.said_in("zh")
    assert street.campaign.ids("tickets") == {"K5", "K5/1", "K5/2"}


def test_real_numbers_that_end_like_a_parts_are_recorded(street: Any) -> None:
    """A hotline's own HL/2023/7; sent again it is known, also when HL/2023 has come meanwhile; and it can be split."""
    calls = [street.call("HL/2023/7"), street.call("HL/2023/8")]
    assert street.campaign.raise_tickets(calls).n_new == 2
    street.campaign.raise_tickets([street.call("HL/2023")])
    assert street.campaign.raise_tickets(calls).n_known == 2
    street.campaign.split([street.step("HL/2023/7", parts=(UnitId("jianshe"), UnitId("zhifa")))])
    assert street.status("HL/2023/7/1") is street.status("HL/2023/7/2") is Status.ROUTED
    assert [one.n for one in street.campaign.figures("split_whole")] == [1]


def test_a_part_never_takes_a_number_that_another_ticket_has(street: Any) -> None:
    """HL/2023 came after HL/2023/2: its second part would bear that number, and the split is refused, nothing lost."""
    street.campaign.raise_tickets([street.call("HL/2023/2")])
    street.campaign.raise_tickets([street.call("HL/2023")])
    step = street.step("HL/2023", parts=(UnitId("jianshe"), UnitId("zhifa")))
    refused = street.refuses(DuplicateIdError, lambda: street.campaign.split([step]))
    assert refused.id == "HL/2023/2"


def test_whatever_was_raised_beside_it_a_ticket_can_be_split(street: Any) -> None:
    """Other numbers with a stroke stand in nobody's way."""
    street.campaign.raise_tickets([street.call(number) for number in ("K5", "K5/01", "K5/a", "5/K5")])
    street.campaign.split([street.step("K5", parts=(UnitId("jianshe"), UnitId("zhifa")))])
    assert street.status("K5/1") is street.status("K5/2") is Status.ROUTED


def test_the_dispatch_says_where_the_tickets_are_that_no_unit_has_now(street: Any) -> None:
    """Three were sent to jianshe; it returned two, of which one was struck and one waits: the sum is still three."""
    street.campaign.raise_tickets([street.call(f"K{n}") for n in (1, 2, 3)])
    street.campaign.route()
    street.campaign.send_back([street.step(f"K{n}", reason="not_our_duty") for n in (1, 2)])
    street.campaign.reply([(Event.STRIKE, street.step("K1", 1, reason="not_our_duty"))])
    street.clock.pass_days(7)
    street.campaign.dispatch()
    for language, name, said in (
        ("zh", "（现无责任单位）", "待派单 1 件，不予立案、撤诉或并案 1 件"),
        ("en", "(no unit now)", "1 wait for a unit, 1 were struck, withdrawn or merged"),
    ):
        (table,) = [t for t in street.campaign.report(1, language=language).tables if t.note and said in t.note]
        sent = {str(row[0]): row[6] for row in table.lines}
        total = sent.popitem()[1]
        assert sent[name] == 2
        assert sum(sent.values()) == total == 3


def test_minutes_are_in_order_across_a_step_without_one_and_across_commits(street: Any) -> None:
    """Sent at nine and accepted at no known minute; in a later commit it was not handled at 8:59, but at nine."""
    street.campaign.raise_tickets([street.call("K1")])
    street.campaign.reply([(Event.ROUTE, street.step("K1", unit_id=UnitId("jianshe"), minute=540))])
    street.campaign.accept([street.step("K1")])
    assert street.campaign.heads(["K1"])["K1"].latest_minute == 540
    early = street.step("K1", remedy=Remedy.RESOLVED, minute=539)
    street.refuses(BackwardsError, lambda: street.campaign.handle([early]))
    street.campaign.handle([street.step("K1", remedy=Remedy.RESOLVED, minute=540)])
    street.clock.pass_days(1)
    street.campaign.feed_back([street.step("K1", minute=5)])
