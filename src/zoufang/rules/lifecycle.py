"""The lifecycle of a ticket as one table that can be read aloud.

Everything else is derived from it: refusals, the diagram in the docs, the property tests.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from zoufang.model import Event, Status

S, E = Status, Event

OPEN = (S.RAISED, S.ROUTED, S.ACCEPTED, S.RETURNED, S.HANDLED, S.FED_BACK, S.APPLIED, S.SPLIT, S.PAUSED, S.EXTENDING)
"""Statuses in which somebody still owes something."""

GONE = (S.STRUCK, S.WITHDRAWN, S.MERGED)
"""Statuses in which nothing goes on, so that no other ticket can be merged into such a one."""

ANSWERED = (S.FED_BACK, S.APPLIED, S.CLOSED)
"""Statuses in which the person has been told."""


@frozen
class Transition:
    """One line of the table.

    Args:
        event: The verb.
        before: Statuses in which it is allowed; empty means that there is no ticket yet.
        after: The status that follows; None leaves it as it is.
        needs: Parts of a step without which it is refused.
        gloss: The line, read aloud.
    """

    event: Event
    before: tuple[Status, ...]
    after: Status | None
    needs: tuple[str, ...] = ()
    gloss: str = ""


TABLE: tuple[Transition, ...] = (
    Transition(E.RAISE, (), S.RAISED, (), "A demand is heard and gets a number."),
    Transition(E.ROUTE, (S.RAISED, S.RETURNED), S.ROUTED, ("unit_id",), "The office sends it to a lead unit."),
    Transition(E.ACCEPT, (S.ROUTED,), S.ACCEPTED, (), "The unit takes it."),
    Transition(E.SEND_BACK, (S.ROUTED,), S.RETURNED, ("reason",), "The unit returns a wrong dispatch, and says why."),
    Transition(
        E.HANDLE,
        (S.ACCEPTED, S.SPLIT, S.EXTENDING),
        S.HANDLED,
        ("remedy",),
        "The unit handles it: resolved, partly or explained; of a split ticket its parts say which.",
    ),
    Transition(E.FEED_BACK, (S.HANDLED,), S.FED_BACK, (), "The person is told."),
    Transition(E.APPLY, (S.FED_BACK,), S.APPLIED, ("person_id",), "The unit applies for closing: the first key."),
    Transition(E.CLOSE, (S.APPLIED,), S.CLOSED, ("person_id",), "The office approves: the second key."),
    Transition(E.REFUSE, (S.APPLIED,), S.ACCEPTED, ("reason",), "The office refuses, and the unit goes on."),
    Transition(
        E.REVOKE, (S.CLOSED,), S.ACCEPTED, ("reason",), "A call-back finds it not solved; it is the unit's again."
    ),
    Transition(
        E.STRIKE, (S.RAISED, S.RETURNED), S.STRUCK, ("reason",), "It does not qualify, and the office says why."
    ),
    Transition(E.WITHDRAW, OPEN, S.WITHDRAWN, ("person_id",), "The person takes it back; who notes it signs for that."),
    Transition(
        E.MERGE,
        (S.RAISED, S.ROUTED, S.ACCEPTED, S.RETURNED),
        S.MERGED,
        ("into",),
        "It is the same as another ticket, which goes on.",
    ),
    Transition(
        E.SPLIT,
        (S.RAISED, S.ROUTED, S.ACCEPTED, S.RETURNED, S.SPLIT),
        S.SPLIT,
        ("parts",),
        "The office splits it among units; each part has its own lead, clock and remedy.",
    ),
    Transition(
        E.PAUSE, (S.ACCEPTED,), S.PAUSED, ("reason", "person_id"), "The office stops the clock, and says why and who."
    ),
    Transition(E.GO_ON, (S.PAUSED,), S.ACCEPTED, (), "The pause is over; the limit moves by what it took."),
    Transition(
        E.ASK_EXTENSION, (S.ACCEPTED,), S.EXTENDING, ("reason", "days"), "The unit asks for more days, and says why."
    ),
    Transition(E.GRANT_EXTENSION, (S.EXTENDING,), S.ACCEPTED, ("days", "person_id"), "The office grants days on top."),
    Transition(E.DENY_EXTENSION, (S.EXTENDING,), S.ACCEPTED, ("reason", "person_id"), "The office denies them."),
    Transition(
        E.RESUME,
        (S.CLOSED,),
        S.ACCEPTED,
        (),
        "What was only explained can be met: its day has come, or it is said why sooner.",
    ),
    Transition(
        E.TELL, (S.MERGED, S.STRUCK), None, (), "Whoever raised a ticket that does not go on is told what came of it."
    ),
)
"""The law: which event is allowed in which status, what it needs, what follows.

Plan: 四(二), 四(三)
"""

ON_THE_SPOT: tuple[Event, ...] = (E.RAISE, E.HANDLE, E.FEED_BACK)
"""Heard, solved and fed back in one commit; only together, only when the ticket is raised.

Plan: 四(二)
"""

PARTS_FIRST: frozenset[Event] = frozenset({E.HANDLE, E.FEED_BACK, E.APPLY, E.CLOSE, E.WITHDRAW, E.MERGE, E.STRIKE})
"""Events of a split ticket that wait until every part of it has come to its end.

Plan: 四(二), 四(三)
"""

BETWEEN_TICKETS: frozenset[Event] = frozenset({E.SPLIT, E.MERGE, E.TELL})
"""Events that are always about more than one ticket.

Plan: 四(二)
"""

OPENS_AGAIN: frozenset[Event] = frozenset({E.REVOKE, E.RESUME})
"""Events that open a part again, which only the ticket that was split may do once it has gone on itself.

Plan: 四(三)
"""

BY_EVENT: Mapping[Event, Transition] = {line.event: line for line in TABLE}

FINAL: frozenset[Status] = frozenset(Status) - frozenset(OPEN)
"""Statuses in which nobody owes anything more."""


def allowed_in(status: Status) -> tuple[Event, ...]:
    """Return the events that a status allows, in the order of the table.

    Plan: 四(三)
    """
    return tuple(line.event for line in TABLE if status in line.before)


def mermaid() -> str:
    """Return the state diagram of the table, for the docs."""
    arrows = [
        f"    {before} --> {line.after or before}: {line.event}" for line in TABLE for before in line.before or ("[*]",)
    ]
    return "\n".join(["stateDiagram-v2", *arrows, f"    [*] --> {S.FED_BACK}: on the spot"])
