"""Lists and ledgers for the office's desk: what is open, whom to call, what was visited, what was asked.

They carry ids and public words only: whoever may see names, telephones and spoken words gets them elsewhere, and
that reading is recorded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import sqlalchemy as sa

from zoufang.analysis import names
from zoufang.facts import Reader, latest, up_to, visits_in_force
from zoufang.intake import CALLBACK_LIST, TODO, ColumnSpec, SheetSpec, Sort
from zoufang.intake.labels import CALL_OUTCOMES, CHANNELS, OUTCOMES, REMEDIES, SOURCES, STATUSES
from zoufang.model import CampaignPlan, Event, Status
from zoufang.reports.cells import SheetData, sheet_of
from zoufang.reports.desk import unit_name
from zoufang.rules import OPEN, allowed_in
from zoufang.rules.deadlines import MINUTES_A_DAY
from zoufang.typing import Seq, Text

STEPS: Mapping[Event, str] = {
    Event.ROUTE: "派单",
    Event.ACCEPT: "受理",
    Event.SEND_BACK: "退回",
    Event.HANDLE: "办结",
    Event.FEED_BACK: "反馈",
    Event.APPLY: "申请销号",
    Event.CLOSE: "同意销号",
    Event.REFUSE: "不同意销号",
    Event.STRIKE: "不予立案",
    Event.SPLIT: "分解",
    Event.GO_ON: "恢复计时",
    Event.GRANT_EXTENSION: "同意延期",
    Event.DENY_EXTENSION: "不同意延期",
}
"""What an office calls the steps that a to-do list offers; withdrawing is the person's, merging an exception."""

_SAID = (str(Status.FED_BACK), str(Status.APPLIED), str(Status.CLOSED))


def _text(column_id: str, header: str, zh: str, en: str) -> ColumnSpec:
    return ColumnSpec(column_id, header, Text(zh, en))


def _id(column_id: str, header: str, zh: str, en: str) -> ColumnSpec:
    return ColumnSpec(column_id, header, Text(zh, en), Sort.ID)


def _day(column_id: str, header: str, zh: str, en: str) -> ColumnSpec:
    return ColumnSpec(column_id, header, Text(zh, en), Sort.DAY)


def _int(column_id: str, header: str, zh: str, en: str) -> ColumnSpec:
    return ColumnSpec(column_id, header, Text(zh, en), Sort.INT)


def _choice(column_id: str, header: str, choices: Mapping[str, str], zh: str, en: str) -> ColumnSpec:
    return ColumnSpec(column_id, header, Text(zh, en), Sort.CHOICE, choices=choices)


def _yes_no(column_id: str, header: str, zh: str, en: str) -> ColumnSpec:
    return ColumnSpec(column_id, header, Text(zh, en), Sort.YES_NO)


VISIT_LEDGER = SheetSpec(
    "visit_ledger",
    "走访台账",
    (
        _int("no", "序号", "从 1 起", "from 1"),
        _day("on", "走访日期", "走访当天", "the day of the visit"),
        _text("area", "网格", "网格或社区名称", "grid or community"),
        _id("target_id", "走访对象", "对象编号", "the target's id"),
        _text("kind", "类型", "走访对象的类型", "kind of target"),
        _id("visitor_id", "走访人", "人员编号", "the visitor's id"),
        _text("unit", "责任单位", "为哪个单位走访", "for which unit"),
        _choice("channel", "走访方式", CHANNELS, "怎样走访", "how"),
        _choice("outcome", "走访结果", OUTCOMES, "见到与否", "what came of it"),
        _text("made_known", "宣传内容", "宣传了什么", "what was made known"),
        _text("topics", "反映问题", "问题的主题，或“无诉求”", "topics of what was said, or no demand"),
        _yes_no("solved", "现场答复", "是否有当场解决的", "whether anything was solved on the spot"),
        _yes_no("passed_on", "是否转办", "是否有转交办理的", "whether anything was passed on"),
        _id("visit_id", "记录编号", "走访记录的编号", "the record's number"),
    ),
    Text("一行一次走访", "one visit a row"),
    key=("visit_id",),
)

