"""Verbs: pure functions and tables, without clock, input or output, randomness or plugins."""

from zoufang.rules.deadlines import due_after, return_by
from zoufang.rules.decide import decide, decide_all, raised, solved_on_the_spot
from zoufang.rules.lifecycle import ANSWERED, BY_EVENT, FINAL, ON_THE_SPOT, OPEN, TABLE, Transition, allowed_in, mermaid
from zoufang.rules.matrix import claim_targets, claim_tickets, duties_for, kinds_of, lines_for, units_of
from zoufang.rules.permissions import ALLOWED, permit
from zoufang.rules.phases import phases_on
from zoufang.rules.plan_check import Remark, check_plan
from zoufang.rules.resolve import Claimed, Resolved, resolve, with_fallback, without_refused
from zoufang.rules.rhythm import Week, due_weeks, weeks
from zoufang.rules.sampling import Closing, draw

__all__ = [
    "ALLOWED",
    "ANSWERED",
    "BY_EVENT",
    "FINAL",
    "ON_THE_SPOT",
    "OPEN",
    "TABLE",
    "Claimed",
    "Closing",
    "Remark",
    "Resolved",
    "Transition",
    "Week",
    "allowed_in",
    "check_plan",
    "claim_targets",
    "claim_tickets",
    "decide",
    "decide_all",
    "draw",
    "due_after",
    "due_weeks",
    "duties_for",
    "kinds_of",
    "lines_for",
    "mermaid",
    "permit",
    "phases_on",
    "raised",
    "resolve",
    "return_by",
    "solved_on_the_spot",
    "units_of",
    "weeks",
    "with_fallback",
    "without_refused",
]
