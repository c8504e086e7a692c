"""A campaign within a host's own program: its engine, its connection, its transaction, its tables."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from zoufang.builtin import core
from zoufang.campaign import Campaign
from zoufang.errors import BusyError, NotALedgerError, NoTransactionError, OccupiedError, UnknownIdError
from zoufang.facts import tables
from zoufang.ledger import SqlLedger, begin_explicitly, connection_over
from zoufang.sdk import Plugins
from zoufang.testing import KeyedStores

CORE = Plugins.of(core)
Begin = Callable[..., Campaign]

INSERT = "INSERT INTO letters VALUES (1)"


def n_letters(host: sa.Engine) -> int:
    """Count the host's own rows, on a connection of its own."""
    with host.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM letters").scalar_one())


def table_names(host: sa.Engine, schema: str | None = None) -> set[str]:
    """Return the names of all tables."""
    return set(sa.inspect(host).get_table_names(schema=schema))


# --- the host's connection --------------------------------------------------------------------------------------


def test_what_the_host_rolls_back_is_gone(host: sa.Engine, begin: Begin) -> None:
    """The campaign, its tables and all, although it came before the host's own first change."""
    with host.connect() as connection:
        campaign = begin(connection)
        connection.exec_driver_sql(INSERT)
        assert campaign.verify().ok
        connection.rollback()
    assert n_letters(host) == 0
    assert table_names(host) == {"letters"}


def test_what_the_host_commits_is_kept(host: sa.Engine, begin: Begin) -> None:
    """Its own row and the campaign, in one transaction; nobody else sees either before."""
    with host.connect() as connection:
        connection.exec_driver_sql(INSERT)
        campaign = begin(connection)
        head = campaign.head
        campaign.close_ledger()
        assert not connection.closed
        assert connection.in_transaction()
        assert n_letters(host) == 0
        connection.commit()
    assert n_letters(host) == 1
    opened = Campaign.open(host, plugins=CORE)
    assert opened.head == head
    assert opened.verify().ok


def test_a_later_transaction_of_the_same_connection_is_undone_as_well(host: sa.Engine, begin: Begin) -> None:
    """A change, the host's rollback, the same change again: it is there once."""
    with host.connect() as connection:
        campaign = begin(connection)
        connection.commit()
        head = campaign.head
        campaign.note_imports([("a.csv", "a" * 64, "hotline", 1, 1, 0, 0)])
        connection.rollback()
        assert campaign.head == head
        campaign.note_imports([("a.csv", "a" * 64, "hotline", 1, 1, 0, 0)])
        connection.commit()
    verdict = SqlLedger.open(host).verify()
    assert (verdict.ok, verdict.n_commits) == (True, head.seq + 1)


def test_a_refusal_undoes_only_itself(host: sa.Engine, begin: Begin) -> None:
    """The host's row and the earlier commits of its transaction stand; it may go on and commit."""
    with host.connect() as connection:
        campaign = begin(connection)
        connection.exec_driver_sql(INSERT)
        with pytest.raises(UnknownIdError):
            campaign.figures("no such figure")
        with pytest.raises(LookupError):
            _fail_together(campaign)
        campaign.note_imports([("a.csv", "a" * 64, "hotline", 1, 1, 0, 0)])
        connection.commit()
    assert n_letters(host) == 1
    ledger = SqlLedger.open(host)
    assert [commit.verb for commit in ledger.commits()] == ["open", "register", "import"]
    assert ledger.verify().ok


def _fail_together(campaign: Campaign) -> None:
    with campaign.ledger.together():
        campaign.note_imports([("b.csv", "b" * 64, "hotline", 1, 1, 0, 0)])
        raise LookupError


def test_observers_hear_of_it_when_the_host_says_that_it_was_kept(host: sa.Engine, begin: Begin) -> None:
    """Never before its commit, and never of what it rolled back."""
    told: list[str] = []
    with host.connect() as connection:
        campaign = begin(connection)
        connection.commit()
        campaign.ledger.observe(lambda commit: told.append(commit.verb))
        campaign.note_imports([("a.csv", "a" * 64, "hotline", 1, 1, 0, 0)])
        connection.rollback()
        campaign.ledger.settle(kept=False)
        campaign.planner.plan_work()
        assert told == []
        connection.commit()
        campaign.ledger.settle()
    assert told == ["plan_work"]


def test_the_outbox_is_part_of_the_hosts_transaction(host: sa.Engine, begin: Begin) -> None:
    """What is rolled back is not delivered; what is committed waits, for another process too."""
    with host.connect() as connection:
        campaign = begin(connection)
        campaign.ledger.outbox("web").subscribe()
        connection.commit()
        campaign.planner.plan_work()
        connection.rollback()
        campaign.note_imports([("a.csv", "a" * 64, "hotline", 1, 1, 0, 0)])
        connection.commit()
    box = SqlLedger.open(host).outbox("web")
    assert [commit.verb for commit in box.pending()] == ["import"]
    box.acknowledge([box.pending()[0].seq])
    assert list(box.pending()) == []


