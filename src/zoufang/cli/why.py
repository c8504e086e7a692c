"""`zoufang why`: how a ticket or target came where it is."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from zoufang.builtin import core
from zoufang.cli.options import language_option
from zoufang.folder import Folder, open_campaign
from zoufang.sdk import Plugins
from zoufang.typing import Language


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("id_", metavar="ID")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="截至这一天，默认今天 / as of this day.")
@language_option
def why(*, folder: Path, id_: str, on: datetime | None, lang: Language) -> None:
    """一件诉求或一个走访对象怎样走到这一步 / how a ticket or target came where it is.

    逐步说明：哪一天、哪个单位、谁、依据哪条规则；现在谁手里，下一步是什么，何时到期，在督办阶梯的哪一级。

    ID 是诉求编号或走访对象编号 / a ticket's number or a target's.

    例 / example: zoufang why demo-out HL-0001 --on 2023-04-03
    """
    campaign = open_campaign(Folder.at(folder), Plugins.discover(core), masked=True)
    try:
        click.echo(campaign.why(id_, on=None if on is None else on.date()).said_in(lang))
    finally:
        campaign.close_ledger()
