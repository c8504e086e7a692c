"""What people said and how to reach them is in no printed form."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

from zoufang.model import CallBack, Finding, Person, Roster, Step, Target, Ticket, Visit
from zoufang.typing import AreaId, KindId, PersonId, TargetId, TicketId, TopicId, UnitId, VisitId

DAY = date(2023, 3, 1)
CANARY = "王桂英"

PRIVATE = [
    Target(TargetId("T1"), KindId("household"), AreaId("C01-G1"), DAY, name=CANARY, address=CANARY, phone=CANARY),
    Person(PersonId("P1"), UnitId("C01"), "handler", name=CANARY, phone=CANARY),
    Ticket(TicketId("K1"), "call", "K1", DAY, TopicId("roads"), said=CANARY, contact=CANARY),
    Finding(VisitId("V1"), 1, "demand", TopicId("roads"), said=CANARY, answer=CANARY),
    Step(TicketId("K1"), DAY, note=CANARY),
    CallBack(TicketId("K1"), DAY, "reached", note=CANARY),
]


@pytest.mark.parametrize("value", PRIVATE, ids=lambda value: type(value).__name__)
def test_no_private_word_is_printed(value: object) -> None:
    """Neither alone nor within a roster, as an exception's frame or a log would print it."""
    assert CANARY not in repr(value)
    assert CANARY not in str(Roster(targets=(value,)))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [Target, Person, Ticket, Finding, Step, CallBack, Visit])
def test_every_field_that_says_private_is_not_printed_and_no_other(kind: type) -> None:
    """The docstring's word `Private` and the printed form agree, so that a new field cannot slip through."""
    documented = {
        line.split(":")[0].strip() for line in (kind.__doc__ or "").splitlines() if line.rstrip().endswith("Private.")
    }
    assert {field.name for field in attrs.fields(kind) if not field.repr} == documented
