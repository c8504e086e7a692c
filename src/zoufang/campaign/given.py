"""What users hand in: a sequence of values, or a table with one column per field."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, tzinfo
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import attrs
import numpy as np
import pandas as pd

from zoufang.errors import BadValueError, DuplicateIdError, MissingColumnError, UnknownIdError
from zoufang.model import Event, Step
from zoufang.typing import Wire

Value = TypeVar("Value")

Given = Iterable[Value] | pd.DataFrame
"""A bulk argument: values, or a frame whose columns are named like their fields."""

Convert = Callable[[Any], Any]

SAMPLE = 1_000
"""Cells by which a column is judged."""


def values(kind: type[Value], given: Given[Value], zone: tzinfo) -> Sequence[Value]:
    """Return what was given as values.

    Args:
        kind: The class of the values.
        given: Values of that class, or a frame; fields with a default may be left out, empty cells take the default.
        zone: The street's own; an aware instant counts as its day there.

    Returns:
        One value per item or row, in order.

    Raises:
        MissingColumnError: The frame lacks a column.
        UnknownIdError: The frame has a column that is no field.
        DuplicateIdError: The frame has a column twice.
        BadValueError: A cell, or an item, is not of its kind; it is named by the row's id, never by its content.
    """
    if not isinstance(given, pd.DataFrame):
        items = tuple(given)
        for place, item in enumerate(items):
            if not isinstance(item, kind):
                raise BadValueError(
                    what=f"item {place}", id=kind.__name__, value=type(item).__name__, allowed=kind.__name__
                )
        return items
    _check_columns(kind, given)
    names = [str(name) for name in given.columns]
    columns = [_column(kind, name, given[name], zone) for name in names]
    return tuple(
        kind(**{n: v for n, v in zip(names, row, strict=True) if v is not None}) for row in zip(*columns, strict=True)
    )


def _check_columns(kind: type[Any], given: pd.DataFrame) -> None:
    """Refuse a frame with a column that is missing, unknown, or there twice."""
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


def wire_columns(kind: type[Any], given: Given[Any], zone: tzinfo) -> dict[str, list[Any]]:
    """Return what was given as columns of wire values, without a value for each row of a frame.

    Args:
        kind: The class of the values; its fields are ids, words, days, whole numbers, yes and no, or lists of words.
        given: Values of that class, or a frame; fields with a default may be left out, empty cells take the default.
        zone: The street's own; an aware instant counts as its day there.

    Returns:
        For each field a list with a cell for each item or row, in order: a day as its text, yes and no as 1 and 0,
        words with one space between them.

    Raises:
        MissingColumnError: The frame lacks a column.
        UnknownIdError: The frame has a column that is no field.
        DuplicateIdError: The frame has a column twice.
        BadValueError: A cell, or an item, is not of its kind; it is named by the row's place, never by its content.
    """
    if not isinstance(given, pd.DataFrame):
        items = values(kind, given, zone)
        return {name: _wired([getattr(item, name) for item in items]) for name in attrs.fields_dict(kind)}
    _check_columns(kind, given)
    return {
        name: _frame_column(kind, name, given[name], zone)
        if name in given.columns
        else [wire(attribute.default)] * len(given)
        for name, attribute in attrs.fields_dict(kind).items()
    }


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


def _frame_column(kind: type[Any], name: str, column: pd.Series[Any], zone: tzinfo) -> list[Wire]:
    """Return a frame's column as wire values; of what stands there many times each is converted once."""
    convert = _converters(kind)[name]  # type: ignore[arg-type]
    default = attrs.fields_dict(kind)[name].default
    if convert is _whole and column.dtype == "int64":
        return column.tolist()
    if default is attrs.NOTHING and column.isna().any():
        place = int(column.isna().to_numpy().argmax())
        raise BadValueError(what=name, id=f"{kind.__name__} row {place}", value="empty", allowed=_allowed(convert))
    if convert is _text and isinstance(column.dtype, pd.StringDtype) and default is attrs.NOTHING and _varied(column):
        return column.tolist()
    if not _has_hashes(column, convert):
        return _wired([default if cell is None else cell for cell in _column(kind, name, column, zone)])
    codes, found = pd.factorize(column)
    empty = None if default is attrs.NOTHING else wire(default)
    words = np.empty(len(found) + 1, dtype=object)
    words[-1] = empty
    for code, cell in enumerate(pd.Index(found).tolist()):
        try:
            words[code] = wire(_converted(convert, cell, zone))
        except (TypeError, ValueError, OverflowError):
            place = int((codes == code).argmax())
            raise BadValueError(
                what=name, id=f"{kind.__name__} row {place}", value=type(cell).__name__, allowed=_allowed(convert)
            ) from None
    return words[codes].tolist()  # type: ignore[no-any-return]  # an array of objects


def _has_hashes(column: pd.Series[Any], convert: Convert) -> bool:
    """Say whether the cells can be told apart by their hashes: lists of words have none, and True and 1 the same."""
    if column.dtype != object:
        return True
    return convert is not _whole and not {list, set, np.ndarray} & set(map(type, column.array))


def _varied(column: pd.Series[Any]) -> bool:
    """Say whether most cells of a column differ, by its first ones: to find those that do not would save nothing."""
    first = column.iloc[:SAMPLE]
    return first.nunique() * 2 > len(first)


def _converted(convert: Convert, cell: Any, zone: tzinfo) -> Any:
    return convert(cell.astimezone(zone) if isinstance(cell, datetime) and cell.tzinfo is not None else cell)


def intents(given: Iterable[tuple[Event, Step]], zone: tzinfo) -> tuple[tuple[Event, Step], ...]:
    """Return events with their steps; an event may be given by its name.

    Raises:
        BadValueError: An event that is none, or something else than a step; it is named by its place.
    """
    events, steps = zip(*given, strict=True) if (given := tuple(given)) else ((), ())
    for place, event in enumerate(events):
        if event not in frozenset(Event):
            raise BadValueError(
                what=f"item {place}", id=Step.__name__, value=type(event).__name__, allowed=", ".join(Event)
            )
    return tuple(zip(map(Event, events), values(Step, steps, zone), strict=True))


def _column(kind: type[Any], name: str, column: pd.Series[Any], zone: tzinfo) -> list[Any]:
    convert = _converters(kind)[name]  # type: ignore[arg-type]
    empty = column.isna().tolist()
    found: list[Any] = []
    for place, (cell, none) in enumerate(zip(column.tolist(), empty, strict=True)):
        try:
            found.append(None if none else _converted(convert, cell, zone))
        except (TypeError, ValueError, OverflowError):
            raise BadValueError(
                what=name, id=f"{kind.__name__} row {place}", value=type(cell).__name__, allowed=_allowed(convert)
            ) from None
    return found


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
    return tuple(cell.split()) if isinstance(cell, str) else tuple(cell)


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
