"""What a process of its own does until it ends, is killed, or has nothing left to do."""

from __future__ import annotations

import resource
from contextlib import suppress
from datetime import date
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

from faultmakers.changes import HOST, change, created, opened
from faultmakers.driver import Calls, die
from zoufang.campaign import Campaign
from zoufang.errors import StorageError
from zoufang.folder import Folder, run

AT_WORK = "at work"


def commit_without_end(pipe: Connection, url: str, prefix: str) -> None:
    """Commit one change after another, and acknowledge each on the pipe once the ledger has said that it is kept."""
    ledger = opened(url)
    pipe.send(AT_WORK)
    for n in count(1):
        token = f"{prefix}-{n}"
        ledger.commit(change(token))
        pipe.send(token)


def die_unacknowledged(_pipe: Connection, url: str, token: str) -> None:
    """Commit a submission, and die before anybody is told."""
    opened(url).commit(change(token, submission_id=token))
    die()


def die_making_a_ledger(pipe: Connection, url: str, at: int) -> None:
    """Die at the Nth call of making a ledger; report nothing, or that there were fewer calls."""
    calls = Calls()
    calls.arm(at, die)
    with calls.between():
        created(url).close()
    pipe.send(calls.n)


def die_beginning_a_campaign(pipe: Connection, url: str, at: int) -> None:
    """Die at the Nth call of beginning a campaign; report nothing, or that there were fewer calls."""
    calls = Calls()
    calls.arm(at, die)
    with calls.between():
        Campaign.create("huangtun-2023", url, plugins=HOST).close_ledger()
    pipe.send(calls.n)


def run_a_folder(pipe: Connection, path: Path, today: str) -> None:
    """Import what is new in a campaign's folder and write what is due."""
    pipe.send(AT_WORK)
    run(Folder.at(path), plugins=HOST, today=date.fromisoformat(today))
    pipe.send("done")


def fill_the_disk(pipe: Connection, url: str, room: int) -> None:
    """Commit while files may grow only by so many bytes, until that is refused; then go on with more room.

    Reports the tokens that were acknowledged, what the refusal was, the tokens that could be read while the disk was
    full, and those that were acknowledged after there was room again.
    """
    ledger = opened(url)
    path = Path(url.removeprefix("sqlite:///"))
    size = max(path.with_name(path.name + suffix).stat().st_size for suffix in ("", "-wal"))
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + room, hard))
    kept: list[str] = []
    refusals: list[str] = []
    with suppress(StorageError):
        for n in range(10_000):
            token = f"full-{room}-{n}"
            try:
                ledger.commit(change(token))
            except StorageError as error:
                refusals.append(error.problem)
                raise
            kept.append(token)
    readable = ledger.verify().ok
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    ledger.commit(change(f"room-{room}"))
    pipe.send((kept, refusals, readable, f"room-{room}"))
    ledger.close()
