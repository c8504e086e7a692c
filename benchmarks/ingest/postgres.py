"""Visits from a frame into PostgreSQL, against COPY of the same tuples by the driver alone."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import sql

from benchmarks.harness import Pair, Side, compared
from benchmarks.ingest.recording import PER_TARGET, Rows, from_frame
from benchmarks.street import IN_TIME, roster, visits
from zoufang import Campaign, Plugins, core
from zoufang.testing import start_postgres

_numbers = count(1)


def _plain(url: str, database: str) -> str:
    """Return an address as the driver takes it."""
    address = sa.make_url(url).set(drivername="postgresql", database=database)
    return address.render_as_string(hide_password=False)


@contextmanager
def _copied(url: str) -> Iterator[str]:
    """Make a database from that of the register, and drop it afterwards; return its name."""
    name = f"used{next(_numbers)}"
    with closing(psycopg.connect(_plain(url, "postgres"), autocommit=True)) as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE register").format(sql.Identifier(name)))
        server.execute("CHECKPOINT")
        yield name
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _campaign(url: str) -> Iterator[Campaign]:
    with _copied(url) as name:
        place = sa.make_url(url).set(database=name).render_as_string(hide_password=False)
        campaign = Campaign.open(place, plugins=Plugins.of(core), clock=lambda: IN_TIME)
        with closing(campaign.ledger):
            yield campaign


@contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection[Any]]:
    with _copied(url) as name, closing(psycopg.connect(_plain(url, name))) as connection:
        yield connection


def _raw(connection: psycopg.Connection[Any], rows: Rows) -> int:
    """Insert rows by COPY, tuple by tuple, in one transaction; return how many."""
    with connection.cursor() as cursor:
        with cursor.copy("COPY visits FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        n = cursor.rowcount
    connection.commit()
    return n


@contextmanager
def _pair(n: int) -> Iterator[Pair]:
    url = start_postgres(os.getpid())
    everything = roster(n // PER_TARGET)
    made = visits(everything.targets, n)
    with closing(psycopg.connect(_plain(url, "postgres"), autocommit=True)) as server:
        server.execute("CREATE DATABASE register")
    register = sa.make_url(url).set(database="register").render_as_string(hide_password=False)
    campaign = Campaign.create("huangtun-2023", register, plugins=Plugins.of(core), clock=lambda: IN_TIME)
    with closing(campaign.ledger):
        campaign.register(everything)
    way = from_frame(made, [])
    with _campaign(url) as campaign:
        way(campaign)
        rows = campaign.ledger.select(sa.select(campaign.ledger.tables.visits).order_by(sa.text("commit_seq, ord")))
    yield Pair(
        ours=Side(way, lambda: _campaign(url)),
        baseline=Side(lambda connection: _raw(connection, rows), lambda: _connected(url)),
    )


POSTGRES = compared(
    "ingest/visits-into-postgres",
    "raw COPY of the same tuples by psycopg, same table and indexes, by the clock on the wall",
    "<= 1.43",
    n=1_000_000,
    quick=10_000,
    make=_pair,
    clock=time.perf_counter,
)
"""By the clock on the wall, since the server works as well."""
