"""The matrix in columns: a frame of targets in, a frame of who answers out; for rosters of a million."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from zoufang.model import AreaTree, CampaignPlan
from zoufang.rules.matrix import lines_for
from zoufang.typing import AreaId, KindId

COLUMNS = ("unit_id", "part", "duty_id", "rule")


def answering(plan: CampaignPlan, areas: AreaTree, targets: pd.DataFrame, on: date | None = None) -> pd.DataFrame:
    """Say of each target who leads and who helps, as the matrix has it, without a value per target.

    The matrix is asked once for each kind and area that occur; every target takes what was found for its own.

    Args:
        plan: Its duties and overlaps apply.
        areas: Where the targets stand.
        targets: Columns ``target_id``, ``kind`` and ``area_id``.
        on: The day on which duties must be in force; None asks for no day.

    Returns:
        Columns ``target_id``, ``unit_id``, ``part``, ``duty_id``, ``rule``, one row per target and unit, in the order
        of the targets, the lead first; a target that no duty covers has no row. All but the first are categories.

    Raises:
        KeyError: An area or kind that is not there.

    Plan: 二
    """
    kinds, kind_names = pd.factorize(targets["kind"])
    places, place_names = pd.factorize(targets["area_id"])
    width = max(len(place_names), 1)
    pair, pairs = pd.factorize(kinds.astype("int64") * width + places)
    found = [
        lines_for(plan, KindId(kind_names[code // width]), areas.community_of(AreaId(place_names[code % width])), on)
        for code in map(int, pairs)
    ]
    n_lines = np.array([len(lines) for lines in found], dtype="int64")
    first = np.cumsum(n_lines) - n_lines
    each = n_lines[pair]
    row = np.repeat(np.arange(len(targets)), each)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(each) - each, each)
    taken = first[pair][row] + nth
    flat = [line for lines in found for line in lines]
    made: dict[str, Any] = {"target_id": targets["target_id"].to_numpy()[row]}
    for name in COLUMNS:
        values = np.array([str(getattr(line, name)) for line in flat], dtype=object)
        codes, found_words = pd.factorize(values)
        made[name] = pd.Categorical.from_codes(codes[taken], categories=pd.Index(found_words))
    return pd.DataFrame(made)
