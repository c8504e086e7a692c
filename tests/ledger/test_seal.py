"""The seal as it is documented, worked by hand: the bytes are written out, and hashed with plain hashlib."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from zoufang.errors import BadValueError
from zoufang.facts import FACT_TABLES, Block, Column, Sort
from zoufang.ledger import (
    GENESIS,
    Draft,
    MemoryLedger,
    body_digest,
    canonical,
    commitment,
    digest_facts,
    keyed_digest,
    link,
    private_text,
    wire_instant,
)
from zoufang.model import Actor, Role
from zoufang.typing import Wire


def sha(written: bytes) -> str:
    """Hash bytes that were written out by hand."""
    return hashlib.sha256(written).hexdigest()


KEY = b"k" * 32
AREA = ("C01", 1, "第一社区", "community", None, "C01")
NUMBER_ONE = b"\x01\0\0\0\0\0\0\0"


def keyed(written: bytes) -> bytes:
    """Return the HMAC-SHA-256 under the key, from its definition (RFC 2104)."""
    padded = KEY.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in padded) + written).digest()
    return hashlib.sha256(bytes(b ^ 0x5C for b in padded) + inner).digest()


def outline(written: str) -> str:
    """Return the digest of an outline that was written out by hand."""
    return sha(written.encode())


def test_the_digest_of_one_table() -> None:
    """Column by column: a text is its UTF-8 and a zero byte, a number eight bytes, an empty text cell the byte one."""
    written = b"C01\0" + NUMBER_ONE + "第一社区".encode() + b"\0" + b"community\0" + b"\x01\0" + b"C01\0"
    chunk = keyed(hashlib.sha256(written).digest()).hex()
    assert digest_facts({"areas": [AREA]}, KEY) == (1, outline(f'[["areas",1,["{chunk}"]]]'))


def test_a_row_of_a_ticket_has_a_digest_of_its_own() -> None:
    """It is over sixteen bytes of salt and the row as JSON; the salts follow from the key and the rows."""
    first = b'["K1",8,"2023-03-06","wangge/sample",1,10,1,1,null]'
    second = b'["K2",8,"2023-03-06","wangge/sample",1,10,1,2,"K1"]'
    seed = keyed(hashlib.sha256(first + b"\n" + second).digest())
    salts = hashlib.shake_256(seed).digest(32)
    rows = [hashlib.sha256(salts[:16] + first).digest(), hashlib.sha256(salts[16:] + second).digest()]
    chunk = hashlib.sha256(rows[0] + rows[1]).hexdigest()
    facts = {"draws": [json.loads(row) for row in (first, second)]}
    assert digest_facts(facts, KEY) == (2, outline(f'[["draws",2,["{chunk}"]]]'))


def test_the_outline_takes_tables_in_their_declared_order() -> None:
    """Areas come before units, whatever the order in which they were given; tables without rows are left out."""
    facts = {"units": [("C01", 1, "x", 0, 1)], "visits": [], "areas": [("A", 1, "y", "street", None, None)]}
    zero = b"\0" * 8
    area = keyed(hashlib.sha256(b"A\0" + NUMBER_ONE + b"y\0street\0\x01\0\x01\0").digest()).hex()
    unit = keyed(hashlib.sha256(b"C01\0" + NUMBER_ONE + b"x\0" + zero + NUMBER_ONE).digest()).hex()
    assert digest_facts(facts, KEY) == (2, outline(f'[["areas",1,["{area}"]],["units",1,["{unit}"]]]'))


def test_the_digest_of_nothing() -> None:
    """A change without facts has an empty outline."""
    assert digest_facts({}, KEY) == (0, sha(b"[]"))


def test_rows_are_cut_after_ten_thousand() -> None:
    """Ten thousand and one rows make two chunks, handed over as rows or as columns."""
    rows = [(f"K{n}", "G1", "2023-03-06") for n in range(10_001)]
    first = "".join(f"K{n}\0" for n in range(10_000)) + "G1\0" * 10_000 + "2023-03-06\0" * 10_000
    chunks = [keyed(hashlib.sha256(w.encode()).digest()).hex() for w in (first, "K10000\0G1\0" + "2023-03-06\0")]
    expected = (10_001, outline(f'[["problem_links",10001,["{chunks[0]}","{chunks[1]}"]]]'))
    assert digest_facts({"problem_links": rows}, KEY) == expected
    assert digest_facts({"problem_links": Block(tuple(zip(*rows, strict=True)))}, KEY) == expected


def test_numbers_are_eight_bytes_the_lowest_first() -> None:
    """In two's complement; one that is empty is the lowest that there is."""
    row = ("V1", "T1", "2023-03-06", None, -2, "door", "met", "P1", "C01", 2**62, 0, "", "")
    texts = [b"V1\0T1\0", b"2023-03-06\0", b"door\0met\0P1\0C01\0"]
    numbers = [b"\0" * 7 + b"\x80", b"\xfe" + b"\xff" * 7, b"\0" * 7 + b"\x40", b"\0" * 8]
    written = texts[0] + texts[1] + numbers[0] + numbers[1] + texts[2] + numbers[2] + numbers[3] + b"\0\0"
    chunk = keyed(hashlib.sha256(written).digest()).hex()
    assert digest_facts({"visits": [row]}, KEY)[1] == outline(f'[["visits",1,["{chunk}"]]]')


