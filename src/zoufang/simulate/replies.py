"""Units that answer: they read the to-do list as a clerk does, and fill in the sheet of replies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from random import Random
from typing import NamedTuple

from attrs import frozen

from zoufang.model import CampaignPlan, Event, Person, Remedy, Role, Status
from zoufang.simulate.street import Street
from zoufang.simulate.truth import Plants
from zoufang.typing import PersonId, TicketId, UnitId

_CHAIN = (Event.ACCEPT, Event.HANDLE, Event.FEED_BACK, Event.APPLY, Event.CLOSE)
_FROM = {
    Status.ROUTED: 0,
    Status.ACCEPTED: 1,
    Status.HANDLED: 2,
    Status.FED_BACK: 3,
    Status.APPLIED: 4,
}
_WRONG_DISPATCH, _WITHDRAWN, _REFUSED = 0.04, 0.006, 0.03
_SLOW, _QUICK, _USUAL = 4.6, 1.4, (1.8, 2.2, 2.6, 3.0)
_HARD_TOPICS = frozenset({"housing", "land_approval", "project_building", "financing", "roads"})
_REASONS: Mapping[str, tuple[str, ...]] = {
    "send_back": ("not_our_duty", "not_our_duty", "wrong_area", "needs_joint", "unclear"),
    "explain": ("no_funds", "waits_for_project", "policy_limit", "other_level", "needs_agreement"),
    "refuse": ("no_evidence", "answer_incomplete"),
}
_NOTES: Mapping[Event, tuple[str, ...]] = {
    Event.ACCEPT: ("", "已受理，安排专人办理。", "已受理。"),
    Event.SEND_BACK: ("经核实不在职责范围，建议改派。", "情况核实后退回，请重新分解。"),
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


class TodoRow(NamedTuple):
    """What a clerk takes from one row of the to-do list."""

    ticket_id: TicketId
    status: Status
    unit_id: UnitId
    topic_id: str
    routed_on: date | None
    version: int


class ReplyRow(NamedTuple):
    """One step, in the order of the columns."""

    ticket_id: TicketId
    event: Event
    on: date
    unit_id: UnitId
    person_id: PersonId
    remedy: Remedy | None = None
    reason: str | None = None
    plan_on: date | None = None
    note: str = ""
    version: int | None = None
    days: int | None = None


@frozen
class Span:
    """The days since the last dispatch.

    Args:
        after: The last dispatch; nothing is dated on or before it.
        on: The last day of the span, included.
        last: True at the end of the campaign, when everything is answered.
    """

    after: date
    on: date
    last: bool


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

    def answer(self, rows: Sequence[TodoRow], span: Span) -> Iterator[ReplyRow]:
        """Yield what the units do about their tickets in the days since the last dispatch."""
        for row in rows:
            if row.status in _FROM:
                yield from self._about(row, span)

    def _about(self, row: TodoRow, span: Span) -> Iterator[ReplyRow]:
        rng = Random(f"{self.seed}/reply/{row.ticket_id}/{row.unit_id}/{row.version > 7}")
        desk = self._desk(row.unit_id, rng)
        first_routing = row.status is Status.ROUTED and row.version <= 2
        wrong, gone = rng.random() < _WRONG_DISPATCH, rng.random() < _WITHDRAWN
        waits = self._waits(row, rng)
        remedy = self._remedy(row, rng)
        if first_routing and (wrong or gone):
            yield from self._turn_away(row, span, desk, rng, wrong=wrong)
            return
        version: int | None = row.version
        for event, on in self._dated(row, span, waits):
            reply = self._step(row, event, on, desk, remedy)._replace(version=version)
            yield reply
            if reply.event is Event.REFUSE:
                return
            version = None

    def _desk(self, unit_id: UnitId, rng: Random) -> Person:
        """Return who handles the ticket; in an office never the one who approves."""
        staff = self.street.staff.get(unit_id) or self.street.staff[self.plan.dispatch.offices[0]]
        able = [p for p in staff if p.role is Role.HANDLER and p.capacity == 0] or list(staff[1:]) or list(staff)
        return rng.choice(able)

    def _approver(self, rng: Random) -> Person:
        return self.street.staff[rng.choice(self.plan.dispatch.offices)][0]

    def _waits(self, row: TodoRow, rng: Random) -> tuple[int, ...]:
        """Return working days from dispatch to each step, one after the other."""
        pace = self.pace.get(row.unit_id, _USUAL[0])
        handling = min(18, 1 + int(rng.expovariate(1 / max(0.3, pace - 1))))
        accept = 1 if rng.random() < 0.85 else 2
        waits = (accept, handling, rng.randint(0, 2), rng.randint(0, 2), rng.randint(1, 3))
        return tuple(sum(waits[: n + 1]) for n in range(len(waits)))

    def _dated(self, row: TodoRow, span: Span, waits: Sequence[int]) -> Iterator[tuple[Event, date]]:
        """Yield the steps that fall into the span; a step that is late is taken on one of its first days."""
        calendar = self.plan.working_days
        earliest = calendar.add_working_days(span.after, 1)
        start = row.routed_on or span.after - timedelta(days=7)
        late = Random(f"{self.seed}/late/{row.ticket_id}/{row.version}")
        before = earliest
        for n in range(_FROM[row.status], len(_CHAIN)):
            planned = calendar.add_working_days(start, waits[n])
            on = planned if planned > earliest else max(before, earliest)
            if planned < earliest:
                on = calendar.add_working_days(on, late.randint(0, 1))
            on = max(on, before)
            if span.last:
                on = min(on, span.on)
            if on > span.on or on < start:
                return
            yield _CHAIN[n], on
            before = on

    def _turn_away(self, row: TodoRow, span: Span, desk: Person, rng: Random, *, wrong: bool) -> Iterator[ReplyRow]:
        """Send a ticket back, or note that the person has withdrawn it."""
        on = self.plan.working_days.add_working_days(max(span.after, row.routed_on or span.after), 1)
        if on <= span.on:
            event = Event.SEND_BACK if wrong else Event.WITHDRAW
            reason = self._reason("send_back", rng) if wrong else None
            note = rng.choice(_NOTES[event])
            yield ReplyRow(
                row.ticket_id, event, on, row.unit_id, desk.id, reason=reason, note=note, version=row.version
            )

    def _remedy(self, row: TodoRow, rng: Random) -> Remedy:
        drawn = rng.random()
        if row.unit_id == self.plants.hollow_unit:
            drawn *= 4.0
        explained, partly = (0.22, 0.34) if row.topic_id in _HARD_TOPICS else (0.08, 0.16)
        if drawn < explained:
            return Remedy.EXPLAINED
        return Remedy.PARTLY if drawn < partly else Remedy.RESOLVED

    def _reason(self, why: str, rng: Random) -> str | None:
        known = [code for code in _REASONS[why] if code in self.plan.reasons]
        return rng.choice(known or sorted(self.plan.reasons) or [""]) or None

    def _step(self, row: TodoRow, event: Event, on: date, desk: Person, remedy: Remedy) -> ReplyRow:
        rng = Random(f"{self.seed}/step/{row.ticket_id}/{event}/{row.version}")
        if event is Event.CLOSE:
            return self._judged(row, on, rng)
        reply = ReplyRow(row.ticket_id, event, on, row.unit_id, desk.id)
        if event is not Event.HANDLE:
            return reply._replace(note=rng.choice(_NOTES[event]))
        if remedy is Remedy.RESOLVED:
            return reply._replace(remedy=remedy, note=rng.choice(_DONE[remedy]))
        plan_on = self.plan.working_days.add_working_days(on + timedelta(days=rng.randint(25, 200)), 1)
        return reply._replace(
            remedy=remedy, reason=self._reason("explain", rng), plan_on=plan_on, note=rng.choice(_DONE[remedy])
        )

    def _judged(self, row: TodoRow, on: date, rng: Random) -> ReplyRow:
        """Let the office approve the closing, or refuse it with a reason."""
        approver = self._approver(rng)
        refused = row.version < 12 and rng.random() < _REFUSED
        event = Event.REFUSE if refused else Event.CLOSE
        reason = self._reason("refuse", rng) if refused else None
        note = rng.choice(_NOTES[event])
        return ReplyRow(row.ticket_id, event, on, approver.unit_id, approver.id, reason=reason, note=note)
