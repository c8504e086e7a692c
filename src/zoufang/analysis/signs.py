"""Signs of a campaign that only goes through the motions, and of one that does not; never a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, Literal

import sqlalchemy as sa
from attrs import frozen

from zoufang.analysis.callback_metrics import SOLVED, rated
from zoufang.analysis.figures import figure, figures
from zoufang.analysis.metric import Figure, Metric, Window
from zoufang.analysis.visit_metrics import VISITED
from zoufang.facts import Reader, latest, visits_in_force
from zoufang.model import Channel, Outcome, PerfunctoryRule
from zoufang.typing import Text

CROWDED_HOUR = "crowded_hour"
NONE_SHARE = "none_share"
NOT_SOLVED = "not_solved"
BEST_COVERAGE = "best_coverage"
BEST_SOLVED = "best_solved"

SIGN_LABELS = {
    CROWDED_HOUR: Text(zh="一小时内走访过密", en="Too many visits within an hour"),
    NONE_SHARE: Text(zh="“无诉求”比例过高", en='Too large a share of "no demand"'),
    NOT_SOLVED: Text(zh="回访未解决比例过高", en='Too large a share of "not solved" on call-back'),
    BEST_COVERAGE: Text(zh="走访覆盖靠前", en="Among the best coverage"),
    BEST_SOLVED: Text(zh="回访解决率靠前", en="Among the best solved on call-back"),
}
"""Every sign's name, by its id."""


@frozen
class Sign:
    """One sign, with the figures and the rule it was seen by.

    Args:
        kind: Perfunctory, or praise.
        about: A person or a unit.
        about_id: Which.
        sign: The sign's id, a key of :data:`SIGN_LABELS`.
        hits: Numerator.
        of: Denominator, at least the plan's smallest sample.
        threshold: The plan's number that was passed: visits an hour or per cent; for praise the smallest sample.
        why: One sentence with the figures; ids only.
    """

    kind: Literal["perfunctory", "praise"]
    about: Literal["person", "unit"]
    about_id: str
    sign: str
    hits: int
    of: int
    threshold: int
    why: Text


def signs(reader: Reader, rule: PerfunctoryRule, window: Window) -> tuple[Sign, ...]:
    """Return every perfunctory sign in a window, by sign, then the largest share first.

    Args:
        reader: Where the facts are.
        rule: The plan's thresholds and smallest samples.
        window: Picks visits and call-backs by their day.

    Plan: 五(二)
    """
    return (
        *crowded_hours(reader, rule, window),
        *none_shares(reader, rule, window),
        *not_solved(reader, rule, window),
    )


def crowded_hours(reader: Reader, rule: PerfunctoryRule, window: Window) -> tuple[Sign, ...]:
    """Return the visitors with more effective door visits within a clock hour than the plan believes.

    Only visits with a known minute count. ``hits`` are the visits made in such hours, ``of`` all of the visitor's
    effective door visits with a known minute, at least ``min_visits``.

    Plan: 五(二)
    """
    visits = visits_in_force(reader.tables, window.as_of)
    v = visits.c
    hour = (v.minute - v.minute % 60).label("hour")
    hours = (
        sa.select(v.visitor_id, v.on, hour, sa.func.count().label("n"))
        .where(
            v.outcome == str(Outcome.MET),
            v.channel == str(Channel.DOOR),
            v.minute.is_not(None),
            *window.known(visits),
            *window.begun(v.on),
        )
        .group_by(v.visitor_id, v.on, hour)
        .subquery("hours")
    )
    n, most = hours.c.n, sa.func.max(hours.c.n)
    crowded = sa.func.sum(sa.case((n > rule.per_hour, n), else_=0))
    query = (
        sa.select(hours.c.visitor_id, crowded, sa.func.sum(n), most)
        .group_by(hours.c.visitor_id)
        .having(most > rule.per_hour, sa.func.sum(n) >= rule.min_visits)
    )
    return _ranked(
        Sign(
            kind="perfunctory",
            about="person",
            about_id=person,
            sign=CROWDED_HOUR,
            hits=int(k),
            of=int(of),
            threshold=rule.per_hour,
            why=Text(
                zh=f"有效上门 {of} 次，其中 {k} 次集中在每小时超过 {rule.per_hour} 次的时段，一小时最多 {top} 次。",
                en=f"Of {of} effective door visits, {k} fell in hours with more than {rule.per_hour}; the fullest "
                f"hour had {top}.",
            ),
        )
        for person, k, of, top in reader.select(query)
    )


