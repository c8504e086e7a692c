"""The part of a campaign that answers questions: who stands where, and why."""

from __future__ import annotations

from datetime import date

from zoufang.campaign.conflict_book import ConflictBook
from zoufang.campaign.limits import Limits
from zoufang.campaign.posts import Posts
from zoufang.campaign.story import Story, story
from zoufang.model import Actor
from zoufang.reports import Supervised, supervised


class Casebook(ConflictBook):
    """Questions to a campaign that are no figures.

    Args:
        desk: What every verb works with.
    """

    @property
    def limits(self) -> Limits:
        """The verbs that move time limits: pause, go on, ask for an extension, grant and deny it."""
        return Limits(self._desk)

    def ladder(self, on: date | None = None) -> tuple[Supervised, ...]:
        """Return which tickets stand on which step of the plan's ladder, and who must see to each.

        Args:
            on: As of which day; today if None. What happened later does not count.

        Returns:
            One per ticket, the highest step first.

        Plan: 四(三), 五(三)
        """
        return supervised(self._desk.ledger, self._desk.plan, on or self._desk.today)

    def why(self, id: str, *, on: date | None = None) -> Story:  # noqa: A002 - a ticket's or a target's
        """Tell how a ticket or target came where it is, who holds it, what is next and by when.

        Args:
            id: A ticket's number or a target's.
            on: As of which day; today if None.

        Raises:
            UnknownIdError: It is neither.

        Plan: 二, 四(二), 四(三), 五(三)
        """
        return story(self._desk, id, on or self._desk.today)

    def actor(self, person_id: str) -> Actor:
        """Return a member of staff as one who acts, as the register has them; for :meth:`Campaign.acting`.

        Raises:
            UnknownIdError: Nobody in the register has that id.

        Plan: 五(一)
        """
        return Posts(self._desk.plan, self._desk.ledger).actor(person_id)
