"""The part of a campaign that works on tickets: sends them to units, and takes the steps of the lifecycle."""

from __future__ import annotations

from datetime import date

from zoufang.campaign import casework
from zoufang.campaign.desk import Desk
from zoufang.campaign.given import Given, Replies, reply_columns, step_columns
from zoufang.campaign.outcomes import Done
from zoufang.model import Event, Step
from zoufang.typing import TicketId, UnitId


class Ticketwork:
    """Work on tickets.

    Args:
        desk: What every verb works with.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def route(self, *, on: date | None = None) -> Done:
        """Send every ticket that waits for a unit to its lead, as the routers claim and the plan decides.

        Args:
            on: The day of the dispatch; today if None.

        Returns:
            How many were sent, and the tickets for which nobody leads.

        Plan: 四(二)
        """
        return casework.route(self._desk, on)

    def assign(self, ticket_id: TicketId, unit_id: UnitId, *, on: date | None = None) -> Done:
        """Send one ticket to the unit that the office names.

        Plan: 四(二)
        """
        return casework.assign(self._desk, ticket_id, unit_id, on)

    def reply(self, steps: Replies, *, submission_id: str | None = None) -> Done:
        """Take steps of different kinds in their order, all or none: a unit's replies.

        Args:
            steps: Each an event and its step; or a table with the column ``event`` beside those of steps.
            submission_id: The sender's own number; sent again, it has no second effect.

        Returns:
            How many steps were taken.

        Raises:
            BadValueError: An event that is none.
            RefusedError: The first step that the lifecycle, the two keys or the order of days forbid.

        Plan: 四(二), 四(三)
        """
        return casework.take_steps(self._desk, reply_columns(steps, self._desk.zone), submission_id)

    def _take(self, event: Event, steps: Given[Step], submission_id: str | None) -> Done:
        return casework.take_steps(self._desk, step_columns(steps, self._desk.zone, event), submission_id)

    def accept(self, steps: Given[Step], *, submission_id: str | None = None) -> Done:
        """Accept tickets for a unit.

        Plan: 四(二)
        """
        return self._take(Event.ACCEPT, steps, submission_id)

    def send_back(self, steps: Given[Step], *, submission_id: str | None = None) -> Done:
        """Return wrong dispatches (退单), each with its reason.

        Plan: 四(二)
        """
        return self._take(Event.SEND_BACK, steps, submission_id)

    def handle(self, steps: Given[Step], *, submission_id: str | None = None) -> Done:
        """Handle tickets: resolved, partly, or explained with its reason.

        Plan: 四(三)
        """
        return self._take(Event.HANDLE, steps, submission_id)

    def feed_back(self, steps: Given[Step], *, submission_id: str | None = None) -> Done:
        """Record that people were told.

        Plan: 四(三)
        """
        return self._take(Event.FEED_BACK, steps, submission_id)

    def apply(self, steps: Given[Step], *, submission_id: str | None = None) -> Done:
        """Apply for closing (销号): the unit's key.

        Plan: 四(三)
        """
        return self._take(Event.APPLY, steps, submission_id)

    def close(self, steps: Given[Step], *, submission_id: str | None = None) -> Done:
        """Approve closing (销号): the office's key.

        Plan: 四(三)
        """
        return self._take(Event.CLOSE, steps, submission_id)
