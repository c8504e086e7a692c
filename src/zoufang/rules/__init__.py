"""Verbs: pure functions and tables, without clock, input or output, randomness or plugins."""

from zoufang.rules.deadlines import between, due_after, due_at, due_by, further, return_by
from zoufang.rules.decide import decide, decide_all, raised, solved_on_the_spot
from zoufang.rules.escalation import HIGH, IN_FORCE, LADDERS, RUNNING, OnLadder, climb, ladder_of
from zoufang.rules.explain import Told, assigned_told, explain_claims, explain_duties
from zoufang.rules.gates import GATED, NEVER_CLOSED, Gateway, gate_on
from zoufang.rules.handover import ContactDue, contacts_due, next_plan
from zoufang.rules.lifecycle import (
    ANSWERED,
    BY_EVENT,
    FINAL,
    GONE,
    ON_THE_SPOT,
    OPEN,
    PARTS_FIRST,
    TABLE,
    Transition,
    allowed_in,
    mermaid,
)
from zoufang.rules.matrix import claim_targets, claim_tickets, duties_for, kinds_of, lines_for, units_of
from zoufang.rules.permissions import ALLOWED, Matter, Post, Reach, lies, permit, permit_matter, permit_post
from zoufang.rules.phases import phases_on
from zoufang.rules.plan_check import Remark, check_plan
from zoufang.rules.register_check import check_register
from zoufang.rules.resolve import Claimed, Resolved, resolve, with_fallback, without_refused
from zoufang.rules.rhythm import Week, due_weeks, weeks
from zoufang.rules.sampling import (
    CALLBACK_PRESETS,
    Closing,
    draw,
    given_up,
    order_of_lots,
    replacements,
    strata_of,
)
from zoufang.rules.similar import similar
from zoufang.rules.workplan import Load, Owed, Owing, Planned, WorkPlan, plan_work, week_of, work_weeks

__all__ = [
    "ALLOWED",
    "ANSWERED",
    "BY_EVENT",
    "CALLBACK_PRESETS",
    "FINAL",
    "GATED",
    "GONE",
    "HIGH",
    "IN_FORCE",
    "LADDERS",
    "NEVER_CLOSED",
    "ON_THE_SPOT",
    "OPEN",
    "PARTS_FIRST",
    "RUNNING",
    "TABLE",
    "Claimed",
    "Closing",
    "ContactDue",
    "Gateway",
    "Load",
    "Matter",
    "OnLadder",
    "Owed",
    "Owing",
    "Planned",
    "Post",
    "Reach",
    "Remark",
    "Resolved",
    "Told",
    "Transition",
    "Week",
    "WorkPlan",
    "allowed_in",
    "assigned_told",
    "between",
    "check_plan",
    "check_register",
    "claim_targets",
    "claim_tickets",
    "climb",
    "contacts_due",
    "decide",
    "decide_all",
    "draw",
    "due_after",
    "due_at",
    "due_by",
    "due_weeks",
    "duties_for",
    "explain_claims",
    "explain_duties",
    "further",
    "gate_on",
    "given_up",
    "kinds_of",
    "ladder_of",
    "lies",
    "lines_for",
    "mermaid",
    "next_plan",
    "order_of_lots",
    "permit",
    "permit_matter",
    "permit_post",
    "phases_on",
    "plan_work",
    "raised",
    "replacements",
    "resolve",
    "return_by",
    "similar",
    "solved_on_the_spot",
    "strata_of",
    "units_of",
    "week_of",
    "weeks",
    "with_fallback",
    "without_refused",
    "work_weeks",
]
