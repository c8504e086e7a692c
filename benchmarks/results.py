"""What was measured, kept in results.json: one row for each benchmark, the newest measurement."""

from __future__ import annotations

import json
import platform
import sqlite3
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from benchmarks.harness import Bench, Measured, holds

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"

PACKAGES = ("attrs", "openpyxl", "pandas", "pluggy", "sqlalchemy", "xlsxwriter", "zoufang")
MEASURED = ("src", "plugins", "pyproject.toml", ":(glob)benchmarks/**/*.py")
"""What decides a ratio; a commit names it only while all of it is as committed."""

Row = dict[str, Any]


def row(bench: Bench, measured: Measured) -> Row:
    """Return a measurement as it is kept."""
    ratio = digits(measured.ratio)
    return {
        "name": bench.name,
        "baseline": bench.baseline,
        "ratio": ratio,
        "low": digits(measured.low),
        "high": digits(measured.high),
        "target": bench.target,
        "holds": holds(ratio, bench.target),
        "n": measured.n,
        "versions": versions(),
        "commit": commit(),
    }


def digits(number: float) -> float:
    """Round to three significant digits: more would be noise."""
    return float(f"{number:.3g}")


def merged(old: Iterable[Row], new: Iterable[Row]) -> list[Row]:
    """Return all rows by name; a name that was measured again has its new row."""
    by_name = {one["name"]: one for one in (*old, *new)}
    return [by_name[name] for name in sorted(by_name)]


def read(path: Path = RESULTS) -> list[Row]:
    """Return the rows that are kept; none where there is no file."""
    rows: list[Row] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return rows


def text(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as the file holds them: the same rows, the same bytes."""
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def versions() -> dict[str, str]:
    """Return the versions that a ratio depends on."""
    python = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    return python | {name: metadata.version(name) for name in PACKAGES}


def commit() -> str:
    """Return the short name of the commit that was measured; ``worktree`` where it was not exactly one."""
    head, changed = _git("rev-parse", "--short", "HEAD"), _git("status", "--porcelain", "--", *MEASURED)
    return head if head and changed == "" else "worktree"


def _git(*words: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", *words],  # noqa: S607 - found on PATH, as a developer's is
            cwd=HERE.parent,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()
