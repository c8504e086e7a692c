"""The street's own rules: who leads on a shop, and on a building firm's demand."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

import zoufang_huangtun
from zoufang.builtin import core
from zoufang.campaign import Campaign
from zoufang.intake import load_plan
from zoufang.model import Area, AreaLevel, AreaTree, Claim, Part, Roster, Source, Target, Ticket
from zoufang.sdk import CampaignView, KnownTarget, Plugins

PLAN = load_plan("huangtun-2023")
DAY = date(2023, 3, 1)
AREAS = (
    Area("370871005", "某街道", AreaLevel.STREET, None),
    Area("C01", "一社区", AreaLevel.COMMUNITY, "370871005"),
    Area("C01-G01", "一网格", AreaLevel.GRID, "C01"),
)


def shop(*tags: str, kind: str = "shop") -> Target:
    """Return a shop with its trades."""
    return Target("S-1", kind, "C01-G01", DAY, tags)


def view(kind: str = "building_firm") -> CampaignView:
    """Return what a router may see: one target of a kind."""
    known = KnownTarget(kind=kind, area_id="C01-G01", tags=(), lead="jianshe")
    return CampaignView(plan=PLAN, areas=AreaTree(AREAS), targets={"F-1": known})


def ticket(topic: str, target: str | None = "F-1") -> Ticket:
    """Return a demand on a topic."""
    return Ticket("V-1-1", Source.VISIT, "V-1", DAY, topic, target_id=target)


def claimed(*claims: Claim) -> set[tuple[str, str, Part]]:
    """Return who claims what, as which part."""
    return {(claim.subject_id, claim.unit_id, claim.part) for claim in claims}


@pytest.mark.parametrize("trade", ["餐饮", "食品", "药店", "超市", "烟酒", "菜店", "母婴"])
def test_market_supervision_leads_on_food_and_medicine(trade: str) -> None:
    """One such trade among others is enough; the other joint lead helps."""
    claims = list(zoufang_huangtun.shops([shop("连锁", trade)], view()))
    assert claimed(*claims) == {("S-1", "shichang", Part.LEAD), ("S-1", "zhifa", Part.CO)}
    assert {claim.rule for claim in claims} == {"shop-food"}


@pytest.mark.parametrize("trades", [(), ("五金",), ("餐饮设备",)])
def test_law_enforcement_leads_on_every_other_shop(trades: tuple[str, ...]) -> None:
    """Also on one whose trade nobody noted, or whose trade only sounds like food."""
    claims = list(zoufang_huangtun.shops([shop(*trades)], view()))
    assert claimed(*claims) == {("S-1", "zhifa", Part.LEAD), ("S-1", "shichang", Part.CO)}


def test_only_shops_are_claimed_by_the_rule_for_shops() -> None:
    """A firm that sells food is a firm."""
    assert list(zoufang_huangtun.shops([shop("餐饮", kind="enterprise")], view())) == []


@pytest.mark.parametrize("kind", ["building_firm", "building_site"])
def test_the_construction_office_takes_enterprise_topics_of_the_building_trade(kind: str) -> None:
    """Financing for a building firm is the construction office's."""
    claims = list(zoufang_huangtun.building([ticket("financing")], view(kind)))
    assert claimed(*claims) == {("V-1-1", "jianshe", Part.LEAD)}


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("building_firm", ticket("education")),
        ("enterprise", ticket("financing")),
        ("building_firm", ticket("financing", target=None)),
        ("building_firm", ticket("financing", target="F-9")),
    ],
    ids=["a livelihood topic", "another kind of firm", "nobody's demand", "an unknown target"],
)
def test_other_demands_are_left_to_the_plan(kind: str, asked: Ticket) -> None:
    """The rule claims nothing that it does not know."""
    assert list(zoufang_huangtun.building([asked], view(kind))) == []


def test_every_unit_and_kind_that_the_rules_name_stands_in_the_plan() -> None:
    """A misspelt unit would be nobody's."""
    units = {unit.id for unit in PLAN.units}
    assert {zoufang_huangtun.MARKET, zoufang_huangtun.ENFORCEMENT, zoufang_huangtun.CONSTRUCTION} <= units
    assert {zoufang_huangtun.SHOP, *zoufang_huangtun.BUILDING} <= {kind.id for kind in PLAN.kinds}
    assert zoufang_huangtun.ENTERPRISE in {topic.domain for topic in PLAN.topics}


@pytest.mark.parametrize(
    ("plugins", "lead", "by"),
    [((core, zoufang_huangtun), "shichang", "zoufang-huangtun"), ((core,), "zhifa", "zoufang")],
    ids=["with the plugin", "without it"],
)
def test_the_ledger_says_who_decided(plugins: tuple[object, ...], lead: str, by: str) -> None:
    """A restaurant goes to market supervision by the plugin's rule, to the first joint lead by the matrix alone."""
    campaign = Campaign.create(
        "huangtun-2023", plugins=Plugins.of(*plugins), clock=lambda: datetime(2023, 3, 6, 12, tzinfo=UTC)
    )
    campaign.register(Roster(areas=AREAS, people=(), targets=(shop("餐饮"),)))
    a = campaign.ledger.tables.assignments
    rows = campaign.ledger.select(a.select().with_only_columns(a.c.unit_id, a.c.part, a.c.plugin))
    assert {(unit, plugin) for unit, part, plugin in rows if part == "lead"} == {(lead, by)}
