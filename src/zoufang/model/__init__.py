"""Nouns: frozen values of the plan, the visits and the tickets."""

from zoufang.model.areas import Area, AreaLevel, AreaTree
from zoufang.model.calendar import WorkCalendar, YearTable, plain_week, year_table
from zoufang.model.callbacks import CallBack, CallOutcome, Drawn
from zoufang.model.matrix import Assignment, Claim, Duty, Overlap, OverlapRule, Part, Scope
from zoufang.model.plan import (
    CallBackRule,
    CampaignPlan,
    ClosingRule,
    DeadlineRule,
    DispatchRule,
    Goal,
    PerfunctoryRule,
    Phase,
    RoleEntry,
    Rounding,
    Street,
)
from zoufang.model.roster import Roster
from zoufang.model.targets import Target, TargetKind
from zoufang.model.tickets import Event, Head, Remedy, Source, Status, Step, Ticket, Track
from zoufang.model.topics import Message, Topic
from zoufang.model.units import Actor, Person, Role, Unit
from zoufang.model.visits import Channel, Finding, FindingKind, Outcome, Visit

__all__ = [
    "Actor",
    "Area",
    "AreaLevel",
    "AreaTree",
    "Assignment",
    "CallBack",
    "CallBackRule",
    "CallOutcome",
    "CampaignPlan",
    "Channel",
    "Claim",
    "ClosingRule",
    "DeadlineRule",
    "DispatchRule",
    "Drawn",
    "Duty",
    "Event",
    "Finding",
    "FindingKind",
    "Goal",
    "Head",
    "Message",
    "Outcome",
    "Overlap",
    "OverlapRule",
    "Part",
    "PerfunctoryRule",
    "Person",
    "Phase",
    "Remedy",
    "Role",
    "RoleEntry",
    "Roster",
    "Rounding",
    "Scope",
    "Source",
    "Status",
    "Step",
    "Street",
    "Target",
    "TargetKind",
    "Ticket",
    "Topic",
    "Track",
    "Unit",
    "Visit",
    "WorkCalendar",
    "YearTable",
    "plain_week",
    "year_table",
]
