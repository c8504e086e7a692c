"""Where a ledger stands: on an engine's connections, or on one that its host has lent it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from threading import local
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, ProgrammingError

from zoufang.errors import (
    BusyError,
    InDoubtError,
    LedgerError,
    NoTransactionError,
    UnknownIdError,
    UnreachableError,
    UnreadableError,
)
from zoufang.facts import Tables
from zoufang.ledger.dialects import Dialect
from zoufang.ledger.postgres import Postgres
from zoufang.ledger.sqlite import Sqlite

DIALECTS: dict[str, Dialect] = {"postgresql": Postgres(), "sqlite": Sqlite()}
"""By the name that SQLAlchemy gives them."""

FORBIDDEN = "42501"
"""PostgreSQL's sqlstate for a table that this account may not touch."""


class Place(Protocol):
    """Gives connections, and turns the driver's failures into our own errors."""

    url: str
    dialect: Dialect
    engine: Engine
    lock: int
    """Set once the tables are known."""

    def writing(self) -> Any:
        """Open a transaction that holds the writers' lock, or a savepoint of one that is open."""
        ...

    def together(self) -> Any:
        """Open one transaction, or savepoint, for all that is written and read by this thread until its end."""
        ...

    def reading(self) -> Any:
        """Give a connection for reading: that of the transaction that is open, if there is one."""
        ...

    def snapshot(self) -> Any:
        """Give a connection on which every select sees the same moment."""
        ...

    @property
    def settled(self) -> bool:
        """True where all that this thread has written is there for good."""
        ...

    def close(self) -> None:
        """Let go of what is our own."""
        ...


def dialect_of(name: str) -> Dialect:
    """Return a dialect by SQLAlchemy's name for it.

    Raises:
        UnknownIdError: It is neither SQLite nor PostgreSQL.
    """
    if name not in DIALECTS:
        raise UnknownIdError(what="storage", id=name, known=tuple(DIALECTS))
    return DIALECTS[name]


class Pooled:
    """A place on an engine: our own, or a host's whose pool we share.

    Args:
        engine: The engine as we use it.
        dialect: Its dialect.
        url: For messages.
        tables: The tables.
        wait: Seconds that a writer waits.
        own: True where the engine is ours to dispose of.
    """

    def __init__(self, engine: Engine, dialect: Dialect, url: str, tables: Tables, wait: float, *, own: bool) -> None:
        self.url, self.dialect, self.lock = url, dialect, 0
        self.engine = engine
        self._tables, self._wait, self._own = tables, wait, own
        self._turns = dialect.turns(engine, wait)
        self._held = local()

    @property
    def settled(self) -> bool:
        """True where this thread has no block open."""
        return self._now is None

    @property
    def _now(self) -> Connection | None:
        return getattr(self._held, "connection", None)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction, or a savepoint of this thread's block."""
        held = self._now
        with self._ours():
            if held is not None:
                with held.begin_nested():
                    yield held
                return
            turn = nullcontext() if self._turns is None else self._turns.taken()
            with turn, self._begun() as connection:
                yield connection

    @contextmanager
    def _begun(self) -> Iterator[Connection]:
        """Open a transaction; a failure at its very end, which may have come too late to undo it, is one in doubt.

        Raises:
            InDoubtError: The COMMIT failed, and may have been carried out.
        """
        ending = False
        try:
            with self.dialect.begin(self.engine, self.lock, self._wait) as connection:
                yield connection
                ending = True
        except _failures(self.engine) as error:
            if ending and self.dialect.in_doubt(error):
                raise InDoubtError(url=self.url, problem=self.dialect.told(error)) from error
            raise

    @contextmanager
    def together(self) -> Iterator[None]:
        """Open one transaction, or savepoint, for all that this thread writes and reads until its end."""
        outer = self._now
        with self.writing() as connection:
            self._held.connection = connection
            try:
                yield
            finally:
                self._held.connection = outer

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give the connection of this thread's block, or one of the pool's."""
        held = self._now
        if held is not None:
            yield held
            return
        with self._ours(reads=True), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Give a connection on which every select sees the same moment."""
        held = self._now
        with self._ours(reads=True):
            if held is not None:
                yield held  # its transaction holds the lock: nobody writes meanwhile
                return
            with self.dialect.snapshot(self.engine) as connection:
                yield connection

    def close(self) -> None:
        """Dispose of our own engine; a host's stays as it is."""
        if self._own:
            self.engine.dispose()
        if self._turns is not None:
            self._turns.clear()

    def _ours(self, *, reads: bool = False) -> Any:
        return translated(self.dialect, self.engine, self.url, self._tables, reads=reads)


