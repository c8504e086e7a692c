"""Visitors on their rounds: who is at home when, who must be called on again, and what is heard."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from heapq import heappop, heappush
from random import Random
from typing import NamedTuple

from attrs import define, field, frozen

from zoufang.model import CampaignPlan, Channel, FindingKind, Outcome, Person, Phase, Role, Target
from zoufang.simulate.demands import Heard, Mood
from zoufang.simulate.street import BUILDER, ENTERPRISE, HOUSEHOLD, PUPILS, SHOP, SITE, Street, visiting_phase
from zoufang.simulate.truth import Plants
from zoufang.typing import AreaId

Session = tuple[int, int]
"""From which minute of the day to which somebody visits."""

Times = tuple[int | None, int | None]
"""At which minute of the day a visit began, and how many minutes it took."""

MORNING, AFTERNOON, EVENING = (540, 720), (840, 1050), (1080, 1200)
_SESSIONS: dict[Role, tuple[Session, ...]] = {
    Role.GRID_WORKER: (MORNING, AFTERNOON, EVENING),
    Role.HANDLER: (MORNING, AFTERNOON),
}
_NEW_AT = {3: (0.42, 0.42, 0.16), 2: (0.5, 0.5), 1: (1.0,)}
_AGAIN_AT = {3: (0.15, 0.2, 0.65), 2: (0.4, 0.6), 1: (1.0,)}
_WEEKEND_SHARE = {Role.GRID_WORKER: (0.55, 0.3), Role.SCHOOL_STAFF: (0.6, 0.4)}

STARTS_AN_HOUR = 8
"""No honest visitor begins more visits within a clock hour."""

RUN_OF_NONE = 7
"""After so many answers of "nothing" in a row an honest visitor hears something."""

MOST_ATTEMPTS = 7
STRAGGLING_DAYS = 19

_DEMAND, _DEMAND_OF_THE_HURRIED, _SECOND_DEMAND = 0.19, 0.14, 0.08
_SUGGESTION, _FORGOTTEN, _HOT = 0.03, 0.02, 0.14
_PRACTICE = {ENTERPRISE: 0.12, BUILDER: 0.12, SITE: 0.1, SHOP: 0.015}
_NEVER_HOME = ((0.005, Outcome.VACANT), (0.0095, Outcome.MOVED), (0.016, Outcome.REFUSED))
_AWAY = {PUPILS: 0.14, SHOP: 0.08, ENTERPRISE: 0.1, BUILDER: 0.12, SITE: 0.12}


class VisitRow(NamedTuple):
    """One visit, light enough to hold a hundred thousand; its number is given when the week is sorted."""

    on: date
    minute: int | None
    minutes: int | None
    target: Target
    visitor: Person
    channel: Channel
    outcome: Outcome
    no_demand: bool
    heard: tuple[Heard, ...]


class _Call(NamedTuple):
    """One door that somebody means to call at."""

    target: Target
    attempt: int


@define
class _Round:
    """One visitor's whole campaign."""

    person: Person
    plan: CampaignPlan
    mood: Mood
    plants: Plants
    community: dict[AreaId, AreaId]
    rng: Random
    run: int = 0
    again: list[tuple[date, int, _Call]] = field(factory=list)
    n: int = 0
    fate: dict[str, Outcome | None] = field(factory=dict)

    def call_again(self, on: date, call: _Call) -> None:
        """Note a door for a later day."""
        self.n += 1
        heappush(self.again, (on, self.n, call))

    def due(self, on: date, at_most: int) -> list[_Call]:
        """Take the doors to call at again today."""
        found: list[_Call] = []
        while self.again and self.again[0][0] <= on and len(found) < at_most:
            found.append(heappop(self.again)[2])
        return found

    # --- one door ---

    def visit(self, call: _Call, on: date, minute: int) -> VisitRow:
        """Call at a door and say what came of it."""
        target, attempt = call
        channel = self._channel(target, attempt)
        outcome = self._outcome(call, on, minute, channel)
        if outcome is Outcome.ABSENT and attempt < MOST_ATTEMPTS:
            self.call_again(on + timedelta(days=self.rng.randint(2, 8)), _Call(target, attempt + 1))
        elif outcome is Outcome.REFUSED and attempt == 1:
            self.call_again(on + timedelta(days=self.rng.randint(7, 14)), _Call(target, 2))
        if channel is Channel.FORM:
            return self.row(call, on, (None, None), channel, outcome)
        met = outcome is Outcome.MET
        minutes = int(self.rng.triangular(3, 25, 8)) if met else self.rng.randint(3, 4)
        return self.row(call, on, (minute, minutes), channel, outcome)

    def row(self, call: _Call, on: date, times: Times, channel: Channel, outcome: Outcome) -> VisitRow:
        """Return the record of a visit; where somebody was met, with what was heard."""
        none, heard = self._hear(call.target, on) if outcome is Outcome.MET else (False, ())
        return VisitRow(on, *times, call.target, self.person, channel, outcome, none, heard)

    def _channel(self, target: Target, attempt: int) -> Channel:
        if target.kind == PUPILS:
            return Channel.PUPIL_HOME
        if target.kind == HOUSEHOLD:
            drawn = self.rng.random()
            if attempt == 1 and drawn < 0.04:
                return Channel.FORM
            if attempt > 2 and drawn < 0.3:
                return Channel.PHONE
        return Channel.DOOR

    def _outcome(self, call: _Call, on: date, minute: int, channel: Channel) -> Outcome:
        target, attempt = call
        if target.id not in self.fate:
            drawn = self.rng.random() * (1.0 if target.kind == HOUSEHOLD else 2.0)
            self.fate[target.id] = next((fate for below, fate in _NEVER_HOME if drawn < below), None)
        fate = self.fate[target.id]
        if fate is Outcome.REFUSED and attempt > 1 and self.rng.random() < 0.4:
            return Outcome.MET
        if fate is not None:
            return fate
        if channel is Channel.FORM:
            return Outcome.MET
        away = _AWAY.get(target.kind, _away(on, minute)) * (0.7 if attempt > 1 else 1.0)
        return Outcome.ABSENT if self.rng.random() < away else Outcome.MET

    # --- what is heard ---

    def _hear(self, target: Target, on: date) -> tuple[bool, tuple[Heard, ...]]:
        if self.person.id == self.plants.silent:
            return True, ()
        community = self.community[target.area_id]
        heard = [*self._demands(target, community, on), *self._thoughts(target, community, on)]
        said_nothing = not any(one.kind is FindingKind.DEMAND for one in heard)
        self.run = self.run + 1 if said_nothing else 0
        forgotten = not heard and self.rng.random() < _FORGOTTEN
        return not heard and not forgotten, tuple(heard)

    def _demands(self, target: Target, community: AreaId, on: date) -> Iterator[Heard]:
        rng, hurried = self.rng, self.person.id == self.plants.hurried
        share = _DEMAND_OF_THE_HURRIED if hurried else _DEMAND
        if self.run >= RUN_OF_NONE or rng.random() < share:
            yield self.mood.demand(target.kind, community, on, rng)
            if rng.random() < _SECOND_DEMAND:
                yield self.mood.demand(target.kind, community, on, rng)
        hot = self.plants.is_hot(community, on) and target.kind in {HOUSEHOLD, PUPILS, SHOP}
        if hot and rng.random() < _HOT:
            yield Heard(FindingKind.DEMAND, self.plants.hot_topic, solved=rng.random() < 0.1)

    def _thoughts(self, target: Target, community: AreaId, on: date) -> Iterator[Heard]:
        if self.rng.random() < _SUGGESTION:
            yield Heard(FindingKind.SUGGESTION, self.mood.topic(target.kind, community, on, self.rng))
        if self.rng.random() < _PRACTICE.get(target.kind, 0.0):
            yield Heard(FindingKind.GOOD_PRACTICE, self.mood.topic(target.kind, community, on, self.rng))


