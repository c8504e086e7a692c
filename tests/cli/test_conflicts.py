"""`zoufang conflicts` and `settle`, as an office types them after a tablet's late batch."""

from __future__ import annotations

import re
from typing import Any

import pytest

FIRST = ("V-1", "2023-03-01", "09:30", 15, "H-1", "P-1", "C01", "上门", "见到", "是", None, None)
LATE = ("V-1", "2023-03-01", "10:15", 15, "H-1", "P-1", "C01", "上门", "见到", None, None, None)
NEW = ("V-9", "2023-03-03", "09:00", 10, "S-1", "P-1", "C01", "上门", "见到", "是", None, None)
HEARD = ("V-1", 1, "诉求", "education", "路口的红绿灯太短", None, None)


@pytest.fixture
def late(office: Any) -> Any:
    """An office whose second week brings V-1 again with another time and a demand, and V-9, which is new."""
    office.fill()
    assert office.run().exit_code == 0
    office.visits([LATE, NEW], [HEARD], name="visits-C01-w02.xlsx")
    return office


def listed(office: Any, *words: str) -> str:
    """Return what `zoufang conflicts` says, wide enough for one line a row."""
    done = office.cli("conflicts", office.path, *words, env={"COLUMNS": "200"})
    assert done.exit_code == 0
    return str(done.output)


def the_number(said: str) -> str:
    """Return the conflict's number in a list."""
    (found,) = set(re.findall(r"\b[0-9a-f]{16}\b", said))
    return found


def test_an_import_says_how_many_rows_differ_and_the_counts_add_up(late: Any) -> None:
    """Three rows: V-9 is new, V-1 and its demand differ; the file stands with that in the ledger."""
    done = late.run(today="2023-03-07")
    assert done.exit_code == 0
    assert "2 条与已记录的内容不同，已列为冲突" in done.output
    name = "'visits-C01-w02.xlsx'"
    counts = f"SELECT n_rows, n_new, n_known, n_bad FROM imports WHERE name = {name}"
    assert late.ledger(counts) == [(3, 1, 0, 0)]
    assert late.ledger("SELECT name, n_conflicts FROM import_conflicts") == [("visits-C01-w02.xlsx", 2)]
    assert late.ledger("SELECT visit_id, minute FROM visits WHERE visit_id IN ('V-1', 'V-9') ORDER BY 1") == [
        ("V-1", 570),
        ("V-9", 540),
    ]


def test_the_list_says_by_column_what_differs_and_hides_words(late: Any) -> None:
    """In the workbook's own words; in English the columns' names."""
    assert "没有待裁定的冲突" in listed(late)
    late.run(today="2023-03-07")
    said = listed(late)
    for line in (("开始时间", "09:30", "10:15"), ("无诉求", "是", "否"), ("第 1 条意见", "—", "诉求 education")):
        assert any(all(cell in row for cell in line) for row in said.splitlines()), line
    assert "走访 V-1" in said
    assert "红绿灯" not in said
    assert "to be settled" in listed(late, "--lang", "en")


def test_words_are_shown_to_whoever_says_who_they_are_and_what_for(late: Any) -> None:
    """Without that nothing is shown; with it, it is recorded."""
    late.run(today="2023-03-07")
    late.visits([LATE], [(*HEARD[:4], "路口的红绿灯太长", None, None)], name="visits-C01-w03.xlsx")
    late.run(today="2023-03-08")
    assert late.cli("conflicts", late.path, "--mask", "none").exit_code == 2
    assert late.ledger("SELECT count(*) FROM contact_reads") == [(0,)]
    listed(late, "--mask", "none", "--person", "P-3", "--purpose", "裁定")
    assert late.ledger("SELECT target_id, purpose FROM contact_reads") == [("H-1", "裁定")]


def test_replaced_and_only_once(late: Any) -> None:
    """The new version counts, its demand is raised; a second decision is refused with the first one."""
    late.run(today="2023-03-07")
    number = the_number(listed(late))
    done = late.cli("settle", late.path, number, "replace", "--reason", "平板补录", "--person", "P-3")
    assert done.exit_code == 0
    assert "V-1 不再计数，由 V-1~2 取代" in done.output
    assert "新登记诉求：V-1~2-1" in done.output
    assert late.ledger("SELECT visit_id, by_visit_id FROM replaced_visits") == [("V-1", "V-1~2")]
    again = late.cli("settle", late.path, number, "keep", "--reason", "再想想", "--person", "P-3")
    assert again.exit_code == 2
    assert "已裁定为“以新记录取代”" in again.output
    assert "没有待裁定的冲突" in listed(late)
    assert "V-1~2" in listed(late, "--all")
    assert late.cli("verify", late.path).exit_code == 0


def test_what_the_new_version_does_not_say_waits_for_the_office(office: Any) -> None:
    """The demand of V-2 is not heard in its new version: it is named, and it stays in the to-do list."""
    office.fill()
    office.run()
    office.visits([("V-2", "2023-03-02", "10:00", 20, "S-1", "P-1", "C01", "上门", "见到", "是", None, None)], [])
    office.run(today="2023-03-07")
    number = the_number(listed(office))
    done = office.cli("settle", office.path, number, "replace", "--reason", "填错", "--person", "P-3")
    assert "V-2-1" in done.output
    assert office.ledger("SELECT count(*) FROM ticket_events WHERE ticket_id = 'V-2-1' AND event = 'strike'") == [(0,)]


def test_a_grid_worker_may_not_settle(late: Any) -> None:
    """Exit code 2, and nothing is recorded."""
    late.run(today="2023-03-07")
    number = the_number(listed(late))
    before = late.ledger("SELECT max(seq) FROM commits")
    done = late.cli("settle", late.path, number, "keep", "--reason", "是我对", "--person", "P-1")
    assert done.exit_code == 2
    assert late.ledger("SELECT max(seq) FROM commits") == before
