"""Arrow tables at the door: they go in as frames whose columns stay Arrow's own, and nothing becomes an object."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

import pandas as pd

from zoufang.errors import BadValueError, MissingPackageError
from zoufang.typing import Text


@runtime_checkable
class ArrowStream(Protocol):
    """A table that can be read through Arrow's C interface: of pyarrow, polars, DuckDB and others."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return the table as a capsule."""
        ...


def framed(given: ArrowStream) -> pd.DataFrame:
    """Return an Arrow table as a frame over the same columns.

    Args:
        given: The table, read to its end.

    Raises:
        MissingPackageError: `pyarrow` is not installed.
        BadValueError: It is an array rather than a table.
    """
    if isinstance(given, pd.DataFrame):
        return given
    try:
        import pyarrow as pa
    except ImportError:
        raise MissingPackageError(package="pyarrow", extra="fast") from None
    try:
        table = pa.table(given)
    except (TypeError, pa.ArrowException):
        allowed = Text("有列名的表", "a table with named columns")
        raise BadValueError(what="table", id=type(given).__name__, value="ArrowArray", allowed=allowed) from None
    frame: pd.DataFrame
    plain = {name: _plain(pa, column) for name, column in zip(table.column_names, table.columns, strict=True)}
    if len(plain) == table.num_columns:  # else a name is there twice, which is refused where frames are
        table = pa.table(plain)
    frame = table.to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def _plain(pa: Any, column: Any) -> Any:
    """Return a column in a type in which pandas can tell cells apart: words as words, however they are kept."""
    kind = column.type
    if pa.types.is_dictionary(kind) and _is_text(kind.value_type):
        words = [pa.DictionaryArray.from_arrays(c.indices, c.dictionary.cast(pa.string())) for c in column.chunks]
        return pa.chunked_array(words, pa.dictionary(kind.index_type, pa.string())).cast(pa.string())
    if pa.types.is_dictionary(kind):
        return column.cast(kind.value_type)
    return column.cast(pa.string()) if _is_text(kind) else column


def _is_text(kind: Any) -> bool:
    return str(kind) in {"string", "large_string", "string_view"}
