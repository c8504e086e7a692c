"""What the PostgreSQL ledger promises beyond every other: one lock for each ledger, COPY, no values in errors."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic

import pytest
import sqlalchemy as sa

from zoufang.analysis import Window, catalogue, sheet
from zoufang.builtin import core
from zoufang.campaign import Campaign
from zoufang.errors import (
    BusyError,
    NotALedgerError,
    OccupiedError,
    RefusedFactError,
    SchemaError,
    UnknownIdError,
    UnreachableError,
)
from zoufang.ledger import Draft, PrivateText, SqlLedger, private_text
from zoufang.ledger.postgres import FEW
from zoufang.model import Actor, Role
from zoufang.reports import canonical
from zoufang.sdk import Plugins
from zoufang.testing import new_schema, replay
from zoufang.typing import Item, WireRow

pytestmark = pytest.mark.postgres

OFFICE = Actor(id="office", role=Role.OFFICE)
AT = datetime(2023, 3, 1, tzinfo=UTC)
SPOKEN = "王桂英13805370001"
MANY = FEW * 100


def area(area_id: str, name: str = "第一社区") -> WireRow:
    """Return a row of an area."""
    return (area_id, 1, name, "community", None, area_id)


def person(person_id: str, ref: str) -> WireRow:
    """Return a row of a person whose name stands aside."""
    return (person_id, 1, "C01", "viewer", None, 0, ref, None, "c")


def change(*private: PrivateText, **facts: list[WireRow]) -> Draft:
    """Return a change."""
    return Draft(verb="register", actor=OFFICE, at=AT, facts=facts, private=private)


@pytest.fixture
def ledger(postgres_url: str) -> Iterator[SqlLedger]:
    """An empty ledger in a schema of its own."""
    ledger = SqlLedger.create(postgres_url)
    yield ledger
    ledger.close()


@pytest.fixture
def reopened(postgres_url: str) -> Iterator[Callable[..., SqlLedger]]:
    """Opens the ledger again, as another program would."""
    opened: list[SqlLedger] = []

    def make(**options: float) -> SqlLedger:
        opened.append(SqlLedger.open(postgres_url, **options))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


# --- opening ----------------------------------------------------------------------------------------------------


def test_a_ledger_opens_again_as_it_was(ledger: SqlLedger, reopened: Callable[..., SqlLedger]) -> None:
    """Key, head and order are those of the ledger that was made."""
    receipt = ledger.commit(change(areas=[area("C1")]))
    again = reopened()
    assert again.key == ledger.key
    assert (again.head.seq, again.head.chain) == (receipt.seq, receipt.chain)
    assert again.verify().ok


def test_an_empty_database_is_no_ledger(postgres_url: str) -> None:
    """To open is never to make a new one."""
    with pytest.raises(NotALedgerError):
        SqlLedger.open(postgres_url)
    engine = sa.create_engine(postgres_url)
    assert sa.inspect(engine).get_table_names() == []
    engine.dispose()


def test_a_ledger_is_not_made_twice(ledger: SqlLedger, postgres_url: str) -> None:
    """Once it has a commit; what a process left that was killed before its first one is gone on with, key and all."""
    again = SqlLedger.create(postgres_url)
    assert again.key == ledger.key
    again.commit(change(areas=[area("C1")]))
    with pytest.raises(OccupiedError):
        SqlLedger.create(postgres_url)
    again.close()
    assert ledger.head.seq == 1


def test_another_schema_revision_is_refused(ledger: SqlLedger, postgres_url: str) -> None:
    """With both revisions in the sentence."""
    with ledger._engine.begin() as connection:
        connection.execute(ledger.tables.ledger_meta.update().where(sa.text("name = 'revision'")).values(value="99"))
    with pytest.raises(SchemaError) as refused:
        SqlLedger.open(postgres_url)
    assert refused.value.found == "99"


def test_the_address_is_shown_without_its_password(ledger: SqlLedger, postgres_url: str) -> None:
    """Neither in the ledger's address nor in a message."""
    opened = SqlLedger.open(postgres_url.replace("zoufang@", "zoufang:sesame@"))
    assert "sesame" not in opened.url
    opened.close()
    with pytest.raises(UnreachableError) as refused:
        SqlLedger.open("postgresql+psycopg://zoufang:sesame@/postgres?host=/nowhere-at-all")
    assert "sesame" not in str(refused.value) + refused.value.said_in("zh")


