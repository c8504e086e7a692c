"""The list of common problems as sheets: each problem with how far it is, and the tickets behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from zoufang.analysis import names
from zoufang.facts import Reader
from zoufang.intake import LINKED, PROBLEMS
from zoufang.model import CampaignPlan, ProblemStanding
from zoufang.reports.cells import SheetData, sheet_of
from zoufang.reports.desk import unit_name
from zoufang.rules import ANSWERED


def problem_sheets(reader: Reader, plan: CampaignPlan, standings: Iterable[ProblemStanding]) -> tuple[SheetData, ...]:
    """Return the common problems and the tickets that are linked to them.

    Args:
        reader: Gives the units' names.
        plan: Names topics and units.
        standings: Where each problem stands.

    Returns:
        Columns as declared in ``PROBLEMS`` and ``LINKED``; rows by the problem's number, then by the ticket's.

    Plan: 三(二)
    """
    known, found = names(reader), tuple(standings)

    def rows() -> Iterator[tuple[Any, ...]]:
        for one in found:
            topic = plan.topic[one.topic_id].label.zh if one.topic_id in plan.topic else one.topic_id
            answered = sum(status in ANSWERED for _, status in one.tickets)
            name = unit_name(plan, known, one.unit_id)
            yield (one.id, topic, one.unit_id, name, one.due_on, one.remedy, len(one.tickets), answered)

    linked = ((one.id, ticket_id, status) for one in found for ticket_id, status in one.tickets)
    return sheet_of(PROBLEMS, rows()), sheet_of(LINKED, linked)
