"""Streets on which Hypothesis may live any history."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

import zoufang_huangtun
from zoufang.builtin import core
from zoufang.campaign import Campaign
from zoufang.intake import load_plan
from zoufang.sdk import Plugins
from zoufang.testing import KeyedStores, Player, SetClock, counted_salts

PLUGINS = Plugins.of(core, KeyedStores(), zoufang_huangtun)


@pytest.fixture(scope="session")
def new_player() -> Callable[[], object]:
    """Makes a street in memory, with the street's own plugin, in the hands of a player."""

    @contextmanager
    def make() -> Iterator[Player]:
        clock = SetClock(load_plan("huangtun-2023"))
        campaign = Campaign.create(
            "huangtun-2023", "keyed-memory://", plugins=PLUGINS, clock=clock, salt=counted_salts()
        )
        try:
            yield Player([campaign], clock)
        finally:
            campaign.close_ledger()

    return make
