"""Time limits and phase gates through the Campaign: what is recorded, what is marked, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from zoufang.errors import (
    AssumedCalendarWarning,
    BadValueError,
    GateClosedError,
    LimitPassedError,
    NotAllowedError,
    UnknownIdError,
)
from zoufang.intake import load_plan, plan_text, plan_toml
from zoufang.model import CallBack, CallOutcome, Event, Remedy, Role, Status, year_table
from zoufang.typing import TicketId, UnitId

T = TicketId("K1")
GATES = '\n[[gates]]\nverb = "{verb}"\nphase = "{phase}"\nstate = "{state}"\nclause = "四(二)"\n'


@pytest.fixture
def planned(new_street: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    """Makes a street whose plan has something more in it, or other words in place of some."""

    def make(more: str = "", **changes: str) -> Any:
        text = plan_text("huangtun-2023") + more
        for old, new in changes.items():
            assert text.count(f"{old} = ") == 1, old
            text = "\n".join(f"{old} = {new}" if line.startswith(f"{old} = ") else line for line in text.split("\n"))
        path = tmp_path / "plan.toml"
        path.write_text(text, encoding="utf-8")
        return new_street(plan=path)

    return make


def accepted(street: Any) -> None:
    """Bring a call to its unit on Monday 6 March: due on Monday 13 March."""
    street.clock.pass_days(7)
    street.campaign.raise_tickets([street.call("K1")])
    street.campaign.route()
    street.to("K1", Status.ACCEPTED)


def head(street: Any) -> Any:
    """Return where the ticket stands, as the ledger tells it."""
    return street.campaign.heads([T])[T]


def test_a_pause_and_an_extension_from_the_ledger_and_back(street: Any) -> None:
    """Paused Tuesday 7 to Thursday 9 March: two days, to 15 March; three days more: Monday 20 March."""
    accepted(street)
    street.clock.pass_days(1)
    street.campaign.limits.pause([street.step("K1", 1, reason="waits_for_project", note="等工程")])
    street.clock.pass_days(2)
    street.campaign.limits.go_on([street.step("K1")])
    street.campaign.limits.ask([street.step("K1", reason="no_funds", days=5)])
    street.clock.pass_days(1)
    street.campaign.limits.grant([street.step("K1", 1, days=3)])
    columns = ("event", "on", "status", "due_on", "person_id", "reason", "asked_days", "extended_days")
    d13, d15, d20 = date(2023, 3, 13), date(2023, 3, 15), date(2023, 3, 20)
    assert street.rows("ticket_events", *columns)[2:] == [
        ("accept", date(2023, 3, 6), "accepted", d13, "P-wangge-2", None, None, 0),
        ("pause", date(2023, 3, 7), "paused", d13, "P-wangge-1", "waits_for_project", None, 0),
        ("go_on", date(2023, 3, 9), "accepted", d15, "P-wangge-2", None, None, 0),
        ("ask_extension", date(2023, 3, 9), "extending", d15, "P-wangge-2", "no_funds", 5, 0),
        ("grant_extension", date(2023, 3, 10), "accepted", d20, "P-wangge-1", None, None, 3),
    ]
    assert (head(street).due_on, head(street).extended_days) == (d20, 3)
    error = street.refuses(
        BadValueError, lambda: street.campaign.limits.ask([street.step("K1", reason="no_funds", days=8)])
    )
    assert "7" in error.said_in("zh")  # ten in all, three are granted
    street.campaign.limits.ask([street.step("K1", reason="no_funds", days=7)])
    street.campaign.limits.deny([street.step("K1", 1, reason="no_evidence")])
    assert (head(street).status, head(street).due_on) == (Status.ACCEPTED, d20)


def test_a_paused_ticket_waits_and_leaves_the_closing_rates(street: Any) -> None:
    """It cannot be handled; it is no case of the closing rates, and is counted as postponed."""
    accepted(street)
    street.campaign.limits.pause([street.step("K1", 1, reason="waits_for_project")])
    street.clock.pass_days(30)
    street.refuses(Exception, lambda: street.campaign.handle([street.step("K1", remedy=Remedy.RESOLVED)]))
    assert street.campaign.figures("closed")[0].of == 0
    assert street.campaign.figures("postponed")[0].n == 1
    street.campaign.limits.go_on([street.step("K1")])
    assert street.campaign.figures("closed")[0].of == 1


def test_after_the_limit_nobody_pauses(street: Any) -> None:
    """Due on Monday 13 March; on Tuesday it is too late."""
    accepted(street)
    street.clock.pass_days(8)
    street.refuses(LimitPassedError, lambda: street.campaign.limits.pause([street.step("K1", 1, reason="no_funds")]))


@pytest.mark.parametrize("role", [Role.UNIT_LEAD, Role.HANDLER, Role.GRID_WORKER, Role.VIEWER, Role.AUDITOR])
def test_only_the_office_pauses_grants_and_denies(street: Any, acting: Any, role: Role) -> None:
    """The approver is never the unit itself."""
    accepted(street)
    limits = acting(street, role).limits
    for verb in (limits.pause, limits.grant, limits.deny):
        street.refuses(NotAllowedError, lambda verb=verb: verb([street.step("K1", 1, reason="no_funds", days=1)]))


def test_sending_everything_again_moves_no_limit(street: Any) -> None:
    """The same call again, the same submission again: the day of the limit stays, and nothing is recorded."""
    street.clock.pass_days(7)
    call = street.call("K1")
    street.campaign.raise_tickets([call])
    street.campaign.route()
    street.campaign.reply([(Event.ACCEPT, street.step("K1"))], submission_id="w01")
    before = (street.campaign.head, head(street))
    step = street.step("K1")
    street.clock.pass_days(3)
    street.campaign.raise_tickets([call])
    street.campaign.reply([(Event.ACCEPT, step)], submission_id="w01")
    street.campaign.route()
    assert (street.campaign.head, head(street)) == before


def test_a_topic_gives_its_tickets_their_class(planned: Callable[..., Any]) -> None:
    """A consultation has two working days, a complaint fifteen, and the office may name the class itself."""
    street = planned(preset='"guangdong-2022"\nby_topic = { roads = "consultation", noise = "complaint" }')
    street.clock.pass_days(7)
    street.campaign.raise_tickets([street.call("K1"), street.call("K2", "noise"), street.call("K3", "other")])
    steps = [street.step(key, unit_id=UnitId("zhifa")) for key in ("K1", "K2", "K3")]
    street.campaign.reply([(Event.ROUTE, step) for step in steps])
    due = {row[0]: row[1:] for row in street.rows("ticket_events", "ticket_id", "limit_id", "due_on")}
    assert due == {
        "K1": ("consultation", date(2023, 3, 8)),
        "K2": ("complaint", date(2023, 3, 27)),
        "K3": (None, date(2023, 3, 13)),  # handle_days = 5 stands in the plan itself
    }


def test_a_class_that_the_plan_does_not_have_is_refused(street: Any) -> None:
    """With those that it has."""
    street.clock.pass_days(7)
    street.campaign.raise_tickets([street.call("K1")])
    step = street.step("K1", unit_id=UnitId("zhifa"), limit_id="no_such")
    street.refuses(UnknownIdError, lambda: street.campaign.reply([(Event.ROUTE, step)]))


# --- gates ----------------------------------------------------------------------------------------------------


def test_a_visit_outside_its_phase_is_recorded_and_marked(street: Any) -> None:
    """On 27 February the visits have not begun; the visit counts, and carries its mark."""
    done = street.campaign.record([street.visit("V1")])
    assert (done.n_new, done.n_marked) == (1, 1)
    columns = ("verb", "subject_id", "version", "on", "phase", "why")
    assert street.rows("marks", *columns) == [("record", "V1", 0, date(2023, 2, 27), "prepare", "phase")]
    assert street.campaign.figures("visited")[0].n == 1


def test_a_visit_that_comes_in_late_is_recorded_and_marked(street: Any) -> None:
    """Made on Friday 28 April, recorded on Tuesday 2 May; one of 30 April recorded on that day has no mark."""
    street.clock.pass_days(60)
    visit = street.visit("V1")
    assert street.today == date(2023, 4, 28)
    street.clock.pass_days(2)
    assert street.campaign.record([street.visit("V2", "T-household-2")]).n_marked == 0
    street.clock.pass_days(2)
    assert street.campaign.record([visit]).n_marked == 1
    assert street.rows("marks", "subject_id", "on", "phase", "why") == [("V1", date(2023, 4, 28), "rectify", "late")]
    assert street.campaign.figures("visited")[0].n == 2


def test_a_closed_gate_refuses_every_way_in(planned: Callable[..., Any]) -> None:
    """One step, a bulk with one bad row, the routers: nothing gets past, and nothing is left behind."""
    street = planned(
        GATES.format(verb="route", phase="visit", state="closed")
        + GATES.format(verb="withdraw", phase="visit", state="closed")
    )
    street.clock.pass_days(7)
    street.campaign.raise_tickets([street.call("K1"), street.call("K2")])
    error = street.refuses(GateClosedError, street.campaign.route)
    assert (error.verb, error.phase, error.on) == ("route", "visit", date(2023, 3, 6))
    street.refuses(GateClosedError, lambda: street.campaign.assign(T, UnitId("zhifa")))
    steps = [
        (Event.STRIKE, street.step("K2", reason="not_public")),
        (Event.WITHDRAW, street.step("K1")),
    ]
    street.refuses(GateClosedError, lambda: street.campaign.reply(steps))


def test_what_happened_before_the_gate_closed_is_recorded_after_it(planned: Callable[..., Any]) -> None:
    """The day on which it happened decides; that it came in late is marked."""
    street = planned(GATES.format(verb="route", phase="rectify", state="closed"))
    street.clock.pass_days(60)
    friday = street.today
    street.campaign.raise_tickets([street.call("K1")])
    street.clock.pass_days(4)
    street.refuses(GateClosedError, street.campaign.route)
    assert street.campaign.route(on=friday).n_marked == 1
    assert street.rows("marks", "verb", "subject_id", "why") == [("route", "K1", "late")]


def test_what_follows_of_itself_from_what_has_happened_is_marked_and_never_lost(planned: Callable[..., Any]) -> None:
    """A plan that closes handling while it visits, and revocations at all: the visit and the call are recorded.

    An answer on the spot and a revocation after a call-back stand in the commit of the visit and of the call.
    """
    closed = [("handle", "visit"), ("feed_back", "visit"), ("revoke", "rectify")]
    street = planned("".join(GATES.format(verb=verb, phase=phase, state="closed") for verb, phase in closed))
    street.clock.pass_days(7)
    heard = street.demand("V1", solved=True, answer="已换灯泡")
    assert street.campaign.record([street.visit("V1")], [heard]).n_marked == 2
    street.campaign.raise_tickets([street.call("K1")])
    street.campaign.route()
    street.clock.pass_days(56)
    assert street.today == date(2023, 5, 1)
    street.to("K1", Status.CLOSED)
    street.campaign.draw(seed="w01")
    said = CallBack(T, street.today, CallOutcome.REACHED, solved=False)
    assert street.campaign.call_back([said]).n_marked == 1
    assert street.status("K1") is Status.ACCEPTED
    by_hand = [(Event.REVOKE, street.step("K1", reason="not_solved"))]
    street.campaign.reply(
        [
            (Event.HANDLE, street.step("K1", remedy=Remedy.RESOLVED)),
            (Event.FEED_BACK, street.step("K1")),
            (Event.APPLY, street.step("K1", 2)),
            (Event.CLOSE, street.step("K1", 1)),
        ]
    )
    street.refuses(GateClosedError, lambda: street.campaign.reply(by_hand))
    marked = [("feed_back", "V1-1", "phase"), ("handle", "V1-1", "phase"), ("revoke", "K1", "phase")]
    assert sorted(street.rows("marks", "verb", "subject_id", "why")) == marked


# --- calendar -------------------------------------------------------------------------------------------------


def test_a_limit_in_an_assumed_year_is_never_silent(planned: Callable[..., Any]) -> None:
    """Two hundred working days from March 2023 end in 2024, of which the plan has no table."""
    street = planned(handle_days="250")
    street.clock.pass_days(7)
    street.campaign.raise_tickets([street.call("K1")])
    with pytest.warns(AssumedCalendarWarning, match="2024"):
        street.campaign.route()
    assert head(street).due_on.year == 2024


def test_every_year_that_was_counted_through_is_named(new_street: Callable[..., Any], tmp_path: Path) -> None:
    """Sent on Wednesday 27 December 2023, due on 4 January 2024 after New Year's day: 2023 is assumed, 2024 is not."""
    plan = load_plan("huangtun-2023")
    tables = (year_table(2023, "assumed"), year_table(2024, off=[date(2024, 1, 1)]))
    path = tmp_path / "plan.toml"
    path.write_text(plan_toml(evolve(plan, calendar=tables)), encoding="utf-8")
    street = new_street(plan=path)
    street.clock.pass_days(303)
    street.campaign.raise_tickets([street.call("K1")])
    with pytest.warns(AssumedCalendarWarning) as warned:
        street.campaign.route()
    assert [one.message.years for one in warned] == [(2023,)]
    assert head(street).due_on == date(2024, 1, 4)
    street.clock.pass_days(6)
    street.campaign.accept([street.step("K1")])  # in 2024 already: no warning, since nothing is counted anew
    told = street.campaign.why("K1").said_in("zh")
    assert "2023 年的工作日历尚未公布，时限为推定" in told
    assert "2024 年的工作日历" not in told
