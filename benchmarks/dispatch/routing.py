"""Claims through the plugins' host, against plain loops that build the same claims."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle

from benchmarks.harness import Pair, Side, compared
from benchmarks.street import COMMUNITIES, FIRST_ON, KINDS, PLAN, roster
from zoufang import Plugins, core
from zoufang.campaign.register import street_area
from zoufang.model import AreaTree, Claim, Part, Source, Target, Ticket
from zoufang.rules import Claimed, lines_for
from zoufang.sdk import CampaignView, KnownTarget
from zoufang.typing import AreaId, KindId, TicketId, UnitId


def _agree(claimed: list[Claimed], claims: list[Claim]) -> bool:
    return [one.claim for one in claimed] == claims


@contextmanager
def _targets(n: int) -> Iterator[Pair]:
    made = roster(n)
    view = CampaignView(plan=PLAN, areas=AreaTree([street_area(PLAN), *made.areas]), targets={})
    host = Plugins.of(core)
    matrix = {
        (kind, community): lines_for(PLAN, KindId(kind), AreaId(community))
        for kind in KINDS
        for community in COMMUNITIES
    }
    community_of = {area.id: area.id.partition("-")[0] for area in made.areas}

    def plain(_: object) -> list[Claim]:
        claims = []
        for target in made.targets:
            for unit, part, rule, reason, duty_id in matrix[target.kind, community_of[target.area_id]]:
                claims.append(Claim(target.id, unit, part, rule, reason, duty_id))
        return claims

    yield Pair(ours=Side(lambda _: host.claim_targets(made.targets, view)), baseline=Side(plain), agree=_agree)


def _tickets_of(targets: Sequence[Target]) -> list[Ticket]:
    return [
        Ticket(TicketId(f"{t.id}-1"), Source.CALL, t.id, FIRST_ON, topic.id, t.area_id, t.id)
        for t, topic in zip(targets, cycle(PLAN.topics), strict=False)
    ]


@contextmanager
def _tickets(n: int) -> Iterator[Pair]:
    made = roster(n)
    tickets = _tickets_of(made.targets)
    areas = AreaTree([street_area(PLAN), *made.areas])
    leads = {t.id: UnitId(t.area_id.partition("-")[0]) for t in made.targets}
    known = {t.id: KnownTarget(kind=t.kind, area_id=t.area_id, tags=(), lead=leads[t.id]) for t in made.targets}
    view = CampaignView(plan=PLAN, areas=areas, targets=known)
    host = Plugins.of(core)
    local = {unit.id for unit in PLAN.units if unit.per_community}
    unit_of = {topic.id: topic.unit for topic in PLAN.topics}

    def plain(_: object) -> list[Claim]:
        claims = []
        for ticket in tickets:
            here = UnitId(str(ticket.area_id).partition("-")[0])
            unit = unit_of[ticket.topic_id]
            if unit is None and ticket.target_id is not None:
                lead, rule = leads[ticket.target_id], "own"
            else:
                lead, rule = here if unit is None or unit in local else unit, f"topic:{ticket.topic_id}"
            claims.append(Claim(ticket.id, lead, Part.LEAD, rule, f"topic {ticket.topic_id}"))
            if here != lead:
                claims.append(Claim(ticket.id, here, Part.CO, "area", "where it is"))
        return claims

    yield Pair(ours=Side(lambda _: host.claim_tickets(tickets, view)), baseline=Side(plain), agree=_agree)


BASELINE = "a plain Python loop that builds the same claims"
TARGETS = compared("dispatch/route-targets", BASELINE, "<= 2", n=100_000, quick=10_000, make=_targets)
TICKETS = compared("dispatch/route-tickets", BASELINE, "<= 2", n=100_000, quick=10_000, make=_tickets)
