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
