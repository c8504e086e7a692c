from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from faultmakers.changes import audit, change, created, opened
from faultmakers.tearing import copied, tear

Count = Callable[..., None]
N_COMMITS = 60


@pytest.fixture(scope="module")
def in_use(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a ledger whose sixty commits stand in its write-ahead log only."""
    folder = tmp_path_factory.mktemp("torn")
    path = folder / "used.sqlite"
    created(f"sqlite:///{path}").close()
    with closing(opened(f"sqlite:///{path}")) as ledger:
        for n in range(N_COMMITS):
            ledger.commit(change(f"t{n}"))
        return copied(path, folder / "ledger.sqlite")


@pytest.mark.often(change=10, faults=200, release=5_000)
def test_a_torn_log_leaves_a_prefix_of_whole_commits(n: int, in_use: Path, tmp_path: Path, count: Count) -> None:
    """Cut or garbled anywhere: the first so many commits are there, each whole, and the next one is kept."""
    wanted = [f"t{number}" for number in range(N_COMMITS)]
    random, lengths, wrong, how = Random(200), set[int](), 0, Counter[str]()
    path = tmp_path / "torn.sqlite"
    for _ in range(n):
        how[tear(copied(in_use, path), random)] += 1
        with closing(opened(f"sqlite:///{path}")) as ledger:
            found = audit(ledger)
            lengths.add(len(found.tokens))
            wrong += list(found.tokens) != wanted[: len(found.tokens)] or bool(found.broken) or not found.verified
            ledger.commit(change("next"))
        with closing(sqlite3.connect(path)) as raw:
            wrong += raw.execute("PRAGMA integrity_check").fetchone() != ("ok",)
        with closing(opened(f"sqlite:///{path}")) as ledger:
            again = audit(ledger)
            wrong += again.tokens != (*found.tokens, "next") or not again.verified
    assert len(lengths) > n // 5, "most tears fall into another commit"
    assert min(lengths) < N_COMMITS // 2
    count("write-ahead log cut or garbled", tried=n, found=len(lengths), unit="different prefixes", lost=wrong)


def test_an_untorn_log_loses_nothing(in_use: Path, tmp_path: Path) -> None:
    """The same copy without a tear holds all sixty commits: what the test above misses was lost by the tear."""
    with closing(opened(f"sqlite:///{copied(in_use, tmp_path / 'whole.sqlite')}")) as ledger:
        assert len(audit(ledger).tokens) == N_COMMITS
