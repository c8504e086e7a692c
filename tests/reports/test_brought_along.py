"""Common problems and parts of split tickets in a dispatch, worked by hand; the facts are in conftest.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from zoufang.reports.document import Highlight, Mark, Paragraph, Report, Share, Table
from zoufang.reports.sheets import Stack
from zoufang.reports.xlsx import sheets

Compose = Callable[..., Report]
pytestmark = pytest.mark.usefixtures("brought_along")


def _table(report: Report, word: str) -> Table:
    (found,) = (t for t in report.tables if word in t.caption)
    return found


def test_a_common_problem_stands_in_section_four_with_whom_it_brought_along(composed: Compose) -> None:
    """Two tickets, both owed an answer, one told; nothing handled though its day, the 10th, has passed."""
    report = composed(2)
    table = _table(report, "普遍问题")
    assert table in report.sections[3].blocks
    assert [column.header for column in table.columns] == [
        "编号", "主题", "牵头单位", "关联诉求", "办理结果", "办理时限", "已反馈", "应反馈", "反馈率",
    ]  # fmt: skip
    assert table.rows == (("P-1", "环境卫生", "综合执法大队", 2, "办理中", "2023-03-10", 1, 2, Share(1, 2, "50.00%")),)
    assert table.total == ("合计", "", "", 2, "", "", 1, 2, Share(1, 2, "50.00%"))
    assert table.highlights == (Highlight(0, 4, Mark.BAD),)
    said = [block.text for block in report.sections[3].blocks if isinstance(block, Paragraph)]
    assert said[-1] == (
        "普遍问题（解决一个、带动一批、影响一片）：截至2023年3月12日共 1 个，已办结 0 个；"
        "关联诉求中应反馈 2 件，已逐件反馈 1 件（50.00%）。"
    )


def test_the_english_dispatch_says_the_same_of_common_problems(composed: Compose) -> None:
    """The same figures under English heads."""
    table = _table(composed(2, "en"), "Common problems")
    assert [column.header for column in table.columns][3:] == [
        "Tickets",
        "Outcome",
        "Due",
        "Told",
        "Owed",
        "Share told",
    ]
    assert table.rows[0][3:8] == (2, "under way", "2023-03-10", 1, 2)


def test_before_any_is_found_the_dispatch_says_so(composed: Compose) -> None:
    """Week 1 counts up to commit 2: no common problem, nothing split, whatever was recorded since."""
    report = composed(1)
    said = [block.text for block in report.sections[3].blocks if isinstance(block, Paragraph)]
    assert said[-1] == "普遍问题：截至2023年3月5日，还没有确定普遍问题。"
    assert [t.caption for t in report.tables if "普遍问题" in t.caption or "分解件" in t.caption] == []


def test_a_department_is_shown_by_the_parts_it_was_sent(composed: Compose) -> None:
    """Law enforcement handled its part in time; jianshe returned its own, which nobody has now: two, as was split."""
    table = _table(composed(2), "分解件")
    none, one = Share(0, 0, "无案例"), Share(1, 1, "100.00%")
    assert [column.header for column in table.columns] == [
        "单位", "收到", "应办", "按期办理", "按期办理率", "在办", "其中超期", "退单",
    ]  # fmt: skip
    assert table.rows == (
        ("综合执法大队", 1, 1, 1, one, 0, 0, 0),
        ("建设办", 0, 0, 0, none, 0, 0, 1),
        ("（现无责任单位）", 1, 0, 0, none, 0, 0, 0),
    )
    assert table.total == ("合计", 2, 1, 1, one, 0, 0, 1)
    assert table.note.endswith("分解相符：1/1 件；共分解为 2 件，各部门收到合计 1 件，待重派 1 件。")


def test_a_part_that_was_struck_waits_for_nobody(street: Any, composed: Compose) -> None:
    """Jianshe's part came back and was struck: no unit has it, and none is looked for."""
    street.seq = 3
    street.event("L1/2", "strike", "struck", date(2023, 3, 12))
    street.commit()
    note = "各部门收到合计 1 件，待重派 0 件。另有 1 件已退回的分解件不予立案、撤诉或并案。"
    assert _table(composed(2), "分解件").note.endswith(note)


def test_parts_never_add_to_the_table_of_units(composed: Compose) -> None:
    """Three tickets were sent, the split letter among them once, for the unit that leads on it."""
    table = _table(composed(2), "各单位工作情况")
    at = [column.header for column in table.columns].index("交办")
    assert table.total is not None
    assert (table.total[at], {row[0]: row[at] for row in table.rows if row[at]}) == (
        3,
        {"建设办": 1, "综合执法大队": 2},
    )


def test_the_workbook_holds_both_tables(composed: Compose) -> None:
    """With the same rows, shares as numbers."""
    parts = [part for sheet in sheets(composed(2)) for part in (sheet.parts if isinstance(sheet, Stack) else (sheet,))]
    found: dict[str, Any] = {line: part for part in parts for line in part.above}
    (problems,) = (sheet for line, sheet in found.items() if line.startswith("普遍问题"))
    assert next(iter(problems.rows)) == ["P-1", "环境卫生", "综合执法大队", 2, "办理中", "2023-03-10", 1, 2, 0.5]
    (split,) = (sheet for line, sheet in found.items() if "分解件" in line)
    assert list(split.rows)[-1] == ["合计", 2, 1, 1, 1.0, 0, 0, 1]
