"""Sheets and columns of the files that an office fills in, and of those that it gets."""

from __future__ import annotations

from collections.abc import Iterable

from docs.generate import markdown as md
from zoufang.intake.sheets import INBOX_FILES, OUTBOX_FILES
from zoufang.intake.specs import ColumnSpec, FileSpec, SheetSpec, Sort

PLACES = {
    "register": "inbox/register.xlsx",
    "visits": "inbox/visits/*.xlsx",
    "replies": "inbox/replies/*.xlsx",
    "problem_steps": "inbox/problems/*.xlsx",
    "callbacks": "inbox/callbacks/*.xlsx",
    "calls": "inbox/hotline.csv",
    "letters": "inbox/letters.csv",
    "todo": "outbox/todo.xlsx",
    "callback_list": "outbox/callback-list.xlsx",
    "ladder": "outbox/ladder.xlsx",
    "watch_list": "outbox/watch-list.xlsx",
    "problems": "outbox/problems.xlsx",
}
"""Where each file lies in a campaign's folder."""

SORTS = {
    Sort.ID: "an id, typed as text",
    Sort.TEXT: "text",
    Sort.DAY: "a day, e.g. 2023-03-01",
    Sort.TIME: "a time, e.g. 09:30",
    Sort.INT: "a whole number",
    Sort.YES_NO: "是 or 否",
    Sort.CHOICE: "one of a list",
    Sort.LIST: "several, with 、 between",
}


def page() -> str:
    """Return the page of files."""
    return md.page(
        "Files",
        "The sheets and columns of a campaign's folder. They are declared once, in `zoufang.intake.sheets`; the "
        "templates that `zoufang init` writes, the readers and this page all follow that declaration.",
        md.bullets(
            "The first row holds the headers; columns may stand in any order.",
            "A choice may be written as its label, as the value in the program, or as the plan itself calls it in "
            "either language (上门入户 for 上门). Full-width digits and letters are "
            "understood.",
            "Columns marked *private* hold personal data: their cells never appear in a message, and their texts stand "
            "in the ledger's erasable side table, or nowhere but in the file where the column says so.",
            "CSV files may be UTF-8 or GB18030, with or without a byte order mark. They are exported anew each week "
            "with all rows so far: a row that is recorded already is passed over, and one that changed is refused.",
        ),
        "## What the office fills in",
        *_files(INBOX_FILES),
        "## What the campaign writes",
        *_files(OUTBOX_FILES),
    )


def _files(files: Iterable[FileSpec]) -> Iterable[str]:
    for file in files:
        yield f"### {PLACES[file.id]}"
        for sheet in file.sheets:
            yield _sheet(file, sheet)


def _sheet(file: FileSpec, sheet: SheetSpec) -> str:
    title = f"{sheet.explain.zh} / {sheet.explain.en}."
    key = f" Unique: {'、'.join(sheet.column(one).header for one in sheet.key)}." if sheet.key else ""
    rows = [
        (column.header, md.code(column.id), _holds(column), "yes" if column.required else "", _explained(column))
        for column in sheet.columns
    ]
    heading = f"{title}{key}" if file.is_csv else f"Sheet **{sheet.title}**. {title}{key}"
    return f"{heading}\n\n{md.table(('column', 'in the program', 'holds', 'required', 'what to write'), rows)}"


def _holds(column: ColumnSpec) -> str:
    if column.chosen_from is not None:
        other = "" if column.closed else ", or a community's area id"
        return f"{SORTS[column.sort]}: the plan's {column.chosen_from}{other}"
    if column.choices:
        return "、".join(f"{label} `{value}`" for label, value in column.choices.items())
    if column.sort is Sort.INT:
        return f"{SORTS[column.sort]}, {column.at_least} to {column.at_most}"
    return SORTS[column.sort]


def _explained(column: ColumnSpec) -> str:
    private = " *Private.*" if column.private else ""
    return f"{column.explain.zh}<br>{column.explain.en}{private}"
