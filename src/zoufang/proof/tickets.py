"""One ticket's history as a bundle: its own rows, bound to a checkpoint, and nothing of other households."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import takewhile

import sqlalchemy as sa

from zoufang.errors import NotInChainError, UnknownIdError
from zoufang.facts import Checkpoint
from zoufang.ledger import Ledger
from zoufang.proof import checker
from zoufang.proof.bundles import packed
from zoufang.proof.checkpoints import SignedCheckpoint, checkpoint_at, ledger_id, links, sign_checkpoint
from zoufang.proof.evidence import SHOWN, Entry, bridge, columns, opened
from zoufang.proof.signing import SigningKey
from zoufang.typing import Progress, Seq, TicketId, silent


def ticket_bundle(
    ledger: Ledger,
    ticket_id: TicketId,
    *,
    key: SigningKey | None,
    at: datetime,
    checkpoint: SignedCheckpoint | None = None,
    progress: Progress = silent,
) -> bytes:
    """Return a bundle that proves one ticket's history up to a checkpoint.

    Args:
        ledger: The ledger.
        ticket_id: Which ticket.
        key: Signs the bundle, and the checkpoint where none is given; None leaves it unsigned.
        at: When it is signed, aware.
        checkpoint: A checkpoint that was signed before, and that others may hold; the ledger's last commit if None.
        progress: Shows how far it is.

    Returns:
        The bytes of a ZIP file.

    Raises:
        UnknownIdError: There is no such ticket as of the checkpoint.
        NotInChainError: The ledger does not hold the checkpoint, or is not in order.

    Plan: 四(三), 五(三)
    """
    end = checkpoint_at(ledger) if checkpoint is None else checkpoint.checkpoint
    if links(ledger, [end.seq]).get(end.seq) != end.chain:
        raise NotInChainError(seq=end.seq)
    seqs = _commits_of(ledger, ticket_id, end.seq)
    entries = list(_entries(ledger, ticket_id, seqs, end, progress))
    before = links(ledger, [Seq(seqs[0] - 1)]).get(Seq(seqs[0] - 1), "")
    rows = checker.rows_of({"columns": columns(SHOWN), "commits": entries})
    content = {
        "kind": "ticket",
        "ledger": ledger_id(ledger),
        "ticket": ticket_id,
        "as_of": end.seq,
        "last_version": max(row["version"] for table, row in rows if table == "ticket_events"),
        "before": before,
        "commits": entries,
        "columns": columns({table for table, _ in rows}),
        "code": end.code,
    }
    if checker.chain_of(content) != (end.seq, end.chain, True):
        raise NotInChainError(seq=end.seq)
    signed = sign_checkpoint(ledger, key, at, end.seq) if checkpoint is None and key is not None else checkpoint
    return packed(content, checkpoint=signed, key=key, at=at)


def _commits_of(ledger: Ledger, ticket_id: TicketId, last: Seq) -> list[Seq]:
    """Return the commits that hold rows of a ticket, in order."""
    found: set[int] = set()
    for name in SHOWN:
        t = ledger.tables.by_name[name]
        query = sa.select(t.c.commit_seq).where(t.c.ticket_id == ticket_id, t.c.commit_seq <= last)
        found |= {seq for (seq,) in ledger.select(query)}
    if not found:
        raise UnknownIdError(what="ticket", id=ticket_id)
    return [Seq(seq) for seq in sorted(found)]


def _entries(
    ledger: Ledger, ticket_id: TicketId, seqs: list[Seq], end: Checkpoint, progress: Progress
) -> Iterator[Entry]:
    """Yield every commit from the first of a ticket to the checkpoint: opened, or only passed."""
    first, wanted = seqs[0], frozenset(seqs)
    commits = takewhile(lambda commit: commit.seq <= end.seq, ledger.commits(Seq(first - 1)))
    for commit in progress(commits, label="bundle", total=end.seq - first + 1):
        if commit.seq in wanted:
            yield opened(commit, ledger.facts_of(commit.seq), ticket_id, ledger.seal_key)
        else:
            yield bridge(commit)
