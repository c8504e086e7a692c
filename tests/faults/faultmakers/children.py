"""What a process of its own does until it ends, is killed, or has nothing left to do."""

from __future__ import annotations

import resource
import shutil
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import partial
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from faultmakers.changes import HOST, change, created, opened
from faultmakers.driver import Calls, die
from faultmakers.fuzzing import spoil_csv, spoil_workbook
from zoufang.campaign import Campaign
from zoufang.errors import StorageError, ZoufangError
from zoufang.folder import Folder, run

AT_WORK = "at work"


def commit_without_end(pipe: Connection, url: str, prefix: str, *, warm: bool) -> None:
    """Commit one change after another, and acknowledge each on the pipe once the ledger has said that it is kept.

    Says that it is at work before its first commit, which takes longest, or after it where it is to be warm.
    """
    ledger = opened(url)
    if not warm:
        pipe.send(AT_WORK)
    for n in count(1):
        token = f"{prefix}-{n}"
        ledger.commit(change(token))
        if warm and n == 1:
            pipe.send(AT_WORK)
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


def read_spoilt_files(pipe: Connection, folder: Path, jobs: list[tuple[str, int]]) -> None:
    """Spoil one file of a campaign's inbox after another, read it, and run the folder with it.

    Reports for each: the job, ``read``, ``refused: ERROR`` or ``foreign: ERROR``, the seconds of CPU and megabytes that
    reading took, and which files a refused run left different.
    """
    here = folder.with_name(f"spoilt-{jobs[0][1]}")
    importers = {name: provided.answer for provided in HOST.importers for name in [provided.answer.name]}
    plan = Folder.at(folder).plan()
    shutil.copytree(folder, here)
    for name, seed in jobs:
        random = Random(seed)
        whole = (folder.with_name("second") / name).read_bytes()
        spoil = spoil_csv if name.endswith(".csv") else spoil_workbook
        spoilt = here / "inbox" / name
        spoilt.write_bytes(spoil(whole, random))
        forget_peak_memory()
        before, begin = memory("VmRSS"), time.process_time()
        outcome = _outcome(partial(importers[spoilt.stem.partition("-")[0]].read, spoilt, plan, False))
        took = time.process_time() - begin, memory("VmHWM") - before
        tree = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}
        done = _outcome(lambda: run(Folder.at(here), plugins=HOST, today=date(2023, 3, 6)))
        changed = [path.name for path, content in tree.items() if not path.is_file() or path.read_bytes() != content]
        changed += [path.name for path in here.rglob("*") if path.is_file() and path not in tree]
        worst = max(outcome, done, key=lambda said: ("read", "refused", "foreign").index(said.partition(":")[0]))
        pipe.send(((name, seed), worst, *took, [] if done == "read" else changed))
        shutil.rmtree(here)
        shutil.copytree(folder, here)
    shutil.rmtree(here)


def _outcome(deed: Callable[[], object]) -> str:
    try:
        deed()
    except ZoufangError as error:
        return f"refused: {type(error).__name__}"
    except Exception as error:  # noqa: BLE001 - a foreign error is what is looked for
        return f"foreign: {''.join(traceback.format_exception(error)[-6:])}"
    return "read"


def forget_peak_memory() -> None:
    """Let Linux measure the peak anew."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def memory(line: str) -> int:
    """Return a line of this process's status, in megabytes."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition(f"{line}:")[2].split()[0]) // 1024


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
