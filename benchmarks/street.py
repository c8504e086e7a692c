"""A made-up street for benchmarks: plain, regular, the same each time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from random import Random

from zoufang import Campaign, Plugins, core, load_plan
from zoufang.ledger import Draft
from zoufang.model import (
    Actor,
    Area,
    AreaLevel,
    CampaignPlan,
    Channel,
    Event,
    Finding,
    FindingKind,
    Outcome,
    Person,
    Remedy,
    Role,
    Roster,
    Step,
    Target,
    Visit,
)
from zoufang.typing import AreaId, KindId, PersonId, TargetId, TicketId, TopicId, UnitId, VisitId

PLAN: CampaignPlan = load_plan("huangtun-2023")
EVENING = datetime(2023, 6, 12, 12, tzinfo=UTC)
IN_TIME = datetime(2023, 4, 30, 12, tzinfo=UTC)
"""The last evening on which visits are not entered late, so that none is marked."""
FIRST_ON = date(2023, 3, 1)
COMMUNITIES = tuple(f"C{c:02d}" for c in range(1, 11))
GRIDS = tuple(f"{community}-G{g}" for community in COMMUNITIES for g in range(10))
KINDS = ("household",) * 12 + ("pupil_family", "shop", "enterprise", "building_firm", "building_site")
OUTCOMES = (Outcome.MET,) * 8 + (Outcome.ABSENT, Outcome.REFUSED)
EVERY = 5
"""Of so many visits that reached a person, one hears a demand."""


def clock() -> datetime:
    """Return an evening after the campaign."""
    return EVENING


def roster(n: int) -> Roster:
    """Return so many targets of all kinds in ten communities, with their visitors."""
    street = AreaId(PLAN.street.code)
    areas = [Area(AreaId(c), f"{c} 社区", AreaLevel.COMMUNITY, street) for c in COMMUNITIES]
    areas += [Area(AreaId(g), f"{g} 网格", AreaLevel.GRID, AreaId(g.partition("-")[0])) for g in GRIDS]
    people = [Person(PersonId(f"P-{c}"), UnitId(c), Role.GRID_WORKER, AreaId(c), 30) for c in COMMUNITIES]
    people.append(Person(PersonId("P-office"), UnitId("wangge"), Role.OFFICE))
    places = islice(zip(cycle(KINDS), cycle(GRIDS), strict=False), n)
    targets = [
        Target(TargetId(f"T-{i:07d}"), KindId(kind), AreaId(grid), FIRST_ON) for i, (kind, grid) in enumerate(places)
    ]
    return Roster(areas=tuple(areas), people=tuple(people), targets=tuple(targets))


def visits(targets: tuple[Target, ...], n: int) -> list[Visit]:
    """Return so many visits, the targets in turn, all twelve fields filled."""
    chance = Random(2023)
    messages = tuple(message.id for message in PLAN.messages[:3])
    made: list[Visit] = []
    for i, target in enumerate(islice(cycle(targets), n)):
        community = target.area_id.partition("-")[0]
        outcome = chance.choice(OUTCOMES)
        made.append(
            Visit(
                id=VisitId(f"ZF-{community}-{i:07d}"),
                target_id=target.id,
                on=FIRST_ON + timedelta(days=chance.randrange(60)),
                channel=Channel.DOOR,
                outcome=outcome,
                visitor_id=PersonId(f"P-{community}"),
                unit_id=UnitId(community),
                minute=chance.randrange(480, 1200),
                minutes=chance.randrange(5, 40),
                no_demand=outcome is Outcome.MET and bool(i % EVERY),
                made_known=messages if outcome is Outcome.MET else (),
            )
        )
    return made


def findings(made: list[Visit]) -> list[Finding]:
    """Return one demand for each visit that reached a person who did not say that there is nothing."""
    topics = cycle(topic.id for topic in PLAN.topics)
    return [
        Finding(visit.id, 1, FindingKind.DEMAND, TopicId(next(topics)), said="路灯不亮。")
        for visit in made
        if visit.outcome is Outcome.MET and not visit.no_demand
    ]


def url(path: Path) -> str:
    """Return the URL of a ledger's file."""
    return f"sqlite:///{path}"


@contextmanager
def opened(path: Path, at: datetime = EVENING) -> Iterator[Campaign]:
    """Open the campaign in a file at some time, and let go of it."""
    campaign = Campaign.open(url(path), plugins=Plugins.of(core), clock=lambda: at)
    with closing(campaign.ledger):
        yield campaign


def registered(path: Path, people_and_targets: Roster) -> Path:
    """Begin a campaign in a new file with a roster, and let go of it."""
    campaign = Campaign.create("huangtun-2023", url(path), plugins=Plugins.of(core), clock=clock)
    with closing(campaign.ledger):
        campaign.register(people_and_targets)
    return path


def worked(path: Path, n: int) -> Path:
    """Make the ledger of a campaign that is over: so many targets, half as many visits again, their tickets handled."""
    everything = roster(n)
    registered(path, everything)
    made = visits(everything.targets, n + n // 2)
    with opened(path) as campaign:
        campaign.record(made, findings(made))
        campaign.route(on=date(2023, 5, 2))
        campaign.reply(_handling(campaign))
    return path


def _handling(campaign: Campaign) -> Iterator[tuple[Event, Step]]:
    """Yield what happens to the tickets: of ten one waits, one is explained, two stay open after the answer."""
    on = date(2023, 5, 5)
    for i, ticket_id in enumerate(sorted(campaign.ids("tickets"))):
        if i % 10 == 0:
            continue
        ticket = TicketId(ticket_id)
        handled = (
            Step(ticket, on, remedy=Remedy.EXPLAINED, reason=next(iter(PLAN.reasons)))
            if i % 10 == 1
            else Step(ticket, on, remedy=Remedy.RESOLVED)
        )
        yield Event.ACCEPT, Step(ticket, on)
        yield Event.HANDLE, handled
        yield Event.FEED_BACK, Step(ticket, on)
        if i % 10 > 3:
            yield Event.APPLY, Step(ticket, on, person_id=PersonId("P-C01"))
            yield Event.CLOSE, Step(ticket, on, person_id=PersonId("P-office"))


def small(key: str) -> Draft:
    """Return a change with one row: to which common problem a ticket belongs."""
    office = Actor(id="office", role=Role.OFFICE)
    return Draft(verb="link", actor=office, at=EVENING, facts={"problem_links": [(key, "P-1", "2023-06-12")]})
