"""A SQLAlchemy connection over a driver's connection that another framework holds, Django for one."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.pool import StaticPool

from zoufang.errors import UnknownIdError

DRIVERS = {"sqlite3": "sqlite://", "psycopg": "postgresql+psycopg://"}
"""The drivers that can be lent, by the package of their connection."""


def connection_over(raw: Any) -> Connection:
    """Return a SQLAlchemy connection over a driver's connection that somebody else holds.

    It never commits, rolls back or closes what it was given, and leaves the SQL functions registered on it alone. It
    is good for as long as the other one is open. A ledger on it writes only while its holder has a transaction open.

    Args:
        raw: A connection of ``sqlite3`` or ``psycopg``; in Django, ``django.db.connection.connection``.

    Raises:
        UnknownIdError: It is another driver's.
    """
    found = {kind.__module__.partition(".")[0] for kind in type(raw).__mro__} & set(DRIVERS)
    if not found:
        raise UnknownIdError(what="storage", id=type(raw).__module__, known=tuple(DRIVERS))
    lent = _Lent(raw)
    options: dict[str, Any] = {} if "sqlite3" in found else {"use_native_hstore": False}
    engine = sa.create_engine(
        DRIVERS[found.pop()],
        creator=lambda: lent,
        poolclass=StaticPool,
        pool_reset_on_return=None,
        hide_parameters=True,
        **options,
    )
    return engine.connect()


class _Lent:
    """Everything that a driver's connection does, but for what would end its holder's transaction or change it."""

    def __init__(self, raw: Any) -> None:
        self.__dict__["_raw"] = raw

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)

    def __setattr__(self, name: str, value: object) -> None:
        """Leave its settings as they are."""

    def commit(self) -> None:
        """Do nothing: its holder commits."""

    def rollback(self) -> None:
        """Do nothing: its holder rolls back."""

    def close(self) -> None:
        """Do nothing: its holder closes."""

    def create_function(self, *_arguments: object, **_options: object) -> None:
        """Do nothing: its holder's functions stay."""
