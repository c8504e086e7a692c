"""Small changes with rows of a few tables, for those who test a ledger."""

from __future__ import annotations

from datetime import UTC, datetime

from zoufang.ledger import Draft, keyed_digest
from zoufang.model import Actor, Role
from zoufang.testing.stores import KEY
from zoufang.typing import WireRow

AT = datetime(2023, 3, 1, 1, 2, 3, 4, tzinfo=UTC)
OFFICE = Actor(id="office", role=Role.OFFICE, unit_id="wangge")


def draft_of(submission_id: str | None = None, **facts: list[WireRow]) -> Draft:
    """Return a change with some rows, under any submission id."""
    content = None if submission_id is None else keyed_digest(KEY, facts)
    return Draft(verb="record", actor=OFFICE, at=AT, facts=facts, submission_id=submission_id, content=content)


def area(area_id: str, version: int = 1, name: str = "第一社区") -> WireRow:
    """Return a row of an area."""
    return (area_id, version, name, "community", None, area_id)


def drawn(ticket_id: str, on: str = "2023-03-06") -> WireRow:
    """Return a row of a draw."""
    return (ticket_id, 8, on, "建设办/sample", 1, 10, 1, 1, None)
