"""For hosts whose own migrations change the tables: compare what they made, and move the ledger's mark."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from zoufang.errors import OlderSchemaError, OtherTablesError
from zoufang.facts import Tables, tables
from zoufang.ledger.dialects import REVISION
from zoufang.ledger.migrations.migrating import WAIT_S, mark
from zoufang.ledger.places import stands
from zoufang.ledger.revisions import marks_in, other_revision


def adopt(place: Engine | Connection, *, prefix: str = "", schema: str | None = None) -> None:
    """Mark a ledger as one of this release, after a host's own migrations have changed its tables.

    Args:
        place: The host's engine, or a connection that it lends within the transaction of its migration.
        prefix: Stands before each table's name.
        schema: Database schema; the connection's own if None.

    Raises:
        OtherTablesError: Its tables are not those of this release; with what differs.
        NewerSchemaError: It is of a later release.
        NotALedgerError: It has no mark.
    """
    made = tables(prefix=prefix, schema=schema)
    stood = stands(place, made, WAIT_S)
    try:
        with stood.reading() as connection:
            stood.lock = stood.dialect.lock(connection, made)
        with stood.writing() as connection:
            kept = marks_in(connection, made).get("revision", "")
            other = other_revision(stood.url, kept)
            if kept != str(REVISION) and not isinstance(other, OlderSchemaError):
                raise other
            found = tuple(differences(connection, made))
            if found:
                raise OtherTablesError(url=stood.url, differences=found)
            mark(stood, connection, made)
    finally:
        stood.close()


def differences(connection: Connection, made: Tables) -> Iterator[str]:
    """Yield what a database's tables lack of those that are declared, or have beside them.

    Compared are columns with their types, collations and whether they may be empty, primary keys, unique constraints
    and indexes; names of constraints and the order of columns are a host's own business.

    Args:
        connection: To the database.
        made: The declared tables.
    """
    looking = sa.inspect(connection)
    for table in made:
        if not looking.has_table(table.name, schema=table.schema):
            yield table.name
            continue
        wanted, there = _declared(connection, table), _reflected(connection, looking, table)
        yield from (f"{table.name}: {one}" for one in sorted(wanted ^ there))


def _declared(connection: Connection, table: sa.Table) -> set[str]:
    told = {_column(connection, c.name, c.type, null=bool(c.nullable)) for c in table.columns}
    told.add(_of("primary key", [c.name for c in table.primary_key]))
    told |= {_of("unique", c.columns.keys()) for c in table.constraints if isinstance(c, sa.UniqueConstraint)}
    return told | {_of("index", index.columns.keys()) for index in table.indexes}


def _reflected(connection: Connection, looking: sa.Inspector, table: sa.Table) -> set[str]:
    name, schema = table.name, table.schema
    told = {_column(connection, c["name"], c["type"], null=c["nullable"]) for c in looking.get_columns(name, schema)}
    told.add(_of("primary key", looking.get_pk_constraint(name, schema)["constrained_columns"]))
    told |= {_of("unique", one["column_names"]) for one in looking.get_unique_constraints(name, schema)}
    indexes = (one for one in looking.get_indexes(name, schema) if "duplicates_constraint" not in one)
    return told | {_of("index", [str(column) for column in one["column_names"]]) for one in indexes}


def _column(connection: Connection, name: str, kind: sa.types.TypeEngine[object], *, null: bool) -> str:
    return f"{name} {kind.compile(connection.dialect)}{'' if null else ' NOT NULL'}"


def _of(what: str, columns: list[str]) -> str:
    return f"{what} ({', '.join(columns)})"
