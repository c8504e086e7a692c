"""Bad input, typed as a clerk types it: one sentence with what, where and what would be allowed; nothing written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any, NamedTuple

import openpyxl
import pytest

TARGETS = [
    ("H-1", "居民户", "C01-G01", "上官甲", "东路一号", "13900000001", None, None, None),
    ("S-1", "沿街门店", "C01-G01", "令狐饭庄", "东路三号", "13900000003", "餐饮", None, None),
]
PRIVATE = ("上官甲", "令狐饭庄", "东路", "139000", "欧阳", "138000", "路灯", "慕容丙")
"""Names, numbers and words of the office's files; no sentence may hold one of them."""


class Case(NamedTuple):
    """What is spoilt, and the words that must stand in the sentence: what, where, what would be allowed."""

    spoil: Callable[[Any], None]
    zh: tuple[str, ...]
    en: tuple[str, ...]


def in_the_plan(old: str, new: str) -> Callable[[Any], None]:
    """Return what changes one place of the folder's plan."""

    def spoil(office: Any) -> None:
        text = (office.path / "plan.toml").read_text(encoding="utf-8")
        assert text.count(old) >= 1
        (office.path / "plan.toml").write_text(text.replace(old, new, 1), encoding="utf-8")

    return spoil


def visit(**change: Any) -> list[tuple[Any, ...]]:
    """Return a good visit and, in row 3, one with some cells changed."""
    good = {
        "id": "V-1", "on": "2023-03-01", "minute": "09:30", "minutes": 15, "target": "H-1", "visitor": "P-1",
        "unit": "C01", "channel": "上门", "outcome": "见到", "none": "是", "said": None, "note": None,
    }  # fmt: skip
    return [tuple(good.values()), tuple((good | {"id": "V-9"} | change).values())]


def without_column(office: Any) -> None:
    """Delete the column of targets from the visits."""
    path = office.visits()
    book = openpyxl.load_workbook(path)
    book["走访"].delete_cols(5)
    book.save(path)


def without_sheet(office: Any) -> None:
    """Delete the sheet of members of staff from the register."""
    path = office.register()
    book = openpyxl.load_workbook(path)
    del book["人员"]
    book.save(path)


def of_another_plan(office: Any) -> None:
    """Begin under one plan, then put another one in the folder."""
    assert office.run().exit_code == 0
    in_the_plan('id = "huangtun-2023"', 'id = "huangtun-2024"')(office)


def of_a_changed_plan(office: Any) -> None:
    """Begin under a plan, then change a rule of it without giving it a new version."""
    assert office.run().exit_code == 0
    in_the_plan("named_days = 100", "named_days = 90")(office)