class Borrowed:
    """A place on a host's connection: savepoints only; nothing here commits, rolls back or closes it.

    Args:
        connection: The host's connection.
        dialect: Its dialect.
        url: For messages.
        tables: The tables.
        wait: Seconds that a writer waits.
    """

    settled = False

    def __init__(self, connection: Connection, dialect: Dialect, url: str, tables: Tables, wait: float) -> None:
        self.url, self.dialect, self.lock = url, dialect, 0
        self.engine = connection.engine
        self._connection, self._tables, self._wait = connection, tables, wait

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a savepoint within the host's transaction and hold the writers' lock in it."""
        connection = self._connection
        with self._ours():
            if not self.dialect.can_savepoint(connection):
                raise NoTransactionError(url=self.url)
            with connection.begin_nested():
                self.dialect.hold(connection, self._tables, self.lock, self._wait)
                yield connection

    @contextmanager
    def together(self) -> Iterator[None]:
        """Open one savepoint for all that is written until its end."""
        with self.writing():
            yield

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give the host's connection."""
        with self._ours(reads=True):
            yield self._connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Give the host's connection; where its transaction does not see one moment, nobody may write meanwhile."""
        steady = self.dialect.one_moment or not self.dialect.can_savepoint(self._connection)
        with self.reading() if steady else self.writing() as connection:
            yield connection

    def close(self) -> None:
        """Do nothing: the connection is the host's."""

    def _ours(self, *, reads: bool = False) -> Any:
        return translated(self.dialect, self.engine, self.url, self._tables, reads=reads)


@contextmanager
def translated(dialect: Dialect, engine: Engine, url: str, tables: Tables, *, reads: bool) -> Iterator[None]:
    """Turn the driver's errors into our own; a mistake in somebody's select stays SQLAlchemy's.

    Args:
        dialect: The dialect.
        engine: Whose driver.
        url: For messages.
        tables: The tables.
        reads: True where a failure means that something cannot be read.
    """
    try:
        yield
    except TimeoutError:
        raise BusyError(url=url) from None
    except UnicodeDecodeError as error:  # a damaged schema is quoted, and is no text any more
        raise UnreadableError(url=url, problem=dialect.told(error)) from error
    except _failures(engine) as error:
        raw = getattr(error, "orig", error)
        if isinstance(error, ProgrammingError) and getattr(raw, "sqlstate", None) != FORBIDDEN:
            raise
        if isinstance(error, DBAPIError):
            error.hide_parameters, error.params = True, None  # a host's engine may not hide them by itself
        raise _ours(dialect, error, url, tables, reads=reads) from error


def _failures(engine: Engine) -> tuple[type[Exception], ...]:
    """Return what a failing database raises: SQLAlchemy's errors, and the driver's own where we speak to it."""
    return DBAPIError, getattr(engine.dialect.loaded_dbapi, "Error", sqlite3.Error)


def _ours(dialect: Dialect, error: Any, url: str, tables: Tables, *, reads: bool) -> LedgerError:
    ours = dialect.fault(error, url, tables)
    if reads and not isinstance(ours, (BusyError, UnreachableError)):
        return UnreadableError(url=url, problem=dialect.told(error))
    return ours


def address_of(engine: Engine) -> str:
    """Return an engine's URL without its password."""
    return engine.url.render_as_string(hide_password=True)


def stands(place: str | Engine | Connection, tables: Tables, wait: float) -> Place:
    """Return the place that a URL, an engine or a connection names.

    Raises:
        UnknownIdError: It is neither SQLite nor PostgreSQL.
        MissingPackageError: The database's driver is not installed.
    """
    if isinstance(place, Connection):
        dialect = dialect_of(place.dialect.name)
        return Borrowed(place, dialect, address_of(place.engine), tables, wait)
    if isinstance(place, Engine):
        dialect = dialect_of(place.dialect.name)
        return Pooled(dialect.lent(place), dialect, address_of(place), tables, wait, own=False)
    dialect = dialect_of(sa.make_url(place).get_backend_name())
    engine = dialect.engine(place, wait)
    url = place if dialect is DIALECTS["sqlite"] else address_of(engine)
    return Pooled(engine, dialect, url, tables, wait, own=True)
