"""Every sentence that the plan check can say, as one table; what is wrong, and what would be allowed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Literal

from attrs import frozen

from zoufang.rules._plan_answers import ANSWERS
from zoufang.typing import Language, Text, listed

Level = Literal["error", "remark"]


@frozen
class Remark:
    """One thing that the plan check found.

    Args:
        level: ``error`` where the plan cannot be used so, ``remark`` where somebody should know.
        code: A name for the sort of finding, a key of `SENTENCES`.
        place: Where in the plan, for example ``$.phases[1].ends_on``.
        text: The whole sentence.
        clause: The plan's clause that it is about; may be empty.
    """

    level: Level
    code: str
    place: str
    text: Text
    clause: str = ""


SENTENCES: dict[str, tuple[Level, str, str]] = {
    **ANSWERS,
    # --- names and references
    "empty": ("error", "这一项不能为空，至少写一个", "this must not be empty; write at least one"),
    "blank": ("error", "文字不能为空", "this text must not be blank"),
    "bad_id": (
        "error",
        "编号“{id}”不可用；只用字母、汉字、数字、下划线、点和连字符，至多 64 个字",
        "the id “{id}” cannot be used; letters, digits, underscore, dot and hyphen only, 64 at most",
    ),
    "duplicate": ("error", "“{id}”出现了两次；每个只能写一次", "“{id}” stands here twice; each may appear once"),
    "unknown": ("error", "没有这个{what}：“{id}”；{hint}", "there is no {what} “{id}”; {hint}"),
    "metric_missing": (
        "error",
        "目标“{goal}”没有写明指标 metric；须声明怎样计算",
        "goal {goal} names no metric; declare how it is computed",
    ),
    "street_code": (
        "error",
        "区划代码“{found}”应为九位数字，例如 370871005",
        "the division code “{found}” must have nine digits, for example 370871005",
    ),
    "timezone": (
        "error",
        "不认识时区“{zone}”；例如 Asia/Shanghai",
        "the time zone “{zone}” is not known; for example Asia/Shanghai",
    ),
    "not_an_office": (
        "error",
        "“{unit}”不是调度单位；请在 units 中写 office = true，或换一个单位",
        "“{unit}” is no dispatching unit; give it office = true in units, or name another",
    ),
    "out_of_range": (
        "error",
        "{value} 超出范围；应为 {low} 至 {high}",
        "{value} is out of range; {low} to {high} allowed",
    ),
    "no_clause": ("remark", "没有写明出自方案哪一条", "it does not say which clause it comes from"),
    # --- the ladder of supervision
    "ladder_nobody": (
        "error",
        "“{found}”不能负责督办；可以是 {allowed}",
        "{found} cannot answer for a step; allowed: {allowed}",
    ),
    "ladder_order": (
        "error",
        "“{higher}”写在“{lower}”之后，却不晚于它；请把先到的一级写在前面",
        "{higher} stands after {lower} but does not come later; write the step that comes first before it",
    ),
    "no_ladder": (
        "remark",
        "没有写督办阶梯；超期的诉求不会提醒、亮牌或督办",
        "there is no ladder of supervision; nothing is said of tickets that are overdue",
    ),
    # --- time limits and gates
    "presumed": (
        "remark",
        "“{preset}”没有载明这一项，用的是推定的数；请按本地规定在方案中写明",
        "{preset} does not state this; the number is presumed: write your own in the plan",
    ),
    "counted_in_hours": (
        "error",
        "一般时限应按工作日或自然日计；按小时的请写在 classes 中",
        "the general limit counts working_days or calendar_days; put limits in hours into classes",
    ),
    "no_clock_time": ("error", "“{found}”不是时刻；例如 08:30", "“{found}” is no time of day; for example 08:30"),
    "hours_backwards": (
        "error",
        "上班时段应按先后排列、互不重叠，并晚于 {opens}",
        "working hours must follow each other without overlap, and come after {opens}",
    ),
    "never_closed": (
        "error",
        '“{verb}”记录的是已经发生的事，不能关闭；可写 state = "warned"，照样登记并加标记',
        '{verb} records what has happened and is never closed; write state = "warned" to record and mark it',
    ),
    # --- call-backs
    "stratum_unasked": (
        "remark",
        "“{id}”这一层不抽取任何诉求；如要回访，请写 rate_percent 或 at_least",
        "nobody of the stratum {id} is asked; give it a rate_percent or at_least to call them back",
    ),
    # --- the matrix
    "kind_without_duty": (
        "error",
        "“{kind}”没有责任单位；请在某一项 duties 的 kinds 中列出",
        "nobody answers for {kind}; list it in the kinds of a duty",
    ),
    "kind_loop": (
        "error",
        "“{kind}”的 specific_of 又回到它自己",
        "the specific_of of {kind} leads back to itself",
    ),
    "several_leads": (
        "error",
        (
            "“{kind}”有多个牵头单位（{leads}），但没有写明怎样处理；"
            '请在 overlaps 中写 kinds = ["{id}"]，rule = "joint" 或 "each"'
        ),
        (
            "{kind} has several leads ({leads}) and no rule; "
            'add an overlap with kinds = ["{id}"], rule = "joint" or "each"'
        ),
    ),
    "overlap_undeclared": (
        "error",
        '“{kind}”同时也是“{general}”，但没有写明怎样处理；请在 overlaps 中写这两个类别，例如 rule = "specific"',
        '{kind} is also {general}, and no overlap says what then; declare one for both, for example rule = "specific"',
    ),
    "overlap_twice": (
        "error",
        "这一交叉已经写过；每一处只写一次",
        "this overlap is declared already; declare each once",
    ),
    "not_specific": (
        "error",
        'rule = "specific" 要求恰好两个类别，其中一个以 specific_of 指向另一个',
        'rule = "specific" needs exactly two kinds, one of them specific_of the other',
    ),
    "own_area_of_whom": (
        "error",
        'scope = "own_area"，但牵头单位没有自己的辖区；请换成 per_community 的单位，写明 areas，或改为 "whole_street"',
        'scope = "own_area", but no lead has an area; name a per_community unit or areas, or write "whole_street"',
    ),
    "overlap_specific": (
        "remark",
        "{special}同时也是{general}：特别优先于一般，由{leads}负责",
        "{special} (also {general}): the specific goes before the general, and {leads} answers",
    ),
    "overlap_joint": (
        "remark",
        "{kinds}由{leads}共同牵头，排在前面的为登记牵头单位",
        "{kinds}: {leads} lead jointly, the first of them is the lead of record",
    ),
    "overlap_each": (
        "remark",
        "{kinds}有交叉：{leads}各走访一次",
        "{kinds} overlap: each of {leads} owes a visit",
    ),
    "overlap_idle": (
        "remark",
        "“{kind}”只有一个牵头单位，这一处交叉用不到",
        "{kind} has one lead only; this overlap decides nothing",
    ),
    "kind_in_some_areas": (
        "remark",
        "“{kind}”只在列出的社区有责任单位：{areas}",
        "{kind} has somebody to answer for it only in the communities named: {areas}",
    ),
    # --- time
    "date_unlikely": (
        "error",
        "{day} 与文件日期 {issued} 相差十年以上；请核对年份",
        "{day} is more than ten years from the document's date {issued}; check the year",
    ),
    "phase_without_start": (
        "error",
        "“{phase}”没有开始日期；只有第一阶段可以不写",
        "{phase} has no first day; only the first phase may leave it out",
    ),
    "phase_backwards": (
        "error",
        "“{phase}”在开始（{first}）之前就结束（{last}）",
        "{phase} ends ({last}) before it begins ({first})",
    ),
    "phase_out_of_order": (
        "error",
        "“{after}”排在“{before}”之后，日期却更早；请按时间先后排列",
        "{after} stands after {before} but is earlier; put the phases in order of time",
    ),
    "phase_gap": (
        "error",
        "“{before}”与“{after}”之间，{first} 至 {last} 不属于任何阶段",
        "between {before} and {after}, the days {first} to {last} belong to no phase",
    ),
    "dispatch_weekday": (
        "error",
        "{day} 是{found}，而调度日为{wanted}",
        "{day} is a {found}, but the dispatch is on {wanted}",
    ),
    "dispatch_backwards": (
        "error",
        "末次调度 {last} 早于首次调度 {first}",
        "the last dispatch {last} is before the first {first}",
    ),
    "year_without_table": (
        "error",
        '期限会落在 {year} 年，但 calendar 没有这一年；尚未公布的写 status = "assumed"',
        'time limits reach into {year}, which has no calendar table; write status = "assumed" if none is published',
    ),
    "calendar_wrong_year": (
        "error",
        "{day} 不在 {year} 年",
        "{day} is not in {year}",
    ),
    "calendar_both": (
        "error",
        "{day} 既写作放假又写作上班",
        "{day} is said to be both off and worked",
    ),
    "calendar_idle": (
        "remark",
        "{day} 是{weekday}，本来就{usual}，不必写",
        "{day} is a {weekday}, which is {usual} anyway; it need not be listed",
    ),
    "year_assumed": (
        "remark",
        "{year} 年的日历是推定的，落在这一年的期限都会注明",
        "the calendar of {year} is assumed; time limits in that year will say so",
    ),
    "days_named": (
        "remark",
        (
            "{first} 至 {last} 共 {days} 天，自文件日期 {issued} 起共 {from_issued} 天；"
            "名称为 {named} 天，按此应止于 {would_end}。日期以方案为准，不按名称推算"
        ),
        (
            "{first} to {last} is {days} days, {from_issued} from the document's date {issued}; "
            "the name says {named}, which would end on {would_end}. The dates count, not the name"
        ),
    ),
    "working_days": (
        "remark",
        "自 {first} 至 {last} 共 {days} 个工作日，各阶段：{each}",
        "{first} to {last} has {days} working days; by phase: {each}",
    ),
    "boundary_day": (
        "remark",
        "{day} 同属“{before}”和“{after}”，两个阶段的工作当天都可以做",
        "{day} belongs to both {before} and {after}; the work of either may be done that day",
    ),
    "phases_overlap": (
        "remark",
        "“{before}”与“{after}”重叠：{first} 至 {last}",
        "{before} and {after} overlap from {first} to {last}",
    ),
    "open_start": (
        "remark",
        "“{phase}”没有写开始日期，自文件日期 {issued} 起算",
        "{phase} has no first day; it counts from the document's date {issued}",
    ),
    "dispatches": (
        "remark",
        "共 {n} 次调度，{first} 至 {last}，每次统计此前七天",
        "{n} dispatches, {first} to {last}, each for the seven days before it",
    ),
    "dispatch_on_day_off": (
        "remark",
        "第 {n} 次调度 {day} 不是工作日，请提前安排",
        "dispatch {n} falls on {day}, which is not a working day; arrange for it beforehand",
    ),
    "undispatched": (
        "remark",
        "{first} 至 {last} 不在任何一次调度的统计范围内",
        "{first} to {last} is covered by no dispatch",
    ),
}

WEEKDAYS = tuple(
    Text(zh, en)
    for zh, en in (
        ("周一", "Monday"),
        ("周二", "Tuesday"),
        ("周三", "Wednesday"),
        ("周四", "Thursday"),
        ("周五", "Friday"),
        ("周六", "Saturday"),
        ("周日", "Sunday"),
    )
)


def say(code: str, place: str, clause: str = "", **data: object) -> Remark:
    """Return one finding with its sentence filled in.

    Args:
        code: A key of `SENTENCES`.
        place: Where in the plan.
        clause: The plan's clause.
        data: What the sentence names; a tuple is listed, a `Text` said in each language.

    Returns:
        The finding.
    """
    level, zh, en = SENTENCES[code]
    text = Text(
        zh.format(**{key: _said(value, "zh") for key, value in data.items()}),
        en.format(**{key: _said(value, "en") for key, value in data.items()}),
    )
    return Remark(level=level, code=code, place=place, text=text, clause=clause)


def _said(value: object, language: Language) -> str:
    if isinstance(value, Text):
        return value.said_in(language)
    if isinstance(value, tuple):
        return listed((_said(item, language) for item in value), language)
    return str(value)


def hint(word: str, known: Iterable[str]) -> Text:
    """Return “did you mean” where something is near, and what there is to choose from otherwise."""
    choices = tuple(known)
    near = difflib.get_close_matches(word[:64], choices, n=1)
    if near:
        return Text(f"是不是“{near[0]}”？", f"did you mean {near[0]}?")
    return Text(f"可用的有：{_said(choices, 'zh')}", f"known: {_said(choices, 'en')}")
