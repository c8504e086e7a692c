"""Which duties want a visit of their own, and where one visit serves two: read from a plan's overlaps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from itertools import permutations

from attrs import frozen

from zoufang.model.matrix import Assignment, Overlap, OverlapRule, Part
from zoufang.model.plan import CampaignPlan
from zoufang.typing import DutyId, KindId, UnitId


class Owes(StrEnum):
    """What visit serves a duty: anybody's, one by the duty's own units, or one by each of them.

    Plan: 二
    """

    ANY = "any"
    OWN = "own"
    ALL = "all"


@frozen
class VisitOwed:
    """A visit that a unit owes a target.

    Args:
        duty_id: By which duty; empty where the lead answers by none.
        unit_id: Which unit.
        by: The units of which one must have gone; None where anybody's visit serves, also one to a linked target.
    """

    duty_id: str
    unit_id: UnitId
    by: frozenset[UnitId] | None

    def served_by(self, went: Collection[str], *, linked: bool = False) -> bool:
        """Say whether it was made.

        Args:
            went: The units that reached the target itself.
            linked: True where a linked target was reached, of which one visit serves both.
        """
        return bool(went) or linked if self.by is None else not self.by.isdisjoint(went)


def visits_owed(wants: Mapping[DutyId, Owes], answering: Iterable[Assignment]) -> tuple[VisitOwed, ...]:
    """Return every visit that is owed to a target: the lead's, and one for each duty or unit that wants its own.

    Args:
        wants: What the duties of the target's kind want, of :func:`owes`.
        answering: Who answers for the target, of one round.

    Plan: 二
    """
    answers = sorted(answering, key=lambda one: one.part is not Part.LEAD)
    found: list[VisitOwed] = []
    for one in answers:
        want = wants.get(one.duty_id, Owes.ANY) if one.duty_id else Owes.ANY
        if want is Owes.ANY and one.part is not Part.LEAD:
            continue
        alike = frozenset(other.unit_id for other in answers if other.duty_id == one.duty_id)
        if want is Owes.OWN and any(owed.duty_id == one.duty_id for owed in found):
            continue
        by = {Owes.ANY: None, Owes.OWN: alike, Owes.ALL: frozenset({one.unit_id})}[want]
        found.append(VisitOwed(one.duty_id, one.unit_id, by))
    return tuple(found)


def owes(plan: CampaignPlan, kind: KindId) -> dict[DutyId, Owes]:
    """Return, for targets of a kind, which duties want a visit of their own.

    Args:
        plan: Its duties and overlaps apply.
        kind: The kind of target.

    Returns:
        Every duty of the kind and of the more general kinds that it is also. A duty whose several leads each owe a
        visit wants one by each; one that meets another under ``each`` wants its own, unless one visit serves both;
        any other is served by whoever reaches the target.

    Plan: 二
    """
    kinds = _chain(plan, kind)
    found: dict[DutyId, Owes] = {}
    for general in kinds:
        alone = any(set(overlap.kinds) == {general} for overlap in _each(plan))
        beside = kinds[1:] if general == kind else [kind]
        own = any(_meet(overlap, general, other) for overlap in _each(plan) for other in beside)
        for duty in plan.duties:
            if general in duty.kinds and duty.id not in found:
                found[duty.id] = Owes.ALL if alone else Owes.OWN if own else Owes.ANY
    return found


def served_together(plan: CampaignPlan) -> frozenset[tuple[KindId, KindId]]:
    """Return the pairs of kinds of which one visit serves both a target and the one that it is linked to.

    Returns:
        Each pair in both orders.

    Plan: 二
    """
    serving = (o for o in plan.overlaps if o.rule is OverlapRule.EACH and o.one_visit_serves)
    return frozenset(pair for overlap in serving for pair in permutations(overlap.kinds, 2))


def _each(plan: CampaignPlan) -> tuple[Overlap, ...]:
    return tuple(o for o in plan.overlaps if o.rule is OverlapRule.EACH and not o.one_visit_serves)


def _meet(overlap: Overlap, one: KindId, two: KindId) -> bool:
    return one != two and {one, two} <= set(overlap.kinds)


def _chain(plan: CampaignPlan, kind: KindId) -> list[KindId]:
    found: list[KindId] = []
    here: KindId | None = kind
    while here is not None and here not in found:
        found.append(here)
        here = plan.kind[here].specific_of
    return found
