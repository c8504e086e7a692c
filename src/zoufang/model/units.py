"""Units (责任单位) and the people who work in them."""

from __future__ import annotations

from enum import StrEnum

from attrs import field, frozen

from zoufang.typing import AreaId, PersonId, UnitId


class Role(StrEnum):
    """What a person may be in the campaign.

    Plan: 五(一)
    """

    LEADER = "leader"
    OFFICE = "office"
    UNIT_LEAD = "unit_lead"
    HANDLER = "handler"
    GRID_WORKER = "grid_worker"
    SCHOOL_STAFF = "school_staff"
    AUDITOR = "auditor"
    VIEWER = "viewer"


@frozen
class Unit:
    """Who answers for targets and tickets.

    Args:
        id: The unit's id.
        name: Its public name.
        per_community: True where the plan's entry stands for one unit in each community.
        office: True for the units that dispatch (网格办, 党政办).
        clause: The plan's clause that names it.
    """

    id: UnitId
    name: str
    per_community: bool = False
    office: bool = False
    clause: str = ""


@frozen
class Person:
    """A member of staff, known by id; the name stands in the erasable side table.

    Args:
        id: The person's id.
        unit_id: The unit they work for.
        role: What they may do.
        area_id: The grid or community they look after, if any.
        capacity: Visits a working day, at least 0.
        name: Private.
        phone: Private.
    """

    id: PersonId
    unit_id: UnitId
    role: Role = field(converter=Role)
    area_id: AreaId | None = None
    capacity: int = 0
    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)


@frozen
class Actor:
    """Who makes a change: stands in the header of each commit.

    Args:
        id: A person's id, or the name of a program.
        role: In which role.
        unit_id: For which unit, if any.
    """

    id: str
    role: Role = field(converter=Role)
    unit_id: str = ""
