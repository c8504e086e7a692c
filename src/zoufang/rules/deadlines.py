"""Time limits in working days; counting starts the next day."""

from __future__ import annotations

from datetime import date

from zoufang.model import CampaignPlan


def due_after(plan: CampaignPlan, routed_on: date) -> date:
    """Return the last day on which a unit may handle what was sent to it on a day.

    Args:
        plan: Its time limit and calendar apply.
        routed_on: The day of the dispatch; not counted.

    Returns:
        The working day on which the limit ends.

    Plan: 四(二)
    """
    return plan.working_days.add_working_days(routed_on, plan.deadlines.handle_days)


def return_by(plan: CampaignPlan, routed_on: date) -> date:
    """Return the last day on which a wrong dispatch may go back.

    Plan: 四(二)
    """
    return plan.working_days.add_working_days(routed_on, plan.deadlines.return_days)
