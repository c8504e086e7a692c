"""The plan check's subject of call-backs: strata, tries, and the two shares of a lot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from zoufang.model import CampaignPlan, StratumRule
from zoufang.rules._plan_sentences import Remark, say

RESERVED = ("census", "sample")
"""Ids of the two strata that every plan has: its census kinds, and the rest."""

_MOST = 9999


def callback_errors(plan: CampaignPlan) -> Iterator[Remark]:
    """Find strata and lots that cannot be used."""
    rule = plan.callbacks
    seen = Counter(RESERVED)
    for i, stratum in enumerate(rule.strata):
        at = f"$.callbacks.strata[{i}]"
        if seen[stratum.id]:
            yield say("duplicate", f"{at}.id", stratum.clause, id=stratum.id)
        seen[stratum.id] += 1
        for j, split in enumerate(stratum.per):
            if split in stratum.per[:j]:
                yield say("duplicate", f"{at}.per[{j}]", stratum.clause, id=split)
        yield from _sizes(at, stratum)
    lot = rule.lot
    if lot is not None:
        for name, value, low, high in (
            ("good_percent", lot.good_percent, 0, 99),
            ("bad_percent", lot.bad_percent, min(lot.good_percent + 1, 100), 100),
            ("producer_risk_percent", lot.producer_risk_percent, 1, 49),
            ("consumer_risk_percent", lot.consumer_risk_percent, 1, 49),
        ):
            yield from _within(f"$.callbacks.lot.{name}", lot.clause, value, low, high)


def callback_remarks(plan: CampaignPlan) -> Iterator[Remark]:
    """Find strata of which nobody is asked."""
    for i, stratum in enumerate(plan.callbacks.strata):
        if not stratum.rate_percent and not stratum.at_least:
            yield say("stratum_unasked", f"$.callbacks.strata[{i}]", stratum.clause, id=stratum.id)


def _sizes(at: str, stratum: StratumRule) -> Iterator[Remark]:
    yield from _within(f"{at}.rate_percent", stratum.clause, stratum.rate_percent, 0, 100)
    yield from _within(f"{at}.at_least", stratum.clause, stratum.at_least, 0, _MOST)
    if stratum.at_most is not None:
        yield from _within(f"{at}.at_most", stratum.clause, stratum.at_most, max(1, stratum.at_least), _MOST)


def _within(place: str, clause: str, value: int, low: int, high: int) -> Iterator[Remark]:
    if not low <= value <= high:
        yield say("out_of_range", place, clause, value=value, low=low, high=high)
