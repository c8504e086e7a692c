from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from itertools import count as numbers
from pathlib import Path

import pytest
from faultmakers.changes import audit, created, opened
from faultmakers.clients import WAYS, Told, anomalies, append, in_commit_order, read, resend

Count = Callable[..., None]
N_CLIENTS, N_LISTS = 8, 10


@pytest.fixture
def new_url(tmp_path: Path) -> Callable[[], str]:
    """Makes places for ledgers; another store's tests need only another such fixture."""
    made = numbers(1)
    return lambda: f"sqlite:///{tmp_path / f'ledger-{next(made)}.sqlite'}"


@pytest.mark.often(change=5, faults=200)
@pytest.mark.parametrize("way", WAYS)
def test_lists_only_ever_grow_at_their_end(way: str, n: int, new_url: Callable[[], str], count: Count) -> None:
    """Eight clients append `n` tokens each: none is lost or doubled, and each read is a prefix of the final list."""
    url = new_url()
    created(url).close()
    told = WAYS[way](append, url, N_CLIENTS, n, N_LISTS)
    with closing(opened(url)) as ledger:
        lists = {f"K{number}": read(ledger, f"K{number}") for number in range(N_LISTS)}
        wrong = anomalies(told, lists, in_commit_order(ledger))
        verdict = ledger.verify()
    assert (verdict.ok, verdict.n_commits) == (True, N_CLIENTS * n)
    assert sum(len(one.acknowledged) for one in told) == N_CLIENTS * n
    n_reads = sum(len(one.reads) for one in told)
    count(f"list-append, {way}", tried=N_CLIENTS * n, found=n_reads, unit="reads", lost=len(wrong))


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
@pytest.mark.parametrize("way", WAYS)
def test_what_eight_clients_send_is_kept_once(way: str, n: int, new_url: Callable[[], str], count: Count) -> None:
    """Eight clients at a barrier send the same `n` submissions: `n` are kept, and everybody is told so."""
    url = new_url()
    created(url).close()
    told = WAYS[way](resend, url, N_CLIENTS, n, n)
    with closing(opened(url)) as ledger:
        found = audit(ledger)
    assert sorted(found.tokens) == sorted(f"s{number}" for number in range(n))
    assert found.verified
    assert sum(known for _, known in told) == (N_CLIENTS - 1) * n
    lost = abs(sum(new for new, _ in told) - n) + len(found.broken)
    count(f"the same {n} submissions, {way}", tried=N_CLIENTS * n, found=len(found.tokens), unit="rows", lost=lost)
