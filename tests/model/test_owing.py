"""Which visits are owed to a target, and by whose visit each is served: read from a table."""

from __future__ import annotations

import pytest

from zoufang.model import Assignment, Owes, Part, visits_owed
from zoufang.typing import DutyId, UnitId

WANTS = {DutyId("any"): Owes.ANY, DutyId("own"): Owes.OWN, DutyId("all"): Owes.ALL}


def answers(said: str) -> list[Assignment]:
    """Return who answers: unit and duty, the lead marked with a star."""
    found = []
    for word in said.split():
        unit, _, duty = word.rstrip("*").partition(":")
        part = Part.LEAD if word.endswith("*") else Part.CO
        found.append(Assignment("T", UnitId(unit), part, "r", "p", "1", duty_id=DutyId(duty) if duty else ""))
    return found


@pytest.mark.parametrize(
    ("answering", "owed"),
    [
        ("a*", "a:=*"),  # a lead by no duty: anybody's visit serves it
        ("a:any* b:any c", "a:any=*"),  # a joint lead and a helper owe none beside the lead's
        ("a:any* b:own", "a:any=* b:own=b"),
        ("a:own* b:own", "a:own=a,b"),  # one visit by either of the duty's units
        ("b:own a:own*", "a:own=a,b"),  # the lead's, whatever comes first
        ("a:all* b:all", "a:all=a b:all=b"),
        ("a:any* b:own c:own d:all e:all", "a:any=* b:own=b,c d:all=d e:all=e"),
    ],
)
def test_what_is_owed_is_the_leads_and_one_for_each_duty_or_unit_that_wants_its_own(answering: str, owed: str) -> None:
    """Unit, duty, and whose visit serves it: a star for anybody's."""
    found = visits_owed(WANTS, answers(answering))
    said = [f"{v.unit_id}:{v.duty_id}={'*' if v.by is None else ','.join(sorted(v.by))}" for v in found]
    assert " ".join(said) == owed


@pytest.mark.parametrize(
    ("went", "linked", "served"),
    [
        ("", False, "---"),
        ("x", False, "a--"),
        ("", True, "a--"),
        ("c", False, "ab-"),
        ("d", True, "a-d"),
        ("bd", False, "abd"),
    ],
)
def test_whose_visit_serves_what(went: str, linked: bool, served: str) -> None:  # noqa: FBT001 - the test's parameter
    """A visit to a linked target serves what anybody's visit serves, and nothing that wants a unit's own."""
    owed = visits_owed(WANTS, answers("a:any* b:own c:own d:all"))
    said = "".join(v.unit_id if v.served_by(set(went), linked=linked) else "-" for v in owed)
    assert said == served
