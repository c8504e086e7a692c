"""The outbox: which consumer has yet to deliver which commit, written in the commit's own transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from zoufang.facts import COMMITS, Tables
from zoufang.ledger.base import START, Commit
from zoufang.ledger.places import Place
from zoufang.ledger.seal import chunks
from zoufang.typing import Seq

MANY = 500
"""Numbers that one statement names at the most."""


def putting(tables: Tables) -> sa.Insert:
    """Return the statement that gives a new commit, ``new``, to every consumer that is subscribed.

    It is made once for a ledger, and run in the transaction of each commit.
    """
    box = tables.outbox
    subscribed = sa.select(sa.bindparam("new", type_=box.c.seq.type), box.c.consumer).where(box.c.seq == START)
    return box.insert().from_select(["seq", "consumer"], subscribed)


class SqlOutbox:
    """What one consumer has yet to deliver, in a database.

    Args:
        place: Where the ledger stands.
        tables: Its tables.
        consumer: The consumer's name.
    """

    def __init__(self, place: Place, tables: Tables, consumer: str) -> None:
        self.consumer = consumer
        self._place, self._tables, self._box = place, tables, tables.outbox

    def subscribe(self, since: Seq | None = None) -> None:
        """Begin to collect commits; where it has begun already, nothing changes."""
        box, commits = self._box, self._tables.commits
        with self._place.writing() as connection:
            if connection.execute(sa.select(box.c.seq).where(*self._mine, box.c.seq == START)).first() is not None:
                return
            connection.execute(box.insert().values(seq=START, consumer=self.consumer))
            if since is not None:
                earlier = sa.select(commits.c.seq, sa.literal(self.consumer)).where(commits.c.seq > since)
                connection.execute(box.insert().from_select(["seq", "consumer"], earlier))

    def unsubscribe(self) -> None:
        """Collect no more, and forget what was not delivered."""
        with self._place.writing() as connection:
            connection.execute(self._box.delete().where(*self._mine))

    def pending(self, limit: int = 1000) -> Sequence[Commit]:
        """Return the first commits that are not acknowledged, in order, at most so many."""
        commits = self._tables.commits
        query = (
            sa.select(*(commits.c[name] for name in COMMITS.names))
            .join(self._box, self._box.c.seq == commits.c.seq)
            .where(*self._mine)
            .order_by(commits.c.seq)
            .limit(limit)
        )
        with self._place.reading() as connection:
            return [Commit(*row) for row in connection.execute(query)]

    def acknowledge(self, seqs: Iterable[Seq]) -> None:
        """Say that some commits were delivered."""
        numbers = [seq for seq in seqs if seq > START]
        if not numbers:
            return
        with self._place.writing() as connection:
            for chunk in chunks(numbers, MANY):
                connection.execute(self._box.delete().where(*self._mine, self._box.c.seq.in_(chunk)))

    @property
    def _mine(self) -> tuple[sa.ColumnElement[bool], ...]:
        return (self._box.c.consumer == self.consumer,)
