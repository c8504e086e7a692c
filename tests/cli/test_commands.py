"""The commands as a clerk types them: words, exit codes, suggestions."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import click
import pytest
from click.testing import CliRunner

from zoufang.cli import main

LOOK = """
import sys
from zoufang.cli import main
try:
    main(["plugins", "list", "--json"])
except SystemExit as ended:
    assert not ended.code, ended.code
assert "zoufang_huangtun" not in sys.modules, "listing imported the plugin"
"""


def leaves(group: click.Group, name: str = "zoufang") -> list[tuple[str, click.Command]]:
    """Return every command with the words one types."""
    found: list[tuple[str, click.Command]] = []
    for word, command in group.commands.items():
        typed = f"{name} {word}"
        found += leaves(command, typed) if isinstance(command, click.Group) else [(typed, command)]
    return found


@pytest.mark.parametrize(("typed", "command"), leaves(main), ids=lambda value: value if isinstance(value, str) else "")
def test_every_commands_help_teaches(typed: str, command: click.Command) -> None:
    """Each says in both languages what it does and shows a line that one can type as it stands."""
    said = CliRunner().invoke(main, [*typed.split()[1:], "--help"]).stdout
    assert f"例 / example: {typed}" in " ".join(said.split())
    assert "--lang [zh|en]" in said


def test_the_first_help_shows_the_way(office: Any) -> None:
    """From a look around to one's own street, in the order in which it is done."""
    said = office.cli("--help").stdout
    places = [said.index(word) for word in ("zoufang demo", "zoufang init", "zoufang run", "zoufang verify")]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("words", "meant"),
    [(["rnu"], "run"), (["verfy"], "verify"), (["plan", "chek"], "check"), (["plugins", "lst"], "list")],
)
def test_a_mistyped_command_gets_a_suggestion(office: Any, words: list[str], meant: str) -> None:
    """Code 2, and the command that was probably meant, in both languages."""
    done = office.cli(*words)
    assert done.exit_code == 2
    assert f"是不是 {meant}？/ did you mean {meant}?" in done.stderr


def test_init_refuses_a_folder_that_holds_something(office: Any) -> None:
    """Code 2, the folder's name, and nothing changed."""
    before = office.tree()
    done = office.cli("init", office.path)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == f"文件 {office.path}：已有内容；请指定新的空文件夹，原有文件未改动\n"
    assert office.tree() == before


def test_run_shows_what_came_of_each_file(office: Any) -> None:
    """Chinese is the default, English on request or by environment."""
    office.fill()
    done = office.run()
    assert done.exit_code == 0
    assert "│ hotline.csv         │ 来电     │    2 │      2 │    0 │    0 │" in done.stdout
    assert "派单 3 件" in done.stdout
    assert "已制作通报：第 1 期" in done.stdout
    assert "nothing new." in office.run("--lang", "en").stdout
    assert "nothing new." in office.cli("run", office.path, "--today", "2023-03-06", env={"ZOUFANG_LANG": "en"}).stdout


def test_run_sets_bad_rows_aside_on_request(office: Any) -> None:
    """The table shows how many, a list says which."""
    office.register()
    office.hotline(
        [("HL-1", "2023-03-01", "", "", "", "", "education", "好"), ("HL-2", "昨天", "", "", "", "", "medical", "好")]
    )
    assert office.run().exit_code == 2
    done = office.run("--set-aside")
    assert done.exit_code == 0
    assert "│ hotline.csv   │ 来电 │    2 │      1 │    0 │    1 │" in done.stdout
    assert len(list((office.path / "quarantine").glob("hotline-*.csv"))) == 1


@pytest.mark.parametrize("format_", ["html", "xlsx"])
def test_a_dispatch_is_printed_again_byte_for_byte(office: Any, format_: str) -> None:
    """Also when the ledger has gone on since."""
    office.fill()
    office.run()
    office.visits(
        [("V-4", "2023-03-07", "09:00", 15, "H-2", "P-1", "C01", "上门", "见到", "是", None, None)],
        (),
        "visits-C01-w02.xlsx",
    )
    assert office.run(today="2023-03-13").exit_code == 0
    out = office.path / "again"
    assert office.cli("dispatch", office.path, 1, "--out", out, "--format", format_).exit_code == 0
    assert out.read_bytes() == (office.path / "dispatches" / f"dispatch-01.{format_}").read_bytes()


def test_a_dispatch_that_was_not_made_is_refused(office: Any) -> None:
    """With the numbers that there are; the file is not begun."""
    office.fill()
    office.run()
    out = office.path / "again.html"
    done = office.cli("dispatch", office.path, 9, "--out", out)
    assert (done.exit_code, done.stderr) == (2, "未知的通报 9；可用的例如：1\n")
    assert not out.exists()
    done = office.cli("dispatch", office.path, 1, "--out", out, "--format", "pdf", "--lang", "en")
    assert (done.exit_code, done.stderr) == (2, "unknown report format pdf; known are for example: html, xlsx\n")
    assert not out.exists()


MAPPING = """\
id = "mailbox"
makes = "letters"
[columns.id]
source = "编号"
parse = "id"
[columns.on]
source = "时间"
parse = "day"
[columns.topic_id]
source = "标题"
default = "other"
keywords = [{ value = "sanitation", contains_any = ["垃圾"] }]
"""


def test_run_reads_a_mapped_file_with_its_mapping_beside_it(office: Any) -> None:
    """Without the mapping, the message says which file is missing."""
    office.register()
    folder = office.path / "inbox" / "mapped"
    folder.mkdir()
    (folder / "mailbox.csv").write_text("编号,时间,标题\nM-1,2023-03-02,路灯不亮\n", "utf-8")
    done = office.run()
    said = "文件 mailbox.csv：旁边缺少列映射 mailbox.toml；请把它与本文件放在一起\n"
    assert (done.exit_code, done.stderr) == (2, said)
    (folder / "mailbox.toml").write_text(MAPPING, "utf-8")
    done = office.run()
    assert done.exit_code == 0
    assert all(line.startswith("说明：") for line in done.stderr.splitlines())
    assert "派单 1 件" in done.stdout


def test_verify_takes_a_folder_or_its_ledger(office: Any) -> None:
    """Exit code 0 where everything is in order."""
    office.fill()
    office.run()
    for path in (office.path, office.path / "ledger.sqlite"):
        done = office.cli("verify", path)
        assert (done.exit_code, done.stdout.startswith("台账完好：")) == (0, True)


def test_listing_plugins_imports_none_of_them() -> None:
    """What is installed is read from its metadata; a broken plugin can be listed, too."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("ZOUFANG_")}
    done = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=True, env=env)
    listed = {row["name"]: row for row in json.loads(done.stdout)}
    assert listed["zoufang-huangtun"]["entry"] == "zoufang_huangtun"
    assert listed["zoufang-huangtun"]["loads"] is True


def test_the_environment_keeps_plugins_out(office: Any) -> None:
    """The list says so."""
    done = office.cli("plugins", "list", "--json", env={"ZOUFANG_NO_PLUGINS": "1"})
    assert {row["loads"] for row in json.loads(done.stdout)} == {False}
    assert "zoufang-huangtun" in office.cli("plugins", "list", "--lang", "en").stdout
