"""`zoufang plan`: check a plan file, or draw it."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console

from zoufang.builtin import core
from zoufang.cli._plan_tables import plan_tables
from zoufang.cli.asking import asked
from zoufang.cli.options import language_option
from zoufang.cli.shell import Shell
from zoufang.cli.years import year
from zoufang.errors import BadInputError
from zoufang.folder import explain_by, read_roster
from zoufang.intake.plans import packaged_plans, parse_plan, place_line, plan_text
from zoufang.model import CampaignPlan
from zoufang.rules import Remark, check_plan, check_register
from zoufang.sdk import Plugins
from zoufang.typing import Language, Text

BAD_INPUT = 2
WIDTH_WITHOUT_TERMINAL = 120

_ERRORS = Text("错误 {n} 处：", "{n} error(s):")
_REMARKS = Text("说明 {n} 处：", "{n} remark(s):")
_REGISTER = Text("与名册核对，说明 {n} 处：", "against the register, {n} remark(s):")
_GOOD = Text("方案 {id} 可以使用。", "plan {id} can be used.")
_BAD = Text("方案 {id} 有错误，改正后才能使用。", "plan {id} has errors; it can be used when they are mended.")
_CANNOT_SHOW = Text(
    "方案有错误，无法画出；请先运行 zoufang plan check {file}",
    "the plan has errors and cannot be drawn; run zoufang plan check {file} first",
)

_FILES = f"""FILE 是方案文件（TOML）的路径，或内置方案的名称：{"、".join(packaged_plans())}。

FILE is the path of a plan file (TOML), or the name of a packaged plan."""


_register_option = click.option(
    "--register", type=click.Path(path_type=Path, dir_okay=False), help="登记册 register.xlsx / the register."
)


@click.group(cls=Shell)
def plan() -> None:
    """检查、显示方案文件 / check or draw a plan file.

    方案是一个 TOML 文件，写明走访谁、由谁负责、分几个阶段、期限多长。
    新方案可从内置的 blank 抄起，每一项都有说明。

    A plan is a TOML file: who is visited, who answers, in which phases, within which limits.
    """


@plan.command(epilog=_FILES)
@click.argument("file")
@_register_option
@language_option
@click.pass_context
def check(ctx: click.Context, file: str, register: Path | None, lang: Language) -> None:
    """检查方案：错误与说明 / check a plan: errors and remarks.

    错误须改正（退出码 2），例如某类对象没有责任单位、两个阶段之间有空档、日期不存在。
    说明只是提醒（退出码 0），例如实际天数与名称不同、某天同属两个阶段、交叉职责怎样处理。

    加上 --register，再核对名册：哪里没有责任单位、哪个单位没有人员、哪个网格没有网格员。

    An error must be mended (exit code 2); a remark is worth knowing (exit code 0).

    例 / example: zoufang plan check huangtun-2023
    """
    text, found_plan = _load(ctx, file, lang)
    found = check_plan(found_plan)
    errors = [remark for remark in found if remark.level == "error"]
    remarks = [remark for remark in found if remark.level == "remark"]
    _print_all(_ERRORS, errors, text, lang)
    _print_all(_REMARKS, remarks, text, lang)
    if register is not None and not errors:
        _print_all(_REGISTER, list(check_register(found_plan, read_roster(register, found_plan))), text, lang)
    click.echo((_BAD if errors else _GOOD).said_in(lang).format(id=found_plan.id))
    ctx.exit(BAD_INPUT if errors else 0)


@plan.command(epilog=_FILES)
@click.argument("file")
@language_option
@click.pass_context
def show(ctx: click.Context, file: str, lang: Language) -> None:
    """画出方案：日历与责任矩阵 / draw a plan: its calendar and matrix.

    先列目标，再列阶段、每周日历、单位与走访对象的责任矩阵、诉求主题的牵头单位、期限。

    例 / example: zoufang plan show huangtun-2023 --lang en
    """
    _, found_plan = _load(ctx, file, lang)
    if any(remark.level == "error" for remark in check_plan(found_plan)):
        click.echo(_CANNOT_SHOW.said_in(lang).format(file=file), err=True)
        ctx.exit(BAD_INPUT)
    width = None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL
    Console(width=width, highlight=False, emoji=False).print(plan_tables(found_plan, lang))


@plan.command(epilog=_FILES)
@click.argument("source")
@click.argument("target")
@_register_option
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="按这一天有效的职责 / duties in force on this day.")
@language_option
@click.pass_context
def explain(
    ctx: click.Context, source: str, target: str, *, register: Path | None, today: datetime | None, lang: Language
) -> None:
    """说明谁负责一个走访对象、依据哪一条 / who answers for a target, and by which rule.

    SOURCE 是活动文件夹，TARGET 是对象编号；SOURCE 也可以是方案文件：加 --register 时 TARGET 是对象编号，
    不加时 TARGET 是类别，可带社区，例如 household@C01。

    SOURCE is a campaign folder, or a plan file with --register; without a register TARGET is a kind.

    例 / example: zoufang plan explain huangtun-2023 shop
    """
    on = None if today is None else today.date()
    if Path(source).is_dir():
        with asked(Path(source), today=on, lang=lang) as campaign:
            steps = campaign.planner.explain(target)
    else:
        _, found_plan = _load(ctx, source, lang)
        if any(remark.level == "error" for remark in check_plan(found_plan)):
            click.echo(_CANNOT_SHOW.said_in(lang).format(file=source), err=True)
            ctx.exit(BAD_INPUT)
        roster = None if register is None else read_roster(register, found_plan)
        steps = explain_by(found_plan, target, roster=roster, plugins=Plugins.discover(core), on=on)
    for step in steps:
        clause = Text(f"（方案 {step.clause}）", f" (plan {step.clause})").said_in(lang) if step.clause else ""
        click.echo(f"{step.text.said_in(lang)}{clause}")


def _load(ctx: click.Context, file: str, lang: Language) -> tuple[str, CampaignPlan]:
    try:
        text = plan_text(file)
        return text, parse_plan(text, file=file)
    except BadInputError as error:
        click.echo(error.said_in(lang), err=True)
        ctx.exit(BAD_INPUT)


def _print_all(heading: Text, found: list[Remark], text: str, lang: Language) -> None:
    if found:
        click.echo(heading.said_in(lang).format(n=len(found)))
    for n, remark in enumerate(found, start=1):
        line = place_line(text, remark.place)
        clause = Text(f"方案 {remark.clause}", f"plan {remark.clause}").said_in(lang) if remark.clause else ""
        at = Text(f"第 {line} 行", f"line {line}").said_in(lang) if line else ""
        where = "，".join(filter(None, (at, clause))) if lang == "zh" else ", ".join(filter(None, (at, clause)))
        brackets = Text(f"（{where}）", f" ({where})").said_in(lang) if where else ""
        click.echo(f"  {n}. {remark.place}{brackets}\n     {remark.text.said_in(lang)}")


plan.add_command(year)
