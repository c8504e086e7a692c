"""The hall: one object that users hold, one short method per verb."""

from zoufang.campaign.checks import check_roster, check_tickets, check_visits
from zoufang.campaign.defaults import now
from zoufang.campaign.given import Given
from zoufang.campaign.hall import Campaign
from zoufang.campaign.outcomes import Dispatched, Done
from zoufang.campaign.register import street_area

__all__ = [
    "Campaign",
    "Dispatched",
    "Done",
    "Given",
    "check_roster",
    "check_tickets",
    "check_visits",
    "now",
    "street_area",
]
