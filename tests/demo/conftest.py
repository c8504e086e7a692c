"""One demo for all tests of this folder, also where several processes share the work."""

from __future__ import annotations

import html
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest

HOUSEHOLDS, SEED = 300, 7
PATIENCE_SECONDS = 300


class Demo(NamedTuple):
    """What `zoufang demo` left behind, and what it said."""

    folder: Path
    said: str
    complained: str

    @property
    def truth(self) -> dict[str, Any]:
        """What was planted."""
        found: dict[str, Any] = json.loads((self.folder / "truth.json").read_text(encoding="utf-8"))
        return found

    def ledger(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the ledger's file, without our own library."""
        with closing(sqlite3.connect(f"{(self.folder / 'ledger.sqlite').as_uri()}?mode=ro", uri=True)) as db:
            return db.execute(query).fetchall()

    def figures(self) -> dict[str, list[tuple[int, int]]]:
        """Return the printed table: unit to its pairs of numerator and denominator."""
        rows = (line.strip("│").split("│") for line in self.said.splitlines() if line.startswith("│"))
        pairs = {cells[0].strip(): [cell.split()[0].split("/") for cell in cells[1:]] for cells in rows}
        return {unit: [(int(n), int(of)) for n, of in row] for unit, row in pairs.items()}


def zoufang(*words: object) -> subprocess.CompletedProcess[str]:
    """Type a command, in a process of its own."""
    line = [sys.executable, "-c", "from zoufang.cli import main; main()", *map(str, words)]
    return subprocess.run(line, capture_output=True, text=True, check=False, encoding="utf-8")


def records(path: Path, title: str) -> list[dict[str, Any]]:
    """Read one sheet, one dict a row, by header."""
    with closing(openpyxl.load_workbook(path, read_only=True)) as book:
        headers, *rows = book[title].iter_rows(values_only=True)
        return [dict(zip(headers, row, strict=True)) for row in rows if any(cell is not None for cell in row)]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Demo:
    """A whole campaign of 300 households; the first process that asks for it runs it, the others wait."""
    base = tmp_path_factory.getbasetemp()
    shared = (base if worker_id == "master" else base.parent) / "demo"
    told = shared / "told.json"
    try:
        shared.mkdir()
    except FileExistsError:
        _wait_for(told)
    else:
        done = zoufang("demo", "--out", shared / "out", "--households", HOUSEHOLDS, "--seed", SEED)
        draft = shared / "draft.json"
        draft.write_text(json.dumps([done.returncode, done.stdout, done.stderr]), encoding="utf-8")
        draft.rename(told)
    code, said, complained = json.loads(told.read_text(encoding="utf-8"))
    assert code == 0, complained
    return Demo(shared / "out", said, complained)


def _wait_for(path: Path) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not path.exists():
        assert time.monotonic() < end, "the process that runs the demo does not come back"
        time.sleep(0.2)


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """The process among those that share the work; ``master`` where there is one only."""
    return str(getattr(request.config, "workerinput", {}).get("workerid", "master"))


def texts(paths: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Yield the name and the whole text of files, workbooks unpacked."""
    for path in paths:
        if path.suffix != ".xlsx":
            yield path.name, path.read_text(encoding="utf-8-sig")
            continue
        folder = path.parent
        with closing(openpyxl.load_workbook(path, read_only=True)) as book:
            cells = (str(cell) for page in book for row in page.iter_rows(values_only=True) for cell in row if cell)
            yield f"{folder.name}/{path.name}", "\n".join([*book.sheetnames, *cells])


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser; without one the test is skipped, and says so."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("NO BROWSER: the dispatch was not looked at; install Debian's chromium")
    return found


@pytest.fixture(scope="session", name="zoufang")
def type_zoufang() -> Any:
    """The command line, each call in a process of its own."""
    return zoufang


@pytest.fixture(scope="session", name="records")
def read_records() -> Any:
    """Reads a sheet as dicts."""
    return records


@pytest.fixture(scope="session", name="texts")
def read_texts() -> Any:
    """Reads whole files as text."""
    return texts


@pytest.fixture(scope="session")
def plain_text() -> Any:
    """Reads what a page says, without its marks."""
    return lambda path: html.unescape(re.sub("<[^>]+>", "", path.read_text(encoding="utf-8")))
