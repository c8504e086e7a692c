"""Units that answer: they read the to-do list as a clerk does, and fill in the sheet of replies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from random import Random
from typing import NamedTuple

from attrs import frozen

from zoufang.model import CampaignPlan, Event, Person, Reaction, Remedy, Role, Status
from zoufang.simulate.lists import PartRow, ReplyRow, Span, TodoRow, reason_of
from zoufang.simulate.office import Decided, Office, has_ended
from zoufang.simulate.street import Street
from zoufang.simulate.truth import Plants
from zoufang.typing import TicketId, UnitId

_WRONG_DISPATCH, _STRUCK, _WITHDRAWN, _REFUSED = 0.04, 0.02, 0.006, 0.03
_PAUSED, _ASKS, _GRANTED = 0.05, 0.6, 0.75
_SLOW_TO_ACCEPT, _BEHIND = 0.1, 0.5
_SLOW, _QUICK, _USUAL = 4.6, 1.4, (1.8, 2.2, 2.6, 3.0)
_LONG, _SOON, _SOON_DAYS = 4, 0.35, (8, 40)
_HARD_TOPICS = frozenset({"housing", "land_approval", "project_building", "financing", "roads"})
_REACTIONS = {Remedy.EXPLAINED: (62, 22, 16), Remedy.PARTLY: (78, 12, 10)}
_REASONS: Mapping[str, tuple[str, ...]] = {
    "send_back": ("not_our_duty", "not_our_duty", "wrong_area", "needs_joint", "unclear"),
    "strike": ("no_demand", "not_public"),
    "explain": ("no_funds", "waits_for_project", "policy_limit", "other_level", "needs_agreement"),
    "pause": ("needs_agreement", "waits_for_project", "in_court"),
    "extend": ("waits_for_project", "needs_agreement", "no_funds"),
    "refuse": ("no_evidence", "answer_incomplete"),
}
_NOTES: Mapping[Event, tuple[str, ...]] = {
    Event.ACCEPT: ("", "已受理，安排专人办理。", "已受理。"),
    Event.SEND_BACK: ("经核实不在职责范围，建议改派。", "情况核实后退回，请重新分解。"),
    Event.STRIKE: ("经核实不属受理范围，不予立案。",),
    Event.TELL: ("已电话告知本人。", "已当面告知本人并说明理由。"),
    Event.PAUSE: ("需等待当事各方到场，暂停计时。", "待上级批复，暂停计时。"),
    Event.GO_ON: ("条件已具备，恢复办理。",),
    Event.ASK_EXTENSION: ("需协调施工单位进场，申请延期。", "手续较多，申请延期。"),
    Event.GRANT_EXTENSION: ("情况属实，同意延期。",),
    Event.DENY_EXTENSION: ("具备办理条件，请按期办结。",),
    Event.FEED_BACK: ("已电话告知办理情况。", "已上门反馈，本人签字确认。", "已当面向本人说明。"),
    Event.APPLY: ("佐证材料已上传，申请销号。", "已办理并反馈，申请销号。"),
    Event.CLOSE: ("", "材料齐全，同意。"),
    Event.REFUSE: ("请补充现场照片后再报。", "请补充对本人的答复内容。"),
    Event.WITHDRAW: ("本人来电表示不再反映。",),
}
_DONE: Mapping[Remedy, tuple[str, ...]] = {
    Remedy.RESOLVED: (
        "已到现场处理完毕，恢复正常。",
        "已联系责任方整改到位，现场复核合格。",
        "已帮助办结手续，材料已送达本人。",
        "已调解，双方达成一致。",
        "已清理并安排每日巡查。",
    ),
    Remedy.PARTLY: ("先期部分已处理，余下列入计划。", "已临时处置，彻底解决需待后续工程。"),
    Remedy.EXPLAINED: ("短期内不具备条件，已向本人解释说明。", "涉及上级审批，已说明原因和计划时间。"),
}
_OFFICE_DECIDES = frozenset({Event.PAUSE, Event.GRANT_EXTENSION, Event.DENY_EXTENSION, Event.STRIKE, Event.TELL})
_WHY = {Event.PAUSE: "pause", Event.ASK_EXTENSION: "extend", Event.DENY_EXTENSION: "refuse"}
_FROM = {
    Status.ROUTED: Event.ACCEPT,
    Status.ACCEPTED: Event.HANDLE,
    Status.PAUSED: Event.GO_ON,
    Status.EXTENDING: Event.GRANT_EXTENSION,
    Status.SPLIT: Event.HANDLE,
    Status.HANDLED: Event.FEED_BACK,
    Status.FED_BACK: Event.APPLY,
    Status.APPLIED: Event.CLOSE,
}


class Planned(NamedTuple):
    """One step that somebody means to take, so many working days after the ticket was sent."""

    event: Event
    wait: int


class Detour(NamedTuple):
    """What comes between accepting a ticket and handling it."""

    steps: tuple[Planned, ...] = ()
    pause: int = 0
    asks: int = 0


class _Case(NamedTuple):
    """One ticket on a desk.

    Args:
        row: As the to-do list tells of it.
        desk: Who handles it.
        remedy: What handling will come to.
        detour: What comes between accepting and handling.
        held: True where it waits for the common problem behind it.
    """

    row: TodoRow
    desk: Person
    remedy: Remedy
    detour: Detour
    held: bool


@frozen(slots=False)
class Units:
    """All units of a street, answering.

    Args:
        plan: Working days, reasons and offices.
        street: Who works where.
        plants: Which unit closes without solving.
        seed: The world's seed.
    """

    plan: CampaignPlan
    street: Street
    plants: Plants
    seed: int

    @cached_property
    def pace(self) -> Mapping[UnitId, float]:
        """Mean working days from acceptance to handling, by unit; one department is slow, the hollow one quick."""
        rng = Random(f"{self.seed}/pace")
        paces = {unit: rng.choice(_USUAL) for unit in self.street.staff}
        departments = sorted(u for u in paces if u in self.plan.unit and not self.plan.unit[u].office)
        paces[rng.choice([unit for unit in departments if unit != self.plants.hollow_unit])] = _SLOW
        return {**paces, self.plants.hollow_unit: _QUICK}

    @cached_property
    def office(self) -> Office:
        """The office that approves, and decides what the units ask for."""
        return Office(self.plan, self.street, self.seed)

    def answer(self, decided: Decided, span: Span) -> Iterator[ReplyRow]:
        """Yield what the units do about their tickets in the days since the last dispatch, the parts before the whole.

        Args:
            decided: What the office has decided, and the to-do list as it has left it.
            span: The days.
        """
        ended: dict[TicketId, ReplyRow] = {}
        remedies: dict[TicketId, Remedy] = {}
        for row in decided.todo:
            if row.status in _FROM and row.status is not Status.SPLIT:
                for reply in self._about(row, span, decided):
                    if reply.remedy is not None:
                        remedies[reply.ticket_id] = reply.remedy
                    if reply.event is Event.CLOSE:
                        ended[reply.ticket_id] = reply
                    yield reply
        for row in decided.todo:
            if row.status is Status.SPLIT:
                yield from self._about_whole(row, span, ended, remedies)

    def _about(self, row: TodoRow, span: Span, decided: Decided) -> Iterator[ReplyRow]:
        rng = Random(f"{self.seed}/reply/{row.ticket_id}/{row.unit_id}/{row.is_again}")
        desk = self._desk(row.unit_id, rng)
        first_routing = row.status is Status.ROUTED and row.version <= 2 and not row.is_part
        wrong, gone = rng.random() < _WRONG_DISPATCH + _STRUCK, rng.random() < _WITHDRAWN
        waits = self._waits(row, rng)
        remedy = self._remedy(row, rng)
        held = row.ticket_id in decided.held
        starts_none = row.status is Status.ROUTED and (held or span.last)
        detour = Detour() if starts_none else self._detour(row, waits)
        # What nobody else takes has come to the office, which has nobody to send it back to.
        stays = held or span.last or row.ticket_id in decided.steady or row.unit_id in self.plan.dispatch.offices
        if first_routing and (wrong or gone) and not stays:
            yield from self._turn_away(row, span, desk, wrong=wrong)
            return
        floor = decided.floors.get(row.ticket_id, span.after)
        steps = self._dated(row, _chain(row.status, waits, detour), span, floor)
        yield from self._taken(_Case(row, desk, remedy, detour, held), steps, span)

    def _taken(self, case: _Case, steps: Iterator[tuple[Event, date]], span: Span) -> Iterator[ReplyRow]:
        """Take the planned steps one by one, up to the first that changes the plan or has to wait."""
        remedy = case.row.remedy
        version: int | None = case.row.version or None
        for event, on in steps:
            if event is Event.HANDLE:
                if case.held:
                    return
                remedy = case.remedy
            reply = self._step(case, event, on, remedy, span)
            yield reply._replace(version=version)
            version = None
            if reply.event is Event.REFUSE:
                return

    def _about_whole(
        self,
        row: TodoRow,
        span: Span,
        ended: Mapping[TicketId, ReplyRow],
        remedies: Mapping[TicketId, Remedy],
    ) -> Iterator[ReplyRow]:
        """Handle a split ticket once all its parts have come to their end; what it comes to the parts say."""
        if not row.parts or not all(has_ended(part.status) or part.ticket_id in ended for part in row.parts):
            return
        rng = Random(f"{self.seed}/whole/{row.ticket_id}")
        desk = self._desk(row.unit_id, rng)
        together = _together(row.parts, remedies)
        floor = max([span.after, *(ended[p.ticket_id].on for p in row.parts if p.ticket_id in ended)])
        waits = (0, 1, 1 + rng.randint(0, 1), 2 + rng.randint(0, 1), 3 + rng.randint(0, 2))
        chain = _chain(row.status, waits, Detour())
        steps = self._dated(row._replace(routed_on=floor), chain, span, floor)
        for reply in self._taken(_Case(row, desk, together, Detour(), held=False), steps, span):
            yield reply._replace(remedy=None)

    def _desk(self, unit_id: UnitId, rng: Random) -> Person:
        """Return who handles the ticket; in an office never the one who approves."""
        staff = self.street.staff.get(unit_id) or self.street.staff[self.plan.dispatch.offices[0]]
        able = [p for p in staff if p.role is Role.HANDLER and p.capacity == 0] or list(staff[1:]) or list(staff)
        return rng.choice(able)

    # --- when ---

    def _waits(self, row: TodoRow, rng: Random) -> tuple[int, ...]:
        """Return working days from dispatch to each step, one after the other."""
        pace = self.pace.get(row.unit_id, _USUAL[0])
        handling = min(18, 1 + int(rng.expovariate(1 / max(0.3, pace - 1))))
        accept = 1 if rng.random() < 0.85 else 2
        waits = (accept, handling, rng.randint(0, 2), rng.randint(0, 2), rng.randint(1, 3))
        return tuple(sum(waits[: n + 1]) for n in range(len(waits)))

    def _detour(self, row: TodoRow, waits: Sequence[int]) -> Detour:
        """Return what keeps a unit: a pause of the clock, or more days that it asks for where handling takes long."""
        rng = Random(f"{self.seed}/detour/{row.ticket_id}/{row.unit_id}/{row.is_again}")
        accepted = waits[0]
        if rng.random() < _PAUSED:
            away = rng.randint(3, 8)
            return Detour((Planned(Event.PAUSE, accepted + 1), Planned(Event.GO_ON, accepted + 1 + away)), pause=away)
        most = self.plan.deadlines.extension_days
        if most and waits[1] - accepted >= _LONG and rng.random() < _ASKS:
            answer = Event.GRANT_EXTENSION if rng.random() < _GRANTED else Event.DENY_EXTENSION
            steps = (Planned(Event.ASK_EXTENSION, accepted + 1), Planned(answer, accepted + 2))
            return Detour(steps, asks=min(most, rng.choice((3, 5, 10))))
        return Detour()

    def _dated(self, row: TodoRow, chain: Sequence[Planned], span: Span, floor: date) -> Iterator[tuple[Event, date]]:
        """Yield the steps that fall into the span; a step that is late is taken on one of its first days."""
        calendar = self.plan.working_days
        earliest = max(span.first_day(self.plan), floor)
        latest = span.last_day(self.plan) if span.last else span.on
        start = row.routed_on or span.after - timedelta(days=7)
        late = Random(f"{self.seed}/late/{row.ticket_id}/{row.version}")
        before = earliest
        for event, wait in chain:
            planned = calendar.add_working_days(start, wait)
            on = planned if planned > earliest else max(before, earliest)
            if planned < earliest:
                # To take a ticket is a matter of minutes; what is behind with the work itself may take a day more.
                slow = late.random() < (_SLOW_TO_ACCEPT if event is Event.ACCEPT else _BEHIND)
                on = calendar.add_working_days(on, int(slow))
            on = max(on, before)
            if span.last:
                on = max(min(on, latest), before)
            if on > span.on or on < start:
                return
            if event in (Event.PAUSE, Event.ASK_EXTENSION) and row.due_on is not None and on > row.due_on:
                return
            yield event, on
            before = on

    # --- what ---

    def _turn_away(self, row: TodoRow, span: Span, desk: Person, *, wrong: bool) -> Iterator[ReplyRow]:
        """Send a ticket back, or note that the person has withdrawn it; the office strikes some of those sent back."""
        rng = Random(f"{self.seed}/away/{row.ticket_id}")
        on = self.plan.working_days.add_working_days(max(span.after, row.routed_on or span.after), 1)
        if on > span.on:
            return
        reply = ReplyRow(row.ticket_id, Event.WITHDRAW, on, row.unit_id, desk.id, version=row.version)
        if not wrong:
            yield reply._replace(note=rng.choice(_NOTES[Event.WITHDRAW]))
            return
        strike = rng.random() < _STRUCK / (_WRONG_DISPATCH + _STRUCK)
        reason = "unclear" if strike and "unclear" in self.plan.reasons else self._reason("send_back", rng)
        yield reply._replace(event=Event.SEND_BACK, reason=reason, note=rng.choice(_NOTES[Event.SEND_BACK]))
        day = self.plan.working_days.add_working_days(on, 1)
        if strike and day <= span.on:
            person = self.office.person(rng)
            struck = ReplyRow(row.ticket_id, Event.STRIKE, day, person.unit_id, person.id)
            yield struck._replace(reason=self._reason("strike", rng), note=rng.choice(_NOTES[Event.STRIKE]))
            yield struck._replace(event=Event.TELL, note=rng.choice(_NOTES[Event.TELL]))

    def _remedy(self, row: TodoRow, rng: Random) -> Remedy:
        drawn = rng.random()
        if row.unit_id == self.plants.hollow_unit:
            drawn *= 4.0
        explained, partly = (0.22, 0.34) if row.topic_id in _HARD_TOPICS else (0.08, 0.16)
        if drawn < explained:
            return Remedy.EXPLAINED
        return Remedy.PARTLY if drawn < partly else Remedy.RESOLVED

    def _reason(self, why: str, rng: Random) -> str:
        return rng.choice(reason_of(self.plan, _REASONS[why]))

    def _step(self, case: _Case, event: Event, on: date, remedy: Remedy | None, span: Span) -> ReplyRow:
        row = case.row
        rng = Random(f"{self.seed}/step/{row.ticket_id}/{event}/{row.version}")
        if event is Event.CLOSE:
            return self._judged(row, on, rng, span)
        who = self.office.person(rng) if event in _OFFICE_DECIDES else case.desk
        unit = who.unit_id if event in _OFFICE_DECIDES else row.unit_id
        reply = ReplyRow(row.ticket_id, event, on, unit, who.id)
        if event is Event.HANDLE:
            return self._handled(reply, remedy or Remedy.RESOLVED, rng)
        reply = reply._replace(note=rng.choice(_NOTES[event]))
        if event is Event.FEED_BACK and remedy in _REACTIONS:
            return reply._replace(reaction=rng.choices(tuple(Reaction), weights=_REACTIONS[remedy])[0])
        if event in _WHY:
            reply = reply._replace(reason=self._reason(_WHY[event], rng))
        asks = {Event.ASK_EXTENSION: case.detour.asks, Event.GRANT_EXTENSION: case.detour.asks or 1}
        return reply._replace(days=asks.get(event))

    def _handled(self, reply: ReplyRow, remedy: Remedy, rng: Random) -> ReplyRow:
        """Return the handling with its remedy; what is not solved has a reason and a day, some of them soon."""
        note = rng.choice(_DONE[remedy])
        if remedy is Remedy.RESOLVED:
            return reply._replace(remedy=remedy, note=note)
        days = rng.randint(*_SOON_DAYS) if rng.random() < _SOON else rng.randint(25, 200)
        plan_on = self.plan.working_days.add_working_days(reply.on + timedelta(days=days), 1)
        return reply._replace(remedy=remedy, reason=self._reason("explain", rng), plan_on=plan_on, note=note)

    def _judged(self, row: TodoRow, on: date, rng: Random, span: Span) -> ReplyRow:
        """Let the office approve the closing, or refuse it with a reason; at the end there is no time to refuse."""
        approver = self.office.person(rng)
        refused = row.version < 12 and rng.random() < _REFUSED and not span.last
        event = Event.REFUSE if refused else Event.CLOSE
        reason = self._reason("refuse", rng) if refused else None
        note = rng.choice(_NOTES[event])
        return ReplyRow(row.ticket_id, event, on, approver.unit_id, approver.id, reason=reason, note=note)


def _chain(status: Status, waits: Sequence[int], detour: Detour) -> list[Planned]:
    """Return the steps that are still to come, each with its working days since the ticket was sent.

    A detour begins in the week in which the ticket is accepted, or never: no list says later that it was planned.
    """
    accept, *later = waits
    after = [Planned(event, wait + detour.pause) for event, wait in zip(_AFTER, later, strict=True)]
    chain = [Planned(Event.ACCEPT, accept), *detour.steps, *after]
    first = _FROM[status]
    if status is Status.EXTENDING:
        answered = next((one for one in chain if one.event in _ANSWERS), Planned(Event.GRANT_EXTENSION, accept))
        return [answered, *after]
    if status is Status.PAUSED:
        return [next((one for one in chain if one.event is first), Planned(first, accept)), *after]
    return chain[next(n for n, one in enumerate(chain) if one.event is first) :]


_AFTER = (Event.HANDLE, Event.FEED_BACK, Event.APPLY, Event.CLOSE)
_ANSWERS = (Event.GRANT_EXTENSION, Event.DENY_EXTENSION)


def _together(parts: Sequence[PartRow], remedies: Mapping[TicketId, Remedy]) -> Remedy:
    """Return what a ticket's parts come to: resolved or explained where all are, else partly."""
    each = (remedies.get(part.ticket_id, part.remedy) for part in parts)
    found = {remedy for remedy in each if remedy is not None}
    return found.pop() if len(found) == 1 else Remedy.PARTLY
