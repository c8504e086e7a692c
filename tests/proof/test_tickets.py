"""One ticket's bundle: what it shows, what it hides, and that nothing in it can be changed unseen."""

from __future__ import annotations

import hashlib
import json
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from attrs import evolve

from zoufang.campaign import Campaign
from zoufang.errors import BundleError, NotInChainError, UnknownIdError
from zoufang.ledger import SqlLedger
from zoufang.model import Channel, Finding, FindingKind, Outcome, Source, Ticket, Visit
from zoufang.proof import PublicKey, SigningKey, checker, sign_checkpoint, ticket_bundle, verify_bundle
from zoufang.proof.bundles import CHECKER, CONTENT, README, SIGNATURE, packed
from zoufang.typing import PersonId, Seq, TargetId, TicketId, TopicId, UnitId, VisitId

from .conftest import SAID, filled

AT = datetime(2023, 3, 6, 1, 2, 3, tzinfo=UTC)
Known = dict[str, PublicKey]
K1 = TicketId("K1")


def files_of(bundle: bytes) -> dict[str, bytes]:
    """Return a bundle's files, read without our own code."""
    with ZipFile(BytesIO(bundle)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files: dict[str, bytes]) -> bytes:
    """Pack files again."""
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def judged(bundle: bytes, known: Known | None = None) -> bool:
    """Say whether a bundle is in order; one that cannot be read is not."""
    try:
        return verify_bundle(bundle, file="b.zip", keys=known).ok
    except BundleError:
        return False


def said_by_itself(bundle: bytes, folder: Path) -> int:
    """Return the exit code of the checker inside, run alone."""
    (folder / "b.zip").write_bytes(bundle)
    (folder / "check.py").write_bytes(files_of(bundle)[CHECKER])
    return subprocess.run(
        [sys.executable, "-I", "check.py", "b.zip"], cwd=folder, capture_output=True, check=False
    ).returncode


@pytest.fixture(scope="session")
def signed(campaign: Campaign, key: SigningKey) -> bytes:
    """K1's bundle, signed."""
    return campaign.proof(K1, key=key)


@pytest.fixture(scope="session")
def content(signed: bytes) -> dict[str, Any]:
    """What it says."""
    return dict(json.loads(files_of(signed)[CONTENT]))


def test_a_bundle_is_in_order(signed: bytes, known: Known, key: SigningKey, tmp_path: Path) -> None:
    """To our program and to the one that lies in it, with nothing but Python."""
    verdict = verify_bundle(signed, file="b.zip", keys=known)
    assert verdict.ok, verdict
    assert verdict.signed_by == (key.public.id,)
    assert said_by_itself(signed, tmp_path) == 0
    assert set(files_of(signed)) == {CONTENT, SIGNATURE, README, CHECKER}


def test_the_same_asked_twice_is_the_same_file(campaign: Campaign, key: SigningKey) -> None:
    """Byte for byte, up to the same checkpoint; that it was asked is recorded each time, after the checkpoint."""
    kept = campaign.checkpoint(key)
    assert campaign.proof(K1, key=key, checkpoint=kept) == campaign.proof(K1, key=key, checkpoint=kept)


def test_it_shows_the_ticket_as_the_database_has_it(ledger_file: Path, key: SigningKey) -> None:
    """Rows and chain, computed again from the database's file with plain SQL and the published format."""
    ledger = SqlLedger.open(f"sqlite:///{ledger_file}")
    content = json.loads(files_of(ticket_bundle(ledger, K1, key=key, at=AT))[CONTENT])
    ledger.close()
    with closing(sqlite3.connect(ledger_file)) as raw:
        events = [list(r[2:]) for r in raw.execute("SELECT * FROM ticket_events WHERE ticket_id = 'K1' ORDER BY 1, 2")]
        head = raw.execute("SELECT seq, chain FROM commits ORDER BY seq DESC LIMIT 1").fetchone()
        headers = {
            row[0]: list(row[1:])
            for row in raw.execute(
                "SELECT seq, recorded_at, actor, role, unit, verb, submission_id, content, n_facts FROM commits"
            )
        }
    shown = [list(row.values()) for table, row in checker.rows_of(content) if table == "ticket_events"]
    assert shown == events
    assert [event[2] for event in events] == ["raise", "route", "accept", "handle", "feed_back", "apply", "close"]
    assert (content["as_of"], content["code"].replace("-", "")) == (head[0], f"{head[0]}{head[1][:12]}")
    assert all(entry["header"] == headers[entry["seq"]] for entry in content["commits"] if "header" in entry)


