"""Metrics of visits: who was reached, and was everybody asked."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from zoufang.analysis.lateness import frozen_at
from zoufang.analysis.metric import Grain, Metric, OnGround, Test, Window, anything, hit
from zoufang.analysis.roster import on_record, on_roster, whereabouts
from zoufang.facts import Tables, visits_in_force
from zoufang.model import Outcome
from zoufang.typing import Text

TARGET_GRAINS: tuple[Grain, ...] = ("unit_id", "community", "kind")
VISIT_GRAINS: tuple[Grain, ...] = ("unit_id", "community", "kind", "person_id")


def _met(v: Any) -> sa.ColumnElement[bool]:
    met: sa.ColumnElement[bool] = v.outcome == str(Outcome.MET)
    return met


def _targets(reached: Test) -> OnGround:
    return OnGround(ground=on_roster, of=anything, n=reached, grains=TARGET_GRAINS)


def _visits(denominator: Test, numerator: Test) -> OnGround:
    return OnGround(ground=on_record, of=denominator, n=numerator, grains=VISIT_GRAINS)


def _first_visits(tables: Tables, window: Window) -> sa.Select[Any]:
    """Return the first visit to each target that was visited at all; a hit reached a person."""
    visits = visits_in_force(tables, window.as_of)
    v = visits.c
    w = whereabouts(tables, window.as_of)
    turn = (
        sa.func.row_number()
        .over(partition_by=v.target_id, order_by=(v.on, sa.func.coalesce(v.minute, 1440), v.visit_id))
        .label("turn")
    )
    ranked = (
        sa.select(v.target_id, v.outcome, v.unit_id, v.visitor_id, v.on, turn)
        .where(*window.known(visits))
        .subquery("ranked")
    )
    return (
        sa.select(
            ranked.c.target_id.label("case_id"),
            hit(ranked.c.outcome == str(Outcome.MET)),
            ranked.c.unit_id,
            w.c.community,
            w.c.kind,
            ranked.c.visitor_id.label("person_id"),
        )
        .select_from(ranked)
        .outerjoin(w, w.c.target_id == ranked.c.target_id)
        .where(ranked.c.turn == 1, *window.begun(ranked.c.on))
    )


def _late_visits(tables: Tables, window: Window) -> sa.Select[Any]:
    """Return every visit; a hit was recorded after the dispatch that covers its day had been frozen."""
    visits = visits_in_force(tables, window.as_of)
    v = visits.c
    w = whereabouts(tables, window.as_of)
    frozen = frozen_at(tables, visits, window)
    return (
        sa.select(
            v.visit_id.label("case_id"),
            hit(v.commit_seq > frozen.c.as_of),
            v.unit_id,
            w.c.community,
            w.c.kind,
            v.visitor_id.label("person_id"),
        )
        .select_from(visits.outerjoin(frozen, frozen.c.on == v.on).outerjoin(w, w.c.target_id == v.target_id))
        .where(*window.known(visits), *window.begun(v.on))
    )


def _outcome(outcome: Outcome, zh: str, en: str) -> Metric:
    return Metric(
        id=f"outcome_{outcome}",
        version=1,
        label=Text(zh=f"走访结果为{zh}的比例", en=f"Visits with outcome {en}"),
        clause="四(二)",
        doc=Text(
            zh=f"分母：期内全部走访记录；分子：结果为{zh}的记录。",
            en=f"Of all visits in the window, those whose outcome is {en}.",
        ),
        cases=_visits(anything, lambda v: v.outcome == str(outcome)),
        grains=VISIT_GRAINS,
    )


VISITED = Metric(
    id="visited",
    version=1,
    label=Text(zh="入户走访率", en="Targets visited"),
    clause="一",
    doc=Text(
        zh="分母：截止日前已列入名册的走访对象；分子：期内至少有一次见到人的走访。不在家、拒访、搬走、空置不算走访到。"
        "责任单位按最近一轮分工的牵头单位。",
        en="Of the targets on the roster by the last day, those with at least one visit in the window that "
        "reached a person; absent, refused, moved and vacant do not count. The unit is the lead of the latest round of "
        "assignment.",
    ),
    cases=_targets(lambda r: r.met == 1),
    grains=TARGET_GRAINS,
)
ATTEMPTED = Metric(
    id="attempted",
    version=1,
    label=Text(zh="首次上门覆盖率", en="Targets called on at least once"),
    clause="四(二)",
    doc=Text(
        zh="分母：截止日前已列入名册的走访对象；分子：期内至少有一次走访记录，不论结果。",
        en="Of the targets on the roster by the last day, those with at least one visit of any outcome in the window.",
    ),
    cases=_targets(lambda r: r.tried == 1),
    grains=TARGET_GRAINS,
)
FIRST_MET = Metric(
    id="first_met",
    version=1,
    label=Text(zh="首访见面率", en="Met at the first visit"),
    clause="四(二)",
    doc=Text(
        zh="分母：走访过的对象，首次走访在期内；分子：首次走访即见到人。责任单位按首次走访的单位。",
        en="Of the targets whose first visit lies in the window, those met at that first visit. The unit is "
        "that visit's.",
    ),
    cases=_first_visits,
    grains=VISIT_GRAINS,
)
COLLECTED = Metric(
    id="collected",
    version=1,
    label=Text(zh="意见诉求收集率", en="Visits on which everybody was asked"),
    clause="一",
    doc=Text(
        zh="分母：期内见到人的走访；分子：记有至少一条诉求、建议或好做法，或明确记有“无诉求”。",
        en="Of the visits in the window that reached a person, those with at least one finding or an explicit "
        '"no demand".',
    ),
    cases=_visits(_met, lambda v: sa.or_(v.n_findings > 0, v.no_demand == 1)),
    grains=VISIT_GRAINS,
)
MADE_KNOWN = Metric(
    id="made_known",
    version=1,
    label=Text(zh="政策宣传率", en="Visits on which something was made known"),
    clause="三(一)",
    doc=Text(
        zh="分母：期内见到人的走访；分子：记有至少一项宣传内容。",
        en="Of the visits in the window that reached a person, those on which at least one message was made known.",
    ),
    cases=_visits(_met, lambda v: v.made_known != ""),
    grains=VISIT_GRAINS,
)
NO_DEMAND = Metric(
    id="no_demand",
    version=1,
    label=Text(zh="无诉求比例", en='Visits that ended with "no demand"'),
    clause="五(二)",
    doc=Text(
        zh="分母：期内见到人的走访；分子：明确记有“无诉求”。",
        en='Of the visits in the window that reached a person, those with an explicit "no demand".',
    ),
    cases=_visits(_met, lambda v: v.no_demand == 1),
    grains=VISIT_GRAINS,
)
VISITS_MADE = Metric(
    id="visits_made",
    version=1,
    label=Text(zh="走访次数", en="Visits made"),
    clause="四(二)",
    doc=Text(zh="期内走访记录数，不论结果。", en="Visits in the window, of any outcome."),
    cases=_visits(anything, anything),
    grains=VISIT_GRAINS,
    counts=True,
)
LATE_VISITS = Metric(
    id="late_visits",
    version=1,
    label=Text(zh="走访迟报比例", en="Visits recorded late"),
    clause="五(二)",
    doc=Text(
        zh="分母：期内走访记录；分子：包含该走访日的调度已经定稿之后才录入的记录。以提交次序判定，不看录入时钟。",
        en="Of the visits in the window, those recorded after the dispatch that covers their day was frozen; told by "
        "the order of commits, never by a clock.",
    ),
    cases=_late_visits,
    grains=VISIT_GRAINS,
)

VISIT_METRICS: tuple[Metric, ...] = (
    VISITED,
    ATTEMPTED,
    FIRST_MET,
    COLLECTED,
    MADE_KNOWN,
    NO_DEMAND,
    VISITS_MADE,
    LATE_VISITS,
    _outcome(Outcome.MET, "见到", "met"),
    _outcome(Outcome.ABSENT, "不在家", "absent"),
    _outcome(Outcome.REFUSED, "拒访", "refused"),
    _outcome(Outcome.MOVED, "搬走", "moved"),
    _outcome(Outcome.VACANT, "空置", "vacant"),
)
"""Every metric of visits.

Plan: 一, 三(一), 三(二), 四(二), 五(二)
"""
