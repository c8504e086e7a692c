"""The ledger in a database: SQLite or PostgreSQL, on its own or within a host's program."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from zoufang.errors import LedgerError, NotALedgerError, OccupiedError, SubmissionConflictError
from zoufang.facts import COMMITS, FACT_TABLES, PRIVATE, Checkpoint, FactTable, Tables, tables
from zoufang.ledger import outbox
from zoufang.ledger.base import START, Commit, Draft, Observer, Receipt, Verdict
from zoufang.ledger.dialects import REVISION, WAIT_S
from zoufang.ledger.keys import Keyring
from zoufang.ledger.observers import Observers
from zoufang.ledger.places import Borrowed, Place, dialect_of, stands
from zoufang.ledger.pouring import PLACE, Pouring
from zoufang.ledger.private import MANY, PrivateSide
from zoufang.ledger.revisions import marks_in, other_revision
from zoufang.ledger.scrub import scrubbed
from zoufang.ledger.seal import GENESIS, chunks, digest_facts, sealed
from zoufang.ledger.sqlite import file_of
from zoufang.ledger.storable import check_storable
from zoufang.ledger.verify import BadTexts, verify
from zoufang.typing import Progress, Seq, WireRow, silent

PAGE = 1000
"""Headers that a follower reads at once."""


class SqlLedger(PrivateSide):
    """An append-only ledger in a database.

    Make one with :meth:`create` or :meth:`open`, which take one of three things:

    - a URL, ``sqlite:///path`` or ``postgresql+psycopg://…``: the ledger has an engine of its own;
    - a host's SQLAlchemy ``Engine``: its pool is shared, and the transactions are the ledger's;
    - a host's ``Connection``: everything stands in savepoints of the host's own transaction, and nothing is committed,
      rolled back or closed here.
    """

    def __init__(self, place: Place, made: Tables, keyring: Keyring | None = None) -> None:
        super().__init__(keyring)
        self.url = place.url
        self.tables: Tables = made
        self._place, self._engine = place, place.engine
        commits = made.commits
        self._last = sa.select(commits.c.seq, commits.c.chain).order_by(commits.c.seq.desc()).limit(1)
        last, meta = self._last.subquery(), made.ledger_meta
        self._mark_and_last = (
            sa.select(meta.c.value, last.c.seq, last.c.chain)
            .select_from(meta.outerjoin(last, sa.true()))
            .where(meta.c.name == "revision")
        )
        self._put = outbox.putting(made)
        self._observers = Observers(shared=isinstance(place, Borrowed))

    @classmethod
    def create(
        cls,
        place: str | Engine | Connection,
        key: bytes | None = None,
        *,
        prefix: str = "",
        schema: str | None = None,
        wait: float = WAIT_S,
        keyring: Keyring | None = None,
    ) -> Self:
        """Make a new ledger.

        Args:
            place: A URL, an engine, or a connection that is lent. The file of a ``sqlite`` URL must not hold anything
                yet; what a process left that was killed before its first commit is nothing.
            key: The key for keyed digests; random if None. Two processes that make a ledger at once share the key of
                the first.
            prefix: Stands before each table's name. Tables that the host's own migrations have made are used.
            schema: Database schema, which must exist; the connection's own if None.
            wait: Seconds that a writer waits for another one, at least 0.
            keyring: The master keys; those that the environment names if None. Without one nothing is encrypted.

        Returns:
            The empty ledger.

        Raises:
            OccupiedError: There is a ledger already, or something else.
            SchemaError: There is one of another release.
            MissingPackageError: There is a master key, and `cryptography` is not installed.
        """
        if isinstance(place, str) and dialect_of(sa.make_url(place).get_backend_name()).occupied(place):
            raise OccupiedError(url=place)
        made = tables(prefix=prefix, schema=schema)
        stood = stands(place, made, wait)
        ledger = cls(stood, made, keyring)
        try:
            with stood.reading() as connection:
                stood.lock = stood.dialect.lock(connection, made)
            with stood.writing() as connection:
                ledger._make(connection, secrets.token_bytes(32) if key is None else key)
                if isinstance(place, str):
                    stood.dialect.stamp(connection, REVISION)
        except BaseException:
            ledger.close()
            raise
        return ledger

    def _make(self, connection: Connection, key: bytes) -> None:
        """Make the tables that are not there yet, and mark them; the key of one who came first is kept."""
        kept = self._marks(connection)
        if kept.get("revision", str(REVISION)) != str(REVISION):
            raise self._other(kept["revision"])
        self.tables.metadata.create_all(connection)
        if connection.execute(sa.select(self.tables.commits.c.seq).limit(1)).first() is not None:
            raise OccupiedError(url=self.url)
        if not self._recall(connection, kept):
            self._remember(connection, key)
        if "revision" not in kept:
            connection.execute(self._meta.insert().values(name="revision", value=str(REVISION)))

    @classmethod
    def open(
        cls,
        place: str | Engine | Connection,
        *,
        prefix: str = "",
        schema: str | None = None,
        wait: float = WAIT_S,
        keyring: Keyring | None = None,
    ) -> Self:
        """Open a ledger that exists; one that is encrypted and lacks its key is locked: it is read with masks only.

        Args:
            place: A URL, an engine, or a connection that is lent.
            prefix: Stands before each table's name.
            schema: Database schema; the connection's own if None.
            wait: Seconds that a writer waits for another one, at least 0.
            keyring: The master keys; those that the environment names if None.

        Raises:
            NotALedgerError: There is none, or it is something else.
            SchemaError: It has another schema revision; the message names the command to run.
        """
        stamped = dialect_of(sa.make_url(place).get_backend_name()).inspect(place) if isinstance(place, str) else None
        if isinstance(place, str) and stamped not in (None, REVISION):
            raise other_revision(place, str(stamped), prefix=prefix, schema=schema)
        made = tables(prefix=prefix, schema=schema)
        stood = stands(place, made, wait)
        ledger = cls(stood, made, keyring)
        try:
            with stood.reading() as connection:
                stood.lock = stood.dialect.lock(connection, made)
                ledger._recognise(connection)
        except BaseException:
            ledger.close()
            raise
        return ledger

    def _recognise(self, connection: Connection) -> None:
        marks = self._marks(connection)
        if "revision" not in marks:
            raise NotALedgerError(url=self.url)
        if marks["revision"] != str(REVISION):
            raise self._other(marks["revision"])
        if not self._recall(connection, marks):
            raise NotALedgerError(url=self.url)

    def _marks(self, connection: Connection) -> dict[str, str]:
        return marks_in(connection, self.tables)

    def _other(self, found: str) -> LedgerError:
        return other_revision(self.url, found, prefix=self.tables.prefix, schema=self.tables.schema)

    # --- writing ----------------------------------------------------------------------------------------------

    def commit(self, draft: Draft) -> Receipt:
        """Accept a change whole, or refuse it whole."""
        self._unlocked()
        check_storable(draft)
        with self._place.writing() as connection:
            before = self._submission(connection, draft.submission_id)
            if before is not None:
                if before.content != draft.content:
                    raise SubmissionConflictError(submission_id=str(draft.submission_id), seq=before.seq)
                return Receipt(seq=before.seq, chain=before.chain, n_facts=before.n_facts, duplicate=True)
            pouring, head = Pouring(self._place.dialect, connection, self.tables), self._unmoved(connection)
            pouring.private(self._taken_in(connection, draft.private))
            n_facts, facts_digest = digest_facts(draft.facts, self.seal_key, partial(pouring.chunk, head.seq + 1))
            commit = sealed(draft, head, n_facts, facts_digest)
            pouring.header(commit)
            self._destroy(connection, draft.erase)
            connection.execute(self._put, {"new": commit.seq})
        self._observers.note(commit)
        if self._place.settled:
            self._observers.tell()
        return Receipt(seq=commit.seq, chain=commit.chain, n_facts=n_facts)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Open a block whose commits are all kept, or none of them where it ends with an error."""
        mark = self._observers.mark
        try:
            with self._place.together():
                yield
        except BaseException:
            self._observers.forget(mark)
            raise
        if self._place.settled:
            self._observers.tell()

    def observe(self, observer: Observer) -> None:
        """Tell somebody of every commit that this ledger makes from now on, after the database has it for good."""
        self._observers.add(observer)

    def settle(self, *, kept: bool = True) -> None:
        """Say that the host's own transaction has ended; observers are told of its commits if it was kept."""
        if not kept:
            self._observers.forget()
        self._observers.tell()

    def outbox(self, consumer: str) -> outbox.SqlOutbox:
        """Return what a consumer has yet to deliver."""
        return outbox.SqlOutbox(self._place, self.tables, consumer)

    # --- reading ----------------------------------------------------------------------------------------------

    @property
    def head(self) -> Checkpoint:
        """The last commit."""
        with self._place.reading() as connection:
            return self._head(connection)

    def _head(self, connection: Connection) -> Checkpoint:
        row = connection.execute(self._last).one_or_none()
        return GENESIS if row is None else Checkpoint(seq=Seq(row.seq), chain=row.chain)

    def _unmoved(self, connection: Connection) -> Checkpoint:
        """Return the last commit, and refuse a schema that was migrated while this ledger was open."""
        row = connection.execute(self._mark_and_last).one_or_none()
        if row is None:
            raise NotALedgerError(url=self.url)
        if row.value != str(REVISION):
            raise self._other(row.value)
        return GENESIS if row.seq is None else Checkpoint(seq=Seq(row.seq), chain=row.chain)

    def select(self, query: sa.Select[Any]) -> list[tuple[Any, ...]]:
        """Run one select over the facts and return its rows."""
        with self._place.reading() as connection:
            return self._place.dialect.plain(connection.execute(query))

    def submission(self, submission_id: str) -> Commit | None:
        """Return the commit that accepted a submission, or None."""
        with self._place.reading() as connection:
            return self._submission(connection, submission_id)

    def _submission(self, connection: Connection, submission_id: str | None) -> Commit | None:
        if submission_id is None:
            return None
        query = self._headers().where(self.tables.commits.c.submission_id == submission_id)
        row = connection.execute(query).one_or_none()
        return None if row is None else Commit(*row)

    def _headers(self) -> sa.Select[Any]:
        return sa.select(*(self.tables.commits.c[name] for name in COMMITS.names))

    def commits(self, since: Seq = START) -> Iterator[Commit]:
        """Return the commits after a number, in order; no connection is held while the caller thinks."""
        seq = self.tables.commits.c.seq
        while True:
            with self._place.reading() as connection:
                rows = connection.execute(self._headers().where(seq > since).order_by(seq).limit(PAGE)).all()
            yield from (Commit(*row) for row in rows)
            if len(rows) < PAGE:
                return
            since = rows[-1].seq

    def since(self, seq: Seq) -> Iterator[Commit]:
        """Return the commits after a number, as a follower asks."""
        return self.commits(seq)

    def facts_of(self, seq: Seq) -> Mapping[str, Sequence[WireRow]]:
        """Return the rows of one commit, by fact table, in their order."""
        found: dict[str, list[WireRow]] = {}
        with self._place.reading() as connection:
            for spec in FACT_TABLES:
                table = self.tables.by_name[spec.name]
                rows = self._place.dialect.of_commit(connection, table, spec.names, seq)
                if rows:
                    found[spec.name] = [tuple(row) for row in rows]
        return found

    def verify(self, progress: Progress | None = None) -> Verdict:
        """Check every commit against its digest and the chain, and every private text against its commitment."""
        of = self.tables.by_name
        with self._place.snapshot() as connection, ExitStack() as cursors:

            def stored(spec: FactTable, columns: Sequence[str], order: Sequence[str]) -> Any:
                rows = self._place.dialect.rows(connection, of[spec.name], columns, order)
                return cursors.enter_context(closing(rows))

            total = connection.execute(sa.select(sa.func.count()).select_from(of["commits"])).scalar_one()
            headers = stored(COMMITS, COMMITS.names, ("seq",))
            rows = {spec.name: stored(spec, (*PLACE, *spec.names), PLACE) for spec in FACT_TABLES}
            return verify(
                (Commit(*row) for row in headers),
                rows,
                key=self.seal_key,
                n_commits=total,
                bad_texts=self._bad_texts(connection, progress or silent),
                progress=progress,
            )

    def _bad_texts(self, connection: Connection, progress: Progress) -> BadTexts:
        texts, erased = self.tables.private_texts, self.tables.erased_texts
        stored = self._place.dialect.rows(connection, texts, PRIVATE.names, ("ref",))
        wrong = sorted(self._unfit(connection, progress((tuple(row) for row in stored), label="private")))
        back = sa.select(erased.c.commit_seq).where(sa.exists().where(texts.c.ref == erased.c.ref))
        unfit: list[int] = list(connection.execute(back.order_by(erased.c.commit_seq).limit(1)).scalars())
        lost: list[int] = []
        for spec in FACT_TABLES:
            table = self.tables.by_name[spec.name]
            for place in spec.refs:
                ref = table.c[spec.names[place]]
                committed = table.c.commit_seq.in_(sa.select(self.tables.commits.c.seq))
                query = sa.select(table.c.commit_seq).where(committed).order_by(table.c.commit_seq).limit(1)
                gone = sa.exists().where(erased.c.ref == ref, erased.c.commit_seq >= table.c.commit_seq)
                there = sa.exists().where(texts.c.ref == ref)
                lost += connection.execute(query.where(ref.is_not(None), ~there, ~gone)).scalars()
                for some in chunks(wrong, MANY):
                    unfit += connection.execute(query.where(ref.in_(some))).scalars()
        return BadTexts(*(Seq(min(seqs)) if seqs else None for seqs in (unfit, lost)))

    def scrub(self) -> bool:
        """Take deleted bytes out of the file and its write-ahead log; True where they are gone."""
        if not self._place.settled:
            return False
        gone = scrubbed(
            self._engine, file_of(self.url) if self._engine.dialect.name == "sqlite" else None, self._residue
        )
        self._residue = frozenset() if gone else self._residue
        return gone

    def close(self) -> None:
        """Let go of the database; an engine or a connection that was lent stays as it is."""
        self._place.close()
