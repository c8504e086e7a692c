"""Reading a foreign CSV file by its declared mapping; what cannot be true is set aside, never dropped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import attrs
from attrs import frozen

from zoufang.intake.contents import content_of
from zoufang.intake.csvs import decoded, rows_of_text
from zoufang.intake.mapping import ColumnMapping, MappedColumn
from zoufang.intake.parsing import BadCell, Parser, day_of, parser_of
from zoufang.intake.readings import Reading, accepted
from zoufang.intake.specs import ColumnSpec, SheetSpec, Sort
from zoufang.intake.tables import BadRowError, Table, table_of
from zoufang.intake.texts import folded, spoken
from zoufang.model import CampaignPlan, Source, Ticket
from zoufang.typing import Text

_SOURCES = {"letters": Source.LETTER, "calls": Source.CALL}
_NOTHING = Text("", "")


@frozen
class MappedReading(Reading[Ticket]):
    """What was read from a foreign file.

    Args:
        extra: The further columns of each item, in the same order as the items.
    """

    extra: tuple[Mapping[str, Any], ...] = ()


def read_mapped(
    path: Path, mapping: ColumnMapping, *, plan: CampaignPlan | None = None, strict: bool = False
) -> MappedReading:
    """Read a foreign CSV file as tickets.

    Args:
        path: The file.
        mapping: Which column becomes what.
        plan: If given, a topic must be one of its topics.
        strict: True raises when any row is bad; False sets bad rows aside, each with its code.

    Returns:
        One ticket a good row, with its further columns beside it; good and bad rows add up to all.

    Raises:
        FileError: Its encoding or quoting is wrong.
        MissingColumnError: A source column is not there.
        BadCellsError: Strict, and a row is bad.

    Plan: 四(二)
    """
    path = Path(path)
    content = content_of(path)
    table = _table(path.name, content, mapping)
    topics = None if plan is None else frozenset(topic.id for topic in plan.topics)
    made = table.made_by(lambda record: _made(mapping, record, topics))
    reading = MappedReading(
        file=path.name,
        sheets=(table.spec.title,),
        digest=sha256(content).hexdigest(),
        n_rows=table.n_rows,
        items=tuple(ticket for ticket, _ in made),
        bad=tuple(table.bad),
        extra=tuple(extra for _, extra in made),
    )
    return accepted(reading, strict=strict)


def _table(file: str, content: bytes, mapping: ColumnMapping) -> Table:
    """Return the table under the header, each mapped column with its own parser."""
    sourced = {name: column for name, column in mapping.all_columns.items() if column.source}
    columns = tuple(
        ColumnSpec(f"source {header}", header, _NOTHING, required=True)
        for header in dict.fromkeys(column.source for column in sourced.values())
    )
    spec = SheetSpec(mapping.id, mapping.id, columns, _NOTHING)
    text = decoded(file, content, encoding=mapping.encoding).text
    table = table_of(file, spec, rows_of_text(file, text, mapping.delimiter), ragged=False)
    places = {header: place for place, _, header, _ in table.parsers}
    needed = {name: attrs.evolve(c, required=c.required or name in {"id", "on"}) for name, c in sourced.items()}
    parsers = tuple((places[column.source], name, column.source, _parser(column)) for name, column in needed.items())
    keyed = SheetSpec(
        mapping.id,
        mapping.id,
        (ColumnSpec("id", mapping.columns["id"].source, _NOTHING, required=True),),
        _NOTHING,
        key=("id",),
    )
    return attrs.evolve(table, spec=keyed, parsers=parsers)


def _parser(column: MappedColumn) -> Parser:
    """Return what turns one source cell into a value."""
    read = _reader(column)
    told = _teller(column)

    def parse(raw: Any) -> Any:
        text = "" if raw is None else str(raw)
        if not folded(text):
            if column.default is not None:
                return column.default
            if column.required or column.values or column.keywords:
                raise BadCell("missing", "不能为空", "must not be empty")
            return None
        return told(text) if told else read(text)

    return parse


def _teller(column: MappedColumn) -> Callable[[str], str] | None:
    """Return what tells a value by a list of values or by words, if the column has either."""
    if not column.values and not column.keywords:
        return None
    values = {folded(value): becomes for value, becomes in column.values.items()}

    def told(text: str) -> str:
        value = values.get(folded(text))
        if value is None:
            value = next((k.value for k in column.keywords if any(word in text for word in k.contains_any)), None)
        if value is None:
            value = column.default
        if value is None:
            raise BadCell("unknown_choice", "不在映射的取值中", "is none of the mapped values")
        return value

    return told


def _reader(column: MappedColumn) -> Callable[[str], Any]:
    match column.parse:
        case "text":
            return spoken
        case "day":
            return lambda text: _moment(text, column.formats).date() if column.formats else day_of(folded(text))
        case "instant":
            return lambda text: _moment(text, column.formats)
        case kind:
            return parser_of(ColumnSpec("", "", _NOTHING, Sort(kind), at_most=10**12))


def _moment(text: str, formats: tuple[str, ...]) -> datetime:
    """Return the instant that a text writes in the first form that fits."""
    text = folded(text)
    for form in formats:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - the form says whether there is an offset
        except ValueError:
            continue
    if not formats:
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    shown = "、".join(formats) or "ISO 8601"
    raise BadCell("bad_day", f"不是映射所列的日期形式：{shown}", f"is in none of the mapped forms: {shown}")


def _made(
    mapping: ColumnMapping, record: dict[str, Any], topics: frozenset[str] | None
) -> tuple[Ticket, Mapping[str, Any]]:
    constants = {n: c.constant for n, c in mapping.all_columns.items() if c.constant is not None}
    record = record | constants
    for check in mapping.checks:
        if not check.holds(record):
            raise BadRowError(mapping.all_columns[check.column].source, check.code, check.zh, check.en)
    if topics is not None and record["topic_id"] not in topics:
        raise BadRowError(
            mapping.columns["topic_id"].source, "unknown_topic", "主题不在方案中", "its topic is not in the plan"
        )
    on = record["on"]
    ticket = Ticket(
        id=record["id"],
        source=_SOURCES[mapping.makes],
        source_id=record["id"],
        on=on.date() if isinstance(on, datetime) else on,
        topic_id=record["topic_id"],
        area_id=record.get("area_id"),
        target_id=record.get("target_id"),
        said=record.get("said") or "",
        contact=record.get("contact") or "",
    )
    return ticket, {name: record[name] for name in mapping.extra}
