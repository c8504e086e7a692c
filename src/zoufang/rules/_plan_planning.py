"""The plan check's subject of work plans and the hand-over: numbers, days, and who is contacted how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from zoufang.model import CampaignPlan
from zoufang.rules._plan_sentences import Remark, say

MOST_ABSENCE = 90
LONGEST = 520


def planning_errors(plan: CampaignPlan) -> Iterator[Remark]:
    """Find numbers out of their range, days in the wrong order, and two rhythms for one kind."""
    if plan.workplan is not None:
        rule = plan.workplan
        yield from _within("$.workplan.absence_percent", rule.clause, rule.absence_percent, 0, MOST_ABSENCE)
        for i, absence in enumerate(rule.absences):
            if absence.first_on > absence.last_on:
                days = {"first": absence.first_on, "last": absence.last_on}
                yield say("absence_backwards", f"$.workplan.absences[{i}].last_on", rule.clause, **days)
    if plan.regular is not None:
        regular = plan.regular
        yield from _within("$.regular.weeks", regular.clause, regular.weeks, 1, LONGEST)
        for i, contact in enumerate(regular.contacts):
            yield from _within(f"$.regular.contacts[{i}].every_weeks", contact.clause, contact.every_weeks, 1, LONGEST)
        named = Counter(kind for contact in regular.contacts for kind in contact.kinds)
        for kind in (kind for kind, n in named.items() if n > 1 and kind in plan.kind):
            yield say("rhythm_twice", "$.regular.contacts", regular.clause, kind=plan.kind[kind].label)
        for ticket_id, n in Counter(one.ticket_id for one in regular.carried).items():
            if n > 1:
                yield say("duplicate", "$.regular.carried", regular.clause, id=ticket_id)


def planning_remarks(plan: CampaignPlan) -> Iterator[Remark]:
    """Name the kinds that nobody is sent to afterwards, and say what was carried over."""
    if plan.regular is None:
        return
    regular = plan.regular
    named = {kind for contact in regular.contacts for kind in contact.kinds}
    for kind in plan.kinds:
        if kind.id not in named:
            yield say("rhythm_missing", "$.regular.contacts", regular.clause, kind=kind.label)
    if regular.follows is not None:
        why = Counter(one.why for one in regular.carried)
        counts = {"open": why["open"], "promise": why["promise"], "watch": why["watch"]}
        yield say("carried_over", "$.regular.carried", regular.clause, follows=regular.follows, n=why.total(), **counts)


def _within(place: str, clause: str, value: int, low: int, high: int) -> Iterator[Remark]:
    if not low <= value <= high:
        yield say("out_of_range", place, clause, value=value, low=low, high=high)
