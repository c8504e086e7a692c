"""`zoufang unanswered`, `watch` and `similar`, and the same steps from a workbook, on an office's own folder."""

from __future__ import annotations

from typing import Any

from click.testing import CliRunner, Result

from zoufang import intake
from zoufang.cli import main

DAY = "2023-03-06"


def said(*words: Any) -> Result:
    """Return what a command line came to."""
    return CliRunner().invoke(main, [str(word) for word in words])


def test_what_nobody_answered_is_listed_with_exit_code_one(office: Any) -> None:
    """On the first day nothing breaks it; after the time limit three tickets that nobody handled do."""
    office.fill()
    assert said("run", office.path, "--today", DAY).exit_code == 0
    first = said("unanswered", office.path, "--today", DAY)
    assert (first.exit_code, "没有违反的诉求" in first.output) == (0, True)
    late = said("unanswered", office.path, "--today", "2023-03-14", "--lang", "en")
    assert late.exit_code == 1
    assert "3 tickets break it." in late.output
    assert "HL-1" in late.output
    assert "没有计划日期已到的诉求" in said("watch", office.path, "--today", DAY).output


def test_a_known_call_is_found_before_it_is_raised_again(office: Any) -> None:
    """The ticket of the same topic and area is named; another topic has none."""
    office.fill()
    office.hotline([("HL-9", "2023-03-02", "", "", "C01-G01", "", "education", "放学路上太堵")])
    said("run", office.path, "--today", DAY)
    like = said("similar", office.path, "--topic", "education", "--area", "C01-G01", "--on", DAY)
    assert (like.exit_code, "HL-9" in like.output) == (0, True)
    none = said("similar", office.path, "--topic", "land_approval", "--area", "C01-G01", "--on", DAY)
    assert "没有相似的诉求" in none.output


def test_a_split_in_a_workbook_holds_the_whole_back(office: Any) -> None:
    """分解 makes the parts; 办结 of the whole is refused with them, and nothing of that file is recorded."""
    office.fill()
    said("run", office.path, "--today", DAY)
    split = ("HL-1", "分解", DAY, "wangge", None, None, None, None, None, None, None, "建设办、shichang", None, None)
    office.book("replies/replies-w01.xlsx", [(intake.REPLIES, [split])])
    assert said("run", office.path, "--today", DAY).exit_code == 0
    held = "SELECT ticket_id, parent_id FROM tickets WHERE parent_id IS NOT NULL ORDER BY 1"
    assert office.ledger(held) == [("HL-1/1", "HL-1"), ("HL-1/2", "HL-1")]
    whole = ("HL-1", "办结", DAY, "jianshe", None, "已解决", None, None, None, None, None, None, None, None)
    office.book("replies/replies-w02.xlsx", [(intake.REPLIES, [whole])])
    before = office.ledger("SELECT seq FROM commits")
    refused = said("run", office.path, "--today", DAY)
    assert refused.exit_code == 2
    assert "HL-1/1" in refused.output + refused.stderr
    assert office.ledger("SELECT seq FROM commits") == before
