"""From values to rows: the wire form of each fact, with private words set aside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from zoufang.campaign.checks import WireColumns
from zoufang.campaign.given import wire
from zoufang.facts import BY_NAME, Block, Facts, Rows
from zoufang.ledger import Draft, Ledger, PrivateText, keyed_digest, private_text
from zoufang.model import (
    Actor,
    Area,
    AreaTree,
    Assignment,
    Drawn,
    Event,
    Finding,
    Head,
    Problem,
    ProblemStanding,
    Step,
    Ticket,
    Unit,
)
from zoufang.rules import household_key, raised, telephone_key
from zoufang.typing import Clock, Salt, TicketId, Wire, WireRow


def day(value: date | None) -> str | None:
    """Return a day as its wire text."""
    return None if value is None else value.isoformat()


def telephone_word(phone: str) -> str:
    """Return the word by which a telephone is looked up; empty where there is no number."""
    return f"telephone:{key}" if phone and (key := telephone_key(phone)) else ""


def household_word(area_id: str, address: str) -> str:
    """Return the word by which a household's address is looked up; empty where there is none."""
    return f"household:{key}" if address and (key := household_key(area_id, address)) else ""


class Sheaf:
    """The rows and private texts of one change, gathered before it is committed.

    Args:
        ledger: Gives the key for keyed digests.
        salt: Gives a fresh salt for each private text.
    """

    def __init__(self, ledger: Ledger, salt: Salt) -> None:
        self._key = ledger.key
        self._salt = salt
        self.facts: defaultdict[str, list[WireRow]] = defaultdict(list)
        self.blocks: dict[str, Block] = {}
        self.private: list[PrivateText] = []
        self.erase: tuple[str, ...] = ()

    @property
    def change(self) -> Facts:
        """Everything that was gathered, by fact table."""
        both = {name: _joined(rows, self.blocks[name]) for name, rows in self.facts.items() if name in self.blocks}
        return {**self.facts, **self.blocks, **both}

    def draft(
        self, verb: str, actor: Actor, clock: Clock, submission_id: str | None = None, content: str | None = None
    ) -> Draft:
        """Return the change as the ledger takes it."""
        return Draft(
            verb=verb,
            actor=actor,
            at=clock(),
            facts=self.change,
            private=self.private,
            submission_id=submission_id,
            content=content,
            erase=self.erase,
        )

    def content(self, *values: object) -> str:
        """Return the keyed digest of any values."""
        return keyed_digest(self._key, values)

    def contents(self, columns: WireColumns, names: Sequence[str], words: str | None = None) -> list[str]:
        """Return the keyed digest of each row's cells, by which a change of it is told.

        Args:
            columns: The rows as columns.
            names: Which cells count.
            words: A column of words with one space between them, each of which counts by itself.
        """
        cells = [[cell.split() for cell in columns[n]] if n == words else columns[n] for n in names]
        return [keyed_digest(self._key, row) for row in zip(*cells, strict=True)]

    def put(self, table: str, columns: Mapping[str, Sequence[Wire]]) -> None:
        """Add rows of a table, as columns of wire values by their names."""
        block = Block(tuple(columns[name] for name in BY_NAME[table].names))
        before = self.blocks.get(table)
        self.blocks[table] = block if before is None else _joined(list(before), block)

    def refs(
        self, subject_ids: Sequence[str], bodies: Sequence[str], words: Iterable[str] | None = None
    ) -> list[str | None]:
        """Set private texts aside, each under its subject; return their commitments, None where there is no text.

        Args:
            subject_ids: Whose they are.
            bodies: The texts.
            words: By which word each can be looked up.
        """
        if not any(bodies):
            return [None] * len(bodies)
        keyed = ("",) * len(bodies) if words is None else words
        return [self._ref(*text) for text in zip(subject_ids, bodies, keyed, strict=True)]

    def _ref(self, subject_id: str, body: str, word: str = "") -> str | None:
        if not body:
            return None
        text = private_text(self._salt(), subject_id, body, word)
        self.private.append(text)
        return text.ref

    def erased(self, subject_id: str) -> str:
        """Name a text that was erased before; return a commitment that says nothing but that there was one."""
        gone = private_text(self._salt(), subject_id, "").ref
        self.facts["erased_texts"].append((gone, subject_id))
        return gone

    def area(self, area: Area, version: int, tree: AreaTree) -> None:
        """Add a version of an area."""
        self.facts["areas"].append((area.id, version, *area_cells(area, tree)))

    def unit(self, unit: Unit, version: int) -> None:
        """Add a version of a unit."""
        self.facts["units"].append((unit.id, version, *unit_cells(unit)))

    def people(self, people: WireColumns, versions: Sequence[int], contents: Sequence[str]) -> None:
        """Add versions of members of staff, as columns of wire values."""
        ids, phones = people["id"], people["phone"]
        more = {
            "person_id": ids,
            "version": versions,
            "name_ref": self.refs(ids, people["name"]),
            "phone_ref": self.refs(ids, phones, map(telephone_word, phones)),
            "content": contents,
        }
        self.put("people", {**people, **more})

    def targets(self, targets: WireColumns, versions: Sequence[int], contents: Sequence[str]) -> None:
        """Add versions of targets, as columns of wire values."""
        ids, phones, addresses = targets["id"], targets["phone"], targets["address"]
        more = {
            "target_id": ids,
            "version": versions,
            "name_ref": self.refs(ids, targets["name"]),
            "address_ref": self.refs(ids, addresses, map(household_word, targets["area_id"], addresses)),
            "phone_ref": self.refs(ids, phones, map(telephone_word, phones)),
            "content": contents,
        }
        self.put("targets", {**targets, **more})

    def assignments(self, subject: str, rounds: dict[str, int], assignments: Iterable[Assignment]) -> None:
        """Add who answers for subjects, each in its round."""
        self.facts["assignments"].extend(
            (
                subject,
                a.subject_id,
                rounds[a.subject_id],
                a.unit_id,
                str(a.part),
                a.rule,
                a.plugin,
                a.plugin_version,
                a.reason,
                a.duty_id,
            )
            for a in assignments
        )

    def visits(self, visits: WireColumns, n_findings: Sequence[int], phases: Sequence[str]) -> None:
        """Add visits, as columns of wire values."""
        columns = {**visits, "visit_id": visits["id"], "n_findings": n_findings, "phase": phases}
        self.blocks["visits"] = Block(tuple(columns[name] for name in BY_NAME["visits"].names))

    def findings(self, target_id: str, findings: Iterable[Finding]) -> dict[int, str | None]:
        """Add what was heard on a visit; return the commitment of each answer, by the finding's number."""
        answers: dict[int, str | None] = {}
        for f in findings:
            said, answers[f.n] = self._ref(target_id, f.said), self._ref(target_id, f.answer)
            cells = (f.visit_id, f.n, str(f.kind), f.topic_id, int(f.solved), said, answers[f.n])
            self.facts["findings"].append(cells)
        return answers

    def ticket(self, ticket: Ticket, content: str) -> None:
        """Add a ticket as it was raised."""
        cells = self._ticket_cells(ticket, ticket.id)
        self.facts["tickets"].append((ticket.id, *cells, content, ticket.parent_id))

    def conflict(self, conflict_id: str, subject: str, subject_id: str, against: str, differs: Iterable[str]) -> None:
        """Add that something was handed in which differs from its record."""
        self.facts["conflicts"].append((conflict_id, subject, subject_id, against, " ".join(differs)))

    def conflict_visit(self, conflict_id: str, cells: Sequence[Wire], findings: Iterable[Finding]) -> None:
        """Add a visit that differs, whole; the words are of the target that it names itself."""
        target_id = str(cells[0])
        self.facts["conflict_visits"].append((conflict_id, *cells))
        for f in findings:
            words = self._ref(target_id, f.said), self._ref(target_id, f.answer)
            self.facts["conflict_findings"].append((conflict_id, f.n, str(f.kind), f.topic_id, int(f.solved), *words))

    def conflict_ticket(self, conflict_id: str, ticket: Ticket) -> None:
        """Add a ticket from outside that differs, whole; without a target, the words are the conflict's own."""
        self.facts["conflict_tickets"].append((conflict_id, *self._ticket_cells(ticket, conflict_id)))

    def _ticket_cells(self, ticket: Ticket, otherwise: str) -> WireRow:
        subject_id = ticket.target_id or otherwise
        return (
            str(ticket.source),
            ticket.source_id,
            ticket.on.isoformat(),
            ticket.topic_id,
            ticket.area_id,
            ticket.target_id,
            str(ticket.track),
            self._ref(subject_id, ticket.said),
            self._ref(subject_id, ticket.contact, telephone_word(ticket.contact)),
        )

    def tickets(self, tickets: WireColumns, contents: Sequence[str]) -> None:
        """Add tickets as they were raised, as columns of wire values."""
        ids, contacts = tickets["id"], tickets["contact"]
        subjects = [target or own for target, own in zip(tickets["target_id"], ids, strict=True)]
        more = {
            "ticket_id": ids,
            "said_ref": self.refs(subjects, tickets["said"]),
            "contact_ref": self.refs(subjects, contacts, map(telephone_word, contacts)),
            "content": contents,
        }
        self.put("tickets", {**tickets, **more})

    def event(
        self,
        event: Event,
        head: Head,
        step: Step | None = None,
        person_id: str | None = None,
        evidence: str | None = None,
    ) -> None:
        """Add an event of a ticket and where it stands after it.

        Args:
            event: What happened.
            head: Where the ticket stands after it.
            step: What was asked for, if it was.
            person_id: Who did it, where no step says so.
            evidence: The commitment of a private text that is recorded elsewhere in the same change.
        """
        said = evidence if step is None else self._ref(head.ticket_id, step.note)
        self.facts["ticket_events"].append(event_cells(event, head, step, said, person_id))

    def raised(self, tickets: WireColumns, limits: Sequence[str | None]) -> None:
        """Add the first event of each of some tickets, as columns of wire values.

        Args:
            tickets: The tickets.
            limits: The class of time limits that each falls under.
        """
        head = raised(TicketId(""), date.min)
        n = len(tickets["id"])
        same = {"event": Event.RAISE, "version": head.version, "status": head.status}
        self.events(
            {
                **{name: [wire(cell)] * n for name, cell in same.items()},
                "ticket_id": tickets["id"],
                "on": tickets["on"],
                "limit_id": limits,
                "extended_days": [head.extended_days] * n,
            }
        )

    def events(self, events: Mapping[str, Sequence[Wire]]) -> None:
        """Add events of tickets, as columns of wire values; a column that is left out is empty.

        Args:
            events: What happened and where each ticket stands after it; ``note_ref`` among them where words were said.
        """
        nothing: Sequence[Wire] = [None] * len(events["ticket_id"])
        self.put("ticket_events", {name: events.get(name, nothing) for name in BY_NAME["ticket_events"].names})

    def drawn(self, drawn: Iterable[Drawn]) -> None:
        """Add a call-back sample."""
        self.facts["draws"].extend((*_place_cells(d), d.replaces) for d in drawn)

    def reserves(self, kept: Iterable[Drawn]) -> None:
        """Add the closings that a draw considered and did not take."""
        self.facts["reserves"].extend(map(_place_cells, kept))

    def problem(self, problem: Problem, version: int, due_on: date) -> None:
        """Add a common problem as it was found."""
        self.facts["problems"].append(
            (
                problem.id,
                version,
                problem.on.isoformat(),
                problem.topic_id,
                problem.unit_id,
                due_on.isoformat(),
                None,
                None,
                None,
                problem.person_id,
                self._ref(problem.id, problem.note),
            )
        )

    def problem_handled(self, standing: ProblemStanding, version: int, step: Step) -> None:
        """Add what handling a common problem came to."""
        self.facts["problems"].append(
            (
                standing.id,
                version,
                step.on.isoformat(),
                standing.topic_id,
                standing.unit_id,
                standing.due_on.isoformat(),
                None if step.remedy is None else str(step.remedy),
                step.reason or None,
                day(step.plan_on),
                step.person_id,
                self._ref(standing.id, step.note),
            )
        )

    def call_backs(self, calls: WireColumns, more: Mapping[str, Sequence[Wire]]) -> None:
        """Add what people said when called back, as columns of wire values.

        Args:
            calls: The calls.
            more: Of each the ``closing`` that was asked about, the ``attempt``, and the ``unit_id`` that had closed it.
        """
        self.put("callbacks", {**calls, **more, "note_ref": self.refs(calls["ticket_id"], calls["note"])})


