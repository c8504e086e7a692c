"""Columns that several sheets share, and how each sort of column is made."""

from __future__ import annotations

from collections.abc import Mapping

from zoufang.intake.specs import ColumnSpec, PlanWords, Sort
from zoufang.typing import Text

_DAY_EXPLAIN = ("日期，如 2023-03-01", "a day, e.g. 2023-03-01")


def day(column_id: str, header: str, zh: str, en: str, *, required: bool = True) -> ColumnSpec:
    """Return a column of days."""
    explain = Text(f"{zh}；{_DAY_EXPLAIN[0]}", f"{en}; {_DAY_EXPLAIN[1]}")
    return ColumnSpec(column_id, header, explain, Sort.DAY, required)


def id_of(column_id: str, header: str, zh: str, en: str, *, required: bool = True) -> ColumnSpec:
    """Return a column of ids."""
    return ColumnSpec(column_id, header, Text(zh, en), Sort.ID, required)


def choice(
    column_id: str,
    header: str,
    zh: str,
    en: str,
    choices: Mapping[str, str],
    *,
    required: bool = True,
    also: Mapping[str, str] | None = None,
    named_by: PlanWords | None = None,
) -> ColumnSpec:
    """Return a column that chooses one of some labels; the plan's own words for them are understood too."""
    return ColumnSpec(
        column_id, header, Text(zh, en), Sort.CHOICE, required, choices, also=also or {}, named_by=named_by
    )


def yes_no(column_id: str, header: str, zh: str, en: str) -> ColumnSpec:
    """Return a column of 是 and 否; empty where neither was said."""
    return ColumnSpec(column_id, header, Text(zh, en), Sort.YES_NO)


def words(column_id: str, header: str, zh: str, en: str) -> ColumnSpec:
    """Return a column of private free words."""
    return ColumnSpec(column_id, header, Text(zh, en), private=True)


TOPIC = ColumnSpec(
    "topic_id",
    "主题",
    Text("从列表中选一项", "choose one of the list"),
    Sort.CHOICE,
    required=True,
    chosen_from="topics",
)
PHONE = ColumnSpec(
    "phone", "电话", Text("电话号码，按文本填写", "telephone number, typed as text"), Sort.ID, private=True
)
AREA = id_of("area_id", "区域", "社区或网格的区域编号，不清楚可不填", "community or grid, if known", required=False)
TICKET = id_of("ticket_id", "诉求编号", "待办表中的诉求编号", "the ticket's number, as in the to-do list")


def unit(column_id: str, header: str, zh: str, en: str) -> ColumnSpec:
    """Return a column that chooses a unit of the plan, or a community by its area id."""
    return ColumnSpec(column_id, header, Text(zh, en), Sort.CHOICE, required=True, chosen_from="units", closed=False)
