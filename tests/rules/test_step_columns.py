"""Steps decided in columns come to the same as steps decided one by one, and are refused in the same words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

import pandas as pd
import pytest
from attrs import asdict, evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from zoufang.errors import BackwardsError, BeforeItsDayError, RefusedError, UnknownIdError, ZoufangError
from zoufang.model import (
    CampaignPlan,
    Count,
    Event,
    Head,
    Limit,
    LimitClass,
    Reaction,
    Remedy,
    Reopened,
    Rerouted,
    Status,
    Step,
)
from zoufang.rules import allowed_in, decide_all, raised
from zoufang.rules.decide import decide_next
from zoufang.rules.parts import Families
from zoufang.rules.step_columns import InColumns, decide_in_columns, frame_of_heads
from zoufang.typing import PersonId, Text, TicketId, UnitId

BEGIN = date(2023, 4, 24)
UNITS = ("zhifa", "jianshe", "shichang")
Intents = Sequence[tuple[Event, Step]]
SMALL = st.integers(0, 40)


def frame(intents: Intents) -> pd.DataFrame:
    """Return steps as a frame with all columns."""
    return pd.DataFrame(
        [{"event": event, **asdict(step, recurse=False)} for event, step in intents],
        columns=["event", *(name for name in Step.__slots__ if not name.startswith("__"))],
    )


def plan_with(plan: CampaignPlan, **deadlines: Any) -> CampaignPlan:
    """Return the plan with other rules of the clock, and with three classes of limits."""
    classes = tuple(
        LimitClass(id=name, label=Text(name, name), limit=Limit(n, count))
        for name, n, count in (
            ("quick", 2, Count.WORKING_DAYS),
            ("plain", 7, Count.CALENDAR_DAYS),
            ("at_once", 24, Count.HOURS),
        )
    )
    return evolve(plan, deadlines=evolve(plan.deadlines, classes=classes, **deadlines))


# --- by hand ------------------------------------------------------------------------------------------------------


def test_a_ticket_from_dispatch_to_closing(plan: CampaignPlan) -> None:
    """Sent on Friday 28 April with five working days: due on Tuesday 9 May, over the holiday and a worked Saturday."""
    steps = pd.DataFrame(
        {
            "ticket_id": ["K1"] * 6,
            "event": ["route", "accept", "handle", "feed_back", "apply", "close"],
            "on": pd.to_datetime(["2023-04-28", "2023-05-04", "2023-05-05", "2023-05-05", "2023-05-06", "2023-05-08"]),
            "unit_id": ["jianshe"] + [None] * 5,
            "remedy": [None, None, "explained", None, None, None],
            "reason": [None, None, "no_funds", None, None, None],
            "plan_on": pd.to_datetime([None, None, "2023-06-30", None, None, None]),
            "person_id": [None, None, None, None, "P1", "P2"],
        }
    )
    decided = decide_in_columns(plan, frame_of_heads([raised(TicketId("K1"), date(2023, 4, 28))]), steps)
    rows = decided.rows
    assert decided.apart == []
    assert rows["status"].tolist() == ["routed", "accepted", "handled", "fed_back", "applied", "closed"]
    assert rows["version"].tolist() == [2, 3, 4, 5, 6, 7]
    assert set(rows["unit_id"]) == {"jianshe"}
    assert {day.date() for day in rows["due_on"]} == {date(2023, 5, 9)}
    assert rows["remedy"].isna().tolist() == [True, True, False, False, False, False]
    assert rows["applied_by"].tolist()[4:] == ["P1", "P1"]
    assert {day.date() for day in rows["routed_on"]} == {date(2023, 4, 28)}


def test_a_revoked_closing_has_forgotten_its_keys(plan: CampaignPlan) -> None:
    """Back to the unit on Friday 31 March: due on Monday 10 April, revoked once, no remedy and no first key."""
    closed = Head(TicketId("K1"), 7, Status.CLOSED, date(2023, 3, 30), unit_id=UnitId("zhifa"), remedy=Remedy.RESOLVED)
    closed = closed._replace(applied_by=PersonId("P1"), due_on=date(2023, 3, 29), extended_days=2)
    steps = pd.DataFrame({"ticket_id": ["K1"], "event": "revoke", "on": [date(2023, 3, 31)], "reason": "no_evidence"})
    (row,) = decide_in_columns(plan, frame_of_heads([closed]), steps).rows.itertuples()
    assert (row.status, row.version, row.revoked, row.unit_id) == ("accepted", 8, 1, "zhifa")
    assert (row.due_on.date(), row.extended_days) == (date(2023, 4, 10), 0)
    assert pd.isna(row.remedy)
    assert pd.isna(row.applied_by)


def test_a_promise_is_taken_up_before_its_day_only_with_a_reason(plan: CampaignPlan) -> None:
    """Promised for 30 June: on the 29th refused in the same words, on the 30th and with a reason not."""
    explained = Head(TicketId("K1"), 7, Status.CLOSED, date(2023, 5, 8), remedy=Remedy.EXPLAINED)
    heads = frame_of_heads([explained._replace(plan_on=date(2023, 6, 30)), raised(TicketId("K2"), BEGIN)])

    def resume(on: date, reason: str = "") -> Any:
        return decide_in_columns(plan, heads, frame([(Event.RESUME, Step(TicketId("K1"), on, reason=reason))])).rows

    with pytest.raises(BeforeItsDayError) as refused:
        resume(date(2023, 6, 29))
    assert (refused.value.on, refused.value.plan_on) == (date(2023, 6, 29), date(2023, 6, 30))
    for rows in (resume(date(2023, 6, 29), "ready_sooner"), resume(date(2023, 6, 30))):
        assert (rows["status"][0], pd.isna(rows["plan_on"][0])) == ("accepted", True)


@pytest.mark.parametrize("minute", [539, 540])
def test_minutes_are_in_order_across_a_step_without_one(plan: CampaignPlan, minute: int) -> None:
    """Sent at nine, accepted at no known minute, handled at 8:59 or at nine: one by one and in columns alike."""
    first = raised(TicketId("K1"), BEGIN)
    steps = [
        (Event.ROUTE, Step(first.ticket_id, BEGIN, UnitId("zhifa"), minute=540)),
        (Event.ACCEPT, Step(first.ticket_id, BEGIN)),
        (Event.HANDLE, Step(first.ticket_id, BEGIN, remedy=Remedy.RESOLVED, minute=minute)),
    ]
    later = decide_all(plan, {"K1": first}, steps[:1])[-1][2]
    for head, some in ((first, steps), (later, steps[1:])):
        ways = (
            lambda head=head, some=some: decide_all(plan, {"K1": head}, some)[-1][2].status,
            lambda head=head, some=some: Status(
                decide_in_columns(plan, frame_of_heads([head]), frame(some)).rows["status"].iloc[-1]
            ),
        )
        for way in ways:
            if minute < 540:
                with pytest.raises(BackwardsError) as refused:
                    way()
                assert (refused.value.minute, refused.value.last_minute) == (539, 540)
            else:
                assert way() is Status.HANDLED


def test_the_first_refused_step_is_named(plan: CampaignPlan) -> None:
    """Of two bad steps the earlier one speaks, though its ticket is decided one by one."""
    heads = frame_of_heads(raised(TicketId(name), BEGIN) for name in ("K1", "K2", "K3"))
    intents = [
        (Event.ROUTE, Step(TicketId("K1"), BEGIN, UnitId("zhifa"))),
        (Event.PAUSE, Step(TicketId("K2"), BEGIN, person_id=PersonId("P1"), reason="no_funds")),
        (Event.CLOSE, Step(TicketId("K3"), BEGIN, person_id=PersonId("P1"))),
    ]
    with pytest.raises(RefusedError) as refused:
        decide_in_columns(plan, heads, frame(intents))
    assert (refused.value.event, refused.value.ticket_id) == (Event.PAUSE, "K2")  # type: ignore[attr-defined]
    with pytest.raises(RefusedError) as refused:
        decide_in_columns(plan, heads, frame([intents[0], intents[2], intents[1]]))
    assert (refused.value.event, refused.value.ticket_id) == (Event.CLOSE, "K3")  # type: ignore[attr-defined]


def test_a_ticket_without_a_head_is_refused(plan: CampaignPlan) -> None:
    """With some that are known."""
    steps = frame([(Event.ROUTE, Step(TicketId("K9"), BEGIN, UnitId("zhifa")))])
    with pytest.raises(UnknownIdError) as refused:
        decide_in_columns(plan, frame_of_heads([raised(TicketId("K1"), BEGIN)]), steps)
    assert (refused.value.id, refused.value.known) == ("K9", ("K1",))


def test_no_steps_decide_nothing(plan: CampaignPlan) -> None:
    """Nothing in, nothing out."""
    decided = decide_in_columns(plan, frame_of_heads([raised(TicketId("K1"), BEGIN)]), frame([]))
    assert (len(decided.rows), decided.apart) == (0, [])


def test_a_word_that_is_no_event_is_refused(plan: CampaignPlan) -> None:
    """It is named, with those that are."""
    steps = pd.DataFrame({"ticket_id": ["K1"], "event": ["finish"], "on": [BEGIN]})
    with pytest.raises(ValueError, match="finish"):
        decide_in_columns(plan, frame_of_heads([raised(TicketId("K1"), BEGIN)]), steps)


# --- side by side with one by one ---------------------------------------------------------------------------------


@st.composite
def drawn_steps(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw what each step chooses; the step itself is made once it is known where its ticket stands."""
    return draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "ticket": st.sampled_from([0, 0, 0, 1, 1, 2, 3]),
                    "event": SMALL,
                    "days": st.sampled_from([0, 0, 1, 1, 2, 5]),
                    "who": st.integers(0, 2),
                    "remedy": st.sampled_from(Remedy),
                    "other": st.integers(0, 5),
                    "slip": st.sampled_from(
                        [None] * 60 + ["event", "on", "version", "reason", "person", "reaction", "minute"]
                    ),
                    "minute": st.sampled_from([None, None, None, 540, 600, 660]),
                }
            ),
            min_size=30,
            max_size=60,
        )
    )


