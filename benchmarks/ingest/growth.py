"""What recording and verifying visits costs as they grow: time and memory, each size a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.harness import Bench, Measured
from benchmarks.ingest.plot import drawn
from benchmarks.results import HERE, text

GROWTH = HERE / "ingest.json"
PLOT = HERE.parent / "docs" / "explanation" / "visits-growth.svg"
SIZES = (100_000, 1_000_000, 3_000_000)
QUICK = (5_000, 10_000, 20_000)
MILLION = 1_000_000
MOST_MB = 150
MOST_SECONDS = 15

Run = dict[str, Any]


def started(n: int) -> Run:
    """Record so many visits in a process of its own; return its CPU seconds and how much its memory grew."""
    with TemporaryDirectory(prefix="zoufang-bench-") as folder:
        words = [sys.executable, "-m", "benchmarks.ingest.sized", folder, str(n)]
        done = subprocess.run(words, cwd=HERE.parent, check=True, stdout=subprocess.PIPE, text=True)
    run: Run = json.loads(done.stdout)
    return run


@cache
def _runs(small: bool) -> tuple[Run, ...]:  # noqa: FBT001 - the one question that a benchmark is asked
    runs = tuple(started(n) for n in (QUICK if small else SIZES))
    if not small:
        GROWTH.write_text(text(runs), encoding="utf-8")
        PLOT.write_bytes(drawn(runs))
    return runs


def _straight(small: bool) -> Measured:  # noqa: FBT001 - the one question that a benchmark is asked
    *_, before, last = _runs(small)
    each = [run["record"] / run["visits"] for run in (last, before)]
    return Measured(ratios=(each[0] / each[1],), n=last["visits"])


def _memory(small: bool) -> Measured:  # noqa: FBT001 - the one question that a benchmark is asked
    runs = _runs(small)
    return Measured(ratios=tuple(run["grown_mb"] / MOST_MB for run in runs[1:]), n=runs[-1]["visits"])


def _verify(small: bool) -> Measured:  # noqa: FBT001 - the one question that a benchmark is asked
    run = _runs(small)[1]
    return Measured(ratios=(run["verify"] / MOST_SECONDS,), n=run["visits"])


STRAIGHT = Bench("ingest/growth", "CPU time per visit, from a frame, at 1,000,000 visits", "<= 1.15", _straight)
MEMORY = Bench("ingest/memory", "150 MB more at the peak than before recording from a frame", "<= 1", _memory)
VERIFY_MILLION = Bench("ingest/verify-million", "fifteen seconds of CPU time", "<= 1", _verify)
