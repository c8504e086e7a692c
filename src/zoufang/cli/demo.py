"""`zoufang demo`: a whole campaign on made-up files, through the ordinary import."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from rich.table import Table

from zoufang.analysis import Window
from zoufang.builtin import core
from zoufang.cli.options import language_option
from zoufang.cli.shell import Bars, console
from zoufang.folder import Folder, open_campaign, run
from zoufang.intake import load_plan
from zoufang.reports import Share, goals_by_unit
from zoufang.sdk import Plugins
from zoufang.simulate import World
from zoufang.typing import Language, Text

_TITLE = Text("三个100%（截至活动结束）", "The three 100% at the end of the campaign")
_DONE = Text(
    "{n} 期周通报在 {dispatches}；台账 {ledger}；埋下的真相在 {truth}",
    "{n} weekly dispatches in {dispatches}; the ledger is {ledger}; what was planted is in {truth}",
)
_VERIFY = Text("可以核对：zoufang verify {folder}", "check it: zoufang verify {folder}")


@click.command()
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="写到哪个新文件夹 / a new folder."
)
@click.option(
    "--households", type=click.IntRange(30, 1_000_000), default=3000, show_default=True, help="居民户数 / households."
)
@click.option(
    "--seed",
    type=int,
    default=2023,
    show_default=True,
    help="随机种子，相同则结果相同 / the same seed, the same street.",
)
@click.option(
    "--plan", default="huangtun-2023", show_default=True, help="内置方案的名称，或方案文件 / packaged name or file."
)
@language_option
def demo(*, out: Path, households: int, seed: int, plan: str, lang: Language) -> None:
    """用虚构的街道看一遍完整的活动 / a made-up street's whole campaign.

    先写出办公室会有的文件（名册、每社区每周的走访记录、来电、来信），再逐周导入、派单、办理、反馈、回访、销号：
    每周日导入、派单，每周一制作通报，最后列出三个100%。3,000 户约一分钟。

    例 / example: zoufang demo --out demo-out
    """
    folder = Folder.init(out, plan)
    host = Plugins.discover(core)
    world = World.make(load_plan(plan), households=households, seed=seed)
    with Bars(lang) as bars:
        world.write_register(out)
        for week in bars(world.weeks, label="weeks", total=len(world.weeks)):
            world.write_week(out, week.number)
            world.answer(out, week.number, week.to_on)
            for today in (week.to_on, week.on):
                run(folder, plugins=host, today=today, progress=bars)
    truth = world.write_truth(out / "truth.json")
    _show(folder, host, lang, truth)


def _paired(row: Sequence[object]) -> list[str]:
    """Return a row with each count and its share in one cell."""
    pairs = zip(row[1::2], row[2::2], strict=True)
    shares = (f"{n}  {share.printed if isinstance(share, Share) else share:>7}" for n, share in pairs)
    return [str(row[0]), *shares]


def _show(folder: Folder, host: Plugins, lang: Language, truth: Path) -> None:
    campaign = open_campaign(folder, host)
    try:
        shown = goals_by_unit(campaign.ledger, campaign.plan, Window(), lang)
        n = len(campaign.dispatches())
    finally:
        campaign.close_ledger()
    table = Table(title=_TITLE.said_in(lang))
    table.add_column(shown.columns[0].header, no_wrap=True)
    for column in shown.columns[2::2]:
        table.add_column(column.header, justify="right")
    for row in shown.rows:
        table.add_row(*_paired(row))
    table.add_section()
    table.add_row(*_paired(shown.total or ()))
    out = console()
    out.print(table)
    words = {"n": n, "dispatches": folder.dispatches, "ledger": folder.ledger_file, "truth": truth}
    out.print(_DONE.said_in(lang).format(**words), soft_wrap=True)
    out.print(_VERIFY.said_in(lang).format(folder=folder.path), soft_wrap=True)