def test_it_shows_nobody_else(signed: bytes, campaign: Campaign) -> None:
    """No other ticket, no household, no name, telephone or word of anybody."""
    text = files_of(signed)[CONTENT].decode()
    assert "K1" in text
    assert "K2" not in text
    assert "K3" not in text
    assert SAID not in text
    private = {t.body for t in campaign.ledger.private_texts()}  # type: ignore[attr-defined]
    assert len(private) > 40
    assert [body for body in private if f'"{body}"' in text] == []
    assert [one for one in campaign.ids("targets") if f'"{one}"' in text] == []


def test_a_batch_is_passed_or_opened_for_one(tmp_path: Path) -> None:
    """Two calls recorded at once: each has its bundle, and neither stands in the other's or in that of K1."""
    campaign = filled(f"sqlite:///{tmp_path / 'l.sqlite'}")
    calls = [Ticket(TicketId(n), Source.CALL, n, campaign.today, TopicId("roads"), said=SAID) for n in ("B1", "B2")]
    campaign.raise_tickets(calls)
    texts = {name: campaign.proof(TicketId(name)) for name in ("B1", "B2", "K1")}
    for name, bundle in texts.items():
        assert judged(bundle)
        content = files_of(bundle)[CONTENT].decode()
        assert [other for other in texts if f'"{other}"' in content] == [name]
    campaign.close_ledger()


def test_a_ticket_of_a_visit_shows_no_visit(tmp_path: Path, key: SigningKey, known: Known) -> None:
    """The ticket's own rows: raised on a visit whose number they name, of a household whose number they name."""
    campaign = filled(f"sqlite:///{tmp_path / 'l.sqlite'}")
    visit = Visit(
        id=VisitId("W-1"),
        target_id=TargetId("T-household-1"),
        on=campaign.today,
        channel=Channel.DOOR,
        outcome=Outcome.MET,
        visitor_id=PersonId("P-C01-2"),
        unit_id=UnitId("C01"),
    )
    campaign.record([visit], [Finding(visit.id, 1, FindingKind.DEMAND, TopicId("roads"), said=SAID)])
    for name in ("K3", "W-1-1"):
        campaign.assign(TicketId(name), UnitId("jianshe"))
    bundle = campaign.proof(TicketId("W-1-1"), key=key)
    assert judged(bundle, known)
    content = json.loads(files_of(bundle)[CONTENT])
    assert [table for table, _ in checker.rows_of(content)] == ["tickets", "ticket_events", "ticket_events"]
    assert '"T-household-1"' in files_of(bundle)[CONTENT].decode()
    assert "K3" not in files_of(bundle)[CONTENT].decode()
    assert SAID not in files_of(bundle)[CONTENT].decode()
    campaign.close_ledger()


def test_an_unknown_ticket_is_refused(campaign: Campaign) -> None:
    """With our own error."""
    with pytest.raises(UnknownIdError):
        campaign.proof(TicketId("nobody"))


def test_up_to_an_earlier_checkpoint(campaign: Campaign, key: SigningKey, known: Known) -> None:
    """It ends where the checkpoint does, which others may hold since then; before the ticket there is none."""
    raised = next(c.seq for c in campaign.ledger.commits() if c.verb == "accept")
    earlier = sign_checkpoint(campaign.ledger, key, AT, Seq(raised))
    bundle = campaign.proof(K1, key=key, checkpoint=earlier)
    content = json.loads(files_of(bundle)[CONTENT])
    assert (content["as_of"], content["last_version"]) == (raised, 3)
    assert content["checkpoint"]["signature"] == earlier.signature
    assert judged(bundle, known)
    with pytest.raises(UnknownIdError):
        campaign.proof(K1, checkpoint=sign_checkpoint(campaign.ledger, key, AT, Seq(2)))
    with pytest.raises(NotInChainError):
        campaign.proof(K1, checkpoint=evolve(earlier, chain="0" * 64))


