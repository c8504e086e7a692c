"""A report as a value: headings, sentences, tables and charts, before anybody decides how it looks.

Every format draws the same report, so the page and the workbook cannot tell different figures. Nothing here
is markup, and nothing is a floating-point number: a share keeps its numerator, its denominator and how it is
printed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeAlias

import attrs
from attrs import field, frozen

from zoufang.typing import Language

_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")


def visible(text: str) -> str:
    """Return a text whose control and direction-changing characters show as the replacement character."""
    return _UNSEEN.sub("\ufffd", text)


@frozen
class Share:
    """A figure with both its parts.

    Args:
        hits: Numerator, at least 0.
        of: Denominator, at least 0; with 0 there is no case.
        printed: As it is printed: rounded once, or the words for "no case".
    """

    hits: int
    of: int
    printed: str

    @property
    def percent(self) -> float | None:
        """The share in percent for drawing only, or None where there is no case."""
        return 100 * self.hits / self.of if self.of else None


@frozen
class Change:
    """How a count rose or fell against the span before.

    Args:
        now: Count now, at least 0.
        before: Count before, at least 0.
        printed: As it is printed: a signed percentage, or words where there is nothing to compare with.
    """

    now: int
    before: int
    printed: str


Value: TypeAlias = str | int | date | Share | Change | None
"""What a table's cell or a chart's point may be; None is an empty cell or a gap."""


class Align(StrEnum):
    """Where a column's values stand."""

    LEFT = "left"
    RIGHT = "right"
    CENTER = "center"


class Mark(StrEnum):
    """Why a cell is highlighted."""

    GOOD = "good"
    BAD = "bad"


@frozen
class Column:
    """One column of a table.

    Args:
        header: What stands over it.
        align: Where its values stand.
    """

    header: str
    align: Align = Align.RIGHT


@frozen
class Highlight:
    """One cell that is to be seen first.

    Args:
        row: Its row, from 0.
        column: Its column, from 0.
        mark: Good or bad.
    """

    row: int
    column: int
    mark: Mark


@frozen
class Paragraph:
    """One paragraph.

    Args:
        text: Plain text.
        mark: Set where it is praise or criticism.
    """

    text: str
    mark: Mark | None = None


@frozen
class Bullets:
    """A list of short sentences.

    Args:
        items: Plain texts.
    """

    items: tuple[str, ...]


@frozen
class Card:
    """One headline figure.

    Args:
        label: What it is.
        value: A share or a count.
        note: One short line below it.
    """

    label: str
    value: Share | int
    note: str = ""


@frozen
class Cards:
    """The headline figures, side by side.

    Args:
        items: The figures.
    """

    items: tuple[Card, ...]


@frozen
class Table:
    """One table.

    Args:
        caption: What it shows.
        columns: Its columns.
        rows: One value per column in each.
        total: The last row, if any.
        highlights: Cells to be seen first.
        wide: True where it needs a landscape page.
        note: One line below it.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: tuple[Value, ...] | None = None
    highlights: tuple[Highlight, ...] = ()
    wide: bool = False
    note: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse a row that does not fit its columns: it is a mistake of the program, not of the data."""
        n = len(self.columns)
        for row in self.lines:
            if len(row) != n:
                raise ValueError(f"table {self.caption}: a row has {len(row)} values for {n} columns")

    @property
    def lines(self) -> tuple[tuple[Value, ...], ...]:
        """All rows, the total last."""
        return (*self.rows, self.total) if self.total is not None else self.rows

    @property
    def marked(self) -> Mapping[tuple[int, int], Mark]:
        """The highlights by row and column."""
        return {(h.row, h.column): h.mark for h in self.highlights}


class ChartKind(StrEnum):
    """How data are drawn."""

    LINES = "lines"
    BARS = "bars"
    STACKED = "stacked"
    BURN_UP = "burn_up"
    TILES = "tiles"


@frozen
class Series:
    """One row of data of a chart.

    Args:
        name: What it is.
        values: One per category; None leaves a gap.
        target: True for the line that is to be reached.
    """

    name: str
    values: tuple[int | Share | None, ...]
    target: bool = False


@frozen
class Chart:
    """One chart.

    Args:
        kind: How it is drawn.
        title: What it shows.
        description: The same in a sentence, for those who hear the page.
        categories: What stands along its axis.
        series: Its data; each with one value per category.
        axis: What the categories are, e.g. "week".
        unit: What is counted, e.g. "cases".
    """

    kind: ChartKind
    title: str
    description: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    axis: str = ""
    unit: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse a series that does not fit the categories: a mistake of the program."""
        n = len(self.categories)
        for series in self.series:
            if len(series.values) != n:
                raise ValueError(f"chart {self.title}: {len(series.values)} values for {n} categories")


Block: TypeAlias = Paragraph | Bullets | Cards | Table | Chart


@frozen
class Section:
    """One section.

    Args:
        heading: With its number, e.g. 一、基本情况.
        blocks: What it holds, in order.
        appendix: True where it starts on a page of its own.
    """

    heading: str
    blocks: tuple[Block, ...]
    appendix: bool = False


@frozen
class Footnote:
    """One line of the footer.

    Args:
        term: What is explained.
        text: The explanation.
    """

    term: str
    text: str


@frozen
class Report:
    """A whole report.

    Args:
        title: Its title.
        subtitle: Below the title, e.g. which issue.
        issuer: Who issues it.
        number: Which issue, from 1.
        language: In which language its words are.
        on: The day it is issued.
        first_on: First day it covers.
        last_on: Last day it covers.
        period: The same as words.
        sections: Its sections, in order.
        footer: Definitions and remarks.
        checkpoint: The code of the ledger's state that it shows.
        signature: Who signed that state, in words; added in print, and no part of what the dispatch's seal is over.
    """

    title: str
    subtitle: str
    issuer: str
    number: int
    language: Language
    on: date
    first_on: date
    last_on: date
    period: str
    sections: tuple[Section, ...]
    checkpoint: str
    footer: tuple[Footnote, ...] = ()
    signature: str = field(default="", metadata={"sealed": False})

    @property
    def tables(self) -> tuple[Table, ...]:
        """All tables, in order."""
        return tuple(b for s in self.sections for b in s.blocks if isinstance(b, Table))

    @property
    def charts(self) -> tuple[Chart, ...]:
        """All charts, in order."""
        return tuple(b for s in self.sections for b in s.blocks if isinstance(b, Chart))


def _plain(value: Any) -> Any:
    if attrs.has(type(value)):
        sealed = (a.name for a in attrs.fields(type(value)) if a.metadata.get("sealed", True))
        parts = {name: _plain(getattr(value, name)) for name in sealed}
        return {"is": type(value).__name__, **parts}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def canonical(report: Report) -> bytes:
    """Return a report's content as canonical JSON: keys sorted, no spaces, UTF-8, without the signature.

    Args:
        report: The report.

    Returns:
        The same bytes for equal reports, whatever the machine.

    Plan: 四(二)
    """
    text = json.dumps(_plain(report), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def digest(report: Report) -> str:
    """Return the SHA-256 of a report's canonical content, hexadecimal: the seal of a dispatch.

    Plan: 五(二)
    """
    return hashlib.sha256(canonical(report)).hexdigest()
