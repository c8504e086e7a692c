"""Targets (走访对象): who must be visited."""

from __future__ import annotations

from datetime import date

from attrs import field, frozen

from zoufang.typing import AreaId, KindId, TargetId, Text


@frozen
class TargetKind:
    """A kind of target.

    Args:
        id: The kind's id.
        label: Its name.
        clause: The plan's clause that names it.
        specific_of: The more general kind that it is also, if any (a building firm is an enterprise).
        personal: True where a target is a family rather than a firm; call-back strata use it.
    """

    id: KindId
    label: Text
    clause: str
    specific_of: KindId | None = None
    personal: bool = False


@frozen
class Target:
    """One household, firm, shop, site or pupil's family on the roster.

    Args:
        id: The target's id.
        kind: One of the plan's kinds.
        area_id: The grid (or community) it stands in.
        since_on: From when it is on the roster.
        tags: Short public words that rules may read, e.g. a shop's trade; at most a few, no personal data.
        linked_to: The household of a pupil's family, if known.
        name: Private.
        address: Private.
        phone: Private.
    """

    id: TargetId
    kind: KindId
    area_id: AreaId
    since_on: date
    tags: tuple[str, ...] = ()
    linked_to: TargetId | None = None
    name: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
