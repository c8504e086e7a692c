"""Rows with a digest of their own: one ticket is shown out of a batch of many, and the others stay hidden."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest
from attrs import evolve

from zoufang.ledger import Commit
from zoufang.ledger import leaves as made
from zoufang.ledger.seal import CHUNK
from zoufang.proof import checker
from zoufang.proof.evidence import LEAFED, bridge, columns, header, opened
from zoufang.typing import Seq

KEY = bytes(range(32))
EVENT = ("close", "2023-04-02", "closed", "jianshe", *([None] * 13), 0)


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


def sealed(previous: str, seq: int, facts: dict[str, list[tuple[Any, ...]]]) -> Commit:
    """Return a commit under the second seal."""
    digest = made.outline_digest(made.outline(facts, KEY))
    n = sum(map(len, facts.values()))
    bare = Commit(
        Seq(seq), f"2023-03-0{seq}T01:00:00.000000Z", "office", "office", "", "raise", None, None, n, digest, ""
    )
    return evolve(bare, chain=made.link_over(previous, seq, made.body_digest(header(bare), digest)))


def bundle(n: int, mine: int) -> tuple[dict[str, Any], str]:
    """Return what a bundle says of one ticket out of three batches, and the last link."""
    own = f"HL-{mine:05d}"
    batches = {1: batch(0, n, 1), 2: batch(900_000, 3, 1), 3: batch(0, n, 2)}
    at, entries = "", []
    for seq, facts in batches.items():
        commit = sealed(at, seq, facts)
        at = commit.chain
        if seq == 2:
            entries.append(bridge(commit, LEAFED))
        else:
            entries.append(opened(commit, facts, lambda _, row: row[0] == own, ticket_id=own, key=KEY, seal=LEAFED))
    content = {"kind": "ticket", "seal": LEAFED, "ticket": own, "last_version": 2, "before": "", "commits": entries}
    return {**content, "columns": columns({"tickets": None, "ticket_events": None})}, at


def in_order(content: dict[str, Any], end: str) -> bool:
    """Say whether the chain ends where it should and the rows are a ticket's own."""
    try:
        seq, chain, gapless = checker.chain_of(content)
        return (seq, chain, gapless) == (3, end, True) and all(good for good, _, _ in checker.history(content))
    except (LookupError, TypeError, ValueError):
        return False


@pytest.mark.parametrize(("n", "mine"), [(1, 0), (7, 3), (CHUNK + 5, 2), (CHUNK + 5, CHUNK + 4)])
def test_one_ticket_is_shown_out_of_a_batch(n: int, mine: int) -> None:
    """Of a batch of one, of several, and of one that is cut in chunks."""
    content, end = bundle(n, mine)
    assert in_order(content, end)
    rows = [(table, row["ticket_id"]) for table, row in checker.rows_of(content)]
    assert sorted(rows) == [(table, f"HL-{mine:05d}") for table in ("ticket_events", "ticket_events", "tickets")]


def test_nothing_is_said_of_the_others() -> None:
    """Neither a row, nor a salt with which one could be guessed, nor anything of the commit in between."""
    content, _ = bundle(50, 20)
    text = json.dumps(content)
    assert [i for i in (*range(50), 900_000) if f"HL-{i:05d}" in text] == [20]
    assert "hotline.csv" not in text
    assert set(content["commits"][1]) == {"seq", "body"}
    salts = {leaf.salt.hex() for leaf in made.leaves([event(i, 2) for i in range(50)], KEY)}
    assert len(salts) == 50
    assert len([salt for salt in salts if salt in text]) == 1


def test_a_hidden_row_cannot_be_guessed() -> None:
    """Its digest is none of its bytes alone, and that of a chunk beside it none of its rows without the key."""
    content, _ = bundle(50, 20)
    text = json.dumps(content)
    for guess in (event(21, 2), ticket(21)):
        assert hashlib.sha256(checker.canonical(guess)).hexdigest() not in text
    imports = checker.canonical([("hotline.csv", "0" * 64, "hotline", 50, 50, 0, 0)])
    assert hashlib.sha256(imports).hexdigest() not in text
    assert hmac.new(KEY, hashlib.sha256(imports).digest(), "sha256").hexdigest() in text


