"""Registers, replies and call-backs; and that what we write we read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zoufang.errors import BadCellsError, DuplicateIdError, InFileError
from zoufang.intake import (
    CALLBACKS,
    FINDINGS,
    INBOX_FILES,
    REPLIES,
    VISITS,
    ColumnSpec,
    Sort,
    read_callbacks,
    read_register,
    read_replies,
    read_visits,
)
from zoufang.intake.parsing import parser_of
from zoufang.model import (
    Area,
    AreaLevel,
    CallBack,
    CallOutcome,
    CampaignPlan,
    Channel,
    Count,
    Event,
    Finding,
    FindingKind,
    Limit,
    LimitClass,
    Outcome,
    Person,
    Reaction,
    Remedy,
    Role,
    Step,
    Target,
    Visit,
)
from zoufang.reports.cells import sheet_of, write_workbook
from zoufang.typing import Text

AREAS = [
    ["370871005", "黄屯街道", "街道", None],
    ["C01", "一社区", "社区", "370871005"],
    ["C01-G01", "一网格", "网格", "C01"],
]


def test_a_register_becomes_a_roster(register_file: Any, plan: CampaignPlan) -> None:
    """Areas, members of staff and targets, with what is left out filled as the template says."""
    people = [
        ["P-1", "王某", "138 1234 5678", "C01", "网格员", "C01-G01", 20],
        ["P-2", "", "", "建设办", "承办人", "", ""],
    ]
    targets = [
        ["T-1", "居民户", "C01-G01", "李某", "一号", "", "老旧小区、独居 租户", "", "2023-03-05"],
        ["T-2", "household", "C01-G01", "", "", "", "", "T-1", ""],
    ]
    reading = read_register(register_file(AREAS, people, targets), plan)
    roster = reading.roster
    assert roster.areas[2] == Area("C01-G01", "一网格", AreaLevel.GRID, "C01")
    assert roster.people == (
        Person("P-1", "C01", Role.GRID_WORKER, "C01-G01", 20, "王某", "13812345678"),
        Person("P-2", "jianshe", Role.HANDLER),
    )
    assert roster.targets == (
        Target(
            "T-1", "household", "C01-G01", date(2023, 3, 5), ("老旧小区", "独居", "租户"), name="李某", address="一号"
        ),
        Target("T-2", "household", "C01-G01", plan.first_on, linked_to="T-1"),
    )
    assert (reading.n_rows, len(reading.items)) == (7, 7)


def test_an_id_twice_in_the_register_is_named(register_file: Any, plan: CampaignPlan) -> None:
    """The register is the one place where an id is given; two things of one id refuse it."""
    with pytest.raises(InFileError) as refused:
        read_register(register_file([*AREAS, ["C01", "又一社区", "社区", "370871005"]]), plan)
    assert isinstance(refused.value.problem, DuplicateIdError)
    assert refused.value.said_in("zh").endswith(
        "，表“区域”第 5 行“区域编号”列：区域编号 C01 重复；同一编号只能出现一次"
    )


def test_an_area_without_a_parent_is_bad(register_file: Any, plan: CampaignPlan) -> None:
    """Only the street stands on its own."""
    with pytest.raises(BadCellsError, match="all others have one"):
        read_register(register_file([["C01", "一社区", "社区", None]]), plan)


def test_replies_are_steps_in_the_order_of_the_rows(tmp_path: Path, plan: CampaignPlan) -> None:
    """Labels of actions, results and reasons become what the rules speak of."""
    rows = [
        ["V-1-1", "handle", date(2023, 3, 8), "jianshe", "P-2", "explained", "no_funds", date(2023, 6, 1), "待拨款", 3],
        ["V-1-1", "feed_back", date(2023, 3, 9), "C01", None, None, None, None, "", None, None, (), None, "unwilling"],
        ["K1", "split", date(2023, 3, 9), "wangge", None, None, None, None, "", None, None, ("jianshe", "C01")],
        ["K2", "merge", date(2023, 3, 9), "wangge", None, None, None, None, "", None, None, (), "K1"],
        ["K3", "ask_extension", date(2023, 3, 9), "jianshe", None, None, "no_funds", None, "", None, 3],
    ]
    empty = [None, (), None, None, None, None]
    rows = [[*row, *empty[len(row) - 10 :]] for row in rows]
    path = write_workbook(tmp_path / "replies-w02.xlsx", [sheet_of(REPLIES.bound_to(plan), rows)])
    assert read_replies(path, plan).items == (
        (
            Event.HANDLE,
            Step(
                "V-1-1", date(2023, 3, 8), "jianshe", "P-2", Remedy.EXPLAINED, "no_funds", date(2023, 6, 1),
                note="待拨款", version=3,
            ),
        ),
        (Event.FEED_BACK, Step("V-1-1", date(2023, 3, 9), "C01", reaction=Reaction.UNWILLING)),
        (Event.SPLIT, Step("K1", date(2023, 3, 9), "wangge", parts=("jianshe", "C01"))),
        (Event.MERGE, Step("K2", date(2023, 3, 9), "wangge", into="K1")),
        (Event.ASK_EXTENSION, Step("K3", date(2023, 3, 9), "jianshe", reason="no_funds", days=3)),
    )  # fmt: skip


HOURS = Limit(4, Count.HOURS)
CLASSES = (LimitClass("urgent", Text("急件", "urgent"), HOURS), LimitClass("plain", Text("一般", "plain"), Limit(5)))


@pytest.fixture
def with_classes(plan: CampaignPlan) -> CampaignPlan:
    """The plan with two classes of time limits."""
    return evolve(plan, deadlines=evolve(plan.deadlines, classes=CLASSES))


@pytest.fixture
def replies_file(tmp_path: Path) -> Callable[..., Path]:
    """Write a workbook of replies with openpyxl: each row by column, as many columns as are asked for."""

    def write(*rows: dict[str, Any], headers: Sequence[str] = REPLIES.headers) -> Path:
        book = openpyxl.Workbook()
        page = book.active
        page.title = REPLIES.title
        page.append(list(headers))
        for row in rows:
            page.append([row.get(header) for header in headers])
        path = tmp_path / "replies-w02.xlsx"
        book.save(path)
        return path

    return write


SENT = {"诉求编号": "K1", "动作": "派单", "日期": "2023-03-09", "单位": "jianshe"}
DONE = {**SENT, "动作": "受理"}


@pytest.mark.parametrize("word", ["急件", "urgent"])
def test_the_minute_and_the_class_of_time_limits_are_read(
    word: str, replies_file: Callable[..., Path], with_classes: CampaignPlan
) -> None:
    """With them a limit in hours can be set from a workbook: 09:30 is the 570th minute."""
    path = replies_file({**SENT, "时间": "09:30", "时限类别": word}, {**DONE, "时间": "16:05"})
    sent, taken = (step for _, step in read_replies(path, with_classes).items)
    assert (sent.minute, sent.limit_id) == (570, "urgent")
    assert (taken.minute, taken.limit_id) == (965, None)


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ({**SENT, "时间": "25:00"}, "时间", "bad_time"),
        ({**SENT, "时间": "上午"}, "时间", "bad_time"),
        ({**SENT, "时限类别": "特急"}, "时限类别", "unknown_choice"),
        ({**DONE, "时限类别": "急件"}, "时限类别", "not_here"),
    ],
)
def test_what_is_no_minute_or_no_class_is_refused_with_row_and_column(
    row: dict[str, str], column: str, code: str, replies_file: Callable[..., Path], with_classes: CampaignPlan
) -> None:
    """A class is set when a ticket is sent, and by nothing else."""
    reading = read_replies(replies_file(DONE, row), with_classes, strict=False)
    assert [(bad.row, bad.column, bad.code) for bad in reading.bad] == [(3, column, code)]
    with pytest.raises(BadCellsError, match=f"row 3, column {column}: "):
        read_replies(replies_file(DONE, row), with_classes)


def test_a_plan_without_classes_says_that_it_has_none(replies_file: Callable[..., Path], plan: CampaignPlan) -> None:
    """Huangtun's plan has one limit for all."""
    reading = read_replies(replies_file({**SENT, "时限类别": "急件"}), plan, strict=False)
    assert [bad.problem.zh for bad in reading.bad] == ["方案中没有可选的内容，不填"]


