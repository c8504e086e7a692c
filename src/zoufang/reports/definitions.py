"""The footer: what every figure means, by which clause, and what was left aside."""

from __future__ import annotations

from collections.abc import Sequence

from zoufang.reports import words
from zoufang.reports.appendix import PART_RATES
from zoufang.reports.desk import Desk
from zoufang.reports.document import Footnote
from zoufang.reports.handling import RATES

USED = (
    "visited", "collected", *RATES, "open", "returned", "reached", "solved", "satisfied", "problems_handled",
    "problem_told", *PART_RATES,
)  # fmt: skip
"""Every metric that a dispatch shows, once."""


def definitions(desk: Desk, warnings: Sequence[str]) -> tuple[Footnote, ...]:
    """Return the footer: data, plan, goals, definitions, thresholds, and plugins that failed.

    Plan: 一, 五(二)
    """
    plan, d = desk.plan, desk.dispatch
    goals = [
        Footnote(desk.t(goal.label), desk.t(words.GOAL_DEFINED, note=desk.t(goal.note), clause=goal.clause))
        for goal in plan.goals
    ]
    used = [
        Footnote(desk.t(m.label), desk.t(words.DEFINED, doc=desk.t(m.doc), clause=m.clause, version=m.version))
        for m in (desk.metrics[metric] for metric in USED)
    ]
    source = desk.t(plan.source)
    return (
        Footnote(desk.t(words.AS_OF_TERM), desk.t(words.AS_OF_SAID, seq=d.as_of, last=desk.day(d.to_on))),
        Footnote(desk.t(words.PLAN_TERM), desk.t(words.PLAN_SAID, id=plan.id, version=plan.version, source=source)),
        *goals,
        *used,
        *_rules(desk),
        Footnote(desk.t(words.PRIVACY_TERM), desk.t(words.PRIVACY_SAID)),
        *(Footnote(desk.t(words.WARNING_TERM), warning) for warning in warnings),
    )


def _rules(desk: Desk) -> tuple[Footnote, ...]:
    plan, signs, limits = desk.plan, desk.plan.perfunctory, desk.plan.deadlines
    none = desk.share(0, 0).printed
    phase = next((p for p in plan.phases if p.starts_on is not None), plan.phases[0])
    return (
        Footnote(
            desk.t(words.ROUNDING_TERM),
            desk.t(words.ROUNDING_SAID[plan.rounding.mode], digits=plan.rounding.digits, none=none),
        ),
        Footnote(
            desk.t(words.LIMITS_TERM),
            desk.t(
                words.LIMITS_SAID,
                handle=limits.handle_days,
                back=limits.return_days,
                basis=desk.t(limits.basis),
                clause=limits.clause,
            ),
        ),
        Footnote(desk.t(words.PACE_TERM), desk.t(words.PACE_RULE, phase=desk.t(phase.label))),
        Footnote(desk.t(words.SPOTS_TERM), desk.t(words.SPOTS_RULE)),
        Footnote(
            desk.t(words.SIGNS_TERM),
            desk.t(
                words.SIGNS_SAID,
                visits=signs.min_visits,
                hour=signs.per_hour,
                none=signs.none_share_percent,
                closed=signs.min_closed,
                bad=signs.not_solved_percent,
                clause=signs.clause,
            ),
        ),
    )
