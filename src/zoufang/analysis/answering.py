"""件件有落实、事事有回音: the tickets that break it, and those whose promised day has come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from attrs import frozen

from zoufang.analysis.metric import Window
from zoufang.analysis.standing import ANSWERED, HELD, POSTPONED, WAITING
from zoufang.facts import Reader, Tables
from zoufang.model import CampaignPlan, Event, Remedy, Status
from zoufang.typing import Text, TicketId, UnitId

PROMISED = (str(Remedy.PARTLY), str(Remedy.EXPLAINED))
"""What was handled so stays on the watch list until the planned day."""


ENDED = (*ANSWERED, str(Status.STRUCK), str(Status.WITHDRAWN))
"""Where a ticket stands so, whoever raised one that was merged into it has to be told what came of it."""


class Lack(StrEnum):
    """What a ticket lacks.

    Plan: 四(三)
    """

    NO_UNIT = "no_unit"
    NOT_HANDLED = "not_handled"
    NOT_FED_BACK = "not_fed_back"
    NOT_TOLD = "not_told"
    PROMISE_DUE = "promise_due"
    CLOSED_UNTOLD = "closed_untold"


LACKS: dict[Lack, Text] = {
    Lack.NO_UNIT: Text("无责任单位", "no unit has it"),
    Lack.NOT_HANDLED: Text("超期未办结", "not handled in time"),
    Lack.NOT_FED_BACK: Text("已办结未反馈", "handled, not fed back"),
    Lack.NOT_TOLD: Text("不予立案或并案后未告知本人", "struck or merged, and the person was not told"),
    Lack.PROMISE_DUE: Text("计划日期已到未续办", "the planned day has come, and nothing followed"),
    Lack.CLOSED_UNTOLD: Text("未反馈即销号", "closed without feedback"),
}
"""What each lack is called."""


NOT_HANDLED = (*WAITING, *HELD, POSTPONED, str(Status.SPLIT))
"""What was carried over with a promise and has not been handled since."""


@frozen
class Unanswered:
    """A ticket that breaks 件件有落实、事事有回音.

    Args:
        ticket_id: Which.
        lack: What it lacks.
        unit_id: The unit that holds it, if any.
        since: From which day on it lacks that, never after the window's last day: what is due only because everything
            is, lacks it from that day on.
    """

    ticket_id: TicketId
    lack: Lack
    unit_id: UnitId | None
    since: date


@frozen
class Watched:
    """A ticket that was answered but not solved, with the day for which that was planned.

    Args:
        ticket_id: Which.
        unit_id: The unit that answered.
        topic_id: What it is about.
        remedy: Partly or explained.
        reason: Why not solved; a code of the plan.
        plan_on: The planned day; None where none was given.
        reaction: How the person took it: accepted, unwilling or unknown.
        status: Where the ticket stands.
    """

    ticket_id: TicketId
    unit_id: UnitId | None
    topic_id: str
    remedy: Remedy
    reason: str
    plan_on: date | None
    reaction: str
    status: Status


def _last(tables: Tables, window: Window, name: str, *events: Event) -> sa.Subquery:
    """Return, per ticket, its last known event, or its last one of some sorts."""
    e = tables.ticket_events
    return _newest(tables, window, name, *((e.c.event.in_([str(event) for event in events]),) if events else ()))


def _answer(tables: Tables, window: Window, name: str) -> sa.Subquery:
    """Return, per ticket, what it was last answered with: its last handling, else the promise it was carried with."""
    e = tables.ticket_events.c
    carried = sa.and_(e.event == str(Event.RAISE), e.remedy.is_not(None))
    return _newest(tables, window, name, sa.or_(e.event == str(Event.HANDLE), carried))


def _newest(tables: Tables, window: Window, name: str, *chosen: sa.ColumnElement[bool]) -> sa.Subquery:
    e = tables.ticket_events
    turn = sa.func.row_number().over(partition_by=e.c.ticket_id, order_by=e.c.version.desc())
    known = sa.select(e, turn.label("turn")).where(*window.known(e), *chosen).subquery()
    return sa.select(known).where(known.c.turn == 1).subquery(name)


def watch_list(reader: Reader, window: Window) -> tuple[Watched, ...]:
    """Return the tickets that were answered but not solved, and whose planned day has come by the window's last day.

    What a campaign promised and handed over stands on it until it is handled anew.

    Args:
        reader: Where the facts are.
        window: Its last day and commit count; without a last day every planned day has come.

    Returns:
        By planned day, those without one last, then by number. Handled anew, a ticket leaves the list.

    Plan: 四(三)
    """
    t = reader.tables
    now, done, told = (
        _last(t, window, "now_"),
        _answer(t, window, "done"),
        _last(t, window, "told", Event.FEED_BACK),
    )
    come = () if window.to_on is None else (done.c.plan_on <= window.to_on,)
    query = (
        sa.select(
            t.tickets.c.ticket_id, now.c.unit_id, t.tickets.c.topic_id, done.c.remedy, done.c.reason, done.c.plan_on,
            sa.func.coalesce(told.c.reaction, done.c.reaction), now.c.status,
        )
        .select_from(t.tickets)
        .join(now, now.c.ticket_id == t.tickets.c.ticket_id)
        .join(done, done.c.ticket_id == t.tickets.c.ticket_id)
        .outerjoin(told, told.c.ticket_id == t.tickets.c.ticket_id)
        .where(
            t.tickets.c.parent_id.is_(None),
            sa.or_(
                sa.and_(now.c.status.in_(ANSWERED), now.c.remedy.in_(PROMISED)),
                sa.and_(now.c.status.in_(NOT_HANDLED), done.c.event == str(Event.RAISE), done.c.remedy.in_(PROMISED)),
            ),
            *window.known(t.tickets),
            *window.begun(t.tickets.c.on),
            *come,
        )
        .order_by(done.c.plan_on.is_(None), done.c.plan_on, t.tickets.c.ticket_id)
    )  # fmt: skip
    return tuple(
        Watched(ticket, unit, topic, Remedy(remedy), reason or "", plan_on, reaction or "unknown", Status(status))
        for ticket, unit, topic, remedy, reason, plan_on, reaction, status in reader.select(query)
    )


def unanswered(reader: Reader, plan: CampaignPlan, window: Window) -> tuple[Unanswered, ...]:
    """Return every ticket that breaks 件件有落实、事事有回音: nobody has it, or nobody answered in time.

    Args:
        reader: Where the facts are.
        plan: Its working days count for a ticket that waits for a unit: as many as a return may take.
        window: Which tickets; on its last day, or all of them due where it has none.

    Returns:
        One per ticket, by number; a part of a split ticket counts for itself.

    Plan: 四(三)
    """
    promised = {one.ticket_id: one for one in watch_list(reader, window) if one.plan_on is not None}
    ends = _ends(reader, window)
    found = (
        _lack(plan, window, (*row, ends.get(row[0])), promised)
        for row in reader.select(_standing(reader.tables, window))
    )
    return tuple(one for one in found if one is not None)


def _standing(t: Tables, window: Window) -> sa.Select[Any]:
    now, told = _last(t, window, "now_"), _last(t, window, "told", Event.FEED_BACK)
    return (
        sa.select(
            t.tickets.c.ticket_id, now.c.status, now.c.event, now.c.on, now.c.due_on, now.c.unit_id, told.c.version
        )
        .select_from(t.tickets)
        .join(now, now.c.ticket_id == t.tickets.c.ticket_id)
        .outerjoin(told, told.c.ticket_id == t.tickets.c.ticket_id)
        .where(
            now.c.status != str(Status.WITHDRAWN), *window.known(t.tickets), *window.begun(t.tickets.c.on)
        )
        .order_by(t.tickets.c.ticket_id)
    )  # fmt: skip


def _ends(reader: Reader, window: Window) -> dict[str, str]:
    """Return, for each merged ticket, where the one stands that goes on for it, over any number of merges."""
    t = reader.tables
    now, joined = _last(t, window, "now_"), _last(t, window, "joined", Event.MERGE)
    into = dict(reader.select(sa.select(joined.c.ticket_id, joined.c.into)))
    survivors = sa.select(now.c.ticket_id, now.c.status).where(now.c.ticket_id.in_(sa.select(joined.c.into)))
    stands = dict(reader.select(survivors))
    found = {}
    for ticket, other in into.items():
        while other in into:
            other = into[other]  # noqa: PLW2901 - the chain is walked to its end
        found[ticket] = stands.get(other, "")  # raised later than it was merged into, it stands nowhere yet
    return found


def _lack(
    plan: CampaignPlan, window: Window, row: tuple[Any, ...], promised: dict[TicketId, Watched]
) -> Unanswered | None:
    ticket, status, event, on, due_on, unit, told, survivor = row
    for lack, since in _lacks(plan, window, (status, event, on, due_on, told, survivor)):
        return Unanswered(ticket, lack, unit, since)
    watched = promised.get(ticket)
    if watched is None or watched.plan_on is None:
        return None
    return Unanswered(ticket, Lack.PROMISE_DUE, unit, watched.plan_on)


def _lacks(plan: CampaignPlan, window: Window, row: tuple[Any, ...]) -> Iterator[tuple[Lack, date]]:
    status, event, on, due_on, told, survivor = row
    overdue = status != POSTPONED and due_on is not None and window.to_on is not None and due_on < window.to_on
    late = window.everything_due or overdue
    if status in WAITING:
        last = plan.working_days.add_working_days(on, plan.deadlines.return_days)
        if window.everything_due or (window.to_on is not None and last < window.to_on):
            yield Lack.NO_UNIT, on
    # A pause puts an answer off, but not past the end.
    elif late and status in (*HELD, str(Status.SPLIT), *((POSTPONED,) if window.everything_due else ())):
        yield Lack.NOT_HANDLED, (due_on or on) if overdue or window.to_on is None else window.to_on
    elif status == Status.HANDLED and late:
        yield Lack.NOT_FED_BACK, on
    elif status == Status.CLOSED and told is None:
        yield Lack.CLOSED_UNTOLD, on
    elif event != Event.TELL and (status == Status.STRUCK or (status == Status.MERGED and survivor in ENDED)):
        yield Lack.NOT_TOLD, on
