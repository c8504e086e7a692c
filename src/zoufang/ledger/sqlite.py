"""What is special about SQLite: durable settings on every connection, explicit BEGIN, raw tuples."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, CursorResult, Engine
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.pool import StaticPool

from zoufang.errors import BusyError, LedgerError, NotALedgerError, RefusedFactError, StorageError
from zoufang.facts import Tables
from zoufang.ledger.copies import beside, copy_sqlite
from zoufang.ledger.dialects import REVISION, WAIT_S, Row, listed, without_rows_in_the_log, written
from zoufang.ledger.turns import Turns

APPLICATION_ID = 0x7A6F7566
"""Marks a file as ours (``zouf`` in ASCII)."""

MAGIC, HEADER = b"SQLite format 3\0", 100
"""How each SQLite file begins, and the length of its header."""

WRITES = {"zoufang_writes": True}
"""Execution option of a connection that is about to write: its BEGIN takes the lock at once."""

FULL = 2
"""``PRAGMA synchronous`` from which on a commit survives a power cut."""

NOT_KEPT = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CONSTRAINT", "SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_READONLY")
"""With these a COMMIT fails before the last frame of the change is in the log; with a failed ``fsync`` it is there."""

PRAGMAS: Mapping[str, object] = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "cache_size": -64_000,
    "temp_store": "MEMORY",
    "secure_delete": "ON",
}
"""Set on every pooled connection, beside ``busy_timeout``."""


def begin_explicitly(engine: Engine) -> Engine:
    """Make a host's own SQLite engine begin its transactions with BEGIN, so that savepoints stand within them.

    Python's driver begins only before a first INSERT, UPDATE or DELETE; a savepoint that comes earlier would commit by
    itself, whatever the host does afterwards.

    Args:
        engine: The host's engine; for an asynchronous one, its ``sync_engine``. Other databases are left alone.

    Returns:
        The same engine.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    if not _in_transaction(connection):
        writes = connection.get_execution_options().get("zoufang_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _in_transaction(connection: Connection) -> bool:
    raw: Any = connection.connection.driver_connection
    return bool(raw.in_transaction)


class Sqlite:
    """SQLite as a :class:`~zoufang.ledger.dialects.Dialect`."""

    one_moment = True

    def occupied(self, url: str) -> bool:
        """Say whether something stands already where a new ledger of our own is to be."""
        return begun(url)

    def inspect(self, url: str) -> int | None:
        """Look at what a URL names, and change nothing in its file; return the revision that is stamped on it."""
        path = file_of(url)
        if path is not None and not path.is_file():
            raise NotALedgerError(url=url)
        try:
            found, revision = marks(url)
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            raise NotALedgerError(url=url) from None
        if found != APPLICATION_ID:
            raise NotALedgerError(url=url)
        return revision

    def engine(self, url: str, wait: float) -> Engine:
        """Return an engine whose connections are durable and whose transactions begin where we say."""
        return make_engine(url, wait)

    def lent(self, engine: Engine) -> Engine:
        """Return a host's engine as we use it; a connection's settings are as before when it returns to the pool."""
        ours = without_rows_in_the_log(engine.execution_options(zoufang_lent=True))
        ours.hide_parameters = True
        event.listen(ours, "begin", _begin)
        return ours

    def turns(self, engine: Engine, wait: float) -> Turns | None:
        """Return the turns of a file's writers; a database in memory or behind ``file:`` has none."""
        path = file_of(str(engine.url))
        return None if path is None else Turns(path.resolve(), wait)

    def stamp(self, connection: Connection, revision: int) -> None:
        """Mark a file of our own as ours, and of a revision."""
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version = {revision}")

    def stamped(self, connection: Connection) -> int | None:
        """Return the revision that is stamped on a file of our own; None for a host's."""
        ours = connection.exec_driver_sql("PRAGMA application_id").scalar_one() == APPLICATION_ID
        return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one()) if ours else None

    def home(self, connection: Connection, tables: Tables) -> str | None:
        """Return the schema that was named: an attached database."""
        return tables.schema

    def backup_place(self, connection: Connection, tables: Tables, found: int, into: Path | None) -> Path | None:
        """Return a new file beside the ledger's; None for a database in memory."""
        file = connection.exec_driver_sql("SELECT file FROM pragma_database_list WHERE name = 'main'").scalar_one()
        return beside(Path(file), found, into) if file else None

    def backup(self, connection: Connection, tables: Tables, into: Path) -> None:
        """Copy the file by VACUUM INTO, from a connection of its own."""
        file = connection.exec_driver_sql("SELECT file FROM pragma_database_list WHERE name = 'main'").scalar_one()
        copy_sqlite(Path(file), into, tables)

    def lock(self, connection: Connection, tables: Tables) -> int:
        """Return nothing that matters: SQLite locks its whole file."""
        return 0

    @contextmanager
    def begin(self, engine: Engine, lock: int, wait: float) -> Iterator[Connection]:
        """Open a transaction that holds the file's write lock from its first moment."""
        with engine.connect() as connection:
            connection.execution_options(**WRITES)
            with _durable(connection), connection.begin():
                yield connection

    @contextmanager
    def snapshot(self, engine: Engine) -> Iterator[Connection]:
        """Open a transaction for reading; from its first select on it sees one moment."""
        with engine.connect() as connection:
            yield connection

    def hold(self, connection: Connection, tables: Tables, lock: int, wait: float) -> None:
        """Take the write lock by a change of no row; before there are tables, making them takes it."""
        try:
            connection.exec_driver_sql(f"UPDATE {written(connection, tables.ledger_meta)} SET value = value WHERE 0")  # noqa: S608 - our own name
        except OperationalError as error:
            if "no such table" not in str(error.orig):
                raise

    def can_savepoint(self, connection: Connection) -> bool:
        """Say whether the driver has begun a transaction; a first select lets SQLAlchemy's own begin."""
        if not connection.in_transaction():
            connection.exec_driver_sql("SELECT 1")
        return _in_transaction(connection)

    def insert(
        self, connection: Connection, table: sa.Table, columns: Sequence[str], rows: Iterable[Row], n: int
    ) -> None:
        """Insert raw tuples by the driver itself, which takes each as it is made: no list of them, no second look."""
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {written(connection, table)} ({listed(connection, columns)}) VALUES ({marks})"  # noqa: S608 - our own names and bound values
        cursor: Any = connection.connection.cursor()
        cursor.executemany(statement, rows)

    def rows(self, connection: Connection, table: sa.Table, columns: Sequence[str], order: Sequence[str]) -> Any:
        """Return a cursor over all rows just as they are stored; a day is text already."""
        # With its table before it, a name that is not there is an error; alone in quotes SQLite takes it for a text.
        where = written(connection, table)
        names = ", ".join(f"{where}.{listed(connection, [name])}" for name in columns)
        by = listed(connection, order)
        cursor = connection.connection.cursor()
        cursor.execute(f"SELECT {names} FROM {where} ORDER BY {by}")  # noqa: S608 - our own names
        return cursor

    def of_commit(
        self, connection: Connection, table: sa.Table, columns: Sequence[str], seq: int
    ) -> Iterable[Sequence[Any]]:
        """Return the rows of one commit."""
        names = listed(connection, columns)
        query = f"SELECT {names} FROM {written(connection, table)} WHERE commit_seq = ? ORDER BY ord"  # noqa: S608 - our own names
        return connection.exec_driver_sql(query, (seq,)).all()

    def plain(self, result: CursorResult[Any]) -> list[Row]:
        """Return the rows of a select."""
        return [tuple(row) for row in result]

    def told(self, error: BaseException) -> str:
        """Return SQLite's own words, without the stored text that it quotes where that is not UTF-8."""
        return str(getattr(error, "orig", error)).partition(" with text ")[0]

    def in_doubt(self, error: BaseException) -> bool:
        """Say yes unless SQLite's own code says that the last page was not written."""
        return not str(getattr(getattr(error, "orig", error), "sqlite_errorname", "")).startswith(NOT_KEPT)

    def fault(self, error: BaseException, url: str, tables: Tables) -> LedgerError:
        """Return our own error for one of the driver's."""
        raw = self.told(error)
        if isinstance(error, (IntegrityError, sqlite3.IntegrityError)):
            names = [name.removeprefix(tables.prefix) for name in raw.rpartition(": ")[2].split(", ")]
            return RefusedFactError(table=names[0].partition(".")[0], key=", ".join(names))
        if isinstance(error, (OperationalError, sqlite3.OperationalError)) and "locked" in raw:
            return BusyError(url=url)
        return StorageError(url=url, problem=raw)


