"""Who answers for each target, against a pandas merge of the same matrix."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd

from benchmarks.harness import Pair, Side, compared
from benchmarks.street import COMMUNITIES, KINDS, PLAN, roster
from zoufang.campaign.register import street_area
from zoufang.model import AreaTree
from zoufang.rules import Claimed, Resolved, claim_targets, lines_for, resolve
from zoufang.typing import AreaId, KindId


def _agree(resolved: Resolved, merged: pd.DataFrame) -> bool:
    ours = {(a.subject_id, a.unit_id, str(a.part)) for a in resolved.assignments}
    return ours == set(zip(merged["target_id"], merged["unit_id"], merged["part"], strict=True))


@contextmanager
def _pair(n: int) -> Iterator[Pair]:
    made = roster(n)
    areas = AreaTree([street_area(PLAN), *made.areas])
    ids = [target.id for target in made.targets]
    frame = pd.DataFrame(
        {
            "target_id": ids,
            "kind": [target.kind for target in made.targets],
            "community": [areas.community_of(target.area_id) for target in made.targets],
        }
    )
    matrix = pd.DataFrame(
        [
            (kind, community, unit, str(part), rule)
            for kind in sorted(set(KINDS))
            for community in COMMUNITIES
            for unit, part, rule, _reason in lines_for(PLAN, KindId(kind), AreaId(community))
        ],
        columns=["kind", "community", "unit_id", "part", "rule"],
    )

    def ours(_: object) -> Resolved:
        claims = (Claimed(claim, "zoufang", "1") for claim in claim_targets(PLAN, areas, made.targets))
        return resolve(ids, claims, PLAN.precedence)

    yield Pair(ours=Side(ours), baseline=Side(lambda _: frame.merge(matrix, on=["kind", "community"])), agree=_agree)


TARGETS = compared(
    "rules/resolve-targets",
    "a pandas merge of the targets with the matrix",
    "<= 3",
    n=100_000,
    quick=10_000,
    make=_pair,
)
