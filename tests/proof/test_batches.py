"""Rows with a digest of their own: one ticket is shown out of a batch of many, and the others stay hidden."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from zoufang.facts import CHUNK
from zoufang.ledger import Draft, MemoryLedger
from zoufang.model import Actor, Role
from zoufang.proof import checker, ticket_bundle
from zoufang.proof.bundles import CONTENT
from zoufang.typing import TicketId

from .test_tickets import files_of, judged, resealed

AT = datetime(2023, 3, 1, 1, tzinfo=UTC)
KEY = bytes(range(32))
SEAL = hmac.digest(KEY, b"zoufang seal", "sha256")
"""The key of the seal of a ledger with that key."""
OFFICE = Actor(id="office", role=Role.OFFICE)
EVENT = ("close", "2023-04-02", "closed", "jianshe", *([None] * 13), 0)
Content = dict[str, Any]


def ticket(n: int) -> tuple[Any, ...]:
    """Return a call's row as it was raised."""
    name = f"HL-{n:05d}"
    return (name, "call", name, "2023-03-01", "roads", "C01", None, "joint", None, None, f"{n:032x}", None)


def event(n: int, version: int) -> tuple[Any, ...]:
    """Return an event's row without any secret of its own."""
    return (f"HL-{n:05d}", version, *EVENT)


def batch(first: int, n: int, version: int) -> dict[str, list[tuple[Any, ...]]]:
    """Return the facts of a batch: tickets where they are raised, their events, and an import's row beside them."""
    facts: dict[str, list[tuple[Any, ...]]] = {"ticket_events": [event(i, version) for i in range(first, first + n)]}
    if version == 1:
        facts["tickets"] = [ticket(i) for i in range(first, first + n)]
    facts["imports"] = [("hotline.csv", "0" * 64, "hotline", n, n, 0, 0)]
    return facts


def ledger_of(n: int) -> MemoryLedger:
    """Return a ledger of three batches: n tickets, three others, and the second event of the n."""
    ledger = MemoryLedger(KEY)
    for facts in (batch(0, n, 1), batch(900_000, 3, 1), batch(0, n, 2)):
        ledger.commit(Draft("raise", OFFICE, AT, facts))
    return ledger


def proved(n: int, mine: int) -> tuple[dict[str, bytes], Content]:
    """Return the files of one ticket's unsigned bundle, and what it says."""
    files = files_of(ticket_bundle(ledger_of(n), TicketId(f"HL-{mine:05d}"), key=None, at=AT))
    return files, json.loads(files[CONTENT])


@pytest.mark.parametrize(("n", "mine"), [(1, 0), (7, 3), (CHUNK + 5, 2), (CHUNK + 5, CHUNK + 4)])
def test_one_ticket_is_shown_out_of_a_batch(n: int, mine: int) -> None:
    """Of a batch of one, of several, and of one that is cut in chunks."""
    files, content = proved(n, mine)
    assert judged(resealed(files, content))
    rows = [(table, row["ticket_id"]) for table, row in checker.rows_of(content)]
    assert sorted(rows) == [(table, f"HL-{mine:05d}") for table in ("ticket_events", "ticket_events", "tickets")]


def test_nothing_is_said_of_the_others() -> None:
    """Neither a row, nor a salt with which one could be guessed, nor anything of the commit in between."""
    files, content = proved(50, 20)
    text = files[CONTENT].decode()
    assert [i for i in (*range(50), 900_000) if f"HL-{i:05d}" in text] == [20]
    assert "hotline.csv" not in text
    assert set(content["commits"][1]) == {"seq", "body"}
    encoded = [checker.canonical(event(i, 2)) for i in range(50)]
    seed = hmac.digest(SEAL, hashlib.sha256(b"\n".join(encoded)).digest(), "sha256")
    salts = hashlib.shake_256(seed).hexdigest(16 * 50)
    assert [i for i in range(50) if salts[32 * i : 32 * i + 32] in text] == [20]


def test_a_hidden_row_cannot_be_guessed() -> None:
    """Its digest is none of its bytes alone, and that of a chunk beside it none of its rows without the key."""
    files, _ = proved(50, 20)
    text = files[CONTENT].decode()
    for guess in (event(21, 2), ticket(21)):
        assert hashlib.sha256(checker.canonical(guess)).hexdigest() not in text
    numbers = b"".join(n.to_bytes(8, "little") for n in (50, 50, 0, 0))
    imports = b"hotline.csv\0" + b"0" * 64 + b"\0" + b"hotline\0" + numbers
    assert hashlib.sha256(imports).hexdigest() not in text
    assert hmac.new(SEAL, hashlib.sha256(imports).digest(), "sha256").hexdigest() in text


