"""What the SQLite ledger promises beyond every other: durable settings, files that are left alone, no leaks."""

from __future__ import annotations

import sqlite3
import threading
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from zoufang.errors import (
    BadInputError,
    BadValueError,
    BusyError,
    NewerSchemaError,
    NotALedgerError,
    OccupiedError,
    OlderSchemaError,
    RefusedFactError,
    SchemaError,
    StorageError,
    UnreadableError,
    ZoufangError,
)
from zoufang.ledger import Draft, PrivateText, SqlLedger, begun, private_text
from zoufang.ledger.dialects import REVISION
from zoufang.model import Actor, Role
from zoufang.typing import WireRow

OFFICE = Actor(id="office", role=Role.OFFICE)
AT = datetime(2023, 3, 1, tzinfo=UTC)
SPOKEN = "王桂英13805370001"


def area(area_id: str) -> WireRow:
    """Return a row of an area."""
    return (area_id, 1, "第一社区", "community", None, area_id)


def person(person_id: str, ref: str) -> WireRow:
    """Return a row of a person whose name stands aside."""
    return (person_id, 1, "C01", "viewer", None, 0, ref, None, "c")


def change(*private: PrivateText, **facts: list[WireRow]) -> Draft:
    """Return a change."""
    return Draft(verb="register", actor=OFFICE, at=AT, facts=facts, private=private)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the ledger is, or will be."""
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def url(path: Path) -> str:
    """The same as a URL."""
    return f"sqlite:///{path}"


@pytest.fixture
def ledger(url: str) -> Iterator[SqlLedger]:
    """An empty ledger in a file."""
    ledger = SqlLedger.create(url)
    yield ledger
    ledger.close()


# --- opening ----------------------------------------------------------------------------------------------------


def test_a_ledger_opens_again_as_it_was(ledger: SqlLedger, url: str) -> None:
    """Key, head and order are those of the ledger that was closed."""
    receipt = ledger.commit(change(areas=[area("C1")]))
    ledger.close()
    again = SqlLedger.open(url)
    assert again.key == ledger.key
    assert (again.head.seq, again.head.chain) == (receipt.seq, receipt.chain)
    assert again.verify().ok
    again.close()


@pytest.mark.parametrize("junk", [b"", b"junk", b"PK\x03\x04" + bytes(5000), b"SQLite format 3\0" + b"\xff" * 9000])
def test_a_file_that_is_no_ledger_is_refused_and_left_as_it_was(path: Path, url: str, junk: bytes) -> None:
    """An empty file, junk, a workbook, a broken database: not a ledger, and not a byte of it is changed."""
    path.write_bytes(junk)
    with pytest.raises(NotALedgerError) as refused:
        SqlLedger.open(url)
    assert str(path) in refused.value.said_in("zh")
    assert path.read_bytes() == junk
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_missing_file_is_not_made(path: Path, url: str) -> None:
    """To open is never to make a new one."""
    with pytest.raises(NotALedgerError):
        SqlLedger.open(url)
    assert list(path.parent.iterdir()) == []


def test_a_folder_is_no_ledger(path: Path, url: str) -> None:
    """A folder of that name is refused in the same words."""
    path.mkdir()
    with pytest.raises(NotALedgerError):
        SqlLedger.open(url)


def test_somebody_elses_database_is_refused_and_left_as_it_was(path: Path, url: str) -> None:
    """Another program's SQLite file is not a ledger, not even where it has a table of the same name."""
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE commits (seq INTEGER PRIMARY KEY)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(NotALedgerError):
        SqlLedger.open(url)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("revision", "refusal"),
    [
        (1, (OlderSchemaError, "zoufang migrate ")),
        (REVISION + 1, (NewerSchemaError, "pip install --upgrade zoufang")),
        (99, (NewerSchemaError, "pip install --upgrade zoufang")),
    ],
)
def test_another_schema_revision_is_refused(
    ledger: SqlLedger, path: Path, revision: int, refusal: tuple[type[SchemaError], str]
) -> None:
    """An older or newer ledger is refused with both revisions in the sentence, and the command that helps."""
    kind, command = refusal
    ledger.close()
    with sqlite3.connect(path) as raw:
        raw.execute(f"PRAGMA user_version = {revision}")
    raw.close()
    with pytest.raises(kind) as refused:
        SqlLedger.open(f"sqlite:///{path}")
    assert (refused.value.found, refused.value.needs) == (str(revision), str(REVISION))
    assert isinstance(refused.value, BadInputError)
    for said in (refused.value.said_in("zh"), refused.value.said_in("en")):
        assert str(path) in said
        assert f"{revision}" in said
        assert command in said


