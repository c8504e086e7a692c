"""Load what a decision needs: a few selects for a whole batch, never one a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

import sqlalchemy as sa
from attrs import evolve

from zoufang.campaign.columns import bounds, distinct
from zoufang.facts import latest, one_of
from zoufang.ledger import Ledger
from zoufang.model import (
    Area,
    AreaLevel,
    AreaTree,
    Count,
    Drawn,
    Event,
    Head,
    Part,
    Remedy,
    Source,
    Status,
    Ticket,
    Track,
)
from zoufang.rules import GONE, Closing
from zoufang.sdk import KnownTarget
from zoufang.typing import AreaId, TargetId, TicketId, UnitId

FEW = 4
"""So many times as many ids as are asked for may be read to find them."""

MANY = 5_000
"""Ids that one ``IN`` names."""

AT_ONCE = 50_000
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
            yield from self._ledger.select(query.where(one_of(column, some)))

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

    def among(self, table: str, key: str, ids: Sequence[str]) -> Collection[str]:
        """Return those of some ids that a table knows.

        Where none lies between the lowest and the highest, as when a batch continues the numbers, that is one look
        into the index; where the table holds about as many between them as are asked for, they are read in one go.
        """
        if not ids:
            return frozenset()
        column, (low, high) = self._t.by_name[table].c[key], bounds(ids)
        between = (column >= low) & (column <= high)  # BETWEEN takes no collation on PostgreSQL
        ((n,),) = self._ledger.select(sa.select(sa.func.count()).where(between))
        if n == 0:
            return frozenset()
        if n <= FEW * len(ids):
            there = {row[0] for row in self._ledger.select(sa.select(column).distinct().where(between))}
            return there.intersection(distinct(ids))
        return {row[0] for row in self._by_id(sa.select(column).distinct(), column, distinct(ids))}

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
            e.c.into,
            e.c.minute,
            e.c.due_minute,
            e.c.clock,
            e.c.limit_id,
            e.c.asked_days,
            e.c.extended_days,
            e.c.plan_on,
        ).order_by(e.c.ticket_id, e.c.version)
        heads: dict[str, Head] = {}
        for row in self._by_id(query, e.c.ticket_id, ids):
            heads[row[0]] = _fold(heads.get(row[0]), row)
        for ticket_id, parent_id in self.parents(heads).items():
            heads[ticket_id] = heads[ticket_id]._replace(parent_id=parent_id)
        return heads

    def parents(self, ids: Iterable[str]) -> dict[str, TicketId]:
        """Return the tickets of which some others are parts, by the number of the part."""
        t = self._t.tickets
        query = sa.select(t.c.ticket_id, t.c.parent_id).where(t.c.parent_id.is_not(None))
        return dict(self._by_id(query, t.c.ticket_id, ids))

    def families(self, ids: Iterable[str]) -> dict[str, Head]:
        """Return where some tickets stand, each with its parts, its parent and those that were merged into it."""
        asked = set(ids)
        return self.heads(asked | self.kin(asked))

    def kin(self, ids: Iterable[str]) -> set[str]:
        """Return the parts and the parents of some tickets, and those that were merged into them."""
        t, e = self._t.tickets, self._t.ticket_events
        asked = set(ids)
        parts = sa.select(t.c.ticket_id)
        merged = sa.select(e.c.ticket_id).where(e.c.event == str(Event.MERGE))
        kin: set[str] = set(self.parents(asked).values())
        kin |= {row[0] for row in self._by_id(parts, t.c.parent_id, asked)}
        fresh = asked
        while fresh := {row[0] for row in self._by_id(merged, e.c.into, fresh)}:
            kin |= fresh
        return kin

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

    def tickets(self, ids: Iterable[str]) -> dict[str, Ticket]:
        """Return some tickets as they were raised, without their private words, by id."""
        t = self._t.tickets.c
        cells = (t.ticket_id, t.source, t.source_id, t.on, t.topic_id, t.area_id, t.target_id, t.track)
        found = self._by_id(sa.select(*cells, t.parent_id), t.ticket_id, ids)
        return {row[0]: evolve(Ticket(*row[:8]), parent_id=row[8]) for row in found}

    def about(self, topics: Iterable[str]) -> list[tuple[Ticket, Status]]:
        """Return the tickets about some topics that have not come to nothing, each with where it stands."""
        standing = self._standing(*(status for status in Status if status not in GONE))
        t = self._t.tickets.c
        query = sa.select(
            t.ticket_id, t.source, t.source_id, t.on, t.topic_id, t.area_id, t.target_id, t.track, standing.c.status
        ).join_from(self._t.tickets, standing, standing.c.ticket_id == t.ticket_id)
        found = self._by_id(query.where(t.parent_id.is_(None)), t.topic_id, topics)
        return [(Ticket(*row[:8]), Status(row[8])) for row in found]

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
        """Return the closed tickets whose closing no draw has considered yet: neither drawn nor in its reserve."""
        now = self._standing(Status.CLOSED)
        t = self._t.tickets
        target, area = latest(self._t.targets, "target_id"), latest(self._t.areas, "area_id")
        seen = [
            sa.exists().where((d.c.ticket_id == now.c.ticket_id) & (d.c.closing == now.c.version))
            for d in (self._t.draws, self._t.reserves)
        ]
        query = (
            sa.select(
                now.c.ticket_id, now.c.version, now.c.unit_id, target.c.kind,
                t.c.topic_id, now.c.remedy, t.c.source, area.c.community,
            )
            .join(t, t.c.ticket_id == now.c.ticket_id)
            .outerjoin(target, target.c.target_id == t.c.target_id)
            .outerjoin(area, area.c.area_id == sa.func.coalesce(t.c.area_id, target.c.area_id))
            .where(t.c.parent_id.is_(None), *(~one for one in seen))
            .order_by(now.c.ticket_id)
        )  # fmt: skip
        return tuple(Closing(*row) for row in self._ledger.select(query))

    def last_lot(self) -> tuple[int, date | None]:
        """Return the number and the day of the last draw; 0 and None before the first."""
        tables = (self._t.draws, self._t.reserves)
        made = sa.union_all(*(sa.select(d.c.lot, d.c.on) for d in tables)).subquery()
        query = sa.select(made.c.lot, sa.func.min(made.c.on)).group_by(made.c.lot).order_by(made.c.lot.desc()).limit(1)
        found = self._ledger.select(query)
        return (found[0][0], found[0][1]) if found else (0, None)

    def draws_of(self, ids: Iterable[str]) -> dict[TicketId, Drawn]:
        """Return how some tickets were drawn, each by its last closing."""
        d = self._t.draws.c
        query = sa.select(
            d.ticket_id, d.closing, d.on, d.stratum, d.n, d.of, d.lot, d.rank, d.replaces
        ).order_by(d.ticket_id, d.closing)  # fmt: skip
        return {row[0]: Drawn(*row) for row in self._by_id(query, d.ticket_id, ids)}

    def reserve(self, lots: Iterable[int]) -> tuple[Drawn, ...]:
        """Return who is left in the reserve of some draws: still closed as it was then, and not asked yet."""
        r, d, now = self._t.reserves, self._t.draws, self._standing(Status.CLOSED)
        asked = sa.exists().where((d.c.ticket_id == r.c.ticket_id) & (d.c.closing == r.c.closing))
        query = (
            sa.select(r.c.ticket_id, r.c.closing, r.c.on, r.c.stratum, r.c.n, r.c.of, r.c.lot, r.c.rank)
            .join(now, (now.c.ticket_id == r.c.ticket_id) & (now.c.version == r.c.closing))
            .where(r.c.lot.in_(sorted(set(lots))), ~asked)
        )
        return tuple(Drawn(*row) for row in self._ledger.select(query))

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
    while some := tuple(islice(source, AT_ONCE)):
        yield some


def _fold(head: Head | None, row: tuple[Any, ...]) -> Head:
    ticket_id, version, event, on, status, unit_id, person_id, due_on, remedy, into, *timed = row
    minute, due_minute, clock, limit_id, asked_days, extended_days, plan_on = timed
    head = Head(ticket_id=ticket_id, version=0, status=Status.RAISED, on=on) if head is None else head
    applied_by = head.applied_by
    if event == Event.APPLY:
        applied_by = person_id
    elif event in (Event.REFUSE, Event.REVOKE, Event.RESUME):
        applied_by = None
    returned_by = head.returned_by
    if event == Event.SEND_BACK and head.unit_id is not None:
        returned_by = (*returned_by, head.unit_id)
    return head._replace(
        version=version,
        status=Status(status),
        on=on,
        unit_id=unit_id,
        due_on=due_on,
        remedy=None if remedy is None else Remedy(remedy),
        applied_by=applied_by,
        revoked=head.revoked + (event == Event.REVOKE),
        into=into if event == Event.MERGE else head.into,
        routed_on=on if event == Event.ROUTE else head.routed_on,
        returned_by=returned_by,
        minute=minute,
        due_minute=due_minute,
        clock=None if clock is None else Count(clock),
        limit_id=limit_id,
        asked_days=asked_days,
        extended_days=extended_days,
        latest_minute=head.latest_on(on) if minute is None else minute,
        plan_on=plan_on if event == Event.HANDLE else head.plan_on if remedy else None,
    )
