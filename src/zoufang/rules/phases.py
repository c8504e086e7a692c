"""Which phases a day belongs to; a boundary day belongs to two."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from zoufang.model import CampaignPlan, Phase

DAY = timedelta(days=1)


def phases_on(plan: CampaignPlan, day: date) -> tuple[Phase, ...]:
    """Return every phase that a day belongs to.

    Args:
        plan: Its phases apply.
        day: The day.

    Returns:
        None, one, or on a shared boundary day two phases, in the plan's order.

    Plan: 四(一), 四(二), 四(三), 四(四)
    """
    return tuple(phase for phase in plan.phases if phase_start(plan, phase) <= day <= phase.ends_on)


def phase_start(plan: CampaignPlan, phase: Phase) -> date:
    """Return a phase's first day; one that the plan leaves open counts from the day of the document.

    Args:
        plan: Its date of issue applies.
        phase: One of its phases.

    Returns:
        The declared first day, or the plan's date of issue.

    Plan: 四(一)
    """
    return phase.starts_on or plan.issued_on


def phase_working_days(plan: CampaignPlan, phase: Phase) -> int:
    """Count a phase's working days, both its first and its last day included.

    Args:
        plan: Its calendar applies.
        phase: One of its phases.

    Returns:
        At least 0.

    Plan: 四(一), 四(二), 四(三), 四(四)
    """
    return plan.working_days.working_days(phase_start(plan, phase), phase.ends_on)


def boundary_days(plan: CampaignPlan) -> tuple[tuple[date, Phase, Phase], ...]:
    """Return the days that end one phase and begin the next.

    Args:
        plan: Its phases apply.

    Returns:
        Each day with the two phases that share it, in order.

    Plan: 四(二), 四(三), 四(四)
    """
    return tuple(
        (after.starts_on, before, after)
        for before, after in pairwise(plan.phases)
        if after.starts_on is not None and after.starts_on == before.ends_on
    )


def phase_gaps(plan: CampaignPlan) -> tuple[tuple[date, date, Phase, Phase], ...]:
    """Return the spans of days between two phases that belong to neither.

    Args:
        plan: Its phases apply.

    Returns:
        First day, last day, the phase before and the phase after, in order.

    Plan: 四(一), 四(二), 四(三), 四(四)
    """
    return tuple(
        (before.ends_on + DAY, after.starts_on - DAY, before, after)
        for before, after in pairwise(plan.phases)
        if after.starts_on is not None and after.starts_on > before.ends_on + DAY
    )
