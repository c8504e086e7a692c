"""Templates: empty workbooks with drop-down lists and explained headers, made from the declared sheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen
from xlsxwriter.utility import xl_col_to_name

from zoufang.intake import INBOX_FILES, ColumnSpec, FileSpec, SheetSpec, Sort
from zoufang.model import CampaignPlan
from zoufang.reports.cells import Finish, SheetData, sheet_of, write_csv, write_workbook

GUIDE, LISTS = "说明", "选项"
ROWS = 5_000
"""So many rows under the header have drop-down lists and hints."""

_LONGEST_INLINE = 255
_LONGEST_HINT = 255
_LONGEST_HINT_TITLE = 32
_SORTS: Mapping[Sort, str] = {
    Sort.ID: "编号（文本）",
    Sort.TEXT: "文字",
    Sort.DAY: "日期",
    Sort.TIME: "时间",
    Sort.INT: "整数",
    Sort.YES_NO: "是或否",
    Sort.CHOICE: "单选",
    Sort.LIST: "多项，顿号隔开",
}


def write_templates(plan: CampaignPlan, folder: Path) -> tuple[Path, ...]:
    """Write an empty template of every file that an office fills in.

    Args:
        plan: Gives the lists of kinds, topics, messages, reasons and units.
        folder: Where to write them; made if it is not there.

    Returns:
        The files: register, visits, replies and callbacks as workbooks, hotline and letters as CSV files.

    Raises:
        FileError: The folder cannot be written.

    Plan: 四(一), 四(二)
    """
    return tuple(write_template(file.bound_to(plan), Path(folder) / file.name) for file in INBOX_FILES)


def write_template(file: FileSpec, path: Path) -> Path:
    """Write one empty template.

    Args:
        file: What it holds, bound to a plan.
        path: Where it shall stand.

    Returns:
        The path.

    Raises:
        FileError: The place cannot be written.
    """
    if file.is_csv:
        return write_csv(path, file.sheets[0].headers, ())
    lists = _Lists.of(file.sheets)
    pages = [*(sheet_of(sheet, ()) for sheet in file.sheets), _guide(file.sheets)]
    if lists.headers:
        pages.append(SheetData(LISTS, lists.headers, lists.rows(), hidden=True))
    return write_workbook(path, pages, finish=_finish(file.sheets, lists))


@frozen
class _Lists:
    """The drop-down lists that are too long for a cell's own rule and stand on a hidden sheet."""

    headers: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, sheets: Sequence[SheetSpec]) -> _Lists:
        long = {
            (column.header, tuple(column.choices))
            for sheet in sheets
            for column in sheet.columns
            if len(",".join(column.choices)) > _LONGEST_INLINE or any("," in label for label in column.choices)
        }
        ordered = sorted(long)
        return cls(tuple(header for header, _ in ordered), tuple(labels for _, labels in ordered))

    def rows(self) -> Iterator[list[str]]:
        for i in range(max(map(len, self.columns))):
            yield [labels[i] if i < len(labels) else "" for labels in self.columns]

    def source_of(self, column: ColumnSpec) -> str | list[str]:
        """Return what a list rule reads: the labels themselves, or where they stand."""
        labels = tuple(column.choices)
        if labels not in self.columns:
            return list(labels)
        j = self.columns.index(labels)
        name = xl_col_to_name(j)
        return f"={LISTS}!${name}$2:${name}${len(labels) + 1}"


def _guide(sheets: Sequence[SheetSpec]) -> SheetData:
    rows = [
        [sheet.title, column.header, "是" if column.required else "", _SORTS[column.sort], _told(column)]
        for sheet in sheets
        for column in sheet.columns
    ]
    above = ["填写说明", *(f"“{sheet.title}”表：{sheet.explain.zh}" for sheet in sheets)]
    below = ["橙色表头为必填列。第一行表头请勿改动；列的次序可以调整，多余的列不会读取。"]
    return SheetData(GUIDE, ("表", "列", "必填", "填写类型", "说明"), rows, above=above, below=below, widest=80)


def _told(column: ColumnSpec) -> str:
    words = column.explain.zh
    if column.choices:
        words += "。可填：" + "、".join(column.choices)
    return words


def _finish(sheets: Sequence[SheetSpec], lists: _Lists) -> Finish:
    def finish(book: Any, pages: Mapping[str, Any]) -> None:
        for sheet in sheets:
            page = pages[sheet.title]
            for j, column in enumerate(sheet.columns):
                page.data_validation(1, j, ROWS, j, {**_rule(column, lists), **_hint(column)})
                if column.sort in {Sort.ID, Sort.TEXT, Sort.DAY, Sort.TIME, Sort.LIST}:
                    look = {
                        "num_format": "yyyy-mm-dd" if column.sort is Sort.DAY else "@",
                        "font_name": "等线",
                    }
                    page.set_column(j, j, _width(column), book.add_format(look))
                else:
                    page.set_column(j, j, _width(column))

    return finish


def _width(column: ColumnSpec) -> int:
    """Return a width that leaves room for what will be typed."""
    least = {Sort.DAY: 13, Sort.ID: 16, Sort.CHOICE: 14, Sort.LIST: 26}.get(column.sort, 10)
    words = 32 if column.id in {"said", "answer", "note", "address"} else 0
    return max(least, words, 2 * len(column.header) + 4)


def _rule(column: ColumnSpec, lists: _Lists) -> dict[str, Any]:
    """Return what Excel checks while somebody types; a list of several stays a hint."""
    match column.sort:
        case Sort.CHOICE if column.choices:
            # What Excel stops, nobody can type: where the plan has words of its own, it asks and lets them pass.
            stop = "information" if not column.closed else "warning" if column.named_by else "stop"
            return {"validate": "list", "source": lists.source_of(column), "error_type": stop}
        case Sort.YES_NO:
            return {"validate": "list", "source": ["是", "否"]}
        case Sort.INT:
            bounds = {"minimum": column.at_least, "maximum": column.at_most}
            return {"validate": "integer", "criteria": "between", **bounds}
        case _:
            return {"validate": "any"}


def _hint(column: ColumnSpec) -> dict[str, Any]:
    words = _told(column) if column.sort is Sort.LIST else column.explain.zh
    words = ("必填。" if column.required else "") + words
    short = words if len(words) <= _LONGEST_HINT else words[: _LONGEST_HINT - 1] + "…"
    refusal = "请从列表中选择" if column.choices else column.explain.zh
    return {
        "input_title": column.header[:_LONGEST_HINT_TITLE],
        "input_message": short,
        "error_title": column.header[:_LONGEST_HINT_TITLE],
        "error_message": refusal[:_LONGEST_HINT],
    }
