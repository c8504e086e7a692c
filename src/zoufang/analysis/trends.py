"""Trends: what came in and what was done, week by week, and what it was about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from attrs import evolve, field, frozen

from zoufang.analysis.metric import Window
from zoufang.errors import BadValueError
from zoufang.facts import Reader, latest, up_to, visits_in_force
from zoufang.model import Event, FindingKind, Outcome, Source
from zoufang.typing import Seq, Text

DAY = timedelta(days=1)


@frozen
class WeekCounts:
    """What happened in the days that one dispatch covers.

    Args:
        from_on: First day, included.
        to_on: Last day, included.
        visits: Visits of any outcome.
        effective: Visits that reached a person.
        demands: Demands heard on visits.
        suggestions: Suggestions heard on visits.
        practices: Good practices heard on visits.
        received: Tickets raised, by source; every source is there, in the order of the model.
        events: Events of each verb that happened; every verb is there, in the order of the model.
        calls: Call-backs made, reached or not.
    """

    from_on: date
    to_on: date
    visits: int
    effective: int
    demands: int
    suggestions: int
    practices: int
    received: tuple[tuple[Source, int], ...]
    events: tuple[tuple[Event, int], ...]
    calls: int
    tickets: int = field(init=False)
    """Tickets raised, of every source."""

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "tickets", sum(n for _, n in self.received))

    def of(self, event: Event) -> int:
        """Return how many events of one verb happened."""
        return dict(self.events)[event]


def weekly(reader: Reader, weeks: Sequence[tuple[date, date]], as_of: Seq | None = None) -> tuple[WeekCounts, ...]:
    """Count what happened in each week, by the day on which it happened.

    Args:
        reader: Where the facts are.
        weeks: First and last day of each; they may have gaps or overlap.
        as_of: The last commit that counts; None for all.

    Returns:
        One entry per week, in the order given. Counts of adjoining weeks add up to the count of their union.

    Plan: 四(二), 五(二)
    """
    t = reader.tables
    in_force = visits_in_force(t, as_of)
    visits = _by_day(reader, in_force, in_force.c.outcome, as_of)
    found = _findings_by_day(reader, as_of)
    parts = sa.select(t.tickets.c.ticket_id).where(t.tickets.c.parent_id.is_not(None))
    raised = _by_day(reader, t.tickets, t.tickets.c.source, as_of, t.tickets.c.parent_id.is_(None))
    whole = t.ticket_events.c.ticket_id.not_in(parts)
    events = _by_day(reader, t.ticket_events, t.ticket_events.c.event, as_of, whole)
    calls = _by_day(reader, t.callbacks, t.callbacks.c.outcome, as_of)

    def one(first: date, last: date) -> WeekCounts:
        seen, heard, happened = (_sum(days, first, last) for days in (visits, found, events))
        came = _sum(raised, first, last)
        return WeekCounts(
            from_on=first,
            to_on=last,
            visits=seen.total(),
            effective=seen[Outcome.MET],
            demands=heard[FindingKind.DEMAND],
            suggestions=heard[FindingKind.SUGGESTION],
            practices=heard[FindingKind.GOOD_PRACTICE],
            received=tuple((source, came[source]) for source in Source),
            events=tuple((event, happened[event]) for event in Event),
            calls=_sum(calls, first, last).total(),
        )

    return tuple(one(first, last) for first, last in weeks)


def reached_by(reader: Reader, days: Sequence[date], as_of: Seq | None = None) -> tuple[int, ...]:
    """Count the targets that were on the roster and had been reached by each of some days, in one walk.

    Args:
        reader: Where the facts are.
        days: The days, in any order.
        as_of: The last commit that counts; None for all.

    Returns:
        For each day the numerator of ``visited`` in a window that ends on it.

    Plan: 一, 五(二)
    """
    v, target = visits_in_force(reader.tables, as_of), latest(reader.tables.targets, "target_id", as_of)
    met = (
        sa.select(v.c.target_id, sa.func.min(v.c.on).label("on"))
        .where(v.c.outcome == str(Outcome.MET))
        .group_by(v.c.target_id)
        .subquery("met")
    )
    reached = sa.case((met.c.on > target.c.since_on, met.c.on), else_=target.c.since_on).label("reached_on")
    counted = (
        sa.select(reached).select_from(target.join(met, met.c.target_id == target.c.target_id)).subquery("reached")
    )
    query = sa.select(counted.c.reached_on, sa.func.count()).group_by(counted.c.reached_on)
    found = reader.select(query)
    return tuple(sum(n for on, n in found if on <= day) for day in days)


Days = dict[date, Counter[str]]


def _by_day(
    reader: Reader,
    table: sa.FromClause,
    what: sa.ColumnElement[Any],
    as_of: Seq | None,
    *tests: sa.ColumnElement[bool],
) -> Days:
    query = sa.select(table.c.on, what, sa.func.count()).where(*up_to(table, as_of), *tests).group_by(table.c.on, what)
    return _days(reader.select(query))


def _findings_by_day(reader: Reader, as_of: Seq | None) -> Days:
    v, f = visits_in_force(reader.tables, as_of), reader.tables.findings
    query = (
        sa.select(v.c.on, f.c.kind, sa.func.count())
        .select_from(f.join(v, v.c.visit_id == f.c.visit_id))
        .where(*up_to(f, as_of))
        .group_by(v.c.on, f.c.kind)
    )
    return _days(reader.select(query))


def _days(rows: Sequence[tuple[Any, ...]]) -> Days:
    days: Days = {}
    for on, what, n in rows:
        days.setdefault(on, Counter())[what] += int(n)
    return days


def _sum(days: Days, first: date, last: date) -> Counter[str]:
    total: Counter[str] = Counter()
    for on, counts in days.items():
        if first <= on <= last:
            total.update(counts)
    return total


@frozen
class TopicCount:
    """How often a topic came up.

    Args:
        topic_id: Which topic.
        n: Tickets about it in the window, at least 1.
        of: Tickets about anything in the window.
        before: Tickets about it in the span of the same length before.
    """

    topic_id: str
    n: int
    of: int
    before: int

    @property
    def share(self) -> Fraction:
        """Its share of all tickets, above 0 and up to 1."""
        return Fraction(self.n, self.of)


def span_before(window: Window) -> Window:
    """Return the window of as many days that ends the day before a window begins.

    Raises:
        BadValueError: The window has no first or no last day.
    """
    if window.from_on is None or window.to_on is None:
        raise BadValueError(
            what="window",
            id="span",
            value=Text("不完整", "open"),
            allowed=Text("有起止日期的时间范围", "a window with a first and a last day"),
        )
    length = window.to_on - window.from_on
    return evolve(window, from_on=window.from_on - length - DAY, to_on=window.from_on - DAY)


def top_topics(reader: Reader, window: Window, n: int) -> tuple[TopicCount, ...]:
    """Return the topics that came up most in a window, with the span of the same length before.

    Args:
        reader: Where the facts are.
        window: Its days, both given, pick tickets by the day they were raised.
        n: How many topics, at least 1.

    Returns:
        At most ``n`` topics, the most frequent first, equal ones by id.

    Raises:
        BadValueError: The window has no first or no last day.

    Plan: 三(二), 四(二), 五(二)
    """
    then = span_before(window)
    now, before = _topics(reader, window), _topics(reader, then)
    ranked = sorted(now.items(), key=lambda item: (-item[1], item[0]))[:n]
    return tuple(TopicCount(topic, k, now.total(), before[topic]) for topic, k in ranked)


def _topics(reader: Reader, window: Window) -> Counter[str]:
    t = reader.tables.tickets
    query = (
        sa.select(t.c.topic_id, sa.func.count())
        .where(t.c.parent_id.is_(None), *window.known(t), *window.begun(t.c.on))
        .group_by(t.c.topic_id)
    )
    return Counter({topic: int(n) for topic, n in reader.select(query)})
