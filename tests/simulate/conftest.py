"""A small street, played through all its weeks by an office that works on paper: plain openpyxl, plain dicts."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from openpyxl import Workbook, load_workbook

from zoufang.intake.plans import load_plan
from zoufang.model import CampaignPlan
from zoufang.simulate import World

HOUSEHOLDS, SEED = 180, 2023
AFTER = {
    "受理": "办理中",
    "退回": "已退单",
    "办结": "已办结待反馈",
    "反馈": "已反馈",
    "申请销号": "已申请销号",
    "同意销号": "已销号",
    "不同意销号": "办理中",
    "撤诉": "已撤诉",
    "暂停计时": "暂停计时",
    "恢复计时": "办理中",
    "申请延期": "延期待批",
    "同意延期": "办理中",
    "不同意延期": "办理中",
    "分解": "已分解",
    "并案": "已并案",
    "不予立案": "不予立案",
    "到期续办": "办理中",
}
"""What follows each step; telling a person leaves a ticket as it is."""

GONE = {"已销号", "已撤诉", "已并案", "不予立案"}
TODO_HEADERS = (
    "诉求编号",
    "状态",
    "下一步",
    "责任单位",
    "单位名称",
    "主题",
    "区域",
    "来源",
    "来源编号",
    "派单日期",
    "办理时限",
    "版本",
    "办理结果",
    "分解件",
)
WATCH_HEADERS = ("诉求编号", "责任单位", "计划日期", "状态")
PROBLEM_HEADERS = ("问题编号", "主题", "牵头单位", "办理时限", "办理结果")
LIST_HEADERS = ("诉求编号", "责任单位", "主题", "办理结果", "销号日期", "对象编号", "来源编号")


def sheet(path: Path, title: str) -> list[dict[str, Any]]:
    """Read one sheet, one dict a row, by header."""
    book = load_workbook(path, read_only=True)
    headers, *rows = book[title].iter_rows(values_only=True)
    found = [dict(zip(headers, row, strict=True)) for row in rows]
    book.close()
    return found


def csv_rows(path: Path) -> list[dict[str, str]]:
    """Read one CSV file, one dict a row."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def day(value: object) -> date:
    """Read a day as a workbook or a CSV file gives it."""
    return value.date() if isinstance(value, datetime) else date.fromisoformat(str(value))


class Step(NamedTuple):
    """One reply as the paper office took it in."""

    week: int
    status_before: str
    routed_on: date | None
    after: date
    on: date
    row: dict[str, Any]


