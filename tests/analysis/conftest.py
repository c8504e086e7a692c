"""A street's facts, written down by hand into a database in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from zoufang.facts import tables
from zoufang.ledger.places import dialect_of
from zoufang.testing import new_schema

STATUS = {
    "raise": "raised",
    "route": "routed",
    "accept": "accepted",
    "send_back": "returned",
    "handle": "handled",
    "feed_back": "fed_back",
    "apply": "applied",
    "close": "closed",
    "refuse": "accepted",
    "revoke": "accepted",
    "strike": "struck",
    "withdraw": "withdrawn",
    "merge": "merged",
    "pause": "paused",
    "go_on": "accepted",
    "split": "split",
}


TABLES = tables()
COMPILED: dict[Any, Any] = {}  # shared, so that a thousand little databases do not compile each select anew


def march(day: int) -> date:
    """A day of March 2023; the 1st is a Wednesday."""
    return date(2023, 3, day)


class Facts:
    """A reader over facts in memory, with one short word for each sort of fact."""

    def __init__(self, url: str = "sqlite://") -> None:
        self.tables = TABLES
        engine = sa.create_engine(url, poolclass=sa.StaticPool)
        self.dialect = dialect_of(engine.dialect.name)
        self.tables.metadata.create_all(engine)
        self.connection = engine.connect().execution_options(compiled_cache=COMPILED)
        self._ord: Counter[tuple[str, int]] = Counter()
        self._version: Counter[str] = Counter()

    def close(self) -> None:
        self.connection.close()
        self.connection.engine.dispose()

    def select(self, query: sa.Select[Any]) -> list[tuple[Any, ...]]:
        return self.dialect.plain(self.connection.execute(query))

    def put(self, table: str, seq: int, **values: Any) -> None:
        """Record one fact; what is not given is empty, a zero or None."""
        columns = self.tables.by_name[table].columns
        empty = {
            c.name: None if c.nullable else 0 if isinstance(c.type, sa.BigInteger | sa.Integer) else "" for c in columns
        }
        self._ord[table, seq] += 1
        row = {**empty, "commit_seq": seq, "ord": self._ord[table, seq], **values}
        assert set(row) == set(empty), f"unknown columns {set(row) - set(empty)}"
        self.connection.execute(self.tables.by_name[table].insert(), row)

    def area(self, key: str, *, level: str = "community", community: str | None = None) -> None:
        self.put("areas", 1, area_id=key, version=1, name=f"name of {key}", level=level, community=community)

    def target(
        self,
        key: str,
        kind: str,
        area: str,
        lead: str,
        *,
        seq: int = 1,
        since: date = date(2023, 2, 27),
        version: int = 1,
    ) -> None:
        self.put("targets", seq, target_id=key, version=version, kind=kind, area_id=area, since_on=since)
        if version == 1:
            self.lead(key, 1, lead, seq=seq)

    def lead(self, key: str, turn: int, lead: str, *, seq: int = 1) -> None:
        self.put("assignments", seq, subject="target", subject_id=key, round=turn, unit_id=lead, part="lead")

    def visit(  # noqa: PLR0917 - a visit reads best as one line of a table
        self, key: str, target: str, on: date, outcome: str, unit: str, by: str, *, seq: int = 2, channel: str = "door",
        **more: Any,
    ) -> None:  # fmt: skip
        self.put(
            "visits", seq, visit_id=key, target_id=target, on=on, outcome=outcome, unit_id=unit, visitor_id=by,
            channel=channel, **more,
        )  # fmt: skip

    def ticket(
        self, key: str, source: str, on: date, topic: str, *, seq: int = 2, area: str | None = None,
        target: str | None = None, track: str = "joint", parent: str | None = None,
    ) -> None:  # fmt: skip
        self.put(
            "tickets", seq, ticket_id=key, source=source, source_id=f"from {key}", on=on, topic_id=topic, area_id=area,
            target_id=target, track=track, parent_id=parent,
        )  # fmt: skip

    def event(self, key: str, event: str, on: date, *, seq: int = 2, **more: Any) -> None:
        self._version[key] += 1
        self.put(
            "ticket_events", seq, ticket_id=key, version=self._version[key], event=event, on=on, status=STATUS[event],
            **more,
        )  # fmt: skip

    def callback(
        self, key: str, closing: int, attempt: int, on: date, outcome: str, *, seq: int = 2, **more: Any
    ) -> None:
        self.put("callbacks", seq, ticket_id=key, closing=closing, attempt=attempt, on=on, outcome=outcome, **more)


@pytest.fixture(scope="session")
def new_facts() -> Iterator[Callable[[], Facts]]:
    """Makes empty facts, as many as asked for."""
    with ExitStack() as stack:

        def make(url: str = "sqlite://") -> Facts:
            facts = Facts(url)
            stack.callback(facts.close)
            return facts

        yield make


@pytest.fixture
def facts(new_facts: Callable[[], Facts]) -> Facts:
    """Facts with nothing in them yet."""
    return new_facts()


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def street(request: pytest.FixtureRequest) -> Iterator[Facts]:
    """A little campaign: 8 targets, 10 visits, 13 tickets, in the first two weeks of March 2023.

    Commit 1 is the register; 3 and 5 are the first week; 6 the first dispatch, which counts up to 5; 7 the second week;
    8 brings what was reported late; 9 the call-backs.
    """
    with ExitStack() as stack:
        url = "sqlite://"
        if request.param == "postgresql":
            url = stack.enter_context(new_schema(request.getfixturevalue("postgres_server")))
        facts = Facts(url)
        stack.callback(facts.close)
        _live(facts)
        yield facts


def _live(facts: Facts) -> None:
    for community in ("C1", "C2"):
        facts.area(community, community=community)
        facts.area(f"{community}-G1", level="grid", community=community)
        facts.put("units", 1, unit_id=community, version=1, name=f"unit {community}", community=1)
    facts.put("units", 1, unit_id="jianshe", version=1, name="old name")
    facts.put("units", 7, unit_id="jianshe", version=2, name="new name")
    _roster(facts)
    _visits(facts)
    _tickets(facts)
    _problem(facts)
    facts.put("dispatches", 6, number=1, on=march(8), from_on=march(1), to_on=march(7), as_of=5)
    _callbacks(facts)


def _roster(facts: Facts) -> None:
    for key, kind, grid, lead in (
        ("T1", "household", "C1-G1", "C1"),
        ("T2", "household", "C1-G1", "C1"),
        ("T3", "household", "C1-G1", "C1"),
        ("T4", "household", "C2-G1", "C2"),
        ("T5", "household", "C2-G1", "C2"),
        ("T6", "shop", "C2-G1", "shichang"),
        ("T7", "shop", "C1-G1", "C1"),
    ):
        facts.target(key, kind, grid, lead)
    facts.lead("T7", 2, "shichang", seq=7)
    facts.target("T8", "household", "C2-G1", "C2", since=date(2023, 4, 20))


def _visits(facts: Facts) -> None:
    for key, target, day, outcome, unit, by, n_findings, no_demand, made_known, seq in (
        ("V01", "T1", 1, "met", "C1", "P1", 2, 0, "m1", 3),
        ("V02", "T2", 1, "absent", "C1", "P1", 0, 0, "", 3),
        ("V03", "T2", 3, "met", "C1", "P1", 0, 1, "", 5),
        ("V04", "T3", 4, "refused", "C1", "P1", 0, 0, "", 8),  # reported late
        ("V05", "T4", 2, "met", "C2", "P2", 0, 0, "", 3),  # nobody asked
        ("V06", "T5", 5, "absent", "C2", "P2", 0, 0, "", 3),
        ("V07", "T5", 9, "absent", "C2", "P2", 0, 0, "", 7),
        ("V08", "T6", 6, "met", "shichang", "P3", 1, 0, "m1 m2", 3),
        ("V09", "T7", 10, "met", "shichang", "P3", 0, 1, "", 7),
        ("V10", "T1", 12, "met", "C1", "P1", 0, 1, "", 7),
    ):
        facts.visit(
            key, target, march(day), outcome, unit, by, seq=seq, n_findings=n_findings, no_demand=no_demand,
            made_known=made_known,
        )  # fmt: skip
    for n, kind in ((1, "demand"), (2, "demand")):
        facts.put("findings", 3, visit_id="V01", n=n, kind=kind, topic_id="edu")
    facts.put("findings", 3, visit_id="V08", n=1, kind="good_practice", topic_id="tax")


# Ticket, source, day raised, topic, area, target; then each step: day, event, and what changes with it.
TICKETS = """
K01 visit  1 edu   -     T1 | handle 1 C1 due=1 resolved; feed_back 1; apply 2; close 3
K02 visit  1 road  -     T1 | route 2 jianshe due=9; accept 6; handle 8 resolved; feed_back 9; apply 9; close 10
K03 visit  6 tax   -     T6 | route 8 shichang due=15; accept 8; handle 10 partly; feed_back 11
K04 call   1 road  C1    -  | route 1 jianshe due=8; accept 2; handle 10 resolved; feed_back 10; apply 10; close 11
K05 call   2 water C2-G1 -  | route 2 jianshe due=9; accept 3
K06 call   3 water C2    -  | route 3 jianshe due=10; send_back 6 - due=-; route 7 C2 due=14; accept 10; \
       handle 14 resolved
