"""Does a plan make sense? Errors that stop it, and remarks that somebody should know."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from zoufang.model import CampaignPlan
from zoufang.rules._plan_callbacks import callback_errors, callback_remarks
from zoufang.rules._plan_ladder import ladder_errors, ladder_remarks
from zoufang.rules._plan_limits import limit_errors, limit_remarks
from zoufang.rules._plan_matrix import matrix_errors, matrix_remarks
from zoufang.rules._plan_names import name_errors, name_remarks
from zoufang.rules._plan_planning import planning_errors, planning_remarks
from zoufang.rules._plan_sentences import SENTENCES, Remark
from zoufang.rules._plan_time import time_errors, time_remarks

__all__ = ["SENTENCES", "Remark", "check_plan"]

Check = Callable[[CampaignPlan], Iterator[Remark]]

SUBJECTS: tuple[tuple[Check, Check], ...] = (
    (name_errors, name_remarks),
    (matrix_errors, matrix_remarks),
    (time_errors, time_remarks),
    (callback_errors, callback_remarks),
    (planning_errors, planning_remarks),
    (ladder_errors, ladder_remarks),
    (limit_errors, limit_remarks),
)
"""For each subject, what finds its errors and what makes its remarks."""


def check_plan(plan: CampaignPlan) -> tuple[Remark, ...]:
    """Find everything in a plan that is wrong or worth knowing.

    A subject with an error makes no remarks: what it would count is not settled yet.

    Args:
        plan: A well-formed plan.

    Returns:
        All errors, then all remarks, each in the order of the subjects: names, matrix, time, ladder. Without an error
        the plan can be used.

    Plan: 一, 二, 四(一), 四(二), 四(三), 四(四), 五(二)
    """
    errors: list[Remark] = []
    remarks: list[Remark] = []
    for find_errors, make_remarks in SUBJECTS:
        found = tuple(find_errors(plan))
        errors.extend(found)
        if not found:
            remarks.extend(make_remarks(plan))
    return (*errors, *remarks)
