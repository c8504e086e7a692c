"""What a figure is: one definition gives the numerator, the denominator and the gap."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any, Literal

import sqlalchemy as sa
from attrs import frozen

from zoufang.facts import Tables, up_to
from zoufang.typing import Seq, Text

Grain = Literal["unit_id", "community", "kind", "topic_id", "person_id", "source", "duty_id"]
"""By what a figure may be split."""


@frozen
class Window:
    """Which facts count.

    ``from_on`` picks cases by the day they began (a visit's own day, the day a ticket was raised); ``to_on`` is the
    last day of which anything is known: later visits, tickets and events are as if they had not happened.

    Args:
        as_of: The last commit that counts; None for all.
        from_on: First day of cases, included; None for no limit.
        to_on: Last day, included; None for no limit.
        final: True at the end of the campaign: every ticket counts as due. A window without ``to_on`` is final too.
    """

    as_of: Seq | None = None
    from_on: date | None = None
    to_on: date | None = None
    final: bool = False

    @property
    def from_the_start(self) -> Window:
        """The window without its first day, for cases that are picked by another day than their own beginning."""
        return Window(as_of=self.as_of, to_on=self.to_on, final=self.final)

    @property
    def everything_due(self) -> bool:
        """True where every ticket counts as due, whatever its time limit."""
        return self.final or self.to_on is None

    def known(self, table: sa.FromClause) -> tuple[sa.ColumnElement[bool], ...]:
        """Return the conditions that a dated fact was recorded by ``as_of`` and happened by ``to_on``."""
        return (*up_to(table, self.as_of), *(() if self.to_on is None else (table.c.on <= self.to_on,)))

    def begun(self, day: sa.ColumnElement[Any]) -> tuple[sa.ColumnElement[bool], ...]:
        """Return the condition that a case began on ``from_on`` or later; empty for no limit."""
        return () if self.from_on is None else (day >= self.from_on,)


Cases = Callable[[Tables, Window], sa.Select[Any]]
"""From the tables and a window to one row per case of the denominator: ``case_id``, ``hit`` and the grains."""

Ground = Callable[[Tables, Window], sa.Subquery]
"""From the tables and a window to one row per thing that metrics may ask about: ``case_id``, grains, and its state."""

Test = Callable[[Any], sa.ColumnElement[bool]]
"""From the columns of a ground to a condition."""


def anything(c: Any) -> sa.ColumnElement[bool]:
    """Return the test that holds for every case."""
    there: sa.ColumnElement[bool] = c.case_id.is_not(None)
    return there


def hit(test: sa.ColumnElement[bool]) -> sa.Label[int]:
    """Return the column that is 1 where a test holds, else 0 (also where it cannot be told)."""
    return sa.case((test, 1), else_=0).label("hit")


@frozen
class OnGround:
    """The cases of a metric as two tests on a ground; metrics on one ground are computed in one walk over it.

    Args:
        ground: What is asked about.
        of: What belongs to the denominator.
        n: Which of those are hits.
        grains: Columns of the ground by which the metric may be split.
    """

    ground: Ground
    of: Test
    n: Test
    grains: tuple[Grain, ...]

    def __call__(self, tables: Tables, window: Window) -> sa.Select[Any]:
        """Return one row per case of the denominator."""
        g = self.ground(tables, window)
        columns: list[Any] = [g.c.case_id, hit(self.n(g.c)), *(g.c[grain] for grain in self.grains)]
        return sa.select(*columns).where(self.of(g.c))


@frozen
class Metric:
    """One definition: which cases belong to the denominator, and which of them are hits.

    Args:
        id: The metric's id.
        version: From 1; a changed definition is a new version, and a trend says where it changed.
        label: Its name.
        clause: The plan's clause that it serves.
        doc: The definition in one or two sentences.
        cases: From the tables and a window to one row per case of the denominator, with the columns ``case_id``
            (text), ``hit`` (0 or 1) and the grains.
        grains: The columns by which it may be split.
        counts: True where it only counts: every case is a hit, and no share is printed.
    """

    id: str
    version: int
    label: Text
    clause: str
    doc: Text
    cases: Cases
    grains: tuple[Grain, ...]
    counts: bool = False


@frozen
class Figure:
    """One figure: a numerator and a denominator.

    Args:
        metric_id: Which metric.
        version: Which version of its definition.
        group: The values of the grains it is split by; empty for the whole.
        n: Numerator, 0 to ``of``.
        of: Denominator, at least 0.
        counts: True where the metric only counts and ``n`` is ``of``.
    """

    metric_id: str
    version: int
    group: tuple[str | None, ...]
    n: int
    of: int
    counts: bool = False

    @property
    def share(self) -> Fraction | None:
        """The exact share, 0 to 1; None where there is no case."""
        return Fraction(self.n, self.of) if self.of else None
