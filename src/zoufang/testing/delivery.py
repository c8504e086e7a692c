"""What every ledger must keep towards those who follow it: followers, observers, consumers of the outbox."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from zoufang.errors import ObserverFailedWarning, RefusedFactError
from zoufang.ledger import Draft, Ledger
from zoufang.testing.drafts import area, draft_of
from zoufang.typing import Seq


def undone(ledger: Ledger, call: Callable[[], object]) -> None:
    """Do something in a block that fails, so that nothing of it is kept."""

    def fail() -> None:
        with ledger.together():
            call()
            raise LookupError

    with pytest.raises(LookupError):
        fail()


def settled(ledger: Ledger, draft: Draft) -> None:
    """Commit a change, and say that the host's transaction has ended, if there is one."""
    ledger.commit(draft)
    ledger.settle()


class DeliveryConformance:
    """The promises of a ledger to those who follow it; a part of :class:`~zoufang.testing.LedgerConformance`."""

    borrowed = False
    """Set it to True where the ledger stands on a host's connection: one thread, and the host says what was kept."""

    def test_a_follower_gets_what_is_new(self, ledger: Ledger) -> None:
        """Asked again with the last number it saw, it gets the rest, over any number of pages, in order."""
        for n in range(3):
            ledger.commit(draft_of(areas=[area(f"C{n}")]))
        assert [commit.seq for commit in ledger.since(Seq(0))] == [1, 2, 3]
        assert list(ledger.since(Seq(3))) == []
        with ledger.together():
            for n in range(3, 2050):
                ledger.commit(draft_of(areas=[area(f"C{n}")]))
        assert [commit.seq for commit in ledger.since(Seq(3))] == list(range(4, 2051))

    def test_observers_are_told_once_it_is_there_for_good(self, ledger: Ledger) -> None:
        """In order, after the outermost block, and never of what was refused or undone."""
        told: list[int] = []
        ledger.observe(lambda commit: told.append(commit.seq))
        ledger.commit(draft_of("s1", areas=[area("C1")]))
        if self.borrowed:
            assert told == []
            ledger.settle()
        assert told == [1]
        with ledger.together():
            ledger.commit(draft_of(areas=[area("C2")]))
            undone(ledger, lambda: ledger.commit(draft_of(areas=[area("C3")])))
            with pytest.raises(RefusedFactError):
                ledger.commit(draft_of(areas=[area("C1")]))
            ledger.commit(draft_of("s1", areas=[area("C1")]))
            ledger.commit(draft_of(areas=[area("C4")]))
            assert told == [1]
        if self.borrowed:
            ledger.settle()
        assert told == [1, 2, 3]
        assert [row[0] for row in ledger.select(sa.select(ledger.tables.areas.c.area_id).order_by("area_id"))] == [
            "C1",
            "C2",
            "C4",
        ]

    def test_an_observer_that_fails_undoes_nothing(self, ledger: Ledger) -> None:
        """The commit stands, the next observer is told, and a warning names who failed without repeating its words."""
        told: list[int] = []

        def rogue(_commit: object) -> None:
            message = "王桂英"
            raise LookupError(message)

        ledger.observe(rogue)
        ledger.observe(lambda commit: told.append(commit.seq))
        with pytest.warns(ObserverFailedWarning, match="rogue failed on commit 1 .LookupError") as warned:
            settled(ledger, draft_of(areas=[area("C1")]))
        assert "王桂英" not in str(warned[0].message)
        assert told == [1]
        assert ledger.head.seq == 1

    def test_the_outbox_holds_each_commit_until_it_is_acknowledged(self, ledger: Ledger) -> None:
        """From the subscription on, for each consumer by itself, in order, and with no row of what was undone."""
        ledger.commit(draft_of(areas=[area("C1")]))
        web, mail = ledger.outbox("web"), ledger.outbox("mail")
        ledger.commit(draft_of(areas=[area("C2")]))
        assert list(web.pending()) == []
        web.subscribe()
        mail.subscribe(since=Seq(1))
        web.subscribe(since=Seq(0))  # has begun already: nothing changes
        ledger.commit(draft_of("s3", areas=[area("C3")]))
        undone(ledger, lambda: ledger.commit(draft_of(areas=[area("C4")])))
        ledger.commit(draft_of("s3", areas=[area("C3")]))
        assert [commit.seq for commit in web.pending()] == [3]
        assert [commit.seq for commit in mail.pending()] == [2, 3]
        assert [commit.seq for commit in mail.pending(limit=1)] == [2]
        assert list(web.pending()) == list(ledger.since(Seq(2)))
        mail.acknowledge([Seq(3), Seq(3), Seq(99)])
        mail.acknowledge([Seq(0)])
        assert [commit.seq for commit in ledger.outbox("mail").pending()] == [2]
        ledger.commit(draft_of(areas=[area("C5")]))
        assert [commit.seq for commit in web.pending()] == [3, 4]
        assert [commit.seq for commit in mail.pending()] == [2, 4]
        web.unsubscribe()
        ledger.commit(draft_of(areas=[area("C6")]))
        assert list(web.pending()) == []
        assert [commit.seq for commit in mail.pending()] == [2, 4, 5]
        assert ledger.verify().ok

    def test_an_acknowledgement_that_is_undone_is_delivered_again(self, ledger: Ledger) -> None:
        """An acknowledgement is part of the block it stands in."""
        ledger.outbox("web").subscribe()
        ledger.commit(draft_of(areas=[area("C1")]))
        undone(ledger, lambda: ledger.outbox("web").acknowledge([Seq(1)]))
        assert [commit.seq for commit in ledger.outbox("web").pending()] == [1]

    def test_threads_write_one_chain(self, ledger: Ledger) -> None:
        """Four threads, ten changes each, and a follower beside them: no gap, no fork, nothing missed."""
        if self.borrowed:
            pytest.skip("a borrowed connection is one thread's")
        seen: list[int] = []
        done = threading.Event()

        def write(name: str) -> None:
            for n in range(10):
                ledger.commit(draft_of(areas=[area(f"{name}{n}")]))

        def follow() -> None:
            last = False
            while not last:
                last = done.is_set()
                seen.extend(commit.seq for commit in ledger.since(Seq(seen[-1] if seen else 0)))

        writers = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
        follower = threading.Thread(target=follow)
        for thread in (follower, *writers):
            thread.start()
        for thread in writers:
            thread.join()
        done.set()
        follower.join()
        assert seen == list(range(1, 41))
        verdict = ledger.verify()
        assert (verdict.ok, verdict.n_commits) == (True, 40)
