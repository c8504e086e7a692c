"""A state machine that lives a whole campaign on several ledgers side by side, and finds them always the same."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from zoufang.analysis import catalogue
from zoufang.builtin import core
from zoufang.campaign import Campaign
from zoufang.errors.words import DECISIONS
from zoufang.intake import load_plan
from zoufang.model import CallOutcome, Outcome, Remedy, Source
from zoufang.reports import canonical
from zoufang.sdk import Plugins
from zoufang.testing.histories import FINDINGS, SMALL
from zoufang.testing.player import FROM_OUTSIDE, STEPS, Player
from zoufang.testing.stores import KeyedStores
from zoufang.testing.street import SetClock, counted_salts


class SideBySide(RuleBasedStateMachine):
    """Drives campaigns with the same key, salts and clock: one on each of several ledgers, the model in memory last.

    To test another storage backend, override :meth:`urls` and, where it comes from a plugin, :attr:`plugins`.
    """

    plan = "huangtun-2023"
    plugins = Plugins.of(core, KeyedStores())

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="zoufang-")
        self.clock = SetClock(load_plan(self.plan))

    def urls(self) -> tuple[str, ...]:
        """Return the URLs of the ledgers, at least two; their keys must be the same."""
        return f"keyed-sqlite:///{Path(self.folder.name, 'ledger.sqlite')}", "keyed-memory://"

    def teardown(self) -> None:
        """Check every ledger from end to end, and let go of it."""
        try:
            first, *others = (campaign.verify() for campaign in self.player.campaigns)
            assert first.ok, first
            assert others == [first] * len(others)
            for week in self.player.campaigns[0].dispatches():
                one, *rest = (canonical(c.report(week.week.number)) for c in self.player.campaigns)
                assert rest == [one] * len(rest)
        finally:
            for campaign in self.player.campaigns:
                campaign.close_ledger()
            self.folder.cleanup()

    @initialize()
    def open_all(self) -> None:
        """Begin every campaign with the same register."""
        campaigns = [
            Campaign.create(self.plan, url, plugins=self.plugins, clock=self.clock, salt=counted_salts())
            for url in self.urls()
        ]
        self.player = Player(campaigns, self.clock)
        self.metrics = tuple(catalogue(self.player.plan))

    # --- moves ----------------------------------------------------------------------------------------------

    @rule(n=st.integers(1, 9))
    def pass_days(self, n: int) -> None:
        """Let some days go by."""
        self.player.pass_days(n)

    @rule(who=SMALL, whom=SMALL, outcome=st.sampled_from(Outcome), findings=FINDINGS)
    def visit(self, who: int, whom: int, outcome: Outcome, findings: Any) -> None:
        """Record a visit."""
        self.player.visit(who, whom, outcome, findings)

    @rule(changed=st.booleans())
    def send_again(self, *, changed: bool) -> None:
        """Send the last visit again."""
        self.player.send_again(changed=changed)

    @rule(topic=SMALL)
    def raise_again(self, topic: int) -> None:
        """Raise the last ticket from outside again, about any topic."""
        self.player.raise_again(topic)

    @rule(decision=st.sampled_from(list(DECISIONS)))
    def settle(self, decision: str) -> None:
        """Settle the first conflict that waits."""
        self.player.settle(decision)

    @rule(source=st.sampled_from(FROM_OUTSIDE), topic=SMALL, area=SMALL, whom=st.none() | SMALL)
    def raise_ticket(self, source: Source, topic: int, area: int, whom: int | None) -> None:
        """Raise a ticket."""
        self.player.raise_ticket(source, topic, area, whom)

    @rule()
    def route(self) -> None:
        """Route what waits."""
        self.player.route()

    @precondition(lambda self: self.player.tickets)
    @rule(event=st.sampled_from(STEPS), which=SMALL, who=SMALL, remedy=st.sampled_from(Remedy), reason=SMALL)
    def step(self, event: Any, which: int, who: int, remedy: Remedy, reason: int) -> None:
        """Try any step on any ticket."""
        self.player.step(event, which, who, remedy, reason)

    @precondition(lambda self: self.player.tickets)
    @rule()
    def finish(self) -> None:
        """Bring every open ticket to its end."""
        self.player.finish()

    @rule(seed=st.sampled_from(["a", "b"]))
    def draw(self, seed: str) -> None:
        """Draw a call-back sample."""
        self.player.draw(seed)

    @precondition(lambda self: self.player.tickets)
    @rule(which=SMALL, outcome=st.sampled_from(CallOutcome), solved=st.booleans())
    def call_back(self, which: int, outcome: CallOutcome, *, solved: bool) -> None:
        """Call somebody back."""
        self.player.call_back(which, outcome, solved=solved)

    @rule()
    def dispatch(self) -> None:
        """Make the next dispatch, if it is due."""
        self.player.dispatch()

    @rule(whom=SMALL, area=SMALL)
    def move_target(self, whom: int, area: int) -> None:
        """Register a target anew, in another grid."""
        self.player.move_target(whom, area)

    # --- what always holds ----------------------------------------------------------------------------------

    @invariant()
    def the_chains_agree(self) -> None:
        """All ledgers stand at the same commit, with the same link."""
        one, *rest = (campaign.head for campaign in self.player.campaigns)
        assert rest == [one] * len(rest)

    @rule(data=st.data())
    def the_figures_agree(self, data: st.DataObject) -> None:
        """Any figure is the same on all, and so are the cases it lacks."""
        name = data.draw(st.sampled_from(self.metrics))
        one, *rest = ((campaign.figures(name), campaign.gap(name)) for campaign in self.player.campaigns)
        assert rest == [one] * len(rest)