@contextmanager
def _durable(connection: Connection) -> Iterator[None]:
    """Let a connection of a host's pool synchronise fully for one transaction, and set it back afterwards."""
    if "zoufang_lent" not in connection.get_execution_options() or _in_transaction(connection):
        yield
        return
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA synchronous")
    (before,) = cursor.fetchone() or (FULL,)
    cursor.execute(f"PRAGMA synchronous = {max(before, FULL)}")
    try:
        yield
    finally:
        cursor.execute(f"PRAGMA synchronous = {before}")
        cursor.close()


def make_engine(url: str | sa.URL, wait: float = WAIT_S) -> Engine:
    """Return an engine whose connections are durable and whose transactions begin where we say.

    Args:
        url: A ``sqlite://`` URL.
        wait: Seconds that a writer waits for one of another program.
    """
    memory = sa.make_url(url).database in (None, "", ":memory:")
    options: dict[str, Any] = {"poolclass": StaticPool} if memory else {}
    engine = sa.create_engine(
        url,
        hide_parameters=True,
        query_cache_size=4000,
        connect_args={"check_same_thread": False, "timeout": wait},
        **options,
    )
    event.listen(engine, "connect", _set_up)
    return begin_explicitly(without_rows_in_the_log(engine))


def _set_up(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for name, value in PRAGMAS.items():
        cursor.execute(f"PRAGMA {name} = {value}")
    cursor.close()


def marks(url: str) -> tuple[int, int]:
    """Return the application id and the schema revision of a database, and change nothing in its file.

    Raises:
        sqlite3.DatabaseError: It is no SQLite database.
    """
    path = file_of(url)
    if path is not None and not any(path.with_name(path.name + suffix).exists() for suffix in ("-wal", "-journal")):
        return _header(path)
    database = str(sa.make_url(url).database)
    uri = database if database.startswith("file:") else f"{Path(database).absolute().as_uri()}?mode=ro"
    connection = sqlite3.connect(uri, uri=True)
    try:
        found, revision = (
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
        )
    finally:
        connection.close()
    return found, revision


def _header(path: Path) -> tuple[int, int]:
    """Read both marks from the file's header; SQLite itself, even reading only, would leave files beside it."""
    try:
        with path.open("rb") as file:
            header = file.read(HEADER)
    except OSError as error:
        raise sqlite3.OperationalError(error.strerror) from error
    if not header.startswith(MAGIC) or len(header) < HEADER:
        raise sqlite3.DatabaseError
    return int.from_bytes(header[68:72], "big"), int.from_bytes(header[60:64], "big")


def begun(url: str) -> bool:
    """Say whether the file of a URL holds anything: a commit, or what somebody else put there.

    It does not where there is no file, where it is empty, and where a process was killed while it made a ledger:
    SQLite writes the file's first page before our tables, and the tables stand there before the first commit.
    """
    path = file_of(url)
    if path is None or not path.exists() or not path.stat().st_size:
        return False
    try:
        found, revision = marks(url)
        if (found, revision) != (APPLICATION_ID, REVISION):
            return found != 0 or _has_row(path, "sqlite_master")
        return _has_row(path, "commits")
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return True


def _has_row(path: Path, table: str) -> bool:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        return connection.execute(f'SELECT 1 FROM "{table}"').fetchone() is not None  # noqa: S608 - our own names
    finally:
        connection.close()


def file_of(url: str) -> Path | None:
    """Return the file of a URL; None for memory and for SQLite's own ``file:`` addresses."""
    database = sa.make_url(url).database
    return None if database in (None, "", ":memory:") or str(database).startswith("file:") else Path(str(database))
