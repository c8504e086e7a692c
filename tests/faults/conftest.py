"""The table of faults: what was tried, how often, what was found, what was lost."""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
# The server that forks children is started with this environment, and imports the makers before it forks.
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(HERE), os.environ.get("PYTHONPATH", "")]))

Count = Callable[..., None]
RELEASE = os.environ.get("ZOUFANG_FAULTS") == "release"
"""True where each fault is tried as often as before a release, which takes hours."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that asks for `n` its two counts: a small one for every change, a large one for `nox -s faults`.

    A test that asks for a `url` is given one on each store.
    """
    often = metafunc.definition.get_closest_marker("often")
    if often is not None:
        small, large = often.kwargs.get("change"), often.kwargs["faults"]
        large = often.kwargs.get("release", large) if RELEASE else large
        every_change = [] if small is None else [small]
        metafunc.parametrize("n", [*every_change, pytest.param(large, marks=pytest.mark.faults)])
    its_own = any(mark.args[0] == "store" for mark in metafunc.definition.iter_markers("parametrize"))
    if "store" in metafunc.fixturenames and not its_own:
        metafunc.parametrize("store", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])


@pytest.fixture
def url(store: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """Where a new ledger may be made, on the store that the test is about."""
    if store == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def count(record_property: Callable[[str, Any], None]) -> Count:
    """Notes for the table what was tried, how often, what was found of it and what was lost; fails if any was."""

    def note(what: str, *, tried: int, found: int, unit: str, lost: int) -> None:
        record_property("fault", json.dumps([what, unit, tried, found, lost]))
        assert lost == 0, f"{what}: {lost} of {tried} lost"

    return note


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the table once, at the end of the session."""
    rows = [
        json.loads(value)
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, value in report.user_properties
        if name == "fault"
    ]
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for what, unit, *numbers in rows:
        sums[what, unit] = [a + b for a, b in zip(sums[what, unit], numbers, strict=True)]
    if sums:
        terminalreporter.section("faults")
        terminalreporter.write_line("what | how often | found | lost")
        for (what, unit), (tried, found, lost) in sorted(sums.items()):
            terminalreporter.write_line(f"{what} | {tried} | {found} {unit} | {lost}")
