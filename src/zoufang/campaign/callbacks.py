"""The verbs of call-backs: draw a sample, and record what people said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from operator import attrgetter

import sqlalchemy as sa

from zoufang.campaign.checks import known, once
from zoufang.campaign.desk import Desk
from zoufang.campaign.outcomes import Done
from zoufang.campaign.rows import Sheaf
from zoufang.campaign.state import MANY, State
from zoufang.errors import BadValueError, IllegalStepError
from zoufang.ledger import Ledger
from zoufang.model import CallBack, CallOutcome, CampaignPlan, Event, Head, Status, Step
from zoufang.rules import allowed_in, decide_all, given_up, order_of_lots, replacements
from zoufang.typing import Text, TicketId

call_cells = attrgetter("ticket_id", "on", "outcome", "solved", "satisfied", "caller_id", "note")


def draw_sample(desk: Desk, on: date | None, seed: str) -> Done:
    """Draw the call-back sample among the closings that no draw has considered yet; the others are its reserve.

    Plan: 五(三)
    """
    desk.resent("draw", None, "")
    state = desk.state
    number = state.last_lot()[0] + 1
    places = order_of_lots(desk.plan.callbacks, state.closings_not_asked(), on=desk.day(on), seed=seed, lot=number)
    drawn = [one for one in places if one.rank <= one.n]
    sheaf = desk.sheaf()
    sheaf.drawn(drawn)
    sheaf.reserves(one for one in places if one.rank > one.n)
    return desk.commit("draw", sheaf, n_new=len(drawn))


def draws_today(plan: CampaignPlan, ledger: Ledger, today: date) -> bool:
    """Say whether the plan draws on each day and this day's draw was not made yet.

    Plan: 五(三)
    """
    return plan.callbacks.every == "day" and State(ledger).last_lot()[1] != today


def call_back(desk: Desk, calls: Sequence[CallBack], submission_id: str | None) -> Done:
    """Record what people said; what follows is in the same commit.

    A closing that was not true is revoked where the plan says so; who is given up is replaced by the next of the same
    stratum.

    Plan: 五(三), 四(三)
    """
    handed_in = desk.content([call_cells(call) for call in calls])
    if (resent := desk.resent("call_back", submission_id, handed_in)) is not None:
        return resent
    ids = [call.ticket_id for call in calls]
    once("call-back", ids)
    state = desk.state
    heads, drawn = state.families(ids), state.drawn(ids)
    known("drawn ticket", ids, drawn)
    known("person", (c.caller_id for c in calls if c.caller_id), state.ids("people", "person_id"))
    sheaf = desk.sheaf()
    lost: dict[TicketId, date] = {}
    ended = _ended(desk, drawn)
    for call in calls:
        closing, attempts = drawn[call.ticket_id]
        _check_call(call, heads[call.ticket_id], closing, desk.today)
        sheaf.call_back(call, closing, attempts + 1, heads[call.ticket_id].unit_id)
        if call.ticket_id not in ended and given_up(desk.plan.callbacks, call.outcome, attempts + 1):
            lost[call.ticket_id] = call.on
    _replace(desk, sheaf, lost)
    _revoke(desk, sheaf, heads, calls)
    return desk.commit("call_back", sheaf, submission_id=submission_id, content=handed_in, n_new=len(calls))


def _ended(desk: Desk, drawn: Mapping[TicketId, tuple[int, int]]) -> frozenset[TicketId]:
    """Return who answered or was given up in an earlier call: a later call is recorded and replaces nobody again."""
    rule, c = desk.plan.callbacks, desk.ledger.tables.callbacks.c
    called = sorted(ticket_id for ticket_id, (_, attempts) in drawn.items() if attempts)
    query = sa.select(c.ticket_id, c.closing, c.outcome, c.attempt)
    return frozenset(
        ticket_id
        for at in range(0, len(called), MANY)
        for ticket_id, closing, outcome, attempt in desk.ledger.select(
            query.where(c.ticket_id.in_(called[at : at + MANY]))
        )
        if closing == drawn[ticket_id][0]
        and (outcome == CallOutcome.REACHED or given_up(rule, CallOutcome(outcome), attempt))
    )


def _replace(desk: Desk, sheaf: Sheaf, lost: dict[TicketId, date]) -> None:
    if lost and desk.plan.callbacks.replace:
        gone = desk.state.draws_of(lost).values()
        left = desk.state.reserve(one.lot for one in gone)
        sheaf.drawn(replacements(gone, left, on=lost))


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