K07 letter 4 noise C1    -  | strike 5
K08 letter 6 edu   -     T4 | route 6 shehui due=13; accept 7; handle 9 explained; feed_back 9
K09 call  10 water C2    -  | merge 11
K10 call  11 road  C1    -  | route 12 jianshe due=17; withdraw 13
K11 call  12 road  C1    -  |
K12 visit  3 road  -     T2 | route 3 jianshe due=10; accept 3; handle 6 resolved; feed_back 6; apply 7; close 8; \
       revoke 13 due=20
K13 call  13 heat  C2    -  | route 14 jianshe due=21
"""


def _tickets(facts: Facts) -> None:
    for line in TICKETS.strip().splitlines():
        said, _, steps = line.partition("|")
        key, source, day, topic, area, target = (None if word == "-" else word for word in said.split())
        track = "on_the_spot" if key == "K01" else "joint"
        late = 8 if key == "K07" else 0
        facts.ticket(
            key, source, march(int(day)), topic, seq=late or _seq(int(day)), area=area, target=target, track=track
        )  # fmt: skip
        facts.event(key, "raise", march(int(day)), seq=late or _seq(int(day)))
        now: dict[str, Any] = {}
        for step in filter(None, map(str.strip, steps.split(";"))):
            event, on, *words = step.split()
            for word in words:
                if word.startswith("due="):
                    now["due_on"] = None if word == "due=-" else march(int(word[4:]))
                elif word in {"resolved", "partly", "explained"}:
                    now["remedy"] = word
                else:
                    now["unit_id"] = None if word == "-" else word
            if event in {"route", "refuse", "revoke"}:
                now["remedy"] = None
            facts.event(key, event, march(int(on)), seq=late or _seq(int(on)), **now)


def _seq(day: int) -> int:
    return 5 if day <= 7 else 7


def _problem(facts: Facts) -> None:
    """One bad road: four tickets stand behind it; handled on 8 March. A second one was found on the 14th."""
    bad_road = {"problem_id": "P1", "topic_id": "road", "unit_id": "jianshe", "due_on": march(10)}
    facts.put("problems", 5, **bad_road, version=1, on=march(5))
    facts.put("problems", 7, **bad_road, version=2, on=march(8), remedy="resolved")
    facts.put("problems", 7, problem_id="P2", version=1, on=march(14), topic_id="heat", unit_id="C2", due_on=march(21))
    for key in ("K02", "K04", "K10", "K12"):
        facts.put("problem_links", 7, ticket_id=key, problem_id="P1", on=march(12))


def _callbacks(facts: Facts) -> None:
    for key, closing in (("K01", 5), ("K02", 7), ("K04", 7), ("K12", 7)):
        facts.put("draws", 9, ticket_id=key, closing=closing, on=march(11), stratum="all", n=4, of=4, lot=1, rank=1)
    facts.callback("K01", 5, 1, march(12), "refused", seq=9, unit_id="C1")
    facts.callback("K02", 7, 1, march(11), "unreachable", seq=9, unit_id="jianshe")
    facts.callback("K02", 7, 2, march(12), "reached", seq=9, unit_id="jianshe", solved=1)  # did not rate
    facts.callback("K04", 7, 1, march(13), "reached", seq=9, unit_id="jianshe", solved=1, satisfied=1)
    facts.callback("K12", 7, 1, march(12), "reached", seq=9, unit_id="jianshe", solved=0, satisfied=0)
