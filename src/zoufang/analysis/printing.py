"""Print a figure: rounded once, at the end, by integers only."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from zoufang.analysis.metric import Figure
from zoufang.model import Rounding
from zoufang.typing import Language, Text

NO_CASES = Text(zh="无案例", en="no cases")
"""What stands where there is nothing to divide by: never 0%, never 100%."""

NOTHING_BEFORE = Text(zh="上期为零", en="none before")
"""What stands where a change has nothing to be compared with."""


def printed_number(value: Fraction, digits: int, mode: Literal["half_up", "down"] = "half_up") -> str:
    """Print a number with a fixed number of digits.

    Args:
        value: Any exact number.
        digits: Digits after the point, at least 0.
        mode: ``half_up`` rounds halves away from zero, ``down`` cuts off.

    Returns:
        E.g. ``93.72``; a value that rounds to zero has no sign.
    """
    scaled = abs(value) * 10**digits
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    if mode == "down":
        units = scaled.numerator // scaled.denominator
    text = str(units).zfill(digits + 1)
    sign = "-" if value < 0 and units else ""
    return sign + (f"{text[:-digits]}.{text[-digits:]}" if digits else text)


def printed_share(n: int, of: int, rounding: Rounding, language: Language = "zh") -> str:
    """Print a share as a percentage, e.g. ``93.72%``; with no cases it says so.

    Plan: 五(二)
    """
    if not of:
        return NO_CASES.said_in(language)
    return printed_number(Fraction(100 * n, of), rounding.digits, rounding.mode) + "%"


def printed(figure: Figure, rounding: Rounding, language: Language = "zh") -> str:
    """Print a figure: a share as a percentage, a count as its number.

    Args:
        figure: What was computed.
        rounding: Digits and mode, as the plan declares them.
        language: Of the words that stand where there is no case.

    Returns:
        E.g. ``93.72%``; ``无案例`` or ``no cases`` where the denominator is 0; ``12`` for a count.

    Plan: 五(二)
    """
    return str(figure.n) if figure.counts else printed_share(figure.n, figure.of, rounding, language)


def printed_change(now: int, before: int, rounding: Rounding, language: Language = "zh") -> str:
    """Print how much a count rose or fell, in per cent of what it was, e.g. ``+20.48%``.

    Plan: 四(二), 五(二)
    """
    if not before:
        return NOTHING_BEFORE.said_in(language)
    text = printed_number(Fraction(100 * (now - before), before), rounding.digits, rounding.mode)
    return ("+" if now > before else "") + text + "%"


def printed_bound(share: Fraction, rounding: Rounding, *, up: bool) -> str:
    """Return a bound of an interval in per cent, rounded outwards to the plan's digits.

    Args:
        share: The bound, 0 to 1.
        rounding: Its digits apply.
        up: True for an upper bound.

    Plan: 五(三)
    """
    digits = rounding.digits
    scaled = share * 100 * 10**digits
    whole = -(-scaled.numerator // scaled.denominator) if up else scaled.numerator // scaled.denominator
    point, rest = divmod(whole, 10**digits)
    return f"{point}.{rest:0{digits}}%" if digits else f"{point}%"
