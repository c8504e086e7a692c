"""Demo: the main job as a user starts it, from 3,000 to 30,000 households."""

from benchmarks.demo.growth import GROWTH_OF_TIME, PEAK_MEMORY, STEEPEST_STEP

BENCHES = (GROWTH_OF_TIME, STEEPEST_STEP, PEAK_MEMORY)

__all__ = ["BENCHES"]
