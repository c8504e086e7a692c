"""Check what was read against the roster, recorded or about to be, so that bad input writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from attrs import frozen

from zoufang.campaign import Campaign, check_roster, check_tickets, check_visits, entries_of, street_area, wire_columns
from zoufang.model import Area, AreaTree, CampaignPlan, Finding, Person, Roster, Target, Ticket, Visit
from zoufang.rules import units_of
from zoufang.sdk import Makes


@frozen
class RosterIds:
    """What the roster knows.

    Args:
        areas: All areas.
        targets: Ids of targets.
        people: Ids of members of staff.
    """

    areas: AreaTree
    targets: frozenset[str]
    people: frozenset[str]


def roster_ids(plan: CampaignPlan, campaign: Campaign | None, rosters: Iterable[Sequence[Any]]) -> RosterIds:
    """Return what is known once some rosters are registered.

    Args:
        plan: The plan.
        campaign: What is recorded; None before the first import.
        rosters: Items of the new registers.
    """
    items = [item for some in rosters for item in some]
    before = () if campaign is None else tuple(campaign.areas().values())
    areas = [street_area(plan), *before, *(item for item in items if isinstance(item, Area))]
    targets: set[str] = {item.id for item in items if isinstance(item, Target)}
    people: set[str] = {item.id for item in items if isinstance(item, Person)}
    if campaign is not None:
        targets |= campaign.ids("targets")
        people |= campaign.ids("people")
    return RosterIds(areas=AreaTree(areas), targets=frozenset(targets), people=frozenset(people))


def check_items(plan: CampaignPlan, known: RosterIds, makes: Makes, items: Sequence[Any], today: date) -> None:
    """Refuse items that name what is not there; steps and call-backs are decided where they are recorded.

    Args:
        plan: The plan.
        known: The roster.
        makes: What the items are.
        items: The items.
        today: Nothing may be later.

    Raises:
        BadInputError: With the first thing that cannot be used.

    Plan: 二
    """
    units, zone = units_of(plan, known.areas), ZoneInfo(plan.street.timezone)
    match makes:
        case "roster":
            check_roster(plan, known.areas, units, entries_of(zone, as_roster(items)))
        case "visits":
            check_visits(
                plan,
                wire_columns(Visit, [item for item in items if isinstance(item, Visit)], zone),
                [item for item in items if isinstance(item, Finding)],
                targets=known.targets,
                people=known.people,
                units=units,
                today=today,
            )
        case "tickets":
            check_tickets(
                plan, wire_columns(Ticket, items, zone), targets=known.targets, areas=known.areas, today=today
            )


def as_roster(items: Sequence[Any]) -> Roster:
    """Return the areas, people and targets among some items as a roster."""
    return Roster(
        areas=tuple(item for item in items if isinstance(item, Area)),
        people=tuple(item for item in items if isinstance(item, Person)),
        targets=tuple(item for item in items if isinstance(item, Target)),
    )
