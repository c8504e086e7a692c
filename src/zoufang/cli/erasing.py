"""`zoufang erase`, `readmit` and `erasures`: how a person is forgotten, and who has been."""

from __future__ import annotations

from pathlib import Path

import click

from zoufang.cli.asking import asked, show
from zoufang.cli.options import Command, language_option
from zoufang.cli.shell import FAILED
from zoufang.typing import Language, Text

_ERASED = Text(
    "{id} 的个人信息已删除（第 {seq} 号提交）：文字 {n} 条，连同 {tickets} 件诉求",
    "the private data of {id} are erased (commit {seq}): {n} texts, with those of {tickets} tickets",
)
_LEFT = Text(
    "已删除的内容还留在台账文件的写前日志里：请关闭正在读取台账的程序，再运行一次同样的命令",
    "the deleted bytes still stand in the ledger's log: close the programs that are reading it, and run this again",
)
_LINKED = Text(
    "关联的走访对象没有删除：{ids}；需要的话请分别删除",
    "linked to it and not erased: {ids}; erase them too if need be",
)
_ELSEWHERE = Text(
    "台账以外的不在此列：收件箱里的原始文件、已写出的表格、备份、打印件，请另行处理",
    "this reaches the ledger alone: files in the inbox, written lists, backups and paper are for you to see to",
)
_READMITTED = Text(
    "{id} 今后可以重新登记个人信息（第 {seq} 号提交）；已删除的不会恢复",
    "private data of {id} may be written down again (commit {seq}); what was erased does not come back",
)
_HEADS = (
    Text("提交", "commit"),
    Text("日期", "day"),
    Text("编号", "whose"),
    Text("事项", "what"),
    Text("经办人", "by"),
    Text("理由", "why"),
)
_STATES = {"erased": Text("已删除", "erased"), "readmitted": Text("恢复登记", "readmitted")}


def _signed(command: Command) -> Command:
    """Give a command the options that say who decides, and why."""
    reason = click.option(
        "--reason", required=True, help="理由，几个字，不写姓名电话 / why, without names and numbers."
    )
    person = click.option("--person", required=True, help="经办人在名册上的编号 / who decides, by the register.")
    return person(reason(command))


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("id_", metavar="ID")
@_signed
@language_option
@click.pass_context
def erase(ctx: click.Context, *, folder: Path, id_: str, reason: str, person: str, lang: Language) -> None:
    """删除一个走访对象、诉求或人员的个人信息 / erase somebody's private data.

    销毁姓名、电话、地址和原话（连同这个对象的诉求里的），以及加密台账中此人的密钥。台账记下谁、何时、因何删除，
    不记删了什么；核对台账（zoufang verify）仍然完好。走访和办理的记录保留，数字不变。只有办公室和领导可以删除。

    以后再导入同一对象的材料，照常登记，但不再保存个人信息；需要重新保存的，用 zoufang readmit。

    Destroys names, telephones, addresses and words, and the person's key. Facts stay, figures do not change. Exit code
    1 where the bytes could not be taken out of the file yet: run it again.

    例 / example: zoufang erase demo-out H-0001 --reason 本人申请 --person P-wangge-1
    """
    with asked(folder, masked=False) as campaign:
        own = campaign.acting(campaign.actor(person))
        done = own.erase(id_, reason)
    said = _ERASED.said_in(lang)
    click.echo(said.format(id=id_, seq=done.seq, n=done.n_texts, tickets=len(done.subject_ids) - 1))
    if done.linked:
        click.echo(_LINKED.said_in(lang).format(ids="、".join(done.linked)), err=True)
    click.echo(_ELSEWHERE.said_in(lang), err=True)
    if not done.gone:
        click.echo(_LEFT.said_in(lang), err=True)
        ctx.exit(FAILED)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("id_", metavar="ID")
@_signed
@language_option
def readmit(*, folder: Path, id_: str, reason: str, person: str, lang: Language) -> None:
    """删除之后，允许重新登记个人信息 / let private data be written down again.

    用于住户更换，或本人要求重新登记。已经删除的不会恢复。

    For a new household, or the person's own wish. Nothing that was erased comes back.

    例 / example: zoufang readmit demo-out H-0001 --reason 新住户 --person P-wangge-1
    """
    with asked(folder, masked=False) as campaign:
        own = campaign.acting(campaign.actor(person))
        own.readmit(id_, reason)
        seq = own.head.seq
    click.echo(_READMITTED.said_in(lang).format(id=id_, seq=seq))


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--person", required=True, help="查看人在名册上的编号 / who looks, by the register.")
@language_option
def erasures(*, folder: Path, person: str, lang: Language) -> None:
    """列出个人信息的删除记录 / list whose data were erased, by whom and why.

    办公室、领导和审计可以查看 / for the office, the leader and auditors.

    例 / example: zoufang erasures demo-out --person P-wangge-1
    """
    with asked(folder) as campaign:
        found = campaign.acting(campaign.actor(person)).erasures()
    rows = [(e.seq, e.on, e.subject_id, _STATES[e.state].said_in(lang), e.actor, e.reason) for e in found]
    show(_HEADS, rows, lang, numbers=_HEADS[:1])
