"""Who may do what to whom, walked verb by verb, role by role and reach by reach.

The table below is written by hand from the plan's 二 and 五(一). S is the whole street, u what the own unit answers for
or holds, c the own community, g the own grid, - not at all.
"""

from __future__ import annotations

from itertools import product

import pytest
from attrs import evolve

from zoufang.errors import NotAllowedError, OutOfReachError, WrongPostError
from zoufang.errors.words import REACHES, ROLES, VERBS
from zoufang.intake import load_plan
from zoufang.model import Actor, Role
from zoufang.rules import ALLOWED, Matter, Post, Reach, lies, permit, permit_matter, permit_post
from zoufang.typing import AreaId, UnitId

COLUMNS = ("leader", "office", "unit_lead", "handler", "grid_worker", "school_staff", "auditor", "viewer")
TABLE = """
open            S S -  -  - - - -
register        S S -  -  - - - -
assign          S S -  -  - - - -
record          S S u  u  g u - -
raise           S S uc uc g u - -
route           S S -  -  - - - -
accept          S S u  u  u u - -
send_back       S S u  u  u u - -
handle          S S u  u  u u - -
feed_back       S S u  u  u u - -
apply           S S u  u  u u - -
close           S S -  -  - - - -
refuse          S S -  -  - - - -
revoke          S S -  -  - - - -
strike          S S -  -  - - - -
withdraw        S S u  u  u u - -
split           S S -  -  - - - -
resume          S S -  -  - - - -
pause           S S -  -  - - - -
go_on           S S u  u  u u - -
ask_extension   S S u  u  u u - -
grant_extension S S -  -  - - - -
deny_extension  S S -  -  - - - -
tell            S S u  u  u u - -
link            S S -  -  - - - -
handle_problem  S S -  -  - - - -
merge           S S -  -  - - - -
draw            S S -  -  - - - -
call_back       S S -  -  - - - -
reply           S S u  u  u u - -
dispatch        S S -  -  - - - -
import          S S -  -  - - - -
reassign        S S -  -  - - - -
plan_work       S S -  -  - - - -
hand_over       S S -  -  - - - -
settle          S S -  -  - - - -
read_contacts   S S uc u  g u - -
prove           S S -  -  - - - -
erase           S S -  -  - - - -
readmit         S S -  -  - - - -
rotate_keys     S S -  -  - - - -
list_erasures   S S -  -  - - S -
"""
READS = {"list_erasures"}
"""Verbs that record nothing."""

MAY = {line.split()[0]: dict(zip(COLUMNS, line.split()[1:], strict=True)) for line in TABLE.strip().splitlines()}

POST = Post(unit_id=UnitId("C01"), area_id=AreaId("C01-G1"), community=AreaId("C01"))
HERE = {
    Reach.OWN_GRID: Matter("T1", units=frozenset({"other"}), areas=frozenset({"C01-G1", "C01", "S"})),
    Reach.OWN_COMMUNITY: Matter("T2", units=frozenset({"other"}), areas=frozenset({"C01-G2", "C01", "S"})),
    Reach.OWN_UNIT: Matter("T3", units=frozenset({"C01", "other"}), areas=frozenset({"C02-G1", "C02", "S"})),
    Reach.WHOLE_STREET: Matter("T4", units=frozenset({"other"}), areas=frozenset({"C02-G1", "C02", "S"})),
}
OPENS = {
    Reach.OWN_GRID: set("gcS"),  # a grid lies in its community
    Reach.OWN_COMMUNITY: set("cS"),
    Reach.OWN_UNIT: set("uS"),
    Reach.WHOLE_STREET: set("S"),
}


@pytest.mark.parametrize("verb", MAY)
@pytest.mark.parametrize(("role", "reach"), list(product(Role, Reach)), ids=str)
def test_every_cell_is_as_the_table_says(verb: str, role: Role, reach: Reach) -> None:
    """A matter that lies beyond is refused with how far the role reaches; a role without a cell with who may."""
    actor, cell = Actor(id="P1", role=role), MAY[verb][role]
    if cell == "-":
        with pytest.raises(NotAllowedError) as refused:
            permit_matter(actor, POST, verb, HERE[reach])
        assert set(refused.value.allowed) == {r for r in COLUMNS if MAY[verb][r] != "-"}
        return
    if OPENS[reach] & set(cell):
        permit_matter(actor, POST, verb, HERE[reach])
        return
    with pytest.raises(OutOfReachError) as beyond:
        permit_matter(actor, POST, verb, HERE[reach])
    letters = {"own_grid": "g", "own_community": "c", "own_unit": "u", "whole_street": "S"}
    assert (beyond.value.verb, beyond.value.role, beyond.value.id) == (verb, role, HERE[reach].id)
    assert {letters[one] for one in beyond.value.within} == set(cell)


