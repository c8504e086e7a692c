"""`zoufang plan`: check a plan file, or draw it."""

from __future__ import annotations

import sys

import click
from rich.console import Console

from zoufang.cli._plan_tables import plan_tables
from zoufang.cli.options import language_option
from zoufang.cli.shell import Shell
from zoufang.errors import BadInputError
from zoufang.intake.plans import packaged_plans, parse_plan, place_line, plan_text
from zoufang.model import CampaignPlan
from zoufang.rules.plan_check import Remark, check_plan
from zoufang.typing import Language, Text

BAD_INPUT = 2
WIDTH_WITHOUT_TERMINAL = 120

_ERRORS = Text("错误 {n} 处：", "{n} error(s):")
_REMARKS = Text("说明 {n} 处：", "{n} remark(s):")
_GOOD = Text("方案 {id} 可以使用。", "plan {id} can be used.")
_BAD = Text("方案 {id} 有错误，改正后才能使用。", "plan {id} has errors; it can be used when they are mended.")
_CANNOT_SHOW = Text(
    "方案有错误，无法画出；请先运行 zoufang plan check {file}",
    "the plan has errors and cannot be drawn; run zoufang plan check {file} first",
)

_FILES = f"""FILE 是方案文件（TOML）的路径，或内置方案的名称：{"、".join(packaged_plans())}。

FILE is the path of a plan file (TOML), or the name of a packaged plan."""


@click.group(cls=Shell)
def plan() -> None:
    """检查、显示方案文件 / check or draw a plan file.

    方案是一个 TOML 文件，写明走访谁、由谁负责、分几个阶段、期限多长。
    新方案可从内置的 blank 抄起，每一项都有说明。

    A plan is a TOML file: who is visited, who answers, in which phases, within which limits.
    """


@plan.command(epilog=_FILES)
@click.argument("file")
@language_option
@click.pass_context
def check(ctx: click.Context, file: str, lang: Language) -> None:
    """检查方案：错误与说明 / check a plan: errors and remarks.

    错误须改正（退出码 2），例如某类对象没有责任单位、两个阶段之间有空档、日期不存在。
    说明只是提醒（退出码 0），例如实际天数与名称不同、某天同属两个阶段、交叉职责怎样处理。

    An error must be mended (exit code 2); a remark is worth knowing (exit code 0).

    例 / example: zoufang plan check huangtun-2023
    """
    text, found_plan = _load(ctx, file, lang)
    found = check_plan(found_plan)
    errors = [remark for remark in found if remark.level == "error"]
    remarks = [remark for remark in found if remark.level == "remark"]
    _print_all(_ERRORS, errors, text, lang)
    _print_all(_REMARKS, remarks, text, lang)
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
