"""What a ledger has to say to a checkpoint that was kept outside: contained, changed, cut off, or none of its own."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from attrs import evolve

from zoufang.campaign import Campaign
from zoufang.errors import FileError, NotInChainError
from zoufang.facts import FACT_TABLES
from zoufang.ledger import Draft, Ledger, MemoryLedger, SqlLedger
from zoufang.model import Actor, Role
from zoufang.proof import (
    Found,
    PublicKey,
    ShortCode,
    Signed,
    SignedCheckpoint,
    SigningKey,
    checkpoint_from,
    compare,
    ledger_id,
    read_checkpoint,
    sign_checkpoint,
)
from zoufang.typing import Seq

AT = datetime(2023, 3, 6, 1, 2, 3, 4, tzinfo=UTC)
Known = dict[str, PublicKey]


@pytest.fixture(scope="session")
def signed(campaign: Campaign, key: SigningKey) -> SignedCheckpoint:
    """The small ledger's fifth commit, signed."""
    return sign_checkpoint(campaign.ledger, key, AT, Seq(5))


def rewritten(ledger: Ledger, *, last: int, key: bytes, change: bool) -> MemoryLedger:
    """Return a ledger that was written anew from the facts of another, as one could who holds everything."""
    new = MemoryLedger(key)
    for commit in ledger.commits():
        if commit.seq > last:
            break
        facts = {name: [tuple(row) for row in rows] for name, rows in ledger.facts_of(commit.seq).items()}
        if change and commit.seq == 3:
            (row,) = facts["tickets"]
            facts["tickets"] = [(row[0], row[1], "K-other", *row[3:])]
        at = datetime.fromisoformat(commit.recorded_at)
        actor = Actor(id=commit.actor, role=Role(commit.role), unit_id=commit.unit)
        private = list(ledger.private_texts()) if commit.seq == 2 else []  # type: ignore[attr-defined]
        new.commit(Draft(commit.verb, actor, at, facts, private, commit.submission_id, commit.content))
    return new


def told(ledger: Ledger, one: SignedCheckpoint | ShortCode, known: Known) -> tuple[Signed, Found, bool]:
    """Return what came of one checkpoint."""
    (witness,) = compare(ledger, [one], known)
    assert witness.sentence.zh
    assert witness.sentence.en
    return witness.signed, witness.found, witness.ok


def test_a_ledger_contains_what_was_signed_of_it(campaign: Campaign, signed: SignedCheckpoint, known: Known) -> None:
    """The signed file, and the short code of the same."""
    assert told(campaign.ledger, signed, known) == (Signed.BY_KNOWN, Found.CONTAINED, True)
    code = read_checkpoint(signed.checkpoint.code)
    assert isinstance(code, ShortCode)
    assert code.code == signed.checkpoint.code
    assert told(campaign.ledger, code, {}) == (Signed.UNSIGNED, Found.CONTAINED, True)


def test_what_is_signed_is_six_lines(campaign: Campaign, signed: SignedCheckpoint, key: SigningKey) -> None:
    """Written out by hand from the ledger's own rows."""
    (chain,) = (c.chain for c in campaign.ledger.commits() if c.seq == 5)
    by_hand = (
        f"zoufang checkpoint 1\n{ledger_id(campaign.ledger)}\n5\n{chain}\n"
        f"2023-03-06T01:02:03.000004Z\n{key.public.raw.hex()}\n"
    )
    assert signed.message == by_hand.encode()
    assert key.public.signed(by_hand.encode(), bytes.fromhex(signed.signature))


def test_a_ledger_that_was_cut_off_is_found(campaign: Campaign, key: SigningKey, known: Known) -> None:
    """It verifies by itself; the checkpoint shows that it was longer."""
    last = campaign.head.seq
    kept = sign_checkpoint(campaign.ledger, key, AT)
    cut = rewritten(campaign.ledger, last=last - 2, key=campaign.ledger.key, change=False)
    assert cut.verify().ok
    assert told(cut, kept, known) == (Signed.BY_KNOWN, Found.CUT_OFF, False)
    assert told(cut, ShortCode(kept.seq, kept.chain[:12]), known)[1] is Found.CUT_OFF


def test_a_ledger_that_was_written_anew_is_found(campaign: Campaign, signed: SignedCheckpoint, known: Known) -> None:
    """One cell of commit 3 changed and everything sealed again: it verifies by itself, and is not what it was."""
    last = campaign.head.seq
    same = rewritten(campaign.ledger, last=last, key=campaign.ledger.key, change=False)
    assert same.head == campaign.ledger.head, "without the change it is the very same ledger"
    forged = rewritten(campaign.ledger, last=last, key=campaign.ledger.key, change=True)
    assert forged.verify().ok
    assert told(forged, signed, known) == (Signed.BY_KNOWN, Found.CHANGED, False)
    assert told(forged, ShortCode(signed.seq, signed.chain[:12]), known) == (Signed.UNSIGNED, Found.CHANGED, False)
    before = ShortCode(Seq(2), next(c.chain for c in campaign.ledger.commits() if c.seq == 2)[:12])
    assert told(forged, before, known)[1] is Found.CONTAINED, "what stood before the change is what it was"


