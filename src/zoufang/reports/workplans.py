"""Each unit's work plan as a workbook: one sheet a person, who is to be visited in which week; ids only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import sqlalchemy as sa

from zoufang.facts import Reader, latest
from zoufang.intake import ColumnSpec, SheetSpec, Sort
from zoufang.model import CampaignPlan
from zoufang.reports.cells import SheetData, read_list, sheet_of
from zoufang.rules import ContactDue, Owed, weeks
from zoufang.typing import KindId, Text

WORK_PLAN = SheetSpec(
    "work_plan",
    "走访计划",
    (
        ColumnSpec("week", "周次", Text("第几次调度所管的一周", "number of the dispatch week"), Sort.INT),
        ColumnSpec("from_on", "自", Text("这一周的第一天", "first day of that week"), Sort.DAY),
        ColumnSpec("to_on", "至", Text("这一周的最后一天", "last day of that week"), Sort.DAY),
        ColumnSpec("target_id", "走访对象", Text("对象编号", "the target's id"), Sort.ID),
        ColumnSpec("kind", "类型", Text("走访对象的类型", "kind of target")),
        ColumnSpec("area_id", "网格", Text("网格或社区编号", "grid or community"), Sort.ID),
        ColumnSpec("duty_id", "职责", Text("按哪一项职责", "by which duty"), Sort.ID),
        ColumnSpec("done", "已走访", Text("排定前已经走访", "visited before this was planned"), Sort.YES_NO),
    ),
    Text("一次走访：谁在哪一周走访谁", "one visit: who goes to whom in which week"),
)


UNPLANNED = SheetSpec(
    "unplanned",
    "未排入",
    (
        ColumnSpec("unit_id", "责任单位", Text("欠这次走访的单位", "the unit that owes the visit"), Sort.ID),
        ColumnSpec("target_id", "走访对象", Text("对象编号", "the target's id"), Sort.ID),
        ColumnSpec("area_id", "网格", Text("网格或社区编号", "grid or community"), Sort.ID),
        ColumnSpec("duty_id", "职责", Text("按哪一项职责", "by which duty"), Sort.ID),
    ),
    Text("一次没有人能去、也没有人可登记的走访", "one visit that nobody can make and record"),
)

CONTACTS = SheetSpec(
    "contacts",
    "联系名单",
    (
        ColumnSpec("due_on", "应联系日", Text("最迟哪一天联系", "to be contacted by this day"), Sort.DAY),
        ColumnSpec("target_id", "走访对象", Text("对象编号", "the target's id"), Sort.ID),
        ColumnSpec("last_on", "上次联系", Text("上次见到本人；空为从未", "last reached; empty for never"), Sort.DAY),
    ),
    Text("一个到期应联系的对象", "one target that is due for a contact"),
)


def contact_list(due: Iterable[ContactDue]) -> SheetData:
    """Return the list of whom to contact, the longest waiting first; ids only.

    Args:
        due: Targets whose next contact is due.

    Plan: 三(三)
    """
    return sheet_of(CONTACTS, ((one.due_on, one.target_id, one.last_on) for one in due))


def unplanned_list(unplanned: Iterable[Owed], on: date) -> SheetData:
    """Return the list of visits for which a unit has nobody to send; ids only.

    Args:
        unplanned: The visits.
        on: The day of planning.

    Plan: 四(一)
    """
    rows = ((one.unit_id, one.target_id, one.area_id, one.duty_id) for one in unplanned)
    return read_list(UNPLANNED, on, rows, none="都已排入走访计划。")


def work_plans(reader: Reader, plan: CampaignPlan) -> Mapping[str, list[SheetData]]:
    """Return the last round of work plans: for each unit, one sheet a person.

    Args:
        reader: Where the facts are.
        plan: Its weeks and kinds apply.

    Returns:
        By unit; each sheet bears the person's id, its columns are those of ``WORK_PLAN``, its rows go by week and
        target. No names, addresses or telephones.

    Plan: 四(一)
    """
    w, targets = reader.tables.work_plans, latest(reader.tables.targets, "target_id")
    newest = sa.select(sa.func.max(w.c.round)).scalar_subquery()
    query = (
        sa.select(
            w.c.unit_id,
            w.c.person_id,
            w.c.week,
            w.c.target_id,
            targets.c.kind,
            targets.c.area_id,
            w.c.duty_id,
            w.c.done,
        )
        .select_from(w.outerjoin(targets, targets.c.target_id == w.c.target_id))
        .where(w.c.round == newest)
        .order_by(w.c.unit_id, w.c.person_id, w.c.week, targets.c.area_id, w.c.target_id, w.c.duty_id)
    )
    found: dict[str, dict[str, list[tuple[object, ...]]]] = {}
    for unit_id, person_id, *line in reader.select(query):
        found.setdefault(unit_id, {}).setdefault(person_id, []).append(tuple(line))
    return {unit: [_sheet(plan, who, lines) for who, lines in people.items()] for unit, people in found.items()}


def _sheet(plan: CampaignPlan, person_id: str, lines: list[tuple[object, ...]]) -> SheetData:
    spans = {week.number: (week.from_on, week.to_on) for week in weeks(plan)}

    def rows() -> Iterator[tuple[object, ...]]:
        for week, target_id, kind, area_id, duty_id, done in lines:
            known = plan.kind.get(KindId(str(kind)))
            label = known.label.zh if known else kind
            yield (week, *spans.get(int(str(week)), (None, None)), target_id, label, area_id, duty_id, done)

    made = sheet_of(WORK_PLAN, rows())
    return SheetData(person_id, made.headers, made.rows, spec=WORK_PLAN)
