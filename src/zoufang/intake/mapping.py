"""Foreign CSV files: a declared mapping says which column becomes what, and which rows cannot be true."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import cattrs
from attrs import field, frozen

from zoufang.errors import MappingError
from zoufang.intake.contents import content_of
from zoufang.typing import Text

Parse = Literal["text", "id", "int", "day", "instant"]
"""How a source column is read: words, an id, a whole number, a day, or a day with its time."""

NEEDED = ("id", "on", "topic_id")
TICKET_COLUMNS = frozenset({*NEEDED, "said", "contact", "area_id", "target_id"})
_MAX_BYTES = 1_000_000
_LITERAL = re.compile(r"^unknown error \((.*) not in literal typing\.Literal\[(.*)\]\)$")


@frozen
class Keywords:
    """Words that tell a value: the first entry of a list of which any word occurs decides.

    Args:
        value: The value, e.g. a topic's id.
        contains_any: Words, compared as they stand; no patterns.
    """

    value: str
    contains_any: tuple[str, ...]


@frozen
class MappedColumn:
    """How one column is made.

    Args:
        source: Header of the source column; empty with ``constant``.
        parse: How its cells are read.
        formats: Forms of days or instants, as ``strptime`` writes them, tried in order; without any, the listed
            forms of a day, or ISO 8601.
        values: What a source value becomes; other values are bad, or become ``default``.
        keywords: Words that tell a value; where none occurs, the row is bad, or becomes ``default``.
        default: What an empty or unlisted cell becomes.
        constant: The same value for every row.
        required: True where an empty cell makes the row bad.
    """

    source: str = ""
    parse: Parse = "text"
    formats: tuple[str, ...] = ()
    values: Mapping[str, str] = field(factory=dict)
    keywords: tuple[Keywords, ...] = ()
    default: str | None = None
    constant: str | None = None
    required: bool = False


@frozen
class Check:
    """What must hold between two columns of a row; a row with either of them empty passes.

    Args:
        code: What a row that fails is counted as.
        column: The column that is checked.
        relation: Not before, or not after, the other one.
        other: The column it is compared with.
        zh: What is wrong, in Chinese.
        en: The same in English.
    """

    code: str
    column: str
    relation: Literal["not_before", "not_after"]
    other: str
    zh: str
    en: str

    def holds(self, record: Mapping[str, Any]) -> bool:
        """Say whether a row passes; a day and an instant are compared as days."""
        left, right = record.get(self.column), record.get(self.other)
        if left is None or right is None:
            return True
        if isinstance(left, datetime) != isinstance(right, datetime):
            left, right = _day(left), _day(right)
        elif isinstance(left, datetime) and (left.tzinfo is None) != (right.tzinfo is None):
            left, right = left.replace(tzinfo=None), right.replace(tzinfo=None)
        return bool(left >= right if self.relation == "not_before" else left <= right)


def _day(value: Any) -> Any:
    return value.date() if isinstance(value, datetime) else value


@frozen
class ColumnMapping:
    """A declared mapping from a foreign CSV file to tickets.

    Args:
        id: The mapping's id.
        makes: What a row is: a letter or a call.
        columns: How the columns of a ticket are made: ``id``, ``on`` and ``topic_id`` always; ``said``,
            ``contact``, ``area_id`` and ``target_id`` if there are any.
        extra: Further columns that are kept beside the tickets.
        checks: What must hold in each row.
        encoding: The file's encoding; None tries UTF-8, then GB18030.
        delimiter: What separates cells.
    """

    id: str
    makes: Literal["letters", "calls"]
    columns: Mapping[str, MappedColumn]
    extra: Mapping[str, MappedColumn] = field(factory=dict)
    checks: tuple[Check, ...] = ()
    encoding: str | None = None
    delimiter: str = ","

    @property
    def all_columns(self) -> dict[str, MappedColumn]:
        """The ticket's columns and the further ones."""
        return {**self.columns, **self.extra}


def load_mapping(path: Path) -> ColumnMapping:
    """Return the mapping that a TOML file declares.

    Args:
        path: The file.

    Returns:
        The mapping.

    Raises:
        FileError: The file cannot be opened.
        MappingError: It is no mapping; the place in the file is named.
    """
    name, content = Path(path).name, content_of(Path(path))
    if len(content) > _MAX_BYTES:
        raise MappingError(name, "$", "文件过大", "the file is too large")
    try:
        values = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MappingError(name, "$", f"不是有效的 TOML（{error}）", f"is no TOML ({error})") from error
    try:
        mapping = _CONVERTER.structure(values, ColumnMapping)
    except cattrs.BaseValidationError as error:
        problem, _, place = cattrs.transform_error(error)[0].partition(" @ ")
        problem = _LITERAL.sub(r"\1 is not allowed; allowed: \2", problem)
        raise MappingError(name, place or "$", f"内容不正确（{problem}）", problem) from error
    _check(name, mapping)
    return mapping


def _check(file: str, mapping: ColumnMapping) -> None:
    """Refuse a mapping that cannot make tickets."""
    problems: list[tuple[str, Text]] = [
        (f"$.columns.{needed}", Text("必须给出这一列", "this column is needed"))
        for needed in NEEDED
        if needed not in mapping.columns
    ]
    allowed = ", ".join(sorted(TICKET_COLUMNS))
    problems += [
        (f"$.columns.{unknown}", Text(f"未知的列；可用：{allowed}", f"unknown column; allowed: {allowed}"))
        for unknown in sorted(mapping.columns.keys() - TICKET_COLUMNS)
    ]
    problems += [
        (f"$.columns.{name}", Text("须给出 source 或 constant 之一", "needs a source or a constant, not both"))
        for name, column in mapping.all_columns.items()
        if bool(column.source) == (column.constant is not None)
    ]
    problems += [
        (f"$.checks[{i}]", Text(f"没有列 {name}", f"there is no column {name}"))
        for i, check in enumerate(mapping.checks)
        for name in (check.column, check.other)
        if name not in mapping.all_columns
    ]
    on = mapping.columns.get("on")
    if on is not None and (on.parse not in {"day", "instant"} or on.constant is not None):
        problems.append(("$.columns.on.parse", Text("应为 day 或 instant", "must be day or instant")))
    if len(mapping.delimiter) != 1:
        problems.append(("$.delimiter", Text("应为一个字符", "must be one character")))
    if problems:
        place, problem = problems[0]
        raise MappingError(file, place, problem.zh, problem.en)


def _exact(type_: type, zh: str) -> Callable[[Any, Any], Any]:
    def structure(value: Any, _: Any) -> Any:
        if type(value) is not type_:
            raise TypeError(f"expected {zh}")
        return value

    return structure


def _make_converter() -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True)
    converter.register_structure_hook(str, _exact(str, "text"))
    converter.register_structure_hook(bool, _exact(bool, "true or false"))
    return converter


_CONVERTER = _make_converter()
