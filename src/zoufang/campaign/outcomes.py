"""What Campaign's verbs give back."""

from __future__ import annotations

from datetime import date
from typing import Literal

from attrs import field, frozen

from zoufang.ledger import Receipt
from zoufang.rules import Week
from zoufang.typing import Seq, TargetId, Text, TicketId


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
        n_withheld: Private texts that were not kept, because their subject is erased.
        conflicts: Numbers that are recorded with other content: kept beside the record, for the office to settle;
            empty for a submission that is sent again, whatever of it still waits.
        n_conflict_findings: With visits: what was heard on those of them.
        soft: With steps: tickets that had moved on since their version was seen, without touching what was decided.
    """

    receipt: Receipt | None
    n_new: int = 0
    n_known: int = 0
    unrouted: tuple[str, ...] = ()
    n_findings: int = 0
    n_marked: int = 0
    n_withheld: int = 0
    conflicts: tuple[str, ...] = ()
    n_conflict_findings: int = 0
    soft: tuple[str, ...] = ()

    @property
    def n_conflicts(self) -> int:
        """How many things differ from what is recorded and wait to be settled."""
        return len(self.conflicts)


@frozen
class Difference:
    """One column in which something that was handed in differs from its record.

    Args:
        column: A column; ``findings.2`` for a whole finding, ``findings.2.said`` for a part of one.
        recorded: What the record says; words as the mask that was asked for shows them, None where it says nothing.
        handed_in: What was handed in, likewise.
    """

    column: str
    recorded: Text | None = field(default=None, repr=False)
    handed_in: Text | None = field(default=None, repr=False)


@frozen
class Conflict:
    """Something that was handed in under a number that is recorded with other content.

    Args:
        id: The conflict's number.
        subject: ``visit`` or ``ticket``.
        subject_id: The number under which it was handed in.
        against: The record that it differs from.
        seq: The commit that lists it.
        on: The day of that.
        differences: Where they differ.
        decision: ``keep``, ``replace`` or ``both``; None while it is open.
        made_id: The number under which it was recorded by the decision, if it was.
        reason: Why it was decided so.
    """

    id: str
    subject: Literal["visit", "ticket"]
    subject_id: str
    against: str
    seq: Seq
    on: date
    differences: tuple[Difference, ...] = ()
    decision: str | None = None
    made_id: str | None = None
    reason: str | None = None


@frozen
class Settled:
    """What came of the settlement of a conflict.

    Args:
        receipt: The commit; there always is one.
        conflict_id: Which.
        decision: What was decided.
        made_id: The number under which what was handed in is recorded now; None where the record was kept.
        replaced: The record that counts no longer; None unless it was replaced.
        raised: Tickets that were raised by it.
        kept: Tickets of the replaced visit whose demand was heard again, and that go on.
        left_open: Tickets of the replaced visit whose demand was not heard again, and that still need an answer.
    """

    receipt: Receipt | None
    conflict_id: str
    decision: str
    made_id: str | None = None
    replaced: str | None = None
    raised: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    left_open: tuple[str, ...] = ()


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
    """How to reach a target, as the mask that was asked for shows it; every reading in clear is recorded.

    Args:
        target_id: Whose.
        name: Private.
        address: Private.
        phone: Private.
        erased: True where the person's data were erased.
    """

    target_id: TargetId
    name: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    erased: bool = False


@frozen
class Words:
    """What was said in a ticket, as the mask that was asked for shows it; every reading in clear is recorded.

    Args:
        ticket_id: Which.
        said: Private.
        contact: Private.
        erased: True where the person's data were erased.
    """

    ticket_id: TicketId
    said: Text = field(default=Text("", ""), repr=False)
    contact: str = field(default="", repr=False)
    erased: bool = False


@frozen
class Match:
    """What a look-up found.

    Args:
        subject: ``target`` or ``ticket``.
        id: Which.
    """

    subject: Literal["target", "ticket"]
    id: str


@frozen
class Erased:
    """What came of an erasure.

    Args:
        seq: The commit that records it; that of the first time where everything was erased before.
        subject_ids: The person's id, and the tickets behind which they stand.
        n_texts: Private texts that were destroyed now.
        gone: True where the bytes are out of the storage's files too; False where that is still to be done.
        linked: Targets that are linked to it and were not erased: a pupil's family, or its household.
    """

    seq: Seq
    subject_ids: tuple[str, ...]
    n_texts: int
    gone: bool
    linked: tuple[str, ...] = ()


@frozen
class Erasure:
    """An erasure, or its end, as it was recorded.

    Args:
        seq: The commit.
        subject_id: Whose.
        state: ``erased`` or ``readmitted``.
        on: The day.
        reason: Why.
        actor: By whom.
        role: In which role.
    """

    seq: Seq
    subject_id: str
    state: str
    on: date
    reason: str
    actor: str
    role: str


@frozen
class Rotated:
    """What came of a change of the master key.

    Args:
        n_wrapped: Keys that were wrapped anew now.
        n_keys: Keys of subjects in all.
        key_id: Fingerprint of the master key that wraps them.
    """

    n_wrapped: int
    n_keys: int
    key_id: str
