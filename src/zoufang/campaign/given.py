"""What users hand in, values or a table with one column per field: checked and turned into columns of wire values."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import attrs
import numpy as np
import pandas as pd

from zoufang.campaign.arrow import ArrowStream, framed
from zoufang.campaign.columns import Coded, Numbers, Words
from zoufang.errors import BadValueError, DuplicateIdError, MissingColumnError, UnknownIdError
from zoufang.model import Event, Step
from zoufang.typing import Wire

Value = TypeVar("Value")

Given = Iterable[Value] | pd.DataFrame | ArrowStream
"""A bulk argument: values, or a table whose columns are named like their fields.

A table is a pandas frame, or whatever offers Arrow's C interface (``__arrow_c_stream__``): a ``pyarrow`` table, record
batch or reader, a polars frame, a DuckDB relation. The latter need the extra ``fast``. No object is made for a row.
"""

Replies = Iterable[tuple[Event, Step]] | pd.DataFrame | ArrowStream
"""Steps of different kinds: each an event and its step, or a table with the column :data:`EVENT` beside the others."""

Columns = dict[str, list[Any]]
"""What was given as columns of wire values, by the name of the field: a cell for each item or row."""

EVENT = "event"
"""The column beside the fields of a step that says what is to happen."""

Convert = Callable[[Any], Any]

SAMPLE = 1_000
"""Cells by which a column is judged."""


def _check_columns(kind: type[Any], given: pd.DataFrame) -> None:
    """Refuse a table with a column that is missing, unknown, or there twice."""
    fields = attrs.fields_dict(kind)
    if not given.columns.is_unique:
        twice = given.columns[given.columns.duplicated()][0]
        raise DuplicateIdError(what=f"column of {kind.__name__}", id=str(twice))
    unknown = [name for name in given.columns if name not in fields]
    if unknown:
        raise UnknownIdError(what=f"column of {kind.__name__}", id=str(unknown[0]), known=tuple(fields))
    for name, attribute in fields.items():
        if attribute.default is attrs.NOTHING and name not in given.columns:
            raise MissingColumnError(file="DataFrame", sheet=kind.__name__, column=name, found=tuple(given.columns))


def wire_columns(kind: type[Any], given: Given[Any], zone: tzinfo) -> Columns:
    """Return what was given as columns of wire values, without a value for each row of a table.

    Args:
        kind: The class of the values; its fields are ids, words, days, whole numbers, yes and no, or lists of words.
        given: Values of that class, or a table; fields with a default may be left out, empty cells take the default.
        zone: The street's own; an aware instant counts as its day there.

    Returns:
        For each field a list with a cell for each item or row, in order: a day as its text, yes and no as 1 and 0,
        words with one space between them.

    Raises:
        MissingColumnError: The table lacks a column.
        UnknownIdError: The table has a column that is no field.
        DuplicateIdError: The table has a column twice.
        BadValueError: A cell, or an item, is not of its kind; it is named by the row's place, never by its content.
        MissingPackageError: It is an Arrow table, and `pyarrow` is not installed.
    """
    return {name: list(cells) for name, cells in flowing_columns(kind, given, zone).items()}


def flowing_columns(kind: type[Any], given: Given[Any], zone: tzinfo) -> Mapping[str, Sequence[Any]]:
    """Return what was given as :func:`wire_columns` does; the cells of a table are made when they are asked for."""
    if not isinstance(given, ArrowStream):
        items = _items(kind, given)
        return {name: _value_column(kind, name, items, zone) for name in attrs.fields_dict(kind)}
    frame = framed(given)
    _check_columns(kind, frame)
    return {
        name: _frame_column(kind, name, frame[name], zone)
        if name in frame.columns
        else [wire(attribute.default)] * len(frame)
        for name, attribute in attrs.fields_dict(kind).items()
    }


def step_columns(given: Given[Step], zone: tzinfo, event: Event) -> Columns:
    """Return steps that are all of one event as columns, with the column :data:`EVENT`."""
    columns = wire_columns(Step, given, zone)
    return {EVENT: [str(event)] * len(columns["ticket_id"]), **columns}


def reply_columns(given: Replies, zone: tzinfo) -> Columns:
    """Return events with their steps as columns; an event may be given by its name, and a table has a column of them.

    Raises:
        BadValueError: An event that is none, or something else than a step; it is named by its place.
        MissingColumnError: A table has no column of events.
    """
    if isinstance(given, ArrowStream):
        frame = framed(given)
        if EVENT not in frame.columns:
            raise MissingColumnError(file="DataFrame", sheet=Step.__name__, column=EVENT, found=tuple(frame.columns))
        events = list(_frame_cells("Step row", frame[EVENT], Event, attrs.NOTHING, zone))
        return {EVENT: events, **wire_columns(Step, frame.drop(columns=EVENT), zone)}
    found, steps = zip(*given, strict=True) if (given := tuple(given)) else ((), ())
    for place, event in enumerate(found):
        if event not in frozenset(Event):
            raise BadValueError(
                what=f"item {place}", id=Step.__name__, value=type(event).__name__, allowed=", ".join(Event)
            )
    return {EVENT: list(map(str, found)), **wire_columns(Step, steps, zone)}


def values(kind: type[Value], given: Given[Value], zone: tzinfo) -> Sequence[Value]:
    """Return what was given as values, for what has to be decided one by one.

    Args:
        kind: The class of the values.
        given: Values of that class, or a table.
        zone: The street's own.

    Returns:
        One value per item or row, in order.

    Raises:
        BadInputError: As :func:`wire_columns`.
    """
    if isinstance(given, ArrowStream):
        return values_of(kind, wire_columns(kind, given, zone))
    return _items(kind, given)


def values_of(kind: type[Value], columns: Mapping[str, Sequence[Any]]) -> list[Value]:
    """Return columns of wire values as values; the inverse of :func:`wire_columns`."""
    names = attrs.fields_dict(kind)  # type: ignore[arg-type]  # of attrs
    own = [_unwired(_converters(kind)[name], columns[name]) for name in names]  # type: ignore[arg-type]
    return [kind(*row) for row in zip(*own, strict=True)]


def _unwired(convert: Convert, cells: Sequence[Any]) -> Sequence[Any]:
    """Return wire values as a field holds them; each that is not plain is converted once."""
    if convert in (_text, _whole):
        return cells
    back = {cell: None if cell is None else convert(cell) for cell in set(cells)}
    return [back[cell] for cell in cells]


def _items(kind: type[Value], given: Iterable[Value]) -> Sequence[Value]:
    """Return values as a sequence, each of which is of its class."""
    items = given if isinstance(given, (list, tuple)) else tuple(given)
    for place, item in enumerate(items):
        if not isinstance(item, kind):
            raise BadValueError(
                what=f"item {place}", id=kind.__name__, value=type(item).__name__, allowed=kind.__name__
            )
    return items


def wire(value: Any) -> Wire:
    """Return a field's value as it stands in a fact."""
    if isinstance(value, tuple):
        return " ".join(value)
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str):
        return None if value is None else str(value)
    return int(value)


