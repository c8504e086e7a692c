"""`zoufang contacts`, `words` and `find`: private words for whoever may see them, and in clear never unrecorded."""

from __future__ import annotations

from pathlib import Path

import click

from zoufang.cli.asking import asked, show, tell_recorded
from zoufang.cli.options import Command, language_option, reader_options
from zoufang.rules import ERASED, MASKS
from zoufang.typing import AreaId, Language, TargetId, Text, TicketId

_TARGET, _NAME = Text("走访对象", "target"), Text("姓名或名称", "name")
_ADDRESS, _PHONE = Text("地址", "address"), Text("电话", "telephone")
_TICKET, _SAID = Text("诉求", "ticket"), Text("原话", "what was said")
_KIND, _ID = Text("类别", "kind"), Text("编号", "id")


def _mask_option(command: Command) -> Command:
    return click.option(
        "--mask",
        type=click.Choice(list(MASKS)),
        help="none 不遮盖，initial 留首尾，full 全部遮盖，默认按方案 / how much is shown, by the plan if not given.",
    )(command)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@reader_options
@_mask_option
@language_option
def contacts(
    *, folder: Path, ids: tuple[str, ...], person: str, purpose: str, mask: str | None, lang: Language
) -> None:
    """查看走访对象的姓名、地址和电话（查看即留痕） / read names and telephones; in clear it is recorded.

    必须写明查看人和用途。先把这次查看记入台账，再显示；台账记的是谁、何时、看了哪些对象、做什么用，不含姓名和电话。
    网格员只能看本网格的，单位人员只能看本单位负责的，办公室可以看全街道的；有一个超出范围，就一个也不显示（退出码 2）。
    用途会公开留存，不要写姓名、电话。已删除个人信息的，显示“已删除”。遮盖后查看的不留痕。
    不写 --mask 时按方案 masks 的规定遮盖；可以遮得更多，不能更少。

    Who reads and what for must be said. The reading is committed first and shown second; one target beyond the
    person's reach, and nothing is shown or recorded. Whoever runs the command is trusted to be that person. Without
    --mask the plan's masks apply; more may be hidden, not less.

    例 / example: zoufang contacts demo-out H-0001 H-0002 --person P-C01-2 --purpose 入户走访
    """
    with asked(folder) as campaign:
        own = campaign.acting(campaign.actor(person))
        before = own.head.seq
        found = own.contacts([TargetId(one) for one in ids], purpose=purpose, mask=mask)
        seq = own.head.seq
    rows = [(c.target_id, *(_or_erased(one, c.erased, lang) for one in (c.name, c.address, c.phone))) for c in found]
    show((_TARGET, _NAME, _ADDRESS, _PHONE), rows, lang)
    tell_recorded(before, seq, person, purpose, lang)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@reader_options
@_mask_option
@language_option
def words(*, folder: Path, ids: tuple[str, ...], person: str, purpose: str, mask: str | None, lang: Language) -> None:
    """查看诉求的原话和联系电话（查看即留痕） / read what was said in tickets; in clear it is recorded.

    规则同 zoufang contacts。--mask initial 把原话里的手机号、电话、身份证号、信用代码换成〔手机号〕等标记。
    原话里的姓名和地址程序认不出来，公开前须有人看过。

    With --mask initial the numbers in the words become tags. Names and addresses in running words are not found.

    例 / example: zoufang words demo-out HL-0001 --person P-wangge-1 --purpose 核实 --mask initial
    """
    with asked(folder) as campaign:
        own = campaign.acting(campaign.actor(person))
        before = own.head.seq
        found = own.words([TicketId(one) for one in ids], purpose=purpose, mask=mask)
        seq = own.head.seq
    rows = [
        (w.ticket_id, *(_or_erased(one, w.erased, lang) for one in (w.said.said_in(lang), w.contact))) for w in found
    ]
    show((_TICKET, _SAID, _PHONE), rows, lang)
    tell_recorded(before, seq, person, purpose, lang)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--telephone", default="", help="电话，写法不限 / a telephone in any writing.")
@click.option(
    "--household", nargs=2, metavar="AREA ADDRESS", help="网格或社区编号，和地址 / an area's id and an address."
)
@reader_options
@language_option
def find(
    *, folder: Path, telephone: str, household: tuple[str, str] | None, person: str, purpose: str, lang: Language
) -> None:
    """按电话或住址查找走访对象和诉求（查找即留痕） / look up whose telephone or address it is; recorded.

    全角数字、空格、横线、+86 都可以。只给出查找人权限范围以内的；台账记下谁、何时、做什么用、找到几个，不记号码。

    Only what lies within the person's reach is shown; the number itself is not recorded.

    例 / example: zoufang find demo-out --telephone "138 0000 1234" --person P-wangge-1 --purpose 来电核实
    """
    place = None if household is None else (AreaId(household[0]), household[1])
    with asked(folder, masked=False) as campaign:
        own = campaign.acting(campaign.actor(person))
        before = own.head.seq
        found = own.find(telephone=telephone, household=place, purpose=purpose)
        seq = own.head.seq
    kinds = {"target": _TARGET, "ticket": _TICKET}
    show((_KIND, _ID), [(kinds[one.subject].said_in(lang), one.id) for one in found], lang)
    tell_recorded(before, seq, person, purpose, lang)


def _or_erased(shown: str, erased: bool, lang: Language) -> str:  # noqa: FBT001 - it is the value
    return shown or (ERASED.said_in(lang) if erased else "")
