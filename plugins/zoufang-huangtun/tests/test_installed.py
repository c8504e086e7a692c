"""The plugin from its own wheel, in a fresh environment: found by its entry point, asked, and left out on request."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import sysconfig
import venv
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest

from zoufang.intake import AREAS, PEOPLE, TARGETS

PLUGIN = Path(__file__).resolve().parents[1]
ROOT = PLUGIN.parents[1]
ROWS = (
    (
        AREAS,
        [
            ("370871005", "某街道", "街道", None),
            ("C01", "一社区", "社区", "370871005"),
            ("C01-G01", "一网格", "网格", "C01"),
        ],
    ),
    (PEOPLE, []),
    (
        TARGETS,
        [
            ("S-1", "沿街门店", "C01-G01", "甲饭店", "一号", None, "餐饮", None, None),
            ("S-2", "沿街门店", "C01-G01", "乙五金", "二号", None, "五金", None, None),
        ],
    ),
)


class Fresh(NamedTuple):
    """An environment with nothing of ours but the two wheels."""

    python: Path

    def zoufang(self, *words: object, **env: str) -> str:
        """Type a command there and return what it says."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("ZOUFANG_", "PYTHON"))}
        line = [str(self.python.with_name("zoufang")), *map(str, words)]
        done = subprocess.run(line, capture_output=True, text=True, check=False, encoding="utf-8", env={**clean, **env})
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """Both wheels, built here and installed by pip; what they depend on is lent by the running environment."""
    pytest.importorskip("hatchling", reason="NO HATCHLING: the wheels were not built; install the build back end")
    home = tmp_path_factory.mktemp("fresh")
    for project in (ROOT, PLUGIN):
        build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(home / "wheels")]
        subprocess.run(build, cwd=project, check=True, capture_output=True)
    venv.EnvBuilder(with_pip=True, symlinks=os.name != "nt").create(home / "env")
    python = home / "env" / ("Scripts" if os.name == "nt" else "bin") / "python"
    wheels = sorted(map(str, (home / "wheels").glob("*.whl")))
    assert len(wheels) == 2
    install = [str(python), "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", *wheels]
    subprocess.run(install, check=True, capture_output=True)
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = subprocess.run([str(python), "-c", ask], capture_output=True, text=True, check=True).stdout.strip()
    lent = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    Path(site, "lent.pth").write_text("\n".join(sorted(lent)) + "\n", encoding="utf-8")
    return Fresh(python)


def leads(fresh: Fresh, folder: Path, **env: str) -> dict[str, tuple[str, str, str]]:
    """Register two shops with the installed program and return unit, rule and plugin of each lead."""
    fresh.zoufang("init", folder)
    book = openpyxl.Workbook()
    book.remove(book.active)
    for spec, rows in ROWS:
        page = book.create_sheet(spec.title)
        for row in (spec.headers, *rows):
            page.append(list(row))
    book.save(folder / "inbox" / "register.xlsx")
    fresh.zoufang("run", folder, "--today", "2023-03-06", **env)
    query = "SELECT subject_id, unit_id, rule, plugin FROM assignments WHERE subject = 'target' AND part = 'lead'"
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as ledger:
        return {row[0]: row[1:] for row in ledger.execute(query)}


def test_the_program_there_is_the_wheel_and_knows_the_plugin(fresh: Fresh) -> None:
    """Neither comes from this repository, and the plugin is found by its entry point."""
    ask = "import zoufang, zoufang_huangtun; print(zoufang.__file__, zoufang_huangtun.__file__)"
    done = subprocess.run([str(fresh.python), "-P", "-c", ask], capture_output=True, text=True, check=True)
    assert all(str(fresh.python.parent.parent) in place for place in done.stdout.split())
    listed = json.loads(fresh.zoufang("plugins", "list", "--json"))
    assert [row for row in listed if row["name"] == "zoufang-huangtun"] == [
        {"name": "zoufang-huangtun", "version": "0.1.0", "entry": "zoufang_huangtun", "loads": True}
    ]


def test_shops_go_by_the_plugins_rule(fresh: Fresh, tmp_path: Path) -> None:
    """The restaurant to market supervision, the ironmonger to law enforcement; the ledger names rule and plugin."""
    assert leads(fresh, tmp_path / "with") == {
        "S-1": ("shichang", "shop-food", "zoufang-huangtun"),
        "S-2": ("zhifa", "shop-other", "zoufang-huangtun"),
    }


def test_without_plugins_shops_go_by_the_matrix(fresh: Fresh, tmp_path: Path) -> None:
    """ZOUFANG_NO_PLUGINS=1: the first of the plan's joint leads takes both."""
    assert leads(fresh, tmp_path / "without", ZOUFANG_NO_PLUGINS="1") == {
        "S-1": ("zhifa", "matrix:shops", "zoufang"),
        "S-2": ("zhifa", "matrix:shops", "zoufang"),
    }