class PaperOffice:
    """Keeps tickets as dicts, sends the lists out and takes the answers in."""

    def __init__(self, plan: CampaignPlan, folder: Path) -> None:
        self.plan, self.folder = plan, folder
        self.tickets: dict[str, dict[str, Any]] = {}
        self.steps: list[Step] = []
        self.asked: list[dict[str, Any]] = []
        self.closed: list[dict[str, Any]] = []
        self.problems: dict[str, dict[str, Any]] = {}

    def take_in(self, week: int, after: date, on: date) -> None:
        """Take in everything that lies in the inbox for one week."""
        inbox = self.folder / "inbox"
        for path in sorted((inbox / "visits").glob(f"visits-*-w{week:02d}.xlsx")):
            units = {row["记录编号"]: row["责任单位"] for row in sheet(path, "走访")}
            for row in sheet(path, "诉求"):
                if row["类别"] == "诉求":
                    solved = row["现场解决"] == "是"
                    visit = row["记录编号"]
                    self._raise(f"{visit}-{row['序号']}", row["主题"], path.name.split("-")[1], units[visit], solved)
        for name, key in (("hotline.csv", "工单编号"), ("letters.csv", "信件编号")):
            for row in csv_rows(inbox / name):
                self._raise(row[key], row["主题"], row["区域"][:3] or "C01", None, solved=False)
        self._take_steps(inbox, week, after, on)

    def _take_steps(self, inbox: Path, week: int, after: date, on: date) -> None:
        for path in (inbox / "problems").glob(f"problems-w{week:02d}.xlsx"):
            for row in sheet(path, "普遍问题办理"):
                self._problem(row)
        for path in (inbox / "replies").glob(f"replies-w{week:02d}.xlsx"):
            for row in sheet(path, "办理"):
                self._step(week, after, on, row)
        for path in (inbox / "callbacks").glob(f"callbacks-w{week:02d}.xlsx"):
            for row in sheet(path, "回访"):
                self._called(row)

    def _raise(self, ticket_id: str, topic: str, community: str, unit: str | None, solved: bool) -> None:  # noqa: FBT001
        if ticket_id not in self.tickets:
            lead = {t.label.zh: t.unit for t in self.plan.topics}[topic]
            own = lead if lead and not self.plan.unit[lead].per_community else community
            self.tickets[ticket_id] = {
                "topic": topic, "unit": unit if solved else own, "routed_on": None, "remedy": "已解决",
                "status": "已反馈" if solved else "待派单", "version": 3 if solved else 1, "area": community,
                "plan_on": None, "parts": (),
            }  # fmt: skip

    def _step(self, week: int, after: date, on: date, row: dict[str, Any]) -> None:
        ticket = self.tickets[row["诉求编号"]]
        self.steps.append(Step(week, ticket["status"], ticket["routed_on"], after, on, row))
        ticket["status"] = AFTER.get(row["动作"], ticket["status"])
        ticket["version"] += 1
        ticket["remedy"] = row["办理结果"] or ticket["remedy"]
        if row["动作"] == "办结":
            ticket["plan_on"] = row["计划日期"] and day(row["计划日期"])
        if row["动作"] == "分解":
            self._split(ticket, row)
        if row["动作"] == "同意销号":
            self.closed.append({**ticket, "id": row["诉求编号"], "on": day(row["日期"])})

    def _split(self, ticket: dict[str, Any], row: dict[str, Any]) -> None:
        """Give each unit a part of its own, sent the same day."""
        ids = {unit.name: unit.id for unit in self.plan.units}
        ticket["parts"] = tuple(f"{row['诉求编号']}/{n + 1}" for n in range(row["分解单位"].count("、") + 1))
        for part, unit in zip(ticket["parts"], row["分解单位"].split("、"), strict=True):
            own = {"unit": ids.get(unit, unit), "routed_on": day(row["日期"]), "status": "待受理", "version": 2}
            self.tickets[part] = {**ticket, **own, "remedy": None, "parts": ()}

    def _problem(self, row: dict[str, Any]) -> None:
        """Link tickets to a problem, or handle all that are not handled yet."""
        if row["动作"] == "关联":
            whole = {
                "topic": row["主题"],
                "unit": row["牵头单位"],
                "on": day(row["日期"]),
                "remedy": None,
                "tickets": [],
            }
            self.problems.setdefault(row["问题编号"], whole)["tickets"] += row["关联诉求"].split("、")
            return
        problem = self.problems[row["问题编号"]]
        problem["remedy"] = row["办理结果"]
        for ticket in (self.tickets[i] for i in problem["tickets"]):
            if ticket["status"] in {"待受理", "办理中"}:
                ticket.update(status="已办结待反馈", remedy=row["办理结果"], version=ticket["version"] + 2)

    def _called(self, row: dict[str, Any]) -> None:
        ticket = self.tickets[row["诉求编号"]]
        self.asked.append({**row, "unit": ticket["unit"]})
        if row["是否解决"] == "否":
            ticket["status"], ticket["version"] = "办理中", ticket["version"] + 1

    def send_out(self, on: date) -> None:
        """Route what is new and write the two lists; every closed ticket is called back."""
        for ticket in self.tickets.values():
            if ticket["status"] in {"待派单", "已退单"}:
                ticket.update(status="待受理", routed_on=on, version=ticket["version"] + 1)
        todo = [
            (
                i, t["status"], "", t["unit"], "", t["topic"], t["area"], "走访", "", t["routed_on"], self._due(t),
                t["version"], t["remedy"] if t["status"].startswith("已") else None, self._told(t["parts"]),
            )
            for i, t in self.tickets.items()
            if t["status"] not in GONE
        ]  # fmt: skip
        self._write("todo.xlsx", "待办", TODO_HEADERS, todo)
        watched = [
            (i, t["unit"], t["plan_on"], t["status"])
            for i, t in self.tickets.items()
            if t["status"] == "已销号" and t["remedy"] != "已解决" and t["plan_on"] and t["plan_on"] <= on
            if "/" not in i
        ]
        self._write("watch-list.xlsx", "承诺跟踪", WATCH_HEADERS, watched)
        common = [
            (i, p["topic"], p["unit"], self.plan.working_days.add_working_days(p["on"], 5), p["remedy"])
            for i, p in self.problems.items()
        ]
        linked = [(i, ticket_id) for i, p in self.problems.items() for ticket_id in p["tickets"]]
        self._write(
            "problems.xlsx", "普遍问题", PROBLEM_HEADERS, common, ("关联诉求", ("问题编号", "诉求编号"), linked)
        )
        listed = [(t["id"], t["unit"], t["topic"], t["remedy"], t["on"], "", "") for t in self.closed]
        self._write("callback-list.xlsx", "回访名单", LIST_HEADERS, listed)
        self.closed = []

    def _due(self, ticket: dict[str, Any]) -> date | None:
        """Return the fifth working day after it was sent."""
        return ticket["routed_on"] and self.plan.working_days.add_working_days(ticket["routed_on"], 5)

    def _told(self, parts: tuple[str, ...]) -> str:
        """Return what the list tells of the parts of a ticket."""
        found = ((part, self.tickets[part]) for part in parts)
        return "、".join(f"{part} {t['status']}" + (f"（{t['remedy']}）" if t["remedy"] else "") for part, t in found)

    def _write(
        self, name: str, title: str, heads: tuple[str, ...], rows: list[tuple[Any, ...]], *more: tuple[str, Any, Any]
    ) -> None:
        book = Workbook()
        page = book.active
        assert page is not None
        page.title = title
        for row in (heads, *rows):
            page.append(row)
        for other, other_heads, other_rows in more:
            page = book.create_sheet(other)
            for row in (other_heads, *other_rows):
                page.append(row)
        (self.folder / "outbox").mkdir(exist_ok=True)
        book.save(self.folder / "outbox" / name)


