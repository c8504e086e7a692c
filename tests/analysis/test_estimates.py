"""From the sample to all closings: weights by hand, unbiased over every possible draw, intervals that hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from itertools import combinations, permutations, product
from math import comb
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from zoufang.analysis import Cell, Estimate, Judgement, Window, cells, estimate, estimates, judged
from zoufang.model import CallBackRule, CallOutcome, Drawn, LotRule
from zoufang.rules import replacements
from zoufang.typing import Text, TicketId, UnitId

UNIT = UnitId("jianshe")
LOT = LotRule(20, 50, 40, 40, "五(三)")
RULE = CallBackRule(rate_percent=10, at_least=1, clause="五(三)", basis=Text("做法", "practice"), lot=LOT)


def cell(of: int, answers: int, hits: int, lot: int = 1, stratum: str = "jianshe/sample") -> Cell:
    """Return a cell of one unit."""
    return Cell(lot, stratum, UNIT, of, answers, hits)


def shared(*found: Cell) -> Estimate:
    """Return the estimate of cells."""
    return estimate(found, UNIT)


def test_two_strata_weighed_by_hand() -> None:
    """All four firms answered, three said solved; two of twenty households were asked, one said solved.

    The firms stand for themselves: 3. Each household's answer stands for 20 / 2 = 10 closings: 10. Together 13 of 24,
    while the plain share of answers, 4 of 6, would be too good. Two of twenty with one hit: between 1 and 19 hits,
    as 19 hits leave a chance of 1 - C(19,2)/C(20,2) = 1/10 for one miss or more, and 1 hit the same for one hit.
    """
    found = shared(cell(4, 4, 3, stratum="jianshe/census"), cell(20, 2, 1))
    assert found.share == Fraction(3 + 10, 24) == Fraction(13, 24)
    assert (found.of, found.covered, found.answers, found.hits) == (24, 24, 6, 4)
    assert (found.low, found.high, found.exact) == (Fraction(3 + 1, 24), Fraction(3 + 19, 24), True)


def test_a_stratum_without_an_answer_is_counted_and_not_inferred() -> None:
    """Ten closings of which nobody could be reached: the share is over the other four."""
    found = shared(cell(4, 4, 3), cell(10, 0, 0, lot=2))
    assert (found.of, found.covered, found.share, found.low, found.high) == (
        14, 4, Fraction(3, 4), Fraction(3, 4), Fraction(3, 4),
    )  # fmt: skip


def test_without_an_answer_nothing_is_known() -> None:
    """Ten closings of which nobody could be reached: no share, no interval, and nothing exact about it."""
    nothing = shared(cell(10, 0, 0), cell(1, 0, 0, lot=2))
    assert (nothing.of, nothing.covered, nothing.answers) == (11, 0, 0)
    assert (nothing.share, nothing.low, nothing.high, nothing.exact) == (None, None, None, False)


def test_several_cells_of_one_weight_have_the_plain_interval_of_their_answers() -> None:
    """Ten draws of one in ten, five said solved: 5 of 10 is 0.1871 to 0.8129, and it is proved."""
    found = shared(*(cell(10, 1, i % 2, lot=i) for i in range(10)))
    assert (found.share, found.exact) == (Fraction(1, 2), True)
    assert abs(found.low - Fraction("0.1871")) < Fraction(6, 10**5) > abs(found.high - Fraction("0.8129"))


def test_unequal_weights_count_as_fewer_answers_and_say_so() -> None:
    """Weights 4 and 4 and 1 and 1 (two of eight, two of two less one): (8 + 3)^2 / (64/2 + 9/2) = 3.3: as three.

    The share is (8 * 1/2 + 3 * 2/2) / 11 = 7/11; three times that is 1.9, so the bounds are those of 1 and of 2 of 3:
    0.0084 and 0.9916.
    """
    found = shared(cell(8, 2, 1), cell(3, 2, 2, lot=2))
    assert (found.share, found.exact) == (Fraction(7, 11), False)
    assert abs(found.low - Fraction("0.0084")) < Fraction(6, 10**5) > abs(found.high - Fraction("0.9916"))


# --- every possible draw -----------------------------------------------------------------------------------------


STREETS: list[tuple[tuple[int, ...], tuple[int, ...]]] = [
    ((1, 0, 0, 1, 1), (1, 0, 1)),
    ((0, 0, 0, 1), (1, 1, 1, 1, 0)),
    ((1, 1, 1, 1, 1, 0), (0,)),
]


@pytest.mark.parametrize("strata", STREETS)
@pytest.mark.parametrize("sizes", [(1, 1), (2, 1), (3, 1)])
def test_the_estimate_is_unbiased(strata: tuple[tuple[int, ...], ...], sizes: tuple[int, ...]) -> None:
    """The mean over all samples that could be drawn is the share of the population, exactly."""
    shares = [
        shared(*(cell(len(s), n, sum(x), lot=i) for i, (s, n, x) in enumerate(zip(strata, sizes, drawn, strict=True))))
        for drawn in product(*(combinations(s, n) for s, n in zip(strata, sizes, strict=True)))
    ]
    mean = sum((found.share or Fraction(0) for found in shares), Fraction(0)) / len(shares)
    assert mean == Fraction(sum(map(sum, strata)), sum(map(len, strata)))


def test_the_plain_share_of_answers_would_be_biased() -> None:
    """None of four solved, one asked; two of two solved, both asked: 2 of 3 answers, but the truth is 1/3."""
    assert shared(cell(4, 1, 0), cell(2, 2, 2, lot=2)).share == Fraction(1, 3)


def _asked(order: Sequence[int], reached: Sequence[bool], n: int) -> list[int]:
    """Return who answers when people are asked in an order and those given up are replaced by the rule."""
    places = [Drawn(TicketId(str(i)), 7, date(2023, 3, 6), "s", n, len(order), rank=r) for r, i in enumerate(order, 1)]
    asked, reserve, answers = places[:n], places[n:], []
    while asked:
        lost = [one for one in asked if not reached[int(one.ticket_id)]]
        answers.extend(int(one.ticket_id) for one in asked if reached[int(one.ticket_id)])
        asked = list(replacements(lost, reserve, on={one.ticket_id: one.on for one in lost}))
        assert [one.replaces for one in asked] == [one.ticket_id for one in lost][: len(asked)]
        taken = {one.ticket_id for one in asked}
        reserve = [one for one in reserve if one.ticket_id not in taken]
    return answers


@pytest.mark.parametrize(
    ("said", "reached"),
    [((1, 0, 0, 1, 1), (True, True, False, True, False)), ((1, 0, 1, 1, 0), (True, False, False, False, True))],
)
def test_with_replacement_it_is_unbiased_for_those_who_can_be_reached(
    said: tuple[int, ...], reached: tuple[bool, ...]
) -> None:
    """Over every order of lots of five people, of whom some never answer, and two to be drawn."""
    shares = []
    for order in permutations(range(5)):
        answers = _asked(order, reached, 2)
        assert len(answers) == min(2, sum(reached)), "replaced until two answered or nobody is left"
        shares.append(shared(cell(5, len(answers), sum(said[i] for i in answers))).share or Fraction(0))
    able = [s for s, r in zip(said, reached, strict=True) if r]
    assert sum(shares, Fraction(0)) / len(shares) == Fraction(sum(able), len(able))


def _held(sizes: Sequence[tuple[int, int]], hits: Sequence[int], confidence: int) -> Fraction:
    """Return how often the interval holds the truth over all samples of strata (closings, answers)."""
    truth = Fraction(sum(hits), sum(of for of, _ in sizes))
    held, total = 0, 1
    for of, n in sizes:
        total *= comb(of, n)
    for xs in product(*(range(n + 1) for _, n in sizes)):
        ways = 1
        for (of, n), k, x in zip(sizes, hits, xs, strict=True):
            ways *= comb(k, x) * comb(of - k, n - x)
        found = estimate(
            [cell(of, n, x, lot=i) for i, ((of, n), x) in enumerate(zip(sizes, xs, strict=True))],
            UNIT,
            "solved",
            confidence,
        )
        held += ways * (found.low <= truth <= found.high)
    return Fraction(held, total)


@pytest.mark.parametrize("sizes", [((6, 6), (8, 3)), ((6, 3), (8, 4)), ((6, 3), (10, 2)), ((4, 2), (4, 2), (6, 1))])
def test_the_interval_of_strata_holds_the_truth_often_enough(sizes: tuple[tuple[int, int], ...]) -> None:
    """For every possible truth in every stratum; one with all asked, one of equal weights, two of unequal ones."""
    for hits in product(*(range(of + 1) for of, _ in sizes)):
        assert _held(sizes, hits, 95) >= Fraction(95, 100), hits


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=6))
def test_the_share_lies_within_its_interval(drawn: list[tuple[int, int, int]]) -> None:
    """Whatever was drawn; and yes and no change places."""
    found = [cell(of, min(n, of), min(x, n, of), lot=i) for i, (of, n, x) in enumerate(drawn)]
    one = estimate(found, UNIT)
    other = estimate([evolve(c, hits=c.answers - c.hits) for c in found], UNIT)
    if one.share is None:
        assert (one.answers, one.low, one.high, one.exact) == (0, None, None, False)
    else:
        assert 0 <= one.low <= one.share <= one.high <= 1
        assert (other.share, other.low, other.high) == (1 - one.share, 1 - one.high, 1 - one.low)


# --- read from the facts -----------------------------------------------------------------------------------------


def march(n: int) -> date:
    """Return a day of March 2023."""
    return date(2023, 3, n)


@pytest.fixture
def drawn(new_facts: Callable[[], Any]) -> Any:
    """Two draws. 1: A1 of A1, A2, A3 by jianshe, given up, A2 in its place; B1 of B1 by C1. 2: A4 of A4, A5."""
    facts = new_facts()
    for key, unit, n in [
        ("A1", UNIT, 7),
        ("A2", UNIT, 7),
        ("A3", UNIT, 7),
        ("B1", "C1", 7),
        ("A4", UNIT, 14),
        ("A5", UNIT, 14),
    ]:
        facts.ticket(key, "call", march(n - 6), "road")
        facts.event(key, "close", march(n - 1), unit_id=unit)
    lots = {
        "A1": (1, 1, 3, 1),
        "A2": (1, 1, 3, 2),
        "A3": (1, 1, 3, 3),
        "B1": (1, 1, 1, 1),
        "A4": (2, 1, 2, 1),
        "A5": (2, 1, 2, 2),
    }

    def put(table: str, key: str, seq: int, on: date, **more: Any) -> None:
        lot, n, of, rank = lots[key]
        facts.put(table, seq, ticket_id=key, closing=1, on=on, stratum="s", n=n, of=of, lot=lot, rank=rank, **more)

    for key in ("A1", "B1"):
        put("draws", key, 3, march(7))
    for key in ("A2", "A3"):
        put("reserves", key, 3, march(7))
    facts.callback("A1", 1, 1, march(8), CallOutcome.REFUSED, seq=4, unit_id=UNIT)
    facts.callback("B1", 1, 1, march(8), CallOutcome.REACHED, seq=4, unit_id="C1", solved=0, satisfied=1)
    put("draws", "A2", 4, march(8), replaces="A1")
    facts.callback("A2", 1, 1, march(9), CallOutcome.REACHED, seq=5, unit_id=UNIT, solved=1)
    put("draws", "A4", 6, march(14))
    put("reserves", "A5", 6, march(14))
    facts.callback("A4", 1, 1, march(15), CallOutcome.REACHED, seq=7, unit_id=UNIT, solved=0, satisfied=0)
    return facts


def test_cells_count_each_closing_once_replaced_or_not(drawn: Any) -> None:
    """A1 to A3 are three although A2 stands in two tables; the answer of A2 stands for all three."""
    assert cells(drawn, Window()) == (
        Cell(1, "s", UnitId("C1"), 1, 1, 0),
        Cell(1, "s", UNIT, 3, 1, 1),
        Cell(2, "s", UNIT, 2, 1, 0),
    )


def test_estimates_by_unit_and_last_of_the_street(drawn: Any) -> None:
    """jianshe: (3 * 1 + 2 * 0) / 5; C1: 0 of 1, all asked; the street 3 of 6. Nobody but B1 and A4 rated."""
    found = estimates(drawn, RULE, Window())
    assert [(e.unit_id, e.share, e.of, e.answers) for e in found] == [
        ("C1", 0, 1, 1),
        (UNIT, Fraction(3, 5), 5, 2),
        (None, Fraction(1, 2), 6, 3),
    ]
    rated = estimates(drawn, RULE, Window(), "satisfied")
    assert [(e.unit_id, e.share, e.covered) for e in rated] == [("C1", 1, 1), (UNIT, 0, 2), (None, Fraction(1, 3), 3)]


def test_what_was_known_then_gives_what_was_said_then(drawn: Any) -> None:
    """As of the first answers, and by day: the second draw is not there yet."""
    for window in (Window(as_of=5), Window(to_on=march(13))):  # type: ignore[arg-type] - a commit's number
        assert [(e.unit_id, e.share, e.of) for e in estimates(drawn, RULE, window)] == [
            ("C1", 0, 1), (UNIT, 1, 3), (None, Fraction(3, 4), 4),
        ]  # fmt: skip
    assert estimates(drawn, RULE, Window(as_of=2)) == ()  # type: ignore[arg-type] - a commit's number


def test_units_are_judged_by_their_answers_in_the_order_of_the_calls(drawn: Any) -> None:
    """80 against 50 per cent at risks of two fifths take one answer and bear none: 0.8 and 0.5 do not keep 0.4; two do.

    Two answers and none borne: a good unit fails with 1 - 0.64 = 0.36, a bad one passes with 0.25. jianshe has one
    failure of two, C1 one of one.
    """
    assert [
        (v.unit_id, v.answers, v.failures, v.plan.n, v.plan.bear, v.judgement) for v in judged(drawn, RULE, Window())
    ] == [
        ("C1", 1, 1, 2, 0, Judgement.REJECT),
        (UNIT, 2, 1, 2, 0, Judgement.REJECT),
    ]
    assert judged(drawn, evolve(RULE, lot=None), Window()) == ()
