"""Campaign: from the plan to the last dispatch; each verb loads, decides, commits and returns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import BinaryIO, Literal, Self

import sqlalchemy as sa
from attrs import evolve
from sqlalchemy.engine import Connection, Engine

from zoufang.analysis import Figure, Grain, Window, figures, gap
from zoufang.builtin import core
from zoufang.campaign import record, register, weekly
from zoufang.campaign.carrying import raise_carried
from zoufang.campaign.defaults import OFFICE, now, salt
from zoufang.campaign.desk import Desk
from zoufang.campaign.given import Given, values
from zoufang.campaign.outcomes import Dispatched, Done
from zoufang.campaign.planner import Planner
from zoufang.campaign.proofs import Proofs
from zoufang.errors import LockedError, NotALedgerError, OccupiedError, OtherPlanError
from zoufang.facts import BY_NAME, Checkpoint, latest
from zoufang.intake import parse_plan, plan_digest, plan_text
from zoufang.ledger import GENESIS, Ledger, SqlLedger, Verdict
from zoufang.model import (
    Actor,
    Area,
    AreaTree,
    CampaignPlan,
    Finding,
    Head,
    Person,
    Roster,
    Target,
    Ticket,
    Visit,
)
from zoufang.reports import Report
from zoufang.rules import Week, due_weeks, permit
from zoufang.sdk import Plugins
from zoufang.typing import Clock, Language, Progress, Salt, Text, TicketId


class Campaign(Proofs):
    """A street's campaign: the one object that users hold.

    Make one with :meth:`create` or :meth:`open`. Bulk verbs take values, or a frame or an Arrow table with one
    column per field; each is accepted whole or refused whole.

    Plan: 四(二), 四(三), 五(二), 五(三)
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._composed: dict[tuple[int, Language], Report] = {}

    # --- open ---------------------------------------------------------------------------------------------

    @classmethod
    def create(
        cls,
        plan: str | Path,
        url: str | Engine | Connection | Ledger = "memory://",
        *,
        plugins: Plugins | None = None,
        clock: Clock = now,
        salt: Salt = salt,
        actor: Actor = OFFICE,
    ) -> Self:
        """Begin a campaign in a new ledger.

        Args:
            plan: A packaged name such as ``huangtun-2023``, or the path of a plan file.
            url: Where to keep the ledger, e.g. ``sqlite:///ledger.sqlite``; in memory by default. Or the host's own
                engine, or a connection that it lends: then all stands in the host's transaction, and nothing is
                committed, rolled back or closed. Or an empty ledger.
            plugins: The plugins' host; the core and all installed plugins if None.
            clock: Says what time it is.
            salt: Gives salts for private texts.
            actor: Who acts.

        Returns:
            The campaign, its plan in commit 1, and with it a ticket for each that the plan carries over.

        Raises:
            PlanProblemsError: The plan cannot be used.
            NotALedgerError: There is something at the URL already.
            NotAllowedError: The actor's role may not begin a campaign.

        Plan: 四(一), 四(四)
        """
        permit(actor, "open")
        text = plan_text(plan)
        parsed = parse_plan(text, file=str(plan))
        host = Plugins.discover(core) if plugins is None else plugins
        ledger = _made(host, url)
        desk = Desk(plan=parsed, ledger=ledger, plugins=host, actor=actor, clock=clock, salt=salt)
        sheaf = desk.sheaf()
        sheaf.facts["plans"].append((parsed.id, parsed.version, plan_digest(text), text))
        raise_carried(desk, sheaf)
        with ledger.together():
            if ledger.head != GENESIS:  # somebody else began one here in the meantime
                raise OccupiedError(url=ledger.url)
            desk.commit("open", sheaf, submission_id=f"plan:{parsed.id}:{parsed.version}")
        return cls(desk)

    @classmethod
    def open(
        cls,
        ledger: str | Engine | Connection | Ledger,
        *,
        plan: str | Path | None = None,
        plugins: Plugins | None = None,
        clock: Clock = now,
        salt: Salt = salt,
        actor: Actor = OFFICE,
        masked: bool = False,
    ) -> Self:
        """Go on with a campaign.

        Args:
            ledger: A URL, the host's engine, a connection that it lends, or a ledger that is open already.
            plan: The plan that the caller believes it is; checked against the ledger's own.
            plugins: The plugins' host; the core and all installed plugins if None.
            clock: Says what time it is.
            salt: Gives salts for private texts.
            actor: Who acts.
            masked: True reads an encrypted ledger without its master key: private texts are masked, nothing is written.

        Returns:
            The campaign, with the plan that stands in the ledger.

        Raises:
            LockedError: The ledger is encrypted, its master key is not at hand, and ``masked`` is False.
            NotALedgerError: There is no ledger at the URL.
            OtherPlanError: It is a ledger of another plan.
        """
        host = Plugins.discover(core) if plugins is None else plugins
        opened = _opened(host, ledger)
        if opened.locked is not None and not masked:
            opened.close()
            raise LockedError(url=opened.url, problem=opened.locked)
        plans = latest(opened.tables.plans, "plan_id")
        found = opened.select(sa.select(plans.c.plan_id, plans.c.version, plans.c.body))
        if not found:
            raise NotALedgerError(url=opened.url)
        plan_id, version, body = found[0]
        kept = parse_plan(body, file=f"{plan_id} v{version}")
        if plan is not None:
            wanted = parse_plan(plan_text(plan), file=str(plan))
            if wanted != kept:
                opened.close()
                asked = f"{wanted.id} v{wanted.version}"
                holds = f"{plan_id} v{version}"
                changed = Text(f"{asked}（内容已改动）", f"{asked} (changed)")
                raise OtherPlanError(url=opened.url, holds=holds, wanted=changed if asked == holds else asked)
        return cls(Desk(plan=kept, ledger=opened, plugins=host, actor=actor, clock=clock, salt=salt))

    def acting(self, actor: Actor, *, clock: Clock | None = None) -> Self:
        """Return the same campaign in the hands of somebody else, or at another time."""
        return type(self)(evolve(self._desk, actor=actor, clock=clock or self._desk.clock))

    @property
    def plan(self) -> CampaignPlan:
        """The plan that stands in the ledger."""
        return self._desk.plan

    @property
    def ledger(self) -> Ledger:
        """The ledger."""
        return self._desk.ledger

    @property
    def plugins(self) -> Plugins:
        """The plugins' host."""
        return self._desk.plugins

    @property
    def today(self) -> date:
        """The day in the street's own time zone."""
        return self._desk.today

    @property
    def planner(self) -> Planner:
        """Who answers for whom, the units' work plans, and the hand-over."""
        return Planner(self._desk)

    @property
    def head(self) -> Checkpoint:
        """Where the ledger stands."""
        return self.ledger.head

    # --- the roster, the visits, the tickets ----------------------------------------------------------------

    def register(
        self,
        roster: Roster | None = None,
        *,
        areas: Given[Area] = (),
        people: Given[Person] = (),
        targets: Given[Target] = (),
        submission_id: str | None = None,
    ) -> Done:
        """Record a register's new and changed entries, and who answers for each target.

        Args:
            roster: Areas, people and targets as values; what is recorded already with the same content is passed over.
            areas: Areas beside or instead of those, as values or as a table; so with the others.
            people: Members of staff.
            targets: Targets.
            submission_id: The sender's own number; sent again, it has no second effect.

        Returns:
            How many entries were new or changed, and the targets for which nobody answers.

        Raises:
            BadInputError: An id twice, an unknown grid, kind or unit; nothing was recorded.
            ContestedLeadError: Two routers of one rank want different leads.

        Plan: 二
        """
        entries = register.entries_of(self._desk.zone, roster, areas=areas, people=people, targets=targets)
        return register.register(self._desk, entries, submission_id)

    def record(self, visits: Given[Visit], findings: Given[Finding] = (), *, submission_id: str | None = None) -> Done:
        """Record visits and what was heard on them; demands become tickets.

        Args:
            visits: Each with its own number; the same number with the same content again is passed over.
            findings: What was heard, each on one of these visits.
            submission_id: The sender's own number; sent again, it has no second effect. With other content, its rows
                are compared with what is recorded one by one.

        Returns:
            How many visits were new; and which numbers are recorded with other content: there the first record stands,
            and what was handed in is kept beside it until it is settled (:meth:`conflicts`, :meth:`settle`).

        Raises:
            BadInputError: A visit that names what is not there or contradicts itself; nothing was recorded.
            SubmissionConflictError: The submission id was used for something that is no visits.

        Plan: 二, 三(一), 三(二), 四(二)
        """
        zone = self._desk.zone
        heard = values(Finding, findings, zone)
        return record.record(self._desk, visits, heard, submission_id)

    def raise_tickets(self, tickets: Given[Ticket], *, submission_id: str | None = None) -> Done:
        """Raise tickets from calls, letters and higher authorities.

        Args:
            tickets: Each with its own number; the same number with the same content again is passed over.
            submission_id: The sender's own number; sent again, it has no second effect.

        Returns:
            How many tickets were new; and which numbers are recorded with other content, as with :meth:`record`.

        Raises:
            BadInputError: A ticket that names what is not there; nothing was recorded.
            SubmissionConflictError: The submission id was used for something that is no tickets.

        Plan: 四(二)
        """
        return record.raise_tickets(self._desk, tickets, submission_id)

    # --- what was read, and where things stand ------------------------------------------------------------

    def areas(self) -> AreaTree:
        """Return all areas."""
        return self._desk.state.areas()

    def ids(self, what: Literal["targets", "people", "units", "tickets", "visits"]) -> frozenset[str]:
        """Return all ids of one sort of thing."""
        return self._desk.state.ids(what, BY_NAME[what].key[0])

    def heads(self, ticket_ids: Iterable[TicketId]) -> dict[str, Head]:
        """Return where some tickets stand, by id."""
        return self._desk.state.heads(ticket_ids)

    # --- figures and dispatches -----------------------------------------------------------------------------

    def figures(self, metric: str, window: Window | None = None, *, by: tuple[Grain, ...] = ()) -> tuple[Figure, ...]:
        """Compute a figure of the catalogue: numerator and denominator, in all or split.

        Args:
            metric: The metric's id, e.g. ``visited``.
            window: Which facts count; all if None.
            by: How to split.

        Raises:
            UnknownIdError: There is no such metric.

        Plan: 一, 五(二)
        """
        return figures(self.ledger, self._metric(metric), window or Window(), by)

    def gap(self, metric: str, window: Window | None = None) -> tuple[str, ...]:
        """Return the ids of the cases that are missing from a figure.

        Plan: 一
        """
        return gap(self.ledger, self._metric(metric), window or Window())

    def due(self) -> tuple[Week, ...]:
        """Return the weeks whose dispatch is due and was not made yet.

        Plan: 五(二)
        """
        return due_weeks(self.plan, self.today, len(self.dispatches()))

    def dispatches(self) -> tuple[Dispatched, ...]:
        """Return the dispatches that were made."""
        return weekly.dispatched(self._desk)

    def dispatch(self) -> Dispatched:
        """Make the next weekly dispatch that is due: frozen, numbered, sealed.

        Raises:
            NothingDueError: The next one is not due yet, or all were made.

        Plan: 五(二)
        """
        made, report = weekly.dispatch(self._desk)
        self._composed = {(made.week.number, "zh"): report}
        return made

    def report(self, number: int, *, language: Language = "zh") -> Report:
        """Compose a dispatch that was made; the same at any later time.

        Raises:
            UnknownIdError: No dispatch of that number was made.

        Plan: 五(二)
        """
        if (number, language) not in self._composed:
            self._composed = {(number, language): weekly.report(self._desk, number, language)}
        return self._composed[number, language]

    def write(self, report: Report, out: BinaryIO, *, format: str = "html") -> None:  # noqa: A002 - the word users know
        """Write a report in a format that a plugin provides.

        Raises:
            UnknownIdError: No plugin provides the format.
        """
        self.plugins.format(format).render(report, out)

    def verify(self, progress: Progress | None = None) -> Verdict:
        """Check the whole ledger against its chain."""
        return self.ledger.verify(progress)

    def close_ledger(self) -> None:
        """Let go of the ledger."""
        self.ledger.close()


def _made(host: Plugins, place: str | Engine | Connection | Ledger) -> Ledger:
    if isinstance(place, str):
        return host.storage(place).create(place)
    return SqlLedger.create(place) if isinstance(place, (Engine, Connection)) else place


def _opened(host: Plugins, place: str | Engine | Connection | Ledger) -> Ledger:
    if isinstance(place, str):
        return host.storage(place).open(place)
    return SqlLedger.open(place) if isinstance(place, (Engine, Connection)) else place