DEMAND_LEDGER = SheetSpec(
    "demand_ledger",
    "诉求台账",
    (
        _int("no", "序号", "从 1 起", "from 1"),
        _id("ticket_id", "编号", "诉求编号", "the ticket's number"),
        _choice("source", "来源", SOURCES, "走访、来电、来信、上级交办或上期移交", "where it comes from"),
        _id("source_id", "来源编号", "走访、工单或信件的编号", "the visit, call or letter"),
        _day("on", "提出日期", "何时提出", "when it was raised"),
        _text("topic", "类别", "诉求主题", "topic"),
        _text("unit", "责任单位", "现由哪个单位办理", "the unit that holds it"),
        _text("co", "配合单位", "哪些单位配合", "units that help"),
        _id("handler_id", "责任人", "最后办理人的人员编号", "who handled it last"),
        _day("routed_on", "交办时间", "最后一次派单", "when it was last sent to a unit"),
        _day("due_on", "办理时限", "最迟何时办结", "by when it must be handled"),
        _choice("status", "办理情况", STATUSES, "办到哪一步", "where it stands"),
        _day("handled_on", "办结时间", "最后一次办结", "when it was last handled"),
        _choice("remedy", "办理结果", REMEDIES, "办到什么程度", "what handling came to"),
        _yes_no("fed_back", "是否反馈", "是否已告知本人", "whether the person was told"),
        _choice("outcome", "回访结果", CALL_OUTCOMES, "最后一次回访", "the last call-back"),
        _yes_no("satisfied", "是否满意", "回访时是否满意", "whether they said satisfied"),
        _day("called_on", "回访时间", "最后一次回访", "when they were last called"),
        _id("closed_by", "销号人", "批准销号的人员编号", "who approved the closing"),
        _day("closed_on", "销号时间", "何时销号", "when it was closed"),
    ),
    Text("一行一件诉求", "one ticket a row"),
    key=("ticket_id",),
)


class _Units:
    """What the units are called, empty for none."""

    def __init__(self, reader: Reader, plan: CampaignPlan, as_of: Seq | None) -> None:
        self._plan, self._names = plan, names(reader, as_of)

    def of(self, unit_id: str | None) -> str:
        return "" if unit_id is None else unit_name(self._plan, self._names, unit_id)


def _bound(spec: SheetSpec, plan: CampaignPlan) -> SheetSpec:
    """Return a sheet with the plan's topics as words; units stay ids, for the programs that read the list back."""
    columns = (c if c.chosen_from == "units" else c.bound_to(plan) for c in spec.columns)
    return attrs.evolve(spec, columns=tuple(columns))


def _last(table: sa.Table, as_of: Seq | None, event: Event) -> sa.Subquery:
    """Return, per ticket, its last event of one sort."""
    turn = sa.func.row_number().over(partition_by=table.c.ticket_id, order_by=table.c.version.desc())
    known = sa.select(table, turn.label("turn")).where(table.c.event == str(event), *up_to(table, as_of)).subquery()
    return sa.select(known).where(known.c.turn == 1).subquery(f"last_{event}")


def todo(reader: Reader, plan: CampaignPlan, as_of: Seq | None = None) -> SheetData:
    """Return the to-do list: every ticket of which somebody still owes something.

    Args:
        reader: Where the facts are.
        plan: Names units and topics.
        as_of: The last commit that counts; None for all.

    Returns:
        Columns as declared in ``TODO``; rows by time limit and its minute, those without one first, then by number.

    Plan: 四(二), 四(三)
    """
    units = _Units(reader, plan, as_of)
    t, links = reader.tables.tickets, reader.tables.problem_links
    now = latest(reader.tables.ticket_events, "ticket_id", as_of)
    parts = _parts(reader, as_of)
    sent = _last(reader.tables.ticket_events, as_of, Event.ROUTE)
    by_then = sa.func.coalesce(now.c.due_minute, MINUTES_A_DAY)
    query = (
        sa.select(
            t.c.ticket_id, now.c.status, now.c.unit_id, t.c.topic_id, t.c.area_id, t.c.source, t.c.source_id,
            sent.c.on, now.c.due_on, now.c.due_minute, now.c.version, now.c.remedy, links.c.problem_id,
        )
        .join(now, now.c.ticket_id == t.c.ticket_id)
        .outerjoin(sent, sent.c.ticket_id == t.c.ticket_id)
        .outerjoin(links, sa.and_(links.c.ticket_id == t.c.ticket_id, *up_to(links, as_of)))
        .where(now.c.status.in_([str(s) for s in OPEN]), *up_to(t, as_of))
        .order_by(now.c.due_on.is_not(None), now.c.due_on, by_then, t.c.ticket_id)
    )  # fmt: skip

    def rows() -> Iterator[tuple[Any, ...]]:
        for ticket, status, unit, *cells, remedy, problem in reader.select(query):
            steps = "、".join(STEPS[e] for e in allowed_in(Status(status)) if e in STEPS)
            whole = (ticket, status, steps, unit, units.of(unit), *cells, remedy)
            yield (*whole, "、".join(parts.get(ticket, ())) or None, problem)

    return sheet_of(_bound(TODO, plan), rows())


