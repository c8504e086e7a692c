"""Splitting a ticket: the parts that the office makes of it, each a ticket of its own."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve

from zoufang.campaign.desk import Desk
from zoufang.campaign.record import ticket_cells
from zoufang.campaign.rows import Sheaf
from zoufang.errors import DuplicateIdError
from zoufang.model import Event, Head, Step, Track


def raise_parts(desk: Desk, sheaf: Sheaf, decided: Sequence[tuple[Event, Step, Head]]) -> None:
    """Add a ticket for each part of the tickets that were split.

    A part is of the same source, topic, area and target; what the person said stays with the ticket that was split.

    Raises:
        DuplicateIdError: The number of a part was given to another ticket before.

    Plan: 四(二)
    """
    parts = {head.ticket_id: head for event, _, head in decided if event is Event.RAISE and head.parent_id}
    if not parts:
        return
    whole = desk.state.tickets({head.parent_id for head in parts.values() if head.parent_id})
    for taken in desk.state.tickets(parts):
        raise DuplicateIdError(what="ticket", id=taken)
    for head in parts.values():
        parent = whole[str(head.parent_id)]
        part = evolve(parent, id=head.ticket_id, on=head.on, track=Track.JOINT, parent_id=head.parent_id)
        whole[head.ticket_id] = part
        sheaf.ticket(part, sheaf.content(*ticket_cells(part)))
