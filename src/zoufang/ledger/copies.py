"""A copy of a ledger before its schema is changed: made whole, checked, and never in the place of anything else.

It is written under another name, checked there, and linked to its own name at the end. So a file of that name is a
whole backup, and what a killed process left bears the other name and is replaced by the next one's.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from glob import escape
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL

from zoufang.errors import BackupFailedError
from zoufang.facts import Tables
from zoufang.typing import Text

DRAFT = ".part"
"""What the name of a backup ends with until it is whole."""

_TAKEN = Text(
    "已有同名文件，不会覆盖；请另取文件名", "there is such a file, and nothing is overwritten; name another one"
)
_NO_PROGRAM = Text(
    "找不到 {name}；请安装 PostgreSQL 客户端程序", "{name} is not there; install PostgreSQL's client programs"
)
_DAMAGED = Text("完整性检查未通过：{said}", "the integrity check says: {said}")
_DIFFERS = Text("与台账不一致", "it is not what the ledger is")
_DUMP = Text(
    "请先运行 {command}，完成后加 --backup-made；或用 --backup FILE 让本程序运行 pg_dump",
    "run {command} and then say --backup-made, or let this program run pg_dump with --backup FILE",
)


def unused(into: Path, url: str) -> Path:
    """Return a place at which nothing stands.

    Raises:
        BackupFailedError: Something does.
    """
    if os.path.lexists(into):
        raise BackupFailedError(url=url, file=str(into), problem=_TAKEN)
    return into


def beside(file: Path, found: int, into: Path | None) -> Path:
    """Return where the backup of a file is put: where it is wanted, or beside the file under a name that is not used.

    Args:
        file: The ledger's file.
        found: Its revision.
        into: Where it is wanted.

    Raises:
        BackupFailedError: Something stands at the place that was named.
    """
    if into is not None:
        return unused(into, str(file))
    names = (f"{file.stem}.revision-{found}{f'-{n}' if n > 1 else ''}{file.suffix}" for n in range(1, 10_000))
    return next(place for place in map(file.with_name, names) if not os.path.lexists(place))


def copy_sqlite(file: Path, into: Path, tables: Tables) -> None:
    """Copy a SQLite file as it was last committed, and check the copy: that it is sound, and the same ledger.

    Args:
        file: The ledger's file, to which somebody holds the write lock.
        into: Where the copy shall stand; nothing may stand there.
        tables: The ledger's tables.

    Raises:
        BackupFailedError: The copy was not made.
    """
    for left in file.parent.glob(f"{escape(file.stem)}.revision-*{DRAFT}"):
        left.unlink()  # of one who was killed: it holds private texts, and nobody else is at work under this lock
    with _put(into, str(file)) as draft:
        with closing(_opened(file)) as source:
            source.execute("VACUUM INTO ?", (str(draft),))
            wanted = _marks_and_head(source, tables)
        with closing(_opened(draft)) as copy:
            ((said, *_), *_) = copy.execute("PRAGMA integrity_check(1)").fetchall()
            if said != "ok":
                raise BackupFailedError(url=str(file), file=str(into), problem=_said(_DAMAGED, said=said))
            if _marks_and_head(copy, tables) != wanted:
                raise BackupFailedError(url=str(file), file=str(into), problem=_DIFFERS)
        draft.chmod(file.stat().st_mode & 0o777)


def _opened(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)


def _marks_and_head(connection: sqlite3.Connection, tables: Tables) -> list[Any]:
    marks = [connection.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version")]
    last = f'SELECT seq, chain FROM "{tables.commits.name}" ORDER BY seq DESC LIMIT 1'  # noqa: S608 - our own name
    kept = f'SELECT name, value FROM "{tables.ledger_meta.name}" ORDER BY name'  # noqa: S608 - the same
    return [*marks, connection.execute(last).fetchone(), connection.execute(kept).fetchall()]


def shown(url: URL) -> str:
    """Return a database's address without its password, and without the name of a driver."""
    parts = (url.username, None, url.host, url.port, url.database, url.query)
    return URL.create("postgresql", *parts).render_as_string(hide_password=False)


def dump_command(url: URL, schema: str, prefix: str, into: str) -> list[str]:
    """Return the command that copies a ledger's tables, or the whole schema where they have no prefix.

    Args:
        url: The database; the password is left to the environment.
        schema: The schema in which they stand.
        prefix: What stands before their names.
        into: The file to write.
    """
    quoted = '"' + schema.replace('"', '""') + '"'
    named = '"' + prefix.replace('"', '""') + '"*'
    which = f"--table={quoted}.{named}" if prefix else f"--schema={quoted}"
    return ["pg_dump", "--format=custom", f"--file={into}", which, f"--dbname={shown(url)}"]


def how_to_dump(command: list[str]) -> Text:
    """Return what somebody is told who has to make the backup."""
    return _said(_DUMP, command=shlex.join(command))


def dump_postgres(url: URL, schema: str, prefix: str, into: Path) -> None:
    """Let `pg_dump` copy a ledger's tables, and look into the copy for its commits.

    Args:
        url: The database.
        schema: The schema in which they stand.
        prefix: What stands before their names.
        into: The file to write; nothing may stand there.

    Raises:
        BackupFailedError: The copy was not made.
    """
    where = shown(url)
    with _put(into, where) as draft:
        _told(dump_command(url, schema, prefix, str(draft)), url, where, into)
        listed = _told(["pg_restore", "--list", str(draft)], url, where, into)
        if f" TABLE DATA {schema} {prefix}commits " not in listed:
            raise BackupFailedError(url=where, file=str(into), problem=_DIFFERS)


def _told(command: list[str], url: URL, where: str, into: Path) -> str:
    """Run a program of PostgreSQL's and return what it says."""
    program = shutil.which(command[0])
    if program is None:
        raise BackupFailedError(url=where, file=str(into), problem=_said(_NO_PROGRAM, name=command[0]))
    secret = {} if url.password is None else {"PGPASSWORD": str(url.password)}
    done = subprocess.run(  # noqa: S603 - a fixed program, and words that no shell reads
        [program, *command[1:]], env={**os.environ, **secret}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        first = (done.stderr.strip() or str(done.returncode)).splitlines()[0]
        raise BackupFailedError(url=where, file=str(into), problem=first)
    return done.stdout


@contextmanager
def _put(into: Path, url: str) -> Iterator[Path]:
    """Give a draft that only its owner can read, and link it to its own name once it is whole and on the disk."""
    draft = into.with_name(into.name + DRAFT)
    try:
        unused(into, url)
        draft.unlink(missing_ok=True)
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            yield draft
            _synchronise(draft)
            _link(draft, into)
            _synchronise(into.parent)
        finally:
            draft.unlink(missing_ok=True)
    except (OSError, sqlite3.Error) as error:
        problem = getattr(error, "strerror", None) or str(error)
        raise BackupFailedError(url=url, file=str(into), problem=problem) from error


def _link(draft: Path, into: Path) -> None:
    """Give a file its name, where there is none of that name; a file system without links renames."""
    try:
        into.hardlink_to(draft)
    except FileExistsError:
        raise
    except OSError:
        unused(into, str(into))
        draft.rename(into)


def _synchronise(path: Path) -> None:
    """Wait until a file, or a folder's list of files, is on the disk; Windows opens no folder."""
    if path.is_dir() and os.name == "nt":
        return
    opened = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _said(words: Text, **data: object) -> Text:
    return Text(zh=words.zh.format(**data), en=words.en.format(**data))
