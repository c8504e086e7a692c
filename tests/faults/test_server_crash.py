from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import closing
from random import Random
from threading import Event, Thread

import pytest
import sqlalchemy as sa
from faultmakers.changes import audit, change, created, opened

from zoufang.errors import InDoubtError, LedgerError
from zoufang.testing import start_postgres

Count = Callable[..., None]
DURABLE = ("listen_addresses=", "max_connections=50", "shared_buffers=32MB")
"""A server of this test's own, since it crashes; it waits for its disk, as a real one does."""


@pytest.fixture
def server(postgres_server: str) -> str:
    """The URL of a server that may be killed; where none can be had, the shared one has said so."""
    del postgres_server
    return start_postgres(until=os.getpid(), settings=DURABLE)


def kill_a_session(engine: sa.Engine) -> bool:
    """Kill one of the server's own processes, upon which it lets go of everybody and recovers; False if it is down."""
    query = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    try:
        with engine.connect() as connection:
            sessions = connection.exec_driver_sql(query).scalars().all()
    except sa.exc.OperationalError:
        return False
    for pid in sessions[:1]:
        os.kill(pid, signal.SIGKILL)
    return bool(sessions)


def is_up(engine: sa.Engine) -> bool:
    """Say whether the server has recovered."""
    try:
        with engine.connect():
            return True
    except sa.exc.OperationalError:
        return False


@pytest.mark.postgres
@pytest.mark.often(faults=20, release=200)
def test_an_acknowledged_commit_outlives_the_server(n: int, server: str, count: Count) -> None:
    """However often PostgreSQL crashes under a writer that sends again what may be sent again: each change once."""
    created(server).close()
    acknowledged: list[str] = []
    doubts, done, moment = 0, Event(), Random(4)

    def write() -> None:
        nonlocal doubts
        with closing(opened(server)) as ledger:
            while not done.is_set():
                token = f"t{len(acknowledged)}"
                try:
                    ledger.commit(change(token, submission_id=token))
                except LedgerError as error:
                    if not error.retryable:
                        raise
                    doubts += isinstance(error, InDoubtError)
                    time.sleep(0.05)
                else:
                    acknowledged.append(token)

    writer = Thread(target=write)
    writer.start()
    engine, crashes = sa.create_engine(server, poolclass=sa.NullPool), 0
    while crashes < n and writer.is_alive():
        before = len(acknowledged)
        time.sleep(moment.uniform(0, 0.3))
        crashes += len(acknowledged) > before and kill_a_session(engine)
    done.set()
    writer.join()
    assert crashes == n, "the writer has given up"
    while not is_up(engine):
        time.sleep(0.1)
    with closing(opened(server)) as ledger:
        found = audit(ledger)
    lost = len(set(acknowledged) ^ set(found.tokens)) + len(found.broken) + (not found.verified)
    assert len(found.tokens) == len(set(found.tokens))
    assert len(set(acknowledged) ^ set(found.tokens)) <= 1, "the last one may be kept and not acknowledged"
    lost -= len(set(found.tokens) - set(acknowledged))
    count("PostgreSQL crashes under a writer", tried=n, found=doubts, unit="in doubt", lost=lost)
