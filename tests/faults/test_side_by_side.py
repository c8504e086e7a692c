from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from zoufang.testing import SideBySide

Count = Callable[..., None]
N_MOVES, STEPS = 2_000, 50


@pytest.mark.faults
def test_two_ledgers_never_differ(count: Count) -> None:
    """Two thousand moves, made on SQLite and on the model in memory: the same answers, chains and figures."""
    moves = 0

    class Counted(SideBySide):
        @invariant()
        def it_is_counted(self) -> None:
            """Count the moves."""
            nonlocal moves
            moves += 1

    while moves < N_MOVES:
        run_state_machine_as_test(
            Counted,
            settings=settings(
                max_examples=N_MOVES // STEPS,
                stateful_step_count=STEPS,
                deadline=None,
                suppress_health_check=[HealthCheck.too_slow],
            ),
        )
    count("moves on SQLite and the model", tried=moves, found=moves, unit="alike", lost=0)
