"""Rows of a frame as values again: for the steps of a large batch that are decided one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from zoufang.model import Count, Event, Head, Remedy, Status, Step

_CELLS: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("on", "due_on", "routed_on", "plan_on"), lambda cell: pd.Timestamp(cell).date()),
    **dict.fromkeys(
        ("version", "minute", "due_minute", "latest_minute", "asked_days", "extended_days", "revoked", "days"), int
    ),
    **dict.fromkeys(("parts", "returned_by"), tuple),
    "clock": Count,
    "status": Status,
    "event": Event,
    "remedy": Remedy,
}
"""From a cell to what a value holds; as it is where nothing is said."""


def _cells(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return each row as its cells that are not empty."""
    rows: list[dict[str, Any]] = [{} for _ in range(len(frame))]
    for name in frame.columns:
        convert = _CELLS.get(name, lambda cell: cell)
        for row, cell in zip(rows, frame[name], strict=True):
            if isinstance(cell, tuple) or not pd.isna(cell):
                row[name] = convert(cell)
    return rows


def heads_in(frame: pd.DataFrame) -> list[Head]:
    """Return where tickets stand, one for each row."""
    return [Head(**cells) for cells in _cells(frame)]


def intents_in(frame: pd.DataFrame) -> list[tuple[Event, Step]]:
    """Return events with their steps, one for each row."""
    return [(cells.pop("event"), Step(**cells)) for cells in _cells(frame)]