def _wired(cells: list[Any]) -> list[Wire]:
    """Return many values of one field; each that is not a plain text or number is turned into wire once."""
    if set(map(type, cells)) <= {str, int, type(None)}:
        return cells
    known = {value: wire(value) for value in set(cells)}
    return [known[value] for value in cells]


def _value_column(kind: type[Any], name: str, items: Sequence[Any], zone: tzinfo) -> list[Wire]:
    """Return one field of many values as wire values; what is not of the field's own type is converted, or refused."""
    convert, default = _converters(kind)[name], attrs.fields_dict(kind)[name].default  # type: ignore[arg-type]
    cells = [getattr(item, name) for item in items]
    spare = {type(None)} if default is None else set()
    if set(map(type, cells)) - spare <= _OWN.get(convert, {convert}):
        return _wired(cells)
    empty = [cell is None and default is None for cell in cells]
    return _wired(_one_by_one(cells, empty, convert, zone, what=name, row=f"{kind.__name__} item"))


def _frame_column(kind: type[Any], name: str, column: pd.Series[Any], zone: tzinfo) -> Sequence[Wire]:
    convert, default = _converters(kind)[name], attrs.fields_dict(kind)[name].default  # type: ignore[arg-type]
    return _frame_cells(f"{kind.__name__} row", column.rename(name), convert, default, zone)


