"""The catalogue of metrics: the one definition of every figure."""

from __future__ import annotations

from docs.generate import markdown as md
from zoufang.analysis import Metric, catalogue
from zoufang.intake import load_plan

PLAN = "huangtun-2023"


def page() -> str:
    """Return the page of metrics."""
    plan = load_plan(PLAN)
    metrics = sorted(catalogue(plan).values(), key=lambda m: m.id)
    read = {goal.metric: goal.label for goal in plan.goals}
    rows = [
        (f"[{md.code(m.id)}](#{m.id.replace('_', '-')})", f"{m.label.zh}<br>{m.label.en}", m.clause, str(m.version))
        for m in metrics
    ]
    goals = "\n".join(f"- {label.zh} / {label.en}: {md.code(name)}" for name, label in read.items())
    return md.page(
        "Metrics",
        "Every figure is a numerator and a denominator over cases that can be listed. `campaign.figures(ID, by=...)` "
        "computes one, `campaign.gap(ID)` lists the cases that keep it below 100%. A changed definition gets a new "
        "version.",
        f"The plan's goals read these (`{PLAN}`):\n\n{goals}",
        md.table(("metric", "name", "clause", "version"), rows),
        *map(_section, metrics),
    )


def _section(metric: Metric) -> str:
    only = "\n\nIt only counts: every case is a hit, and no share is printed." if metric.counts else ""
    return (
        f"## {metric.id.replace('_', ' ')}\n\n"
        f"**{metric.label.zh}** · {metric.label.en} · plan {metric.clause} · version {metric.version}\n\n"
        f"{metric.doc.zh}\n\n{metric.doc.en}{only}\n\n"
        f"May be split by {md.codes(metric.grains)}."
    )
