"""A small campaign as a list of steps, each of which can be taken again from where it began.

The clock stands still within a step, and salts are counted anew from each step's beginning, so that a step that failed
and is taken again leads to the very same commits: the same chain, to the last digit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing, suppress

from attrs import define, evolve, frozen

from faultmakers.changes import HOST, opened
from faultmakers.driver import Calls
from zoufang.campaign import Campaign
from zoufang.errors import InDoubtError, StorageError, UnreachableError, UnreadableError, ZoufangError
from zoufang.facts import Checkpoint
from zoufang.intake import load_plan
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
from zoufang.testing import SetClock, little_roster
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


@frozen
class Before:
    """Where a scene begins, and where it ends if nothing fails.

    Args:
        scene: The scene.
        kept: Where the ledger is kept as it was: a file, or a database.
        clock: What time it is.
        head: Where the ledger stands.
        then: Where it stands afterwards.
        calls: So many calls to the database it takes.
    """

    scene: Scene
    kept: str
    clock: SetClock
    head: Checkpoint
    then: Checkpoint
    calls: int = 0

    def campaign(self, url: str) -> Campaign:
        """Open a copy as one process would."""
        return Campaign.open(url, plugins=HOST, clock=self.clock, salt=Salts(1000 * self.head.seq))

    def untrue(self, campaign: Campaign, told: ZoufangError | None) -> str:
        """Return what is not as it should be after the scene failed with an error, or did not; empty if nothing.

        The campaign can still be used, and stands where it stood or where the scene ends; and the error has told which,
        or that it cannot tell.
        """
        verdict = campaign.verify()
        if not verdict.ok or verdict.head not in {self.head, self.then}:
            return f"half-written: {verdict}"
        moved = verdict.head == self.then
        if told is None:
            return "" if moved else "nothing was told, and nothing kept"
        if isinstance(told, StorageError):
            return "told that nothing was kept, and it was" if moved else ""
        # A reading that fails says nothing of the change that came before it, a lost line nothing of what it carried.
        told_no_more = isinstance(told, (InDoubtError, UnreadableError, UnreachableError))
        return "" if not moved or told_no_more else f"a wrong error: {told!r}"

    def taken_again(self, url: str) -> bool:
        """Take the scene again in another process; return whether it leads to the very commits as without a failure."""
        campaign = self.campaign(url)
        if campaign.head == self.head:
            self.scene.act(campaign)
        else:
            with suppress(ZoufangError):  # a step that was taken may be refused the second time
                self.scene.act(campaign)
        done = campaign.head == self.then and campaign.verify().ok
        campaign.close_ledger()
        return done


def befores(url: str, keep: Callable[[str], str], calls: Calls) -> Mapping[str, Before]:
    """Play the whole script without a failure, and return where each scene began.

    Args:
        url: Where the ledger is to be.
        keep: Puts the ledger aside as it is, under a scene's name, and returns where.
        calls: Counts those of each scene.
    """
    now = SetClock(load_plan(PLAN))
    Campaign.create(PLAN, url, plugins=HOST, clock=now, salt=Salts()).close_ledger()
    found = {}
    for scene in SCENES:
        now.pass_days(scene.days)
        clock = SetClock(load_plan(PLAN))
        clock.now = now.now
        with closing(opened(url)) as ledger:
            head = ledger.head
        before = Before(scene, keep(scene.name), clock, head, head)
        campaign = before.campaign(url)
        calls.disarm()
        scene.act(campaign)
        n_calls = calls.n
        found[scene.name] = evolve(before, then=campaign.head, calls=n_calls)
        campaign.close_ledger()
    return found