def _frame_cells(row: str, column: pd.Series[Any], convert: Convert, default: Any, zone: tzinfo) -> Sequence[Wire]:
    """Return a column of a table as wire values; of what stands there many times each is converted once."""
    empty = column.isna().to_numpy()
    if default is attrs.NOTHING and empty.any():
        raise BadValueError(
            what=str(column.name), id=f"{row} {int(empty.argmax())}", value="empty", allowed=_allowed(convert)
        )
    if empty.all():
        return [wire(default)] * len(column) if len(column) else []
    if convert is _whole and pd.api.types.is_integer_dtype(column.dtype) and not empty.any():
        return Numbers(column)
    if convert is _text and _holds_text(column.dtype) and _varied(column):
        return Words(column, None if default is attrs.NOTHING else default)
    told_apart = _told_apart(column, convert)
    if told_apart is None:
        singly = _one_by_one(column.tolist(), empty.tolist(), convert, zone, what=str(column.name), row=row)
        return _wired([default if cell is None else cell for cell in singly])
    codes, found = told_apart
    cells = np.empty(len(found) + 1, dtype=object)
    cells[-1] = None if default is attrs.NOTHING else wire(default)
    for code, cell in enumerate(pd.Index(found).tolist()):
        try:
            cells[code] = wire(_converted(convert, cell, zone))
        except (TypeError, ValueError, OverflowError):
            place = int((codes == code).argmax())
            raise _unfit(str(column.name), f"{row} {place}", cell, convert) from None
    return Coded(codes, cells)


def _holds_text(dtype: Any) -> bool:
    """Say whether a column can hold nothing but text."""
    return isinstance(dtype, pd.StringDtype) or (isinstance(dtype, pd.ArrowDtype) and dtype.type is str)


def _told_apart(column: pd.Series[Any], convert: Convert) -> tuple[Any, Any] | None:
    """Return the places of a column's cells among those that differ, and those; None where hashes do not tell them.

    Lists of words have none, and True and 1 the same.
    """
    if column.dtype != object:
        hashed = not (isinstance(column.dtype, pd.ArrowDtype) and column.dtype.type is list)
    else:
        hashed = convert is not _whole
    try:
        return pd.factorize(column) if hashed else None
    except TypeError:
        return None


def _varied(column: pd.Series[Any]) -> bool:
    """Say whether most cells of a column differ, by its first ones: to find those that do not would save nothing."""
    first = column.iloc[:SAMPLE]
    return first.nunique() * 2 > len(first)


def _converted(convert: Convert, cell: Any, zone: tzinfo) -> Any:
    return convert(cell.astimezone(zone) if isinstance(cell, datetime) and cell.tzinfo is not None else cell)


def _one_by_one(
    cells: Iterable[Any], empty: Sequence[bool], convert: Convert, zone: tzinfo, *, what: str, row: str
) -> list[Any]:
    """Return cells as a field holds them; None where they are empty."""
    found: list[Any] = []
    for place, (cell, none) in enumerate(zip(cells, empty, strict=True)):
        try:
            found.append(None if none else _converted(convert, cell, zone))
        except (TypeError, ValueError, OverflowError):
            raise _unfit(what, f"{row} {place}", cell, convert) from None
    return found


def _unfit(what: str, where: str, cell: object, convert: Convert) -> BadValueError:
    return BadValueError(what=what, id=where, value=type(cell).__name__, allowed=_allowed(convert))


@cache
def _converters(kind: type[Any]) -> dict[str, Convert]:
    return {name: _converter(hint) for name, hint in get_type_hints(kind).items()}


def _converter(hint: Any) -> Convert:
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(arm for arm in get_args(hint) if arm is not type(None))
    hint = getattr(hint, "__supertype__", hint)
    if get_origin(hint) is tuple:
        return _words
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint
    return {str: _text, int: _whole, bool: _yes_no, date: _day}[hint]


def _text(cell: Any) -> str:
    if not isinstance(cell, str):
        raise TypeError
    return cell


def _whole(cell: Any) -> int:
    if isinstance(cell, bool) or int(cell) != cell:
        raise TypeError
    return int(cell)


def _yes_no(cell: Any) -> bool:
    if cell not in (0, 1, True, False):
        raise TypeError
    return bool(cell)


def _day(cell: Any) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    return date.fromisoformat(cell)


def _words(cell: Any) -> tuple[str, ...]:
    words = tuple(cell.split()) if isinstance(cell, str) else tuple(cell)
    if not all(isinstance(word, str) for word in words):
        raise TypeError
    return words


_OWN: dict[Convert, set[Any]] = {
    _text: {str},
    _whole: {int},
    _yes_no: {bool},
    _day: {date},
    _words: {tuple},
}
"""The types that a field holds by itself; of a choice, its own class."""

_ALLOWED: dict[Convert, str] = {
    _text: "text",
    _whole: "a whole number",
    _yes_no: "yes or no, as True and False or 1 and 0",
    _day: "a day such as 2023-03-01",
    _words: "words separated by blanks, or a list of them",
}


def _allowed(convert: Convert) -> str:
    """Say what a cell may be, without saying what it was."""
    return _ALLOWED.get(convert) or ", ".join(map(str, convert))  # type: ignore[call-overload]