def _parts(reader: Reader, as_of: Seq | None) -> Mapping[str, list[str]]:
    """Return, by split ticket, each part with where it stands and what it came to, in the order of the split."""
    statuses, remedies = ({value: label for label, value in known.items()} for known in (STATUSES, REMEDIES))
    t, now = reader.tables.tickets, latest(reader.tables.ticket_events, "ticket_id", as_of)
    query = (
        sa.select(t.c.parent_id, t.c.ticket_id, now.c.status, now.c.remedy)
        .join(now, now.c.ticket_id == t.c.ticket_id)
        .where(t.c.parent_id.is_not(None), *up_to(t, as_of))
        .order_by(t.c.parent_id, sa.func.length(t.c.ticket_id), t.c.ticket_id)
    )
    found: dict[str, list[str]] = {}
    for parent, part, status, remedy in reader.select(query):
        came_to = f"（{remedies[remedy]}）" if remedy else ""
        found.setdefault(parent, []).append(f"{part} {statuses[status]}{came_to}")
    return found


def callback_list(reader: Reader, plan: CampaignPlan, as_of: Seq | None = None) -> SheetData:
    """Return whom to call: closings that were drawn, still stand, and were neither reached nor given up.

    Returns:
        Columns as declared in ``CALLBACK_LIST``; rows by closing day, then by number.

    Plan: 五(三)
    """
    d, t, c = reader.tables.draws, reader.tables.tickets, reader.tables.callbacks
    now = latest(reader.tables.ticket_events, "ticket_id", as_of)
    called = sa.exists().where(
        c.c.ticket_id == d.c.ticket_id,
        c.c.closing == d.c.closing,
        c.c.outcome != "unreachable",
        *up_to(c, as_of),
    )
    tried = (
        sa.select(sa.func.count())
        .where(c.c.ticket_id == d.c.ticket_id, c.c.closing == d.c.closing, *up_to(c, as_of))
        .scalar_subquery()
    )
    query = (
        sa.select(
            t.c.ticket_id, now.c.unit_id, t.c.topic_id, now.c.remedy, now.c.on, t.c.target_id, t.c.source_id,
            tried + 1, d.c.replaces,
        )
        .select_from(d)
        .join(t, t.c.ticket_id == d.c.ticket_id)
        .join(now, sa.and_(now.c.ticket_id == d.c.ticket_id, now.c.version == d.c.closing))
        .where(~called, tried < plan.callbacks.tries, *up_to(d, as_of))
        .order_by(now.c.on, t.c.ticket_id)
    )  # fmt: skip
    return sheet_of(_bound(CALLBACK_LIST, plan), reader.select(query))


def visit_ledger(reader: Reader, plan: CampaignPlan, as_of: Seq | None = None) -> SheetData:
    """Return the ledger of visits, without names, addresses, telephones or spoken words.

    Returns:
        Columns as declared in ``VISIT_LEDGER``; rows by day, then by the record's number.

    Plan: 四(二)
    """
    units, kinds = _Units(reader, plan, as_of), plan.kind
    messages = {m.id: m.label.zh for m in plan.messages}
    v = visits_in_force(reader.tables, as_of)
    areas, targets = (
        latest(reader.tables.areas, "area_id", as_of),
        latest(reader.tables.targets, "target_id", as_of),
    )
    heard = _heard(reader, plan, as_of)
    query = (
        sa.select(
            v.c.visit_id, v.c.on, areas.c.name, v.c.target_id, targets.c.kind, v.c.visitor_id, v.c.unit_id,
            v.c.channel, v.c.outcome, v.c.made_known, v.c.no_demand,
        )
        .outerjoin(targets, targets.c.target_id == v.c.target_id)
        .outerjoin(areas, areas.c.area_id == targets.c.area_id)
        .order_by(v.c.on, v.c.visit_id)
    )  # fmt: skip

    def rows() -> Iterator[tuple[Any, ...]]:
        for i, row in enumerate(reader.select(query), 1):
            visit, on, area, target, kind, visitor, unit, channel, outcome, made_known, none = row
            said, solved, passed = heard.get(visit, ("无诉求" if none else "", None, None))
            kind_name = kinds[kind].label.zh if kind in kinds else kind
            known = "、".join(messages.get(m, m) for m in made_known.split())
            who = (visitor, units.of(unit), channel, outcome)
            yield (i, on, area, target, kind_name, *who, known, said, solved, passed, visit)

    return sheet_of(VISIT_LEDGER, rows())


