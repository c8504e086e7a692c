"""The reference pages that are written from the code: `python -m docs.generate`.

Each module makes one page and reads the one place in the package where its matter is declared. The pages are
committed, so that they can be read without building anything; `tests/docs` holds them to the code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from docs.generate import clauses, drawing, facts, files, hooks, ladder, lifecycle, metrics, permissions

REFERENCE = Path(__file__).resolve().parents[1] / "reference"
"""Where the pages are."""

PAGES: Mapping[str, Callable[[], str]] = {
    "clauses.md": clauses.page,
    "facts.md": facts.page,
    "files.md": files.page,
    "hooks.md": hooks.page,
    "ladder.md": ladder.page,
    "lifecycle.md": lifecycle.page,
    "lifecycle.svg": drawing.picture,
    "metrics.md": metrics.page,
    "permissions.md": permissions.page,
}
"""Every generated file of the reference, and what makes its content."""


def stale() -> dict[str, str]:
    """Return the new content of each page that is missing or differs from the code."""
    made = {name: make() for name, make in PAGES.items()}
    return {name: text for name, text in made.items() if _committed(name) != text}


def _committed(name: str) -> str | None:
    path = REFERENCE / name
    return path.read_text(encoding="utf-8") if path.is_file() else None
