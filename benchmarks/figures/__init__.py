"""Figures: what a weekly dispatch computes, on the ledger's own SQLite."""

from benchmarks.figures.goals import CATALOGUE, GOALS

BENCHES = (GOALS, CATALOGUE)

__all__ = ["BENCHES"]
