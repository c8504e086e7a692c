from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from faultmakers.changes import HOST

from zoufang.builtin import core
from zoufang.campaign import Campaign
from zoufang.errors import PluginCallError, PluginReturnError
from zoufang.intake import load_plan
from zoufang.model import Source, Status, Ticket
from zoufang.sdk import Plugins, TicketRouter, hookimpl
from zoufang.testing import SetClock, little_roster
from zoufang.typing import TicketId, TopicId

CLOCK = SetClock(load_plan("huangtun-2023"))


class Rogue:
    """A plugin whose router behaves badly, once it has answered for a few tickets."""

    zoufang_api = "1"
    zoufang_name = "rogue"

    def __init__(self, behave: Any) -> None:
        self.behave = behave

    @hookimpl
    def zoufang_ticket_routers(self) -> list[TicketRouter]:
        """Answer with the router."""
        return [TicketRouter("rogue", lambda tickets, _: self.behave(tickets))]


def raises(tickets: Any) -> Iterator[Any]:
    """Fail in mid-batch."""
    del tickets
    yield from ()
    raise KeyError("张三丰13800000000")


def leaves(_tickets: Any) -> Any:
    """Try to end the program."""
    raise SystemExit(0)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A campaign with three tickets that wait to be routed."""
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    campaign = Campaign.create("huangtun-2023", url, plugins=HOST, clock=CLOCK)
    campaign.register(little_roster(campaign.plan))
    campaign.raise_tickets(
        [Ticket(TicketId(f"K{n}"), Source.CALL, f"K{n}", campaign.today, TopicId("roads")) for n in range(3)]
    )
    campaign.close_ledger()
    return url


@pytest.mark.parametrize("behave", [raises, lambda _: 7, lambda _: [object()], lambda _: None])
def test_a_plugin_that_decides_and_fails_takes_its_whole_batch_back(behave: Any, url: str) -> None:
    """Our own error names the plugin and repeats none of its words; nothing was routed; without it all is."""
    campaign = Campaign.open(url, plugins=Plugins.of(core, Rogue(behave)), clock=CLOCK)
    head = campaign.head
    with pytest.raises((PluginCallError, PluginReturnError)) as told:
        campaign.route()
    assert told.value.plugin == "rogue"
    assert "张三丰" not in str(told.value) + told.value.said_in("zh")
    assert campaign.head == head
    assert campaign.verify().ok
    campaign.close_ledger()
    good = Campaign.open(url, plugins=HOST, clock=CLOCK)
    good.route()
    heads = good.heads([TicketId(f"K{n}") for n in range(3)])
    assert {one.status for one in heads.values()} == {Status.ROUTED}
    good.close_ledger()


def test_a_plugin_that_ends_the_program_leaves_no_half_batch(url: str) -> None:
    """The program may end; the ledger stands where it stood."""
    campaign = Campaign.open(url, plugins=Plugins.of(core, Rogue(leaves)), clock=CLOCK)
    head = campaign.head
    with pytest.raises((SystemExit, PluginCallError)):
        campaign.route()
    assert campaign.head == head
    assert campaign.verify().ok
    campaign.close_ledger()
