"""What a migration promises beside the tables: a backup, one lock, one transaction, refusals that say what to do."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from zoufang.errors import (
    BackupFailedError,
    BackupNeededError,
    BrokenLedgerError,
    BusyError,
    NewerSchemaError,
    NotALedgerError,
    OlderSchemaError,
    SchemaError,
    UnreadableError,
    ZoufangError,
)
from zoufang.facts import tables
from zoufang.ledger import Draft, SqlLedger, begin_explicitly
from zoufang.ledger.dialects import REVISION
from zoufang.ledger.migrations import Migrated, migrate, migrating, outlook
from zoufang.ledger.migrations.change import Change, operations
from zoufang.ledger.migrations.steps import STEPS, Migration
from zoufang.ledger.places import stands
from zoufang.model import Actor, Role
from zoufang.typing import Item, Text

NEW_TABLES = ("conflicts", "settlements", "kept_tickets")


def path_of(thawed: Any) -> Path:
    """Return the file of a thawed SQLite ledger."""
    return Path(thawed.url.removeprefix("sqlite:///"))


def asked(url: str, query: str) -> list[Any]:
    """Ask a database without our own library."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(query).all()
    engine.dispose()
    return [tuple(row) for row in rows]


def marks(url: str) -> tuple[str, ...]:
    """Return the ledger's marks: that of its table, and on SQLite that of the file's header."""
    ((kept,),) = asked(url, "SELECT value FROM ledger_meta WHERE name = 'revision'")
    if not url.startswith("sqlite"):
        return (kept,)
    return kept, str(asked(url, "PRAGMA user_version")[0][0])


def has_tables(url: str) -> set[str]:
    """Return which tables of revision 2 are there."""
    engine = sa.create_engine(url)
    found = set(sa.inspect(engine).get_table_names())
    engine.dispose()
    return found & set(NEW_TABLES)


def change(area_id: str) -> Draft:
    """Return a small change."""
    office = Actor(id="office", role=Role.OFFICE)
    row = (area_id, 1, "新社区", "community", None, area_id)
    return Draft(verb="register", actor=office, at=datetime(2023, 5, 1, tzinfo=UTC), facts={"areas": [row]})


