"""What a fact table is: a list of typed columns, before any database knows of it."""

from __future__ import annotations

from enum import StrEnum

from attrs import field, frozen


class Sort(StrEnum):
    """What a column holds."""

    ID = "id"
    TEXT = "text"
    INT = "int"
    DAY = "day"
    INSTANT = "instant"
    REF = "ref"
    """The salted commitment to a private text that stands in the erasable side table."""


@frozen
class Column:
    """One column of a fact table.

    Args:
        name: Its name.
        sort: What it holds.
        doc: One sentence: meaning, unit, range.
        null: True where it may be empty.
    """

    name: str
    sort: Sort
    doc: str
    null: bool = False


@frozen(slots=False)
class FactTable:
    """One fact table.

    Args:
        name: Its name.
        doc: One sentence.
        columns: Its columns, in the order of a row.
        key: Columns that together are unique in the ledger.
        indexes: Further indexes, each a tuple of columns.
        leaves: True where each row has a digest of its own, so that one can be shown without its neighbours.
    """

    name: str
    doc: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    leaves: bool = False
    names: tuple[str, ...] = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(column.name for column in self.columns))

    @property
    def refs(self) -> tuple[int, ...]:
        """The places of the columns that point to private texts."""
        return tuple(i for i, column in enumerate(self.columns) if column.sort is Sort.REF)