def test_another_driver_is_refused() -> None:
    """COPY is spoken through psycopg alone; a URL that names no driver means it."""
    with pytest.raises(UnknownIdError) as refused:
        SqlLedger.open("postgresql+pg8000://zoufang@/postgres")
    assert refused.value.known == ("postgresql+psycopg",)


# --- writers ----------------------------------------------------------------------------------------------------


def test_a_writer_that_waits_too_long_is_told_so(ledger: SqlLedger, reopened: Callable[..., SqlLedger]) -> None:
    """The wait is bounded, nothing was written, and the same call may be tried again."""
    hasty = reopened(wait=0.2)
    with ledger.together():
        began = monotonic()
        with pytest.raises(BusyError):
            hasty.commit(change(areas=[area("C1")]))
        assert 0.2 <= monotonic() - began < 5
    assert hasty.commit(change(areas=[area("C1")])).seq == 1


def test_a_host_that_looks_at_an_older_moment_may_try_again(ledger: SqlLedger, postgres_url: str) -> None:
    """Its transaction began before another commit, whose number it cannot see: it is told that it may begin anew."""
    engine = sa.create_engine(postgres_url, isolation_level="REPEATABLE READ", hide_parameters=True)
    with engine.connect() as host:
        lent = SqlLedger.open(host)
        ledger.commit(change(areas=[area("C1")]))
        with pytest.raises(BusyError) as refused:
            lent.commit(change(areas=[area("C2")]))
        assert refused.value.retryable
        host.rollback()
        assert lent.commit(change(areas=[area("C2")])).seq == 2
        host.commit()
    engine.dispose()


def test_ledgers_of_one_server_do_not_wait_for_each_other(postgres_server: str, postgres_url: str) -> None:
    """Another schema, or another prefix in the same one, has a lock of its own; the same ledger has the same."""
    with new_schema(postgres_server) as elsewhere:
        one, other = SqlLedger.create(postgres_url), SqlLedger.create(elsewhere, wait=1)
        beside = SqlLedger.create(postgres_url, prefix="b_", wait=1)
        again = SqlLedger.open(postgres_url)
        try:
            assert one._place.lock == again._place.lock
            assert len({ledger._place.lock for ledger in (one, other, beside)}) == 3
            with one.together():
                one.commit(change(areas=[area("C1")]))
                assert other.commit(change(areas=[area("C1")])).seq == 1
                assert beside.commit(change(areas=[area("C1")])).seq == 1
        finally:
            for ledger in (one, other, beside, again):
                ledger.close()


def test_the_lock_is_the_same_however_the_schema_is_named(postgres_url: str) -> None:
    """Found on the search path or named outright: writers of one ledger lock each other out."""
    schema = postgres_url.rpartition("%3D")[2]
    made = SqlLedger.create(postgres_url)
    named = SqlLedger.open(postgres_url.partition("&options")[0], schema=schema)
    assert named._place.lock == made._place.lock
    made.close()
    named.close()


def test_a_commit_is_durable_and_reads_what_was_committed_before(ledger: SqlLedger, postgres_url: str) -> None:
    """Whatever the account's own defaults are: READ COMMITTED, and never an asynchronous commit."""
    other = "&options=-cdefault_transaction_isolation%3Dserializable%20-csynchronous_commit%3Doff%20-c"
    lax = SqlLedger.open(postgres_url.replace("&options=-c", other))
    with lax._place.writing() as connection:
        assert connection.exec_driver_sql("SHOW transaction_isolation").scalar_one() == "read committed"
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar_one() == "on"
    lax.close()


def test_verify_sees_one_moment_while_others_write(ledger: SqlLedger, reopened: Callable[..., SqlLedger]) -> None:
    """A commit that comes between two of its selects is not taken for a stray."""
    other = reopened()
    for n in range(5):
        ledger.commit(change(areas=[area(f"C{n}")]))
    written = []

    def meddling(items: Iterable[Item], *, label: str, total: int | None = None) -> Iterable[Item]:
        for item in items:
            written.append(other.commit(change(areas=[area(f"D{len(written)}")])))
            yield item

    verdict = ledger.verify(meddling)
    assert (verdict.ok, verdict.n_commits) == (True, 5)
    assert ledger.verify().n_commits == 5 + len(written) > 5


# --- rows -------------------------------------------------------------------------------------------------------


