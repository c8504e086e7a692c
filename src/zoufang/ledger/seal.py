"""The seal: canonical bytes, the digest of a commit's facts, and the chain.

A commit's facts are digested table after table in the order of :data:`zoufang.facts.FACT_TABLES`, tables without rows
left out. Each table gives its name, one line feed, the JSON array of its rows (each an array of wire values) and one
line feed, in UTF-8, without blanks between tokens; strings are escaped as RFC 8785 says. The link is the SHA-256 of the
JSON array of the previous link and the header's values up to and including the facts' digest.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from zoufang.facts import FACT_TABLES, Checkpoint
from zoufang.ledger.base import Commit, Draft, PrivateText
from zoufang.typing import Seq

CHUNK = 10_000
"""Rows that are digested and written at once; memory stays level however long the input."""

GENESIS = Checkpoint(seq=Seq(0), chain="")
"""Where a ledger stands before its first commit."""

_encode: Callable[[object], str] = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode


def chunks(rows: Iterable[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """Cut any iterable into lists of at most so many."""
    source = iter(rows)
    while chunk := list(islice(source, size)):
        yield chunk


def wire_instant(at: datetime) -> str:
    """Return an aware instant as its wire text, in UTC with six decimals."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class FactsDigest:
    """The digest of one commit's facts, fed table by table and chunk by chunk."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._empty = True
        self.n_facts = 0

    def begin(self, table: str) -> None:
        """Begin a table; call only for a table with rows."""
        self._hash.update(f"{table}\n[".encode())
        self._empty = True

    def feed(self, rows: Sequence[Sequence[object]]) -> None:
        """Take some rows of the table that was begun."""
        inner = _encode(rows)[1:-1]
        self._hash.update((inner if self._empty else "," + inner).encode("utf-8", "surrogatepass"))
        self._empty = False
        self.n_facts += len(rows)

    def end(self) -> None:
        """End the table that was begun."""
        self._hash.update(b"]\n")

    def hexdigest(self) -> str:
        """Return the digest, hexadecimal."""
        return self._hash.hexdigest()


def digest_facts(facts: Mapping[str, Sequence[Sequence[object]]]) -> tuple[int, str]:
    """Return the number of rows and the digest of a commit's facts."""
    digest = FactsDigest()
    for table in FACT_TABLES:
        rows = facts.get(table.name)
        if rows:
            digest.begin(table.name)
            for chunk in chunks(rows):
                digest.feed(chunk)
            digest.end()
    return digest.n_facts, digest.hexdigest()


def link(previous: str, header: Sequence[object]) -> str:
    """Return the chain's link for a header, given the previous link.

    Args:
        previous: Link of the commit before; empty for the first.
        header: The values of a commit's columns, without its own link.
    """
    return hashlib.sha256(_encode([previous, *header]).encode("utf-8", "surrogatepass")).hexdigest()


def sealed(draft: Draft, after: Checkpoint, n_facts: int, facts_digest: str) -> Commit:
    """Return the header of a draft as the commit after a checkpoint."""
    header = (
        Seq(after.seq + 1),
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
    return Commit(*header, chain=link(after.chain, header))


def commitment(salt: str, subject_id: str, body: str) -> str:
    """Return the salted commitment to a private text; an erased salt makes it say nothing.

    Plan: 五(二)
    """
    return hashlib.sha256(_encode([salt, subject_id, body]).encode("utf-8", "surrogatepass")).hexdigest()


def private_text(salt: str, subject_id: str, body: str) -> PrivateText:
    """Return a private text with its commitment."""
    return PrivateText(ref=commitment(salt, subject_id, body), subject_id=subject_id, salt=salt, body=body)


def keyed_digest(key: bytes, content: object) -> str:
    """Return a short keyed digest (HMAC-SHA-256, 128 bits) of any JSON-like content."""
    return hmac.new(key, _encode(content).encode("utf-8", "surrogatepass"), "sha256").hexdigest()[:32]
