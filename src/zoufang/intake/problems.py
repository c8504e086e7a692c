"""Common problems (普遍问题) as sheets: what the office links and handles once, and the list that it is sent."""

from __future__ import annotations

from zoufang.intake.labels import PROBLEM_ACTS, REMEDIES, STATUSES
from zoufang.intake.specs import ColumnSpec, FileSpec, SheetSpec, Sort
from zoufang.typing import Text

_NUMBER = ColumnSpec(
    "id",
    "问题编号",
    Text("普遍问题的编号，自拟，如 PT-1", "number of the common problem, e.g. PT-1"),
    Sort.ID,
    required=True,
)
_TOPIC = Text("动作为“关联”时填写", "with 关联")

PROBLEM_STEPS = SheetSpec(
    "problem_steps",
    "普遍问题办理",
    (
        _NUMBER,
        ColumnSpec(
            "act",
            "动作",
            Text("关联：把诉求归入；办结：一次办理", "关联 links tickets; 办结 handles them all at once"),
            Sort.CHOICE,
            required=True,
            choices=PROBLEM_ACTS,
        ),
        ColumnSpec(
            "on",
            "日期",
            Text("当天；日期，如 2023-03-01", "the day it happened; a day, e.g. 2023-03-01"),
            Sort.DAY,
            required=True,
        ),
        ColumnSpec("topic_id", "主题", _TOPIC, Sort.CHOICE, chosen_from="topics"),
        ColumnSpec(
            "unit_id",
            "牵头单位",
            Text("动作为“关联”时填写：责任单位，或社区的区域编号", "with 关联: the unit, or a community's area id"),
            Sort.CHOICE,
            chosen_from="units",
            closed=False,
        ),
        ColumnSpec(
            "tickets",
            "关联诉求",
            Text(
                "动作为“关联”时填写诉求编号，用顿号隔开；也可以一件一行",
                "with 关联: numbers of tickets, separated by 、, or one a row",
            ),
            Sort.LIST,
            closed=False,
        ),
        ColumnSpec("person_id", "经办人", Text("名册中的人员编号", "the person, as in the register"), Sort.ID),
        ColumnSpec("remedy", "办理结果", Text("动作为“办结”时填写", "with 办结"), Sort.CHOICE, choices=REMEDIES),
        ColumnSpec(
            "reason",
            "理由",
            Text("部分解决或解释说明时填写", "with a part or an explanation"),
            Sort.CHOICE,
            chosen_from="reasons",
        ),
        ColumnSpec(
            "plan_on",
            "计划日期",
            Text("暂不能解决的，计划何时解决", "when the rest can be done"),
            Sort.DAY,
        ),
        ColumnSpec("note", "说明", Text("办理情况说明", "what was done"), private=True),
    ),
    Text("一行一个动作，按先后排列", "one step a row, in their order"),
)
"""What the office fills in."""

PROBLEMS = SheetSpec(
    "problems",
    "普遍问题",
    (
        _NUMBER,
        ColumnSpec("topic", "主题", Text("关于什么", "what it is about")),
        ColumnSpec("unit_id", "牵头单位", Text("牵头办理的单位", "the unit that leads"), Sort.ID),
        ColumnSpec("unit_name", "单位名称", Text("牵头单位名称", "the unit's name")),
        ColumnSpec("due_on", "办理时限", Text("最迟何时办结", "by when it must be handled"), Sort.DAY),
        ColumnSpec(
            "remedy", "办理结果", Text("空为尚未办结", "empty until it is handled"), Sort.CHOICE, choices=REMEDIES
        ),
        ColumnSpec("n_tickets", "关联件数", Text("归入的诉求", "tickets linked to it"), Sort.INT),
        ColumnSpec("n_answered", "已有回音", Text("其中已反馈本人的", "those of them that were answered"), Sort.INT),
    ),
    Text("一行一个普遍问题", "one common problem a row"),
    key=("id",),
)

LINKED = SheetSpec(
    "linked",
    "关联诉求",
    (
        _NUMBER,
        ColumnSpec("ticket_id", "诉求编号", Text("诉求编号", "the ticket's number"), Sort.ID),
        ColumnSpec("status", "状态", Text("办到哪一步", "where it stands"), Sort.CHOICE, choices=STATUSES),
    ),
    Text("一行一件归入普遍问题的诉求", "one linked ticket a row"),
    key=("ticket_id",),
)

PROBLEMS_FILE = FileSpec("problem_steps", "problems.xlsx", (PROBLEM_STEPS,))
PROBLEM_LIST_FILE = FileSpec("problems", "problems.xlsx", (PROBLEMS, LINKED))
