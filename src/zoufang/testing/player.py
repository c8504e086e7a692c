"""Plays any history on one campaign, or on several side by side: each move is a verb with a few small numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from attrs import evolve, frozen

from zoufang.campaign import Campaign
from zoufang.errors import ZoufangError
from zoufang.model import (
    CallBack,
    CallOutcome,
    Channel,
    Event,
    Finding,
    FindingKind,
    Outcome,
    Problem,
    Remedy,
    Source,
    Status,
    Step,
    Ticket,
    Visit,
)
from zoufang.testing.street import SetClock, little_areas, little_roster, little_units
from zoufang.typing import PersonId, TicketId, VisitId

STEPS = tuple(event for event in Event if event is not Event.RAISE)
"""The events that a move may try; most of them the rules refuse, which is part of the play."""

FROM_OUTSIDE = tuple(source for source in Source if source is not Source.CARRIED)
"""Where a ticket that is raised may come from; what is carried over comes with the plan."""

NEXT = {
    Status.ROUTED: Event.ACCEPT,
    Status.PAUSED: Event.GO_ON,
    Status.ACCEPTED: Event.HANDLE,
    Status.EXTENDING: Event.HANDLE,
    Status.SPLIT: Event.HANDLE,
    Status.HANDLED: Event.FEED_BACK,
    Status.FED_BACK: Event.APPLY,
    Status.APPLIED: Event.CLOSE,
}
"""The straight way to the end."""


@frozen
class Answer:
    """What came of a move.

    Args:
        value: What the verb gave back, or None.
        refused: The name of the error, or the empty text.
    """

    value: Any
    refused: str


class Player:
    """Plays moves on campaigns that share a plan and a clock, and keeps the ids that it has used.

    Args:
        campaigns: At least one, all empty; each move is made on every one of them.
        clock: The clock of all of them.
    """

    def __init__(self, campaigns: Sequence[Campaign], clock: SetClock) -> None:
        self.campaigns = tuple(campaigns)
        self.plan = campaigns[0].plan
        self.clock = clock
        self.roster = little_roster(self.plan)
        self.units = little_units(self.plan)
        self.topics = tuple(self.plan.topic)
        self.tickets: list[TicketId] = []
        self.n_visits = 0
        self.last: tuple[Visit, tuple[Finding, ...]] | None = None
        self.came: Ticket | None = None
        self.play(lambda campaign: campaign.register(self.roster))

    def play(self, move: Callable[[Campaign], Any]) -> Answer:
        """Make a move on every campaign; what comes of it must be the same on all.

        Returns:
            What came of it; a refusal is an answer too, and must have left the ledger as it was.
        """
        answers = [self._on(campaign, move) for campaign in self.campaigns]
        assert all(answer == answers[0] for answer in answers), answers
        return answers[0]

    @staticmethod
    def _on(campaign: Campaign, move: Callable[[Campaign], Any]) -> Answer:
        before = campaign.head
        try:
            return Answer(value=move(campaign), refused="")
        except ZoufangError as error:
            assert campaign.head == before, "a refusal left something behind"
            return Answer(value=None, refused=type(error).__name__)

    # --- moves ----------------------------------------------------------------------------------------------

    def pass_days(self, n: int) -> None:
        """Let some days go by."""
        self.clock.pass_days(n)

    def visit(self, who: int, whom: int, outcome: Outcome, findings: Sequence[tuple[FindingKind, int, bool]]) -> Answer:
        """Record a visit of today, with what was heard on it: kind, topic, and whether it was solved at once."""
        self.n_visits += 1
        visit_id = VisitId(f"V{self.n_visits:04}")
        person = self.roster.people[who % len(self.roster.people)]
        heard = tuple(
            Finding(visit_id, n, kind, self.topics[topic % len(self.topics)], said=f"第{n}条", solved=solved)
            for n, (kind, topic, solved) in enumerate(findings, start=1)
        )
        demands = [finding.ticket_id for finding in heard if finding.kind is FindingKind.DEMAND]
        visit = Visit(
            id=visit_id,
            target_id=self.roster.targets[whom % len(self.roster.targets)].id,
            on=self.campaigns[0].today,
            channel=Channel.DOOR,
            outcome=outcome,
            visitor_id=person.id,
            unit_id=person.unit_id,
            minute=whom % 24 * 60,
            no_demand=not demands and who % 2 == 0,
        )
        answer = self.play(lambda campaign: campaign.record([visit], heard))
        if not answer.refused:
            self.tickets += demands
            self.last = visit, heard
        return answer

    def send_again(self, *, changed: bool) -> Answer | None:
        """Send the last visit again, as it was or with another outcome."""
        if self.last is None:
            return None
        visit, heard = self.last
        other = Outcome.ABSENT if visit.outcome is Outcome.MET else Outcome.MET
        again = evolve(visit, outcome=other) if changed else visit
        return self.play(lambda campaign: campaign.record([again], heard))

    def settle(self, decision: str) -> Answer | None:
        """Settle the first conflict that waits, if one does: keep, replace or both."""
        waiting = self.campaigns[0].conflicts()
        if not waiting:
            return None
        answer = self.play(lambda campaign: campaign.settle(waiting[0].id, decision, reason="核实"))
        if not answer.refused:
            self.tickets += map(TicketId, answer.value.raised)
        return answer

    def raise_ticket(self, source: Source, topic: int, area: int, whom: int | None) -> Answer:
        """Raise a ticket of today."""
        areas = (None, *(area.id for area in little_areas(self.plan)))
        ticket = Ticket(
            id=TicketId(f"K{len(self.tickets):04}"),
            source=source,
            source_id=f"S{len(self.tickets):04}",
            on=self.campaigns[0].today,
            topic_id=self.topics[topic % len(self.topics)],
            area_id=areas[area % len(areas)],
            target_id=None if whom is None else self.roster.targets[whom % len(self.roster.targets)].id,
            said="路灯不亮",
        )
        answer = self.play(lambda campaign: campaign.raise_tickets([ticket]))
        if not answer.refused:
            self.tickets.append(ticket.id)
            self.came = ticket
        return answer

    def raise_again(self, topic: int) -> Answer | None:
        """Raise the last ticket from outside again, about any topic."""
        if self.came is None:
            return None
        again = evolve(self.came, topic_id=self.topics[topic % len(self.topics)])
        return self.play(lambda campaign: campaign.raise_tickets([again]))

    def route(self) -> Answer:
        """Route what waits."""
        return self.play(lambda campaign: campaign.route())

    def step(self, event: Event, which: int, who: int, remedy: Remedy, reason: int) -> Answer | None:
        """Try a step on a ticket; the lifecycle may refuse it."""
        if not self.tickets:
            return None
        reasons = ("", *self.plan.reasons)
        step = Step(
            ticket_id=self.tickets[which % len(self.tickets)],
            on=self.campaigns[0].today,
            unit_id=self.units[who % len(self.units)],
            person_id=self.roster.people[who % len(self.roster.people)].id,
            remedy=remedy if event is Event.HANDLE else None,
            reason=reasons[reason % len(reasons)],
            into=self.tickets[who % len(self.tickets)] if event is Event.MERGE else None,
            note="已上门" if who % 2 else "",
            parts=(self.units[who % len(self.units)], self.units[(who + 1) % len(self.units)]),
            days=1 + which % 3,
        )
        answer = self.play(lambda campaign: campaign.reply([(event, step)]))
        self.tickets += map(TicketId, sorted(self.campaigns[0].ids("tickets") - set(self.tickets)))
        return answer

    def approve(self, which: int, n: int) -> Answer | None:
        """Turn the second key of some tickets in one go; the rules may refuse them all."""
        some = dict.fromkeys(self.tickets[(which + i) % len(self.tickets)] for i in range(n) if self.tickets)
        person, day = PersonId(f"P-{self.plan.dispatch.offices[0]}-1"), self.campaigns[0].today
        steps = [Step(ticket_id=ticket_id, on=day, person_id=person) for ticket_id in some]
        return self.play(lambda campaign: campaign.approve(steps)) if steps else None

    def link(self, number: int, which: int, n: int) -> Answer | None:
        """Link some tickets to a common problem; the rules may refuse it."""
        if not self.tickets:
            return None
        some = tuple(dict.fromkeys(self.tickets[(which + i) % len(self.tickets)] for i in range(n)))
        problem = Problem(f"G{number % 3}", self.topics[0], self.units[0], self.campaigns[0].today, note="同一成因")
        return self.play(lambda campaign: campaign.link(problem, some))

    def handle_problem(self, number: int, remedy: Remedy, reason: int) -> Answer:
        """Handle a common problem, if there is such a one."""
        reasons = ("", *self.plan.reasons)
        step = Step(
            ticket_id=TicketId(""),
            on=self.campaigns[0].today,
            person_id=self.roster.people[0].id,
            remedy=remedy,
            reason=reasons[reason % len(reasons)],
        )
        return self.play(lambda campaign: campaign.handle_problem(f"G{number % 3}", step))

    def draw(self, seed: str) -> Answer:
        """Draw a call-back sample."""
        return self.play(lambda campaign: campaign.draw(seed=seed))

    def call_back(self, which: int, outcome: CallOutcome, *, solved: bool) -> Answer | None:
        """Call somebody back; it is refused where the ticket was not drawn."""
        if not self.tickets:
            return None
        reached = outcome is CallOutcome.REACHED
        call = CallBack(
            ticket_id=self.tickets[which % len(self.tickets)],
            on=self.campaigns[0].today,
            outcome=outcome,
            solved=solved if reached else None,
            satisfied=solved if reached else None,
        )
        return self.play(lambda campaign: campaign.call_back([call]))

    def dispatch(self) -> Answer:
        """Make the next dispatch, if one is due."""
        return self.play(lambda campaign: campaign.dispatch())

    def move_target(self, whom: int, area: int) -> Answer:
        """Register a target anew, in another grid."""
        target = self.roster.targets[whom % len(self.roster.targets)]
        places = little_areas(self.plan)[1:]
        moved = evolve(target, area_id=places[area % len(places)].id)
        roster = evolve(self.roster, targets=(moved,))
        return self.play(lambda campaign: campaign.register(roster))

    def read_contacts(self, whom: int) -> Answer:
        """Read how to reach a target."""
        target = self.roster.targets[whom % len(self.roster.targets)].id
        return self.play(lambda campaign: campaign.contacts([target], purpose="回访"))

    def read_words(self, which: int) -> Answer:
        """Read what was said in a ticket, if there is one."""
        if not self.tickets:
            return self.play(lambda campaign: campaign.route())
        ticket_id = self.tickets[which % len(self.tickets)]
        return self.play(lambda campaign: campaign.words([ticket_id], purpose="回访"))

    def find(self, whom: int) -> Answer:
        """Look up whose telephone a target's is."""
        phone = self.roster.targets[whom % len(self.roster.targets)].phone
        return self.play(lambda campaign: campaign.find(telephone=phone, purpose="回访"))

    def erase(self, whom: int) -> Answer:
        """Erase a target's private data."""
        target = self.roster.targets[whom % len(self.roster.targets)].id
        return self.play(lambda campaign: campaign.erase(target, "本人申请"))

    # --- the end --------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """Bring every open ticket to its end by the ordinary steps, one after another."""
        self.route()
        office = self.plan.dispatch.offices[0]
        for status in (Status.RAISED, Status.RETURNED):
            self._all([(Event.ROUTE, evolve(step, unit_id=office)) for step in self._straight(status)])
        for deep in sorted({ticket_id.count("/") for ticket_id in self.tickets}, reverse=True):
            # The parts first, then what was split; its remedy is theirs, and a reason never harms.
            for status, event in NEXT.items():
                self._all([(event, step) for step in self._straight(status) if step.ticket_id.count("/") == deep])

    def _solved(self, ticket_id: TicketId) -> bool:
        """Say whether any part of a ticket came to something, so that it says what the whole comes to."""
        parts = [other for other in self.tickets if other.rpartition("/")[0] == ticket_id]
        return any(head.status is Status.CLOSED for head in self.campaigns[0].heads(parts).values())

    def _all(self, steps: list[tuple[Event, Step]]) -> None:
        if steps:
            answer = self.play(lambda campaign: campaign.reply(steps))
            assert not answer.refused, answer

    def _straight(self, status: Status) -> list[Step]:
        """Return a step for each ticket in a status, by a person who has not turned the first key."""
        office, day = self.plan.dispatch.offices[0], self.campaigns[0].today
        one, other = PersonId(f"P-{office}-1"), PersonId(f"P-{office}-2")
        heads = self.campaigns[0].heads(self.tickets)
        return [
            Step(
                ticket_id=ticket_id,
                on=day,
                person_id=other if heads[ticket_id].applied_by == one else one,
                remedy=None if heads[ticket_id].status is Status.SPLIT and self._solved(ticket_id) else Remedy.RESOLVED,
                reason=next(iter(self.plan.reasons)) if heads[ticket_id].status is Status.SPLIT else "",
            )
            for ticket_id in self.tickets
            if heads[ticket_id].status is status
        ]
