"""Read the responsibility matrix: which units claim which targets and tickets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple

from zoufang.model import AreaTree, CampaignPlan, Claim, Duty, OverlapRule, Part, Target, Ticket
from zoufang.typing import AreaId, DutyId, KindId, TargetId, UnitId


class Line(NamedTuple):
    """What the matrix says of every target of a kind in a place.

    Attributes:
        unit_id: The unit.
        part: Lead or co.
        rule: ``matrix:`` and the duty's key.
        reason: One plain sentence.
        duty_id: The duty by which it answers; empty where it only helps.
    """

    unit_id: UnitId
    part: Part
    rule: str
    reason: str
    duty_id: DutyId | Literal[""]


def kinds_of(plan: CampaignPlan, kind: KindId) -> tuple[KindId, ...]:
    """Return a kind and the more general kinds that it is also, the most specific first.

    Plan: 二
    """
    found: list[KindId] = []
    here: KindId | None = kind
    while here is not None and here not in found:
        found.append(here)
        here = plan.kind[here].specific_of
    return tuple(found)


def duties_for(
    plan: CampaignPlan, kind: KindId, community: AreaId | None, on: date | None = None
) -> tuple[tuple[Duty, OverlapRule], ...]:
    """Return the duties that cover a kind of target in a community, and how each stands to the first.

    A duty of the kind itself comes first. A duty of a more general kind is left out where the plan declares specific
    over general, and joins in otherwise.

    Args:
        plan: Its duties and overlaps apply.
        kind: The kind of target.
        community: Where it stands; None outside every community.
        on: The day on which they must be in force; None asks for no day.

    Plan: 二
    """
    found: list[tuple[Duty, OverlapRule]] = []
    for general in kinds_of(plan, kind):
        rule = OverlapRule.JOINT if general == kind else overlap_of(plan, kind, general)
        for duty in plan.duties:
            here = general in duty.kinds and (not duty.areas or community in duty.areas) and duty.holds_on(on)
            if here and not (found and rule is OverlapRule.SPECIFIC):
                found.append((duty, rule))
    return tuple(found)


def overlap_of(plan: CampaignPlan, kind: KindId, general: KindId) -> OverlapRule:
    """Return how a kind and a more general one are decided: as declared, else specific over general.

    Plan: 二
    """
    for overlap in plan.overlaps:
        if kind in overlap.kinds and general in overlap.kinds and len(overlap.kinds) > 1:
            return overlap.rule
    return OverlapRule.SPECIFIC


def lines_for(plan: CampaignPlan, kind: KindId, community: AreaId | None, on: date | None = None) -> tuple[Line, ...]:
    """Return what the matrix says of every target of a kind in a community.

    Args:
        plan: Its duties and overlaps apply.
        kind: The kind of target.
        community: Where it stands; None outside every community.
        on: The day on which duties must be in force; None asks for no day.

    Returns:
        One lead and any co; empty where no duty covers it. A joint lead is a co with its duty; who only helps has
        none.

    Plan: 二
    """
    lines: list[Line] = []
    taken: set[tuple[UnitId, str]] = set()
    for duty, _rule in duties_for(plan, kind, community, on):
        for unit_id in (*duty.leads, *duty.co):
            unit = unit_here(plan, unit_id, community)
            answers = unit_id in duty.leads
            if unit is None or (unit, duty.id) in taken or (not answers and unit in {u for u, _ in taken}):
                continue
            taken.add((unit, duty.id))
            part = Part.CO if lines or not answers else Part.LEAD
            joint = "" if part is Part.LEAD or not answers else " (joint lead)"
            reason = f"duty {duty.key}, plan {duty.clause}{joint}"
            lines.append(Line(unit, part, f"matrix:{duty.key}", reason, duty.id if answers else ""))
    return tuple(lines)


def unit_here(plan: CampaignPlan, unit_id: UnitId, community: AreaId | None) -> UnitId | None:
    """Return the unit that a plan's unit means in a community: the community itself where it stands for one in each.

    Plan: 二
    """
    if not plan.unit[unit_id].per_community:
        return unit_id
    return None if community is None else UnitId(community)


def claim_targets(
    plan: CampaignPlan, areas: AreaTree, targets: Sequence[Target], on: date | None = None
) -> Iterator[Claim]:
    """Say for each target who leads and who helps, as the matrix has it.

    Args:
        plan: Its duties and overlaps apply.
        areas: Where the targets stand.
        targets: The batch.
        on: The day on which duties must be in force; None asks for no day.

    Returns:
        One lead claim and any co claims for each target that a duty covers.

    Plan: 二
    """
    known: dict[tuple[KindId, AreaId | None], tuple[Line, ...]] = {}
    for target in targets:
        place = (target.kind, areas.community_of(target.area_id))
        lines = known.get(place)
        if lines is None:
            lines = known[place] = lines_for(plan, *place, on)
        for unit_id, part, rule, reason, duty_id in lines:
            yield Claim(target.id, unit_id, part, rule, reason, duty_id)


def claim_tickets(
    plan: CampaignPlan, areas: AreaTree, leads: Mapping[TargetId, UnitId], tickets: Sequence[Ticket]
) -> Iterator[Claim]:
    """Say for each ticket who leads and who helps: the topic's unit, else the target's own, else the community.

    Args:
        plan: Its topics apply.
        areas: Where the tickets are.
        leads: The lead unit of each target that a ticket names.
        tickets: The batch.

    Returns:
        At most one lead claim a ticket, and the community as co where it does not lead itself.

    Plan: 四(二)
    """
    for ticket in tickets:
        here = ticket.area_id
        community = areas.community_of(here) if here is not None and here in areas else None
        local = None if community is None else UnitId(community)
        topic = plan.topic[ticket.topic_id]
        by_topic = None if topic.unit is None else unit_here(plan, topic.unit, community)
        by_target = None if ticket.target_id is None else leads.get(ticket.target_id)
        who = ((by_topic, f"topic:{topic.id}"), (by_target, "own"), (local, "area"))
        lead, rule = next(((unit, rule) for unit, rule in who if unit), (None, ""))
        if lead is not None:
            yield Claim(subject_id=ticket.id, unit_id=lead, part=Part.LEAD, rule=rule, reason=f"topic {topic.id}")
        if local is not None and local != lead:
            yield Claim(subject_id=ticket.id, unit_id=local, part=Part.CO, rule="area", reason="where it is")


def units_of(plan: CampaignPlan, tree: AreaTree) -> frozenset[UnitId]:
    """Return every unit: those of the plan, and one for each community.

    Plan: 二
    """
    own = {unit.id for unit in plan.units if not unit.per_community}
    return frozenset(own | {unit for area_id in tree if (unit := tree.unit_of(area_id)) is not None})