# --- backup -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_file_is_backed_up_beside_itself(first: Any) -> None:
    """The backup is whole, of the old revision, at the same commit, as private as the ledger; nothing else is left."""
    path = path_of(first)
    path.chmod(0o640)
    done = migrate(first.url)
    assert done.backup == path.with_name("ledger.revision-1.sqlite")
    assert stat.S_IMODE(done.backup.stat().st_mode) == 0o640
    with closing(sqlite3.connect(done.backup)) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert copy.execute("PRAGMA user_version").fetchone() == (1,)
        assert copy.execute("SELECT value FROM ledger_meta WHERE name = 'revision'").fetchone() == ("1",)
        head = copy.execute("SELECT seq, chain FROM commits ORDER BY seq DESC LIMIT 1").fetchone()
    assert list(head) == first.expected["head"] == [done.head.seq, done.head.chain]
    assert sorted(file.name for file in path.parent.iterdir()) == ["ledger.revision-1.sqlite", "ledger.sqlite"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_backup_is_a_ledger_that_can_be_migrated_in_its_turn(first: Any) -> None:
    """Put in the place of the ledger, it opens as the old one did."""
    done = migrate(first.url)
    assert done.backup is not None
    shutil.copy(done.backup, path_of(first))
    with pytest.raises(OlderSchemaError):
        SqlLedger.open(first.url)
    assert migrate(first.url).backup == path_of(first).with_name("ledger.revision-1-2.sqlite")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_backup_holds_what_only_the_log_holds_yet(first: Any) -> None:
    """A commit that stands in the write-ahead log alone, its writer still there, is in the backup."""
    path = path_of(first)
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("PRAGMA wal_autocheckpoint = 0")
    raw.execute("INSERT INTO outbox VALUES (0, 'web')")
    assert path.with_name("ledger.sqlite-wal").stat().st_size > 0
    done = migrate(first.url)
    raw.close()
    assert asked(f"sqlite:///{done.backup}", "SELECT consumer FROM outbox") == [("web",)]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nothing_is_overwritten_by_a_backup(first: Any) -> None:
    """Where the named file is there, nothing is done; a name of our own gives way to the next one."""
    path = path_of(first)
    taken = path.with_name("mine.sqlite")
    taken.write_text("mine", encoding="utf-8")
    with pytest.raises(BackupFailedError):
        migrate(first.url, backup=taken)
    assert (taken.read_text(encoding="utf-8"), marks(first.url)) == ("mine", ("1", "1"))
    path.with_name("ledger.revision-1.sqlite").symlink_to("/nowhere-at-all")
    assert migrate(first.url).backup == path.with_name("ledger.revision-1-2.sqlite")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_a_killed_backup_left_does_not_stay(first: Any) -> None:
    """Half a copy bears another name than a backup; so does a whole one whose maker was killed before its last step."""
    path = path_of(first)
    whole, half = (path.with_name(f"ledger.revision-1{n}.sqlite") for n in ("", "-2"))
    shutil.copy(path, whole)
    whole.with_name(whole.name + ".part").hardlink_to(whole)
    half.with_name(half.name + ".part").write_bytes(b"half")
    assert migrate(first.url).backup == half
    assert sorted(file.name for file in path.parent.iterdir()) == [half.name, whole.name, path.name]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_without_room_for_a_backup_nothing_is_changed(first: Any, tmp_path: Path) -> None:
    """A folder that is not there stands for a disk that is full: a typed error, the old schema, no half file."""
    with pytest.raises(BackupFailedError) as refused:
        migrate(first.url, backup=tmp_path / "no-such-folder" / "backup.sqlite")
    assert "backup.sqlite" in refused.value.said_in("zh")
    assert (marks(first.url), has_tables(first.url)) == (("1", "1"), set())


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_damaged_file_is_not_migrated_on_the_strength_of_a_damaged_backup(first: Any) -> None:
    """A copy that is not sound is no backup: the ledger is left as it was, and no file of that name is there."""
    path = path_of(first)
    content = bytearray(path.read_bytes())
    ((root,),) = asked(first.url, "SELECT rootpage FROM sqlite_master WHERE name = 'ix_visits_on'")
    start = (root - 1) * 4096
    content[start + 100 : start + 4096] = bytes(3996)
    path.write_bytes(content)
    with pytest.raises(ZoufangError):
        migrate(first.url)
    assert marks(first.url) == ("1", "1")


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_postgresql_is_not_migrated_without_a_backup(first: Any) -> None:
    """The refusal says the very command, without a password; declared made, it goes on."""
    url = first.url.replace("zoufang@", "zoufang:sesame@")
    with pytest.raises(BackupNeededError) as refused:
        migrate(url)
    said = refused.value.said_in("zh")
    assert "pg_dump --format=custom --file=FILE" in said
    assert "--backup-made" in said
    assert "sesame" not in said
    assert (marks(first.url), has_tables(first.url)) == (("1",), set())
    assert migrate(first.url, backup_made=True).backup is None
    assert marks(first.url) == (str(REVISION),)


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.skipif(shutil.which("pg_dump") is None, reason="POSTGRESQL'S DUMP IS NOT TESTED: no pg_dump here")
def test_pg_dump_is_run_where_a_file_is_named(first: Any, tmp_path: Path) -> None:
    """The file can be restored; only its owner can read it; a second one does not replace it."""
    file = tmp_path / "before.dump"
    assert migrate(first.url, backup=file).backup == file
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    engine = sa.create_engine(first.url)
    with engine.begin() as connection:
        schema = connection.exec_driver_sql("SELECT current_schema()").scalar_one()
        connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
    host = str(sa.make_url(first.url).query["host"])
    restore = f"pg_restore --host={host} --username=zoufang --no-owner --dbname=postgres {file}"
    assert os.system(restore) == 0  # noqa: S605 - the words of the documentation
    engine.dispose()
    assert marks(first.url) == ("1",)
    with pytest.raises(BackupFailedError):
        migrate(first.url, backup=file)
    assert migrate(first.url, backup_made=True).head.seq == first.expected["head"][0]


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_without_pg_dump_the_refusal_says_so(first: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No program, no backup, no migration."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupFailedError) as refused:
        migrate(first.url, backup=tmp_path / "before.dump")
    assert "pg_dump" in refused.value.said_in("zh")
    assert marks(first.url) == ("1",)


# --- refusals ---------------------------------------------------------------------------------------------------


def set_marks(url: str, revision: int) -> None:
    """Pretend that another release wrote the ledger."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE ledger_meta SET value = '{revision}' WHERE name = 'revision'")
        if url.startswith("sqlite"):
            connection.exec_driver_sql(f"PRAGMA user_version = {revision}")
    engine.dispose()


def test_a_newer_ledger_is_left_alone(first: Any) -> None:
    """Neither opened nor migrated nor made anew; the sentence names both revisions and what to install."""
    set_marks(first.url, REVISION + 1)
    for attempt in (SqlLedger.open, migrate, outlook):
        with pytest.raises(NewerSchemaError) as refused:
            attempt(first.url)
        assert (refused.value.found, refused.value.needs) == (str(REVISION + 1), str(REVISION))
        assert "pip install --upgrade zoufang" in refused.value.said_in("zh")
        assert "pip install --upgrade zoufang" in refused.value.said_in("en")
    with pytest.raises(ZoufangError):
        SqlLedger.create(first.url)
    assert has_tables(first.url) == set()


def test_an_older_ledger_is_not_made_anew_over(first: Any) -> None:
    """Not even one without a commit, which a killed process of an earlier release left: it is migrated, then begun."""
    engine = sa.create_engine(first.url)
    with engine.begin() as connection:
        for table in sa.inspect(engine).get_table_names():
            if table != "ledger_meta":
                connection.exec_driver_sql(f'DELETE FROM "{table}"')
    engine.dispose()
    with pytest.raises(ZoufangError) as refused:
        SqlLedger.create(first.url)
    assert isinstance(refused.value, (SchemaError, NotALedgerError))
    assert has_tables(first.url) == set()
    assert migrate(first.url, backup_made=True).head.seq == 0
    with closing(SqlLedger.create(first.url)) as ledger:
        assert ledger.commit(change("C9")).seq == 1


def test_the_command_names_prefix_and_schema(postgres_url: str) -> None:
    """So that what is said can be typed."""
    schema = postgres_url.rpartition("%3D")[2]
    with closing(SqlLedger.create(postgres_url, prefix="zf_", schema=schema)):
        engine = sa.create_engine(postgres_url)
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE zf_ledger_meta SET value = '1' WHERE name = 'revision'")
        engine.dispose()
        with pytest.raises(OlderSchemaError) as refused:
            SqlLedger.open(postgres_url, prefix="zf_", schema=schema)
    assert refused.value.command.endswith(f" --prefix=zf_ --schema={schema}")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_two_marks_that_differ_are_refused(first: Any) -> None:
    """The table says one thing, the file's header another: somebody mended it by hand, and nothing is changed."""
    with closing(sqlite3.connect(path_of(first))) as raw:
        raw.execute("PRAGMA user_version = 2")
    for attempt in (SqlLedger.open, migrate):
        with pytest.raises((SchemaError, UnreadableError)):
            attempt(first.url)
    assert has_tables(first.url) == set()


@pytest.mark.parametrize("content", [b"", b"junk"])
def test_what_is_no_ledger_is_not_migrated(tmp_path: Path, content: bytes) -> None:
    """An empty file and junk are refused and left as they were; a missing file is not made."""
    path = tmp_path / "ledger.sqlite"
    for attempt in (migrate, outlook):
        with pytest.raises(NotALedgerError):
            attempt(f"sqlite:///{path}")
    assert list(tmp_path.iterdir()) == []
    path.write_bytes(content)
    with pytest.raises(NotALedgerError):
        migrate(f"sqlite:///{path}")
    assert (path.read_bytes(), [file.name for file in tmp_path.iterdir()]) == (content, ["ledger.sqlite"])


def test_a_ledger_that_was_changed_by_hand_is_not_migrated(first: Any) -> None:
    """The first bad commit is named and all is undone; with the check left out, it is migrated as it is."""
    engine = sa.create_engine(first.url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE visits SET channel = 'phone' WHERE commit_seq = 29 AND ord = 2")
    engine.dispose()
    with pytest.raises(BrokenLedgerError) as refused:
        migrate(first.url, backup_made=True)
    assert refused.value.seq == 29
    assert (set(marks(first.url)), has_tables(first.url)) == ({"1"}, set())
    migrate(first.url, backup_made=True, check=False)
    assert set(marks(first.url)) == {str(REVISION)}


# --- looking first ----------------------------------------------------------------------------------------------


def test_looking_changes_nothing(first: Any) -> None:
    """What would be done is said: revisions, steps, the backup's place; marks, tables and files stay."""
    sqlite = first.url.startswith("sqlite")
    before = path_of(first).read_bytes() if sqlite else b""
    seen = outlook(first.url)
    assert (seen.found, seen.needs) == (1, REVISION)
    assert seen.titles == tuple(step.title for step in STEPS)
    assert (set(marks(first.url)), has_tables(first.url)) == ({"1"}, set())
    if sqlite:
        assert seen.backup == path_of(first).with_name("ledger.revision-1.sqlite")
        assert [file.name for file in path_of(first).parent.iterdir()] == ["ledger.sqlite"]
        assert path_of(first).read_bytes() == before
    else:
        assert seen.how is not None
        assert "pg_dump" in seen.how.en


def test_a_ledger_that_is_up_to_date_is_left_alone(first: Any) -> None:
    """A second migration does nothing, asks for no backup and makes none."""
    migrate(first.url, backup_made=True)
    again = migrate(first.url)
    assert (again.found, again.titles, again.backup) == (REVISION, (), None)
    assert outlook(first.url).titles == ()


# --- one lock ---------------------------------------------------------------------------------------------------


def test_of_two_that_migrate_one_does_it(first: Any) -> None:
    """Both come back content; exactly one took the steps, and the other found them done."""
    done: list[Migrated] = []
    together = threading.Barrier(2)

    def work() -> None:
        together.wait()
        done.append(migrate(first.url, backup_made=True))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(one.titles) for one in done) == [0, len(STEPS)]


@contextmanager
def steps_that(meanwhile: Callable[[Change], None], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let something happen after the real steps, while the migration still holds everything."""
    extra = Migration(REVISION, Text("测试", "test"), meanwhile)
    monkeypatch.setattr(migrating, "STEPS", (*STEPS, extra))
    yield
    monkeypatch.undo()


def test_nobody_writes_while_somebody_migrates(first: Any, tmp_path: Path) -> None:
    """From before the backup until the end a writer of whatever release waits, and is told "busy" in the end."""
    made = tables()
    place = stands(first.url, made, 0.05)
    with place.reading() as connection:
        place.lock = place.dialect.lock(connection, made)
    refused: list[str] = []

    def trying(items: Iterable[Item], *, label: str, total: int | None = None) -> Iterable[Item]:
        with pytest.raises(BusyError), place.writing():
            pass
        refused.append(label)
        return items

    backup = {"backup": tmp_path / "before"} if first.url.startswith("sqlite") else {"backup_made": True}
    migrate(first.url, progress=trying, **backup)
    assert refused[-3:] == ["migrate", "private", "verify"]
    assert ("backup" in refused) == first.url.startswith("sqlite")
    with place.writing():
        pass
    place.close()


def test_a_writer_that_was_open_before_does_not_write_into_another_schema(first: Any) -> None:
    """A ledger that is open while another release migrates refuses its next commit, and says why."""
    migrate(first.url, backup_made=True)
    with closing(SqlLedger.open(first.url)) as ledger:
        ledger.commit(change("C7"))
        set_marks(first.url, REVISION + 1)
        with pytest.raises(NewerSchemaError):
            ledger.commit(change("C8"))
        assert ledger.head.seq == first.expected["head"][0] + 1


# --- one transaction --------------------------------------------------------------------------------------------


def test_a_step_that_fails_leaves_the_old_schema(first: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Marks and tables are as before, the ledger's chain too, and the next try succeeds."""

    def fail(_change: Change) -> None:
        raise RuntimeError("in the middle")

    with steps_that(fail, monkeypatch), pytest.raises(RuntimeError):
        migrate(first.url, backup_made=True)
    assert (set(marks(first.url)), has_tables(first.url)) == ({"1"}, set())
    assert migrate(first.url, backup_made=True).head.chain == first.expected["head"][1]
    assert has_tables(first.url) == set(NEW_TABLES)


def test_a_step_that_touches_a_fact_is_undone(first: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A migration that changes what a digest covers is found before it is there for good."""

    def meddle(change: Change) -> None:
        change.op.execute(f"UPDATE {change.named('visits')} SET minutes = minutes + 1 WHERE commit_seq = 37")

    with steps_that(meddle, monkeypatch), pytest.raises(BrokenLedgerError) as refused:
        migrate(first.url, backup_made=True)
    assert refused.value.seq == 37
    assert (set(marks(first.url)), has_tables(first.url)) == ({"1"}, set())


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("explicit", [False, True])
def test_the_reason_for_an_explicit_begin(first: Any, *, explicit: bool) -> None:
    """The driver's own transactions do not hold a CREATE TABLE: half a migration stays, and every retry fails."""
    engine = sa.create_engine(first.url)
    if explicit:
        begin_explicitly(engine)
    with pytest.raises(RuntimeError):
        fail_in_the_middle(engine)
    left = set() if explicit else set(NEW_TABLES)
    assert has_tables(first.url) == left
    assert marks(first.url) == ("1", "1")
    with pytest.raises(RuntimeError if explicit else sa.exc.OperationalError, match=r"middle|already exists"):
        fail_in_the_middle(engine)
    engine.dispose()


def fail_in_the_middle(engine: sa.Engine) -> None:
    """Take the first step in a transaction, and fail before its end."""
    with engine.begin() as connection:
        STEPS[0].upgrade(Change(operations(connection), "", None))
        raise RuntimeError("in the middle")


# --- within a host ----------------------------------------------------------------------------------------------


@pytest.fixture(params=["", "zf_"])
def host(request: pytest.FixtureRequest, first: Any) -> Iterator[tuple[sa.Engine, str]]:
    """A host's database with an old ledger in it, with a prefix and without."""
    engine = begin_explicitly(sa.create_engine(first.url))
    prefix = request.param
    if prefix:
        with engine.begin() as connection:
            renamed = sa.inspect(connection)
            for table in renamed.get_table_names():
                indexes = renamed.get_indexes(table)
                connection.exec_driver_sql(f'ALTER TABLE "{table}" RENAME TO "{prefix}{table}"')
                for name in (i["name"] for i in indexes if "duplicates_constraint" not in i):
                    rename_index(connection, str(name), f"ix_{prefix}{str(name).removeprefix('ix_')}")
            if engine.dialect.name == "sqlite":  # a host's own file bears none of our stamps
                connection.exec_driver_sql("PRAGMA application_id = 0")
                connection.exec_driver_sql("PRAGMA user_version = 7")
    yield engine, prefix
    engine.dispose()


def rename_index(connection: sa.Connection, old: str, new: str) -> None:
    """Give an index the name that it has with a prefix."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f'ALTER INDEX "{old}" RENAME TO "{new}"')
        return
    ((sql,),) = connection.exec_driver_sql(f"SELECT sql FROM sqlite_master WHERE name = '{old}'").all()
    connection.exec_driver_sql(f'DROP INDEX "{old}"')
    connection.exec_driver_sql(sql.replace(old, new))


def test_a_host_makes_its_own_backup(host: tuple[sa.Engine, str]) -> None:
    """An engine and a connection are migrated only when the host says that there is one."""
    engine, prefix = host
    with engine.connect() as connection:
        for place in (engine, connection):
            with pytest.raises(BackupNeededError) as refused:
                migrate(place, prefix=prefix)
            assert "backup_made=True" in str(refused.value)


def test_an_engine_is_migrated_with_its_prefix(host: tuple[sa.Engine, str]) -> None:
    """Only tables of that prefix are made; a host's own file keeps its header, a ledger's own moves both marks."""
    engine, prefix = host
    done = migrate(engine, prefix=prefix, backup_made=True)
    assert done.reached == REVISION
    names = set(sa.inspect(engine).get_table_names())
    assert {f"{prefix}{name}" for name in NEW_TABLES} <= names
    if prefix:
        assert not set(NEW_TABLES) & names
    assert not [name for name in names if "alembic" in name]
    with closing(SqlLedger.open(engine, prefix=prefix)) as ledger:
        assert ledger.verify().ok
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            stamp = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        assert stamp == (7 if prefix else REVISION)


def test_what_the_host_rolls_back_was_not_migrated(host: tuple[sa.Engine, str]) -> None:
    """On a lent connection the migration is part of the host's own transaction, and goes with it; or stays with it."""
    engine, prefix = host
    new = f"{prefix}conflicts"
    with engine.connect() as connection:
        connection.begin()
        migrate(connection, prefix=prefix, backup_made=True)
        assert sa.inspect(connection).has_table(new)
        connection.rollback()
    assert not sa.inspect(engine).has_table(new)
    with pytest.raises(OlderSchemaError):
        SqlLedger.open(engine, prefix=prefix)
    with engine.begin() as connection:
        migrate(connection, prefix=prefix, backup_made=True)
    with closing(SqlLedger.open(engine, prefix=prefix)) as ledger:
        assert ledger.verify().ok


def test_two_ledgers_in_one_database_have_their_own_revisions(host: tuple[sa.Engine, str]) -> None:
    """One is migrated, the other was always new; neither mark is the other's, and there is no table of Alembic's."""
    engine, prefix = host
    with closing(SqlLedger.create(engine, prefix="second_")) as second:
        second.commit(change("C9"))
        with pytest.raises(OlderSchemaError):
            SqlLedger.open(engine, prefix=prefix)
        migrate(engine, prefix=prefix, backup_made=True)
        assert (second.head.seq, second.verify().ok) == (1, True)
    with closing(SqlLedger.open(engine, prefix=prefix)) as first:
        assert first.head.seq == 60


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_new_tables_stand_where_the_old_ones_do(first: Any, another_schema: str) -> None:
    """Found on a search path behind another schema, or named outright: nothing is made in the other one."""
    ours, other = (url.rpartition("%3D")[2] for url in (first.url, another_schema))
    both = another_schema.replace(f"search_path%3D{other}", f"search_path%3D{other},{ours}")
    assert migrate(both, backup_made=True).reached == REVISION
    engine = sa.create_engine(both)
    assert sa.inspect(engine).get_table_names(schema=other) == []
    assert set(NEW_TABLES) <= set(sa.inspect(engine).get_table_names(schema=ours))
    engine.dispose()
    with closing(SqlLedger.open(another_schema, schema=ours)) as ledger:
        assert ledger.verify().ok
