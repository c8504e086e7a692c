"""A small ledger whose commits hold one ticket each, a signing key, and the plan's text."""

from __future__ import annotations

from pathlib import Path

import pytest

from zoufang.builtin import core
from zoufang.campaign import Campaign
from zoufang.model import Remedy, Source, Step, Ticket
from zoufang.proof import PublicKey, SigningKey
from zoufang.sdk import Plugins
from zoufang.testing import SetClock, counted_salts, little_roster
from zoufang.typing import PersonId, TicketId, TopicId, UnitId

SAID = "楼下的路灯坏了三天"


def step(campaign: Campaign, ticket_id: str, key: str = "2", remedy: Remedy | None = None) -> Step:
    """Return a step of the construction office on the campaign's day."""
    person = PersonId("P-wangge-1" if key == "office" else f"P-jianshe-{key}")
    return Step(TicketId(ticket_id), campaign.today, UnitId("jianshe"), person, remedy, note="已修好" if remedy else "")


def filled(url: str) -> Campaign:
    """Return a campaign of three calls, each recorded alone: K1 is closed, K2 is accepted, K3 waits."""
    clock: SetClock
    campaign = Campaign.create("huangtun-2023", url, plugins=Plugins.of(core), salt=counted_salts())
    clock = SetClock(campaign.plan)
    campaign = campaign.acting(campaign._desk.actor, clock=clock)
    campaign.register(little_roster(campaign.plan))
    for name in ("K1", "K2", "K3"):
        call = Ticket(TicketId(name), Source.CALL, name, campaign.today, TopicId("roads"), said=SAID)
        campaign.raise_tickets([call])
    for name in ("K1", "K2"):
        campaign.assign(TicketId(name), UnitId("jianshe"))
        campaign.accept([step(campaign, name)])
    campaign.handle([step(campaign, "K1", remedy=Remedy.RESOLVED)])
    campaign.feed_back([step(campaign, "K1")])
    campaign.apply([step(campaign, "K1")])
    campaign.close([step(campaign, "K1", "office")])
    clock.pass_days(7)
    campaign.dispatch()
    return campaign


@pytest.fixture(scope="session")
def ledger_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a small ledger, closed; copy it before you spoil it."""
    path = tmp_path_factory.mktemp("proof") / "ledger.sqlite"
    filled(f"sqlite:///{path}").close_ledger()
    return path


@pytest.fixture(scope="session")
def campaign() -> Campaign:
    """The same campaign in memory; only read it and ask it for proof, which adds commits that say so."""
    return filled("memory://")


@pytest.fixture(scope="session")
def key() -> SigningKey:
    """A signing key."""
    return SigningKey.new()


@pytest.fixture(scope="session")
def known(key: SigningKey) -> dict[str, PublicKey]:
    """Its public half, by its id."""
    return {key.public.id: key.public}
