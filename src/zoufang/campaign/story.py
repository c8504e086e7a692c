"""How a ticket or a target came where it is, in a person's words: no names, telephones or spoken words, ids only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, Literal

import sqlalchemy as sa
from attrs import frozen

from zoufang.analysis import Names, names
from zoufang.campaign import telling as say
from zoufang.campaign.desk import Desk
from zoufang.errors import UnknownIdError
from zoufang.facts import latest
from zoufang.model import Event, Outcome, Owes, Part, Remedy, Status, owes, served_together
from zoufang.reports import supervised
from zoufang.rules import ALLOWED, ANSWERED, FINAL, PARTS_FIRST, RUNNING, Reach, allowed_in, return_by, weeks
from zoufang.typing import KindId, Language, Text, TopicId, UnitId

Row = Any
"""A row of a select, its cells by name."""


OWED = RUNNING | {Status.SPLIT, Status.HANDLED}
"""Statuses in which the time limit of handling and feeding back stands against the holder."""

UNSENT = frozenset({Status.RAISED, Status.RETURNED})
"""Statuses in which the office has to send the ticket to a unit."""


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
    teller = _Teller(desk, on)
    lines = tuple(teller.ticket(id))
    if lines:
        return Story(id, "ticket", lines)
    lines = tuple(teller.target(id))
    if lines:
        return Story(id, "target", lines)
    raise UnknownIdError(what="ticket or target", id=id)


class _Teller:
    def __init__(self, desk: Desk, on: date) -> None:
        self._desk, self._on, self._t = desk, on, desk.ledger.tables
        self._names: Names = names(desk.ledger)

    def _rows(self, query: sa.Select[Any]) -> list[Row]:
        keys = [column.name for column in query.selected_columns]
        return [dict(zip(keys, row, strict=True)) for row in self._desk.ledger.select(query)]

    # --- what things are called -----------------------------------------------------------------------------

    def _unit(self, unit_id: str | None) -> Text:
        if unit_id is None:
            return say.NOBODY
        planned = self._desk.plan.unit.get(UnitId(unit_id))
        name = self._names.units.get(unit_id) or (planned.name if planned else unit_id)
        return Text(f"{name}（{unit_id}）", f"{name} ({unit_id})") if name != unit_id else say.plain(unit_id)

    def _area(self, area_id: str | None) -> Text:
        return say.NOWHERE if area_id is None else say.plain(self._names.areas.get(area_id, area_id))

    def _reason(self, code: str) -> Text:
        return self._desk.plan.reasons.get(code, say.plain(code))

    def _topic(self, topic_id: str) -> Text:
        known = self._desk.plan.topic.get(TopicId(topic_id))
        return known.label if known else say.plain(topic_id)

    def _assigned(self, subject: str, subject_id: str) -> list[Row]:
        a = self._t.assignments
        query = sa.select(a).where(a.c.subject == subject, a.c.subject_id == subject_id)
        return self._rows(query.order_by(a.c.round, a.c.part.desc(), a.c.unit_id, a.c.ord))

    # --- a ticket -------------------------------------------------------------------------------------------

    def ticket(self, ticket_id: str) -> Iterator[Text]:
        """Yield the sentences about a ticket; none where there is no such ticket by that day."""
        t, e, c = self._t.tickets, self._t.ticket_events, self._t.callbacks
        found = self._rows(sa.select(t).where(t.c.ticket_id == ticket_id, t.c.on <= self._on))
        if not found:
            return
        yield self._raised(found[0])
        known = (e.c.ticket_id == ticket_id, e.c.on <= self._on)
        events = self._rows(sa.select(e).where(*known).order_by(e.c.version))
        calls = self._rows(
            sa.select(c).where(c.c.ticket_id == ticket_id, c.c.on <= self._on).order_by(c.c.closing, c.c.attempt)
        )
        told = [(row["on"], 0, row["commit_seq"], line) for row, line in self._events(ticket_id, events)]
        told += [(row["on"], 1, row["commit_seq"], say.call(row)) for row in calls]
        # A call-back stands before the revocation that it led to, which is recorded in the same commit.
        yield from (line for *_, line in sorted(told, key=lambda one: (one[0], one[2], -one[1])))
        parts = self._parts(ticket_id)
        yield from (self._brief(say.PART, part) for part in parts)
        yield from self._standing(ticket_id, events, [part for part in parts if not self._ended(part)])

    def _raised(self, row: Row) -> Text:
        parts = [
            say.of(say.FROM, source=say.SOURCES[row["source"]], id=row["source_id"]),
            say.of(say.ABOUT, topic=self._topic(row["topic_id"])),
            say.of(say.AT, area=self._area(row["area_id"])),
        ]
        if row["target_id"] is not None:
            parts.append(say.of(say.WHOSE, id=row["target_id"]))
        if row["parent_id"] is not None:
            parts.append(say.of(say.PART_OF, id=row["parent_id"]))
        return say.of(say.RAISED, on=row["on"], id=row["ticket_id"], parts=say.joined(parts))

    def _events(self, ticket_id: str, events: Sequence[Row]) -> Iterator[tuple[Row, Text]]:
        rounds = {a["round"]: a for a in self._assigned("ticket", ticket_id) if a["part"] == Part.LEAD}
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
            parts.append(say.of(say.TO if row["event"] == Event.ROUTE else say.BY_UNIT, unit=self._unit(unit_id)))
        if row["person_id"] is not None:
            parts.append(say.of(say.BY_PERSON, id=row["person_id"]))
        if row["event"] == Event.HANDLE and row["remedy"] is not None:
            parts.append(say.REMEDIES[row["remedy"]])
        if row["reason"] is not None:
            parts.append(say.of(say.BECAUSE, reason=self._reason(row["reason"])))
        if row["plan_on"] is not None:
            parts.append(say.of(say.PLANNED, on=row["plan_on"]))
        if row["into"] is not None:
            parts.append(say.of(say.INTO, id=row["into"]))
        if sent is not None and sent["unit_id"] == unit_id:
            parts.append(self._rule(sent))
        if row["due_on"] is not None and (before is None or before["due_on"] != row["due_on"]):
            parts.append(say.of(say.DUE, on=row["due_on"]))
        return say.of(say.EVENT, on=row["on"], event=say.verb(row["event"]), parts=say.joined(parts, lead=True))

    def _rule(self, sent: Row) -> Text:
        plugin = f"{sent['plugin']} {sent['plugin_version']}".strip()
        said = say.of(say.RULE, rule=sent["rule"], plugin=plugin)
        return said if not sent["reason"] else say.of(say.RULE_SAYS, rule=said, reason=sent["reason"])

    def _parts(self, ticket_id: str) -> list[str]:
        t = self._t.tickets
        query = sa.select(t.c.ticket_id).where(t.c.parent_id == ticket_id, t.c.on <= self._on)
        return sorted((row["ticket_id"] for row in self._rows(query)), key=lambda part: (len(part), part))

    def _ended(self, ticket_id: str) -> bool:
        return Status(self._last(ticket_id)["status"]) in FINAL

    def _brief(self, words: Text, ticket_id: str) -> Text:
        now = self._last(ticket_id)
        due = say.of(say.DUE, on=now["due_on"]) if now["due_on"] and now["status"] in RUNNING else None
        parts = [say.status(now["status"]), self._unit(now["unit_id"]), *([due] if due else [])]
        return say.of(words, id=ticket_id, parts=say.joined(parts))

    def _last(self, ticket_id: str) -> Row:
        e = self._t.ticket_events
        known = (e.c.ticket_id == ticket_id, e.c.on <= self._on)
        return self._rows(sa.select(e).where(*known).order_by(e.c.version.desc()).limit(1))[0]

    def _standing(self, ticket_id: str, events: Sequence[Row], waiting: Sequence[str]) -> Iterator[Text]:
        now = events[-1]
        status = Status(now["status"])
        goes_on = [*self._goes_on(status, events)]
        if status not in FINAL:
            yield say.of(say.HOLDS, status=say.status(status), unit=self._unit(now["unit_id"]))
        else:
            yield say.of(say.NOW if goes_on else say.ENDED, status=say.status(status))
        yield from goes_on
        if waiting:
            yield say.of(say.WAITS, ids=say.joined(map(say.plain, waiting)))
        yield from self._next(events, waiting)
        yield from self._by_when(status, now)
        if status not in FINAL:
            yield self._step(ticket_id)

    def _goes_on(self, status: Status, events: Sequence[Row]) -> Iterator[Text]:
        """Yield what is still owed of a ticket that has been answered: a promise, or the ticket that goes on for it."""
        if status is Status.MERGED:
            yield self._brief(say.GOES_ON, self._survivor(events))
        elif status in ANSWERED and events[-1]["remedy"] != Remedy.RESOLVED:
            (handled,) = [row for row in events if row["event"] == Event.HANDLE][-1:]
            yield say.WATCHED if handled["plan_on"] is None else say.of(say.PROMISED, on=handled["plan_on"])

    def _survivor(self, events: Sequence[Row]) -> str:
        """Return the ticket in which a merged one goes on, over any number of merges."""
        into = ""
        while merged := [row for row in events if row["event"] == Event.MERGE]:
            into = str(merged[-1]["into"])
            e = self._t.ticket_events
            events = self._rows(sa.select(e).where(e.c.ticket_id == into, e.c.on <= self._on).order_by(e.c.version))
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
            yield say.of(say.NEXT, who=self._unit(unit_id), events=say.verbs(unit))
        if office:
            yield say.of(say.NEXT, who=self._unit(self._desk.plan.dispatch.offices[0]), events=say.verbs(office))

    def _may_return(self, events: Sequence[Row]) -> bool:
        """Say whether the holder may still return it: within the time for that, and not where it returned it before."""
        sent = [row["on"] for row in events if row["event"] == Event.ROUTE]
        gone = {before["unit_id"] for before, row in pairwise(events) if row["event"] == Event.SEND_BACK}
        return not sent or (self._on <= return_by(self._desk.plan, sent[-1]) and events[-1]["unit_id"] not in gone)

    def _by_when(self, status: Status, now: Row) -> Iterator[Text]:
        """Yield by when what is next has to be done, and that a year on the way is only assumed."""
        plan, due_on = self._desk.plan, now["due_on"]
        if status in UNSENT:
            due_on = return_by(plan, now["on"])
            yield say.of(say.SEND_BY, on=due_on)
        elif due_on is not None and status is Status.PAUSED:
            yield say.of(say.STOPPED, on=due_on)
        elif due_on is not None and status in OWED:
            yield self._days_left(due_on)
        else:
            return
        if not plan.working_days.is_official(due_on):
            yield say.of(say.ASSUMED, year=due_on.year)

    def _days_left(self, due_on: date) -> Text:
        calendar = self._desk.plan.working_days
        if due_on >= self._on:
            n = calendar.working_days(self._on, due_on) - calendar.is_working(self._on)
            return say.of(say.LEFT, on=due_on, n=n)
        n = calendar.working_days(due_on, self._on) - calendar.is_working(due_on)
        return say.of(say.LATE, on=due_on, n=n)

    def _step(self, ticket_id: str) -> Text:
        found = supervised(self._desk.ledger, self._desk.plan, self._on, ticket_id=ticket_id)
        if not found:
            return say.NO_STEP
        (one,) = found
        who = [] if one.unit_id is None else [self._unit(one.unit_id)]
        who.append(say.role(one.by.role))
        people = say.of(say.PEOPLE, ids=say.joined(map(say.plain, one.person_ids))) if one.person_ids else say.plain("")
        step = one.place.step.label
        told = say.of(say.STEP, step=step, on=one.place.since_on, who=say.spaced(who), people=people)
        return told if one.in_place_of is None else say.of(say.MOVED_UP, told=told, role=say.role(one.in_place_of))

    # --- a target -------------------------------------------------------------------------------------------

    def target(self, target_id: str) -> Iterator[Text]:
        """Yield the sentences about a target; none where there is no such target."""
        now, t = latest(self._t.targets, "target_id"), self._t.tickets
        found = self._rows(sa.select(now).where(now.c.target_id == target_id))
        if not found:
            return
        row = found[0]
        kind = self._desk.plan.kind.get(KindId(row["kind"]))
        label = kind.label if kind else say.plain(row["kind"])
        yield say.of(say.TARGET, id=target_id, kind=label, area=self._area(row["area_id"]), on=row["since_on"])
        answering = self._answering(target_id)
        yield from self._answers(answering)
        yield from self._visits(row, answering)
        tickets = sa.select(t.c.ticket_id).where(t.c.target_id == target_id, t.c.on <= self._on)
        for one in self._rows(tickets.order_by(t.c.on, t.c.ticket_id)):
            yield self._brief(say.TICKET, one["ticket_id"])

    def _answering(self, target_id: str) -> list[Row]:
        assigned = self._assigned("target", target_id)
        return [one for one in assigned if one["round"] == assigned[-1]["round"]]

    def _answers(self, answering: Sequence[Row]) -> Iterator[Text]:
        if not answering:
            yield say.NO_ANSWER
        for one in answering:
            duty = say.of(say.DUTY, id=one["duty_id"]) if one["duty_id"] else say.plain("")
            yield say.of(
                say.ANSWERS, unit=self._unit(one["unit_id"]), part=say.part(one["part"], one["duty_id"]), duty=duty,
                rule=self._rule(one),
            )  # fmt: skip

    def _visits(self, target: Row, answering: Sequence[Row]) -> Iterator[Text]:
        v, target_id = self._t.visits, target["target_id"]
        serving = (target_id, *self._linked(target))
        made = self._rows(
            sa.select(v).where(v.c.target_id.in_(serving), v.c.on <= self._on).order_by(v.c.on, v.c.visit_id)
        )
        for row in made:
            heard = say.NONE_HEARD if row["no_demand"] else say.of(say.HEARD, n=row["n_findings"])
            met = row["outcome"] == Outcome.MET
            other = [] if row["target_id"] == target_id else [say.of(say.LINKED, id=row["target_id"])]
            outcome = say.joined([say.OUTCOMES[row["outcome"]], *([heard] if met else []), *other])
            by = {"unit": self._unit(row["unit_id"]), "id": row["visitor_id"]}
            yield say.of(say.VISIT, on=row["on"], **by, outcome=outcome)
        missing = [*_missing(made), *self._owed(target, answering, made)]
        yield from missing or [say.VISITED]
        if missing:
            yield from self._planned(target_id)

    def _linked(self, target: Row) -> list[str]:
        """Return the linked targets, either way, of which one visit serves this one too, where the plan says so."""
        together, now = served_together(self._desk.plan), latest(self._t.targets, "target_id")
        if not together:
            return []
        linked = sa.or_(now.c.linked_to == target["target_id"], now.c.target_id == target["linked_to"])
        others = self._rows(sa.select(now.c.target_id, now.c.kind).where(linked))
        return [other["target_id"] for other in others if (target["kind"], other["kind"]) in together]

    def _owed(self, target: Row, answering: Sequence[Row], made: Sequence[Row]) -> Iterator[Text]:
        """Yield which units still owe a visit of their own, though somebody else was there."""
        if KindId(target["kind"]) not in self._desk.plan.kind:
            return
        wants = owes(self._desk.plan, KindId(target["kind"]))
        met = {row["unit_id"] for row in made if row["outcome"] == Outcome.MET}
        told: set[str] = set()
        for one in answering if met else ():
            want = wants.get(one["duty_id"], Owes.ANY)
            alike = {a["unit_id"] for a in answering if a["duty_id"] == one["duty_id"]}
            able = {Owes.ANY: met, Owes.OWN: alike, Owes.ALL: {one["unit_id"]}}[want]
            if met.isdisjoint(able) and not (want is Owes.OWN and one["duty_id"] in told):
                told.add(one["duty_id"])
                yield say.of(say.OWES, unit=self._unit(one["unit_id"]), id=one["duty_id"])

    def _planned(self, target_id: str) -> Iterator[Text]:
        """Yield by whom and by when the missing visit is to be made: as the work plan has it, and the phase."""
        plan, w = self._desk.plan, self._t.work_plans
        newest = sa.select(sa.func.max(w.c.round)).where(w.c.on <= self._on).scalar_subquery()
        lines = sa.select(w).where(w.c.target_id == target_id, w.c.round == newest, w.c.done == 0)
        spans = {week.number: week for week in weeks(plan)}
        for row in self._rows(lines.order_by(w.c.week, w.c.unit_id)):
            week = spans[row["week"]]
            who = {"unit": self._unit(row["unit_id"]), "id": row["person_id"]}
            yield say.of(say.PLANNED_VISIT, **who, n=week.number, first=week.from_on, last=week.to_on)
        if plan.workplan is not None:
            (phase,) = [phase for phase in plan.phases if phase.id == plan.workplan.phase]
            yield say.of(say.VISIT_BY, phase=phase.label, on=phase.ends_on)


def _missing(made: Sequence[Row]) -> Iterator[Text]:
    met = [row for row in made if row["outcome"] == Outcome.MET]
    if not met:
        yield say.of(say.NOT_MET, n=len(made))
    elif not any(row["no_demand"] or row["n_findings"] for row in met):
        yield say.NOT_COLLECTED


def _for_units(event: Event) -> bool:
    """Say whether anybody below the whole street may take a step: then it is the holder's, else the office's."""
    return any(Reach.WHOLE_STREET not in reach for reach in ALLOWED.get(event, {}).values())
