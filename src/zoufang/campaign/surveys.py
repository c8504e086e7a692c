"""The part of a campaign that asks people whether it was really solved, and what their answers say."""

from __future__ import annotations

from datetime import date

from zoufang.analysis import Estimate, LotVerdict, Question, Window, estimates, judged
from zoufang.campaign import callbacks
from zoufang.campaign.casebook import Casebook
from zoufang.campaign.given import Given, wire_columns
from zoufang.campaign.outcomes import Done
from zoufang.model import CallBack


class Surveys(Casebook):
    """Call-backs: drawn, recorded, and read.

    Args:
        desk: What every verb works with.
    """

    def draw(self, *, on: date | None = None, seed: str = "") -> Done:
        """Draw the call-back sample among the closings that no draw has considered yet.

        Args:
            on: The day of the draw; today if None.
            seed: Names the draw; the same seed draws the same tickets.

        Plan: 五(三)
        """
        return callbacks.draw_sample(self._desk, on, seed)

    def call_back(self, calls: Given[CallBack], *, submission_id: str | None = None) -> Done:
        """Record what people said when called back; a closing that was not true goes back to its unit.

        Plan: 五(三)
        """
        return callbacks.call_back(self._desk, wire_columns(CallBack, calls, self._desk.zone), submission_id)

    def estimates(self, question: Question = "solved", window: Window | None = None) -> tuple[Estimate, ...]:
        """Say what the call-backs tell of all closings, each unit's and last the street's, with exact intervals.

        Plan: 五(三)
        """
        return estimates(self._desk.ledger, self._desk.plan.callbacks, window or Window(), question)

    def lots(self, window: Window | None = None) -> tuple[LotVerdict, ...]:
        """Judge each unit's closings as a lot, as the plan declares; none where it declares no lot.

        Plan: 五(三)
        """
        return judged(self._desk.ledger, self._desk.plan.callbacks, window or Window())
