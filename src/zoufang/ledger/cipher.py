"""The one door to `cryptography`: AES-256-GCM with a fresh random nonce for every text, and nothing else.

What is sealed is ``zf1.`` and the base64 of the nonce (96 bits), the ciphertext and the tag. The additional data bind
it to its place: a sealed text that is moved to another row, or a wrapped key to another subject, does not open.
"""

from __future__ import annotations

import json
import secrets
from base64 import b64decode, urlsafe_b64encode
from typing import Protocol

from zoufang.errors import MissingPackageError

PREFIX = "zf1."
"""Begins every sealed text; a later form would begin otherwise."""

KEY_BYTES = 32
NONCE_BYTES = 12
BLOCK = 32
"""Texts are filled up with blanks to a multiple of this, so that the length of a sealed name tells little."""


class Cipher(Protocol):
    """What this house uses of AES-GCM."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Encrypt and authenticate."""
        ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Check and decrypt."""
        ...


def aes_gcm(key: bytes) -> Cipher:
    """Return AES-256-GCM under a key.

    Raises:
        MissingPackageError: `cryptography` is not installed.
    """
    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    except ImportError:
        raise MissingPackageError(package="cryptography", extra="secure") from None
    return AESGCM(key)


def sealed(cipher: Cipher, plain: bytes, *place: str) -> str:
    """Return bytes encrypted under a fresh random nonce and bound to a place.

    Args:
        cipher: Under whose key.
        plain: What to seal.
        place: Words that must be the same when it is opened.
    """
    nonce = secrets.token_bytes(NONCE_BYTES)
    return _written(nonce + cipher.encrypt(nonce, plain, _bound(place)))


def opened(cipher: Cipher, seal: str, *place: str) -> bytes | None:
    """Return what was sealed, or None where the key, the place or a single bit is another."""
    if not seal.startswith(PREFIX):
        return None
    # InvalidTag is the library's only failure, and says nothing; what it is called is its own affair.
    try:
        raw = b64decode(seal[len(PREFIX) :], altchars=b"-_", validate=True)
        if seal != _written(raw):
            return None  # base64 lets the last character say the same in several ways: one writing is the text's own
        return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound(place))
    except Exception:  # noqa: BLE001 - a sealed text comes from a file that anybody may have written to
        return None


def filled(values: list[str]) -> bytes:
    """Return some words as JSON, filled up with blanks, which JSON passes over."""
    data = json.dumps(values, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return data.ljust(-(-len(data) // BLOCK) * BLOCK)


def unfilled(data: bytes) -> list[str]:
    """Return the words that :func:`filled` took."""
    words: list[str] = json.loads(data.decode("utf-8", "surrogatepass"))
    return words


def _written(raw: bytes) -> str:
    return PREFIX + urlsafe_b64encode(raw).decode()


def _bound(place: tuple[str, ...]) -> bytes:
    return json.dumps(place, ensure_ascii=False).encode("utf-8", "surrogatepass")
