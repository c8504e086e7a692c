from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from itertools import count as numbers
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from faultmakers import killing, migrating

from zoufang.ledger import SqlLedger
from zoufang.ledger.dialects import REVISION
from zoufang.ledger.migrations import migrate
from zoufang.testing import new_schema

Count = Callable[..., None]
SIGKILLED = -9
FROZEN = Path(__file__).resolve().parents[1] / "migrations" / "frozen" / "revision-1"
NEW = "conflicts"


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    """What the frozen ledger said of itself when it was frozen."""
    told: dict[str, Any] = json.loads((FROZEN / "expected.json").read_text(encoding="utf-8"))
    return told


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The frozen file of revision 1; copy it before you spoil it."""
    path = tmp_path / "old.sqlite"
    path.write_bytes(gzip.decompress((FROZEN / "ledger.sqlite.gz").read_bytes()))
    return path


def standing(path: Path) -> tuple[str, int, bool, str]:
    """Return both marks, whether the new tables are there, and what SQLite thinks of the file."""
    with closing(sqlite3.connect(path)) as raw:
        ((mark,),) = raw.execute("SELECT value FROM ledger_meta WHERE name = 'revision'").fetchall()
        ((stamp,),) = raw.execute("PRAGMA user_version").fetchall()
        tables = {name for (name,) in raw.execute("SELECT name FROM sqlite_master")}
        ((sound,),) = raw.execute("PRAGMA integrity_check").fetchall()
    return mark, stamp, NEW in tables, sound


WHOLE_OLD, WHOLE_NEW = ("1", 1, False, "ok"), (str(REVISION), REVISION, True, "ok")


def bad_backups(path: Path) -> int:
    """Count the files that bear a backup's name and are no sound ledger of the old revision."""
    backups = [file for file in path.parent.glob(f"{path.stem}.revision-*") if file.suffix == ".sqlite"]
    return sum(standing(file) != WHOLE_OLD for file in backups)


def goes_on(url: str, expected: dict[str, Any], **options: bool) -> bool:
    """Migrate again, and say whether the ledger then is what it was."""
    done = migrate(url, **options)
    with closing(SqlLedger.open(url)) as ledger:
        return ledger.verify().ok and [done.head.seq, done.head.chain] == expected["head"]


@pytest.mark.often(change=23, faults=1)
def test_a_migration_that_was_killed_can_be_made_again(
    n: int, old: Path, expected: dict[str, Any], count: Count
) -> None:
    """Killed at any call to SQLite (every `n`th is tried): one schema whole, marks alike; the next try succeeds."""
    tried = new = wrong = 0
    for at in numbers(1, n):
        path = old.with_name(f"{at}.sqlite")
        shutil.copy(old, path)
        code, _ = killing.run(migrating.die_migrating, f"sqlite:///{path}", at)
        if code == 0:
            break
        assert code == SIGKILLED
        tried += 1
        found = standing(path)
        new += found == WHOLE_NEW
        wrong += found not in (WHOLE_OLD, WHOLE_NEW) or bad_backups(path) > 0
        wrong += not goes_on(f"sqlite:///{path}", expected) or standing(path) != WHOLE_NEW
    assert tried * n > 100, "a migration has many calls"
    assert tried > new, "it is killed before its end"
    count("killed while migrating, at each call", tried=tried, found=tried - new, unit="were whole and old", lost=wrong)


@pytest.mark.often(change=5, faults=100)
def test_a_migration_that_was_killed_at_any_moment_can_be_made_again(
    n: int, old: Path, expected: dict[str, Any], count: Count
) -> None:
    """SIGKILL after a random delay, in the middle of a statement or of writing to the disk: the same holds."""
    begin = time.perf_counter()
    shutil.copy(old, old.with_name("whole.sqlite"))
    code, told = killing.run(migrating.migrate_whole, f"sqlite:///{old.with_name('whole.sqlite')}", False)
    assert (code, told[-1]) == (0, (1, REVISION - 1, *expected["head"]))
    whole, moment = time.perf_counter() - begin, Random(6)
    new = wrong = 0
    for number in range(n):
        path = old.with_name(f"{number}.sqlite")
        shutil.copy(old, path)
        killing.kill_after(moment.uniform(0, whole / 2), migrating.migrate_whole, f"sqlite:///{path}", False)
        found = standing(path)
        new += found == WHOLE_NEW
        wrong += found not in (WHOLE_OLD, WHOLE_NEW) or bad_backups(path) > 0
        wrong += not goes_on(f"sqlite:///{path}", expected) or standing(path) != WHOLE_NEW
        for file in path.parent.glob(f"{number}.*"):
            file.unlink()
    count("kill -9 while migrating", tried=n, found=n - new, unit="were whole and old", lost=wrong)


@pytest.mark.postgres
@pytest.mark.often(change=61, faults=7)
def test_a_migration_of_postgresql_that_was_killed_can_be_made_again(
    n: int, postgres_server: str, expected: dict[str, Any], count: Count
) -> None:
    """Killed before any statement or the commit (every `n`th is tried): nothing is there, and the lock is free."""
    tried = new = wrong = 0
    for at in numbers(1, n):
        with new_schema(postgres_server) as url:
            thaw(url)
            code, _ = killing.run(migrating.die_at_a_statement, url, at)
            if code == 0:
                break
            assert code == SIGKILLED
            tried += 1
            engine = sa.create_engine(url)
            with engine.connect() as connection:
                query = sa.text("SELECT value FROM ledger_meta WHERE name = 'revision'")
                found = connection.execute(query).scalar_one(), sa.inspect(connection).has_table(NEW)
            engine.dispose()
            new += found == (str(REVISION), True)
            wrong += found not in (("1", False), (str(REVISION), True))
            wrong += not goes_on(url, expected, backup_made=True)
    assert tried * n > 100, "a migration has many statements"
    count(
        "killed while migrating PostgreSQL, at each statement",
        tried=tried,
        found=tried - new,
        unit="were whole and old",
        lost=wrong,
    )


def thaw(url: str) -> None:
    """Run the frozen dump in an empty schema."""
    schema = url.rpartition("%3D")[2]
    dump = gzip.decompress((FROZEN / "ledger.sql.gz").read_bytes()).decode()
    with psycopg.connect(host=str(sa.make_url(url).query["host"]), user="zoufang", dbname="postgres") as raw:
        raw.execute(dump.replace("CREATE SCHEMA zf_frozen_schema;", "").replace("zf_frozen_schema", schema).encode())


@pytest.mark.often(change=2, faults=20)
def test_of_two_processes_that_migrate_one_does_it(n: int, old: Path, expected: dict[str, Any], count: Count) -> None:
    """Both end well; one took every step, and the other found nothing to do."""
    wrong = 0
    for number in range(n):
        path = old.with_name(f"{number}.sqlite")
        shutil.copy(old, path)
        started = [killing.start(migrating.migrate_whole, f"sqlite:///{path}", False) for _ in range(2)]
        told = [killing.told(pipe)[-1] for _, pipe in started]
        for child, _ in started:
            child.join()
        wrong += sorted(told) != [(1, REVISION - 1, *expected["head"]), (REVISION, 0, *expected["head"])]
        wrong += standing(path) != WHOLE_NEW or bad_backups(path) > 0
        wrong += len(list(path.parent.glob(f"{path.stem}.revision-*"))) != 1
    count("two processes migrate at once", tried=n, found=n, unit="were migrated once", lost=wrong)
