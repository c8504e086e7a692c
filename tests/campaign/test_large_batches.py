"""A large batch of steps is decided in columns: the same rows, the same refusals, as one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from attrs import evolve

from zoufang.campaign import deciding
from zoufang.errors import UnknownIdError, ZoufangError
from zoufang.model import Event, Remedy, Step
from zoufang.rules import allowed_in
from zoufang.rules.decide import decide_next
from zoufang.rules.parts import Families
from zoufang.rules.step_columns import PLAIN
from zoufang.typing import PersonId, TicketId, UnitId

NEVER = 10**9
TICKETS = [f"K{n}" for n in range(1, 13)]
UNITS = ("jianshe", "zhifa")


@pytest.fixture
def both(new_street: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Any], Any]], Any]:
    """Does the same in two campaigns, one that decides in columns from two steps on and one that never does."""
    streets = [new_street(), new_street()]

    def do(deed: Callable[[Any], Any]) -> Any:
        outcomes = []
        for street, large in zip(streets, (2, NEVER), strict=True):
            monkeypatch.setattr(deciding, "LARGE", large)
            try:
                outcomes.append(deed(street))
            except ZoufangError as error:
                outcomes.append((type(error), error.said_in("en")))
        assert streets[0].campaign.head == streets[1].campaign.head
        first, second = outcomes
        if not hasattr(first, "n_new"):
            assert first == second
        return first

    return do


def chosen(street: Any, chance: Random, *, slips: bool) -> Iterator[tuple[Event, Step]]:
    """Yield plain steps that can be taken, in their order, of tickets and parts; with a slip here and there."""
    ids = [TicketId(ticket_id) for ticket_id in (*TICKETS, "K1/1", "K1/2")]
    families = Families(street.campaign.heads(ids))
    for ticket_id in chance.sample(ids, 12) + chance.sample(ids, 4):
        head = families.now[ticket_id]
        allowed = [event for event in allowed_in(head.status) if event in PLAIN] or [Event.ACCEPT]
        event = allowed[0] if chance.random() < 0.8 else chance.choice(allowed)
        slip = slips and chance.random() < 0.08
        event = chance.choice(PLAIN) if slip else event
        step = Step(
            ticket_id,
            street.today,
            UnitId(chance.choice(UNITS)) if event is Event.ROUTE else None,
            PersonId(f"P-wangge-{1 if event is Event.CLOSE else 2}"),
            remedy=chance.choice(list(Remedy)) if event is Event.HANDLE else None,
            reason="no_funds" if event in {Event.HANDLE, Event.REFUSE, Event.REVOKE, Event.STRIKE} else "",
            note=chance.choice(["", "路灯修好了", "已告知"]),
            version=chance.choice([None, head.version]),
            minute=chance.choice([None, 600]),
        )
        try:
            decide_next(street.campaign.plan, families, event, step)
        except ZoufangError:
            if not slip:
                continue
        yield event, step


@pytest.mark.parametrize("seed", range(6))
def test_a_large_batch_is_recorded_as_one_by_one(both: Any, seed: int) -> None:
    """Ten days of plain steps, some tickets of a family: the chain is the same after each, and so is each refusal."""
    both(lambda street: street.campaign.raise_tickets([street.call(ticket_id) for ticket_id in TICKETS]))
    both(lambda street: street.campaign.route())
    both(lambda street: street.campaign.split([street.step("K1", parts=("jianshe", "zhifa"))]))
    both(lambda street: street.campaign.merge([street.step("K3", into=TicketId("K2"))]))
    n_taken = n_refused = 0
    for nth in range(10):
        both(lambda street: street.clock.pass_days(1))
        done = both(
            lambda street, nth=nth: street.campaign.reply(
                list(chosen(street, Random(100 * seed + nth), slips=bool(nth % 2)))
            )
        )
        n_taken, n_refused = n_taken + hasattr(done, "n_new"), n_refused + (not hasattr(done, "n_new"))
    assert (n_taken >= 5, n_taken + n_refused) == (True, 10)


def test_a_ticket_with_parts_among_many_has_its_place_in_the_order(both: Any, new_street: Any) -> None:
    """What is told to those who were merged stands behind the feeding back, between the steps around it."""
    both(lambda street: street.campaign.raise_tickets([street.call(ticket_id) for ticket_id in TICKETS]))
    both(lambda street: street.campaign.route())
    both(lambda street: street.campaign.merge([street.step("K3", into=TicketId("K2"))]))
    ids = [ticket_id for ticket_id in TICKETS if ticket_id != "K3"]
    for event, remedy in ((Event.ACCEPT, None), (Event.HANDLE, Remedy.RESOLVED), (Event.FEED_BACK, None)):
        done = both(
            lambda street, event=event, remedy=remedy: street.campaign.reply(
                [(event, street.step(ticket_id, remedy=remedy, note="好的")) for ticket_id in ids]
            )
        )
        assert done.n_new == len(ids)
    rows: list[Any] = []
    both(lambda street: rows.append(street.rows("ticket_events", "ticket_id", "event")[-len(TICKETS) :]))
    assert rows[0] == rows[1]
    assert rows[0][:3] == [("K1", "feed_back"), ("K2", "feed_back"), ("K3", "tell")]


def test_days_that_were_asked_for_stand_in_both(both: Any) -> None:
    """An extension was asked for and not answered when its ticket is withdrawn among others."""
    both(lambda street: street.campaign.raise_tickets([street.call(ticket_id) for ticket_id in TICKETS[:3]]))
    both(lambda street: street.campaign.route())
    both(lambda street: street.campaign.accept([street.step(ticket_id) for ticket_id in TICKETS[:3]]))
    asks = (Event.ASK_EXTENSION, "K2")
    both(lambda street: street.campaign.reply([(asks[0], street.step(asks[1], reason="no_funds", days=2))]))
    both(lambda street: street.campaign.reply([(Event.WITHDRAW, street.step(i)) for i in TICKETS[:3]]))


def test_who_answers_for_tickets_is_recorded_in_the_order_of_the_steps(both: Any) -> None:
    """The first one has a ticket merged into it, and is decided by itself."""
    both(lambda street: street.campaign.raise_tickets([street.call(ticket_id) for ticket_id in TICKETS[:4]]))
    both(lambda street: street.campaign.merge([street.step("K4", into=TicketId("K1"))]))
    named = [(Event.ROUTE, ticket_id) for ticket_id in TICKETS[:3]]
    both(lambda street: street.campaign.reply([(e, street.step(i, unit_id=UnitId("jianshe"))) for e, i in named]))


def test_a_ticket_that_is_not_there_is_named_in_the_same_words(both: Any) -> None:
    """With some that are, and nothing is recorded."""
    both(lambda street: street.campaign.raise_tickets([street.call("K1"), street.call("K2")]))
    both(lambda street: street.campaign.route())
    steps = ("K1", "K2", "K9")
    error, said = both(lambda street: street.campaign.accept([street.step(ticket_id) for ticket_id in steps]))
    assert (error, "K9" in said) == (UnknownIdError, True)
    error, said = both(lambda street: street.campaign.accept([street.step("K8"), street.step("K9")]))
    assert (error, "K8" in said) == (UnknownIdError, True)


def test_the_same_submission_is_the_same_however_it_comes_in(both: Any) -> None:
    """A batch of values sent again as a frame has no second effect; changed, it is a conflict."""
    both(lambda street: street.campaign.raise_tickets([street.call("K1"), street.call("K2")]))
    both(lambda street: street.campaign.route())

    def accept(street: Any, **more: Any) -> Any:
        steps = [street.step("K1"), evolve(street.step("K2"), **more)]
        return street.campaign.accept(steps, submission_id="week-1")

    assert not both(accept).receipt.duplicate
    assert both(accept).receipt.duplicate
    assert "week-1" in both(lambda street: accept(street, note="改过"))[1]


def test_only_a_large_batch_of_plain_events_is_decided_in_columns() -> None:
    """One step less, or one that concerns other tickets, and all are decided one by one."""
    plain = ["accept"] * deciding.LARGE
    assert deciding.is_large({"event": plain})
    assert not deciding.is_large({"event": plain[1:]})
    assert not deciding.is_large({"event": [*plain, "split"]})
