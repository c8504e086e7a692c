"""What was handed in beside what is recorded, column by column, with words masked as everywhere else."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from zoufang.campaign.conflicts import TICKET_CELLS, TICKET_WORDS, Conflicts
from zoufang.campaign.contacts import allow_reading, permit_reading
from zoufang.campaign.desk import Desk
from zoufang.campaign.outcomes import Conflict, Difference
from zoufang.campaign.resent import CELLS, TOLD, Told
from zoufang.campaign.state import MANY
from zoufang.errors import UnknownIdError
from zoufang.facts import BY_NAME
from zoufang.rules import ERASED, Mask, Show, mask_for, masked_phone, masked_words
from zoufang.typing import Text

Said = Mapping[str, Text | None]
"""What one side says in each column; a finding as a whole under ``findings.2``, its parts under ``findings.2.said``."""


def conflicts(
    desk: Desk, ids: Collection[str] | None, *, settled: bool, mask: str, purpose: str
) -> tuple[Conflict, ...]:
    """Return conflicts in the order in which they were listed, each with what differs.

    Plan: 四(二), 五(一)
    """
    policy = mask_for(desk.plan, "words", desk.actor.role, mask)
    listed = _listed(desk, ids, settled=settled)
    if policy.words is not Show.NOTHING:
        _allow(desk, policy, listed, purpose)
    visits = [row for row in listed if row["subject"] == "visit"]
    tickets = [row for row in listed if row["subject"] == "ticket"]
    sides = {**_visit_sides(desk, visits, policy), **_ticket_sides(desk, tickets, policy)}
    return tuple(_conflict(row, *sides[row["conflict_id"]], desk.zone) for row in listed)


def _listed(desk: Desk, ids: Collection[str] | None, *, settled: bool) -> list[dict[str, Any]]:
    t = desk.ledger.tables
    c, s = t.conflicts.c, t.settlements.c
    columns = (
        c.conflict_id, c.subject, c.subject_id, c.against, c.differs, c.commit_seq, t.commits.c.recorded_at,
        s.decision, s.made_id, s.reason,
    )  # fmt: skip
    query = (
        sa.select(*columns)
        .join_from(t.conflicts, t.commits, t.commits.c.seq == c.commit_seq)
        .outerjoin(t.settlements, s.conflict_id == c.conflict_id)
        .order_by(c.commit_seq, c.ord)
    )
    if not settled and ids is None:
        query = query.where(s.conflict_id.is_(None))
    names = [column.name for column in columns]
    rows = [dict(zip(names, row, strict=True)) for row in desk.ledger.select(query)]
    if ids is None:
        return rows
    for one in sorted(set(ids) - {row["conflict_id"] for row in rows}):
        raise UnknownIdError(what="conflict", id=one, known=tuple(row["conflict_id"] for row in rows[:5]))
    return [row for row in rows if row["conflict_id"] in ids]


def _allow(desk: Desk, policy: Mask, listed: Sequence[Mapping[str, Any]], purpose: str) -> None:
    """Ask for the reach on everybody whose words may be shown; a reading in clear is committed first."""
    t = desk.ledger.tables
    ids = [row["conflict_id"] for row in listed]
    against = [row["against"] for row in listed]
    whose = (
        (t.conflict_visits, t.conflict_visits.c.conflict_id, ids),
        (t.conflict_tickets, t.conflict_tickets.c.conflict_id, ids),
        (t.visits, t.visits.c.visit_id, against),
        (t.tickets, t.tickets.c.ticket_id, against),
    )
    targets = {
        row[0]
        for table, key, some in whose
        for at in range(0, len(some), MANY)
        for row in desk.ledger.select(sa.select(table.c.target_id).where(key.in_(some[at : at + MANY])).distinct())
    }
    tickets = sorted({row[name] for row in listed if row["subject"] == "ticket" for name in ("subject_id", "against")})
    elsewhere = _elsewhere(desk, ids)
    permit_reading(desk, "ticket", [row[0] for row in elsewhere], {"conflict_tickets": elsewhere})
    for subject, some in (("target", sorted(targets - {None})), ("ticket", tickets)):
        if some:
            allow_reading(desk, policy, subject, some, purpose)


def _elsewhere(desk: Desk, ids: Sequence[str]) -> list[tuple[Any, ...]]:
    """Return what was handed in, without a target, for another area than the record says: it is of whoever is there."""
    t = desk.ledger.tables
    c, held, record = t.conflicts.c, t.conflict_tickets.c, t.tickets.c
    query = (
        sa.select(*(held[name] for name in BY_NAME["conflict_tickets"].names))
        .join_from(t.conflict_tickets, t.conflicts, c.conflict_id == held.conflict_id)
        .join(t.tickets, record.ticket_id == c.against)
        .where(held.target_id.is_(None), held.area_id.is_distinct_from(record.area_id))
        .order_by(held.conflict_id)
    )
    return [
        row
        for at in range(0, len(ids), MANY)
        for row in desk.ledger.select(query.where(held.conflict_id.in_(ids[at : at + MANY])))
    ]


def _visit_sides(desk: Desk, rows: Sequence[Mapping[str, Any]], policy: Mask) -> dict[str, tuple[Said, Said]]:
    """Return what the record and what was handed in say, by the conflict's number."""
    read = Conflicts(desk.ledger)
    ids, against = [row["conflict_id"] for row in rows], {row["against"] for row in rows}
    cells, told = read.visits(against), read.findings(against)
    came, heard = read.handed_in(ids), read.heard(ids)
    return {
        row["conflict_id"]: (
            _visit_says(cells[row["against"]], told[row["against"]], policy),
            _visit_says(came[row["conflict_id"]], heard[row["conflict_id"]], policy),
        )
        for row in rows
    }


