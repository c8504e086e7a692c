"""Forty tickets, worked by hand: who is drawn, who is asked instead, and what the answers say of all closings."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from math import comb
from typing import Any

import pytest

from zoufang.analysis import Window, cells
from zoufang.model import CallOutcome

END = date(2023, 6, 10)


def test_each_draw_is_as_worked_by_hand(played: Any, expected: Any) -> None:
    """Strata, sizes and the order of lots; the digests are those that anybody can compute."""
    columns = ("lot", "stratum", "rank", "n", "of", "ticket_id", "closing")
    drawn = [row[:-1] for row in played.rows("draws", *columns, "replaces") if row[-1] is None]
    kept = played.rows("reserves", *columns)
    seeds = {row["draw"]: row.day("on").isoformat() for row in played.table.under("抽样和回访")}
    told = []
    for row in expected.under("抽签"):
        n, of = map(int, row["n/of"].split("/"))
        order = row.words("order")
        assert len(order) == of
        lots = [hashlib.sha256("\n".join((seeds[row["draw"]], *one.split("#"))).encode()).hexdigest() for one in order]
        if row["SHA-256"]:
            assert [lot[:8] for lot in lots] == row.words("SHA-256")
            assert lots == sorted(lots)
        for rank, one in enumerate(order, start=1):
            ticket_id, closing = one.split("#")
            told.append((row.n("draw"), row["stratum"], rank, n, of, ticket_id, int(closing)))
    in_order = {row[:2]: row[3] for row in told if row[3] < row[4]}
    assert sorted(_unordered(drawn + kept, in_order)) == sorted(_unordered(told, in_order))
    assert {row[5] for row in drawn if row[:2] in in_order} == {row[5] for row in told if row[2] <= row[3] < row[4]}


def _unordered(rows: Iterable[tuple[Any, ...]], sampled: Mapping[Any, Any]) -> list[tuple[Any, ...]]:
    """Return places without the rank where all of a stratum were drawn: there the order says nothing."""
    return [row if row[:2] in sampled else (*row[:2], 0, *row[3:]) for row in rows]


def test_who_is_given_up_is_replaced_from_the_reserve(played: Any, expected: Any) -> None:
    """By the next of the same stratum, and where there is none by nobody."""
    found = [row for row in played.rows("draws", "ticket_id", "closing", "replaces", "on") if row[2] is not None]
    told = [(*row["replacement"].split("#"), row["instead of"], row.day("on")) for row in expected.under("抽签", 1)]
    assert [(key, str(closing), *rest) for key, closing, *rest in found] == told


def test_the_calls_are_counted_as_attempts(played: Any) -> None:
    """Three tries in vain for two tickets; nobody is asked again after that."""
    tries = Counter(
        key for key, outcome in played.rows("callbacks", "ticket_id", "outcome") if outcome == CallOutcome.UNREACHABLE
    )
    assert tries == {"K03": 3, "V17-1": 3, "V06-2": 2}


@pytest.mark.parametrize("question", ["solved", "satisfied"])
def test_each_cell_of_the_draws(played: Any, expected: Any, question: Any) -> None:
    """Closings, valid answers and yes of each stratum of each draw."""
    told = {
        (row.n("draw"), f"{row['unit']}/{row['stratum']}", row["unit"]): _counts(row, question)
        for row in expected.under("由回访推断")
    }
    found = {
        (one.lot, one.stratum, one.unit_id): (one.of, one.answers, one.hits)
        for one in cells(played.campaign.ledger, Window(to_on=END), question)
    }
    assert found == told


def _counts(row: Any, question: str) -> tuple[int, int, int]:
    return row.n("of"), row.n(f"{question}: answers"), row.n(f"{question}: yes")


def tail(x: int, n: int, p: Fraction) -> Fraction:
    """Return the chance of at most ``x`` of ``n``, term by term."""
    return sum((comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(x + 1)), Fraction(0))


def bound(which: str, x: int, n: int) -> Fraction:
    """Return Clopper and Pearson's 95% bound by bisection, rounded outwards to one millionth."""
    if (which, x) in {("L", 0), ("U", n)}:
        return Fraction(which == "U")
    low, high = 0, 10**6
    while high - low > 1:
        middle = (low + high) // 2
        p = Fraction(middle, 10**6)
        # The lower bound: at least x is just too unlikely. The upper one: at most x is.
        below = 1 - tail(x - 1, n, p) <= Fraction(1, 40) if which == "L" else tail(x, n, p) > Fraction(1, 40)
        low, high = (middle, high) if below else (low, middle)
    return Fraction(low if which == "L" else high, 10**6)


