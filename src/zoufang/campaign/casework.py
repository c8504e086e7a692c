"""The verbs of casework: route, the steps of the lifecycle, and call-backs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from operator import attrgetter

from zoufang.campaign.checks import by, known, once
from zoufang.campaign.desk import Desk
from zoufang.campaign.outcomes import Done
from zoufang.campaign.rows import Sheaf
from zoufang.errors import BadValueError, IllegalStepError
from zoufang.model import Assignment, CallBack, CallOutcome, Event, Head, Part, Status, Step, Ticket
from zoufang.rules import Resolved, allowed_in, decide_all, draw, resolve, with_fallback, without_refused
from zoufang.sdk import CampaignView, core_version
from zoufang.typing import Text, TicketId, UnitId

CORE = "zoufang"
"""In whose name the host's own decisions are recorded."""

step_cells = attrgetter("ticket_id", "on", "unit_id", "person_id", "remedy", "reason", "plan_on", "into", "note")
call_cells = attrgetter("ticket_id", "on", "outcome", "solved", "satisfied", "caller_id", "note")


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
    steps = [
        (Event.ROUTE, Step(ticket_id=TicketId(ticket_id), on=max(day, heads[ticket_id].on), unit_id=unit_id))
        for ticket_id, unit_id in leads.items()
    ]
    sheaf = desk.sheaf()
    for event, step, head in decide_all(desk.plan, heads, steps):
        sheaf.event(event, head, step)
    sheaf.assignments("ticket", state.rounds("ticket", leads), resolved.assignments)
    return desk.commit("route", sheaf, n_new=len(leads), unrouted=resolved.unrouted)


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
    return take_steps(desk, [(Event.ROUTE, Step(ticket_id=ticket_id, on=desk.day(on), unit_id=unit_id))], None)


def take_steps(desk: Desk, intents: Sequence[tuple[Event, Step]], submission_id: str | None) -> Done:
    """Take steps of tickets in their order: all of them or none.

    Plan: 四(二), 四(三)
    """
    verb = _verb(intents)
    handed_in = desk.content([(event, *step_cells(step)) for event, step in intents])
    if (resent := desk.resent(verb, submission_id, handed_in)) is not None:
        return resent
    state = desk.state
    sheaf = desk.sheaf()
    _check(desk, intents)
    merged = {step.into for event, step in intents if event is Event.MERGE and step.into}
    heads = state.heads({step.ticket_id for _, step in intents} | merged)
    known("ticket", merged, heads)
    decided = decide_all(desk.plan, heads, intents)
    for event, step, head in decided:
        sheaf.event(event, head, step)
    _by_hand(desk, sheaf, [head for event, _, head in decided if event is Event.ROUTE])
    return desk.commit(verb, sheaf, submission_id=submission_id, content=handed_in, n_new=len(intents))


def _by_hand(desk: Desk, sheaf: Sheaf, routed: Sequence[Head]) -> None:
    """Add who answers for tickets that the office sent to a unit by name; each sending is a round of its own."""
    rounds = desk.state.rounds("ticket", {head.ticket_id for head in routed})
    for head in routed:
        if head.unit_id is not None:
            named = Assignment(
                head.ticket_id, head.unit_id, Part.LEAD, "office", CORE, core_version(), "named by the office"
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
    known("person", (step.person_id for _, step in intents if step.person_id), people)
    for _, step in intents:
        if step.on > desk.today:
            raise BadValueError(what="on", id=step.ticket_id, value=str(step.on), allowed=by(desk.today))


def draw_sample(desk: Desk, on: date | None, seed: str) -> Done:
    """Draw the call-back sample among the closings that nobody was asked about yet.

    Plan: 五(三)
    """
    desk.resent("draw", None, "")
    drawn = draw(desk.plan.callbacks, desk.state.closings_not_asked(), on=desk.day(on), seed=seed)
    sheaf = desk.sheaf()
    sheaf.drawn(drawn)
    return desk.commit("draw", sheaf, n_new=len(drawn))


def call_back(desk: Desk, calls: Sequence[CallBack], submission_id: str | None) -> Done:
    """Record what people said; a closing that was not true is revoked in the same commit, where the plan says so.

    Plan: 五(三), 四(三)
    """
    handed_in = desk.content([call_cells(call) for call in calls])
    if (resent := desk.resent("call_back", submission_id, handed_in)) is not None:
        return resent
    ids = [call.ticket_id for call in calls]
    once("call-back", ids)
    state = desk.state
    heads, drawn = state.heads(ids), state.drawn(ids)
    known("drawn ticket", ids, drawn)
    known("person", (c.caller_id for c in calls if c.caller_id), state.ids("people", "person_id"))
    sheaf = desk.sheaf()
    for call in calls:
        closing, attempts = drawn[call.ticket_id]
        _check_call(call, heads[call.ticket_id], closing, desk.today)
        sheaf.call_back(call, closing, attempts + 1, heads[call.ticket_id].unit_id)
    _revoke(desk, sheaf, heads, calls)
    return desk.commit("call_back", sheaf, submission_id=submission_id, content=handed_in, n_new=len(calls))


def _check_call(call: CallBack, head: Head, closing: int, today: date) -> None:
    if head.status is not Status.CLOSED or head.version != closing:
        raise IllegalStepError(
            event="call_back", ticket_id=head.ticket_id, status=head.status, allowed=tuple(allowed_in(head.status))
        )
    if not head.on <= call.on <= today:
        raise BadValueError(
            what="on",
            id=head.ticket_id,
            value=str(call.on),
            allowed=Text(f"{head.on} 至 {today}", f"{head.on} to {today}"),
        )
    if call.outcome is not CallOutcome.REACHED and (call.solved is not None or call.satisfied is not None):
        allowed = Text("没有接通的不填", "nothing where nobody was reached")
        raise BadValueError(what="solved", id=head.ticket_id, value=Text("已填写", "given"), allowed=allowed)


def _revoke(desk: Desk, sheaf: Sheaf, heads: dict[str, Head], calls: Iterable[CallBack]) -> None:
    closing = desk.plan.closing
    if closing.revoke_when_not_solved:
        steps = [
            (
                Event.REVOKE,
                Step(ticket_id=call.ticket_id, on=call.on, reason=closing.revoke_reason, person_id=call.caller_id),
            )
            for call in calls
            if call.solved is False
        ]
        for event, step, head in decide_all(desk.plan, heads, steps):
            sheaf.event(event, head, step)
