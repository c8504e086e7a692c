"""Every command and option is on the page of commands, and every command shown anywhere can be typed."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from zoufang.cli import main

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/reference/commands.md"
SHOWN_IN = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("plugins/*/README.md")])


def _commands(group: click.Group, before: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _commands(command, f"{before} {name}")
        else:
            yield f"{before} {name}", command


COMMANDS = dict(_commands(main, "zoufang"))


def _shown() -> Iterator[tuple[str, str]]:
    for path in SHOWN_IN:
        for block in re.findall(
            r"^```(?:console)?\n(.*?)^```", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
        ):
            for line in re.findall(r"^\$ (?:\w+=\S+ )*(?:\S*/)?zoufang (.*)$", block, re.MULTILINE):
                yield path.relative_to(ROOT).as_posix(), line.partition("  #")[0].partition(";")[0].strip()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_on_the_page(name: str) -> None:
    """The page of commands names each command and each of its options."""
    page = PAGE.read_text(encoding="utf-8")
    assert f"`{name}" in page
    options = [option for param in COMMANDS[name].params for option in param.opts if option.startswith("--")]
    assert [option for option in options if f"`{option}" not in page] == []


@pytest.mark.parametrize(("page", "line"), sorted(set(_shown())))
def test_a_command_that_is_shown_can_be_typed(page: str, line: str) -> None:
    """The command exists and takes the arguments and options that are shown."""
    words = shlex.split(line)
    command: click.Command = main
    context = click.Context(main, info_name="zoufang")
    while isinstance(command, click.Group):
        _, found, words = command.resolve_command(context, words)
        assert found is not None
        command = found
    command.make_context("zoufang", words, parent=context)
