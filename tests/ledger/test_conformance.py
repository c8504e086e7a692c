"""Both ledgers of the core keep what every ledger must keep."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest

from zoufang.ledger import Ledger, MemoryLedger, SqlLedger
from zoufang.testing import KEY, LedgerConformance


class TestSqlLedger(LedgerConformance):
    @pytest.fixture
    def new_ledger(self, tmp_path: Path) -> Iterator[Callable[[], Ledger]]:
        """Makes ledgers in files of their own."""
        numbers = count(1)
        with ExitStack() as stack:

            def make() -> Ledger:
                ledger = SqlLedger.create(f"sqlite:///{tmp_path / f'ledger-{next(numbers)}.sqlite'}", KEY)
                stack.callback(ledger.close)
                return ledger

            yield make


class TestMemoryLedger(LedgerConformance):
    @pytest.fixture
    def new_ledger(self) -> Iterator[Callable[[], Ledger]]:
        """Makes ledgers that are gone with the test."""
        with ExitStack() as stack:

            def make() -> Ledger:
                ledger = MemoryLedger(KEY)
                stack.callback(ledger.close)
                return ledger

            yield make
