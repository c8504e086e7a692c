"""Lot quality (LQAS): how many to ask and how many "not solved" to bear, and what the answers of a unit decide.

Source of the method: H. F. Dodge, H. G. Romig (1929), single sampling; its use for public services: J. J. Valadez,
Assessing Child Survival Programs in Developing Countries (1991).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction
from functools import cache

from attrs import frozen

from zoufang.model import LotRule
from zoufang.typing import UnitId

MOST = 1_000
"""No plan asks more than so many; two shares too near to each other cannot be told apart."""


class Judgement(StrEnum):
    """What a lot comes to.

    Plan: 五(三)
    """

    ACCEPT = "accept"
    REJECT = "reject"
    NOT_ENOUGH = "not_enough"


@frozen
class LotPlan:
    """A single sampling plan.

    Args:
        n: Answers to take, at least 1.
        bear: Accept with no more "not solved" than so many, 0 to ``n - 1``.
        producer_risk: The chance that a good unit is rejected.
        consumer_risk: The chance that a bad unit is accepted.
    """

    n: int
    bear: int
    producer_risk: Fraction
    consumer_risk: Fraction


@frozen
class LotVerdict:
    """What the last answers about one unit decide.

    Args:
        unit_id: The unit.
        answers: Answers that were taken, at most ``plan.n``.
        failures: How many of them said "not solved".
        plan: The sampling plan.
        judgement: Accepted, rejected, or not enough answers to tell.
    """

    unit_id: UnitId
    answers: int
    failures: int
    plan: LotPlan
    judgement: Judgement


@cache
def lot_plan(rule: LotRule) -> LotPlan | None:
    """Return the smallest sample that keeps both declared risks, and how many failures it bears.

    For each number of failures borne, from 0, the sample is the smallest that keeps the consumer's risk; the first
    that keeps the producer's risk too is taken, so no smaller one does.

    Args:
        rule: The two shares and the two risks.

    Returns:
        The plan; None where more than 1,000 answers would be needed.

    Plan: 五(三)
    """
    n = 1
    for bear in range(MOST):
        n = max(n, bear + 1)
        while 100 * _passing(n, bear, rule.bad_percent) > rule.consumer_risk_percent * 100**n:
            n += 1
            if n > MOST:
                return None
        if 100 * _passing(n, bear, rule.good_percent) >= (100 - rule.producer_risk_percent) * 100**n:
            return LotPlan(n, bear, *risks(n, bear, rule))
    return None


def risks(n: int, bear: int, rule: LotRule) -> tuple[Fraction, Fraction]:
    """Return the producer's and the consumer's risk of taking ``n`` answers and bearing so many failures.

    Plan: 五(三)
    """
    good, bad = (Fraction(_passing(n, bear, share), 100**n) for share in (rule.good_percent, rule.bad_percent))
    return 1 - good, bad


def _passing(n: int, bear: int, percent: int) -> int:
    """Return the chance of at most ``bear`` failures among ``n``, exact, in parts of ``100 ** n``."""
    over = 100 - percent
    if not over:
        return 0 if bear < n else 100**n
    term: int = over**n
    total = term
    for i in range(min(bear, n)):
        term = term * (n - i) * percent // ((i + 1) * over)
        total += term
    return total


def judge(unit_id: UnitId, answers: Sequence[bool], plan: LotPlan) -> LotVerdict:
    """Judge a unit by its last answers; as soon as the rest can change nothing, the lot is decided.

    Args:
        unit_id: The unit.
        answers: What people said, in the order of the calls: True is solved. Only the last ``plan.n`` count.
        plan: The sampling plan.

    Returns:
        Rejected with more failures than the plan bears; accepted where no more are possible within the sample; else
        not enough answers.

    Plan: 五(三)
    """
    taken = answers[-plan.n :]
    failures = sum(not solved for solved in taken)
    if failures > plan.bear:
        judgement = Judgement.REJECT
    elif failures + plan.n - len(taken) <= plan.bear:
        judgement = Judgement.ACCEPT
    else:
        judgement = Judgement.NOT_ENOUGH
    return LotVerdict(unit_id, len(taken), failures, plan, judgement)