def test_an_older_workbook_without_the_two_columns_is_read(
    replies_file: Callable[..., Path], with_classes: CampaignPlan
) -> None:
    """Nothing was said of minute and class, and nothing is made of that."""
    older = [header for header in REPLIES.headers if header not in ("时间", "时限类别")]
    reading = read_replies(replies_file(DONE, headers=older), with_classes)
    assert [(step.minute, step.limit_id) for _, step in reading.items] == [(None, None)]
    assert reading.remarks == ()


def test_call_backs_are_read(tmp_path: Path, plan: CampaignPlan) -> None:
    """An answer that was not given stays unknown, never a no."""
    rows = [["V-1-1", date(2023, 4, 3), "reached", True, None, "P-9", "好"]]
    path = write_workbook(tmp_path / "callbacks-w05.xlsx", [sheet_of(CALLBACKS, rows)])
    assert read_callbacks(path, plan).items == (
        CallBack("V-1-1", date(2023, 4, 3), CallOutcome.REACHED, solved=True, caller_id="P-9", note="好"),
    )


def test_nobody_reached_nobody_answered(tmp_path: Path, plan: CampaignPlan) -> None:
    """A satisfied answer from a call that did not come through is set aside."""
    rows = [["V-1-1", date(2023, 4, 3), "unreachable", None, True, None, None]]
    path = write_workbook(tmp_path / "callbacks-w05.xlsx", [sheet_of(CALLBACKS, rows)])
    reading = read_callbacks(path, plan, strict=False)
    assert [bad.code for bad in reading.bad] == ["not_reached"]