def test_strings_of_a_header_are_escaped_as_rfc_8785_says() -> None:
    """Two-letter escapes, lower-case hexadecimal for the other control characters, UTF-8 for the rest."""
    text = '"\\/\b\f\n\r\t\x00\x1f\x7f\u2028𠮷😀é'
    inside = rb"\"\\/\b\f\n\r\t\u0000\u001f" + b"\x7f" + "\u2028𠮷😀é".encode()
    assert canonical([text]) == b'["' + inside + b'"]'


def test_the_link_of_the_first_commit() -> None:
    """The first link is over the empty link, the number, and the digest of the header's other values."""
    header = ("2023-03-01T01:02:03.000000Z", "office", "office", "", "open", None, None, 0, "d")
    body = sha(b'["2023-03-01T01:02:03.000000Z","office","office","","open",null,null,0,"d"]')
    assert body_digest(header) == body
    assert link("", 1, body) == sha(f'["",1,"{body}"]'.encode())


def test_each_link_holds_the_one_before() -> None:
    """Two commits by hand, from their bytes to the head of a ledger."""
    ledger = MemoryLedger(KEY)
    actor = Actor(id="办公室", role=Role.OFFICE, unit_id="wangge")
    at = datetime(2023, 3, 1, 9, 0, tzinfo=timezone(timedelta(hours=8)))
    ledger.commit(Draft(verb="open", actor=actor, at=at, facts={}))
    ledger.commit(Draft(verb="register", actor=actor, at=at, facts={"areas": [AREA]}, submission_id="s", content="c"))

    head = '"2023-03-01T01:00:00.000000Z","办公室","office","wangge"'
    one = sha(f'["",1,"{sha(f"""[{head},"open",null,null,0,"{sha(b"[]")}"]""".encode())}"]'.encode())
    _, facts = digest_facts({"areas": [AREA]}, ledger.seal_key)  # worked by hand above
    two = sha(f'["{one}",2,"{sha(f"""[{head},"register","s","c",1,"{facts}"]""".encode())}"]'.encode())
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
    """A fact in any table changes the digest, and so does each of its cells."""
    digests: set[str] = set()
    for table in FACT_TABLES:
        row = [_cell(column) for column in table.columns]
        digests.add(digest_facts({table.name: [tuple(row)]}, KEY)[1])
        for place, column in enumerate(table.columns):
            other = [*row[:place], _cell(column, other=True), *row[place + 1 :]]
            digests.add(digest_facts({table.name: [tuple(other)]}, KEY)[1])
    assert len(digests) == sum(1 + len(table.columns) for table in FACT_TABLES)


def _cell(column: Column, *, other: bool = False) -> Wire:
    if column.sort is Sort.INT:
        return 2 if other else 1
    if column.sort is Sort.DAY:
        return "2023-03-02" if other else "2023-03-01"
    return "b" if other else "a"


@pytest.mark.parametrize("cell", ["a\0b", "\0", "\x01", "a\x01"])
def test_text_does_not_hold_what_ends_it(cell: str) -> None:
    """Two cells could otherwise be told as one; PostgreSQL would not keep it either."""
    with pytest.raises(BadValueError, match="areas") as refused:
        digest_facts({"areas": [(*AREA[:2], cell, *AREA[3:])]}, KEY)
    assert cell not in str(refused.value)


@pytest.mark.parametrize("number", [2**63, -(2**63), -(2**63) - 1])
def test_a_number_has_at_most_64_bits(number: int) -> None:
    """No database would keep more, and the lowest stands for an empty cell."""
    with pytest.raises(BadValueError, match="areas"):
        digest_facts({"areas": [(AREA[0], number, *AREA[2:])]}, KEY)
    with pytest.raises(BadValueError, match="visits"):
        digest_facts({"visits": [("V1", "T1", "2023-03-06", number, None, *["x"] * 4, 0, 0, "", "")]}, KEY)
