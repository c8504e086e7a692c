"""The part of a campaign for the hard cases: split tickets, common problems, batch approval, what is unanswered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from zoufang.analysis import CommonProblem, Unanswered, Watched, Window, common_problems, unanswered, watch_list
from zoufang.campaign import casework, problems
from zoufang.campaign.given import Given, step_columns, values
from zoufang.campaign.outcomes import Done
from zoufang.campaign.ticketwork import Ticketwork
from zoufang.model import Event, Likeness, Problem, ProblemStanding, ProblemStep, Step, Ticket
from zoufang.typing import TicketId


class Caseload(Ticketwork):
    """The hard cases.

    Args:
        desk: What every verb works with.
    """

    def split(self, steps: Given[Step], *, submission_id: str | None = None) -> Done:
        """Split tickets (分解) among the units that each step names, one part for each.

        Each part gets a number such as ``K1/1``, its own lead, clock and remedy; the ticket itself cannot be handled
        or closed before all its parts have come to their end, and its remedy is what they come to together.

        Plan: 四(二)
        """
        return casework.take_steps(self._desk, step_columns(steps, self._desk.zone, Event.SPLIT), submission_id)

    def merge(self, steps: Given[Step], *, submission_id: str | None = None) -> Done:
        """Merge tickets (并案) into those that go on; both numbers are kept, and both persons are told.

        Plan: 四(二)
        """
        return casework.take_steps(self._desk, step_columns(steps, self._desk.zone, Event.MERGE), submission_id)

    def approve(self, approvals: Given[Step], refusals: Given[Step] = (), *, submission_id: str | None = None) -> Done:
        """Approve many closings (销号) at once and refuse single ones, each with its reason, in one commit.

        Plan: 四(三)
        """
        zone = self._desk.zone
        closings = step_columns(approvals, zone, Event.CLOSE), step_columns(refusals, zone, Event.REFUSE)
        return problems.approve(self._desk, *closings, submission_id)

    def link(self, problem: Problem, ticket_ids: Sequence[TicketId]) -> Done:
        """Link tickets to a common problem (普遍问题); those that no unit has go to the unit that leads on it.

        Raises:
            ConflictError: The problem is known with another lead or topic, or a ticket is linked already.
            IllegalStepError: A ticket was handled, split or brought to its end.

        Plan: 三(二)
        """
        return problems.link(self._desk, problem, tuple(ticket_ids))

    def handle_problem(self, problem_id: str, step: Step) -> Done:
        """Handle a common problem once, and with it every linked ticket; each person is then fed back singly.

        Args:
            problem_id: Which.
            step: Day, person, remedy, reason and plan date; its ticket number is not read.

        Plan: 三(二), 四(三)
        """
        return problems.handle_problem(self._desk, problem_id, step)

    def take_up(self, steps: Given[ProblemStep], *, submission_id: str | None = None) -> Done:
        """Take steps about common problems in their order: link tickets, handle a problem once; all of them or none.

        Plan: 三(二), 四(三)
        """
        return problems.take_up(self._desk, values(ProblemStep, steps, self._desk.zone), submission_id)

    def problems(self) -> tuple[ProblemStanding, ...]:
        """Return every common problem with where its tickets stand, by number.

        Plan: 三(二)
        """
        return problems.problems(self._desk)

    def common_problems(self, on: date | None = None) -> tuple[CommonProblem, ...]:
        """Return the common problems found by a day, with how many of the people behind each were told.

        Args:
            on: As of which day; today if None. What happened later does not count.

        Returns:
            What is not handled first, then by time limit, then by number.

        Plan: 三(二)
        """
        return common_problems(self._desk.ledger, Window(to_on=on or self._desk.today))

    def similar(self, tickets: Given[Ticket]) -> tuple[Likeness, ...]:
        """Suggest which known tickets some new ones may be the same as, before they are raised; nothing is recorded.

        Plan: 三(二), 四(二)
        """
        return problems.alike(self._desk, values(Ticket, tickets, self._desk.zone))

    def watch_list(self, on: date | None = None) -> tuple[Watched, ...]:
        """Return the tickets that were answered but not solved, and whose planned day has come.

        Args:
            on: By which day; today if None.

        Plan: 四(三)
        """
        return watch_list(self._desk.ledger, Window(to_on=on or self._desk.today))

    def unanswered(self, window: Window | None = None) -> tuple[Unanswered, ...]:
        """Return every ticket that breaks 件件有落实、事事有回音: nobody has it, or nobody answered in time.

        Args:
            window: Which tickets, as of which day; all as of today if None.

        Plan: 四(三)
        """
        asked = Window(to_on=self._desk.today) if window is None else window
        return unanswered(self._desk.ledger, self._desk.plan, asked)
