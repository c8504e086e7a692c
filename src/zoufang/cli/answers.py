"""`zoufang unanswered`, `watch` and `similar`: what nobody answered, which promises are due, what may be the same."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from zoufang.analysis import LACKS, Window
from zoufang.cli.asking import DAY, asked, day_of, show
from zoufang.cli.options import language_option
from zoufang.cli.shell import FAILED
from zoufang.model import Source, Ticket
from zoufang.typing import AreaId, Language, TargetId, Text, TicketId, TopicId

_NONE = Text("件件有落实、事事有回音：没有违反的诉求。", "every ticket in hand, every person answered.")
_N = Text("{n} 件没有做到。", "{n} tickets break it.")
_NO_PROMISE = Text("没有计划日期已到的诉求。", "no planned day has come.")
_NO_LIKE = Text("没有相似的诉求。", "nothing like it.")
_TICKET, _LACK = Text("诉求", "ticket"), Text("欠缺", "lacks")
_UNIT, _SINCE = Text("单位", "unit"), Text("自", "since")
_TOPIC, _PLANNED = Text("主题", "topic"), Text("计划日期", "planned")
_REASON, _REACTION = Text("理由", "reason"), Text("本人态度", "reaction")
_BY, _DAYS, _STATUS = Text("依据", "by"), Text("相隔天数", "days apart"), Text("状态", "status")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--today", type=DAY, help="截至这一天，默认今天 / as of this day.")
@language_option
@click.pass_context
def unanswered(ctx: click.Context, *, folder: Path, today: datetime | None, lang: Language) -> None:
    """列出没有做到“件件有落实、事事有回音”的诉求 / list every ticket without an answer.

    没有时退出码 0，有时退出码 1。

    Exit code 0 where there is none, else 1.

    例 / example: zoufang unanswered 大走访 --today 2023-05-20
    """
    with asked(folder) as campaign:
        found = campaign.unanswered(Window(to_on=day_of(today, campaign)))
    if not found:
        click.echo(_NONE.said_in(lang))
        return
    rows = ((one.ticket_id, LACKS[one.lack].said_in(lang), one.unit_id, one.since) for one in found)
    show((_TICKET, _LACK, _UNIT, _SINCE), rows, lang)
    click.echo(_N.said_in(lang).format(n=len(found)))
    ctx.exit(FAILED)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--today", type=DAY, help="截至这一天，默认今天 / as of this day.")
@language_option
def watch(*, folder: Path, today: datetime | None, lang: Language) -> None:
    """列出计划日期已到、尚未解决的诉求 / list promises whose day has come.

    例 / example: zoufang watch 大走访 --today 2023-06-10
    """
    with asked(folder) as campaign:
        found = campaign.watch_list(day_of(today, campaign))
    if not found:
        click.echo(_NO_PROMISE.said_in(lang))
        return
    rows = ((one.ticket_id, one.unit_id, one.topic_id, one.plan_on, one.reason, one.reaction) for one in found)
    show((_TICKET, _UNIT, _TOPIC, _PLANNED, _REASON, _REACTION), rows, lang)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--topic", required=True, help="主题编号 / the topic's id.")
@click.option("--area", help="区域编号 / the area's id.")
@click.option("--target", help="对象编号 / the target's id.")
@click.option("--on", type=DAY, help="哪一天提出，默认今天 / the day it was raised.")
@language_option
def similar(
    *, folder: Path, topic: str, area: str | None, target: str | None, on: datetime | None, lang: Language
) -> None:
    """登记前查找可能重复的诉求 / find tickets that a new one may be the same as, before it is raised.

    例 / example: zoufang similar 大走访 --topic roads --area C01-G1
    """
    with asked(folder) as campaign:
        day = day_of(on, campaign)
        place, whose = AreaId(area) if area else None, TargetId(target) if target else None
        new = Ticket(TicketId("?"), Source.CALL, "?", day, TopicId(topic), place, whose)
        found = campaign.similar([new])
    if not found:
        click.echo(_NO_LIKE.said_in(lang))
        return
    show((_TICKET, _BY, _DAYS, _STATUS), ((one.like, one.by, one.days, one.status) for one in found), lang)
