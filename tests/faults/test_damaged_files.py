from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from faultmakers.changes import AT, HOST, change, created, opened

from zoufang.campaign import Campaign
from zoufang.errors import LedgerError, NotALedgerError, OccupiedError, StorageError
from zoufang.facts import COMMITS, FACT_TABLES, PRIVATE
from zoufang.model import Source, Ticket
from zoufang.testing import little_roster
from zoufang.typing import TicketId, TopicId

Count = Callable[..., None]
N_COMMITS = 80
EVERYTHING = [
    f"SELECT {', '.join(f'[{name}]' for name in names)} FROM [{table}] ORDER BY 1, 2"
    for table, names in (
        *((table.name, ("commit_seq", "ord", *table.names)) for table in FACT_TABLES),
        *((table.name, table.names) for table in (COMMITS, PRIVATE)),
    )
]


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a closed ledger of eighty commits."""
    path = tmp_path_factory.mktemp("damaged") / "ledger.sqlite"
    with closing(created(f"sqlite:///{path}")) as ledger, ledger.together():
        for n in range(N_COMMITS):
            ledger.commit(change(f"c{n}"))
    return path


def contents(path: Path) -> Any:
    """Return every row of ours that stands in a database, read without our own code; what SQLite says if it cannot."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as raw:
        raw.text_factory = bytes
        try:
            return [raw.execute(query).fetchall() for query in EVERYTHING]
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            return str(error)


def found_by(path: Path) -> str:
    """Return what notices that a ledger is damaged: opening it, its chain, SQLite's own check, or nothing."""
    try:
        with closing(opened(f"sqlite:///{path}")) as ledger:
            if not ledger.verify().ok:
                return "chain"
    except LedgerError as error:
        return type(error).__name__
    with closing(sqlite3.connect(path)) as raw:
        try:
            return "" if raw.execute("PRAGMA integrity_check").fetchone() == ("ok",) else "integrity_check"
        except sqlite3.DatabaseError:
            return "integrity_check"


@pytest.mark.often(change=20, faults=800)
def test_a_flipped_bit_is_found_or_reaches_nothing(n: int, closed: Path, tmp_path: Path, count: Count) -> None:
    """One bit where something stands: chain or integrity check find it, unless each row reads as before."""
    whole, wanted, random = closed.read_bytes(), contents(closed), Random(800)
    found, missed = Counter[str](), []
    path, written = tmp_path / "flipped.sqlite", [at for at, byte in enumerate(whole) if byte]
    for _ in range(n):
        spoilt = bytearray(whole)
        at, bit = random.choice(written), random.randrange(8)
        spoilt[at] ^= 1 << bit
        path.write_bytes(spoilt)
        by = found_by(path)
        assert path.read_bytes() == bytes(spoilt), "looking must not repair"
        if not by and contents(path) != wanted:
            missed.append((at, bit))
        found[by] += 1
    assert found["chain"] > n // 8, "bits were flipped where nothing stands"
    noticed = n - found.pop("", 0)
    count(
        "one bit flipped",
        tried=n,
        found=noticed,
        unit="noticed",
        lost=len(missed),
    )


@pytest.mark.parametrize("junk", [b"", b"junk" * 500, bytes(8192), b"SQLite format 3\0" + bytes(5000)])
def test_what_is_no_ledger_is_never_taken_for_one(junk: bytes, tmp_path: Path) -> None:
    """An empty file, junk and zeros are no ledger, and stay as they were; only an empty one may become a new one."""
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(junk)
    for open_ in (lambda: opened(f"sqlite:///{path}"), lambda: Campaign.open(f"sqlite:///{path}", plugins=HOST)):
        with pytest.raises(NotALedgerError):
            open_()
        assert path.read_bytes() == junk
    if junk:
        with pytest.raises(OccupiedError):
            created(f"sqlite:///{path}")
        assert path.read_bytes() == junk


def test_a_read_only_campaign_answers_and_refuses_to_write(tmp_path: Path) -> None:
    """Opened read-only: figures, reports and verify work as before, the first write is our own error."""
    path = tmp_path / "ledger.sqlite"
    campaign = Campaign.create("huangtun-2023", f"sqlite:///{path}", plugins=HOST)
    campaign.register(little_roster(campaign.plan))
    campaign.dispatch()
    wanted = (campaign.figures("visited"), campaign.report(1), campaign.verify())
    campaign.close_ledger()
    before = path.read_bytes()
    only = Campaign.open(f"sqlite:///file:{path}?mode=ro&uri=true", plugins=HOST)
    assert (only.figures("visited"), only.report(1), only.verify()) == wanted
    with pytest.raises(StorageError):
        only.raise_tickets([Ticket(TicketId("K1"), Source.CALL, "K1", only.today, TopicId("roads"))])
    assert only.verify() == wanted[2]
    only.close_ledger()
    assert path.read_bytes() == before


def test_the_clock_may_go_back(tmp_path: Path) -> None:
    """Recorded a day, an hour and a year earlier than the one before: the order is that of the commits."""
    with closing(created(f"sqlite:///{tmp_path / 'ledger.sqlite'}")) as ledger:
        instants = [AT, AT - timedelta(days=1), AT - timedelta(hours=1), AT - timedelta(days=365)]
        for n, at in enumerate(instants):
            ledger.commit(change(f"c{n}", at=at))
        assert [commit.seq for commit in ledger.commits()] == [1, 2, 3, 4]
        recorded = [commit.recorded_at for commit in ledger.commits()]
        assert recorded != sorted(recorded)
        people = ledger.tables.people
        latest = sa.select(people.c.person_id).order_by(people.c.commit_seq.desc()).limit(1)
        assert ledger.select(latest) == [("c3",)]
        assert ledger.head.seq == 4
        assert ledger.verify().ok
