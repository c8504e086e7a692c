"""Who answers for each target, against a pandas merge of the same matrix."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd

from benchmarks.harness import Pair, Side, compared
from benchmarks.street import COMMUNITIES, KINDS, PLAN, roster
from zoufang.campaign.register import street_area
from zoufang.model import AreaTree
from zoufang.rules import lines_for
from zoufang.rules.columns import answering
from zoufang.typing import AreaId, KindId


def _agree(ours: pd.DataFrame, merged: pd.DataFrame) -> bool:
    names = ["target_id", "unit_id", "part", "rule"]
    order = ["target_id", "unit_id"]
    return (
        ours[names]
        .astype(object)
        .sort_values(order, ignore_index=True)
        .equals(merged[names].astype(object).sort_values(order, ignore_index=True))
    )


@contextmanager
def _tables(n: int) -> Iterator[tuple[AreaTree, pd.DataFrame, pd.DataFrame]]:
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
    yield areas, frame, matrix


@contextmanager
def _pair(n: int) -> Iterator[Pair]:
    with _tables(n) as (areas, frame, matrix):
        ours = frame[["target_id", "kind", "area_id"]]
        yield Pair(
            ours=Side(lambda _: answering(PLAN, areas, ours)),
            baseline=Side(lambda _: frame.merge(matrix, on=["kind", "community"])),
            agree=_agree,
        )


TARGETS = compared(
    "rules/resolve-targets-in-columns",
    "a pandas merge of the targets with the matrix",
    "<= 3",
    n=1_000_000,
    quick=10_000,
    make=_pair,
)
