"""What the READMEs show is true: their code runs, prints what they say, and is the same in both languages."""

from __future__ import annotations

import ast
import contextlib
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.zh-CN.md")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")

every_readme = pytest.mark.parametrize("name", READMES)


def _blocks(name: str, language: str) -> list[str]:
    return re.findall(
        rf"^```{language}\n(.*?)^```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )


@every_readme
def test_the_example_runs_and_prints_what_follows_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Python block of a README runs in an empty folder, and its output is the block after it."""
    monkeypatch.chdir(tmp_path)
    (source,) = _blocks(name, "python")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(source, name, "exec"), {"__name__": "__main__"})  # noqa: S102 - our own README
    assert printed.getvalue() == _blocks(name, "text")[-1]
    assert (tmp_path / "dispatch-01.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_both_readmes_show_the_same_code() -> None:
    """Only the comments differ between the languages."""
    english, chinese = ([ast.dump(ast.parse(block)) for block in _blocks(name, "python")] for name in READMES)
    assert english == chinese


def test_both_readmes_show_the_same_commands() -> None:
    """A reader of either language types the same."""
    english, chinese = (_blocks(name, "console") for name in READMES)
    assert english == chinese


@every_readme
def test_every_link_leads_somewhere(name: str) -> None:
    """A relative link names a file or folder of the repository."""
    links = LINK.findall((ROOT / name).read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.sweep
@pytest.mark.parametrize(("name", "language"), [("README.md", "en"), ("README.zh-CN.md", "zh")])
def test_the_table_is_that_of_the_demo(name: str, language: str, tmp_path: Path) -> None:
    """The lines shown from the demo's last table are lines of the demo's last table."""
    demo = [sys.executable, "-c", "from zoufang.cli import main; main()", "demo", "--out", str(tmp_path / "demo-out")]
    done = subprocess.run([*demo, "--lang", language], capture_output=True, text=True, check=True)
    shown = _blocks(name, "text")[0].splitlines()
    assert [line for line in shown if line not in done.stdout.splitlines()] == []
