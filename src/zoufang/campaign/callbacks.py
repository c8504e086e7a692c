"""The verbs of call-backs: draw a sample, and record what people said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa

from zoufang.campaign.checks import WireColumns, known, once
from zoufang.campaign.desk import Desk
from zoufang.campaign.outcomes import Done
from zoufang.campaign.rows import Sheaf
from zoufang.campaign.standing import Last, Standing
from zoufang.campaign.state import MANY, State
from zoufang.errors import BadValueError, IllegalStepError
from zoufang.ledger import Ledger
from zoufang.model import CallOutcome, CampaignPlan, Event, Status, Step
from zoufang.rules import allowed_in, decide_all, given_up, order_of_lots, replacements
from zoufang.typing import Text, TicketId, Wire

CALL_CELLS = ("ticket_id", "on", "outcome", "solved", "satisfied", "caller_id", "note")


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


def call_back(desk: Desk, calls: WireColumns, submission_id: str | None) -> Done:
    """Record what people said; what follows is in the same commit.

    A closing that was not true is revoked where the plan says so; who is given up is replaced by the next of the same
    stratum.

    Plan: 五(三), 四(三)
    """
    handed_in = "" if submission_id is None else desk.content([calls[name] for name in CALL_CELLS])
    if (resent := desk.resent("call_back", submission_id, handed_in)) is not None:
        return resent
    ids = calls["ticket_id"]
    once("call-back", ids)
    state = desk.state
    drawn = state.drawn(ids)
    known("drawn ticket", ids, drawn)
    known("person", [caller for caller in calls["caller_id"] if caller], state.ids("people", "person_id"))
    now = Standing(desk.ledger).last(ids)
    _check_calls(calls, drawn, now, desk.today)
    sheaf = desk.sheaf()
    asked = [drawn[ticket_id] for ticket_id in ids]
    attempts = [before + 1 for _, before in asked]
    more: dict[str, Sequence[Wire]] = {
        "closing": [closing for closing, _ in asked],
        "attempt": attempts,
        "unit_id": [now[i].unit_id for i in ids],
    }
    if ids:
        sheaf.call_backs(calls, more)
    _replace(desk, sheaf, _lost(desk, calls, attempts, _ended(desk, drawn)))
    _revoke(desk, sheaf, calls)
    return desk.commit("call_back", sheaf, submission_id=submission_id, content=handed_in or None, n_new=len(ids))


def _lost(desk: Desk, calls: WireColumns, attempts: Sequence[int], ended: frozenset[str]) -> dict[TicketId, date]:
    """Return who is given up by these calls, each with its day."""
    rule = desk.plan.callbacks
    return {
        ticket_id: date.fromisoformat(on)
        for ticket_id, on, outcome, attempt in zip(
            calls["ticket_id"], calls["on"], calls["outcome"], attempts, strict=True
        )
        if ticket_id not in ended and given_up(rule, CallOutcome(outcome), attempt)
    }


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


def _check_calls(
    calls: WireColumns, drawn: Mapping[TicketId, tuple[int, int]], now: Mapping[str, Last], today: date
) -> None:
    """Refuse the first call about a closing that does not stand, on a day that cannot be, or with nobody's answer."""
    given = (calls[name] for name in ("ticket_id", "on", "outcome", "solved", "satisfied"))
    last = today.isoformat()
    for ticket_id, on, outcome, *answers in zip(*given, strict=True):
        closed = now[ticket_id]
        if closed.status != Status.CLOSED or closed.version != drawn[ticket_id][0]:
            status = Status(closed.status)
            allowed = tuple(allowed_in(status))
            raise IllegalStepError(event="call_back", ticket_id=ticket_id, status=status, allowed=allowed)
        if not closed.on.isoformat() <= on <= last:
            days = Text(f"{closed.on} 至 {today}", f"{closed.on} to {today}")
            raise BadValueError(what="on", id=ticket_id, value=on, allowed=days)
        if outcome != CallOutcome.REACHED and answers != [None, None]:
            nothing = Text("没有接通的不填", "nothing where nobody was reached")
            raise BadValueError(what="solved", id=ticket_id, value=Text("已填写", "given"), allowed=nothing)


def _revoke(desk: Desk, sheaf: Sheaf, calls: WireColumns) -> None:
    """Revoke the closings that were not true."""
    closing = desk.plan.closing
    if not closing.revoke_when_not_solved:
        return
    told = zip(calls["ticket_id"], calls["on"], calls["solved"], calls["caller_id"], strict=True)
    steps = [
        Step(ticket_id, date.fromisoformat(on), reason=closing.revoke_reason, person_id=caller_id)
        for ticket_id, on, solved, caller_id in told
        if solved == 0
    ]
    heads = desk.state.families(step.ticket_id for step in steps)
    for event, step, head in decide_all(desk.plan, heads, [(Event.REVOKE, step) for step in steps]):
        sheaf.event(event, head, step)
