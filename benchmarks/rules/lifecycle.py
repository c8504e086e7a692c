"""Steps of the lifecycle in batch, against a plain dictionary that knows nothing but the table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from benchmarks.harness import Pair, Side, compared
from benchmarks.street import PLAN
from zoufang.model import Event, Head, Remedy, Status, Step
from zoufang.rules import TABLE, decide_all, raised
from zoufang.typing import PersonId, TicketId, UnitId

ON = date(2023, 3, 6)
WAY: tuple[tuple[Event, dict[str, Any]], ...] = (
    (Event.ROUTE, {"unit_id": UnitId("zhifa")}),
    (Event.ACCEPT, {}),
    (Event.HANDLE, {"remedy": Remedy.RESOLVED}),
    (Event.FEED_BACK, {}),
    (Event.APPLY, {"person_id": PersonId("P-1")}),
    (Event.CLOSE, {"person_id": PersonId("P-2")}),
)
AFTER: dict[tuple[Status, Event], Status] = {
    (before, line.event): line.after for line in TABLE for before in line.before
}

Intents = Sequence[tuple[Event, Step]]


def _plain(heads: dict[str, Head], intents: Intents) -> dict[str, tuple[Status, int]]:
    """Take the steps by the bare table: the status and the version, and nothing is checked but the transition."""
    now = {ticket_id: (head.status, head.version) for ticket_id, head in heads.items()}
    for event, step in intents:
        status, version = now[step.ticket_id]
        now[step.ticket_id] = (AFTER[status, event], version + 1)
    return now


def _agree(decided: list[tuple[Event, Step, Head]], plain: dict[str, tuple[Status, int]]) -> bool:
    return {head.ticket_id: (head.status, head.version) for _, _, head in decided} == plain


@contextmanager
def _pair(n: int) -> Iterator[Pair]:
    tickets = [TicketId(f"ZF-{i:07d}-1") for i in range(n // len(WAY))]
    heads: dict[str, Head] = {ticket: raised(ticket, ON) for ticket in tickets}
    intents = [
        (event, Step(ticket, ON + timedelta(days=day), **parts))
        for day, (event, parts) in enumerate(WAY)
        for ticket in tickets
    ]
    yield Pair(
        ours=Side(lambda _: decide_all(PLAN, heads, intents)),
        baseline=Side(lambda _: _plain(heads, intents)),
        agree=_agree,
    )


LIFECYCLE = compared(
    "rules/lifecycle-steps-in-batch",
    "a plain dictionary table of (status, event)",
    "<= 2",
    n=120_000,
    quick=12_000,
    make=_pair,
)
"""Checks that the bare table does not make: parts, reasons, days, versions, keys; deadlines are reckoned too."""
