"""A little street that fits any plan: two communities, and one or two of everything that the plan names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from zoufang.model import Area, AreaLevel, CampaignPlan, Person, Role, Roster, Target
from zoufang.typing import AreaId, PersonId, Salt, TargetId, UnitId

COMMUNITIES = (AreaId("C01"), AreaId("C02"))
GRIDS = (AreaId("C01-G1"), AreaId("C01-G2"), AreaId("C02-G1"))
TAGS = (("餐饮",), ("五金",), ())


class SetClock:
    """A clock that stands still until it is moved on: begins a week before the plan's first dispatch, at nine.

    Args:
        plan: Its weekly rhythm and time zone apply.
    """

    def __init__(self, plan: CampaignPlan) -> None:
        first = plan.dispatch.first_on - timedelta(days=7)
        self.now = datetime.combine(first, time(9), tzinfo=ZoneInfo(plan.street.timezone))

    def __call__(self) -> datetime:
        """Return what time it is."""
        return self.now

    def pass_days(self, n: int) -> None:
        """Move on by whole days."""
        self.now += timedelta(days=n)


def counted_salts() -> Salt:
    """Return salts that are numbers in order, so that two runs of one history give the same ledger."""
    numbers: Iterator[int] = count(1)
    return lambda: f"{next(numbers):032x}"


def little_areas(plan: CampaignPlan) -> tuple[Area, ...]:
    """Return the street, two communities, and three grids.

    Args:
        plan: Its street applies.
    """
    street = Area(id=AreaId(plan.street.code), name=plan.street.name.zh, level=AreaLevel.STREET)
    communities = [
        Area(id=area_id, name=f"第{n}社区", level=AreaLevel.COMMUNITY, parent=street.id)
        for n, area_id in zip("一二", COMMUNITIES, strict=True)
    ]
    grids = [
        Area(id=area_id, name=f"{area_id}网格", level=AreaLevel.GRID, parent=AreaId(area_id[:3])) for area_id in GRIDS
    ]
    return (street, *communities, *grids)


def little_units(plan: CampaignPlan) -> tuple[UnitId, ...]:
    """Return the units of the little street: those of the plan, and the two communities.

    Args:
        plan: Its units apply.
    """
    own = (unit.id for unit in plan.units if not unit.per_community)
    return (*own, *(UnitId(area_id) for area_id in COMMUNITIES))


def little_people(plan: CampaignPlan) -> tuple[Person, ...]:
    """Return two members of staff for each unit: ``P-<unit>-1`` who leads it, and ``P-<unit>-2`` who works there.

    Args:
        plan: Its units apply.
    """
    own_areas = frozenset(map(str, COMMUNITIES))
    return tuple(
        Person(
            id=PersonId(f"P-{unit_id}-{n}"),
            unit_id=unit_id,
            role=role,
            area_id=GRIDS[n - 1] if unit_id in own_areas else None,
            capacity=20,
            name=f"王{unit_id}{n}",
            phone=f"1380537{n:04}",
        )
        for unit_id in little_units(plan)
        for n, role in ((1, Role.UNIT_LEAD), (2, Role.GRID_WORKER if unit_id in own_areas else Role.HANDLER))
    )


def little_roster(plan: CampaignPlan, *, each: int = 3) -> Roster:
    """Return a register that fits a plan.

    Args:
        plan: Its kinds, units and street apply.
        each: Targets of each kind, ``T-<kind>-1`` and so on, one grid after another.

    Returns:
        The areas, the people and the targets, all with private words.
    """
    since = plan.dispatch.first_on - timedelta(days=7)
    targets = tuple(
        Target(
            id=TargetId(f"T-{kind.id}-{n}"),
            kind=kind.id,
            area_id=GRIDS[(n - 1) % len(GRIDS)],
            since_on=since,
            tags=TAGS[(n - 1) % len(TAGS)],
            name=f"李{kind.label.zh}{n}",
            address=f"幸福路{n}号",
            phone=f"1390537{n:04}",
        )
        for kind in plan.kinds
        for n in range(1, each + 1)
    )
    return Roster(areas=little_areas(plan), people=little_people(plan), targets=targets)
