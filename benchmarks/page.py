"""The tables of README.md, written from the measurements between their markers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

README = Path(__file__).parent / "README.md"


def filled(
    page: str,
    results: Sequence[Mapping[str, Any]],
    growth: Sequence[Mapping[str, Any]],
    visits: Sequence[Mapping[str, Any]],
) -> str:
    """Return the page with its tables written anew.

    Args:
        page: The text of README.md.
        results: The rows of results.json.
        growth: The rows of growth.json.
        visits: The rows of ingest.json.

    Raises:
        ValueError: The page lacks a marker.
    """
    tables = {"results": ratios(results), "growth": sizes(growth), "steps": steps(growth), "visits": recorded(visits)}
    for name, table in tables.items():
        page = _put(page, name, table)
    return page


def _put(page: str, name: str, table: str) -> str:
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
    head, found, rest = page.partition(begin)
    _, closed, tail = rest.partition(end)
    if not (found and closed):
        raise ValueError(f"README.md lacks the markers of {name}")
    return f"{head}{begin}{table}{end}{tail}"


def ratios(results: Sequence[Mapping[str, Any]]) -> str:
    """Return the table of all ratios."""
    return _table(
        ("benchmark", "measured against", "ratio", "spread", "target", "holds", "n", "commit"),
        (
            (
                r["name"],
                r["baseline"],
                f"{r['ratio']:g}",
                f"{r['low']:g} to {r['high']:g}",
                r["target"],
                "yes" if r["holds"] else "**no**",
                f"{r['n']:,}",
                r["commit"],
            )
            for r in results
        ),
        right=(2, 6),
    )


def sizes(growth: Sequence[Mapping[str, Any]]) -> str:
    """Return what the demo took, by size; each cost per household beside that of the smallest."""
    return _table(
        ("households", "wall, s", "CPU, s", "CPU per 1,000, s", "against the smallest", "peak memory, MB", "runs"),
        (
            (
                f"{g['households']:,}",
                f"{g['wall']:.0f}",
                f"{g['cpu']:.1f}",
                f"{_each(g, g['cpu']):.2f}",
                f"{_each(g, g['cpu']) / _each(growth[0], growth[0]['cpu']):.2f}",
                f"{g['peak_mb']:.0f}",
                str(g["runs"]),
            )
            for g in growth
        ),
        right=range(7),
    )


def steps(growth: Sequence[Mapping[str, Any]]) -> str:
    """Return the CPU seconds of each step by size, and how much its cost per household grew."""
    if len(growth) < 2:
        return _table(("step",), ())
    first, before, last = growth[0], growth[-2], growth[-1]
    heads = [f"{g['households']:,}" for g in growth]
    rows = []
    for step, seconds in sorted(last["steps"].items(), key=lambda item: -item[1]):
        grown = (_over(_each(last, seconds), _each(size, size["steps"].get(step, 0))) for size in (first, before))
        rows.append((step, *(f"{g['steps'].get(step, 0):.2f}" for g in growth), *grown))
    heads += [f"per household, over {size['households']:,}" for size in (first, before)]
    return _table(("step", *heads), rows, right=range(1, len(heads) + 1))


def recorded(visits: Sequence[Mapping[str, Any]]) -> str:
    """Return what recording and verifying visits took, by size."""
    heads = (
        "visits", "recorded, s", "a million, s", "driver alone, s", "verified, s", "a million, s", "memory grew by, MB"
    )  # fmt: skip
    return _table(
        heads,
        (
            (
                f"{v['visits']:,}",
                f"{v['record']:.2f}",
                f"{1_000_000 * v['record'] / v['visits']:.2f}",
                f"{v['driver']:.2f}",
                f"{v['verify']:.2f}",
                f"{1_000_000 * v['verify'] / v['visits']:.2f}",
                f"{v['grown_mb']:.0f}",
            )
            for v in visits
        ),
        right=range(7),
    )


def _over(after: float, before: float) -> str:
    return f"{after / before:.2f}" if before else ""


def _each(growth: Mapping[str, Any], seconds: float) -> float:
    return 1000 * seconds / float(growth["households"])


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> str:
    at_right = set(right)
    rule = ["---:" if i in at_right else "---" for i in range(len(heads))]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (heads, rule, *rows))
