"""Which known tickets a new one may be the same as: by target, area, topic and time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from zoufang.model import CampaignPlan, Likeness, Status, Ticket


def similar(
    plan: CampaignPlan, tickets: Sequence[Ticket], known: Iterable[tuple[Ticket, Status]]
) -> tuple[Likeness, ...]:
    """Suggest which known tickets some new ones may be the same as; a person decides.

    Two tickets are alike when they are about one topic, were raised within the days that the plan names, and are of
    one target, or of one area where at least one of them names no target.

    Args:
        plan: Its duplicate window applies.
        tickets: The new ones; each is compared with those before it, too.
        known: Known tickets, each with where it stands.

    Returns:
        By new ticket in the order given; those of one target first, then the nearest in time, then by number.

    Plan: 三(二), 四(二)
    """
    by_topic: defaultdict[str, list[tuple[Ticket, Status]]] = defaultdict(list)
    for other, status in known:
        by_topic[other.topic_id].append((other, status))
    found: list[Likeness] = []
    for ticket in tickets:
        near = [
            Likeness(ticket.id, other.id, by, days, status)
            for other, status in by_topic[ticket.topic_id]
            if (days := abs((ticket.on - other.on).days)) <= plan.duplicates.days
            and other.id != ticket.id
            and (by := _alike(ticket, other))
        ]
        found += sorted(near, key=lambda one: (one.by != "target", one.days, one.like))
        by_topic[ticket.topic_id].append((ticket, Status.RAISED))
    return tuple(found)


def _alike(one: Ticket, other: Ticket) -> str:
    if one.target_id is not None and other.target_id is not None:
        return "target" if one.target_id == other.target_id else ""
    return "area" if one.area_id is not None and one.area_id == other.area_id else ""
