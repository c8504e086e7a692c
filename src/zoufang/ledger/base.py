"""What every ledger promises: append-only commits, read by selects, verified by a chain."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

import sqlalchemy as sa
from attrs import field, frozen

from zoufang.facts import Checkpoint, Facts, Tables
from zoufang.model import Actor
from zoufang.typing import Progress, Seq, Text, WireRow

START = Seq(0)
"""Before the first commit."""


@frozen
class PrivateText:
    """A private text on its way to the erasable side table.

    Args:
        ref: Its salted commitment, which the facts hold.
        subject_id: Whose it is.
        salt: Random, hexadecimal.
        body: The text.
        word: The normalised telephone or address by which it can be looked up; empty where it cannot.
    """

    ref: str
    subject_id: str
    salt: str = field(repr=False)
    body: str = field(repr=False)
    word: str = field(default="", repr=False)


@frozen
class Draft:
    """One change, before it is accepted.

    Args:
        verb: What is done.
        actor: Who does it.
        at: When it is recorded, aware.
        facts: Rows by fact table, each in the order of its columns, without ``commit_seq`` and ``ord``.
        private: Private texts that the rows refer to.
        submission_id: The sender's own number, if any; the same number again has no second effect.
        content: Keyed digest of what was sent, to tell a resend from a change.
        erase: Subjects whose private texts, keys and blind index are destroyed with it.
    """

    verb: str
    actor: Actor
    at: datetime
    facts: Facts
    private: Sequence[PrivateText] = ()
    submission_id: str | None = None
    content: str | None = None
    erase: Sequence[str] = ()


@frozen
class Commit:
    """The header of one accepted change; the fields are those of the ``commits`` table.

    Args:
        seq: From 1 without gaps.
        recorded_at: Wire instant.
        actor: Who.
        role: In which role.
        unit: For which unit.
        verb: What.
        submission_id: The sender's number.
        content: Keyed digest of what was sent.
        n_facts: Rows in all fact tables.
        facts_digest: SHA-256 of the facts.
        chain: The link.
    """

    seq: Seq
    recorded_at: str
    actor: str
    role: str
    unit: str
    verb: str
    submission_id: str | None
    content: str | None
    n_facts: int
    facts_digest: str
    chain: str


@frozen
class Receipt:
    """What the sender of a change gets back.

    Args:
        seq: The commit.
        chain: Its link.
        n_facts: Rows that it recorded.
        duplicate: True where the same submission had been accepted before; nothing was written now.
    """

    seq: Seq
    chain: str
    n_facts: int
    duplicate: bool = False


@frozen
class Verdict:
    """What checking the whole ledger came to.

    Args:
        n_commits: Commits that were found in order, up to the first bad one.
        n_facts: Rows in them.
        head: The last commit that is in order.
        first_bad: The first commit that is not in order, or None.
        problem: What is wrong with it, or None.
    """

    n_commits: int
    n_facts: int
    head: Checkpoint
    first_bad: Seq | None = None
    problem: Text | None = None

    @property
    def ok(self) -> bool:
        """True where everything is in order."""
        return self.first_bad is None


Observer = Callable[[Commit], None]
"""Is told of a commit after the database has it for good."""


class Outbox(Protocol):
    """What one consumer has yet to deliver, each commit at least once.

    Its rows are written in the transaction of the commit itself: there is none without the other, whatever is killed.
    """

    @property
    def consumer(self) -> str:
        """The consumer's name."""
        ...

    def subscribe(self, since: Seq | None = None) -> None:
        """Begin to collect commits; where it has begun already, nothing changes.

        Args:
            since: Collect those after this number too, 0 for all; from now on if None.
        """
        ...

    def unsubscribe(self) -> None:
        """Collect no more, and forget what was not delivered."""
        ...

    def pending(self, limit: int = 1000) -> Sequence[Commit]:
        """Return the first commits that are not acknowledged, in order, at most so many."""
        ...

    def acknowledge(self, seqs: Iterable[Seq]) -> None:
        """Say that some commits were delivered; one that was acknowledged before is passed over."""
        ...


