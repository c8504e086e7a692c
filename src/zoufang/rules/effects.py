"""What each event changes besides the status: the holder, the time limit, the remedy, the first key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from zoufang.model import CampaignPlan, Event, Head, Step
from zoufang.rules import clock

Changes = Mapping[str, Any]
Effect = Callable[[CampaignPlan, Head, Step], Changes]


NOTHING: Changes = {}
UNDONE: Changes = {"remedy": None, "plan_on": None}
"""What it came to counts no more, and neither does what was promised with it."""


def _nothing(_plan: CampaignPlan, _head: Head, _step: Step) -> Changes:
    return NOTHING


def _route(plan: CampaignPlan, head: Head, step: Step) -> Changes:
    return {"unit_id": step.unit_id, **UNDONE, "routed_on": step.on, **clock.start(plan, head, step)}


def _send_back(plan: CampaignPlan, head: Head, step: Step) -> Changes:
    returned_by = head.returned_by if head.unit_id is None else (*head.returned_by, head.unit_id)
    return {"unit_id": None, "returned_by": returned_by, **clock.send_back(plan, head, step)}


def _split(plan: CampaignPlan, head: Head, step: Step) -> Changes:
    return {"unit_id": head.unit_id or step.parts[0], **clock.split(plan, head, step)}


def _revoke(plan: CampaignPlan, head: Head, step: Step) -> Changes:
    return {**UNDONE, "applied_by": None, "revoked": head.revoked + 1, **clock.reopen(plan, head, step)}


def _resume(plan: CampaignPlan, head: Head, step: Step) -> Changes:
    return {**UNDONE, "applied_by": None, **clock.afresh(plan, head, step)}


EFFECTS: Mapping[Event, Effect] = dict.fromkeys(Event, _nothing) | {
    Event.ROUTE: _route,
    Event.SEND_BACK: _send_back,
    Event.HANDLE: lambda _, __, step: {"remedy": step.remedy, "plan_on": step.plan_on, "asked_days": None},
    Event.APPLY: lambda _, __, step: {"applied_by": step.person_id},
    Event.REFUSE: lambda *_: {**UNDONE, "applied_by": None},
    Event.REVOKE: _revoke,
    Event.MERGE: lambda _, __, step: {"into": step.into},
    Event.SPLIT: _split,
    Event.RESUME: _resume,
    Event.GO_ON: clock.go_on,
    Event.ASK_EXTENSION: lambda _, __, step: {"asked_days": step.days},
    Event.GRANT_EXTENSION: clock.grant,
    Event.DENY_EXTENSION: lambda *_: {"asked_days": None},
}
"""From each event to what it changes.

Plan: 四(二), 四(三)
"""
