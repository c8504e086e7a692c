"""Figures by unit, against hand-written SQL for the three 100% on the same ledger."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.harness import Pair, Side, compared
from benchmarks.street import PLAN, opened, worked
from zoufang import Window
from zoufang.analysis import Sheet, catalogue, sheet

TO_ON = date(2023, 5, 21)
GOALS_OF = ("visited", "collected", "rectified", "rectified_resolved")

VISITED = """
SELECT a.unit_id, count(v.target_id), count(*)
FROM (SELECT target_id, since_on, max(version) FROM targets WHERE commit_seq <= :seq GROUP BY target_id) t
LEFT JOIN (
    SELECT subject_id, unit_id, max(round) FROM assignments
    WHERE commit_seq <= :seq AND subject = 'target' AND part = 'lead' GROUP BY subject_id
) a ON a.subject_id = t.target_id
LEFT JOIN (
    SELECT DISTINCT target_id FROM visits WHERE commit_seq <= :seq AND "on" <= :to_on AND outcome = 'met'
) v ON v.target_id = t.target_id
WHERE t.since_on <= :to_on
GROUP BY a.unit_id
"""
COLLECTED = """
SELECT unit_id, sum(n_findings > 0 OR no_demand = 1), count(*)
FROM visits WHERE commit_seq <= :seq AND "on" <= :to_on AND outcome = 'met'
GROUP BY unit_id
"""
RECTIFIED = """
SELECT e.unit_id, sum(e.told), sum(e.told AND e.remedy = 'resolved'), count(*)
FROM tickets t
JOIN (
    SELECT ticket_id, unit_id, due_on, remedy, status, status IN ('fed_back', 'applied', 'closed') AS told, max(version)
    FROM ticket_events WHERE commit_seq <= :seq AND "on" <= :to_on GROUP BY ticket_id
) e ON e.ticket_id = t.ticket_id
WHERE t.commit_seq <= :seq AND t."on" <= :to_on
  AND e.status NOT IN ('struck', 'withdrawn', 'merged') AND (e.told OR e.due_on <= :to_on)
GROUP BY e.unit_id
"""

Goals = dict[str, dict[str | None, tuple[int, int]]]


def _by_hand(connection: sqlite3.Connection, asked: dict[str, Any]) -> Goals:
    visited, collected, rectified = (
        connection.execute(query, asked).fetchall() for query in (VISITED, COLLECTED, RECTIFIED)
    )
    return {
        "visited": {unit: (n, of) for unit, n, of in visited},
        "collected": {unit: (n, of) for unit, n, of in collected},
        "rectified": {unit: (n, of) for unit, n, _, of in rectified},
        "rectified_resolved": {unit: (n, of) for unit, _, n, of in rectified},
    }


def _agree(found: Sheet, by_hand: Goals) -> bool:
    ours = {goal: {figure.group[0]: (figure.n, figure.of) for figure in found.split[goal]} for goal in GOALS_OF}
    return ours == by_hand


def _pair(ids: tuple[str, ...]) -> Callable[[int], Any]:
    @contextmanager
    def pair(n: int) -> Iterator[Pair]:
        with TemporaryDirectory(prefix="zoufang-bench-") as folder:
            path = worked(Path(folder) / "ledger.sqlite", n)
            with opened(path) as campaign, closing(sqlite3.connect(path)) as connection:
                connection.execute("PRAGMA cache_size = -64000")
                seq = campaign.head.seq
                window = Window(as_of=seq, to_on=TO_ON)
                metrics = [catalogue(PLAN)[name] for name in ids]
                asked = {"seq": seq, "to_on": TO_ON.isoformat()}
                yield Pair(
                    ours=Side(lambda _: sheet(campaign.ledger, metrics, window, ("unit_id",))),
                    baseline=Side(lambda _: _by_hand(connection, asked)),
                    agree=_agree,
                )

    return pair


ALL = tuple(catalogue(PLAN))
GOALS = compared(
    "figures/three-goals",
    "the same figures in hand-written SQLite SQL",
    "<= 1.3",
    n=20_000,
    quick=2_000,
    make=_pair(GOALS_OF),
)
CATALOGUE = compared(
    "figures/weekly-catalogue",
    f"the three goals alone in hand-written SQLite SQL; the catalogue has {len(ALL)} metrics",
    "<= 15",
    n=20_000,
    quick=2_000,
    make=_pair(ALL),
)
"""The size is the number of targets; half as many visits again, and their tickets, come on top."""
