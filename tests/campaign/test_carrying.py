"""What one campaign hands over, the next one raises: with its number, its day and its promise, and nothing private."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from zoufang.analysis import Window
from zoufang.campaign import HandedOver
from zoufang.errors import AssumedCalendarWarning, BadValueError
from zoufang.model import Carried, Reaction, Remedy, Source, Status, Step
from zoufang.typing import PersonId, TicketId, UnitId

CANARY = "王大锤13812345678住东街9号"
MARCH_2, SEPTEMBER_1 = date(2023, 3, 2), date(2023, 9, 1)
HERE = {"target_id": None, "area_id": "C01-G1", "raised_on": MARCH_2}
C01 = UnitId("C01")
BY_HAND = (
    Carried(
        TicketId("K2"), "promise", "roads", UnitId("jianshe"), plan_on=SEPTEMBER_1, remedy=Remedy.EXPLAINED,
        reason="no_funds", reaction=Reaction.ACCEPTED, co=(C01,), **HERE,
    ),
    Carried(
        TicketId("K3"), "watch", "roads", UnitId("jianshe"), remedy=Remedy.PARTLY, reason="no_funds",
        reaction=Reaction.UNWILLING, co=(C01,), **HERE,
    ),
    Carried(TicketId("K4"), "open", "roads", UnitId("jianshe"), due_on=date(2023, 3, 9), co=(C01,), **HERE),
    Carried(
        TicketId("K5"), "open", "roads", UnitId("jianshe"), due_on=date(2023, 3, 9), co=(C01, UnitId("shichang")),
        **HERE,
    ),
    Carried(TicketId("K6"), "open", "roads", **HERE),
)  # fmt: skip
"""What goes over of six calls of 2 March, in the order of the file: by promised day, then by number.

