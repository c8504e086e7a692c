"""`zoufang workplan`, `handover`, `plan explain` and `plan check --register`, as an office types them."""

from __future__ import annotations

from typing import Any

import openpyxl
import pytest

from zoufang.intake import load_plan


@pytest.fixture
def filled(office: Any) -> Any:
    """The small office after its first week."""
    office.fill()
    assert office.run().exit_code == 0
    return office


def test_each_unit_gets_a_workbook_with_a_sheet_a_person(filled: Any) -> None:
    """By 6 March one of C01's households was met; C02 and the office of law enforcement have nobody to send."""
    done = filled.cli("workplan", filled.path, "--today", "2023-03-06", "--lang", "en")
    assert done.exit_code == 0
    assert "work plan, round 1, from 2023-03-06." in done.stdout
    assert "1 visits were not planned" in done.stderr
    page = openpyxl.load_workbook(filled.path / "outbox" / "unplanned.xlsx").worksheets[0]
    assert list(page.iter_rows(min_row=3, values_only=True)) == [("C02", "H-2", "C02-G01", "residents")]
    names = sorted(path.name for path in (filled.path / "outbox").glob("workplan-*.xlsx"))
    assert names == ["workplan-C01.xlsx", "workplan-shichang.xlsx"]
    book = openpyxl.load_workbook(filled.path / "outbox" / "workplan-C01.xlsx")
    assert book.sheetnames == ["P-1"]
    rows = list(book["P-1"].iter_rows(values_only=True))
    assert rows[0] == ("周次", "自", "至", "走访对象", "类型", "网格", "职责", "已走访")
    assert [(row[0], *row[3:]) for row in rows[1:]] == [(1, "H-1", "居民户", "C01-G01", "residents", "是")]


def test_no_private_word_stands_in_a_work_plan(filled: Any) -> None:
    """Neither names nor telephones, of targets or of staff."""
    filled.cli("workplan", filled.path, "--today", "2023-03-06")
    for path in (filled.path / "outbox").glob("workplan-*.xlsx"):
        cells = [
            str(cell)
            for page in openpyxl.load_workbook(path)
            for row in page.iter_rows(values_only=True)
            for cell in row
        ]
        assert not [cell for cell in cells if "欧阳" in cell or "上官" in cell or "1380000" in cell or "东路" in cell]


def test_the_same_day_again_records_nothing(filled: Any) -> None:
    """It says so, and writes the same files."""
    filled.cli("workplan", filled.path, "--today", "2023-03-06")
    before = filled.tree()
    again = filled.cli("workplan", filled.path, "--today", "2023-03-06")
    assert "与上一轮相同，没有重新登记。" in again.stdout
    assert filled.ledger("SELECT count(DISTINCT round) FROM work_plans") == [(1,)]
    books = {name: digest for name, digest in before.items() if name.startswith("outbox")}
    assert {name: digest for name, digest in filled.tree().items() if name in books} == books


def test_a_campaign_is_handed_over_as_a_plan_that_can_be_checked_and_used(filled: Any) -> None:
    """Three open tickets go over; the file is accepted by the plan check; a second hand-over overwrites nothing."""
    out = filled.path.parent / "常态化.toml"
    done = filled.cli("handover", filled.path, "--out", out, "--today", "2023-06-10")
    assert done.exit_code == 0
    assert "huangtun-2023-regular：2023-06-11 至 2023-12-03" in done.stdout
    checked = filled.cli("plan", "check", out)
    assert checked.exit_code == 0
    regular = load_plan(out).regular
    assert regular is not None
    n_open = filled.ledger("SELECT count(*) FROM tickets")[0][0]
    assert len(regular.carried) == n_open > 0
    text = out.read_bytes()
    assert filled.cli("handover", filled.path, "--out", out, "--today", "2023-06-10").exit_code == 2
    assert out.read_bytes() == text


def test_a_folder_of_regular_work_lists_whom_to_contact(filled: Any) -> None:
    """Made by `init` from what was handed over; after eight weeks and more the list has its targets."""
    out = filled.path.parent / "next.toml"
    filled.cli("handover", filled.path, "--out", out, "--today", "2023-06-10")
    folder = filled.path.parent / "regular"
    assert filled.cli("init", folder, "--plan", out).exit_code == 0
    (folder / "inbox" / "register.xlsx").write_bytes((filled.path / "inbox" / "register.xlsx").read_bytes())
    assert filled.cli("run", folder, "--today", "2023-06-12").exit_code == 0
    assert (folder / "outbox" / "contact-list.xlsx").is_file()
    assert not (filled.path / "outbox" / "contact-list.xlsx").exists()


def test_a_folder_of_regular_work_begins_with_the_tickets_that_were_carried_over(filled: Any) -> None:
    """Every open ticket of the campaign is a ticket of the new ledger, under the same number, in commit 1."""
    out = filled.path.parent / "next.toml"
    filled.cli("handover", filled.path, "--out", out, "--today", "2023-06-10")
    folder = filled.path.parent / "regular"
    filled.cli("init", folder, "--plan", out)
    (folder / "inbox" / "register.xlsx").write_bytes((filled.path / "inbox" / "register.xlsx").read_bytes())
    assert filled.cli("run", folder, "--today", "2023-06-12").exit_code == 0
    before = [key for (key,) in filled.ledger("SELECT ticket_id FROM tickets ORDER BY 1")]
    late = filled.cli("unanswered", folder, "--today", "2023-06-12")
    assert late.exit_code == 1
    assert [key for key in before if key in late.stdout] == before
    todo = openpyxl.load_workbook(folder / "outbox" / "todo.xlsx").worksheets[0]
    assert {row[0] for row in todo.iter_rows(values_only=True)} >= set(before)


def test_who_answers_is_explained_from_a_folder_a_register_or_a_kind(filled: Any) -> None:
    """The same shop by its ledger and by its register; a kind by the matrix alone."""
    by_ledger = filled.cli("plan", "explain", filled.path, "S-1", "--lang", "en")
    assert by_ledger.exit_code == 0
    assert "It is a street shop. (plan 二)" in by_ledger.stdout
    assert "Overlap rule (street shop): joint" in by_ledger.stdout
    register = filled.path / "inbox" / "register.xlsx"
    by_register = filled.cli("plan", "explain", "huangtun-2023", "S-1", "--register", register, "--lang", "en")
    assert by_register.stdout == by_ledger.stdout
    by_kind = filled.cli("plan", "explain", "huangtun-2023", "居民户@C01")
    assert by_kind.stdout.splitlines()[-1] == "⇒ 矩阵的结论，牵头在前：C01"
    for words in (["huangtun-2023", "shopp"], ["huangtun-2023", "S-9", "--register", register], [filled.path, "S-9"]):
        assert filled.cli("plan", "explain", *words).exit_code == 2


def test_the_plan_is_checked_against_a_register(filled: Any) -> None:
    """Whoever has nobody to send is named, by the check and by every run that reads a register; it stays usable."""
    register = filled.path / "inbox" / "register.xlsx"
    done = filled.cli("plan", "check", "huangtun-2023", "--register", register)
    assert done.exit_code == 0
    assert "综合执法大队负责 1 个走访对象，名册上却没有人员" in done.stdout
    assert "西社区负责 1 个走访对象，名册上却没有人员" in done.stdout


def test_a_run_says_what_plan_and_register_do_not_say_of_each_other(office: Any) -> None:
    """As remarks: nothing is refused for them."""
    office.fill()
    done = office.run()
    assert done.exit_code == 0
    assert "说明：综合执法大队负责 1 个走访对象，名册上却没有人员" in done.stderr
