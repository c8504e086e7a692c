"""The fact tables as SQLAlchemy tables, and the few selects that everybody needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

import sqlalchemy as sa
from attrs import frozen

from zoufang.facts.beside import META, OUTBOX
from zoufang.facts.declared import COMMITS, FACT_TABLES, PRIVATE
from zoufang.facts.personal import BLIND_INDEX, SUBJECT_KEYS
from zoufang.facts.shape import FactTable, Sort
from zoufang.typing import Seq

BY_CODE_POINT = "C"
"""The collation of every text on PostgreSQL: it sorts as SQLite does, whatever language the server was set up for."""


class Instant(sa.types.TypeDecorator[str]):
    """An instant as its wire text."""

    impl = sa.String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """Return how a database keeps it."""
        by_code_point = {"collation": BY_CODE_POINT} if dialect.name == "postgresql" else {}
        return dialect.type_descriptor(sa.String(27, **by_code_point))


class Day(sa.types.TypeDecorator[date]):
    """A day: a real one on PostgreSQL, its wire text on SQLite.

    SQLite's own type DATE would only be a name, by which a host's connection (Django's, say) may convert what it reads.
    """

    impl = sa.String(10)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """Return how a database keeps it."""
        return dialect.type_descriptor(sa.Date() if dialect.name == "postgresql" else sa.String(10))

    def process_bind_param(self, value: date | None, dialect: sa.Dialect) -> Any:
        """Return what is handed to the driver."""
        return value if value is None or dialect.name == "postgresql" else value.isoformat()

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> date | None:
        """Return the day."""
        return date.fromisoformat(value) if isinstance(value, str) else value


def _text(kind: type[sa.String]) -> sa.String:
    return kind().with_variant(kind(collation=BY_CODE_POINT), "postgresql")


_TYPES: Mapping[Sort, Any] = {
    Sort.ID: lambda: _text(sa.String),
    Sort.TEXT: lambda: _text(sa.Text),
    Sort.INT: lambda: sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
    Sort.DAY: Day,
    Sort.INSTANT: Instant,
    Sort.REF: lambda: _text(sa.String),
}

SIDE: tuple[tuple[FactTable, tuple[str, ...]], ...] = (
    (COMMITS, ("seq",)),
    (PRIVATE, ("ref",)),
    (SUBJECT_KEYS, ("subject_id",)),
    (BLIND_INDEX, ("mark", "ref")),
    (META, ("name",)),
    (OUTBOX, ("seq", "consumer")),
)
"""The tables that hold no facts, each with its primary key."""


@frozen
class Tables:
    """The SQLAlchemy tables of one ledger, for reading and for hosts that own their migrations.

    Args:
        metadata: The metadata they belong to.
        by_name: Each table by the name of its fact table, without prefix; those of :data:`SIDE` among them.
        prefix: What stands before each table's name.
        schema: Database schema, if any.
    """

    metadata: sa.MetaData
    by_name: Mapping[str, sa.Table]
    prefix: str = ""
    schema: str | None = None

    def __getattr__(self, name: str) -> sa.Table:
        try:
            return self.by_name[name]
        except KeyError:
            raise AttributeError(name) from None

    def __iter__(self) -> Iterator[sa.Table]:
        return iter(self.by_name.values())


def _columns(table: FactTable, primary: Sequence[str]) -> list[sa.Column[Any]]:
    return [
        sa.Column(
            c.name,
            _TYPES[c.sort](),
            nullable=c.null,
            primary_key=c.name in primary,
            autoincrement=False if c.name in primary else "auto",
            comment=c.doc,
        )
        for c in table.columns
    ]


def tables(metadata: sa.MetaData | None = None, *, prefix: str = "", schema: str | None = None) -> Tables:
    """Return the SQLAlchemy tables of a ledger.

    Args:
        metadata: Where to put them; a new one if None.
        prefix: Put before each table's name.
        schema: Database schema, if any.

    Returns:
        All fact tables, and the tables beside them.
    """
    metadata = sa.MetaData() if metadata is None else metadata
    made: dict[str, sa.Table] = {}
    for spec, primary in SIDE:
        made[spec.name] = sa.Table(prefix + spec.name, metadata, *_columns(spec, primary), schema=schema)
    made["commits"].append_constraint(sa.UniqueConstraint("submission_id"))
    for spec in FACT_TABLES:
        table = sa.Table(
            prefix + spec.name,
            metadata,
            sa.Column("commit_seq", sa.BigInteger(), primary_key=True, autoincrement=False),
            sa.Column("ord", sa.BigInteger(), primary_key=True, autoincrement=False),
            *_columns(spec, ()),
            schema=schema,
        )
        if spec.key:
            table.append_constraint(sa.UniqueConstraint(*spec.key))
        for index in spec.indexes:
            sa.Index(f"ix_{prefix}{spec.name}_{'_'.join(index)}", *(table.c[name] for name in index))
        made[spec.name] = table
    return Tables(metadata=metadata, by_name=made, prefix=prefix, schema=schema)


@frozen
class Checkpoint:
    """Where a ledger stood: printed on every report, so that each paper copy is a witness.

    Args:
        seq: The last commit.
        chain: Its link, hexadecimal.
    """

    seq: Seq
    chain: str

    @property
    def code(self) -> str:
        """A short form for print: the number and the first twelve digits of the link, in fours."""
        head = self.chain[:12]
        return f"{self.seq}-{head[:4]}-{head[4:8]}-{head[8:]}"


class Reader(Protocol):
    """Whatever answers selects over the fact tables: a ledger, or an engine over its copies."""

    @property
    def tables(self) -> Tables:
        """The tables that selects are written against."""
        ...

    def select(self, query: sa.Select[Any]) -> list[tuple[Any, ...]]:
        """Run one select and return its rows."""
        ...


def latest(table: sa.Table, key: str, as_of: Seq | None = None, *, counter: str = "version") -> sa.Subquery:
    """Return the rows of a versioned table that are in force as of a commit.

    Args:
        table: A table with a counter per key.
        key: The column that names the thing.
        as_of: The last commit that counts; None for all.
        counter: The column that counts its versions.

    Returns:
        A subquery with the table's own columns.
    """
    # "No later version" as an anti-join: a condition on the key reaches the unique index, and PostgreSQL guesses the
    # number of rows right; ranking the versions does neither.
    later = table.alias("later")
    newer = later.c[counter] > table.c[counter]
    followed = sa.exists().where(later.c[key] == table.c[key], newer, *up_to(later, as_of))
    return sa.select(table).where(*up_to(table, as_of), ~followed).subquery(f"latest_{table.name}")


def visits_in_force(tables: Tables, as_of: Seq | None = None) -> sa.Subquery:
    """Return the visits that count as of a commit: all but those in whose place another version was put by then.

    Every figure, list, plan and report reads visits from here, so that a visit that was replaced counts nowhere, and
    so that what was counted before it was replaced stays as it was.

    Args:
        tables: The tables.
        as_of: The last commit that counts; None for all.

    Returns:
        A subquery with the columns of ``visits``.
    """
    v, gone = tables.visits, tables.replaced_visits
    # NOT IN, where neither side can be null: both databases read the few replaced numbers once and look each visit up
    # among them, which costs a figure half of what a probe into an index for each visit does.
    replaced = sa.select(gone.c.visit_id).where(*up_to(gone, as_of))
    return sa.select(v).where(*up_to(v, as_of), v.c.visit_id.not_in(replaced)).subquery("visits_in_force")


def up_to(table: sa.FromClause, as_of: Seq | None) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the condition that a fact was recorded by a commit; empty for all."""
    return () if as_of is None else (table.c.commit_seq <= as_of,)
