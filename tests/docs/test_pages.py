"""The generated pages of the reference say what the code says."""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
import subprocess
import sys
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from docs.generate import PAGES, REFERENCE, stale
from docs.generate.files import PLACES
from docs.generate.lifecycle import EVENTS, NAMES
from zoufang import Area, Campaign, Roster, Target
from zoufang.facts import FACT_TABLES
from zoufang.intake.sheets import INBOX_FILES, OUTBOX_FILES
from zoufang.model import AreaLevel, Event, Status


@pytest.mark.parametrize("name", PAGES)
def test_a_committed_page_is_the_generated_one(name: str) -> None:
    """A page that differs from the code is written anew by `python -m docs.generate`."""
    assert (REFERENCE / name).is_file(), "run: python -m docs.generate"
    assert (REFERENCE / name).read_text(encoding="utf-8") == PAGES[name](), "run: python -m docs.generate"


def test_nothing_is_stale_in_a_fresh_clone() -> None:
    """The command that writes the pages finds nothing to write."""
    assert sorted(stale()) == []


def test_every_step_and_status_has_its_chinese_name() -> None:
    """The lifecycle's page leaves no word out."""
    assert set(EVENTS) == set(Event)
    assert set(NAMES) == set(Status)


def test_the_picture_names_every_status() -> None:
    """The picture of the lifecycle is well-formed and shows each status and each step."""
    words = " ".join(ET.fromstring((REFERENCE / "lifecycle.svg").read_text(encoding="utf-8")).itertext())  # noqa: S314 - our own file
    assert [status for status in Status if status not in words] == []
    assert [event for event in Event if event not in words] == []


def test_every_file_has_its_place() -> None:
    """The page of files says where each lies."""
    assert set(PLACES) == {file.id for file in (*INBOX_FILES, *OUTBOX_FILES)}


def test_every_fact_table_is_described() -> None:
    """No table is left out of the page of facts, and no column."""
    page = (REFERENCE / "facts.md").read_text(encoding="utf-8")
    assert [table.name for table in FACT_TABLES if f"[`{table.name}`]" not in page] == []
    assert [c.name for table in FACT_TABLES for c in table.columns if f"| `{c.name}` |" not in page] == []


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A small ledger with words that JSON has to escape."""
    campaign = Campaign.create("huangtun-2023", f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    areas = (Area("C01", '青禾"社区\\\n', AreaLevel.COMMUNITY, "370871005"),)
    campaign.register(Roster(areas=areas, targets=(Target("H-1", "household", "C01", date(2023, 3, 1)),)))
    campaign.close_ledger()
    return tmp_path / "ledger.sqlite"


def _checked_without_us(ledger: Path) -> subprocess.CompletedProcess[str]:
    page = (REFERENCE / "facts.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    command = [sys.executable, "-I", "-c", script]
    return subprocess.run(command, cwd=ledger.parent, capture_output=True, text=True, check=False)


def test_a_ledger_can_be_checked_without_the_library(ledger: Path) -> None:
    """The page's program, which knows nothing of ours, recomputes every digest and link."""
    done = _checked_without_us(ledger)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("in order: 2 commits")


def test_that_check_finds_a_changed_value(ledger: Path) -> None:
    """The page's program names the commit whose facts were changed by hand."""
    with contextlib.closing(sqlite3.connect(ledger)) as database, database:
        database.execute("UPDATE targets SET kind = 'shop'")
    done = _checked_without_us(ledger)
    assert done.returncode == 1
    assert "commit 2: its facts were changed" in done.stderr


def test_the_page_of_hooks_shows_a_plugin_that_works() -> None:
    """The plugin on the page of hooks can be registered, and it routes."""
    page = (REFERENCE / "hooks.md").read_text(encoding="utf-8")
    (source,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    program = f"""{source}
import json, sys
from zoufang import Plugins, core
host = Plugins.of(core, sys.modules["__main__"])
print(json.dumps([provided.answer.name for provided in host.ticket_routers]))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == ["schools", "topic"]
