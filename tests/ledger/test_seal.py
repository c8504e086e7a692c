"""The seal as it is documented, worked by hand: the bytes are written out, and hashed with plain hashlib."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta, timezone

from zoufang.facts import FACT_TABLES
from zoufang.ledger import (
    GENESIS,
    Draft,
    MemoryLedger,
    commitment,
    digest_facts,
    keyed_digest,
    link,
    private_text,
    wire_instant,
)
from zoufang.model import Actor, Role


def sha(written: bytes) -> str:
    """Hash bytes that were written out by hand."""
    return hashlib.sha256(written).hexdigest()


def test_the_digest_of_one_table() -> None:
    """A table gives its name, a line feed, the JSON array of its rows and a line feed, without blanks."""
    rows = [("C01", 1, "第一社区", "community", None, "C01")]
    written = b'areas\n[["C01",1,"' + "第一社区".encode() + b'","community",null,"C01"]]\n'
    assert digest_facts({"areas": rows}) == (1, sha(written))


def test_the_digest_takes_tables_in_their_declared_order() -> None:
    """Areas come before units, whatever the order in which they were given; tables without rows are left out."""
    facts = {"units": [("C01", 1, "x", 0, 1)], "visits": [], "areas": [("A", 1, "y", "street", None, None)]}
    written = b'areas\n[["A",1,"y","street",null,null]]\nunits\n[["C01",1,"x",0,1]]\n'
    assert digest_facts(facts) == (2, sha(written))


def test_the_digest_of_nothing() -> None:
    """A change without facts has the digest of no bytes at all."""
    assert digest_facts({}) == (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")


def test_rows_are_joined_alike_however_they_were_cut() -> None:
    """Ten thousand and one rows, which are written in two pieces, give one JSON array."""
    rows = [(f"K{n}", n) for n in range(10_001)]
    written = "plans\n[" + ",".join(f'["K{n}",{n}]' for n in range(10_001)) + "]\n"
    assert digest_facts({"plans": rows}) == (10_001, sha(written.encode()))


def test_strings_are_escaped_as_rfc_8785_says() -> None:
    """Two-letter escapes, lower-case hexadecimal for the other control characters, UTF-8 for the rest."""
    rows = [('"\\/\b\f\n\r\t\x00\x1f\x7f\u2028𠮷😀é',)]
    inside = rb"\"\\/\b\f\n\r\t\u0000\u001f" + b"\x7f" + "\u2028𠮷😀é".encode()
    assert digest_facts({"plans": rows}) == (1, sha(b'plans\n[["' + inside + b'"]]\n'))


def test_whole_numbers_have_no_point_and_no_exponent() -> None:
    """Large and negative numbers are written out."""
    rows = [(0, -1, 9007199254740993, 10**18)]
    assert digest_facts({"plans": rows})[1] == sha(b"plans\n[[0,-1,9007199254740993,1000000000000000000]]\n")


def test_the_link_of_the_first_commit() -> None:
    """The first link is over the empty link and the header up to the facts' digest."""
    header = (1, "2023-03-01T01:02:03.000000Z", "office", "office", "", "open", None, None, 0, "d")
    written = b'["",1,"2023-03-01T01:02:03.000000Z","office","office","","open",null,null,0,"d"]'
    assert link("", header) == sha(written)


def test_each_link_holds_the_one_before() -> None:
    """Two commits by hand, from their bytes to the head of a ledger."""
    ledger = MemoryLedger(b"k" * 32)
    actor = Actor(id="办公室", role=Role.OFFICE, unit_id="wangge")
    at = datetime(2023, 3, 1, 9, 0, tzinfo=timezone(timedelta(hours=8)))
    draw = ("K1", 8, "2023-03-06", "wangge/sample", 1, 10, 1, 1, None)
    ledger.commit(Draft(verb="open", actor=actor, at=at, facts={}))
    ledger.commit(Draft(verb="draw", actor=actor, at=at, facts={"draws": [draw]}, submission_id="s", content="c"))

    empty = sha(b"")
    one = sha(f'["",1,"2023-03-01T01:00:00.000000Z","办公室","office","wangge","open",null,null,0,"{empty}"]'.encode())
    facts = sha(b'draws\n[["K1",8,"2023-03-06","wangge/sample",1,10,1,1,null]]\n')
    two = sha(
        f'["{one}",2,"2023-03-01T01:00:00.000000Z","办公室","office","wangge","draw","s","c",1,"{facts}"]'.encode()
    )
    assert [commit.chain for commit in ledger.commits()] == [one, two]
    assert ledger.head.code == f"2-{two[:4]}-{two[4:8]}-{two[8:12]}"


def test_before_the_first_commit_the_chain_is_empty() -> None:
    """Number 0 and no link."""
    assert (GENESIS.seq, GENESIS.chain) == (0, "")


def test_an_instant_is_written_in_utc_with_six_decimals() -> None:
    """Nine in the morning in Shandong is one o'clock in UTC; instants sort as their texts do."""
    shandong = timezone(timedelta(hours=8))
    assert wire_instant(datetime(2023, 3, 1, 9, tzinfo=shandong)) == "2023-03-01T01:00:00.000000Z"
    assert wire_instant(datetime(2023, 3, 1, 0, 0, 0, 7, tzinfo=UTC)) == "2023-03-01T00:00:00.000007Z"
    assert wire_instant(datetime(2023, 3, 1, 1, tzinfo=shandong)) == "2023-02-28T17:00:00.000000Z"


def test_a_commitment_is_over_salt_subject_and_text() -> None:
    """The JSON array of the three; another salt, subject or text gives another one, wherever a line ends."""
    assert commitment("00ff", "T1", "王桂英") == sha('["00ff","T1","王桂英"]'.encode())
    assert commitment("00ff", "T1\n王", "桂英") != commitment("00ff", "T1", "王\n桂英")
    assert len({commitment(*parts) for parts in (("0", "T1", "a"), ("1", "T1", "a"), ("0", "T2", "a"))}) == 3


def test_a_private_text_does_not_show_its_body() -> None:
    """Its printed form holds the reference, never the words."""
    assert "王桂英" not in repr(private_text("00ff", "T1", "王桂英"))


def test_a_keyed_digest_says_nothing_without_the_key() -> None:
    """It is HMAC-SHA-256 over the canonical JSON, cut to 128 bits; another key gives another digest."""
    # Known answer of RFC 4231's construction, worked with the two padded keys by hand.
    key = b"k" * 32
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in key.ljust(64, b"\0")) + b'["T1","' + "王".encode() + b'",null]')
    outer = hashlib.sha256(bytes(b ^ 0x5C for b in key.ljust(64, b"\0")) + inner.digest())
    assert keyed_digest(key, ["T1", "王", None]) == outer.hexdigest()[:32]
    assert keyed_digest(b"j" * 32, ["T1", "王", None]) != keyed_digest(key, ["T1", "王", None])


def test_every_table_has_a_place_in_the_digest() -> None:
    """A fact in any table changes the digest."""
    digests = {digest_facts({table.name: [(1,)]}) for table in FACT_TABLES}
    assert len(digests) == len(FACT_TABLES)
