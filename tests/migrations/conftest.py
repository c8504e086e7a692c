"""Ledgers of every revision, as the code of that revision left them, on both databases."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest
import sqlalchemy as sa

from zoufang.testing import new_schema

FROZEN = Path(__file__).resolve().parent / "frozen"
REVISIONS = sorted(int(folder.name.removeprefix("revision-")) for folder in FROZEN.iterdir())
SCHEMA = "zf_frozen_schema"

DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


class Thawed(NamedTuple):
    """A ledger of an old revision, as good as new."""

    revision: int
    url: str
    expected: dict[str, Any]


def thaw_sqlite(revision: int, path: Path) -> str:
    """Unpack the file of a revision, and return its URL."""
    path.write_bytes(gzip.decompress((FROZEN / f"revision-{revision}" / "ledger.sqlite.gz").read_bytes()))
    return f"sqlite:///{path}"


def thaw_postgres(revision: int, url: str) -> str:
    """Run the dump of a revision in an empty schema, and return its URL."""
    schema = url.rpartition("%3D")[2]
    dump = gzip.decompress((FROZEN / f"revision-{revision}" / "ledger.sql.gz").read_bytes()).decode()
    address = sa.make_url(url)
    with psycopg.connect(host=str(address.query["host"]), user="zoufang", dbname="postgres") as raw:
        raw.execute(dump.replace(f"CREATE SCHEMA {SCHEMA};", "").replace(SCHEMA, schema).encode())
    return url


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    """SQLite, or PostgreSQL."""
    return str(request.param)


@pytest.fixture
def thaw(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[int], Thawed]:
    """Thaws the ledger of a revision, on one database or the other."""

    def make(revision: int) -> Thawed:
        expected = json.loads((FROZEN / f"revision-{revision}" / "expected.json").read_text(encoding="utf-8"))
        if database == "sqlite":
            return Thawed(revision, thaw_sqlite(revision, tmp_path / "ledger.sqlite"), expected)
        return Thawed(revision, thaw_postgres(revision, request.getfixturevalue("postgres_url")), expected)

    return make


@pytest.fixture
def another_schema(postgres_server: str) -> Iterator[str]:
    """The URL of a second empty schema."""
    with new_schema(postgres_server) as url:
        yield url


@pytest.fixture(params=REVISIONS, ids=lambda revision: f"revision-{revision}")
def frozen(request: pytest.FixtureRequest, thaw: Callable[[int], Thawed]) -> Thawed:
    """The ledger of each revision that was frozen."""
    return thaw(request.param)


@pytest.fixture
def first(thaw: Callable[[int], Thawed]) -> Thawed:
    """The ledger of revision 1."""
    return thaw(1)
