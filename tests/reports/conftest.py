"""A small street in memory, written down by hand, from which reports are made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from zoufang.facts import Checkpoint, Tables, tables
from zoufang.intake import load_plan
from zoufang.model import CampaignPlan
from zoufang.reports.desk import Dispatch
from zoufang.reports.document import Report
from zoufang.reports.weekly import weekly
from zoufang.typing import Language, Seq

CANARY = "王大锤13812345678住东街9号"
DEFAULTS: dict[str, dict[str, Any]] = {
    "areas": {"version": 1},
    "units": {"version": 1, "office": 0, "community": 0},
    "people": {"version": 1, "role": "grid_worker", "capacity": 10},
    "targets": {"version": 1, "kind": "household", "since_on": date(2023, 2, 26), "tags": ""},
    "assignments": {
        "round": 1, "part": "lead", "rule": "duty", "plugin": "core", "plugin_version": "1", "reason": "own area",
    },
    "visits": {
        "minute": 600, "minutes": 15, "channel": "door", "outcome": "met", "no_demand": 0, "n_findings": 0,
        "made_known": "", "phase": "visiting",
    },
    "findings": {"kind": "demand", "solved": 0},
    "tickets": {"source": "visit", "track": "joint", "content": "x"},
    "ticket_events": {},
    "draws": {"stratum": "all", "n": 1, "of": 1, "lot": 1, "rank": 1},
    "callbacks": {"attempt": 1, "outcome": "reached"},
}  # fmt: skip


class Street2023:
    """A reader over facts that a test puts down one by one; each private column holds the canary."""

    def __init__(self) -> None:
        self.engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
        self._tables = tables()
        self._tables.metadata.create_all(self.engine)
        self.seq, self._ord, self._versions = 1, 0, dict[str, int]()

    @property
    def tables(self) -> Tables:
        return self._tables

    def select(self, query: sa.Select[Any]) -> list[tuple[Any, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(query)]

    def commit(self) -> Seq:
        """End the commit and return its number; what follows belongs to the next."""
        self.seq += 1
        return Seq(self.seq - 1)

    def put(self, name: str, /, **cells: Any) -> None:
        """Record one fact."""
        table = self._tables.by_name[name]
        columns = [c.name for c in table.columns if c.name.endswith("_ref")]
        refs = {column: f"{name}-{column}-{self.seq}-{self._ord}" for column in columns}
        needed = {c.name: "x" for c in table.columns if not c.nullable}
        with self.engine.begin() as connection:
            for ref in refs.values():
                text = {"ref": ref, "subject_id": "x", "salt": "00", "body": CANARY}
                connection.execute(sa.insert(self._tables.by_name["private_texts"]).values(**text))
            row = {**needed, "commit_seq": self.seq, "ord": self._ord, **DEFAULTS.get(name, {}), **refs, **cells}
            connection.execute(sa.insert(table).values(**row))
        self._ord += 1

    def event(self, ticket_id: str, event: str, status: str, on: date, unit: str | None = None, **cells: Any) -> int:
        """Record a ticket's next event and return its version."""
        version = self._versions[ticket_id] = self._versions.get(ticket_id, 0) + 1
        self.put(
            "ticket_events", ticket_id=ticket_id, version=version, event=event, status=status, on=on,
            unit_id=unit, **cells,
        )  # fmt: skip
        return version

    def raised(self, ticket_id: str, on: date, topic: str, **cells: Any) -> None:
        """Raise a ticket."""
        self.put("tickets", ticket_id=ticket_id, source_id=ticket_id, on=on, topic_id=topic, **cells)
        self.event(ticket_id, "raise", "raised", on)

    def routed(self, ticket_id: str, on: date, unit: str, due: date) -> None:
        """Send a ticket to a unit."""
        self.put("assignments", subject="ticket", subject_id=ticket_id, unit_id=unit)
        self.event(ticket_id, "route", "routed", on, unit, due_on=due)
        self.event(ticket_id, "accept", "accepted", on, unit, due_on=due)

    def done(self, ticket_id: str, on: date, unit: str, due: date | None, remedy: str = "resolved") -> int:
        """Handle, feed back, apply and close a ticket on one day; return the version of its closing."""
        version = 0
        for event, status in (
            ("handle", "handled"), ("feed_back", "fed_back"), ("apply", "applied"), ("close", "closed"),
        ):  # fmt: skip
            version = self.event(ticket_id, event, status, on, unit, due_on=due, remedy=remedy)
        return version


WEEK_1 = Dispatch(number=1, on=date(2023, 3, 6), from_on=date(2023, 2, 27), to_on=date(2023, 3, 5), as_of=Seq(2))
WEEK_2 = Dispatch(number=2, on=date(2023, 3, 13), from_on=date(2023, 3, 6), to_on=date(2023, 3, 12), as_of=Seq(3))
STREET = "370871005"


