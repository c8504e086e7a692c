"""Every benchmark, by folder."""

from __future__ import annotations

from benchmarks import demo, dispatch, figures, ingest, rules
from benchmarks.harness import Bench

BENCHES: tuple[Bench, ...] = (
    *rules.BENCHES,
    *ingest.BENCHES,
    *dispatch.BENCHES,
    *figures.BENCHES,
    *demo.BENCHES,
)
