"""The page of faults: every fault has a test that exists, and is tried as often as the page says."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "explanation" / "faults.md").read_text(encoding="utf-8")
COUNTS = ("change", "faults", "release")


class Line(NamedTuple):
    """One line of the table of tests.

    Args:
        what: The fault or the input.
        tests: Each as ``path::name``.
        counts: How often in each change, in `nox -s faults`, before a release.
    """

    what: str
    tests: tuple[str, ...]
    counts: tuple[str, ...]


def table(heading: str) -> list[list[str]]:
    """Return the cells of the table below a heading, without its own head."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [row for row in section.splitlines() if row.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


LINES = [
    Line(what, tuple(re.findall(r"`([^`]+)`", tests)), tuple(n)) for what, tests, *n in table("Which test shows it")
]
SHOWN = sorted({test for line in LINES for test in line.tests})


@cache
def functions(path: Path) -> dict[str, ast.FunctionDef]:
    """Return every function of a file, those of classes among them."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def function(test: str) -> ast.FunctionDef | None:
    """Return the function that a line of the table names, or None."""
    path, _, name = test.partition("::")
    file = ROOT / path if path.startswith(("src/", "plugins/")) else ROOT / "tests" / path
    return functions(file).get(name) if file.is_file() else None


def often(test: str) -> dict[str, int]:
    """Return how often a test tries its fault, as it is marked; empty where it tries it once."""
    found = function(test)
    for mark in found.decorator_list if found else ():
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.often":
            counts = {word.arg: ast.literal_eval(word.value) for word in mark.keywords if word.arg is not None}
            return {"release": counts["faults"], **counts}
    return {}


def test_every_fault_and_every_input_has_its_test() -> None:
    """Each line of the two tables of promises has a line in the table of tests, and none of those is left over."""
    promised = [row[0] for heading in ("Faults", "Bad input") for row in table(heading)]
    assert len(promised) > 40
    assert list(dict.fromkeys(line.what for line in LINES)) == promised


@pytest.mark.parametrize("test", SHOWN)
def test_a_test_that_is_named_exists(test: str) -> None:
    """With that name, in that file."""
    assert function(test) is not None, f"{test} is named on the page of faults and is not there"


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.tests[0])
def test_a_fault_is_tried_as_often_as_the_page_says(line: Line) -> None:
    """The counts of a line are those that stand in the marks of its tests; one is written "every one"."""
    marked = [counts for test in line.tests if (counts := often(test))]
    for when, cell in zip(COUNTS, line.counts, strict=True):
        said = {int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", cell)}
        for counts in marked:
            n = counts.get(when)
            assert n is None or n in said or (n == 1 and cell.startswith("every")), f"{when}: {n}, not {cell}"


def test_every_fault_that_is_tried_often_is_on_the_page() -> None:
    """No test of the session is missing from the table."""
    here = {
        f"faults/{path.name}::{name}"
        for path in (ROOT / "tests" / "faults").glob("test_*.py")
        for name in functions(path)
        if often(f"faults/{path.name}::{name}")
    }
    assert here <= set(SHOWN), sorted(here - set(SHOWN))