ids = st.text("ABCxyz0123456789-_", min_size=1, max_size=12)
days = st.dates(date(2000, 1, 1), date(2100, 12, 31))
words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zs", "Zl", "Zp", "Cn"]), max_size=40)
formulas = st.builds(str.__add__, st.sampled_from(["=", "+", "-", "@", "＝", "'", "'=", "_x0041_", "<b>&"]), words)
visits = st.builds(
    Visit, ids, ids, days, st.sampled_from(Channel), st.sampled_from(Outcome), ids, ids,
    st.none() | st.integers(0, 1439), st.none() | st.integers(0, 1440), st.booleans(),
    st.lists(st.sampled_from(["laws", "party_line"]), unique=True).map(tuple),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    went=st.lists(visits, max_size=8, unique_by=lambda visit: visit.id),
    said=st.lists(words | formulas, max_size=4),
)
def test_what_we_write_we_read(went: list[Visit], said: list[str], tmp_path: Path, plan: CampaignPlan) -> None:
    """Any visits and findings written by the cell writer come back equal, formulas in the words included."""
    heard = [
        Finding(visit.id, n, FindingKind.DEMAND, "education", text, n % 2 == 0, text)
        for visit in went
        for n, text in enumerate(said, 1)
    ]
    told = [(f.visit_id, f.n, f.kind, f.topic_id, f.said, f.solved, f.answer) for f in heard]
    path = write_workbook(
        tmp_path / "visits.xlsx",
        [
            sheet_of(
                VISITS.bound_to(plan),
                [
                    (v.id, v.on, v.minute, v.minutes, v.target_id, v.visitor_id, v.unit_id, v.channel, v.outcome,
                     v.no_demand, v.made_known, "")
                    for v in went
                ],
            ),
            sheet_of(FINDINGS.bound_to(plan), told),
        ],
    )  # fmt: skip
    first, second = read_visits(path, plan)
    assert (list(first.items), list(second.items)) == (went, heard)


# --- one value, several words ---------------------------------------------------------------------------------------


def drop_downs(plan: CampaignPlan) -> list[tuple[str, ColumnSpec]]:
    """Return every column that is filled in from a list, with its sheet's title."""
    found = [(sheet.title, c) for file in INBOX_FILES for sheet in file.bound_to(plan).sheets for c in sheet.columns]
    return [(title, column) for title, column in found if column.choices]


def test_a_value_may_be_written_in_every_word_that_the_plan_or_the_software_has_for_it(plan: CampaignPlan) -> None:
    """In every drop-down of every file: the label, the value itself, and the plan's own words in both languages."""
    named = {
        "role": {entry.label: str(entry.role) for entry in plan.roles},
        "channel": {entry.label: str(entry.channel) for entry in plan.channels},
        "kind": {kind.label: kind.id for kind in plan.kinds},
        "topic_id": {topic.label: topic.id for topic in plan.topics},
        "made_known": {message.label: message.id for message in plan.messages},
        "reason": {label: code for code, label in plan.reasons.items()},
    }
    for title, column in drop_downs(plan):
        parse = parser_of(column)
        words = [(word, value) for label, value in column.choices.items() for word in (label, value)]
        if title != "诉求":  # whose kind is that of a finding
            words += [(w, v) for label, v in named.get(column.id, {}).items() for w in (label.zh, label.en)]
        for word, value in words:
            assert parse(word) == ((value,) if column.sort is Sort.LIST else value), (title, column.header, word)


@pytest.mark.parametrize(
    ("word", "value"), [("经办人", "handler"), ("承办人", "handler"), ("责任部门经办人", "handler")]
)
def test_the_handler_is_called_as_offices_call_him(
    word: str, value: str, register_file: Any, plan: CampaignPlan
) -> None:
    """The plan's words, the software's, and the office's own: one role."""
    area = ["370881", "一街道", "街道", None]
    path = register_file([area], [["P-1", None, None, "jianshe", word, None, None]])
    assert [person.role for person in read_register(path, plan).roster.people] == [value]


def test_a_visit_may_be_called_as_the_plan_calls_it(visits_file: Any, plan: CampaignPlan) -> None:
    """上门入户 is what the plan says; what nobody says is set aside and told with the list's own words."""
    row = ["V-1", "2023-03-01", None, None, "H-1", "P-1", "C01", "上门入户", "见到", "是", None, None]
    visits, _ = read_visits(visits_file([row]), plan)
    assert [visit.channel for visit in visits.items] == ["door"]
    visits, _ = read_visits(visits_file([[*row[:7], "登门", *row[8:]]]), plan, strict=False)
    assert [(bad.row, bad.column, "上门" in bad.problem.zh) for bad in visits.bad] == [(2, "走访方式", True)]
