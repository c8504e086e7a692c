"""Exact intervals: published values, and how often they hold the truth, by counting every possible sample."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoufang.analysis import binomial_tail, clopper_pearson, finite_interval, hypergeometric_tail

PUBLISHED = [
    (0, 10, 95, "0.0000", "0.3085"),
    (1, 10, 95, "0.0025", "0.4450"),
    (5, 10, 95, "0.1871", "0.8129"),
    (10, 10, 95, "0.6915", "1.0000"),
    (4, 20, 95, "0.0573", "0.4366"),
    (0, 20, 90, "0.0000", "0.1391"),
]
"""Clopper-Pearson limits as tables print them; for no hit the upper one is 1 - (alpha / 2) ** (1 / n)."""


@pytest.mark.parametrize(("x", "n", "confidence", "low", "high"), PUBLISHED)
def test_the_binomial_interval_is_the_published_one(x: int, n: int, confidence: int, low: str, high: str) -> None:
    """To the four digits of the tables."""
    found = clopper_pearson(x, n, confidence)
    for bound, printed in zip(found, (low, high), strict=True):
        assert abs(bound - Fraction(printed)) < Fraction(6, 100_000)


def test_the_bound_of_no_hit_is_the_root_rounded_outwards() -> None:
    """(1 - u) ** 10 = 0.025 has its root at 0.30849...: the bound is on the grid and the next below it is too low."""
    low, high = clopper_pearson(0, 10)
    grid = Fraction(1, 1_000_000)
    assert low == 0
    assert (1 - high) ** 10 <= Fraction(25, 1000) < (1 - high + grid) ** 10


def test_without_an_answer_nothing_is_known() -> None:
    """The whole range, in either kind of population."""
    assert clopper_pearson(0, 0) == (0, 1)
    assert finite_interval(0, 0, 7) == (0, 7)


def test_where_all_were_asked_there_is_nothing_to_guess() -> None:
    """Three of five of five is three."""
    assert finite_interval(3, 5, 5) == (3, 3)


def test_a_finite_interval_worked_by_hand() -> None:
    """Two of two hits out of four: with 1 hit in all impossible, with 2 the chance is 1/6, so 2 to 4 remain.

    None of two: with 3 hits it is impossible, with 2 it is 1/6 and above 1/40, so 0 to 2 remain; at 50 per cent one
    side may take a quarter: 1/6 is below it, 1 hit leaves 3/6, so 0 to 1.
    """
    assert finite_interval(2, 2, 4) == (2, 4)
    assert finite_interval(0, 2, 4) == (0, 2)
    assert finite_interval(0, 2, 4, 50) == (0, 1)


@pytest.mark.parametrize(("of", "n"), [(8, 3), (12, 5), (20, 4), (30, 10)])
@pytest.mark.parametrize("confidence", [80, 95])
def test_the_finite_interval_holds_the_truth_often_enough_for_every_truth(of: int, n: int, confidence: int) -> None:
    """Over all comb(of, n) samples, for every number of hits that there could be."""
    intervals = [finite_interval(x, n, of, confidence) for x in range(n + 1)]
    for hits in range(of + 1):
        ways = [comb(hits, x) * comb(of - hits, n - x) for x in range(n + 1)]
        held = sum(way for way, (low, high) in zip(ways, intervals, strict=True) if low <= hits <= high)
        assert 100 * held >= confidence * comb(of, n), hits


@pytest.mark.parametrize("n", [1, 5, 12])
def test_the_binomial_interval_holds_the_truth_often_enough(n: int) -> None:
    """For every share in steps of one hundredth, the chances of the samples that hold it add up to 95% and more."""
    intervals = [clopper_pearson(x, n) for x in range(n + 1)]
    for hundredths in range(101):
        p = Fraction(hundredths, 100)
        held = sum(
            comb(n, x) * p**x * (1 - p) ** (n - x) for x, (low, high) in enumerate(intervals) if low <= p <= high
        )
        assert held >= Fraction(95, 100), hundredths


def test_a_tail_far_above_the_mean_is_almost_certain() -> None:
    """At most 400 of 500 where one in a thousand is a hit: the last term alone would be cut off to nothing."""
    one = 1 - Fraction(1, 2**200)
    assert one < binomial_tail(400, 500, Fraction(1, 1000)) <= 1
    assert one < hypergeometric_tail(400, 500, 500, 100_000) <= 1
    assert abs(binomial_tail(15, 16, Fraction(1, 17)) - (1 - Fraction(1, 17**16))) < Fraction(1, 2**200)


@given(of=st.integers(0, 40), data=st.data())
def test_tails_are_what_counting_gives(of: int, data: st.DataObject) -> None:
    """The chance of at most x hits, counted term by term, to one part in 2 ** 200."""
    n, hits = data.draw(st.integers(0, of)), data.draw(st.integers(0, of))
    x = data.draw(st.integers(-1, of + 1))
    ways = sum(comb(hits, i) * comb(of - hits, n - i) for i in range(min(x, n) + 1))
    small = Fraction(1, 2**200)
    assert abs(hypergeometric_tail(x, n, hits, of) - Fraction(ways, comb(of, n))) < small
    p = Fraction(hits, of) if of else Fraction(0)
    terms = sum((comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(min(x, n) + 1)), Fraction(0))
    assert abs(binomial_tail(x, n, p) - terms) < small


@given(n=st.integers(1, 60), data=st.data(), confidence=st.integers(50, 99))
def test_an_interval_holds_its_own_share_and_mirrors(n: int, data: st.DataObject, confidence: int) -> None:
    """The share of the answers is inside; yes and no change places; a finite population is never less sure."""
    x = data.draw(st.integers(0, n))
    low, high = clopper_pearson(x, n, confidence)
    assert 0 <= low <= Fraction(x, n) <= high <= 1
    assert clopper_pearson(n - x, n, confidence) == (1 - high, 1 - low)
    of = n + data.draw(st.integers(0, 60))
    least, most = finite_interval(x, n, of, confidence)
    assert x <= least <= most <= of - n + x
    assert finite_interval(n - x, n, of, confidence) == (of - most, of - least)
