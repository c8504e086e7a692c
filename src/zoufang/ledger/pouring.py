"""Write one commit into the tables of a database."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from typing import Protocol

from attrs import astuple
from sqlalchemy.engine import Connection

from zoufang.facts import COMMITS, FACT_TABLES, PRIVATE, Facts, Tables, chunks_of
from zoufang.ledger.base import Commit, PrivateText
from zoufang.ledger.dialects import Dialect
from zoufang.ledger.seal import chunks


class Change(Protocol):
    """What a commit holds: a draft, or what was kept of one."""

    @property
    def facts(self) -> Facts:
        """Rows by fact table."""
        ...

    @property
    def private(self) -> Sequence[PrivateText]:
        """The private texts that they refer to."""
        ...


PLACE = ("commit_seq", "ord")
"""What stands in front of each fact's own cells."""


def pour(
    dialect: Dialect,
    connection: Connection,
    tables: Tables,
    commit: Commit,
    change: Change,
) -> None:
    """Insert one commit with its facts and private texts, in chunks of raw tuples."""
    dialect.insert(connection, tables.commits, COMMITS.names, [astuple(commit)], 1)
    for texts in chunks(change.private):
        rows = [(text.ref, text.subject_id, text.salt, text.body) for text in texts]
        dialect.insert(connection, tables.private_texts, PRIVATE.names, rows, len(rows))
    for spec in FACT_TABLES:
        place = 0
        for columns in chunks_of(change.facts.get(spec.name, ())):
            n = len(columns[0])
            placed = zip(repeat(commit.seq, n), range(place, place + n), *columns, strict=True)
            dialect.insert(connection, tables.by_name[spec.name], (*PLACE, *spec.names), placed, n)
            place += n
