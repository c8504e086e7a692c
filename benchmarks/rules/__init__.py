"""Rules: the lifecycle's table and the matrix, in batch."""

from benchmarks.rules.deadlines import DEADLINES
from benchmarks.rules.lifecycle import LIFECYCLE
from benchmarks.rules.targets import IN_COLUMNS, TARGETS

BENCHES = (DEADLINES, LIFECYCLE, TARGETS, IN_COLUMNS)

__all__ = ["BENCHES"]