def test_a_host_that_holds_the_ledger_is_waited_for_in_bounds(host: sa.Engine, begin: Begin) -> None:
    """Another writer is told that it is busy, and can write once the host has ended its transaction."""
    with host.connect() as connection:
        begin(connection)
        connection.commit()
        held = Campaign.open(connection, plugins=CORE)
        held.note_imports([("a.csv", "a" * 64, "hotline", 1, 1, 0, 0)])
        other = Campaign.open(SqlLedger.open(_impatient(host), wait=0.1), plugins=CORE)
        with pytest.raises(BusyError):
            other.note_imports([("b.csv", "b" * 64, "hotline", 1, 1, 0, 0)])
        connection.commit()
        other.note_imports([("b.csv", "b" * 64, "hotline", 1, 1, 0, 0)])
        assert other.head.seq == 4


def _impatient(host: sa.Engine) -> sa.Engine:
    options = {"timeout": 0.1} if host.dialect.name == "sqlite" else {}
    return sa.create_engine(host.url, connect_args=options, poolclass=sa.NullPool)


# --- the SAVEPOINT self-check -----------------------------------------------------------------------------------


def test_sqlite_without_an_explicit_begin_is_refused(tmp_path: Path) -> None:
    """A savepoint there would commit by itself: the sentence says how to mend it, and nothing was written."""
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'host.sqlite'}")
    with engine.connect() as connection:
        with pytest.raises(NoTransactionError) as refused:
            Campaign.create("huangtun-2023", connection, plugins=CORE)
        assert "begin_explicitly(engine)" in str(refused.value)
        assert "begin_explicitly" in refused.value.said_in("zh")
    assert table_names(engine) == set()
    engine.dispose()


def test_the_reason_for_it(tmp_path: Path) -> None:
    """With the driver alone, a savepoint that comes first survives a rollback; with an explicit BEGIN it does not."""
    for mend, left in ((lambda engine: engine, 1), (begin_explicitly, 0)):
        engine = mend(sa.create_engine(f"sqlite:///{tmp_path / f'{left}.sqlite'}"))
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE t (x)")
        with engine.connect() as connection:
            with connection.begin_nested():
                connection.exec_driver_sql("INSERT INTO t VALUES (1)")
            connection.rollback()
            assert connection.exec_driver_sql("SELECT count(*) FROM t").scalar_one() == left
        engine.dispose()


@pytest.mark.postgres
def test_an_autocommitting_connection_is_refused(postgres_url: str) -> None:
    """On PostgreSQL too: there is no transaction for a savepoint to stand in."""
    engine = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection, pytest.raises(NoTransactionError):
        SqlLedger.create(connection)
    engine.dispose()


# --- the host's engine ------------------------------------------------------------------------------------------


def test_an_engine_is_shared_and_left_as_it_was(host_url: str, begin: Begin) -> None:
    """The ledger ends its own transactions; the host's connections keep their settings, and close leaves them open."""
    host = sa.create_engine(host_url, pool_size=1, max_overflow=0)
    campaign = begin(host)
    assert campaign.verify().ok
    campaign.close_ledger()
    with host.connect() as connection:
        connection.exec_driver_sql(INSERT)
        if host.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA synchronous")
        connection.rollback()
    assert n_letters(host) == 0
    assert Campaign.open(host, plugins=CORE).head.seq == 2
    host.dispose()


def test_a_commit_on_a_hosts_sqlite_is_durable_whatever_the_host_has_set(tmp_path: Path) -> None:
    """Synchronised fully while it is ours, and as the host wants it afterwards."""
    host = sa.create_engine(f"sqlite:///{tmp_path / 'host.sqlite'}", pool_size=1, max_overflow=0)
    sa.event.listen(host, "connect", lambda raw, _record: raw.execute("PRAGMA synchronous = OFF"))
    ledger = SqlLedger.create(host)
    with ledger._place.writing() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
    with host.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 0
    host.dispose()


def test_a_database_in_memory_can_be_lent(begin: Begin) -> None:
    """A host's engine without a file."""
    host = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    assert begin(host).verify().ok
    host.dispose()


# --- prefix, schema, the host's own migrations --------------------------------------------------------------------


def test_a_host_may_make_the_tables_itself(host: sa.Engine) -> None:
    """By its own metadata, under its own prefix, beside its own tables: the ledger uses them and makes no others."""
    metadata = sa.MetaData()
    ours = tables(metadata, prefix="zf_")
    assert {table.name for table in ours} == set(metadata.tables)
    metadata.create_all(host)
    before = table_names(host)
    ledger = SqlLedger.create(host, prefix="zf_")
    campaign = Campaign.create("huangtun-2023", ledger, plugins=CORE)
    assert table_names(host) == before == {"letters", *metadata.tables}
    assert all(name.startswith("zf_") for name in before - {"letters"})
    assert campaign.verify().ok
    assert Campaign.open(SqlLedger.open(host, prefix="zf_"), plugins=CORE).head == campaign.head
    with pytest.raises(NotALedgerError):
        SqlLedger.open(host)
    with pytest.raises(OccupiedError):
        SqlLedger.create(host, prefix="zf_")


