"""zoufang (走访): run a street's door-to-door campaign from plan to proof.

The front door: every name that most users need, opened when it is first asked for, so that ``import zoufang`` stays
light.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoufang.analysis import Window
    from zoufang.builtin import core
    from zoufang.campaign import Campaign
    from zoufang.errors import BadInputError, PluginError, RefusedError, ZoufangError
    from zoufang.folder import Folder
    from zoufang.intake import load_plan
    from zoufang.ledger import MemoryLedger, SqlLedger
    from zoufang.model import (
        Actor,
        Area,
        CallBack,
        CampaignPlan,
        Finding,
        Person,
        Role,
        Roster,
        Step,
        Target,
        Ticket,
        Visit,
    )
    from zoufang.sdk import Plugins, hookimpl

_DOORS = {
    "Actor": "model",
    "Area": "model",
    "BadInputError": "errors",
    "CallBack": "model",
    "Campaign": "campaign",
    "CampaignPlan": "model",
    "Finding": "model",
    "Folder": "folder",
    "MemoryLedger": "ledger",
    "Person": "model",
    "PluginError": "errors",
    "Plugins": "sdk",
    "RefusedError": "errors",
    "Role": "model",
    "Roster": "model",
    "SqlLedger": "ledger",
    "Step": "model",
    "Target": "model",
    "Ticket": "model",
    "Visit": "model",
    "Window": "analysis",
    "ZoufangError": "errors",
    "core": "builtin",
    "hookimpl": "sdk",
    "load_plan": "intake",
}

__all__ = [
    "Actor",
    "Area",
    "BadInputError",
    "CallBack",
    "Campaign",
    "CampaignPlan",
    "Finding",
    "Folder",
    "MemoryLedger",
    "Person",
    "PluginError",
    "Plugins",
    "RefusedError",
    "Role",
    "Roster",
    "SqlLedger",
    "Step",
    "Target",
    "Ticket",
    "Visit",
    "Window",
    "ZoufangError",
    "core",
    "hookimpl",
    "load_plan",
]


def __getattr__(name: str) -> object:
    room = _DOORS.get(name)
    if room is None:
        message = f"module 'zoufang' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(importlib.import_module(f"zoufang.{room}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
