"""Areas: a street holds communities, a community holds grids (网格)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from attrs import field, frozen

from zoufang.errors import AreaLoopError, UnknownAreaError
from zoufang.typing import AreaId, UnitId


class AreaLevel(StrEnum):
    """How large an area is.

    Plan: 二
    """

    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"


@frozen
class Area:
    """One area and the area that holds it.

    Args:
        id: The area's id.
        name: Its name, public.
        level: Street, community or grid.
        parent: The area that holds it; None for the street.
    """

    id: AreaId
    name: str
    level: AreaLevel = field(converter=AreaLevel)
    parent: AreaId | None = None


class AreaTree(Mapping[AreaId, Area]):
    """All areas of a street, with the way up from each.

    Args:
        areas: Every area once; each parent must be among them.

    Raises:
        UnknownAreaError: A parent is not among the areas.
        AreaLoopError: An area is its own ancestor.
    """

    __slots__ = ("_areas", "_community")

    def __init__(self, areas: Iterable[Area]) -> None:
        self._areas: dict[AreaId, Area] = {area.id: area for area in areas}
        self._community: dict[AreaId, AreaId | None] = {}
        for area in self._areas.values():
            way_up = list(self._climb(area.id))
            self._community[area.id] = next((a.id for a in way_up if a.level is AreaLevel.COMMUNITY), None)

    def __getitem__(self, key: AreaId) -> Area:
        return self._areas[key]

    def __iter__(self) -> Iterator[AreaId]:
        return iter(self._areas)

    def __len__(self) -> int:
        return len(self._areas)

    def _climb(self, area_id: AreaId) -> Iterator[Area]:
        seen: set[AreaId] = set()
        here: AreaId | None = area_id
        while here is not None:
            if here in seen:
                raise AreaLoopError(area_id=here)
            seen.add(here)
            if here not in self._areas:
                raise UnknownAreaError(area_id=here, known=tuple(self._areas)[:5])
            yield self._areas[here]
            here = self._areas[here].parent

    def way_up(self, area_id: AreaId) -> tuple[AreaId, ...]:
        """Return an area and those that hold it, up to the street.

        Plan: 二
        """
        return tuple(area.id for area in self._climb(area_id))

    def community_of(self, area_id: AreaId) -> AreaId | None:
        """Return the community that holds an area, the area itself if it is one, or None.

        Plan: 二
        """
        return self._community[area_id]

    def unit_of(self, area_id: AreaId) -> UnitId | None:
        """Return the unit that answers for an area's community: it bears the community's id.

        Plan: 二
        """
        community = self._community[area_id]
        return None if community is None else UnitId(community)
