"""The tutorial can be followed: its rows are filled in, its commands are run, and what it shows comes out."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

TUTORIAL = Path(__file__).resolve().parents[2] / "docs/tutorials/first-campaign.md"
OWN_STREET = "## 5."
PROGRAM = [sys.executable, "-c", "from zoufang.cli import main; main(prog_name='zoufang')"]

Rows = list[dict[str, str]]


def _followed() -> Iterator[tuple[str, str, Rows] | tuple[str, int, list[str]]]:
    """Yield what the reader does from the own street on: a sheet to fill in, or a command to run."""
    text = TUTORIAL.read_text(encoding="utf-8")
    text = text[text.index(OWN_STREET) :]
    table = r"^`(?P<file>\S+\.xlsx)`, sheet (?P<sheet>\S+):\n\n(?P<rows>(?:\|[^\n]*\n)+)"
    console = r"^```console\n(?P<lines>.*?)^```"
    for found in re.finditer(f"{table}|{console}", text, re.MULTILINE | re.DOTALL):
        if found["file"]:
            yield found["file"], found["sheet"], _rows(found["rows"])
        else:
            for block in re.split(r"^\$ ", found["lines"], flags=re.MULTILINE)[1:]:
                command, *shown = block.splitlines()
                words, _, remark = command.partition("  # exit code ")
                yield words, int(remark or 0), shown


def _rows(table: str) -> Rows:
    lines = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in table.splitlines()]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[2:]]


def _fill(folder: Path, file: str, sheet: str, rows: Rows) -> None:
    """Fill rows into a workbook of the inbox, which is a copy of its template at first."""
    path = folder / "inbox" / file
    template = f"{Path(file).stem.partition('-')[0]}.xlsx"
    book = openpyxl.load_workbook(path if path.exists() else folder / "templates" / template)
    headers = [cell.value for cell in book[sheet][1]]
    for place, row in enumerate(rows, start=2):
        for header, cell in row.items():
            book[sheet].cell(place, headers.index(header) + 1, cell or None)
    book.save(path)


def test_the_tutorial_can_be_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the empty folder to the answered ticket, each command ends and says as the tutorial shows."""
    monkeypatch.setenv("ZOUFANG_LANG", "en")
    n_commands = 0
    for step in _followed():
        match step:
            case (str(file), str(sheet), list(rows)):
                if file.startswith("replies/"):
                    # What the tutorial says of the to-do list before it is answered.
                    assert _waiting(tmp_path) == ["V-0001-1", "待受理", "zhifa", 2]
                _fill(tmp_path / "my-street", file, sheet, rows)
            case (str(words), int(code), list(shown)):
                command = [*PROGRAM, *shlex.split(words.removeprefix("zoufang "))]
                done = subprocess.run(
                    command, cwd=tmp_path, capture_output=True, text=True, check=False, encoding="utf-8"
                )
                printed = done.stdout + done.stderr
                assert done.returncode == code, printed
                assert [line for line in shown if line not in printed] == [], printed
                n_commands += 1
    assert n_commands == 6
    assert _waiting(tmp_path) == ["V-0001-1", "已反馈", "zhifa", 5]


def _waiting(folder: Path) -> list[object]:
    """Return number, status, unit and version of the first ticket on the to-do list."""
    sheet = openpyxl.load_workbook(folder / "my-street/outbox/todo.xlsx").worksheets[0]
    first = {header.value: cell.value for header, cell in zip(sheet[1], sheet[2], strict=True)}
    return [first[name] for name in ("诉求编号", "状态", "责任单位", "版本")]
