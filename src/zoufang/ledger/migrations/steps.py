"""Every migration, in order: one line for each revision after the first."""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen

from zoufang.ledger.migrations import r0002_conflicts
from zoufang.ledger.migrations.change import Change
from zoufang.typing import Text


@frozen
class Migration:
    """The way from one revision to the next.

    Args:
        revision: To which it leads, from the one before.
        title: What is new, in a few words.
        upgrade: Changes the tables; within a transaction, and without a digest of any fact becoming another one.
    """

    revision: int
    title: Text
    upgrade: Callable[[Change], None]


STEPS: tuple[Migration, ...] = (Migration(2, r0002_conflicts.TITLE, r0002_conflicts.upgrade),)
"""All of them, without a gap; the last leads to the revision of this release."""
