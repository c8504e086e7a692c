"""All ledgers of the core keep what every ledger must keep."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

from zoufang.ledger import Ledger, MemoryLedger, SqlLedger, begin_explicitly
from zoufang.testing import KEY, LedgerConformance, new_schema


class TestSqlite(LedgerConformance):
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


@pytest.mark.postgres
class TestPostgres(LedgerConformance):
    @pytest.fixture
    def new_ledger(self, postgres_server: str) -> Iterator[Callable[[], Ledger]]:
        """Makes ledgers in schemas of their own."""
        with ExitStack() as stack:

            def make() -> Ledger:
                ledger = SqlLedger.create(stack.enter_context(new_schema(postgres_server)), KEY)
                stack.callback(ledger.close)
                return ledger

            yield make


class TestBorrowedSqlite(LedgerConformance):
    borrowed = True

    @pytest.fixture
    def new_ledger(self, tmp_path: Path) -> Iterator[Callable[[], Ledger]]:
        """Makes ledgers on a host's connection, under a prefix, in one transaction that is never committed."""
        numbers = count(1)
        with ExitStack() as stack:

            def make() -> Ledger:
                url = f"sqlite:///{tmp_path / f'host-{next(numbers)}.sqlite'}"
                engine = begin_explicitly(sa.create_engine(url))
                stack.callback(engine.dispose)
                return SqlLedger.create(stack.enter_context(engine.connect()), KEY, prefix="zf_")

            yield make


@pytest.mark.postgres
class TestBorrowedPostgres(LedgerConformance):
    borrowed = True

    @pytest.fixture
    def new_ledger(self, postgres_server: str) -> Iterator[Callable[[], Ledger]]:
        """Makes ledgers on a host's connection, under prefix and schema, in one transaction that is never committed."""
        with ExitStack() as stack:

            def make() -> Ledger:
                engine = sa.create_engine(stack.enter_context(new_schema(postgres_server)))
                stack.callback(engine.dispose)
                connection = stack.enter_context(engine.connect())
                connection.execute(sa.schema.CreateSchema(name := f"s{id(connection)}"))
                return SqlLedger.create(connection, KEY, prefix="zf_", schema=name)

            yield make
