"""The words in which a ticket's or a target's story is told, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from zoufang.errors.words import ROLES, STATUSES, VERBS
from zoufang.model import Part
from zoufang.typing import Text

NOBODY = Text("（尚无单位）", "(no unit yet)")
NOWHERE = Text("（未注明）", "(not said)")
SOURCES: Mapping[str, Text] = {
    "visit": Text("走访", "visit"),
    "call": Text("来电", "call"),
    "letter": Text("来信", "letter"),
    "higher": Text("上级交办", "higher authority"),
    "carried": Text("上期移交", "handed over"),
}
REMEDIES: Mapping[str, Text] = {
    "resolved": Text("已解决", "resolved"),
    "partly": Text("部分解决", "partly resolved"),
    "explained": Text("解释说明", "explained"),
}
OUTCOMES: Mapping[str, Text] = {
    "met": Text("见到", "met"),
    "absent": Text("不在家", "absent"),
    "refused": Text("拒访", "refused"),
    "moved": Text("搬走", "moved away"),
    "vacant": Text("空置", "vacant"),
}
CALLED: Mapping[str, Text] = {
    "reached": Text("接通", "reached"),
    "unreachable": Text("未接通", "not reached"),
    "refused": Text("拒访", "refused"),
}
LEADS, LEADS_TOO, HELPS = Text("牵头", "leads"), Text("共同牵头", "leads jointly"), Text("配合", "helps")

RAISED = Text("{on} 提出诉求 {id}：{parts}", "{on} {id} was raised: {parts}")
FROM = Text("来源 {source}（{id}）", "from {source} {id}")
ABOUT = Text("主题 {topic}", "about {topic}")
AT = Text("地点 {area}", "at {area}")
WHOSE = Text("走访对象 {id}", "target {id}")
FORGOTTEN: Mapping[str, Text] = {
    "erased": Text(
        "{on} 个人信息已删除：理由 {reason}（{id}，第 {seq} 号提交）",
        "{on} the private data were erased: {reason} ({id}, commit {seq})",
    ),
    "readmitted": Text(
        "{on} 恢复登记个人信息：理由 {reason}（{id}，第 {seq} 号提交）",
        "{on} private data may be written down again: {reason} ({id}, commit {seq})",
    ),
}
REPLACED = Text(
    "{on} 走访 {id} 由 {by} 取代，其中仍有这条诉求", "{on} visit {id} was replaced by {by}, which has this demand too"
)
REPLACED_WITHOUT = Text(
    "{on} 走访 {id} 由 {by} 取代，其中没有这条诉求，本件仍须答复",
    "{on} visit {id} was replaced by {by}, which does not have this demand; it still needs an answer",
)
PART_OF = Text("是 {id} 的分解件", "a part of {id}")
EVENT = Text("{on} {event}{parts}", "{on} {event}{parts}")
TO = Text("派给 {unit}", "to {unit}")
BY_UNIT = Text("{unit}", "{unit}")
BY_PERSON = Text("经办人 {id}", "by {id}")
BECAUSE = Text("理由：{reason}", "because: {reason}")
PLANNED = Text("计划日期 {on}", "planned for {on}")
INTO = Text("并入 {id}", "into {id}")
DUE = Text("办理时限 {on}", "due {on}")
RULE = Text("依据规则 {rule}（插件 {plugin}）", "by rule {rule} of plugin {plugin}")
RULE_SAYS = Text("{rule}：{reason}", "{rule}: {reason}")
CALL = Text("{on} 回访：{parts}", "{on} called back: {parts}")
PART = Text("分解件 {id}：{parts}", "part {id}: {parts}")
TICKET = Text("诉求 {id}：{parts}", "ticket {id}: {parts}")
ENDED = Text("现在：{status}，没有人还欠办理", "now: {status}; nobody owes anything more")
NOW = Text("现在：{status}", "now: {status}")
GOES_ON = Text("由诉求 {id} 继续办理：{parts}", "it goes on as {id}: {parts}")
PROMISED = Text("尚未完全解决，计划 {on} 续办", "not solved in full yet: planned for {on}")
WATCHED = Text("尚未完全解决，列入跟踪，未定日期", "not solved in full yet: on the watch list, without a day")
WAITS = Text("须等分解件 {ids} 办结销号", "it waits for its parts {ids} to come to their end")
SEND_BY = Text("应于 {on} 前派单", "to be sent to a unit by {on}")
STOPPED = Text(
    "办理时限 {on}，已暂停计时，恢复后按暂停的天数顺延",
    "due {on}; the clock stands, and the limit moves by what that takes",
)
ASSUMED = Text("{year} 年的工作日历尚未公布，时限为推定", "the calendar of {year} is not official: that day is assumed")
HOLDS = Text("现在：{status}，在 {unit} 手里", "now: {status}, with {unit}")
NEXT = Text("下一步，{who} 可以：{events}", "next, {who} may: {events}")
LEFT = Text("办理时限 {on}，还有 {n} 个工作日", "due {on}, {n} working days left")
LATE = Text("办理时限 {on}，已超期 {n} 个工作日", "due {on}, {n} working days overdue")
NO_STEP = Text("不在督办阶梯上", "not on the ladder of supervision")
STEP = Text(
    "督办阶梯：{step}，自 {on} 起，由 {who}{people} 负责", "ladder: {step} since {on}; {who}{people} must see to it"
)
MOVED_UP = Text("{told}；名册中无人任{role}，由上级代为", "{told}; nobody in the register is its {role}")
PEOPLE = Text("（{ids}）", " ({ids})")

TARGET = Text(
    "走访对象 {id}：{kind}，在 {area}，{on} 列入名册", "target {id}: {kind}, at {area}, on the roster since {on}"
)
ANSWERS = Text("{unit} {part}{duty}：{rule}", "{unit} {part}{duty}: {rule}")
DUTY = Text("（职责 {id}）", " (duty {id})")
NO_ANSWER = Text("没有单位负责：请办公室确定", "nobody answers for it: the office decides")
VISIT = Text("{on} 走访：{unit}，走访人 {id}，{outcome}", "{on} visit: {unit}, by {id}, {outcome}")
LINKED = Text("对关联对象 {id}，一次走访同时算数", "to {id}, to which it is linked: one visit serves both")
HEARD = Text("听到 {n} 条意见", "{n} things heard")
NONE_HEARD = Text("表示无诉求", "said that there is no demand")
NOT_MET = Text("还缺：没有见到本人（走访 {n} 次）", "missing: nobody was met ({n} visits)")
NOT_COLLECTED = Text(
    "还缺：见到了本人，但没有记下意见，也没有注明无诉求",
    "missing: somebody was met, but neither a finding nor “no demand” is recorded",
)
OWES = Text("还缺：{unit} 自己的走访（职责 {id}）", "missing: a visit by {unit} itself (duty {id})")
PLANNED_VISIT = Text(
    "走访计划：{unit} 的 {id}，第 {n} 周（{first} 至 {last}）", "planned: {unit}, {id}, in week {n} ({first} to {last})"
)
VISIT_BY = Text("{phase}到 {on} 为止", "{phase} end on {on}")
VISITED = Text("走访已完成：见到本人并收集了意见", "the visit is made: somebody was met and heard")


def plain(word: object) -> Text:
    """Return an id as words of both languages."""
    return Text(str(word), str(word))


def joined(parts: Iterable[Text], *, lead: bool = False) -> Text:
    """Return words one after another with commas; with ``lead`` a colon before the first, if there is one."""
    some = [part for part in parts if part.zh]
    zh, en = "，".join(part.zh for part in some), ", ".join(part.en for part in some)
    return Text(f"：{zh}", f": {en}") if lead and some else Text(zh, en)


def spaced(parts: Iterable[Text]) -> Text:
    """Return words one after another."""
    some = list(parts)
    return Text("".join(part.zh for part in some), ", ".join(part.en for part in some))


def part(part: str, duty_id: str) -> Text:
    """Return what a unit does for a target; a co that answers by a duty of its own is a joint lead."""
    return LEADS if part == Part.LEAD else LEADS_TOO if duty_id else HELPS


def verb(event: str) -> Text:
    """Return what a step is called."""
    known = VERBS.get(event, plain(event))
    return Text(known.zh, known.en.replace("_", " "))


def verbs(events: Iterable[str]) -> Text:
    """Return what some steps are called."""
    some = [verb(event) for event in events]
    return Text("、".join(one.zh for one in some), ", ".join(one.en for one in some))


def status(status: str) -> Text:
    """Return what a status is called."""
    known = STATUSES.get(status, plain(status))
    return Text(known.zh, known.en.replace("_", " "))


def role(role: str) -> Text:
    """Return what a role is called."""
    known = ROLES.get(role, plain(role))
    return Text(known.zh, known.en.replace("_", " "))


def call(row: Mapping[str, Any]) -> Text:
    """Return what a person said when called back."""
    said = [CALLED[row["outcome"]]]
    if row["solved"] is not None:
        said.append(Text("说已解决", "said solved") if row["solved"] else Text("说未解决", "said not solved"))
    if row["satisfied"] is not None:
        said.append(Text("满意", "satisfied") if row["satisfied"] else Text("不满意", "not satisfied"))
    return CALL.filled(on=row["on"], parts=joined(said))
