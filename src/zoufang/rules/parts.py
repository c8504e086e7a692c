"""A ticket and its parts (分解): who waits for whom, and what the parts come to together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from attrs import evolve

from zoufang.errors import BadValueError, DuplicateIdError, GoesOnForError, OpenPartsError, PartMergedError, PartOfError
from zoufang.model import Event, Head, Remedy, Status, Step
from zoufang.rules.lifecycle import BETWEEN_TICKETS, FINAL, GONE, OPENS_AGAIN, PARTS_FIRST
from zoufang.typing import Text, TicketId


class Families:
    """Tickets with what hangs on each: its parts, and the tickets that were merged into it.

    Args:
        heads: Where each ticket stands; a ticket's parts, its parent and those merged into it among them.
    """

    def __init__(self, heads: Mapping[str, Head]) -> None:
        self.now: dict[str, Head] = dict(heads)
        self._parts: defaultdict[str, list[str]] = defaultdict(list)
        self._merged: defaultdict[str, list[str]] = defaultdict(list)
        for head in heads.values():
            self._hang(head)

    def _hang(self, head: Head) -> None:
        if head.parent_id is not None:
            self._parts[head.parent_id].append(head.ticket_id)
        if head.into is not None:
            self._merged[head.into].append(head.ticket_id)

    def put(self, head: Head) -> None:
        """Take note of where a ticket stands now."""
        before = self.now.get(head.ticket_id)
        self.now[head.ticket_id] = head
        if before is None or before.into != head.into:
            self._hang(head if before is None else head._replace(parent_id=None))

    def alone(self, head: Head, event: Event) -> bool:
        """Say whether a step concerns no other ticket: none is part of it or merged into it, and it is part of none."""
        return (
            head.parent_id is None
            and event not in BETWEEN_TICKETS
            and head.ticket_id not in self._parts
            and head.ticket_id not in self._merged
        )

    def parts(self, ticket_id: str) -> list[Head]:
        """Return the parts of a ticket, in the order in which it was split."""
        found = self._parts.get(ticket_id, ())
        return [self.now[part] for part in sorted(found, key=lambda part: (len(part), part))]

    def merged_into(self, ticket_id: str) -> list[Head]:
        """Return the tickets that a ticket goes on for: merged into it, or into one of those."""
        found: list[Head] = []
        for other in self._merged.get(ticket_id, ()):
            found += [self.now[other], *self.merged_into(other)]
        return found

    def filled(self, event: Event, step: Step) -> Step:
        """Return the step of a split ticket's handling with the remedy that its parts come to.

        With ``tell``, what is told is about no other ticket unless it follows of itself.

        Raises:
            BadValueError: The step says another one.

        Plan: 四(三)
        """
        head = self.now[step.ticket_id]
        if event is Event.TELL:
            return evolve(step, into=None)
        if event is not Event.HANDLE or head.status is not Status.SPLIT:
            return step
        together = remedy_of(self.parts(head.ticket_id))
        if together is None or step.remedy is together:
            return step
        if step.remedy is not None:
            allowed = Text(f"{together}（由各分解件得出）", f"{together}, as its parts come to")
            raise BadValueError(what="remedy", id=head.ticket_id, value=str(step.remedy), allowed=allowed)
        return evolve(step, remedy=together)

    def refuse(self, event: Event, step: Step) -> None:
        """Refuse a step that has to wait for the parts, or that would open a part behind its parent's back.

        Raises:
            OpenPartsError: The ticket has parts that are not at their end.
            PartOfError: The ticket is a part, and its parent has gone on.
            GoesOnForError: The ticket would come to nothing, and others were merged into it.
            PartMergedError: A part would be merged into a stranger.
            BadValueError: A merge within one family.
            DuplicateIdError: A split names a unit twice.

        Plan: 四(二), 四(三)
        """
        head = self.now[step.ticket_id]
        if event in PARTS_FIRST:
            waiting = tuple(part.ticket_id for part in self.parts(head.ticket_id) if part.status not in FINAL)
            if waiting:
                raise OpenPartsError(event=event, ticket_id=head.ticket_id, parts=waiting)
        if event in OPENS_AGAIN and head.parent_id is not None:
            parent = self.now[head.parent_id]
            if parent.status is not Status.SPLIT:
                raise PartOfError(
                    event=event, ticket_id=head.ticket_id, parent_id=parent.ticket_id, status=parent.status
                )
        if event in (Event.WITHDRAW, Event.STRIKE) and (others := self.merged_into(head.ticket_id)):
            ids = tuple(other.ticket_id for other in others)
            raise GoesOnForError(event=event, ticket_id=head.ticket_id, others=ids)
        if event is Event.MERGE and step.into is not None:
            self._refuse_merge(head, step.into)
        if event is Event.SPLIT:
            for unit, n in Counter(step.parts).items():
                if n > 1:
                    raise DuplicateIdError(what="unit", id=unit)

    def _refuse_merge(self, head: Head, into: TicketId) -> None:
        """Refuse a merge within the family, and one of a part: its parent would close without what it comes to."""
        if self._root(head.ticket_id) == self._root(into):
            allowed = Text("本件的总件和分解件以外的诉求", "a ticket that is not of its own family")
            raise BadValueError(what="into", id=head.ticket_id, value=str(into), allowed=allowed)
        if head.parent_id is not None:
            raise PartMergedError(ticket_id=head.ticket_id, parent_id=head.parent_id, into=into)

    def _root(self, ticket_id: TicketId) -> TicketId:
        while (head := self.now.get(ticket_id)) is not None and head.parent_id is not None:
            ticket_id = head.parent_id
        return ticket_id


def remedy_of(parts: Sequence[Head]) -> Remedy | None:
    """Return what the parts of a ticket come to together.

    Args:
        parts: The parts, all at their end.

    Returns:
        Resolved or explained where all are, else partly; parts that were struck, withdrawn or merged say nothing, and
        None where no other is left.

    Plan: 四(三)
    """
    remedies = {part.remedy for part in parts if part.status not in GONE}
    remedies.discard(None)
    if not remedies:
        return None
    return remedies.pop() if len(remedies) == 1 else Remedy.PARTLY


def part_ids(ticket_id: TicketId, there: Iterable[Head], n: int) -> tuple[TicketId, ...]:
    """Return the numbers of the next parts of a ticket: its own, a stroke, and a count from 1.

    Plan: 四(二)
    """
    first = len(tuple(there)) + 1
    return tuple(TicketId(f"{ticket_id}/{i}") for i in range(first, first + n))