def test_vectors() -> None:
    """Worked out with hashlib alone, step by step, as another language would."""
    rows = [event(1, 2), event(2, 2)]
    encoded = [
        '["HL-00001",2,"close","2023-04-02","closed","jianshe",' + "null," * 13 + "0]",
        '["HL-00002",2,"close","2023-04-02","closed","jianshe",' + "null," * 13 + "0]",
    ]
    seed = hmac.new(KEY, hashlib.sha256("\n".join(encoded).encode()).digest(), "sha256").digest()
    salts = hashlib.shake_256(seed).digest(32)
    leaf = [hashlib.sha256(salts[16 * i : 16 * i + 16] + encoded[i].encode()).digest() for i in (0, 1)]
    chunk = hashlib.sha256(leaf[0] + leaf[1]).hexdigest()
    facts = hashlib.sha256(f'[["ticket_events",2,["{chunk}"]]]'.encode()).hexdigest()
    assert [(one.salt, one.digest) for one in made.leaves(rows, KEY)] == [(salts[:16], leaf[0]), (salts[16:], leaf[1])]
    assert made.outline_digest(made.outline({"ticket_events": rows}, KEY)) == facts
    body = hashlib.sha256(
        f'["2023-03-01T01:00:00.000000Z","office","office","","raise",null,null,2,"{facts}"]'.encode()
    )
    link = hashlib.sha256(f'["",1,"{body.hexdigest()}"]'.encode()).hexdigest()
    assert sealed("", 1, {"ticket_events": rows}).chain == link


def _tricks(content: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return spoilt copies, each keeping every digest that the chain is over."""

    def copy() -> dict[str, Any]:
        return dict(json.loads(json.dumps(content)))

    twice = copy()
    part = twice["commits"][2]["shown"][0]
    place, salt, cells = part["rows"][0]
    part["rows"].insert(0, [place, salt, [*cells[:3], "2023-12-31", *cells[4:]]])
    beside = copy()
    part = beside["commits"][2]["shown"][0]
    forged = [part["rows"][0][0], "00" * 16, [*cells[:3], "2023-12-31", *cells[4:]]]
    part["rows"][0], part["leaves"][forged[0]] = forged, hashlib.sha256(b"x").hexdigest()
    again = copy()
    again["commits"][2]["shown"].insert(0, json.loads(json.dumps(again["commits"][2]["shown"][0])))
    hidden = copy()
    del hidden["commits"][2]["shown"][0]
    body = copy()
    body["commits"][2]["body"] = "0" * 64
    other = copy()
    other["commits"][2]["shown"][0]["table"] = "draws"
    return [
        ("a row given twice", twice),
        ("a row beside its digest", beside),
        ("a chunk given twice", again),
        ("a row held back", hidden),
        ("a digest beside the rows", body),
        ("another table", other),
    ]


@pytest.mark.parametrize("i", range(6))
def test_a_trick_with_leaves_is_found(i: int) -> None:
    """None of them needs to break a digest; each is found all the same."""
    content, end = bundle(9, 4)
    assert in_order(content, end)
    name, spoilt = _tricks(content)[i]
    assert not in_order(spoilt, end), name


def test_any_changed_value_is_found() -> None:
    """Every cell, salt and digest of the commits in turn."""
    content, end = bundle(4, 2)

    def spoil(value: Any) -> list[Any]:
        if isinstance(value, dict):
            return [{**value, k: other} for k, v in value.items() for other in spoil(v)]
        if isinstance(value, list):
            return [[*value[:i], other, *value[i + 1 :]] for i, v in enumerate(value) for other in spoil(v)]
        if value is None or isinstance(value, int):
            return ["x" if value is None else value + 1]
        return [f"{value[1:]}0" if value else "0" * 64]

    spoilt = [{**content, "commits": commits} for commits in spoil(content["commits"])]
    assert len(spoilt) > 100
    assert [one for one in spoilt if in_order(one, end)] == []