def test_a_revision_before_the_first_is_no_ledger(ledger: SqlLedger, path: Path, url: str) -> None:
    """Nothing leads from there to here."""
    ledger.close()
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA user_version = 0")
    raw.close()
    with pytest.raises(NotALedgerError):
        SqlLedger.open(url)


def test_a_ledger_without_its_key_is_refused(ledger: SqlLedger, path: Path, url: str) -> None:
    """A file from which the key was taken is no ledger any more."""
    ledger.close()
    with sqlite3.connect(path) as raw:
        raw.execute("DELETE FROM ledger_meta")
    raw.close()
    with pytest.raises(NotALedgerError):
        SqlLedger.open(url)


@pytest.mark.parametrize("name", ["key", "seal"])
def test_a_ledger_whose_key_is_damaged_is_refused(name: str, ledger: SqlLedger, path: Path, url: str) -> None:
    """A key in which one sign is no digit any more is no key."""
    ledger.close()
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE ledger_meta SET value = 't' || substr(value, 2) WHERE name = ?", (name,))
    raw.close()
    with pytest.raises(NotALedgerError):
        SqlLedger.open(url)


def test_a_new_ledger_does_not_overwrite_a_file(path: Path, url: str) -> None:
    """Where something stands already, nothing is made."""
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(NotALedgerError):
        SqlLedger.create(url)
    assert path.read_text(encoding="utf-8") == "mine"


# --- settings ---------------------------------------------------------------------------------------------------


def test_every_pooled_connection_is_durable(ledger: SqlLedger) -> None:
    """Write-ahead log, full synchronisation and foreign keys hold on each of several connections at once."""
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000, "cache_size": -64_000}
    connections = [ledger._engine.connect() for _ in range(4)]
    try:
        for connection in connections:
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in wanted}
            assert found == wanted
    finally:
        for connection in connections:
            connection.close()


def test_the_file_says_whose_it_is(ledger: SqlLedger, path: Path) -> None:
    """Its application id reads ``zouf``, its schema revision is this release's."""
    ledger.close()
    with sqlite3.connect(path) as raw:
        assert raw.execute("PRAGMA application_id").fetchone()[0].to_bytes(4, "big") == b"zouf"
        assert raw.execute("PRAGMA user_version").fetchone() == (REVISION,)
    raw.close()


# --- writers ----------------------------------------------------------------------------------------------------