def test_a_spoilt_ledger_gives_no_bundle(ledger_file: Path, tmp_path: Path, key: SigningKey) -> None:
    """A row changed behind its back: the chain would not hold, so nothing is signed."""
    path = tmp_path / "l.sqlite"
    path.write_bytes(ledger_file.read_bytes())
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("UPDATE ticket_events SET status = 'closed' WHERE ticket_id = 'K1' AND version = 3")
    ledger = SqlLedger.open(f"sqlite:///{path}")
    with pytest.raises(NotInChainError):
        ticket_bundle(ledger, K1, key=key, at=AT)
    ledger.close()


# --- tampering ---------------------------------------------------------------------------------------------------


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the place of every single value in a bundle's content."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from places(inner, (*path, name))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from places(inner, (*path, i))
    else:
        yield path


def with_other(content: Any, path: tuple[Any, ...]) -> Any:
    """Return a copy of a content in which one value is another of its sort."""
    copy = json.loads(json.dumps(content))
    at = copy
    for name in path[:-1]:
        at = at[name]
    old = at[path[-1]]
    at[path[-1]] = "x" if old is None else old + 1 if isinstance(old, int) else f"{old[1:]}0" if old else "x"
    return copy


def resealed(files: dict[str, bytes], content: Any) -> bytes:
    """Return the files with another content, in canonical form."""
    return zipped({**files, CONTENT: checker.canonical(content)})


def test_any_changed_value_of_a_signed_bundle_is_found(signed: bytes, content: dict[str, Any], known: Known) -> None:
    """Every single value of the content in turn."""
    files = files_of(signed)
    assert judged(resealed(files, content), known)
    found = list(places(content))
    assert len(found) > 200
    assert [path for path in found if judged(resealed(files, with_other(content, path)), known)] == []


def test_any_changed_value_of_the_history_is_found_without_a_signature(campaign: Campaign) -> None:
    """The chain alone binds every commit to the checkpoint's code, which is compared with print."""
    files = files_of(campaign.proof(K1))
    assert SIGNATURE not in files
    content = json.loads(files[CONTENT])
    assert judged(resealed(files, content))
    bound = [
        path for path in places(content) if path[0] in {"commits", "before", "code", "as_of", "last_version", "ticket"}
    ]
    assert len(bound) > 150
    assert [path for path in bound if judged(resealed(files, with_other(content, path)))] == []


def test_any_changed_byte_of_the_file_is_found(signed: bytes, known: Known) -> None:
    """Every byte of the ZIP file in turn: refused, found, or all four files are what they were."""
    chance = random.Random(4)
    whole, refused = files_of(signed), 0
    for place in range(len(signed)):
        bad = bytearray(signed)
        bad[place] ^= chance.randrange(1, 256)
        if judged(bytes(bad), known):
            assert files_of(bytes(bad)) == whole, f"byte {place} changed what is shown, and nobody noticed"
        else:
            refused += 1
    assert refused > 0.9 * len(signed)


def _drop_a_commit(c: dict[str, Any]) -> None:
    del c["commits"][2]


def _drop_the_last(c: dict[str, Any]) -> None:
    last = max(i for i, entry in enumerate(c["commits"]) if "shown" in entry)
    entry = c["commits"][last]
    body = checker.sha(checker.canonical([*entry["header"], checker.facts_digest(entry)]))
    c["commits"][last] = {"seq": entry["seq"], "body": body}


def _swap_two(c: dict[str, Any]) -> None:
    c["commits"][1], c["commits"][2] = c["commits"][2], c["commits"][1]


def _relabel_the_columns(c: dict[str, Any]) -> None:
    names = c["columns"]["ticket_events"]
    on, due_on = names.index("on"), names.index("due_on")
    names[on], names[due_on] = names[due_on], names[on]


def _add_a_field(c: dict[str, Any]) -> None:
    c["commits"][0]["note"] = "well done"


TRICKS: list[Callable[[dict[str, Any]], None]] = [
    _drop_a_commit,
    _swap_two,
    _relabel_the_columns,
    _add_a_field,
]


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.__name__.strip("_"))
def test_a_trick_is_found_without_a_signature(campaign: Campaign, trick: Callable[[dict[str, Any]], None]) -> None:
    """Each keeps the canonical form, and needs no key."""
    files = files_of(campaign.proof(K1))
    content = json.loads(files[CONTENT])
    trick(content)
    assert not judged(resealed(files, content))


