"""Reads the two tables of the hand-worked campaign, and plays the first through an ordinary Campaign."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from zoufang.analysis import METRICS, catalogue
from zoufang.builtin import core
from zoufang.campaign import Campaign
from zoufang.errors import (
    BadValueError,
    DecidedError,
    LateReturnError,
    LimitPassedError,
    OpenPartsError,
    SamePersonError,
    ZoufangError,
)
from zoufang.intake import load_plan
from zoufang.model import (
    Actor,
    Area,
    AreaLevel,
    CallBack,
    Event,
    Finding,
    FindingKind,
    Person,
    Problem,
    Roster,
    Step,
    Target,
    Ticket,
    Visit,
)
from zoufang.sdk import Plugins
from zoufang.testing import counted_salts

HERE = Path(__file__).parent
ZONE = ZoneInfo("Asia/Shanghai")

AT_ONCE = (Event.RAISE, Event.HANDLE, Event.FEED_BACK)
EVENTS = {
    "登记": Event.RAISE,
    "派单": Event.ROUTE,
    "指派": Event.ROUTE,
    "受理": Event.ACCEPT,
    "退单": Event.SEND_BACK,
    "分解": Event.SPLIT,
    "办结": Event.HANDLE,
    "反馈": Event.FEED_BACK,
    "申请": Event.APPLY,
    "销号": Event.CLOSE,
    "不同意": Event.REFUSE,
    "撤销": Event.REVOKE,
    "续办": Event.RESUME,
    "暂停": Event.PAUSE,
    "恢复": Event.GO_ON,
    "申延": Event.ASK_EXTENSION,
    "准延": Event.GRANT_EXTENSION,
    "拒延": Event.DENY_EXTENSION,
    "撤诉": Event.WITHDRAW,
    "不立": Event.STRIKE,
    "并入": Event.MERGE,
    "告知": Event.TELL,
}
REMEDIES = {"已解决": "resolved", "部分解决": "partly", "解释说明": "explained"}
REACTIONS = {"认可": "accepted", "不认可": "unwilling", "不详": "unknown"}
REFUSALS: Mapping[str, type[ZoufangError]] = {
    "分解件未完": OpenPartsError,
    "办公室已裁定": DecidedError,
    "过期退单": LateReturnError,
    "已过时限": LimitPassedError,
    "超出天数": BadValueError,
    "本人申请": SamePersonError,
}
YES_NO = {"是": True, "否": False, "": None}
STEP = re.compile(r"(\S+) ([＊✗]?)(\S+?)(?: (.+))? ([A-Z]\d)(?:（(.+)）)?")


def day(text: str) -> date:
    """Return a day such as 03-01, of 2023 where no year is said."""
    return date.fromisoformat(text if len(text) > len("03-01") else f"2023-{text}")


def first(cell: str) -> str:
    """Return the code in a cell such as ``household 居民户``."""
    return cell.split(" ", 1)[0]


class Row(dict[str, str]):
    """One line of a table: its cells by the English name of their column, if it has one; a dash is empty."""

    def code(self, column: str) -> str:
        """Return the code in a cell such as ``closed 已销号``."""
        return first(self[column])

    def day(self, column: str) -> date | None:
        """Return the day in a cell, None where it is empty."""
        return day(self.code(column)) if self[column] else None

    def n(self, column: str) -> int:
        """Return the number in a cell."""
        return int(self[column])

    def words(self, column: str) -> list[str]:
        """Return what a cell lists."""
        return self[column].split()


class Page(dict[str, list[list[Row]]]):
    """The tables of a page, under its headings."""

    def under(self, words: str, place: int = 0) -> list[Row]:
        """Return a table under the one heading that begins with some words."""
        (heading,) = (one for one in self if one.startswith(words))
        return self[heading][place]

    @staticmethod
    def named(rows: list[Row]) -> list[Row]:
        """Return the rows that name a ticket; one that names none says that there was none on that day."""
        for row in rows:
            assert row["编号"] or not any(cell for column, cell in row.items() if column != "on"), row
        return [row for row in rows if row["编号"]]

    def by(self, words: str, column: str, place: int = 0) -> dict[str, list[Row]]:
        """Return the rows of a table by the cells of one column, in their order."""
        rows = self.under(words, place)
        return {key: [row for row in rows if row[column] == key] for key in dict.fromkeys(row[column] for row in rows)}


def read(name: str) -> Page:
    """Return the tables of a page."""
    found = Page()
    heading, names = "", None
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            heading = line.removeprefix("## ")
        if not line.startswith("|"):
            names = None
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if names is None:
            names = [cell.split(" ", 1)[-1] for cell in cells]
            found.setdefault(heading, []).append([])
        elif not set(line) <= set("|- "):
            cells = ["" if cell == "—" else cell for cell in cells]
            found[heading][-1].append(Row(zip(names, cells, strict=True)))
    return found


class Done(NamedTuple):
    """One step of a ticket as the table has it."""

    ticket_id: str
    on: date
    mark: str
    verb: str
    words: tuple[str, ...]
    who: str
    why: str

    @property
    def events(self) -> tuple[Event, ...]:
        """What it comes to in the ledger."""
        return AT_ONCE if self.verb == "当场" else (EVENTS[self.verb],)

    @property
    def batch(self) -> str:
        """The approval in bulk that it belongs to, if any."""
        return next((word for word in self.words if word.startswith("批")), "")

    @property
    def step(self) -> Step:
        """The step that is asked for."""
        more: dict[str, Any] = {}
        for word in self.words:
            if word in REMEDIES:
                more["remedy"] = REMEDIES[word]
            elif word in REACTIONS:
                more["reaction"] = REACTIONS[word]
            elif word.startswith("计划:"):
                more["plan_on"] = day(word.removeprefix("计划:"))
            elif word.endswith("天"):
                more["days"] = int(word.removesuffix("天"))
            elif self.verb == "分解":
                more["parts"] = tuple(word.split("+"))
            elif self.verb == "并入":
                more["into"] = word
            elif self.verb not in {"派单", "指派"} and not word.startswith("批"):
                more["reason"] = word
        return Step(ticket_id=self.ticket_id, on=self.on, person_id=self.who, **more)


def history(row: Row) -> Iterator[Done]:
    """Yield the steps of one line of the ledger of demands."""
    for one in row["history"].split("；"):
        parts = STEP.fullmatch(one)
        assert parts is not None, f"{row['ticket']}: cannot read {one!r}"
        on, mark, verb, words, who, why = parts.groups()
        yield Done(row["ticket"], day(on), mark, verb, tuple((words or "").split()), who, why or "")


class Played:
    """The campaign of the table, played day by day.

    Args:
        url: Where its ledger is kept.
    """

    events = EVENTS
    day = staticmethod(day)

    def __init__(self, url: str) -> None:
        self.table = read("campaign.md")
        people, targets = self.table.under("街道"), self.table.under("街道", 1)
        self.people = {row["person"]: row for row in people}
        self.now = datetime.combine(date(2023, 2, 27), time(9), tzinfo=ZONE)
        self.campaign = Campaign.create(
            "huangtun-2023", url, plugins=Plugins.of(core), clock=lambda: self.now, salt=counted_salts()
        )
        self.campaign.register(self._roster(targets))
        self.tickets, told = self.table.under("诉求台账", 1), self.table.under("诉求台账", 2)
        assert [row["ticket"] for row in self.tickets] == [row["ticket"] for row in told]
        self.steps = [step for row in told for step in history(row)]
        self.alike: list[tuple[str, str, str, int, str]] = []
        self.assumed: list[tuple[str, date]] = []
        self.n_refused = 0

    def _roster(self, targets: list[Row]) -> Roster:
        street = Area("370871005", "黄屯街道", AreaLevel.STREET)
        communities = [
            Area(key, name, AreaLevel.COMMUNITY, street.id) for key, name in (("C01", "第一社区"), ("C02", "第二社区"))
        ]
        grids = [Area(key, key, AreaLevel.GRID, key[:3]) for key in ("C01-G1", "C01-G2", "C02-G1")]
        people = tuple(
            Person(key, row.code("unit"), row.code("role"), row["grid"] or None) for key, row in self.people.items()
        )
        roster = tuple(Target(row["target"], row.code("kind"), row["grid"], row.day("since")) for row in targets)
        return Roster((street, *communities, *grids), people, roster)

    def rows(self, table: str, *columns: str, until: date | None = None) -> list[tuple[Any, ...]]:
        """Return some columns of a fact table in the order of recording, up to a day."""
        t = self.campaign.ledger.tables.by_name[table]
        known = () if until is None else (t.c.on <= until,)
        query = sa.select(*(t.c[c] for c in columns)).where(*known).order_by(t.c.commit_seq, t.c.ord)
        return self.campaign.ledger.select(query)

    def by(self, who: str) -> Campaign:
        """Return the campaign in the hands of one of its people."""
        row = self.people[who]
        return self.campaign.acting(Actor(who, row.code("role"), row.code("unit")))

    def play(self) -> None:
        """Play every day on which anything happens, in the order that the page declares."""
        visits, calls = self.table.under("走访台账"), self.table.under("抽样和回访", 1)
        days = {day(row["entered"] or row["on"]) for row in visits}
        days |= {row.day("raised") for row in self.tickets} | {step.on for step in self.steps}
        days |= {row.day("on") for row in calls} | {week.on for week in self._weeks()}
        days |= {row.day("on") for row in self.table.under("抽样和回访")}
        for on in sorted(days):
            self.now = datetime.combine(on, time(9), tzinfo=ZONE)
            for _ in self.campaign.due():
                self.by("W1").dispatch()
            self._hear(on, visits)
            self._send(on)
            self._work(on)
            self._ask(on, calls)

    def _weeks(self) -> tuple[Any, ...]:
        last = datetime.combine(date(2023, 6, 12), time(9), tzinfo=ZONE)
        return self.campaign.acting(Actor("office", "office"), clock=lambda: last).due()

    def _hear(self, on: date, visits: list[Row]) -> None:
        for row in visits:
            if day(row["entered"] or row["on"]) == on:
                self.by(row["visitor"]).record([_visit(row)], list(self._findings(row)))
        for row in self.tickets:
            if row.code("source") in {"call", "letter", "higher"} and row.day("raised") == on:
                ticket = Ticket(
                    row["ticket"], row.code("source"), row["ticket"], on, row["topic"], row["area"] or None,
                    row["target"] or None,
                )  # fmt: skip
                self.alike += [
                    (a.ticket_id, a.like, a.by, a.days, str(a.status)) for a in self.campaign.similar([ticket])
                ]
                self.by("W1").raise_tickets([ticket])

    def _findings(self, row: Row) -> Iterator[Finding]:
        at_once = {step.ticket_id for step in self.steps if step.verb == "当场"}
        topics = {one["ticket"]: one["topic"] for one in self.tickets}
        for n, word in enumerate(row["heard"].split(), start=1):
            if word in topics:
                assert word == f"{row['visit']}-{n}"
                yield Finding(row["visit"], n, FindingKind.DEMAND, topics[word], solved=word in at_once)
            elif ":" in word:
                kind = {"建议": FindingKind.SUGGESTION, "好做法": FindingKind.GOOD_PRACTICE}[word.split(":")[0]]
                yield Finding(row["visit"], n, kind, word.split(":")[1])

    def _send(self, on: date) -> None:
        for row in self.table.under("普遍问题"):
            if row.day("found") == on:
                problem = Problem(row["problem"], row["topic"], row["lead"], on, "W1")
                self.by("W1").link(problem, row["tickets"].split())
        sent = {s.ticket_id: s.words[0] for s in self.steps if s.verb == "派单" and not s.mark and s.on == on}
        if sent:
            done = self.by("W1").route()
            heads = self.campaign.heads(sent)
            assert ({key: head.unit_id for key, head in heads.items()}, done.n_new, done.unrouted) == (
                sent,
                len(sent),
                (),
            )

    def _work(self, on: date) -> None:
        today = [step for step in self.steps if step.on == on and step.mark != "＊"]
        batches: set[str] = set()
        for done in today:
            if done.mark == "✗":
                self._refused(done)
            elif done.batch and done.batch not in batches:
                batches.add(done.batch)
                together = [one for one in today if one.batch == done.batch]
                approved, refused = ([o.step for o in together if o.verb == verb] for verb in ("销号", "不同意"))
                self.by(done.who).approve(approved, refused)
            elif not done.batch and done.verb not in {"派单", "当场"}:
                self._take(done)
        for row in self.table.under("普遍问题"):
            handled, who = row["handled once"].split()
            if day(handled) == on:
                step = Step("", on, person_id=who, remedy=REMEDIES[row["remedy"]])
                self.by("W1").handle_problem(row["problem"], step)

    def _take(self, done: Done) -> None:
        campaign, event, step = self.by(done.who), EVENTS[done.verb], done.step
        if done.verb == "指派":
            campaign.assign(done.ticket_id, done.words[0])
            return
        verbs = {
            Event.ACCEPT: campaign.accept,
            Event.SEND_BACK: campaign.send_back,
            Event.HANDLE: campaign.handle,
            Event.FEED_BACK: campaign.feed_back,
            Event.APPLY: campaign.apply,
            Event.CLOSE: campaign.close,
            Event.SPLIT: campaign.split,
            Event.MERGE: campaign.merge,
            Event.PAUSE: campaign.limits.pause,
            Event.GO_ON: campaign.limits.go_on,
            Event.ASK_EXTENSION: campaign.limits.ask,
            Event.GRANT_EXTENSION: campaign.limits.grant,
            Event.DENY_EXTENSION: campaign.limits.deny,
        }
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            if event in verbs:
                verbs[event]([step])
            else:
                campaign.reply([(event, step)])
        self.assumed += [(done.ticket_id, done.on) for _ in said]

    def _refused(self, done: Done) -> None:
        before = self.campaign.head
        with pytest.raises(REFUSALS[done.why]):
            self._take(done)
        assert self.campaign.head == before
        self.n_refused += 1

    def _ask(self, on: date, calls: list[Row]) -> None:
        for row in self.table.under("抽样和回访"):
            if row.day("on") == on:
                self.by("W1").draw(seed=on.isoformat())
        for row in calls:
            if row.day("on") == on:
                solved, satisfied = YES_NO[row["solved"]], YES_NO[row["satisfied"]]
                self.by("W1").call_back([CallBack(row["ticket"], on, row.code("outcome"), solved, satisfied, "W1")])


def _visit(row: Row) -> Visit:
    return Visit(
        row["visit"],
        row["target"],
        row.day("on"),
        row["channel"],
        row.code("outcome"),
        row["visitor"],
        row["unit"],
        no_demand=row["heard"] == "无诉求",
        made_known=(row["made known"],) if row["made known"] else (),
    )


@pytest.fixture(scope="session", params=["memory", "sqlite"])
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """The whole campaign of the table, in memory and in a real file."""
    file = tmp_path_factory.mktemp("handworked") / "ledger.sqlite"
    found = Played("memory://" if request.param == "memory" else f"sqlite:///{file}")
    found.play()
    yield found
    found.campaign.close_ledger()


@pytest.fixture(scope="session")
def expected() -> Page:
    """The table of what was worked by hand."""
    return read("expected.md")


WINDOWS = {
    "4 月 9 日": (date(2023, 4, 9), 6),
    "5 月 7 日": (date(2023, 5, 7), 10),
    "6 月 10 日": (date(2023, 6, 10), 15),
}
"""The headings of the three days of the figures; each with its day and the dispatch that freezes it."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each figure of each day."""
    if "metric_id" in metafunc.fixturenames:
        names = sorted({*METRICS, *catalogue(load_plan("huangtun-2023"))})
        metafunc.parametrize("metric_id", names)
    if "heading" in metafunc.fixturenames:
        metafunc.parametrize("heading", WINDOWS)


@pytest.fixture(scope="session")
def days() -> Mapping[str, tuple[date, int]]:
    """The days of the figures, by heading."""
    return WINDOWS
