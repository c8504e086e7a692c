"""Dispatch: whose is it, asked of the routers through the plugins' host."""

from benchmarks.dispatch.routing import TARGETS, TICKETS

BENCHES = (TARGETS, TICKETS)

__all__ = ["BENCHES"]