def _heard(reader: Reader, plan: CampaignPlan, as_of: Seq | None) -> Mapping[str, tuple[str, bool | None, bool | None]]:
    """Return, by visit, the topics heard, whether anything was solved at once, and whether anything was passed on."""
    f = reader.tables.findings.c
    query = (
        sa.select(f.visit_id, f.topic_id, f.kind, f.solved)
        .where(*up_to(reader.tables.findings, as_of))
        .order_by(f.visit_id, f.n)
    )
    found: dict[str, tuple[str, bool | None, bool | None]] = {}
    for visit, topic, kind, solved in reader.select(query):
        name = plan.topic[topic].label.zh if topic in plan.topic else topic
        said, at_once, passed = found.get(visit, ("", False, False))
        is_demand = kind == "demand"
        found[visit] = (
            f"{said}、{name}".removeprefix("、"),
            at_once or bool(is_demand and solved),
            passed or bool(is_demand and not solved),
        )
    return found


def demand_ledger(reader: Reader, plan: CampaignPlan, as_of: Seq | None = None) -> SheetData:
    """Return the ledger of demands, without names, telephones or spoken words.

    Returns:
        Columns as declared in ``DEMAND_LEDGER``; rows by day, then by number.

    Plan: 四(二), 四(三), 五(三)
    """
    units, topics = _Units(reader, plan, as_of), plan.topic
    t, events = reader.tables.tickets, reader.tables.ticket_events
    now = latest(events, "ticket_id", as_of)
    sent, done, shut = (_last(events, as_of, e) for e in (Event.ROUTE, Event.HANDLE, Event.CLOSE))
    called, helpers = _called(reader, as_of), _helpers(reader, as_of)
    query = (
        sa.select(
            t.c.ticket_id, t.c.source, t.c.source_id, t.c.on, t.c.topic_id, now.c.unit_id, done.c.person_id,
            sent.c.on, now.c.due_on, now.c.status, done.c.on, now.c.remedy, shut.c.person_id, shut.c.on,
        )
        .join(now, now.c.ticket_id == t.c.ticket_id)
        .outerjoin(sent, sent.c.ticket_id == t.c.ticket_id)
        .outerjoin(done, done.c.ticket_id == t.c.ticket_id)
        .outerjoin(shut, shut.c.ticket_id == t.c.ticket_id)
        .where(*up_to(t, as_of))
        .order_by(t.c.on, t.c.ticket_id)
    )  # fmt: skip

    def rows() -> Iterator[tuple[Any, ...]]:
        for i, row in enumerate(reader.select(query), 1):
            ticket, source, source_id, on, topic, unit, handler, sent_on, due_on, status, *rest = row
            done_on, remedy, shut_by, shut_on = rest
            outcome, satisfied, called_on = called.get(ticket, (None, None, None))
            co = "、".join(units.of(u) for u in helpers.get(ticket, ()))
            closing = (shut_by, shut_on) if status == str(Status.CLOSED) else (None, None)
            name = topics[topic].label.zh if topic in topics else topic
            head = (i, ticket, source, source_id, on, name, units.of(unit), co, handler)
            told = status in _SAID
            yield (*head, sent_on, due_on, status, done_on, remedy, told, outcome, satisfied, called_on, *closing)

    return sheet_of(DEMAND_LEDGER, rows())


def _called(reader: Reader, as_of: Seq | None) -> Mapping[str, tuple[str, int | None, Any]]:
    c = reader.tables.callbacks.c
    query = (
        sa.select(c.ticket_id, c.outcome, c.satisfied, c.on)
        .where(*up_to(reader.tables.callbacks, as_of))
        .order_by(c.ticket_id, c.closing, c.attempt)
    )
    return {ticket: (outcome, satisfied, on) for ticket, outcome, satisfied, on in reader.select(query)}


def _helpers(reader: Reader, as_of: Seq | None) -> Mapping[str, list[str]]:
    """Return, by ticket, the units that help by the latest round."""
    a = reader.tables.assignments.c
    query = (
        sa.select(a.subject_id, a.round, a.part, a.unit_id)
        .where(a.subject == "ticket", *up_to(reader.tables.assignments, as_of))
        .order_by(a.subject_id, a.round.desc(), a.unit_id)
    )
    last: dict[str, int] = {}
    found: dict[str, list[str]] = {}
    for subject, turn, part, unit in reader.select(query):
        if last.setdefault(subject, turn) == turn and part == "co":
            found.setdefault(subject, []).append(unit)
    return found
