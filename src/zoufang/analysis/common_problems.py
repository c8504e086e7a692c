"""Common problems (普遍问题): what one solution brought along, as figures and one by one."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from attrs import field, frozen
from attrs.converters import optional

from zoufang.analysis.metric import Grain, Metric, OnGround, Window, anything
from zoufang.analysis.standing import ANSWERED, standing
from zoufang.analysis.ticket_metrics import TICKET_GRAINS, among, kept
from zoufang.facts import Reader, Tables
from zoufang.model import Remedy
from zoufang.typing import Text, TicketId, TopicId, UnitId

PROBLEM_GRAINS: tuple[Grain, ...] = ("unit_id", "topic_id")


def found(tables: Tables, window: Window) -> sa.Subquery:
    """Return the common problems found within the window, each as it stands on its last day.

    Columns:
        case_id (the problem's), unit_id (that leads on it), topic_id, found_on, due_on, remedy (empty until it is
        handled), handled_on.
    """
    p = tables.problems.c
    known = window.known(tables.problems)
    last = (
        sa.select(p.problem_id, sa.func.max(p.version).label("version"), sa.func.min(p.on).label("found_on"))
        .where(*known)
        .group_by(p.problem_id)
        .subquery("last_problem")
    )
    now = tables.problems.alias("now_problem")
    handled_on = sa.case((now.c.remedy.is_not(None), now.c.on)).label("handled_on")
    return (
        sa.select(
            last.c.problem_id.label("case_id"),
            now.c.unit_id,
            now.c.topic_id,
            last.c.found_on,
            now.c.due_on,
            now.c.remedy,
            handled_on,
        )
        .join_from(last, now, sa.and_(now.c.problem_id == last.c.problem_id, now.c.version == last.c.version))
        .where(*window.begun(last.c.found_on))
        .subquery("found_problems")
    )


def linked(tables: Tables, window: Window) -> sa.Subquery:
    """Return the tickets that stand behind a common problem, with where each stands.

    Columns:
        problem_id, then those of :func:`standing`.
    """
    s, link = standing(tables, window), tables.problem_links
    return (
        sa.select(link.c.problem_id, *s.c)
        .join_from(s, link, link.c.ticket_id == s.c.ticket_id)
        .where(*window.known(link))
        .subquery("linked")
    )


_TOLD = among(*ANSWERED)

PROBLEMS_HANDLED = Metric(
    id="problems_handled",
    version=1,
    label=Text("普遍问题办结率", "Common problems handled"),
    clause="三(二)",
    doc=Text(
        "分母：期内确定的普遍问题；分子：已办结的，不论办理结果（已解决、部分解决或解释说明）。责任单位为牵头单位。",
        "Of the common problems found in the window, those that were handled, whatever it came to (resolved, partly or "
        "explained). The unit is the one that leads on it.",
    ),
    cases=OnGround(ground=found, of=anything, n=lambda p: p.remedy.is_not(None), grains=PROBLEM_GRAINS),
    grains=PROBLEM_GRAINS,
)
PROBLEM_TOLD = Metric(
    id="problem_told",
    version=1,
    label=Text("普遍问题逐件反馈率", "Tickets behind common problems fed back"),
    clause="三(二)",
    doc=Text(
        "分母：期内提出、已关联普遍问题的诉求，不含不予受理、撤诉、并案；分子：已把办理结果告知本人且未被退回重办。",
        "Of the tickets raised in the window that stand behind a common problem, without those struck, withdrawn or "
        "merged, those whose outcome was told to the person and still stands.",
    ),
    cases=OnGround(ground=linked, of=kept, n=_TOLD, grains=TICKET_GRAINS),
    grains=TICKET_GRAINS,
)

PROBLEM_METRICS: tuple[Metric, ...] = (PROBLEMS_HANDLED, PROBLEM_TOLD)
"""Every metric of common problems.

Plan: 三(二)
"""


@frozen
class CommonProblem:
    """A common problem as it stands: one solved, a batch brought along.

    Args:
        id: Its number.
        topic_id: What it is about.
        unit_id: The unit that leads on it.
        found_on: The day it was found.
        due_on: By when it must be handled.
        remedy: What handling came to; None until then.
        handled_on: The day it was handled; None until then.
        tickets: The tickets that stand behind it, by number.
        told: How many of the people owed an answer have one, 0 to ``owed``.
        owed: The tickets behind it without those struck, withdrawn or merged.
    """

    id: str
    topic_id: TopicId
    unit_id: UnitId
    found_on: date
    due_on: date
    remedy: Remedy | None = field(default=None, converter=optional(Remedy))
    handled_on: date | None = None
    tickets: tuple[TicketId, ...] = ()
    told: int = 0
    owed: int = 0


def common_problems(reader: Reader, window: Window) -> tuple[CommonProblem, ...]:
    """Return the common problems that were found by the window's last day, each with what it brought along.

    Args:
        reader: Where the facts are.
        window: Its commit and last day count; its first day picks problems by the day they were found.

    Returns:
        What is not handled first, then by time limit, then by number.

    Plan: 三(二)
    """
    p, links = found(reader.tables, window), linked(reader.tables, window.from_the_start)
    tickets: dict[str, list[TicketId]] = {}
    told: dict[str, int] = {}
    owed: dict[str, int] = {}
    told_and_owed = (sa.case((_TOLD(links.c), 1), else_=0), sa.case((kept(links.c), 1), else_=0))
    query = sa.select(links.c.problem_id, links.c.ticket_id, *told_and_owed).order_by(links.c.ticket_id)
    for problem_id, ticket_id, is_told, is_owed in reader.select(query):
        tickets.setdefault(problem_id, []).append(ticket_id)
        told[problem_id] = told.get(problem_id, 0) + is_told
        owed[problem_id] = owed.get(problem_id, 0) + is_owed
    standing_now = reader.select(
        sa.select(p.c.case_id, p.c.topic_id, p.c.unit_id, p.c.found_on, p.c.due_on, p.c.remedy, p.c.handled_on)
    )
    made = (
        CommonProblem(
            id=row[0], topic_id=row[1], unit_id=row[2], found_on=row[3], due_on=row[4], remedy=row[5],
            handled_on=row[6], tickets=tuple(tickets.get(row[0], ())), told=told.get(row[0], 0),
            owed=owed.get(row[0], 0),
        )
        for row in standing_now
    )  # fmt: skip
    return tuple(sorted(made, key=lambda one: (one.remedy is not None, one.due_on, one.id)))