FORMULA = re.compile(r"\((\d+)\+(\d+)·([LU])\((\d+),(\d+)\)\)/(\d+)")


def value(text: str) -> Fraction | None:
    """Return what a cell with a fraction or with a bound comes to; None for an empty one."""
    if not text:
        return None
    if (parts := FORMULA.fullmatch(text)) is None:
        return Fraction(text)
    known, of, which, x, n, covered = parts.groups()
    return (int(known) + int(of) * bound(which, int(x), int(n))) / int(covered)


def test_the_estimates_are_as_weighted_by_hand(played: Any, expected: Any) -> None:
    """Each unit's and the street's: what is covered, the weighted share, both bounds, and whether they are exact."""
    labels = [[(row["question"], row["unit"]) for row in expected.under("由回访推断", place)] for place in (1, 2)]
    assert labels[0] == labels[1], "a working without its estimate"
    for question, rows in expected.by("由回访推断", "question", 1).items():
        found = [
            (
                one.unit_id or "全街道",
                (one.of, one.covered, one.answers, one.hits),
                (one.share, one.low, one.high),
                one.exact,
            )
            for one in played.campaign.estimates(question, Window(to_on=END))
        ]
        told = [
            (
                row["unit"],
                (row.n("of"), row.n("covered"), row.n("answers"), row.n("yes")),
                (value(row["share"]), value(row["low"]), value(row["high"])),
                row["exact"] == "是",
            )
            for row in rows
        ]
        assert found == told


def test_the_bounds_are_those_of_the_published_tables(expected: Any) -> None:
    """Four places of Clopper and Pearson's interval."""
    for row in expected.under("由回访推断", 3):
        which, x, n = re.fullmatch(r"([LU])\((\d+),(\d+)\)", row["bound"]).groups()
        assert abs(bound(which, int(x), int(n)) - Fraction(row["value"])) <= Fraction(6, 10**5), row["bound"]


def test_one_of_two_asked_leaves_one_open() -> None:
    """The exact interval of a finite population, by listing every population of two."""
    for said, bounds in ((1, (1, 2)), (0, (0, 1))):
        possible = [
            hits_of
            for hits_of in range(3)
            # Both tails of what was seen: neither may be 2.5% or less.
            if min(
                Fraction(sum(one <= said for one in _populations(hits_of)), 2),
                Fraction(sum(one >= said for one in _populations(hits_of)), 2),
            )
            > Fraction(1, 40)
        ]
        assert (possible[0], possible[-1]) == bounds


def _populations(n_hits: int) -> list[int]:
    """Return what each of the two closings would have said, if so many of them were hits."""
    return [1] * n_hits + [0] * (2 - n_hits)


def test_no_unit_has_enough_answers_to_be_judged_as_a_lot(played: Any, expected: Any) -> None:
    """The sampling plan is the smallest that keeps both risks, found by trying all; nobody has so many answers."""
    p, q = Fraction(10, 100), Fraction(30, 100)
    n, bear = next(
        (n, bear)
        for n in range(1, 100)
        for bear in range(n)
        if tail(bear, n, p) >= Fraction(9, 10) and tail(bear, n, q) <= Fraction(1, 10)
    )
    found = played.campaign.lots(Window(to_on=END))
    told = [
        (row["unit"], row.n("answers"), row.n("not solved"), row["judgement"]) for row in expected.under("成批判定")
    ]
    assert [(one.unit_id, one.answers, one.failures, str(one.judgement)) for one in found] == told
    assert {(one.plan.n, one.plan.bear) for one in found} == {(n, bear)}
