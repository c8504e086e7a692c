"""The part of a campaign that moves time limits: pause and go on, ask for an extension, grant it or deny it."""

from __future__ import annotations

from zoufang.campaign.casework import take_steps
from zoufang.campaign.desk import Desk
from zoufang.campaign.given import Given, step_columns
from zoufang.campaign.outcomes import Done
from zoufang.model import Event, Step


class Limits:
    """Verbs on the clocks of tickets; nothing else moves a time limit, least of all an edit or a second import.

    Each takes steps in bulk, all or none, and a submission id under which sending again has no second effect.

    Args:
        desk: What every verb works with.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def pause(self, steps: Given[Step], *, submission_id: str | None = None) -> Done:
        """Stop clocks (缓办): each step with a reason and the person of the office who approves.

        A ticket whose clock stands is postponed: it leaves the denominator of the closing rates.

        Raises:
            LimitPassedError: The limit has passed already.

        Plan: 四(二), 四(三)
        """
        return self._take(Event.PAUSE, steps, submission_id)

    def go_on(self, steps: Given[Step], *, submission_id: str | None = None) -> Done:
        """Let clocks go on: each limit moves by exactly the days of its pause.

        Plan: 四(二), 四(三)
        """
        return self._take(Event.GO_ON, steps, submission_id)

    def ask(self, steps: Given[Step], *, submission_id: str | None = None) -> Done:
        """Ask for extensions (申请延期): each step with its days and its reason.

        Raises:
            LimitPassedError: The limit has passed already.
            BadValueError: More days than the plan allows in all.

        Plan: 四(二), 四(三)
        """
        return self._take(Event.ASK_EXTENSION, steps, submission_id)

    def grant(self, steps: Given[Step], *, submission_id: str | None = None) -> Done:
        """Grant extensions: each step with its days, no more than were asked for, and who approves.

        Raises:
            BadValueError: More days than were asked for.

        Plan: 四(二), 四(三)
        """
        return self._take(Event.GRANT_EXTENSION, steps, submission_id)

    def deny(self, steps: Given[Step], *, submission_id: str | None = None) -> Done:
        """Deny extensions: each step with its reason and who decides; the limit stays.

        Plan: 四(二), 四(三)
        """
        return self._take(Event.DENY_EXTENSION, steps, submission_id)

    def _take(self, event: Event, steps: Given[Step], submission_id: str | None) -> Done:
        return take_steps(self._desk, step_columns(steps, self._desk.zone, event), submission_id)
