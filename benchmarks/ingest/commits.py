"""Small durable commits: one after another against the driver alone, and four processes that write at once."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.harness import Bench, Measured, Pair, Side, compared
from benchmarks.ingest.recording import connected
from benchmarks.street import small, url
from zoufang.ledger import SqlLedger

WRITERS = 4


def _ours(ledger: SqlLedger, n: int) -> int:
    for i in range(n):
        ledger.commit(small(f"T-{i}"))
    return ledger.head.seq


def _raw(connection: sqlite3.Connection, n: int, header: tuple[Any, ...]) -> int:
    """Insert as many headers and rows by the driver alone, each pair in a durable transaction of its own."""
    marks = ", ".join("?" * len(header))
    for i in range(n):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"INSERT INTO commits VALUES ({marks})", (i + 1, *header[1:]))  # noqa: S608 - only marks
        connection.execute("INSERT INTO problem_links VALUES (?, 0, ?, 'P-1', '2023-06-12')", (i + 1, f"T-{i}"))
        connection.execute("COMMIT")
    return int(connection.execute("SELECT max(seq) FROM commits").fetchone()[0])


@contextmanager
def _pair(n: int) -> Iterator[Pair]:
    with TemporaryDirectory(prefix="zoufang-bench-") as name:
        path = Path(name) / "ledger.sqlite"

        @contextmanager
        def empty() -> Iterator[SqlLedger]:
            for old in path.parent.glob("ledger.sqlite*"):
                old.unlink()
            with closing(SqlLedger.create(url(path))) as ledger:
                yield ledger

        @contextmanager
        def bare() -> Iterator[sqlite3.Connection]:
            with empty():
                pass
            with connected(path) as connection:
                yield connection

        with empty() as ledger:
            ledger.commit(small("T-0"))
        with connected(path) as connection:
            header = connection.execute("SELECT * FROM commits").fetchone()
        yield Pair(ours=Side(partial(_ours, n=n), empty), baseline=Side(partial(_raw, n=n, header=header), bare))


SINGLE = compared(
    "ingest/single-commits",
    "raw sqlite3: a header and a row in a transaction of its own, same tables and durability, by the clock on the wall",
    "<= 1.11",
    n=2_000,
    quick=200,
    make=_pair,
    clock=time.perf_counter,
)
"""By the clock on the wall, since a durable commit waits for the disk."""


def slowest(seconds: float) -> tuple[float, int]:
    """Let four processes write at once; return a fair quarter over the slowest one's share, and all their commits."""
    with TemporaryDirectory(prefix="zoufang-bench-") as name:
        place = url(Path(name) / "ledger.sqlite")
        SqlLedger.create(place).close()
        words = [sys.executable, "-m", "benchmarks.ingest.writing", place]
        writers = [
            subprocess.Popen([*words, f"W{i}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for i in range(WRITERS)
        ]
        for writer in writers:
            writer.stdout.readline()  # type: ignore[union-attr]  # a pipe; it is ready
        ends = time.time() + seconds
        for writer in writers:
            print(ends, file=writer.stdin, flush=True)
        counts = [int(writer.communicate()[0]) for writer in writers]
        with closing(SqlLedger.open(place)) as ledger:
            if ledger.head.seq != sum(counts) or not ledger.verify().ok:
                raise ValueError("commits were lost; nothing was measured")
    return sum(counts) / WRITERS / max(1, min(counts)), sum(counts)


def _four(few: bool) -> Measured:  # noqa: FBT001 - the one question that a benchmark is asked
    shares = [slowest(2 if few else 10) for _ in range(1 if few else 5)]
    return Measured(ratios=tuple(share for share, _ in shares), n=min(n for _, n in shares))


FOUR = Bench(
    "ingest/four-writers", "a fair quarter of all commits, over the share of the slowest process", "<= 2", _four
)
"""The size is the number of commits of the four together, at the least."""
