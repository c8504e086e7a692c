"""The plan check's subject of supervision: a ladder whose steps can be climbed one after another."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from zoufang.model import CampaignPlan, LadderStep, LadderWhen, Role
from zoufang.rules._plan_sentences import Remark, say

MOST = 365
LEAST = {LadderWhen.BEFORE_DUE: 0}
ANSWER = (Role.HANDLER, Role.UNIT_LEAD, Role.OFFICE, Role.LEADER)
"""Who may be made responsible for a step."""


def ladder_errors(plan: CampaignPlan) -> Iterator[Remark]:
    """Find numbers out of range, a step for which nobody can answer, and a step that comes before a lower one."""
    for i, step in enumerate(plan.ladder):
        low = LEAST.get(step.when, 1)
        if not low <= step.n <= MOST:
            yield say("out_of_range", f"$.ladder[{i}].n", step.clause, value=step.n, low=low, high=MOST)
        if step.responsible not in ANSWER:
            allowed = ", ".join(ANSWER)
            found = str(step.responsible)
            yield say("ladder_nobody", f"$.ladder[{i}].responsible", step.clause, found=found, allowed=allowed)
    for when in ((LadderWhen.BEFORE_DUE, LadderWhen.AFTER_DUE), (LadderWhen.UNSATISFIED,), (LadderWhen.BOUNCED,)):
        steps = [(i, step) for i, step in enumerate(plan.ladder) if step.when in when]
        for (_, lower), (i, higher) in pairwise(steps):
            if _place(higher) <= _place(lower):
                yield say("ladder_order", f"$.ladder[{i}].n", higher.clause, lower=lower.label, higher=higher.label)


def ladder_remarks(plan: CampaignPlan) -> Iterator[Remark]:
    """Say where there is no ladder at all."""
    if not plan.ladder:
        yield say("no_ladder", "$.ladder")


def _place(step: LadderStep) -> int:
    """Return when a step begins, in working days after the time limit; with counts, the count."""
    return -step.n if step.when is LadderWhen.BEFORE_DUE else step.n
