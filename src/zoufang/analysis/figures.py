"""Compute figures where the facts lie: each is one grouped select."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import sqlalchemy as sa
from attrs import frozen

from zoufang.analysis.metric import Figure, Grain, Ground, Metric, OnGround, Window
from zoufang.errors import UnknownIdError
from zoufang.facts import Reader


def figures(reader: Reader, metric: Metric, window: Window, by: Sequence[Grain] = ()) -> tuple[Figure, ...]:
    """Compute a metric, split by any of its grains.

    Args:
        reader: Where the facts are.
        metric: The definition.
        window: Which facts count.
        by: Grains to split by; none gives the whole.

    Returns:
        One figure per group that has a case, ordered by group, a missing value first; the whole is always one
        figure, 0 of 0 where there is no case. Numerators and denominators of the groups add up to the whole's.

    Raises:
        UnknownIdError: The metric cannot be split by one of the grains.

    Plan: 一, 四(二), 五(二)
    """
    for grain in by:
        if grain not in metric.grains:
            raise UnknownIdError(what="grain", id=grain, known=metric.grains)
    cases = metric.cases(reader.tables, window).subquery("cases")
    columns = [cases.c[grain] for grain in by]
    query: sa.Select[Any] = sa.select(
        *columns, sa.func.coalesce(sa.func.sum(cases.c.hit), 0), sa.func.count()
    ).select_from(cases)
    if columns:
        query = query.group_by(*columns)
    made = [
        Figure(metric.id, metric.version, tuple(group), int(n), int(of), metric.counts)
        for *group, n, of in reader.select(query)
    ]
    return _ordered(made)


def _ordered(made: Iterable[Figure]) -> tuple[Figure, ...]:
    return tuple(sorted(made, key=lambda one: [(value is not None, value or "") for value in one.group]))


def figure(reader: Reader, metric: Metric, window: Window) -> Figure:
    """Compute a metric for the whole street.

    Plan: 一
    """
    (whole,) = figures(reader, metric, window)
    return whole


def gap(reader: Reader, metric: Metric, window: Window) -> tuple[str, ...]:
    """Return the cases that are missing from a figure: in the denominator, and no hit.

    Returns:
        Case ids in order, exactly ``of - n`` of them; empty for a metric that only counts.

    Plan: 一, 四(二)
    """
    return _case_ids(reader, metric, window, 0)


def hits(reader: Reader, metric: Metric, window: Window) -> tuple[str, ...]:
    """Return the cases that are hits, for instance the tickets that are overdue now.

    Returns:
        Case ids in order, exactly ``n`` of them.

    Plan: 四(二)
    """
    return _case_ids(reader, metric, window, 1)


def _case_ids(reader: Reader, metric: Metric, window: Window, hit: Literal[0, 1]) -> tuple[str, ...]:
    cases = metric.cases(reader.tables, window).subquery("cases")
    rows = reader.select(sa.select(cases.c.case_id).where(cases.c.hit == hit))
    return tuple(sorted(case_id for (case_id,) in rows))


def series(
    reader: Reader, metric: Metric, windows: Sequence[Window], by: Sequence[Grain] = ()
) -> tuple[tuple[Figure, ...], ...]:
    """Compute a metric for one window after another.

    Returns:
        For each window, in the order given, what :func:`figures` gives for it.

    Plan: 四(二), 五(二)
    """
    return tuple(figures(reader, metric, window, by) for window in windows)


@frozen
class Sheet:
    """Many metrics over one window, each as a whole and split.

    Args:
        by: The grains they are split by.
        split: By metric id, what :func:`figures` gives; empty for a metric that lacks one of the grains.
        wholes: By metric id, the figure of the whole street.
    """

    by: tuple[Grain, ...]
    split: Mapping[str, tuple[Figure, ...]]
    wholes: Mapping[str, Figure]


def sheet(reader: Reader, metrics: Iterable[Metric], window: Window, by: Sequence[Grain] = ()) -> Sheet:
    """Compute many metrics at once: those on one ground in one walk over it, the whole as the sum of its groups.

    Args:
        reader: Where the facts are.
        metrics: The definitions; one id once.
        window: Which facts count.
        by: Grains to split by; a metric that lacks one of them is given as a whole only.

    Returns:
        The same figures that :func:`figures` and :func:`figure` give one by one.

    Plan: 四(二), 五(二)
    """
    wanted, grains = tuple(metrics), tuple(by)
    split: dict[str, tuple[Figure, ...]] = {}
    wholes: dict[str, Figure] = {}
    grounds: dict[tuple[Ground, bool], list[Metric]] = {}
    for metric in wanted:
        splits = set(grains) <= set(metric.grains)
        if isinstance(metric.cases, OnGround):
            grounds.setdefault((metric.cases.ground, splits), []).append(metric)
        else:
            split[metric.id] = figures(reader, metric, window, grains if splits else ())
    for (ground, splits), together in grounds.items():
        split.update(_walk(reader, ground, together, window, grains if splits else ()))
    for metric in wanted:
        wholes[metric.id] = _whole(metric, split[metric.id])
        if not set(grains) <= set(metric.grains):
            split[metric.id] = ()
    order = [metric.id for metric in wanted]
    return Sheet(grains, {id_: split[id_] for id_ in order}, {id_: wholes[id_] for id_ in order})


def _walk(
    reader: Reader, ground: Ground, together: Sequence[Metric], window: Window, by: tuple[Grain, ...]
) -> dict[str, tuple[Figure, ...]]:
    """Compute metrics on one ground in one select: two sums for each."""
    g = ground(reader.tables, window)
    sums: list[sa.ColumnElement[Any]] = []
    for metric in together:
        assert isinstance(metric.cases, OnGround)  # noqa: S101 - sheet() put only such metrics together
        of = metric.cases.of(g.c)
        sums += [sa.func.sum(sa.case((test, 1), else_=0)) for test in (sa.and_(of, metric.cases.n(g.c)), of)]
    columns = [g.c[grain] for grain in by]
    query: sa.Select[Any] = sa.select(*columns, *(sa.func.coalesce(one, 0) for one in sums)).select_from(g)
    rows = reader.select(query.group_by(*columns) if columns else query)
    made: dict[str, tuple[Figure, ...]] = {}
    for i, metric in enumerate(together):
        at = len(by) + 2 * i
        made[metric.id] = _ordered(
            Figure(metric.id, metric.version, tuple(row[: len(by)]), int(row[at]), int(row[at + 1]), metric.counts)
            for row in rows
            if row[at + 1] or not by
        )
    return made


def _whole(metric: Metric, parts: Sequence[Figure]) -> Figure:
    n, of = sum(part.n for part in parts), sum(part.of for part in parts)
    return Figure(metric.id, metric.version, (), n, of, metric.counts)
