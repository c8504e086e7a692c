"""What an office calls the values that the model enumerates: Chinese label to value."""

from __future__ import annotations

from collections.abc import Mapping

AREA_LEVELS: Mapping[str, str] = {"街道": "street", "社区": "community", "网格": "grid"}
ROLES: Mapping[str, str] = {
    "领导": "leader",
    "办公室": "office",
    "单位负责人": "unit_lead",
    "承办人": "handler",
    "网格员": "grid_worker",
    "学校教师": "school_staff",
    "审计": "auditor",
    "查看": "viewer",
}
ROLES_TOO: Mapping[str, str] = {"经办人": "handler"}
"""What offices, and our own plans, also call a role; understood where a role is read."""
CHANNELS: Mapping[str, str] = {"上门": "door", "征求意见表": "form", "家访": "pupil_home", "电话": "phone"}
OUTCOMES: Mapping[str, str] = {
    "见到": "met",
    "不在家": "absent",
    "拒访": "refused",
    "搬走": "moved",
    "空置": "vacant",
}
FINDING_KINDS: Mapping[str, str] = {"诉求": "demand", "建议": "suggestion", "好做法": "good_practice"}
ACTIONS: Mapping[str, str] = {
    "派单": "route",
    "受理": "accept",
    "退回": "send_back",
    "办结": "handle",
    "反馈": "feed_back",
    "申请销号": "apply",
    "同意销号": "close",
    "不同意销号": "refuse",
    "暂停计时": "pause",
    "恢复计时": "go_on",
    "申请延期": "ask_extension",
    "同意延期": "grant_extension",
    "不同意延期": "deny_extension",
    "撤诉": "withdraw",
    "分解": "split",
    "并案": "merge",
    "不予立案": "strike",
    "到期续办": "resume",
    "告知本人": "tell",
}
PROBLEM_ACTS: Mapping[str, str] = {"关联": "link", "办结": "handle"}
REMEDIES: Mapping[str, str] = {"已解决": "resolved", "部分解决": "partly", "解释说明": "explained"}
REACTIONS: Mapping[str, str] = {"接受": "accepted", "不接受": "unwilling", "未记": "unknown"}
CALL_OUTCOMES: Mapping[str, str] = {"接通": "reached", "未接通": "unreachable", "拒访": "refused"}
SOURCES: Mapping[str, str] = {"走访": "visit", "来电": "call", "来信": "letter", "上级交办": "higher"}
STATUSES: Mapping[str, str] = {
    "待派单": "raised",
    "待受理": "routed",
    "办理中": "accepted",
    "已退单": "returned",
    "已办结待反馈": "handled",
    "已反馈": "fed_back",
    "已申请销号": "applied",
    "已销号": "closed",
    "不予立案": "struck",
    "已撤诉": "withdrawn",
    "已并案": "merged",
    "已分解": "split",
    "暂停计时": "paused",
    "延期待批": "extending",
}