def test_a_checkpoint_of_another_ledger_is_told_apart(
    campaign: Campaign, signed: SignedCheckpoint, known: Known
) -> None:
    """The same facts under another key are another ledger."""
    other = rewritten(campaign.ledger, last=campaign.head.seq, key=b"another key", change=False)
    assert told(other, signed, known) == (Signed.BY_KNOWN, Found.OTHER_LEDGER, False)


def test_a_signature_by_an_unknown_key_is_told_apart(campaign: Campaign, known: Known) -> None:
    """It is genuine, and it is somebody else's."""
    foreign = sign_checkpoint(campaign.ledger, SigningKey.new(), AT)
    assert told(campaign.ledger, foreign, known) == (Signed.BY_UNKNOWN, Found.CONTAINED, False)
    assert told(campaign.ledger, foreign, {}) == (Signed.BY_UNKNOWN, Found.CONTAINED, False)


@pytest.mark.parametrize("name", ["ledger", "seq", "chain", "signed_at", "public_key", "key_id", "signature"])
def test_a_forged_field_is_found(campaign: Campaign, signed: SignedCheckpoint, known: Known, name: str) -> None:
    """Any one of the seven, changed to another value of its shape."""
    value = getattr(signed, name)
    other = value + 1 if name == "seq" else value.translate(str.maketrans("0123456789", "1234567890"))
    assert other != value
    forged = evolve(signed, **{name: other})
    assert told(campaign.ledger, forged, known)[::2] == (Signed.FORGED, False)


def test_every_changed_byte_of_the_file_is_found(campaign: Campaign, signed: SignedCheckpoint, known: Known) -> None:
    """Each byte of the file in turn: it is no checkpoint, a forged one, or says the same (a blank between tokens)."""
    content = signed.to_json().encode()
    assert checkpoint_from(content, file="f") == signed
    passed = 0
    for place in range(len(content)):
        for mask in (0x01, 0x20):
            bad = bytearray(content)
            bad[place] ^= mask
            try:
                found = checkpoint_from(bytes(bad), file="f")
            except FileError:
                continue
            passed += 1
            assert found == signed or told(campaign.ledger, found, known)[0] is Signed.FORGED
    assert passed > 200, "digits that became other digits were read, and found to be forged"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "null",
        "[" * 5000,
        '{"format": "zoufang checkpoint 2"}',
        "x" * 20_000,
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    """With our own error, whatever it is."""
    with pytest.raises(FileError):
        checkpoint_from(text.encode(), file="f")


def test_a_field_more_less_or_twice_is_refused(signed: SignedCheckpoint) -> None:
    """Nothing that somebody could read otherwise than we do."""
    values = json.loads(signed.to_json())
    for spoilt in (
        {**values, "note": ""},
        {k: v for k, v in values.items() if k != "key_id"},
        {**values, "seq": 5.0},
        {**values, "seq": 10**30},
    ):
        with pytest.raises(FileError):
            checkpoint_from(json.dumps(spoilt).encode(), file="f")
    with pytest.raises(FileError):
        checkpoint_from(signed.to_json().replace("{", '{"seq": 9,', 1).encode(), file="f")


@pytest.mark.parametrize("given", ["5-abcd-ef01", "0-0000-0000-0000", "5-ABCG-0000-0000", "nowhere.json"])
def test_a_code_that_is_none_is_refused(given: str) -> None:
    """It is taken for a file, which is not there."""
    with pytest.raises(FileError):
        read_checkpoint(given)


def test_an_empty_ledger_has_nothing_to_sign(key: SigningKey) -> None:
    """Nor has a ledger a commit that is yet to come."""
    for seq in (None, Seq(1)):
        with pytest.raises(NotInChainError):
            sign_checkpoint(MemoryLedger(), key, AT, seq)


def test_a_file_that_was_cut_off_by_hand_is_found(
    ledger_file: Path, tmp_path: Path, key: SigningKey, known: Known
) -> None:
    """In the database's file, with plain SQL: the last commit and its rows deleted."""
    path = Path(shutil.copy(ledger_file, tmp_path / "ledger.sqlite"))
    whole = SqlLedger.open(f"sqlite:///{path}")
    kept = sign_checkpoint(whole, key, AT)
    whole.close()
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("DELETE FROM commits WHERE seq = ?", (kept.seq,))
        for table in FACT_TABLES:
            raw.execute(f'DELETE FROM "{table.name}" WHERE commit_seq = ?', (kept.seq,))
    cut = SqlLedger.open(f"sqlite:///{path}")
    assert cut.verify().ok
    assert told(cut, kept, known) == (Signed.BY_KNOWN, Found.CUT_OFF, False)
    cut.close()
