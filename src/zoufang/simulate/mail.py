"""Calls to the hotline and letters to the office."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from attrs import frozen

from zoufang.model import FindingKind, Target
from zoufang.rules import Week
from zoufang.simulate import names
from zoufang.simulate.demands import Heard, Mood
from zoufang.simulate.street import HOUSEHOLD, Street
from zoufang.simulate.truth import Plants
from zoufang.typing import AreaId, TargetId, TopicId

_CALLS_A_WEEK, _LETTERS_A_WEEK = 26 / 3000, 5 / 3000
_HOT_CALLS = 1 / 100
_AT_THE_END = 0.25
_AGAIN, _AGAIN_AFTER = 0.12, (4, 13)
_KNOWN, _GRID_KNOWN, _AREA_UNKNOWN = 0.3, 0.35, 0.05


AGAIN_SAID = "前些天打过电话，还没有结果。"
"""How somebody begins who calls again."""


class CallRow(NamedTuple):
    """One call, in the order of the columns."""

    id: str
    on: date
    name: str
    phone: str
    area_id: AreaId | None
    target_id: TargetId | None
    topic_id: TopicId
    said: str


class LetterRow(NamedTuple):
    """One letter, in the order of the columns."""

    id: str
    on: date
    name: str
    area_id: AreaId | None
    topic_id: TopicId
    said: str


class _Caller(NamedTuple):
    home: Target
    community: AreaId
    on: date
    topic_id: TopicId


def same_again(calls: Sequence[CallRow]) -> dict[str, tuple[str, ...]]:
    """Return, by call, the earlier calls from the same telephone on the same topic, the first of them first.

    Args:
        calls: The hotline's export.
    """
    earlier: dict[tuple[str, str], tuple[str, ...]] = {}
    found: dict[str, tuple[str, ...]] = {}
    for call in calls:
        who = (call.phone, call.topic_id)
        if who in earlier:
            found[call.id] = earlier[who]
        earlier[who] = (*earlier.get(who, ()), call.id)
    return found


@frozen(slots=False)
class Mail:
    """What comes in by telephone and post.

    Args:
        street: Who calls.
        mood: What about.
        plants: Where and when it boils over.
        start_on: Nothing is counted before this day.
        last_week: The number of the last week; people know that the campaign ends.
        seed: The world's seed.
    """

    street: Street
    mood: Mood
    plants: Plants
    start_on: date
    last_week: int
    seed: int

    def calls(self, weeks: Sequence[Week]) -> tuple[tuple[CallRow, ...], ...]:
        """Return the calls of each week, by day; some people call again about the same thing."""
        waiting: list[CallRow] = []
        found: list[tuple[CallRow, ...]] = []
        for week in weeks:
            first = self._first_calls(week)
            again = [call for call in waiting if call.on <= week.to_on]
            waiting = [call for call in waiting if call.on > week.to_on]
            rows = sorted([*first, *again], key=lambda call: call.on)
            numbered = tuple(call._replace(id=f"RX{week.number:02d}{n:05d}") for n, call in enumerate(rows, start=1))
            # Who called again is not counted on to call a third time.
            waiting += filter(None, (self._again(call) for call in numbered if not call.said.startswith(AGAIN_SAID)))
            found.append(numbered)
        return tuple(found)

    def _first_calls(self, week: Week) -> list[CallRow]:
        rng = Random(f"{self.seed}/calls/{week.number}")
        callers = [*self._callers(week, _CALLS_A_WEEK, rng), *self._hot_callers(week, rng)]
        return [self._call("", caller, rng) for caller in sorted(callers, key=lambda caller: caller.on)]

    def _again(self, call: CallRow) -> CallRow | None:
        """Return a later call of the same person about the same thing, from the same telephone."""
        rng = Random(f"{self.seed}/again/{call.id}")
        if rng.random() >= _AGAIN:
            return None
        return call._replace(on=call.on + timedelta(days=rng.randint(*_AGAIN_AFTER)), said=f"{AGAIN_SAID}{call.said}")

    def letters(self, week: Week) -> tuple[LetterRow, ...]:
        """Return one week's letters, by day."""
        rng = Random(f"{self.seed}/letters/{week.number}")
        found = sorted(self._callers(week, _LETTERS_A_WEEK, rng), key=lambda caller: caller.on)
        return tuple(
            self._letter(f"XJ{week.number:02d}{n:05d}", caller, rng) for n, caller in enumerate(found, start=1)
        )

    def _homes(self) -> Sequence[Target]:
        return [target for target in self.street.targets if target.kind == HOUSEHOLD]

    def _callers(self, week: Week, rate: float, rng: Random) -> Iterator[_Caller]:
        homes = self._homes()
        mean = len(homes) * rate * (_AT_THE_END if week.number == self.last_week else 1.0)
        for _ in range(max(0, round(rng.gauss(mean, mean**0.5)))):
            home, on = rng.choice(homes), self._day(week, rng)
            community = self.street.community_of[home.area_id]
            yield _Caller(home, community, on, self.mood.topic(home.kind, community, on, rng))

    def _hot_callers(self, week: Week, rng: Random) -> Iterator[_Caller]:
        hot = self.plants.hot_community
        if not self.plants.is_hot(hot, week.from_on):
            return
        homes = [home for home in self._homes() if self.street.community_of[home.area_id] == hot]
        for _ in range(max(3, round(len(homes) * _HOT_CALLS))):
            yield _Caller(rng.choice(homes), hot, self._day(week, rng), self.plants.hot_topic)

    def _day(self, week: Week, rng: Random) -> date:
        first = max(week.from_on, self.start_on)
        return first + timedelta(days=rng.randint(0, (week.to_on - first).days))

    def _said(self, caller: _Caller, rng: Random) -> str:
        heard = Heard(FindingKind.DEMAND, caller.topic_id)
        return self.mood.said(heard, caller.community, caller.on, rng)

    def _call(self, number: str, caller: _Caller, rng: Random) -> CallRow:
        drawn, known = rng.random(), rng.random() < _KNOWN
        is_hot = caller.topic_id == self.plants.hot_topic and caller.community == self.plants.hot_community
        area = caller.home.area_id if known or drawn < _GRID_KNOWN else caller.community
        nowhere = not known and not is_hot and drawn > 1 - _AREA_UNKNOWN
        name = caller.home.name if known else names.person_name(rng)
        return CallRow(
            number, caller.on, name, caller.home.phone if known else names.phone(rng), None if nowhere else area,
            caller.home.id if known else None, caller.topic_id, self._said(caller, rng),
        )  # fmt: skip

    def _letter(self, number: str, caller: _Caller, rng: Random) -> LetterRow:
        name = names.person_name(rng) if rng.random() < 0.8 else ""
        return LetterRow(number, caller.on, name, caller.community, caller.topic_id, self._said(caller, rng))
