"""Reading workbooks: the declared sheets of an .xlsx file, hostile or damaged ones refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from zoufang.errors import FileError
from zoufang.intake.grids import rows_of
from zoufang.intake.packages import Package, open_package
from zoufang.intake.parsing import SHIFT_1904
from zoufang.intake.specs import SheetSpec
from zoufang.intake.tables import Table, table_of
from zoufang.intake.texts import folded
from zoufang.typing import Text


@contextmanager
def open_workbook(
    file: str, content: bytes, specs: Sequence[SheetSpec]
) -> Iterator[tuple[tuple[Table, ...], tuple[Text, ...]]]:
    """Open a workbook and find the header of each declared sheet; rows are read as they are asked for.

    Args:
        file: Its name, for messages.
        content: Its bytes.
        specs: The sheets it must have, bound to a plan.

    Returns:
        A table for each spec, in their order, and remarks on sheets that are not read.

    Raises:
        FileError: It is no workbook, is damaged, too large, or lacks a sheet.
        MissingColumnError: A sheet lacks a required column.
    """
    with open_package(file, content) as package:
        tables = tuple(_table(package, spec) for spec in specs)
        yield tables, _hidden(package)


def _table(package: Package, spec: SheetSpec) -> Table:
    shown = [page for page in package.pages if not page.hidden]
    page = next((page for page in shown if folded(page.title) == folded(spec.title)), None)
    if page is None:
        found = "、".join(page.title for page in shown)
        raise FileError(
            file=package.file,
            problem_zh=f"缺少工作表“{spec.title}”；现有：{found}",
            problem_en=f"has no sheet {spec.title}; found: {found}",
        )
    return table_of(package.file, spec, rows_of(package, page), shift=SHIFT_1904 if package.from_1904 else 0)


def _hidden(package: Package) -> tuple[Text, ...]:
    titles = "、".join(page.title for page in package.pages if page.hidden and page.title != OPTIONS)
    return (Text(f"隐藏的工作表未读取：{titles}", f"hidden sheets not read: {titles}"),) if titles else ()


OPTIONS = "选项"
"""The hidden sheet of our own templates; nobody needs to hear that it was not read."""
