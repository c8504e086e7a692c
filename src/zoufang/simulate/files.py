"""The files that an office really has, written from the made-up street; and the lists that it is sent, read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl

from zoufang.intake import LINKED, PROBLEM_STEPS, PROBLEMS, WATCH_LIST
from zoufang.intake.labels import REMEDIES, STATUSES
from zoufang.intake.sheets import (
    AREAS,
    CALLBACK_LIST,
    CALLBACKS,
    CALLS,
    FINDINGS,
    LETTERS,
    PEOPLE,
    REPLIES,
    TARGETS,
    TODO,
    VISITS,
)
from zoufang.intake.specs import SheetSpec
from zoufang.model import CampaignPlan, Remedy, Status
from zoufang.reports.cells import sheet_of, shown, write_csv, write_workbook
from zoufang.simulate.callbacks import CallBackRow
from zoufang.simulate.lists import (
    ListedRow,
    Lists,
    PartRow,
    ProblemRow,
    ProblemStepRow,
    ReplyRow,
    TodoRow,
    WatchedRow,
)
from zoufang.simulate.mail import CallRow, LetterRow
from zoufang.simulate.street import Street
from zoufang.typing import AreaId, TicketId, UnitId

Row = Sequence[Any]


def write_register(path: Path, plan: CampaignPlan, street: Street) -> Path:
    """Write the register: areas, people and targets."""
    areas = ((a.id, a.name, a.level, a.parent) for a in street.areas)
    people = ((p.id, p.name, p.phone, p.unit_id, p.role, p.area_id, p.capacity or None) for p in street.people)
    targets = (
        (t.id, t.kind, t.area_id, t.name, t.address, t.phone, t.tags, t.linked_to, t.since_on) for t in street.targets
    )
    return write_workbook(
        path, [_sheet(plan, AREAS, areas), _sheet(plan, PEOPLE, people), _sheet(plan, TARGETS, targets)]
    )


def write_visits(path: Path, plan: CampaignPlan, visits: Iterable[Row], findings: Iterable[Row]) -> Path:
    """Write one community's visits of one week, and what was heard."""
    return write_workbook(path, [_sheet(plan, VISITS, visits), _sheet(plan, FINDINGS, findings)])


def write_calls(path: Path, plan: CampaignPlan, rows: Iterable[CallRow]) -> Path:
    """Write the hotline's export."""
    return write_csv(path, CALLS.headers, shown(CALLS.bound_to(plan), rows))


def write_letters(path: Path, plan: CampaignPlan, rows: Iterable[LetterRow]) -> Path:
    """Write the list of letters."""
    return write_csv(path, LETTERS.headers, shown(LETTERS.bound_to(plan), rows))


def write_replies(path: Path, plan: CampaignPlan, rows: Iterable[ReplyRow]) -> Path:
    """Write what the units did."""
    return write_workbook(path, [_sheet(plan, REPLIES, rows)])


def write_problems(path: Path, plan: CampaignPlan, rows: Iterable[ProblemStepRow]) -> Path:
    """Write what the office did about common problems."""
    return write_workbook(path, [_sheet(plan, PROBLEM_STEPS, rows)])


def write_callbacks(path: Path, plan: CampaignPlan, rows: Iterable[CallBackRow]) -> Path:
    """Write what people said when they were called back."""
    return write_workbook(path, [_sheet(plan, CALLBACKS, rows)])


def _sheet(plan: CampaignPlan, spec: SheetSpec, rows: Iterable[Row]) -> Any:
    return sheet_of(spec.bound_to(plan), rows)


# --- what the office is sent -----------------------------------------------------------------------------------


