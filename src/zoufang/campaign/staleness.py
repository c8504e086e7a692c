"""Steps that were decided on an older version of their ticket: those that still stand go on top, others are refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd
import sqlalchemy as sa
from attrs import evolve

from zoufang.campaign.checks import WireColumns
from zoufang.campaign.state import State
from zoufang.errors import StaleError
from zoufang.ledger import Ledger
from zoufang.model import Event, Head, Step
from zoufang.rules import allowed_in, untouched

Intents = Sequence[tuple[Event, Step]]

Moved = tuple[int, str, str]
"""By what a ticket moved on: version, event, and the unit that holds it since; never a person."""


def pass_stale(ledger: Ledger, heads: Mapping[str, Head], intents: Intents) -> tuple[Intents, tuple[str, ...]]:
    """Let those steps pass whose ticket has moved on without touching what they decide.

    Several steps of one batch on one ticket may all carry the version that was seen before the first.

    Args:
        ledger: Says what happened meanwhile; it is asked only where something did.
        heads: Where each ticket stands before the first step.
        intents: Each an event and its step.

    Returns:
        The steps, those that were judged here without their version; and the tickets of the soft conflicts, sorted.

    Raises:
        StaleError: The first hard conflict, with the tickets of all others.

    Plan: 四(二), 四(三)
    """
    if all(step.version is None for _, step in intents):
        return intents, ()
    behind = {step.ticket_id for _, step in intents if _is_behind(heads, step)}
    moved = Moves(ledger).of(behind) if behind else {}
    begun: set[str] = set()
    soft: set[str] = set()
    hard: dict[str, StaleError] = {}
    passed: list[tuple[Event, Step]] = []
    for event, step in intents:
        first = step.ticket_id not in begun
        begun.add(step.ticket_id)
        if step.version is None or (head := heads.get(step.ticket_id)) is None or step.version > head.version:
            passed.append((event, step))
        elif step.version == head.version:
            passed.append((event, step if first else evolve(step, version=None)))
        else:
            since = [one for one in moved[step.ticket_id] if one[0] > step.version]
            passed.append((event, evolve(step, version=None)))
            if untouched(event, (Event(one[1]) for one in since)) and (not first or event in allowed_in(head.status)):
                soft.add(step.ticket_id)
            else:
                hard.setdefault(step.ticket_id, StaleError(step.ticket_id, step.version, head.version, tuple(since)))
    for ticket_id, error in hard.items():
        raise evolve(error, others=tuple(other for other in hard if other != ticket_id))
    return passed, tuple(sorted(soft))


def seen_now(heads: pd.DataFrame, steps: WireColumns) -> bool:
    """Say whether each step that says what its author saw saw its ticket as it stands.

    Args:
        heads: Where the tickets stand, with ``ticket_id`` and ``version``.
        steps: The steps as columns.

    Plan: 四(二), 四(三)
    """
    if all(version is None for version in steps["version"]):
        return True
    now = dict(zip(heads["ticket_id"], heads["version"], strict=True))
    seen = zip(steps["ticket_id"], steps["version"], strict=True)
    return all(version is None or version == now.get(ticket_id) for ticket_id, version in seen)


def _is_behind(heads: Mapping[str, Head], step: Step) -> bool:
    head = heads.get(step.ticket_id)
    return head is not None and step.version is not None and step.version < head.version


class Moves(State):
    """Reads what happened to tickets."""

    def of(self, ticket_ids: Iterable[str]) -> Mapping[str, Sequence[Moved]]:
        """Return the events of some tickets in their order."""
        e = self._t.ticket_events.c
        query = sa.select(e.ticket_id, e.version, e.event, e.unit_id).order_by(e.ticket_id, e.version)
        found: defaultdict[str, list[Moved]] = defaultdict(list)
        for ticket_id, version, event, unit_id in self._by_id(query, e.ticket_id, ticket_ids):
            found[ticket_id].append((version, event, unit_id or ""))
        return found
