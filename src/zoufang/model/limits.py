"""Time limits: how many of what, which hours are worked, and what happens to the clock on the way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property

from attrs import field, frozen

from zoufang.typing import Text


class Count(StrEnum):
    """What a time limit counts.

    Plan: 四(二)
    """

    WORKING_HOURS = "working_hours"
    HOURS = "hours"
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"

    @property
    def by_the_clock(self) -> bool:
        """True where it ends at a minute, not with a day."""
        return self is Count.WORKING_HOURS or self is Count.HOURS

    @property
    def on_working_days(self) -> bool:
        """True where days off do not count."""
        return self is Count.WORKING_HOURS or self is Count.WORKING_DAYS


@frozen
class Limit:
    """A time limit.

    Args:
        n: How many, at least 0.
        count: Of what.
    """

    n: int
    count: Count = Count.WORKING_DAYS


@frozen
class LimitClass:
    """A time limit of its own for one sort of demand, such as a consultation.

    Args:
        id: The class's id; a step of routing may name it.
        label: Its name.
        limit: How long.
    """

    id: str
    label: Text
    limit: Limit


class Reopened(StrEnum):
    """What the clock does when a closing is revoked."""

    RESTART = "restart"
    KEEP = "keep"


class Rerouted(StrEnum):
    """What the clock does when a ticket was returned and goes to another unit."""

    RESTART = "restart"
    KEEP = "keep"
    REST = "rest"


class Parted(StrEnum):
    """What the clock of a ticket does that is split while it runs."""

    FOLLOW = "follow"
    KEEP = "keep"


@frozen
class WorkingHours:
    """One stretch of the working day.

    Args:
        opens: When it begins, as ``08:30``.
        closes: When it ends, later than it begins, as ``12:00``; ``24:00`` is the end of the day.
    """

    opens: str
    closes: str

    @property
    def from_minute(self) -> int:
        """Minute of the day at which it begins, 0 to 1440; 0 where that cannot be read."""
        return minute_of(self.opens) or 0

    @property
    def to_minute(self) -> int:
        """Minute of the day at which it ends, 0 to 1440; 0 where that cannot be read."""
        return minute_of(self.closes) or 0


def minute_of(clock: str) -> int | None:
    """Return the minute of the day that a text such as ``08:30`` names; None where it names none."""
    hour, _, minute = clock.partition(":")
    if not (hour.isascii() and hour.isdigit() and minute.isascii() and minute.isdigit() and len(clock) == LENGTH):
        return None
    found = int(hour) * 60 + int(minute)
    return found if int(minute) < 60 and found <= 24 * 60 else None


LENGTH = len("08:30")
USUAL_HOURS = (WorkingHours("08:30", "12:00"), WorkingHours("13:30", "17:30"))
"""Where a plan declares no hours."""


@frozen(slots=False)
class DeadlineRule:
    """How long a unit has; a published preset fills in what the plan does not say.

    Args:
        preset: Name of the published rule set, or a name of the plan's own.
        handle_days: Days from dispatch to handling, at least 1.
        extension_days: Days that may be granted on top in all, at least 0.
        return_days: Working days within which a wrong dispatch goes back, at least 0.
        on_the_spot_days: Working days for general problems, 0 means the same day.
        clause: The plan's clause.
        basis: The published source of the numbers.
        count: What ``handle_days`` and ``extension_days`` count; never hours.
        classes: Limits of their own, by sort of demand.
        by_topic: Topic to the class it belongs to; other topics take ``handle_days``.
        on_reopen: What the clock does when a closing is revoked.
        reopen_days: Days for handling again after a revocation, where the clock restarts; None takes the ticket's
            own limit.
        on_reroute: What the clock does when a returned ticket is routed again.
        on_split: What the clock of a ticket does when it is split: it ends no earlier than its parts do, or stays.
        hours: The stretches of the working day, in order.
        yellow_days: A yellow card is due this many working days before the limit; None means no such card.
        red_days: A red card is due this many working days after the limit; None means no such card.
        presumed: Entries that the preset's source does not state.

    Plan: 四(二), 四(三)
    """

    preset: str
    handle_days: int
    extension_days: int
    return_days: int
    clause: str
    basis: Text
    on_the_spot_days: int = 0
    count: Count = Count.WORKING_DAYS
    classes: tuple[LimitClass, ...] = ()
    by_topic: Mapping[str, str] = field(factory=dict)
    on_reopen: Reopened = Reopened.RESTART
    reopen_days: int | None = None
    on_reroute: Rerouted = Rerouted.RESTART
    on_split: Parted = Parted.FOLLOW
    hours: tuple[WorkingHours, ...] = USUAL_HOURS
    yellow_days: int | None = None
    red_days: int | None = None
    presumed: tuple[str, ...] = ()

    def limit_of(self, class_id: str | None) -> Limit:
        """Return the limit of a class; the general one for None and for a class that there is not."""
        return self._by_class.get(class_id, self._general)

    @cached_property
    def _general(self) -> Limit:
        return Limit(self.handle_days, self.count)

    @cached_property
    def _by_class(self) -> Mapping[str | None, Limit]:
        return {line.id: line.limit for line in reversed(self.classes)}


@frozen
class Deadline:
    """By when something must be done.

    Args:
        on: The last day.
        minute: Minute of that day, 0 to 1440; None means the whole day.
        assumed: True where a year that was counted through has no official calendar.
    """

    on: date
    minute: int | None = None
    assumed: bool = False


class GateState(StrEnum):
    """Whether a verb may be used in a phase."""

    OPEN = "open"
    WARNED = "warned"
    CLOSED = "closed"


@frozen
class Gate:
    """One line of the table verb by phase; what has no line is open.

    Args:
        verb: ``record``, ``draw``, ``call_back``, or an event of the lifecycle.
        phase: A phase's id, or ``outside`` for days that belong to none.
        state: ``warned`` records and marks, ``closed`` refuses.
        clause: The plan's clause.
    """

    verb: str
    phase: str
    state: GateState
    clause: str
