"""Write one commit into the tables of a database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import repeat

from attrs import astuple, frozen
from sqlalchemy.engine import Connection

from zoufang.facts import BY_NAME, CHUNK, COMMITS, PRIVATE, Columns, Facts, FactTable, Tables, chunks_of
from zoufang.ledger.base import Commit, PrivateText
from zoufang.ledger.dialects import Dialect, Row
from zoufang.ledger.seal import chunks

PLACE = ("commit_seq", "ord")
"""What stands in front of each fact's own cells."""


@frozen
class Pouring:
    """Inserts the rows of one commit in chunks of raw tuples, each as soon as it has been digested.

    So every cell of a long change is made once and gone before the next chunk; the header, which needs the digest,
    comes last, and the transaction makes one thing of it.

    Args:
        dialect: How the database takes rows.
        connection: In a transaction that holds the writers' lock.
        tables: The ledger's.
    """

    dialect: Dialect
    connection: Connection
    tables: Tables

    def chunk(self, seq: int, table: FactTable, place: int, columns: Columns) -> None:
        """Insert one chunk of facts, of which the first has some place in its commit."""
        n = len(columns[0])
        placed = zip(repeat(seq, n), range(place, place + n), *columns, strict=True)
        self._insert(table.name, (*PLACE, *table.names), placed, n)

    def facts(self, seq: int, facts: Facts) -> None:
        """Insert the facts of a commit that has been sealed already."""
        for name, rows in facts.items():
            for place, columns in enumerate(chunks_of(rows)):
                self.chunk(seq, BY_NAME[name], place * CHUNK, columns)

    def private(self, private: Sequence[PrivateText]) -> None:
        """Insert the private texts."""
        for texts in chunks(private):
            rows = [(text.ref, text.subject_id, text.salt, text.body) for text in texts]
            self._insert("private_texts", PRIVATE.names, rows, len(rows))

    def header(self, commit: Commit) -> None:
        """Insert the header."""
        self._insert("commits", COMMITS.names, [astuple(commit)], 1)

    def _insert(self, table: str, columns: Sequence[str], rows: Iterable[Row], n: int) -> None:
        self.dialect.insert(self.connection, self.tables.by_name[table], columns, rows, n)