def walk(plan: CampaignPlan, heads: Mapping[str, Head], chosen: list[dict[str, Any]]) -> Intents:
    """Return steps that are allowed where each ticket stands, but for some slips."""
    families = Families(heads)
    on, intents = BEGIN, []
    for choice in chosen:
        on += timedelta(days=choice["days"])
        ids = list(families.now)
        head = families.now[ids[choice["ticket"] % len(ids)]]
        allowed = allowed_in(head.status) or tuple(Event)
        # Mostly the next on the way to closing, which the table names first; else any other that is allowed.
        event = allowed[0 if choice["event"] % 4 else choice["event"] // 4 % len(allowed)]
        step = _step(head, event, on, choice)
        if choice["slip"] == "event":
            event = list(Event)[choice["event"] % len(Event)]
        intents.append((event, step))
        try:
            decide_next(plan, families, event, step)
        except ZoufangError:
            if choice["slip"] is None:
                intents.pop()
    return intents


def _step(head: Head, event: Event, on: date, choice: dict[str, Any]) -> Step:
    person = PersonId(f"P{choice['who']}")
    step = Step(head.ticket_id, on, UnitId(UNITS[choice["who"]]), person, choice["remedy"], "no_funds")
    step = evolve(step, minute=choice["minute"])
    return _slipped(head, _filled(head, event, step, choice), choice)


def _filled(head: Head, event: Event, step: Step, choice: dict[str, Any]) -> Step:
    on = step.on
    match event:
        case Event.MERGE:
            step = evolve(step, into=TicketId(f"K{choice['other']}"))
        case Event.SPLIT:
            step = evolve(step, parts=UNITS[: 2 + choice["who"] % 2])
        case Event.ASK_EXTENSION | Event.GRANT_EXTENSION:
            step = evolve(step, days=1 + choice["who"])
        case Event.HANDLE if choice["other"] % 2:
            step = evolve(step, plan_on=on + timedelta(days=choice["event"]))
        case Event.FEED_BACK if head.remedy is not Remedy.RESOLVED and choice["other"] % 3 == 0:
            step = evolve(step, reaction=Reaction.UNWILLING)
        case Event.RESUME if choice["other"] % 2:
            step = evolve(step, reason="")
        case Event.ROUTE if choice["other"] % 5 == 0:
            step = evolve(step, limit_id="quick")
    return step


def _slipped(head: Head, step: Step, choice: dict[str, Any]) -> Step:
    on = step.on
    match choice["slip"]:
        case "on":
            step = evolve(step, on=on - timedelta(days=9))
        case "version":
            step = evolve(step, version=head.version + choice["who"] - 1)
        case "reason":
            step = evolve(step, reason="太忙" if choice["who"] else "")
        case "person":
            step = evolve(step, person_id=head.applied_by)
        case "minute":
            step = evolve(step, minute=5)
        case "reaction":
            step = evolve(step, reaction=Reaction.ACCEPTED)
    return step


RULES = st.fixed_dictionaries(
    {
        "on_reroute": st.sampled_from(Rerouted),
        "on_reopen": st.sampled_from(Reopened),
        "reopen_days": st.sampled_from([None, 3]),
    }
)


@settings(max_examples=150)
@given(rules=RULES, classes=st.lists(st.sampled_from([None, "quick", "plain", "at_once"]), min_size=6, max_size=6),
       before=drawn_steps(), then=drawn_steps())  # fmt: skip
def test_columns_agree_with_one_by_one(
    plan: CampaignPlan, rules: dict[str, Any], classes: list[str | None], before: list[Any], then: list[Any]
) -> None:
    """From any history on, any batch is decided alike, with every cell of every head; or refused in the same words."""
    own = plan_with(plan, **rules)
    first = {f"K{n}": raised(TicketId(f"K{n}"), BEGIN, limit) for n, limit in enumerate(classes)}
    families = Families(first)
    for event, step in walk(own, first, before):
        try:
            decide_next(own, families, event, step)
        except ZoufangError:
            continue
    heads = dict(families.now)
    later = [{**choice, "days": choice["days"] + 30 * (n == 0)} for n, choice in enumerate(then)]
    intents = walk(own, heads, later)
    one_by_one = _outcome(lambda: decide_all(own, heads, intents))
    in_columns = _outcome(lambda: decided_of(decide_in_columns(own, frame_of_heads(heads.values()), frame(intents))))
    if isinstance(one_by_one, ZoufangError):
        assert isinstance(in_columns, ZoufangError)
        assert (type(in_columns), in_columns.said_in("en")) == (type(one_by_one), one_by_one.said_in("en"))
    else:
        assert in_columns == [(event, head) for event, _, head in one_by_one]


def _outcome(deed: Any) -> Any:
    try:
        return deed()
    except ZoufangError as error:
        return error


def decided_of(found: InColumns) -> list[tuple[Event, Head]]:
    """Return every event with its head, in the order of the steps."""
    apart: list[tuple[int, Event, Head]] = [(place, event, head) for place, (event, _, head) in found.apart]
    plain = [
        (int(place), Event(row.pop("event")), _head(row))
        for place, row in zip(found.places, found.rows.to_dict("records"), strict=True)
    ]
    return [(event, head) for _, event, head in sorted([*plain, *apart], key=lambda each: each[0])]


def _head(row: dict[str, Any]) -> Head:
    cells = {name: cell if isinstance(cell, tuple) or not pd.isna(cell) else None for name, cell in row.items()}
    for name in ("on", "due_on", "routed_on", "plan_on"):
        cells[name] = None if cells[name] is None else cells[name].date()
    for name, kind in (("status", Status), ("remedy", Remedy), ("clock", Count)):
        cells[name] = None if cells[name] is None else kind(cells[name])
    return Head(**cells)


def test_the_walk_gets_that_far(plan: CampaignPlan) -> None:
    """The property above does meet every event there is: what lies at the end of long histories too."""
    chance = Random(2023)
    chosen = [
        {
            "ticket": chance.randrange(6),
            "event": chance.randrange(41),
            "days": chance.choice([0, 1]),
            "who": chance.randrange(3),
            "remedy": chance.choice(list(Remedy)),
            "other": chance.randrange(6),
            "slip": None,
            "minute": None,
        }
        for _ in range(6000)
    ]
    met: set[Event] = set()
    for n in range(0, len(chosen), 60):
        heads = {f"K{n}": raised(TicketId(f"K{n}"), BEGIN) for n in range(6)}
        met |= {event for event, _ in walk(plan, heads, chosen[n : n + 60])}
    assert set(Event) - met == {Event.RAISE}
