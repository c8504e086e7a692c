"""The responsibility matrix: who answers for which targets."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from attrs import field, frozen

from zoufang.typing import AreaId, DutyId, KindId, UnitId


class Scope(StrEnum):
    """Where a duty holds.

    Plan: 二
    """

    OWN_AREA = "own_area"
    WHOLE_STREET = "whole_street"


class OverlapRule(StrEnum):
    """How two duties for one target are decided.

    Plan: 二
    """

    SPECIFIC = "specific"
    JOINT = "joint"
    EACH = "each"


class Part(StrEnum):
    """The part a unit plays: exactly one lead, any number of co."""

    LEAD = "lead"
    CO = "co"


@frozen
class Duty:
    """One line of the matrix.

    Args:
        id: The duty's id.
        kinds: The kinds of target it covers.
        leads: Units that answer; several are joint leads, the first of them is the lead of record where no
            rule says otherwise. A unit that stands for one in each community means the target's own community.
        co: Units that help.
        scope: In the units' own areas, or in the whole street.
        visitors: Which roles go.
        clause: The plan's clause.
        areas: Only in these communities; empty means everywhere.
        since_on: In force from this day; None for no limit.
        until_on: In force to this day, included; None for no limit.
        version: From 1; one duty may stand in several versions that are in force one after another.
    """

    id: DutyId
    kinds: tuple[KindId, ...]
    leads: tuple[UnitId, ...]
    clause: str
    co: tuple[UnitId, ...] = ()
    scope: Scope = Scope.WHOLE_STREET
    visitors: tuple[str, ...] = ()
    areas: tuple[AreaId, ...] = ()
    since_on: date | None = None
    until_on: date | None = None
    version: int = 1

    @property
    def key(self) -> str:
        """What tells it from every other line of the matrix: its id, and its version from the second on."""
        return self.id if self.version == 1 else f"{self.id}.v{self.version}"

    def holds_on(self, day: date | None) -> bool:
        """Say whether it is in force on a day; None asks for no day, and every line is."""
        if day is None:
            return True
        return (self.since_on or day) <= day <= (self.until_on or day)


@frozen
class Overlap:
    """The declared rule for two kinds (or two leads) that cover the same people.

    Args:
        kinds: The kinds that overlap; one kind alone means its several leads.
        rule: Specific over general, joint, or each owes a visit.
        clause: The plan's clause.
        one_visit_serves: With ``each``: True where one visit counts for all of them.
    """

    kinds: tuple[KindId, ...]
    rule: OverlapRule
    clause: str
    one_visit_serves: bool = False


@frozen
class Claim:
    """A router's answer: this unit should lead, or help, for this subject.

    Args:
        subject_id: A target or a ticket of the batch that the router was given.
        unit_id: The unit.
        part: Lead or co.
        rule: The router's name for the rule that said so.
        reason: One plain sentence, without personal data.
        duty_id: The duty by which the unit answers for a target; empty where it only helps, and for tickets.
    """

    subject_id: str
    unit_id: UnitId
    part: Part = field(converter=Part)
    rule: str
    reason: str = ""
    duty_id: DutyId | Literal[""] = ""


@frozen
class Assignment:
    """Who answers for one subject, and who decided it.

    Args:
        subject_id: The target or ticket.
        unit_id: The unit.
        part: Lead or co.
        rule: The rule.
        plugin: The plugin whose router gave the rule.
        plugin_version: Its version at that time.
        reason: One plain sentence.
        duty_id: The duty by which the unit answers for a target; a joint lead is a co with its duty. Empty where it
            only helps, and for tickets.
    """

    subject_id: str
    unit_id: UnitId
    part: Part
    rule: str
    plugin: str
    plugin_version: str
    reason: str = ""
    duty_id: DutyId | Literal[""] = ""
