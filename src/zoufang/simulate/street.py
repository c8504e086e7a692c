"""The street itself: its areas, its staff and everybody who must be visited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby
from random import Random
from typing import NamedTuple

from attrs import frozen

from zoufang.model import Area, AreaLevel, CampaignPlan, Duty, Person, Phase, Role, Target
from zoufang.simulate import names
from zoufang.typing import AreaId, KindId, PersonId, TargetId, UnitId

HOUSEHOLD, PUPILS, SHOP = KindId("household"), KindId("pupil_family"), KindId("shop")
ENTERPRISE, BUILDER, SITE = KindId("enterprise"), KindId("building_firm"), KindId("building_site")

_PER_COMMUNITY = 300
_GRID_AT_MOST = 500
_FOOD_AND_HEALTH = frozenset({"餐饮", "食品", "药店", "理发"})
_CAPACITY = {Role.GRID_WORKER: 20, Role.HANDLER: 14, Role.SCHOOL_STAFF: 6}
_TARGETS_EACH = {Role.HANDLER: 160, Role.SCHOOL_STAFF: 48}
_NEWCOMERS = 0.004
_OFFICE, _DEPARTMENT = (Role.OFFICE,) * 3, (Role.UNIT_LEAD, Role.HANDLER, Role.HANDLER)


@frozen(slots=False)
class Street:
    """Areas, people and targets, and who visits whom.

    Args:
        areas: The street, its communities and their grids.
        people: Everybody who works in the campaign.
        targets: The roster.
        rounds: The targets that each visitor goes to.
    """

    areas: tuple[Area, ...]
    people: tuple[Person, ...]
    targets: tuple[Target, ...]
    rounds: Mapping[PersonId, tuple[Target, ...]]

    @cached_property
    def communities(self) -> tuple[Area, ...]:
        """The communities."""
        return tuple(area for area in self.areas if area.level is AreaLevel.COMMUNITY)

    @cached_property
    def community_of(self) -> Mapping[AreaId, AreaId]:
        """The community of each community and grid."""
        level = {area.id: area for area in self.areas}
        return {
            area.id: area.id if area.level is AreaLevel.COMMUNITY else level[area.id].parent or area.id
            for area in self.areas
            if area.level is not AreaLevel.STREET
        }

    @cached_property
    def n_targets(self) -> Mapping[AreaId, int]:
        """How many targets each community has on the register."""
        return Counter(self.community_of[target.area_id] for target in self.targets)

    @cached_property
    def person(self) -> Mapping[PersonId, Person]:
        """The people by id."""
        return {person.id: person for person in self.people}

    @cached_property
    def staff(self) -> Mapping[UnitId, tuple[Person, ...]]:
        """Who answers tickets in each unit: its handlers and its head, never a visitor from a school."""
        desk = [p for p in self.people if p.role in {Role.HANDLER, Role.UNIT_LEAD, Role.OFFICE}]
        by_unit = sorted(desk, key=lambda person: person.unit_id)
        return {unit: tuple(group) for unit, group in groupby(by_unit, key=lambda person: person.unit_id)}


def visiting_phase(plan: CampaignPlan) -> Phase:
    """Return the phase in which the first dispatch falls: the one of the visits."""
    first = plan.dispatch.first_on
    return next(p for p in plan.phases if p.starts_on is not None and p.starts_on <= first <= p.ends_on)


def build_street(plan: CampaignPlan, households: int, rng: Random) -> Street:
    """Make up a street of a given size.

    Args:
        plan: The campaign's plan; its units and duties say who is there.
        households: How many households, at least 30.
        rng: Where the chance comes from.
    """
    grids = tuple(_grids(households))
    areas = tuple(_areas(plan, grids))
    targets = tuple(_targets(plan, grids, rng))
    people: list[Person] = list(_desks(plan, tuple(area for area, *_ in grids), rng))
    rounds: dict[PersonId, tuple[Target, ...]] = {}
    for person, round_ in _visitors(plan, targets, rng):
        people.append(person)
        rounds[person.id] = round_
    return Street(areas=areas, people=tuple(people), targets=targets, rounds=rounds)


# --- areas -----------------------------------------------------------------------------------------------------

Grid = tuple[AreaId, AreaId, str, int]
"""A grid's community, its own id, the community's name, and how many households it has."""


def _n_communities(households: int) -> int:
    small = max(3, min(10, households // _PER_COMMUNITY))
    return small if households <= 10 * _PER_COMMUNITY else min(20, 10 + (households - 3000) // 2700)


def _shares(total: int, parts: int) -> list[int]:
    return [total // parts + (n < total % parts) for n in range(parts)]


def _grids(households: int) -> Iterator[Grid]:
    for c, size in enumerate(_shares(households, _n_communities(households))):
        community = AreaId(f"C{c + 1:02d}")
        for g, in_grid in enumerate(_shares(size, -(-size // _GRID_AT_MOST))):
            yield community, AreaId(f"{community}-G{g + 1:02d}"), names.community_name(c), in_grid


def _areas(plan: CampaignPlan, grids: Sequence[Grid]) -> Iterator[Area]:
    street = AreaId(plan.street.code)
    yield Area(id=street, name=plan.street.name.zh, level=AreaLevel.STREET)
    for community, members in groupby(grids, key=lambda grid: grid[0]):
        inside = list(members)
        yield Area(id=community, name=inside[0][2], level=AreaLevel.COMMUNITY, parent=street)
        for n, (_, grid, name, _) in enumerate(inside, start=1):
            yield Area(id=grid, name=f"{name.removesuffix('社区')}第{n}网格", level=AreaLevel.GRID, parent=community)


class _Sort(NamedTuple):
    """A kind of premises: the letter of its ids, how many to a household, and how many at least."""

    kind: KindId
    letter: str
    share: float
    at_least: int


_PREMISES = (
    _Sort(SHOP, "S", 0.08, 6),
    _Sort(ENTERPRISE, "E", 0.02, 4),
    _Sort(BUILDER, "J", 0.0015, 3),
    _Sort(SITE, "G", 0.002, 3),
)

# --- targets ---------------------------------------------------------------------------------------------------


def _targets(plan: CampaignPlan, grids: Sequence[Grid], rng: Random) -> Iterator[Target]:
    total = sum(size for *_, size in grids)
    homes = list(_homes(plan, grids, rng))
    yield from homes
    pupils = sorted(rng.sample(range(len(homes)), round(total * 0.15)))
    if PUPILS in plan.kind:
        for n, home in enumerate((homes[i] for i in pupils), start=1):
            yield Target(
                id=TargetId(f"X{n:05d}"), kind=PUPILS, area_id=home.area_id, since_on=home.since_on,
                linked_to=home.id, name=home.name, address=home.address, phone=home.phone,
            )  # fmt: skip
    for sort in _PREMISES:
        if sort.kind in plan.kind:
            yield from _premises(plan, sort, max(sort.at_least, round(total * sort.share)), grids, rng)


def _homes(plan: CampaignPlan, grids: Sequence[Grid], rng: Random) -> Iterator[Target]:
    n = 0
    for g, (_, grid, community, size) in enumerate(grids):
        tag = rng.choice(("老旧小区", "新建小区", "村居"))
        for _ in range(size):
            n += 1
            yield Target(
                id=TargetId(f"H{n:06d}"), kind=HOUSEHOLD, area_id=grid, since_on=_since(plan, rng), tags=(tag,),
                name=names.person_name(rng), address=names.home_address(rng, community, g), phone=names.phone(rng),
            )  # fmt: skip


def _premises(plan: CampaignPlan, sort: _Sort, n: int, grids: Sequence[Grid], rng: Random) -> Iterator[Target]:
    weights = [size for *_, size in grids]
    where = sorted(rng.choices(range(len(grids)), weights=weights, k=n))
    for i, g in enumerate(where, start=1):
        tags: tuple[str, ...] = ()
        if sort.kind == SHOP:
            name, trade = names.shop(rng)
            tags = (trade,)
        else:
            name = {BUILDER: names.builder_name, SITE: names.site_name}.get(sort.kind, names.firm_name)(rng)
        yield Target(
            id=TargetId(f"{sort.letter}{i:04d}"), kind=sort.kind, area_id=grids[g][1], since_on=_since(plan, rng),
            tags=tags, name=name, address=names.street_address(rng), phone=names.phone(rng),
        )  # fmt: skip


def _since(plan: CampaignPlan, rng: Random) -> date:
    """Return a day shortly before the visits begin; for a few newcomers, one soon after."""
    start = visiting_phase(plan).starts_on or plan.first_on
    away = rng.randint(3, 20) if rng.random() < _NEWCOMERS else -rng.randint(1, 9)
    return start + timedelta(days=away)


# --- people ----------------------------------------------------------------------------------------------------


def _desks(plan: CampaignPlan, grid_communities: Sequence[AreaId], rng: Random) -> Iterator[Person]:
    """Make up everybody who works at a desk: offices, heads of units and those who handle tickets."""
    for unit in plan.units:
        if unit.per_community:
            continue
        roles = _OFFICE if unit.office else _DEPARTMENT
        for n, role in enumerate(roles, start=1):
            yield _person(f"{unit.id}-{n:02d}", unit.id, role, rng)
    for community in dict.fromkeys(grid_communities):
        for n, role in enumerate((Role.UNIT_LEAD, Role.HANDLER), start=1):
            yield _person(f"{community}-P{n:02d}", UnitId(community), role, rng, area_id=community)


def _person(
    person_id: str, unit_id: UnitId, role: Role, rng: Random, *, area_id: AreaId | None = None, capacity: int = 0
) -> Person:
    return Person(
        id=PersonId(person_id), unit_id=unit_id, role=role, area_id=area_id, capacity=capacity,
        name=names.person_name(rng), phone=names.phone(rng),
    )  # fmt: skip


def _visitors(
    plan: CampaignPlan, targets: Sequence[Target], rng: Random
) -> Iterator[tuple[Person, tuple[Target, ...]]]:
    by_kind: dict[KindId, list[Target]] = {kind.id: [] for kind in plan.kinds}
    for target in targets:
        by_kind[target.kind].append(target)
    for (unit_id, role), round_ in _duties(plan, by_kind).items():
        if plan.unit[unit_id].per_community:
            yield from _grid_workers(round_, rng)
        else:
            people = max(1, -(-len(round_) // _TARGETS_EACH[role]))
            start = 0
            for n, size in enumerate(_shares(len(round_), people), start=1):
                person_id = f"{unit_id}-{'T' if role is Role.SCHOOL_STAFF else 'V'}{n:02d}"
                person = _person(person_id, unit_id, role, rng, capacity=_CAPACITY[role])
                yield person, tuple(round_[start : start + size])
                start += size


def _grid_workers(round_: Sequence[Target], rng: Random) -> Iterator[tuple[Person, tuple[Target, ...]]]:
    for grid, members in groupby(sorted(round_, key=lambda t: t.area_id), key=lambda t: t.area_id):
        community, _, number = grid.partition("-G")
        person = _person(
            f"{community}-W{number}", UnitId(community), Role.GRID_WORKER, rng,
            area_id=grid, capacity=_CAPACITY[Role.GRID_WORKER],
        )  # fmt: skip
        yield person, tuple(members)


def _duties(plan: CampaignPlan, by_kind: Mapping[KindId, Sequence[Target]]) -> dict[tuple[UnitId, Role], list[Target]]:
    """Say which unit's people, in which role, go to which targets, in the order of their areas."""
    found: dict[tuple[UnitId, Role], list[Target]] = {}
    for kind, targets in by_kind.items():
        duty = next((duty for duty in plan.duties if kind in duty.kinds), None)
        for target in targets if duty else ():
            unit = _lead(duty, target) if duty else UnitId("")
            found.setdefault((unit, Role.SCHOOL_STAFF if kind == PUPILS else Role.HANDLER), []).append(target)
    return {key: sorted(round_, key=lambda t: (t.area_id, t.id)) for key, round_ in found.items()}


def _lead(duty: Duty, target: Target) -> UnitId:
    """Return the unit that goes: joint leads share the shops by trade."""
    return duty.leads[-1] if _FOOD_AND_HEALTH & set(target.tags) else duty.leads[0]
