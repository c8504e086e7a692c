"""What the ladder of supervision needs to know of every open ticket, as of a commit and a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from zoufang.analysis.metric import Window
from zoufang.facts import Reader
from zoufang.model import Event, Pressed, Role, Status
from zoufang.typing import PersonId

GONE = tuple(map(str, (Status.CLOSED, Status.STRUCK, Status.WITHDRAWN, Status.MERGED)))
"""Statuses in which nobody owes anything any more."""


def pressed(reader: Reader, window: Window, ticket_id: str | None = None) -> tuple[Pressed, ...]:
    """Return every ticket that was open, with its time limit in force, its returns and its unsatisfied call-backs.

    Args:
        reader: Where the facts are.
        window: ``as_of`` and ``to_on`` say what counts as known.
        ticket_id: The only ticket that is asked for; None for all, and for the common problems.

    Returns:
        One per open ticket, in the order of their numbers; then one per common problem that is not handled.

    Plan: 四(三), 五(三)
    """
    e, c = reader.tables.ticket_events, reader.tables.callbacks
    one = ticket_id is not None
    asked = [(t.c.ticket_id == ticket_id,) if one else () for t in (e, c)]
    of_events, of_calls = (*window.known(e), *asked[0]), (*window.known(c), *asked[1])
    known = sa.select(e).where(*of_events).subquery("later")
    followed = sa.exists().where(known.c.ticket_id == e.c.ticket_id, known.c.version > e.c.version)
    standing = (
        sa.select(e.c.ticket_id, e.c.status, e.c.unit_id, e.c.due_on)
        .where(e.c.status.not_in(GONE), ~followed, *of_events)
        .order_by(e.c.ticket_id)
    )
    returned = sa.select(e.c.ticket_id, e.c.on).where(e.c.event == str(Event.SEND_BACK), *of_events)
    not_satisfied = sa.select(c.c.ticket_id, c.c.on).where(sa.or_(c.c.solved == 0, c.c.satisfied == 0), *of_calls)
    bounced = _days(reader, returned.order_by(e.c.ticket_id, e.c.version))
    clock = dict(reader.select(_clocks(e, of_events)))
    unsatisfied = _days(reader, not_satisfied.order_by(c.c.ticket_id, c.c.closing, c.c.attempt))
    tickets = tuple(
        Pressed(
            ticket_id=ticket_id,
            status=Status(status),
            unit_id=unit_id,
            due_on=due_on,
            unsatisfied=tuple(unsatisfied.get(ticket_id, ())),
            bounced=tuple(bounced.get(ticket_id, ())),
            clock_on=clock.get(ticket_id),
        )
        for ticket_id, status, unit_id, due_on in reader.select(standing)
    )
    return tickets if one else (*tickets, *_problems(reader, window))


def _problems(reader: Reader, window: Window) -> Iterator[Pressed]:
    """Yield the common problems that are not handled: each has a limit of its own, and its unit is at it."""
    p = reader.tables.problems
    query = sa.select(p.c.problem_id, p.c.unit_id, p.c.due_on, p.c.remedy, p.c.on)
    found = reader.select(query.where(*window.known(p)).order_by(p.c.problem_id, p.c.version))
    for problem_id, unit_id, due_on, remedy, on in {row[0]: row for row in found}.values():
        if remedy is None:
            yield Pressed(problem_id, Status.ACCEPTED, unit_id, due_on, clock_on=on, problem=True)


def _clocks(e: sa.Table, known: tuple[Any, ...]) -> sa.Select[Any]:
    """Return on which days a ticket's time limit became another one, in order; the last is that of the one in force."""
    before = sa.func.lag(e.c.due_on).over(partition_by=e.c.ticket_id, order_by=e.c.version).label("before")
    told = sa.select(e.c.ticket_id, e.c.version, e.c.on, e.c.due_on, before).where(*known).subquery("told")
    changed = sa.or_(told.c.before.is_(None), told.c.before != told.c.due_on)
    return (
        sa.select(told.c.ticket_id, told.c.on)
        .where(told.c.due_on.is_not(None), changed)
        .order_by(told.c.ticket_id, told.c.version)
    )


def _days(reader: Reader, query: sa.Select[Any]) -> Mapping[str, list[date]]:
    found: defaultdict[str, list[date]] = defaultdict(list)
    for ticket_id, on in reader.select(query):
        found[ticket_id].append(on)
    return found


def posts(reader: Reader, window: Window) -> Mapping[tuple[str, Role], tuple[PersonId, ...]]:
    """Return the people of each unit and role, by the latest register that is known.

    Plan: 五(一)
    """
    p = reader.tables.people
    query = sa.select(p.c.person_id, p.c.unit_id, p.c.role).order_by(p.c.person_id, p.c.version)
    if window.as_of is not None:
        query = query.where(p.c.commit_seq <= window.as_of)
    found: defaultdict[tuple[str, Role], list[PersonId]] = defaultdict(list)
    for person_id, (unit_id, role) in {row[0]: row[1:] for row in reader.select(query)}.items():
        found[unit_id, Role(role)].append(person_id)
    return {post: tuple(people) for post, people in found.items()}
