"""Exact intervals for a share, in whole numbers: no floating point, and every bound is rounded outwards.

Sources: C. J. Clopper, E. S. Pearson, Biometrika 26 (1934) 404-413, for the binomial; for a sample of a finite
population the same inversion with hypergeometric tails (W. G. Cochran, Sampling Techniques, 3rd ed., 3.6).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import comb

PRECISION = 10**6
"""Bounds of the binomial interval are multiples of one part in so many."""

_BITS = 256
_ONE = 1 << _BITS


def binomial_tail(x: int, n: int, share: Fraction) -> Fraction:
    """Return the chance of at most ``x`` hits in ``n`` independent draws.

    Args:
        x: Any whole number.
        n: Draws, at least 0.
        share: Chance of a hit at each draw, 0 to 1.

    Returns:
        The lower tail, 0 to 1, at most ``n / 2**256`` off.
    """
    if x < 0 or x >= n:
        return Fraction(int(x >= n))
    a, whole = share.numerator, share.denominator
    if a in (0, whole):
        return Fraction(int(a == 0))
    if x * whole > n * a:  # above the mean the terms grow on the way down, and so would what was cut off them
        return 1 - binomial_tail(n - x - 1, n, 1 - share)
    b = whole - a
    term = (comb(n, x) * a**x * b ** (n - x) << _BITS) // whole**n
    return Fraction(_sum(term, x, lambda i: (i * b, (n - i + 1) * a)), _ONE)


def hypergeometric_tail(x: int, n: int, hits: int, of: int) -> Fraction:
    """Return the chance of at most ``x`` hits in ``n`` draws without return.

    Args:
        x: Any whole number.
        n: Draws, 0 to ``of``.
        hits: Hits in the population, 0 to ``of``.
        of: Size of the population.

    Returns:
        The lower tail, 0 to 1, at most ``n / 2**256`` off.
    """
    least, most = max(0, n - (of - hits)), min(n, hits)
    if x < least or x >= most:
        return Fraction(int(x >= most))
    if x * of > n * hits:  # the same
        return 1 - hypergeometric_tail(n - x - 1, n, of - hits, of)
    term = (comb(hits, x) * comb(of - hits, n - x) << _BITS) // comb(of, n)
    return Fraction(_sum(term, x, lambda i: (i * (of - hits - n + i), (hits - i + 1) * (n - i + 1))), _ONE)


def _sum(term: int, last: int, step: Callable[[int], tuple[int, int]]) -> int:
    """Add a term and those below it; ``step(i)`` is the ratio of term ``i - 1`` to term ``i``."""
    total = term
    for i in range(last, 0, -1):
        over, under = step(i)
        term = term * over // under
        if not term:
            break
        total += term
    return total


def clopper_pearson(x: int, n: int, confidence_percent: int = 95) -> tuple[Fraction, Fraction]:
    """Return the exact interval for a share of which ``x`` of ``n`` independent answers are hits.

    Args:
        x: Hits, 0 to ``n``.
        n: Answers, at least 0; none give the whole range.
        confidence_percent: 50 to 99; each side may be missed with half of the rest.

    Returns:
        Lower and upper bound, 0 to 1, rounded outwards to one millionth.

    Plan: 五(三)
    """
    return 1 - _upper_share(n - x, n, confidence_percent), _upper_share(x, n, confidence_percent)


def _upper_share(x: int, n: int, confidence_percent: int) -> Fraction:
    """Return the smallest share, on the grid, under which so few hits are too unlikely; 1 where there is none."""
    if x == n:
        return Fraction(1)
    side = Fraction(100 - confidence_percent, 200)
    low, high = PRECISION * x // n, PRECISION
    while high - low > 1:
        middle = (low + high) // 2
        if binomial_tail(x, n, Fraction(middle, PRECISION)) > side:
            low = middle
        else:
            high = middle
    return Fraction(high, PRECISION)


def finite_interval(x: int, n: int, of: int, confidence_percent: int = 95) -> tuple[int, int]:
    """Return the exact interval for the hits in a population of which ``n`` were drawn and ``x`` are hits.

    Args:
        x: Hits among those drawn, 0 to ``n``.
        n: Drawn at random without return, 0 to ``of``.
        of: Size of the population.
        confidence_percent: 50 to 99; each side may be missed with half of the rest.

    Returns:
        The least and the greatest number of hits that is not too unlikely, ``x`` to ``of - n + x``. Where all were
        drawn both are ``x``.

    Plan: 五(三)
    """
    return of - _most_hits(n - x, n, of, confidence_percent), _most_hits(x, n, of, confidence_percent)


def _most_hits(x: int, n: int, of: int, confidence_percent: int) -> int:
    side = Fraction(100 - confidence_percent, 200)
    low, high = x, of - n + x
    while low < high:
        middle = (low + high + 1) // 2
        if hypergeometric_tail(x, n, middle, of) > side:
            low = middle
        else:
            high = middle - 1
    return low