def _visit_says(cells: Sequence[Any], told: Sequence[Told], policy: Mask) -> Said:
    said = {name: _plain(cell) for name, cell in zip(CELLS, cells, strict=True)}
    for n, kind, topic_id, solved, words, answer in told:
        shown = (_plain(kind), _plain(topic_id), _plain(int(solved)), _words(words, policy), _words(answer, policy))
        said[f"findings.{n}"] = _plain(f"{kind} {topic_id}")
        said.update((f"findings.{n}.{name}", one) for name, one in zip(TOLD, shown, strict=True))
    return said


def _ticket_sides(desk: Desk, rows: Sequence[Mapping[str, Any]], policy: Mask) -> dict[str, tuple[Said, Said]]:
    read = Conflicts(desk.ledger)
    recorded = read.tickets_said(row["against"] for row in rows)
    came = read.tickets_said((row["conflict_id"] for row in rows), "conflict_tickets", "conflict_id")
    return {
        row["conflict_id"]: (
            _ticket_says(recorded[row["against"]], policy),
            _ticket_says(came[row["conflict_id"]], policy),
        )
        for row in rows
    }


def _ticket_says(cells: Sequence[Any], policy: Mask) -> Said:
    *open_cells, said, contact = cells
    number = ERASED if contact is None else _plain(masked_phone(contact, policy.phones) or None)
    shown = (*map(_plain, open_cells), _words(said, policy), number)
    return dict(zip((*TICKET_CELLS, *TICKET_WORDS), shown, strict=True))


def _plain(cell: Any) -> Text | None:
    return None if cell is None else Text(str(cell), str(cell))


def _words(words: str | None, policy: Mask) -> Text | None:
    """Return private words as a policy shows them; None where nothing was said."""
    if words is None:
        return ERASED
    return masked_words(words, policy.words) if words else None


def _conflict(row: Mapping[str, Any], recorded: Said, handed_in: Said, zone: ZoneInfo) -> Conflict:
    on: date = datetime.fromisoformat(row["recorded_at"]).astimezone(zone).date()
    columns = row["differs"].split()
    return Conflict(
        id=row["conflict_id"],
        subject=row["subject"],
        subject_id=row["subject_id"],
        against=row["against"],
        seq=row["commit_seq"],
        on=on,
        differences=tuple(Difference(name, recorded.get(name), handed_in.get(name)) for name in columns),
        decision=row["decision"],
        made_id=row["made_id"],
        reason=row["reason"],
    )
