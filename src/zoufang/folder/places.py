"""Where in a file something stands that cannot be used."""

from __future__ import annotations

from typing import Any

from zoufang.errors import BadInputError
from zoufang.intake import SHEETS, Reading, SheetSpec, place
from zoufang.typing import Text

_BY_TITLE = {spec.title: spec for spec in SHEETS.values()}
_NAMED_BY = ("ticket_id", "area_id", "id")


def place_in(reading: Reading[Any], error: BadInputError) -> Text | None:
    """Return sheet, row and column of the first item that bears the id an error speaks of.

    Args:
        reading: What was read from one file.
        error: What was wrong with an item of it.

    Returns:
        The place; None where the error names no id, or the reader noted no places.
    """
    wanted = next((getattr(error, name) for name in _NAMED_BY if hasattr(error, name)), None)
    for item, (title, row) in zip(reading.items, reading.places, strict=False):
        spec = _BY_TITLE.get(title)
        header = None if spec is None or wanted is None else _header(spec, item, wanted, getattr(error, "what", ""))
        if header is not None:
            return place(title, row, header)
    return None


def _header(spec: SheetSpec, item: Any, wanted: str, what: str) -> str | None:
    """Return the header of the value at fault, where an item bears the id."""
    values = item[1] if isinstance(item, tuple) else item
    for column in spec.columns:
        held = getattr(values, column.id, None)
        if held == wanted or (isinstance(held, tuple) and wanted in held):
            return spec.column(what).header if what in spec.ids else column.header
    return None
