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
from attrs import frozen

from benchmarks.harness import Pair, Side, compared
from benchmarks.street import EVENING, IN_TIME, opened, registered, roster, visits
from zoufang import Actor, Campaign, Role, Visit
from zoufang.ledger import Draft

PER_TARGET = 5
BASELINE = "raw sqlite3.executemany of the same tuples, same table, indexes and durability"
DURABLE = ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "cache_size = -64000")

Rows = list[tuple[Any, ...]]
Way = Callable[[Campaign], int]
Prepare = Callable[[list[Visit], Rows], Way]
"""From the visits, and the same as rows of their table, to what is timed."""


def _values(made: list[Visit], _rows: Rows) -> Way:
    return lambda campaign: campaign.record(made).n_new


def from_frame(made: list[Visit], _rows: Rows) -> Way:
    """Record from a frame."""
    frame = frame_of(made)
    return lambda campaign: campaign.record(frame).n_new


def frame_of(made: list[Visit]) -> pd.DataFrame:
    """Return visits as pandas reads them from a file or a database: days as instants, lists of words as one text."""
    names = [field.name for field in attrs.fields(Visit)]
    frame = pd.DataFrame({name: [getattr(visit, name) for visit in made] for name in names})
    return frame.assign(on=pd.to_datetime(frame["on"]), made_known=frame["made_known"].map(" ".join))


def _commit(_made: list[Visit], rows: Rows) -> Way:
    ready = [row[2:] for row in rows]
    actor = Actor(id="office", role=Role.OFFICE)

    def way(campaign: Campaign) -> int:
        draft = Draft(verb="record", actor=actor, at=EVENING, facts={"visits": ready})
        return campaign.ledger.commit(draft).n_facts

    return way


def raw(connection: sqlite3.Connection, rows: Rows) -> int:
    """Insert rows by the driver alone, in one transaction; return how many."""
    connection.execute("BEGIN IMMEDIATE")
    marks = ", ".join("?" * len(rows[0]))
    done = connection.executemany(f"INSERT INTO visits VALUES ({marks})", rows)  # noqa: S608 - only marks
    connection.execute("COMMIT")
    return done.rowcount


@contextmanager
def connected(path: Path) -> Iterator[sqlite3.Connection]:
    """Connect by the driver alone, as durable as a ledger is."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in DURABLE:
            connection.execute(f"PRAGMA {pragma}")
        yield connection


def stored(path: Path, made: list[Visit]) -> Rows:
    """Record the visits once and return their rows as they are stored."""
    with opened(path, IN_TIME) as campaign:
        campaign.record(made)
    with connected(path) as connection:
        return connection.execute("SELECT * FROM visits ORDER BY commit_seq, ord").fetchall()


@frozen
class Street:
    """Visits that wait, and a file with their street's register into which they have not gone yet.

    Args:
        made: The visits.
        rows: The same as they stand in their table.
        fresh: Makes the file anew and returns it.
    """

    made: list[Visit]
    rows: Rows
    fresh: Callable[[], Path]


@contextmanager
def street(n: int) -> Iterator[Street]:
    """Make so many visits, five to a target, and let go of the files afterwards."""
    everything = roster(n // PER_TARGET)
    made = visits(everything.targets, n)
    with TemporaryDirectory(prefix="zoufang-bench-") as name:
        folder = Path(name)
        empty, used = registered(folder / "empty.sqlite", everything), folder / "used.sqlite"

        def fresh() -> Path:
            for old in folder.glob("used.sqlite*"):
                old.unlink()
            return Path(shutil.copy(empty, used))

        yield Street(made, stored(fresh(), made), fresh)


def _pair(prepare: Prepare) -> Callable[[int], Any]:
    @contextmanager
    def pair(n: int) -> Iterator[Pair]:
        with street(n) as there:
            yield Pair(
                ours=Side(prepare(there.made, there.rows), lambda: opened(there.fresh(), IN_TIME)),
                baseline=Side(lambda connection: raw(connection, there.rows), lambda: connected(there.fresh())),
            )

    return pair


VALUES = compared("ingest/visits-from-values", BASELINE, "<= 1.67", n=1_000_000, quick=10_000, make=_pair(_values))
FRAME = compared("ingest/visits-from-frame", BASELINE, "<= 1.11", n=1_000_000, quick=10_000, make=_pair(from_frame))
COMMIT = compared("ingest/ledger-commit", BASELINE, "<= 1.5", n=1_000_000, quick=10_000, make=_pair(_commit))
