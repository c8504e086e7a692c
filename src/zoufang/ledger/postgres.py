"""What is special about PostgreSQL: an advisory lock before anything else, COPY, sqlstates."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, CursorResult, Engine

from zoufang.errors import (
    BackupNeededError,
    BusyError,
    LedgerError,
    MissingPackageError,
    RefusedFactError,
    StorageError,
    UnknownIdError,
    UnreachableError,
)
from zoufang.facts import BY_NAME, Day, Tables
from zoufang.ledger.copies import dump_command, dump_postgres, how_to_dump, shown, unused
from zoufang.ledger.dialects import Row, listed, without_rows_in_the_log, written
from zoufang.ledger.turns import Turns

FEW = 20
"""Up to so many rows INSERT is as fast as COPY."""

STREAMED = 5_000
"""Rows that a server-side cursor fetches at once."""

DRIVER = "psycopg"
"""The one driver whose COPY we speak."""

NUMERIC = 1700
"""PostgreSQL's own number of its type ``numeric``, which a sum of ``bigint`` has."""

BUSY = {"55P03", "40001", "40P01"}
"""Lock not had in time, serialisation failure, deadlock: all may be tried again."""

GONE = {"57P01", "57P02", "57P03", "53300"}
"""The server was shut down, has crashed, is starting, or has no connection left."""

UNIQUE, INTEGRITY, VALUES = "23505", "23", "22"


