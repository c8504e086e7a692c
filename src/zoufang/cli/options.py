"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def language_option(command: Command) -> Command:
    """Give a command ``--lang``, which the environment may set as ZOUFANG_LANG; Chinese is the default."""
    return click.option(
        "--lang",
        type=click.Choice(["zh", "en"]),
        envvar="ZOUFANG_LANG",
        default="zh",
        show_default=True,
        show_envvar=True,
        help="输出用中文还是英文 / language of the output.",
    )(command)


def reader_options(command: Command) -> Command:
    """Give a command the options that say who reads or hands out, and what for."""
    for option in (
        click.option("--purpose", required=True, callback=_said, help="用途，几个字 / what for, in a few words."),
        click.option(
            "--person", required=True, callback=_said, help="经办人在名册上的编号 / who asks, by the register."
        ),
    ):
        command = option(command)
    return command


def _said(_: click.Context, __: click.Parameter, value: str) -> str:
    if not value.strip():
        raise click.BadParameter("不能为空 / must not be blank")
    return value.strip()
