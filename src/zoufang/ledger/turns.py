"""Fair turns for the writers of one SQLite file.

SQLite makes a writer that finds the file locked look again at growing intervals, so that of four busy writers one
may never get through. Here a writer first takes its turn with two lock files beside the ledger: whoever waits for
the first is one of a crowd, whoever holds it is the next and waits alone for the second. So a writer that has just
been served goes behind those who wait.

The turn is only about fairness. That two writers never write at once is the work of SQLite's own lock; where the
lock files cannot be made (a read-only folder, a full disk) the turn is skipped, and SQLite says what is wrong.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

CROWD_S = 0.001
"""How often somebody in the crowd looks whether the first lock is free."""

NEXT_S = 0.0003
"""How often the one who is next looks whether the second lock is free."""


class Turns:
    """The turns of one file.

    Args:
        path: The ledger's file.
        wait: Seconds that a writer waits for its turn, at least 0.
    """

    def __init__(self, path: Path, wait: float) -> None:
        self._gate, self._main = (path.with_name(path.name + suffix) for suffix in (".next", ".lock"))
        self._wait = wait

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for the turn, and give it back at the end.

        Raises:
            TimeoutError: It did not come in time.
        """
        end = monotonic() + self._wait
        gate = _opened(self._gate)
        try:
            _lock(gate, end, CROWD_S)
            main = _opened(self._main)
            try:
                _lock(main, end, NEXT_S)
                _free(gate)
                gate = None
                yield
            finally:
                _free(main)
        finally:
            _free(gate)

    def clear(self) -> None:
        """Remove the lock files; whoever holds one just then is not harmed, and the next makes them anew."""
        for path in (self._gate, self._main):
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _opened(path: Path) -> int | None:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
    except OSError:
        return None


def _lock(file: int | None, end: float, pause: float) -> None:
    while file is not None and not _locked(file):
        if monotonic() >= end:
            raise TimeoutError
        sleep(pause)


def _free(file: int | None) -> None:
    """Unlock and close; unlocked by name, for a child that was forked meanwhile holds the same file."""
    if file is not None:
        with suppress(OSError):
            _unlock(file)
        os.close(file)


if sys.platform == "win32":

    def _locked(file: int) -> bool:
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)

else:

    def _locked(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks: no turns there
            return True
        return True

    def _unlock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
