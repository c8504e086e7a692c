"""Memory: append-only commits over the fact tables, sealed by a chain."""

from zoufang.ledger.base import Commit, Draft, Ledger, Observer, Outbox, PrivateText, Receipt, Verdict
from zoufang.ledger.keys import FORMER, MASTER, Keyring, MasterKey
from zoufang.ledger.lending import connection_over
from zoufang.ledger.memory import MemoryLedger
from zoufang.ledger.private import MASKED
from zoufang.ledger.seal import (
    GENESIS,
    Outline,
    body_digest,
    canonical,
    chunk_digest,
    commitment,
    digest_facts,
    digest_outline,
    keyed_digest,
    leaves,
    link,
    outline_of,
    private_text,
    seal_key_of,
    wire_instant,
)
from zoufang.ledger.sql import SqlLedger
from zoufang.ledger.sqlite import begin_explicitly, begun

__all__ = [
    "FORMER",
    "GENESIS",
    "MASKED",
    "MASTER",
    "Commit",
    "Draft",
    "Keyring",
    "Ledger",
    "MasterKey",
    "MemoryLedger",
    "Observer",
    "Outbox",
    "Outline",
    "PrivateText",
    "Receipt",
    "SqlLedger",
    "Verdict",
    "begin_explicitly",
    "begun",
    "body_digest",
    "canonical",
    "chunk_digest",
    "commitment",
    "connection_over",
    "digest_facts",
    "digest_outline",
    "keyed_digest",
    "leaves",
    "link",
    "outline_of",
    "private_text",
    "seal_key_of",
    "wire_instant",
]
