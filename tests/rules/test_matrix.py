"""The responsibility matrix of Huangtun (二): who answers for whom, clause by clause."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoufang.intake import load_plan
from zoufang.model import AreaTree, CampaignPlan, Part, Source, Target, Ticket
from zoufang.rules import claim_targets, claim_tickets, lines_for
from zoufang.testing import little_areas, targets
from zoufang.typing import AreaId, KindId, TargetId, TicketId, TopicId, UnitId

PLAN = load_plan("huangtun-2023")
AREAS = AreaTree(little_areas(PLAN))
DAY = date(2023, 3, 1)


@pytest.mark.parametrize(
    ("kind", "lead", "co"),
    [
        ("household", "C01", []),
        ("enterprise", "guanwei", []),
        ("shop", "zhifa", ["shichang"]),
        ("pupil_family", "shehui", []),
        ("building_firm", "jianshe", []),
        ("building_site", "jianshe", []),
    ],
)
def test_each_kind_has_the_lead_that_the_plan_names(plan: CampaignPlan, kind: str, lead: str, co: list[str]) -> None:
    """Residents their own community, shops two joint leads, building firms the construction office, not the park."""
    lines = lines_for(plan, KindId(kind), AreaId("C01"))
    assert [unit for unit, part, *_ in lines if part is Part.LEAD] == [lead]
    assert [unit for unit, part, *_ in lines if part is Part.CO] == co


def test_a_resident_outside_every_community_is_claimed_by_nobody(plan: CampaignPlan) -> None:
    """The street's own area has no community; the office decides then."""
    assert lines_for(plan, KindId("household"), None) == ()
    stray = Target(TargetId("T1"), KindId("household"), AreaId(plan.street.code), DAY)
    assert list(claim_targets(plan, AREAS, [stray])) == []


def ticket(topic: str, area: str | None = None, target: str | None = None) -> Ticket:
    """Return a ticket."""
    place = None if area is None else AreaId(area)
    whose = None if target is None else TargetId(target)
    return Ticket(TicketId("K1"), Source.CALL, "K1", DAY, TopicId(topic), place, whose)


@pytest.mark.parametrize(
    ("what", "lead", "co"),
    [
        (ticket("housing", "C01-G1"), "jianshe", ["C01"]),  # the topic's unit leads, the community helps
        (ticket("noise", "C02-G1"), "C02", []),  # a topic of the community itself
        (ticket("noise"), None, []),  # and where is that?
        (ticket("other", "C01-G1", "T1"), "guanwei", ["C01"]),  # no unit for the topic: the target's own
        (ticket("other", "C01-G1"), "C01", []),  # nobody's: the community where it is
        (ticket("other"), None, []),
        (ticket("labour"), "guanwei", []),
    ],
)
def test_a_ticket_goes_to_its_topics_unit_else_the_targets_own_else_the_community(
    plan: CampaignPlan, what: Ticket, lead: str | None, co: list[str]
) -> None:
    """At most one lead; without one the office decides."""
    found = list(claim_tickets(plan, AREAS, {TargetId("T1"): UnitId("guanwei")}, [what]))
    assert [c.unit_id for c in found if c.part is Part.LEAD] == ([] if lead is None else [lead])
    assert [c.unit_id for c in found if c.part is Part.CO] == co


@given(batch=st.lists(targets(PLAN), max_size=12, unique_by=lambda t: t.id), data=st.data())
def test_claims_do_not_depend_on_the_batch(batch: list[Target], data: st.DataObject) -> None:
    """Shuffled or one by one, each target is claimed alike, exactly one lead each."""
    together = sorted(claim_targets(PLAN, AREAS, batch), key=str)
    shuffled = data.draw(st.permutations(batch))
    assert sorted(claim_targets(PLAN, AREAS, shuffled), key=str) == together
    assert sorted((c for t in batch for c in claim_targets(PLAN, AREAS, [t])), key=str) == together
    leads = [c.subject_id for c in together if c.part is Part.LEAD]
    assert sorted(leads) == sorted(t.id for t in batch)
