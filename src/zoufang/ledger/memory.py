"""The reference ledger: plain lists, and nothing that could be wrong in an interesting way.

It answers selects by pouring its rows into a private SQLite in memory, so that each figure has one definition; what it
accepts and refuses is decided here, on its own lists.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from threading import RLock
from typing import Any

import sqlalchemy as sa

from zoufang.errors import ErasedError, NotEncryptedError, RefusedFactError, SubmissionConflictError
from zoufang.facts import BY_NAME, FACT_TABLES, Checkpoint, Tables, tables
from zoufang.ledger.base import START, Commit, Draft, Observer, PrivateText, Receipt, Verdict
from zoufang.ledger.observers import Observers
from zoufang.ledger.pouring import Pouring
from zoufang.ledger.seal import GENESIS, commitment, digest_facts, seal_key_of, sealed
from zoufang.ledger.sqlite import Sqlite, make_engine
from zoufang.ledger.storable import check_storable
from zoufang.ledger.verify import BadTexts, verify
from zoufang.typing import Progress, Seq, WireRow


class MemoryLedger:
    """An append-only ledger in memory, gone with the process.

    Args:
        key: The key for keyed digests; random if None.
    """

    url = "memory://"
    encrypted = False
    locked = None
    key_id = ""

    def __init__(self, key: bytes | None = None) -> None:
        self.tables: Tables = tables()
        self.key = secrets.token_bytes(32) if key is None else key
        self.seal_key = seal_key_of(self.key)
        self._commits: list[Commit] = []
        self._facts: list[dict[str, tuple[WireRow, ...]]] = []
        self._private: dict[str, PrivateText] = {}
        self._erased: dict[str, str] = {}
        self._keys: dict[str, set[WireRow]] = {table.name: set() for table in FACT_TABLES}
        self._engine: sa.Engine | None = None
        self._poured = 0
        self._poured_texts = 0
        self._boxes: dict[str, list[Seq]] = {}
        self._observers = Observers(shared=True)
        self._alone = RLock()
        self._open = 0

    @property
    def head(self) -> Checkpoint:
        """The last commit."""
        return Checkpoint(seq=self._commits[-1].seq, chain=self._commits[-1].chain) if self._commits else GENESIS

    def commit(self, draft: Draft) -> Receipt:
        """Accept a change whole, or refuse it whole."""
        check_storable(draft)
        with self._alone:
            receipt = self._commit(draft)
            self._tell()
            return receipt

    def _commit(self, draft: Draft) -> Receipt:
        if draft.submission_id is not None:
            before = self.submission(draft.submission_id)
            if before is not None:
                if before.content != draft.content:
                    raise SubmissionConflictError(submission_id=draft.submission_id, seq=before.seq)
                return Receipt(seq=before.seq, chain=before.chain, n_facts=before.n_facts, duplicate=True)
        gone = [text.subject_id for text in draft.private if self._erased.get(text.subject_id) == "erased"]
        if gone:
            raise ErasedError(id=min(gone))
        sealed_facts = digest_facts(draft.facts, self.seal_key)
        taken = {name: self._new_keys(name, rows) for name, rows in draft.facts.items()}
        commit = sealed(draft, self.head, *sealed_facts)
        for name, keys in taken.items():
            self._keys[name] |= keys
        self._commits.append(commit)
        self._facts.append({name: tuple(map(tuple, rows)) for name, rows in draft.facts.items() if rows})
        self._private.update((text.ref, text) for text in draft.private)
        self._erased.update((str(row[0]), str(row[2])) for row in draft.facts.get("erasures", ()))
        if draft.erase:
            self._private = {ref: t for ref, t in self._private.items() if t.subject_id not in draft.erase}
            self.close()
        for box in self._boxes.values():
            box.append(commit.seq)
        self._observers.note(commit)
        return Receipt(seq=commit.seq, chain=commit.chain, n_facts=commit.n_facts)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Open a block whose commits are all kept, or none of them where it ends with an error."""
        with self._alone:
            n, mark = len(self._commits), self._observers.mark
            private, erased = dict(self._private), dict(self._erased)
            keys = {name: set(taken) for name, taken in self._keys.items()}
            boxes = {consumer: list(box) for consumer, box in self._boxes.items()}
            self._open += 1
            try:
                yield
            except BaseException:
                del self._commits[n:], self._facts[n:]
                self._private, self._erased, self._keys = private, erased, keys
                self._boxes.clear()
                self._boxes.update(boxes)
                self._observers.forget(mark)
                self.close()
                raise
            finally:
                self._open -= 1
            self._tell()

    def _tell(self) -> None:
        if not self._open:
            self._observers.tell()

    def observe(self, observer: Observer) -> None:
        """Tell somebody of every commit from now on."""
        self._observers.add(observer)

    def settle(self, *, kept: bool = True) -> None:
        """Do nothing: this ledger ends its own blocks."""

    def outbox(self, consumer: str) -> MemoryOutbox:
        """Return what a consumer has yet to deliver."""
        return MemoryOutbox(consumer, self._boxes, self._commits)

    def _new_keys(self, name: str, rows: Iterable[WireRow]) -> set[WireRow]:
        table = BY_NAME[name]
        if not table.key:
            return set()
        places = [table.names.index(column) for column in table.key]
        keys: set[WireRow] = set()
        for row in rows:
            key = tuple(row[place] for place in places)
            if key in keys or key in self._keys[name]:
                raise RefusedFactError(table=name, key="/".join(map(str, key)))
            keys.add(key)
        return keys

    def select(self, query: sa.Select[Any]) -> list[tuple[Any, ...]]:
        """Run one select over the facts and return its rows."""
        with self._alone:
            return self._select(query)

    def _select(self, query: sa.Select[Any]) -> list[tuple[Any, ...]]:
        if self._engine is None:
            self._engine = make_engine("sqlite://")
            self.tables.metadata.create_all(self._engine)
        with self._engine.begin() as connection:
            pouring = Pouring(Sqlite(), connection, self.tables)
            pouring.private(tuple(islice(self._private.values(), self._poured_texts, None)))
            for commit, facts in zip(self._commits[self._poured :], self._facts[self._poured :], strict=True):
                pouring.facts(commit.seq, facts)
                pouring.header(commit)
            self._poured, self._poured_texts = len(self._commits), len(self._private)
            return [tuple(row) for row in connection.execute(query)]

    def submission(self, submission_id: str) -> Commit | None:
        """Return the commit that accepted a submission, or None."""
        return next((c for c in self._commits if c.submission_id == submission_id), None)

    def commits(self, since: Seq = START) -> Iterator[Commit]:
        """Return the commits after a number, in order."""
        return iter(self._commits[since:])

    def since(self, seq: Seq) -> Iterator[Commit]:
        """Return the commits after a number, as a follower asks."""
        return self.commits(seq)

    def facts_of(self, seq: Seq) -> Mapping[str, Sequence[WireRow]]:
        """Return the rows of one commit, by fact table, in their order."""
        return self._facts[seq - 1]

    def private_texts(self) -> Iterator[PrivateText]:
        """Return the private texts that are still there."""
        return iter(self._private.values())

    def texts(self, refs: Sequence[str]) -> Mapping[str, str]:
        """Return private texts by their commitments; what is erased is left out."""
        return {ref: self._private[ref].body for ref in refs if ref in self._private}

    def refs(self, word: str) -> Sequence[str]:
        """Return the commitments of the texts that hold a normalised telephone or address."""
        return sorted(text.ref for text in self._private.values() if text.word == word)

    def scrub(self) -> bool:
        """Say that nothing is left: there is no storage."""
        return True

    def rewrap(self, limit: int = 500) -> int:
        """Refuse: a ledger that is gone with the process is not encrypted."""
        raise NotEncryptedError(url=self.url)

    def wrapping(self) -> tuple[str, int] | None:
        """Return None: no master key wraps anything."""
        return None

    def verify(self, progress: Progress | None = None) -> Verdict:
        """Check every commit against its digest and the chain, and every private text against its commitment."""
        rows = {table.name: self._rows_of(table.name) for table in FACT_TABLES}
        n, bad = len(self._commits), self._bad_texts()
        return verify(self._commits, rows, key=self.seal_key, n_commits=n, bad_texts=bad, progress=progress)

    def _rows_of(self, name: str) -> Iterator[tuple[Any, ...]]:
        for seq, facts in enumerate(self._facts, start=1):
            for place, row in enumerate(facts.get(name, ())):
                yield (seq, place, *row)

    def _bad_texts(self) -> BadTexts:
        erased = {row[0]: n for n, facts in enumerate(self._facts, 1) for row in facts.get("erased_texts", ())}
        unfit = [seq for ref, seq in erased.items() if ref in self._private]
        lost: list[int] = []
        for seq, facts in enumerate(self._facts, start=1):
            refs = {row[place] for name, rows in facts.items() for place in BY_NAME[name].refs for row in rows} - {None}
            if any(ref in self._private and not self._fits(str(ref)) for ref in refs):
                unfit.append(seq)
            if any(ref not in self._private and erased.get(ref, 0) < seq for ref in refs):
                lost.append(seq)
        return BadTexts(*(Seq(min(seqs)) if seqs else None for seqs in (unfit, lost)))

    def _fits(self, ref: str) -> bool:
        text = self._private[ref]
        return commitment(text.salt, text.subject_id, text.body) == ref

    def close(self) -> None:
        """Let go of the engine that answered selects."""
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None
            self._poured = self._poured_texts = 0


