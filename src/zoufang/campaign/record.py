"""The verbs record and raise: visits with what was heard, and the tickets that come of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import compress
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
from zoufang.campaign.columns import Mapped, distinct
from zoufang.campaign.conflicts import Noted, note_changed_tickets, note_changed_visits
from zoufang.campaign.desk import Desk
from zoufang.campaign.given import Given, flowing_columns, values_of, wire_columns
from zoufang.campaign.outcomes import Done
from zoufang.campaign.rows import Sheaf
from zoufang.model import Event, Finding, FindingKind, Source, Ticket, Track, Visit
from zoufang.rules import ON_THE_SPOT, phases_on, raised, solved_on_the_spot
from zoufang.typing import AreaId, PersonId, TargetId, UnitId, VisitId

finding_cells = attrgetter("n", "kind", "topic_id", "said", "solved", "answer")
TICKET_CELLS = ("source", "source_id", "on", "topic_id", "area_id", "target_id", "track", "said", "contact")
ticket_cells = attrgetter(*TICKET_CELLS)


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
    visits = flowing_columns(Visit, given, desk.zone)
    return desk.once_more(lambda: _record(desk, visits, findings, submission_id))


def _record(desk: Desk, visits: WireColumns, findings: Sequence[Finding], submission_id: str | None) -> Done:
    told = [(f.visit_id, *finding_cells(f)) for f in findings]
    handed_in = "" if submission_id is None else desk.content(({n: list(c) for n, c in visits.items()}, told))
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
        day: " ".join(phase.id for phase in phases_on(desk.plan, date.fromisoformat(day)))
        for day in distinct(fresh["on"])
    }
    sheaf.visits(
        fresh,
        [len(heard.get(i, ())) for i in fresh["id"]] if heard else [0] * len(fresh["id"]),
        Mapped(fresh["on"], phases),
    )
    n_findings = _hear(desk, sheaf, fresh, heard)
    n_new = len(fresh["id"])
    n_known = len(known) - len(noted.ids)
    done = desk.commit(
        "record", sheaf, submission_id=submission_id, content=handed_in or None, n_new=n_new, n_known=n_known
    )
    return evolve(done, n_findings=n_findings, conflicts=noted.ids, n_conflict_findings=noted.n_findings)


def _without(given: WireColumns, known: Collection[str]) -> WireColumns:
    """Return the visits or tickets that are not recorded yet."""
    if not known:
        return given
    stays = [key not in known for key in given["id"]]
    return {name: list(compress(cells, stays)) for name, cells in given.items()}


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


def raise_tickets(desk: Desk, given: Given[Ticket], submission_id: str | None) -> Done:
    """Record tickets from calls, letters and higher authorities.

    Plan: 四(二)
    """
    tickets = wire_columns(Ticket, given, desk.zone)
    return desk.once_more(lambda: _raise_tickets(desk, tickets, submission_id))


def _raise_tickets(desk: Desk, tickets: WireColumns, submission_id: str | None) -> Done:
    handed_in = "" if submission_id is None else desk.content([tickets[name] for name in ("id", *TICKET_CELLS)])
    first, submission_id = desk.handed_in("raise", submission_id, handed_in)
    if first is not None:
        return first
    state, limits = desk.state, desk.plan.deadlines.by_topic
    targets = state.among("targets", "target_id", [target for target in tickets["target_id"] if target])
    check_tickets(desk.plan, tickets, targets=targets, areas=state.areas(), today=desk.today)
    sheaf = desk.sheaf()
    contents = dict(zip(tickets["id"], sheaf.contents(tickets, TICKET_CELLS), strict=True))
    known = state.contents("tickets", "ticket_id", state.among("tickets", "ticket_id", tickets["id"]))
    other = {key for key, content in known.items() if contents[key] != content}
    fresh = _without(tickets, known)
    numbered = whose_parts((*fresh["id"], *state.parents(other)))
    there = state.among("tickets", "ticket_id", sorted(set(numbered.values())))
    refuse_parts_numbers(numbered, {*there, *contents})
    changed = values_of(Ticket, _without(tickets, contents.keys() - other)) if other else ()
    noted = note_changed_tickets(desk, sheaf, changed, contents)
    no_versions_numbers("ticket", fresh["id"])
    if fresh["id"]:
        sheaf.tickets(fresh, [contents[key] for key in fresh["id"]])
        sheaf.raised(fresh, [limits.get(topic) for topic in fresh["topic_id"]])
    done = desk.commit(
        "raise",
        sheaf,
        submission_id=submission_id,
        content=handed_in or None,
        n_new=len(fresh["id"]),
        n_known=len(known) - len(noted.ids),
    )
    return evolve(done, conflicts=noted.ids)
