"""Hot spots and repeated demands: where one topic comes up more than elsewhere, and who has to ask again."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from math import comb
from typing import Any

import sqlalchemy as sa
from attrs import frozen

from zoufang.analysis.metric import Window
from zoufang.analysis.standing import places
from zoufang.facts import Reader

LEAST = 5
"""Fewer tickets than this are never called a hot spot: one talkative family is not one."""

TIMES = 2
"""A hot spot has at least this many times the topic's share elsewhere."""

LEVEL = Fraction(1, 20)
"""Chance that a street without any hot spot shows one, shared out over all pairs that were looked at."""


@frozen
class HotSpot:
    """A topic that takes a larger part of one community's tickets than of all the others'.

    Args:
        topic_id: Which topic.
        community: Where.
        n: Its tickets about the topic, at least ``LEAST``.
        of: Its tickets about anything.
        n_rest: Tickets about the topic in all other communities.
        of_rest: Tickets about anything in all other communities.
        chance: Exact chance of ``n`` or more, were the topic spread evenly over tickets; above 0.
    """

    topic_id: str
    community: str
    n: int
    of: int
    n_rest: int
    of_rest: int
    chance: Fraction

    @property
    def ratio(self) -> Fraction | None:
        """The topic's share here over its share elsewhere; None where it does not occur elsewhere."""
        return Fraction(self.n * self.of_rest, self.of * self.n_rest) if self.n_rest else None


def hot_spots(reader: Reader, window: Window, *, least: int = LEAST, level: Fraction = LEVEL) -> tuple[HotSpot, ...]:
    """Find the topics that stand out in a community, compared with the rest of the street.

    Compared are shares of tickets, not tickets per household: a community that was merely visited earlier has more
    of everything and is not flagged. The test is Fisher's exact one, one-sided, in whole numbers; the level is
    divided by the number of topic and community pairs that occur (Bonferroni). Tickets of no community are left out.

    Args:
        reader: Where the facts are.
        window: Picks tickets by the day they were raised.
        least: Fewest tickets of the topic in the community, at least 1.
        level: Chance of any false finding, 0 to 1.

    Returns:
        The hot spots, the least likely first; none in a street with one community.

    Plan: 三(二), 四(二)
    """
    cells = _cells(reader, window)
    topics: Counter[str] = Counter()
    communities: Counter[str] = Counter()
    for (topic, community), n in cells.items():
        topics[topic] += n
        communities[community] += n
    whole = cells.total()
    found = []
    for (topic, community), n in cells.items():
        of, n_all = communities[community], topics[topic]
        if n < least or n * (whole - of) < TIMES * of * (n_all - n) or of == whole:
            continue
        chance = chance_of(n, of, n_all, whole)
        if chance * len(cells) <= level:
            found.append(HotSpot(topic, community, n, of, n_all - n, whole - of, chance))
    return tuple(sorted(found, key=lambda spot: (spot.chance, spot.topic_id, spot.community)))


def _cells(reader: Reader, window: Window) -> Counter[tuple[str, str]]:
    p = places(reader.tables, window)
    query: sa.Select[Any] = (
        sa.select(p.c.topic_id, p.c.community, sa.func.count())
        .where(p.c.community.is_not(None))
        .group_by(p.c.topic_id, p.c.community)
    )
    return Counter({(topic, community): int(n) for topic, community, n in reader.select(query)})


def chance_of(n: int, of: int, n_all: int, whole: int) -> Fraction:
    """Return the exact chance that ``n`` or more of ``of`` tickets drawn from ``whole`` are among ``n_all``.

    Args:
        n: Hits, at least 0.
        of: Drawn, at most ``whole``.
        n_all: Tickets about the topic, at most ``whole``.
        whole: All tickets.

    Returns:
        The upper tail of the hypergeometric distribution, 0 to 1.

    Plan: 四(二)
    """
    n = max(n, 0, n_all + of - whole)
    term = comb(n_all, n) * comb(whole - n_all, of - n) if n <= min(of, n_all) else 0
    tail = 0
    for i in range(n, min(of, n_all) + 1):
        tail += term
        term = term * (n_all - i) * (of - i) // ((i + 1) * (whole - n_all - of + i + 1))
    return Fraction(tail, comb(whole, of))


@frozen
class Repeat:
    """A target that asked for the same thing more than once.

    Args:
        target_id: Which target.
        topic_id: About what.
        n: How many tickets, at least 2.
    """

    target_id: str
    topic_id: str
    n: int


def repeats(reader: Reader, window: Window, *, least: int = 2) -> tuple[Repeat, ...]:
    """Find repeated demands: tickets of one target about one topic, from whatever sources.

    Struck tickets count too: somebody asked.

    Args:
        reader: Where the facts are.
        window: Picks tickets by the day they were raised.
        least: Fewest tickets, at least 2.

    Returns:
        The most frequent first, then by target and topic.

    Plan: 三(二), 四(二)
    """
    t = reader.tables.tickets
    n = sa.func.count()
    query = (
        sa.select(t.c.target_id, t.c.topic_id, n)
        .where(t.c.target_id.is_not(None), t.c.parent_id.is_(None), *window.known(t), *window.begun(t.c.on))
        .group_by(t.c.target_id, t.c.topic_id)
        .having(n >= least)
    )
    made = [Repeat(target, topic, int(k)) for target, topic, k in reader.select(query)]
    return tuple(sorted(made, key=lambda one: (-one.n, one.target_id, one.topic_id)))
