"""The verbs record and raise: visits with what was heard, and the tickets that come of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter

from attrs import evolve

from zoufang.campaign.checks import check_tickets, check_visits
from zoufang.campaign.desk import Desk, already
from zoufang.campaign.outcomes import Done
from zoufang.campaign.rows import Sheaf
from zoufang.model import Event, Finding, FindingKind, Source, Ticket, Track, Visit
from zoufang.rules import ON_THE_SPOT, phases_on, raised, solved_on_the_spot
from zoufang.typing import AreaId

visit_cells = attrgetter(
    "target_id", "on", "channel", "outcome", "visitor_id", "unit_id", "minute", "minutes", "no_demand", "made_known"
)
finding_cells = attrgetter("n", "kind", "topic_id", "said", "solved", "answer")
ticket_cells = attrgetter("source", "source_id", "on", "topic_id", "area_id", "target_id", "track", "said", "contact")


def record(desk: Desk, visits: Sequence[Visit], findings: Sequence[Finding], submission_id: str | None) -> Done:
    """Record visits; each demand becomes a ticket, and one that was solved at once is fed back in the same commit.

    Plan: 二, 三(一), 三(二), 四(二)
    """
    handed_in = desk.content(
        ([(v.id, *visit_cells(v)) for v in visits], [(f.visit_id, *finding_cells(f)) for f in findings])
    )
    if (resent := desk.resent("record", submission_id, handed_in)) is not None:
        return resent
    state = desk.state
    targets = state.targets({visit.target_id for visit in visits})
    heard = check_visits(
        desk.plan,
        visits,
        findings,
        targets=targets,
        people=state.ids("people", "person_id"),
        units=state.ids("units", "unit_id"),
        today=desk.today,
    )
    sheaf = desk.sheaf()
    contents = {v.id: sheaf.content(*visit_cells(v), *map(finding_cells, heard.get(v.id, ()))) for v in visits}
    known = already("visit", contents.items(), state.contents("visits", "visit_id", contents))
    fresh = [visit for visit in visits if visit.id not in known]
    phases = {on: " ".join(phase.id for phase in phases_on(desk.plan, on)) for on in {visit.on for visit in fresh}}
    for visit in fresh:
        found = heard.get(visit.id, [])
        answers = sheaf.visit(visit, found, phases[visit.on], contents[visit.id])
        area_id = targets[visit.target_id].area_id
        _raise_demands(sheaf, visit, found, area_id, answers, limits=desk.plan.deadlines.by_topic)
    done = desk.commit(
        "record", sheaf, submission_id=submission_id, content=handed_in, n_new=len(fresh), n_known=len(known)
    )
    return evolve(done, n_findings=sum(len(heard.get(visit.id, ())) for visit in fresh))


def _raise_demands(
    sheaf: Sheaf,
    visit: Visit,
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
    handed_in = desk.content([(ticket.id, *ticket_cells(ticket)) for ticket in tickets])
    if (resent := desk.resent("raise", submission_id, handed_in)) is not None:
        return resent
    state = desk.state
    targets = state.targets({ticket.target_id for ticket in tickets if ticket.target_id})
    check_tickets(desk.plan, tickets, targets=targets, areas=state.areas(), today=desk.today)
    sheaf = desk.sheaf()
    contents = {ticket.id: sheaf.content(*ticket_cells(ticket)) for ticket in tickets}
    known = already("ticket", contents.items(), state.contents("tickets", "ticket_id", contents))
    fresh = [ticket for ticket in tickets if ticket.id not in known]
    for ticket in fresh:
        sheaf.ticket(ticket, contents[ticket.id])
        limit_id = desk.plan.deadlines.by_topic.get(ticket.topic_id)
        sheaf.event(Event.RAISE, raised(ticket.id, ticket.on, limit_id))
    return desk.commit(
        "raise", sheaf, submission_id=submission_id, content=handed_in, n_new=len(fresh), n_known=len(known)
    )