K1 was closed as resolved and stays. K2 was closed with a promise, K3 told of a part without a day. K4 was sent, five
working days from 2 March: the 9th. K5 was split: jianshe, which leads on it, has done its part, shichang has not. K6
has no unit. The community in which it is helps on whatever was sent to a unit.
"""


@pytest.fixture
def handed(street: Any) -> HandedOver:
    """Six calls of 2 March, handed over on 10 June."""
    street.clock.pass_days(3)
    campaign = street.campaign
    campaign.raise_tickets([street.call(f"K{i}", said=CANARY, contact=CANARY) for i in range(1, 6)])
    campaign.route()
    campaign.raise_tickets([street.call("K6", said=CANARY)])
    street.to("K1", Status.CLOSED)
    for key, remedy, plan_on, took in (
        ("K2", Remedy.EXPLAINED, SEPTEMBER_1, Reaction.ACCEPTED),
        ("K3", Remedy.PARTLY, None, Reaction.UNWILLING),
    ):
        street.to(key, Status.ACCEPTED)
        campaign.handle([street.step(key, remedy=remedy, reason="no_funds", plan_on=plan_on, note=CANARY)])
        campaign.feed_back([street.step(key, reaction=took)])
    campaign.apply([street.step("K2", 2)])
    campaign.close([street.step("K2", 1)])
    campaign.split([street.step("K5", parts=(UnitId("jianshe"), UnitId("shichang")))])
    street.to("K5/1", Status.CLOSED)
    street.clock.pass_days(100)
    made: HandedOver = campaign.planner.hand_over()
    return made


@pytest.fixture
def regular(handed: HandedOver, following: Callable[[HandedOver], Any]) -> Any:
    """The regular work that follows, on its second day: Monday 12 June 2023."""
    return following(handed)


@pytest.fixture
def following(new_street: Callable[..., Any], tmp_path: Path) -> Callable[[HandedOver], Any]:
    """Begins a ledger on a plan that was handed over, on its second day."""

    def begin(made: HandedOver) -> Any:
        path = tmp_path / f"{made.plan.id}-{made.plan.version}.toml"
        path.write_text(made.text, encoding="utf-8")
        begun = new_street(plan=path)
        begun.clock.pass_days((made.plan.first_on - begun.today).days + 1)
        return begun

    return begin


def test_what_goes_over_is_as_worked_by_hand(handed: HandedOver) -> None:
    """Five of six, a split one as one, with who still holds a part of it; no word that anybody spoke."""
    assert handed.plan.regular is not None
    assert handed.plan.regular.carried == BY_HAND
    for private in (CANARY, "王大锤", "13812345678"):
        assert private not in handed.text


def test_what_went_over_is_raised_in_the_commit_that_opens_the_ledger(regular: Any) -> None:
    """Under its own number and day, sent on 10 June to the unit that held it, under the limit that was in force."""
    assert set(regular.rows("tickets", "commit_seq", "source", "source_id", "on", "said_ref", "contact_ref")) == {
        (1, "carried", "huangtun-2023", MARCH_2, None, None)
    }
    heads = regular.campaign.heads([one.ticket_id for one in BY_HAND])
    assert {key: (head.status, head.unit_id, head.due_on) for key, head in heads.items()} == {
        "K2": (Status.ROUTED, "jianshe", SEPTEMBER_1),
        "K3": (Status.ROUTED, "jianshe", date(2023, 12, 3)),  # the last day of the plan
        "K4": (Status.ROUTED, "jianshe", date(2023, 3, 9)),
        "K5": (Status.ROUTED, "jianshe", date(2023, 3, 9)),
        "K6": (Status.RAISED, None, None),
    }
    assert {head.routed_on for head in heads.values()} == {date(2023, 6, 10), None}
    sent = regular.rows("assignments", "subject", "subject_id", "unit_id", "part", "rule")
    assert [row[1:] for row in sent if row[0] == "ticket" and row[1] == "K5"] == [
        ("K5", "jianshe", "lead", "carried"),
        ("K5", "C01", "co", "carried"),
        ("K5", "shichang", "co", "carried"),
    ]
    assert regular.campaign.verify().ok


def test_a_promise_is_on_the_watch_list_when_its_day_comes_and_off_it_when_it_is_kept(regular: Any) -> None:
    """On 31 August nothing, on 1 September K2 with what was promised; handled anew it leaves the list."""
    campaign = regular.campaign
    assert campaign.watch_list(date(2023, 8, 31)) == ()
    (kept,) = campaign.watch_list(SEPTEMBER_1)
    assert (kept.ticket_id, kept.unit_id, kept.plan_on, kept.remedy, kept.reason, kept.reaction, kept.status) == (
        "K2", "jianshe", SEPTEMBER_1, Remedy.EXPLAINED, "no_funds", "accepted", Status.ROUTED,
    )  # fmt: skip
    regular.clock.pass_days(81)
    regular.to("K2", Status.CLOSED)
    assert campaign.watch_list(SEPTEMBER_1) == ()
    made = campaign.planner.hand_over().plan.regular
    assert made is not None
    assert [one.ticket_id for one in made.carried] == ["K3", "K4", "K5", "K6"]


def test_no_clock_starts_anew_and_nothing_counts_as_new(regular: Any) -> None:
    """On 12 June K4 and K5 are overdue since March; five tickets so far, all handed over, none of them this week."""
    campaign, day = regular.campaign, date(2023, 6, 12)
    late = {one.ticket_id: one.since for one in campaign.unanswered(Window(to_on=day))}
    assert late == {"K4": date(2023, 3, 9), "K5": date(2023, 3, 9), "K6": MARCH_2}
    (by_source,) = campaign.figures("received", Window(to_on=day), by=("source",))
    assert (by_source.group, by_source.n) == (("carried",), 5)
    assert campaign.figures("received", Window(from_on=campaign.plan.first_on, to_on=day))[0].n == 0
    assert campaign.figures("overdue", Window(to_on=day))[0].n == 2
    assert campaign.figures("rectified", Window(to_on=day))[0].of == 2


def test_a_carried_ticket_goes_the_way_of_any_other(regular: Any) -> None:
    """It can be handled, told of and closed, split anew, and sent to a unit by the office; the story tells it all."""
    campaign = regular.campaign
    regular.to("K4", Status.CLOSED)
    campaign.split([regular.step("K5", parts=(UnitId("shichang"),))])
    assert regular.status("K5/1") is Status.ROUTED
    campaign.assign(TicketId("K6"), UnitId("zhifa"))
    assert regular.status("K6") is Status.ROUTED
    assert "上期移交" in campaign.why("K4").said_in("zh")


def test_handed_over_twice_nothing_is_lost_or_changed(
    regular: Any, handed: HandedOver, following: Callable[[HandedOver], Any]
) -> None:
    """Untouched, the five go over once more as they are, into a plan and a ledger that name the one before."""
    regular.clock.pass_days(200)
    again = regular.campaign.planner.hand_over()
    assert (handed.plan.regular is not None, again.plan.regular is not None) == (True, True)
    assert again.plan.regular.carried == BY_HAND
    with pytest.warns(AssumedCalendarWarning):
        third = following(again)
    assert set(third.rows("tickets", "source", "source_id", "on")) == {("carried", "huangtun-2023-regular", MARCH_2)}
    assert [one.ticket_id for one in third.campaign.watch_list(third.today)] == ["K2"]
    assert third.campaign.planner.hand_over().plan.regular.carried == BY_HAND
    assert third.campaign.verify().ok


def test_a_carried_number_is_taken_and_nothing_else_can_say_it_was_carried(regular: Any) -> None:
    """The same number with another content is a conflict; a ticket from outside comes by another door."""
    assert regular.campaign.raise_tickets([regular.call("K4")]).conflicts == ("K4",)
    stranger = regular.call("K9")
    outside = type(stranger)(stranger.id, Source.CARRIED, "x", stranger.on, stranger.topic_id)
    regular.refuses(BadValueError, lambda: regular.campaign.raise_tickets([outside]))


def test_a_plan_that_carries_nothing_opens_with_nothing_but_itself(street: Any) -> None:
    """The campaign's own first commit holds its plan and no ticket."""
    assert street.rows("tickets", "ticket_id") == []
    assert street.rows("plans", "plan_id") == [("huangtun-2023",)]


def test_a_unit_may_return_what_it_no_longer_answers_for(regular: Any) -> None:
    """Within two working days of 10 June, by the 13th: then the office sends it to another."""
    back = Step(TicketId("K3"), regular.today, person_id=PersonId("P-jianshe-2"), reason="not_our_duty")
    regular.campaign.send_back([back])
    assert regular.status("K3") is Status.RETURNED
