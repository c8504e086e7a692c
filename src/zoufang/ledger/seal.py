"""The seal: canonical bytes, the digest of a commit's facts, and the chain.

The rows of a table are cut into chunks of :data:`zoufang.facts.CHUNK`. A chunk's digest is the HMAC, under the
seal's key, of the SHA-256 of its columns' bytes, one after the other (see :func:`zoufang.ledger.wire.column_bytes`).
In a table with leaves it is the SHA-256 of its rows' own digests, one after the other; a row's digest is the SHA-256 of
sixteen bytes of salt and the row as a JSON array. The salts are the SHAKE-256 of the HMAC, under the seal's key, of
the SHA-256 of the rows with line feeds between them.

The outline of a change is the JSON array of ``[table, number of rows, [digest of each chunk]]`` for each table that has
rows, in the order of :data:`zoufang.facts.FACT_TABLES`; its SHA-256 is the digest of the facts. The SHA-256 of the JSON
array of a header's values, from the instant to the digest of the facts, is the digest of its body; and the link is the
SHA-256 of the JSON array of the previous link, the number and the digest of the body. JSON is in UTF-8, without blanks
between tokens, its strings escaped as RFC 8785 says.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256, shake_256
from itertools import islice
from typing import Any

from zoufang.facts import CHUNK, FACT_TABLES, Checkpoint, Columns, Facts, FactTable, Rows, chunks_of
from zoufang.ledger.base import Commit, Draft, PrivateText
from zoufang.ledger.wire import column_bytes
from zoufang.typing import Seq, Wire

GENESIS = Checkpoint(seq=Seq(0), chain="")
"""Where a ledger stands before its first commit."""

SALT = 16
"""Bytes of a row's salt."""

Outline = tuple[tuple[str, int, tuple[str, ...]], ...]
"""What a change holds, without what its rows say: each table, how many rows, and the digest of each chunk."""

Take = Callable[[FactTable, int, Columns], None]
"""What happens to a chunk once it has been digested."""

_encode: Callable[[object], str] = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode


def _nothing(_table: FactTable, _place: int, _columns: Columns) -> None:
    """Do nothing with a chunk."""


def canonical(value: object) -> bytes:
    """Return any JSON-like value as its canonical bytes."""
    return _encode(value).encode("utf-8", "surrogatepass")


def chunks(rows: Iterable[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """Cut any iterable into lists of at most so many."""
    source = iter(rows)
    while chunk := list(islice(source, size)):
        yield chunk


def wire_instant(at: datetime) -> str:
    """Return an aware instant as its wire text, in UTC with six decimals."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def seal_key_of(key: bytes) -> bytes:
    """Return the key of the seal that follows from a ledger's key; nothing can be told of that one from it."""
    return hmac.digest(key, b"zoufang seal", "sha256")


def outline_of(facts: Facts, key: bytes, then: Take = _nothing) -> Outline:
    """Return what the digest of a change's facts is made of.

    Args:
        facts: The rows, by fact table.
        key: The seal's.
        then: Is given each chunk when it has been digested: its table, the place of its first row, and its columns.

    Raises:
        BadValueError: A cell that is not of its column's sort.
    """
    return tuple(
        (table.name, len(rows), tuple(_digested(table, rows, key, then)))
        for table in FACT_TABLES
        if (rows := facts.get(table.name))
    )


def _digested(table: FactTable, rows: Rows, key: bytes, then: Take) -> Iterator[str]:
    for place, columns in enumerate(chunks_of(rows)):
        yield chunk_digest(table, columns, key)
        then(table, place * CHUNK, columns)


def chunk_digest(table: FactTable, columns: Columns, key: bytes) -> str:
    """Return the digest of one chunk of a table's rows, hexadecimal.

    Args:
        table: The table.
        columns: At most :data:`zoufang.facts.CHUNK` rows, column by column.
        key: The seal's; without it nobody can try which rows would give the digest.

    Raises:
        BadValueError: A cell that is not of its column's sort.
    """
    written = [column_bytes(table, column, cells) for column, cells in zip(table.columns, columns, strict=True)]
    if table.leaves:
        return sha256(b"".join(leaf for _, leaf in leaves(zip(*columns, strict=True), key))).hexdigest()
    inner = sha256()
    for cells in written:
        inner.update(cells)
    return hmac.digest(key, inner.digest(), "sha256").hex()


def leaves(rows: Iterable[Sequence[Wire]], key: bytes) -> tuple[tuple[bytes, bytes], ...]:
    """Return for each row of one chunk its salt and its digest, by which it can be shown without its neighbours.

    Args:
        rows: The rows of one chunk of a table with leaves.
        key: The seal's; the salts follow from it and from the rows.
    """
    written = [canonical(row) for row in rows]
    seed = hmac.digest(key, sha256(b"\n".join(written)).digest(), "sha256")
    salts = shake_256(seed).digest(SALT * len(written))
    cut = (salts[place : place + SALT] for place in range(0, len(salts), SALT))
    return tuple((salt, sha256(salt + row).digest()) for salt, row in zip(cut, written, strict=True))


def digest_outline(outline: Outline) -> str:
    """Return the digest of a change's facts, hexadecimal."""
    return sha256(canonical(outline)).hexdigest()


def digest_facts(facts: Facts, key: bytes, then: Take = _nothing) -> tuple[int, str]:
    """Return the number of rows of a change and the digest of its facts.

    Args:
        facts: The rows, by fact table.
        key: The seal's.
        then: Is given each chunk when it has been digested, see :func:`outline_of`.

    Raises:
        BadValueError: A cell that is not of its column's sort.
    """
    outline = outline_of(facts, key, then)
    return sum(n for _, n, _ in outline), digest_outline(outline)


def body_digest(header: Sequence[Wire]) -> str:
    """Return the digest of a header's values between its number and its link."""
    return sha256(canonical(header)).hexdigest()


def link(previous: str, seq: int, body: str) -> str:
    """Return the chain's link of a commit.

    Args:
        previous: Link of the commit before; empty for the first.
        seq: Its number.
        body: The digest of its header's other values.
    """
    return sha256(canonical([previous, seq, body])).hexdigest()


def sealed(draft: Draft, after: Checkpoint, n_facts: int, facts_digest: str) -> Commit:
    """Return the header of a draft as the commit after a checkpoint."""
    seq = Seq(after.seq + 1)
    header = (
        wire_instant(draft.at),
        draft.actor.id,
        str(draft.actor.role),
        draft.actor.unit_id,
        draft.verb,
        draft.submission_id,
        draft.content,
        n_facts,
        facts_digest,
    )
    return Commit(seq, *header, chain=link(after.chain, seq, body_digest(header)))


def commitment(salt: str, subject_id: str, body: str) -> str:
    """Return the salted commitment to a private text; an erased salt makes it say nothing.

    Plan: 五(二)
    """
    return sha256(canonical([salt, subject_id, body])).hexdigest()


def private_text(salt: str, subject_id: str, body: str, word: str = "") -> PrivateText:
    """Return a private text with its commitment, and the word by which it can be looked up."""
    return PrivateText(commitment(salt, subject_id, body), subject_id, salt, body, word)


def keyed_digest(key: bytes, content: object) -> str:
    """Return a short keyed digest (HMAC-SHA-256, 128 bits) of any JSON-like content."""
    return hmac.digest(key, canonical(content), "sha256").hex()[:32]
