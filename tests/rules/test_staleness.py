"""What may have happened since somebody looked: a table over events, read aloud."""

from __future__ import annotations

import pytest

from zoufang.model import Event
from zoufang.rules import UNTOUCHED, untouched

E = Event
CLOCK = {E.ASK_EXTENSION, E.GRANT_EXTENSION, E.DENY_EXTENSION, E.PAUSE, E.GO_ON}
BY_HAND = {
    E.HANDLE: CLOCK,
    E.FEED_BACK: CLOCK,
    E.APPLY: CLOCK,
    E.WITHDRAW: CLOCK | {E.ROUTE, E.ACCEPT, E.SEND_BACK},
    E.MERGE: CLOCK | {E.ROUTE, E.ACCEPT, E.SEND_BACK},
    E.TELL: {E.TELL},
}


@pytest.mark.parametrize("event", Event)
def test_each_pair_of_events_is_decided_by_the_table(event: Event) -> None:
    """What was decided, and one thing that happened meanwhile: soft where the two do not touch, else hard."""
    assert {since for since in Event if untouched(event, [since])} == BY_HAND.get(event, set())


def test_one_thing_that_touches_it_is_enough() -> None:
    """Any number of harmless ones is harmless; with another one among them the step is refused."""
    assert untouched(E.HANDLE, [E.ASK_EXTENSION, E.DENY_EXTENSION, E.PAUSE, E.GO_ON, E.PAUSE])
    assert not untouched(E.HANDLE, [E.ASK_EXTENSION, E.SPLIT, E.DENY_EXTENSION])


def test_nothing_that_happened_touches_nothing() -> None:
    """Whoever saw the last version decides on it."""
    assert all(untouched(event, []) for event in Event)


def test_each_line_says_why() -> None:
    """One line an event, with a whole sentence."""
    assert len({line.event for line in UNTOUCHED}) == len(UNTOUCHED)
    assert all(line.why.endswith(".") and line.since for line in UNTOUCHED)
