"""What a bundle shows of a commit: the only place here that knows how the seal is made.

A row can be shown alone in the tables with leaves, where each row has a salted digest of its own. Of the other rows in
its chunk only their digests are shown, of the other chunks and tables only theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from operator import attrgetter
from typing import Any

from attrs import fields

from zoufang.facts import BY_NAME, CHUNK, FACT_TABLES, Facts
from zoufang.ledger import Commit, body_digest, leaves, outline_of
from zoufang.typing import WireRow

SHOWN = tuple(table.name for table in FACT_TABLES if table.leaves)
"""Tables of which a row can be shown alone; each of their rows names its ticket."""

Entry = dict[str, Any]

_header = attrgetter(*(a.name for a in fields(Commit)[1:-2]))


def bridge(commit: Commit) -> Entry:
    """Return what must be shown of a commit that the chain only passes: its number and one digest."""
    return {"seq": commit.seq, "body": body_digest((*_header(commit), commit.facts_digest))}


def opened(commit: Commit, facts: Facts, ticket_id: str, key: bytes) -> Entry:
    """Return a commit with the rows of one ticket.

    Args:
        commit: Its header.
        facts: Its rows.
        ticket_id: Whose rows are shown.
        key: The ledger's own; makes the salts of single rows.

    Returns:
        The header, the outline, and for each chunk with such a row its table and number, the digests of its rows (empty
        for a row that is shown) and the rows as ``[place in the chunk, salt, cells]``.
    """
    outline = [[table, n, list(digests)] for table, n, digests in outline_of(facts, key)]
    shown = [part for name in SHOWN for part in _shown(name, tuple(facts.get(name, ())), ticket_id, key)]
    return {"seq": commit.seq, "header": list(_header(commit)), "outline": outline, "shown": shown}


def _shown(table: str, rows: Sequence[WireRow], ticket_id: str, key: bytes) -> Iterable[Entry]:
    names_it = BY_NAME[table].names.index("ticket_id")
    for number, start in enumerate(range(0, len(rows), CHUNK)):
        chunk = rows[start : start + CHUNK]
        mine = {i for i, row in enumerate(chunk) if row[names_it] == ticket_id}
        if mine:
            made = leaves(chunk, key)
            digests = ["" if i in mine else digest.hex() for i, (_, digest) in enumerate(made)]
            cells = [[i, made[i][0].hex(), list(chunk[i])] for i in sorted(mine)]
            yield {"table": table, "chunk": number, "leaves": digests, "rows": cells}


def columns(tables: Collection[str]) -> dict[str, list[str]]:
    """Return the names of the columns of some tables."""
    return {name: list(BY_NAME[name].names) for name in sorted(tables)}
