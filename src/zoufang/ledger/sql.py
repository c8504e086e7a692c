"""The ledger in a database file: SQLite, the embedded default."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import DatabaseError as RawDatabaseError
from threading import local
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError, ProgrammingError

from zoufang.errors import (
    BusyError,
    LedgerError,
    NotALedgerError,
    OccupiedError,
    RefusedFactError,
    SchemaError,
    StorageError,
    SubmissionConflictError,
    UnreadableError,
)
from zoufang.facts import BY_NAME, FACT_TABLES, Checkpoint, Tables, tables
from zoufang.ledger.base import START, Commit, Draft, Receipt, Verdict
from zoufang.ledger.seal import GENESIS, commitment, digest_facts, sealed
from zoufang.ledger.sqlite import APPLICATION_ID, REVISION, WRITES, make_engine, marks, pour, wire_rows
from zoufang.ledger.verify import verify
from zoufang.ledger.wire import check_wire
from zoufang.typing import Progress, Seq, WireRow, silent


class SqlLedger:
    """An append-only ledger in one SQLite file.

    Make one with :meth:`create` or :meth:`open`.
    """

    def __init__(self, engine: Engine, url: str) -> None:
        self.url = url
        self.tables: Tables = tables()
        self._engine = engine
        self._held = local()
        self._meta = sa.Table(
            "ledger_meta",
            self.tables.metadata,
            sa.Column("name", sa.String, primary_key=True),
            sa.Column("value", sa.String, nullable=False),
        )
        self.key = b""

    @classmethod
    def create(cls, url: str, key: bytes | None = None) -> Self:
        """Make a new ledger.

        Args:
            url: ``sqlite:///path``; the file must not hold anything yet.
            key: The key for keyed digests; random if None.

        Returns:
            The empty ledger.

        Raises:
            OccupiedError: The file is there and is not empty.
        """
        path = _path(url)
        if path is not None and path.exists() and path.stat().st_size:
            raise OccupiedError(url=url)
        ledger = cls(make_engine(url), url)
        ledger.key = secrets.token_bytes(32) if key is None else key
        with ledger._writing() as connection:
            ledger.tables.metadata.create_all(connection)
            connection.execute(ledger._meta.insert().values(name="key", value=ledger.key.hex()))
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.exec_driver_sql(f"PRAGMA user_version = {REVISION}")
        return ledger

    @classmethod
    def open(cls, url: str) -> Self:
        """Open a ledger that exists.

        Args:
            url: ``sqlite:///path``.

        Raises:
            NotALedgerError: There is no such file, or it is something else.
            SchemaError: It has another schema revision.
        """
        path = _path(url)
        if path is not None and not path.is_file():
            raise NotALedgerError(url=url)
        try:
            found, revision = marks(url)
        except RawDatabaseError:
            raise NotALedgerError(url=url) from None
        if found != APPLICATION_ID:
            raise NotALedgerError(url=url)
        if revision != REVISION:
            raise SchemaError(url=url, found=str(revision), needs=str(REVISION))
        ledger = cls(make_engine(url), url)
        key = ledger.select(sa.select(ledger._meta.c.value).where(ledger._meta.c.name == "key"))
        if not key:
            ledger.close()
            raise NotALedgerError(url=url)
        ledger.key = bytes.fromhex(key[0][0])
        return ledger

    @contextmanager
    def together(self) -> Iterator[None]:
        """Open a block whose commits are all kept, or none of them where it ends with an error."""
        outer = getattr(self._held, "connection", None)
        with self._writing() as connection:
            self._held.connection = connection
            try:
                yield
            finally:
                self._held.connection = outer

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """Open a transaction that takes the lock at once, or a savepoint of the block that is open.

        The storage's failures become our own errors.
        """
        held = getattr(self._held, "connection", None)
        try:
            if held is not None:
                with held.begin_nested():
                    yield held
            else:
                with self._engine.execution_options(**WRITES).begin() as connection:
                    yield connection
        except ProgrammingError:
            raise
        except DatabaseError as error:
            raise _ours(error, self.url) from error

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """Open a connection for reading, or give that of the block that is open.

        The storage's failures become our own errors.
        """
        held = getattr(self._held, "connection", None)
        if held is not None:
            yield held
            return
        try:
            with self._engine.connect() as connection:
                yield connection
        except ProgrammingError:
            raise
        except DatabaseError as error:
            raise UnreadableError(url=self.url, problem=_told(error.orig)) from error
        except RawDatabaseError as error:
            raise UnreadableError(url=self.url, problem=_told(error)) from error

    @property
    def head(self) -> Checkpoint:
        """The last commit."""
        with self._reading() as connection:
            return self._head(connection)

    def _head(self, connection: Connection) -> Checkpoint:
        commits = self.tables.commits
        query = sa.select(commits.c.seq, commits.c.chain).order_by(commits.c.seq.desc()).limit(1)
        row = connection.execute(query).one_or_none()
        return GENESIS if row is None else Checkpoint(seq=Seq(row.seq), chain=row.chain)

    def commit(self, draft: Draft) -> Receipt:
        """Accept a change whole, or refuse it whole."""
        check_wire(draft.facts)
        n_facts, facts_digest = digest_facts(draft.facts)
        with self._writing() as connection:
            before = self._submission(connection, draft.submission_id)
            if before is not None:
                if before.content != draft.content:
                    raise SubmissionConflictError(submission_id=str(draft.submission_id), seq=before.seq)
                return Receipt(seq=before.seq, chain=before.chain, n_facts=before.n_facts, duplicate=True)
            commit = sealed(draft, self._head(connection), n_facts, facts_digest)
            pour(connection, self.tables, commit, draft.facts, draft.private)
        return Receipt(seq=commit.seq, chain=commit.chain, n_facts=n_facts)

    def select(self, query: sa.Select[Any]) -> list[tuple[Any, ...]]:
        """Run one select over the facts and return its rows."""
        with self._reading() as connection:
            return [tuple(row) for row in connection.execute(query)]

    def submission(self, submission_id: str) -> Commit | None:
        """Return the commit that accepted a submission, or None."""
        with self._reading() as connection:
            return self._submission(connection, submission_id)

    def _submission(self, connection: Connection, submission_id: str | None) -> Commit | None:
        if submission_id is None:
            return None
        commits = self.tables.commits
        row = connection.execute(sa.select(commits).where(commits.c.submission_id == submission_id)).one_or_none()
        return None if row is None else Commit(*row)

    def commits(self, since: Seq = START) -> Iterator[Commit]:
        """Return the commits after a number, in order."""
        commits = self.tables.commits
        query = sa.select(commits).where(commits.c.seq > since).order_by(commits.c.seq)
        with self._reading() as connection:
            for row in connection.execute(query.execution_options(yield_per=1000)):
                yield Commit(*row)

    def facts_of(self, seq: Seq) -> Mapping[str, Sequence[WireRow]]:
        """Return the rows of one commit, by fact table, in their order."""
        found: dict[str, list[WireRow]] = {}
        with self._reading() as connection:
            for name in BY_NAME:
                query = f'SELECT * FROM "{name}" WHERE commit_seq = ? ORDER BY ord'  # noqa: S608 - our own names
                rows = connection.exec_driver_sql(query, (seq,)).all()
                if rows:
                    found[name] = [tuple(row[2:]) for row in rows]
        return found

    def verify(self, progress: Progress | None = None) -> Verdict:
        """Check every commit against its digest and the chain, and every private text against its commitment."""
        with self._reading() as connection:
            total = connection.execute(sa.select(sa.func.count()).select_from(self.tables.commits)).scalar_one()
            headers = connection.exec_driver_sql('SELECT * FROM "commits" ORDER BY seq')
            rows = {spec.name: wire_rows(connection, spec, self.tables.by_name[spec.name]) for spec in FACT_TABLES}
            return verify(
                (Commit(*row) for row in headers),
                rows,
                n_commits=total,
                bad_private=self._bad_private(connection, progress or silent),
                progress=progress,
            )

    def _bad_private(self, connection: Connection, progress: Progress) -> Seq | None:
        stored = connection.exec_driver_sql('SELECT ref, subject_id, salt, body FROM "private_texts"')
        wrong = {
            ref
            for ref, subject_id, salt, body in progress(stored, label="private")
            if commitment(salt, subject_id, body) != ref
        }
        texts = self.tables.private_texts
        first: list[int] = []
        for spec in FACT_TABLES:
            table = self.tables.by_name[spec.name]
            for place in spec.refs:
                ref = table.c[spec.names[place]]
                query = sa.select(table.c.commit_seq).order_by(table.c.commit_seq).limit(1)
                lost = ref.is_not(None) & ~sa.exists().where(texts.c.ref == ref)
                bad = lost | ref.in_(sorted(wrong)) if wrong else lost
                committed = table.c.commit_seq.in_(sa.select(self.tables.commits.c.seq))
                first.extend(connection.execute(query.where(bad, committed)).scalars())
        return Seq(min(first)) if first else None

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()


def _ours(error: DatabaseError, url: str) -> LedgerError:
    raw = _told(error.orig)
    if isinstance(error, IntegrityError):
        columns = raw.rpartition(": ")[2]
        return RefusedFactError(table=columns.partition(".")[0], key=columns)
    if isinstance(error, OperationalError) and "locked" in raw:
        return BusyError(url=url)
    return StorageError(url=url, problem=raw)


def _told(error: object) -> str:
    """Return SQLite's own words, without the stored text that it quotes where that is not UTF-8."""
    return str(error).partition(" with text ")[0]


def _path(url: str) -> Path | None:
    database = sa.make_url(url).database
    return None if database in (None, "", ":memory:") or str(database).startswith("file:") else Path(str(database))
