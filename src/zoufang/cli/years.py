"""`zoufang plan year`: a year's working days, ready to be pasted into a plan file."""

from __future__ import annotations

import warnings
from typing import cast, get_args

import click

from zoufang.cli.options import language_option
from zoufang.errors import AssumedCalendarWarning, BadInputError
from zoufang.intake.calendars import CalendarSource, read_year, year_toml
from zoufang.typing import Language, Text

BAD_INPUT = 2
FIRST, LAST = 2004, 2100

_ASSUMED = Text(
    "# {year} 年的放假安排没有正式数据，以下为推定，没有调休；国务院办公厅公布后请改正，并改为 official。",
    "# {year}: no official data; assumed, without make-up days. Correct it once it is published, and write official.",
)


@click.command()
@click.argument("number", metavar="YEAR", type=click.IntRange(FIRST, LAST))
@click.option(
    "--source",
    type=click.Choice(get_args(CalendarSource)),
    default="chinesecalendar",
    help="取自哪个软件包 / from which package.",
)
@language_option
@click.pass_context
def year(ctx: click.Context, number: int, source: str, lang: Language) -> None:
    """写出某一年的工作日历，可贴入方案 / a year's working days, for a plan file.

    取自可选的软件包 chinesecalendar 或 holidays（pip install "zoufang[calendar]"）。
    软件包没有正式数据的年份写为 status = "assumed"，并加一行说明。

    A year without official data is written as assumed, and says so.

    例 / example: zoufang plan year 2026
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AssumedCalendarWarning)  # it is said below, in the reader's language
        try:
            table = read_year(number, cast("CalendarSource", source))
        except BadInputError as error:
            click.echo(error.said_in(lang), err=True)
            ctx.exit(BAD_INPUT)
    if table.status == "assumed":
        click.echo(_ASSUMED.said_in(lang).format(year=number))
    click.echo(year_toml(table), nl=False)
