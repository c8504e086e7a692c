"""A process that migrates a ledger and dies at a call to its database, or whenever it is killed."""

from __future__ import annotations

from multiprocessing.connection import Connection
from typing import Any

import alembic.operations
import alembic.runtime.migration  # noqa: F401 - the same
import sqlalchemy as sa
from sqlalchemy import event

from faultmakers.children import AT_WORK
from faultmakers.driver import Calls, die
from zoufang.ledger.migrations import migrate


def migrate_whole(pipe: Connection, url: str, backup_made: bool) -> None:  # noqa: FBT001 - passed on to a child by its place
    """Migrate, and report how it came out."""
    pipe.send(AT_WORK)
    done = migrate(url, backup_made=backup_made)
    pipe.send((done.found, len(done.titles), done.head.seq, done.head.chain))


def die_migrating(pipe: Connection, url: str, at: int) -> None:
    """Die at the Nth call of a migration to SQLite, its backup's calls among them; report how many there were."""
    calls = Calls()
    calls.arm(at, die)
    with calls.between():
        migrate(url)
    pipe.send(calls.n)


def die_at_a_statement(pipe: Connection, url: str, at: int) -> None:
    """Die before the Nth statement of a migration, on whatever database; report how many there were."""
    n = 0

    def count(*_: Any) -> None:
        nonlocal n
        n += 1
        if n == at:
            die()

    event.listen(sa.Engine, "before_cursor_execute", count)
    event.listen(sa.Engine, "commit", count)
    migrate(url, backup_made=True)
    pipe.send(n)
