"""Figures that real offices published come out of the same facts, digit for digit."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from zoufang.analysis import (
    METRICS,
    Figure,
    Weighted,
    Window,
    figure,
    mean_score,
    panjin,
    printed,
    printed_change,
    printed_number,
    printed_share,
    top_topics,
    weekly,
)
from zoufang.model import Event, Rounding, Source

TWO = Rounding(digits=2, mode="half_up")


def test_tianmen_bulletin_of_december_2016(facts: Any) -> None:
    """Of 996 opened, 972 were due, 911 closed and 737 closed in time: 93.72% and 75.82%."""
    opened, limit, today = date(2016, 12, 1), date(2016, 12, 8), date(2016, 12, 31)
    late, later = date(2016, 12, 12), date(2017, 1, 6)
    for first, last, due_on, handled_on in (
        (0, 737, limit, limit),
        (737, 911, limit, late),
        (911, 972, limit, None),
        (972, 996, later, None),
    ):
        for i in range(first, last):
            facts.ticket(f"K{i}", "call", opened, "any")
            facts.event(f"K{i}", "raise", opened)
            facts.event(f"K{i}", "route", opened, unit_id="U", due_on=due_on)
            if handled_on:
                for event in ("accept", "handle", "feed_back", "apply", "close"):
                    facts.event(f"K{i}", event, handled_on, unit_id="U", due_on=due_on, remedy="resolved")
    window = Window(to_on=today)
    assert figure(facts, METRICS["received"], window).n == 996
    closed, in_time = (figure(facts, METRICS[key], window) for key in ("closed", "closed_in_time"))
    assert (closed.n, closed.of, printed(closed, TWO)) == (911, 972, "93.72%")
    assert (in_time.n, in_time.of, printed(in_time, TWO)) == (737, 972, "75.82%")


def test_what_is_postponed_leaves_the_denominator(facts: Any) -> None:
    """缓办: 996 opened and all their limits past, 24 of them paused: 996 - 24 = 972 are due; 93.72% and 75.82%.

    At the end of the campaign everything is due, and the 24 stay out of the closing rates even then; the rate of
    feedback counts them.
    """
    opened, limit, late = date(2016, 12, 1), date(2016, 12, 8), date(2016, 12, 12)
    for first, last, handled_on in ((0, 737, limit), (737, 911, late), (911, 996, None)):
        for i in range(first, last):
            facts.ticket(f"K{i}", "call", opened, "any")
            facts.event(f"K{i}", "raise", opened)
            facts.event(f"K{i}", "route", opened, unit_id="U", due_on=limit)
            facts.event(f"K{i}", "accept", opened, unit_id="U", due_on=limit)
            if handled_on:
                for event in ("handle", "feed_back", "apply", "close"):
                    facts.event(f"K{i}", event, handled_on, unit_id="U", due_on=limit, remedy="resolved")
            elif i >= 972:
                facts.event(f"K{i}", "pause", limit, unit_id="U", due_on=limit)
    for window in (Window(to_on=date(2016, 12, 31)), Window()):
        closed, in_time, handled = (
            figure(facts, METRICS[key], window) for key in ("closed", "closed_in_time", "handled_in_time")
        )
        assert (closed.n, closed.of, printed(closed, TWO)) == (911, 972, "93.72%")
        assert (in_time.n, in_time.of, printed(in_time, TWO)) == (737, 972, "75.82%")
        assert (handled.n, handled.of) == (737, 972)
        postponed = figure(facts, METRICS["postponed"], window)
        assert (postponed.n, postponed.of) == (24, 996)
    fed_back = [figure(facts, METRICS["rectified"], w) for w in (Window(to_on=date(2016, 12, 31)), Window())]
    assert [(f.n, f.of) for f in fed_back] == [(911, 972), (911, 996)]


def test_a_limit_that_ends_at_a_minute_is_kept_or_missed_by_the_minute(facts: Any) -> None:
    """Due at 9:30: handled at 9:30 in time, at 9:31 not; where the minute is not known, the day decides."""
    on, due = date(2023, 3, 6), 9 * 60 + 30
    for key, minute in (("K1", due), ("K2", due + 1), ("K3", None)):
        facts.ticket(key, "call", on, "any")
        facts.event(key, "raise", on)
        facts.event(key, "route", on, unit_id="U", due_on=on, due_minute=due)
        facts.event(key, "accept", on, unit_id="U", due_on=on, due_minute=due)
        facts.event(key, "handle", on, unit_id="U", due_on=on, due_minute=due, remedy="resolved", minute=minute)
    found = figure(facts, METRICS["handled_in_time"], Window(to_on=on))
    assert (found.n, found.of) == (2, 3)


def test_daying_weekly_of_march_2016(facts: Any) -> None:
    """506 received after 420 the week before is +20.48%; of them 495 dispatched; the top three are 59.68%."""
    before, now = date(2016, 3, 7), date(2016, 3, 14)
    topics = ["a"] * 172 + ["b"] * 80 + ["c"] * 50 + [f"other{i % 12}" for i in range(204)]
    for i in range(420):
        facts.ticket(f"B{i}", "call", before, "a")
    for i, topic in enumerate(topics):
        facts.ticket(f"N{i}", "call", now, topic)
        if i < 495:
            facts.event(f"N{i}", "route", now)
    then, week = weekly(facts, [(date(2016, 3, 7), date(2016, 3, 13)), (date(2016, 3, 14), date(2016, 3, 20))])
    assert (then.tickets, week.tickets, week.of(Event.ROUTE)) == (420, 506, 495)
    assert dict(week.received)[Source.CALL] == 506
    assert printed_change(week.tickets, then.tickets, TWO) == "+20.48%"
    top = top_topics(facts, Window(from_on=week.from_on, to_on=week.to_on), 3)
    assert [(t.topic_id, t.n, t.before) for t in top] == [("a", 172, 420), ("b", 80, 0), ("c", 50, 0)]
    assert printed_share(sum(t.n for t in top), top[0].of, TWO) == "59.68%"


def test_a_county_level_city_of_april_2022() -> None:
    """2,877 calls were 2,276 its own and 601 dispatched, 597 of these in time: 99.33%."""
    assert 2_276 + 601 == 2_877
    assert printed(Figure("in_time", 1, (), 597, 601), TWO) == "99.33%"


@pytest.mark.parametrize(
    ("closed", "satisfied", "score"),
    [("98.06", "99.00", "99.3"), ("98.44", "98.37", "99.2"), ("97.95", "98.44", "99.1")],
)
def test_panjin_scores_of_2023(closed: str, satisfied: str, score: str) -> None:
    """100 − 0.2·(100 − 办结率) − 0.3·(100 − 满意率), printed with one digit."""
    assert printed_number(panjin(Fraction(closed), Fraction(satisfied)), 1) == score


def test_three_rates_weighted_30_35_35() -> None:
    """(100·30 + 90·35 + 80·35) / 100 is 89.5; without any weight there is no score."""
    rates = ((100, 30), (90, 35), (80, 35))
    assert mean_score([Weighted(Fraction(r), Fraction(w)) for r, w in rates]) == Fraction(895, 10)
    assert mean_score([]) is None
