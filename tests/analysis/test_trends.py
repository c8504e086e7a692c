from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from zoufang.analysis import (
    METRICS,
    Window,
    chance_of,
    figure,
    hot_spots,
    reached_by,
    repeats,
    span_before,
    top_topics,
    weekly,
)
from zoufang.errors import BadValueError
from zoufang.model import Event, Source

ON = date(2023, 3, 6)
WEEK_1 = (date(2023, 3, 1), date(2023, 3, 7))
WEEK_2 = (date(2023, 3, 8), date(2023, 3, 14))


def test_weeks_count_by_the_day_on_which_it_happened(street: Any) -> None:
    """The two weeks counted by hand; V04 belongs to the first although it was reported in the second."""
    one, two = weekly(street, [WEEK_1, WEEK_2])
    assert (one.visits, one.effective, one.demands, one.suggestions, one.practices) == (7, 4, 2, 0, 1)
    assert (two.visits, two.effective, two.demands) == (3, 2, 0)
    by_source = {Source.VISIT: 4, Source.CALL: 3, Source.LETTER: 2, Source.HIGHER: 0, Source.CARRIED: 0}
    assert dict(one.received) == by_source
    assert (one.tickets, two.tickets) == (9, 4)
    assert (one.of(Event.ROUTE), one.of(Event.SEND_BACK), one.of(Event.CLOSE)) == (
        7,
        1,
        1,
    )  # K02 K04 K05 K06 K06 K08 K12
    assert (two.of(Event.ROUTE), two.of(Event.CLOSE), two.of(Event.REVOKE), two.calls) == (3, 3, 1, 5)


def test_as_of_the_first_dispatch_the_late_report_is_not_there(street: Any) -> None:
    """As of commit 5 the first week has six visits and eight tickets."""
    (one,) = weekly(street, [WEEK_1], as_of=5)
    assert (one.visits, one.tickets) == (6, 8)


def test_top_topics_are_compared_with_the_span_before(street: Any) -> None:
    """In the second week: road 2 of 4 after 3, then heat before water, equal ones by id."""
    top = top_topics(street, Window(from_on=WEEK_2[0], to_on=WEEK_2[1]), 2)
    assert [(t.topic_id, t.n, t.of, t.before) for t in top] == [("road", 2, 4, 3), ("heat", 1, 4, 0)]
    assert top[0].share == Fraction(1, 2)


def test_the_span_before_is_as_long_and_ends_the_day_before() -> None:
    """A week's is the week before; a single day's is the day before; an open window has none."""
    assert span_before(Window(from_on=WEEK_2[0], to_on=WEEK_2[1])) == Window(from_on=WEEK_1[0], to_on=WEEK_1[1])
    assert span_before(Window(from_on=ON, to_on=ON)) == Window(from_on=date(2023, 3, 5), to_on=date(2023, 3, 5))
    with pytest.raises(BadValueError, match="a first and a last day"):
        span_before(Window(to_on=ON))


@pytest.mark.parametrize(
    ("n", "of", "n_all", "whole", "chance"),
    [
        (3, 3, 3, 6, Fraction(1, 20)),  # one of the 20 ways to draw three
        (2, 3, 3, 6, Fraction(1, 2)),  # 3·3 + 1 of 20
        (0, 3, 3, 6, Fraction(1)),
        (4, 3, 3, 6, Fraction(0)),
        (1, 5, 2, 6, Fraction(1)),  # five of six always hold one of any two
        (2, 5, 2, 6, Fraction(2, 3)),  # 4 of the 6 ways
    ],
)
def test_the_chance_of_a_hot_spot_is_exact(n: int, of: int, n_all: int, whole: int, chance: Fraction) -> None:
    """The upper tail of the hypergeometric distribution, counted by hand."""
    assert chance_of(n, of, n_all, whole) == chance


