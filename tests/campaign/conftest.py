"""A little street of Huangtun with a clock that stands still until it is moved on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from attrs import evolve

import zoufang_huangtun
from zoufang.builtin import core
from zoufang.campaign import Campaign, Done
from zoufang.errors import ZoufangError
from zoufang.intake import load_plan
from zoufang.model import (
    Actor,
    Channel,
    Event,
    Finding,
    FindingKind,
    Outcome,
    Remedy,
    Role,
    Source,
    Status,
    Step,
    Ticket,
    Visit,
)
from zoufang.sdk import Plugins
from zoufang.testing import KeyedStores, SetClock, counted_salts, little_roster
from zoufang.typing import AreaId, PersonId, TargetId, TicketId, TopicId, UnitId, VisitId

PLUGINS = Plugins.of(core, KeyedStores(), zoufang_huangtun)


class Street:
    """A campaign with short words for what happens in it; each is one ordinary verb."""

    def __init__(self, campaign: Campaign, clock: SetClock) -> None:
        self.campaign = campaign
        self.clock = clock

    @property
    def today(self) -> date:
        """The day in the street."""
        return self.campaign.today

    def visit(self, visit_id: str, target_id: str = "T-household-1", **more: Any) -> Visit:
        """Return a visit of today to somebody who was met, by C01's grid worker."""
        whole: dict[str, Any] = {
            "id": VisitId(visit_id),
            "target_id": TargetId(target_id),
            "on": self.today,
            "channel": Channel.DOOR,
            "outcome": Outcome.MET,
            "visitor_id": PersonId("P-C01-2"),
            "unit_id": UnitId("C01"),
            **more,
        }
        return Visit(**whole)

    def demand(self, visit_id: str, n: int = 1, topic: str = "roads", **more: Any) -> Finding:
        """Return a demand that was heard on a visit."""
        return Finding(VisitId(visit_id), n, FindingKind.DEMAND, TopicId(topic), **more)

    def call(self, ticket_id: str, topic: str = "roads", area: str | None = "C01-G1", **more: Any) -> Ticket:
        """Return a call of today."""
        place = None if area is None else AreaId(area)
        return Ticket(TicketId(ticket_id), Source.CALL, ticket_id, self.today, TopicId(topic), place, **more)

    def step(self, ticket_id: str, key: int = 2, **more: Any) -> Step:
        """Return a step of today by the grid office's first or second person."""
        more.setdefault("on", self.today)
        return Step(ticket_id=TicketId(ticket_id), person_id=PersonId(f"P-wangge-{key}"), **more)

    def to(self, ticket_id: str, status: Status) -> None:
        """Bring a routed ticket up to a status, resolved on the way."""
        way = (Event.ACCEPT, Event.HANDLE, Event.FEED_BACK, Event.APPLY, Event.CLOSE)
        ends = (Status.ACCEPTED, Status.HANDLED, Status.FED_BACK, Status.APPLIED, Status.CLOSED)
        for event, end in zip(way, ends, strict=True):
            remedy = Remedy.RESOLVED if event is Event.HANDLE else None
            key = 1 if event is Event.CLOSE else 2
            self.campaign.reply([(event, self.step(ticket_id, key, remedy=remedy))])
            if end is status:
                return

    def status(self, ticket_id: str) -> Status:
        """Return where a ticket stands."""
        return self.campaign.heads([TicketId(ticket_id)])[TicketId(ticket_id)].status

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        """Return some columns of a fact table, in the order of recording."""
        t = self.campaign.ledger.tables.by_name[table]
        return self.campaign.ledger.select(sa.select(*(t.c[c] for c in columns)).order_by(t.c.commit_seq, t.c.ord))

    def refuses(self, error: type[ZoufangError], verb: Callable[[], Done | object]) -> Any:
        """Check that a verb is refused, that nothing at all was recorded, and that the sentence can be said."""
        before = self.campaign.head
        with pytest.raises(error) as refused:
            verb()
        assert self.campaign.head == before
        assert self.campaign.verify().ok
        for said in (refused.value.said_in("zh"), refused.value.said_in("en")):
            assert said
            assert "{" not in said
        return refused.value


@pytest.fixture(params=["memory", "sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Both ledgers of the core, with a known key."""
    return "keyed-memory://" if request.param == "memory" else f"keyed-sqlite:///{tmp_path / 'ledger.sqlite'}"


@pytest.fixture
def new_street() -> Iterator[Callable[..., Street]]:
    """Makes streets: a campaign on a URL, with the little roster registered."""
    with ExitStack() as stack:

        def make(
            url: str = "keyed-memory://",
            *,
            register: bool = True,
            plugins: Plugins = PLUGINS,
            plan: str | Path = "huangtun-2023",
        ) -> Street:
            clock = SetClock(load_plan("huangtun-2023"))
            campaign = Campaign.create(plan, url, plugins=plugins, clock=clock, salt=counted_salts())
            stack.callback(campaign.close_ledger)
            if register:
                campaign.register(little_roster(campaign.plan))
            return Street(campaign, clock)

        yield make


@pytest.fixture
def street(new_street: Callable[..., Street], url: str) -> Street:
    """A street that is registered and on which nobody was visited yet: Monday 27 February 2023."""
    return new_street(url)


@pytest.fixture
def acting() -> Callable[[Street, Role], Campaign]:
    """The same campaign in the hands of somebody with another role."""
    return lambda street, role: street.campaign.acting(evolve(Actor(id="P9", role=role)))
