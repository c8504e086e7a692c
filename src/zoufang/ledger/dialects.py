"""What differs between databases, as the ledger sees it; each has one module that fulfils this protocol."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection, CursorResult, Engine

from zoufang.errors import LedgerError
from zoufang.facts import Tables
from zoufang.ledger.turns import Turns

REVISION = 2
"""Revision of the schema. Raise it with every change of a table, and write the migration that leads to it."""

WAIT_S = 10.0
"""How long a writer waits for another one, in seconds."""

Row = tuple[Any, ...]


class Dialect(Protocol):
    """One kind of database."""

    one_moment: bool
    """True where all selects of one transaction see the same moment, whoever began it."""

    def occupied(self, url: str) -> bool:
        """Say whether something stands already where a new ledger of our own is to be."""
        ...

    def inspect(self, url: str) -> int | None:
        """Look at what a URL names, and change nothing in it.

        Returns:
            The revision with which a database of our own is stamped; None where that says only the table of marks.

        Raises:
            NotALedgerError: There is nothing, or something else.
        """
        ...

    def engine(self, url: str, wait: float) -> Engine:
        """Return an engine of our own, its connections durable and its transactions begun where we say.

        Raises:
            MissingPackageError: Its driver is not installed.
        """
        ...

    def lent(self, engine: Engine) -> Engine:
        """Return a host's engine as we use it: the same pool with our settings, while the host's stay as they are."""
        ...

    def turns(self, engine: Engine, wait: float) -> Turns | None:
        """Return the fair turns of its writers, where the database itself has none."""
        ...

    def stamp(self, connection: Connection, revision: int) -> None:
        """Mark a database of our own as ours, and of a revision; the mark belongs to the transaction."""
        ...

    def stamped(self, connection: Connection) -> int | None:
        """Return the revision of that mark; None where there is none, as in a host's database."""
        ...

    def home(self, connection: Connection, tables: Tables) -> str | None:
        """Return the database schema in which a ledger's tables stand; None where there are no schemas."""
        ...

    def backup_place(self, connection: Connection, tables: Tables, found: int, into: Path | None) -> Path | None:
        """Return where a backup would be put before a migration; None where nothing of the ledger lasts.

        Args:
            connection: To the ledger.
            tables: Its tables.
            found: Its revision.
            into: Where somebody wants it.

        Raises:
            BackupNeededError: It is for somebody else to make; with how.
            BackupFailedError: Something stands there, and nothing is overwritten.
        """
        ...

    def backup(self, connection: Connection, tables: Tables, into: Path) -> None:
        """Copy the ledger as it was last committed, and check the copy; the connection keeps writers out meanwhile.

        Raises:
            BackupFailedError: It was not made; nothing of it stays.
        """
        ...

    def lock(self, connection: Connection, tables: Tables) -> int:
        """Return the number under which this ledger's writers lock out each other, and those of no other ledger."""
        ...

    def begin(self, engine: Engine, lock: int, wait: float) -> AbstractContextManager[Connection]:
        """Open a transaction that holds the writers' lock from its first moment."""
        ...

    def snapshot(self, engine: Engine) -> AbstractContextManager[Connection]:
        """Open a transaction in which every select sees the same moment."""
        ...

    def hold(self, connection: Connection, tables: Tables, lock: int, wait: float) -> None:
        """Take the writers' lock within a transaction of the host's; it is kept until that one ends."""
        ...

    def can_savepoint(self, connection: Connection) -> bool:
        """Say whether a savepoint on a borrowed connection would stand within a transaction of the host's."""
        ...

    def insert(
        self, connection: Connection, table: sa.Table, columns: Sequence[str], rows: Iterable[Row], n: int
    ) -> None:
        """Insert so many rows of wire values, in the order of the columns; they are gone through once."""
        ...

    def rows(self, connection: Connection, table: sa.Table, columns: Sequence[str], order: Sequence[str]) -> Any:
        """Return an iterable over all rows, their cells as wire values just as they are stored."""
        ...

    def of_commit(
        self, connection: Connection, table: sa.Table, columns: Sequence[str], seq: int
    ) -> Iterable[Sequence[Any]]:
        """Return the rows of one commit, their cells as wire values, in their order."""
        ...

    def plain(self, result: CursorResult[Any]) -> list[Row]:
        """Return the rows of a select; whole numbers are ``int``, whatever the driver makes of a sum."""
        ...

    def told(self, error: BaseException) -> str:
        """Return the database's own words, without any stored text that it quotes."""
        ...

    def in_doubt(self, error: BaseException) -> bool:
        """Say whether the COMMIT that failed with an error may have been carried out all the same."""
        ...

    def fault(self, error: BaseException, url: str, tables: Tables) -> LedgerError:
        """Return our own error for one of the driver's."""
        ...


def without_rows_in_the_log(engine: Engine) -> Engine:
    """Give an engine a logger of our own that lets no row pass, and return it; a host's own logger stays as it is.

    At DEBUG level SQLAlchemy prints the rows that it has read, names among them; `hide_parameters` hides only what goes
    in.
    """
    engine.logging_name = "zoufang"
    engine.echo = engine.echo  # lets it ask for the logger anew
    logger: Any = engine.logger
    getattr(logger, "logger", logger).addFilter(_holds_no_row)
    return engine


def _holds_no_row(record: logging.LogRecord) -> bool:
    return record.levelno > logging.DEBUG


def written(connection: Connection, table: sa.Table) -> str:
    """Return a table's name as it stands in SQL, with its schema."""
    return connection.dialect.identifier_preparer.format_table(table)


def listed(connection: Connection, columns: Sequence[str]) -> str:
    """Return column names as they stand in SQL, with commas."""
    return ", ".join(map(connection.dialect.identifier_preparer.quote, columns))
