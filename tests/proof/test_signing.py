"""Signatures and key files: the published test vectors, two programs that agree, and files that nobody else reads."""

from __future__ import annotations

import hashlib
import random
import stat
import sys
from pathlib import Path

import pytest

from zoufang.errors import FileError, MissingPackageError, PassphraseError
from zoufang.proof import PublicKey, SigningKey, checker, load_key, load_public_keys, new_key

# RFC 8032, 7.1: tests 1, 2, 3 and SHA(abc): public key, message, signature.
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
            "d25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
            "387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
            "4a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_the_published_vectors_hold(public: str, message: str, signature: str) -> None:
    """In both programs; with one more byte in the message in neither."""
    raw, said, sealed = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    for signed in (PublicKey(raw).signed, lambda m, s: checker.signed(raw, m, s)):
        assert signed(said, sealed)
        assert not signed(said + b"\0", sealed)


def test_both_programs_refuse_every_changed_byte(key: SigningKey) -> None:
    """Each byte of signature and key, changed at random: the plain checker says what the library says."""
    chance = random.Random(8032)
    message, raw = b"zoufang", key.public.raw
    signature = key.sign(message)
    assert checker.signed(raw, message, signature)
    for place in range(64):
        bad = bytearray(signature)
        bad[place] ^= chance.randrange(1, 256)
        assert not checker.signed(raw, message, bytes(bad))
        assert not key.public.signed(message, bytes(bad))
    for place in range(32):
        other = bytearray(raw)
        other[place] ^= chance.randrange(1, 256)
        assert not checker.signed(bytes(other), message, signature)
        assert not PublicKey(bytes(other)).signed(message, signature)
    for short in (b"", signature[:63], signature + b"\0"):
        assert not checker.signed(raw, message, short)
        assert not key.public.signed(message, short)


def test_a_scalar_beyond_the_order_is_refused(key: SigningKey) -> None:
    """A signature whose second half has the group's order added is the same equation, and no signature."""
    signature = key.sign(b"m")
    s = int.from_bytes(signature[32:], "little") + checker.ORDER
    again = signature[:32] + s.to_bytes(32, "little")
    assert not checker.signed(key.public.raw, b"m", again)
    assert not key.public.signed(b"m", again)


def test_a_key_is_named_by_its_digest(key: SigningKey) -> None:
    """Sixteen digits of the SHA-256 of its 32 bytes."""
    assert key.public.id == hashlib.sha256(key.public.raw).hexdigest()[:16]


def test_only_the_owner_reads_the_private_half(tmp_path: Path) -> None:
    """Mode 600, encrypted by the passphrase; the public half is the library's own PEM."""
    key, public = new_key(tmp_path / "keys" / "office.pem", "geheim")
    assert stat.S_IMODE((tmp_path / "keys/office.pem").stat().st_mode) == 0o600
    assert (tmp_path / "keys/office.pem").read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert public == tmp_path / "keys/office.pub.pem"
    assert load_public_keys([public]) == {key.public.id: key.public}
    assert load_key(tmp_path / "keys/office.pem", "geheim").public == key.public
    assert str(key.sign(b"").hex()) not in repr(key)
    assert repr(key) == "SigningKey()"


def test_another_program_reads_the_public_half(tmp_path: Path) -> None:
    """The PEM is what the library writes for the same key."""
    from cryptography.hazmat.primitives import serialization

    key, public = new_key(tmp_path / "k.pem")
    read = serialization.load_pem_public_key(public.read_bytes())
    assert read.public_bytes_raw() == key.public.raw


@pytest.mark.parametrize("there", ["k.pem", "k.pub.pem"])
def test_a_key_is_never_overwritten(tmp_path: Path, there: str) -> None:
    """Neither half; nothing else is written either."""
    (tmp_path / there).write_text("here", encoding="ascii")
    with pytest.raises(FileError):
        new_key(tmp_path / "k.pem")
    assert [path.name for path in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text(encoding="ascii") == "here"


@pytest.mark.parametrize("given", [None, "", "falsch"])
def test_a_wrong_passphrase_is_told_apart(tmp_path: Path, given: str | None) -> None:
    """From a file that is no key."""
    new_key(tmp_path / "k.pem", "geheim")
    with pytest.raises(PassphraseError) as refused:
        load_key(tmp_path / "k.pem", given)
    assert "geheim" not in str(refused.value)
    (tmp_path / "k.txt").write_text("no key", encoding="ascii")
    with pytest.raises(FileError):
        load_key(tmp_path / "k.txt", given)
    with pytest.raises(FileError):
        load_public_keys([tmp_path / "k.pem"])
    with pytest.raises(FileError):
        load_key(tmp_path / "none.pem", given)


def test_a_key_without_passphrase_opens_with_any(tmp_path: Path) -> None:
    """The passphrase in the environment does not hinder it."""
    key, _ = new_key(tmp_path / "k.pem")
    assert load_key(tmp_path / "k.pem", "anything").public == key.public == load_key(tmp_path / "k.pem").public


def test_without_the_library_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing is written, and nothing falls back."""
    monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)
    with pytest.raises(MissingPackageError) as refused:
        new_key(tmp_path / "k.pem")
    assert str(refused.value) == 'cryptography is not installed; run pip install "zoufang[secure]"'
    assert list(tmp_path.iterdir()) == []
