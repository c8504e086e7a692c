"""Every example runs as its first lines say, and says what it found."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SCRIPTS = sorted(path.name for path in EXAMPLES.glob("*.py"))
LONGEST = 60

# The published file that a script reads.
READS = {"citizen_letters.py": "citizen-messages/messages_dated.csv", "sf_311.py": "311/sf_sample.csv"}


def _run(script: str, *arguments: str) -> str:
    command = [sys.executable, "-W", "error", str(EXAMPLES / script), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_there_are_examples() -> None:
    """The scripts that read published data are among those that are there."""
    assert set(READS) < set(SCRIPTS)


@pytest.mark.parametrize("script", [name for name in SCRIPTS if name not in READS])
def test_an_example_runs(script: str) -> None:
    """A script that needs no data runs and prints something."""
    assert _run(script)


@pytest.mark.published
@pytest.mark.parametrize("script", READS)
def test_an_example_reads_published_data(script: str, published_data: Path) -> None:
    """Good rows and rows set aside add up to all; the weekly series and the top topics are printed."""
    printed = _run(script, str(published_data / READS[script]))
    n_rows, good, bad = map(int, re.findall(r"(\d+) rows = (\d+) good \+ (\d+) set aside", printed)[0])
    assert good + bad == n_rows
    assert "a week" in printed
    assert "top topics" in printed


@pytest.mark.published
@pytest.mark.parametrize(
    ("script", "line"),
    [
        # The data's own description: 4,326 titles; 10,000 requests, 17 of them closed before they were created.
        ("citizen_letters.py", "4326 rows = 4326 good + 0 set aside"),
        ("sf_311.py", "10000 rows = 9983 good + 17 set aside"),
    ],
)
def test_the_counts_are_those_that_the_data_describe(script: str, line: str, published_data: Path) -> None:
    """No row is dropped without a word."""
    assert line in _run(script, str(published_data / READS[script]))


@pytest.mark.parametrize("script", SCRIPTS)
def test_an_example_fits_on_a_page(script: str) -> None:
    """An example has at most sixty lines."""
    assert len((EXAMPLES / script).read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_the_listing_shows_what_is_printed() -> None:
    """What the list of examples shows of embedding.py is what it prints."""
    page = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"^\$ python examples/embedding.py\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert _run("embedding.py") == shown


def test_djangos_rollback_takes_the_campaigns_change_back() -> None:
    """What was registered as commit 2 is gone; registered again, it is commit 2 anew, and the ledger is in order."""
    assert _run("django_host.py").splitlines() == [
        "registered 5 entries in commit 2, then the host refuses",
        "after Django's rollback: commit 1",
        "registered again and kept: commit 2, 3 targets",
        "in order: True",
    ]


def test_the_list_of_examples_is_complete() -> None:
    """Every script is on the list."""
    page = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert [name for name in SCRIPTS if f"]({name})" not in page] == []


def test_the_router_is_heard_first() -> None:
    """The example's router leads in its own community, and the plan's topic decides elsewhere."""
    harbour, elsewhere = (line for line in sorted(_run("custom_router.py").splitlines(), reverse=True))
    assert harbour == "T-C02: C02 leads, by harbour of harbour"
    assert elsewhere.startswith("T-C01: ")
    assert elsewhere.endswith(" of zoufang")
