"""Phase gates: which verbs are open, warned or closed in which phase; the plan's table, read here."""

from __future__ import annotations

from datetime import date

from attrs import frozen

from zoufang.model import CampaignPlan, Event, GateState
from zoufang.rules.phases import phases_on

OUTSIDE = "outside"
"""What a gate calls the days that belong to no phase."""

NEVER_CLOSED = frozenset({"record", "raise", "call_back", "settle"})
"""Verbs that tell what has happened, or which account of it holds: such a record may be marked, but is never lost."""

GATED = frozenset({"record", "draw", "call_back", *map(str, Event)})
"""Verbs that a plan may gate."""

ORDER = tuple(GateState)


@frozen
class Gateway:
    """What the gates say of a verb on a day.

    Args:
        state: The most open of the phases that the day belongs to.
        phase: That phase's id, or ``outside``.
    """

    state: GateState
    phase: str


def gate_on(plan: CampaignPlan, verb: str, day: date) -> Gateway:
    """Return what the plan's gates say of a verb on a day; on a shared day the more open phase decides.

    Args:
        plan: Its gates and phases apply.
        verb: A verb of `GATED`; any other is open.
        day: The day on which it happens.

    Plan: 四(一), 四(二), 四(三), 四(四)
    """
    declared = {gate.phase: gate.state for gate in plan.gates if gate.verb == verb}
    phases = tuple(phase.id for phase in phases_on(plan, day)) or (OUTSIDE,)
    ways = [Gateway(declared.get(phase, GateState.OPEN), phase) for phase in phases]
    return min(ways, key=lambda way: ORDER.index(way.state))
