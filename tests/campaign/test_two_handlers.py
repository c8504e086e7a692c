"""Two handlers and one ticket: nobody decides on something that is no more, and nobody is held up for nothing."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any

import pytest

from zoufang.errors import StaleError
from zoufang.model import Event, Remedy, Status
from zoufang.typing import TicketId, UnitId


@pytest.fixture
def held(street: Any) -> Any:
    """Three calls that units have accepted: version 3 each."""
    street.campaign.raise_tickets([street.call(f"K{n}") for n in (1, 2, 3)])
    street.campaign.route()
    street.campaign.accept([street.step(f"K{n}") for n in (1, 2, 3)])
    return street


def done(street: Any, ticket_id: str = "K1", **more: Any) -> tuple[Event, Any]:
    """Return the step of a handler who has resolved a ticket and saw it as it was accepted."""
    return Event.HANDLE, street.step(ticket_id, remedy=Remedy.RESOLVED, **{"version": 3, **more})


def more_days(street: Any, *ticket_ids: str) -> None:
    """Let somebody else ask for two days more, and the office grant them: versions 4 and 5."""
    for ticket_id in ticket_ids:
        asked = street.step(ticket_id, reason="no_funds", days=2)
        street.campaign.reply(
            [(Event.ASK_EXTENSION, asked), (Event.GRANT_EXTENSION, street.step(ticket_id, 1, days=2))]
        )


def test_a_step_that_nothing_has_touched_goes_on_top_and_says_so(held: Any) -> None:
    """Days were granted meanwhile; what was done is done all the same."""
    more_days(held, "K1")
    result = held.campaign.reply([done(held), done(held, "K2")])
    assert (result.n_new, result.soft) == (2, ("K1",))
    assert held.campaign.heads([TicketId("K1")])[TicketId("K1")].version == 6
    assert held.status("K1") is Status.HANDLED


def test_a_step_on_what_is_no_more_is_refused_with_what_moved_it(held: Any) -> None:
    """By which event and to which unit, in which version; no person is named."""
    held.campaign.reply([(Event.HANDLE, held.step("K1", remedy=Remedy.EXPLAINED, reason="no_funds"))])
    unit = held.campaign.heads([TicketId("K1")])[TicketId("K1")].unit_id
    refused = held.refuses(StaleError, lambda: held.campaign.reply([done(held)]))
    assert (refused.ticket_id, refused.version, refused.now) == ("K1", 3, 4)
    assert (refused.moved, refused.others) == (((4, "handle", unit),), ())
    assert f"第 4 版“办结”（{unit}）" in refused.said_in("zh")
    assert f"4 handle ({unit})" in refused.said_in("en")
    assert "P-wangge" not in refused.said_in("zh") + refused.said_in("en")


def test_a_harmless_event_that_the_lifecycle_does_not_allow_for_is_hard(held: Any) -> None:
    """Paused meanwhile: the pause touches nothing, but a paused ticket cannot be handled."""
    held.campaign.reply([(Event.PAUSE, held.step("K1", 1, reason="no_funds"))])
    assert held.refuses(StaleError, lambda: held.campaign.reply([done(held)])).moved[0][1] == "pause"


def test_of_a_batch_all_are_named_and_none_is_recorded(held: Any) -> None:
    """One soft, two hard: the whole batch is refused, and both tickets stand in the sentence."""
    more_days(held, "K1")
    for ticket_id in ("K2", "K3"):
        held.campaign.reply([(Event.SPLIT, held.step(ticket_id, 1, parts=(UnitId("jianshe"), UnitId("zhifa"))))])
    batch = [done(held, ticket_id) for ticket_id in ("K1", "K2", "K3")]
    refused = held.refuses(StaleError, lambda: held.campaign.reply(batch))
    assert (refused.ticket_id, refused.others) == ("K2", ("K3",))
    assert "另有 1 件同样：K3" in refused.said_in("zh")
    assert held.status("K1") is Status.ACCEPTED


def test_the_steps_of_one_batch_may_all_carry_what_was_seen_before_the_first(held: Any) -> None:
    """As in a workbook where each row copies the version of the to-do list; or each counts on, as before."""
    same = [done(held), (Event.FEED_BACK, held.step("K1", version=3))]
    assert held.campaign.reply(same).soft == ()
    counted = [done(held, "K2"), (Event.FEED_BACK, held.step("K2", version=4))]
    assert held.campaign.reply(counted).soft == ()
    assert (held.status("K1"), held.status("K2")) == (Status.FED_BACK, Status.FED_BACK)


def test_each_step_of_a_stale_batch_is_judged_by_itself(held: Any) -> None:
    """Days were granted: to handle, feed back and apply passes; to close on the word of version 3 does not."""
    more_days(held, "K1")
    batch = [done(held), *((event, held.step("K1", version=3)) for event in (Event.FEED_BACK, Event.APPLY))]
    close = (Event.CLOSE, held.step("K1", 1, version=3))
    held.refuses(StaleError, lambda: held.campaign.reply([*batch, close]))
    assert held.campaign.reply(batch).soft == ("K1",)


def test_a_version_that_is_not_there_yet_is_refused(held: Any) -> None:
    """Nobody has seen it."""
    assert held.refuses(StaleError, lambda: held.campaign.reply([done(held, version=9)])).now == 3


def test_a_merge_rests_on_no_holder(held: Any) -> None:
    """K9 was raised, seen, sent and accepted; that it is the same as K1 is as true as before."""
    held.campaign.raise_tickets([held.call("K9")])
    held.campaign.route()
    held.campaign.accept([held.step("K9")])
    result = held.campaign.reply([(Event.MERGE, held.step("K9", into=TicketId("K1"), version=1))])
    assert result.soft == ("K9",)


def test_of_two_who_saw_the_same_version_one_is_told(held: Any) -> None:
    """At the same moment, each on a thread: one is recorded, the other hears by what the ticket moved."""
    start, told = Barrier(2), []

    def act(reaction: Remedy) -> None:
        reason = "" if reaction is Remedy.RESOLVED else "no_funds"
        step = held.step("K1", remedy=reaction, reason=reason, version=3)
        start.wait()
        try:
            told.append(held.campaign.reply([(Event.HANDLE, step)]).n_new)
        except StaleError as error:
            told.append(error.moved[0][1])

    threads = [Thread(target=act, args=(remedy,)) for remedy in (Remedy.RESOLVED, Remedy.EXPLAINED)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, told)) == ["1", "handle"]
    assert len(held.rows("ticket_events", "ticket_id")) == 10
    assert held.campaign.verify().ok
