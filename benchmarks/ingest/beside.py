"""Visits from a frame into the ledger, beside three object-relational mappers that write the same rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import django
import peewee
import sqlalchemy as sa
from django.conf import settings
from django.db import connections, models, transaction
from sqlalchemy.orm import Session, registry

from benchmarks.harness import Bench, Pair, Side, compared
from benchmarks.ingest.recording import DURABLE, Rows, from_frame, street
from benchmarks.street import IN_TIME, opened
from zoufang.facts import BY_NAME, Sort

VISITS = BY_NAME["visits"]
COLUMNS = ("commit_seq", "ord", *VISITS.names)
NUMBERS = frozenset(("commit_seq", "ord", *(c.name for c in VISITS.columns if c.sort is Sort.INT)))
N = 100_000
"""Visits: the slowest of the three takes some ten times as long as the ledger."""

VARIABLES = 32_000
"""Bound values of one statement, somewhat below SQLite's own limit."""

Write = Callable[[Rows], int]


def _pragmas() -> str:
    return "; ".join(f"PRAGMA {pragma}" for pragma in DURABLE)


# --- Django ---------------------------------------------------------------------------------------------------


@cache
def _django_model() -> Any:
    """Return the table as a model; Django takes the visit's number alone for the primary key."""
    if not settings.configured:
        settings.configure(DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ""}}, USE_TZ=True)
        django.setup()
    meta = type("Meta", (), {"app_label": "benchmarks", "managed": False, "db_table": "visits"})
    fields: dict[str, Any] = {
        name: models.BigIntegerField(null=True)
        if name in NUMBERS
        else models.TextField(primary_key=name == VISITS.key[0])
        for name in COLUMNS
    }
    return type("DjangoVisit", (models.Model,), {"__module__": __name__, "Meta": meta, **fields})


@contextmanager
def bulk_create(path: Path) -> Iterator[Write]:
    """Write by Django's `bulk_create`, one model for each row."""
    model = _django_model()
    connection = connections["default"]
    connection.settings_dict |= {
        "NAME": str(path),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": _pragmas()},
    }

    def write(rows: Rows) -> int:
        with transaction.atomic():
            return len(model.objects.bulk_create([model(**dict(zip(COLUMNS, row, strict=True))) for row in rows]))

    yield write
    connection.close()


# --- SQLAlchemy's session -------------------------------------------------------------------------------------


@cache
def _mapped() -> Any:
    """Return the table as a mapped class."""
    mapped = type("MappedVisit", (), {})
    columns = [
        sa.Column(name, sa.Integer if name in NUMBERS else sa.Text, primary_key=name in COLUMNS[:2]) for name in COLUMNS
    ]
    registry().map_imperatively(mapped, sa.Table("visits", sa.MetaData(), *columns))
    return mapped


@contextmanager
def add_all(path: Path) -> Iterator[Write]:
    """Write by SQLAlchemy's `Session.add_all`, one mapped object for each row."""
    mapped = _mapped()
    engine = sa.create_engine(f"sqlite:///{path}")
    sa.event.listen(engine, "connect", lambda connection, _: connection.executescript(_pragmas()))

    def write(rows: Rows) -> int:
        with Session(engine) as session, session.begin():
            session.add_all([mapped(**dict(zip(COLUMNS, row, strict=True))) for row in rows])
            return len(session.new)

    yield write
    engine.dispose()


# --- peewee ---------------------------------------------------------------------------------------------------


@cache
def _peewee_model() -> Any:
    """Return the table as a model."""
    key = peewee.CompositeKey(*COLUMNS[:2])
    meta = type("Meta", (), {"table_name": "visits", "primary_key": key})
    fields = {
        name: peewee.BigIntegerField(null=True) if name in NUMBERS else peewee.TextField(null=True) for name in COLUMNS
    }
    return type("PeeweeVisit", (peewee.Model,), {"Meta": meta, **fields})


@contextmanager
def peewee_bulk_create(path: Path) -> Iterator[Write]:
    """Write by peewee's `bulk_create`, one model for each row."""
    model = _peewee_model()
    database = peewee.SqliteDatabase(path, pragmas=[tuple(pragma.split(" = ")) for pragma in DURABLE])

    def write(rows: Rows) -> int:
        made = [model(**dict(zip(COLUMNS, row, strict=True))) for row in rows]
        with database.atomic("IMMEDIATE"):
            model.bulk_create(made, batch_size=VARIABLES // len(COLUMNS))
        return len(made)

    with closing(database), database.bind_ctx([model]):
        yield write


def _beside(name: str, baseline: str, mapper: Callable[[Path], AbstractContextManager[Write]], target: str) -> Bench:
    @contextmanager
    def pair(n: int) -> Iterator[Pair]:
        with street(n) as there:
            yield Pair(
                ours=Side(from_frame(there.made, there.rows), lambda: opened(there.fresh(), IN_TIME)),
                baseline=Side(lambda write: write(there.rows), lambda: mapper(there.fresh())),
            )

    return compared(name, baseline, target, n=N, quick=5_000, make=pair)


SAME = "of the same rows, same table, indexes and durability; no check, no seal"
DJANGO = _beside("ingest/visits-beside-django", f"Django bulk_create {SAME}", bulk_create, "<= 0.5")
MAPPED = _beside("ingest/visits-beside-sqlalchemy-orm", f"SQLAlchemy Session.add_all {SAME}", add_all, "<= 0.5")
PEEWEE = _beside("ingest/visits-beside-peewee", f"peewee bulk_create {SAME}", peewee_bulk_create, "<= 0.5")
