"""Several processes write one ledger: a chain without gaps, each served in its turn, waits that end."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep

import pytest
import sqlalchemy as sa

from zoufang.errors import BusyError
from zoufang.ledger import SqlLedger, turns
from zoufang.ledger.turns import Turns
from zoufang.typing import Seq

WRITER = """
import json, sys, time
from datetime import UTC, datetime
from zoufang.ledger import Draft, SqlLedger
from zoufang.model import Actor, Role

url, name, count, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
ledger = SqlLedger.open(url, wait=60)
print("ready", flush=True)
sys.stdin.readline()
seqs, longest, end = [], 0.0, time.monotonic() + seconds
while len(seqs) < count and time.monotonic() < end:
    began = time.monotonic()
    row = (f"{name}{len(seqs)}", 1, "x", "community", None, None)
    draft = Draft("record", Actor("office", Role.OFFICE), datetime.now(UTC), {"areas": [row]})
    seqs.append(ledger.commit(draft).seq)
    longest = max(longest, time.monotonic() - began)
ledger.close()
print(json.dumps([seqs, longest]))
"""

Run = Callable[[str, int, float], list[tuple[list[int], float]]]


@pytest.fixture
def written() -> Run:
    """Lets four processes write at once; gives for each its commits' numbers and its longest wait."""

    def run(url: str, count: int, seconds: float) -> list[tuple[list[int], float]]:
        command = [sys.executable, "-c", WRITER, url]
        writers = [
            subprocess.Popen(
                [*command, name, str(count), str(seconds)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            for name in "abcd"
        ]
        for writer in writers:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "ready\n"
        return [tuple(json.loads(writer.communicate("go\n")[0])) for writer in _gone(writers)]

    return run


def _gone(writers: list[subprocess.Popen[str]]) -> list[subprocess.Popen[str]]:
    """Give all the word at once, not one after the other has finished."""
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    return writers


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty ledger on each of both databases."""
    sqlite = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    place = sqlite if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    SqlLedger.create(place).close()
    return place


def test_processes_write_one_chain_and_a_follower_misses_nothing(url: str, written: Run) -> None:
    """Four processes, fifty changes each: every number once, in each process's own order, and all of them followed."""
    ledger, seen, done = SqlLedger.open(url), [], Event()

    def follow() -> None:
        last = False
        while not last:
            last = done.is_set()
            seen.extend(commit.seq for commit in ledger.since(Seq(seen[-1] if seen else 0)))

    follower = Thread(target=follow)
    follower.start()
    found = written(url, 50, 60.0)
    done.set()
    follower.join()
    assert seen == list(range(1, 201))
    assert sorted(seq for seqs, _ in found for seq in seqs) == seen
    assert all(seqs == sorted(seqs) for seqs, _ in found)
    verdict = ledger.verify()
    assert (verdict.ok, verdict.n_commits) == (True, 200)
    assert len(ledger.select(sa.select(ledger.tables.areas.c.area_id))) == 200
    ledger.close()


def test_no_process_starves(url: str, written: Run) -> None:
    """Of four that write as fast as they can, the slowest gets at least half its fair share."""
    shares = [len(seqs) for seqs, _ in written(url, 100_000, 3.0)]
    assert min(shares) >= sum(shares) / len(shares) / 2, shares


# --- the turns themselves ---------------------------------------------------------------------------------------


def test_a_turn_that_does_not_come_is_given_up_in_time(tmp_path: Path) -> None:
    """The wait is bounded, whether somebody has the turn or is next; afterwards the turn can be had again."""
    path = tmp_path / "ledger.sqlite"
    for hasty in (Turns(path, 0.1), Turns(path, 0.0)):
        with Turns(path, 1).taken():
            began = monotonic()
            with pytest.raises(TimeoutError), hasty.taken():
                pass
            assert monotonic() - began < 1
        with hasty.taken():
            pass


def test_a_writer_whose_turn_does_not_come_is_told_that_the_ledger_is_busy(tmp_path: Path) -> None:
    """Another process that was stopped in the middle of a commit holds up nobody for ever."""
    path = tmp_path / "ledger.sqlite"
    ledger = SqlLedger.create(f"sqlite:///{path}", wait=0.1)
    with Turns(path, 1).taken(), pytest.raises(BusyError), ledger.together():
        pass
    with ledger.together():
        pass
    ledger.close()


def test_the_one_who_waits_is_served_before_the_one_who_comes_back(tmp_path: Path) -> None:
    """A writer that gives its turn back and asks at once finds the other one served first."""
    path, order, asked = tmp_path / "ledger.sqlite", [], Event()

    def other() -> None:
        asked.set()
        with Turns(path, 10).taken():
            order.append("other")

    waiting = Thread(target=other)
    with Turns(path, 10).taken():
        waiting.start()
        asked.wait()
        while not _is_locked(path.with_name("ledger.sqlite.next")):
            sleep(0.001)  # until the other one stands next
    with Turns(path, 10).taken():
        order.append("back")
    waiting.join()
    assert order == ["other", "back"]


def _is_locked(path: Path) -> bool:
    file = turns._opened(path)
    assert file is not None
    try:
        return not turns._locked(file)
    finally:
        turns._free(file)


def test_no_lock_file_stays_behind_and_none_is_needed(tmp_path: Path) -> None:
    """They go when the ledger is closed; in a folder where none can be made, writing goes on without turns."""
    path = tmp_path / "ledger.sqlite"
    ledger = SqlLedger.create(f"sqlite:///{path}")
    ledger.close()
    assert [file.name for file in tmp_path.iterdir()] == ["ledger.sqlite"]
    with Turns(tmp_path / "no such folder" / "ledger.sqlite", 1).taken():
        pass
