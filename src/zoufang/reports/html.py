"""A report as one HTML file: offline, without a script, readable on a telephone and on paper."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count, groupby
from typing import Any, BinaryIO

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from zoufang.reports.document import Block, Change, Chart, Mark, Report, Section, Share, Table, Value, visible
from zoufang.reports.svg import draw
from zoufang.reports.words import FOOTER, ON_EACH_PAGE, WITNESS, long_date

PAGE = "report.html.j2"


def shown(value: Value) -> str:
    """Return what a page prints for a value; nothing for an empty one."""
    if isinstance(value, Share | Change):
        return visible(value.printed)
    return "" if value is None else visible(str(value))


def grouped(section: Section) -> list[tuple[str, list[Block]]]:
    """Return a section's blocks, neighbours of one kind together: charts stand side by side."""
    return [(kind, list(blocks)) for kind, blocks in groupby(section.blocks, lambda b: type(b).__name__)]


def marks(table: Table, row: int) -> Mapping[int, Mark]:
    """Return the highlights of one row by column."""
    return {h.column: h.mark for h in table.highlights if h.row == row}


def in_css(text: str) -> str:
    """Return what may stand between quotation marks in a style sheet: letters, digits, blanks and hyphens."""
    return "".join(c for c in text if c.isalnum() or c in " -")


def _environment() -> Environment:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, loader=PackageLoader("zoufang.reports", "pages")
    )
    numbers = count(1)

    def drawn(chart: Chart) -> Markup:
        """Draw a chart; its texts were escaped when the XML tree was written out."""
        return Markup(draw(chart, f"chart-{next(numbers)}"))  # noqa: S704 - markup made by the XML writer

    environment.filters.update(shown=shown, visible=visible, grouped=grouped, drawn=drawn, in_css=in_css)
    environment.tests["share"] = _is_share
    return environment


def _is_share(value: Any) -> bool:
    return isinstance(value, Share)


def to_html(report: Report) -> bytes:
    """Return a report as one HTML file.

    Args:
        report: The report.

    Returns:
        UTF-8; the same bytes for the same report. It loads nothing from anywhere and runs nothing.

    Plan: 四(二)
    """
    text = (
        _environment()
        .get_template(PAGE)
        .render(
            report=report,
            lang="zh-CN" if report.language == "zh" else "en",
            issued=long_date(report.on, report.language),
            footer_heading=FOOTER.said_in(report.language),
            witness=WITNESS.said_in(report.language),
            on_each_page=ON_EACH_PAGE.said_in(report.language).format(code=report.checkpoint),
            marks=marks,
        )
    )
    return (text + "\n").encode("utf-8")


def write_html(report: Report, out: BinaryIO) -> None:
    """Write a report as HTML to a binary stream."""
    out.write(to_html(report))
