"""Hosts with a table of their own, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from zoufang.builtin import core
from zoufang.campaign import Campaign
from zoufang.intake import load_plan
from zoufang.ledger import begin_explicitly
from zoufang.sdk import Plugins
from zoufang.testing import SetClock, counted_salts, little_roster

CORE = Plugins.of(core)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def host_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a host's database, with one table of its own."""
    sqlite = f"sqlite:///{tmp_path / 'host.sqlite'}"
    url: str = sqlite if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE letters (id INTEGER PRIMARY KEY)")
    engine.dispose()
    return url


@pytest.fixture
def host(host_url: str) -> Iterator[sa.Engine]:
    """The host's own engine, whose transactions begin with BEGIN."""
    engine = begin_explicitly(sa.create_engine(host_url))
    yield engine
    engine.dispose()


@pytest.fixture
def begin() -> Callable[..., Campaign]:
    """Begins a campaign somewhere, and registers the little roster."""

    def make(place: object, plugins: Plugins = CORE) -> Campaign:
        clock = SetClock(load_plan("huangtun-2023"))
        campaign = Campaign.create("huangtun-2023", place, plugins=plugins, clock=clock, salt=counted_salts())  # type: ignore[arg-type] # one of the four
        campaign.register(little_roster(campaign.plan))
        return campaign

    return make