def test_many_rows_come_back_cell_by_cell(ledger: SqlLedger) -> None:
    """By COPY as by INSERT: tabs, line feeds, backslashes, null and what looks like null."""
    awkward = ["a\tb", "a\nb", "a\\b", "\\N", "", "NULL", "路\r\n灯", '"', "{}", "\\."]
    rows = [(f"K{n}", 1, "2023-03-06", awkward[n % 10], 1, 10, 1, n, None if n % 2 else "") for n in range(MANY)]
    ledger.commit(change(draws=rows))
    ledger.commit(change(draws=[(f"L{n}", *row[1:]) for n, row in enumerate(rows[:FEW])]))
    assert list(ledger.facts_of(1)["draws"]) == rows
    assert [row[1:] for row in ledger.facts_of(2)["draws"]] == [row[1:] for row in rows[:FEW]]
    d = ledger.tables.draws
    assert ledger.select(sa.select(d.c.on).distinct()) == [(date(2023, 3, 6),)]
    assert ledger.verify().ok


@pytest.mark.parametrize(
    ("spoil", "bad"),
    [
        ("UPDATE areas SET name = 'x' WHERE commit_seq = 2", 2),
        ("DELETE FROM areas WHERE commit_seq = 3", 3),
        ("UPDATE draws SET \"on\" = 'infinity'", 4),
        ("INSERT INTO areas SELECT 9, ord, area_id, 7, name, level FROM areas WHERE commit_seq = 1", 5),
        ("UPDATE commits SET actor = 'x' WHERE seq = 1", 1),
        ("UPDATE private_texts SET body = 'x'", 4),
    ],
)
def test_a_change_by_hand_is_found(ledger: SqlLedger, spoil: str, bad: int) -> None:
    """An update, a deletion, a stray, a header, a private text: verify names the commit."""
    for n in range(1, 4):
        ledger.commit(change(areas=[area(f"C{n}")]))
    text = private_text("00ff", "P1", SPOKEN)
    draw: WireRow = ("K1", 8, "2023-03-06", "s", 1, 10, 1, 1, None)
    ledger.commit(change(text, draws=[draw], people=[person("P1", text.ref)]))
    assert ledger.verify().ok
    with ledger._engine.begin() as connection:
        connection.exec_driver_sql(spoil)
    assert ledger.verify().first_bad == bad


def test_a_replayed_campaign_has_the_same_chain_figures_and_dispatches(filled: Path, postgres_url: str) -> None:
    """The small ledger of these tests, every table of it, from SQLite to PostgreSQL."""
    source = SqlLedger.open(f"sqlite:///{filled}")
    into = SqlLedger.create(postgres_url, source.key)
    replay(source, into)
    assert into.head == source.head
    one, two = (Campaign.open(ledger, plugins=Plugins.of(core)) for ledger in (source, into))
    every, by = catalogue(one.plan).values(), ("unit_id",)
    assert sheet(source, every, Window(), by) == sheet(into, every, Window(), by)
    assert len(one.dispatches()) == 2
    for number in (1, 2):
        assert canonical(one.report(number)) == canonical(two.report(number))
    source.close()
    into.close()


# --- no leaks ---------------------------------------------------------------------------------------------------


def everything_said(error: BaseException) -> str:
    """Return all that a log could show of an exception and of those that led to it."""
    said = ["".join(traceback.format_exception(error))]
    here: BaseException | None = error
    while here is not None:
        said += [str(here), repr(here), repr(here.args)]
        here = here.__cause__ or here.__context__
    return "\n".join(said)


@pytest.mark.parametrize("n", [1, MANY], ids=["insert", "copy"])
@pytest.mark.parametrize("whose", ["ours", "engine", "connection"])
def test_a_taken_key_is_named_without_any_value(postgres_url: str, whose: str, n: int) -> None:
    """Table and columns, as on SQLite; the server's own words, which quote the row, are not repeated anywhere."""
    engine = sa.create_engine(postgres_url)  # a host's, which hides no parameters
    with engine.connect() as connection:
        place = {"ours": postgres_url, "engine": engine, "connection": connection}[whose]
        ledger = SqlLedger.create(place, prefix="zf_")
        ledger.commit(change(areas=[area(f"C-{SPOKEN}")]))
        rows = [area(f"D{i}", SPOKEN) for i in range(n - 1)]
        with pytest.raises(RefusedFactError) as refused:
            ledger.commit(change(areas=[*rows, area(f"C-{SPOKEN}", SPOKEN)]))
        assert (refused.value.table, refused.value.key) == ("areas", "areas.area_id, areas.version")
        assert SPOKEN not in everything_said(refused.value)
        ledger.close()
    engine.dispose()