class Postgres:
    """PostgreSQL as a :class:`~zoufang.ledger.dialects.Dialect`."""

    one_moment = False

    def occupied(self, url: str) -> bool:
        """Say no: whether the tables are there is seen within the transaction that would make them."""
        return False

    def inspect(self, url: str) -> int | None:
        """Look at nothing: a database is not changed by connecting to it."""

    def engine(self, url: str, wait: float) -> Engine:
        """Return an engine of our own, in READ COMMITTED.

        Raises:
            MissingPackageError: psycopg is not installed.
            UnknownIdError: The URL names another driver.
        """
        address = sa.make_url(url)
        if address.drivername == "postgresql":
            address = address.set(drivername=f"postgresql+{DRIVER}")
        _check_driver(address.get_driver_name())
        try:
            engine = sa.create_engine(
                address,
                hide_parameters=True,
                query_cache_size=4000,
                isolation_level="READ COMMITTED",
                pool_pre_ping=True,
            )
        except ModuleNotFoundError as error:
            raise MissingPackageError(package=str(error.name), extra="postgres") from None
        return without_rows_in_the_log(engine)

    def lent(self, engine: Engine) -> Engine:
        """Return a host's engine as we use it; SQLAlchemy sets the isolation level back after each use."""
        _check_driver(engine.dialect.driver)
        ours = without_rows_in_the_log(engine.execution_options(isolation_level="READ COMMITTED"))
        ours.hide_parameters = True
        return ours

    def turns(self, engine: Engine, wait: float) -> Turns | None:
        """Return nothing: those who wait for an advisory lock stand in a queue already."""
        return None

    def stamp(self, connection: Connection, revision: int) -> None:
        """Do nothing: the table of marks says whose it is."""

    def stamped(self, connection: Connection) -> int | None:
        """Return nothing, likewise."""

    def home(self, connection: Connection, tables: Tables) -> str | None:
        """Return the schema in which the tables are found, whether it was named or stands on the search path."""
        return str(_standing(connection, tables)[1])

    def backup_place(self, connection: Connection, tables: Tables, found: int, into: Path | None) -> Path | None:
        """Return the file that was named; without one, say which command makes the backup."""
        if into is None:
            command = dump_command(connection.engine.url, str(self.home(connection, tables)), tables.prefix, "FILE")
            raise BackupNeededError(url=shown(connection.engine.url), how=how_to_dump(command))
        return unused(into, shown(connection.engine.url))

    def backup(self, connection: Connection, tables: Tables, into: Path) -> None:
        """Let `pg_dump` copy the ledger's tables, while this transaction keeps writers out, however long it takes."""
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        dump_postgres(connection.engine.url, str(self.home(connection, tables)), tables.prefix, into)

    def lock(self, connection: Connection, tables: Tables) -> int:
        """Return a number of 64 bits from the database, the schema in which the tables stand, and their prefix."""
        named = "\0".join(("zoufang", *map(str, _standing(connection, tables)), tables.prefix))
        return int.from_bytes(hashlib.sha256(named.encode()).digest()[:8], "big", signed=True)

    @contextmanager
    def begin(self, engine: Engine, lock: int, wait: float) -> Iterator[Connection]:
        """Open a transaction that takes the lock first; the next statement then sees all that was committed before."""
        with engine.begin() as connection:
            connection.exec_driver_sql(
                "SELECT set_config('lock_timeout', %s, true), set_config('synchronous_commit', "
                "CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' "
                "ELSE current_setting('synchronous_commit') END, true), pg_advisory_xact_lock(%s)",
                (_millis(wait), lock),
            )
            yield connection

    @contextmanager
    def snapshot(self, engine: Engine) -> Iterator[Connection]:
        """Open a transaction for reading in which every select sees the same moment."""
        with engine.connect() as connection:
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield connection

    def hold(self, connection: Connection, tables: Tables, lock: int, wait: float) -> None:
        """Take the lock within a host's transaction, and set its own lock timeout back."""
        query = (
            "SELECT current_setting('lock_timeout'), set_config('lock_timeout', %s, true), pg_advisory_xact_lock(%s)"
        )
        before = connection.exec_driver_sql(query, (_millis(wait), lock)).scalar_one()
        connection.exec_driver_sql("SELECT set_config('lock_timeout', %s, true)", (before,))

    def can_savepoint(self, connection: Connection) -> bool:
        """Say whether a transaction is open, or would be begun by the next statement."""
        raw: Any = connection.connection.driver_connection
        return not raw.autocommit or raw.info.transaction_status != 0

    def insert(
        self, connection: Connection, table: sa.Table, columns: Sequence[str], rows: Iterable[Row], n: int
    ) -> None:
        """Insert many rows by COPY, and few, or on an asynchronous driver, by INSERT."""
        where = f"{written(connection, table)} ({listed(connection, columns)})"
        if n <= FEW or connection.dialect.is_async:
            marks = ", ".join(["%s"] * len(columns))
            connection.exec_driver_sql(f"INSERT INTO {where} VALUES ({marks})", list(rows))  # noqa: S608 - our own names and bound values
            return
        cursor: Any = connection.connection.cursor()
        with cursor, cursor.copy(f"COPY {where} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def rows(self, connection: Connection, table: sa.Table, columns: Sequence[str], order: Sequence[str]) -> Any:
        """Return all rows through a cursor on the server, so that memory stays level."""
        query = sa.select(*_wire(table, columns)).order_by(*(table.c[name] for name in order))
        return connection.execute(query.execution_options(stream_results=True, yield_per=STREAMED))

    def of_commit(
        self, connection: Connection, table: sa.Table, columns: Sequence[str], seq: int
    ) -> Iterable[Sequence[Any]]:
        """Return the rows of one commit."""
        query = sa.select(*_wire(table, columns)).where(table.c.commit_seq == seq).order_by(table.c.ord)
        return connection.execute(query).all()

    def plain(self, result: CursorResult[Any]) -> list[Row]:
        """Return the rows of a select; a sum of whole numbers comes as Decimal, and becomes ``int`` again."""
        cursor: Any = result.cursor
        sums = [place for place, column in enumerate(cursor.description) if column[1] == NUMERIC]
        rows = [tuple(row) for row in result]
        return [_whole(row, sums) for row in rows] if sums else rows

    def told(self, error: BaseException) -> str:
        """Return the server's first line; it keeps silent about a value that the server would quote."""
        raw = getattr(error, "orig", error)
        diag, state = getattr(raw, "diag", None), getattr(raw, "sqlstate", None)
        if diag is None or state is None:
            return str(raw).splitlines()[0] if str(raw) else type(raw).__name__
        return f"sqlstate {state}" if state.startswith(VALUES) else f"{diag.message_primary} ({state})"

    def in_doubt(self, error: BaseException) -> bool:
        """Say yes unless the server itself has answered that it refused: a lost connection tells nothing."""
        diag = getattr(getattr(error, "orig", error), "diag", None)
        return getattr(diag, "severity_nonlocalized", None) != "ERROR"

    def fault(self, error: BaseException, url: str, tables: Tables) -> LedgerError:
        """Return our own error for one of the driver's, and take the stored values out of the driver's."""
        raw: Any = getattr(error, "orig", error)
        told = self.told(error)
        state = getattr(raw, "sqlstate", None)
        ours: LedgerError = StorageError(url=url, problem=told)
        if state is None or state.startswith("08") or state in GONE:
            ours = UnreachableError(url=url, problem=told)
        elif state in BUSY:
            ours = BusyError(url=url)
        elif state.startswith(INTEGRITY):
            ours = _refused(raw.diag, url, tables)
        for one in (raw, error):
            one.args = (told,)
        return ours


def _standing(connection: Connection, tables: Tables) -> Sequence[Any]:
    """Return the database and the schema in which a ledger's tables stand, or would be made."""
    query = sa.text(
        "SELECT current_database(), coalesce((SELECT n.nspname FROM pg_class c JOIN pg_namespace n "
        "ON n.oid = c.relnamespace WHERE c.oid = to_regclass(:name)), :schema, current_schema())"
    ).bindparams(
        sa.bindparam("name", written(connection, tables.commits), sa.String),
        sa.bindparam("schema", tables.schema, sa.String),
    )
    return connection.execute(query).one()


def _check_driver(driver: str) -> None:
    if driver.removesuffix("_async") != DRIVER:
        raise UnknownIdError(what="storage", id=f"postgresql+{driver}", known=(f"postgresql+{DRIVER}",))


def _millis(wait: float) -> str:
    return str(max(1, round(wait * 1000)))  # 0 would mean to wait for ever


def _wire(table: sa.Table, columns: Sequence[str]) -> Iterator[sa.ColumnElement[Any]]:
    for name in columns:
        column = table.c[name]
        day = isinstance(column.type, Day)
        yield sa.func.to_char(column, "YYYY-MM-DD").label(name) if day else column


def _whole(row: Row, places: Sequence[int]) -> Row:
    cells = list(row)
    for place in places:
        cell = cells[place]
        if isinstance(cell, Decimal) and cell == cell.to_integral_value():
            cells[place] = int(cell)
    return tuple(cells)


def _refused(diag: Any, url: str, tables: Tables) -> LedgerError:
    """Name table and key by our own declarations; the server's words would quote the values."""
    name = str(diag.table_name).removeprefix(tables.prefix)
    primary = str(diag.constraint_name).endswith("_pkey")
    if diag.sqlstate == UNIQUE and (name == "commits" or (name in BY_NAME and primary)):
        # Only a host's transaction that began its snapshot before ours can be so far behind: let it begin anew.
        return BusyError(url=url)
    if name in BY_NAME and not primary:
        key = BY_NAME[name].key
    else:
        key = tuple(column.name for column in tables.by_name[name].primary_key)
    return RefusedFactError(table=name, key=", ".join(f"{name}.{column}" for column in key))
