"""Rules: the lifecycle's table and the matrix, in batch."""

from benchmarks.rules.lifecycle import LIFECYCLE
from benchmarks.rules.targets import TARGETS

BENCHES = (LIFECYCLE, TARGETS)

__all__ = ["BENCHES"]
