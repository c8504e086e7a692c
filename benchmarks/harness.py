"""Measure one way against another: interleaved, by CPU time, as the median of the pairwise ratios."""

from __future__ import annotations

import gc
import operator
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from statistics import median
from typing import Any

from attrs import frozen

ROUNDS = 5
"""Pairs that are measured after the one that warms up."""

_HOLDS: dict[str, Callable[[float, float], bool]] = {"<=": operator.le, "<": operator.lt}


@frozen
class Side:
    """One of the two ways.

    Args:
        run: What is timed; it is given what `ready` yields.
        ready: Makes ready before each run and tidies up after it; neither is timed.
    """

    run: Callable[[Any], Any]
    ready: Callable[[], AbstractContextManager[Any]] = nullcontext


@frozen
class Pair:
    """Two ways to the same result.

    Args:
        ours: The way of this library.
        baseline: The way it is measured against.
        agree: Says whether both came to the same; asked once, before anything is measured.
    """

    ours: Side
    baseline: Side
    agree: Callable[[Any, Any], bool] = operator.eq


@frozen
class Measured:
    """What came of a measurement.

    Args:
        ratios: Our cost over the baseline's, one for each pair; 1 is equal, smaller is better.
        n: Size of the input.
    """

    ratios: tuple[float, ...]
    n: int

    @property
    def ratio(self) -> float:
        """The median of the pairwise ratios."""
        return median(self.ratios)

    @property
    def low(self) -> float:
        """The smallest of the pairwise ratios."""
        return min(self.ratios)

    @property
    def high(self) -> float:
        """The largest of the pairwise ratios."""
        return max(self.ratios)


@frozen
class Bench:
    """One benchmark.

    Args:
        name: Folder and name, e.g. ``ingest/verify``.
        baseline: What it is measured against, in words.
        target: What its ratio is held to, e.g. ``<= 2``.
        measure: Measures it; True asks for a small input.
    """

    name: str
    baseline: str
    target: str
    measure: Callable[[bool], Measured]


def compared(
    name: str,
    baseline: str,
    target: str,
    *,
    n: int,
    quick: int,
    make: Callable[[int], AbstractContextManager[Pair]],
    clock: Callable[[], float] = time.process_time,
) -> Bench:
    """Return the benchmark that compares a pair.

    Args:
        name: Folder and name.
        baseline: What it is measured against, in words.
        target: What its ratio is held to.
        n: Size of the input.
        quick: Size of the small input.
        make: From a size to the pair, which is let go of afterwards.
        clock: Seconds; CPU time of this process and its threads unless another is given.
    """

    def measure(small: bool) -> Measured:  # noqa: FBT001 - the one question that a benchmark is asked
        size = quick if small else n
        with make(size) as pair:
            return Measured(ratios=interleaved(pair, clock=clock), n=size)

    return Bench(name=name, baseline=baseline, target=target, measure=measure)


def interleaved(pair: Pair, rounds: int = ROUNDS, clock: Callable[[], float] = time.process_time) -> tuple[float, ...]:
    """Return our cost over the baseline's, pair after pair: ours, baseline, ours, baseline and so on.

    Args:
        pair: The two ways.
        rounds: How many pairs.
        clock: Seconds; CPU time of this process and its threads unless another is given.

    Raises:
        ValueError: The two ways do not come to the same.
    """
    first = [_timed(side, clock)[1] for side in (pair.ours, pair.baseline)]
    if not pair.agree(*first):
        raise ValueError("the two ways come to different results; nothing was measured")
    return tuple(_timed(pair.ours, clock)[0] / _timed(pair.baseline, clock)[0] for _ in range(rounds))


def _timed(side: Side, clock: Callable[[], float]) -> tuple[float, Any]:
    with side.ready() as given:
        gc.collect()
        start = clock()
        result = side.run(given)
        return clock() - start, result


def holds(ratio: float, target: str) -> bool:
    """Say whether a ratio meets its target, e.g. ``<= 2``.

    Raises:
        KeyError: The target does not begin with ``<=`` or ``<``.
    """
    sign, _, bound = target.partition(" ")
    return _HOLDS[sign](ratio, float(bound))


def chosen(benches: Sequence[Bench], names: Sequence[str]) -> tuple[Bench, ...]:
    """Return the benchmarks whose name begins with one of some words, in their order; all where no word is given.

    Raises:
        ValueError: A word is the beginning of none.
    """
    for name in names:
        if not any(bench.name.startswith(name) for bench in benches):
            there = ", ".join(bench.name for bench in benches)
            raise ValueError(f"no benchmark begins with {name!r}; there are {there}")
    return tuple(bench for bench in benches if not names or bench.name.startswith(tuple(names)))
