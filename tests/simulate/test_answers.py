from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from zoufang.simulate import World

MAY = {
    "待受理": {"受理", "退回", "撤诉", "分解", "并案"},
    "已退单": {"不予立案"},
    "不予立案": {"告知本人"},
    "已并案": {"告知本人"},
    "办理中": {"办结", "暂停计时", "申请延期"},
    "暂停计时": {"恢复计时"},
    "延期待批": {"同意延期", "不同意延期"},
    "已分解": {"办结"},
    "已办结待反馈": {"反馈"},
    "已反馈": {"申请销号"},
    "已申请销号": {"同意销号", "不同意销号"},
    "已销号": {"到期续办"},
}


def test_no_answer_comes_before_there_is_a_list(played: Any, tmp_path: Path) -> None:
    """Without an outbox there is nothing to answer."""
    assert played.world.answer(tmp_path, 1, played.world.weeks[0].on) == ()


def test_every_step_is_one_that_the_status_allows(played: Any) -> None:
    """A unit accepts or returns what it is sent, handles, feeds back, applies; the office decides the rest."""
    assert played.office.steps
    for step in played.office.steps:
        assert step.row["动作"] in MAY[step.status_before], step


def test_every_answer_is_dated_after_the_last_dispatch_and_not_in_the_future(played: Any) -> None:
    """Nor before the day on which the ticket was sent."""
    for step in played.office.steps:
        on = step.row["日期"].date()
        assert step.after < on <= step.on
        assert step.routed_on is None or on >= step.routed_on


def test_every_answer_is_dated_on_a_working_day(played: Any) -> None:
    """Nobody answers on the holidays of early May."""
    days = {step.row["日期"].date() for step in played.office.steps}
    assert all(played.world.plan.working_days.is_working(day) for day in days)


def test_closing_takes_two_people(played: Any) -> None:
    """Whoever applied for a closing is never who approves it."""
    applied: dict[str, str] = {}
    for step in played.office.steps:
        ticket_id, action = step.row["诉求编号"], step.row["动作"]
        if action == "申请销号":
            applied[ticket_id] = step.row["经办人"]
        if action == "同意销号":
            assert step.row["经办人"] != applied[ticket_id]
            assert played.people[step.row["经办人"]]["角色"] == "办公室"


def test_what_is_not_solved_gives_its_reason_and_a_day(played: Any) -> None:
    """Explained and partly solved demands carry a reason of the plan and a plan date after the handling."""
    reasons = {text.zh for text in played.world.plan.reasons.values()}
    handled = [step.row for step in played.office.steps if step.row["动作"] == "办结"]
    assert {row["办理结果"] for row in handled} >= {"已解决", "部分解决", "解释说明"}
    for row in handled:
        if row["办理结果"] not in {"已解决", None}:
            assert row["理由"] in reasons
            assert row["计划日期"] > row["日期"]
    for step in played.office.steps:
        if step.row["动作"] in {"退回", "不同意销号"}:
            assert step.row["理由"] in reasons


def test_a_reopened_ticket_is_handled_again(played: Any) -> None:
    """What a call-back reopened gets a second handling."""
    handled = Counter(step.row["诉求编号"] for step in played.office.steps if step.row["动作"] == "办结")
    said_no = {row["诉求编号"] for row in played.office.asked if row["是否解决"] == "否"}
    assert said_no
    assert sum(handled[ticket_id] > 1 for ticket_id in said_no) >= len(said_no) / 2


def test_nearly_everything_sent_out_is_closed_in_the_end(played: Any) -> None:
    """Few tickets are left over; what came in the last week has only just been sent."""
    last = played.world.weeks[-1].on
    old = [t for t in played.office.tickets.values() if t["routed_on"] is None or t["routed_on"] < last]
    still_open = [t for t in old if t["status"] not in {"已销号", "已撤诉", "已并案", "不予立案"}]
    assert len(still_open) <= 0.1 * len(old)


def test_the_unit_that_closes_without_solving_can_be_found_in_the_files(played: Any) -> None:
    """Alone among units with ten valid call-backs this one passes four in ten not solved."""
    yes, no = Counter[str](), Counter[str]()
    for row in played.office.asked:
        yes[row["unit"]] += row["是否解决"] == "是"
        no[row["unit"]] += row["是否解决"] == "否"
    found = {unit for unit in no if yes[unit] + no[unit] >= 10 and no[unit] > 0.4 * (yes[unit] + no[unit])}
    assert found == {played.truth["hollow_unit"]["unit_id"]}


def test_people_speak_only_when_they_are_reached(played: Any) -> None:
    """Only a call that was answered says whether it is solved; about three in four are."""
    for row in played.office.asked:
        assert row["回访结果"] == "接通" or (not row["是否解决"] and not row["是否满意"])
    reached = sum(row["回访结果"] == "接通" for row in played.office.asked)
    assert 0.6 <= reached / len(played.office.asked) <= 0.9


def test_an_answer_depends_on_the_lists_alone(played: Any, tmp_path: Path) -> None:
    """A world made anew answers the same lists with the same bytes."""
    week = played.world.weeks[-1]
    again = World.make(played.world.plan, households=played.world.households, seed=played.world.seed)
    (tmp_path / "outbox").mkdir()
    for path in (played.folder / "outbox").iterdir():
        (tmp_path / "outbox" / path.name).write_bytes(path.read_bytes())
    first = [path.read_bytes() for path in again.answer(tmp_path, week.number, week.on)]
    second = [path.read_bytes() for path in played.world.answer(tmp_path, week.number, week.on)]
    assert first == second
    assert first
