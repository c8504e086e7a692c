"""How a ticket came where it is: its events, its parts, who holds it, what is next and by when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

import sqlalchemy as sa

from zoufang.campaign import telling as say
from zoufang.campaign.storyteller import Row, Storyteller
from zoufang.model import Event, Part, Remedy, Source, Status
from zoufang.reports import supervised
from zoufang.rules import ALLOWED, ANSWERED, FINAL, PARTS_FIRST, RUNNING, Reach, allowed_in, return_by
from zoufang.typing import Text

OWED = RUNNING | {Status.SPLIT, Status.HANDLED}
"""Statuses in which the time limit of handling and feeding back stands against the holder."""

UNSENT = frozenset({Status.RAISED, Status.RETURNED})
"""Statuses in which the office has to send the ticket to a unit."""


class TicketStory(Storyteller):
    """Tells of tickets."""

    def told(self, ticket_id: str) -> Iterator[Text]:
        """Yield the sentences about a ticket; none where there is no such ticket by that day."""
        t, e, c = self.t.tickets, self.t.ticket_events, self.t.callbacks
        found = self.rows(sa.select(t).where(t.c.ticket_id == ticket_id, t.c.on <= self.on))
        if not found:
            return
        yield self._raised(found[0])
        yield from self.forgotten(ticket_id, found[0]["target_id"])
        yield from self._replaced(found[0])
        known = (e.c.ticket_id == ticket_id, e.c.on <= self.on)
        events = self.rows(sa.select(e).where(*known).order_by(e.c.version))
        calls = self.rows(
            sa.select(c).where(c.c.ticket_id == ticket_id, c.c.on <= self.on).order_by(c.c.closing, c.c.attempt)
        )
        told = [(row["on"], 0, row["commit_seq"], line) for row, line in self._events(ticket_id, events)]
        told += [(row["on"], 1, row["commit_seq"], say.call(row)) for row in calls]
        # A call-back stands before the revocation that it led to, which is recorded in the same commit.
        yield from (line for *_, line in sorted(told, key=lambda one: (one[0], one[2], -one[1])))
        parts = self._parts(ticket_id)
        yield from (self.brief(say.PART, part) for part in parts)
        yield from self._standing(ticket_id, events, [part for part in parts if not self._ended(part)])

    def _replaced(self, ticket: Row) -> Iterator[Text]:
        """Yield by which version the visit was replaced on which the demand was heard, and whether that one has it."""
        gone, s, k = self.t.replaced_visits, self.t.settlements, self.t.kept_tickets
        query = sa.select(gone.c.by_visit_id, s.c.on).join(s, s.c.conflict_id == gone.c.conflict_id)
        query = query.where(s.c.on <= self.on)
        visit_id, last = ticket["source_id"], None
        while ticket["source"] == Source.VISIT and (found := self.rows(query.where(gone.c.visit_id == visit_id))):
            (last,) = found
            visit_id = last["by_visit_id"]
        if last is not None:
            goes_on = self.rows(sa.select(k.c.n).where(k.c.visit_id == visit_id, k.c.ticket_id == ticket["ticket_id"]))
            said = say.REPLACED if goes_on else say.REPLACED_WITHOUT
            yield said.filled(on=last["on"], id=ticket["source_id"], by=visit_id)

    def _raised(self, row: Row) -> Text:
        parts = [
            say.FROM.filled(source=say.SOURCES[row["source"]], id=row["source_id"]),
            say.ABOUT.filled(topic=self.topic(row["topic_id"])),
            say.AT.filled(area=self.area(row["area_id"])),
        ]
        if row["target_id"] is not None:
            parts.append(say.WHOSE.filled(id=row["target_id"]))
        if row["parent_id"] is not None:
            parts.append(say.PART_OF.filled(id=row["parent_id"]))
        return say.RAISED.filled(on=row["on"], id=row["ticket_id"], parts=say.joined(parts))

    def _events(self, ticket_id: str, events: Sequence[Row]) -> Iterator[tuple[Row, Text]]:
        rounds = {a["round"]: a for a in self.assigned("ticket", ticket_id) if a["part"] == Part.LEAD}
        n_routed, before = 0, None
        for row in events:
            n_routed += row["event"] == Event.ROUTE
            sent = rounds.get(n_routed) if row["event"] == Event.ROUTE else None
            if row["event"] != Event.RAISE:
                yield row, self._event(row, before, sent)
            before = row

    def _event(self, row: Row, before: Row | None, sent: Row | None) -> Text:
        unit_id = before["unit_id"] if row["event"] == Event.SEND_BACK and before else row["unit_id"]
        parts: list[Text] = []
        if unit_id is not None:
            parts.append((say.TO if row["event"] == Event.ROUTE else say.BY_UNIT).filled(unit=self.unit(unit_id)))
        if row["person_id"] is not None:
            parts.append(say.BY_PERSON.filled(id=row["person_id"]))
        if row["event"] == Event.HANDLE and row["remedy"] is not None:
            parts.append(say.REMEDIES[row["remedy"]])
        if row["reason"] is not None:
            parts.append(say.BECAUSE.filled(reason=self.reason(row["reason"])))
        if row["plan_on"] is not None:
            parts.append(say.PLANNED.filled(on=row["plan_on"]))
        if row["into"] is not None:
            parts.append(say.INTO.filled(id=row["into"]))
        if sent is not None and sent["unit_id"] == unit_id:
            parts.append(self.rule(sent))
        if row["due_on"] is not None and (before is None or before["due_on"] != row["due_on"]):
            parts.append(say.DUE.filled(on=row["due_on"]))
        return say.EVENT.filled(on=row["on"], event=say.verb(row["event"]), parts=say.joined(parts, lead=True))

    def _parts(self, ticket_id: str) -> list[str]:
        t = self.t.tickets
        query = sa.select(t.c.ticket_id).where(t.c.parent_id == ticket_id, t.c.on <= self.on)
        return sorted((row["ticket_id"] for row in self.rows(query)), key=lambda part: (len(part), part))

    def _ended(self, ticket_id: str) -> bool:
        return Status(self.last(ticket_id)["status"]) in FINAL

    def _standing(self, ticket_id: str, events: Sequence[Row], waiting: Sequence[str]) -> Iterator[Text]:
        now = events[-1]
        status = Status(now["status"])
        goes_on = [*self._goes_on(status, events)]
        if status not in FINAL:
            yield say.HOLDS.filled(status=say.status(status), unit=self.unit(now["unit_id"]))
        else:
            yield (say.NOW if goes_on else say.ENDED).filled(status=say.status(status))
        yield from goes_on
        if waiting:
            yield say.WAITS.filled(ids=say.joined(map(say.plain, waiting)))
        yield from self._next(events, waiting)
        yield from self._by_when(status, events)
        if status not in FINAL:
            yield self._step(ticket_id)

    def _goes_on(self, status: Status, events: Sequence[Row]) -> Iterator[Text]:
        """Yield what is still owed of a ticket that has been answered: a promise, or the ticket that goes on for it."""
        if status is Status.MERGED:
            yield self.brief(say.GOES_ON, self._survivor(events))
        elif status in ANSWERED and events[-1]["remedy"] != Remedy.RESOLVED:
            (handled,) = [row for row in events if row["event"] == Event.HANDLE][-1:]
            yield say.WATCHED if handled["plan_on"] is None else say.PROMISED.filled(on=handled["plan_on"])

    def _survivor(self, events: Sequence[Row]) -> str:
        """Return the ticket in which a merged one goes on, over any number of merges."""
        into = ""
        while merged := [row for row in events if row["event"] == Event.MERGE]:
            into = str(merged[-1]["into"])
            e = self.t.ticket_events
            events = self.rows(sa.select(e).where(e.c.ticket_id == into, e.c.on <= self.on).order_by(e.c.version))
        return into

    def _next(self, events: Sequence[Row], waiting: Sequence[str]) -> Iterator[Text]:
        now = events[-1]
        unit_id, status = now["unit_id"], Status(now["status"])
        shut = {*(PARTS_FIRST if waiting else ()), *([Event.RESUME] if now["remedy"] == Remedy.RESOLVED else ())}
        shut |= set() if self._may_return(events) else {Event.SEND_BACK}
        may = [e for e in allowed_in(status) if e not in shut]
        unit = [e for e in may if unit_id is not None and _for_units(e)]
        office = [e for e in may if e not in unit]
        if unit:
            yield say.NEXT.filled(who=self.unit(unit_id), events=say.verbs(unit))
        if office:
            yield say.NEXT.filled(who=self.unit(self.desk.plan.dispatch.offices[0]), events=say.verbs(office))

    def _may_return(self, events: Sequence[Row]) -> bool:
        """Say whether the holder may still return it: within the time for that, and not where it returned it before."""
        sent = [row["on"] for row in events if row["event"] == Event.ROUTE]
        gone = {before["unit_id"] for before, row in pairwise(events) if row["event"] == Event.SEND_BACK}
        return not sent or (self.on <= return_by(self.desk.plan, sent[-1]) and events[-1]["unit_id"] not in gone)

    def _by_when(self, status: Status, events: Sequence[Row]) -> Iterator[Text]:
        """Yield by when what is next has to be done, and that a year on the way is only assumed."""
        plan, now = self.desk.plan, events[-1]
        due_on, began = now["due_on"], _clock_began(events)
        if status in UNSENT:
            due_on, began = return_by(plan, now["on"]), now["on"]
            yield say.SEND_BY.filled(on=due_on)
        elif due_on is not None and status is Status.PAUSED:
            yield say.STOPPED.filled(on=due_on)
        elif due_on is not None and status in OWED:
            yield self._days_left(due_on)
        else:
            return
        for year in plan.working_days.assumed_in(began, due_on):
            yield say.ASSUMED.filled(year=year)

    def _days_left(self, due_on: date) -> Text:
        calendar = self.desk.plan.working_days
        if due_on >= self.on:
            n = calendar.working_days(self.on, due_on) - calendar.is_working(self.on)
            return say.LEFT.filled(on=due_on, n=n)
        n = calendar.working_days(due_on, self.on) - calendar.is_working(due_on)
        return say.LATE.filled(on=due_on, n=n)

    def _step(self, ticket_id: str) -> Text:
        found = supervised(self.desk.ledger, self.desk.plan, self.on, ticket_id=ticket_id)
        if not found:
            return say.NO_STEP
        (one,) = found
        who = [] if one.unit_id is None else [self.unit(one.unit_id)]
        who.append(say.role(one.by.role))
        people = say.PEOPLE.filled(ids=say.joined(map(say.plain, one.person_ids))) if one.person_ids else say.plain("")
        step = one.place.step.label
        told = say.STEP.filled(step=step, on=one.place.since_on, who=say.spaced(who), people=people)
        return told if one.in_place_of is None else say.MOVED_UP.filled(told=told, role=say.role(one.in_place_of))


def _clock_began(events: Sequence[Row]) -> date:
    """Return the day on which the time limit in force was set; without one, that of the last event."""
    began: date = events[-1]["on"]
    for row in reversed(events):
        if row["due_on"] != events[-1]["due_on"]:
            break
        began = row["on"]
    return began


def _for_units(event: Event) -> bool:
    """Say whether anybody below the whole street may take a step: then it is the holder's, else the office's."""
    return any(Reach.WHOLE_STREET not in reach for reach in ALLOWED.get(event, {}).values())
