"""Invitations: the plugin contract and the host."""

from zoufang.sdk.answers import (
    CampaignView,
    Importer,
    KnownTarget,
    Makes,
    ReportFormat,
    StorageBackend,
    TargetRouter,
    TicketRouter,
)
from zoufang.sdk.hooks import API, hookimpl
from zoufang.sdk.host import Plugins, Provided, core_version
from zoufang.sdk.policy import GROUP, Installed, Policy, installed

__all__ = [
    "API",
    "GROUP",
    "CampaignView",
    "Importer",
    "Installed",
    "KnownTarget",
    "Makes",
    "Plugins",
    "Policy",
    "Provided",
    "ReportFormat",
    "StorageBackend",
    "TargetRouter",
    "TicketRouter",
    "core_version",
    "hookimpl",
    "installed",
]
