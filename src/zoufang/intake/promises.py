"""The watch list as a sheet: what was answered but not solved, and whose planned day has come."""

from __future__ import annotations

from zoufang.intake.labels import REACTIONS, REMEDIES, STATUSES
from zoufang.intake.specs import ColumnSpec, SheetSpec, Sort
from zoufang.typing import Text

WATCH_LIST = SheetSpec(
    "watch_list",
    "承诺跟踪",
    (
        ColumnSpec("ticket_id", "诉求编号", Text("诉求编号", "the ticket's number"), Sort.ID),
        ColumnSpec("unit_id", "责任单位", Text("答复的单位", "the unit that answered"), Sort.ID),
        ColumnSpec("unit_name", "单位名称", Text("责任单位名称", "the unit's name")),
        ColumnSpec("topic", "主题", Text("诉求主题", "what it is about")),
        ColumnSpec(
            "remedy", "办理结果", Text("部分解决或解释说明", "partly or explained"), Sort.CHOICE, choices=REMEDIES
        ),
        ColumnSpec("reason", "理由", Text("为何没有解决", "why it was not solved")),
        ColumnSpec("plan_on", "计划日期", Text("计划何时解决，已到", "the planned day, which has come"), Sort.DAY),
        ColumnSpec(
            "reaction", "本人态度", Text("反馈时本人的态度", "how the person took it"), Sort.CHOICE, choices=REACTIONS
        ),
        ColumnSpec("status", "状态", Text("办到哪一步", "where it stands"), Sort.CHOICE, choices=STATUSES),
    ),
    Text("一行一件计划日期已到的诉求，按计划日期排列", "one ticket a row, by the planned day"),
    key=("ticket_id",),
)
