"""The verbs of casework: route, and the steps of the lifecycle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from attrs import evolve

from zoufang.campaign.checks import MINUTES_A_DAY, WireColumns, by, known, outside, refuse_first
from zoufang.campaign.deciding import decide_columns, decide_values, intents_of, is_large
from zoufang.campaign.desk import Desk
from zoufang.campaign.given import EVENT, step_columns
from zoufang.campaign.outcomes import Done
from zoufang.campaign.parting import raise_parts
from zoufang.campaign.rows import Sheaf
from zoufang.campaign.staleness import pass_stale, seen_now
from zoufang.campaign.standing import Standing
from zoufang.errors import RefusedFactError
from zoufang.model import Assignment, Event, Part, Status, Step, Ticket
from zoufang.rules import Resolved, permit, resolve, with_fallback, without_refused
from zoufang.sdk import CampaignView, core_version
from zoufang.typing import Text, TicketId, UnitId

CORE = "zoufang"
"""In whose name the host's own decisions are recorded."""

STEP_CELLS = (
    EVENT,
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
    steps = _dispatched(desk, day, leads)
    sheaf = desk.sheaf()
    if is_large(steps):
        decide_columns(desk.plan, sheaf, Standing(desk.ledger).frame(leads), steps)
    else:
        decide_values(desk.plan, sheaf, state.heads(leads), intents_of(steps))
    sheaf.assignments("ticket", state.rounds("ticket", leads), resolved.assignments)
    return desk.commit("route", sheaf, n_new=len(leads), unrouted=resolved.unrouted)


def _dispatched(desk: Desk, day: date, leads: Mapping[str, UnitId]) -> WireColumns:
    """Return the steps that send tickets to units: now, if it is done today; never before a ticket's last event."""
    today, minute = desk.today, desk.minute
    standing = Standing(desk.ledger)
    lasts, minutes = standing.last(leads), standing.latest_minutes(leads)
    steps: list[Step] = []
    for ticket_id, unit_id in leads.items():
        last = lasts.get(ticket_id)
        on = day if last is None else max(day, last.on)
        at = minute if on == today else None
        if at is not None and last is not None and last.on == on:
            at = max(at, minutes.get(ticket_id) or 0)
        steps.append(Step(TicketId(ticket_id), on, unit_id, minute=at))
    return step_columns(steps, desk.zone, Event.ROUTE)


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
    return take_steps(desk, _dispatched(desk, desk.day(on), {ticket_id: unit_id}), None)


def take_steps(desk: Desk, steps: WireColumns, submission_id: str | None, *, locked: bool = False) -> Done:
    """Take steps of tickets in their order: all of them or none.

    Where a ticket has parts or is one, what is decided rests on other tickets too, so nobody else may write meanwhile.

    Args:
        desk: What every verb works with.
        steps: The steps as columns, with their events.
        submission_id: The sender's own number.
        locked: True where nobody else may write.

    Plan: 四(二), 四(三)
    """
    verb = _verb(steps)
    handed_in = "" if submission_id is None else desk.content([steps[name] for name in STEP_CELLS])
    if (resent := desk.resent(verb, submission_id, handed_in)) is not None:
        return resent
    for event in dict.fromkeys(steps[EVENT]):
        permit(desk.actor, event)
    _check(desk, steps)
    sheaf = desk.sheaf()
    soft = _take_columns(desk, sheaf, steps, locked=locked) if is_large(steps) else None
    if soft is None:
        soft = _take_values(desk, sheaf, steps, locked=locked)
    again = partial(take_steps, desk, steps, submission_id, locked=True)
    if soft is None:
        with desk.ledger.together():
            return again()
    n = len(steps[EVENT])
    try:
        done = desk.commit(verb, sheaf, submission_id=submission_id, content=handed_in or None, n_new=n)
    except RefusedFactError:  # somebody was faster; whoever said what they saw is told what happened since
        if locked or all(version is None for version in steps["version"]):
            raise
        with desk.ledger.together():
            return again()
    return evolve(done, soft=soft)


Soft = tuple[str, ...]
"""The tickets that moved on since they were seen, without touching what was decided."""


def _take_columns(desk: Desk, sheaf: Sheaf, steps: WireColumns, *, locked: bool) -> Soft | None:
    """Decide a large batch and add what happened; None where it must be locked first, or decided one by one."""
    heads = Standing(desk.ledger).frame(steps["ticket_id"])
    if (not locked and heads["parent_id"].notna().any()) or not seen_now(heads, steps):
        return None
    unversioned = {**steps, "version": [None] * len(steps[EVENT])}
    named_by_office(desk, sheaf, decide_columns(desk.plan, sheaf, heads, unversioned))
    return ()


def _take_values(desk: Desk, sheaf: Sheaf, steps: WireColumns, *, locked: bool) -> Soft | None:
    """Decide a batch one by one and add what happened; None where it must be locked first."""
    merged = {into for event, into in zip(steps[EVENT], steps["into"], strict=True) if event == Event.MERGE and into}
    heads = desk.state.families({*steps["ticket_id"], *merged})
    known("ticket", merged, heads)
    if not locked and any(head.parent_id for head in heads.values()):
        return None
    intents, soft = pass_stale(desk.ledger, heads, intents_of(steps))
    decided = decide_values(desk.plan, sheaf, heads, intents)
    raise_parts(desk, sheaf, decided)
    named_by_office(desk, sheaf, [(h.ticket_id, h.unit_id) for event, _, h in decided if event is Event.ROUTE])
    return soft


def named_by_office(
    desk: Desk, sheaf: Sheaf, routed: Sequence[tuple[str, UnitId | None]], rule: str = "office"
) -> None:
    """Add who answers for tickets that the office sent to a unit by name; each sending is a round of its own."""
    rounds = desk.state.rounds("ticket", {ticket_id for ticket_id, _ in routed})
    for ticket_id, unit_id in routed:
        if unit_id is not None:
            named = Assignment(ticket_id, unit_id, Part.LEAD, rule, CORE, core_version(), "named by the office")
            sheaf.assignments("ticket", rounds, [named])
            rounds[ticket_id] += 1


def _verb(steps: WireColumns) -> str:
    events = set(steps[EVENT])
    return str(next(iter(events))) if len(events) == 1 else "reply"


def _check(desk: Desk, steps: WireColumns) -> None:
    units = desk.state.ids("units", "unit_id")
    people = desk.state.ids("people", "person_id")
    known("unit", [unit for unit in steps["unit_id"] if unit], units)
    known("unit", [unit for parts in steps["parts"] if parts for unit in parts.split()], units)
    known("person", [person for person in steps["person_id"] if person], people)
    last, minutes = desk.today.isoformat(), Text("0 至 1439", "0 to 1439")
    refuse_first(
        steps,
        "ticket_id",
        (
            outside("on", lambda on: on <= last, by(desk.today)),
            outside("minute", lambda minute: 0 <= minute < MINUTES_A_DAY, minutes),
        ),
    )
