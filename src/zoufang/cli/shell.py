"""What every command shares: suggestions, exit codes, errors as one sentence, progress bars."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Iterable, Sequence
from typing import Any, Self, TypeVar, cast

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from zoufang.errors import BadInputError, ZoufangError
from zoufang.typing import Language, Text

Item = TypeVar("Item")

BAD_INPUT = 2
FAILED = 1
WIDTH = 120

LABELS = {
    "read": Text("读取文件", "reading files"),
    "record": Text("记入台账", "recording"),
    "dispatch": Text("制作通报", "dispatching"),
    "backup": Text("备份台账", "backing up"),
    "migrate": Text("升级台账", "migrating"),
    "verify": Text("核对台账", "verifying"),
    "private": Text("核对个人文字", "checking private texts"),
    "bundle": Text("收集提交", "gathering commits"),
    "weeks": Text("逐周推进", "week by week"),
}


class Shell(click.Group):
    """A group of commands that suggests names and turns our errors into one sentence and an exit code."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; a mistyped name gets a suggestion."""
        name = args[0] if args else ""
        if name and self.get_command(ctx, name) is None and not name.startswith("-"):
            close = difflib.get_close_matches(name, self.list_commands(ctx), n=1)
            hint = f"；是不是 {close[0]}？/ did you mean {close[0]}?" if close else ""
            ctx.fail(f"没有命令 {name} / no such command{hint}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; our own errors are said in the language asked for, in one sentence."""
        language = language_of(ctx.args)
        try:
            return super().invoke(ctx)
        except ZoufangError as error:
            click.echo(error.said_in(language), err=True)
            ctx.exit(BAD_INPUT if isinstance(error, BadInputError) else FAILED)


def language_of(arguments: Sequence[str]) -> Language:
    """Return the language that a command line asks for, before it is parsed."""
    asked = os.environ.get("ZOUFANG_LANG", "zh")
    for place, word in enumerate(arguments):
        if word == "--lang" and place + 1 < len(arguments):
            asked = arguments[place + 1]
        elif word.startswith("--lang="):
            asked = word.removeprefix("--lang=")
    return "en" if asked == "en" else "zh"


def console() -> Console:
    """Return the console for results; a plain width where it is no terminal."""
    return Console(width=None if sys.stdout.isatty() else WIDTH, highlight=False, emoji=False)


class Bars:
    """Progress bars on standard error; nothing is shown where that is no terminal.

    Args:
        language: Of the labels.
    """

    def __init__(self, language: Language) -> None:
        self._language = language
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
            disable=not sys.stderr.isatty(),
        )

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def __call__(self, items: Iterable[Item], *, label: str, total: int | None = None) -> Iterable[Item]:
        """Show one iteration; its bar goes away when it ends."""
        words = LABELS.get(label, Text(label, label)).said_in(self._language)
        if total is None and hasattr(items, "__len__"):
            total = len(cast("Sequence[Item]", items))
        task = self._bars.add_task(words, total=total)
        try:
            for item in items:
                yield item
                self._bars.advance(task)
        finally:
            self._bars.remove_task(task)