def _joined(rows: Rows, block: Block) -> Block:
    """Return some rows and behind them those of a block, as one block."""
    if not len(rows):
        return block
    return Block(tuple([*first, *then] for first, then in zip(zip(*rows, strict=True), block.columns, strict=True)))


def _place_cells(d: Drawn) -> WireRow:
    return (d.ticket_id, d.closing, d.on.isoformat(), d.stratum, d.n, d.of, d.lot, d.rank)


def event_cells(event: Event, head: Head, step: Step | None, said: str | None, person_id: str | None = None) -> WireRow:
    """Return the row of an event: what was asked for, and where the ticket stands after it."""
    return (
        head.ticket_id,
        head.version,
        str(event),
        head.on.isoformat(),
        str(head.status),
        head.unit_id,
        step.person_id if step else person_id,
        day(head.due_on),
        None if head.remedy is None else str(head.remedy),
        (step.reason or None) if step else None,
        day(step.plan_on) if step else None,
        step.into if step else None,
        said,
        None if step is None or step.reaction is None else str(step.reaction),
        head.minute,
        head.due_minute,
        None if head.clock is None else str(head.clock),
        head.limit_id,
        head.asked_days,
        head.extended_days,
    )


def area_cells(area: Area, tree: AreaTree) -> WireRow:
    """Return what tells one version of an area from another."""
    return (area.name, str(area.level), area.parent, tree.community_of(area.id))


def unit_cells(unit: Unit) -> WireRow:
    """Return what tells one version of a unit from another."""
    return (unit.name, int(unit.office), int(unit.per_community))
