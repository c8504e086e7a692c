"""The roster (名册): everything that a register names."""

from __future__ import annotations

from attrs import frozen

from zoufang.model.areas import Area
from zoufang.model.targets import Target
from zoufang.model.units import Person


@frozen
class Roster:
    """What stands in a register: where, who works there, and who must be visited.

    Args:
        areas: Areas, in the register's order.
        people: Members of staff, in the register's order.
        targets: Targets, in the register's order.

    Plan: 二
    """

    areas: tuple[Area, ...] = ()
    people: tuple[Person, ...] = ()
    targets: tuple[Target, ...] = ()
