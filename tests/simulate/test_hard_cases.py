"""The hard cases, lived by clerks who see nothing but their lists: read from the paper office's own notes."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl import load_workbook

TOLD = {"已反馈", "已申请销号", "已销号"}
HARD = {"分解", "暂停计时", "恢复计时", "申请延期", "同意延期", "并案", "不予立案", "告知本人", "到期续办"}
BY_THE_OFFICE = {"分解", "并案", "暂停计时", "同意延期", "不同意延期", "不予立案", "到期续办", "同意销号", "不同意销号"}


class Call(NamedTuple):
    """One call of the hotline's export."""

    id: str
    on: date
    who: tuple[str, str]


def steps_of(played: Any) -> dict[str, list[dict[str, Any]]]:
    """Return the steps of each ticket in their order."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for step in played.office.steps:
        found[step.row["诉求编号"]].append({**step.row, "before": step.status_before, "on": step.row["日期"].date()})
    return found


def with_step(played: Any, action: str) -> list[tuple[str, list[dict[str, Any]], int]]:
    """Return each ticket with its steps and the place of an action among them; there is at least one."""
    found = [
        (ticket_id, steps, n)
        for ticket_id, steps in steps_of(played).items()
        for n, step in enumerate(steps)
        if step["动作"] == action
    ]
    assert found, action
    return found


def in_workbooks(folder: Path, name: str, title: str) -> list[dict[str, Any]]:
    """Return the rows of all workbooks of one sort in the inbox, in the order of the weeks."""
    rows: list[dict[str, Any]] = []
    for path in sorted((folder / "inbox" / name).iterdir()):
        headers, *cells = load_workbook(path)[title].iter_rows(values_only=True)
        rows += [dict(zip(headers, row, strict=True)) for row in cells]
    return rows


def test_every_hard_case_occurs(played: Any) -> None:
    """In a street of 180 households already."""
    assert {step.row["动作"] for step in played.office.steps} >= HARD


def test_the_simple_case_is_still_the_usual_one(played: Any) -> None:
    """At least seven in ten tickets that were sent out see no hard case."""
    tickets = {i: steps for i, steps in steps_of(played).items() if "/" not in i}
    hard = [i for i, steps in tickets.items() if HARD & {step["动作"] for step in steps}]
    assert 0 < len(hard) <= 0.3 * len(tickets)


def test_what_the_office_decides_is_signed_by_the_office(played: Any) -> None:
    """Whoever splits, merges, strikes, pauses, grants or resumes works in an office."""
    signed = {s.row["经办人"] for s in played.office.steps if s.row["动作"] in BY_THE_OFFICE}
    assert {played.people[person]["角色"] for person in signed} == {"办公室"}


# --- split tickets ---


def test_a_ticket_is_split_among_two_or_three_units_its_own_first(played: Any) -> None:
    """The unit that held it leads on the whole; no unit is named twice."""
    ids = {unit.name: unit.id for unit in played.world.plan.units}
    for ticket_id, steps, n in with_step(played, "分解"):
        units = [ids.get(unit, unit) for unit in steps[n]["分解单位"].split("、")]
        assert len(units) == len(set(units)) in {2, 3}
        assert units[0] == played.office.tickets[ticket_id]["unit"]


def test_a_split_ticket_is_handled_after_its_parts_and_its_remedy_is_left_empty(played: Any) -> None:
    """Each part is closed by its own unit; then the whole is handled, on the same day at the earliest, and closed."""
    steps = steps_of(played)
    n_closed = 0
    for ticket_id, own, _ in with_step(played, "分解"):
        parts = [i for i in steps if i.startswith(f"{ticket_id}/")]
        assert len(parts) == len(played.office.tickets[ticket_id]["parts"])
        handled = [step for step in own if step["动作"] == "办结" and step["before"] == "已分解"]
        for step in handled:
            assert step["办理结果"] is None
            for part in parts:
                assert played.office.tickets[part]["status"] == "已销号"
                assert max(s["on"] for s in steps[part] if s["动作"] == "同意销号") <= step["on"]
        n_closed += played.office.tickets[ticket_id]["status"] == "已销号"
    assert n_closed >= 1


def test_parts_are_handled_at_their_own_pace(played: Any) -> None:
    """Not all parts of all tickets end on one day."""
    steps = steps_of(played)
    ends: dict[str, set[date]] = defaultdict(set)
    for ticket_id, own in steps.items():
        if "/" in ticket_id:
            ends[ticket_id.partition("/")[0]] |= {step["on"] for step in own if step["动作"] == "同意销号"}
    assert any(len(days) > 1 for days in ends.values())


# --- the clock ---


def test_every_pause_has_a_reason_and_comes_to_an_end(played: Any) -> None:
    """Working days later the unit goes on; nothing is paused at the end."""
    for _, steps, n in with_step(played, "暂停计时"):
        assert steps[n]["理由"]
        assert steps[n + 1]["动作"] == "恢复计时"
        assert played.world.plan.working_days.add_working_days(steps[n]["on"], 2) <= steps[n + 1]["on"]
    assert not [t for t in played.office.tickets.values() if t["status"] in {"暂停计时", "延期待批"}]


def test_more_days_are_asked_for_before_the_limit_and_answered(played: Any) -> None:
    """Within five working days of the dispatch, at most ten days; no more are granted than were asked for."""
    calendar = played.world.plan.working_days
    sent = {s.row["诉求编号"]: s.routed_on for s in played.office.steps if s.row["动作"] == "申请延期"}
    for ticket_id, steps, n in with_step(played, "申请延期"):
        assert steps[n]["on"] <= calendar.add_working_days(sent[ticket_id], 5)
        assert 1 <= steps[n]["天数"] <= 10
        answer = steps[n + 1]
        assert answer["动作"] in {"同意延期", "不同意延期"}
        assert answer["天数"] == steps[n]["天数"] if answer["动作"] == "同意延期" else answer["理由"]


# --- what people are told ---


def test_a_reaction_is_noted_where_something_was_left_unsolved_and_only_there(played: Any) -> None:
    """By the last handling before it; a split ticket's own handling says nothing, so its tickets are left out."""
    seen = set()
    for ticket_id, steps in steps_of(played).items():
        remedy = None
        for step in steps:
            remedy = step["办理结果"] if step["动作"] == "办结" else remedy
            if step["动作"] == "反馈" and remedy is not None and not played.office.tickets[ticket_id]["parts"]:
                assert (step["本人态度"] is not None) == (remedy != "已解决")
                seen.add(step["本人态度"])
    assert {"接受", "不接受"} <= seen


