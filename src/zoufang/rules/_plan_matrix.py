"""The plan check's second subject: who answers for whom, and what happens where two answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations

from zoufang.model import CampaignPlan, Duty, Overlap, OverlapRule, Scope
from zoufang.rules._plan_sentences import Remark, say
from zoufang.typing import AreaId, KindId, Text, UnitId

DAY = timedelta(days=1)
MOST_VERSIONS = 9999
PAIR = 2
_ELSEWHERE = Text("其他社区", "the other communities")


def matrix_errors(plan: CampaignPlan) -> Iterator[Remark]:
    """Find targets that nobody answers for, and overlaps that nobody decided."""
    yield from _kinds(plan)
    yield from _overlaps(plan)
    for i, duty in enumerate(plan.duties):
        if duty.scope is Scope.OWN_AREA and not duty.areas and not _in_each_community(plan, duty):
            yield say("own_area_of_whom", f"$.duties[{i}].scope", duty.clause)
        for unit_id in sorted(set(duty.leads) & set(duty.co)):
            yield say("duplicate", f"$.duties[{i}].co", duty.clause, id=unit_id)
    yield from _times(plan)


def matrix_remarks(plan: CampaignPlan) -> Iterator[Remark]:
    """Say how each overlap is decided, and which kinds are covered only in part."""
    for i, overlap in enumerate(plan.overlaps):
        yield _decided(plan, overlap, f"$.overlaps[{i}]")
    for i, kind in enumerate(plan.kinds):
        areas = _areas(plan, kind.id)
        if areas:
            yield say("kind_in_some_areas", f"$.kinds[{i}]", kind.clause, kind=kind.label, areas=areas)
        everywhere = set.intersection(*map(set, (gaps := _unanswered(plan, kind.id)).values()))
        for place, spans in gaps.items():
            for first, last in spans:
                named = {"kind": kind.label, "first": first, "last": last}
                if (first, last) not in everywhere:
                    area = place or _ELSEWHERE
                    yield say("kind_unanswered_here", f"$.kinds[{i}]", kind.clause, area=area, **named)
                elif place is None:
                    yield say("kind_unanswered", f"$.kinds[{i}]", kind.clause, **named)


# --- kinds and their leads --------------------------------------------------------------------------------------


def _kinds(plan: CampaignPlan) -> Iterator[Remark]:
    declared = {frozenset(overlap.kinds) for overlap in plan.overlaps}
    for i, kind in enumerate(plan.kinds):
        place = f"$.kinds[{i}]"
        more_general = _more_general(plan, kind.id)
        if not any(_duties(plan, k) for k in (kind.id, *more_general)):
            yield say("kind_without_duty", place, kind.clause, kind=kind.label)
        if kind.id in more_general:
            yield say("kind_loop", f"{place}.specific_of", kind.clause, kind=kind.label)
        if frozenset({kind.id}) not in declared and _contested(plan, kind.id):
            leads = _lead_names(plan, kind.id)
            yield say("several_leads", place, kind.clause, kind=kind.label, id=kind.id, leads=leads)
        for general in more_general if _duties(plan, kind.id) else ():
            pair = frozenset({kind.id, general})
            if general != kind.id and _duties(plan, general) and pair not in declared:
                named = {"kind": kind.label, "general": _label(plan, general)}
                yield say("overlap_undeclared", place, kind.clause, **named)


def _duties(plan: CampaignPlan, kind_id: KindId) -> tuple[Duty, ...]:
    return tuple(duty for duty in plan.duties if kind_id in duty.kinds)


def _contested(plan: CampaignPlan, kind_id: KindId) -> bool:
    """Say whether one target of a kind can have two leads: in one duty, or in two that share an area."""
    duties = _duties(plan, kind_id)
    return any(len(set(duty.leads)) > 1 for duty in duties) or any(
        set(one.leads) != set(two.leads) and _share_an_area(one, two) and _share_a_day(one, two)
        for one, two in combinations(duties, 2)
    )


def _share_an_area(one: Duty, two: Duty) -> bool:
    return not one.areas or not two.areas or bool(set(one.areas) & set(two.areas))


def _share_a_day(one: Duty, two: Duty) -> bool:
    first = max((duty.since_on for duty in (one, two) if duty.since_on), default=date.min)
    last = min((duty.until_on for duty in (one, two) if duty.until_on), default=date.max)
    return first <= last


def _times(plan: CampaignPlan) -> Iterator[Remark]:
    """Find duties that end before they begin, and two versions of one that are in force at once."""
    for i, duty in enumerate(plan.duties):
        if not 1 <= duty.version <= MOST_VERSIONS:
            value = {"value": duty.version, "low": 1, "high": MOST_VERSIONS}
            yield say("out_of_range", f"$.duties[{i}].version", duty.clause, **value)
        if duty.since_on and duty.until_on and duty.since_on > duty.until_on:
            days = {"since": duty.since_on, "until": duty.until_on}
            yield say("duty_backwards", f"$.duties[{i}].until_on", duty.clause, id=duty.id, **days)
    for (_, one), (j, two) in combinations(enumerate(plan.duties), 2):
        if one.id == two.id and one.version != two.version and _share_a_day(one, two):
            numbers = {"one": one.version, "two": two.version}
            yield say("duty_versions", f"$.duties[{j}].since_on", two.clause, id=one.id, **numbers)


def _unanswered(plan: CampaignPlan, kind_id: KindId) -> dict[AreaId | None, tuple[tuple[date, date], ...]]:
    """Return the spans of days on which no duty for a kind is in force, by community.

    Returns:
        One entry for each community that a duty of the kind is limited to, and None for all others, first. Where no
        duty holds at all, at any time, there is no span: another remark says so.
    """
    duties = [duty for k in (kind_id, *_more_general(plan, kind_id)) for duty in _duties(plan, k)]
    named = dict.fromkeys(area for duty in duties for area in duty.areas)
    return {
        place: tuple(_spans(plan, [duty for duty in duties if not duty.areas or place in duty.areas]))
        for place in (None, *named)
    }


def _spans(plan: CampaignPlan, duties: Sequence[Duty]) -> Iterator[tuple[date, date]]:
    if not plan.phases:
        return
    day = plan.first_on
    for duty in sorted(duties, key=lambda d: d.since_on or date.min):
        if duty.since_on and duty.since_on > day:
            yield day, min(duty.since_on - DAY, plan.last_on)
        if duty.until_on is None or duty.until_on >= plan.last_on:
            return
        day = max(day, duty.until_on + DAY)
    if duties and day <= plan.last_on:
        yield day, plan.last_on


def _more_general(plan: CampaignPlan, kind_id: KindId) -> tuple[KindId, ...]:
    """Return the kinds that a kind also is, the nearest first; itself among them only in a loop."""
    found: list[KindId] = []
    here = plan.kind[kind_id].specific_of if kind_id in plan.kind else None
    while here is not None and here in plan.kind and here not in found:
        found.append(here)
        here = plan.kind[here].specific_of
    return tuple(found)


def _areas(plan: CampaignPlan, kind_id: KindId) -> tuple[AreaId, ...]:
    """Return the communities that a kind's duties are limited to; empty where one holds everywhere."""
    duties = [duty for k in (kind_id, *_more_general(plan, kind_id)) for duty in _duties(plan, k)]
    if not all(duty.areas for duty in duties):
        return ()
    return tuple(dict.fromkeys(area for duty in duties for area in duty.areas))


