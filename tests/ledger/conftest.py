"""A small ledger, written through the ordinary Campaign, with rows in every fact table."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from attrs import evolve

from zoufang.builtin import core
from zoufang.campaign import Campaign
from zoufang.intake import plan_text
from zoufang.model import (
    CallBack,
    CallOutcome,
    Channel,
    Event,
    Finding,
    FindingKind,
    Outcome,
    Problem,
    Reaction,
    Remedy,
    Source,
    Step,
    Ticket,
    Track,
    Visit,
)
from zoufang.sdk import Plugins
from zoufang.testing import SetClock, counted_salts, little_roster
from zoufang.typing import AreaId, PersonId, TargetId, TicketId, TopicId, UnitId, VisitId

LOWER = {
    "min_visits = 40": "min_visits = 1",
    "none_share_percent = 90": "none_share_percent = 1",
    "min_closed = 10": "min_closed = 1",
    'preset = "shandong-2020"': (
        'preset = "shandong-2020"\nby_topic = { labour = "urgent" }\n'
        'classes = [{ id = "urgent", label = { zh = "紧急", en = "urgent" }, limit = { n = 24, count = "hours" } }]'
    ),
}
"""Thresholds of so small a street, so that a dispatch names somebody."""


def _visit(visit_id: str, target_id: str, campaign: Campaign, *, no_demand: bool = False) -> Visit:
    return Visit(
        id=VisitId(visit_id),
        target_id=TargetId(target_id),
        on=campaign.today,
        channel=Channel.DOOR,
        outcome=Outcome.MET,
        visitor_id=PersonId("P-C01-2"),
        unit_id=UnitId("C01"),
        minute=600,
        minutes=15,
        no_demand=no_demand,
        made_known=("laws", "civility"),
    )


def _close(campaign: Campaign, *ticket_ids: TicketId) -> None:
    steps = (
        (Event.ACCEPT, "2", None),
        (Event.HANDLE, "2", Remedy.EXPLAINED),
        (Event.FEED_BACK, "2", None),
        (Event.APPLY, "2", None),
        (Event.CLOSE, "1", None),
    )
    campaign.reply(
        (
            event,
            Step(
                ticket_id=ticket_id,
                on=campaign.today,
                person_id=PersonId(f"P-wangge-{key}"),
                remedy=remedy,
                reason="no_funds" if remedy else "",
                plan_on=campaign.today if remedy else None,
                note="已当面说明",
                reaction=Reaction.UNWILLING if event is Event.FEED_BACK else None,
            ),
        )
        for ticket_id in ticket_ids
        for event, key, remedy in steps
    )


def _bring_along(campaign: Campaign) -> None:
    """Split one call, and link another to a common problem that is explained."""
    ids = (TicketId("K2"), TicketId("K3"))
    today, person = campaign.today, PersonId("P-wangge-1")
    campaign.raise_tickets([Ticket(i, Source.CALL, i, today, TopicId("roads")) for i in ids])
    campaign.split([Step(ids[0], today, person_id=person, parts=(UnitId("jianshe"), UnitId("zhifa")))])
    campaign.link(Problem("G1", TopicId("roads"), UnitId("jianshe"), today, person, "同一条路"), ids[1:])
    explained = Step(TicketId(""), today, None, person, Remedy.EXPLAINED, "no_funds", today, note="列入明年计划")
    campaign.handle_problem("G1", explained)


def _differ(campaign: Campaign) -> None:
    """Hand in two visits and a call again with other content, and settle two of them."""
    whole = [
        Finding(VisitId("V2"), 1, FindingKind.DEMAND, TopicId("noise"), said="夜里太吵", solved=True, answer="已劝止"),
        Finding(VisitId("V2"), 2, FindingKind.DEMAND, TopicId("roads"), said="井盖松动", solved=True, answer="已垫好"),
    ]
    visit = _visit("V2", "T-shop-1", campaign)
    campaign.record([evolve(visit, on=date(2023, 2, 28))], whole)
    call = Ticket(
        TicketId("K9"), Source.CALL, "K9", campaign.today, TopicId("labour"), AreaId("C01-G1"), None, Track.ON_THE_SPOT,
        said="拖欠工资", contact="1380538",
    )  # fmt: skip
    campaign.raise_tickets([call])
    campaign.raise_tickets([evolve(call, target_id=TargetId("T-shop-1"))])
    visited, called, named = campaign.conflicts()
    campaign.settle(visited.id, "replace", reason="补录")
    campaign.settle(called.id, "both", reason="两件事")
    campaign.settle(named.id, "keep", reason="不是本户")
    campaign.note_imports([("visits.xlsx", "b" * 64, "visits", 3, 0, 1, 0)], [("visits.xlsx", "b" * 64, 2)])


def _move_limits(campaign: Campaign) -> None:
    """Record a visit of the phase before the visits, and ask for more days where the limit ends at a minute."""
    campaign.record([evolve(_visit("V9", "T-household-2", campaign), on=date(2023, 2, 28))])
    call, today, person = TicketId("K9"), campaign.today, PersonId("P-wangge-2")
    campaign.raise_tickets([Ticket(call, Source.CALL, "K9", today, TopicId("labour"))])
    step = Step(call, today, UnitId("guanwei"), person, minute=600)
    asked = evolve(step, reason="no_funds", days=2)
    campaign.reply([(Event.ROUTE, step), (Event.ACCEPT, step), (Event.ASK_EXTENSION, asked)])


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a closed ledger; copy it before you spoil it."""
    folder = tmp_path_factory.mktemp("filled")
    text = plan_text("huangtun-2023")
    for high, low in LOWER.items():
        assert text.count(high) == 1
        text = text.replace(high, low)
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    url = f"sqlite:///{folder / 'ledger.sqlite'}"
    campaign = Campaign.create(folder / "plan.toml", url, plugins=Plugins.of(core), salt=counted_salts())
    clock = SetClock(campaign.plan)
    campaign = campaign.acting(campaign._desk.actor, clock=clock)
    campaign.register(little_roster(campaign.plan), submission_id="register-1")
    clock.pass_days(2)
    heard = [
        Finding(VisitId("V1"), 1, FindingKind.DEMAND, TopicId("roads"), said="路灯不亮"),
        Finding(VisitId("V1"), 2, FindingKind.GOOD_PRACTICE, TopicId("other"), said="邻里互助"),
        Finding(VisitId("V1"), 3, FindingKind.DEMAND, TopicId("roads"), said="路面坑洼"),
        Finding(VisitId("V2"), 1, FindingKind.DEMAND, TopicId("noise"), said="夜里太吵", solved=True, answer="已劝止"),
    ]
    visits = [_visit("V1", "T-household-1", campaign), _visit("V2", "T-shop-1", campaign)]
    campaign.record(visits, heard, submission_id="visits-w01")
    campaign.record([_visit("V3", "T-enterprise-1", campaign, no_demand=True)])
    call = Ticket(
        TicketId("K1"), Source.CALL, "K1", campaign.today, TopicId("labour"), said="招不到人", contact="1380537"
    )
    campaign.raise_tickets([call], submission_id="hotline-w01")
    campaign.note_imports([("hotline.csv", "a" * 64, "hotline", 2, 1, 0, 1)])
    clock.pass_days(5)
    campaign.dispatch()
    campaign.route()
    _close(campaign, TicketId("V1-1"), TicketId("V1-3"))
    _bring_along(campaign)
    campaign.draw(seed="w01")
    said = CallBack(TicketId("V1-1"), campaign.today, CallOutcome.REACHED, solved=False, satisfied=False, note="还没修")
    campaign.call_back([said], submission_id="callbacks-w01")
    clock.pass_days(7)
    campaign.dispatch()
    campaign.contacts([TargetId("T-household-1")], purpose="核实")
    _move_limits(campaign)
    _differ(campaign)
    campaign.planner.plan_work()
    campaign.find(telephone="13905370003", purpose="核实")
    campaign.words([TicketId("K1")], purpose="核实")
    campaign.erase("T-household-3", "本人申请")
    # A ledger without a master key has none to change; the row stands for one that has.
    turned = campaign._desk.sheaf()
    turned.facts["key_rotations"].append(("0" * 16, 1, campaign.today.isoformat()))
    campaign._desk.commit("rotate_keys", turned)
    assert campaign.verify().ok
    campaign.close_ledger()
    return folder / "ledger.sqlite"
