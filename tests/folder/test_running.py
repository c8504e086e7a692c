"""A street office's own folder: files in, a dispatch and lists out."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from datetime import date
from typing import Any

import openpyxl
import pytest

from zoufang import intake
from zoufang.builtin import core
from zoufang.errors import FileError, ZoufangError
from zoufang.folder import Folder, RunDone, run
from zoufang.sdk import Plugins

MONDAY = date(2023, 3, 6)
FAULTY = [
    ("V-1", "2023-03-01", "09:30", 15, "H-1", "P-1", "C01", "上门", "见到", "是", None, None),
    ("V-2", "2023-02-30", "10:00", 20, "S-1", "P-1", "C01", "上门", "见到", None, None, None),
    ("V-3", "2023-03-02", "11:00", 5, "H-2", "P-1", "C01", "飞鸽传书", "不在家", None, None, None),
]


def sheet(path: Any) -> list[tuple[Any, ...]]:
    """Read the rows of a workbook's first sheet, the header among them."""
    book = openpyxl.load_workbook(path, read_only=True)
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    book.close()
    return rows


def done_by(office: Any, **options: Any) -> RunDone:
    """Run the office's folder on its first Monday, from Python."""
    return run(Folder.at(office.path), plugins=Plugins.of(core), **{"today": MONDAY, **options})


def test_a_new_folder_holds_the_plan_and_the_empty_workbooks(office: Any) -> None:
    """What `init` writes is what an office needs to begin; no ledger yet."""
    assert [name for name, kind in office.tree().items() if kind != "folder"] == [
        "plan.toml",
        "templates/callbacks.xlsx",
        "templates/hotline.csv",
        "templates/letters.csv",
        "templates/problems.xlsx",
        "templates/register.xlsx",
        "templates/replies.xlsx",
        "templates/visits.xlsx",
    ]
    assert {"inbox/visits", "inbox/replies", "inbox/problems", "inbox/callbacks"} <= set(office.tree())


def test_a_folder_that_holds_something_is_not_touched(office: Any, tmp_path: Any) -> None:
    """`init` twice is refused; so is a name that is a file."""
    before = office.tree()
    with pytest.raises(FileError, match="has something in it already"):
        Folder.init(office.path, "huangtun-2023")
    assert office.tree() == before
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(FileError, match="has something in it already"):
        Folder.init(tmp_path / "notes.txt", "huangtun-2023")
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_one_run_takes_in_every_file_and_writes_what_is_due(office: Any) -> None:
    """11 rows of a register, 3 visits with 1 demand, 2 calls: 3 tickets sent out, dispatch 1 of Monday 6 March."""
    office.fill()
    done = done_by(office)
    assert [(f.name, f.n_rows, f.n_new, f.n_known, f.n_bad) for f in done.files] == [
        ("register.xlsx", 11, 11, 0, 0),
        ("visits-C01-w01.xlsx", 4, 4, 0, 0),
        ("hotline.csv", 2, 2, 0, 0),
    ]
    assert (done.n_routed, done.unrouted, done.dispatches) == (3, (), (1,))
    assert sorted(path.name for path in done.written) == [
        "callback-list.xlsx",
        "dispatch-01.html",
        "dispatch-01.xlsx",
        "ladder.xlsx",
        "problems.xlsx",
        "todo.xlsx",
        "watch-list.xlsx",
    ]
    assert office.ledger("SELECT visit_id, outcome FROM visits ORDER BY visit_id") == [
        ("V-1", "met"),
        ("V-2", "met"),
        ("V-3", "absent"),
    ]


def test_the_to_do_list_names_every_open_ticket_with_its_unit(office: Any) -> None:
    """The demand of visit V-2 and both calls wait at a unit that the ledger names, too."""
    office.fill()
    done_by(office)
    header, *rows = sheet(office.path / "outbox" / "todo.xlsx")
    found = {row[header.index("诉求编号")]: row[header.index("责任单位")] for row in rows}
    holders = dict(office.ledger("SELECT ticket_id, unit_id FROM ticket_events WHERE event = 'route'"))
    assert found == holders
    assert set(found) == {"V-2-1", "HL-1", "HL-2"}


def test_a_second_run_finds_nothing_new(office: Any) -> None:
    """The same files again bring no row, no ticket, no dispatch and no commit."""
    office.fill()
    done_by(office)
    commits = office.ledger("SELECT * FROM commits")
    again = done_by(office)
    assert (again.files, again.n_routed, again.dispatches) == ((), 0, ())
    assert office.ledger("SELECT * FROM commits") == commits


