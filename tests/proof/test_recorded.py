"""Who may give proof to those outside, and that nobody does so unseen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from zoufang.campaign import Campaign
from zoufang.errors import LockedError, NotAllowedError, OutOfReachError, UnknownIdError, ZoufangError
from zoufang.ledger import MASTER
from zoufang.model import Actor, Role
from zoufang.proof.bundles import CONTENT
from zoufang.typing import TicketId

from .conftest import filled
from .test_tickets import files_of, judged

K1 = TicketId("K1")
HANDLER = Actor(id="P-jianshe-2", role=Role.HANDLER)
AUDITOR = Actor(id="somebody", role=Role.AUDITOR)
LEADER = Actor(id="secretary", role=Role.LEADER)


def given_out(campaign: Campaign) -> list[tuple[object, ...]]:
    """Return every row about a proof with who gave it: role, what, how many, what for."""
    c = campaign.ledger.tables.commits
    reads, lookups = campaign.ledger.tables.ticket_reads, campaign.ledger.tables.lookups
    found = [
        *campaign.ledger.select(
            sa.select(c.c.seq, c.c.role, reads.c.ticket_id, sa.literal(1), reads.c.purpose)
            .join(reads, reads.c.commit_seq == c.c.seq)
            .where(c.c.verb == "prove")
        ),
        *campaign.ledger.select(
            sa.select(c.c.seq, c.c.role, lookups.c.by, lookups.c.n_found, lookups.c.purpose)
            .join(lookups, lookups.c.commit_seq == c.c.seq)
            .where(c.c.verb == "prove")
        ),
    ]
    return [tuple(row[1:]) for row in sorted(found)]


def test_each_proof_is_recorded_with_what_it_is_of_and_what_for() -> None:
    """A ticket, a figure over its three cases, and one case of it opened: three commits, by the role that asked."""
    campaign = filled("memory://").acting(LEADER)
    campaign.proof(K1, purpose="答复审计")
    figure = campaign.proof_of("rectified", purpose="公开")
    campaign.slip(figure, "K2", purpose="本人要求")
    assert given_out(campaign) == [
        ("leader", "K1", 1, "答复审计"),
        ("leader", "figure:rectified", 3, "公开"),
        ("leader", "slip:K2", 1, "本人要求"),
    ]
    assert campaign.verify().ok


def test_a_proof_ends_where_the_ledger_stood_before_it() -> None:
    """The code of the last printed page and that of the bundle are the same; its own record comes after."""
    campaign = filled("memory://")
    before = campaign.head
    bundles = [campaign.proof(K1)]
    assert campaign.head.seq == before.seq + 1
    then = campaign.head
    bundles.append(campaign.proof_of("rectified"))
    assert [json.loads(files_of(one)[CONTENT])["code"] for one in bundles] == [before.code, then.code]
    assert all(judged(one) for one in bundles)


@pytest.mark.parametrize("actor", [HANDLER, AUDITOR], ids=lambda actor: str(actor.role))
def test_only_the_office_and_the_leader_give_proof(campaign: Campaign, actor: Actor) -> None:
    """Neither whoever handles the ticket nor an auditor, who checks what others give; nothing is recorded."""
    figure, before = campaign.proof_of("rectified"), campaign.head
    own = campaign.acting(actor)
    for ask in (lambda: own.proof(K1), lambda: own.proof_of("rectified"), lambda: own.slip(figure, "K1")):
        with pytest.raises(NotAllowedError) as refused:
            ask()
        assert (refused.value.verb, refused.value.allowed) == ("prove", ("leader", "office"))
        assert not isinstance(refused.value, OutOfReachError)
    assert campaign.head == before


def test_what_cannot_be_proved_is_not_recorded(campaign: Campaign) -> None:
    """An unknown ticket, figure and case."""
    figure, before = campaign.proof_of("rectified"), campaign.head
    for ask in (
        lambda: campaign.proof(TicketId("nobody")),
        lambda: campaign.proof_of("no such"),
        lambda: campaign.slip(figure, "nobody"),
    ):
        with pytest.raises(UnknownIdError):
            ask()
    assert campaign.head == before


def test_a_proof_that_cannot_be_recorded_is_not_handed_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An encrypted ledger without its master key."""
    url = f"sqlite:///{tmp_path / 'l.sqlite'}"
    monkeypatch.setenv(MASTER, "5a" * 32)
    filled(url).close_ledger()
    monkeypatch.delenv(MASTER)
    campaign = Campaign.open(url, masked=True)
    before = campaign.head
    for ask in (lambda: campaign.proof(K1), lambda: campaign.proof_of("rectified")):
        with pytest.raises(ZoufangError) as refused:
            ask()
        assert isinstance(refused.value, LockedError)
    assert campaign.head == before
    campaign.close_ledger()
