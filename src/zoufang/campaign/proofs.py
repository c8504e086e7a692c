"""The part of a campaign that gives proof to those outside: signed checkpoints and bundles."""

from __future__ import annotations

from zoufang.analysis import Grain, Metric, Window, catalogue
from zoufang.campaign import weekly
from zoufang.campaign.surveys import Surveys
from zoufang.errors import UnknownIdError
from zoufang.proof import SignedCheckpoint, SigningKey, figure_bundle, sign_checkpoint, slip, ticket_bundle
from zoufang.typing import Progress, Seq, TicketId, silent


class Proofs(Surveys):
    """Proof for those who may not see the ledger.

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
        progress: Progress = silent,
    ) -> bytes:
        """Return a bundle with which anybody can check one ticket's history offline, and see no other household.

        Args:
            ticket_id: Which ticket.
            key: Signs the bundle; None leaves it unsigned.
            checkpoint: One that was signed before; the ledger's last commit if None.
            progress: Shows how far it is.

        Returns:
            The bytes of a ZIP file; :func:`zoufang.proof.verify_bundle` or the checker inside reads it.

        Raises:
            UnknownIdError: There is no such ticket.
            NotInChainError: The ledger does not hold the checkpoint unchanged.

        Plan: 四(三), 五(三)
        """
        desk = self._desk
        return ticket_bundle(desk.ledger, ticket_id, key=key, at=desk.clock(), checkpoint=checkpoint, progress=progress)

    def proof_of(
        self,
        metric: str,
        *,
        week: int | None = None,
        by: tuple[Grain, ...] = (),
        key: SigningKey | None = None,
        checkpoint: SignedCheckpoint | None = None,
    ) -> bytes:
        """Return a bundle with which anybody can count one figure again, its cases under pseudonyms.

        Args:
            metric: The metric's id, e.g. ``visited``.
            week: As in the dispatch of that number; as of now if None.
            by: How to split.
            key: Signs the bundle; None leaves it unsigned.
            checkpoint: One of the same commit that was signed before.

        Returns:
            The bytes of a ZIP file.

        Raises:
            UnknownIdError: There is no such metric, dispatch, or way to split.
            NotInChainError: The checkpoint is of another commit.

        Plan: 一, 五(三)
        """
        window = Window() if week is None else self._until(week)
        desk, definition = self._desk, self._metric(metric)
        return figure_bundle(
            desk.ledger, definition, window, key=key, at=desk.clock(), salt=desk.salt, by=by, checkpoint=checkpoint
        )

    def slip(self, bundle: bytes, case_id: str, *, file: str = "bundle.zip") -> str:
        """Return the slip with which a person finds their own case in a figure's bundle.

        Args:
            bundle: The bundle's bytes.
            case_id: The ticket, visit or target.
            file: The bundle's name, for messages.

        Raises:
            BundleError: It is no bundle of a figure of this ledger.
            UnknownIdError: The case is not in it.

        Plan: 一
        """
        return slip(self._desk.ledger, bundle, case_id, file=file)

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
