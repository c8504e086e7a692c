"""A ticket and its parts, in pure rules: whatever is tried, in whatever batches, no parent goes on before its parts."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoufang.errors import MissingPartError, RefusedError, ZoufangError
from zoufang.intake import load_plan
from zoufang.model import CampaignPlan, Event, Head, Remedy, Status, Step
from zoufang.rules import FINAL, decide_all, raised
from zoufang.rules.parts import remedy_of
from zoufang.typing import PersonId, TicketId, UnitId

PLAN = load_plan("huangtun-2023")
DAY = date(2023, 3, 6)
UNITS = (UnitId("jianshe"), UnitId("zhifa"), UnitId("shichang"))
IDS = [TicketId(i) for i in ("K1", "K2", "K1/1", "K1/2", "K1/3", "K2/1", "K1/1/1")]

STRAIGHT = (Event.ROUTE, Event.ACCEPT, Event.HANDLE, Event.FEED_BACK, Event.APPLY, Event.CLOSE)
OFTEN = [*STRAIGHT, *STRAIGHT, Event.SPLIT, Event.SPLIT, *(event for event in Event if event is not Event.RAISE)]

steps = st.tuples(
    st.sampled_from(OFTEN),
    st.builds(
        Step,
        ticket_id=st.sampled_from(IDS),
        on=st.just(DAY),
        unit_id=st.sampled_from(UNITS),
        person_id=st.sampled_from([PersonId("P1"), PersonId("P2")]),
        remedy=st.none() | st.sampled_from(Remedy),
        reason=st.just("no_funds"),
        into=st.sampled_from(IDS),
        parts=st.lists(st.sampled_from(UNITS), max_size=2).map(tuple),
    ),
)
batches = st.lists(st.lists(steps, min_size=1, max_size=4), max_size=60)


def go_on(heads: dict[str, Head], batch: list[tuple[Event, Step]]) -> dict[str, Head]:
    """Return the heads after a batch, or as they were where it is refused."""
    try:
        decided = decide_all(PLAN, heads, batch)
    except ZoufangError:
        return heads
    return heads | {head.ticket_id: head for _, _, head in decided}


def forced(heads: dict[str, Head], ticket_id: TicketId) -> dict[str, Head]:
    """Return the heads after a ticket was brought as far as the rules let it, step by step."""
    for event in STRAIGHT:
        person = PersonId("P2" if event is Event.CLOSE else "P1")
        for remedy in (Remedy.RESOLVED, None):
            step = Step(ticket_id, DAY, UNITS[0], person, remedy, reason="no_funds")
            heads = go_on(heads, [(event, step)])
    return heads


def check(heads: dict[str, Head]) -> None:
    """Check that whoever has an open part is split, and nothing else."""
    for head in heads.values():
        if head.parent_id is not None and head.status not in FINAL:
            assert heads[head.parent_id].status is Status.SPLIT, head.ticket_id


@given(batches=batches)
def test_no_batch_brings_a_parent_past_an_open_part(batches: list[list[tuple[Event, Step]]]) -> None:
    """After every batch an open part's parent is split: not handled, not closed, not withdrawn, not merged."""
    heads = {i: raised(i, DAY) for i in IDS[:2]}
    for batch in batches:
        heads = go_on(heads, batch)
        check(heads)
    for ticket_id in (*sorted(heads, key=len, reverse=True), *heads):
        heads = forced(heads, TicketId(ticket_id))
        check(heads)


@given(batches=batches)
def test_a_refused_batch_changes_nothing_and_a_step_at_a_time_comes_to_the_same(
    batches: list[list[tuple[Event, Step]]],
) -> None:
    """What a batch decides, its steps decide one by one; the heads that were given stay as they were."""
    heads = {i: raised(i, DAY) for i in IDS[:2]}
    for batch in batches:
        before = dict(heads)
        after = go_on(heads, batch)
        assert heads == before
        if after is not heads:
            single = heads
            for one in batch:
                single = go_on(single, [one])
            assert single == after
        heads = after


def closed(remedy: Remedy | None, status: Status = Status.CLOSED) -> Head:
    """Return the head of a part that has come to its end."""
    return Head(TicketId("K1/1"), 6, status, DAY, remedy=remedy)


@pytest.mark.parametrize(
    ("remedies", "together"),
    [
        ("", None),
        ("r", "resolved"),
        ("rr", "resolved"),
        ("rp", "partly"),
        ("re", "partly"),
        ("pe", "partly"),
        ("ee", "explained"),
        ("rrre", "partly"),
    ],
)
def test_the_remedies_add_up(remedies: str, together: str | None) -> None:
    """All resolved is resolved, all explained is explained, anything between is partly."""
    named = {"r": Remedy.RESOLVED, "p": Remedy.PARTLY, "e": Remedy.EXPLAINED}
    parts = [closed(named[letter]) for letter in remedies]
    assert remedy_of(parts) == together
    aside = [closed(Remedy.EXPLAINED, status) for status in (Status.STRUCK, Status.WITHDRAWN, Status.MERGED)]
    assert remedy_of([*parts, *aside]) == together


def test_the_parts_are_as_many_as_the_ticket_was_split_into(plan: CampaignPlan) -> None:
    """Two parts and one more: numbers from 1 without gaps, each raised and sent, none of them lost."""
    heads: dict[str, Head] = {"K1": raised(IDS[0], DAY)}
    heads = go_on(heads, [(Event.SPLIT, Step(IDS[0], DAY, parts=UNITS[:2]))])
    heads = go_on(heads, [(Event.SPLIT, Step(IDS[0], DAY, parts=UNITS[2:]))])
    parts = {i: head for i, head in heads.items() if head.parent_id == "K1"}
    assert {i: head.unit_id for i, head in parts.items()} == dict(zip(IDS[2:5], UNITS, strict=True))
    assert {head.due_on for head in parts.values()} == {date(2023, 3, 13)}
    with pytest.raises(MissingPartError):
        decide_all(plan, heads, [(Event.SPLIT, Step(IDS[0], DAY))])
    with pytest.raises(RefusedError):
        decide_all(plan, heads, [(Event.HANDLE, Step(IDS[0], DAY, remedy=Remedy.RESOLVED))])
