"""Registers, tickets and steps from frames against raw `executemany` of all their tuples; and tables read back."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs
import pandas as pd

from benchmarks.harness import Pair, Side, compared
from benchmarks.ingest.recording import DURABLE
from benchmarks.street import EVENING, IN_TIME, PLAN, opened, registered, roster, visits
from zoufang import Campaign
from zoufang.analysis import read_frames
from zoufang.model import Area, Person, Roster, Source, Step, Target, Ticket
from zoufang.typing import TicketId

BASELINE = "raw sqlite3.executemany of the same tuples, same tables, indexes and durability"
READ_BACK = "pandas.read_sql of the same table, without dtypes"
RAISED, ROUTED = date(2023, 3, 6), date(2023, 3, 7)

Way = Callable[[Campaign], int]

Rows = Mapping[str, list[tuple[Any, ...]]]
"""Tuples by table, as SQLite keeps them."""


def _frame(kind: type[Any], items: Any) -> pd.DataFrame:
    names = [field.name for field in attrs.fields(kind)]
    return pd.DataFrame({name: [getattr(item, name) for item in items] for name in names})


def _tickets(whole: Roster) -> list[Ticket]:
    """Return a call of each target, with words and a telephone."""
    return [
        Ticket(
            TicketId(f"K{i:07d}"),
            Source.CALL,
            f"K{i:07d}",
            RAISED,
            PLAN.topics[i % len(PLAN.topics)].id,
            target.area_id,
            target.id,
            said=f"第 {i} 号路灯不亮。",
            contact=f"139{i:08d}",
        )
        for i, target in enumerate(whole.targets)
    ]


def _steps(whole: Roster) -> list[Step]:
    return [Step(ticket.id, ROUTED) for ticket in _tickets(whole)]


@contextmanager
def connected(path: Path) -> Iterator[sqlite3.Connection]:
    """Connect to a ledger's file by the driver alone, as durable as a ledger is."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in DURABLE:
            connection.execute(f"PRAGMA {pragma}")
        yield connection


def _stored(path: Path) -> Rows:
    """Return every row of every table of a ledger's file."""
    with connected(path) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names}  # noqa: S608 - its own


def _added(before: Rows, after: Rows) -> Rows:
    """Return the rows that are new."""
    old = {name: set(rows) for name, rows in before.items()}
    found = {name: [row for row in rows if row not in old[name]] for name, rows in after.items()}
    return {name: rows for name, rows in found.items() if rows}


def _raw(connection: sqlite3.Connection, tables: Rows, n: int) -> int:
    connection.execute("BEGIN IMMEDIATE")
    for name, rows in tables.items():
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)  # noqa: S608 - only marks
    connection.execute("COMMIT")
    return n


@contextmanager
def _against_raw(begin: Callable[[Path], None], way: Way) -> Iterator[Pair]:
    """Compare a bulk verb with the tuples that it leaves behind, in all tables."""
    with TemporaryDirectory(prefix="zoufang-bench-") as name:
        folder = Path(name)
        base, used = folder / "base.sqlite", folder / "used.sqlite"
        begin(base)

        def fresh() -> Path:
            for old in folder.glob("used.sqlite*"):
                old.unlink()
            return Path(shutil.copy(base, used))

        before = _stored(fresh())
        with opened(used, EVENING) as campaign:
            n = way(campaign)
        rows = _added(before, _stored(used))
        yield Pair(
            ours=Side(way, lambda: opened(fresh(), EVENING)),
            baseline=Side(lambda connection: _raw(connection, rows, n), lambda: connected(fresh())),
        )


@contextmanager
def _registering(n: int) -> Iterator[Pair]:
    whole = roster(n)
    areas, people, targets = _frame(Area, whole.areas), _frame(Person, whole.people), _frame(Target, whole.targets)

    def way(campaign: Campaign) -> int:
        return campaign.register(areas=areas, people=people, targets=targets).n_new

    with _against_raw(lambda path: _begun(path, Roster(), 0), way) as pair:
        yield pair


@contextmanager
def _raising(n: int) -> Iterator[Pair]:
    whole = roster(n)
    frame = _frame(Ticket, _tickets(whole))
    with _against_raw(
        lambda path: _begun(path, whole, 0), lambda campaign: campaign.raise_tickets(frame).n_new
    ) as pair:
        yield pair


@contextmanager
def _accepting(n: int) -> Iterator[Pair]:
    whole = roster(n)
    frame = _frame(Step, _steps(whole))
    with _against_raw(lambda path: _begun(path, whole, n), lambda campaign: campaign.accept(frame).n_new) as pair:
        yield pair


def _begun(path: Path, whole: Roster, n_tickets: int) -> None:
    """Begin a campaign with a register and so many tickets, each with a unit."""
    registered(path, whole)
    if n_tickets:
        with opened(path, EVENING) as campaign:
            campaign.raise_tickets(_tickets(whole)[:n_tickets])
            campaign.route(on=RAISED)


@contextmanager
def _reading(n: int) -> Iterator[Pair]:
    whole = roster(n // 5)
    with TemporaryDirectory(prefix="zoufang-bench-") as name:
        path = registered(Path(name) / "ledger.sqlite", whole)
        with opened(path, IN_TIME) as campaign:
            campaign.record(visits(whole.targets, n))
        yield Pair(
            ours=Side(
                lambda campaign: sum(map(len, read_frames(campaign.ledger, "visits"))), lambda: opened(path, EVENING)
            ),
            baseline=Side(
                lambda connection: len(pd.read_sql("SELECT * FROM visits", connection)), lambda: connected(path)
            ),
        )


REGISTER = compared("ingest/register-from-frame", BASELINE, "<= 6", n=20_000, quick=2_000, make=_registering)
TICKETS = compared("ingest/tickets-from-frame", BASELINE, "<= 4", n=20_000, quick=2_000, make=_raising)
STEPS = compared("ingest/steps-from-frame", BASELINE, "<= 5", n=20_000, quick=2_000, make=_accepting)
FRAMES = compared("ingest/frames-read-back", READ_BACK, "<= 1.5", n=100_000, quick=10_000, make=_reading)
