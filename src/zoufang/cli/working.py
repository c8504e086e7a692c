"""`zoufang init`, `run` and `dispatch`: an office's own folder."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from attrs import evolve
from rich.table import Table

from zoufang.builtin import core
from zoufang.cli.keys import key_option, opened_key
from zoufang.cli.options import language_option
from zoufang.cli.shell import Bars, console
from zoufang.folder import Folder, RunDone, checkpoint_of, open_campaign, signature_line
from zoufang.folder import run as run_folder
from zoufang.reports import digest, put_in_place
from zoufang.sdk import Plugins
from zoufang.typing import Language, Text

_MADE = Text(
    "已建好 {folder}：方案 plan.toml，空白表在 templates。填好后放进 inbox，再运行 zoufang run {folder}",
    "{folder} is ready: plan.toml, and empty workbooks in templates. Fill them into inbox, then zoufang run {folder}",
)
_FILE = Text("文件", "file")
_WHAT = Text("内容", "what")
_ROWS = Text("行数", "rows")
_NEW = Text("新记入", "new")
_KNOWN = Text("已有", "known")
_BAD = Text("搁置", "set aside")
_DIFFERS = Text("冲突", "conflicts")
_SOFT = Text(
    "{n} 件诉求在填表之后又有变动，不影响所填的办理，已照记：{first}",
    "{n} tickets had moved on since the replies were filled in, which touches none of them; recorded: {first}",
)
_CONFLICTS = Text(
    "{n} 条与已记录的内容不同，已列为冲突，原记录不变；请办公室裁定：zoufang conflicts {folder}",
    "{n} rows differ from what is recorded and stand as conflicts beside it; settle them: zoufang conflicts {folder}",
)
_NOTHING = Text("没有新文件。", "nothing new.")
_ROUTED = Text("派单 {n} 件", "tickets sent to units: {n}")
_DRAWN = Text("抽取回访 {n} 件", "tickets drawn for a call-back: {n}")
_UNROUTED = Text("无牵头单位 {n} 个，请办公室确定：{first}", "{n} without a lead, for the office to decide: {first}")
_DISPATCHED = Text("已制作通报：第 {numbers} 期", "dispatches made: {numbers}")
_UNREAD = Text(
    "有 {n} 个文件没有读取（位置或格式不对）：{names}；各类文件应放的位置见 zoufang run --help 和说明文档",
    "{n} files were not read, being in the wrong place or of another kind: {names}; see zoufang run --help",
)
_CHANGED = Text(
    "注意：本期内容与当时封存的摘要不符（程序版本已变）；请以当时印出的为准",
    "note: this differs from the digest that was sealed then (the program has changed since); the first print stands",
)
_WRITTEN = Text("已写出：{path}", "written: {path}")
_REMARK = Text("说明：{text}", "remark: {text}")
SHOWN = 5


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--plan", default="huangtun-2023", show_default=True, help="内置方案的名称，或方案文件 / packaged name or file."
)
@language_option
def init(folder: Path, plan: str, lang: Language) -> None:
    """新建活动文件夹：方案和空白表 / make a campaign's folder.

    例 / example: zoufang init 大走访 --plan huangtun-2023
    """
    Folder.init(folder, plan)
    click.echo(_MADE.said_in(lang).format(folder=folder))


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="按这一天运行，默认今天 / as if on this day.")
@click.option(
    "--set-aside",
    is_flag=True,
    help="读不出来的行搁置，其余导入；默认有一行不对就都不导入 / set rows that cannot be read aside.",
)
@key_option
@language_option
def run(*, folder: Path, today: datetime | None, set_aside: bool, key: Path | None, lang: Language) -> None:
    """导入新文件，派单，到期则制作通报 / import what is new and write what is due.

    读取 FOLDER/inbox 中没有导入过的文件；先全部检查，有问题则什么都不写（退出码 2）。
    到了调度日，制作周通报（dispatches），抽取回访名单，更新待办（outbox）。

    通报一经制作就定稿，之后补录的不影响它：运行前先把名册和当周记录放进 inbox。
    活动日期已过的，必须用 --today 逐周运行。

    给出 --key 时，为每期通报所依据的台账状态签一个检查点（checkpoints），签名印在通报末尾。

    例 / example: zoufang run 大走访 --today 2023-03-06
    """
    at, signing = Folder.at(folder), opened_key(key)
    with Bars(lang) as bars:
        done = run_folder(
            at,
            plugins=Plugins.discover(core),
            today=None if today is None else today.date(),
            strict=not set_aside,
            key=signing,
            progress=bars,
        )
    show_run(done, lang)
    if n := sum(f.n_conflicts for f in done.files):
        click.echo(_CONFLICTS.said_in(lang).format(n=n, folder=folder), err=True)


def show_run(done: RunDone, lang: Language) -> None:
    """Print what came of a run."""
    out = console()
    if done.files:
        differ = [_DIFFERS] if any(f.n_conflicts for f in done.files) else []
        heads = (_FILE, _WHAT, _ROWS, _NEW, _KNOWN, *differ, _BAD)
        table = Table(*(words.said_in(lang) for words in heads))
        for column in table.columns[2:]:
            column.justify = "right"
        for f in done.files:
            counts = (f.n_rows, f.n_new, f.n_known, *([f.n_conflicts] if differ else []), f.n_bad)
            table.add_row(f.name, f.label.said_in(lang), *map(str, counts))
        out.print(table)
    else:
        click.echo(_NOTHING.said_in(lang))
    _tell_done(done, lang)
    _tell_open(done, lang)
    for path in done.written:
        click.echo(_WRITTEN.said_in(lang).format(path=path))


def _tell_done(done: RunDone, lang: Language) -> None:
    if done.n_routed:
        click.echo(_ROUTED.said_in(lang).format(n=done.n_routed))
    if done.n_drawn:
        click.echo(_DRAWN.said_in(lang).format(n=done.n_drawn))
    if done.dispatches:
        click.echo(_DISPATCHED.said_in(lang).format(numbers=", ".join(map(str, done.dispatches))))


def _tell_open(done: RunDone, lang: Language) -> None:
    if done.soft:
        click.echo(_SOFT.said_in(lang).format(n=len(done.soft), first=", ".join(done.soft[:SHOWN])), err=True)
    if done.unrouted:
        first = ", ".join(done.unrouted[:SHOWN])
        click.echo(_UNROUTED.said_in(lang).format(n=len(done.unrouted), first=first), err=True)
    for remark in done.remarks:
        click.echo(_REMARK.said_in(lang).format(text=remark.text.said_in(lang)), err=True)
    if done.unread:
        names = ", ".join(path.name for path in done.unread[:SHOWN])
        click.echo(_UNREAD.said_in(lang).format(n=len(done.unread), names=names), err=True)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("number", type=click.IntRange(min=1))
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="写到哪里 / where to write."
)
@click.option(
    "--format", "format_", default="html", show_default=True, help="html、xlsx 或插件提供的格式 / or a plugin's."
)
@language_option
def dispatch(*, folder: Path, number: int, out: Path, format_: str, lang: Language) -> None:
    """重印第 NUMBER 期通报，与当时一样 / print a dispatch again, as it was.

    例 / example: zoufang dispatch demo-out 5 --out 第5期.html
    """
    at = Folder.at(folder)
    campaign = open_campaign(at, Plugins.discover(core), masked=True)
    try:
        line = signature_line(checkpoint_of(at, campaign, number), lang)
        report = evolve(campaign.report(number, language=lang), signature=line)
        with put_in_place(out) as draft, draft.open("wb") as stream:
            campaign.write(report, stream, format=format_)
        sealed = next(made.digest for made in campaign.dispatches() if made.week.number == number)
        if digest(campaign.report(number)) != sealed:
            click.echo(_CHANGED.said_in(lang), err=True)
    finally:
        campaign.close_ledger()
    click.echo(_WRITTEN.said_in(lang).format(path=out))