def test_every_verb_is_in_the_table() -> None:
    """A new verb is decided here before anybody may use it."""
    assert set(ALLOWED) == set(MAY)


@pytest.mark.parametrize("role", Role)
def test_a_verb_that_is_not_in_the_table_is_open_to_nobody(role: Role) -> None:
    """Not even to the leader."""
    with pytest.raises(NotAllowedError):
        permit(Actor(id="P1", role=role), "rewrite")


@pytest.mark.parametrize("verb", sorted(set(MAY) - READS))
def test_auditors_and_viewers_change_nothing(verb: str) -> None:
    """They read, and no verb that writes is open to them."""
    assert {MAY[verb]["auditor"], MAY[verb]["viewer"]} == {"-"}


@pytest.mark.parametrize("reach", Reach)
def test_a_stranger_stands_nowhere_but_in_the_street(reach: Reach) -> None:
    """Whoever is not in the register has no unit, community or grid, so nothing lies near."""
    assert lies(Post(), HERE[reach]) == {Reach.WHOLE_STREET}


def test_a_matter_without_a_place_or_unit_is_near_to_nobody() -> None:
    """A call of which nobody knows from where is the office's."""
    assert lies(POST, Matter("K1")) == {Reach.WHOLE_STREET}


def test_what_the_tables_name_has_words() -> None:
    """Refusals are said from the tables, so every verb, role and reach is called something."""
    assert set(ALLOWED) <= set(VERBS)
    assert set(Role) == set(ROLES)
    assert set(Reach) == set(REACHES)


# --- posts: 五(一) --------------------------------------------------------------------------------------------------

PLAN = load_plan("huangtun-2023")


def test_somebody_in_the_register_acts_as_what_is_written_there() -> None:
    """P1 of the register is a handler of 建设办; as office, or for 管委会, P1 is refused."""
    me = Actor(id="P1", role=Role.HANDLER, unit_id="jianshe")
    unit = UnitId("jianshe")
    permit_post(PLAN, me, Role.HANDLER, unit, community=False)
    permit_post(PLAN, evolve(me, unit_id=""), Role.HANDLER, unit, community=False)
    for other in (evolve(me, role=Role.OFFICE), evolve(me, unit_id="guanwei")):
        with pytest.raises(WrongPostError) as refused:
            permit_post(PLAN, other, Role.HANDLER, unit, community=False)
        assert (refused.value.registered, refused.value.unit_id) == ("handler", "jianshe")


@pytest.mark.parametrize(
    ("role", "unit_id", "community", "holds"),
    [
        ("office", "wangge", False, True),  # the office is in the grid office
        ("office", "dangzheng", False, True),  # it dispatches: 四(二)
        ("office", "jianshe", False, False),
        ("grid_worker", "C01", True, True),  # the plan's entry stands for every community
        ("grid_worker", "jianshe", False, False),
        ("school_staff", "shehui", False, True),
        ("school_staff", "C01", True, False),
        ("leader", "anywhere", False, True),  # named in the register
        ("auditor", "anywhere", False, True),  # the plan is silent
    ],
)
def test_a_role_is_held_by_the_units_that_the_plan_names(
    role: str,
    unit_id: str,
    community: bool,  # noqa: FBT001 - a column of the table
    holds: bool,  # noqa: FBT001 - a column of the table
) -> None:
    """A register that makes somebody of the wrong unit an office gives no office."""
    actor = Actor(id="P1", role=role)
    if holds:
        permit_post(PLAN, actor, Role(role), UnitId(unit_id), community=community)
        return
    with pytest.raises(WrongPostError):
        permit_post(PLAN, actor, Role(role), UnitId(unit_id), community=community)
