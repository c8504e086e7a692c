"""A real PostgreSQL server for tests: on a socket in a temporary folder, gone with the process that asked for it."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import sqlalchemy as sa

START_S = 60
"""How long a server may take to answer."""

ACCOUNTS = ("postgres", "nobody")
"""PostgreSQL refuses to run as root; the first of these that the machine has runs it then."""

SETTINGS = ("listen_addresses=", "fsync=off", "max_connections=200", "shared_buffers=32MB")
"""No network, and no waiting for a disk: what is tested is not whether PostgreSQL survives a power cut."""

WATCH = """
pid=$1; folder=$2; shift 2
"$@" >"$folder/log" 2>&1 &
server=$!
trap 'kill -INT $server' TERM
while kill -0 "$pid" 2>/dev/null && kill -0 $server 2>/dev/null; do sleep 0.2 & wait $!; done
kill -INT $server 2>/dev/null
wait $server
rm -rf "$folder"
"""
"""Runs the server until the process that it is for has ended, however it ends, and takes the folder away."""


class NoServerError(Exception):
    """No PostgreSQL server can be had here; the message says why."""


def postgres_programs() -> Path:
    """Return the folder with PostgreSQL's server programs, the newest if there are several.

    Raises:
        NoServerError: There is none.
    """
    beside = shutil.which("initdb")
    found = [Path(beside).parent] if beside else sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version)
    if not found or not (found[-1] / "initdb").exists():
        raise NoServerError("no PostgreSQL server programs; on Debian: apt-get install postgresql")
    return found[-1]


def _version(folder: Path) -> int:
    return int(re.sub(r"\D", "", folder.parent.name) or 0)


def start_postgres(until: int, settings: Sequence[str] = SETTINGS) -> str:
    """Start a server that ends with a process, and return the URL of its database.

    It is set up in a language that does not sort by code point, so that a select that leans on the server's own order
    is found out.

    Args:
        until: The process with which it ends, and its folder with it.
        settings: As ``name=value``, for the server.

    Raises:
        NoServerError: It cannot be started.
    """
    programs = postgres_programs()
    folder = Path(tempfile.mkdtemp(prefix="zoufang-pg-"))
    account = _account(folder)
    data = folder / "data"
    making = ("--auth=trust", "--username=zoufang", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
    icu = ("--locale-provider=icu", "--icu-locale=zh")
    if _failed([*account, str(programs / "initdb"), "-D", str(data), *making, *icu]):
        shutil.rmtree(data, ignore_errors=True)  # older than 15, or built without ICU
        problem = _failed([*account, str(programs / "initdb"), "-D", str(data), *making])
        if problem:
            raise NoServerError(f"initdb failed: {problem}")
    options = [word for setting in (f"unix_socket_directories={folder}", *settings) for word in ("-c", setting)]
    server = [*account, str(programs / "postgres"), "-D", str(data), *options]
    subprocess.Popen(  # noqa: S603 - our own words
        ["/bin/sh", "-c", WATCH, "sh", str(until), str(folder), *server],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    ).returncode = 0  # it is meant to go on; nobody waits for it
    url = f"postgresql+psycopg://zoufang@/postgres?host={quote(str(folder))}"
    _wait_for(url)
    return url


def _account(folder: Path) -> tuple[str, ...]:
    if os.geteuid() != 0:
        return ()
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in ACCOUNTS:
        if name in known:
            uid, gid = known[name].pw_uid, known[name].pw_gid
            os.chown(folder, uid, gid)
            return ("setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups")
    raise NoServerError("PostgreSQL refuses to run as root, and there is no account to run it as")


def _failed(command: Sequence[str]) -> str:
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    return done.stderr.strip() or "?" if done.returncode else ""


def _wait_for(url: str) -> None:
    engine, end = sa.create_engine(url, poolclass=sa.NullPool), time.monotonic() + START_S
    while True:
        try:
            with engine.connect():
                return
        except sa.exc.OperationalError as error:
            if time.monotonic() > end:
                raise NoServerError(f"the server does not answer: {error.orig}") from error
            time.sleep(0.1)


@contextmanager
def new_schema(url: str) -> Iterator[str]:
    """Make an empty schema in a PostgreSQL database, and take it away at the end.

    Args:
        url: The database.

    Returns:
        A URL whose connections see that schema first.
    """
    name = f"t{uuid4().hex[:16]}"
    engine = sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    try:
        yield f"{url}&options={quote(f'-csearch_path={name}')}"
    finally:
        # A test that failed may still hold its connection; then the schema goes with the server.
        with suppress(sa.exc.OperationalError), engine.connect() as connection:
            connection.exec_driver_sql("SET client_min_messages = warning; SET lock_timeout = '2s'")
            connection.exec_driver_sql(f"DROP SCHEMA {name} CASCADE")
