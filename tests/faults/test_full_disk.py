from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from faultmakers import children, killing
from faultmakers.changes import audit, change, created, opened
from faultmakers.driver import Calls

from zoufang.errors import StorageError

Count = Callable[..., None]


@pytest.mark.often(change=4, faults=60)
def test_a_ledger_that_may_not_grow_refuses_whole_changes(n: int, tmp_path: Path, count: Count) -> None:
    """With `max_page_count` a few pages on: refused in our own words, readable, at work once there is room."""
    lost = refusals = 0
    for pages in range(n):
        url, calls = f"sqlite:///{tmp_path / f'{pages}.sqlite'}", Calls()
        with calls.between(), closing(created(url)) as ledger:
            ledger.commit(change("first"))
            calls.set(f"max_page_count = {page_count(tmp_path / f'{pages}.sqlite') + pages}")
            kept = fill(ledger, f"{pages}")
            found = audit(ledger)
            refusals += len(kept) < 1_000
            lost += found.tokens != ("first", *kept) or bool(found.broken) or not found.verified
            calls.set("max_page_count = 1000000")
            ledger.commit(change("later"))
            lost += audit(ledger).tokens != ("first", *kept, "later")
    assert refusals == n, "the ledger was never full"
    count("disk full by max_page_count", tried=n, found=refusals, unit="refusals", lost=lost)


def page_count(path: Path) -> int:
    """Return how many pages a ledger in use has, those in its log among them."""
    with closing(sqlite3.connect(path)) as raw:
        (pages,) = raw.execute("PRAGMA page_count").fetchone()
    return int(pages)


def fill(ledger: Any, name: str) -> list[str]:
    """Commit until that is refused; return what was acknowledged."""
    kept: list[str] = []
    for number in range(1_000):
        token = f"{name}-{number}"
        try:
            ledger.commit(change(token))
        except StorageError:
            break
        kept.append(token)
    return kept


@pytest.mark.often(change=3, faults=60)
def test_a_process_whose_files_may_not_grow_loses_only_the_change(n: int, tmp_path: Path, count: Count) -> None:
    """With `RLIMIT_FSIZE` a few pages on: refused in our own words, readable, at work once there is room."""
    lost, said = 0, Counter[str]()
    for number in range(n):
        url = f"sqlite:///{tmp_path / f'{number}.sqlite'}"
        created(url).close()
        code, messages = killing.run(children.fill_the_disk, url, number * 1_777)
        ((kept, refusals, readable, after),) = messages
        said.update(refusals)
        with closing(opened(url)) as ledger:
            found = audit(ledger)
        lost += (code, len(refusals), readable) != (0, 1, True)
        lost += found.tokens != (*kept, after) or bool(found.broken) or not found.verified
    assert said.total() == n, "the disk was never full"
    count("disk full by RLIMIT_FSIZE", tried=n, found=len(said), unit="different messages", lost=lost)