def _street(facts: Any, counts: dict[tuple[str, str], int]) -> None:
    for (topic, community), n in counts.items():
        if not facts.select(facts.tables.areas.select().where(facts.tables.areas.c.area_id == community)):
            facts.area(community, community=community)
        for i in range(n):
            facts.ticket(f"{topic}-{community}-{i}", "call", ON, topic, area=community)


def test_a_planted_hot_spot_is_found_and_nothing_else(facts: Any) -> None:
    """Water is 12 of C1's 20 and 5 of the others' 80: 48/5 times as much; C2 merely has more of everything."""
    _street(
        facts,
        {("water", "C1"): 12, ("road", "C1"): 8, ("water", "C2"): 4, ("road", "C2"): 56, ("water", "C3"): 1,
         ("road", "C3"): 19},
    )  # fmt: skip
    (spot,) = hot_spots(facts, Window())
    assert (spot.topic_id, spot.community) == ("water", "C1")
    assert (spot.n, spot.of, spot.n_rest, spot.of_rest) == (12, 20, 5, 80)
    assert spot.ratio == Fraction(48, 5)
    assert hot_spots(facts, Window(), least=13) == ()
    assert hot_spots(facts, Window(from_on=date(2023, 3, 7))) == ()


def test_an_even_street_has_no_hot_spot(facts: Any) -> None:
    """The same mixture everywhere, one community or no ticket at all: nothing stands out."""
    assert hot_spots(facts, Window()) == ()
    _street(facts, {(topic, "C1"): n for topic, n in (("water", 20), ("road", 20))})
    assert hot_spots(facts, Window()) == ()
    _street(facts, {(topic, "C2"): n for topic, n in (("water", 5), ("road", 5))})
    assert hot_spots(facts, Window()) == ()


def test_what_chance_can_do_is_no_hot_spot(facts: Any) -> None:
    """5 of 20 against 4 of 40 is two and a half times as much, and happens by chance about once in eight."""
    _street(facts, {("water", "C1"): 5, ("road", "C1"): 15, ("water", "C2"): 4, ("road", "C2"): 36})
    assert hot_spots(facts, Window()) == ()


def test_a_topic_that_occurs_in_one_place_only_has_no_ratio(facts: Any) -> None:
    """Six of six against none of sixty is a hot spot whose ratio has nothing to be divided by."""
    _street(facts, {("smell", "C1"): 6, ("road", "C2"): 60})
    (spot,) = (one for one in hot_spots(facts, Window()) if one.topic_id == "smell")
    assert spot.ratio is None


def test_asking_again_for_the_same_thing_is_a_repeated_demand(facts: Any) -> None:
    """One target, one topic, twice, by whatever source; other topics and unknown targets do not count."""
    for i, (source, topic, target) in enumerate(
        [("call", "water", "T1"), ("visit", "water", "T1"), ("letter", "road", "T1"), ("call", "water", None),
         ("call", "water", None), ("call", "water", "T2")]
    ):  # fmt: skip
        facts.ticket(f"K{i}", source, ON, topic, target=target)
    assert [(r.target_id, r.topic_id, r.n) for r in repeats(facts, Window())] == [("T1", "water", 2)]
    assert repeats(facts, Window(), least=3) == ()


def test_the_burn_up_is_the_figure_visited_as_of_each_day(street: Any) -> None:
    """On every day of March the one walk counts what the metric counts in a window that ends on that day."""
    days = [date(2023, 3, day) for day in range(1, 32)]
    whole = [figure(street, METRICS["visited"], Window(to_on=day)).n for day in days]
    assert list(reached_by(street, days)) == whole
    assert len(set(whole)) > 2


def test_a_target_counts_from_the_day_it_is_on_the_roster(facts: Any) -> None:
    """Met on the 2nd but on the roster from the 6th: reached by the 6th, not by the 5th."""
    facts.target("T", "household", "X", "U", since=date(2023, 3, 6))
    facts.visit("V", "T", date(2023, 3, 2), "met", "U", "P")
    assert reached_by(facts, [date(2023, 3, 5), date(2023, 3, 6)]) == (0, 1)
