"""Fact tables as pandas frames: in chunks, with the same pinned types from any database, any pandas, any emptiness."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from zoufang.errors import BadValueError, UnknownIdError
from zoufang.facts import BY_NAME, COMMITS, Column, FactTable, Reader, Sort, up_to
from zoufang.typing import Seq, Text

CHUNK = 50_000
"""Rows of one frame, unless another number is asked for."""

DTYPES: Mapping[Sort, str] = {
    Sort.ID: "string[python]",
    Sort.TEXT: "string[python]",
    Sort.INT: "Int64",
    Sort.DAY: "datetime64[s]",
    Sort.INSTANT: "datetime64[us, UTC]",
    Sort.REF: "boolean",
}
"""The dtype of a column by its sort. None depends on what stands in it, on an optional package, or on pandas' options.

A private text is never read; of its commitment there is only whether there is one.
"""

PLACE = ("commit_seq", "ord")
"""In which commit a fact was recorded, and in which place within it: the first two columns, ``int64``."""

READABLE: Mapping[str, FactTable] = {COMMITS.name: COMMITS, **BY_NAME}
"""What can be read as frames, by name: the headers of commits, and each fact table."""


def column_of(column: Column) -> str:
    """Return the name under which a column is read: of a commitment, ``has_`` and what it stands for."""
    return f"has_{column.name.removesuffix('_ref')}" if column.sort is Sort.REF else column.name


def dtypes(table: str) -> dict[str, str]:
    """Return the columns of a table as they are read, each with its dtype.

    Args:
        table: A fact table, or ``commits``.

    Raises:
        UnknownIdError: There is no such table.
    """
    spec = _spec(table)
    place = () if spec is COMMITS else PLACE
    return {**dict.fromkeys(place, "int64"), **{column_of(column): DTYPES[column.sort] for column in spec.columns}}


def read_frames(reader: Reader, table: str, *, as_of: Seq | None = None, chunk: int = CHUNK) -> Iterator[pd.DataFrame]:
    """Read a table as frames of at most so many rows, in the order in which they were recorded.

    A chunk is read by where the one before it ended, so neither a cursor nor a transaction is held while the caller
    thinks, and memory stays level however long the table is. Nothing is ever changed or deleted, so all chunks are of
    one moment: what is recorded after the first one is not read.

    Args:
        reader: A ledger.
        table: A fact table, or ``commits``.
        as_of: The last commit that counts; the newest if None.
        chunk: Rows of one frame, at least 1.

    Returns:
        Frames with the columns and dtypes of :func:`dtypes`, one after another; of an empty table one without rows.

    Raises:
        UnknownIdError: There is no such table.
        BadValueError: A chunk of no rows.
    """
    spec = _spec(table)
    if chunk < 1:
        raise BadValueError(what="chunk", id=table, value=str(chunk), allowed=Text("1 或更大", "1 or more"))
    if as_of is None:
        ((last,),) = reader.select(sa.select(sa.func.coalesce(sa.func.max(reader.tables.commits.c.seq), 0)))
        as_of = Seq(last)
    return _pages(reader, spec, as_of, chunk)


def _pages(reader: Reader, spec: FactTable, as_of: Seq, chunk: int) -> Iterator[pd.DataFrame]:
    """Yield a table page by page."""
    t = reader.tables.by_name[spec.name]
    order = (t.c.seq,) if spec is COMMITS else tuple(t.c[name] for name in PLACE)
    until = (t.c.seq <= as_of,) if spec is COMMITS else up_to(t, as_of)
    query = sa.select(*order, *_cells(spec, t)).where(*until).order_by(*order).limit(chunk)
    rows = reader.select(query)
    while True:
        frame, n, last = _frame(spec, rows), len(rows), rows[-1:]
        del rows  # nothing but the frame is kept while the caller thinks
        yield frame
        if n < chunk:
            return
        rows = reader.select(query.where(sa.tuple_(*order) > sa.tuple_(*last[0][: len(order)])))
        if not rows:
            return


def read_frame(reader: Reader, table: str, *, as_of: Seq | None = None) -> pd.DataFrame:
    """Read a whole table as one frame; see :func:`read_frames`."""
    return pd.concat(read_frames(reader, table, as_of=as_of), ignore_index=True)


def _spec(table: str) -> FactTable:
    if table not in READABLE:
        raise UnknownIdError(what="table", id=table, known=tuple(READABLE))
    return READABLE[table]


def _cells(spec: FactTable, table: sa.Table) -> Iterator[sa.ColumnElement[Any]]:
    """Yield what is selected: a day as the database keeps it, a commitment as whether there is one."""
    for column in spec.columns:
        cell = table.c[column.name]
        if column.sort is Sort.REF:
            yield cell.is_not(None)
        else:
            yield sa.type_coerce(cell, sa.String()) if column.sort is Sort.DAY else cell


def _frame(spec: FactTable, rows: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    """Return rows as a frame, column by column."""
    place = ("seq",) if spec is COMMITS else PLACE
    columns: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * (len(place) + len(spec.columns))
    made: dict[str, Any] = {}
    if spec is not COMMITS:
        made |= {name: np.array(cells, dtype=np.int64) for name, cells in zip(place, columns, strict=False)}
    own = zip(spec.columns, columns[len(place) :], strict=True)
    made |= {column_of(column): _array(column.sort, cells) for column, cells in own}
    return pd.DataFrame(made, copy=False)


def _array(sort: Sort, cells: Sequence[Any]) -> Any:
    """Return the cells of a column as an array of its dtype."""
    if sort is Sort.DAY:
        return np.array(cells, dtype="datetime64[D]").astype("datetime64[s]")
    if sort is Sort.INSTANT:
        instants = np.array([None if cell is None else cell.removesuffix("Z") for cell in cells], "datetime64[us]")
        return pd.DatetimeIndex(instants).tz_localize("UTC")
    return pd.array(cells, dtype=DTYPES[sort])  # type: ignore[call-overload]  # the dtypes by their names
