"""The verbs of casework: route, and the steps of the lifecycle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from operator import attrgetter

from attrs import evolve

from zoufang.campaign.checks import MINUTES_A_DAY, by, known
from zoufang.campaign.desk import Desk
from zoufang.campaign.outcomes import Done
from zoufang.campaign.parting import raise_parts
from zoufang.campaign.rows import Sheaf
from zoufang.campaign.staleness import pass_stale
from zoufang.errors import BadValueError, RefusedFactError
from zoufang.model import Assignment, Event, Head, Part, Status, Step, Ticket
from zoufang.rules import Resolved, decide_all, permit, resolve, with_fallback, without_refused
from zoufang.sdk import CampaignView, core_version
from zoufang.typing import Text, TicketId, UnitId

CORE = "zoufang"
"""In whose name the host's own decisions are recorded."""

step_cells = attrgetter(
    "ticket_id",
    "on",
    "unit_id",
    "person_id",
    "remedy",
    "reason",
    "plan_on",
    "into",
    "note",
    "parts",
    "reaction",
    "days",
    "limit_id",
    "minute",
)


def route(desk: Desk, on: date | None) -> Done:
    """Send every ticket that waits for a unit to the one that the routers and the plan decide.

    Plan: 四(二)
    """
    desk.resent("route", None, "")
    state, day = desk.state, desk.day(on)
    tickets = state.tickets_in(Status.RAISED, Status.RETURNED)
    resolved = _resolved(desk, tickets)
    leads = {a.subject_id: a.unit_id for a in resolved.assignments if a.part is Part.LEAD}
    heads = state.heads(leads)
    steps = _dispatched(desk, day, leads, heads)
    sheaf = desk.sheaf()
    for event, step, head in decide_all(desk.plan, heads, steps):
        sheaf.event(event, head, step)
    sheaf.assignments("ticket", state.rounds("ticket", leads), resolved.assignments)
    return desk.commit("route", sheaf, n_new=len(leads), unrouted=resolved.unrouted)


def _dispatched(
    desk: Desk, day: date, leads: Mapping[str, UnitId], heads: Mapping[str, Head]
) -> list[tuple[Event, Step]]:
    """Return the steps that send tickets to units: now, if it is done today; never before a ticket's last event."""
    today, minute = desk.today, desk.minute
    steps: list[tuple[Event, Step]] = []
    for ticket_id, unit_id in leads.items():
        last = heads.get(ticket_id)
        on = day if last is None else max(day, last.on)
        at = minute if on == today else None
        if at is not None and last is not None:
            at = max(at, last.latest_on(on) or 0)
        steps.append((Event.ROUTE, Step(TicketId(ticket_id), on, unit_id, minute=at)))
    return steps


def _resolved(desk: Desk, tickets: Sequence[Ticket]) -> Resolved:
    state = desk.state
    ids = [ticket.id for ticket in tickets]
    targets = state.targets({ticket.target_id for ticket in tickets if ticket.target_id})
    view = CampaignView(plan=desk.plan, areas=state.areas(), targets=targets)
    refused = state.refused(ids)
    claims = without_refused(desk.plugins.claim_tickets(tickets, view), refused)
    resolved = resolve(ids, claims, desk.plan.precedence)
    return with_fallback(resolved, desk.plan.dispatch.takes_unclear, refused, plugin=CORE, version=core_version())


def assign(desk: Desk, ticket_id: TicketId, unit_id: UnitId, on: date | None) -> Done:
    """Send one ticket to a unit that the office names, where the routers could not decide or decided wrongly.

    Plan: 四(二)
    """
    day, heads = desk.day(on), desk.state.heads([ticket_id])
    return take_steps(desk, _dispatched(desk, day, {ticket_id: unit_id}, heads), None)


def take_steps(
    desk: Desk, intents: Sequence[tuple[Event, Step]], submission_id: str | None, *, locked: bool = False
) -> Done:
    """Take steps of tickets in their order: all of them or none.

    Where a ticket has parts or is one, what is decided rests on other tickets too, so nobody else may write meanwhile.

    Plan: 四(二), 四(三)
    """
    verb = _verb(intents)
    handed_in = desk.content([(event, *step_cells(step)) for event, step in intents])
    if (resent := desk.resent(verb, submission_id, handed_in)) is not None:
        return resent
    for event in dict.fromkeys(event for event, _ in intents):
        permit(desk.actor, event)
    state = desk.state
    sheaf = desk.sheaf()
    _check(desk, intents)
    merged = {step.into for event, step in intents if event is Event.MERGE and step.into}
    heads = state.families({step.ticket_id for _, step in intents} | merged)
    known("ticket", merged, heads)
    if not locked and any(head.parent_id for head in heads.values()):
        with desk.ledger.together():
            return take_steps(desk, intents, submission_id, locked=True)
    asked = intents
    intents, soft = pass_stale(desk.ledger, heads, asked)
    decided = decide_all(desk.plan, heads, intents)
    raise_parts(desk, sheaf, decided)
    for event, step, head in decided:
        sheaf.event(event, head, step)
    named_by_office(desk, sheaf, [head for event, _, head in decided if event is Event.ROUTE])
    try:
        done = desk.commit(verb, sheaf, submission_id=submission_id, content=handed_in, n_new=len(asked))
    except RefusedFactError:  # somebody was faster; whoever said what they saw is told what happened since
        if locked or all(step.version is None for _, step in asked):
            raise
        with desk.ledger.together():
            return take_steps(desk, asked, submission_id, locked=True)
    return evolve(done, soft=soft)


def named_by_office(desk: Desk, sheaf: Sheaf, routed: Sequence[Head], rule: str = "office") -> None:
    """Add who answers for tickets that the office sent to a unit by name; each sending is a round of its own."""
    rounds = desk.state.rounds("ticket", {head.ticket_id for head in routed})
    for head in routed:
        if head.unit_id is not None:
            named = Assignment(
                head.ticket_id, head.unit_id, Part.LEAD, rule, CORE, core_version(), "named by the office"
            )
            sheaf.assignments("ticket", rounds, [named])
            rounds[head.ticket_id] += 1


def _verb(intents: Sequence[tuple[Event, Step]]) -> str:
    events = {event for event, _ in intents}
    return str(next(iter(events))) if len(events) == 1 else "reply"


def _check(desk: Desk, intents: Sequence[tuple[Event, Step]]) -> None:
    units = desk.state.ids("units", "unit_id")
    people = desk.state.ids("people", "person_id")
    known("unit", (step.unit_id for _, step in intents if step.unit_id), units)
    known("unit", (unit_id for _, step in intents for unit_id in step.parts), units)
    known("person", (step.person_id for _, step in intents if step.person_id), people)
    for _, step in intents:
        if step.on > desk.today:
            raise BadValueError(what="on", id=step.ticket_id, value=str(step.on), allowed=by(desk.today))
        if step.minute is not None and not 0 <= step.minute < MINUTES_A_DAY:
            allowed = Text("0 至 1439", "0 to 1439")
            raise BadValueError(what="minute", id=step.ticket_id, value=str(step.minute), allowed=allowed)