CASES = {
    "an unknown key in the plan": Case(
        in_the_plan("[street]\n", "[street]\ncommunties = 3\n"),
        ("plan.toml", "$.street.communties（第 16 行）", "没有这一项", "可用的有：code、name、timezone"),
        ("plan.toml", "$.street.communties (line 16)", "there is no such entry", "code, name, timezone"),
    ),
    "a mistyped key in the plan": Case(
        in_the_plan("ends_on = 2023-02-28", "ends_on = 2023-02-28\nclouse = 1"),
        ("$.phases[0].clouse（第 221 行）", "没有这一项", "是不是“clause”？"),
        ("$.phases[0].clouse (line 221)", "there is no such entry", "did you mean clause?"),
    ),
    "a date that the calendar does not have": Case(
        in_the_plan("ends_on = 2023-02-28", "ends_on = 2023-02-30"),
        ("plan.toml", "$.phases[0].ends_on（第 220 行）", "没有 2023-02-30 这一天", "例如 2023-03-01"),
        ("plan.toml", "$.phases[0].ends_on (line 220)", "there is no day 2023-02-30", "for example 2023-03-01"),
    ),
    "a missing column": Case(
        without_column,
        ("文件 visits-C01-w01.xlsx 的表“走访”缺少列“对象编号”", "请按空白表补上这一列", "记录编号、走访日期"),
        ("file visits-C01-w01.xlsx, sheet 走访: column 对象编号 is missing", "as in the empty template"),
    ),
    "a missing sheet": Case(
        without_sheet,
        ("文件 register.xlsx：缺少工作表“人员”", "现有：区域、走访对象"),
        ("file register.xlsx: has no sheet 人员", "found: 区域、走访对象"),
    ),
    "an unknown grid": Case(
        lambda office: office.register(targets=[*TARGETS, ("H-9", "居民户", "C01-G09", "", "", "", None, None, None)]),
        ("文件 register.xlsx，表“走访对象”第 4 行“网格”列：", "未知的网格或社区 C01-G09", "可用的例如：370871005、C01"),
        ("file register.xlsx, sheet 走访对象, row 4, column 网格: ", "unknown area C01-G09", "370871005, C01"),
    ),
    "a duplicated target": Case(
        lambda office: office.register(targets=[*TARGETS, TARGETS[0]]),
        ("文件 register.xlsx，表“走访对象”第 4 行“对象编号”列：", "走访对象编号 H-1 重复", "只能出现一次"),
        ("file register.xlsx, sheet 走访对象, row 4, column 对象编号: ", "duplicate target H-1", "may appear once"),
    ),
    "a visit to an unknown target": Case(
        lambda office: office.visits(visit(target="H-99"), ()),
        ("文件 visits-C01-w01.xlsx，表“走访”第 3 行“对象编号”列：", "未知的走访对象 H-99", "可用的例如：H-1、H-2、S-1"),
        ("file visits-C01-w01.xlsx, sheet 走访, row 3, column 对象编号: ", "unknown target H-99", "H-1, H-2, S-1"),
    ),
    "a visit by nobody we know": Case(
        lambda office: office.visits(visit(visitor="P-99"), ()),
        ("第 3 行“走访人”列：", "未知的走访人 P-99", "可用的例如：P-1、P-2、P-3"),
        ("row 3, column 走访人: ", "unknown visitor P-99", "P-1, P-2, P-3"),
    ),
    "a visit of tomorrow": Case(
        lambda office: office.visits(visit(on="2023-03-07"), ()),
        ("第 3 行“走访日期”列：", "V-9 的日期不正确：2023-03-07", "应为：2023-03-06 或更早"),
        ("row 3, column 走访日期: ", "bad day of V-9: 2023-03-07", "allowed: 2023-03-06 or earlier"),
    ),
    "a visit on a day that does not exist": Case(
        lambda office: office.visits(visit(on="2023-02-30"), ()),
        ("文件 visits-C01-w01.xlsx 有 1 行不能使用", "表“走访”第 3 行“走访日期”列：日历上没有这一天"),
        ("file visits-C01-w01.xlsx: 1 row", "sheet 走访, row 3, column 走访日期: there is no such day"),
    ),
    "a demand and no demand at once": Case(
        lambda office: office.visits(visit()[:1], [("V-1", 1, "诉求", "education", "门前的路灯坏了", None, None)]),
        ("第 2 行“无诉求”列：", "V-1 的无诉求不正确：是", "听到诉求的走访不填“是”"),
        ("row 2, column 无诉求: ", "bad no_demand of V-1: yes", "no, where a demand was heard"),
    ),
    "a file that is no workbook": Case(
        lambda office: (office.path / "inbox" / "register.xlsx").write_text("这不是工作簿"),
        ("文件 register.xlsx：不是工作簿", "请另存为 .xlsx"),
        ("file register.xlsx: is no workbook", "save it as .xlsx"),
    ),
    "a folder that is not a campaign": Case(
        lambda office: (office.path / "plan.toml").unlink(),
        ("大走访 不是走访活动文件夹", "缺少 plan.toml", "zoufang init"),
        ("大走访 is not a campaign folder", "no plan.toml", "zoufang init"),
    ),
    "a ledger of another plan": Case(
        of_another_plan,
        ("ledger.sqlite 属于方案 huangtun-2023 v1，不是 huangtun-2024 v1", "请使用对应的方案或台账"),
        ("ledger.sqlite belongs to plan huangtun-2023 v1, not huangtun-2024 v1", "use its own plan, or another ledger"),
    ),
    "a ledger of the plan before it was changed": Case(
        of_a_changed_plan,
        ("ledger.sqlite 属于方案 huangtun-2023 v1，不是 huangtun-2023 v1（内容已改动）", "请使用对应的方案或台账"),
        ("ledger.sqlite belongs to plan huangtun-2023 v1, not huangtun-2023 v1 (changed)", "use its own plan"),
    ),
    "a ledger that is none": Case(
        lambda office: (office.path / "ledger.sqlite").write_text("这不是台账"),
        ("ledger.sqlite 不是走访台账", "请检查路径"),
        ("ledger.sqlite is not a zoufang ledger", "check the path"),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_bad_input_is_one_sentence_and_nothing_is_written(office: Any, case: Case) -> None:
    """Exit code 2; what, where and what would be allowed, in Chinese and in English; not one byte has changed."""
    office.fill()
    case.spoil(office)
    before = office.tree()
    for language, words in (("zh", case.zh), ("en", case.en)):
        done = office.run("--lang", language)
        assert (done.exit_code, done.stdout) == (2, "")
        assert done.stderr.count("\n") == 1, done.stderr
        assert [word for word in words if word not in done.stderr] == [], done.stderr
        assert [word for word in PRIVATE if word in done.stderr] == []
        assert office.tree() == before


@pytest.mark.parametrize(
    "words",
    [
        ["why", "{}", "HL-1"],
        ["dispatch", "{}", "1", "--out", "x.html"],
        ["verify", "{}"],
        ["workplan", "{}"],
        ["handover", "{}", "--out", "x.toml"],
        ["ladder", "{}"],
        ["problems", "{}"],
        ["estimates", "{}"],
        ["contacts", "{}", "H-1", "--person", "P-1", "--purpose", "入户走访"],
        ["unanswered", "{}"],
        ["watch", "{}"],
        ["plan", "explain", "{}", "H-1"],
    ],
    ids=lambda words: words[0],
)
def test_before_the_first_run_every_question_says_to_run_first(office: Any, words: list[str]) -> None:
    """The folder has a plan and no ledger yet: not a wrong path, and nothing that `init` would help."""
    before = office.tree()
    for language, said in (("zh", "先运行 zoufang run"), ("en", "run zoufang run")):
        done = office.cli(*(str(office.path) if word == "{}" else word for word in words), "--lang", language)
        assert (done.exit_code, done.stdout) == (2, "")
        assert said in done.stderr
        assert "init" not in done.stderr
    assert office.tree() == before


@pytest.mark.parametrize(
    "words", [["run"], ["dispatch", "1", "--out", "x.html"], ["verify"]], ids=lambda words: words[0]
)
def test_a_folder_that_is_not_there_is_not_made(office: Any, words: list[str]) -> None:
    """A mistyped name makes neither folder nor ledger."""
    there = office.path / "inbox" / "打错"
    before = office.tree()
    command, *rest = words
    done = office.cli(command, there, *rest)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "打错" in done.stderr
    assert office.tree() == before


def test_a_plan_that_makes_no_sense_is_sent_to_the_check(office: Any) -> None:
    """A gap between two phases is well formed and useless."""
    in_the_plan("ends_on = 2023-04-30", "ends_on = 2023-04-27")(office)
    before = office.tree()
    done = office.run()
    assert done.exit_code == 2
    assert f"有 1 处错误；请运行 zoufang plan check {office.path / 'plan.toml'} 查看并改正" in done.stderr
    assert office.tree() == before


def test_a_foreign_database_is_left_as_it_was(office: Any) -> None:
    """Another program's SQLite file is refused and not even its journal mode is changed."""
    path = office.path / "ledger.sqlite"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE notes (body TEXT)")
    other.close()
    before = office.tree()
    for words in (("run", office.path, "--today", "2023-03-06"), ("verify", office.path)):
        done = office.cli(*words)
        assert done.exit_code == 2
        assert "不是走访台账" in done.stderr
        assert office.tree() == before
