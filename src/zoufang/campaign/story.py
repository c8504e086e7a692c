"""How a ticket or a target came where it is, in a person's words: no names, telephones or spoken words, ids only."""

from __future__ import annotations

from datetime import date
from typing import Literal

from attrs import frozen

from zoufang.campaign.desk import Desk
from zoufang.campaign.target_story import TargetStory
from zoufang.campaign.ticket_story import TicketStory
from zoufang.errors import UnknownIdError
from zoufang.typing import Language, Text


@frozen
class Story:
    """What is told of a ticket or a target.

    Args:
        id: Which.
        about: ``ticket`` or ``target``.
        lines: Whole sentences, the oldest matter first, then where it stands and what is next.
    """

    id: str
    about: Literal["ticket", "target"]
    lines: tuple[Text, ...]

    def said_in(self, language: Language) -> str:
        """Return the sentences, one a line."""
        return "\n".join(line.said_in(language) for line in self.lines)


def story(desk: Desk, id: str, on: date) -> Story:  # noqa: A002 - a ticket's or a target's
    """Tell how a ticket or target came where it is, as of a day.

    Raises:
        UnknownIdError: It is neither.

    Plan: 二, 四(二), 四(三), 五(三)
    """
    lines = tuple(TicketStory(desk, on).told(id))
    if lines:
        return Story(id, "ticket", lines)
    lines = tuple(TargetStory(desk, on).told(id))
    if lines:
        return Story(id, "target", lines)
    raise UnknownIdError(what="ticket or target", id=id)