def none_shares(reader: Reader, rule: PerfunctoryRule, window: Window) -> tuple[Sign, ...]:
    """Return the visitors whose share of "no demand" among effective visits is above the plan's threshold.

    Plan: 五(二)
    """
    visits = visits_in_force(reader.tables, window.as_of)
    v = visits.c
    effective = (v.outcome == str(Outcome.MET), *window.known(visits), *window.begun(v.on))
    query = _too_often(v.visitor_id, sa.func.sum(v.no_demand), rule.min_visits, rule.none_share_percent)
    query = query.where(*effective)
    return _above(
        reader.select(query),
        about="person",
        sign=NONE_SHARE,
        threshold=rule.none_share_percent,
        why=Text(
            zh="有效走访 {of} 次，其中 {hits} 次记为“无诉求”，超过 {threshold}%。",
            en='Of {of} effective visits, {hits} say "no demand": more than {threshold}%.',
        ),
    )


def not_solved(reader: Reader, rule: PerfunctoryRule, window: Window) -> tuple[Sign, ...]:
    """Return the units whose people say "not solved" more often than the plan's threshold, of valid call-backs.

    Plan: 五(二), 五(三)
    """
    r = rated(reader.tables, window, "solved").c
    bad = sa.func.count() - sa.func.sum(r.said)
    query = _too_often(r.unit_id, bad, rule.min_closed, rule.not_solved_percent).where(r.unit_id.is_not(None))
    return _above(
        reader.select(query),
        about="unit",
        sign=NOT_SOLVED,
        threshold=rule.not_solved_percent,
        why=Text(
            zh="有效回访 {of} 件，其中 {hits} 件群众答“未解决”，超过 {threshold}%。",
            en='Of {of} valid call-backs, {hits} say "not solved": more than {threshold}%.',
        ),
    )


def _too_often(
    who: sa.ColumnElement[Any], hits: sa.ColumnElement[Any], least: int, percent: int
) -> sa.Select[tuple[Any, ...]]:
    """Return id, hits and cases of each who has the smallest sample and more than so many per cent of hits."""
    of = sa.func.count()
    return sa.select(who, hits, of).group_by(who).having(of >= least, hits * 100 > of * percent)


def _above(
    rows: Iterable[tuple[Any, ...]], *, about: Literal["person", "unit"], sign: str, threshold: int, why: Text
) -> tuple[Sign, ...]:
    """Return a sign for each row of id, hits and cases whose share is above a threshold in per cent."""
    return _ranked(
        Sign("perfunctory", about, about_id, sign, n, of, threshold, why.filled(hits=n, of=of, threshold=threshold))
        for about_id, n, of in ((row[0], int(row[1]), int(row[2])) for row in rows)
    )


def praise(reader: Reader, rule: PerfunctoryRule, window: Window, n: int) -> tuple[Sign, ...]:
    """Return the units to be praised: best coverage, and best solved on call-back.

    A unit must be above the whole street and have the smallest sample (``min_visits`` targets, ``min_closed`` valid
    call-backs); a unit with a perfunctory sign of
    its own or of one of its people is never praised.

    Args:
        reader: Where the facts are.
        rule: The plan's smallest samples.
        window: Which facts count.
        n: At most so many units for each of the two, at least 0.

    Returns:
        Coverage first, then call-backs; each the best first, equal ones by size, then id.

    Plan: 五(二)
    """
    found = signs(reader, rule, window)
    shamed = {sign.about_id for sign in found if sign.about == "unit"}
    shamed |= _units_of(reader, window, [sign.about_id for sign in found if sign.about == "person"])

    def best(metric: Metric, sign: str, least: int) -> tuple[Sign, ...]:
        whole = figure(reader, metric, window).share or Fraction(0)
        good = [
            Sign("praise", "unit", unit, sign, one.n, one.of, least, _praised(metric, one))
            for one in figures(reader, metric, window, ("unit_id",))
            for unit in one.group
            if unit is not None and unit not in shamed and one.of >= least and (one.share or 0) > whole
        ]
        return _ranked(good)[:n]

    return (*best(VISITED, BEST_COVERAGE, rule.min_visits), *best(SOLVED, BEST_SOLVED, rule.min_closed))


def _units_of(reader: Reader, window: Window, person_ids: Sequence[str]) -> set[str]:
    """Return the units of some people: nobody is praised for what was only gone through."""
    people = latest(reader.tables.people, "person_id", window.as_of)
    return {unit for (unit,) in reader.select(sa.select(people.c.unit_id).where(people.c.person_id.in_(person_ids)))}


def _praised(metric: Metric, one: Figure) -> Text:
    return Text(
        zh=f"{metric.label.zh}：{one.of} 个中有 {one.n} 个，高于全街道。",
        en=f"{metric.label.en}: {one.n} of {one.of}, above the whole street.",
    )


def _ranked(found: Any) -> tuple[Sign, ...]:
    return tuple(sorted(found, key=lambda one: (-Fraction(one.hits, one.of), -one.of, one.about_id)))
