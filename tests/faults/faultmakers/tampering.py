"""Hands on a ledger's file: six kinds of edits, each at any commit.

Each takes a raw connection and the number of a commit. None but `rewrite` recomputes the chain; that one does so for
everything after itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from zoufang.facts import FACT_TABLES, Checkpoint
from zoufang.ledger import Ledger, body_digest, digest_facts, link

Tamper = Callable[[sqlite3.Connection, int], None]
TABLES = [table.name for table in FACT_TABLES]


def update(raw: sqlite3.Connection, seq: int) -> None:
    """Change one word of one fact."""
    raw.execute("UPDATE areas SET name = name || '。' WHERE commit_seq = ? AND ord = 0", (seq,))


def delete(raw: sqlite3.Connection, seq: int) -> None:
    """Take away the last of a commit's areas."""
    raw.execute(
        "DELETE FROM areas WHERE commit_seq = ?1 AND ord = (SELECT max(ord) FROM areas WHERE commit_seq = ?1)", (seq,)
    )


def insert(raw: sqlite3.Connection, seq: int) -> None:
    """Add an area to a commit, in the next place."""
    raw.execute(
        "INSERT INTO areas SELECT commit_seq, ord + 1, area_id || '+', version, name, level, parent, community "
        "FROM areas WHERE commit_seq = ? ORDER BY ord DESC LIMIT 1",
        (seq,),
    )


def swap(raw: sqlite3.Connection, seq: int) -> None:
    """Let a commit and the next one change places, with all their rows."""
    for before, after in ((seq, -1), (seq + 1, seq), (-1, seq + 1)):
        _renumber(raw, before, after)


def truncate(raw: sqlite3.Connection, seq: int) -> None:
    """Take away the header of a commit and of all after it."""
    raw.execute("DELETE FROM commits WHERE seq >= ?", (seq,))


def cut(raw: sqlite3.Connection, seq: int) -> None:
    """Take away a commit and all after it, with every row: what is left was once the whole ledger."""
    truncate(raw, seq)
    for table in TABLES:
        raw.execute(f'DELETE FROM "{table}" WHERE commit_seq >= ?', (seq,))


def rewrite(raw: sqlite3.Connection, seq: int) -> None:
    """Change one fact, and compute that commit's digest and every link after it anew."""
    update(raw, seq)
    facts = {
        table: [row[2:] for row in raw.execute(f'SELECT * FROM "{table}" WHERE commit_seq = ? ORDER BY ord', (seq,))]
        for table in TABLES
    }
    (key,) = raw.execute("SELECT value FROM ledger_meta WHERE name = 'seal'").fetchone()
    _, digest = digest_facts(facts, bytes.fromhex(key))
    raw.execute("UPDATE commits SET facts_digest = ? WHERE seq = ?", (digest, seq))
    previous = raw.execute("SELECT chain FROM commits WHERE seq = ?", (seq - 1,)).fetchone()
    chain, links = previous[0] if previous else "", []
    for header in raw.execute("SELECT * FROM commits WHERE seq >= ? ORDER BY seq", (seq,)).fetchall():
        chain = link(chain, header[0], body_digest(header[1:-1]))
        links.append((chain, header[0]))
    raw.executemany("UPDATE commits SET chain = ? WHERE seq = ?", links)


SEEN_FROM_INSIDE: dict[str, Tamper] = {
    "update": update,
    "delete": delete,
    "insert": insert,
    "swap": swap,
    "truncate": truncate,
}
"""What the ledger's own chain shows."""

SEEN_FROM_OUTSIDE: dict[str, Tamper] = {"rewrite all": rewrite, "cut off the end": cut}
"""What only a checkpoint shows that was kept elsewhere."""


def stands_at(ledger: Ledger, checkpoint: Checkpoint) -> bool:
    """Say whether a ledger still holds the commit that a checkpoint names, with that link."""
    return any(c.seq == checkpoint.seq and c.chain == checkpoint.chain for c in ledger.commits())


def _renumber(raw: sqlite3.Connection, before: int, after: int) -> None:
    raw.execute("UPDATE commits SET seq = ? WHERE seq = ?", (after, before))
    for table in TABLES:
        raw.execute(f'UPDATE "{table}" SET commit_seq = ? WHERE commit_seq = ?', (after, before))
