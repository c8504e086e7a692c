"""The gates where the commit is made: every dated row of a change passes them, bulk and plugins included."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from zoufang.errors import AssumedCalendarWarning, GateClosedError
from zoufang.facts import BY_NAME
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


def pass_gates(plan: CampaignPlan, verb: str, facts: Mapping[str, Sequence[WireRow]], today: date) -> list[WireRow]:
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
    marks: list[WireRow] = []
    gated = {gate.verb for gate in plan.gates}
    for done, subject_id, number, day in _dated(facts):
        if done not in gated:
            continue
        then, now = gate_on(plan, done, date.fromisoformat(day)), gate_on(plan, done, today)
        if then.state is GateState.CLOSED and verb not in NEVER_CLOSED:
            raise GateClosedError(verb=done, id=subject_id, on=date.fromisoformat(day), phase=then.phase)
        if then.state is not GateState.OPEN:
            marks.append((done, subject_id, number, day, then.phase, "phase"))
        elif now.state is not GateState.OPEN:
            marks.append((done, subject_id, number, day, now.phase, "late"))
    return marks


def _dated(facts: Mapping[str, Sequence[WireRow]]) -> Iterator[tuple[str, str, int, str]]:
    for table, (subject, on, verb, number) in ROWS.items():
        names = BY_NAME[table].names
        at_subject, at_on = names.index(subject), names.index(on)
        at_verb = None if verb else names.index("event")
        at_number = None if number is None else names.index(number)
        for row in facts.get(table, ()):
            said = verb if at_verb is None else str(row[at_verb])
            yield said, str(row[at_subject]), 0 if at_number is None else int(row[at_number] or 0), str(row[at_on])


def warn_of_assumed(plan: CampaignPlan, facts: Mapping[str, Sequence[WireRow]]) -> None:
    """Warn, once a change, that a time limit was counted through a year whose calendar is only assumed.

    Plan: 四(二)
    """
    spans = {span for table in ("ticket_events", "problems") for span in _spans(table, facts.get(table, ()))}
    years = {year for first, last in spans for year in plan.working_days.assumed_in(first, last)}
    if years:
        warnings.warn(AssumedCalendarWarning(tuple(sorted(years))), stacklevel=4)


def _spans(table: str, rows: Sequence[WireRow]) -> Iterator[tuple[date, date]]:
    """Yield the day of each row with a time limit, and the day of the limit."""
    names = BY_NAME[table].names
    at_on, at_due = names.index("on"), names.index("due_on")
    days = {(str(row[at_on]), str(row[at_due])) for row in rows if row[at_due]}
    yield from ((date.fromisoformat(on), date.fromisoformat(due)) for on, due in days)
