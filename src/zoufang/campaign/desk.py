"""What every verb works with: plan, ledger, plugins, who acts, what time it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

from attrs import frozen

from zoufang.campaign.checks import by
from zoufang.campaign.gates import pass_gates, warn_of_assumed
from zoufang.campaign.outcomes import Done
from zoufang.campaign.posts import permit_change
from zoufang.campaign.rows import Sheaf
from zoufang.campaign.state import State
from zoufang.campaign.withholding import withhold
from zoufang.errors import BadValueError, RefusedFactError, SubmissionConflictError
from zoufang.ledger import Ledger, Receipt, keyed_digest
from zoufang.model import Actor, CampaignPlan
from zoufang.rules import permit
from zoufang.rules.deadlines import MINUTES_AN_HOUR
from zoufang.sdk import Plugins
from zoufang.typing import Clock, Salt

CONTENT_DIGITS = 16
"""Hexadecimal digits of a batch's digest by which it is remembered under a number that was used before."""


@frozen
class Desk:
    """Everything that a verb needs.

    Args:
        plan: The plan.
        ledger: The ledger.
        plugins: The plugins' host.
        actor: Who acts.
        clock: What time it is.
        salt: Gives salts for private texts.
    """

    plan: CampaignPlan
    ledger: Ledger
    plugins: Plugins
    actor: Actor
    clock: Clock
    salt: Salt

    @property
    def zone(self) -> ZoneInfo:
        """The street's own time zone."""
        return ZoneInfo(self.plan.street.timezone)

    @property
    def today(self) -> date:
        """The day in the street's own time zone."""
        return self.clock().astimezone(self.zone).date()

    def day(self, on: date | None) -> date:
        """Return the day that was asked for, today if None.

        Raises:
            BadValueError: It is yet to come.
        """
        today = self.today
        if on is not None and on > today:
            raise BadValueError(what="on", id="day", value=on.isoformat(), allowed=by(today))
        return on or today

    @property
    def minute(self) -> int:
        """The minute of the day in the street's own time zone."""
        now = self.clock().astimezone(self.zone)
        return now.hour * MINUTES_AN_HOUR + now.minute

    @property
    def state(self) -> State:
        """The ledger as it stands now."""
        return State(self.ledger)

    def sheaf(self) -> Sheaf:
        """Return an empty sheaf for a change."""
        return Sheaf(self.ledger, self.salt)

    def content(self, values: object) -> str:
        """Return the keyed digest of what was handed in."""
        return keyed_digest(self.ledger.key, values)

    def resent(self, verb: str, submission_id: str | None, content: str) -> Done | None:
        """Return the first result where the same submission was accepted before; also refuse who may not.

        Raises:
            NotAllowedError: The actor's role may not use the verb.
            SubmissionConflictError: The submission id was used for other content.
        """
        permit(self.actor, verb)
        before = None if submission_id is None else self.ledger.submission(submission_id)
        if before is None:
            return None
        if before.content != content:
            raise SubmissionConflictError(submission_id=str(submission_id), seq=before.seq)
        receipt = Receipt(seq=before.seq, chain=before.chain, n_facts=before.n_facts, duplicate=True)
        return Done(receipt=receipt)

    def handed_in(self, verb: str, submission_id: str | None, content: str) -> tuple[Done | None, str | None]:
        """Return the first result of a batch of records that came before, or the number to remember it under.

        Under a number that was used for another batch of the same kind it is remembered by a number of its own, from
        the given one and its content: its rows are compared with what is recorded one by one, and the same batch a
        third time has no effect.

        Args:
            verb: The verb.
            submission_id: The sender's own number, if any.
            content: The keyed digest of the batch.

        Raises:
            NotAllowedError: The actor's role may not use the verb.
            SubmissionConflictError: The submission id was used for something of another kind.
        """
        before = None if submission_id is None else self.ledger.submission(submission_id)
        if before is not None and before.verb == verb and before.content != content:
            submission_id = f"{submission_id}#{content[:CONTENT_DIGITS]}"
        return self.resent(verb, submission_id, content), submission_id

    def once_more(self, verb: Callable[[], Done]) -> Done:
        """Do something; and once more, while nobody else writes, where somebody was faster with the same number.

        The number of a visit or ticket, or of a submission; what stands in the way still is raised the second time.
        """
        try:
            return verb()
        except (RefusedFactError, SubmissionConflictError):
            with self.ledger.together():
                return verb()

    def commit(
        self,
        verb: str,
        sheaf: Sheaf,
        *,
        submission_id: str | None = None,
        content: str | None = None,
        n_new: int = 0,
        n_known: int = 0,
        unrouted: tuple[str, ...] = (),
    ) -> Done:
        """Commit a sheaf; an empty one commits nothing.

        Raises:
            RefusedError: The actor's role, post or reach forbids the change; nothing was recorded.
        """
        facts = sheaf.change
        permit_change(self.plan, self.ledger, self.actor, verb, facts)
        if not any(facts.values()):
            return Done(receipt=None, n_new=0, n_known=n_known, unrouted=unrouted)
        n_withheld = withhold(self.ledger, sheaf)
        facts = sheaf.change
        marks = pass_gates(self.plan, verb, facts, self.today)
        sheaf.facts["marks"].extend(marks)
        warn_of_assumed(self.plan, facts)
        receipt = self.ledger.commit(sheaf.draft(verb, self.actor, self.clock, submission_id, content))
        return Done(
            receipt=receipt, n_new=n_new, n_known=n_known, unrouted=unrouted, n_marked=len(marks), n_withheld=n_withheld
        )
