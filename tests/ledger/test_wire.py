"""What a ledger takes is what it keeps: no cell changes on its way to the disk."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from zoufang.errors import BadValueError
from zoufang.ledger import Draft, Ledger, MemoryLedger, SqlLedger
from zoufang.model import Actor, Role

IMPORT = ("a.xlsx", "0f", "visits", 3, 3, 0, 0)
DISPATCH = (1, "2023-03-06", "2023-02-27", "2023-03-05", 0, "0f")


def draft(**facts: Any) -> Draft:
    """Return a change with one row in each table that is named."""
    rows = {name: [row] for name, row in facts.items()}
    return Draft("import", Actor("office", Role.OFFICE), datetime(2023, 3, 6, tzinfo=UTC), rows)


@pytest.fixture(params=["memory", "sqlite"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """Both ledgers of the core, empty."""
    url = f"sqlite:///{tmp_path / 'l.sqlite'}"
    made: Ledger = MemoryLedger() if request.param == "memory" else SqlLedger.create(url)
    yield made
    made.close()


def test_wire_values_are_taken(ledger: Ledger) -> None:
    """A whole number, a text and a day are kept as they are."""
    ledger.commit(draft(imports=IMPORT, dispatches=DISPATCH))
    assert ledger.verify().ok


@pytest.mark.parametrize("cell", [3.0, True, "3", None, b"3"])
def test_what_is_no_whole_number_is_refused(ledger: Ledger, cell: object) -> None:
    """3.0 would be digested as 3.0 and kept as 3, and the ledger would never verify again."""
    with pytest.raises(BadValueError, match="bad n_rows of imports") as refused:
        ledger.commit(draft(imports=(*IMPORT[:3], cell, *IMPORT[4:])))
    assert refused.value.allowed.zh == "64 位以内的整数"  # type: ignore[union-attr]
    assert ledger.head.seq == 0


@pytest.mark.parametrize("cell", ["2023-03-06T00:00:00", "2023-3-6", datetime(2023, 3, 6, tzinfo=UTC).date()])
def test_what_is_no_day_is_refused(ledger: Ledger, cell: object) -> None:
    """A day with a time would sort after that day itself."""
    with pytest.raises(BadValueError, match="bad day of dispatches"):
        ledger.commit(draft(dispatches=(1, cell, *DISPATCH[2:])))
    assert ledger.head.seq == 0


def test_a_block_within_a_block_leaves_the_outer_one_open(ledger: Ledger) -> None:
    """After the inner block ends, commits still belong to the outer one: all three are kept, or none."""

    def three() -> None:
        with ledger.together():
            ledger.commit(draft(imports=IMPORT))
        ledger.commit(draft(imports=IMPORT))

    with ledger.together():
        three()
        ledger.commit(draft(imports=IMPORT))
    assert ledger.head.seq == 3

    def broken() -> None:
        with ledger.together():
            three()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    assert ledger.head.seq == 3
    assert ledger.verify().ok


def test_text_that_is_not_utf8_is_not_quoted(tmp_path: Path) -> None:
    """SQLite quotes the stored text in its error; ours does not."""
    ledger = SqlLedger.create(f"sqlite:///{tmp_path / 'l.sqlite'}")
    ledger.commit(draft(imports=IMPORT))
    with ledger._place.writing() as connection:  # a hand on the file
        connection.exec_driver_sql("UPDATE imports SET name = CAST(x'ff' || 'Wang' AS TEXT)")
    with pytest.raises(Exception, match="Could not decode") as refused:
        ledger.verify()
    ledger.close()
    assert "Wang" not in str(refused.value)
