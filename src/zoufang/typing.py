"""Every alias of the house, explained in place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Literal, NewType, Protocol, TypeVar

from attrs import frozen

Item = TypeVar("Item")

Language = Literal["zh", "en"]
"""The two languages people look at; Chinese is the default everywhere."""

AreaId = NewType("AreaId", str)
"""A street, community or grid, e.g. ``C03-G02``."""

UnitId = NewType("UnitId", str)
"""Who answers: a department, an office or a community, e.g. ``jianshe`` or ``C03``."""

PersonId = NewType("PersonId", str)
"""A member of staff; never a name."""

TargetId = NewType("TargetId", str)
"""A household, firm, shop, site or pupil's family on the roster."""

KindId = NewType("KindId", str)
"""A kind of target declared in the plan, e.g. ``household``."""

DutyId = NewType("DutyId", str)
"""One line of the responsibility matrix."""

TopicId = NewType("TopicId", str)
"""One topic of the plan's topic list."""

VisitId = NewType("VisitId", str)
"""One visit, numbered by whoever made the record."""

TicketId = NewType("TicketId", str)
"""One tracked demand (诉求)."""

Seq = NewType("Seq", int)
"""The position of a commit in the ledger, from 1, without gaps."""

Clock = Callable[[], datetime]
"""Says what time it is, aware; injected, so that rules never ask the machine."""

Salt = Callable[[], str]
"""Gives a fresh random hex string; injected, so that a test can make it repeatable."""

Wire = str | int | None
"""What a fact's cell is made of on disk and in the digest: a JSON string, integer or null."""

WireRow = tuple[Wire, ...]
"""One row of a fact table, in the order of its declared columns."""


class Progress(Protocol):
    """Wraps a long iteration and shows how far it is; the default shows nothing."""

    def __call__(self, items: Iterable[Item], *, label: str, total: int | None = None) -> Iterable[Item]:
        """Return the items, shown as they go."""
        ...


def silent(items: Iterable[Item], *, label: str, total: int | None = None) -> Iterable[Item]:  # noqa: ARG001 - the protocol's arguments
    """Pass the items on and show nothing."""
    return items


def listed(items: Iterable[str], language: Language) -> str:
    """Return words as a list within a sentence."""
    return ("、" if language == "zh" else ", ").join(items)


@frozen
class Text:
    """The same words in Chinese and in English.

    Args:
        zh: Chinese, shown by default.
        en: English, shown on request.
    """

    zh: str
    en: str

    def said_in(self, language: Language) -> str:
        """Return the words in one language."""
        return self.zh if language == "zh" else self.en

    def filled(self, **data: object) -> Text:
        """Return the words with their data filled in; data that is a text itself is said in each language."""
        zh = {name: one.zh if isinstance(one, Text) else one for name, one in data.items()}
        en = {name: one.en if isinstance(one, Text) else one for name, one in data.items()}
        return Text(self.zh.format(**zh), self.en.format(**en))
