"""Proof for those outside: signed checkpoints, what they show of a ledger, and bundles that others can check."""

from zoufang.proof.bundles import BundleVerdict, Finding, verify_bundle
from zoufang.proof.checkpoints import (
    ShortCode,
    SignedCheckpoint,
    checkpoint_at,
    checkpoint_from,
    ledger_id,
    read_checkpoint,
    sign_checkpoint,
)
from zoufang.proof.figures import figure_bundle, slip
from zoufang.proof.keys import load_key, load_public_keys, new_key
from zoufang.proof.signing import PublicKey, SigningKey
from zoufang.proof.tickets import ticket_bundle
from zoufang.proof.witness import Found, Signed, Witness, compare

__all__ = [
    "BundleVerdict",
    "Finding",
    "Found",
    "PublicKey",
    "ShortCode",
    "Signed",
    "SignedCheckpoint",
    "SigningKey",
    "Witness",
    "checkpoint_at",
    "checkpoint_from",
    "compare",
    "figure_bundle",
    "ledger_id",
    "load_key",
    "load_public_keys",
    "new_key",
    "read_checkpoint",
    "sign_checkpoint",
    "slip",
    "ticket_bundle",
    "verify_bundle",
]
