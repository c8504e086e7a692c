"""Rules: the lifecycle's table and the matrix, in batch."""

from benchmarks.rules.deadlines import DEADLINES
from benchmarks.rules.lifecycle import IN_COLUMNS, ONE_BY_ONE, STATEMACHINE, TRANSITIONS
from benchmarks.rules.targets import TARGETS

BENCHES = (DEADLINES, IN_COLUMNS, ONE_BY_ONE, TRANSITIONS, STATEMACHINE, TARGETS)

__all__ = ["BENCHES"]