class Played(NamedTuple):
    """A street whose campaign has been played to its end."""

    world: World
    folder: Path
    office: PaperOffice
    truth: dict[str, Any]
    areas: list[dict[str, Any]]
    people: dict[str, dict[str, Any]]
    targets: dict[str, dict[str, Any]]
    visits: list[dict[str, Any]]
    findings: list[dict[str, Any]]


def play(folder: Path, seed: int = SEED) -> tuple[World, PaperOffice]:
    """Play a small street through all its weeks."""
    plan = load_plan("huangtun-2023")
    world = World.make(plan, households=HOUSEHOLDS, seed=seed)
    office = PaperOffice(plan, folder)
    world.write_register(folder)
    for week in world.weeks:
        world.write_week(folder, week.number)
        world.answer(folder, week.number, week.on)
        office.take_in(week.number, week.on - timedelta(days=7), week.on)
        office.send_out(week.on)
    return world, office


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """One small street, played once for all tests."""
    folder = tmp_path_factory.mktemp("street")
    world, office = play(folder)
    truth = json.loads(world.write_truth(tmp_path_factory.mktemp("truth") / "truth.json").read_text("utf-8"))
    register = folder / "inbox" / "register.xlsx"
    books = sorted((folder / "inbox" / "visits").iterdir())
    return Played(
        world, folder, office, truth, sheet(register, "区域"),
        {row["人员编号"]: row for row in sheet(register, "人员")},
        {row["对象编号"]: row for row in sheet(register, "走访对象")},
        [row for book in books for row in sheet(book, "走访")],
        [row for book in books for row in sheet(book, "诉求")],
    )  # fmt: skip


@pytest.fixture(scope="session")
def play_again(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Play a street once more, from any seed, into a fresh folder."""

    def again(seed: int) -> Path:
        folder = tmp_path_factory.mktemp("again")
        play(folder, seed)
        return folder

    return again
