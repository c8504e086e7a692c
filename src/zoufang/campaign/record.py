"""The verbs record and raise: visits with what was heard, and the tickets that come of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import NamedTuple

from attrs import evolve

from zoufang.campaign.checks import (
    WireColumns,
    check_tickets,
    check_visits,
    no_versions_numbers,
    refuse_parts_numbers,
    whose_parts,
)
from zoufang.campaign.conflicts import Noted, note_changed_tickets, note_changed_visits
from zoufang.campaign.desk import Desk
from zoufang.campaign.given import Given, wire_columns
from zoufang.campaign.outcomes import Done
from zoufang.campaign.rows import Sheaf
from zoufang.model import Event, Finding, FindingKind, Source, Ticket, Track, Visit
from zoufang.rules import ON_THE_SPOT, phases_on, raised, solved_on_the_spot
from zoufang.typing import AreaId, PersonId, TargetId, UnitId, VisitId

finding_cells = attrgetter("n", "kind", "topic_id", "said", "solved", "answer")
ticket_cells = attrgetter("source", "source_id", "on", "topic_id", "area_id", "target_id", "track", "said", "contact")


class Heard(NamedTuple):
    """What a demand takes from the visit on which it was heard."""

    id: VisitId
    target_id: TargetId
    on: date
    visitor_id: PersonId
    unit_id: UnitId


def record(desk: Desk, given: Given[Visit], findings: Sequence[Finding], submission_id: str | None) -> Done:
    """Record visits; each demand becomes a ticket, and one that was solved at once is fed back in the same commit.

    Visits are checked and recorded column by column, however they were handed in.

    Plan: 二, 三(一), 三(二), 四(二)
    """
    visits = wire_columns(Visit, given, desk.zone)
    return desk.once_more(lambda: _record(desk, visits, findings, submission_id))


def _record(desk: Desk, visits: WireColumns, findings: Sequence[Finding], submission_id: str | None) -> Done:
    told = [(f.visit_id, *finding_cells(f)) for f in findings]
    handed_in = "" if submission_id is None else desk.content((visits, told))
    first, submission_id = desk.handed_in("record", submission_id, handed_in)
    if first is not None:
        return first
    state = desk.state
    heard = check_visits(
        desk.plan,
        visits,
        findings,
        targets=state.among("targets", "target_id", visits["target_id"]),
        people=state.ids("people", "person_id"),
        units=state.ids("units", "unit_id"),
        today=desk.today,
    )
    known = state.among("visits", "visit_id", visits["id"])
    sheaf = desk.sheaf()
    noted = note_changed_visits(desk, sheaf, visits, heard, known) if known else Noted()
    fresh = _without(visits, known)
    no_versions_numbers("visit", fresh["id"])
    phases = {
        day: " ".join(phase.id for phase in phases_on(desk.plan, date.fromisoformat(day))) for day in set(fresh["on"])
    }
    sheaf.visits(
        fresh,
        [len(heard.get(i, ())) for i in fresh["id"]] if heard else [0] * len(fresh["id"]),
        [phases[day] for day in fresh["on"]],
    )
    n_findings = _hear(desk, sheaf, fresh, heard)
    n_new = len(fresh["id"])
    n_known = len(known) - len(noted.ids)
    done = desk.commit(
        "record", sheaf, submission_id=submission_id, content=handed_in or None, n_new=n_new, n_known=n_known
    )
    return evolve(done, n_findings=n_findings, conflicts=noted.ids, n_conflict_findings=noted.n_findings)


def _without(visits: WireColumns, known: Collection[str]) -> WireColumns:
    """Return the visits that are not recorded yet."""
    if not known:
        return visits
    places = [place for place, visit_id in enumerate(visits["id"]) if visit_id not in known]
    return {name: [cells[place] for place in places] for name, cells in visits.items()}


def _hear(desk: Desk, sheaf: Sheaf, fresh: WireColumns, heard: Mapping[VisitId, list[Finding]]) -> int:
    """Add what was heard on the fresh visits, with its tickets; return how many findings that were."""
    if not heard:
        return 0
    names = ("id", "target_id", "on", "visitor_id", "unit_id")
    visits = [row for row in zip(*(fresh[name] for name in names), strict=True) if row[0] in heard]
    targets = desk.state.targets({row[1] for row in visits})
    for visit_id, target_id, on, visitor_id, unit_id in visits:
        visit = Heard(visit_id, target_id, date.fromisoformat(on), visitor_id, unit_id)
        answers = sheaf.findings(target_id, heard[visit_id])
        limits = desk.plan.deadlines.by_topic
        raise_demands(sheaf, visit, heard[visit_id], targets[target_id].area_id, answers, limits=limits)
    return sum(len(heard[row[0]]) for row in visits)


def raise_demands(
    sheaf: Sheaf,
    visit: Heard,
    heard: list[Finding],
    area_id: AreaId,
    answers: Mapping[int, str | None],
    *,
    limits: Mapping[str, str],
) -> None:
    """Add a ticket for each demand that was heard, with its events so far; an answer on the spot is the evidence."""
    for finding in heard:
        if finding.kind is not FindingKind.DEMAND:
            continue
        ticket = Ticket(
            id=finding.ticket_id,
            source=Source.VISIT,
            source_id=visit.id,
            on=visit.on,
            topic_id=finding.topic_id,
            area_id=area_id,
            target_id=visit.target_id,
            track=Track.ON_THE_SPOT if finding.solved else Track.JOINT,
        )
        sheaf.ticket(ticket, sheaf.content(*ticket_cells(ticket)))
        if finding.solved:
            heads = solved_on_the_spot(ticket.id, visit.on, visit.unit_id)
            for event, head in zip(ON_THE_SPOT, heads, strict=True):
                evidence = answers[finding.n] if event is Event.HANDLE else None
                sheaf.event(event, head, person_id=visit.visitor_id, evidence=evidence)
        else:
            head = raised(ticket.id, visit.on, limits.get(ticket.topic_id))
            sheaf.event(Event.RAISE, head, person_id=visit.visitor_id)


def raise_tickets(desk: Desk, tickets: Sequence[Ticket], submission_id: str | None) -> Done:
    """Record tickets from calls, letters and higher authorities.

    Plan: 四(二)
    """
    return desk.once_more(lambda: _raise_tickets(desk, tickets, submission_id))


def _raise_tickets(desk: Desk, tickets: Sequence[Ticket], submission_id: str | None) -> Done:
    handed_in = desk.content([(ticket.id, *ticket_cells(ticket)) for ticket in tickets])
    first, submission_id = desk.handed_in("raise", submission_id, handed_in)
    if first is not None:
        return first
    state = desk.state
    targets = state.targets({ticket.target_id for ticket in tickets if ticket.target_id})
    check_tickets(desk.plan, tickets, targets=targets, areas=state.areas(), today=desk.today)
    sheaf = desk.sheaf()
    contents = {ticket.id: sheaf.content(*ticket_cells(ticket)) for ticket in tickets}
    known = state.contents("tickets", "ticket_id", contents)
    changed = [ticket for ticket in tickets if ticket.id in known and known[ticket.id] != contents[ticket.id]]
    noted = note_changed_tickets(desk, sheaf, changed, contents)
    fresh = [ticket for ticket in tickets if ticket.id not in known]
    numbered = whose_parts(ticket.id for ticket in fresh)
    there = state.among("tickets", "ticket_id", sorted(set(numbered.values())))
    refuse_parts_numbers(numbered, {*there, *contents})
    no_versions_numbers("ticket", [ticket.id for ticket in fresh])
    for ticket in fresh:
        sheaf.ticket(ticket, contents[ticket.id])
        limit_id = desk.plan.deadlines.by_topic.get(ticket.topic_id)
        sheaf.event(Event.RAISE, raised(ticket.id, ticket.on, limit_id))
    n_known = len(known) - len(noted.ids)
    done = desk.commit(
        "raise", sheaf, submission_id=submission_id, content=handed_in, n_new=len(fresh), n_known=n_known
    )
    return evolve(done, conflicts=noted.ids)
