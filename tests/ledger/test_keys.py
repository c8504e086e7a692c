"""Master keys and sealed texts: what opens, what does not, and what is never printed."""

from __future__ import annotations

import base64
import copy
import pickle
import traceback
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoufang.errors import BadKeyError, FileError
from zoufang.ledger import FORMER, MASTER, Keyring, MasterKey, PrivateText
from zoufang.ledger.cipher import BLOCK, NONCE_BYTES, PREFIX, aes_gcm, filled, opened, sealed, unfilled
from zoufang.testing.strategies import chinese

RAW = bytes(range(32))
OTHER = bytes(reversed(range(32)))
CANARY = "金丝雀王桂英"

words = st.lists(st.text() | chinese(), min_size=1, max_size=3)


@given(said=words, key=st.binary(min_size=32, max_size=32))
def test_what_is_sealed_is_opened_again(said: list[str], key: bytes) -> None:
    """Any words, lone surrogates too, come back; how long they were does not show below the block."""
    seal = sealed(aes_gcm(key), filled(said), "ref", "subject")
    data = opened(aes_gcm(key), seal, "ref", "subject")
    assert data is not None
    assert unfilled(data) == said
    assert len(data) % BLOCK == 0


@given(said=words, place=st.tuples(st.text(), st.text()), other=st.tuples(st.text(), st.text()))
def test_another_key_or_place_opens_nothing(said: list[str], place: tuple[str, str], other: tuple[str, str]) -> None:
    """A text that is moved to another subject or commitment stays shut, as under another key."""
    seal = sealed(aes_gcm(RAW), filled(said), *place)
    assert opened(aes_gcm(OTHER), seal, *place) is None
    assert (opened(aes_gcm(RAW), seal, *other) is None) == (place != other)


@given(at=st.integers(0, 200), to=st.characters(codec="ascii"))
def test_a_single_changed_character_opens_nothing(at: int, to: str) -> None:
    """Anywhere in the seal, its prefix and its last character, too."""
    seal = sealed(aes_gcm(RAW), filled([CANARY]), "ref", "subject")
    at %= len(seal)
    changed = seal[:at] + to + seal[at + 1 :]
    assert (opened(aes_gcm(RAW), changed, "ref", "subject") is None) == (changed != seal)


def test_a_nonce_is_never_used_twice() -> None:
    """The same words under the same key, ten thousand times: as many nonces of 96 bits, and as many seals."""
    seals = [sealed(aes_gcm(RAW), b"x", "ref", "subject") for _ in range(10_000)]
    nonces = {base64.urlsafe_b64decode(seal[len(PREFIX) :])[:NONCE_BYTES] for seal in seals}
    assert len(nonces) == len(set(seals)) == 10_000
    assert {len(nonce) for nonce in nonces} == {12}


def test_a_wrapped_key_opens_for_its_subject_and_master_alone() -> None:
    """Swapping two subjects' wrapped keys opens neither."""
    master, other = MasterKey(RAW), MasterKey(OTHER)
    wrapped = master.wrap(b"k" * 32, "H-1")
    assert master.unwrap(wrapped, "H-1") == b"k" * 32
    assert master.unwrap(wrapped, "H-2") is None
    assert other.unwrap(wrapped, "H-1") is None


@pytest.mark.parametrize(
    "said",
    [
        RAW.hex(),
        RAW.hex().upper(),
        base64.b64encode(RAW).decode(),
        base64.urlsafe_b64encode(RAW).decode(),
        f"  {RAW.hex()}\n",
    ],
)
def test_a_key_is_read_in_hexadecimal_and_both_base64(said: str) -> None:
    """The same key, however it is written: its fingerprint is the same."""
    assert Keyring.of_environment({MASTER: said}).key_ids == (MasterKey(RAW).id,)


@pytest.mark.parametrize("said", [RAW.hex()[:-2], "correct horse battery staple", "密钥" * 16, RAW.hex() + "00"])
def test_what_is_no_key_is_refused_without_showing_it(said: str) -> None:
    """The sentence names the variable, and nothing in the whole traceback names its value."""
    with pytest.raises(BadKeyError) as refused:
        Keyring.of_environment({MASTER: said})
    shown = "".join(traceback.format_exception(refused.value)) + refused.value.said_in("zh") + repr(refused.value)
    assert MASTER in refused.value.said_in("en")
    assert said not in shown


def test_variable_and_file_together_are_refused(tmp_path: Path) -> None:
    """Which of the two counts is not guessed."""
    MasterKey(RAW).write(tmp_path / "key")
    with pytest.raises(BadKeyError):
        Keyring.of_environment({MASTER: RAW.hex(), f"{MASTER}_FILE": str(tmp_path / "key")})


def test_a_key_file_is_its_owners_and_is_never_replaced(tmp_path: Path) -> None:
    """It is made for the owner alone; one that others can read is refused; one that is there stays."""
    path = tmp_path / "master.key"
    key = MasterKey.new()
    key.write(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert MasterKey.of_file(path).id == key.id
    with pytest.raises(FileError):
        MasterKey.new().write(path)
    assert MasterKey.of_file(path).id == key.id
    path.chmod(0o640)
    with pytest.raises(BadKeyError) as refused:
        Keyring.of_environment({f"{MASTER}_FILE": str(path)})
    assert "chmod 600" in refused.value.said_in("zh")
    with pytest.raises(BadKeyError):
        MasterKey.of_file(tmp_path / "nowhere")


def test_an_empty_environment_has_no_keys() -> None:
    """Then a new ledger is not encrypted."""
    assert Keyring.of_environment({}) == Keyring()
    ring = Keyring.of_environment({MASTER: RAW.hex(), FORMER: OTHER.hex()})
    assert ring.key_ids == (MasterKey(OTHER).id, MasterKey(RAW).id)


def test_a_master_key_is_in_no_printed_form() -> None:
    """Not in repr, str, an f-string, a traceback's locals, vars' repr or a pickle."""
    key = MasterKey(RAW)
    shown = f"{key}{key!r}{Keyring(key)!r}{[key]!r}{key.id}"
    for form in (
        RAW.hex(),
        RAW.hex()[:16],
        base64.b64encode(RAW).decode(),
        base64.b64encode(RAW).decode()[:16],
        repr(RAW),
    ):
        assert form not in shown
    for copied in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            copied(key)


def test_a_private_text_prints_neither_words_nor_salt_nor_number() -> None:
    """Its commitment and subject alone: with the salt a telephone could be guessed."""
    text = PrivateText("ref", "H-1", "a1b2c3d4", CANARY, "telephone:13800000000")
    shown = repr(text)
    assert CANARY not in shown
    assert "a1b2c3d4" not in shown
    assert "13800000000" not in shown