def test_vectors() -> None:
    """The link of one commit, worked out with hashlib alone, step by step, as another language would."""
    encoded = [f'["HL-0000{i}",2,"close","2023-04-02","closed","jianshe",' + "null," * 13 + "0]" for i in (1, 2)]
    seed = hmac.new(SEAL, hashlib.sha256("\n".join(encoded).encode()).digest(), "sha256").digest()
    salts = hashlib.shake_256(seed).digest(32)
    leaf = [hashlib.sha256(salts[16 * i : 16 * i + 16] + encoded[i].encode()).digest() for i in (0, 1)]
    chunk = hashlib.sha256(leaf[0] + leaf[1]).hexdigest()
    facts = hashlib.sha256(f'[["ticket_events",2,["{chunk}"]]]'.encode()).hexdigest()
    head = '["2023-03-01T01:00:00.000000Z","office","office","","raise",null,null,2,'
    body = hashlib.sha256(f'{head}"{facts}"]'.encode()).hexdigest()
    link = hashlib.sha256(f'["",1,"{body}"]'.encode()).hexdigest()
    ledger = MemoryLedger(KEY)
    ledger.commit(Draft("raise", OFFICE, AT, {"ticket_events": [event(1, 2), event(2, 2)]}))
    assert ledger.head.chain == link
    shown = {"table": "ticket_events", "chunk": 0, "leaves": ["", leaf[1].hex()]}
    row = [0, salts[:16].hex(), json.loads(encoded[0])]
    entry = {"seq": 1, "header": json.loads(f"{head}0]")[:-1], "outline": [["ticket_events", 2, [chunk]]]}
    assert checker.link("", {**entry, "shown": [{**shown, "rows": [row]}]}) == link


def _a_row_given_twice(part: Content) -> None:
    place, salt, cells = part["rows"][0]
    part["rows"].insert(0, [place, salt, [*cells[:3], "2023-12-31", *cells[4:]]])


def _a_row_beside_its_digest(part: Content) -> None:
    place, salt, cells = part["rows"][0]
    part["leaves"][place] = hashlib.sha256(bytes.fromhex(salt) + checker.canonical(cells)).hexdigest()
    part["rows"][0] = [place, salt, [*cells[:3], "2023-12-31", *cells[4:]]]


def _another_table(part: Content) -> None:
    part["table"] = "draws"


def _another_chunk(part: Content) -> None:
    part["chunk"] = 1


def _another_place(part: Content) -> None:
    part["leaves"][0], part["leaves"][part["rows"][0][0]] = "", part["leaves"][0]
    part["rows"][0][0] = 0


def _held_back(part: Content) -> None:
    place, salt, cells = part["rows"].pop()
    part["leaves"][place] = hashlib.sha256(bytes.fromhex(salt) + checker.canonical(cells)).hexdigest()


TRICKS = [_a_row_given_twice, _a_row_beside_its_digest, _another_table, _another_chunk, _another_place, _held_back]


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.__name__.strip("_"))
def test_a_trick_with_rows_is_found(trick: Callable[[Content], None]) -> None:
    """None of them needs to break a digest or a signature; each is found all the same."""
    files, content = proved(9, 4)
    assert judged(resealed(files, content))
    trick(content["commits"][2]["shown"][0])
    assert not judged(resealed(files, content))


def test_a_chunk_given_twice_is_found() -> None:
    """Otherwise its row would count twice."""
    files, content = proved(9, 4)
    shown = content["commits"][2]["shown"]
    shown.insert(0, json.loads(json.dumps(shown[0])))
    assert not judged(resealed(files, content))


def test_a_digest_beside_the_rows_is_found() -> None:
    """A commit is opened or passed, never both: else the chain would go by the digest, and the rows could be any."""
    files, content = proved(9, 4)
    entry = content["commits"][2]
    entry["body"] = checker.sha(checker.canonical([*entry["header"], checker.facts_digest(entry)]))
    assert not judged(resealed(files, content))
