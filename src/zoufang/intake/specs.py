"""What a column and a sheet are: values, so that reading, writing and explaining never disagree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Literal

import attrs
from attrs import field, frozen

from zoufang.model import CampaignPlan
from zoufang.typing import Text


class Sort(StrEnum):
    """What the cells of a column hold."""

    ID = "id"
    TEXT = "text"
    DAY = "day"
    TIME = "time"
    INT = "int"
    YES_NO = "yes_no"
    CHOICE = "choice"
    LIST = "list"


PlanList = Literal["kinds", "topics", "messages", "reasons", "units", "limits"]
"""The lists of a plan from which a column may choose."""

PlanWords = Literal["channels", "roles"]
"""The lists of a plan that name what the software enumerates, each in the plan's own words."""


@frozen
class ColumnSpec:
    """One column of a sheet or CSV file.

    Args:
        id: Name in the program; where there is one, the name of the model's attribute.
        header: The Chinese header, exactly as it stands in the first row.
        explain: What to write there.
        sort: What its cells hold.
        required: True where the column must be there and no cell of it may be empty.
        choices: Label to value; for ``choice`` and ``list``: what a list offers and a message shows.
        also: Further words that are understood like a label, to their values.
        chosen_from: The plan's list that gives the choices; filled by :meth:`bound_to`.
        named_by: The plan's list that has words of its own for the choices; they are understood too.
        closed: False where other values than the choices are allowed (a community's id among the units).
        at_least: Lowest whole number allowed, for ``int``.
        at_most: Highest whole number allowed, for ``int``.
        private: True where the cells are personal data, never to be shown in a message.
    """

    id: str
    header: str
    explain: Text
    sort: Sort = Sort.TEXT
    required: bool = False
    choices: Mapping[str, str] = field(factory=dict)
    also: Mapping[str, str] = field(factory=dict)
    chosen_from: PlanList | None = None
    named_by: PlanWords | None = None
    closed: bool = True
    at_least: int = 0
    at_most: int = 1_000_000
    private: bool = False

    def bound_to(self, plan: CampaignPlan) -> ColumnSpec:
        """Return the column with the choices that a plan gives it."""
        bound = self if self.chosen_from is None else attrs.evolve(self, choices=choices_of(plan, self.chosen_from))
        which = self.chosen_from or self.named_by
        return bound if which is None else attrs.evolve(bound, also={**self.also, **words_of(plan, which)})

    @property
    def understood(self) -> dict[str, str]:
        """What is understood in a cell: each label, each further word, and each value itself; a label goes first."""
        return {value: value for value in self.choices.values()} | {**self.also} | {**self.choices}

    def label_of(self, value: str | None) -> str:
        """Return the Chinese label of a value; the value itself where it has none, nothing for None."""
        if value is None:
            return ""
        return next((label for label, known in self.choices.items() if known == value), str(value))


@frozen
class SheetSpec:
    """One sheet of a workbook, or one CSV file.

    Args:
        id: Name in the program.
        title: The sheet's Chinese title.
        columns: Its columns, in the order in which we write them; they are read in any order.
        explain: What one row is.
        key: Ids of the columns that together appear once; empty where rows may repeat.
    """

    id: str
    title: str
    columns: tuple[ColumnSpec, ...]
    explain: Text
    key: tuple[str, ...] = ()

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers, in the order in which we write them."""
        return tuple(column.header for column in self.columns)

    @property
    def ids(self) -> tuple[str, ...]:
        """The columns' ids, in the same order."""
        return tuple(column.id for column in self.columns)

    def column(self, column_id: str) -> ColumnSpec:
        """Return one column by its id."""
        return next(column for column in self.columns if column.id == column_id)

    def bound_to(self, plan: CampaignPlan) -> SheetSpec:
        """Return the sheet with the choices that a plan gives its columns."""
        return attrs.evolve(self, columns=tuple(column.bound_to(plan) for column in self.columns))


@frozen
class FileSpec:
    """One file that an office fills in or gets.

    Args:
        id: Name in the program.
        name: File name of its template.
        sheets: Its sheets; a CSV file has one.
    """

    id: str
    name: str
    sheets: tuple[SheetSpec, ...]

    @property
    def is_csv(self) -> bool:
        """Whether it is a CSV file rather than a workbook."""
        return self.name.endswith(".csv")

    def bound_to(self, plan: CampaignPlan) -> FileSpec:
        """Return the file with the choices that a plan gives its sheets."""
        return attrs.evolve(self, sheets=tuple(sheet.bound_to(plan) for sheet in self.sheets))


def choices_of(plan: CampaignPlan, which: PlanList) -> dict[str, str]:
    """Return one list of a plan as label to id; a unit that stands for every community is left out."""
    match which:
        case "kinds":
            return {kind.label.zh: kind.id for kind in plan.kinds}
        case "topics":
            return {topic.label.zh: topic.id for topic in plan.topics}
        case "messages":
            return {message.label.zh: message.id for message in plan.messages}
        case "reasons":
            return {label.zh: code for code, label in plan.reasons.items()}
        case "limits":
            return {line.label.zh: line.id for line in plan.deadlines.classes}
        case "units":
            return {unit.name: unit.id for unit in plan.units if not unit.per_community}


def words_of(plan: CampaignPlan, which: PlanList | PlanWords) -> dict[str, str]:
    """Return the plan's own words for what a column may choose, to ids: its labels in both languages."""
    named: Iterable[tuple[Text, str]]
    match which:
        case "channels":
            named = ((one.label, one.channel) for one in plan.channels)
        case "roles":
            named = ((one.label, one.role) for one in plan.roles)
        case "kinds":
            named = ((one.label, one.id) for one in plan.kinds)
        case "topics":
            named = ((one.label, one.id) for one in plan.topics)
        case "messages":
            named = ((one.label, one.id) for one in plan.messages)
        case "reasons":
            named = ((label, code) for code, label in plan.reasons.items())
        case "limits":
            named = ((line.label, line.id) for line in plan.deadlines.classes)
        case "units":
            return {}
    return {word: str(value) for label, value in named for word in (label.en, label.zh) if word}
