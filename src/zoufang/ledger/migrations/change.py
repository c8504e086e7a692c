"""What a migration works with: Alembic's operations, and the names and types that a ledger's tables have.

A migration has to do in ten years what it did when it was released. So it does not ask the declarations of the fact
tables, which go on changing; and the types here are those of its own day. Where one of them changes, a second set
stands beside the first, and old migrations keep the old one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from attrs import frozen
from sqlalchemy.engine import Connection

from zoufang.facts import Sort

if TYPE_CHECKING:
    from alembic.operations import Operations


def operations(connection: Connection) -> Operations:
    """Return Alembic's operations on a connection, within the transaction that is open on it."""
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext

    return Operations(MigrationContext.configure(connection))


def _text(kind: type[sa.String], length: int | None = None) -> Callable[[str], Any]:
    return lambda dialect: kind(length, collation="C") if dialect == "postgresql" else kind(length)


TYPES: Mapping[Sort, Callable[[str], Any]] = {
    Sort.ID: _text(sa.String),
    Sort.TEXT: _text(sa.Text),
    Sort.REF: _text(sa.String),
    Sort.INSTANT: _text(sa.String, 27),
    Sort.INT: lambda dialect: sa.Integer() if dialect == "sqlite" else sa.BigInteger(),
    Sort.DAY: lambda dialect: sa.Date() if dialect == "postgresql" else sa.String(10),
}
"""How each database keeps a column since revision 2, by SQLAlchemy's name for it."""

ID, TEXT, INT, DAY, INSTANT, REF = Sort


@frozen
class Col:
    """A column as a migration makes it.

    Args:
        name: Its name.
        sort: What it holds.
        null: True where it may be empty.
    """

    name: str
    sort: Sort
    null: bool = False


@frozen
class Change:
    """A ledger's tables, to be changed.

    Args:
        op: Alembic's operations.
        prefix: What stands before each table's name.
        schema: The database schema in which they stand; None where there are none.
    """

    op: Operations
    prefix: str
    schema: str | None

    @property
    def dialect(self) -> str:
        """SQLAlchemy's name of the database."""
        return self.op.get_bind().dialect.name

    def named(self, table: str) -> str:
        """Return a table's name with its prefix."""
        return f"{self.prefix}{table}"

    def fact_table(
        self,
        name: str,
        columns: Sequence[Col],
        key: Sequence[str] = (),
        indexes: Sequence[Sequence[str]] = (),
    ) -> None:
        """Make a new fact table: the place of a row in its commit, its columns, its key and its indexes."""
        place = [sa.Column(n, sa.BigInteger(), primary_key=True, autoincrement=False) for n in ("commit_seq", "ord")]
        own = [sa.Column(c.name, TYPES[c.sort](self.dialect), nullable=c.null) for c in columns]
        unique = [sa.UniqueConstraint(*key)] if key else []
        self.op.create_table(self.named(name), *place, *own, *unique, schema=self.schema)
        for index in indexes:
            self.op.create_index(
                f"ix_{self.prefix}{name}_{'_'.join(index)}", self.named(name), list(index), schema=self.schema
            )
