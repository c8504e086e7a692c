"""What is special about SQLite: durable settings on every connection, explicit BEGIN, raw tuples."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from attrs import astuple
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import StaticPool

from zoufang.facts import FACT_TABLES, FactTable, Tables
from zoufang.ledger.base import Commit, PrivateText
from zoufang.ledger.seal import chunks
from zoufang.typing import WireRow

APPLICATION_ID = 0x7A6F7566
"""Marks a file as ours (``zouf`` in ASCII)."""

REVISION = 1
"""Revision of the schema, kept in ``user_version``."""

BUSY_MS = 10_000
"""How long a writer waits for another one."""

WRITES = {"zoufang_writes": True}
"""Execution option of a connection that is about to write: its BEGIN takes the lock at once."""

PRAGMAS: Mapping[str, object] = {
    "busy_timeout": BUSY_MS,
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "cache_size": -64_000,
    "temp_store": "MEMORY",
}
"""Set on every pooled connection."""


def make_engine(url: str | sa.URL) -> Engine:
    """Return an engine whose connections are durable and whose transactions begin where we say.

    Args:
        url: A ``sqlite://`` URL.
    """
    memory = sa.make_url(url).database in (None, "", ":memory:")
    options: dict[str, Any] = {"poolclass": StaticPool} if memory else {}
    engine = sa.create_engine(
        url,
        hide_parameters=True,
        query_cache_size=4000,
        connect_args={"check_same_thread": False, "timeout": BUSY_MS / 1000},
        **options,
    )
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def marks(url: str) -> tuple[int, int]:
    """Return the application id and the schema revision of a database, and change nothing in its file.

    Raises:
        sqlite3.DatabaseError: It is no SQLite database.
    """
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


def _set_up(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for name, value in PRAGMAS.items():
        cursor.execute(f"PRAGMA {name} = {value}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("zoufang_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def pour(
    connection: Connection,
    tables: Tables,
    commit: Commit,
    facts: Mapping[str, Sequence[WireRow]],
    private: Sequence[PrivateText],
) -> None:
    """Insert one commit with its facts and private texts, in chunks of raw tuples."""
    connection.exec_driver_sql(_insert(tables.commits), astuple(commit))
    if private:
        statement = _insert(tables.private_texts)
        for chunk in chunks(private):
            connection.exec_driver_sql(statement, [(p.ref, p.subject_id, p.salt, p.body) for p in chunk])
    for table in FACT_TABLES:
        rows = facts.get(table.name)
        if rows:
            _pour_rows(connection, _insert(tables.by_name[table.name]), commit.seq, rows)


def _pour_rows(connection: Connection, statement: str, seq: int, rows: Sequence[WireRow]) -> None:
    place = 0
    for chunk in chunks(rows):
        connection.exec_driver_sql(statement, [(seq, place + i, *row) for i, row in enumerate(chunk)])
        place += len(chunk)


def _insert(table: sa.Table) -> str:
    marks = ", ".join("?" * len(table.columns))
    return f'INSERT INTO "{table.name}" VALUES ({marks})'  # noqa: S608 - our own table names and bound values


def wire_rows(connection: Connection, spec: FactTable, table: sa.Table) -> Any:
    """Return every row of a fact table just as it is stored, in the order of commit and place."""
    names = ", ".join(f'"{name}"' for name in ("commit_seq", "ord", *spec.names))
    query = f'SELECT {names} FROM "{table.name}" ORDER BY commit_seq, ord'  # noqa: S608 - our own names
    cursor = connection.connection.cursor()
    cursor.execute(query)
    return cursor
