"""What `zoufang demo` costs as the street grows: each size a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.harness import Bench, Measured
from benchmarks.results import HERE, digits, text

GROWTH = HERE / "growth.json"
ORDER = (3_000, 10_000, 3_000, 30_000, 3_000)
"""The smallest is measured before, between and after, so that its own spread shows."""

QUICK = (300, 600, 300, 900, 300)
GIGABYTE_MB = 1024
SHORTEST = 1.0
"""CPU seconds below which a step's growth is noise."""

Run = dict[str, Any]


def started(households: int) -> Run:
    """Run the demo once and return its wall and CPU seconds, its peak memory, and the CPU seconds of its steps."""
    with TemporaryDirectory(prefix="zoufang-bench-") as folder:
        out = Path(folder, "figures.json")
        words = [sys.executable, "-m", "benchmarks.demo.steps", str(out), str(households), str(Path(folder, "demo"))]
        subprocess.run(words, cwd=HERE.parent, check=True, stdout=subprocess.DEVNULL)
        run: Run = json.loads(out.read_text(encoding="utf-8"))
    return {"households": households, **run}


def together(runs: list[Run]) -> list[Run]:
    """Return one row for each size: the medians of its runs, the largest of its peaks."""
    rows = []
    for size in sorted({run["households"] for run in runs}):
        these = [run for run in runs if run["households"] == size]
        steps = {step: digits(median(run["steps"].get(step, 0.0) for run in these)) for step in these[0]["steps"]}
        rows.append(
            {
                "households": size,
                "runs": len(these),
                "wall": digits(median(run["wall"] for run in these)),
                "cpu": digits(median(run["cpu"] for run in these)),
                "peak_mb": digits(max(run["peak_mb"] for run in these)),
                "steps": steps,
            }
        )
    return rows


def per_household(runs: list[Run]) -> tuple[float, ...]:
    """Return the CPU time per household of the largest size over that of each run of the smallest."""
    sizes = sorted({run["households"] for run in runs})
    large = median(run["cpu"] for run in runs if run["households"] == sizes[-1]) / sizes[-1]
    return tuple(large / (run["cpu"] / sizes[0]) for run in runs if run["households"] == sizes[0])


def steepest(runs: list[Run]) -> float:
    """Return how much the CPU time per household of the step that grew most rose from the second-largest size on.

    Between the smallest sizes what each run costs once would hide it; a step of less than a second is left out.
    """
    before, last = together(runs)[-2:]
    steps: dict[str, float] = last["steps"]
    return max(
        (seconds / float(last["households"])) / float(before["steps"][step] / before["households"])
        for step, seconds in steps.items()
        if seconds >= SHORTEST
    )


@cache
def _runs(small: bool) -> tuple[Run, ...]:  # noqa: FBT001 - the one question that a benchmark is asked
    runs = [started(households) for households in (QUICK if small else ORDER)]
    if not small:
        GROWTH.write_text(text(together(runs)), encoding="utf-8")
    return tuple(runs)


def _time(small: bool) -> Measured:  # noqa: FBT001 - the one question that a benchmark is asked
    runs = list(_runs(small))
    return Measured(ratios=per_household(runs), n=max(run["households"] for run in runs))


def _memory(small: bool) -> Measured:  # noqa: FBT001 - the one question that a benchmark is asked
    runs = _runs(small)
    n = max(run["households"] for run in runs)
    return Measured(ratios=tuple(run["peak_mb"] / GIGABYTE_MB for run in runs if run["households"] == n), n=n)


def _steps(small: bool) -> Measured:  # noqa: FBT001 - the one question that a benchmark is asked
    runs = list(_runs(small))
    return Measured(ratios=(steepest(runs),), n=max(run["households"] for run in runs))


GROWTH_OF_TIME = Bench("demo/growth", "CPU time per household at 3,000 households", "<= 1.1", _time)
STEEPEST_STEP = Bench(
    "demo/steps", "the step that grew most: its CPU time per household at 10,000 households", "<= 1.15", _steps
)
PEAK_MEMORY = Bench("demo/memory", "one gigabyte (1,024 MB) of resident memory", "< 1", _memory)
