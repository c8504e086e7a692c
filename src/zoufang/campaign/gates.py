"""The gates where the commit is made: every dated row of a change passes them, bulk and plugins included."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache

from zoufang.campaign.columns import distinct
from zoufang.errors import AssumedCalendarWarning, GateClosedError
from zoufang.facts import Facts, cells_of
from zoufang.model import CampaignPlan, GateState
from zoufang.rules import NEVER_CLOSED, gate_on
from zoufang.typing import WireRow

ROWS: Mapping[str, tuple[str, str, str, str | None]] = {
    "visits": ("visit_id", "on", "record", None),
    "ticket_events": ("ticket_id", "on", "", "version"),
    "draws": ("ticket_id", "on", "draw", "closing"),
    "callbacks": ("ticket_id", "on", "call_back", "attempt"),
}
"""Table → the columns of its subject and day, its verb (a ticket's event is its own), and the column of its number."""


Through = Callable[[str, str], tuple[str, str | None] | None]
"""From a verb and a day to the phase and why it is marked."""


def pass_gates(plan: CampaignPlan, verb: str, facts: Facts, today: date) -> list[WireRow]:
    """Refuse what the plan closes on its day; return a mark for what it warns of, or what comes in late.

    What tells of something that has happened is never lost, and so is nothing that follows of itself in the same
    change: an answer on the spot, or the revocation after a call-back. Closed on its day, it is recorded and marked.

    Args:
        plan: Its gates apply.
        verb: The verb of the change.
        facts: The rows of a change.
        today: The day on which they are recorded.

    Returns:
        Rows of the table ``marks``.

    Raises:
        GateClosedError: The first row that the plan closes on its day.

    Plan: 四(一), 四(二), 四(三), 四(四)
    """
    if not plan.gates:
        return []
    gated = {gate.verb for gate in plan.gates}
    through = cache(lambda done, day: _through(plan, verb, done, day, today) if done in gated else None)
    return [mark for table in ROWS for mark in _marks(through, table, facts)]


def _marks(through: Through, table: str, facts: Facts) -> Iterator[WireRow]:
    """Yield a mark for each row of a table that comes through a gate that is not open; each day is looked up once."""
    subject, on, own, number = ROWS[table]
    subjects, days = cells_of(facts, table, subject, on)
    verbs = (own,) * len(days) if own else cells_of(facts, table, "event")[0]
    marked = {
        (done, day): mark
        for done, day in ({(own, day) for day in distinct(days)} if own else set(zip(verbs, days, strict=True)))
        if (mark := through(done, day)) is not None
    }
    if not marked:
        return
    numbers = (0,) * len(days) if number is None else cells_of(facts, table, number)[0]
    for done, subject_id, nth, day in zip(verbs, subjects, numbers, days, strict=True):
        if (done, day) in marked:
            phase, why = marked[done, day]
            if why is None:
                raise GateClosedError(verb=done, id=subject_id, on=date.fromisoformat(day), phase=phase)
            yield done, subject_id, nth or 0, day, phase, why


def _through(plan: CampaignPlan, verb: str, done: str, day: str, today: date) -> tuple[str, str | None] | None:
    """Return the phase and why something is marked, None for why where it is refused; None where all is open."""
    then, now = gate_on(plan, done, date.fromisoformat(day)), gate_on(plan, done, today)
    if then.state is GateState.CLOSED and verb not in NEVER_CLOSED:
        return then.phase, None
    if then.state is not GateState.OPEN:
        return then.phase, "phase"
    return (now.phase, "late") if now.state is not GateState.OPEN else None


def warn_of_assumed(plan: CampaignPlan, facts: Facts) -> None:
    """Warn, once a change, that a time limit was counted through a year whose calendar is only assumed.

    Plan: 四(二)
    """
    spans = {span for table in ("ticket_events", "problems") for span in _spans(table, facts)}
    years = {year for first, last in spans for year in plan.working_days.assumed_in(first, last)}
    if years:
        warnings.warn(AssumedCalendarWarning(tuple(sorted(years))), stacklevel=4)


def _spans(table: str, facts: Facts) -> Iterator[tuple[date, date]]:
    """Yield the day of each row with a time limit, and the day of the limit."""
    days = {(on, due) for on, due in zip(*cells_of(facts, table, "on", "due_on"), strict=True) if due}
    yield from ((date.fromisoformat(on), date.fromisoformat(due)) for on, due in days)
