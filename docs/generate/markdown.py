"""Markdown as strings: a page, a table, code."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

WIDTH = 118
NOTE = "<!-- Written by `python -m docs.generate` from the code; change the code and run it again. -->"


def page(title: str, *parts: str) -> str:
    """Return a page: its title, the note that it is generated, and its parts with one empty line between.

    A part of one line is a paragraph, and is broken into lines; others stand as they are.
    """
    return "\n\n".join([f"# {title}", NOTE, *(_wrapped(part.strip("\n")) for part in parts)]) + "\n"


def bullets(*sentences: str) -> str:
    """Return a list."""
    return "\n".join(_wrapped(f"- {sentence}", indent="  ") for sentence in sentences)


def _wrapped(words: str, indent: str = "") -> str:
    if "\n" in words or words.startswith(("#", "|", "!")):
        return words
    return textwrap.fill(words, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; a bar inside a cell is escaped."""
    lines = [headers, ["---"] * len(headers), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def code(word: object) -> str:
    """Return a word set as code."""
    return f"`{word}`"


def codes(words: Iterable[object]) -> str:
    """Return words set as code, with commas between."""
    return ", ".join(map(code, words))
