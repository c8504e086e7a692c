"""The street's own plan, read once."""

from __future__ import annotations

import pytest

from zoufang.intake import load_plan
from zoufang.model import CampaignPlan


@pytest.fixture(scope="session")
def plan() -> CampaignPlan:
    """The plan of Huangtun, 2023."""
    return load_plan("huangtun-2023")
