"""The plan against a register: who is missing, and for whom nobody answers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from zoufang.model import Area, AreaLevel, AreaTree, CampaignPlan, Duty, OverlapRule, Part, Person, Role, Roster
from zoufang.rules._plan_sentences import Remark, say
from zoufang.rules.matrix import duties_for, lines_for, unit_here
from zoufang.typing import AreaId, KindId, UnitId

SHOWN = 5


def check_register(plan: CampaignPlan, roster: Roster, on: date | None = None) -> tuple[Remark, ...]:
    """Find what a plan and a register do not say of each other.

    Args:
        plan: A plan without errors.
        roster: The whole register.
        on: The day on which duties must be in force; None asks for no day.

    Returns:
        Remarks only: kinds without a duty somewhere, duties for places that are not there or for nobody, several
        leads without a rule, units without people or without anybody who could go, grids without a grid worker.

    Raises:
        UnknownAreaError: An area whose parent is not in the register.
        AreaLoopError: An area that is its own ancestor.

    Plan: 二, 四(一)
    """
    street = Area(AreaId(plan.street.code), plan.street.name.zh, AreaLevel.STREET)
    tree = AreaTree({street.id: street, **{area.id: area for area in roster.areas}}.values())
    standing = Counter(
        (t.kind, tree.community_of(t.area_id)) for t in roster.targets if t.kind in plan.kind and t.area_id in tree
    )
    return (
        *_unanswered(plan, tree, standing, on),
        *_duties(plan, tree, standing, on),
        *_double(plan, tree, standing, on),
        *_people(plan, roster, standing, on, {area.id: area.name for area in tree.values()}),
        *_grids(plan, tree, roster),
    )


Standing = Counter[tuple[KindId, AreaId | None]]


def _communities(tree: AreaTree) -> list[AreaId]:
    return sorted(area.id for area in tree.values() if area.level is AreaLevel.COMMUNITY)


def _unanswered(plan: CampaignPlan, tree: AreaTree, standing: Standing, on: date | None) -> Iterator[Remark]:
    for i, kind in enumerate(plan.kinds):
        places: list[AreaId | None] = [*_communities(tree)]
        if standing[kind.id, None]:
            places.append(None)
        empty = [p for p in places if not any(x.part is Part.LEAD for x in lines_for(plan, kind.id, p, on))]
        if empty:
            names = tuple(plan.street.name if p is None else tree[p].name for p in empty)
            n = sum(standing[kind.id, p] for p in empty)
            yield say("register_unanswered", f"$.kinds[{i}]", kind.clause, kind=kind.label, areas=names, n=n)


def _duties(plan: CampaignPlan, tree: AreaTree, standing: Standing, on: date | None) -> Iterator[Remark]:
    covered: set[str] = {duty.key for (kind, place), n in standing.items() if n for duty in _of(plan, kind, place, on)}
    for i, duty in enumerate(plan.duties):
        for area_id in duty.areas:
            if area_id not in tree:
                yield say("register_unknown_area", f"$.duties[{i}].areas", duty.clause, duty=duty.key, area=area_id)
        if duty.key not in covered and duty.holds_on(on):
            yield say("register_idle_duty", f"$.duties[{i}]", duty.clause, duty=duty.key)


def _of(plan: CampaignPlan, kind: KindId, place: AreaId | None, on: date | None) -> list[Duty]:
    return [duty for duty, _ in duties_for(plan, kind, place, on)]


def _double(plan: CampaignPlan, tree: AreaTree, standing: Standing, on: date | None) -> Iterator[Remark]:
    """Find several leads of one kind where the plan declares no rule for it: joint, or each."""
    for i, kind in enumerate(plan.kinds):
        if any(kind.id in o.kinds and o.rule is not OverlapRule.SPECIFIC for o in plan.overlaps):
            continue
        found: defaultdict[tuple[UnitId, ...], list[str]] = defaultdict(list)
        for place in _communities(tree):
            leads = {
                unit
                for duty, _ in duties_for(plan, kind.id, place, on)
                for unit in (unit_here(plan, lead, place) for lead in duty.leads)
                if unit is not None
            }
            if len(leads) > 1 and standing[kind.id, place]:
                found[tuple(sorted(leads))].append(tree[place].name)
        for leads_, areas in found.items():
            named = {"areas": tuple(areas), "leads": tuple(_name(plan, unit, {}) for unit in leads_)}
            yield say("register_double_lead", f"$.kinds[{i}]", kind.clause, kind=kind.label, **named)


def _people(
    plan: CampaignPlan, roster: Roster, standing: Standing, on: date | None, names: dict[AreaId, str]
) -> Iterator[Remark]:
    staff: defaultdict[UnitId, list[Person]] = defaultdict(list)
    for person in roster.people:
        staff[person.unit_id].append(person)
    n_of: Counter[tuple[str, UnitId]] = Counter()
    for (kind, place), n in standing.items():
        for line in lines_for(plan, kind, place, on):
            if line.duty_id:
                n_of[line.duty_id, line.unit_id] += n
    places = {duty.id: (i, duty) for i, duty in reversed(list(enumerate(plan.duties)))}
    for (duty_id, unit_id), n in sorted(n_of.items()):
        i, duty = next(found for key, found in places.items() if key == duty_id)
        unit, people = _name(plan, unit_id, names), staff[unit_id]
        if not people:
            yield say("register_no_people", f"$.duties[{i}]", duty.clause, unit=unit, n=n)
        elif not any(p.capacity > 0 and (not duty.visitors or p.role in duty.visitors) for p in people):
            roles = tuple(_roles(plan, duty.visitors))
            yield say("register_no_capacity", f"$.duties[{i}].visitors", duty.clause, unit=unit, n=n, roles=roles)


def _roles(plan: CampaignPlan, roles: Iterable[str]) -> Iterator[object]:
    labels = {entry.role: entry.label for entry in plan.roles}
    return (labels.get(Role(role), role) for role in roles)


def _name(plan: CampaignPlan, unit_id: UnitId, names: dict[AreaId, str]) -> str:
    return plan.unit[unit_id].name if unit_id in plan.unit else names.get(AreaId(unit_id), unit_id)


def _grids(plan: CampaignPlan, tree: AreaTree, roster: Roster) -> Iterator[Remark]:
    """Find grids whose residents' duty sends grid workers and that have none of their own."""
    kinds = {kind for duty in plan.duties if Role.GRID_WORKER in duty.visitors for kind in duty.kinds}
    looked_after = {person.area_id for person in roster.people if person.role is Role.GRID_WORKER}
    grids = sorted(
        {
            t.area_id
            for t in roster.targets
            if t.kind in kinds and t.area_id in tree and tree[t.area_id].level is AreaLevel.GRID
        }
        - looked_after
    )
    if grids:
        shown = (*(tree[grid].name for grid in grids[:SHOWN]), *(["…"] if len(grids) > SHOWN else []))
        yield say("register_no_worker", "$.duties", "二", n=len(grids), areas=shown)
