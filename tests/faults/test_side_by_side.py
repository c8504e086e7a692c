from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from zoufang.testing import SideBySide, new_schema

Count = Callable[..., None]
STEPS = 50


@pytest.mark.often(faults=2_000, release=10_000)
def test_two_ledgers_never_differ(n: int, store: str, request: pytest.FixtureRequest, count: Count) -> None:
    """Thousands of moves, made on a store and on the model in memory: the same answers, chains and figures."""
    moves = 0
    server = request.getfixturevalue("postgres_server") if store == "postgresql" else ""
    with ExitStack() as schemas:

        class Counted(SideBySide):
            def urls(self) -> tuple[str, ...]:
                """Return the store's URL, and the model's."""
                on_file, in_memory = super().urls()
                if store == "sqlite":
                    return on_file, in_memory
                here = schemas.enter_context(new_schema(server))
                return here.replace("postgresql", "keyed-postgresql", 1), in_memory

            def teardown(self) -> None:
                """Take the schema away with the rest."""
                super().teardown()
                schemas.close()

            @invariant()
            def it_is_counted(self) -> None:
                """Count the moves."""
                nonlocal moves
                moves += 1

        while moves < n:
            run_state_machine_as_test(
                Counted,
                settings=settings(
                    max_examples=max(1, (n - moves) // STEPS),
                    stateful_step_count=STEPS,
                    deadline=None,
                    suppress_health_check=[HealthCheck.too_slow],
                ),
            )
    count(f"moves on {store} and the model", tried=moves, found=moves, unit="alike", lost=0)
