"""Call-backs on a street: tries, refusals, replacements, and what they tell of all closings."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from zoufang.campaign import draws_today
from zoufang.intake import plan_text
from zoufang.model import CallBack, CallOutcome, Status
from zoufang.reports import callback_list
from zoufang.typing import TicketId


@pytest.fixture
def drawn(new_street: Any, url: str) -> Any:
    """A street where both tickets of one unit were closed, and one of them drawn."""
    return closed_and_drawn(new_street(url))


def closed_and_drawn(street: Any) -> Any:
    """Close two tickets of one unit and draw."""
    street.campaign.raise_tickets([street.call(key) for key in ("K1", "K2")])
    street.campaign.route()
    for key in ("K1", "K2"):
        street.to(key, Status.CLOSED)
    assert street.campaign.draw(seed="w01").n_new == 1
    return street


def the_drawn(street: Any) -> str:
    """Return the ticket that was drawn first."""
    return str(street.rows("draws", "ticket_id")[0][0])


def call(street: Any, ticket_id: str, outcome: CallOutcome = CallOutcome.REACHED, **said: Any) -> CallBack:
    """Return a call of today."""
    return CallBack(TicketId(ticket_id), street.today, outcome, **said)


def test_who_is_tried_in_vain_for_the_last_time_is_replaced_in_the_same_commit(drawn: Any) -> None:
    """Three times in vain: the next of the same stratum is asked, and the two integers of the draw stay."""
    first = the_drawn(drawn)
    second = "K2" if first == "K1" else "K1"
    for _ in range(3):
        assert [row[0] for row in drawn.rows("draws", "ticket_id")] == [first]
        drawn.campaign.call_back([call(drawn, first, CallOutcome.UNREACHABLE)])
    seq = drawn.campaign.head.seq
    cells = ("commit_seq", "ticket_id", "stratum", "n", "of", "lot", "rank", "replaces")
    assert drawn.rows("draws", *cells)[-1] == (seq, second, "jianshe/sample", 1, 2, 1, 2, first)
    drawn.campaign.call_back([call(drawn, second, solved=True, satisfied=False)])
    by_unit = {e.unit_id: e for e in drawn.campaign.estimates()}
    assert (by_unit["jianshe"].share, by_unit["jianshe"].of, by_unit["jianshe"].answers) == (1, 2, 1)
    assert by_unit["jianshe"].low == Fraction(1, 2), "one of two is known"
    assert {e.unit_id: e.share for e in drawn.campaign.estimates("satisfied")} == {"jianshe": 0, None: 0}
    assert [(v.unit_id, v.answers, v.judgement) for v in drawn.campaign.lots()] == [("jianshe", 1, "not_enough")]


def test_who_refuses_is_replaced_at_once_and_nobody_when_the_stratum_is_exhausted(drawn: Any) -> None:
    """Both refuse: the second has nobody behind it."""
    first = the_drawn(drawn)
    drawn.campaign.call_back([call(drawn, first, CallOutcome.REFUSED)])
    ((_, second),) = drawn.rows("draws", "replaces", "ticket_id")[1:]
    drawn.campaign.call_back([call(drawn, second, CallOutcome.REFUSED)])
    assert list(drawn.rows("draws", "ticket_id", "replaces")) == [(first, None), (second, first)]
    assert [e.share for e in drawn.campaign.estimates()] == [None, None]


@pytest.mark.parametrize(
    "earlier",
    [[("refused", None)], [("unreachable", None)] * 3, [("reached", True)]],
    ids=["refused", "unreachable", "reached"],
)
def test_nobody_is_replaced_twice_nor_after_an_answer(new_street: Any, earlier: list[tuple[str, Any]]) -> None:
    """A refusal after a refusal, after the last try in vain, or after an answer brings nobody else into the sample."""
    street = new_street()
    street.campaign.raise_tickets([street.call(key) for key in ("K1", "K2", "K3")])
    street.campaign.route()
    for key in ("K1", "K2", "K3"):
        street.to(key, Status.CLOSED)
    street.campaign.draw(seed="w01")
    first = the_drawn(street)
    for outcome, solved in earlier:
        street.campaign.call_back([call(street, first, CallOutcome(outcome), solved=solved)])
    asked = street.rows("draws", "ticket_id", "replaces")
    assert len(asked) == (1 if earlier[0][0] == "reached" else 2)
    street.campaign.call_back([call(street, first, CallOutcome.REFUSED)])
    assert street.rows("draws", "ticket_id", "replaces") == asked


def test_the_list_says_which_call_it_is_and_drops_who_was_given_up(drawn: Any) -> None:
    """First call, second call, third call; then the replacement's first, naming whom it replaces."""
    first = the_drawn(drawn)

    def listed() -> list[tuple[Any, ...]]:
        rows = callback_list(drawn.campaign.ledger, drawn.campaign.plan).rows
        return [(row[0], *row[-2:]) for row in rows]

    for attempt in (1, 2, 3):
        assert listed() == [(first, attempt, None)]
        drawn.campaign.call_back([call(drawn, first, CallOutcome.UNREACHABLE)])
    ((second, attempt, replaces),) = listed()
    assert (second != first, attempt, replaces) == (True, 1, first)


def test_a_plan_that_draws_by_day_draws_once_on_each(drawn: Any) -> None:
    """The day of the last draw is not drawn again, the next day is; a weekly plan never asks for it."""
    campaign = drawn.campaign
    daily = evolve(campaign.plan, callbacks=evolve(campaign.plan.callbacks, every="day"))
    assert not draws_today(daily, campaign.ledger, drawn.today)
    assert draws_today(daily, campaign.ledger, drawn.today + timedelta(days=1))
    assert not draws_today(campaign.plan, campaign.ledger, drawn.today + timedelta(days=1))


def test_without_replacement_nobody_takes_the_place_of_who_is_given_up(new_street: Any, tmp_path: Path) -> None:
    """Where the plan says so, the refused case is simply missing."""
    text = plan_text("huangtun-2023")
    assert text.count("replace = true") == 1
    (tmp_path / "plan.toml").write_text(text.replace("replace = true", "replace = false"), encoding="utf-8")
    street = closed_and_drawn(new_street(plan=tmp_path / "plan.toml"))
    street.campaign.call_back([call(street, the_drawn(street), CallOutcome.REFUSED)])
    assert len(street.rows("draws", "ticket_id")) == 1
