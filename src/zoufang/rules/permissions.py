"""Who may do what to whom: one table verb by role by reach, enforced where the commit is made."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from attrs import frozen

from zoufang.errors import NotAllowedError, OutOfReachError, WrongPostError
from zoufang.model import Actor, CampaignPlan, Role
from zoufang.typing import AreaId, UnitId


class Reach(StrEnum):
    """How far a role's hand goes with a verb, seen from the person.

    Plan: 五(一)
    """

    OWN_GRID = "own_grid"
    OWN_COMMUNITY = "own_community"
    OWN_UNIT = "own_unit"
    WHOLE_STREET = "whole_street"


R = Role
Grant = Mapping[Role, frozenset[Reach]]
"""Role → how far it reaches; a role that is not in it may not use the verb at all."""

GRID, COMMUNITY, UNIT, STREET = (frozenset({reach}) for reach in Reach)

_OFFICE: Grant = {R.LEADER: STREET, R.OFFICE: STREET}
_UNITS: Grant = {**_OFFICE, R.UNIT_LEAD: UNIT, R.HANDLER: UNIT, R.GRID_WORKER: UNIT, R.SCHOOL_STAFF: UNIT}
_FIELD: Grant = {**_UNITS, R.GRID_WORKER: GRID}
_HEARD: Grant = {**_FIELD, R.UNIT_LEAD: UNIT | COMMUNITY, R.HANDLER: UNIT | COMMUNITY}

ALLOWED: Mapping[str, Grant] = {
    "open": _OFFICE,
    "register": _OFFICE,
    "assign": _OFFICE,
    "record": _FIELD,
    "raise": _HEARD,
    "route": _OFFICE,
    "accept": _UNITS,
    "send_back": _UNITS,
    "handle": _UNITS,
    "feed_back": _UNITS,
    "apply": _UNITS,
    "close": _OFFICE,
    "refuse": _OFFICE,
    "revoke": _OFFICE,
    "strike": _OFFICE,
    "withdraw": _UNITS,
    "split": _OFFICE,
    "resume": _OFFICE,
    "pause": _OFFICE,
    "go_on": _UNITS,
    "ask_extension": _UNITS,
    "grant_extension": _OFFICE,
    "deny_extension": _OFFICE,
    "tell": _UNITS,
    "link": _OFFICE,
    "handle_problem": _OFFICE,
    "merge": _OFFICE,
    "draw": _OFFICE,
    "call_back": _OFFICE,
    "reply": _UNITS,
    "dispatch": _OFFICE,
    "import": _OFFICE,
    "reassign": _OFFICE,
    "plan_work": _OFFICE,
    "hand_over": _OFFICE,
    "settle": _OFFICE,
    "read_contacts": {**_FIELD, R.UNIT_LEAD: UNIT | COMMUNITY},
    "prove": _OFFICE,
    "erase": _OFFICE,
    "readmit": _OFFICE,
    "rotate_keys": _OFFICE,
    "list_erasures": {**_OFFICE, R.AUDITOR: STREET},
}
"""Verb → role → how far it reaches; a verb that is not here may be used by nobody.

A target lies in a person's own unit where that unit leads or helps on it, and a ticket where the unit holds it. With
``reply`` each step is asked for by its own verb.

Plan: 五(一)
"""


@frozen
class Post:
    """Where somebody stands, as the register says.

    Args:
        unit_id: The unit they work for; None for whoever is not in the register.
        area_id: The grid or community they look after.
        community: The community that holds it, or that their unit is.
    """

    unit_id: UnitId | None = None
    area_id: AreaId | None = None
    community: AreaId | None = None


@frozen
class Matter:
    """What a change touches: a target or a ticket.

    Args:
        id: Which.
        units: The units that answer for it or hold it.
        areas: The area it lies in, and those that hold that area.
    """

    id: str
    units: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()


def permit(actor: Actor, verb: str) -> frozenset[Reach]:
    """Refuse a verb that the actor's role may not use, and tell how far it reaches where it may.

    Raises:
        NotAllowedError: With the roles that may.

    Plan: 五(一)
    """
    allowed = ALLOWED.get(verb, {})
    if actor.role not in allowed:
        raise NotAllowedError(verb=verb, role=actor.role, allowed=tuple(sorted(allowed)))
    return allowed[actor.role]


def lies(post: Post, matter: Matter) -> frozenset[Reach]:
    """Return how a matter lies to a person: in the own grid, community and unit; always in the street.

    Plan: 二, 五(一)
    """
    inside = {
        Reach.OWN_GRID: post.area_id is not None and post.area_id in matter.areas,
        Reach.OWN_COMMUNITY: post.community is not None and post.community in matter.areas,
        Reach.OWN_UNIT: post.unit_id is not None and post.unit_id in matter.units,
        Reach.WHOLE_STREET: True,
    }
    return frozenset(reach for reach, yes in inside.items() if yes)


def may_reach(role: Role, verb: str, post: Post, matter: Matter) -> bool:
    """Say whether somebody in a role may use a verb on a matter, from where they stand.

    Plan: 二, 五(一)
    """
    return not ALLOWED.get(verb, {}).get(role, frozenset()).isdisjoint(lies(post, matter))


def permit_matter(actor: Actor, post: Post, verb: str, matter: Matter) -> None:
    """Refuse a verb on a matter that lies beyond the actor's reach.

    Raises:
        NotAllowedError: The role may not use the verb at all.
        OutOfReachError: It may, but not on this; with how far it reaches.

    Plan: 二, 五(一)
    """
    reach = permit(actor, verb)
    if reach.isdisjoint(lies(post, matter)):
        within = tuple(str(one) for one in Reach if one in reach)
        raise OutOfReachError(verb=verb, role=actor.role, id=matter.id, within=within)


def permit_post(plan: CampaignPlan, actor: Actor, role: Role, unit_id: UnitId, *, community: bool) -> None:
    """Refuse somebody in the register who acts in another role or for another unit than is written there.

    Args:
        plan: Its units hold the roles; a role without holders is held by whoever the register names.
        actor: What the calling program says.
        role: The role in the register.
        unit_id: The unit in the register.
        community: True where that unit is a community, for which the plan has one entry.

    Raises:
        WrongPostError: With what is written.

    Plan: 五(一)
    """
    if actor.role is not role or (actor.unit_id and actor.unit_id != unit_id):
        raise WrongPostError(person_id=actor.id, role=actor.role, registered=role, unit_id=unit_id)
    holders = {holder for entry in plan.roles if entry.role is role for holder in entry.holders}
    if holders and role is Role.OFFICE:
        holders.update(plan.dispatch.offices)
    each = any(unit.per_community and unit.id in holders for unit in plan.units)
    if holders and unit_id not in holders and not (community and each):
        raise WrongPostError(person_id=actor.id, role=role, registered=role, unit_id=unit_id)
