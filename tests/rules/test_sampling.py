"""The call-back sample: seeded, all of the census, the rate rounded up, with inclusion probabilities."""

from __future__ import annotations

from datetime import date

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from zoufang.model import CallBackRule
from zoufang.rules import Closing, draw
from zoufang.typing import KindId, Text, TicketId, UnitId

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
