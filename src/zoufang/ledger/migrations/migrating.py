"""Bring a ledger to this release's schema: backup, migrations, check, all under the writers' lock, or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from attrs import frozen
from sqlalchemy.engine import Connection, Engine

from zoufang.errors import (
    BackupNeededError,
    BrokenLedgerError,
    NotALedgerError,
    OlderSchemaError,
    UnreadableError,
)
from zoufang.facts import Checkpoint, Tables, tables
from zoufang.ledger.dialects import REVISION
from zoufang.ledger.keys import Keyring
from zoufang.ledger.migrations.change import Change, operations
from zoufang.ledger.migrations.steps import STEPS, Migration
from zoufang.ledger.places import Place, dialect_of, stands
from zoufang.ledger.revisions import marks_in, other_revision
from zoufang.ledger.seal import GENESIS
from zoufang.ledger.sql import SqlLedger
from zoufang.typing import Progress, Seq, Text, silent

WAIT_S = 600.0
"""How long one who migrates waits for writers, and for another who migrates."""

_YOURS = Text(
    "这个数据库由宿主程序管理：请用它自己的办法备份，然后以 backup_made=True 再次调用",
    "its database is the host's: back it up as the host does, then call again with backup_made=True",
)
_MOVED = Text("最后一次提交变了", "its last commit is another one")


@frozen
class Outlook:
    """What a migration would do.

    Args:
        url: The ledger.
        found: The revision that it has.
        needs: The revision of this release.
        titles: What each migration brings, in order; empty where there is nothing to do.
        backup: Where the backup would be put; None where none is made.
        how: How to make the backup, where that is for somebody else to do.
    """

    url: str
    found: int
    needs: int
    titles: tuple[Text, ...]
    backup: Path | None
    how: Text | None


@frozen
class Migrated:
    """What a migration did.

    Args:
        url: The ledger.
        found: The revision that it had.
        reached: The revision that it has now.
        titles: What each migration brought, in order; empty where somebody else had done it before.
        backup: The backup that was made; None where none was.
        head: The last commit: the same as before.
    """

    url: str
    found: int
    reached: int
    titles: tuple[Text, ...]
    backup: Path | None
    head: Checkpoint


def outlook(
    place: str | Engine | Connection, *, prefix: str = "", schema: str | None = None, backup: Path | None = None
) -> Outlook:
    """Say what :func:`migrate` would do, and change nothing.

    Args:
        place: A URL, an engine, or a connection that is lent.
        prefix: Stands before each table's name.
        schema: Database schema; the connection's own if None.
        backup: Where the backup is wanted.

    Raises:
        NotALedgerError: There is none, or it is something else.
        NewerSchemaError: It is of a later release.
    """
    with _standing(place, prefix, schema, WAIT_S) as (stood, made), stood.reading() as connection:
        held = _Held(stood, connection, made, ours=isinstance(place, str))
        found, where, how = held.found(), None, None
        todo = _after(found)
        try:
            where = held.backup_place(found, backup) if todo else None
        except BackupNeededError as needed:
            how = needed.how
        return Outlook(stood.url, found, REVISION, tuple(step.title for step in todo), where, how)


def migrate(
    place: str | Engine | Connection,
    *,
    prefix: str = "",
    schema: str | None = None,
    backup: Path | None = None,
    backup_made: bool = False,
    check: bool = True,
    wait: float = WAIT_S,
    keyring: Keyring | None = None,
    progress: Progress = silent,
) -> Migrated:
    """Bring a ledger to this release's schema, or leave it as it was.

    All of it is done under the lock that writers take, and in one transaction: whoever migrates at the same time waits,
    and finds it done; whoever is killed leaves the old schema, and the next call begins anew. No fact's digest changes.

    Args:
        place: A URL, an engine, or a connection that is lent; then all stands in its holder's transaction.
        prefix: Stands before each table's name.
        schema: Database schema; the connection's own if None.
        backup: Where the backup is put; nothing may stand there. A SQLite file's own is put beside it if None, a
            PostgreSQL ledger's is made by `pg_dump` where a file is named.
        backup_made: True says that there is a backup, and none is made here.
        check: False leaves out the check of the whole ledger, for one that is known to be damaged.
        wait: Seconds to wait for writers, and for another who migrates, at least 0.
        keyring: The master keys; those that the environment names if None. Without them private texts are not checked.
        progress: Shows how far it is.

    Returns:
        What was done; with no titles where there was nothing to do.

    Raises:
        BackupNeededError: A backup is for somebody else to make; with how.
        BackupFailedError: The backup was not made.
        BrokenLedgerError: The ledger does not verify; the migration was undone.
        BusyError: Somebody held the lock for longer than the wait.
        NewerSchemaError: It is of a later release.
        NotALedgerError: There is none, or it is something else.
        StorageError: The disk is full, or the like; the migration was undone.
    """
    kept, ours = None, isinstance(place, str)
    with _standing(place, prefix, schema, wait) as (stood, made):
        with stood.reading() as connection:
            _Held(stood, connection, made, ours).found()  # what cannot be migrated is refused without any lock
        with stood.writing() as connection:
            held = _Held(stood, connection, made, ours)
            found, head = held.found(), held.head()
            todo = _after(found)
            if todo and not backup_made:
                kept = held.backup_place(found, backup)
            if kept is not None:
                for into in progress([kept], label="backup", total=1):
                    stood.dialect.backup(connection, made, into)
            if todo:
                held.take(todo, progress)
                held.check(head, keyring, progress if check else None)
    return Migrated(stood.url, found, REVISION, tuple(step.title for step in todo), kept, head)


@contextmanager
def _standing(
    place: str | Engine | Connection, prefix: str, schema: str | None, wait: float
) -> Iterator[tuple[Place, Tables]]:
    """Give a ledger's place, whatever revision it has."""
    if isinstance(place, str):
        dialect_of(sa.make_url(place).get_backend_name()).inspect(place)
    made = tables(prefix=prefix, schema=schema)
    stood = stands(place, made, wait)
    try:
        with stood.reading() as connection:
            stood.lock = stood.dialect.lock(connection, made)
        yield stood, made
    finally:
        stood.close()


