"""Who is told of a commit once it is there for good."""

from __future__ import annotations

import warnings
from threading import local

from zoufang.errors import ObserverFailedWarning
from zoufang.ledger.base import Commit, Observer


class Observers:
    """The observers of one ledger, and the commits they are not told of yet.

    Args:
        shared: True where every thread's commits stand in one transaction, that of a borrowed connection.
    """

    def __init__(self, *, shared: bool = False) -> None:
        self._observers: list[Observer] = []
        self._waiting = _Shared() if shared else local()

    def add(self, observer: Observer) -> None:
        """Take on another one."""
        self._observers.append(observer)

    def note(self, commit: Commit) -> None:
        """Keep a commit until its transaction has ended."""
        if self._observers:
            self._kept.append(commit)

    @property
    def mark(self) -> int:
        """How many commits wait; for :meth:`forget`."""
        return len(self._kept)

    def forget(self, mark: int = 0) -> None:
        """Drop the commits that came after a mark: their transaction or savepoint was undone."""
        del self._kept[mark:]

    def tell(self) -> None:
        """Tell every observer of the commits that waited, in order."""
        told, self._waiting.commits = self._kept, []
        for commit in told:
            for observer in self._observers:
                try:
                    observer(commit)
                except Exception as error:  # noqa: BLE001 - the commit is there: whatever an observer does, it stays
                    who = getattr(observer, "__qualname__", type(observer).__qualname__)
                    warnings.warn(ObserverFailedWarning(who, commit.seq, type(error).__name__), stacklevel=4)

    @property
    def _kept(self) -> list[Commit]:
        if not hasattr(self._waiting, "commits"):
            self._waiting.commits = []
        kept: list[Commit] = self._waiting.commits
        return kept


class _Shared:
    commits: list[Commit]
