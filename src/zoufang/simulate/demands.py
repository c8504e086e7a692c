"""What is on people's minds: which topic, where and when, and the sentence it is said in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from random import Random

from attrs import frozen

from zoufang.model import CampaignPlan, FindingKind, Topic
from zoufang.simulate import names
from zoufang.simulate.sayings import (
    ANSWERS,
    GENERIC,
    NEAR_A_SITE,
    PLACES,
    PRACTICES,
    SAYINGS,
    SEASONAL,
    SUGGESTIONS,
    TIMES,
)
from zoufang.simulate.street import BUILDER, ENTERPRISE, PUPILS, SHOP, SITE, Street
from zoufang.typing import AreaId, KindId, TopicId

_FIRMS = frozenset({ENTERPRISE, BUILDER, SITE})
_DUSTY, _DUST_FACTOR, _DUST_SAID = TopicId("sanitation"), 1.7, 0.4
_SAYS_A_NUMBER = 0.012

_HOME: Mapping[str, float] = {
    "education": 5, "medical": 6, "elder_care": 6, "social_security": 6, "housing": 9, "sanitation": 13,
    "roads": 10, "utilities": 9, "order": 10, "noise": 9, "other": 8,
}  # fmt: skip
"""How often a topic comes from a household."""

_SMALL: Mapping[str, float] = {
    "education": 0.25, "medical": 0.4, "elder_care": 0.35, "social_security": 0.5, "housing": 0.08,
    "sanitation": 0.5, "roads": 0.08, "utilities": 0.25, "order": 0.35, "noise": 0.6, "other": 0.75,
    "benefit_policy": 0.4,
}  # fmt: skip
"""The share of a topic's demands that are small enough to be solved at the door."""


@frozen
class Heard:
    """One thing heard on a visit, before it is put in words.

    Args:
        kind: A demand, a suggestion or a good practice.
        topic_id: What it is about.
        solved: True where it was solved at the door.
    """

    kind: FindingKind
    topic_id: TopicId
    solved: bool = False


@frozen(slots=False)
class Mood:
    """How likely each topic is, by kind of target, community and day.

    Args:
        plan: Its topics.
        street: Its communities; those with a building site complain of dust.
        leanings: How much more or less often each community speaks of each topic.
    """

    plan: CampaignPlan
    street: Street
    leanings: Mapping[tuple[AreaId, TopicId], float]

    @cached_property
    def dusty(self) -> frozenset[AreaId]:
        """The communities that hold a building site."""
        return frozenset(self.street.community_of[t.area_id] for t in self.street.targets if t.kind == SITE)

    @cached_property
    def topics(self) -> tuple[TopicId, ...]:
        """Every topic of the plan."""
        return tuple(topic.id for topic in self.plan.topics)

    @cached_property
    def _cache(self) -> dict[tuple[KindId, AreaId, date], list[float]]:
        return {}

    def topic(self, kind: KindId, community: AreaId, on: date, rng: Random) -> TopicId:
        """Draw a topic for somebody of a kind, in a community, on a day."""
        key = (kind, community, on)
        if key not in self._cache:
            self._cache[key] = [self._weight(topic, kind, community, on) for topic in self.plan.topics]
        return rng.choices(self.topics, weights=self._cache[key])[0]

    def _weight(self, topic: Topic, kind: KindId, community: AreaId, on: date) -> float:
        weight = _kind_weight(topic, kind) * self.leanings.get((community, topic.id), 1.0)
        for first, last, factor, _ in SEASONAL.get(topic.id, ()):
            if first <= on.month * 100 + on.day <= last:
                weight *= factor
        return weight * (_DUST_FACTOR if topic.id == _DUSTY and community in self.dusty else 1.0)

    def demand(self, kind: KindId, community: AreaId, on: date, rng: Random) -> Heard:
        """Draw one demand; small everyday ones are solved at the door."""
        topic_id = self.topic(kind, community, on, rng)
        solved = rng.random() < _SMALL.get(topic_id, 0.1)
        return Heard(kind=FindingKind.DEMAND, topic_id=topic_id, solved=solved)

    def said(self, heard: Heard, community: AreaId, on: date, rng: Random) -> str:
        """Put what was heard into a sentence; rarely somebody adds a telephone number."""
        if heard.kind is FindingKind.DEMAND:
            text = rng.choice(self._sentences(heard.topic_id, community, on, rng))
        else:
            text = rng.choice(SUGGESTIONS if heard.kind is FindingKind.SUGGESTION else PRACTICES)
        number = f"我的电话是{names.phone(rng)}。" if rng.random() < _SAYS_A_NUMBER else ""
        return _fill(text, rng, self.plan.topic[heard.topic_id].label.zh) + number

    def _sentences(self, topic_id: TopicId, community: AreaId, on: date, rng: Random) -> tuple[str, ...]:
        for first, last, factor, sentences in SEASONAL.get(topic_id, ()):
            if first <= on.month * 100 + on.day <= last and rng.random() < 1 - 1 / factor:
                return sentences
        if topic_id == _DUSTY and community in self.dusty and rng.random() < _DUST_SAID:
            return NEAR_A_SITE
        domain = self.plan.topic[topic_id].domain
        return SAYINGS.get(topic_id) or GENERIC.get(domain) or GENERIC[""]

    def answer(self, heard: Heard, rng: Random) -> str:
        """Return what the visitor noted on a demand solved at the door."""
        return _fill(rng.choice(ANSWERS.get(heard.topic_id) or ANSWERS[""]), rng, "")


def make_mood(plan: CampaignPlan, street: Street, rng: Random) -> Mood:
    """Draw how much each community leans to each topic."""
    leanings = {(area.id, topic.id): rng.uniform(0.7, 1.4) for area in street.communities for topic in plan.topics}
    return Mood(plan=plan, street=street, leanings=leanings)


def _kind_weight(topic: Topic, kind: KindId) -> float:
    """Say how often a topic comes from a kind of target."""
    is_firms = topic.domain == "enterprise"
    if kind in _FIRMS:
        return (12.0 if kind == ENTERPRISE or topic.id != "markets" else 3.0) if is_firms else 1.5
    if is_firms:
        return 0.4 if kind == SHOP else 0.0
    base = _HOME.get(topic.id, 4.0)
    if kind == PUPILS:
        return base * (9.0 if topic.id == "education" else 0.6)
    return base * (2.0 if kind == SHOP and topic.domain == "street" else 1.0)


def _fill(text: str, rng: Random, label: str) -> str:
    return text.format(
        place=rng.choice(PLACES), time=rng.choice(TIMES), label=label, age=rng.randint(3, 15), old=rng.randint(66, 92),
        hour=rng.randint(18, 23), few=rng.randint(2, 6), years=rng.randint(2, 9), months=rng.randint(2, 10),
        far=rng.randint(2, 8), money=rng.randint(3, 90) * 10,
    )  # fmt: skip
