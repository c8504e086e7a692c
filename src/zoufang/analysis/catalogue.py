"""Every metric by its id."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from zoufang.analysis.callback_metrics import CALLBACK_METRICS
from zoufang.analysis.common_problems import PROBLEM_METRICS
from zoufang.analysis.duty_metrics import visited_by_duty
from zoufang.analysis.event_metrics import EVENT_METRICS, responded_in_time
from zoufang.analysis.metric import Metric
from zoufang.analysis.part_metrics import PART_METRICS
from zoufang.analysis.ticket_metrics import TICKET_METRICS
from zoufang.analysis.visit_metrics import VISIT_METRICS
from zoufang.model import CampaignPlan

_GROUPS = (VISIT_METRICS, TICKET_METRICS, PART_METRICS, EVENT_METRICS, PROBLEM_METRICS, CALLBACK_METRICS)

METRICS: Mapping[str, Metric] = MappingProxyType({one.id: one for group in _GROUPS for one in group})
"""Every metric that needs no plan, by its id.

Plan: 一, 三(一), 三(二), 四(二), 四(三), 五(二), 五(三)
"""


def catalogue(plan: CampaignPlan) -> Mapping[str, Metric]:
    """Return every metric, those that need the plan's duties or time limits among them.

    Plan: 四(二), 五(二)
    """
    planned = (visited_by_duty(plan), responded_in_time(plan))
    return MappingProxyType({**METRICS, **{one.id: one for one in planned}})
