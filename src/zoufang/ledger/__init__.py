"""Memory: append-only commits over the fact tables, sealed by a chain."""

from zoufang.ledger.base import Commit, Draft, Ledger, PrivateText, Receipt, Verdict
from zoufang.ledger.memory import MemoryLedger
from zoufang.ledger.seal import (
    GENESIS,
    commitment,
    digest_facts,
    keyed_digest,
    link,
    private_text,
    wire_instant,
)
from zoufang.ledger.sql import SqlLedger

__all__ = [
    "GENESIS",
    "Commit",
    "Draft",
    "Ledger",
    "MemoryLedger",
    "PrivateText",
    "Receipt",
    "SqlLedger",
    "Verdict",
    "commitment",
    "digest_facts",
    "keyed_digest",
    "link",
    "private_text",
    "wire_instant",
]
