"""Who answers for each target, against a pandas merge of the same matrix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pandas as pd

from benchmarks.harness import Pair, Side, compared
from benchmarks.street import COMMUNITIES, KINDS, PLAN, roster
from zoufang.campaign.register import street_area
from zoufang.model import AreaTree, Target
from zoufang.rules import Claimed, Resolved, claim_targets, lines_for, resolve
from zoufang.rules.columns import answering
from zoufang.typing import AreaId, KindId


def _agree(resolved: Resolved, merged: pd.DataFrame) -> bool:
    ours = {(a.subject_id, a.unit_id, str(a.part)) for a in resolved.assignments}
    return ours == set(zip(merged["target_id"], merged["unit_id"], merged["part"], strict=True))


def _agree_in_columns(ours: pd.DataFrame, merged: pd.DataFrame) -> bool:
    names = ["target_id", "unit_id", "part", "rule"]
    order = ["target_id", "unit_id"]
    return (
        ours[names]
        .astype(object)
        .sort_values(order, ignore_index=True)
        .equals(merged[names].astype(object).sort_values(order, ignore_index=True))
    )


@contextmanager
def _tables(n: int) -> Iterator[tuple[AreaTree, pd.DataFrame, pd.DataFrame, Sequence[Target]]]:
    made = roster(n)
    areas = AreaTree([street_area(PLAN), *made.areas])
    frame = pd.DataFrame(
        {
            "target_id": [target.id for target in made.targets],
            "kind": [target.kind for target in made.targets],
            "area_id": [target.area_id for target in made.targets],
            "community": [areas.community_of(target.area_id) for target in made.targets],
        }
    )
    matrix = pd.DataFrame(
        [
            (kind, community, unit, str(part), rule)
            for kind in sorted(set(KINDS))
            for community in COMMUNITIES
            for unit, part, rule, *_ in lines_for(PLAN, KindId(kind), AreaId(community))
        ],
        columns=["kind", "community", "unit_id", "part", "rule"],
    )
    yield areas, frame, matrix, made.targets


@contextmanager
def _pair_in_columns(n: int) -> Iterator[Pair]:
    with _tables(n) as (areas, frame, matrix, _):
        ours = frame[["target_id", "kind", "area_id"]]
        yield Pair(
            ours=Side(lambda _: answering(PLAN, areas, ours)),
            baseline=Side(lambda _: frame.merge(matrix, on=["kind", "community"])),
            agree=_agree_in_columns,
        )


@contextmanager
def _pair(n: int) -> Iterator[Pair]:
    with _tables(n) as (areas, frame, matrix, targets):
        ids = [target.id for target in targets]

        def ours(_: object) -> Resolved:
            claims = (Claimed(claim, "zoufang", "1") for claim in claim_targets(PLAN, areas, targets))
            return resolve(ids, claims, PLAN.precedence)

        yield Pair(
            ours=Side(ours), baseline=Side(lambda _: frame.merge(matrix, on=["kind", "community"])), agree=_agree
        )


TARGETS = compared(
    "rules/resolve-targets",
    "a pandas merge of the targets with the matrix",
    "<= 3",
    n=100_000,
    quick=10_000,
    make=_pair,
)
IN_COLUMNS = compared(
    "rules/resolve-targets-in-columns",
    "a pandas merge of the targets with the matrix",
    "<= 3",
    n=1_000_000,
    quick=10_000,
    make=_pair_in_columns,
)
