"""What a bundle shows of a commit: the only place here that knows how the seal is made.

Two seals are known. The first digests a commit's facts as a whole, so a commit is shown whole or not at all. The second
has a digest for each row of the tables in :data:`zoufang.ledger.leaves.LEAVES`, so that a row can be shown alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from attrs import astuple

from zoufang.errors import UndisclosableError
from zoufang.facts import BY_NAME, FACT_TABLES, Facts
from zoufang.ledger import Commit
from zoufang.ledger.leaves import LEAVES, body_digest, outline, shown
from zoufang.typing import WireRow

WHOLE, LEAFED = 1, 2
SEAL = WHOLE
"""The seal that this program's ledgers bear."""

Own = Callable[[str, WireRow], bool]
"""Says of a table's row whether it may be shown."""

Entry = dict[str, Any]


def header(commit: Commit) -> list[Any]:
    """Return a header's values between its number and the digest of its facts."""
    return list(astuple(commit)[1:-2])


def bridge(commit: Commit, seal: int = SEAL) -> Entry:
    """Return what must be shown of a commit that the chain only passes."""
    if seal == LEAFED:
        return {"seq": commit.seq, "body": body_digest(header(commit), commit.facts_digest)}
    return {"seq": commit.seq, "header": header(commit), "facts_digest": commit.facts_digest}


def opened(commit: Commit, facts: Facts, own: Own, *, ticket_id: str, key: bytes, seal: int = SEAL) -> Entry:
    """Return a commit with the rows that may be shown.

    Args:
        commit: Its header.
        facts: Its rows.
        own: Which of them may be shown.
        ticket_id: For whom; for the message.
        key: The ledger's own; makes the salts of single rows.
        seal: How the ledger is sealed.

    Raises:
        UndisclosableError: The commit is sealed as a whole and holds others' rows.
    """
    mine = {name: frozenset(i for i, row in enumerate(rows) if own(name, row)) for name, rows in facts.items() if rows}
    start = {"seq": commit.seq, "header": header(commit)}
    if seal == LEAFED:
        parts = [[p.table, p.n_rows, list(p.digests)] for p in outline(facts, key)]
        leafed = {name: places for name, places in mine.items() if places and name in LEAVES}
        return {**start, "outline": parts, "shown": shown(facts, leafed, key)}
    others = sum(len(facts[name]) - len(places) for name, places in mine.items())
    if others:
        raise UndisclosableError(ticket_id=ticket_id, seq=commit.seq, n_others=others)
    rows = [[t.name, [list(row) for row in facts[t.name]]] for t in FACT_TABLES if facts.get(t.name)]
    return {**start, "whole": rows}


def columns(tables: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the names of the columns of some tables."""
    return {name: list(BY_NAME[name].names) for name in sorted(tables)}
