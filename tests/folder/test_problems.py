"""Common problems through the folder alone: an office without Python links tickets and handles a problem once."""

from __future__ import annotations

from typing import Any

import openpyxl
import pytest

from zoufang import intake

MONDAY, NEXT = "2023-03-06", "2023-03-13"
HEADS = ("诉求编号", "状态", "办理结果", "普遍问题")


def link(tickets: str | None, **more: Any) -> tuple[Any, ...]:
    """Return a row that links tickets to PT-1, led by social affairs."""
    row = {
        "id": "PT-1",
        "act": "关联",
        "on": "2023-03-06",
        "topic_id": "教育",
        "unit_id": "社会事务办",
        "tickets": tickets,
    }
    return tuple({**row, "person_id": "P-3", **more}.get(column) for column in intake.PROBLEM_STEPS.ids)


def handle(remedy: str | None, **more: Any) -> tuple[Any, ...]:
    """Return a row that handles PT-1."""
    row = {"id": "PT-1", "act": "办结", "on": "2023-03-08", "remedy": remedy, "person_id": "P-2", **more}
    return tuple(row.get(column) for column in intake.PROBLEM_STEPS.ids)


def hand_in(office: Any, *rows: tuple[Any, ...], name: str = "problems-w02.xlsx") -> None:
    """Put a workbook of steps about common problems into the inbox."""
    office.book(f"problems/{name}", ((intake.PROBLEM_STEPS, rows),))


def listed(office: Any, file: str, title: str) -> list[dict[str, Any]]:
    """Read one sheet of the outbox by header."""
    headers, *rows = openpyxl.load_workbook(office.path / "outbox" / file)[title].iter_rows(values_only=True)
    return [dict(zip(headers, row, strict=True)) for row in rows]


@pytest.fixture
def begun(office: Any) -> Any:
    """A first week with three tickets sent out: V-2-1 and HL-1 on education, HL-2 on medical care."""
    office.fill()
    assert office.run(today=MONDAY).exit_code == 0
    return office


def test_what_is_linked_and_handled_once_is_handled_for_everybody(begun: Any) -> None:
    """Two tickets behind one problem, one a row; handled on Wednesday, fed back the same week, each person singly."""
    hand_in(begun, link("V-2-1"), link("HL-1"), handle("已解决"))
    told = [(i, "反馈", "2023-03-09", "社会事务办", "P-2") for i in ("V-2-1", "HL-1")]
    begun.book("replies/replies-w02.xlsx", ((intake.REPLIES, told),))
    assert begun.run(today=NEXT).exit_code == 0
    todo = {row["诉求编号"]: tuple(row[head] for head in HEADS[1:]) for row in listed(begun, "todo.xlsx", "待办")}
    assert todo["V-2-1"] == todo["HL-1"] == ("已反馈", "已解决", "PT-1")
    assert todo["HL-2"] == ("待受理", None, None)


def test_the_outbox_says_how_far_each_problem_is(begun: Any) -> None:
    """Found on Monday 6 March: five working days end on the 13th. Both tickets behind it are listed, none answered."""
    hand_in(begun, link("HL-1、V-2-1"))
    begun.run(today="2023-03-07")
    (row,) = listed(begun, "problems.xlsx", "普遍问题")
    assert {**row, "办理时限": row["办理时限"].date().isoformat()} == {
        "问题编号": "PT-1",
        "主题": "教育",
        "牵头单位": "shehui",
        "单位名称": "社会事务办",
        "办理时限": "2023-03-13",
        "办理结果": None,
        "关联件数": 2,
        "已有回音": 0,
    }
    tickets = [(row["问题编号"], row["诉求编号"]) for row in listed(begun, "problems.xlsx", "关联诉求")]
    assert tickets == [("PT-1", "HL-1"), ("PT-1", "V-2-1")]


def test_adjacent_rows_of_one_problem_are_one_change(begun: Any) -> None:
    """One commit links both, as a list in one cell would have."""
    hand_in(begun, link("V-2-1"), link("HL-1"))
    begun.run(today=NEXT)
    assert begun.ledger("SELECT count(*) FROM commits WHERE verb = 'link'") == [(1,)]


def test_the_same_file_again_changes_nothing(begun: Any) -> None:
    """Under another name too: it was handed in before."""
    hand_in(begun, link("V-2-1"), handle("已解决"))
    begun.run(today=NEXT)
    links = begun.ledger("SELECT * FROM problem_links")
    source = begun.path / "inbox" / "problems" / "problems-w02.xlsx"
    source.with_name("again.xlsx").write_bytes(source.read_bytes())
    assert begun.run(today=NEXT).exit_code == 0
    assert begun.ledger("SELECT * FROM problem_links") == links
    assert begun.ledger("SELECT count(*) FROM problems") == [(2,)]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (link(None), "表“普遍问题办理”第 2 行“关联诉求”列"),
        (link("HL-1", topic_id=None), "表“普遍问题办理”第 2 行“主题”列"),
        (link("HL-1", unit_id=None), "表“普遍问题办理”第 2 行“牵头单位”列"),
        (link("HL-1", remedy="已解决"), "表“普遍问题办理”第 2 行“办理结果”列"),
        (link("HL-9"), "表“普遍问题办理”第 2 行“关联诉求”列"),
        (link("HL-1", person_id="P-9"), "表“普遍问题办理”第 2 行“经办人”列"),
        (link("HL-1", on="2023-03-20"), "表“普遍问题办理”第 2 行"),
        (handle(None), "表“普遍问题办理”第 2 行“办理结果”列"),
        (handle("部分解决"), "表“普遍问题办理”第 2 行“理由”列"),
        (handle("已解决", tickets="HL-1"), "表“普遍问题办理”第 2 行“关联诉求”列"),
        (handle("已解决"), "表“普遍问题办理”第 2 行“问题编号”列"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place(begun: Any, row: tuple[Any, ...], said: str) -> None:
    """Nothing is recorded: no ticket, no unit, an unknown one, a day to come, no reason, a problem nobody found."""
    hand_in(begun, row)
    before = begun.ledger("SELECT * FROM commits")
    done = begun.run(today=NEXT)
    assert done.exit_code != 0
    assert "文件 problems-w02.xlsx" in done.output
    assert said in done.output
    assert begun.ledger("SELECT * FROM commits") == before


def test_a_bad_second_row_takes_back_the_first(begun: Any) -> None:
    """A file is recorded as a whole: the link before the refused handling is not kept."""
    hand_in(begun, link("V-2-1"), handle("已解决"), handle("已解决"))
    before = begun.ledger("SELECT * FROM commits")
    assert begun.run(today=NEXT).exit_code != 0
    assert begun.ledger("SELECT * FROM commits") == before
    assert begun.ledger("SELECT * FROM problem_links") == []
