"""督办: which tickets and common problems stand on which step of the ladder, and who must see to each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from attrs import frozen

from zoufang.analysis import Window, names, posts, pressed
from zoufang.facts import Reader
from zoufang.intake import LADDER
from zoufang.model import CampaignPlan, Role
from zoufang.reports import words
from zoufang.reports.cells import SheetData, read_list
from zoufang.reports.desk import Desk, unit_name
from zoufang.reports.document import Align, Block, Column, Mark, Paragraph, Table
from zoufang.rules import HIGH, Answering, OnLadder, answering, climb
from zoufang.typing import PersonId, Seq, UnitId

MOST = 10
"""So many tickets a dispatch lists; the rest stand in ladder.xlsx."""


@frozen
class Supervised:
    """A ticket on the ladder, and who must see to it.

    Args:
        place: Ticket, step and since when.
        by: In which role, which unit, and its people by the register.
    """

    place: OnLadder
    by: Answering

    @property
    def unit_id(self) -> UnitId | None:
        """The unit that must: the holder, or an office of the plan; None for the leader."""
        return self.by.unit_id

    @property
    def person_ids(self) -> tuple[PersonId, ...]:
        """Its people in that role, who may be several or none."""
        return self.by.person_ids

    @property
    def in_place_of(self) -> Role | None:
        """The step's own role, where nobody holds it and the next one up answers; None where somebody does."""
        own = self.place.step.responsible
        return None if self.by.role is own else own

    @property
    def due_on(self) -> date | None:
        """The time limit in force."""
        return self.place.ticket.due_on


def supervised(
    reader: Reader, plan: CampaignPlan, on: date, as_of: Seq | None = None, *, ticket_id: str | None = None
) -> tuple[Supervised, ...]:
    """Return the tickets and the common problems that stand on the ladder on a day.

    Args:
        reader: Where the facts are.
        plan: Its ladder applies.
        on: The day; what happened later does not count.
        as_of: The last commit that counts; None for all.
        ticket_id: The only ticket that is asked for; None for all.

    Returns:
        One per ticket, the highest step first, then by how long it has stood there, then by number.

    Plan: 四(三), 五(三)
    """
    if not plan.ladder:
        return ()
    window = Window(as_of=as_of, to_on=on)
    people = posts(reader, window)
    found = sorted(
        climb(plan, pressed(reader, window, ticket_id), on),
        key=lambda one: (-one.height, one.since_on, one.ticket.ticket_id),
    )
    return tuple(Supervised(one, answering(plan, one.step, one.ticket.unit_id, people)) for one in found)


def ladder_list(reader: Reader, plan: CampaignPlan, on: date, as_of: Seq | None = None) -> SheetData:
    """Return the list of tickets on the ladder, for the office's desk.

    Returns:
        Columns as declared in ``LADDER``; rows in the order of :func:`supervised`.

    Plan: 五(三)
    """
    known = names(reader, as_of)

    def rows() -> Iterator[tuple[Any, ...]]:
        for one in supervised(reader, plan, on, as_of):
            ticket, holder = one.place.ticket, one.place.ticket.unit_id
            name = "" if holder is None else unit_name(plan, known, holder)
            moved = None if one.in_place_of is None else str(one.in_place_of)
            who = (str(one.by.role), one.unit_id, "、".join(one.person_ids), moved)
            about = "problem" if ticket.problem else "ticket"
            step = (one.place.step.label.zh, one.place.since_on)
            yield (ticket.ticket_id, *step, str(ticket.status), holder, name, ticket.due_on, *who, about)

    return read_list(LADDER, on, rows(), none="没有诉求在督办阶梯上。")


def supervision(desk: Desk) -> tuple[Block, ...]:
    """Return how many tickets stand on each step, and the list of those that are supervised (督办).

    Plan: 五(三)
    """
    if not desk.plan.ladder:
        return ()
    found = supervised(desk.reader, desk.plan, desk.dispatch.to_on, desk.dispatch.as_of)
    if not found:
        return (Paragraph(desk.t(words.NO_LADDER), Mark.GOOD),)
    counts = Counter(one.place.step.id for one in found)
    said = [
        desk.t(words.ON_STEP, step=desk.t(step.label), n=counts[step.id])
        for step in desk.plan.ladder
        if counts[step.id]
    ]
    words_ = desk.t(words.LADDER_SAID, last=desk.day(desk.dispatch.to_on), steps=desk.listed(said))
    if n_moved := sum(one.in_place_of is not None for one in found):
        words_ += desk.t(words.MOVED_UP, n=n_moved)
    summary = Paragraph(words_)
    high = [one for one in found if one.place.step.responsible in HIGH]
    if not high:
        return (summary,)
    heads = ((words.STEP, Align.LEFT), (words.UNIT, Align.LEFT), (words.DUE, Align.CENTER), (words.SINCE, Align.CENTER))
    table = Table(
        caption=desk.t(words.SUPERVISED, n=len(high), shown=min(MOST, len(high))),
        columns=(Column(desk.t(words.TICKET), Align.LEFT), *(Column(desk.t(h), a) for h, a in heads)),
        rows=tuple(_row(desk, one) for one in high[:MOST]),
    )
    return (summary, table)


def _row(desk: Desk, one: Supervised) -> tuple[str, ...]:
    ticket, step = one.place.ticket, one.place.step
    number = desk.t(words.AS_PROBLEM, id=ticket.ticket_id) if ticket.problem else str(ticket.ticket_id)
    due = "—" if ticket.due_on is None else ticket.due_on.isoformat()
    return (
        number, desk.t(step.label), desk.unit(ticket.unit_id), due, one.place.since_on.isoformat(),
    )  # fmt: skip
