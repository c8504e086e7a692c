from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoufang.analysis import Figure, printed, printed_change, printed_number
from zoufang.model import Rounding


def _figure(n: int, of: int) -> Figure:
    return Figure("any", 1, (), n, of)


@pytest.mark.parametrize(
    ("n", "of", "digits", "half_up", "down"),
    [
        (911, 972, 2, "93.72%", "93.72%"),  # 93.7242…
        (2, 3, 2, "66.67%", "66.66%"),
        (1, 8, 1, "12.5%", "12.5%"),
        (1, 8, 0, "13%", "12%"),  # a half goes up
        (1, 2000, 1, "0.1%", "0.0%"),  # 0.05
        (1999, 2000, 0, "100%", "99%"),
        (0, 7, 2, "0.00%", "0.00%"),
        (7, 7, 2, "100.00%", "100.00%"),
        (1, 3, 4, "33.3333%", "33.3333%"),
    ],
)
def test_a_share_is_rounded_once_as_declared(n: int, of: int, digits: int, half_up: str, down: str) -> None:
    """Half up or cut off, never by floating point."""
    assert printed(_figure(n, of), Rounding(digits=digits, mode="half_up")) == half_up
    assert printed(_figure(n, of), Rounding(digits=digits, mode="down")) == down


def test_nothing_to_divide_by_is_neither_none_nor_all() -> None:
    """With no cases the words say so; it is neither 0% nor 100%."""
    assert printed(_figure(0, 0), Rounding()) == "无案例"
    assert printed(_figure(0, 0), Rounding(), "en") == "no cases"
    assert _figure(0, 0).share is None


def test_a_count_is_printed_as_its_number() -> None:
    """A metric that only counts shows no percentage, and zero is zero."""
    assert printed(Figure("returned", 1, ("U",), 3, 3, counts=True), Rounding()) == "3"
    assert printed(Figure("returned", 1, (), 0, 0, counts=True), Rounding()) == "0"


def test_a_change_has_its_sign() -> None:
    """Up is +, down is −, equal has none, and nothing before is said."""
    assert printed_change(3, 2, Rounding(digits=1)) == "+50.0%"
    assert printed_change(2, 3, Rounding(digits=1)) == "-33.3%"
    assert printed_change(2, 2, Rounding(digits=1)) == "0.0%"
    assert printed_change(2, 0, Rounding(), "en") == "none before"


@given(st.fractions(), st.integers(0, 4))
def test_printing_is_off_by_at_most_half_a_unit(value: Fraction, digits: int) -> None:
    """Half up lies within half a unit of the last place; cutting off never goes away from zero."""
    unit = Fraction(1, 10**digits)
    assert abs(Fraction(printed_number(value, digits)) - value) <= unit / 2
    cut = Fraction(printed_number(value, digits, "down"))
    assert abs(cut) <= abs(value) < abs(cut) + unit