@runtime_checkable
class Ledger(Protocol):
    """An append-only ledger: the only thing that writes facts, and a :class:`zoufang.facts.Reader`."""

    @property
    def url(self) -> str:
        """Where it is, without secrets; for messages."""
        ...

    @property
    def tables(self) -> Tables:
        """The tables that selects are written against."""
        ...

    @property
    def key(self) -> bytes:
        """The ledger's own random key for keyed digests."""
        ...

    @property
    def seal_key(self) -> bytes:
        """The key of the seal, which is in clear in every ledger: it only keeps outsiders from trying rows."""
        ...

    @property
    def head(self) -> Checkpoint:
        """The last commit; seq 0 and the empty chain before the first."""
        ...

    def commit(self, draft: Draft) -> Receipt:
        """Accept a change whole, or refuse it whole.

        Raises:
            SubmissionConflictError: The submission id was used for other content.
            BadValueError: A cell that is not of its column's sort, or that some database cannot keep.
            RefusedFactError: A row's key is taken.
            BusyError: Another writer holds the ledger; try again.
            StorageError: The storage failed; nothing was kept.
            UnreachableError: The database server is not there, or the connection was lost; nothing was kept.
            InDoubtError: The storage failed at the very end; whether the change was kept is not known until it is sent
                again.
            NoTransactionError: The ledger stands on a borrowed connection whose host has not begun a transaction.
        """
        ...

    def together(self) -> AbstractContextManager[None]:
        """Open a block whose commits are all kept, or none of them where it ends with an error.

        Within it, the same thread reads what it has committed so far.
        """
        ...

    @property
    def encrypted(self) -> bool:
        """True where private texts are encrypted."""
        ...

    @property
    def locked(self) -> Text | None:
        """Why private texts cannot be opened and nothing can be written; None where they can."""
        ...

    def texts(self, refs: Sequence[str]) -> Mapping[str, str]:
        """Return private texts by their commitments, masked where the ledger is locked; what is erased is left out."""
        ...

    def refs(self, word: str) -> Sequence[str]:
        """Return the commitments of the texts that hold a normalised telephone or address."""
        ...

    def scrub(self) -> bool:
        """Take deleted bytes out of the storage; True where they are gone."""
        ...

    def rewrap(self, limit: int = 500) -> int:
        """Wrap at most so many keys anew with the current master key; 0 where all are."""
        ...

    def wrapping(self) -> tuple[str, int] | None:
        """Return the fingerprint of the first master key and the number of keys that are wrapped; None without."""
        ...

    @property
    def key_id(self) -> str:
        """Fingerprint of the current master key; empty without one."""
        ...

    def select(self, query: sa.Select[Any]) -> list[tuple[Any, ...]]:
        """Run one select over the facts and return its rows."""
        ...

    def submission(self, submission_id: str) -> Commit | None:
        """Return the commit that accepted a submission, or None."""
        ...

    def commits(self, since: Seq = START) -> Iterator[Commit]:
        """Return the commits after a number, in order."""
        ...

    def since(self, seq: Seq) -> Iterator[Commit]:
        """Return the commits after a number, as a follower asks: what has a higher number was not there before.

        A number is given out and becomes visible in one order, so a follower that keeps the last number it saw and asks
        again never misses a commit.
        """
        ...

    def observe(self, observer: Observer) -> None:
        """Tell somebody of every commit that this ledger makes from now on, after the database has it for good.

        An observer cannot undo a commit: what it raises becomes a warning, and the others are told all the same. Where
        the ledger stands on a host's connection, only the host knows when its transaction has ended, and tells it by
        :meth:`settle`.
        """
        ...

    def settle(self, *, kept: bool = True) -> None:
        """Say that the host's own transaction has ended; observers are told of its commits if it was kept.

        A ledger that ends its own transactions needs no such call.
        """
        ...

    def outbox(self, consumer: str) -> Outbox:
        """Return what a consumer has yet to deliver."""
        ...

    def facts_of(self, seq: Seq) -> Mapping[str, Sequence[WireRow]]:
        """Return the rows of one commit, by fact table, in their order."""
        ...

    def verify(self, progress: Progress | None = None) -> Verdict:
        """Check every commit against its digest and the chain, and every private text against its commitment."""
        ...

    def close(self) -> None:
        """Let go of the storage; what was borrowed stays open."""
        ...
