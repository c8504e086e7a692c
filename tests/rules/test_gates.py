"""Phase gates: the plan's table of verb and phase, walked whole."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from attrs import evolve

from zoufang.model import CampaignPlan, Gate, GateState
from zoufang.rules import GATED, check_plan, gate_on

OPEN, WARNED, CLOSED = GateState
DAYS = {
    "prepare": date(2023, 2, 27),
    "visit": date(2023, 3, 6),
    "rectify": date(2023, 5, 8),
    "summarise": date(2023, 6, 1),
    "outside": date(2023, 6, 11),
}
"""A day of each phase, and one of none."""


def gated(plan: CampaignPlan, *gates: tuple[str, str, GateState]) -> CampaignPlan:
    """Return the plan with these gates only."""
    return evolve(plan, gates=tuple(Gate(verb, phase, state, "四(二)") for verb, phase, state in gates))


@pytest.mark.parametrize(("verb", "phase", "state"), list(product(sorted(GATED), DAYS, GateState)), ids=str)
def test_a_gate_holds_for_its_verb_in_its_phase_and_nowhere_else(
    plan: CampaignPlan, verb: str, phase: str, state: GateState
) -> None:
    """Every other verb, and every other phase, stays open."""
    own = gated(plan, (verb, phase, state))
    for other, day in DAYS.items():
        assert gate_on(own, verb, day).state is (state if other == phase else OPEN)
    assert all(gate_on(own, other, DAYS[phase]).state is OPEN for other in GATED - {verb})


def test_on_a_shared_day_the_more_open_phase_decides(plan: CampaignPlan) -> None:
    """30 April belongs to visits and to rectification, 20 May to rectification and to the summary."""
    own = gated(plan, ("record", "rectify", WARNED), ("handle", "rectify", WARNED), ("handle", "summarise", CLOSED))
    assert gate_on(own, "record", date(2023, 4, 30)).state is OPEN
    assert gate_on(own, "record", date(2023, 5, 1)).state is WARNED
    assert gate_on(own, "handle", date(2023, 5, 20)).state is WARNED
    assert gate_on(own, "handle", date(2023, 5, 21)).state is CLOSED


def test_the_plan_of_the_street_warns_of_visits_outside_the_visiting_phase(plan: CampaignPlan) -> None:
    """And of nothing else."""
    states = {phase: gate_on(plan, "record", day).state for phase, day in DAYS.items()}
    assert states == {"prepare": WARNED, "visit": OPEN, "rectify": WARNED, "summarise": WARNED, "outside": WARNED}
    assert {gate.verb for gate in plan.gates} == {"record"}


@pytest.mark.parametrize(
    ("gate", "code"),
    [
        (("record", "visit", CLOSED), "never_closed"),
        (("raise", "visit", CLOSED), "never_closed"),
        (("recrod", "visit", WARNED), "unknown"),
        (("record", "vist", WARNED), "unknown"),
    ],
)
def test_the_plan_check_refuses_a_gate_that_cannot_be(
    plan: CampaignPlan, gate: tuple[str, str, GateState], code: str
) -> None:
    """What has happened is never lost, so its record is never closed; names must exist."""
    assert code in {remark.code for remark in check_plan(gated(plan, gate)) if remark.level == "error"}


def test_the_plan_check_refuses_a_gate_twice(plan: CampaignPlan) -> None:
    """The table has one line for a verb in a phase."""
    twice = gated(plan, ("handle", "visit", WARNED), ("handle", "visit", OPEN))
    assert [remark.code for remark in check_plan(twice) if remark.level == "error"] == ["duplicate"]
