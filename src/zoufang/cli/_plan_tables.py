"""A plan as tables: its calendar, its matrix, its topics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text as Words

from zoufang.errors.words import ROLES, VERBS
from zoufang.model import CallBackRule, CampaignPlan, Count, Duty, GateState, MaskPlace, Phase, Unit
from zoufang.rules.masks import MASKS
from zoufang.rules.phases import phase_start, phase_working_days, phases_on
from zoufang.rules.rhythm import DAY, Week, weeks
from zoufang.typing import KindId, Language, Text, listed

_LEAD = Text("牵头", "lead")
_JOINT = Text("共同牵头", "joint lead")
_CO = Text("配合", "co")
_CLAUSE = Text("条款", "clause")
_WORKED = Text("工作日", "working days")
_OPEN = Text("（未写）", " (open)")
_OWN = Text("对象自己的牵头单位", "the target's own lead")


def plan_tables(plan: CampaignPlan, language: Language) -> Group:
    """Return everything that `plan show` draws, in order."""
    return Group(
        _heading(plan, language),
        _goals(plan, language),
        _phases(plan, language),
        _weeks(plan, language),
        _matrix(plan, language),
        _topics(plan, language),
        _limits(plan, language),
    )


def _heading(plan: CampaignPlan, language: Language) -> Words:
    lines = [plan.title, plan.theme, plan.street.name, plan.source]
    words = [f"{plan.id} · {plan.version}", *(line.said_in(language) for line in lines if line is not None)]
    return Words("\n".join(words))


def _goals(plan: CampaignPlan, language: Language) -> Table:
    table = _table(Text("目标", "Goals"), language)
    for title in (Text("目标", "goal"), Text("指标", "metric"), Text("算法", "how it is read"), _CLAUSE):
        _column(table, title.said_in(language))
    for goal in plan.goals:
        _row(table, goal.label.said_in(language), goal.metric, goal.note.said_in(language), goal.clause)
    return table


def _phases(plan: CampaignPlan, language: Language) -> Table:
    table = _table(Text("阶段", "Phases"), language)
    for title in (Text("阶段", "phase"), Text("开始", "from"), Text("结束", "to")):
        _column(table, title.said_in(language))
    for title in (Text("天数", "days"), Text("周次", "weeks"), _WORKED):
        _column(table, title.said_in(language), justify="right")
    _column(table, _CLAUSE.said_in(language))
    for phase in plan.phases:
        start = phase_start(plan, phase)
        opens = f"{start}" if phase.starts_on else f"{start}{_OPEN.said_in(language)}"
        days, worked = (phase.ends_on - start).days + 1, phase_working_days(plan, phase)
        _row(
            table,
            phase.label.said_in(language),
            opens,
            f"{phase.ends_on}",
            f"{days}",
            _week_numbers(plan, phase),
            f"{worked}",
            phase.clause,
        )
    return table


def _week_numbers(plan: CampaignPlan, phase: Phase) -> str:
    numbers = [week.number for week in weeks(plan) if phase in _phases_in(plan, week)]
    return f"{numbers[0]}–{numbers[-1]}" if len(numbers) > 1 else "".join(map(str, numbers))


def _phases_in(plan: CampaignPlan, week: Week) -> tuple[Phase, ...]:
    days = (week.from_on + i * DAY for i in range((week.to_on - week.from_on).days + 1))
    found = [phase for day in days for phase in phases_on(plan, day)]
    return tuple(phase for phase in plan.phases if phase in found)


def _weeks(plan: CampaignPlan, language: Language) -> Table:
    """Draw one line a week, with a mark under each phase that it touches."""
    table = _table(Text("日历", "Calendar"), language)
    for title in (Text("周次", "week"), Text("统计", "covers"), _WORKED):
        _column(table, title.said_in(language), justify="right")
    for phase in plan.phases:
        _column(table, phase.label.said_in(language), justify="center")
    _column(table, Text("调度", "dispatch").said_in(language))
    for week in weeks(plan):
        touched = _phases_in(plan, week)
        marks = ("■" if phase in touched else "" for phase in plan.phases)
        worked = plan.working_days.working_days(week.from_on, week.to_on)
        _row(table, f"{week.number}", f"{week.from_on:%m-%d} – {week.to_on:%m-%d}", f"{worked}", *marks, f"{week.on}")
    return table


def _matrix(plan: CampaignPlan, language: Language) -> Table:
    table = _table(Text("责任矩阵", "Responsibility matrix"), language)
    _column(table, Text("单位", "unit").said_in(language))
    for kind in plan.kinds:
        _column(table, kind.label.said_in(language), justify="center")
    _column(table, _CLAUSE.said_in(language))
    for unit in plan.units:
        held = [duty for duty in plan.duties if unit.id in (*duty.leads, *duty.co)]
        if held:
            marks = (_mark(held, unit, kind.id, language) for kind in plan.kinds)
            _row(table, unit.name, *marks, "、".join(dict.fromkeys(duty.clause for duty in held)))
    return table


def _mark(held: list[Duty], unit: Unit, kind_id: KindId, language: Language) -> str:
    parts = {
        _CO if unit.id not in duty.leads else _LEAD if len(duty.leads) == 1 else _JOINT
        for duty in held
        if kind_id in duty.kinds
    }
    return " ".join(part.said_in(language) for part in (_LEAD, _JOINT, _CO) if part in parts)


def _topics(plan: CampaignPlan, language: Language) -> Table:
    table = _table(Text("诉求主题的默认牵头单位", "Topics and who leads by default"), language)
    for title in (Text("单位", "unit"), Text("主题", "topics"), _CLAUSE):
        _column(table, title.said_in(language))
    for unit_id in (*plan.unit, None):
        topics = [topic for topic in plan.topics if topic.unit == unit_id]
        if topics:
            name = plan.unit[unit_id].name if unit_id is not None else _OWN.said_in(language)
            clauses = dict.fromkeys(topic.clause for topic in topics)
            labels = (topic.label.said_in(language) for topic in topics)
            _row(table, name, listed(labels, language), "、".join(clauses))
    return table


_COUNTED: Mapping[Count, Text] = {
    Count.WORKING_HOURS: Text("个工作小时", "working hours"),
    Count.HOURS: Text("小时", "hours"),
    Count.WORKING_DAYS: Text("个工作日", "working days"),
    Count.CALENDAR_DAYS: Text("个自然日", "calendar days"),
}
_CLOCK: Mapping[str, Text] = {
    "restart": Text("重新计时", "the clock starts anew"),
    "keep": Text("仍用原时限", "the limit stays"),
    "rest": Text("用余下的天数", "the days that were left"),
    "follow": Text("不早于各分解件", "no earlier than its parts"),
}
_GATE: Mapping[GateState, Text] = {
    GateState.OPEN: Text("办理", "open"),
    GateState.WARNED: Text("登记并加标记", "recorded and marked"),
    GateState.CLOSED: Text("不办理", "closed"),
}
_SHOWN: Mapping[MaskPlace, Text] = {
    "contacts": Text("查看联系方式", "contacts shown"),
    "words": Text("查看原话", "words shown"),
}
_OUTSIDE = Text("阶段之外", "outside all phases")


def _limits(plan: CampaignPlan, language: Language) -> Table:
    table = _table(Text("期限、回访、调度", "Time limits, call-backs, dispatches"), language)
    for title in (Text("事项", "matter"), Text("规定", "rule"), _CLAUSE):
        _column(table, title.said_in(language))
    for matter, rule, clause in _rules(plan):
        _row(table, matter.said_in(language), rule.said_in(language), clause)
    return table


def _rules(plan: CampaignPlan) -> Iterator[tuple[Text, Text, str]]:
    limit, call, made = plan.deadlines, plan.callbacks, weeks(plan)
    days = _COUNTED[limit.count]
    yield (
        Text("办理", "handling"),
        Text(
            f"{limit.handle_days} {days.zh}，可延长 {limit.extension_days} 个，"
            f"退单 {limit.return_days} 个工作日（{limit.preset}）",
            f"{limit.handle_days} {days.en}, extension {limit.extension_days}, "
            f"return within {limit.return_days} working days ({limit.preset})",
        ),
        limit.clause,
    )
    for line in limit.classes:
        own = _COUNTED[line.limit.count]
        yield line.label, Text(f"{line.limit.n} {own.zh}", f"{line.limit.n} {own.en}"), limit.clause
    yield (
        Text("撤销销号、改派、分解", "reopened, sent on, split"),
        Text(
            f"撤销后{_CLOCK[limit.on_reopen].zh}；改派后{_CLOCK[limit.on_reroute].zh}；分解后{_CLOCK[limit.on_split].zh}",
            f"reopened: {_CLOCK[limit.on_reopen].en}; sent on: {_CLOCK[limit.on_reroute].en}; "
            f"split: {_CLOCK[limit.on_split].en}",
        ),
        limit.clause,
    )
    for gate in plan.gates:
        verb = VERBS.get(gate.verb, Text(gate.verb, gate.verb))
        phase = next((p.label for p in plan.phases if p.id == gate.phase), _OUTSIDE)
        said = _GATE[gate.state]
        yield verb, Text(f"{phase.zh}：{said.zh}", f"{phase.en}: {said.en}"), gate.clause
    for rule in plan.masks:
        mask, roles = MASKS[rule.mask].label, [ROLES[role] for role in rule.roles]
        whom = Text("、".join(role.zh for role in roles), ", ".join(role.en for role in roles))
        yield (
            _SHOWN[rule.where],
            Text(f"{whom.zh}：{mask.zh}", f"{whom.en}: {mask.en}") if roles else mask,
            rule.clause,
        )
    labels = [plan.kind[kind].label for kind in call.census_kinds]
    yield (
        Text("回访", "call-backs"),
        Text(
            f"抽取 {call.rate_percent}%，每单位至少 {call.at_least} 件；全部回访：{'、'.join(k.zh for k in labels)}",
            f"{call.rate_percent}%, at least {call.at_least} a unit; all of: {', '.join(k.en for k in labels)}",
        ),
        call.clause,
    )
    yield from _calling(call)
    offices = [plan.unit[unit].name for unit in plan.dispatch.offices]
    yield (
        Text("周调度", "weekly dispatch"),
        Text(
            f"{len(made)} 次，{plan.dispatch.first_on} 至 {plan.dispatch.last_on}（{'、'.join(offices)}）",
            f"{len(made)}, {plan.dispatch.first_on} to {plan.dispatch.last_on} ({', '.join(offices)})",
        ),
        plan.dispatch.clause,
    )


def _calling(call: CallBackRule) -> Iterator[tuple[Text, Text, str]]:
    """Yield the strata of the call-back sample, when somebody is given up, and the rule of lots."""
    for stratum in call.strata:
        most = "" if stratum.at_most is None else f"–{stratum.at_most}"
        size = f"{stratum.rate_percent}%, {stratum.at_least}{most}"
        yield Text("回访分层", "stratum"), Text(f"{stratum.id}：{size}", f"{stratum.id}: {size}"), stratum.clause
    yield (
        Text("回访替补", "replacement"),
        Text(f"打不通 {call.tries} 次或拒访", f"after {call.tries} calls in vain, or a refusal")
        if call.replace
        else Text("不替补", "none"),
        call.clause,
    )
    if call.lot is not None:
        bad, good = call.lot.bad_percent, call.lot.good_percent
        yield (
            Text("成批判定", "lots"),
            Text(f"未解决 {good}% 应通过，{bad}% 不应通过", f"{good}% not solved should pass, {bad}% should not"),
            call.lot.clause,
        )


# --- drawing ------------------------------------------------------------------------------------------------


def _table(title: Text, language: Language) -> Table:
    return Table(title=title.said_in(language), title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1))


def _column(table: Table, title: str, justify: Literal["left", "center", "right"] = "left") -> None:
    # Folded, because Chinese has no spaces to break at and would be cut off otherwise.
    table.add_column(title, justify=justify, overflow="fold")


def _row(table: Table, *cells: str) -> None:
    # Words, not str: a square bracket in a plan is a square bracket, not rich's markup.
    table.add_row(*map(Words, cells))
