"""Where tickets stand, as of a commit and a day: the ground that ticket figures stand on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from zoufang.analysis.metric import Window
from zoufang.analysis.roster import whereabouts
from zoufang.facts import Tables, latest
from zoufang.model import Event, Status

LEFT_OUT = tuple(map(str, (Status.STRUCK, Status.WITHDRAWN, Status.MERGED)))
"""Nobody owes an answer: it did not qualify, the person took it back, or another ticket goes on for it."""

WAITING = tuple(map(str, (Status.RAISED, Status.RETURNED)))
"""No unit has it: the office must send it."""

HELD = tuple(map(str, (Status.ROUTED, Status.ACCEPTED, Status.EXTENDING)))
"""A unit has it and must handle it; while it waits for an extension, too."""

POSTPONED = str(Status.PAUSED)
"""The office has stopped its clock (缓办): nothing is due until it goes on."""

ANSWERED = tuple(map(str, (Status.FED_BACK, Status.APPLIED, Status.CLOSED)))
"""The person has been told."""

HANDLED = (str(Status.HANDLED), *ANSWERED)
"""The unit has handled it."""


def places(tables: Tables, window: Window, *, parts: bool = False) -> sa.Subquery:
    """Return the tickets raised within the window, with where and whose they are; or the parts of split ones.

    A split ticket counts once, for the unit that leads on it; its parts are no demands of their own, and no figure
    holds both. A ticket without an area stands in its target's community.

    Columns:
        ticket_id, raised_on, source, topic_id, track, target_id, community, kind.
    """
    t = tables.tickets.c
    areas = latest(tables.areas, "area_id", window.as_of)
    w = whereabouts(tables, window.as_of)
    return (
        sa.select(
            t.ticket_id,
            t.on.label("raised_on"),
            t.source,
            t.topic_id,
            t.track,
            t.target_id,
            sa.func.coalesce(areas.c.community, w.c.community).label("community"),
            w.c.kind,
        )
        .select_from(
            tables.tickets.outerjoin(areas, areas.c.area_id == t.area_id).outerjoin(w, w.c.target_id == t.target_id)
        )
        .where(
            t.parent_id.is_not(None) if parts else t.parent_id.is_(None),
            *window.known(tables.tickets),
            *window.begun(t.on),
        )
        .subquery("places")
    )


def _turns(tables: Tables, window: Window, *, parts: bool) -> sa.Subquery:
    """Return, per ticket, the version of its last event and of its last handling, and what ever happened to it."""
    e, t = tables.ticket_events.c, tables.tickets.c
    # Parts are few: without this their figures would walk over every event of every ticket once more.
    few = (e.ticket_id.in_(sa.select(t.ticket_id).where(t.parent_id.is_not(None))),) if parts else ()

    def last(event: Event) -> sa.ColumnElement[Any]:
        return sa.func.max(sa.case((e.event == str(event), e.version)))

    return (
        sa.select(
            e.ticket_id,
            sa.func.max(e.version).label("version"),
            last(Event.HANDLE).label("handled"),
            last(Event.ROUTE).label("routed"),
            last(Event.CLOSE).label("closed"),
            last(Event.REVOKE).label("revoked"),
        )
        .where(*window.known(tables.ticket_events), *few)
        .group_by(e.ticket_id)
        .subquery("turns")
    )


def standing(tables: Tables, window: Window) -> sa.Subquery:
    """Return the tickets raised within the window, each as its last known event left it.

    Columns:
        case_id (the ticket's), those of :func:`places`, then status, unit_id (the holder), due_on (in force), remedy,
        handled_on, handled_minute, handled_due_on and handled_due_minute (when the last handling was, and its time
        limit), routed, closed, revoked (versions of
        the last such events; empty where there was none), due (1 where the limit has come, or everything is due, else
        0) and past (1 where the limit lies before the window's last day, or everything is due, else 0).
    """
    return _standing(tables, window, parts=False)


def parts_standing(tables: Tables, window: Window) -> sa.Subquery:
    """Return the parts that split tickets were given within the window, each as its last known event left it.

    Columns:
        Those of :func:`standing`; unit_id is the department that holds the part.
    """
    return _standing(tables, window, parts=True)


def _standing(tables: Tables, window: Window, *, parts: bool) -> sa.Subquery:
    p, turns = places(tables, window, parts=parts), _turns(tables, window, parts=parts)
    now = tables.ticket_events.alias("now_")
    done = tables.ticket_events.alias("done")
    return (
        sa.select(
            p.c.ticket_id.label("case_id"),
            *p.c,
            now.c.status,
            now.c.unit_id,
            now.c.due_on,
            now.c.remedy,
            done.c.on.label("handled_on"),
            done.c.minute.label("handled_minute"),
            done.c.due_on.label("handled_due_on"),
            done.c.due_minute.label("handled_due_minute"),
            turns.c.routed,
            turns.c.closed,
            turns.c.revoked,
            _limit(window, lambda: sa.and_(now.c.due_on <= window.to_on, now.c.status != POSTPONED)).label("due"),
            _limit(window, lambda: sa.and_(now.c.due_on < window.to_on, now.c.status != POSTPONED)).label("past"),
        )
        .select_from(p)
        .join(turns, turns.c.ticket_id == p.c.ticket_id)
        .join(now, sa.and_(now.c.ticket_id == turns.c.ticket_id, now.c.version == turns.c.version))
        .outerjoin(done, sa.and_(done.c.ticket_id == turns.c.ticket_id, done.c.version == turns.c.handled))
        .subquery("standing")
    )


def _limit(window: Window, come: Callable[[], sa.ColumnElement[bool]]) -> sa.ColumnElement[int]:
    return sa.literal_column("1") if window.everything_due else sa.case((come(), 1), else_=0)


def history(tables: Tables, window: Window) -> sa.Subquery:
    """Return the known ticket events, each with what came before and after it.

    Columns:
        ticket_id, version, event, on, unit_id, unit_before, event_after, on_after.
    """
    e = tables.ticket_events.c

    def beside(step: Any, column: Any) -> Any:
        return step(column).over(partition_by=e.ticket_id, order_by=e.version)

    return (
        sa.select(
            e.ticket_id,
            e.version,
            e.event,
            e.on,
            e.unit_id,
            beside(sa.func.lag, e.unit_id).label("unit_before"),
            beside(sa.func.lead, e.event).label("event_after"),
            beside(sa.func.lead, e.on).label("on_after"),
        )
        .where(*window.known(tables.ticket_events))
        .subquery("history")
    )