def _register(street: Street2023) -> None:
    """Two communities: three households answer to the first, two to the second."""
    street.put("areas", area_id=STREET, name="黄屯街道", level="street")
    for community, name in (("C01", "田厂社区"), ("C02", "黄屯社区")):
        street.put("areas", area_id=community, name=name, level="community", parent=STREET, community=community)
        grid = f"{community}-G1"
        street.put("areas", area_id=grid, name=f"{name}一网格", level="grid", parent=community, community=community)
        street.put("units", unit_id=community, name=name, community=1)
        street.put("people", person_id=f"P-{community}", unit_id=community, area_id=grid)
    for i, community in enumerate(("C01", "C01", "C01", "C02", "C02"), 1):
        street.put("targets", target_id=f"H{i}", area_id=f"{community}-G1")
        street.put("assignments", subject="target", subject_id=f"H{i}", unit_id=community)


def _first_week(street: Street2023) -> None:
    """Three people met (one of them not asked), one absent; a demand heard, and a call; neither handled yet."""
    met = {"visitor_id": "P-C01", "unit_id": "C01"}
    street.put("visits", visit_id="V1", target_id="H1", on=date(2023, 3, 1), no_demand=1, **met)
    street.put("visits", visit_id="V2", target_id="H2", on=date(2023, 3, 2), n_findings=1, **met)
    street.put("findings", visit_id="V2", n=1, topic_id="sanitation")
    street.put("visits", visit_id="V3", target_id="H3", on=date(2023, 3, 3), outcome="absent", **met)
    street.put("visits", visit_id="V4", target_id="H4", on=date(2023, 3, 3), visitor_id="P-C02", unit_id="C02")
    street.raised("V2-1", date(2023, 3, 2), "sanitation", area_id="C01-G1", target_id="H2")
    street.routed("V2-1", date(2023, 3, 2), "zhifa", date(2023, 3, 9))
    street.raised("K1", date(2023, 3, 3), "roads", source="call", area_id="C02")
    street.routed("K1", date(2023, 3, 3), "jianshe", date(2023, 3, 10))


def _second_week(street: Street2023) -> None:
    """The absent one is met; the demand is closed in time and called back; the call runs over; a letter comes."""
    street.put(
        "visits", visit_id="V5", target_id="H3", on=date(2023, 3, 7), no_demand=1, visitor_id="P-C01", unit_id="C01"
    )
    closing = street.done("V2-1", date(2023, 3, 8), "zhifa", date(2023, 3, 9))
    street.put("draws", ticket_id="V2-1", closing=closing, on=date(2023, 3, 9))
    street.put(
        "callbacks", ticket_id="V2-1", closing=closing, on=date(2023, 3, 10), solved=1, satisfied=1, unit_id="zhifa"
    )
    street.raised("L1", date(2023, 3, 9), "sanitation", source="letter", area_id="C01")
    street.routed("L1", date(2023, 3, 9), "zhifa", date(2023, 3, 16))


@pytest.fixture
def street() -> Iterator[Street2023]:
    """The street after two weeks: register in commit 1, the weeks in commits 2 and 3."""
    made = Street2023()
    for write in (_register, _first_week, _second_week):
        write(made)
        made.commit()
    yield made
    made.engine.dispose()


@pytest.fixture
def brought_along(street: Street2023) -> Street2023:
    """In the second week, too: the letter is split between two offices, and two demands become one common problem.

    zhifa's part is handled on the 10th; jianshe returns its part, and nobody has it yet. V2-1 and L1 stand behind the
    problem; V2-1 was fed back.
    """
    street.seq = 3
    street.event("L1", "split", "split", date(2023, 3, 10), "zhifa", due_on=date(2023, 3, 16))
    for part, unit in (("L1/1", "zhifa"), ("L1/2", "jianshe")):
        street.raised(part, date(2023, 3, 10), "sanitation", source="letter", area_id="C01", parent_id="L1")
        street.event(part, "route", "routed", date(2023, 3, 10), unit, due_on=date(2023, 3, 17))
    street.event("L1/1", "handle", "handled", date(2023, 3, 10), "zhifa", due_on=date(2023, 3, 17), remedy="resolved")
    street.event("L1/2", "send_back", "returned", date(2023, 3, 12))
    street.put(
        "problems", problem_id="P-1", version=1, on=date(2023, 3, 9), topic_id="sanitation", unit_id="zhifa",
        due_on=date(2023, 3, 10),
    )  # fmt: skip
    for ticket_id in ("V2-1", "L1"):
        street.put("problem_links", ticket_id=ticket_id, problem_id="P-1", on=date(2023, 3, 9))
    street.commit()
    return street


@pytest.fixture(scope="session")
def plan() -> CampaignPlan:
    """The plan of 2023."""
    return load_plan("huangtun-2023")


Compose = Callable[..., Report]


@pytest.fixture
def composed(street: Street2023, plan: CampaignPlan) -> Compose:
    """Compose the dispatch of a week."""

    def compose(week: int, language: Language = "zh", warnings: tuple[str, ...] = ()) -> Report:
        dispatch = {1: WEEK_1, 2: WEEK_2}[week]
        checkpoint = Checkpoint(dispatch.as_of, "9f3c5b7a1d2e" + "0" * 52)
        return weekly(street, plan, dispatch, checkpoint, language=language, warnings=warnings)

    return compose