def test_holding_back_the_end_needs_a_signed_lie(campaign: Campaign, key: SigningKey, known: Known) -> None:
    """What no chain shows: the last event passed over as if it were another's; only a signature answers for it."""
    files = files_of(campaign.proof(K1))
    content = json.loads(files[CONTENT])
    _drop_the_last(content)
    assert not judged(resealed(files, content)), "the stated last version still speaks of it"
    content["last_version"] -= 1
    assert judged(resealed(files, content)), "unsigned, it cannot be told from a shorter history"
    with_signature = {**files, SIGNATURE: files_of(campaign.proof(K1, key=key))[SIGNATURE]}
    assert not judged(resealed(with_signature, content), known), "the old signature does not fit it"


def test_another_key_is_found(campaign: Campaign, known: Known) -> None:
    """A bundle that somebody else made and signed; where keys are asked for, one without a signature is none."""
    foreign = campaign.proof(K1, key=SigningKey.new())
    assert judged(foreign)
    assert not judged(foreign, known)
    assert not judged(campaign.proof(K1), known)


def test_a_signature_is_no_use_elsewhere(campaign: Campaign, signed: bytes, key: SigningKey, known: Known) -> None:
    """Neither on another ticket's bundle, nor taken away where the checkpoint is signed by the same key."""
    other, own = files_of(campaign.proof(TicketId("K2"), key=key)), files_of(signed)
    assert not judged(zipped({**other, SIGNATURE: own[SIGNATURE]}), known)


@pytest.mark.parametrize("name", [README, CHECKER])
def test_another_text_or_checker_is_found(signed: bytes, name: str, tmp_path: Path) -> None:
    """Even with a checker that would say yes to everything."""
    files = files_of(signed)
    files[name] = b"print('ok')\n"
    assert not judged(zipped(files))
    content = json.loads(files[CONTENT])
    content["files"][name] = hashlib.sha256(files[name]).hexdigest()
    if name == CHECKER:
        assert not judged(zipped({CONTENT: checker.canonical(content), README: files[README], CHECKER: files[CHECKER]}))


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"PK",
        b"no zip" * 100,
        zipped({}),
        zipped({CONTENT: b"{}", README: b"", CHECKER: b""}),
        zipped({CONTENT: b"[1, 2]", README: b"", CHECKER: b""}),
        zipped({CONTENT: b"\xff\xfe", README: b"", CHECKER: b""}),
        zipped({CONTENT: b"[" * 100_000, README: b"", CHECKER: b""}),
        zipped({CONTENT: b"{}", README: b"", CHECKER: b"", "../evil": b""}),
    ],
)
def test_what_is_no_bundle_is_refused(bad: bytes) -> None:
    """With our own error, whatever it is."""
    with pytest.raises(BundleError):
        verify_bundle(bad, file="b.zip")


def test_a_bomb_is_refused_from_the_directory() -> None:
    """A hundred megabytes of blanks in a hundred kilobytes."""
    out = BytesIO()
    with ZipFile(out, "w", 8) as archive:
        for name in (CONTENT, README, CHECKER):
            archive.writestr(name, b" " * 40_000_000)
    with pytest.raises(BundleError):
        verify_bundle(out.getvalue(), file="b.zip")


def test_both_checkers_agree_on_spoilt_bundles(signed: bytes, content: dict[str, Any], tmp_path: Path) -> None:
    """Thirty values at random: what ours refuses, the one that lies in the bundle refuses too."""
    chance, files = random.Random(30), files_of(signed)
    for path in chance.sample([p for p in places(content) if p[0] != "columns"], 30):
        assert said_by_itself(resealed(files, with_other(content, path)), tmp_path) in {1, 2}


def test_packing_is_plain(content: dict[str, Any]) -> None:
    """Without a key there is no signature file, and no checkpoint is made up."""
    bare = {k: v for k, v in content.items() if k not in {"format", "checkpoint", "files"}}
    files = files_of(packed(bare, checkpoint=None, key=None, at=AT))
    assert json.loads(files[CONTENT])["checkpoint"] is None
    assert SIGNATURE not in files