def test_writers_at_once_never_fork_the_chain(ledger: SqlLedger, url: str) -> None:
    """Four threads, two with a ledger of their own on the same file: every change is there once, in one chain."""
    other = SqlLedger.open(url)

    def write(into: SqlLedger, name: str) -> None:
        for n in range(10):
            into.commit(change(areas=[area(f"{name}{n}")]))

    threads = [
        threading.Thread(target=write, args=(into, name))
        for into, name in zip((ledger, other) * 2, "abcd", strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert ledger.head.seq == 40
    assert ledger.verify().ok
    assert len(ledger.select(sa.select(ledger.tables.areas.c.area_id))) == 40


def test_a_writer_that_waits_too_long_is_told_so(ledger: SqlLedger, path: Path) -> None:
    """Where another program holds the lock, the answer is "busy, try again", and nothing was written."""
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with ledger._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 1")
        connection.rollback()
    with pytest.raises(BusyError):
        ledger.commit(change(areas=[area("C1")]))
    holder.execute("ROLLBACK")
    holder.close()
    assert ledger.commit(change(areas=[area("C1")])).seq == 1


def test_a_full_disk_loses_only_the_change(ledger: SqlLedger) -> None:
    """A change that does not fit is refused whole; reading goes on, and so does writing once there is room."""
    ledger.commit(change(areas=[area("C1")]))
    with ledger._engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        connection.rollback()
    with pytest.raises(StorageError):
        ledger.commit(change(areas=[area(f"C{n}-{'x' * 500}") for n in range(2, 200)]))
    assert ledger.head.seq == 1
    with ledger._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 100000")
        connection.rollback()
    assert ledger.commit(change(areas=[area("C2")])).seq == 2
    assert ledger.verify().ok


def test_a_read_only_ledger_reads_and_refuses_to_write(ledger: SqlLedger, path: Path) -> None:
    """Opened read-only, it verifies and answers; the first write is our own error."""
    ledger.commit(change(areas=[area("C1")]))
    ledger.close()
    only = SqlLedger.open(f"sqlite:///file:{path}?mode=ro&uri=true")
    assert only.verify().ok
    assert only.select(sa.select(only.tables.areas.c.area_id)) == [("C1",)]
    with pytest.raises(StorageError):
        only.commit(change(areas=[area("C2")]))
    only.close()


def test_a_damaged_ledger_is_our_own_error(ledger: SqlLedger, path: Path, url: str) -> None:
    """Pages of junk in the middle of the file end in one sentence, never in a foreign exception."""
    for n in range(40):
        ledger.commit(change(areas=[area(f"C{n}")]))
    ledger.close()
    content = bytearray(path.read_bytes())
    content[4096:-4096] = b"\xee" * (len(content) - 8192)
    path.write_bytes(content)
    with pytest.raises(UnreadableError):
        SqlLedger.open(url).verify()


@pytest.mark.parametrize(
    ("name", "damaged"), [(b"digest VARCHAR", b"tigest VARCHAR"), (b"digest VARCHAR", b"d\xc9gest VARCHAR")]
)
def test_a_damaged_column_name_is_our_own_error(
    ledger: SqlLedger, path: Path, url: str, name: bytes, damaged: bytes
) -> None:
    """One bit flipped in the name of a column, even of a table without rows: one sentence of our own."""
    ledger.commit(change(areas=[area("C1")]))
    ledger.close()
    content = path.read_bytes()
    at = content.index(name, content.index(b"CREATE TABLE imports"))
    path.write_bytes(content[:at] + damaged + content[at + len(name) :])
    with pytest.raises(UnreadableError):
        SqlLedger.open(url).verify()


def test_a_ledger_that_holds_no_commit_is_made_anew(ledger: SqlLedger, url: str) -> None:
    """What a process left that was killed before its first commit is taken over, with its key."""
    ledger.close()
    assert not begun(url)
    again = SqlLedger.create(url)
    assert again.key == ledger.key
    again.commit(change(areas=[area("C1")]))
    again.close()
    assert begun(url)
    with pytest.raises(OccupiedError):
        SqlLedger.create(url)


# --- no leaks ---------------------------------------------------------------------------------------------------


def everything_said(error: BaseException) -> str:
    """Return all that a log could show of an exception and of those that led to it."""
    said = ["".join(traceback.format_exception(error))]
    seen: list[BaseException] = []
    here: BaseException | None = error
    while here is not None and here not in seen:
        seen.append(here)
        said += [str(here), repr(here)]
        here = here.__cause__ or here.__context__
    return "\n".join(said)


def test_no_private_word_stands_in_an_exception(ledger: SqlLedger) -> None:
    """A taken key, a missing value, a private text given twice: no message, cause or traceback holds the words."""
    text = private_text("00ff", "P1", SPOKEN)
    ledger.commit(change(text, people=[person("P1", text.ref)]))
    other = private_text("00fe", "P2", SPOKEN)
    drafts = {
        "taken": change(other, people=[person("P1", other.ref)]),
        "missing": change(other, people=[(None, *person("P2", other.ref)[1:])]),
        "twice": change(text, people=[person("P2", text.ref)]),
    }
    for name, draft in drafts.items():
        with pytest.raises(ZoufangError) as refused:
            ledger.commit(draft)
        assert isinstance(refused.value, BadValueError if name == "missing" else RefusedFactError), name
        assert SPOKEN not in everything_said(refused.value), name
        assert "王桂英" not in refused.value.said_in("zh"), name
    assert ledger.head.seq == 1


def test_no_private_word_stands_in_a_printed_draft() -> None:
    """A draft may be logged: it shows references, not bodies."""
    assert SPOKEN not in repr(change(private_text("00ff", "P1", SPOKEN)))
