from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from zoufang.testing import SideBySide, new_schema

EXAMPLES = settings(max_examples=settings().max_examples // 10, deadline=None)


class TestSideBySide(SideBySide.TestCase):  # type: ignore[name-defined,misc]
    """A campaign on SQLite and one in memory give the same answers, the same chain and the same figures, always."""

    settings = EXAMPLES


@pytest.fixture
def machine(postgres_server: str) -> Iterator[type[SideBySide]]:
    """The same machine with a third campaign, on PostgreSQL; each history has a schema of its own."""
    with ExitStack() as stack:

        class WithPostgres(SideBySide):
            def urls(self) -> tuple[str, ...]:
                here = stack.enter_context(new_schema(postgres_server))
                return (*super().urls(), here.replace("postgresql", "keyed-postgresql", 1))

        yield WithPostgres


@pytest.mark.postgres
def test_three_ledgers_side_by_side(machine: type[SideBySide]) -> None:
    """A campaign on PostgreSQL gives the same answers, chain and dispatches as those on SQLite and in memory."""
    run_state_machine_as_test(
        machine, settings=settings(EXAMPLES, max_examples=EXAMPLES.max_examples // 2, stateful_step_count=30)
    )
