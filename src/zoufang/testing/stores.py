"""Ledgers whose key is known, so that two of them over one history have the same chain."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from zoufang.ledger import Draft, Ledger, MemoryLedger, SqlLedger
from zoufang.model import Actor, Role
from zoufang.sdk import API, StorageBackend, hookimpl

KEY = bytes(range(32))
"""The key of every ledger that :class:`KeyedStores` makes."""


class KeyedStores:
    """A plugin with three storage backends: ``keyed-sqlite``, ``keyed-postgresql`` and ``keyed-memory``.

    Register it beside the core: ``Plugins.of(core, KeyedStores())``.
    """

    zoufang_api = API
    zoufang_name = "zoufang-testing"

    @hookimpl
    def zoufang_storage_backends(self) -> Iterable[StorageBackend]:
        """Answer with ledgers whose key is :data:`KEY`."""
        return [
            StorageBackend(name="keyed-sqlite", schemes=("keyed-sqlite",), create=_create, open=_open),
            StorageBackend(name="keyed-postgresql", schemes=("keyed-postgresql",), create=_create, open=_open),
            StorageBackend(name="keyed-memory", schemes=("keyed-memory",), create=_memory, open=_memory),
        ]


def _create(url: str) -> Ledger:
    return SqlLedger.create(url.removeprefix("keyed-"), KEY)


def _open(url: str) -> Ledger:
    return SqlLedger.open(url.removeprefix("keyed-"))


def _memory(_url: str) -> Ledger:
    return MemoryLedger(KEY)


def replay(source: Ledger, into: Ledger) -> Ledger:
    """Commit every change of one ledger again into another, empty one.

    Private texts are not part of the facts and do not come along; with the same key the chain comes out the same.

    Args:
        source: Where the changes stand.
        into: An empty ledger.

    Returns:
        The ledger that was written.
    """
    for commit in source.commits():
        into.commit(
            Draft(
                verb=commit.verb,
                actor=Actor(id=commit.actor, role=Role(commit.role), unit_id=commit.unit),
                at=datetime.fromisoformat(commit.recorded_at),
                facts=source.facts_of(commit.seq),
                submission_id=commit.submission_id,
                content=commit.content,
            )
        )
    return into