class MemoryOutbox:
    """What one consumer has yet to deliver, in memory.

    Args:
        consumer: The consumer's name.
        boxes: The numbers that wait, by consumer.
        commits: All commits.
    """

    def __init__(self, consumer: str, boxes: dict[str, list[Seq]], commits: Sequence[Commit]) -> None:
        self.consumer = consumer
        self._boxes, self._commits = boxes, commits

    def subscribe(self, since: Seq | None = None) -> None:
        """Begin to collect commits; where it has begun already, nothing changes."""
        earlier = [] if since is None else [commit.seq for commit in self._commits[since:]]
        self._boxes.setdefault(self.consumer, earlier)

    def unsubscribe(self) -> None:
        """Collect no more, and forget what was not delivered."""
        self._boxes.pop(self.consumer, None)

    def pending(self, limit: int = 1000) -> Sequence[Commit]:
        """Return the first commits that are not acknowledged, in order, at most so many."""
        return [self._commits[seq - 1] for seq in self._boxes.get(self.consumer, ())[:limit]]

    def acknowledge(self, seqs: Iterable[Seq]) -> None:
        """Say that some commits were delivered."""
        delivered = set(seqs)
        box = self._boxes.get(self.consumer, [])
        box[:] = [seq for seq in box if seq not in delivered]
