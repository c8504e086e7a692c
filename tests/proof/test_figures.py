"""A figure's bundle: anybody counts it again, each person finds their own case, nobody finds another's."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from zoufang.analysis import METRICS, Window
from zoufang.campaign import Campaign
from zoufang.errors import BundleError, NotInChainError, UnknownIdError
from zoufang.ledger import SqlLedger
from zoufang.proof import PublicKey, SigningKey, checker, figure_bundle, sign_checkpoint, slip, verify_bundle
from zoufang.proof.bundles import CONTENT, README, SIGNATURE
from zoufang.typing import TicketId

from .test_tickets import files_of, places, resealed, said_by_itself, with_other, zipped

AT = datetime(2023, 3, 6, 1, 2, 3, tzinfo=UTC)
Known = dict[str, PublicKey]


@pytest.fixture(scope="session")
def figure(campaign: Campaign, key: SigningKey) -> bytes:
    """Tickets fed back, by unit, as of now: one of three."""
    return campaign.proof_of("rectified", by=("unit_id",), key=key)


def judged(bundle: bytes, known: Known | None = None, paper: str | None = None) -> bool:
    """Say whether a bundle is in order; one that cannot be read is not."""
    try:
        return verify_bundle(bundle, file="f.zip", keys=known, slip=None if paper is None else paper.encode()).ok
    except BundleError:
        return False


def test_the_figure_is_what_the_database_says(ledger_file: Path, key: SigningKey, known: Known) -> None:
    """Three calls, of which one was fed back: counted by plain SQL over the last event of each ticket."""
    with closing(sqlite3.connect(ledger_file)) as raw:
        last = raw.execute(
            "SELECT ticket_id, status, unit_id, max(version) FROM ticket_events GROUP BY ticket_id"
        ).fetchall()
    answered = [row for row in last if row[1] in {"fed_back", "applied", "closed"}]
    assert [row[0] for row in answered] == ["K1"]
    ledger = SqlLedger.open(f"sqlite:///{ledger_file}")
    bundle = figure_bundle(ledger, METRICS["rectified"], Window(), key=key, at=AT, salt=lambda: "5a", by=("unit_id",))
    ledger.close()
    content = json.loads(files_of(bundle)[CONTENT])
    assert (content["n"], content["of"]) == (1, 3)
    assert content["groups"] == [[None, 0, 1], ["jianshe", 1, 2]]
    assert judged(bundle, known)


def test_it_is_in_order_without_our_program(figure: bytes, tmp_path: Path) -> None:
    """The checker inside says the same."""
    assert said_by_itself(figure, tmp_path) == 0


def test_it_names_nobody(figure: bytes, campaign: Campaign) -> None:
    """No ticket, target, visit or person; a case is a digest."""
    text = files_of(figure)[CONTENT].decode()
    for what in ("tickets", "targets", "visits", "people"):
        assert [one for one in campaign.ids(what) if f'"{one}"' in text] == []  # type: ignore[arg-type]
    for guess in ("K1", "K2", "K3"):
        assert hashlib.sha256(guess.encode()).hexdigest() not in text


def test_two_bundles_cannot_be_laid_side_by_side(campaign: Campaign, key: SigningKey) -> None:
    """The same case has another pseudonym in each."""
    cases = [
        {case[0] for case in json.loads(files_of(campaign.proof_of("rectified", key=key))[CONTENT])["cases"]}
        for _ in range(2)
    ]
    assert len(cases[0]) == len(cases[1]) == 3
    assert not cases[0] & cases[1]


def test_a_person_finds_their_own_case(campaign: Campaign, figure: bytes, known: Known, tmp_path: Path) -> None:
    """And how it was counted; the slip, opened by hand, is the digest that stands in the list."""
    for case, counted in (("K1", 1), ("K2", 0)):
        paper = campaign.slip(figure, case)
        assert judged(figure, known, paper)
        opened = json.loads(paper)
        name = hashlib.sha256(json.dumps([opened["opening"], case], separators=(",", ":")).encode()).hexdigest()
        cases = json.loads(files_of(figure)[CONTENT])["cases"]
        assert [c[1] for c in cases if c[0] == name] == [counted]
        verdict = verify_bundle(figure, file="f", slip=paper.encode())
        assert ("未计入分子" in verdict.findings[-3].text.zh) is (counted == 0)


def test_a_slip_is_good_for_nothing_else(campaign: Campaign, figure: bytes) -> None:
    """Not for another case, another bundle, or with another opening."""
    paper = json.loads(campaign.slip(figure, "K1"))
    again = campaign.proof_of("rectified")
    assert not judged(again, None, json.dumps(paper))
    for name in ("case", "opening", "figure"):
        assert not judged(figure, None, json.dumps({**paper, name: "K2" if name == "case" else "0" * 32}))
    for bad in ("{}", "[]", "null", "x"):
        assert not judged(figure, None, bad)
    with pytest.raises(UnknownIdError):
        campaign.slip(figure, "nobody")
    with pytest.raises(BundleError):
        campaign.slip(campaign.proof(TicketId("K1")), "K1")
    with pytest.raises(BundleError):
        slip(SqlLedgerElsewhere().ledger, figure, "K1", file="f")


class SqlLedgerElsewhere:
    """A ledger that the bundle was not made from."""

    def __init__(self) -> None:
        self.ledger = SqlLedger.create("sqlite://")


def test_any_changed_value_is_found(figure: bytes, known: Known) -> None:
    """Every single value of a signed figure in turn."""
    files = files_of(figure)
    content = json.loads(files[CONTENT])
    found = list(places(content))
    assert len(found) > 40
    assert [path for path in found if judged(resealed(files, with_other(content, path)), known)] == []


def _hit_twice(c: dict[str, Any]) -> None:
    c["cases"][0][1] = 2


def _one_more(c: dict[str, Any]) -> None:
    c["n"] += 1


def _a_case_twice(c: dict[str, Any]) -> None:
    c["cases"].insert(0, c["cases"][0])
    c["of"] += 1


def _another_group(c: dict[str, Any]) -> None:
    c["groups"][0][-2], c["groups"][1][-2] = c["groups"][1][-2], c["groups"][0][-2]


def _an_empty_group(c: dict[str, Any]) -> None:
    c["groups"].append(["zhifa", 0, 0])


@pytest.mark.parametrize("trick", [_hit_twice, _one_more, _a_case_twice, _another_group, _an_empty_group])
def test_a_list_that_does_not_add_up_is_found_without_a_signature(campaign: Campaign, trick: Any) -> None:
    """Numerator, denominator, groups and cases say the same, or the bundle is refused."""
    files = files_of(campaign.proof_of("rectified", by=("unit_id",)))
    content = json.loads(files[CONTENT])
    assert judged(resealed(files, content))
    trick(content)
    assert not judged(resealed(files, content))


def test_what_only_a_signature_answers_for(campaign: Campaign, figure: bytes, known: Known) -> None:
    """A list that was made up adds up; it is the signature that somebody stands for."""
    files = files_of(figure)
    content = json.loads(files[CONTENT])
    content["cases"] = [[case[0], 1, case[2]] for case in content["cases"]]
    content["n"], content["groups"] = 3, [[None, 1, 1], ["jianshe", 2, 2]]
    bare = {name: data for name, data in files.items() if name != SIGNATURE}
    assert not judged(resealed(files, content), known)
    assert judged(resealed(bare, content)), "without a signature nobody stands for it; the README says so"
    assert not judged(resealed(bare, content), known)
    assert "不能证明：清单是全的" in files[README].decode()
    assert not judged(zipped({**bare, SIGNATURE: b"{}"}))


def test_a_figure_of_a_week_is_that_of_its_dispatch(campaign: Campaign, key: SigningKey) -> None:
    """Bound to the dispatch's own commit, so that its code stands on the printed page."""
    content = json.loads(files_of(campaign.proof_of("received", week=1, key=key))[CONTENT])
    assert content["code"] == campaign.report(1).checkpoint
    assert (content["n"], content["of"]) == (3, 3)
    with pytest.raises(UnknownIdError):
        campaign.proof_of("received", week=2)
    with pytest.raises(UnknownIdError):
        campaign.proof_of("no such metric")
    with pytest.raises(UnknownIdError):
        campaign.proof_of("rectified", by=("person_id",))
    with pytest.raises(NotInChainError):
        campaign.proof_of("received", week=1, checkpoint=sign_checkpoint(campaign.ledger, key, AT))


def test_a_figure_without_a_case(campaign: Campaign, key: SigningKey, known: Known) -> None:
    """0 of 0 is in order too."""
    bundle = campaign.proof_of("solved", by=("unit_id",), key=key)
    content = json.loads(files_of(bundle)[CONTENT])
    assert (content["n"], content["of"], content["groups"], content["cases"]) == (0, 0, [], [])
    assert judged(bundle, known)
    content["groups"] = [["jianshe", 0, 0]]
    assert not checker.tally(content)[1][0], "a group without a case is made up"
