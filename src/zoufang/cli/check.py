"""`zoufang verify`: is the ledger as it was written?"""

from __future__ import annotations

from pathlib import Path

import click

from zoufang.cli.options import language_option
from zoufang.cli.shell import FAILED, Bars
from zoufang.folder import LEDGER, Folder
from zoufang.ledger import SqlLedger
from zoufang.typing import Language, Text

_GOOD = Text(
    "台账完好：{n_commits} 次提交，{n_facts} 条事实，检查点 {code}",
    "the ledger is in order: {n_commits} commits, {n_facts} facts, checkpoint {code}",
)
_BAD = Text(
    "台账被改动：第 {seq} 次提交有问题（{problem}）；此前的 {n_commits} 次提交完好",
    "the ledger was changed: commit {seq} is not in order ({problem}); the {n_commits} commits before it are",
)


@click.command()
@click.argument("ledger", type=click.Path(path_type=Path))
@language_option
@click.pass_context
def verify(ctx: click.Context, ledger: Path, lang: Language) -> None:
    """核对台账：逐次提交重算摘要和链 / check a ledger against its chain.

    LEDGER 是台账文件，或活动文件夹。完好时退出码 0；被改动过时退出码 1，并指出第一个有问题的提交。

    LEDGER is a ledger file or a campaign folder. Exit code 0 in order, 1 changed, 2 no ledger.

    例 / example: zoufang verify demo-out
    """
    if ledger.is_dir() and Folder(ledger).plan_file.is_file():
        Folder(ledger).need_ledger()
    path = ledger / LEDGER if ledger.is_dir() else ledger
    opened = SqlLedger.open(f"sqlite:///{path}")
    try:
        with Bars(lang) as bars:
            verdict = opened.verify(bars)
    finally:
        opened.close()
    if verdict.ok:
        words = _GOOD.said_in(lang)
        click.echo(words.format(n_commits=verdict.n_commits, n_facts=verdict.n_facts, code=verdict.head.code))
        return
    problem = "" if verdict.problem is None else verdict.problem.said_in(lang)
    words = _BAD.said_in(lang)
    click.echo(words.format(seq=verdict.first_bad, problem=problem, n_commits=verdict.n_commits), err=True)
    ctx.exit(FAILED)
