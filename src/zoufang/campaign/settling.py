"""The verb settle: a person decides about a conflict, once, and says why.

``keep`` leaves the record as it is. ``replace`` puts what was handed in in its place, as a record with a number of its
own; the former one stays in the ledger and counts no longer. ``both`` records it beside the other one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from zoufang.campaign.conflicts import TICKET_CELLS, Conflicts
from zoufang.campaign.desk import Desk
from zoufang.campaign.erasing import said_why
from zoufang.campaign.given import wire
from zoufang.campaign.outcomes import Settled
from zoufang.campaign.record import Heard, raise_demands, ticket_cells
from zoufang.campaign.resent import CELLS
from zoufang.campaign.rows import Sheaf
from zoufang.campaign.turns import Subject, Turns
from zoufang.errors import BadValueError, SettledError, UnknownIdError
from zoufang.errors.words import DECISIONS
from zoufang.facts import BY_NAME
from zoufang.model import Event, Finding, FindingKind, Source, Step, Ticket
from zoufang.rules import OPEN, decide_all, phases_on, raised
from zoufang.typing import PersonId, TargetId, TicketId, TopicId, UnitId, VisitId

KEEP, REPLACE, BOTH = DECISIONS

Refs = tuple[str | None, ...]
"""Commitments of private texts."""


class Open(NamedTuple):
    """A conflict that waits for a decision."""

    id: str
    subject: Subject
    subject_id: str


class Came(NamedTuple):
    """A visit as it was handed in.

    Args:
        cells: Its cells as wire values, by name.
        findings: What was heard, under the number that it is given.
        refs: The commitments of words and answer of each finding, by its number.
    """

    cells: Mapping[str, Any]
    findings: Sequence[Finding]
    refs: Mapping[int, Refs]


def settle(desk: Desk, conflict_id: str, decision: str, reason: str) -> Settled:
    """Decide about a conflict; nobody else writes between what is read and what is decided.

    Plan: 四(二), 五(一)
    """
    desk.resent("settle", None, "")
    if decision not in DECISIONS:
        raise BadValueError(what="decision", id=conflict_id, value=decision, allowed=", ".join(DECISIONS))
    why = said_why(conflict_id, reason)
    with desk.ledger.together():
        read = Settling(desk.ledger)
        one = read.waiting(conflict_id)
        sheaf = desk.sheaf()
        made = Made()
        if decision != KEEP:
            record = _record_visit if one.subject == "visit" else _record_ticket
            made = record(desk, read, sheaf, one, replaces=decision == REPLACE)
        sheaf.facts["settlements"].append((one.id, decision, made.made_id, why, desk.today.isoformat()))
        done = desk.commit("settle", sheaf, n_new=1)
    return Settled(done.receipt, one.id, decision, *made)


class Made(NamedTuple):
    """What a settlement records: see :class:`zoufang.campaign.Settled`."""

    made_id: str | None = None
    replaced: str | None = None
    raised: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    left_open: tuple[str, ...] = ()


class Settling(Conflicts):
    """Reads what a settlement needs."""

    def waiting(self, conflict_id: str) -> Open:
        """Return a conflict that is not settled yet.

        Raises:
            UnknownIdError: There is none of that number.
            SettledError: It is settled.
        """
        c, s = self._t.conflicts.c, self._t.settlements.c
        listed = sa.select(c.conflict_id, c.subject, c.subject_id, s.decision, s.made_id, s.commit_seq).outerjoin_from(
            self._t.conflicts, self._t.settlements, s.conflict_id == c.conflict_id
        )
        found = self._ledger.select(listed.where(c.conflict_id == conflict_id))
        if not found:
            still = self._ledger.select(listed.where(s.conflict_id.is_(None)).order_by(c.commit_seq, c.ord).limit(5))
            raise UnknownIdError(what="conflict", id=conflict_id, known=tuple(row[0] for row in still))
        ((_, subject, subject_id, decision, made_id, seq),) = found
        if decision is not None:
            raise SettledError(conflict_id=conflict_id, decision=decision, made_id=made_id, seq=seq)
        return Open(conflict_id, subject, subject_id)

    def next_number(self, one: Open) -> str:
        """Return the next number of a record beside the one under which a conflict came: ``V1~2`` beside ``V1``."""
        table = f"{one.subject}s"
        key = self._t.by_name[table].c[BY_NAME[table].key[0]]
        first, after = f"{one.subject_id}~", f"{one.subject_id}\x7f"
        made = re.compile(rf"{re.escape(one.subject_id)}~([1-9][0-9]*)")
        taken = (made.fullmatch(row[0]) for row in self._ledger.select(sa.select(key).where(key >= first, key < after)))
        return f"{one.subject_id}~{max((int(match[1]) for match in taken if match), default=1) + 1}"

    def came(self, sheaf: Sheaf, conflict_id: str, made_id: str) -> Came:
        """Return a visit that was handed in with other content, under the number that it is given."""
        v, f = self._t.conflict_visits.c, self._t.conflict_findings.c
        (row,) = self._ledger.select(sa.select(*(v[name] for name in CELLS)).where(v.conflict_id == conflict_id))
        told = self._ledger.select(
            sa.select(f.n, f.kind, f.topic_id, f.solved, f.said_ref, f.answer_ref)
            .where(f.conflict_id == conflict_id)
            .order_by(f.n)
        )
        words, refs = self._ledger.texts([ref for one in told for ref in one[4:] if ref]), {}
        findings = []
        for n, kind, topic_id, solved, *own in told:
            refs[n] = _refs(sheaf, row[CELLS.index("target_id")], own, words)
            said, answer = (words.get(ref, "") if ref else "" for ref in own)
            findings.append(
                Finding(VisitId(made_id), n, FindingKind(kind), TopicId(topic_id), said, bool(solved), answer)
            )
        return Came(dict(zip(CELLS, map(wire, row), strict=True)), findings, refs)

    def in_turn(self, one: Open) -> tuple[str, ...]:
        """Return the numbers under which a record has been in force, the last one first."""
        return Turns(self._ledger).in_turn(one.subject, (one.subject_id,))[one.subject_id][::-1]

    def tickets_of(self, versions: Sequence[str]) -> list[tuple[str, tuple[Any, ...]]]:
        """Return the tickets of the demands heard on some versions of a visit, each with what was heard; each once."""
        k = self._t.kept_tickets.c
        kept = self._by_id(sa.select(k.visit_id, k.n, k.ticket_id), k.visit_id, versions)
        goes_on = {(visit_id, n): ticket_id for visit_id, n, ticket_id in kept}
        found: dict[str, tuple[Any, ...]] = {}
        told = self.findings(versions)
        for visit_id in versions:
            for n, kind, *heard in told[visit_id]:
                if kind == FindingKind.DEMAND:
                    found.setdefault(goes_on.get((visit_id, n), f"{visit_id}-{n}"), tuple(heard))
        return list(found.items())

    def target_of(self, visit_id: str) -> str:
        """Return whose visit it is."""
        v = self._t.visits.c
        return str(self._ledger.select(sa.select(v.target_id).where(v.visit_id == visit_id))[0][0])


def _record_visit(desk: Desk, read: Settling, sheaf: Sheaf, one: Open, *, replaces: bool) -> Made:
    """Record a visit that was handed in, with what was heard; as a replacement, its demands keep their tickets."""
    made_id = read.next_number(one)
    made = Made(made_id)
    came = read.came(sheaf, one.id, made_id)
    cells, on = came.cells, date.fromisoformat(came.cells["on"])
    phases = " ".join(phase.id for phase in phases_on(desk.plan, on))
    sheaf.visits({"id": [made_id]} | {name: [cells[name]] for name in CELLS}, [len(came.findings)], [phases])
    sheaf.facts["findings"].extend(
        (made_id, f.n, str(f.kind), f.topic_id, int(f.solved), *came.refs[f.n]) for f in came.findings
    )
    demands = [f for f in came.findings if f.kind is FindingKind.DEMAND]
    kept: dict[int, str] = {}
    if replaces:
        versions = read.in_turn(one)
        tickets = read.tickets_of(versions)
        if cells["target_id"] == read.target_of(versions[0]):
            kept = _same_demands(demands, tickets)
        sheaf.facts["replaced_visits"].append((versions[0], made_id, one.id))
        sheaf.facts["kept_tickets"].extend((made_id, n, ticket_id) for n, ticket_id in kept.items())
        missing = [ticket_id for ticket_id, _ in tickets if ticket_id not in kept.values()]
        heads = desk.state.heads(missing)
        still = tuple(i for i in missing if i in heads and heads[i].status in OPEN)
        made = Made(made_id, versions[0], (), tuple(sorted(kept.values())), still)
    new = [f for f in demands if f.n not in kept]
    target_id = TargetId(cells["target_id"])
    visit = Heard(VisitId(made_id), target_id, on, PersonId(cells["visitor_id"]), UnitId(cells["unit_id"]))
    answers = {f.n: came.refs[f.n][1] for f in new}
    area_id = desk.state.targets({target_id})[target_id].area_id
    raise_demands(sheaf, visit, new, area_id, answers, limits=desk.plan.deadlines.by_topic)
    return made._replace(raised=tuple(f.ticket_id for f in new))


def _same_demands(demands: Sequence[Finding], tickets: Sequence[tuple[str, tuple[Any, ...]]]) -> dict[int, str]:
    """Return the tickets of the demands that were heard in an earlier version too; each ticket goes on for one."""
    left = dict(tickets)
    kept: dict[int, str] = {}
    for demand in demands:
        now = (demand.topic_id, demand.solved, demand.said, demand.answer)
        for ticket_id, was in left.items():
            if all(one == other or other is None for one, other in zip(now, was, strict=True)):
                kept[demand.n] = ticket_id
                del left[ticket_id]
                break
    return kept


def _record_ticket(desk: Desk, read: Settling, sheaf: Sheaf, one: Open, *, replaces: bool) -> Made:
    """Raise a ticket that was handed in; as a replacement, the former one is merged into it, if it still can be."""
    t = desk.ledger.tables.conflict_tickets.c
    refs = (t.said_ref, t.contact_ref)
    query = sa.select(*(t[name] for name in TICKET_CELLS), *refs).where(t.conflict_id == one.id)
    (row,) = desk.ledger.select(query)
    words = desk.ledger.texts([ref for ref in row[-2:] if ref])
    said, contact = (words.get(ref, "") if ref else "" for ref in row[-2:])
    source, source_id, on, topic_id, area_id, target_id, track = row[:-2]
    ticket = Ticket(
        TicketId(read.next_number(one)), Source(source), source_id, on, topic_id, area_id, target_id, track,
        said, contact,
    )  # fmt: skip
    content = sheaf.content(*ticket_cells(ticket))
    cells = (*map(wire, row[:-2]), *_refs(sheaf, target_id or ticket.id, row[-2:], words), content, None)
    sheaf.facts["tickets"].append((ticket.id, *cells))
    head = raised(ticket.id, ticket.on, desk.plan.deadlines.by_topic.get(ticket.topic_id))
    sheaf.event(Event.RAISE, head)
    if not replaces:
        return Made(ticket.id, raised=(ticket.id,))
    former = TicketId(read.in_turn(one)[0])
    heads = desk.state.families([former])
    step = Step(former, max(desk.today, heads[former].on), into=ticket.id)
    for event, merged, after in decide_all(desk.plan, {**heads, ticket.id: head}, [(Event.MERGE, step)]):
        sheaf.event(event, after, merged)
    return Made(ticket.id, former, (ticket.id,))


def _refs(sheaf: Sheaf, subject_id: str, refs: Sequence[str | None], words: Mapping[str, str]) -> Refs:
    """Return the commitments of texts for a new fact; it refers to none that was erased, and names it as erased."""
    return tuple(ref if ref is None or ref in words else sheaf.erased(subject_id) for ref in refs)
