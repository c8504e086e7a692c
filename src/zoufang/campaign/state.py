"""Load what a decision needs: a few selects for a whole batch, never one a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import sqlalchemy as sa
from attrs import evolve

from zoufang.facts import latest
from zoufang.ledger import Ledger
from zoufang.model import (
    Area,
    AreaLevel,
    AreaTree,
    Event,
    Head,
    Part,
    Remedy,
    Source,
    Status,
    Ticket,
    Track,
)
from zoufang.rules import Closing
from zoufang.sdk import KnownTarget
from zoufang.typing import AreaId, TargetId, TicketId, UnitId

MANY = 5_000
"""Ids that one select is asked about."""


class State:
    """Reads the ledger as it stands now.

    Args:
        ledger: The ledger.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._t = ledger.tables

    def _by_id(
        self, query: sa.Select[Any], column: sa.ColumnElement[Any], ids: Iterable[str]
    ) -> Iterator[tuple[Any, ...]]:
        for some in _batched(ids):
            yield from self._ledger.select(query.where(column.in_(some)))

    def versions(self, table: str, key: str, cells: Sequence[str]) -> dict[str, tuple[Any, ...]]:
        """Return the newest version number and the named cells of everything in a versioned table, by key."""
        now = latest(self._t.by_name[table], key)
        rows = self._ledger.select(sa.select(now.c[key], now.c.version, *(now.c[name] for name in cells)))
        return {row[0]: row[1:] for row in rows}

    def areas(self) -> AreaTree:
        """Return all areas."""
        found = self.versions("areas", "area_id", ("name", "level", "parent"))
        return AreaTree(
            Area(id=AreaId(area_id), name=name, level=AreaLevel(level), parent=parent)
            for area_id, (_, name, level, parent) in found.items()
        )

    def ids(self, table: str, key: str) -> frozenset[str]:
        """Return all ids of a table."""
        column = self._t.by_name[table].c[key]
        return frozenset(row[0] for row in self._ledger.select(sa.select(column).distinct()))

    def contents(self, table: str, key: str, ids: Iterable[str]) -> dict[str, str]:
        """Return the keyed digest of the records that are known among some ids."""
        t = self._t.by_name[table]
        return dict(self._by_id(sa.select(t.c[key], t.c.content), t.c[key], ids))

    def targets(self, ids: Iterable[str]) -> dict[TargetId, KnownTarget]:
        """Return what is known of some targets, with the unit that leads on each."""
        now = latest(self._t.targets, "target_id")
        wanted = tuple(ids)
        leads = self.leads("target", wanted)
        query = sa.select(now.c.target_id, now.c.kind, now.c.area_id, now.c.tags)
        return {
            target_id: KnownTarget(kind=kind, area_id=area_id, tags=tuple(tags.split()), lead=leads.get(target_id))
            for target_id, kind, area_id, tags in self._by_id(query, now.c.target_id, wanted)
        }

    def leads(self, subject: str, ids: Iterable[str]) -> dict[str, UnitId]:
        """Return the unit that leads on some targets or tickets, by the latest round."""
        a = self._t.assignments
        query = (
            sa.select(a.c.subject_id, a.c.unit_id)
            .where(a.c.subject == subject, a.c.part == str(Part.LEAD))
            .order_by(a.c.subject_id, a.c.round)
        )
        return dict(self._by_id(query, a.c.subject_id, ids))

    def rounds(self, subject: str, ids: Iterable[str]) -> defaultdict[str, int]:
        """Return the number of the next round of routing of some targets or tickets."""
        a = self._t.assignments
        query = (
            sa.select(a.c.subject_id, sa.func.max(a.c.round) + 1).where(a.c.subject == subject).group_by(a.c.subject_id)
        )
        return defaultdict(lambda: 1, self._by_id(query, a.c.subject_id, ids))

    def heads(self, ids: Iterable[str]) -> dict[str, Head]:
        """Return where some tickets stand: the fold of their events."""
        e = self._t.ticket_events
        query = sa.select(
            e.c.ticket_id,
            e.c.version,
            e.c.event,
            e.c.on,
            e.c.status,
            e.c.unit_id,
            e.c.person_id,
            e.c.due_on,
            e.c.remedy,
        ).order_by(e.c.ticket_id, e.c.version)
        heads: dict[str, Head] = {}
        for row in self._by_id(query, e.c.ticket_id, ids):
            heads[row[0]] = _fold(heads.get(row[0]), row)
        return heads

    def tickets_in(self, *statuses: Status) -> tuple[Ticket, ...]:
        """Return the tickets whose last event left them in one of some statuses, in the order of their ids."""
        now, t = self._standing(*statuses), self._t.tickets
        query = (
            sa.select(
                t.c.ticket_id, t.c.source, t.c.source_id, t.c.on, t.c.topic_id, t.c.area_id, t.c.target_id, t.c.track
            )
            .join(now, now.c.ticket_id == t.c.ticket_id)
            .order_by(t.c.ticket_id)
        )
        return tuple(
            Ticket(ticket_id, Source(source), source_id, on, topic_id, area_id, target_id, Track(track))
            for ticket_id, source, source_id, on, topic_id, area_id, target_id, track in self._ledger.select(query)
        )

    def _standing(self, *statuses: Status) -> sa.Subquery:
        """Return the last event of each ticket that stands in one of some statuses: no later one follows it."""
        e, later = self._t.ticket_events, self._t.ticket_events.alias()
        followed = sa.exists().where((later.c.ticket_id == e.c.ticket_id) & (later.c.version > e.c.version))
        standing = sa.select(e).where(e.c.status.in_([str(s) for s in statuses]), ~followed)
        return standing.subquery("standing")

    def refused(self, ids: Iterable[str]) -> Mapping[str, frozenset[UnitId]]:
        """Return the units that returned some tickets: those to which they had been sent just before."""
        e, before = self._t.ticket_events, self._t.ticket_events.alias()
        query = (
            sa.select(e.c.ticket_id, before.c.unit_id)
            .join(before, (before.c.ticket_id == e.c.ticket_id) & (before.c.version == e.c.version - 1))
            .where(e.c.event == str(Event.SEND_BACK))
        )
        found: defaultdict[str, set[UnitId]] = defaultdict(set)
        for ticket_id, unit_id in self._by_id(query, e.c.ticket_id, ids):
            found[ticket_id].add(unit_id)
        return {ticket_id: frozenset(units) for ticket_id, units in found.items()}

    def closings_not_asked(self) -> tuple[Closing, ...]:
        """Return the closed tickets whose closing was not drawn for a call-back yet."""
        now = self._standing(Status.CLOSED)
        t, d = self._t.tickets, self._t.draws
        target = latest(self._t.targets, "target_id")
        drawn = sa.exists().where((d.c.ticket_id == now.c.ticket_id) & (d.c.closing == now.c.version))
        query = (
            sa.select(now.c.ticket_id, now.c.version, now.c.unit_id, target.c.kind)
            .join(t, t.c.ticket_id == now.c.ticket_id)
            .outerjoin(target, target.c.target_id == t.c.target_id)
            .where(~drawn)
            .order_by(now.c.ticket_id)
        )
        return tuple(Closing(*row) for row in self._ledger.select(query))

    def drawn(self, ids: Iterable[str]) -> dict[TicketId, tuple[int, int]]:
        """Return the closing that is asked about and the attempts so far, of some drawn tickets."""
        d, c = self._t.draws, self._t.callbacks
        query = (
            sa.select(d.c.ticket_id, d.c.closing, sa.func.count(c.c.attempt))
            .outerjoin(c, (c.c.ticket_id == d.c.ticket_id) & (c.c.closing == d.c.closing))
            .group_by(d.c.ticket_id, d.c.closing)
            .order_by(d.c.ticket_id, d.c.closing)
        )
        return {row[0]: (row[1], row[2]) for row in self._by_id(query, d.c.ticket_id, ids)}


def _batched(ids: Iterable[str]) -> Iterator[tuple[str, ...]]:
    source = iter(ids)
    while some := tuple(islice(source, MANY)):
        yield some


def _fold(head: Head | None, row: tuple[Any, ...]) -> Head:
    ticket_id, version, event, on, status, unit_id, person_id, due_on, remedy = row
    head = Head(ticket_id=ticket_id, version=0, status=Status.RAISED, on=on) if head is None else head
    applied_by = head.applied_by
    if event == Event.APPLY:
        applied_by = person_id
    elif event in (Event.REFUSE, Event.REVOKE):
        applied_by = None
    return evolve(
        head,
        version=version,
        status=Status(status),
        on=on,
        unit_id=unit_id,
        due_on=due_on,
        remedy=None if remedy is None else Remedy(remedy),
        applied_by=applied_by,
        revoked=head.revoked + (event == Event.REVOKE),
    )
