"""Ask about many ids at once: one parameter however many there are, so that a select is compiled once for any batch."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _Ids(sa.types.TypeDecorator[list[str]]):
    """Many ids as one parameter: an array on PostgreSQL, a JSON array on SQLite."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """Return how a driver takes it."""
        return dialect.type_descriptor(sa.ARRAY(sa.Text()) if dialect.name == "postgresql" else sa.Text())

    def process_bind_param(self, value: list[str] | None, dialect: sa.Dialect) -> Any:
        """Return what is handed to the driver."""
        return value if value is None or dialect.name == "postgresql" else json.dumps(value)


class _OneOf(FunctionElement[bool]):
    """Whether a column holds one of many ids."""

    type = sa.Boolean()
    inherit_cache = True


@compiles(_OneOf)
def _in_json(element: _OneOf, compiler: SQLCompiler, **more: Any) -> str:
    column, ids = (compiler.process(clause, **more) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - both were compiled


@compiles(_OneOf, "postgresql")
def _in_array(element: _OneOf, compiler: SQLCompiler, **more: Any) -> str:
    column, ids = (compiler.process(clause, **more) for clause in element.clauses)
    return f"{column} = ANY({ids})"


def one_of(column: sa.ColumnElement[Any], ids: Iterable[str]) -> sa.ColumnElement[bool]:
    """Return the condition that a column holds one of some ids, however many they are.

    ``IN`` with a parameter for each id is written out anew for each batch, and SQLite takes 32,766 of them at most.

    Args:
        column: A column of ids.
        ids: The ids.
    """
    return _OneOf(column, sa.bindparam(None, list(ids), type_=_Ids(), unique=True))
