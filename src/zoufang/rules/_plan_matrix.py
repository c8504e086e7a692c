"""The plan check's second subject: who answers for whom, and what happens where two answer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from zoufang.model import CampaignPlan, Duty, Overlap, OverlapRule, Scope
from zoufang.rules._plan_sentences import Remark, say
from zoufang.typing import AreaId, KindId, Text, UnitId


def matrix_errors(plan: CampaignPlan) -> Iterator[Remark]:
    """Find targets that nobody answers for, and overlaps that nobody decided."""
    yield from _kinds(plan)
    yield from _overlaps(plan)
    for i, duty in enumerate(plan.duties):
        if duty.scope is Scope.OWN_AREA and not duty.areas and not _in_each_community(plan, duty):
            yield say("own_area_of_whom", f"$.duties[{i}].scope", duty.clause)
        for unit_id in sorted(set(duty.leads) & set(duty.co)):
            yield say("duplicate", f"$.duties[{i}].co", duty.clause, id=unit_id)


def matrix_remarks(plan: CampaignPlan) -> Iterator[Remark]:
    """Say how each overlap is decided, and which kinds are covered only in part."""
    for i, overlap in enumerate(plan.overlaps):
        yield _decided(plan, overlap, f"$.overlaps[{i}]")
    for i, kind in enumerate(plan.kinds):
        areas = _areas(plan, kind.id)
        if areas:
            yield say("kind_in_some_areas", f"$.kinds[{i}]", kind.clause, kind=kind.label, areas=areas)


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
        set(one.leads) != set(two.leads) and _share_an_area(one, two) for one, two in combinations(duties, 2)
    )


def _share_an_area(one: Duty, two: Duty) -> bool:
    return not one.areas or not two.areas or bool(set(one.areas) & set(two.areas))


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
    code = "overlap_joint" if overlap.rule is OverlapRule.JOINT else "overlap_each"
    return say(code, place, overlap.clause, kinds=labels, leads=leads)


def _label(plan: CampaignPlan, kind_id: KindId) -> Text | str:
    return plan.kind[kind_id].label if kind_id in plan.kind else kind_id


def _lead_names(plan: CampaignPlan, *kind_ids: KindId) -> tuple[str, ...]:
    leads: dict[UnitId, None] = {}
    for kind_id in kind_ids:
        leads.update(dict.fromkeys(unit for duty in _duties(plan, kind_id) for unit in duty.leads))
    return tuple(plan.unit[unit].name if unit in plan.unit else unit for unit in leads)
