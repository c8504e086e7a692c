"""Steps of the lifecycle: in columns and one by one, beside a bare dictionary and two libraries for state machines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date, timedelta
from functools import partial
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen
from statemachine import State, StateMachine
from transitions import Machine

from benchmarks.harness import Pair, Side, compared
from benchmarks.street import PLAN
from zoufang.model import Event, Head, Remedy, Step
from zoufang.rules import TABLE, decide, due_after, raised
from zoufang.rules.step_columns import InColumns, decide_in_columns, frame_of_heads
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
RAISED = "raised"
LINES = tuple(
    (str(line.event), str(before), str(line.after or before))
    for line in TABLE
    for before in line.before
    if line.event is not Event.TELL  # the one line that leads back to where it began: neither library takes it
)
AFTER = {(before, event): after for event, before, after in LINES}

Told = dict[str, tuple[str, int]]
"""By ticket where it stands, and its version."""


@frozen(slots=False)
class Batch:
    """Six steps for each ticket, one day after the other: from the dispatch to the closing.

    Args:
        n: How many tickets.
    """

    n: int

    @property
    def tickets(self) -> list[TicketId]:
        """Their numbers."""
        return [TicketId(f"ZF-{i:07d}-1") for i in range(self.n)]

    @property
    def heads(self) -> dict[str, Head]:
        """Where they stand before."""
        return {ticket: raised(ticket, ON) for ticket in self.tickets}

    def intents(self) -> list[tuple[Event, Step]]:
        """Return the steps as values."""
        return [
            (event, Step(ticket, ON + timedelta(days=day), **parts))
            for day, (event, parts) in enumerate(WAY)
            for ticket in self.tickets
        ]

    def frame(self) -> pd.DataFrame:
        """Return the steps as a frame: words as categories, days as days."""
        tickets = self.tickets
        steps = pd.concat(
            [
                pd.DataFrame({"ticket_id": tickets, "event": event, "on": np.datetime64(ON) + day, **parts})
                for day, (event, parts) in enumerate(WAY)
            ],
            ignore_index=True,
        )
        return steps.astype(dict.fromkeys(("event", "unit_id", "remedy", "person_id"), "category"))


def _plain(tickets: Sequence[str], steps: Sequence[tuple[str, str]]) -> Told:
    """Take the steps by the bare table: nothing is checked but the transition."""
    now: Told = dict.fromkeys(tickets, (RAISED, 1))
    for ticket, event in steps:
        status, version = now[ticket]
        now[ticket] = (AFTER[status, event], version + 1)
    return now


def _one_by_one(heads: dict[str, Head], intents: Sequence[tuple[Event, Step]]) -> dict[str, Head]:
    for event, step in intents:
        heads[step.ticket_id] = decide(PLAN, heads[step.ticket_id], event, step)
    return heads


def _told(heads: dict[str, Head]) -> Told:
    return {head.ticket_id: (str(head.status), head.version) for head in heads.values()}


def _last(found: InColumns) -> Told:
    rows = found.rows.drop_duplicates("ticket_id", keep="last")
    return dict(zip(rows["ticket_id"], zip(rows["status"], rows["version"], strict=True), strict=True))


def _words(intents: Sequence[tuple[Event, Step]]) -> list[tuple[str, str]]:
    return [(str(step.ticket_id), str(event)) for event, step in intents]


@contextmanager
def _columns(n: int) -> Iterator[Pair]:
    batch = Batch(n // len(WAY))
    tickets, steps = batch.tickets, _words(batch.intents())
    frame, heads = batch.frame(), frame_of_heads(batch.heads.values()).astype({"on": "datetime64[s]"})
    yield Pair(
        ours=Side(lambda _: decide_in_columns(PLAN, heads, frame)),
        baseline=Side(lambda _: _plain(tickets, steps)),
        agree=lambda ours, plain: _last(ours) == plain,
    )


@contextmanager
def _values(n: int) -> Iterator[Pair]:
    batch = Batch(n // len(WAY))
    intents = batch.intents()
    tickets, steps = batch.tickets, _words(intents)
    yield Pair(
        ours=Side(lambda heads: _one_by_one(heads, intents), ready=_fresh(lambda: batch.heads)),
        baseline=Side(lambda _: _plain(tickets, steps)),
        agree=lambda ours, plain: _told(ours) == plain,
    )


def _fresh(make: Callable[[], Any]) -> Callable[[], AbstractContextManager[Any]]:
    @contextmanager
    def ready() -> Iterator[Any]:
        yield make()

    return ready


# --- beside libraries ---------------------------------------------------------------------------------------------


class Model:
    """A ticket as a state machine's model, with the checks and effects of :func:`zoufang.rules.decide` on this way."""

    state: str

    def __init__(self) -> None:
        self.version = 1
        self.on = ON
        self.unit_id: str | None = None
        self.due_on: date | None = None
        self.remedy: str | None = None
        self.applied_by: str | None = None

    def in_order(self, step: Step) -> bool:
        """Say whether the step is on the version that was seen, has a known reason and goes not back in time."""
        return (
            (step.version is None or step.version == self.version)
            and (not step.reason or step.reason in PLAN.reasons)
            and step.on >= self.on
        )

    def has_unit(self, step: Step) -> bool:
        """Say whether the step names a unit."""
        return bool(step.unit_id)

    def is_explained(self, step: Step) -> bool:
        """Say whether the step has a remedy, and a reason where it is not whole."""
        return step.remedy is Remedy.RESOLVED or bool(step.remedy and step.reason)

    def has_person(self, step: Step) -> bool:
        """Say whether the step names a person."""
        return bool(step.person_id)

    def is_second(self, step: Step) -> bool:
        """Say whether the second key is in another hand."""
        return step.person_id != self.applied_by

    def take(self, step: Step) -> None:
        """Note the step."""
        self.version += 1
        self.on = step.on

    def send(self, step: Step) -> None:
        """Note the unit, and reckon its time limit."""
        self.unit_id, self.due_on = step.unit_id, due_after(PLAN, step.on)

    def mend(self, step: Step) -> None:
        """Note the remedy."""
        self.remedy = step.remedy

    def ask(self, step: Step) -> None:
        """Note the first key."""
        self.applied_by = step.person_id


