"""Coverage per duty: one case per target and duty, served as the plan's overlaps say."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from attrs import frozen

from zoufang.analysis.metric import Grain, Metric, Window, hit
from zoufang.analysis.roster import whereabouts
from zoufang.facts import Tables, latest, up_to, visits_in_force
from zoufang.model import CampaignPlan, Outcome, Owes, Part, owes, served_together
from zoufang.typing import Text

DUTY_GRAINS: tuple[Grain, ...] = ("duty_id", "unit_id", "community", "kind")


@frozen
class _ByDuty:
    """From the tables and a window to one row per target and duty.

    Args:
        plan: Its duties and overlaps say which visit serves which duty.
    """

    plan: CampaignPlan

    def __call__(self, tables: Tables, window: Window) -> sa.Select[Any]:
        """Return one row per target and duty; a hit was served."""
        duty, where = _answering(tables, window), whereabouts(tables, window.as_of)
        seen = _seen(tables, window, "target_id")
        linked = self._linked(tables, window)
        since = () if window.to_on is None else (where.c.since_on <= window.to_on,)
        served = seen.c.target_id.is_not(None) | linked.c.target_id.is_not(None)
        own, every = (self._wants(where.c.kind, duty.c.duty_id, what) for what in (Owes.OWN, Owes.ALL))
        tests = sa.case((every, duty.c.n_seen == duty.c.n_units), (own, duty.c.n_seen > 0), else_=served)
        return (
            sa.select(
                (duty.c.target_id + "/" + duty.c.duty_id).label("case_id"),
                hit(tests),
                duty.c.duty_id,
                duty.c.unit_id,
                where.c.community,
                where.c.kind,
            )
            .select_from(duty)
            .join(where, where.c.target_id == duty.c.target_id)
            .outerjoin(seen, seen.c.target_id == duty.c.target_id)
            .outerjoin(linked, linked.c.target_id == duty.c.target_id)
            .where(*since)
        )

    def _wants(self, kind: Any, duty_id: Any, what: Owes) -> sa.ColumnElement[bool]:
        pairs = [(k.id, duty) for k in self.plan.kinds for duty, owed in owes(self.plan, k.id).items() if owed is what]
        tests = [sa.and_(kind == k, duty_id == duty) for k, duty in pairs]
        return sa.or_(sa.false(), *tests)

    def _linked(self, tables: Tables, window: Window) -> sa.Subquery:
        """Return the targets whose linked one was reached, where the plan lets one visit serve both."""
        pairs = served_together(self.plan)
        if not pairs:  # nothing to look for: no join of the roster with itself
            return sa.select(tables.targets.c.target_id).where(sa.false()).subquery("linked")
        one = latest(tables.targets, "target_id", window.as_of).alias("one")
        two = latest(tables.targets, "target_id", window.as_of).alias("two")
        seen = _seen(tables, window, "target_id").alias("seen_there")
        kinds = sa.or_(*(sa.and_(one.c.kind == a, two.c.kind == b) for a, b in sorted(pairs)))
        there = one.join(two, sa.and_(one.c.linked_to == two.c.target_id, kinds))
        # Two plain joins rather than one with an "or", which no index could serve.
        ways = [
            sa.select(mine.c.target_id).select_from(there.join(seen, seen.c.target_id == other.c.target_id))
            for mine, other in ((one, two), (two, one))
        ]
        return sa.union(*ways).subquery("linked")


def _answering(tables: Tables, window: Window) -> sa.Subquery:
    """Return each target's duties by the latest round: the units that answer by each, and how many of them went."""
    a = tables.assignments
    mine = (a.c.subject == "target", *up_to(a, window.as_of))
    last = (
        sa.select(a.c.subject_id, sa.func.max(a.c.round).label("round"))
        .where(*mine)
        .group_by(a.c.subject_id)
        .subquery("last_round")
    )
    went = _seen(tables, window, "target_id", "unit_id")
    lead = sa.func.max(sa.case((a.c.part == str(Part.LEAD), a.c.unit_id)))
    return (
        sa.select(
            a.c.subject_id.label("target_id"),
            a.c.duty_id,
            sa.func.coalesce(lead, sa.func.min(a.c.unit_id)).label("unit_id"),
            sa.func.count().label("n_units"),
            sa.func.count(went.c.target_id).label("n_seen"),
        )
        .select_from(a)
        .join(last, sa.and_(a.c.subject_id == last.c.subject_id, a.c.round == last.c.round))
        .outerjoin(went, sa.and_(went.c.target_id == a.c.subject_id, went.c.unit_id == a.c.unit_id))
        .where(*mine, a.c.duty_id != "")
        .group_by(a.c.subject_id, a.c.duty_id)
        .subquery("answering")
    )


def _seen(tables: Tables, window: Window, *by: str) -> sa.Subquery:
    visits = visits_in_force(tables, window.as_of)
    met = (visits.c.outcome == str(Outcome.MET), *window.known(visits), *window.begun(visits.c.on))
    return sa.select(*(visits.c[name] for name in by)).distinct().where(*met).subquery()


def visited_by_duty(plan: CampaignPlan) -> Metric:
    """Return the metric that counts coverage per duty, as the plan's overlaps want it.

    Args:
        plan: Its duties and overlaps say which visit serves which duty.

    Plan: 一, 二
    """
    return Metric(
        id="visited_by_duty",
        version=1,
        label=Text(zh="按职责走访率", en="Visited, by duty"),
        clause="二",
        doc=Text(
            zh="分母：截止日前已列入名册的走访对象与其每一项职责（一个对象有几项职责就计几次）；分子：期内该职责已履行。"
            "交叉规则为“各走访一次”的，须由该职责自己的单位见到人；方案写明“一次走访同时算数”的，"
            "对关联对象的走访也算；其余由谁见到都算。",
            en="One case per target on the roster and duty that covers it; hits are served in the window. Where the "
            "overlap says that each owes a visit, one of the duty's own units must have reached a person; where the "
            "plan lets one visit serve both, a visit to the linked target counts too; else anybody's visit counts.",
        ),
        cases=_ByDuty(plan),
        grains=DUTY_GRAINS,
    )