def _after(found: int) -> Sequence[Migration]:
    return tuple(step for step in STEPS if step.revision > found)


@frozen
class _Held:
    """A ledger on a connection, whatever revision it has.

    Args:
        stood: Its place.
        connection: To it.
        made: Its tables, as this release declares them.
        ours: True where nobody else owns the database.
    """

    stood: Place
    connection: Connection
    made: Tables
    ours: bool

    def found(self) -> int:
        """Return the revision; all marks must agree on it, and none be of a later release."""
        mark = marks_in(self.connection, self.made).get("revision")
        if mark is None:
            raise NotALedgerError(url=self.stood.url)
        stamp = self.stood.dialect.stamped(self.connection)
        if stamp is not None and str(stamp) != mark:
            raise UnreadableError(url=self.stood.url, problem=f"revision {mark}, user_version {stamp}")
        if mark != str(REVISION):
            other = other_revision(self.stood.url, mark)
            if not isinstance(other, OlderSchemaError):
                raise other
        return int(mark)

    def head(self) -> Checkpoint:
        """Return the last commit."""
        c = self.made.commits.c
        row = self.connection.execute(sa.select(c.seq, c.chain).order_by(c.seq.desc()).limit(1)).one_or_none()
        return GENESIS if row is None else Checkpoint(seq=Seq(row.seq), chain=row.chain)

    def backup_place(self, found: int, into: Path | None) -> Path | None:
        """Return where the backup is put; of a host's database the host makes one."""
        if not self.ours:
            raise BackupNeededError(url=self.stood.url, how=_YOURS)
        return self.stood.dialect.backup_place(self.connection, self.made, found, into)

    def take(self, todo: Sequence[Migration], progress: Progress) -> None:
        """Take one migration after the other, and move the marks."""
        change = Change(
            operations(self.connection), self.made.prefix, self.stood.dialect.home(self.connection, self.made)
        )
        for step in progress(todo, label="migrate", total=len(todo)):
            step.upgrade(change)
        if self.connection.dialect.supports_comments:
            for column in (column for table in self.made for column in table.columns if column.comment):
                self.connection.execute(sa.schema.SetColumnComment(column))
        mark(self.stood, self.connection, self.made)

    def check(self, head: Checkpoint, keyring: Keyring | None, progress: Progress | None) -> None:
        """Open the ledger as anybody would from now on, and let it verify itself, before it is changed for good."""
        made = self.made
        ledger = SqlLedger.open(self.connection, prefix=made.prefix, schema=made.schema, keyring=keyring)
        if ledger.head != head:
            raise BrokenLedgerError(url=self.stood.url, seq=head.seq, problem=_MOVED)
        verdict = None if progress is None else ledger.verify(progress)
        if verdict is not None and verdict.first_bad is not None:
            raise BrokenLedgerError(url=self.stood.url, seq=verdict.first_bad, problem=verdict.problem or "")


def mark(stood: Place, connection: Connection, made: Tables) -> None:
    """Move every mark of a ledger's revision to this release's, within the transaction that is open."""
    meta = made.ledger_meta
    connection.execute(meta.update().where(meta.c.name == "revision").values(value=str(REVISION)))
    if stood.dialect.stamped(connection) is not None:
        stood.dialect.stamp(connection, REVISION)
