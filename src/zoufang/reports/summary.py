"""The three 100% by unit: the table that stands at the end of a campaign."""

from __future__ import annotations

from zoufang.analysis import Window, catalogue, figures, names, printed_share
from zoufang.facts import Reader
from zoufang.model import CampaignPlan
from zoufang.reports import words
from zoufang.reports.basics import COMPANIONS
from zoufang.reports.desk import Groups, in_order, total, unit_name
from zoufang.reports.document import Align, Column, Share, Table, Value
from zoufang.typing import Language


def goals_by_unit(reader: Reader, plan: CampaignPlan, window: Window, language: Language = "zh") -> Table:
    """Return the plan's goals by unit.

    Args:
        reader: Where the facts are.
        plan: Its goals, in its order; the rectified goal shows its second figure too.
        window: Which facts count.
        language: Of the words.

    Returns:
        One row per unit that has a case, then the whole street.
        Columns: the unit's name; per figure ``n/of`` and the share, as printed.

    Plan: 一, 四(四)
    """
    metrics = catalogue(plan)
    shown = [m for goal in plan.goals for m in (goal.metric, *COMPANIONS.get(goal.metric, ()))]
    groups: list[Groups] = [
        {one.group[0]: one for one in figures(reader, metrics[m], window, ("unit_id",))} for m in shown
    ]
    known = names(reader, window.as_of)

    def pair(n: int, of: int) -> tuple[Value, ...]:
        return (f"{n}/{of}", Share(n, of, printed_share(n, of, plan.rounding, language)))

    def row(unit: str | None) -> tuple[Value, ...]:
        found = (pair(g[unit].n, g[unit].of) if unit in g else pair(0, 0) for g in groups)
        return (unit_name(plan, known, unit, language), *(value for both in found for value in both))

    columns = [Column(words.UNIT.said_in(language), Align.LEFT)]
    for m in shown:
        label = metrics[m].label.said_in(language)
        columns += [Column(f"{label} n/of"), Column(label)]
    return Table(
        caption=words.GOALS_TABLE.said_in(language),
        columns=tuple(columns),
        rows=tuple(row(unit) for unit in in_order(plan, (u for g in groups for u in g))),
        total=(words.TOTAL.said_in(language), *(value for g in groups for value in pair(*total(g)))),
        wide=True,
    )
