"""Visits into the ledger, against raw `executemany` of the same tuples into the same table with the same indexes."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs
import pandas as pd

from benchmarks.harness import Pair, Side, compared
from benchmarks.street import EVENING, IN_TIME, opened, registered, roster, visits
from zoufang import Actor, Campaign, Role, Visit
from zoufang.ledger import Draft

PER_TARGET = 5
BASELINE = "raw sqlite3.executemany of the same tuples, same table, indexes and durability"
DURABLE = ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "cache_size = -64000")

Way = Callable[[Campaign], int]
Prepare = Callable[[list[Visit], list[tuple[Any, ...]]], Way]
"""From the visits, and the same as rows of their table, to what is timed."""


def _values(made: list[Visit], _rows: list[tuple[Any, ...]]) -> Way:
    return lambda campaign: campaign.record(made).n_new


def _frame(made: list[Visit], _rows: list[tuple[Any, ...]]) -> Way:
    frame = frame_of(made)
    return lambda campaign: campaign.record(frame).n_new


def frame_of(made: list[Visit]) -> pd.DataFrame:
    """Return visits as pandas reads them from a file or a database: days as instants, lists of words as one text."""
    names = [field.name for field in attrs.fields(Visit)]
    frame = pd.DataFrame({name: [getattr(visit, name) for visit in made] for name in names})
    return frame.assign(on=pd.to_datetime(frame["on"]), made_known=frame["made_known"].map(" ".join))


def _commit(_made: list[Visit], rows: list[tuple[Any, ...]]) -> Way:
    ready = [row[2:] for row in rows]
    actor = Actor(id="office", role=Role.OFFICE)

    def way(campaign: Campaign) -> int:
        draft = Draft(verb="record", actor=actor, at=EVENING, facts={"visits": ready})
        return campaign.ledger.commit(draft).n_facts

    return way


def _raw(connection: sqlite3.Connection, rows: list[tuple[Any, ...]]) -> int:
    connection.execute("BEGIN IMMEDIATE")
    marks = ", ".join("?" * len(rows[0]))
    done = connection.executemany(f"INSERT INTO visits VALUES ({marks})", rows)  # noqa: S608 - only marks
    connection.execute("COMMIT")
    return done.rowcount


@contextmanager
def _connected(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in DURABLE:
            connection.execute(f"PRAGMA {pragma}")
        yield connection


def _rows(path: Path, made: list[Visit]) -> list[tuple[Any, ...]]:
    """Record the visits once and return their rows as they are stored."""
    with opened(path, IN_TIME) as campaign:
        campaign.record(made)
    with _connected(path) as connection:
        return connection.execute("SELECT * FROM visits ORDER BY commit_seq, ord").fetchall()


def _pair(prepare: Prepare) -> Callable[[int], Any]:
    @contextmanager
    def pair(n: int) -> Iterator[Pair]:
        everything = roster(n // PER_TARGET)
        made = visits(everything.targets, n)
        with TemporaryDirectory(prefix="zoufang-bench-") as name:
            folder = Path(name)
            empty, used = registered(folder / "empty.sqlite", everything), folder / "used.sqlite"

            def fresh() -> Path:
                for old in folder.glob("used.sqlite*"):
                    old.unlink()
                return Path(shutil.copy(empty, used))

            rows = _rows(fresh(), made)
            yield Pair(
                ours=Side(prepare(made, rows), lambda: opened(fresh(), IN_TIME)),
                baseline=Side(lambda connection: _raw(connection, rows), lambda: _connected(fresh())),
            )

    return pair


VALUES = compared("ingest/visits-from-values", BASELINE, "<= 1.67", n=100_000, quick=10_000, make=_pair(_values))
FRAME = compared("ingest/visits-from-frame", BASELINE, "<= 1.11", n=100_000, quick=10_000, make=_pair(_frame))
COMMIT = compared("ingest/ledger-commit", BASELINE, "<= 1.5", n=100_000, quick=10_000, make=_pair(_commit))
