"""The part of a campaign that gives proof to those outside: signed checkpoints and bundles."""

from __future__ import annotations

from zoufang.analysis import Grain, Metric, Window, catalogue, figures
from zoufang.campaign import weekly
from zoufang.campaign.surveys import Surveys
from zoufang.errors import UnknownIdError
from zoufang.proof import SignedCheckpoint, SigningKey, figure_bundle, sign_checkpoint, slip, ticket_bundle
from zoufang.rules import permit
from zoufang.typing import Progress, Seq, TicketId, WireRow, silent

VERB = "prove"
FIGURE, SLIP = "figure:{id}", "slip:{id}"
"""By what a list of cases was given out, or one case opened, as it stands among the look-ups."""


class Proofs(Surveys):
    """Proof for those who may not see the ledger; each is recorded before it is handed out.

    What is recorded comes after what is proved: a bundle ends where the ledger stood before, which is what the latest
    printed pages show.

    Args:
        desk: What every verb works with.
    """

    def checkpoint(self, key: SigningKey, seq: Seq | None = None) -> SignedCheckpoint:
        """Sign where the ledger stood.

        Args:
            key: Who signs; :func:`zoufang.proof.load_key` opens one.
            seq: The commit; the last one if None.

        Raises:
            NotInChainError: There is no such commit.

        Plan: 五(三)
        """
        return sign_checkpoint(self._desk.ledger, key, self._desk.clock(), seq)

    def proof(
        self,
        ticket_id: TicketId,
        *,
        key: SigningKey | None = None,
        checkpoint: SignedCheckpoint | None = None,
        purpose: str = "",
        progress: Progress = silent,
    ) -> bytes:
        """Return a bundle with which anybody can check one ticket's history offline, and see no other household.

        That it was made is a commit of its own, with whose ticket and what for.

        Args:
            ticket_id: Which ticket.
            key: Signs the bundle; None leaves it unsigned.
            checkpoint: One that was signed before; the ledger's last commit if None.
            purpose: For whom or what, in a few public words.
            progress: Shows how far it is.

        Returns:
            The bytes of a ZIP file; :func:`zoufang.proof.verify_bundle` or the checker inside reads it.

        Raises:
            NotAllowedError: The actor's role may not give proof.
            UnknownIdError: There is no such ticket.
            NotInChainError: The ledger does not hold the checkpoint unchanged.
            LockedError: The master key is not at hand, so that nothing can be recorded.

        Plan: 四(三), 五(一), 五(三)
        """
        desk = self._desk
        permit(desk.actor, VERB)
        made = ticket_bundle(desk.ledger, ticket_id, key=key, at=desk.clock(), checkpoint=checkpoint, progress=progress)
        self._record("ticket_reads", (ticket_id, purpose))
        return made

    def proof_of(
        self,
        metric: str,
        *,
        week: int | None = None,
        by: tuple[Grain, ...] = (),
        key: SigningKey | None = None,
        checkpoint: SignedCheckpoint | None = None,
        purpose: str = "",
    ) -> bytes:
        """Return a bundle with which anybody can count one figure again, its cases under pseudonyms.

        That it was made is a commit of its own, with which figure, over how many cases, and what for.

        Args:
            metric: The metric's id, e.g. ``visited``.
            week: As in the dispatch of that number; as of now if None.
            by: How to split.
            key: Signs the bundle; None leaves it unsigned.
            checkpoint: One of the same commit that was signed before.
            purpose: For whom or what, in a few public words.

        Returns:
            The bytes of a ZIP file.

        Raises:
            NotAllowedError: The actor's role may not give proof.
            UnknownIdError: There is no such metric, dispatch, or way to split.
            NotInChainError: The checkpoint is of another commit.
            LockedError: The master key is not at hand.

        Plan: 一, 五(一), 五(三)
        """
        desk, definition = self._desk, self._metric(metric)
        permit(desk.actor, VERB)
        window = Window(as_of=desk.ledger.head.seq) if week is None else self._until(week)
        made = figure_bundle(
            desk.ledger, definition, window, key=key, at=desk.clock(), salt=desk.salt, by=by, checkpoint=checkpoint
        )
        (whole,) = figures(desk.ledger, definition, window)
        self._record("lookups", (FIGURE.format(id=metric), whole.of, purpose))
        return made

    def slip(self, bundle: bytes, case_id: str, *, purpose: str = "", file: str = "bundle.zip") -> str:
        """Return the slip with which a person finds their own case in a figure's bundle; which case is recorded.

        Args:
            bundle: The bundle's bytes.
            case_id: The ticket, visit or target.
            purpose: For whom or what, in a few public words.
            file: The bundle's name, for messages.

        Raises:
            NotAllowedError: The actor's role may not give proof.
            BundleError: It is no bundle of a figure of this ledger.
            UnknownIdError: The case is not in it.
            LockedError: The master key is not at hand.

        Plan: 一, 五(一)
        """
        permit(self._desk.actor, VERB)
        made = slip(self._desk.ledger, bundle, case_id, file=file)
        self._record("lookups", (SLIP.format(id=case_id), 1, purpose))
        return made

    def _record(self, table: str, row: WireRow) -> None:
        """Commit that something is about to be handed out."""
        sheaf = self._desk.sheaf()
        sheaf.facts[table].append(row)
        self._desk.commit(VERB, sheaf)

    def _until(self, number: int) -> Window:
        """Return what the dispatch of a number counts from the campaign's first day on."""
        made = {one.week.number: one for one in weekly.dispatched(self._desk)}
        if number not in made:
            raise UnknownIdError(what="dispatch", id=str(number), known=tuple(map(str, made)))
        last = made[number].week.to_on
        return Window(as_of=made[number].as_of, to_on=last, final=last >= self._desk.plan.last_on)

    def _metric(self, name: str) -> Metric:
        metrics = catalogue(self._desk.plan)
        if name not in metrics:
            raise UnknownIdError(what="metric", id=name, known=tuple(sorted(metrics)))
        return metrics[name]
