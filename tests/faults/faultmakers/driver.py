"""Between our code and SQLite: every call is counted, and any one of them can meet a fault.

It stands in for `sqlite3.connect`, so that making, opening, reading and writing are all counted, whatever the ledger's
own code looks like.
"""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from sqlite3 import dbapi2
from typing import Any, NoReturn
from weakref import WeakSet


def fail() -> NoReturn:
    """Say what SQLite says of a bad disk."""
    raise sqlite3.OperationalError("disk I/O error")


def die() -> NoReturn:
    """End this very process as `kill -9` does."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise SystemExit  # never reached


class Calls:
    """Counts the calls to the database; one of them, or all from one on, meet a fault.

    Args:
        pragma: Set on every connection that is opened, e.g. ``max_page_count = 20``.
    """

    def __init__(self, pragma: str = "") -> None:
        self.pragma = pragma
        self.connections: WeakSet[sqlite3.Connection] = WeakSet()
        self.disarm()

    def disarm(self) -> None:
        """Begin to count anew, and let every call through."""
        self.n, self._at, self._fault, self._when, self._word = 0, 0, fail, "once", ""

    def arm(self, at: int, fault: Callable[[], NoReturn], when: str = "once", word: str = "") -> None:
        """Let a call meet a fault.

        Args:
            at: Which one, counted from now.
            fault: What happens.
            when: ``once`` instead of that call, ``lasting`` instead of it and of every later one, ``after`` it is done.
            word: Count only calls in whose statement this stands.
        """
        self.n, self._at, self._fault, self._when, self._word = 0, at, fault, when, word

    @property
    def met(self) -> bool:
        """True once the fault has happened."""
        return bool(self._at) and self.n >= self._at

    def through(self, call: Callable[[], Any], statement: object = "") -> Any:
        """Make one call."""
        if self._word not in str(statement):
            return call()
        self.n += 1
        here = bool(self._at) and (self.n == self._at or (self._when == "lasting" and self.n > self._at))
        if here and self._when != "after":
            self._fault()
        done = call()
        if here:
            self._fault()
        return done

    def set(self, pragma: str) -> None:
        """Set something on every connection that is open, and on those to come."""
        self.pragma = pragma
        for connection in self.connections:
            sqlite3.Connection.execute(connection, f"PRAGMA {pragma}").close()

    @contextmanager
    def between(self) -> Iterator[None]:
        """Stand between the code in this block and SQLite."""
        real = dbapi2.connect
        counting = _counting(self)

        def connect(*args: Any, **options: Any) -> sqlite3.Connection:
            connection: sqlite3.Connection = self.through(lambda: real(*args, factory=counting, **options))
            self.connections.add(connection)
            if self.pragma:
                sqlite3.Connection.execute(connection, f"PRAGMA {self.pragma}").close()
            return connection

        sqlite3.connect = dbapi2.connect = connect  # type: ignore[assignment]
        try:
            yield
        finally:
            sqlite3.connect = dbapi2.connect = real


def _counting(calls: Calls) -> type[sqlite3.Connection]:
    class Cursor(sqlite3.Cursor):
        def execute(self, *args: Any) -> Any:
            return calls.through(lambda: sqlite3.Cursor.execute(self, *args), args[0])

        def executemany(self, *args: Any) -> Any:
            return calls.through(lambda: sqlite3.Cursor.executemany(self, *args), args[0])

        def fetchall(self) -> Any:
            return calls.through(lambda: sqlite3.Cursor.fetchall(self))

        def fetchone(self) -> Any:
            return calls.through(lambda: sqlite3.Cursor.fetchone(self))

    class Counting(sqlite3.Connection):
        def cursor(self, factory: Any = Cursor) -> Any:
            return sqlite3.Connection.cursor(self, factory)

        def execute(self, *args: Any) -> Any:
            return calls.through(lambda: sqlite3.Connection.execute(self, *args), args[0])

        def commit(self) -> None:
            calls.through(lambda: sqlite3.Connection.commit(self), "COMMIT")

        def rollback(self) -> None:
            calls.through(lambda: sqlite3.Connection.rollback(self))

    return Counting
