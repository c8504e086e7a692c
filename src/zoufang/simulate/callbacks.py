"""People who are called back, and say whether it was really solved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from random import Random
from typing import NamedTuple

from attrs import frozen

from zoufang.model import CallOutcome, CampaignPlan, Remedy
from zoufang.simulate.lists import ListedRow, Span
from zoufang.simulate.street import Street
from zoufang.simulate.truth import Plants
from zoufang.typing import PersonId, TicketId

HOLLOW_NOT_SOLVED = 0.74
"""How often people say "not solved" of what the hollow unit closed as solved."""

_NOT_SOLVED = {Remedy.RESOLVED: 0.05, Remedy.PARTLY: 0.12, Remedy.EXPLAINED: 0.08}
_DID_NOT_SAY = {Remedy.RESOLVED: 0.02, Remedy.PARTLY: 0.25, Remedy.EXPLAINED: 0.6}
_SATISFIED = {True: 0.94, False: 0.12, None: 0.66}
_OUTCOMES = (CallOutcome.REACHED, CallOutcome.UNREACHABLE, CallOutcome.REFUSED)


class CallBackRow(NamedTuple):
    """One call back, in the order of the columns."""

    ticket_id: TicketId
    on: date
    outcome: CallOutcome
    solved: bool | None
    satisfied: bool | None
    caller_id: PersonId
    note: str


@frozen
class CalledBack:
    """The people behind closed tickets.

    Args:
        plan: Working days and offices.
        street: Who calls.
        plants: Whose closings are not true.
        seed: The world's seed.
    """

    plan: CampaignPlan
    street: Street
    plants: Plants
    seed: int

    def answer(self, rows: Sequence[ListedRow], span: Span) -> Iterator[CallBackRow]:
        """Yield what people say when they are called in the days since the last dispatch."""
        callers = [p for office in self.plan.dispatch.offices for p in self.street.staff[office][1:]]
        for row in rows:
            rng = Random(f"{self.seed}/callback/{row.ticket_id}/{span.on}")
            on = self._day(max(span.after, row.closed_on), span, rng)
            if on is None:
                continue
            outcome = rng.choices(_OUTCOMES, weights=(76, 20, 4))[0]
            solved, satisfied = self._said(row, rng) if outcome is CallOutcome.REACHED else (None, None)
            note = _note(outcome, solved=solved)
            yield CallBackRow(row.ticket_id, on, outcome, solved, satisfied, rng.choice(callers).id, note)

    def _day(self, after: date, span: Span, rng: Random) -> date | None:
        """Return one of the next working days, the last of the span at the latest."""
        calendar = self.plan.working_days
        for wait in (rng.randint(1, 4), 1):
            on = calendar.add_working_days(after, wait)
            if on <= span.on:
                return on
        return None

    def _said(self, row: ListedRow, rng: Random) -> tuple[bool | None, bool | None]:
        remedy = row.remedy or Remedy.RESOLVED
        hollow = row.unit_id == self.plants.hollow_unit and remedy is Remedy.RESOLVED
        solved: bool | None = rng.random() >= (HOLLOW_NOT_SOLVED if hollow else _NOT_SOLVED[remedy])
        if solved and rng.random() < _DID_NOT_SAY[remedy]:
            solved = None
        satisfied = rng.random() < _SATISFIED[solved]
        return solved, None if rng.random() < 0.03 else satisfied


def _note(outcome: CallOutcome, *, solved: bool | None) -> str:
    if outcome is CallOutcome.UNREACHABLE:
        return "无人接听，改日再拨。"
    if outcome is CallOutcome.REFUSED:
        return "不愿接受回访。"
    return {True: "本人表示已经解决。", False: "本人表示问题仍在，没有人来看过。", None: "本人表示理解。"}[solved]
