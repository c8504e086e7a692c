from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from faultmakers.changes import change, created, opened
from faultmakers.tampering import SEEN_FROM_INSIDE, SEEN_FROM_OUTSIDE, Tamper, stands_at

from zoufang.facts import Checkpoint
from zoufang.ledger import Verdict

Count = Callable[..., None]
After = Callable[[Tamper, int], tuple[Verdict, bool]]
N_COMMITS = 500


@pytest.fixture(scope="module")
def ledger_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a closed ledger of five hundred commits, made in one transaction for speed."""
    path = tmp_path_factory.mktemp("tampered") / "ledger.sqlite"
    with closing(created(f"sqlite:///{path}")) as ledger, ledger.together():
        for n in range(1, N_COMMITS + 1):
            ledger.commit(change(f"c{n}"))
    return path


@pytest.fixture(scope="module")
def remembered(ledger_file: Path) -> Checkpoint:
    """The last commit as a printed page has it."""
    with closing(opened(f"sqlite:///{ledger_file}")) as ledger:
        return ledger.head


@pytest.fixture
def after(ledger_file: Path, remembered: Checkpoint, tmp_path: Path) -> After:
    """Tampers with a copy; says what the ledger then says, and whether the remembered checkpoint still stands in it."""
    path = tmp_path / "ledger.sqlite"

    def tamper_with(tamper: Tamper, seq: int) -> tuple[Verdict, bool]:
        shutil.copy(ledger_file, path)
        with closing(sqlite3.connect(path)) as raw, raw:
            raw.execute("PRAGMA synchronous = OFF")
            tamper(raw, seq)
        with closing(opened(f"sqlite:///{path}")) as ledger:
            return ledger.verify(), stands_at(ledger, remembered)

    return tamper_with


@pytest.mark.often(change=125, faults=1)
@pytest.mark.parametrize("kind", SEEN_FROM_INSIDE)
def test_an_edit_is_found_and_named(kind: str, n: int, after: After, count: Count) -> None:
    """An edit of any commit (every `n`th is tried): verify names that very commit as the first bad one."""
    last = N_COMMITS if kind != "swap" else N_COMMITS - 1
    places = [*range(1, last, n), last]
    named = 0
    for seq in places:
        verdict, _ = after(SEEN_FROM_INSIDE[kind], seq)
        named += verdict.first_bad == seq
    count(f"tampering: {kind}", tried=len(places), found=named, unit="named", lost=len(places) - named)


@pytest.mark.often(change=125, faults=1)
@pytest.mark.parametrize("kind", SEEN_FROM_OUTSIDE)
def test_a_new_history_is_found_by_a_checkpoint(kind: str, n: int, after: After, count: Count) -> None:
    """A history rewritten or cut anywhere is in order with itself; a checkpoint kept outside is not in it."""
    places = [*range(1, N_COMMITS, n), N_COMMITS]
    found = in_order = 0
    for seq in places:
        verdict, stands = after(SEEN_FROM_OUTSIDE[kind], seq)
        in_order += verdict.ok
        found += not stands
    assert in_order == len(places), "otherwise the chain itself would have found it, and this test would show nothing"
    count(f"tampering: {kind}", tried=len(places), found=found, unit="by a checkpoint", lost=len(places) - found)


def test_an_untouched_ledger_is_in_order(after: After) -> None:
    """Without an edit nothing is found, inside or outside."""
    verdict, stands = after(lambda raw, seq: None, 1)
    assert (verdict.ok, verdict.n_commits, stands) == (True, N_COMMITS, True)