def _away(on: date, minute: int) -> float:
    """Return how likely a household is out, by weekday and hour."""
    if on.weekday() >= 5 or minute >= EVENING[0]:
        return 0.21
    return 0.47 if minute < MORNING[1] else 0.42


@frozen
class Rounds:
    """Everybody's rounds.

    Args:
        plan: The plan; its phase of the visits and its working days.
        street: Who visits whom.
        mood: What people speak of.
        plants: Who does not visit as they should.
        seed: The world's seed.
    """

    plan: CampaignPlan
    street: Street
    mood: Mood
    plants: Plants
    seed: int

    def of(self, person: Person) -> Iterator[VisitRow]:
        """Yield one visitor's visits, day by day."""
        rng = Random(f"{self.seed}/round/{person.id}")
        community = dict(self.street.community_of)
        round_ = _Round(person, self.plan, self.mood, self.plants, community, rng)
        phase = visiting_phase(self.plan)
        worked = [day for day in _days(phase) if self._works(person, day, rng)]
        targets = self.street.rounds[person.id]
        if person.id == self.plants.hurried:
            yield from _rush(round_, targets, worked)
            return
        yield from self._honest(round_, targets, worked)
        yield from self._straggle(round_, phase)

    def _works(self, person: Person, day: date, rng: Random) -> bool:
        if self.plan.working_days.is_working(day):
            return True
        saturday, sunday = _WEEKEND_SHARE.get(person.role, (0.0, 0.0))
        return rng.random() < (saturday if day.weekday() == 5 else sunday)

    def _sessions(self, person: Person, day: date) -> tuple[Session, ...]:
        if person.role is Role.SCHOOL_STAFF:
            return ((1020, 1200),) if self.plan.working_days.is_working(day) else (MORNING, AFTERNOON)
        return _SESSIONS[person.role]

    def _honest(self, round_: _Round, targets: Sequence[Target], worked: Sequence[date]) -> Iterator[VisitRow]:
        new = deque(targets)
        capacity = round_.person.capacity
        for n, day in enumerate(worked):
            pace = len(new) / max(1.0, 0.84 * len(worked) - n) * round_.rng.uniform(0.75, 1.3)
            fresh = min(len(new), capacity, int(pace + round_.rng.random()))
            calls = round_.due(day, max(capacity // 3, capacity - fresh))
            for _ in range(min(fresh, capacity - len(calls))):
                target = new.popleft()
                if target.since_on > day:
                    round_.call_again(target.since_on, _Call(target, 1))
                else:
                    calls.append(_Call(target, 1))
            yield from _one_day(round_, calls, day, self._sessions(round_.person, day))

    def _straggle(self, round_: _Round, phase: Phase) -> Iterator[VisitRow]:
        """Call at the last doors in the weeks after, a few a week."""
        for away in range(1, STRAGGLING_DAYS):
            day = phase.ends_on + timedelta(days=away)
            if self.plan.working_days.is_working(day) and round_.rng.random() < 0.4:
                calls = round_.due(day, 3)
                yield from _one_day(round_, calls, day, self._sessions(round_.person, day))


def _days(phase: Phase) -> Iterator[date]:
    first = phase.starts_on or phase.ends_on
    yield from (first + timedelta(days=n) for n in range((phase.ends_on - first).days + 1))


def _one_day(round_: _Round, calls: Sequence[_Call], day: date, sessions: Sequence[Session]) -> Iterator[VisitRow]:
    """Call at a day's doors, session by session; those that do not fit wait for tomorrow."""
    rng = round_.rng
    by_session: list[list[_Call]] = [[] for _ in sessions]
    for call in calls:
        weights = (_NEW_AT if call.attempt == 1 else _AGAIN_AT)[len(sessions)]
        by_session[rng.choices(range(len(sessions)), weights=weights)[0]].append(call)
    waiting: list[_Call] = []
    for (start, end), planned in zip(sessions, by_session, strict=True):
        waiting = [*waiting, *planned]
        clock = start + rng.randint(0, 15)
        starts: Counter[int] = Counter()
        while waiting and clock <= end - 25:
            starts[clock // 60] += 1
            row = round_.visit(waiting.pop(0), day, clock)
            yield row
            clock += (row.minutes or 2) + rng.randint(2, 6)
            if starts[clock // 60] >= STARTS_AN_HOUR:
                clock = (clock // 60 + 1) * 60
    for call in waiting:
        round_.call_again(day + timedelta(days=1), call)


def _rush(round_: _Round, targets: Sequence[Target], worked: Sequence[date]) -> Iterator[VisitRow]:
    """Tick off a whole round in a few bursts, a minute or two a door."""
    rng = round_.rng
    bursts = max(1, -(-len(targets) // 48))
    days = sorted(rng.sample(worked[len(worked) // 6 :], min(bursts, len(worked) // 2)))
    size = -(-len(targets) // len(days))
    for n, day in enumerate(days):
        clock = rng.choice((MORNING, AFTERNOON))[0]
        for target in targets[n * size : (n + 1) * size]:
            if target.since_on > day:
                continue
            outcome = Outcome.MET if rng.random() < 0.97 else Outcome.ABSENT
            minutes = rng.randint(1, 2)
            yield round_.row(_Call(target, 1), day, (clock, minutes), Channel.DOOR, outcome)
            clock += minutes + rng.randint(1, 2)