def test_what_is_struck_was_sent_back_first_and_the_person_is_told(played: Any) -> None:
    """The reason of a strike is one of those that the plan has for it."""
    for ticket_id, steps, n in with_step(played, "不予立案"):
        assert steps[n - 1]["动作"] == "退回"
        assert steps[n]["理由"] in {"没有具体诉求", "不属公共服务受理范围"}
        assert [step["动作"] for step in steps[n + 1 :]] == ["告知本人"]
        assert played.office.tickets[ticket_id]["status"] == "不予立案"


# --- who calls again ---


def calls_of(folder: Path) -> list[Call]:
    """Return the hotline's export, read as plain text."""
    lines = (folder / "inbox" / "hotline.csv").read_text("utf-8-sig").splitlines()
    headers = lines[0].split(",")
    rows = (dict(zip(headers, line.split(","), strict=False)) for line in lines[1:])
    return [Call(row["工单编号"], date.fromisoformat(row["来电日期"]), (row["电话"], row["主题"])) for row in rows]


def test_a_second_call_about_the_same_thing_is_merged_into_one_before_it(played: Any) -> None:
    """From one telephone, on one topic, not later; both are told in the end."""
    calls = {call.id: call for call in calls_of(played.folder)}
    for ticket_id, steps, n in with_step(played, "并案"):
        again, first = calls[ticket_id], calls[steps[n]["并入诉求"]]
        assert again.who == first.who
        assert first.on <= again.on
        assert "反馈" in {step["动作"] for step in steps_of(played)[first.id]}


def test_the_truth_names_everybody_who_called_again(played: Any) -> None:
    """Each call from a telephone and on a topic that was there before, with the first of them."""
    first: dict[tuple[str, str], str] = {}
    pairs = set()
    for call in calls_of(played.folder):
        if call.who in first:
            pairs.add((call.id, first[call.who]))
        first.setdefault(call.who, call.id)
    assert pairs
    assert {tuple(pair) for pair in played.truth["called_again"]["pairs"]} == pairs


# --- promises, and the common problem ---


def test_a_promise_is_taken_up_when_its_day_has_come(played: Any) -> None:
    """Not before; and it is handled again."""
    for _, steps, n in with_step(played, "到期续办"):
        promised = [step for step in steps[:n] if step["动作"] == "办结"][-1]
        assert promised["办理结果"] != "已解决"
        assert promised["计划日期"] is None or promised["计划日期"].date() <= steps[n]["on"]
    last = {i: [s["动作"] for s in steps] for i, steps in steps_of(played).items()}
    resumed = [actions for actions in last.values() if "到期续办" in actions]
    assert any("办结" in actions[actions.index("到期续办") :] for actions in resumed)


def test_the_planted_hot_spot_is_made_the_first_common_problem(played: Any) -> None:
    """Found in the to-do list alone: six tickets at least, of the planted topic and community, handled once."""
    rows = [row for row in in_workbooks(played.folder, "problems", "普遍问题办理") if row["问题编号"] == "PT-1"]
    truth = played.truth["common_problem"]
    links = [row for row in rows if row["动作"] == "关联"]
    topics = {topic.label.zh: topic.id for topic in played.world.plan.topics}
    assert {topics[row["主题"]] for row in links} == {truth["topic_id"]}
    tickets = [i for row in links for i in row["关联诉求"].split("、")]
    assert len(tickets) >= 6
    assert {played.office.tickets[i]["area"] for i in tickets} == {truth["community"]}
    assert [row["动作"] for row in rows].count("办结") == 1
    assert {played.office.tickets[i]["status"] for i in tickets} <= TOLD | {"已撤诉"}


def test_nobody_handles_a_linked_ticket_by_itself(played: Any) -> None:
    """From the link to the handling of the problem no unit handles one of its tickets."""
    rows = in_workbooks(played.folder, "problems", "普遍问题办理")
    steps = steps_of(played)
    for number in {row["问题编号"] for row in rows}:
        mine = [row for row in rows if row["问题编号"] == number]
        (done,) = (row["日期"].date() for row in mine if row["动作"] == "办结")
        for link in (row for row in mine if row["动作"] == "关联"):
            for ticket_id in link["关联诉求"].split("、"):
                alone = [s["on"] for s in steps[ticket_id] if s["动作"] == "办结"]
                assert not [on for on in alone if link["日期"].date() <= on < done]
