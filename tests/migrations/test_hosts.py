"""A host with Alembic of its own: it runs our migration within its own, or makes the tables by autogeneration."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from zoufang.errors import NoTransactionError, OlderSchemaError
from zoufang.ledger import SqlLedger, begin_explicitly
from zoufang.ledger.dialects import REVISION

ENV = """
from alembic import context
from zoufang.facts import tables
import sqlalchemy as sa

metadata = sa.MetaData()
tables(metadata)
context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
"""
TEMPLATE = """
from alembic import op
import sqlalchemy as sa
import zoufang.facts.reading

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}

def upgrade():
    ${upgrades if upgrades else "pass"}
"""
OURS = """
from alembic import op
from zoufang.ledger.migrations import migrate

revision, down_revision = "a1", None

def upgrade():
    op.execute("CREATE TABLE letters (id INTEGER PRIMARY KEY)")
    migrate(op.get_bind(), backup_made=True)
"""


@pytest.fixture
def alembic(tmp_path: Path) -> Config:
    """The host's folder of migrations, empty."""
    folder = tmp_path / "host"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text(ENV, encoding="utf-8")
    (folder / "script.py.mako").write_text(TEMPLATE, encoding="utf-8")
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    return config


@pytest.fixture
def engine(first: Any) -> Iterator[sa.Engine]:
    """The host's engine, whose transactions begin with BEGIN."""
    engine = begin_explicitly(sa.create_engine(first.url))
    yield engine
    engine.dispose()


def upgrade(config: Config, engine: sa.Engine) -> None:
    """Type `alembic upgrade head`, as a host does that has handed over its connection."""
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def test_our_migration_runs_within_the_hosts(alembic: Config, engine: sa.Engine) -> None:
    """One revision of the host's makes a table of its own and migrates the ledger, both or neither."""
    script = Path(str(alembic.get_main_option("script_location"))) / "versions" / "a1.py"
    script.write_text(OURS + "    raise RuntimeError\n", encoding="utf-8")
    with pytest.raises(RuntimeError):
        upgrade(alembic, engine)
    names = set(sa.inspect(engine).get_table_names())
    assert not names & {"letters", "conflicts", "alembic_version"}
    with pytest.raises(OlderSchemaError):
        SqlLedger.open(engine)
    script.write_text(OURS, encoding="utf-8")
    upgrade(alembic, engine)
    assert {"letters", "conflicts", "alembic_version"} <= set(sa.inspect(engine).get_table_names())
    with closing(SqlLedger.open(engine)) as ledger:
        assert ledger.verify().ok


def test_the_hosts_autogeneration_sees_what_is_new(
    alembic: Config, engine: sa.Engine, fixed_script: Callable[[Path], None]
) -> None:
    """It writes the new tables itself, and adopts them at the end; nothing more is to be generated after it."""
    with engine.begin() as connection:
        alembic.attributes["connection"] = connection
        command.stamp(alembic, "head")
        script = command.revision(alembic, "conflicts", autogenerate=True)
    path = Path(script.path)  # type: ignore[union-attr] # one revision was asked for
    written = path.read_text(encoding="utf-8")
    assert "op.create_table('conflicts'" in written.replace("\n", "").replace('"', "'").replace("( ", "(")
    fixed_script(path)
    upgrade(alembic, engine)
    with closing(SqlLedger.open(engine)) as ledger:
        assert ledger.verify().ok
    with engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT value FROM ledger_meta WHERE name = 'revision'").scalar_one()
    assert kept == str(REVISION)


@pytest.fixture
def fixed_script() -> Callable[[Path], None]:
    """Adds to a generated script what the page for hosts says: the adoption, at its end."""

    def add(path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        path.write_text(
            f"from zoufang.ledger.migrations import adopt\n{text}\n    adopt(op.get_bind())\n", encoding="utf-8"
        )

    return add


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_engine_that_begins_nothing_is_refused(alembic: Config, first: Any) -> None:
    """As Alembic's own `env.py` makes one on SQLite: there a failure would leave half a migration, so none is begun."""
    (Path(str(alembic.get_main_option("script_location"))) / "versions" / "a1.py").write_text(OURS, encoding="utf-8")
    engine = sa.create_engine(first.url)
    with pytest.raises(NoTransactionError):
        upgrade(alembic, engine)
    assert not sa.inspect(engine).has_table("conflicts")
    engine.dispose()
