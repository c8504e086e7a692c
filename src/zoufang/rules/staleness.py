"""Two handlers and one ticket: what may have happened since somebody looked, without touching what they decide.

A step may carry the version of the ticket that its author saw. Where the ticket has moved on since, the table says
whether the step still stands: if nothing that happened touches what it decides on, it goes on top (a soft conflict);
else it is refused (a hard one), since its author would have decided on something that is no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import frozen

from zoufang.model import Event

E = Event


@frozen
class Untouched:
    """One line of the table.

    Args:
        event: What somebody decided.
        since: What may have happened meanwhile, in any order and number.
        why: The reason, read aloud.
    """

    event: Event
    since: tuple[Event, ...]
    why: str


_CLOCK = (E.ASK_EXTENSION, E.GRANT_EXTENSION, E.DENY_EXTENSION, E.PAUSE, E.GO_ON)

UNTOUCHED: tuple[Untouched, ...] = (
    Untouched(E.HANDLE, _CLOCK, "What was done stays done, however many days there were for it."),
    Untouched(E.FEED_BACK, _CLOCK, "The person was told what was done, however long that took."),
    Untouched(E.APPLY, _CLOCK, "The unit's key rests on what was done and told, not on the limit."),
    Untouched(
        E.WITHDRAW,
        (E.ROUTE, E.ACCEPT, E.SEND_BACK, *_CLOCK),
        "The person takes it back, whoever holds it; after an answer they would have to be asked again.",
    ),
    Untouched(
        E.MERGE,
        (E.ROUTE, E.ACCEPT, E.SEND_BACK, *_CLOCK),
        "That two tickets are one demand does not rest on who holds them, or on how long they have.",
    ),
    Untouched(E.TELL, (E.TELL,), "To be told twice what came of it harms nobody."),
)
"""What does not touch what; whatever is not here does.

Among what is not here: a dispatch rests on who returned the ticket before, a return and an acceptance on who was sent
it, a request for more days on the limit that is in force, a split on who has begun, and closing on every word before.

Plan: 四(二), 四(三)
"""

_PASSES: Mapping[Event, frozenset[Event]] = {line.event: frozenset(line.since) for line in UNTOUCHED}


def untouched(event: Event, since: Iterable[Event]) -> bool:
    """Say whether a step still stands after what has happened to its ticket since its author looked.

    Args:
        event: What was decided.
        since: What has happened since.

    Returns:
        True where the step goes on top, if the lifecycle allows it where the ticket stands now.

    Plan: 四(三)
    """
    return _PASSES.get(event, frozenset()).issuperset(since)
