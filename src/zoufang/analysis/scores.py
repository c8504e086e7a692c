"""Scores: weighted sums of exact rates, as offices publish them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from attrs import frozen


@frozen
class Weighted:
    """One rate and its weight in a score.

    Args:
        rate: In per cent, 0 to 100, exact.
        weight: At least 0.
    """

    rate: Fraction
    weight: Fraction


def loss_score(parts: Sequence[Weighted]) -> Fraction:
    """Return 100 less each rate's weighted distance from 100.

    The reading of Panjin's published figures of 2023: 100 − 0.2·(100 − 办结率) − 0.3·(100 − 满意率).

    Args:
        parts: The rates that cost points.

    Returns:
        The exact score, at most 100.

    Plan: 五(二)
    """
    return 100 - sum((part.weight * (100 - part.rate) for part in parts), Fraction(0))


def panjin(closed: Fraction, satisfied: Fraction) -> Fraction:
    """Return the score by Panjin's weights of 2023.

    Args:
        closed: 办结率 in per cent.
        satisfied: 满意率 in per cent.

    Returns:
        The exact score; it is printed with one digit, half up.

    Plan: 五(二)
    """
    return loss_score((Weighted(closed, Fraction(2, 10)), Weighted(satisfied, Fraction(3, 10))))


def mean_score(parts: Sequence[Weighted]) -> Fraction | None:
    """Return the weighted mean of rates, e.g. 30/35/35 for responded, solved and satisfied; None without weight.

    Plan: 五(二)
    """
    weight = sum((part.weight for part in parts), Fraction(0))
    return sum((part.rate * part.weight for part in parts), Fraction(0)) / weight if weight else None