GUARDS = {
    "route": ["has_unit"],
    "handle": ["is_explained"],
    "apply": ["has_person"],
    "close": ["has_person", "is_second"],
}
DEEDS = {"route": ["send"], "handle": ["mend"], "apply": ["ask"]}


def _machine() -> Machine:
    """Return the same table for ``transitions``."""
    return Machine(
        model=None,
        states=sorted({state for _, before, after in LINES for state in (before, after)}),
        transitions=[
            {
                "trigger": event,
                "source": before,
                "dest": after,
                "conditions": ["in_order", *GUARDS.get(event, ())],
                "after": ["take", *DEEDS.get(event, ())],
            }
            for event, before, after in LINES
        ],
        initial=RAISED,
        auto_transitions=False,
    )


def _chart() -> type[StateMachine]:
    """Return the same table for ``python-statemachine``."""
    begins = {before for _, before, _ in LINES}
    names = sorted(begins | {after for *_, after in LINES})
    states = {name: State(name, initial=name == RAISED, final=name not in begins) for name in names}
    body: dict[str, Any] = {f"at_{name}": state for name, state in states.items()}
    for event, lines in groupby(sorted(LINES), key=lambda line: line[0]):
        ways = [
            states[before].to(
                states[after],
                cond=["in_order", *GUARDS.get(event, ())],
                after=["take", *DEEDS.get(event, ())],
            )
            for _, before, after in lines
        ]
        body[event] = ways[0]
        for way in ways[1:]:
            body[event] |= way
    return type("Chart", (StateMachine,), body)


@contextmanager
def _beside_transitions(n: int) -> Iterator[Pair]:
    machine = _machine()

    def make(batch: Batch) -> dict[str, Model]:
        models = {ticket: Model() for ticket in batch.tickets}
        machine.add_model(list(models.values()))
        return models

    def run(models: dict[str, Model], intents: Sequence[tuple[Event, Step]]) -> dict[str, Model]:
        for event, step in intents:
            models[step.ticket_id].trigger(str(event), step)
        return models

    yield _beside(n, make, run)


@contextmanager
def _beside_statemachine(n: int) -> Iterator[Pair]:
    chart = _chart()

    def make(batch: Batch) -> dict[str, StateMachine]:
        return {ticket: chart(Model()) for ticket in batch.tickets}

    def run(charts: dict[str, StateMachine], intents: Sequence[tuple[Event, Step]]) -> dict[str, Model]:
        for event, step in intents:
            charts[step.ticket_id].send(str(event), step=step)
        return {ticket: one.model for ticket, one in charts.items()}

    yield _beside(n, make, run)


def _beside(n: int, make: Callable[[Batch], Any], run: Callable[[Any, Any], dict[str, Model]]) -> Pair:
    batch = Batch(n // len(WAY))
    intents = batch.intents()

    def agree(heads: dict[str, Head], models: dict[str, Model]) -> bool:
        return all(
            (head.version, head.on, head.unit_id, head.due_on, head.remedy, head.applied_by)
            == (model.version, model.on, model.unit_id, model.due_on, model.remedy, model.applied_by)
            for head, model in zip(heads.values(), models.values(), strict=True)
        )

    return Pair(
        ours=Side(lambda heads: _one_by_one(heads, intents), ready=_fresh(lambda: batch.heads)),
        baseline=Side(lambda models: run(models, intents), ready=_fresh(partial(make, batch))),
        agree=agree,
    )


IN_COLUMNS = compared(
    "rules/lifecycle-in-columns",
    "a plain dictionary table of (status, event)",
    "<= 2",
    n=1_000_000,
    quick=12_000,
    make=_columns,
)
"""Checks what the bare table does not: parts, reasons, days, versions, keys; limits are reckoned, all fields follow."""

ONE_BY_ONE = compared(
    "rules/lifecycle-one-by-one",
    "a plain dictionary table of (status, event)",
    "<= 8",
    n=1_000_000,
    quick=12_000,
    make=_values,
)

TRANSITIONS = compared(
    "rules/lifecycle-beside-transitions",
    "PyPI transitions: the same table, checks and effects as conditions and callbacks",
    "<= 0.1",
    n=300_000,
    quick=6_000,
    make=_beside_transitions,
)

STATEMACHINE = compared(
    "rules/lifecycle-beside-statemachine",
    "PyPI python-statemachine: the same table, checks and effects as conditions and callbacks",
    "<= 0.1",
    n=6_000,
    quick=1_200,
    make=_beside_statemachine,
)
