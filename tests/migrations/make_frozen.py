"""Freeze a ledger as the code of this revision writes it: a small street that has lived through some weeks.

    python tests/migrations/make_frozen.py

Writes ``frozen/revision-N/`` beside itself, N being the revision of the code that runs it: the SQLite file, a plain
dump of the same ledger on PostgreSQL (whose server programs must be installed), and what both must still say after any
migration. Run it with the code that is released, once, before the tables are changed; it replaces nothing.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from attrs import astuple

from zoufang.analysis import Window, catalogue, figure
from zoufang.builtin import core
from zoufang.campaign import Campaign
from zoufang.campaign.defaults import OFFICE
from zoufang.facts import FACT_TABLES, SIDE
from zoufang.folder import Folder, run
from zoufang.ledger import SqlLedger
from zoufang.ledger.dialects import REVISION
from zoufang.model import Problem, Status, Step
from zoufang.sdk import Plugins
from zoufang.simulate import World
from zoufang.testing import new_schema, replay, start_postgres
from zoufang.typing import PersonId, TicketId, UnitId

FROZEN = Path(__file__).resolve().parent / "frozen"
PLAN, HOUSEHOLDS, SEED, WEEKS = "huangtun-2023", 36, 2023, 7
SCHEMA = "zf_frozen_schema"
"""The schema of the dump; a test puts its own name in its place."""

HOST = Plugins.of(core)


def live(folder: Path) -> Path:
    """Let the street live through its first weeks by its own files, erase a household, and return the ledger's file."""
    at = Folder.init(folder, PLAN)
    world = World.make(at.plan(), households=HOUSEHOLDS, seed=SEED)
    world.write_register(folder)
    for week in world.weeks[:WEEKS]:
        world.write_week(folder, week.number)
        world.answer(folder, week.number, week.to_on)
        for today in (week.to_on, week.on):
            run(at, plugins=HOST, today=today, formats=())
    decide(at, world.weeks[WEEKS - 1].on, world.weeks[WEEKS].on)
    return at.ledger_file


def decide(at: Folder, on: date, after: date) -> None:
    """Let the office split a ticket, link two to a common problem, read and erase somebody, and dispatch once more."""
    plan = at.plan()
    campaign = Campaign.open(at.ledger_url, plugins=HOST, clock=evening(plan.street.timezone, on))
    standing = sorted(
        i
        for i, head in campaign.heads(campaign.ids("tickets")).items()
        if head.status in (Status.ROUTED, Status.ACCEPTED)
    )
    office = PersonId(next(i for i in sorted(campaign.ids("people")) if i.startswith(plan.dispatch.offices[0])))
    parts = (UnitId("jianshe"), UnitId("zhifa"))
    campaign.split([Step(TicketId(standing[0]), on, person_id=office, parts=parts)])
    common = Problem("PT-1", plan.topics[0].id, UnitId("jianshe"), on, office, "同一条路")
    campaign.link(common, [TicketId(one) for one in standing[1:3]])
    campaign.contacts(sorted(campaign.ids("targets"))[:2], purpose="核实")
    campaign.erase(sorted(campaign.ids("targets"))[3], "本人申请")
    campaign.acting(OFFICE, clock=evening(plan.street.timezone, after)).dispatch()
    campaign.close_ledger()


def evening(timezone: str, on: date) -> Any:
    """Return a clock that stands still."""
    instant = datetime(on.year, on.month, on.day, 19, tzinfo=ZoneInfo(timezone))
    return lambda: instant


def told(campaign: Campaign) -> dict[str, Any]:
    """Return what a ledger says, in words that JSON can hold: its head, its rows, its figures week by week."""
    ledger, plan = campaign.ledger, campaign.plan
    verdict = ledger.verify()
    assert verdict.ok
    return {
        "head": [verdict.head.seq, verdict.head.chain],
        "n_commits": verdict.n_commits,
        "n_facts": verdict.n_facts,
        "rows": dict(rows_of(ledger)),
        "dispatches": [
            {
                "number": made.week.number,
                "as_of": made.as_of,
                "digest": made.digest,
                "figures": {
                    metric.id: [found.n, found.of]
                    for metric in catalogue(plan).values()
                    for found in [figure(ledger, metric, Window(to_on=made.week.to_on, as_of=made.as_of))]
                },
            }
            for made in campaign.dispatches()
        ],
        "estimates": [
            list(map(str, astuple(one)))
            for one in campaign.estimates(window=Window(to_on=campaign.dispatches()[-1].week.on))
        ],
    }


def rows_of(ledger: SqlLedger) -> Iterator[tuple[str, int]]:
    """Yield how many rows each table holds that has any; the ledger's own marks are nobody's business here."""
    for name in (
        *(table.name for table in FACT_TABLES),
        *(spec.name for spec, _ in SIDE if spec.name != "ledger_meta"),
    ):
        ((n,),) = ledger.select(sa.select(sa.func.count()).select_from(ledger.tables.by_name[name]))
        if n:
            yield name, n


def poured(file: Path, url: str) -> None:
    """Pour the ledger of a file into a PostgreSQL schema, private texts and all."""
    with closing(SqlLedger.open(f"sqlite:///{file}")) as source, closing(SqlLedger.create(url, source.key)) as into:
        replay(source, into)
        assert into.head == source.head
        with into._place.writing() as connection:
            for name in ("private_texts", "subject_keys", "blind_index", "outbox"):
                table = source.tables.by_name[name]
                rows = [dict(zip(table.c.keys(), row, strict=True)) for row in source.select(sa.select(table))]
                if rows:
                    connection.execute(into.tables.by_name[name].insert(), rows)


def dumped(url: str) -> bytes:
    """Return a plain dump of a schema that any connection can execute, under the name that a test replaces."""
    address = sa.make_url(url)
    schema = str(address.query["options"]).partition("search_path=")[2]
    command = ["pg_dump", "--no-owner", "--rows-per-insert=500", f"--schema={schema}", "--username=zoufang"]
    made = subprocess.run([*command, f"--host={address.query['host']}", "postgres"], capture_output=True, check=True)
    told = made.stdout.decode().replace(schema, SCHEMA)
    return re.sub(r"^\\(?:un)?restrict .*\n", "", told, flags=re.MULTILINE).encode()


def packed(content: bytes) -> bytes:
    """Compress; the same content gives the same bytes."""
    return gzip.compress(content, mtime=0)


def main() -> None:
    """Write the folder of this revision."""
    into = FROZEN / f"revision-{REVISION}"
    if into.exists():
        sys.exit(f"{into.name} is frozen already")
    with tempfile.TemporaryDirectory() as scratch, new_schema(start_postgres(os.getpid())) as url:
        file = live(Path(scratch) / "street")
        poured(file, url)
        with closing(sa.create_engine(f"sqlite:///{file}").raw_connection()) as raw:
            raw.execute("PRAGMA journal_mode = DELETE")
        says = []
        for place in (f"sqlite:///{file}", url):
            campaign = Campaign.open(place, plugins=HOST)
            says.append(told(campaign))
            campaign.close_ledger()
        assert says[0] == says[1]
        files = {
            "ledger.sqlite.gz": packed(file.read_bytes()),
            "ledger.sql.gz": packed(dumped(url)),
            "expected.json": json.dumps(says[0], ensure_ascii=False, indent=1).encode() + b"\n",
        }
        into.mkdir(parents=True)
        for name, content in files.items():
            (into / name).write_bytes(content)
            print(name, len(content))  # noqa: T201 - what was written


if __name__ == "__main__":
    main()
