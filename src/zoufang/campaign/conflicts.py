"""List what differs from a record of the same number: kept whole beside it, until a person has decided.

Nothing is overwritten, and nothing else of the batch is lost: the conflict is recorded in the same commit as the rows
that are new. A conflict's number is a keyed digest of what was handed in, so the same content under the same number is
the same conflict however often it comes, under whatever submission and in whatever order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

import sqlalchemy as sa

from zoufang.campaign.checks import WireColumns, no_versions_numbers
from zoufang.campaign.desk import Desk
from zoufang.campaign.given import wire
from zoufang.campaign.resent import CELLS, Recorded, Told, changed_visits, differences, told_of
from zoufang.campaign.rows import Sheaf
from zoufang.campaign.turns import Subject, Turns
from zoufang.ledger import keyed_digest
from zoufang.model import Finding, Ticket
from zoufang.typing import TicketId, VisitId

DIGITS = 16
"""Hexadecimal digits of a conflict's number: 64 bits."""

TICKET_CELLS = ("source", "source_id", "on", "topic_id", "area_id", "target_id", "track")
TICKET_WORDS = ("said", "contact")
ticket_cells = attrgetter(*TICKET_CELLS)


class Noted(NamedTuple):
    """What of a batch differs and waits for a decision, whether it was listed now or before.

    Args:
        ids: The numbers under which it was handed in.
        n_findings: With visits: what was heard on them.
    """

    ids: tuple[str, ...] = ()
    n_findings: int = 0


class Conflicts(Recorded):
    """Reads conflicts and what was decided about them."""

    def settled(self, ids: Iterable[str]) -> dict[str, bool]:
        """Return which of some conflicts are listed, each with whether it is settled."""
        c, s = self._t.conflicts.c, self._t.settlements.c
        query = sa.select(c.conflict_id, s.conflict_id.is_not(None)).outerjoin_from(
            self._t.conflicts, self._t.settlements, s.conflict_id == c.conflict_id
        )
        return {row[0]: bool(row[1]) for row in self._by_id(query, c.conflict_id, ids)}

    def in_force(self, subject: Subject, ids: Iterable[str]) -> dict[str, str]:
        """Return the number of the version in force for each of some numbers; where none is replaced, that number."""
        return {one: versions[-1] for one, versions in Turns(self._ledger).in_turn(subject, ids).items()}

    def handed_in(self, ids: Iterable[str]) -> dict[str, tuple[Any, ...]]:
        """Return the cells of visits that were handed in with other content, by the conflict's number."""
        return self._cells("conflict_visits", "conflict_id", ids)

    def heard(self, ids: Iterable[str]) -> defaultdict[str, list[Told]]:
        """Return what was heard on visits that were handed in with other content, by the conflict's number."""
        return self._told("conflict_findings", "conflict_id", ids)

    def tickets_said(self, ids: Iterable[str], table: str = "tickets", key: str = "ticket_id") -> dict[str, list[Any]]:
        """Return the cells and words of some tickets, by number; words that were erased are None."""
        t = self._t.by_name[table].c
        names = (*TICKET_CELLS, *(f"{name}_ref" for name in TICKET_WORDS))
        rows = list(self._by_id(sa.select(t[key], *(t[name] for name in names)), t[key], sorted(ids)))
        words = self._ledger.texts([ref for row in rows for ref in row[-2:] if ref is not None])
        return {
            row[0]: [*map(wire, row[1:-2]), *("" if ref is None else words.get(ref) for ref in row[-2:])]
            for row in rows
        }


def conflict_id(desk: Desk, subject: Subject, subject_id: str, content: object) -> str:
    """Return the number of the conflict that some content makes under a number."""
    return keyed_digest(desk.ledger.key, ("conflict", subject, subject_id, content))[:DIGITS]


def note_changed_visits(
    desk: Desk,
    sheaf: Sheaf,
    visits: WireColumns,
    heard: Mapping[VisitId, Sequence[Finding]],
    known: Collection[str],
) -> Noted:
    """Add a conflict for each visit that is recorded with other content, unless it is listed already.

    Plan: 四(二)
    """
    places = changed_visits(desk.ledger, visits, heard, known)
    if not places:
        return Noted()
    content: dict[str, tuple[list[Any], list[Told]]] = {
        visits["id"][place]: ([visits[name][place] for name in CELLS], told_of(heard.get(visits["id"][place], ())))
        for place in places
    }
    ids = {subject_id: conflict_id(desk, "visit", subject_id, told) for subject_id, told in content.items()}
    read = Conflicts(desk.ledger)
    listed = read.settled(ids.values())
    fresh = [subject_id for subject_id, one in ids.items() if one not in listed]
    no_versions_numbers("visit", fresh)
    against = read.in_force("visit", fresh)
    cells, findings = read.visits(against.values()), read.findings(against.values())
    waiting = [subject_id for subject_id, one in ids.items() if listed.get(one) is False]
    for subject_id, other in against.items():
        differs = differences((cells[other], findings[other]), content[subject_id])
        if differs:  # else all that differs from the version in force was erased
            sheaf.conflict(ids[subject_id], "visit", subject_id, other, differs)
            sheaf.conflict_visit(ids[subject_id], content[subject_id][0], heard.get(VisitId(subject_id), ()))
            waiting.append(subject_id)
    return Noted(tuple(sorted(waiting)), sum(len(content[subject_id][1]) for subject_id in waiting))


def note_changed_tickets(
    desk: Desk, sheaf: Sheaf, changed: Sequence[Ticket], contents: Mapping[TicketId, str]
) -> Noted:
    """Add a conflict for each ticket from outside that is recorded with other content, unless it is listed already.

    Args:
        desk: What every verb works with.
        sheaf: The change.
        changed: Tickets whose number is recorded with other content.
        contents: The keyed digest of each, by number.

    Plan: 四(二)
    """
    if not changed:
        return Noted()
    ids = {ticket.id: conflict_id(desk, "ticket", ticket.id, contents[ticket.id]) for ticket in changed}
    read = Conflicts(desk.ledger)
    listed = read.settled(ids.values())
    waiting = [str(ticket_id) for ticket_id, one in ids.items() if listed.get(one) is False]
    fresh = [ticket for ticket in changed if ids[ticket.id] not in listed]
    no_versions_numbers("ticket", [ticket.id for ticket in fresh])
    now = read.in_force("ticket", [ticket.id for ticket in fresh])
    recorded = read.tickets_said(now.values())
    for ticket in fresh:
        other = now[ticket.id]
        sheaf.conflict(ids[ticket.id], "ticket", ticket.id, other, _ticket_differs(recorded[other], ticket))
        sheaf.conflict_ticket(ids[ticket.id], ticket)
        waiting.append(str(ticket.id))
    return Noted(tuple(sorted(waiting)))


def _ticket_differs(was: Sequence[Any], ticket: Ticket) -> tuple[str, ...]:
    """Return the names of what differs; where nothing else does, it is in the words that were erased since."""
    now = (*map(wire, ticket_cells(ticket)), ticket.said, ticket.contact)
    names = (*TICKET_CELLS, *TICKET_WORDS)
    other = {name for name, before, after in zip(names, was, now, strict=True) if before != after}
    erased = {name for name, before in zip(TICKET_WORDS, was[-2:], strict=True) if before is None}
    return tuple(name for name in names if name in (other - erased or other))