def test_an_export_with_more_rows_brings_only_the_new_ones(office: Any) -> None:
    """The hotline exports everything each week: what is known is counted as known."""
    office.fill()
    done_by(office)
    calls = [
        ("HL-1", "2023-03-01", "慕容丙", "13700000001", "C01-G01", "H-1", "education", "放学路上太堵"),
        ("HL-2", "2023-03-03", "", "", "C02", "", "medical", "卫生室周末不开门"),
        ("HL-3", "2023-03-05", "", "", "C02-G01", "", "housing", "楼道漏水"),
    ]
    office.hotline(calls)
    (again,) = done_by(office).files
    assert (again.name, again.n_rows, again.n_new, again.n_known, again.n_bad) == ("hotline.csv", 3, 1, 2, 0)
    assert office.ledger("SELECT count(*) FROM tickets") == [(4,)]


def test_a_record_that_was_changed_afterwards_is_a_conflict_and_the_rest_is_recorded(office: Any) -> None:
    """The first record stands: append-only. The file's rows add up, on the result and in the ledger."""
    office.fill()
    done_by(office)
    changed = ("HL-1", "2023-03-02", "慕容丙", "13700000001", "C01-G01", "H-1", "education", "放学路上太堵")
    known = ("HL-2", "2023-03-03", "", "", "C02", "", "medical", "卫生室周末不开门")
    office.hotline([changed, known, ("HL-9", "2023-03-03", "", "", "C02", "", "medical", "排队太久")])
    (file,) = done_by(office).files
    assert (file.n_rows, file.n_new, file.n_known, file.n_conflicts, file.n_bad) == (3, 1, 1, 1, 0)
    assert office.ledger("SELECT \"on\" FROM tickets WHERE ticket_id = 'HL-1'") == [("2023-03-01",)]
    assert office.ledger("SELECT subject_id, differs FROM conflicts") == [("HL-1", "on")]
    assert office.ledger("SELECT name, n_conflicts FROM import_conflicts") == [("hotline.csv", 1)]


def test_a_limit_in_hours_is_set_from_a_workbook(office: Any) -> None:
    """Sent by the office at 09:30 under a class of four hours: due at 13:30 that day; the other call gets its days."""
    with (office.path / "plan.toml").open("a", encoding="utf-8") as plan:
        plan.write('\n[[deadlines.classes]]\nid = "urgent"\nlabel = { zh = "急件", en = "urgent" }\n')
        plan.write('limit = { n = 4, count = "hours" }\n')
    office.register()
    office.hotline()
    by_header = {
        "诉求编号": "HL-1",
        "动作": "派单",
        "日期": "2023-03-06",
        "单位": "shehui",
        "时间": "09:30",
        "时限类别": "急件",
    }
    row = [by_header.get(header) for header in intake.REPLIES.headers]
    office.book("replies/replies-w01.xlsx", [(intake.REPLIES, [row])])
    done_by(office)
    due = office.ledger("SELECT ticket_id, due_on, due_minute, limit_id FROM ticket_events WHERE event = 'route'")
    assert due == [("HL-1", "2023-03-06", 13 * 60 + 30, "urgent"), ("HL-2", "2023-03-13", None, None)]


def test_bad_rows_are_set_aside_and_listed(office: Any) -> None:
    """Good and bad rows make up all rows; the list says where and why, never what the row holds."""
    office.register()
    office.visits(FAULTY, ())
    done = done_by(office, strict=False)
    visits = next(f for f in done.files if f.name == "visits-C01-w01.xlsx")
    assert (visits.n_rows, visits.n_new, visits.n_known, visits.n_bad) == (3, 1, 0, 2)
    (path,) = (office.path / "quarantine").iterdir()
    assert path in done.written
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["表", "行", "列", "问题", "problem"]
    assert [(row[0], row[1], row[2]) for row in rows] == [("走访", "3", "走访日期"), ("走访", "4", "走访方式")]
    assert "飞鸽传书" not in path.read_text(encoding="utf-8-sig")


def test_a_bad_row_refuses_everything_by_default(office: Any) -> None:
    """Nothing of the register either, and no ledger is left behind."""
    office.register()
    office.visits(FAULTY, ())
    before = office.tree()
    with pytest.raises(ZoufangError, match="2 rows cannot be used"):
        done_by(office)
    assert office.tree() == before


def test_a_reply_that_the_rules_refuse_leaves_no_new_ledger_behind(office: Any) -> None:
    """A ticket that was never accepted cannot be handled; of a first run that holds such a reply nothing stays."""
    office.fill()
    reply = ("HL-1", "办结", "2023-03-06", "shichang", "P-2", "已解决", None, None, None, None, None)
    office.book("replies/replies-w01.xlsx", [(intake.REPLIES, [reply])])
    before = office.tree()
    with pytest.raises(ZoufangError) as refused:
        done_by(office)
    said = refused.value.said_in("zh")
    assert said.startswith("文件 replies-w01.xlsx，表“办理”第 2 行“诉求编号”列：不能对诉求 HL-1 执行“办结”")
    assert office.tree() == before


