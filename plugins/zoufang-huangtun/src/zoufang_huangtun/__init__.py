"""Huangtun street's own routing rules.

The plan gives street shops to two joint leads (二); here stands which of them leads on which shop. Building firms and
sites have an office of their own, which also takes their demands on enterprise topics (二, 三(三)).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from zoufang.model import Claim, Part, Target, Ticket
from zoufang.sdk import CampaignView, TargetRouter, TicketRouter, hookimpl
from zoufang.typing import KindId, UnitId

zoufang_api = "1"

SHOP = KindId("shop")
BUILDING = (KindId("building_firm"), KindId("building_site"))
MARKET = UnitId("shichang")
ENFORCEMENT = UnitId("zhifa")
CONSTRUCTION = UnitId("jianshe")
ENTERPRISE = "enterprise"

MARKET_TRADES = frozenset({"餐饮", "食品", "药店", "超市", "烟酒", "菜店", "母婴"})
"""Trades whose licences and hygiene the market supervision office looks after."""


def shops(targets: Sequence[Target], _view: CampaignView) -> Iterator[Claim]:
    """Claim street shops: food and medicine for market supervision, all others for law enforcement.

    Plan: 二
    """
    for target in targets:
        if target.kind == SHOP:
            food = not MARKET_TRADES.isdisjoint(target.tags)
            lead, co = (MARKET, ENFORCEMENT) if food else (ENFORCEMENT, MARKET)
            rule = "shop-food" if food else "shop-other"
            yield Claim(target.id, lead, Part.LEAD, rule, "the shop's trade")
            yield Claim(target.id, co, Part.CO, rule, "joint lead, plan 二")


def building(tickets: Sequence[Ticket], view: CampaignView) -> Iterator[Claim]:
    """Claim demands of building firms and sites on enterprise topics for the construction office.

    Plan: 二, 三(三)
    """
    for ticket in tickets:
        target = None if ticket.target_id is None else view.targets.get(ticket.target_id)
        if target is not None and target.kind in BUILDING and view.plan.topic[ticket.topic_id].domain == ENTERPRISE:
            yield Claim(ticket.id, CONSTRUCTION, Part.LEAD, "firm-topic", "a building firm's or site's demand")


@hookimpl
def zoufang_target_routers() -> Iterable[TargetRouter]:
    """Answer with the rule for street shops."""
    return [TargetRouter(name="shops", route=shops)]


@hookimpl
def zoufang_ticket_routers() -> Iterable[TicketRouter]:
    """Answer with the rule for building firms and sites."""
    return [TicketRouter(name="building", route=building)]
