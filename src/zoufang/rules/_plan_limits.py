"""The plan check's view of time limits, gates and masks: classes, hours, verbs by phase, masks by role."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from zoufang.model import CampaignPlan, GateState
from zoufang.model.limits import minute_of
from zoufang.rules._plan_sentences import Remark, hint, say
from zoufang.rules.gates import GATED, NEVER_CLOSED, OUTSIDE
from zoufang.typing import Text

MOST = 365
_TOPIC, _CLASS = Text("主题", "topic"), Text("时限类别", "class of time limits")
_VERB, _PHASE = Text("动作", "verb"), Text("阶段", "phase")


def limit_errors(plan: CampaignPlan) -> Iterator[Remark]:
    """Find classes, hours, gates and masks that cannot be used."""
    yield from _classes(plan)
    yield from _numbers(plan)
    yield from _hours(plan)
    yield from _gates(plan)
    yield from _masks(plan)


def limit_remarks(plan: CampaignPlan) -> Iterator[Remark]:
    """Say which numbers are not those of the published rule."""
    rule = plan.deadlines
    for entry in rule.presumed:
        yield say("presumed", f"$.deadlines.{entry}", rule.clause, preset=rule.preset)


def _classes(plan: CampaignPlan) -> Iterator[Remark]:
    rule = plan.deadlines
    ids = [line.id for line in rule.classes]
    for i, line in enumerate(rule.classes):
        if line.id in ids[:i]:
            yield say("duplicate", f"$.deadlines.classes[{i}].id", rule.clause, id=line.id)
        if not 1 <= line.limit.n <= MOST:
            yield say("out_of_range", f"$.deadlines.classes[{i}].limit.n", value=line.limit.n, low=1, high=MOST)
    for topic, class_id in rule.by_topic.items():
        place = f"$.deadlines.by_topic.{topic}"
        if topic not in plan.topic:
            yield say("unknown", place, rule.clause, what=_TOPIC, id=topic, hint=hint(topic, plan.topic))
        if class_id not in ids:
            yield say("unknown", place, rule.clause, what=_CLASS, id=class_id, hint=hint(class_id, ids))


def _numbers(plan: CampaignPlan) -> Iterator[Remark]:
    rule = plan.deadlines
    for name in ("reopen_days", "yellow_days", "red_days"):
        value = getattr(rule, name)
        if value is not None and not 1 <= value <= MOST:
            yield say("out_of_range", f"$.deadlines.{name}", rule.clause, value=value, low=1, high=MOST)
    if rule.count.by_the_clock:
        yield say("counted_in_hours", "$.deadlines.count", rule.clause)


def _hours(plan: CampaignPlan) -> Iterator[Remark]:
    rule = plan.deadlines
    if not rule.hours:
        yield say("empty", "$.deadlines.hours", rule.clause)
    for i, stretch in enumerate(rule.hours):
        for name in ("opens", "closes"):
            if minute_of(said := getattr(stretch, name)) is None:
                yield say("no_clock_time", f"$.deadlines.hours[{i}].{name}", rule.clause, found=said)
        if stretch.to_minute <= stretch.from_minute:
            yield say("hours_backwards", f"$.deadlines.hours[{i}].closes", rule.clause, opens=stretch.opens)
    for i, (before, after) in enumerate(pairwise(rule.hours), start=1):
        if after.from_minute < before.to_minute:
            yield say("hours_backwards", f"$.deadlines.hours[{i}].opens", rule.clause, opens=before.closes)


def _gates(plan: CampaignPlan) -> Iterator[Remark]:
    phases = (*(phase.id for phase in plan.phases), OUTSIDE)
    seen: set[tuple[str, str]] = set()
    for i, gate in enumerate(plan.gates):
        at = f"$.gates[{i}]"
        if gate.verb not in GATED:
            near = hint(gate.verb, sorted(GATED))
            yield say("unknown", f"{at}.verb", gate.clause, what=_VERB, id=gate.verb, hint=near)
        if gate.phase not in phases:
            yield say("unknown", f"{at}.phase", gate.clause, what=_PHASE, id=gate.phase, hint=hint(gate.phase, phases))
        if (gate.verb, gate.phase) in seen:
            yield say("duplicate", at, gate.clause, id=f"{gate.verb} {gate.phase}")
        seen.add((gate.verb, gate.phase))
        if gate.state is GateState.CLOSED and gate.verb in NEVER_CLOSED:
            yield say("never_closed", f"{at}.state", gate.clause, verb=gate.verb)


def _masks(plan: CampaignPlan) -> Iterator[Remark]:
    """Find a place and role with two lines: one of them would never apply."""
    seen: set[tuple[str, str]] = set()
    for i, rule in enumerate(plan.masks):
        mine = {(str(rule.where), str(role)) for role in rule.roles} or {(str(rule.where), "")}
        for where, role in sorted(mine & seen):
            yield say("duplicate", f"$.masks[{i}]", rule.clause, id=f"{where} {role}".strip())
        seen |= mine