def test_a_refused_later_run_leaves_the_folder_as_it_was(office: Any) -> None:
    """Not even the ledger's log stays open: every file is there as before, to the byte, and no other."""
    office.fill()
    done_by(office)
    office.visits(FAULTY, (), name="visits-C01-w02.xlsx")
    before = office.tree()
    with pytest.raises(ZoufangError, match="2 rows cannot be used"):
        done_by(office)
    assert office.tree() == before


def test_a_later_run_is_recorded_whole_or_not_at_all(office: Any) -> None:
    """A new call that comes with a refused reply is not recorded either; without the reply it is."""
    office.fill()
    done_by(office)
    calls = [("HL-3", "2023-03-02", "慕容丁", "13700000003", "C01-G01", "", "education", "放学路上太堵")]
    office.hotline(calls)
    reply = ("HL-3", "办结", "2023-03-06", "shichang", "P-2", "已解决", None, None, None, None, None)
    replies = office.book("replies/replies-w01.xlsx", [(intake.REPLIES, [reply])])
    recorded = "SELECT seq, n_facts FROM commits"
    before = office.ledger(recorded)
    with pytest.raises(ZoufangError, match=r"replies-w01\.xlsx"):
        done_by(office)
    assert office.ledger(recorded) == before
    replies.unlink()
    assert [done.name for done in done_by(office).files] == ["hotline.csv"]
    assert office.ledger("SELECT count(*) FROM tickets WHERE ticket_id = 'HL-3'") == [(1,)]


def test_a_folder_whose_name_would_lead_the_ledger_elsewhere_is_refused(tmp_path: Any) -> None:
    """A question mark ends the path in a URL: neither `init` nor `run` takes such a folder, and nothing is written."""
    with pytest.raises(FileError, match="question mark"):
        Folder.init(tmp_path / "why?", "huangtun-2023")
    with pytest.raises(FileError, match="question mark"):
        Folder.at(tmp_path / "why?")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_sealed_before_there_is_a_roster(office: Any) -> None:
    """An empty inbox on the first Monday makes no dispatch; the same Monday with a register makes the first."""
    assert done_by(office).dispatches == ()
    office.fill()
    assert done_by(office).dispatches == (1,)


def test_files_that_nobody_reads_are_named(office: Any) -> None:
    """An old workbook among the visits and one in the wrong place are reported; lock files are not."""
    office.fill()
    (office.path / "inbox" / "visits" / "visits-C01-w02.xls").write_bytes(b"old")
    (office.path / "inbox" / "走访记录.xlsx").write_bytes(b"misplaced")
    (office.path / "inbox" / "~$走访记录.xlsx").write_bytes(b"lock")
    assert [path.name for path in done_by(office).unread] == ["visits-C01-w02.xls", "走访记录.xlsx"]
    assert "没有读取" in office.run(today="2023-03-06").stderr


def test_a_reprint_that_differs_from_what_was_sealed_says_so(office: Any) -> None:
    """Only where the sealed digest is another (as after a change of the program) is a note printed."""
    office.fill()
    done_by(office)
    again = office.path.parent / "again.html"
    assert office.cli("dispatch", office.path, 1, "--out", again).stderr == ""
    with closing(sqlite3.connect(office.path / "ledger.sqlite")) as ledger, ledger:
        ledger.execute("UPDATE dispatches SET digest = 'other'")
    assert "封存的摘要不符" in office.cli("dispatch", office.path, 1, "--out", again).stderr


def test_files_of_other_programs_are_passed_over(office: Any) -> None:
    """An office suite's lock file and a hidden file are no visits."""
    office.fill()
    (office.path / "inbox" / "visits" / "~$visits-C01-w01.xlsx").write_bytes(b"lock")
    (office.path / "inbox" / "visits" / ".visits.xlsx").write_bytes(b"hidden")
    assert len(done_by(office).files) == 3


def test_a_first_run_that_cannot_write_its_lists_keeps_what_it_recorded(office: Any) -> None:
    """A dispatch that is on paper already belongs to this ledger; the next run only writes what is missing."""
    office.fill()
    outbox = office.path / "outbox"
    outbox.write_text("in the way")
    with pytest.raises((ZoufangError, OSError)):
        done_by(office)
    printed = (office.path / "dispatches" / "dispatch-01.html").read_bytes()
    outbox.unlink()
    done = done_by(office)
    assert (done.files, done.dispatches) == ((), ())
    assert sorted(path.name for path in done.written) == [
        "callback-list.xlsx",
        "ladder.xlsx",
        "problems.xlsx",
        "todo.xlsx",
        "watch-list.xlsx",
    ]
    assert (office.path / "dispatches" / "dispatch-01.html").read_bytes() == printed
