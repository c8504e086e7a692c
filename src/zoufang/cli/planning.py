"""`zoufang workplan` and `zoufang handover`: who goes when, and what comes after."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from pathlib import Path

import click
from rich.table import Table

from zoufang.cli.asking import asked
from zoufang.cli.options import language_option
from zoufang.cli.shell import console
from zoufang.folder import Folder
from zoufang.folder import hand_over as hand_over_campaign
from zoufang.folder import plan_work as plan_work_in
from zoufang.rules import WorkPlan
from zoufang.typing import Language, Text

_UNIT, _PEOPLE = Text("单位", "unit"), Text("人数", "people")
_DONE, _LEFT = Text("已走访", "visited"), Text("待走访", "to visit")
_ROOM, _OVER = Text("可走访", "capacity"), Text("超出", "over")
_NOBODY = Text("无人可派", "nobody to go")
_ROUND = Text("第 {n} 轮走访计划，自 {day} 起。", "work plan, round {n}, from {day}.")
_SAME = Text("与上一轮相同，没有重新登记。", "the same as the round before; nothing was recorded.")
_TOO_MUCH = Text(
    "{n} 次走访超出可用人力，请增加人手、提高日走访量或延长阶段。",
    "{n} visits go beyond what people can do: send more people, raise the capacity or prolong the phase.",
)
_UNPLANNED = Text(
    "{n} 次走访没有排入：责任单位没有可到该网格走访并登记的人员，或已没有工作日；见 outbox/unplanned.xlsx。",
    "{n} visits were not planned: their units have nobody who may go there, or no working day is left; "
    "see outbox/unplanned.xlsx.",
)
_WRITTEN = Text("已写出：{path}", "written: {path}")
_CARRIED = Text(
    "常态化方案 {id}：{first} 至 {last}，移交 {n} 件（未销号 {open}，承诺办理 {promise}，列入跟踪 {watch}）。",
    "plan {id}: {first} to {last}, {n} carried over ({open} open, {promise} promised, {watch} watched).",
)
_NEXT = Text("请检查后使用：zoufang plan check {path}", "look through it, then: zoufang plan check {path}")

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--today", type=_DAY, help="从这一天起排，默认今天 / plan from this day on.")
@language_option
def workplan(*, folder: Path, today: datetime | None, lang: Language) -> None:
    """排走访计划：谁在哪一周走访谁 / plan who visits what in which week.

    按日走访量、工作日和预计缺勤分配，每个单位写一个 outbox/workplan-单位.xlsx，每人一张表。
    走访开始后再运行，只重排还没走访的，已走访的保留。加密的台账没有主密钥时，只能重写现行一轮；要登记新一轮须有主密钥。

    Run again at any date, it plans anew what is left and keeps what was done. Without the master key of an encrypted
    ledger it writes the round in force again; a new one cannot be recorded.

    例 / example: zoufang workplan 大走访 --today 2023-02-28
    """
    with asked(folder, today=None if today is None else today.date(), lang=lang) as campaign:
        done = plan_work_in(Folder.at(folder), campaign)
    day = "—" if today is None else f"{today:%Y-%m-%d}"
    click.echo(_ROUND.said_in(lang).format(n=done.worked.round, day=day))
    if done.worked.done.receipt is None:
        click.echo(_SAME.said_in(lang))
    console().print(_loads(done.worked.plan, lang))
    if done.worked.plan.over:
        click.echo(_TOO_MUCH.said_in(lang).format(n=done.worked.plan.over), err=True)
    if done.worked.plan.unplanned:
        click.echo(_UNPLANNED.said_in(lang).format(n=len(done.worked.plan.unplanned)), err=True)
    for path in done.written:
        click.echo(_WRITTEN.said_in(lang).format(path=path))


def _loads(plan: WorkPlan, lang: Language) -> Table:
    """Draw one line a unit: people, visits made and left, what can be done, and by how much that is exceeded."""
    table = Table(*(words.said_in(lang) for words in (_UNIT, _PEOPLE, _DONE, _LEFT, _ROOM, _OVER, _NOBODY)))
    for column in table.columns[1:]:
        column.justify = "right"
    people: defaultdict[str, set[str]] = defaultdict(set)
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    for line in plan.lines:
        counts[line.owed.unit_id][0] += line.done
    for load in plan.loads:
        people[load.unit_id].add(load.person_id)
        for i, n in enumerate((load.n, load.capacity, load.over), 1):
            counts[load.unit_id][i] += n
    for owed in plan.unplanned:
        counts[owed.unit_id][4] += 1
    for unit in sorted({*people, *counts}):
        table.add_row(unit, str(len(people[unit])), *(str(n) if n else "·" for n in counts[unit]))
    return table


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="写到哪里 / where to write."
)
@click.option("--today", type=_DAY, help="移交日，默认今天 / day of the hand-over.")
@language_option
def handover(*, folder: Path, out: Path, today: datetime | None, lang: Language) -> None:
    """移交常态化：写出下一份方案 / hand the campaign over: write the plan of regular work.

    未销号的、承诺日后办理的、列入跟踪的诉求和各类对象的联系频次写进新方案的 [regular] 一节；不改动原台账。

    Open tickets, promises, the watch list and the rhythm of contact go into the new plan's [regular].

    例 / example: zoufang handover 大走访 --out 常态化.toml --today 2023-06-10
    """
    with asked(folder, today=None if today is None else today.date(), lang=lang) as campaign:
        made = hand_over_campaign(campaign, out)
    carried = () if made.plan.regular is None else made.plan.regular.carried
    why = {reason: sum(one.why == reason for one in carried) for reason in ("open", "promise", "watch")}
    first, last = made.plan.first_on, made.plan.last_on
    click.echo(_CARRIED.said_in(lang).format(id=made.plan.id, first=first, last=last, n=len(carried), **why))
    click.echo(_WRITTEN.said_in(lang).format(path=out))
    click.echo(_NEXT.said_in(lang).format(path=out))
