"""Public names of units and areas, as of a commit."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from attrs import frozen

from zoufang.facts import Reader, latest
from zoufang.typing import Seq


@frozen
class Names:
    """What units and areas are called.

    Args:
        units: Names of units by id.
        areas: Names of areas by id.
    """

    units: Mapping[str, str]
    areas: Mapping[str, str]

    def of(self, id: str | None) -> str:  # noqa: A002 - what it takes is an id
        """Return the name of a unit or else of an area; the id itself where nobody named it, empty for None."""
        return "" if id is None else self.units.get(id) or self.areas.get(id) or id


def names(reader: Reader, as_of: Seq | None = None) -> Names:
    """Return the public names of units and areas by their latest versions.

    Plan: 二
    """
    units = latest(reader.tables.units, "unit_id", as_of)
    areas = latest(reader.tables.areas, "area_id", as_of)
    return Names(
        units=dict(sorted(reader.select(sa.select(units.c.unit_id, units.c.name)))),
        areas=dict(sorted(reader.select(sa.select(areas.c.area_id, areas.c.name)))),
    )