def read_lists(outbox: Path, plan: CampaignPlan) -> Lists:
    """Return what the office and the units find in the outbox; nothing where there is no list yet."""
    topics = {topic.label.zh: topic.id for topic in plan.topics}
    return Lists(
        todo=tuple(_todo(outbox / "todo.xlsx", plan)),
        watched=tuple(
            WatchedRow(TicketId(str(row["ticket_id"])), _unit(row), plan_on, Status(row["status"]))
            for row in _rows(outbox / "watch-list.xlsx", WATCH_LIST)
            if (plan_on := _day(row["plan_on"])) is not None
        ),
        problems=tuple(
            ProblemRow(str(row["id"]), topics[row["topic"]], _unit(row), due_on, _remedy(row["remedy"]))
            for row in _rows(outbox / "problems.xlsx", PROBLEMS)
            if (due_on := _day(row["due_on"])) is not None
        ),
        linked={TicketId(str(row["ticket_id"])): str(row["id"]) for row in _rows(outbox / "problems.xlsx", LINKED)},
    )


def _todo(path: Path, plan: CampaignPlan) -> Iterator[TodoRow]:
    for row in _rows(path, TODO.bound_to(plan)):
        yield TodoRow(
            ticket_id=TicketId(str(row["ticket_id"])),
            status=Status(row["status"]),
            unit_id=_unit(row),
            topic_id=str(row["topic_id"] or ""),
            routed_on=_day(row["routed_on"]),
            version=int(row["version"] or 1),
            area_id=AreaId(str(row["area_id"])) if row.get("area_id") else None,
            due_on=_day(row.get("due_on")),
            remedy=_remedy(row.get("remedy")),
            parts=tuple(map(_part, filter(None, str(row.get("parts") or "").split("、")))),
        )


def _part(said: str) -> PartRow:
    """Return a part as the to-do list tells of it, e.g. ``K1/2 已销号（已解决）``."""
    number, _, standing = said.partition(" ")
    status, _, remedy = standing.rstrip("）").partition("（")
    return PartRow(TicketId(number), Status(STATUSES[status]), _remedy(REMEDIES.get(remedy)))


def _remedy(value: str | None) -> Remedy | None:
    return Remedy(value) if value else None


def read_callback_list(path: Path, plan: CampaignPlan) -> Iterator[ListedRow]:
    """Yield the tickets of a call-back list; nothing where there is no list yet."""
    for row in _rows(path, CALLBACK_LIST.bound_to(plan)):
        closed_on = _day(row["closed_on"])
        if closed_on is not None:
            yield ListedRow(
                ticket_id=TicketId(str(row["ticket_id"])),
                unit_id=_unit(row),
                remedy=_remedy(row["remedy"]),
                closed_on=closed_on,
            )


def _rows(path: Path, spec: SheetSpec) -> Iterator[dict[str, Any]]:
    """Yield rows by column id, labels turned into values; the columns are found by their headers."""
    if not path.exists():
        return
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        page = book[spec.title] if spec.title in book.sheetnames else book.worksheets[0]
        page.reset_dimensions()
        rows = page.iter_rows(values_only=True)
        places = _places(rows, spec)
        choices = {column.id: column.choices for column in spec.columns}
        for cells in rows:
            found = {name: cells[j] if j < len(cells) else None for name, j in places.items()}
            if found[spec.columns[0].id]:
                yield {name: _valued(choices[name], value) for name, value in found.items()}
    finally:
        book.close()


def _valued(choices: Mapping[str, str], value: Any) -> Any:
    """Return the value behind a label."""
    return choices.get(value, value) if isinstance(value, str) else value


def _places(rows: Iterator[tuple[Any, ...]], spec: SheetSpec) -> dict[str, int]:
    """Find the header row and say which column stands where."""
    for cells in rows:
        if spec.columns[0].header in cells:
            return {c.id: cells.index(c.header) for c in spec.columns if c.header in cells}
    return {}


def _unit(row: dict[str, Any]) -> UnitId:
    return UnitId(str(row["unit_id"] or ""))


def _day(value: Any) -> date | None:
    match value:
        case datetime():
            return value.date()
        case date():
            return value
        case str() if value:
            return date.fromisoformat(value)
        case _:
            return None
