"""Who may do what, walked verb by verb and role by role; the table below is written from the plan's 五(一)."""

from __future__ import annotations

from itertools import product

import pytest

from zoufang.errors import NotAllowedError
from zoufang.model import Actor, Role
from zoufang.rules import ALLOWED, permit

OFFICE = {"leader", "office"}
FIELD = OFFICE | {"unit_lead", "handler", "grid_worker", "school_staff"}

MAY = {
    "open": OFFICE,
    "register": OFFICE,
    "assign": OFFICE,
    "route": OFFICE,
    "close": OFFICE,
    "refuse": OFFICE,
    "revoke": OFFICE,
    "strike": OFFICE,
    "merge": OFFICE,
    "draw": OFFICE,
    "call_back": OFFICE,
    "reply": OFFICE,
    "dispatch": OFFICE,
    "import": OFFICE,
    "record": FIELD,
    "raise": FIELD,
    "accept": FIELD,
    "send_back": FIELD,
    "handle": FIELD,
    "feed_back": FIELD,
    "apply": FIELD,
    "withdraw": FIELD,
}


@pytest.mark.parametrize(("verb", "role"), list(product(MAY, Role)), ids=str)
def test_each_verb_is_open_to_its_roles_and_to_no_other(verb: str, role: Role) -> None:
    """A refusal names the roles that may."""
    actor = Actor(id="P1", role=role)
    if role in MAY[verb]:
        permit(actor, verb)
        return
    with pytest.raises(NotAllowedError) as refused:
        permit(actor, verb)
    assert set(refused.value.allowed) == MAY[verb]
    assert (refused.value.verb, refused.value.role) == (verb, role)


def test_every_verb_is_in_the_table() -> None:
    """A new verb is decided here before anybody may use it."""
    assert set(ALLOWED) == set(MAY)


@pytest.mark.parametrize("role", Role)
def test_a_verb_that_is_not_in_the_table_is_open_to_nobody(role: Role) -> None:
    """Not even to the leader."""
    with pytest.raises(NotAllowedError):
        permit(Actor(id="P1", role=role), "erase")


@pytest.mark.parametrize("verb", MAY)
def test_auditors_and_viewers_change_nothing(verb: str) -> None:
    """They read, and no verb that writes is open to them."""
    assert MAY[verb].isdisjoint({"auditor", "viewer"})
