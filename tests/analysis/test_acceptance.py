"""Lot quality: the published sample of nineteen, the two risks, and what answers decide."""

from __future__ import annotations

from fractions import Fraction
from math import comb

from hypothesis import given
from hypothesis import strategies as st

from zoufang.analysis import Judgement, LotPlan, judge, lot_plan, risks
from zoufang.model import LotRule
from zoufang.typing import UnitId

NINETEEN = LotRule(20, 50, 10, 10, "五(三)")
SMALL = LotPlan(5, 1, Fraction(0), Fraction(0))
UNIT = UnitId("jianshe")


def decided(answers: str, plan: LotPlan = SMALL) -> tuple[int, int, Judgement]:
    """Judge answers written as ``+`` for solved and ``-`` for not."""
    verdict = judge(UNIT, [answer == "+" for answer in answers], plan)
    return verdict.answers, verdict.failures, verdict.judgement


def test_eighty_against_fifty_per_cent_takes_nineteen_and_bears_six() -> None:
    """The sample of 19 with 13 successes that handbooks of LQAS print for 80% and 50% at risks of a tenth."""
    plan = lot_plan(NINETEEN)
    assert plan is not None
    assert (plan.n, plan.bear) == (19, 6)


def test_risks_are_the_tails_of_the_binomial() -> None:
    """Of four with none borne: a unit of 10% fails with 1 - 0.9^4 = 0.3439, one of 50% passes with 1/16."""
    assert [round(float(risk), 6) for risk in risks(4, 0, LotRule(10, 50, 10, 10, "x"))] == [0.3439, 0.0625]


def test_two_shares_that_are_too_near_have_no_plan() -> None:
    """One per cent apart at risks of one per cent would need more than a thousand answers."""
    assert lot_plan(LotRule(30, 31, 1, 1, "x")) is None


def test_more_failures_than_are_borne_reject_at_once() -> None:
    """Two of two are two too many of five, whatever the other three would say."""
    assert decided("--") == (2, 2, Judgement.REJECT)


def test_a_full_sample_within_the_number_is_accepted() -> None:
    """One of five is borne."""
    assert decided("++-++") == (5, 1, Judgement.ACCEPT)


def test_a_lot_is_accepted_as_soon_as_nothing_can_change_it() -> None:
    """Four without a failure: the fifth may fail, one is borne. With one failure among four it may not."""
    assert decided("++++") == (4, 0, Judgement.ACCEPT)
    assert decided("+++-") == (4, 1, Judgement.NOT_ENOUGH)
    assert decided("") == (0, 0, Judgement.NOT_ENOUGH)


def test_only_the_last_answers_count() -> None:
    """Two early failures are forgotten after five later answers, so a unit can mend its ways."""
    assert decided("--+++++") == (5, 0, Judgement.ACCEPT)
    assert decided("+++++--") == (5, 2, Judgement.REJECT)


@given(good=st.integers(0, 40), gap=st.integers(10, 50), producer=st.integers(5, 40), consumer=st.integers(5, 40))
def test_a_plan_keeps_both_risks_and_no_smaller_sample_does(good: int, gap: int, producer: int, consumer: int) -> None:
    """Both chances are counted here term by term; every smaller sample breaks one of them, however many it bears."""
    rule = LotRule(good, good + gap, producer, consumer, "x")
    plan = lot_plan(rule)
    assert plan is not None

    def passes(n: int, bear: int, percent: int) -> Fraction:
        p = Fraction(percent, 100)
        return sum((comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(bear + 1)), Fraction(0))

    def keeps(n: int, bear: int) -> bool:
        enough = 100 * (1 - passes(n, bear, good)) <= producer
        return enough and 100 * passes(n, bear, good + gap) <= consumer

    assert keeps(plan.n, plan.bear)
    if plan.n <= 30:
        assert not any(keeps(n, bear) for n in range(1, plan.n) for bear in range(n))
