"""What every section of a dispatch needs at hand: the spans of days, the names, and figures as they are printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from attrs import define, field, frozen

from zoufang.analysis import (
    Figure,
    Grain,
    Metric,
    Names,
    Sheet,
    WeekCounts,
    Window,
    catalogue,
    figures,
    names,
    printed_change,
    printed_share,
    sheet,
)
from zoufang.analysis import weekly as week_counts
from zoufang.facts import Reader
from zoufang.model import CampaignPlan, Outcome
from zoufang.reports import words
from zoufang.reports.document import Change, Share
from zoufang.rules import weeks
from zoufang.typing import Language, Seq, Text, TopicId, UnitId, listed

DAY = timedelta(days=1)
SO_FAR = (
    "visited", "collected", "visits_made", "received", "on_the_spot", "dispatched", "unrouted", "open", "returned",
    "responded_in_time", "accepted", "handled_in_time", "closed", "closed_in_time", "rectified", "rectified_resolved",
    "explained", "revoked", "overdue", "left_out", "reached", "solved", "satisfied", "parts_received", "parts_unrouted",
    "parts_handled_in_time", "parts_overdue", "parts_returned", "split_whole", "problems_handled",
)  # fmt: skip
"""Figures of the whole campaign that are computed together, by unit."""

THIS_WEEK = (*(f"outcome_{outcome}" for outcome in Outcome), "on_the_spot", "dispatched")
"""Figures of the week that are computed together."""
Groups = Mapping[str | None, Figure]


@frozen
class Dispatch:
    """Which dispatch: a frozen value, so that it can be printed again.

    Args:
        number: From 1.
        on: The day of the dispatch.
        from_on: First day it covers.
        to_on: Last day it covers.
        as_of: The commit up to which it counts.
    """

    number: int
    on: date
    from_on: date
    to_on: date
    as_of: Seq


@define
class Desk:
    """One dispatch being written.

    Args:
        reader: Where the facts are.
        plan: The plan.
        dispatch: Which dispatch.
        language: In which language.
    """

    reader: Reader
    plan: CampaignPlan
    dispatch: Dispatch
    language: Language
    so_far: Window = field(init=False)
    week: Window = field(init=False)
    before: Window = field(init=False)
    metrics: Mapping[str, Metric] = field(init=False)
    counts: tuple[WeekCounts, ...] = field(init=False)
    _names: Names = field(init=False)
    _sheets: Mapping[Window, Sheet] = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Lay out the spans of days and read the names."""
        d = self.dispatch
        length = d.to_on - d.from_on + DAY
        final = d.to_on >= self.plan.last_on
        self.so_far = Window(as_of=d.as_of, to_on=d.to_on, final=final)
        self.week = Window(as_of=d.as_of, from_on=d.from_on, to_on=d.to_on)
        self.before = Window(as_of=d.as_of, from_on=d.from_on - length, to_on=d.from_on - DAY)
        self.metrics = catalogue(self.plan)
        spans = [self.before, *(Window(from_on=a, to_on=b) for a, b in self.spans)]
        self.counts = week_counts(self.reader, [_days(span) for span in spans], d.as_of)
        self._names = names(self.reader, d.as_of)
        self._sheets = {
            window: sheet(self.reader, [self.metrics[m] for m in shown], window, ("unit_id",))
            for window, shown in ((self.so_far, SO_FAR), (self.week, THIS_WEEK))
        }

    @property
    def spans(self) -> list[tuple[date, date]]:
        """First and last day of each week up to this one; this one is the last."""
        d = self.dispatch
        earlier = [(week.from_on, week.to_on) for week in weeks(self.plan) if week.to_on < d.from_on]
        return [*earlier, (d.from_on, d.to_on)]

    @property
    def numbers(self) -> tuple[str, ...]:
        """What the weeks are called along an axis."""
        first = self.dispatch.number - len(self.spans) + 1
        return tuple(str(first + i) for i in range(len(self.spans)))

    @property
    def last_week(self) -> WeekCounts:
        """What happened in the span of the same length before."""
        return self.counts[0]

    @property
    def weeks(self) -> tuple[WeekCounts, ...]:
        """What happened in each week up to this one; this one is the last."""
        return self.counts[1:]

    def t(self, text: Text, **data: object) -> str:
        """Return words in the dispatch's language, with their data."""
        return words.say(text, self.language, **data)

    def listed(self, items: Iterable[str]) -> str:
        """Return names as a list within a sentence; a word for none."""
        return listed(items, self.language) or self.t(words.NONE)

    def day(self, day: date) -> str:
        """Return a day as a letter writes it."""
        return words.long_date(day, self.language)

    def by(self, metric: str, window: Window, grain: Grain = "unit_id") -> Groups:
        """Return a metric by one grain; the groups add up to the whole."""
        known = self._sheets.get(window)
        if known is not None and known.by == (grain,) and metric in known.split:
            found = known.split[metric]
        else:
            found = figures(self.reader, self.metrics[metric], window, (grain,))
        return {one.group[0]: one for one in found}

    def whole(self, metric: str, window: Window) -> Figure:
        """Return a metric for the whole street."""
        known = self._sheets.get(window)
        if known is not None and metric in known.wholes:
            return known.wholes[metric]
        return figures(self.reader, self.metrics[metric], window)[0]

    def share(self, hits: int, of: int) -> Share:
        """Return a share as it is printed: rounded once, as the plan declares; no case says so."""
        return Share(hits, of, printed_share(hits, of, self.plan.rounding, self.language))

    def share_of(self, figure: Figure | None) -> Share:
        """Return a figure as a share; no figure is no case."""
        return self.share(0, 0) if figure is None else self.share(figure.n, figure.of)

    def change(self, now: int, before: int) -> Change:
        """Return how much a count rose or fell; a dash where there was nothing in either span."""
        if not now and not before:
            return Change(now, before, "—")
        return Change(now, before, printed_change(now, before, self.plan.rounding, self.language))

    def unit(self, unit_id: str | None) -> str:
        """Return a unit's public name."""
        return unit_name(self.plan, self._names, unit_id, self.language)

    def area(self, area_id: str | None) -> str:
        """Return an area's public name."""
        return self.t(words.NOWHERE) if area_id is None else self._names.areas.get(area_id, area_id)

    def topic(self, topic_id: str) -> str:
        """Return a topic's name."""
        known = self.plan.topic.get(TopicId(topic_id))
        return known.label.said_in(self.language) if known else topic_id


def unit_name(plan: CampaignPlan, known: Names, unit_id: str | None, language: Language = "zh") -> str:
    """Return a unit's public name: the register's, else the plan's, else its id; words for no unit."""
    if unit_id is None:
        return words.NOBODY.said_in(language)
    planned = plan.unit.get(UnitId(unit_id))
    return known.units.get(unit_id) or (planned.name if planned else known.of(unit_id))


def in_order(plan: CampaignPlan, unit_ids: Iterable[str | None]) -> list[str | None]:
    """Return units in the order of the tables: communities by id, then the plan's units, nobody last."""
    order = {unit.id: i for i, unit in enumerate(plan.units, 1)}
    return sorted(set(unit_ids), key=lambda u: (u is None, order.get(UnitId(u), 0) if u else 0, u or ""))


def _days(window: Window) -> tuple[date, date]:
    return window.from_on or date.min, window.to_on or date.max


def total(groups: Groups) -> tuple[int, int]:
    """Return the sum of the groups' numerators and denominators."""
    return sum(one.n for one in groups.values()), sum(one.of for one in groups.values())
