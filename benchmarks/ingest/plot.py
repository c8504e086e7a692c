"""The plot of how time grows with the visits, as it stands in the documentation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure

LINES = (
    ("record", "record from a frame: checked, sealed, indexed", "#1f5fa8", "o"),
    ("driver", "the driver alone: raw executemany of the same tuples", "#8a8f98", "s"),
    ("verify", "verify the whole ledger", "#c4622d", "^"),
)
MILLION = 1_000_000


def drawn(runs: Sequence[Mapping[str, Any]]) -> bytes:
    """Return the plot as SVG: CPU seconds over visits, beside the straight line through the first two sizes' rate.

    Args:
        runs: One for each size, in order, with ``visits`` and the CPU seconds of each line.
    """
    sizes = [run["visits"] / MILLION for run in runs]
    with rc_context({"svg.hashsalt": "zoufang", "svg.fonttype": "none", "font.family": "sans-serif"}):
        figure = Figure(figsize=(7.2, 4.2), layout="constrained")
        axes = figure.subplots()
        for key, label, colour, marker in LINES:
            seconds = [run[key] for run in runs]
            axes.plot(sizes, seconds, marker=marker, color=colour, label=label, linewidth=1.8)
            rate = seconds[1] / sizes[1]
            axes.plot([0, sizes[-1]], [0, rate * sizes[-1]], color=colour, linewidth=0.8, linestyle=":")
        axes.set_xlabel("visits, millions")
        axes.set_ylabel("CPU time, s")
        axes.set_xlim(0)
        axes.set_ylim(0)
        axes.grid(visible=True, color="#e3e5e8", linewidth=0.8)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False, loc="upper left", title="dotted: a straight line at the rate of one million")
        written = BytesIO()
        figure.savefig(written, format="svg", metadata={"Date": None})
    return written.getvalue()
