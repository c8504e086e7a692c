from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from threading import Event, Thread

import pytest
from faultmakers.changes import audit, created, opened
from faultmakers.clients import WAYS, Told, anomalies, append, in_commit_order, read, resend, write

from zoufang.typing import Seq

Count = Callable[..., None]
N_CLIENTS, N_LISTS = 8, 10

some_ways = pytest.mark.parametrize("way", ["threads", pytest.param("processes", marks=pytest.mark.faults)])
"""Processes take a second each to begin; `tests/ledger/test_writers.py` lets four of them write in every change."""


@pytest.mark.often(change=5, faults=200, release=2_000)
@some_ways
def test_lists_only_ever_grow_at_their_end(way: str, n: int, store: str, url: str, count: Count) -> None:
    """Eight clients append `n` tokens each: none is lost or doubled, and each read is a prefix of the final list.

    Before a release they are sixteen.
    """
    n_clients = N_CLIENTS if n <= 200 else 2 * N_CLIENTS
    created(url).close()
    told = WAYS[way](append, url, n_clients, n, N_LISTS)
    with closing(opened(url)) as ledger:
        lists = {f"K{number}": read(ledger, f"K{number}") for number in range(N_LISTS)}
        wrong = anomalies(told, lists, in_commit_order(ledger))
        verdict = ledger.verify()
    assert (verdict.ok, verdict.n_commits) == (True, n_clients * n)
    assert sum(len(one.acknowledged) for one in told) == n_clients * n
    n_reads = sum(len(one.reads) for one in told)
    count(f"list-append on {store}, {way}", tried=n_clients * n, found=n_reads, unit="reads", lost=len(wrong))


@pytest.mark.parametrize(
    ("lists", "reads", "wrong"),
    [
        ({"K1": ("0-0", "0-1")}, (("K1", ("0-0",)),), []),
        ({"K1": ("0-0",)}, (), ["lost: 0-1"]),
        ({"K1": ("0-0", "0-1", "0-2")}, (), ["never acknowledged"]),
        ({"K1": ("0-0", "0-1", "0-1")}, (), ["doubled"]),
        ({"K1": ("0-1", "0-0")}, (), ["out of order in the ledger", "out of order in K1"]),
        ({"K1": ("0-0", "0-1")}, (("K1", ("0-1",)),), ["no prefix of K1"]),
        ({"K1": ("0-0", "0-1")}, (("K1", ("0-0",)), ("K1", ())), ["K1 shrank for 0"]),
    ],
)
def test_each_anomaly_would_be_seen(lists: dict[str, tuple[str, ...]], reads: tuple, wrong: list[str]) -> None:
    """A lost, doubled, reordered token and a read of the wrong past are told apart; a good history shows none."""
    told = Told(0, (("K1", "0-0"), ("K1", "0-1")), reads, 0)
    assert anomalies([told], lists, lists["K1"]) == wrong


@pytest.mark.often(change=10, faults=100)
@some_ways
def test_what_eight_clients_send_is_kept_once(way: str, n: int, store: str, url: str, count: Count) -> None:
    """Eight clients at a barrier send the same `n` submissions: `n` are kept, and everybody is told so."""
    created(url).close()
    told = WAYS[way](resend, url, N_CLIENTS, n, n)
    with closing(opened(url)) as ledger:
        found = audit(ledger)
    assert sorted(found.tokens) == sorted(f"s{number}" for number in range(n))
    assert found.verified
    assert sum(known for _, known in told) == (N_CLIENTS - 1) * n
    lost = abs(sum(new for new, _ in told) - n) + len(found.broken)
    what = f"8 clients send the same {n} submissions to {store}, {way}"
    count(what, tried=N_CLIENTS * n, found=len(found.tokens), unit="rows", lost=lost)


@pytest.mark.often(change=10, faults=200)
@some_ways
def test_two_writers_both_succeed(way: str, n: int, store: str, url: str, count: Count) -> None:
    """Two writers commit `n` changes each as fast as they can: all of them stand in one chain, none was refused."""
    created(url).close()
    told = WAYS[way](write, url, 2, n, n)
    with closing(opened(url)) as ledger:
        found = audit(ledger)
        seqs = [commit.seq for commit in ledger.commits()]
    assert seqs == list(range(1, 2 * n + 1))
    assert found.verified
    assert sorted(found.tokens) == sorted(f"{client}-{number}" for client in range(2) for number in range(n))
    lost = len(found.broken) + sum(own != sorted(own) for own in told)
    count(f"two writers on {store}, {way}", tried=2 * n, found=len(found.tokens), unit="commits", lost=lost)


@pytest.mark.often(change=10, faults=200)
@some_ways
def test_a_follower_misses_nothing(way: str, n: int, store: str, url: str, count: Count) -> None:
    """Four writers commit `n` changes each while somebody follows: every one is seen once, in order."""
    created(url).close()
    seen: list[int] = []
    done, looks = Event(), 0

    def follow() -> None:
        nonlocal looks
        with closing(opened(url)) as ledger:
            last = False
            while not last:
                last = done.is_set()
                seen.extend(commit.seq for commit in ledger.since(Seq(seen[-1] if seen else 0)))
                looks += 1

    follower = Thread(target=follow)
    follower.start()
    WAYS[way](write, url, 4, n, n)
    done.set()
    follower.join()
    missed = len(set(range(1, 4 * n + 1)) ^ set(seen)) + (seen != sorted(seen))
    assert looks > 3, "the follower was too late to follow"
    count(f"a follower of four writers on {store}, {way}", tried=4 * n, found=len(seen), unit="seen", lost=missed)