@pytest.mark.postgres
def test_a_schema_is_respected_everywhere(postgres_url: str, begin: Begin) -> None:
    """Also in raw SQL: nothing is made or looked for in the connection's own schema."""
    engine = sa.create_engine(postgres_url)
    name = f"zf_{abs(hash(postgres_url))}"
    with engine.begin() as connection:
        connection.execute(sa.schema.CreateSchema(name))
    try:
        campaign = begin(SqlLedger.create(engine, prefix="zf_", schema=name))
        campaign.ledger.outbox("web").subscribe()
        campaign.planner.plan_work()
        assert campaign.verify().ok
        assert campaign.ledger.facts_of(campaign.head.seq)
        assert table_names(engine) == set()
        assert "zf_commits" in table_names(engine, name)
    finally:
        with engine.begin() as connection:
            connection.execute(sa.schema.DropSchema(name, cascade=True))
        engine.dispose()


def test_two_campaigns_and_two_hosts_of_plugins_in_one_database(host: sa.Engine, begin: Begin) -> None:
    """Each has its own tables, plugins, key and chain; one transaction of the host's may hold changes of both."""
    with host.connect() as connection:
        one = begin(SqlLedger.create(connection, prefix="a_"), CORE)
        two = begin(SqlLedger.create(connection, prefix="b_"), Plugins.of(core, KeyedStores()))
        assert one.plugins is not two.plugins
        assert one.ledger.key != two.ledger.key
        one.note_imports([("a.csv", "a" * 64, "hotline", 1, 1, 0, 0)])
        connection.commit()
        two.note_imports([("a.csv", "a" * 64, "hotline", 1, 1, 0, 0)])
        one.note_imports([("b.csv", "b" * 64, "hotline", 1, 1, 0, 0)])
        connection.rollback()
        assert (one.head.seq, two.head.seq) == (3, 2)
        assert one.verify().ok
        assert two.verify().ok


# --- asynchronous hosts, other frameworks ---------------------------------------------------------------------------


def test_an_asynchronous_host_runs_it_on_its_connection(
    host_url: str, begin: Begin, caplog: pytest.LogCaptureFixture
) -> None:
    """By ``run_sync``, within its own transaction: the first is undone, the second kept."""
    caplog.set_level(logging.INFO, "aiosqlite")  # at DEBUG that driver logs every bound value, as the how-to says
    url = host_url.replace("sqlite:", "sqlite+aiosqlite:")

    def work(connection: sa.Connection) -> int:
        campaign = begin(connection)
        assert campaign.verify().ok
        return campaign.head.seq

    async def main() -> list[int]:
        engine = create_async_engine(url)
        begin_explicitly(engine.sync_engine)
        seqs = []
        async with engine.connect() as connection:
            for end in (connection.rollback, connection.commit):
                seqs.append(await connection.run_sync(work))
                await end()
        await engine.dispose()
        return seqs

    assert asyncio.run(main()) == [2, 2]
    engine = sa.create_engine(host_url)
    assert SqlLedger.open(engine).verify().n_commits == 2
    engine.dispose()


def test_a_drivers_connection_can_be_borrowed(tmp_path: Path, begin: Begin) -> None:
    """Its holder begins, commits and rolls back; outside of a transaction it is refused."""
    with closing(sqlite3.connect(tmp_path / "host.sqlite", isolation_level=None)) as raw:
        connection = connection_over(raw)
        with pytest.raises(NoTransactionError):
            begin(connection)
        raw.execute("BEGIN")
        begin(connection)
        connection.commit()
        connection.close()
        raw.execute("ROLLBACK")
        assert raw.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
        connection = connection_over(raw)
        raw.execute("BEGIN")
        campaign = begin(connection)
        raw.execute("COMMIT")
        assert campaign.verify().ok
        connection.close()
    assert SqlLedger.open(sa.create_engine(f"sqlite:///{tmp_path / 'host.sqlite'}")).head.seq == 2


@pytest.mark.postgres
def test_a_psycopg_connection_can_be_borrowed(postgres_url: str, begin: Begin) -> None:
    """The same on PostgreSQL."""
    engine = sa.create_engine(postgres_url)
    with engine.connect() as host:
        raw = host.connection.driver_connection
        connection = connection_over(raw)
        begin(connection)
        raw.rollback()
        assert table_names(engine) == set()
        head = begin(connection).head
        raw.commit()
        connection.close()
    ledger = SqlLedger.open(engine)
    assert (ledger.head, ledger.verify().ok) == (head, True)
    engine.dispose()


def test_another_connection_cannot_be_borrowed() -> None:
    """The sentence names the drivers that can."""
    with pytest.raises(UnknownIdError, match="sqlite3, psycopg"):
        connection_over(object())
