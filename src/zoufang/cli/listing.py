"""`zoufang plugins`: what is installed."""

from __future__ import annotations

import json
import os

import click
from rich.table import Table

from zoufang.cli.options import language_option
from zoufang.cli.shell import Shell, console
from zoufang.sdk import Policy, installed
from zoufang.typing import Language, Text

_NAME = Text("插件", "plugin")
_VERSION = Text("版本", "version")
_ENTRY = Text("入口", "entry point")
_LOADS = Text("是否加载", "loads")
_YES, _NO = Text("是", "yes"), Text("否", "no")


@click.group(cls=Shell)
def plugins() -> None:
    """查看已安装的插件 / what is installed.

    ZOUFANG_PLUGINS 只加载列出的插件，ZOUFANG_PLUGINS_DISABLE 不加载列出的插件，ZOUFANG_NO_PLUGINS=1 一个也不加载。
    """


@plugins.command("list")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出 / as JSON.")
@language_option
def list_(*, as_json: bool, lang: Language) -> None:
    """列出已安装的插件，不导入任何插件 / list installed plugins, importing none of them.

    例 / example: zoufang plugins list --json
    """
    policy = Policy.of_environment(os.environ)
    found = installed()
    if as_json:
        rows = [
            {"name": p.name, "version": p.version, "entry": p.entry.value, "loads": policy.admits(p.name)}
            for p in found
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = Table(*(words.said_in(lang) for words in (_NAME, _VERSION, _ENTRY, _LOADS)))
    for p in found:
        table.add_row(p.name, p.version, p.entry.value, (_YES if policy.admits(p.name) else _NO).said_in(lang))
    console().print(table)
