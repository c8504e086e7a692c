"""Forty tickets, worked by hand: the ledger holds what the table tells; each ticket's limit, end and next step."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from zoufang.model import Event, Part

END = date(2023, 6, 10)
NO_NAMED_PERSON = {Event.RAISE, Event.ROUTE}
"""Events of which the commit says who, not the step."""


def test_the_ledger_holds_exactly_the_steps_of_the_table(played: Any) -> None:
    """Each ticket has the events of its line, in their order, with their days and who did them; nothing else."""
    e, c = played.campaign.ledger.tables.ticket_events.c, played.campaign.ledger.tables.commits.c
    query = (
        sa.select(e.ticket_id, e.event, e.on, e.person_id, c.actor)
        .join_from(
            played.campaign.ledger.tables.ticket_events, played.campaign.ledger.tables.commits, c.seq == e.commit_seq
        )
        .order_by(e.ticket_id, e.version)
    )
    found: defaultdict[str, list[tuple[str, date, str]]] = defaultdict(list)
    for ticket_id, event, on, person, actor in played.campaign.ledger.select(query):
        found[ticket_id].append((event, on, actor if event in NO_NAMED_PERSON and person is None else person))
    told: defaultdict[str, list[tuple[str, date, str]]] = defaultdict(list)
    for row in played.tickets:
        if not any(step.ticket_id == row["ticket"] and step.verb in {"当场", "登记"} for step in played.steps):
            raiser = next((v["visitor"] for v in played.table.under("走访台账") if row["ticket"] in v["heard"]), "W1")
            told[row["ticket"]].append((Event.RAISE, row.day("raised"), raiser))
    for step in played.steps:
        if step.mark != "✗":
            told[step.ticket_id] += [(event, step.on, step.who) for event in step.events]
    assert found == told
    assert len([row for row in played.tickets if "/" not in row["ticket"]]) == 40


def test_what_the_table_says_is_refused_was_refused(played: Any) -> None:
    """Six attempts failed, each with its own refusal and without a trace; the play checked each."""
    assert played.n_refused == sum(step.mark == "✗" for step in played.steps) == 6


def test_both_ledgers_hold(played: Any) -> None:
    """The chain is whole after the last day."""
    assert played.campaign.verify().ok


def test_who_answers_for_each_target(played: Any) -> None:
    """Leads and joint leads are those of the table; a building firm has its own duty alone."""
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    rows = played.rows("assignments", "subject", "subject_id", "unit_id", "part", "duty_id")
    for subject, target_id, unit, part, duty in rows:
        if subject == "target":
            found[target_id][f"{part}:{duty}"] = unit
    for row in played.table.under("街道", 1):
        told = {f"{Part.LEAD}:{row['duty']}": row["lead"]}
        if row["joint lead"]:
            told[f"{Part.CO}:{row['duty']}"] = row["joint lead"]
        assert found[row["target"]] == told, row["target"]


# --- each ticket ----------------------------------------------------------------------------------------------------


def worked_after(start: date, n: int) -> list[date]:
    """Return the next working days of spring 2023: the week but for four days off, and two make-up days."""
    off = {date(2023, 4, 5), date(2023, 5, 1), date(2023, 5, 2), date(2023, 5, 3)}
    make_up = {date(2023, 4, 23), date(2023, 5, 6)}
    days = (start + timedelta(days=i) for i in range(1, 100))
    return [day for day in days if day in make_up or (day.isoweekday() <= 5 and day not in off)][:n]


CLOCK = re.compile(r"(\S+?)([派指分准恢撤续]\S)(?:（停了 (.+)）)?：(.+)")


def limits_of(played: Any, row: Any) -> dict[tuple[str, date], date]:
    """Return the limit after each step that set one, checking how its days are counted."""
    found: dict[tuple[str, date], date] = {}
    due = date.min
    for one in row["how the limit is counted"].split("；"):
        if (parts := CLOCK.fullmatch(one)) is None:
            assert one in {"当场：当天", "没有派单 never sent"}, one
            continue
        on, verb, stopped, counted = parts.groups()
        (step,) = (s for s in played.steps if (s.ticket_id, s.verb, s.on) == (row["编号"], verb, played.day(on)))
        days, n, start = [played.day(word) for word in counted.split()], 5, step.on
        if verb == "恢复":
            (paused,) = (s.on for s in played.steps if (s.ticket_id, s.verb) == (row["编号"], "暂停"))
            pause = [played.day(word) for word in stopped.split()]
            assert pause == worked_after(paused, len(pause)), one
            assert pause[-1] <= step.on < worked_after(paused, len(pause) + 1)[-1], one
            n, start = len(pause), due
        elif verb == "准延":
            n, start = step.step.days, due
        assert days == worked_after(start, n), one
        # A split ticket is due with its parts, and not before its own limit.
        due = max(due, days[-1]) if verb == "分解" else days[-1]
        found[played.events[verb], step.on] = due
    return found


def test_each_limit_is_counted_by_hand(played: Any, expected: Any) -> None:
    """After each step that sets a clock the limit is the last day counted; nothing else ever moves it."""
    events = defaultdict(list)
    for ticket_id, event, on, due in played.rows("ticket_events", "ticket_id", "event", "on", "due_on"):
        events[ticket_id].append((event, on, due))
    for ends, row in zip(expected.under("每件诉求"), expected.under("每件诉求", 1), strict=True):
        by_step = limits_of(played, row)
        due = ends.day("due") if row["how the limit is counted"] == "当场：当天" else None
        for event, on, found in events[row["编号"]]:
            if on > END:
                break
            due = None if event == Event.SEND_BACK else by_step.pop((event, on), due)
            assert found == due, f"{row['编号']} after {event} on {on}"
        assert not by_step, row["编号"]
        assert (row["编号"], due) == (ends["编号"], ends.day("due"))


def test_a_dispatch_of_today_carries_its_minute(played: Any, expected: Any) -> None:
    """What the office sends out by rule or by name has the minute of the day; no other step of the table has one."""
    sent = {(s.ticket_id, s.on): s.mark + s.verb for s in played.steps if s.events == (Event.ROUTE,)}
    found: Counter[tuple[str, int | None]] = Counter()
    for ticket_id, event, on, minute in played.rows("ticket_events", "ticket_id", "event", "on", "minute"):
        if event == Event.ROUTE:
            found[sent[ticket_id, on], minute] += 1
        else:
            assert minute is None, f"{ticket_id} {event} on {on}"
    told = {(row["step"], row.n("minute") if row["minute"] else None): row.n("n") for row in expected.under("几点")}
    assert found == told


def test_each_ticket_ends_as_worked_by_hand(played: Any, expected: Any) -> None:
    """Status, holder, who returned it, how often it was revoked, and whether it was handled in time, on 10 June."""
    last: dict[str, tuple[Any, ...]] = {}
    in_time: dict[str, str] = {}
    revoked: Counter[str] = Counter()
    columns = ("ticket_id", "event", "on", "status", "unit_id", "due_on")
    for ticket_id, event, on, status, unit, due in played.rows("ticket_events", *columns, until=END):
        last[ticket_id] = (status, unit or "")
        revoked[ticket_id] += event == Event.REVOKE
        if event == Event.HANDLE:
            in_time[ticket_id] = "是" if on <= due else "否"
    heads = played.campaign.heads(last)
    found = {key: (*last[key], " ".join(heads[key].returned_by), revoked[key], in_time.get(key, "")) for key in last}
    told = {
        row["编号"]: (row.code("status"), row["unit"], row["returned by"], row.n("revoked"), row["in time"])
        for row in expected.under("每件诉求")
    }
    assert found == told


def test_a_limit_in_a_year_without_a_calendar_is_assumed(played: Any, expected: Any) -> None:
    """K17 is resumed in December: it is due in January by an assumed calendar, with a warning that nobody else got."""
    (row,) = expected.under("活动之后")
    (counted,) = re.findall("12-28续办：(.+)", row["how the limit is counted"])
    assert (len(counted.split()), counted.split()[-1]) == (5, row["due"])
    last = played.rows("ticket_events", "ticket_id", "event", "on", "due_on")[-1]
    assert last == (row["编号"], Event.RESUME, date(2023, 12, 28), row.day("due"))
    assert played.assumed == [(row["编号"], date(2023, 12, 28))]


def test_the_common_problem_is_handled_once(played: Any, expected: Any) -> None:
    """It has its own limit and brings all its tickets along, whose own limits stay as they were."""
    (row,), (found,) = expected.under("普遍问题"), played.campaign.problems()
    counted = row.words("how the limit is counted")
    assert (len(counted), played.day(counted[-1])) == (5, row.day("due"))
    told = (row["编号"], row["unit"], row.day("due"), row["remedy"], row.words("tickets"))
    assert (found.id, found.unit_id, found.due_on, str(found.remedy), [key for key, _ in found.tickets]) == told
    handled = {
        key: "是" if on <= due else "否"
        for key, event, on, due in played.rows("ticket_events", "ticket_id", "event", "on", "due_on")
        if event == Event.HANDLE and key in row.words("tickets")
    }
    assert handled == {key: "否" if key in row.words("late") else "是" for key in row.words("tickets")}


def test_the_units_are_told_what_they_may_do_next(played: Any, expected: Any) -> None:
    """Who refused a ticket, who holds it, who is next and with which steps, on each day."""
    for row in expected.under("谁退过"):
        on, ticket_id = row.day("on"), row["编号"]
        gone: list[str] = []
        holder = ""
        for key, event, unit in played.rows("ticket_events", "ticket_id", "event", "unit_id", until=on):
            if key == ticket_id:
                gone += [holder] if event == Event.SEND_BACK else []
                holder = unit or ""
        assert (" ".join(gone), holder) == (row["refused by"], row["held by"])
        told = played.campaign.why(ticket_id, on=on).said_in("zh").splitlines()
        (who,) = (line for line in told if line.startswith("下一步") and f"（{row['next']}）" in line)
        assert who.endswith(f" 可以：{row['may']}"), f"{ticket_id} on {on}: {who}"
