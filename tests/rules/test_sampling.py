"""The call-back sample: seeded, all of the census, the rate rounded up, with inclusion probabilities."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from zoufang.model import CallBackRule, CallOutcome, Drawn, Remedy, StratumRule
from zoufang.rules import CALLBACK_PRESETS, Closing, draw, given_up, order_of_lots, replacements
from zoufang.typing import KindId, Text, TicketId, TopicId, UnitId

RULE = CallBackRule(
    rate_percent=10, at_least=1, clause="五(三)", basis=Text("公开做法", "practice"), census_kinds=(KindId("shop"),)
)
DAY = date(2023, 3, 13)


def closings(n: int, unit: str = "C01", kind: str | None = "household") -> list[Closing]:
    """Return closings of one unit."""
    return [
        Closing(TicketId(f"{unit}-{i:03}"), 8, UnitId(unit), None if kind is None else KindId(kind)) for i in range(n)
    ]


def sizes(n: int, rule: CallBackRule = RULE) -> tuple[int, int]:
    """Return how many are drawn of so many, and the denominator that is noted."""
    drawn = draw(rule, closings(n), on=DAY, seed="w02")
    (noted,) = {(d.n, d.of) for d in drawn} or {(0, 0)}
    assert noted[0] == len(drawn)
    return noted


def test_the_rate_is_rounded_up_and_never_below_the_floor() -> None:
    """Ten per cent of 1, 9 and 10 is one; of 11 two; of 100 ten; of 101 eleven; of nothing nothing."""
    assert [sizes(n) for n in (1, 9, 10, 11, 100, 101)] == [(1, 1), (1, 9), (1, 10), (2, 11), (10, 100), (11, 101)]
    assert draw(RULE, [], on=DAY, seed="w02") == ()


def test_the_floor_is_no_more_than_there_are() -> None:
    """At least five, where there are as many; a rate of 0 leaves the floor, a rate of 100 takes all."""
    five = evolve(RULE, at_least=5)
    assert [sizes(n, five) for n in (3, 5, 60)] == [(3, 3), (5, 5), (6, 60)]
    assert sizes(20, evolve(RULE, rate_percent=0, at_least=2)) == (2, 20)
    assert sizes(20, evolve(RULE, rate_percent=100)) == (20, 20)


def test_all_of_the_census_are_drawn() -> None:
    """Every shop, beside one household in ten, each in its own stratum."""
    drawn = draw(RULE, [*closings(7, "zhifa", "shop"), *closings(10, "zhifa2", "household")], on=DAY, seed="w02")
    assert {(d.stratum, d.n, d.of) for d in drawn} == {("zhifa/census", 7, 7), ("zhifa2/sample", 1, 10)}
    assert len(drawn) == 8
    assert {d.on for d in drawn} == {DAY}


def test_each_unit_is_drawn_by_itself() -> None:
    """Two units of nine give one each, not two of eighteen; a ticket without a known target is in the sample."""
    drawn = draw(RULE, [*closings(9, "C01"), *closings(9, "C02", None)], on=DAY, seed="w02")
    assert [(d.stratum, d.n, d.of) for d in drawn] == [("C01/sample", 1, 9), ("C02/sample", 1, 9)]


def test_the_same_seed_draws_the_same_and_another_seed_another() -> None:
    """Anybody can draw it again; forty of four hundred, and two seeds that never agree."""
    one, again = (draw(RULE, closings(400), on=DAY, seed="w02") for _ in range(2))
    assert one == again
    assert {d.ticket_id for d in one} != {d.ticket_id for d in draw(RULE, closings(400), on=DAY, seed="w03")}


def test_a_ticket_closed_again_has_a_lot_of_its_own() -> None:
    """The lot is over ticket and closing, so nobody is spared for good."""
    first, second = closings(400), [evolve(c, version=12) for c in closings(400)]
    drawn = [{d.ticket_id for d in draw(RULE, some, on=DAY, seed="w02")} for some in (first, second)]
    assert drawn[0] != drawn[1]


def test_over_many_seeds_everybody_is_drawn_about_as_often() -> None:
    """Ten of a hundred by 400 seeds: each about 40 times; 15 and 75 are more than four standard deviations off."""
    times = dict.fromkeys((c.ticket_id for c in closings(100)), 0)
    for seed in range(400):
        for d in draw(RULE, closings(100), on=DAY, seed=str(seed)):
            times[d.ticket_id] += 1
    assert sum(times.values()) == 4000
    assert min(times.values()) > 15
    assert max(times.values()) < 75


@given(n=st.integers(0, 60), seed=st.text(max_size=3), data=st.data())
def test_the_order_of_closings_does_not_matter(n: int, seed: str, data: st.DataObject) -> None:
    """Shuffled, the same tickets are drawn; nobody twice; the inclusion probability is between 0 and 1."""
    mixed = [*closings(n), *closings(n // 3, "zhifa", "shop")]
    shuffled = data.draw(st.permutations(mixed))
    drawn = draw(RULE, shuffled, on=DAY, seed=seed)
    assert drawn == draw(RULE, mixed, on=DAY, seed=seed)
    assert len({d.ticket_id for d in drawn}) == len(drawn)
    assert all(1 <= d.n <= d.of for d in drawn)


# --- strata, reserves, replacement --------------------------------------------------------------------------------


def full(i: int, **cells: str | None) -> Closing:
    """Return a closing of which everything is known."""
    known: dict[str, str | None] = {"unit_id": "jianshe", "kind": "household", "topic_id": "roads", **cells}
    return Closing(TicketId(f"K{i:03}"), 7, **known)  # type: ignore[arg-type] - plain words for ids


def strata(*rules: StratumRule) -> CallBackRule:
    """Return the rule with strata that go first."""
    return evolve(RULE, strata=rules)


def groups(rule: CallBackRule, some: list[Closing]) -> dict[str, tuple[int, int]]:
    """Return n and of by stratum."""
    return {d.stratum: (d.n, d.of) for d in order_of_lots(rule, some, on=DAY, seed="w02")}


def test_a_closing_belongs_to_the_first_stratum_that_takes_it() -> None:
    """Partly solved road works are a census; of other road works half; shops are a census; the rest has the rate."""
    rule = strata(
        StratumRule("partly", "x", rate_percent=100, topics=(TopicId("roads"),), remedies=(Remedy.PARTLY,)),
        StratumRule("roads", "x", rate_percent=50, topics=(TopicId("roads"),)),
    )
    some = [
        *(full(i, remedy="partly") for i in range(3)),
        *(full(i, remedy="resolved") for i in range(10, 15)),
        *(full(i, topic_id="noise", kind="shop") for i in range(20, 22)),
        *(full(i, topic_id="noise") for i in range(30, 34)),
    ]
    assert groups(rule, some) == {
        "jianshe/partly": (3, 3),
        "jianshe/roads": (3, 5),
        "jianshe/census": (2, 2),
        "jianshe/sample": (1, 4),
    }


def test_a_stratum_is_split_as_it_declares() -> None:
    """Per unit, remedy and topic; what is not known is a part of its own; nothing declared is one for the street."""
    some = [full(1, remedy="resolved"), full(2, remedy="partly"), full(3, remedy="partly", unit_id="C01"), full(4)]
    per = StratumRule("all", "x", rate_percent=100, per=("unit", "remedy", "topic"))
    assert groups(strata(per), some) == {
        "jianshe/resolved/roads/all": (1, 1),
        "jianshe/partly/roads/all": (1, 1),
        "C01/partly/roads/all": (1, 1),
        "jianshe/-/roads/all": (1, 1),
    }
    assert groups(strata(evolve(per, per=())), some) == {"all": (4, 4)}
    assert groups(strata(evolve(per, per=("community", "kind"))), some) == {"-/household/all": (4, 4)}


def test_sizes_keep_floor_limit_and_what_there_is() -> None:
    """Ten per cent rounded up, at least 2, at most 5: of 1, 10, 21, 100."""
    rule = strata(StratumRule("s", "x", rate_percent=10, at_least=2, at_most=5))
    found = [groups(rule, [full(i) for i in range(n)])["jianshe/s"] for n in (1, 10, 21, 100)]
    assert found == [(1, 1), (2, 10), (3, 21), (5, 100)]


def test_the_published_presets() -> None:
    """A tenth of persons and all firms a week; or twenty households a village and five hundred others a day."""
    firms = [full(i, kind="enterprise") for i in range(7)]
    people = [full(100 + i) for i in range(41)]
    assert groups(CALLBACK_PRESETS["weekly-tenth"], [*firms, *people]) == {
        "jianshe/census": (7, 7),
        "jianshe/sample": (5, 41),
    }
    villages = [full(200 + i, community=f"C0{i % 2}") for i in range(60)]
    calls = [full(1000 + i, kind=None) for i in range(600)]
    daily = CALLBACK_PRESETS["villages-and-calls"]
    assert daily.every == "day"
    assert groups(daily, [*villages, *calls]) == {
        "C00/village_households": (20, 30),
        "C01/village_households": (20, 30),
        "daily_calls": (500, 600),
    }


def test_a_draw_gives_every_closing_a_place_and_draws_the_first() -> None:
    """Ranks 1 to of, each once; what is drawn are the ranks to n; the number of the draw is noted."""
    places = order_of_lots(RULE, closings(30), on=DAY, seed="w02", lot=4)
    assert sorted(d.rank for d in places) == list(range(1, 31))
    assert {(d.n, d.of, d.lot) for d in places} == {(3, 30, 4)}
    assert draw(RULE, closings(30), on=DAY, seed="w02", lot=4) == tuple(d for d in places if d.rank <= 3)


@pytest.mark.parametrize(
    ("outcome", "attempts"),
    [(CallOutcome.REFUSED, [1, 2, 3, 4]), (CallOutcome.UNREACHABLE, [3]), (CallOutcome.REACHED, [])],
)
def test_who_refuses_or_is_tried_in_vain_for_the_last_time_is_given_up(
    outcome: CallOutcome, attempts: list[int]
) -> None:
    """Three tries; a fourth call in vain does not call for another replacement."""
    assert [attempt for attempt in (1, 2, 3, 4) if given_up(RULE, outcome, attempt)] == attempts


def test_replacements_are_the_next_of_the_same_stratum_and_draw() -> None:
    """Two given up in one stratum take ranks 3 and 4, the third of an exhausted stratum nobody; n and of stay."""
    later = date(2023, 3, 15)
    gone = [Drawn(TicketId("A"), 7, DAY, "s", 2, 4, 1, 1), Drawn(TicketId("B"), 7, DAY, "s", 2, 4, 1, 2)]
    other = Drawn(TicketId("C"), 7, DAY, "s", 1, 1, 2, 1)
    reserve = [Drawn(TicketId("E"), 7, DAY, "s", 2, 4, 1, 4), Drawn(TicketId("D"), 7, DAY, "s", 2, 4, 1, 3)]
    on = {one.ticket_id: later for one in (*gone, other)}
    assert replacements([other, *reversed(gone)], reserve, on=on) == (
        Drawn(TicketId("D"), 7, later, "s", 2, 4, 1, 3, TicketId("A")),
        Drawn(TicketId("E"), 7, later, "s", 2, 4, 1, 4, TicketId("B")),
    )
