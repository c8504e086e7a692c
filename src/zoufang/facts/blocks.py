"""Rows as columns: how a bulk change is handed over, and how every change is digested and written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import field, frozen

from zoufang.facts.declared import BY_NAME
from zoufang.typing import Wire, WireRow

CHUNK = 10_000
"""Rows that are digested and written at once: part of the ledger's format, and memory stays level with any input."""

Columns = tuple[Sequence[Wire], ...]
"""Some rows of a table, column by column in the declared order."""


def _same_length(_block: object, _field: object, columns: Columns) -> None:
    if len({len(cells) for cells in columns}) > 1:
        raise ValueError(f"columns of different length: {sorted({len(cells) for cells in columns})}")


@frozen
class Block:
    """Rows of one fact table, column by column; it iterates over rows.

    Args:
        columns: As many as the table has, in their declared order, each with a cell for each row.
    """

    columns: Columns = field(validator=_same_length)

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    def __iter__(self) -> Iterator[WireRow]:
        return zip(*self.columns, strict=True)


Rows = Sequence[WireRow] | Block
"""Rows of one fact table."""

Facts = Mapping[str, Rows]
"""Rows to record, by the name of their fact table."""


def chunks_of(rows: Rows) -> Iterator[Columns]:
    """Cut rows into pieces of :data:`CHUNK`, each as columns."""
    for start in range(0, len(rows), CHUNK):
        if isinstance(rows, Block):
            yield tuple(cells[start : start + CHUNK] for cells in rows.columns)
        else:
            yield tuple(zip(*rows[start : start + CHUNK], strict=True))


def cells_of(facts: Facts, table: str, *names: str) -> tuple[Sequence[Any], ...]:
    """Return some columns of the rows of a table that are about to be recorded; empty ones where there are none.

    Args:
        facts: The change.
        table: The table.
        names: Its columns.

    Returns:
        One sequence for each name, with a cell for each row.
    """
    rows = facts.get(table, ())
    places = [BY_NAME[table].names.index(name) for name in names]
    if isinstance(rows, Block):
        return tuple(rows.columns[place] for place in places)
    return tuple([row[place] for row in rows] for place in places)
