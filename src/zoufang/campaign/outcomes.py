"""What Campaign's verbs give back."""

from __future__ import annotations

from attrs import field, frozen

from zoufang.ledger import Receipt
from zoufang.rules import Week
from zoufang.typing import Seq, TargetId


@frozen
class Done:
    """What came of one call.

    Args:
        receipt: The commit; None where there was nothing new to record.
        n_new: Things that were recorded.
        n_known: Things that had been recorded before with the same content.
        n_findings: With visits: what was heard on the new ones.
        n_marked: Recorded and marked, because the plan does not hold the phase open for it.
        unrouted: Targets or tickets for which nobody leads; never dropped, and to be decided by the office.
    """

    receipt: Receipt | None
    n_new: int = 0
    n_known: int = 0
    unrouted: tuple[str, ...] = ()
    n_findings: int = 0
    n_marked: int = 0


@frozen
class Dispatched:
    """A weekly dispatch as it was sealed.

    Args:
        week: Its number and days.
        as_of: The commit up to which it counts.
        digest: SHA-256 of its content in Chinese, hexadecimal.
    """

    week: Week
    as_of: Seq
    digest: str


@frozen
class Contact:
    """How to reach a target, in clear; every reading of it is recorded.

    Args:
        target_id: Whose.
        name: Private.
        address: Private.
        phone: Private.
    """

    target_id: TargetId
    name: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
