"""Decide a batch of steps: one by one where it is small, in columns where it is large; to the same rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from zoufang.campaign.checks import WireColumns
from zoufang.campaign.given import EVENT, values_of
from zoufang.campaign.rows import Sheaf, event_cells
from zoufang.facts import BY_NAME
from zoufang.model import CampaignPlan, Event, Head, Step
from zoufang.rules import decide_all
from zoufang.rules.decide import Decided
from zoufang.rules.step_columns import PLAIN, InColumns, decide_in_columns
from zoufang.typing import Wire

LARGE = 1_000
"""Steps from which on columns cost less than values do: measured, the two ways cross between 700 and 1,000."""

_DEFAULTS = dict.fromkeys(("reason", "note", "parts"), "")

Intents = Sequence[tuple[Event, Step]]

Routed = list[tuple[str, Any]]
"""Tickets that were sent to units by name, each with its unit."""


def is_large(steps: WireColumns) -> bool:
    """Say whether a batch is decided in columns: it is large, and all its events are plain."""
    return len(steps[EVENT]) >= LARGE and set(steps[EVENT]).issubset(PLAIN)


def intents_of(steps: WireColumns) -> Intents:
    """Return columns of steps as events and steps."""
    return list(zip(map(Event, steps[EVENT]), values_of(Step, steps), strict=True))


def decide_values(plan: CampaignPlan, sheaf: Sheaf, heads: Mapping[str, Head], intents: Intents) -> list[Decided]:
    """Decide steps one by one and add what happened.

    Raises:
        RefusedError: The first step that is refused.

    Plan: 四(二), 四(三)
    """
    decided = decide_all(plan, heads, intents)
    for event, step, head in decided:
        sheaf.event(event, head, step)
    return decided


def decide_columns(plan: CampaignPlan, sheaf: Sheaf, heads: pd.DataFrame, steps: WireColumns) -> Routed:
    """Decide steps in columns and add what happened.

    Args:
        plan: The plan.
        sheaf: Takes the events.
        heads: Where the tickets stand.
        steps: The steps.

    Returns:
        The tickets that were sent to a unit.

    Raises:
        RefusedError: The first step that is refused.

    Plan: 四(二), 四(三)
    """
    found = decide_in_columns(plan, heads, _frame(steps))
    notes = sheaf.refs(steps["ticket_id"], steps["note"])
    plain = _events(found, {**steps, "note_ref": notes})
    sheaf.events(_mixed(plain, found, notes) if found.apart else plain)
    rows = zip(found.places.tolist(), *(plain[name] for name in ("event", "ticket_id", "unit_id")), strict=True)
    sent = [(place, str(ticket_id), unit_id) for place, event, ticket_id, unit_id in rows if event == Event.ROUTE]
    sent += [(place, head.ticket_id, head.unit_id) for place, (event, _, head) in found.apart if event is Event.ROUTE]
    return [(ticket_id, unit_id) for _, ticket_id, unit_id in sorted(sent, key=itemgetter(0))]


def _frame(steps: WireColumns) -> pd.DataFrame:
    """Return the steps as a frame; columns in which nothing was given are left out."""
    given = {name: cells for name, cells in steps.items() if set(cells) != {_DEFAULTS.get(name)}}
    if "parts" in given:
        given["parts"] = [tuple(cell.split()) for cell in given["parts"]]
    return pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in given.items()})


def _events(found: InColumns, steps: WireColumns) -> dict[str, Sequence[Wire]]:
    """Return the events that were decided in columns, as columns of wire values."""
    rows = found.rows
    whole = len(rows) == len(steps[EVENT])
    own = steps if whole else {n: [cells[place] for place in found.places] for n, cells in steps.items()}
    said = [reason or None for reason in own["reason"]] if any(own["reason"]) else [None] * len(rows)
    return {
        "ticket_id": own["ticket_id"],
        "version": rows["version"].tolist(),
        "event": own[EVENT],
        "on": own["on"],
        "status": _words(rows["status"]),
        "unit_id": _words(rows["unit_id"]),
        "person_id": own["person_id"],
        "due_on": _days(rows["due_on"]),
        "remedy": _words(rows["remedy"]),
        "reason": said,
        "plan_on": own["plan_on"],
        "note_ref": own["note_ref"],
        "minute": own["minute"],
        "clock": _words(rows["clock"]),
        "limit_id": _words(rows["limit_id"]),
        "extended_days": rows["extended_days"].astype(int).tolist(),
    }


def _mixed(
    plain: Mapping[str, Sequence[Wire]], found: InColumns, notes: Sequence[str | None]
) -> dict[str, Sequence[Wire]]:
    """Return the events with those that were decided one by one in their places, and what follows of them behind."""
    names = BY_NAME["ticket_events"].names
    nothing: Sequence[Wire] = [None] * len(found.places)
    rows = list(
        zip(found.places.tolist(), zip(*(plain.get(name, nothing) for name in names), strict=True), strict=True)
    )
    for place, (event, step, head) in found.apart:
        rows.append((place, event_cells(event, head, step, notes[place] if step.note else None)))
    rows.sort(key=lambda row: row[0])
    return dict(zip(names, zip(*(cells for _, cells in rows), strict=True), strict=True))


def _words(column: pd.Series[Any]) -> list[Any]:
    """Return categories as words, None where there is none."""
    return _spread(column.cat.codes.to_numpy(), column.cat.categories.tolist())


def _days(column: pd.Series[Any]) -> list[Any]:
    """Return days as their texts; each day that occurs is written once."""
    codes, days = pd.factorize(column.to_numpy().astype("datetime64[D]"))
    return _spread(codes, np.datetime_as_string(days).tolist())


def _spread(codes: npt.NDArray[Any], words: Sequence[Any]) -> list[Any]:
    found: list[Any] = np.array([*words, None], dtype=object)[codes].tolist()
    return found
