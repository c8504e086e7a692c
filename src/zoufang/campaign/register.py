"""The verb register: the roster, and who answers for whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Any

from zoufang.campaign.checks import WireColumns, check_roster
from zoufang.campaign.desk import Desk
from zoufang.campaign.given import Given, values_of, wire_columns
from zoufang.campaign.outcomes import Done
from zoufang.campaign.rows import Sheaf, area_cells, unit_cells
from zoufang.campaign.state import State
from zoufang.errors import UnknownIdError
from zoufang.model import Area, AreaLevel, AreaTree, CampaignPlan, Person, Roster, Target, Unit
from zoufang.rules import Resolved, resolve, units_of
from zoufang.sdk import CampaignView
from zoufang.typing import AreaId, UnitId

Entries = Mapping[str, WireColumns]
"""What stands in a register as columns: ``areas``, ``people`` and ``targets``."""

PERSON_CELLS = ("unit_id", "role", "area_id", "capacity", "name", "phone")
TARGET_CELLS = ("kind", "area_id", "since_on", "tags", "linked_to", "name", "address", "phone")
PRIVATE = ("name", "address", "phone")


def entries_of(
    zone: tzinfo,
    roster: Roster | None = None,
    *,
    areas: Given[Area] = (),
    people: Given[Person] = (),
    targets: Given[Target] = (),
) -> Entries:
    """Return a register as columns of wire values.

    Args:
        zone: The street's own.
        roster: Its entries as values.
        areas: Further areas, as values or as a table; so with the others.
        people: Further members of staff.
        targets: Further targets.

    Raises:
        BadInputError: A cell or an item that is not of its kind.

    Plan: 二
    """
    whole = roster or Roster()
    parts: tuple[tuple[str, type[Any], tuple[Any, ...], Given[Any]], ...] = (
        ("areas", Area, whole.areas, areas),
        ("people", Person, whole.people, people),
        ("targets", Target, whole.targets, targets),
    )
    return {
        name: _behind(wire_columns(kind, first, zone), wire_columns(kind, given, zone))
        for name, kind, first, given in parts
    }


def _behind(first: WireColumns, others: WireColumns) -> WireColumns:
    """Return some rows and others behind them."""
    if not first["id"]:
        return others
    return {name: [*cells, *others[name]] for name, cells in first.items()} if others["id"] else first


def street_area(plan: CampaignPlan) -> Area:
    """Return the street's own area.

    Plan: 二
    """
    return Area(id=AreaId(plan.street.code), name=plan.street.name.zh, level=AreaLevel.STREET)


def register(desk: Desk, entries: Entries, submission_id: str | None) -> Done:
    """Record a register's new and changed entries, and route the targets among them.

    Plan: 二
    """
    content = "" if submission_id is None else desk.content(entries)
    if (resent := desk.resent("register", submission_id, content)) is not None:
        return resent
    state, plan = desk.state, desk.plan
    areas = values_of(Area, entries["areas"])
    tree = AreaTree([street_area(plan), *state.areas().values(), *areas])
    check_roster(plan, tree, units_of(plan, tree), entries)
    sheaf = desk.sheaf()
    new_areas = _areas(sheaf, state, tree)
    _units(sheaf, state, plan, tree)
    n_new = len(new_areas & {area.id for area in areas}) + _people(sheaf, state, entries["people"])
    fresh = _targets(sheaf, state, entries["targets"])
    resolved = route_targets(desk, tree, fresh)
    rounds = state.rounds("target", [target.id for target in fresh])
    sheaf.assignments("target", rounds, resolved.assignments)
    n_all = sum(len(columns["id"]) for columns in entries.values())
    n_new += len(fresh)
    return desk.commit(
        "register",
        sheaf,
        submission_id=submission_id,
        content=content or None,
        n_new=n_new,
        n_known=n_all - n_new,
        unrouted=resolved.unrouted,
    )


def route_targets(desk: Desk, tree: AreaTree, targets: Sequence[Target]) -> Resolved:
    """Ask the routers who answers for some targets, none of whose private words are given, and resolve their claims.

    Plan: 二
    """
    view = CampaignView(plan=desk.plan, areas=tree, targets={}, on=desk.today)
    claims = desk.plugins.claim_targets(tuple(targets), view)
    return resolve([target.id for target in targets], claims, desk.plan.precedence)


def _areas(sheaf: Sheaf, state: State, tree: AreaTree) -> set[AreaId]:
    areas = state.versions("areas", "area_id", ("name", "level", "parent", "community"))
    new: set[AreaId] = set()
    for area in tree.values():
        before = areas.get(area.id, (0,))
        if before[1:] != area_cells(area, tree):
            sheaf.area(area, before[0] + 1, tree)
            new.add(area.id)
    return new


def _units(sheaf: Sheaf, state: State, plan: CampaignPlan, tree: AreaTree) -> None:
    units = state.versions("units", "unit_id", ("name", "office", "community"))
    own = [unit for unit in plan.units if not unit.per_community]
    communities = [
        Unit(id=UnitId(area.id), name=area.name, per_community=True)
        for area in tree.values()
        if area.level is AreaLevel.COMMUNITY
    ]
    for unit in (*own, *communities):
        before = units.get(unit.id, (0,))
        if before[1:] != unit_cells(unit):
            sheaf.unit(unit, before[0] + 1)


def _news(
    columns: WireColumns, contents: Sequence[str], recorded: Mapping[str, tuple[Any, ...]]
) -> tuple[dict[str, list[Any]], list[int], list[str]]:
    """Return the entries that are new or changed, as columns, with the version and the content of each."""
    never: tuple[int, str | None] = (0, None)
    before = [recorded.get(key, never) for key in columns["id"]]
    news = [place for place, content in enumerate(contents) if before[place][1] != content]
    taken = {name: [cells[place] for place in news] for name, cells in columns.items()}
    return taken, [before[place][0] + 1 for place in news], [contents[place] for place in news]


def _people(sheaf: Sheaf, state: State, people: WireColumns) -> int:
    contents = sheaf.contents(people, PERSON_CELLS)
    fresh, versions, contents = _news(people, contents, state.versions("people", "person_id", ("content",)))
    if versions:
        sheaf.people(fresh, versions, contents)
    return len(versions)


def _targets(sheaf: Sheaf, state: State, targets: WireColumns) -> list[Target]:
    """Add the targets that are new or changed; return them as the routers may see them."""
    recorded = state.versions("targets", "target_id", ("content",))
    contents = sheaf.contents(targets, TARGET_CELLS, words="tags")
    fresh, versions, contents = _news(targets, contents, recorded)
    there = set(targets["id"]).union(recorded)
    for linked_to in fresh["linked_to"]:
        if linked_to is not None and linked_to not in there:
            raise UnknownIdError(what="target", id=linked_to)
    if versions:
        sheaf.targets(fresh, versions, contents)
    return values_of(Target, {**fresh, **dict.fromkeys(PRIVATE, [""] * len(versions))})
