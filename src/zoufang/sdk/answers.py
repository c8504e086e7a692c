"""What plugins answer: frozen declarations that hold batch callables.

What they receive cannot be changed; what they return is a claim or a value. Only the host writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, Literal

from attrs import frozen

from zoufang.intake import Reading
from zoufang.ledger import Ledger
from zoufang.model import AreaTree, CampaignPlan, Claim, Target, Ticket
from zoufang.reports import Report
from zoufang.typing import AreaId, KindId, TargetId, Text, UnitId


@frozen
class KnownTarget:
    """What a router may know of a target that a ticket names.

    Args:
        kind: Its kind.
        area_id: Where it stands.
        tags: Its public words.
        lead: The unit that answers for it, if any.
    """

    kind: KindId
    area_id: AreaId
    tags: tuple[str, ...]
    lead: UnitId | None


@frozen
class CampaignView:
    """What a router may see of the campaign; nothing in it can be changed.

    Args:
        plan: The plan.
        areas: All areas.
        targets: The targets that the batch of tickets names; empty for target routers.
        on: The day for which it is asked; None asks for no day.
    """

    plan: CampaignPlan
    areas: AreaTree
    targets: Mapping[TargetId, KnownTarget]
    on: date | None = None


@frozen
class TargetRouter:
    """Claims targets.

    Args:
        name: Unique within its plugin.
        route: From a batch of targets to claims; deterministic, the same for any split or order of the batch.
    """

    name: str
    route: Callable[[Sequence[Target], CampaignView], Iterable[Claim]]


@frozen
class TicketRouter:
    """Claims tickets.

    Args:
        name: Unique within its plugin.
        route: From a batch of tickets to claims; deterministic, the same for any split or order of the batch.
    """

    name: str
    route: Callable[[Sequence[Ticket], CampaignView], Iterable[Claim]]


@frozen
class StorageBackend:
    """Keeps ledgers.

    Args:
        name: Unique among all plugins.
        schemes: URL schemes, e.g. ``sqlite``; each unique among all plugins.
        create: Make a new ledger at a URL.
        open: Open the ledger at a URL.
    """

    name: str
    schemes: tuple[str, ...]
    create: Callable[[str], Ledger]
    open: Callable[[str], Ledger]


Makes = Literal["roster", "visits", "tickets", "problems", "steps", "callbacks"]
"""What an importer reads; a folder is imported in this order."""


@frozen
class Importer:
    """Reads files of the inbox.

    Args:
        name: Unique among all plugins.
        label: What it reads, for people.
        makes: What comes of it.
        pattern: Which files below the inbox, as a glob, e.g. ``visits/*.xlsx``.
        read: From a file and the plan to a reading; ``strict`` refuses a file with any bad row.
    """

    name: str
    label: Text
    makes: Makes
    pattern: str
    read: Callable[[Path, CampaignPlan, bool], Reading[Any]]


@frozen
class ReportFormat:
    """Writes reports.

    Args:
        name: Unique among all plugins, e.g. ``html``.
        suffix: Of the file, with its dot.
        label: For people.
        render: Write a report; the same report gives the same bytes.
    """

    name: str
    suffix: str
    label: Text
    render: Callable[[Report, BinaryIO], None]