def _in_each_community(plan: CampaignPlan, duty: Duty) -> bool:
    return any(plan.unit[unit].per_community for unit in duty.leads if unit in plan.unit)


# --- overlaps ---------------------------------------------------------------------------------------------------


def _overlaps(plan: CampaignPlan) -> Iterator[Remark]:
    seen: set[frozenset[KindId]] = set()
    for i, overlap in enumerate(plan.overlaps):
        kinds = frozenset(overlap.kinds)
        if kinds in seen:
            yield say("overlap_twice", f"$.overlaps[{i}]", overlap.clause)
        seen.add(kinds)
        if overlap.rule is OverlapRule.SPECIFIC and _special_and_general(plan, overlap) is None:
            yield say("not_specific", f"$.overlaps[{i}].rule", overlap.clause)
        if overlap.one_visit_serves and (overlap.rule is not OverlapRule.EACH or len(kinds) != PAIR):
            yield say("serves_without_each", f"$.overlaps[{i}].one_visit_serves", overlap.clause)


def _special_and_general(plan: CampaignPlan, overlap: Overlap) -> tuple[KindId, KindId] | None:
    if len(overlap.kinds) != 2:
        return None
    one, two = overlap.kinds
    if two in _more_general(plan, one):
        return one, two
    return (two, one) if one in _more_general(plan, two) else None


def _decided(plan: CampaignPlan, overlap: Overlap, place: str) -> Remark:
    labels = tuple(_label(plan, kind_id) for kind_id in overlap.kinds)
    leads = _lead_names(plan, *overlap.kinds)
    pair = _special_and_general(plan, overlap)
    if overlap.rule is OverlapRule.SPECIFIC and pair is not None:
        special, general = pair
        return say(
            "overlap_specific",
            place,
            overlap.clause,
            special=_label(plan, special),
            general=_label(plan, general),
            leads=_lead_names(plan, special),
        )
    if len(overlap.kinds) == 1 and not _contested(plan, overlap.kinds[0]):
        return say("overlap_idle", place, overlap.clause, kind=labels[0])
    each = "each_served" if overlap.one_visit_serves else "overlap_each"
    code = "overlap_joint" if overlap.rule is OverlapRule.JOINT else each
    return say(code, place, overlap.clause, kinds=labels, leads=leads)


def _label(plan: CampaignPlan, kind_id: KindId) -> Text | str:
    return plan.kind[kind_id].label if kind_id in plan.kind else kind_id


def _lead_names(plan: CampaignPlan, *kind_ids: KindId) -> tuple[str, ...]:
    leads: dict[UnitId, None] = {}
    for kind_id in kind_ids:
        leads.update(dict.fromkeys(unit for duty in _duties(plan, kind_id) for unit in duty.leads))
    return tuple(plan.unit[unit].name if unit in plan.unit else unit for unit in leads)
