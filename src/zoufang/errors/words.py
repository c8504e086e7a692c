"""What the program's own words are called in a sentence, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping

from zoufang.typing import Text

Words = Mapping[str, Text]
"""A word of the program to what people call it; a word that is not here is said as it is."""

NOUNS: Words = {
    "area": Text("区域", "area"),
    "case": Text("个案", "case"),
    "chunk": Text("每批行数", "chunk"),
    "conflict": Text("冲突", "conflict"),
    "days": Text("天数", "days"),
    "source": Text("来源", "source"),
    "limit": Text("时限类别", "class of time limits"),
    "call-back": Text("回访", "call-back"),
    "decision": Text("裁定", "decision"),
    "dispatch": Text("通报", "dispatch"),
    "drawn ticket": Text("抽中回访的诉求", "drawn ticket"),
    "find": Text("查找条件", "what to find by"),
    "finding": Text("走访中听到的意见", "finding"),
    "grain": Text("分组方式", "grain"),
    "into": Text("并入的诉求", "into"),
    "kind": Text("走访对象类型", "kind"),
    "mask": Text("遮盖方式", "mask"),
    "message": Text("宣传内容", "message"),
    "metric": Text("指标", "metric"),
    "minute": Text("开始时间", "minute"),
    "minutes": Text("时长分钟", "minutes"),
    "n": Text("序号", "n"),
    "no_demand": Text("无诉求", "no_demand"),
    "on": Text("日期", "day"),
    "parent_id": Text("总件", "parent"),
    "parts": Text("分解到的单位", "parts"),
    "person": Text("人员", "person"),
    "person_id": Text("经办人", "person"),
    "plan_on": Text("计划日期", "plan date"),
    "plugin": Text("插件", "plugin"),
    "problem": Text("普遍问题", "common problem"),
    "reaction": Text("本人态度", "reaction"),
    "reason": Text("理由", "reason"),
    "remedy": Text("办理结果", "remedy"),
    "report format": Text("通报格式", "report format"),
    "row": Text("一行的格数", "row"),
    "solved": Text("是否解决", "solved"),
    "storage": Text("台账存放方式", "storage"),
    "table": Text("数据表", "table"),
    "target": Text("走访对象", "target"),
    "ticket": Text("诉求", "ticket"),
    "ticket or target": Text("诉求或走访对象", "ticket or target"),
    "topic": Text("主题", "topic"),
    "unit": Text("责任单位", "unit"),
    "unit_id": Text("责任单位", "unit"),
    "visit": Text("走访记录", "visit"),
    "visitor": Text("走访人", "visitor"),
    "window": Text("时间范围", "window"),
}
"""What an id names, or what a value is of."""

VERBS: Words = {
    "accept": Text("受理", "accept"),
    "ask_extension": Text("申请延期", "ask_extension"),
    "deny_extension": Text("不同意延期", "deny_extension"),
    "go_on": Text("恢复计时", "go_on"),
    "grant_extension": Text("同意延期", "grant_extension"),
    "pause": Text("暂停计时", "pause"),
    "plan_work": Text("排定走访计划", "plan_work"),
    "reassign": Text("重新分工", "reassign"),
    "hand_over": Text("移交常态化", "hand_over"),
    "apply": Text("申请销号", "apply"),
    "assign": Text("指定责任单位", "assign"),
    "call_back": Text("回访", "call_back"),
    "close": Text("同意销号", "close"),
    "dispatch": Text("制作通报", "dispatch"),
    "draw": Text("抽取回访", "draw"),
    "feed_back": Text("反馈", "feed_back"),
    "handle": Text("办结", "handle"),
    "handle_problem": Text("普遍问题一次办结", "handle_problem"),
    "import": Text("导入文件", "import"),
    "link": Text("归并为普遍问题", "link"),
    "merge": Text("并案", "merge"),
    "open": Text("建立台账", "open"),
    "raise": Text("登记诉求", "raise"),
    "record": Text("登记走访", "record"),
    "refuse": Text("不同意销号", "refuse"),
    "register": Text("登记名册", "register"),
    "read_contacts": Text("查看联系方式", "read_contacts"),
    "reply": Text("登记办理", "reply"),
    "revoke": Text("撤销销号", "revoke"),
    "resume": Text("到期续办", "resume"),
    "route": Text("派单", "route"),
    "send_back": Text("退回", "send_back"),
    "split": Text("分解", "split"),
    "strike": Text("不予立案", "strike"),
    "tell": Text("告知本人", "tell"),
    "withdraw": Text("撤诉", "withdraw"),
    "prove": Text("出具证明", "prove"),
    "erase": Text("删除个人信息", "erase"),
    "readmit": Text("恢复登记个人信息", "readmit"),
    "rotate_keys": Text("更换主密钥", "rotate_keys"),
    "settle": Text("裁定冲突", "settle"),
    "list_erasures": Text("查看删除记录", "list_erasures"),
}
"""What may be done."""

STATUSES: Words = {
    "accepted": Text("办理中", "accepted"),
    "applied": Text("已申请销号", "applied"),
    "extending": Text("延期待批", "extending"),
    "paused": Text("暂停计时", "paused"),
    "closed": Text("已销号", "closed"),
    "fed_back": Text("已反馈", "fed_back"),
    "handled": Text("已办结待反馈", "handled"),
    "merged": Text("已并案", "merged"),
    "raised": Text("待派单", "raised"),
    "returned": Text("已退单", "returned"),
    "routed": Text("待受理", "routed"),
    "split": Text("已分解", "split"),
    "struck": Text("不予立案", "struck"),
    "withdrawn": Text("已撤诉", "withdrawn"),
}
"""Where a ticket stands."""

ROLES: Words = {
    "auditor": Text("审计", "auditor"),
    "grid_worker": Text("网格员", "grid_worker"),
    "handler": Text("承办人", "handler"),
    "leader": Text("领导", "leader"),
    "office": Text("办公室", "office"),
    "school_staff": Text("学校教师", "school_staff"),
    "unit_lead": Text("单位负责人", "unit_lead"),
    "viewer": Text("查看", "viewer"),
}
"""Who may do it."""

REACHES: Words = {
    "own_community": Text("本社区", "the own community"),
    "own_grid": Text("本网格", "the own grid"),
    "own_unit": Text("本单位负责的", "what the own unit answers for"),
    "whole_street": Text("全街道", "the whole street"),
}
"""How far a role reaches."""

DECISIONS: Words = {
    "keep": Text("保留原记录", "keep"),
    "replace": Text("以新记录取代", "replace"),
    "both": Text("两条都算", "both"),
}
"""How a conflict may be settled."""
