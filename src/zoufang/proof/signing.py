"""Ed25519 signatures: the one door to the package ``cryptography``.

A key is named by its id, the first sixteen hexadecimal digits of the SHA-256 of the public key's 32 bytes. Signing and
opening a key file need the extra ``secure``; so does checking a signature here. :mod:`zoufang.proof.checker` checks one
in plain Python, for third parties.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any

from attrs import field, frozen

from zoufang.errors import FileError, MissingPackageError, PassphraseError

RAW = 32
"""Bytes of an Ed25519 public key."""

_SPKI = bytes.fromhex("302a300506032b6570032100")
"""What stands before the 32 bytes in a public key's DER (RFC 8410)."""

_BEGIN, _END = "-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----"


@frozen
class PublicKey:
    """The public half of a signing key.

    Args:
        raw: Its 32 bytes.
    """

    raw: bytes

    @property
    def id(self) -> str:
        """Sixteen hexadecimal digits that name the key."""
        return key_id(self.raw)

    @property
    def pem(self) -> str:
        """The key as PEM (SubjectPublicKeyInfo), as OpenSSL reads it."""
        return f"{_BEGIN}\n{base64.b64encode(_SPKI + self.raw).decode()}\n{_END}\n"

    @classmethod
    def from_pem(cls, text: str, *, file: str) -> PublicKey:
        """Read a key from PEM.

        Args:
            text: What the file holds.
            file: Its name, for the message.

        Raises:
            FileError: It is no Ed25519 public key.
        """
        body = text.strip().removeprefix(_BEGIN).removesuffix(_END)
        try:
            der = base64.b64decode("".join(body.split()), validate=True)
        except binascii.Error:
            der = b""
        if len(der) != len(_SPKI) + RAW or not der.startswith(_SPKI):
            raise FileError(
                file=file,
                problem_zh="不是 Ed25519 公钥（PEM）；请用 zoufang keys new 写出的 .pub.pem 文件",
                problem_en="is no Ed25519 public key (PEM); use the .pub.pem file that zoufang keys new writes",
            )
        return cls(der[len(_SPKI) :])

    def signed(self, message: bytes, signature: bytes) -> bool:
        """Say whether this key signed a message.

        Raises:
            MissingPackageError: The extra ``secure`` is not installed.
        """
        from_public_bytes = _cryptography()["Ed25519PublicKey"].from_public_bytes
        try:
            from_public_bytes(self.raw).verify(signature, message)
        except (_cryptography()["InvalidSignature"], ValueError):
            return False
        return True


@frozen
class SigningKey:
    """The private half of a signing key; it never shows itself.

    Args:
        private: The key as ``cryptography`` holds it.
    """

    private: Any = field(repr=False)

    @classmethod
    def new(cls) -> SigningKey:
        """Make a new key from the system's randomness.

        Raises:
            MissingPackageError: The extra ``secure`` is not installed.
        """
        return cls(_cryptography()["Ed25519PrivateKey"].generate())

    @classmethod
    def from_pem(cls, data: bytes, passphrase: str | None, *, file: str) -> SigningKey:
        """Open a key from PEM (PKCS 8).

        Args:
            data: What the file holds.
            passphrase: Opens an encrypted key; None for one without.
            file: Its name, for the message.

        Raises:
            FileError: It is no Ed25519 private key.
            PassphraseError: It is encrypted and the passphrase is missing or wrong.
            MissingPackageError: The extra ``secure`` is not installed.
        """
        door = _cryptography()
        secret = passphrase.encode() if passphrase and b"ENCRYPTED" in data.partition(b"\n")[0] else None
        try:
            key = door["serialization"].load_pem_private_key(data, secret)
        except (TypeError, ValueError):
            if b"ENCRYPTED" in data.partition(b"\n")[0]:
                raise PassphraseError(file=file) from None
            key = None
        if not isinstance(key, door["Ed25519PrivateKey"]):
            raise FileError(
                file=file,
                problem_zh="不是 Ed25519 签名密钥（PEM）；可用 zoufang keys new 新建",
                problem_en="is no Ed25519 signing key (PEM); zoufang keys new makes one",
            )
        return cls(key)

    def pem(self, passphrase: str | None) -> bytes:
        """Return the key as PEM, encrypted where a passphrase is given."""
        serialization = _cryptography()["serialization"]
        lock = (
            serialization.BestAvailableEncryption(passphrase.encode()) if passphrase else serialization.NoEncryption()
        )
        encoding, shape = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        pem: bytes = self.private.private_bytes(encoding, shape, lock)
        return pem

    @property
    def public(self) -> PublicKey:
        """The public half."""
        return PublicKey(self.private.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message, 64 bytes; the same for the same message."""
        signature: bytes = self.private.sign(message)
        return signature


def key_id(raw: bytes) -> str:
    """Return the id of a public key."""
    return hashlib.sha256(raw).hexdigest()[:16]


def _cryptography() -> dict[str, Any]:
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
    except ImportError:
        raise MissingPackageError(package="cryptography", extra="secure") from None
    return {
        "InvalidSignature": InvalidSignature,
        "serialization": serialization,
        "Ed25519PrivateKey": Ed25519PrivateKey,
        "Ed25519PublicKey": Ed25519PublicKey,
    }
