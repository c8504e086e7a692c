"""The hall: one object that users hold, one short method per verb."""

from zoufang.campaign.callbacks import draws_today
from zoufang.campaign.checks import check_roster, check_tickets, check_visits
from zoufang.campaign.defaults import now
from zoufang.campaign.given import Given, wire_columns
from zoufang.campaign.hall import Campaign
from zoufang.campaign.outcomes import (
    Conflict,
    Contact,
    Difference,
    Dispatched,
    Done,
    Erased,
    Erasure,
    Match,
    Rotated,
    Settled,
    Words,
)
from zoufang.campaign.planner import HandedOver, Planner, Worked
from zoufang.campaign.register import entries_of, street_area
from zoufang.campaign.story import Story

__all__ = [
    "Campaign",
    "Conflict",
    "Contact",
    "Difference",
    "Dispatched",
    "Done",
    "Erased",
    "Erasure",
    "Given",
    "HandedOver",
    "Match",
    "Planner",
    "Rotated",
    "Settled",
    "Story",
    "Words",
    "Worked",
    "check_roster",
    "check_tickets",
    "check_visits",
    "draws_today",
    "entries_of",
    "now",
    "street_area",
    "wire_columns",
]
