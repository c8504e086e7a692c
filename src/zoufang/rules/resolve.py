"""From claims to exactly one lead and any co, by the precedence that the plan declares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from attrs import evolve, frozen

from zoufang.errors import ContestedLeadError
from zoufang.model import Assignment, Claim, Part
from zoufang.typing import DutyId, UnitId


@frozen
class Claimed:
    """A claim and the plugin whose router made it.

    Args:
        claim: The claim.
        plugin: The plugin's name.
        version: Its version.
    """

    claim: Claim
    plugin: str
    version: str


@frozen
class Resolved:
    """What came of a batch of claims.

    Args:
        assignments: One lead and any co for each subject that somebody claimed to lead.
        unrouted: Subjects without a lead, in the order given; never dropped.
    """

    assignments: tuple[Assignment, ...]
    unrouted: tuple[str, ...]


def resolve(subjects: Sequence[str], claims: Iterable[Claimed], precedence: Sequence[str]) -> Resolved:
    """Give each subject exactly one lead and any co.

    The strongest plugin that claims a lead has it; a plugin that the plan does not name is weaker than all that it
    names. Co claims of every plugin count, save for the lead itself. A claim that names no duty stands for the one
    that another claim names for the same unit; a lead that nobody knows a duty of takes over that of the lead it
    outranks.

    Args:
        subjects: Every subject of the batch.
        claims: What the routers answered.
        precedence: Plugins' names, the strongest first.

    Returns:
        Assignments in the order of the subjects, the lead first, co by unit; and what nobody leads.

    Raises:
        ContestedLeadError: Two claims of the same rank want different leads.

    Plan: 二, 四(二)
    """
    rank = {plugin: i for i, plugin in enumerate(precedence)}
    of: dict[str, list[Claimed]] = {subject: [] for subject in subjects}
    for claimed in claims:
        of[claimed.claim.subject_id].append(claimed)
    assignments: list[Assignment] = []
    unrouted: list[str] = []
    for subject, claimed_by in of.items():
        lead = _lead(subject, claimed_by, rank)
        if lead is None:
            unrouted.append(subject)
            continue
        duties = _duties(claimed_by)
        own = _assigned(lead, duties)
        assignments.append(own if own.duty_id else evolve(own, duty_id=_outranked(claimed_by, rank)))
        assignments.extend(_co(assignments[-1], claimed_by, rank, duties))
    return Resolved(assignments=tuple(assignments), unrouted=tuple(unrouted))


def without_refused(claims: Iterable[Claimed], refused: Mapping[str, frozenset[UnitId]]) -> list[Claimed]:
    """Leave out the claims of units that returned a ticket; where no lead is left, the first co unit moves up.

    Args:
        claims: What the routers answered.
        refused: Units that returned a ticket, by ticket.

    Returns:
        The claims that still hold.

    Plan: 四(二)
    """
    kept: list[Claimed] = []
    led: set[str] = set()
    for claimed in claims:
        claim = claimed.claim
        if claim.unit_id not in refused.get(claim.subject_id, ()):
            kept.append(claimed)
            if claim.part is Part.LEAD:
                led.add(claim.subject_id)
    for place, claimed in enumerate(kept):
        claim = claimed.claim
        if claim.subject_id in refused and claim.subject_id not in led:
            led.add(claim.subject_id)
            kept[place] = evolve(claimed, claim=evolve(claim, part=Part.LEAD, rule=f"{claim.rule}:returned"))
    return kept


def with_fallback(
    resolved: Resolved, unit_id: UnitId | None, refused: Mapping[str, frozenset[UnitId]], *, plugin: str, version: str
) -> Resolved:
    """Give what nobody leads to the unit that the plan declares for it, unless that unit returned it too.

    Args:
        resolved: What came of the claims.
        unit_id: The plan's unit for unclear tickets; None changes nothing.
        refused: Units that returned a ticket, by ticket.
        plugin: In whose name it is recorded.
        version: Its version.

    Returns:
        The same with fewer unrouted subjects.

    Plan: 四(二)
    """
    if unit_id is None:
        return resolved
    taken = [subject for subject in resolved.unrouted if unit_id not in refused.get(subject, ())]
    given = tuple(
        Assignment(subject, unit_id, Part.LEAD, "unclear", plugin, version, "no router named another unit")
        for subject in taken
    )
    left = tuple(subject for subject in resolved.unrouted if subject not in set(taken))
    return Resolved(assignments=(*resolved.assignments, *given), unrouted=left)


def _lead(subject: str, claims: list[Claimed], rank: Mapping[str, int]) -> Claimed | None:
    leads = [claimed for claimed in claims if claimed.claim.part is Part.LEAD]
    if not leads:
        return None
    strongest = min(rank.get(claimed.plugin, len(rank)) for claimed in leads)
    first, *others = sorted((c for c in leads if rank.get(c.plugin, len(rank)) == strongest), key=_order)
    for other in others:
        if other.claim.unit_id != first.claim.unit_id:
            raise ContestedLeadError(subject_id=subject, first=_named(first), second=_named(other))
    return first


def _duties(claims: list[Claimed]) -> dict[UnitId, DutyId]:
    """Return the first duty, in the order of claims, that any claim names for a unit."""
    named = sorted((c for c in claims if c.claim.duty_id), key=_order, reverse=True)
    return {c.claim.unit_id: DutyId(c.claim.duty_id) for c in named}


def _outranked(claims: list[Claimed], rank: Mapping[str, int]) -> DutyId | Literal[""]:
    """Return the duty of the strongest lead claim that names one."""
    leads = [c for c in claims if c.claim.part is Part.LEAD and c.claim.duty_id]
    first = min(leads, key=lambda c: (rank.get(c.plugin, len(rank)), _order(c)), default=None)
    return "" if first is None else first.claim.duty_id


def _co(
    lead: Assignment, claims: list[Claimed], rank: Mapping[str, int], duties: Mapping[UnitId, DutyId]
) -> list[Assignment]:
    by_strength = sorted(claims, key=lambda c: (rank.get(c.plugin, len(rank)), _order(c)))
    taken = {(lead.unit_id, lead.duty_id)}
    units = {lead.unit_id}
    co: list[Assignment] = []
    for claimed in by_strength:
        if claimed.claim.part is not Part.CO:
            continue
        one = _assigned(claimed, duties)
        if (one.unit_id, one.duty_id) not in taken and (one.duty_id or one.unit_id not in units):
            taken.add((one.unit_id, one.duty_id))
            units.add(one.unit_id)
            co.append(one)
    return sorted(co, key=lambda a: (a.unit_id, a.duty_id))


def _named(claimed: Claimed) -> str:
    return f"{claimed.plugin}/{claimed.claim.rule} → {claimed.claim.unit_id}"


def _order(claimed: Claimed) -> tuple[str, ...]:
    """Return what two claims of one rank are told apart by, so that the order of asking never decides."""
    claim = claimed.claim
    return claimed.plugin, claim.rule, claim.unit_id, claim.reason, claimed.version


def _assigned(claimed: Claimed, duties: Mapping[UnitId, DutyId]) -> Assignment:
    claim = claimed.claim
    return Assignment(
        subject_id=claim.subject_id,
        unit_id=claim.unit_id,
        part=claim.part,
        rule=claim.rule,
        plugin=claimed.plugin,
        plugin_version=claimed.version,
        reason=claim.reason,
        duty_id=claim.duty_id or duties.get(claim.unit_id, ""),
    )
