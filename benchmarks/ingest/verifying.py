"""Verify a whole ledger, against reading the same rows by plain SELECT."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.harness import Pair, Side, compared
from benchmarks.street import opened, worked
from zoufang.facts import FACT_TABLES
from zoufang.ledger import Verdict


def _read(path: Path) -> int:
    """Read every row of every table, in the order in which they were recorded; return how many are facts."""
    with closing(sqlite3.connect(path)) as connection:
        for name in ("commits", "private_texts"):
            sum(1 for _ in connection.execute(f"SELECT * FROM {name}"))  # noqa: S608 - our own table
        tables = [f'SELECT * FROM "{table.name}" ORDER BY commit_seq, ord' for table in FACT_TABLES]  # noqa: S608 - the same
        return sum(1 for table in tables for _ in connection.execute(table))


def _agree(verdict: Verdict, n_facts: int) -> bool:
    return verdict.ok and verdict.n_facts == n_facts


@contextmanager
def _pair(n: int) -> Iterator[Pair]:
    with TemporaryDirectory(prefix="zoufang-bench-") as folder:
        path = worked(Path(folder) / "ledger.sqlite", n * 2 // 3)
        yield Pair(
            ours=Side(lambda campaign: campaign.verify(), lambda: opened(path)),
            baseline=Side(lambda _: _read(path)),
            agree=_agree,
        )


VERIFY = compared("ingest/verify", "reading the same rows by plain SELECT", "<= 3", n=60_000, quick=6_000, make=_pair)
"""The size is the number of visits; their tickets, events and private texts come on top."""
