"""`zoufang migrate`: what an office reads, and what it is left with."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from zoufang.ledger.dialects import REVISION

FROZEN = Path(__file__).resolve().parents[1] / "migrations" / "frozen" / "revision-1"
CODE = "检查点仍为 60-"


@pytest.fixture
def old(office: Any) -> Any:
    """A campaign's folder with a ledger of revision 1."""
    content = gzip.decompress((FROZEN / "ledger.sqlite.gz").read_bytes())
    ledger = office.path / "ledger.sqlite"
    ledger.write_bytes(content)
    with closing(sqlite3.connect(f"file:{ledger}?mode=ro&immutable=1", uri=True)) as raw:
        (plan,) = raw.execute("SELECT body FROM plans").fetchone()
    (office.path / "plan.toml").write_text(plan, encoding="utf-8")  # a folder keeps the plan that it began with
    return office


@pytest.mark.parametrize("command", ["run", "verify", "watch", "migrate --check"])
def test_every_command_sends_an_old_ledger_to_be_migrated(old: Any, command: str) -> None:
    """And changes nothing: the sentence names the very command, which can be copied."""
    before = old.tree()
    done = old.cli(*command.split(" ")[:1], old.path, *command.split(" ")[1:])
    assert done.exit_code in {1, 2}
    if "migrate" not in command:
        assert f"zoufang migrate {old.path}/ledger.sqlite" in done.output
    assert old.tree() == before


def test_a_folder_is_migrated_and_goes_on(old: Any) -> None:
    """The answer names both revisions, what is new, the checkpoint and the backup; then every command works."""
    done = old.cli("migrate", old.path)
    assert done.exit_code == 0, done.output
    backup = old.path / "ledger.revision-1.sqlite"
    assert f"结构版本 1 → {REVISION}" in done.output
    assert CODE in done.output
    assert "编号冲突" in done.output
    assert str(backup) in done.output
    assert "个人信息" in done.output
    with closing(sqlite3.connect(backup)) as raw:
        assert raw.execute("SELECT count(*) FROM visits").fetchone() == (61,)
    assert old.cli("verify", old.path).exit_code == 0
    assert old.cli("watch", old.path, "--today", "2023-04-25").exit_code == 0
    again = old.cli("migrate", old.path)
    assert (again.exit_code, "无需升级" in again.output) == (0, True)


def test_a_check_says_what_would_be_done(old: Any) -> None:
    """Exit code 1 while something is to be done, with where the backup would go; 0 afterwards."""
    before = old.tree()
    said = old.cli("migrate", old.path, "--check")
    assert said.exit_code == 1
    assert f"将升级到 {REVISION}" in said.output
    assert str(old.path / "ledger.revision-1.sqlite") in said.output
    assert old.tree() == before
    assert old.cli("migrate", old.path / "ledger.sqlite").exit_code == 0
    assert old.cli("migrate", old.path, "--check").exit_code == 0


def test_it_speaks_english(old: Any) -> None:
    """All of it, when asked to."""
    said = old.cli("migrate", old.path, "--check", "--lang", "en").output
    done = old.cli("migrate", old.path, "--lang", "en").output
    for text in (said, done):
        assert text.replace(str(old.path), "").isascii(), text
    assert f"from schema revision 1 to {REVISION}" in done


def test_a_backup_elsewhere_is_not_overwritten(old: Any, tmp_path: Path) -> None:
    """The named file is written once; a second time the command refuses, and the ledger stays as it was."""
    backup = tmp_path / "before.sqlite"
    backup.write_text("mine", encoding="utf-8")
    refused = old.cli("migrate", old.path, "--backup", backup)
    assert refused.exit_code == 1
    assert "不会覆盖" in refused.output
    assert backup.read_text(encoding="utf-8") == "mine"
    assert old.cli("migrate", old.path, "--check").exit_code == 1
    backup.unlink()
    assert old.cli("migrate", old.path, "--backup", backup).exit_code == 0
    assert backup.exists()


def test_a_newer_ledger_needs_a_newer_program(old: Any) -> None:
    """Exit code 2, and the command that installs it."""
    with closing(sqlite3.connect(old.path / "ledger.sqlite")) as raw, raw:
        raw.execute("UPDATE ledger_meta SET value = '99' WHERE name = 'revision'")
        raw.execute("PRAGMA user_version = 99")
    for command in ("migrate", "verify"):
        refused = old.cli(command, old.path)
        assert refused.exit_code == 2
        assert "pip install --upgrade zoufang" in refused.output


def test_a_folder_without_a_ledger_has_nothing_to_migrate(office: Any) -> None:
    """It says to run first, as every command does."""
    refused = office.cli("migrate", office.path)
    assert refused.exit_code == 2
    assert "zoufang run" in refused.output


@pytest.mark.postgres
def test_postgresql_is_told_how_to_back_up(postgres_url: str, office: Any) -> None:
    """An address is taken like a file; a current ledger has nothing to do."""
    assert office.cli("migrate", postgres_url).exit_code == 2
