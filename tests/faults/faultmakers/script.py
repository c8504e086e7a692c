"""A small campaign as a list of steps, each of which can be taken again from where it began.

The clock stands still within a step, and salts are counted anew from each step's beginning, so that a step that failed
and is taken again leads to the very same commits: the same chain, to the last digit.
"""

from __future__ import annotations

from collections.abc import Callable

from attrs import define, frozen

from zoufang.campaign import Campaign
from zoufang.model import (
    CallBack,
    CallOutcome,
    Channel,
    Event,
    Finding,
    FindingKind,
    Outcome,
    Remedy,
    Source,
    Step,
    Ticket,
    Visit,
)
from zoufang.testing import little_roster
from zoufang.typing import PersonId, TargetId, TicketId, TopicId, UnitId, VisitId

PLAN = "huangtun-2023"


@define
class Salts:
    """Salts that are numbers, counted from wherever one is told to begin.

    Args:
        n: The last one given.
    """

    n: int = 0

    def __call__(self) -> str:
        """Return the next salt."""
        self.n += 1
        return f"{self.n:032x}"


@frozen
class Scene:
    """One step of the campaign.

    Args:
        name: What is done.
        act: Does it.
        days: So many days go by before it.
    """

    name: str
    act: Callable[[Campaign], object]
    days: int = 0


def _visits(campaign: Campaign) -> object:
    visits = [
        Visit(
            id=VisitId(f"V{n}"),
            target_id=TargetId(f"T-household-{n}"),
            on=campaign.today,
            channel=Channel.DOOR,
            outcome=Outcome.MET,
            visitor_id=PersonId("P-C01-2"),
            unit_id=UnitId("C01"),
        )
        for n in (1, 2)
    ]
    heard = [
        Finding(VisitId("V1"), 1, FindingKind.DEMAND, TopicId("roads"), said="路灯不亮"),
        Finding(VisitId("V2"), 1, FindingKind.DEMAND, TopicId("noise"), said="夜里太吵", solved=True, answer="已劝止"),
    ]
    return campaign.record(visits, heard, submission_id="visits-w01")


def _calls(campaign: Campaign) -> object:
    call = Ticket(TicketId("K1"), Source.CALL, "K1", campaign.today, TopicId("labour"), said="招不到人", contact="138")
    return campaign.raise_tickets([call], submission_id="hotline-w01")


def _close(campaign: Campaign) -> object:
    steps = ((Event.ACCEPT, "2"), (Event.HANDLE, "2"), (Event.FEED_BACK, "2"), (Event.APPLY, "2"), (Event.CLOSE, "1"))
    return campaign.reply(
        (
            event,
            Step(
                ticket_id=TicketId("V1-1"),
                on=campaign.today,
                person_id=PersonId(f"P-wangge-{who}"),
                remedy=Remedy.RESOLVED if event is Event.HANDLE else None,
                note="已修好",
            ),
        )
        for event, who in steps
    )


def _call_back(campaign: Campaign) -> object:
    said = CallBack(TicketId("V1-1"), campaign.today, CallOutcome.REACHED, solved=True, satisfied=True, note="修好了")
    return campaign.call_back([said], submission_id="callbacks-w01")


def _import_together(campaign: Campaign) -> object:
    """Record and route in one block, as an import does."""
    with campaign.ledger.together():
        letter = Ticket(TicketId("L1"), Source.LETTER, "L1", campaign.today, TopicId("roads"), said="路面坑洼")
        campaign.raise_tickets([letter], submission_id="letters-w02")
        return campaign.route()


SCENES = (
    Scene("register", lambda c: c.register(little_roster(c.plan), submission_id="register-1")),
    Scene("visits", _visits, days=2),
    Scene("calls", _calls),
    Scene("dispatch", lambda c: c.dispatch(), days=5),
    Scene("route", lambda c: c.route()),
    Scene("close", _close),
    Scene("draw", lambda c: c.draw(seed="w01")),
    Scene("call back", _call_back),
    Scene("import", _import_together, days=1),
)
"""A week and a day, from the register to the second import."""
