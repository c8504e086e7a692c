"""The verbs erase and readmit: a person's private texts are destroyed, and that they were is a fact like any other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from zoufang.campaign.desk import Desk
from zoufang.campaign.outcomes import Done, Erased, Erasure
from zoufang.campaign.state import MANY
from zoufang.campaign.turns import Turns
from zoufang.campaign.withholding import erased_subjects
from zoufang.errors import BadValueError, NothingToEraseError
from zoufang.facts import BY_NAME, latest, up_to
from zoufang.ledger import Ledger
from zoufang.rules import permit
from zoufang.typing import Seq, Text

ERASED, READMITTED = "erased", "readmitted"

_SAY_WHY = Text("几个字的理由，不写姓名和电话", "a few words, without names and numbers")

_SUBJECTS = (("targets", "target_id"), ("people", "person_id"), ("tickets", "ticket_id"), ("problems", "problem_id"))


def erase(desk: Desk, subject_id: str, reason: str) -> Erased:
    """Destroy the private texts of a subject and of the tickets behind which it stands.

    What is found and what is destroyed are one transaction, so that no text slips in between.

    Plan: 五(一)
    """
    desk.resent("erase", None, "")
    why = said_why(subject_id, reason)
    with desk.ledger.together():
        subjects = _stands_behind(desk.ledger, subject_id)
        texts = _texts_of(desk.ledger, subjects)
        before = erased_subjects(desk.ledger)
        versions = _versions(desk.ledger)
        sheaf = desk.sheaf()
        sheaf.facts["erasures"].extend(
            (one, versions.get(one, 0) + 1, ERASED, desk.today.isoformat(), why)
            for one in subjects
            if one not in before
        )
        sheaf.facts["erased_texts"].extend(texts)
        sheaf.erase = subjects
        done = desk.commit("erase", sheaf)
    seq = _first(desk.ledger, subject_id) if done.receipt is None else done.receipt.seq
    return Erased(seq, subjects, len(texts), desk.ledger.scrub(), _linked(desk.ledger, subject_id))


def readmit(desk: Desk, subject_id: str, reason: str) -> Done:
    """Let private texts of a subject be written down again from now on; what was destroyed stays so.

    Plan: 五(一)
    """
    desk.resent("readmit", None, "")
    subjects = [one for one in _stands_behind(desk.ledger, subject_id) if one in erased_subjects(desk.ledger)]
    if subject_id not in subjects:
        raise NothingToEraseError(id=subject_id)
    versions = _versions(desk.ledger)
    sheaf = desk.sheaf()
    sheaf.facts["erasures"].extend(
        (one, versions[one] + 1, READMITTED, desk.today.isoformat(), said_why(subject_id, reason)) for one in subjects
    )
    return desk.commit("readmit", sheaf, n_new=len(subjects))


def erasures(desk: Desk) -> tuple[Erasure, ...]:
    """Return all erasures and their ends in the order in which they were recorded.

    Plan: 五(一)
    """
    permit(desk.actor, "list_erasures")
    e, c = desk.ledger.tables.erasures, desk.ledger.tables.commits
    query = (
        sa.select(e.c.commit_seq, e.c.subject_id, e.c.state, e.c.on, e.c.reason, c.c.actor, c.c.role)
        .join(c, c.c.seq == e.c.commit_seq)
        .order_by(e.c.commit_seq, e.c.ord)
    )
    return tuple(Erasure(*row) for row in desk.ledger.select(query))


def erased_among(ledger: Ledger, refs: Sequence[str], as_of: Seq | None = None) -> frozenset[str]:
    """Return which of some commitments belong to texts that were erased."""
    e = ledger.tables.erased_texts
    return frozenset(
        row[0]
        for at in range(0, len(refs), MANY)
        for row in ledger.select(sa.select(e.c.ref).where(e.c.ref.in_(refs[at : at + MANY]), *up_to(e, as_of)))
    )


def said_why(subject_id: str, reason: str) -> str:
    """Return a reason without the blanks around it.

    Raises:
        BadValueError: There is none.
    """
    if not reason.strip():
        raise BadValueError(what="reason", id=subject_id, value="", allowed=_SAY_WHY)
    return reason.strip()


def _stands_behind(ledger: Ledger, subject_id: str) -> tuple[str, ...]:
    """Return a subject with the tickets behind which it stands.

    Raises:
        NothingToEraseError: There is no such subject.
        BadValueError: A ticket of a target: the words in it are the target's.
    """
    t = ledger.tables
    kinds = [
        table
        for table, key in _SUBJECTS
        if ledger.select(sa.select(sa.literal(1)).where(t.by_name[table].c[key] == subject_id).limit(1))
    ]
    if not kinds:
        raise NothingToEraseError(id=subject_id)
    if kinds == ["tickets"]:
        query = sa.select(t.tickets.c.target_id).where(t.tickets.c.ticket_id == subject_id)
        target_id = ledger.select(query)[0][0]
        if target_id is not None:
            raise BadValueError(what="target", id=subject_id, value=subject_id, allowed=target_id)
    tickets = _versions_of(ledger, _tickets_of(ledger, (subject_id,)), subject_id)
    tickets |= _tickets_of(ledger, sorted(tickets))  # the parts into which those versions were split
    return (subject_id, *sorted(tickets - {subject_id}), *_handed_in_as(ledger, sorted({subject_id, *tickets})))


def _tickets_of(ledger: Ledger, ids: Sequence[str]) -> set[str]:
    """Return some subjects with the tickets that are theirs, and with the parts of those that are tickets."""
    t, found = ledger.tables.tickets, set(ids)
    for at in range(0, len(ids), MANY):
        some = ids[at : at + MANY]
        query = sa.select(t.c.ticket_id).where(sa.or_(t.c.target_id.in_(some), t.c.parent_id.in_(some)))
        found.update(row[0] for row in ledger.select(query))
    return found


def _versions_of(ledger: Ledger, ids: set[str], subject_id: str) -> set[str]:
    """Return some tickets with all versions of them that were in force, but those that are of another target."""
    turns = Turns(ledger).in_turn("ticket", ids)
    more = sorted({version for versions in turns.values() for version in versions} - ids)
    t, found = ledger.tables.tickets, set(ids)
    for at in range(0, len(more), MANY):
        own = t.c.target_id.is_(None) | (t.c.target_id == subject_id)
        query = sa.select(t.c.ticket_id).where(t.c.ticket_id.in_(more[at : at + MANY]), own)
        found.update(row[0] for row in ledger.select(query))
    return found


def _handed_in_as(ledger: Ledger, ids: Sequence[str]) -> list[str]:
    """Return the conflicts that hold words of some tickets: handed in as them, or recorded as them since.

    What was handed in under a ticket's number and is by decision another demand belongs to that other ticket.
    """
    c, s, held = (ledger.tables.by_name[name] for name in ("conflicts", "settlements", "conflict_tickets"))
    query = (
        sa.select(c.c.conflict_id)
        .join_from(c, held, held.c.conflict_id == c.c.conflict_id)
        .outerjoin(s, s.c.conflict_id == c.c.conflict_id)
        .where(held.c.target_id.is_(None))
    )
    found: set[str] = set()
    for at in range(0, len(ids), MANY):
        some = ids[at : at + MANY]
        beside = c.c.subject_id.in_(some) | c.c.against.in_(some)
        theirs = beside & (sa.func.coalesce(s.c.decision, "") != "both")
        found.update(row[0] for row in ledger.select(query.where(theirs | s.c.made_id.in_(some))))
    return sorted(found)


def _texts_of(ledger: Ledger, subjects: Sequence[str]) -> list[tuple[str, str]]:
    p = ledger.tables.private_texts
    return [
        (row[0], row[1])
        for at in range(0, len(subjects), MANY)
        for row in ledger.select(
            sa.select(p.c.ref, p.c.subject_id)
            .where(p.c.subject_id.in_(subjects[at : at + MANY]))
            .order_by(p.c.subject_id, p.c.ref)
        )
    ]


def _versions(ledger: Ledger) -> dict[str, int]:
    now = latest(ledger.tables.erasures, BY_NAME["erasures"].key[0])
    return dict(ledger.select(sa.select(now.c.subject_id, now.c.version)))


def _first(ledger: Ledger, subject_id: str) -> Seq:
    e = ledger.tables.erasures
    query = sa.select(e.c.commit_seq).where(e.c.subject_id == subject_id, e.c.state == ERASED)
    return Seq(ledger.select(query.order_by(e.c.commit_seq.desc()).limit(1))[0][0])


def _linked(ledger: Ledger, subject_id: str) -> tuple[str, ...]:
    now: Any = latest(ledger.tables.targets, "target_id")
    query = sa.select(now.c.target_id, now.c.linked_to).where(
        sa.or_(now.c.linked_to == subject_id, now.c.target_id == subject_id)
    )
    ids = {one for row in ledger.select(query) for one in row if one is not None}
    return tuple(sorted(ids - {subject_id} - erased_subjects(ledger)))
