"""Nobody changes a table without a migration, and no revision is without a frozen ledger."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from zoufang.errors import NotALedgerError, OtherTablesError
from zoufang.facts import Tables, tables
from zoufang.ledger import SqlLedger, begin_explicitly
from zoufang.ledger.dialects import REVISION
from zoufang.ledger.migrations import STEPS, adopt, differences, migrate

ROOT = Path(__file__).resolve().parents[2]
FROZEN = Path(__file__).resolve().parent / "frozen"
SPOILING = [
    "ALTER TABLE conflicts ADD COLUMN extra VARCHAR",
    "ALTER TABLE settlements DROP COLUMN reason",
    "DROP INDEX ix_settlements_made_id",
    "CREATE INDEX ix_more ON visits (visitor_id)",
    "DROP TABLE kept_tickets",
]


@contextmanager
def connected(url: str) -> Iterator[sa.Connection]:
    """Give a connection of an engine that is nobody else's, and commit at the end."""
    engine = begin_explicitly(sa.create_engine(url))
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def reflected(url: str) -> dict[str, Any]:
    """Return all that the database says of its tables: columns in order, collations, comments, keys, names."""
    with connected(url) as connection:
        looking = sa.inspect(connection)
        return {
            table: {
                "columns": [{**c, "type": repr(c["type"])} for c in looking.get_columns(table)],
                "primary key": looking.get_pk_constraint(table),
                "unique": sorted(map(str, looking.get_unique_constraints(table))),
                "indexes": sorted(map(str, looking.get_indexes(table))),
                "foreign keys": looking.get_foreign_keys(table),
                "checks": looking.get_check_constraints(table),
                "comment": looking.get_table_comment(table) if connection.dialect.supports_comments else None,
            }
            for table in looking.get_table_names()
        }


@pytest.fixture
def created(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The URL of a ledger that this release made, beside the frozen one."""
    if database == "sqlite":
        url = f"sqlite:///{tmp_path / 'created.sqlite'}"
    else:
        url = request.getfixturevalue("another_schema")
    SqlLedger.create(url).close()
    return url


def test_the_newest_migration_makes_what_the_code_declares(frozen: Any, created: str) -> None:
    """A migrated ledger and a new one have the same tables, to the last index and collation.

    Where this fails, a table was changed and no migration leads to it: see "Changing a table" in CONTRIBUTING.
    """
    migrate(frozen.url, backup_made=True)
    wanted = reflected(created)
    assert reflected(frozen.url) == wanted
    assert len(wanted) == len(list(tables()))


def test_collations_are_among_what_is_compared(created: str, database: str) -> None:
    """On PostgreSQL every text sorts by code point; the comparison would see another collation."""
    collations = {c["type"] for t in reflected(created).values() for c in t["columns"] if "VARCHAR" in c["type"]}
    assert all("collation='C'" in kind for kind in collations) == (database == "postgresql")


def test_each_revision_has_its_migration() -> None:
    """From the second to that of this release, in order, without a gap; each says what it brings in both languages."""
    assert [step.revision for step in STEPS] == list(range(2, REVISION + 1))
    assert all(step.title.zh and step.title.en and step.title.zh != step.title.en for step in STEPS)


def test_a_migration_does_not_ask_the_declarations_of_today() -> None:
    """What one does must not change with the code: it imports none of the tables, and no rule."""
    for path in (ROOT / "src/zoufang/ledger/migrations").glob("r*.py"):
        imported = re.findall(r"^from (\S+) import", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert set(imported) <= {"__future__", "zoufang.ledger.migrations.change", "zoufang.typing"}, path.name


def test_each_revision_is_frozen() -> None:
    """Every revision that was released has a frozen ledger, and that of this release once it is released.

    The newest may still change while the changelog calls its version unreleased; it is frozen with the release.
    """
    frozen = {int(folder.name.removeprefix("revision-")) for folder in FROZEN.iterdir()}
    (newest,) = re.findall(r"^## \[.*", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)[:1]
    needed = set(range(1, REVISION)) | (set() if "unreleased" in newest.casefold() else {REVISION})
    assert needed <= frozen <= set(range(1, REVISION + 1)), "run tests/migrations/make_frozen.py with the released code"


def test_a_frozen_ledger_is_small() -> None:
    """So that the repository can keep them all."""
    assert [path.name for path in FROZEN.rglob("*") if path.is_file() and path.stat().st_size > 300_000] == []


# --- what a host's own migrations made --------------------------------------------------------------------------


def test_a_new_ledger_differs_in_nothing(created: str) -> None:
    """The comparison that hosts are given finds no difference in what the library itself makes."""
    with connected(created) as connection:
        assert list(differences(connection, tables())) == []


@pytest.mark.parametrize("spoil", SPOILING)
def test_each_difference_is_named(created: str, spoil: str) -> None:
    """A column too many or too few, an index too many or too few, a table that is not there."""
    with connected(created) as connection:
        connection.exec_driver_sql(spoil)
        (found,) = differences(connection, tables())
        assert found.partition(":")[0] in spoil


def test_a_hosts_own_migration_is_adopted(first: Any) -> None:
    """The host makes the new tables from its metadata; the mark is moved when they are what this release declares."""
    with connected(first.url) as connection:
        with pytest.raises(OtherTablesError) as refused:
            adopt(connection)
        assert "conflicts" in refused.value.differences
        assert "conflicts" in refused.value.said_in("zh")
    with connected(first.url) as connection:
        made = made_by_the_host(connection)
        adopt(connection)
        assert list(differences(connection, made)) == []
    with closing(SqlLedger.open(first.url)) as ledger:
        assert ledger.verify().ok


def made_by_the_host(connection: sa.Connection) -> Tables:
    """Do what a host's `op.create_table` does: make from its own metadata what is not there."""
    metadata = sa.MetaData()
    made = tables(metadata)
    metadata.create_all(connection)
    return made


def test_adopting_needs_the_ledgers_mark(database: str, thaw: Callable[[int], Any]) -> None:
    """Tables that hold no ledger are not made one."""
    thawed = thaw(1)
    with connected(thawed.url) as connection:
        connection.exec_driver_sql("DELETE FROM ledger_meta WHERE name = 'revision'")
    with connected(thawed.url) as connection, pytest.raises(NotALedgerError):
        adopt(connection)


# --- what is loaded ---------------------------------------------------------------------------------------------


def test_alembic_is_loaded_only_by_a_migration() -> None:
    """Neither the command line nor a ledger that is opened waits for it."""
    look = (
        "import sys, zoufang.cli, zoufang.ledger.migrations as m; from zoufang.ledger import SqlLedger; "
        "SqlLedger.create('sqlite://').close(); print('alembic' in sys.modules); m.change.operations; "
        "import sqlalchemy as sa; m.change.operations(sa.create_engine('sqlite://').connect()); "
        "print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
