"""The verb register: the roster, and who answers for whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any

from zoufang.campaign.checks import check_roster
from zoufang.campaign.desk import Desk
from zoufang.campaign.outcomes import Done
from zoufang.campaign.rows import Sheaf, area_cells, unit_cells
from zoufang.campaign.state import State
from zoufang.errors import UnknownIdError
from zoufang.model import Area, AreaLevel, AreaTree, CampaignPlan, Person, Roster, Target, Unit
from zoufang.rules import Resolved, resolve, units_of
from zoufang.sdk import CampaignView
from zoufang.typing import AreaId, UnitId

given_cells = attrgetter("name", "level", "parent")
person_cells = attrgetter("unit_id", "role", "area_id", "capacity", "name", "phone")
target_cells = attrgetter("kind", "area_id", "since_on", "tags", "linked_to", "name", "address", "phone")


def street_area(plan: CampaignPlan) -> Area:
    """Return the street's own area.

    Plan: 二
    """
    return Area(id=AreaId(plan.street.code), name=plan.street.name.zh, level=AreaLevel.STREET)


def register(desk: Desk, roster: Roster, submission_id: str | None) -> Done:
    """Record a roster's new and changed entries, and route the targets among them.

    Plan: 二
    """
    content = desk.content(_cells(roster) if submission_id else ())
    if (resent := desk.resent("register", submission_id, content)) is not None:
        return resent
    state, plan = desk.state, desk.plan
    tree = AreaTree([street_area(plan), *state.areas().values(), *roster.areas])
    check_roster(plan, tree, units_of(plan, tree), roster)
    sheaf = desk.sheaf()
    new_areas = _areas(sheaf, state, tree)
    _units(sheaf, state, plan, tree)
    n_new = len(new_areas & {area.id for area in roster.areas}) + _people(sheaf, state, roster.people)
    fresh = _targets(sheaf, state, roster.targets)
    resolved = route_targets(desk, tree, fresh)
    rounds = state.rounds("target", [target.id for target in fresh])
    sheaf.assignments("target", rounds, resolved.assignments)
    n_all = len(roster.areas) + len(roster.people) + len(roster.targets)
    n_new += len(fresh)
    return desk.commit(
        "register",
        sheaf,
        submission_id=submission_id,
        content=content,
        n_new=n_new,
        n_known=n_all - n_new,
        unrouted=resolved.unrouted,
    )


def _cells(roster: Roster) -> list[list[tuple[Any, ...]]]:
    """Return everything that a roster says, private words too: what tells a resend from a change."""
    parts = ((roster.areas, given_cells), (roster.people, person_cells), (roster.targets, target_cells))
    return [[(item.id, *cells(item)) for item in items] for items, cells in parts]


def route_targets(desk: Desk, tree: AreaTree, targets: Sequence[Target]) -> Resolved:
    """Ask the routers who answers for some targets, and resolve their claims.

    Plan: 二
    """
    public = tuple(map(_without_private, targets))
    view = CampaignView(plan=desk.plan, areas=tree, targets={}, on=desk.today)
    claims = desk.plugins.claim_targets(public, view)
    return resolve([target.id for target in targets], claims, desk.plan.precedence)


def _without_private(target: Target) -> Target:
    return Target(target.id, target.kind, target.area_id, target.since_on, target.tags, target.linked_to)


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
    sheaf: Sheaf, recorded: Mapping[str, tuple[Any, ...]], items: Sequence[Any], cells: Any
) -> list[tuple[Any, int, str]]:
    news: list[tuple[Any, int, str]] = []
    for item in items:
        content = sheaf.content(*cells(item))
        version, before = recorded.get(item.id, (0, None))
        if content != before:
            news.append((item, version + 1, content))
    return news


def _people(sheaf: Sheaf, state: State, people: Sequence[Person]) -> int:
    news = _news(sheaf, state.versions("people", "person_id", ("content",)), people, person_cells)
    for person, version, content in news:
        sheaf.person(person, version, content)
    return len(news)


def _targets(sheaf: Sheaf, state: State, targets: Sequence[Target]) -> list[Target]:
    recorded = state.versions("targets", "target_id", ("content",))
    news = _news(sheaf, recorded, targets, target_cells)
    there = {target.id for target in targets} | set(recorded)
    for target, version, content in news:
        if target.linked_to is not None and target.linked_to not in there:
            raise UnknownIdError(what="target", id=target.linked_to)
        sheaf.target(target, version, content)
    return [target for target, _, _ in news]
