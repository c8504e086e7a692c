"""Digests of single rows, so that one can be shown without its neighbours.

A table whose rows belong to single tickets gets a digest for each row, a *leaf*; every other table one digest a chunk.
All of them are salted from the ledger's key, so that what is not shown cannot be guessed either: a row such as "closed
on that day by that unit" has no secret of its own. The salts follow from key and content; nothing more is stored.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from zoufang.facts import FACT_TABLES, Facts
from zoufang.ledger.seal import CHUNK, chunks
from zoufang.typing import WireRow

LEAVES = frozenset({"tickets", "ticket_events", "draws", "callbacks"})
"""The tables whose rows have a digest each."""

SALT = 16
"""Bytes of a leaf's salt."""

_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@frozen
class Leaf:
    """One row's digest.

    Args:
        salt: Given away only with the row itself.
        digest: Over the salt and the row's canonical bytes.
    """

    salt: bytes
    digest: bytes


@frozen
class TableOutline:
    """What a commit's digest says of one table.

    Args:
        table: Its name.
        n_rows: Rows of the commit in it, at least 1.
        digests: One for each chunk, hexadecimal.
    """

    table: str
    n_rows: int
    digests: tuple[str, ...]


def canonical(value: object) -> bytes:
    """Return the canonical bytes of a JSON-like value."""
    return _encoder.encode(value).encode("utf-8", "surrogatepass")


def leaves(rows: Sequence[WireRow], key: bytes) -> Iterator[Leaf]:
    """Return the leaves of the rows of one chunk.

    Args:
        rows: At most :data:`zoufang.ledger.seal.CHUNK`, in their order.
        key: The ledger's own.

    Plan: 五(三)
    """
    encoded = [canonical(row) for row in rows]
    seed = hmac.digest(key, hashlib.sha256(b"\n".join(encoded)).digest(), "sha256")
    salts = hashlib.shake_256(seed).digest(SALT * len(encoded))
    for i, row in enumerate(encoded):
        salt = salts[SALT * i : SALT * (i + 1)]
        yield Leaf(salt, hashlib.sha256(salt + row).digest())


def chunk_digest(table: str, rows: Sequence[WireRow], key: bytes) -> str:
    """Return the digest of one chunk of a table: over its leaves, or keyed over its rows."""
    if table in LEAVES:
        return hashlib.sha256(b"".join(leaf.digest for leaf in leaves(rows, key))).hexdigest()
    return hmac.new(key, hashlib.sha256(canonical(rows)).digest(), "sha256").hexdigest()


def outline(facts: Facts, key: bytes) -> tuple[TableOutline, ...]:
    """Return what the digest of a commit's facts is made of: each table with its rows counted and its chunks digested.

    Args:
        facts: The commit's rows by table.
        key: The ledger's own.
    """
    return tuple(
        TableOutline(t.name, len(rows), tuple(chunk_digest(t.name, chunk, key) for chunk in chunks(rows, CHUNK)))
        for t in FACT_TABLES
        if (rows := facts.get(t.name))
    )


def outline_digest(parts: Sequence[TableOutline]) -> str:
    """Return the digest of a commit's facts from their outline."""
    return hashlib.sha256(canonical([[p.table, p.n_rows, list(p.digests)] for p in parts])).hexdigest()


def body_digest(header: Sequence[object], facts_digest: str) -> str:
    """Return the digest of a header without its number, all that a bridge over a commit shows of it."""
    return hashlib.sha256(canonical([*header, facts_digest])).hexdigest()


def link_over(previous: str, seq: int, body: str) -> str:
    """Return the chain's link over a header's digest."""
    return hashlib.sha256(canonical([previous, seq, body])).hexdigest()


def shown(facts: Facts, own: Mapping[str, frozenset[int]], key: bytes) -> list[dict[str, object]]:
    """Return what a bundle shows of a commit's rows: its own with their salts, of the others in a chunk only digests.

    Args:
        facts: The commit's rows by table.
        own: By table with leaves, the places of the rows to be shown.
        key: The ledger's own.

    Returns:
        For each chunk with such a row its table, its number, the digests of its rows (empty for a row that is shown),
        and the rows as ``[place in the chunk, salt, cells]``.
    """
    parts: list[dict[str, object]] = []
    for table, places in own.items():
        for number in sorted({place // CHUNK for place in places}):
            rows = facts[table][number * CHUNK : (number + 1) * CHUNK]
            mine = {place % CHUNK for place in places if place // CHUNK == number}
            made = list(leaves(rows, key))
            digests = ["" if i in mine else leaf.digest.hex() for i, leaf in enumerate(made)]
            cells = [[i, made[i].salt.hex(), list(rows[i])] for i in sorted(mine)]
            parts.append({"table": table, "chunk": number, "leaves": digests, "rows": cells})
    return parts
