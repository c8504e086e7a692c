"""What is planted in the street, so that somebody can check that it is found; never in an input file."""

from __future__ import annotations

from datetime import date
from random import Random

from attrs import frozen

from zoufang.model import CampaignPlan, Role
from zoufang.rules import Week
from zoufang.simulate.sayings import SEASONAL
from zoufang.simulate.street import PUPILS, Street
from zoufang.typing import AreaId, PersonId, TopicId, UnitId

_HOT_WEEKS = 3


@frozen
class Plants:
    """The planted truths.

    Args:
        hurried: A grid worker who rushes from door to door, a minute or two at each.
        silent: A grid worker at a normal pace who never records a demand.
        hot_community: Where one topic boils over.
        hot_topic: Which topic.
        hot_from: From which day.
        hot_to: To which day, included.
        hollow_unit: A unit that closes without solving.
    """

    hurried: PersonId
    silent: PersonId
    hot_community: AreaId
    hot_topic: TopicId
    hot_from: date
    hot_to: date
    hollow_unit: UnitId

    def is_hot(self, community: AreaId, on: date) -> bool:
        """Say whether a community is in its hot weeks."""
        return community == self.hot_community and self.hot_from <= on <= self.hot_to


def plant(plan: CampaignPlan, street: Street, weeks: tuple[Week, ...], rng: Random) -> Plants:
    """Choose who and what is planted: three different communities, and a department with enough demands."""
    hasty, mute, hot = rng.sample([area.id for area in street.communities], 3)
    hollow = _hollow_unit(plan, rng)
    first = weeks[min(rng.choice((4, 5)), len(weeks) - _HOT_WEEKS) - 1 :]
    return Plants(
        hurried=_grid_worker(street, hasty),
        silent=_grid_worker(street, mute),
        hot_community=hot,
        hot_topic=rng.choice(_hot_candidates(plan, hollow)),
        hot_from=first[0].from_on,
        hot_to=first[_HOT_WEEKS - 1].to_on,
        hollow_unit=hollow,
    )


def _grid_worker(street: Street, community: AreaId) -> PersonId:
    """Return the grid worker of a community with the most targets."""
    workers = [p for p in street.people if p.role is Role.GRID_WORKER and p.unit_id == UnitId(community)]
    return max(workers, key=lambda person: len(street.rounds[person.id])).id


def _hollow_unit(plan: CampaignPlan, rng: Random) -> UnitId:
    """Return a department that leads on at least two topics of the street."""
    led = [topic.unit for topic in plan.topics if topic.domain != "enterprise" and topic.unit]
    offices = {unit.id for unit in plan.units if unit.office or unit.per_community}
    visited_by_schools = {lead for duty in plan.duties if PUPILS in duty.kinds for lead in duty.leads}
    found = sorted({unit for unit in led if led.count(unit) > 1} - offices - visited_by_schools)
    return rng.choice(found or sorted(set(led) - offices) or [unit.id for unit in plan.units])


def _hot_candidates(plan: CampaignPlan, hollow: UnitId) -> list[TopicId]:
    """Return topics of residents that no season explains and that the hollow unit does not lead."""
    found = [t for t in plan.topics if t.domain not in {"enterprise", "other"} and t.id not in SEASONAL]
    return [t.id for t in found if t.unit != hollow] or [t.id for t in plan.topics]
