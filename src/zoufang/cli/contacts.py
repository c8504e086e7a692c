"""`zoufang contacts`: names, addresses and telephones in clear, for whoever may see them, and never unrecorded."""

from __future__ import annotations

from pathlib import Path

import click

from zoufang.cli.asking import asked, show
from zoufang.cli.options import language_option
from zoufang.typing import Language, TargetId, Text

_TARGET, _NAME = Text("走访对象", "target"), Text("姓名或名称", "name")
_ADDRESS, _PHONE = Text("地址", "address"), Text("电话", "telephone")
_RECORDED = Text(
    "本次查看已记入台账（第 {seq} 号提交，{person}，用途：{purpose}）。",
    "this reading is recorded (commit {seq}, {person}, purpose: {purpose}).",
)


def _said(_: click.Context, __: click.Parameter, value: str) -> str:
    if not value.strip():
        raise click.BadParameter("不能为空 / must not be blank")
    return value.strip()


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--person", required=True, callback=_said, help="查看人在名册上的编号 / who reads, by the register.")
@click.option("--purpose", required=True, callback=_said, help="用途，几个字 / what for, in a few words.")
@language_option
def contacts(*, folder: Path, ids: tuple[str, ...], person: str, purpose: str, lang: Language) -> None:
    """查看走访对象的姓名、地址和电话（查看即留痕） / read names and telephones in clear; the reading is recorded.

    必须写明查看人和用途。先把这次查看记入台账，再显示；台账记的是谁、何时、看了哪些对象、做什么用，不含姓名和电话。
    网格员只能看本网格的，单位人员只能看本单位负责的，办公室可以看全街道的；有一个超出范围，就一个也不显示（退出码 2）。
    用途会公开留存，不要写姓名、电话。

    Who reads and what for must be said. The reading is committed first and shown second; one target beyond the
    person's reach, and nothing is shown or recorded. Whoever runs the command is trusted to be that person.

    例 / example: zoufang contacts demo-out H-0001 H-0002 --person P-C01-2 --purpose 入户走访
    """
    with asked(folder) as campaign:
        own = campaign.acting(campaign.actor(person))
        found = own.contacts([TargetId(one) for one in ids], purpose=purpose)
        seq = own.head.seq
    show((_TARGET, _NAME, _ADDRESS, _PHONE), ((c.target_id, c.name, c.address, c.phone) for c in found), lang)
    click.echo(_RECORDED.said_in(lang).format(seq=seq, person=person, purpose=purpose), err=True)
