"""`zoufang migrate`: bring a ledger of an earlier release to this one's schema."""

from __future__ import annotations

from pathlib import Path

import click

from zoufang.cli.options import language_option
from zoufang.cli.shell import FAILED, Bars
from zoufang.folder import LEDGER, Folder
from zoufang.ledger.migrations import Migrated, Outlook, outlook
from zoufang.ledger.migrations import migrate as migrate_ledger
from zoufang.typing import Language, Text

_CURRENT = Text(
    "台账 {place} 的结构版本已是 {needs}，无需升级", "ledger {place} has schema revision {needs}: nothing to do"
)
_WOULD = Text(
    "台账 {place} 的结构版本为 {found}，将升级到 {needs}；现在未作任何改动",
    "ledger {place} has schema revision {found} and would be brought to {needs}; nothing was changed now",
)
_TO = Text("备份将写到 {backup}", "the backup would be put into {backup}")
_BY_HAND = Text("备份要另行制作：{how}", "the backup is yours to make: {how}")
_WITHOUT = Text("不会制作备份（--backup-made）", "no backup would be made (--backup-made)")
_DONE = Text(
    "台账 {place} 已升级：结构版本 {found} → {reached}；检查点仍为 {code}",
    "ledger {place} was brought from schema revision {found} to {reached}; its checkpoint is still {code}",
)
_CHECKED = Text("已逐次提交核对，全部完好", "every commit was checked and is in order")
_UNCHECKED = Text("未核对（--unchecked）", "it was not checked (--unchecked)")
_KEPT = Text(
    "升级前的备份：{backup}\n备份里有个人信息：确认新版本一切正常后，请按规定保管或删除",
    "the backup from before: {backup}\nit holds private data: once the new version has proved itself, keep it as the "
    "rules say, or delete it",
)


@click.command()
@click.argument("ledger", metavar="LEDGER|DIR|URL")
@click.option("--check", is_flag=True, help="只说明将做什么，不作任何改动 / say what would be done, change nothing.")
@click.option(
    "--backup",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="备份写到哪里，已有的文件不覆盖 / where to put the backup; nothing is overwritten.",
)
@click.option("--backup-made", is_flag=True, help="备份已另行做好，不再制作 / there is a backup already.")
@click.option("--unchecked", is_flag=True, help="不逐次核对，只用于已知损坏的台账 / for a ledger known to be damaged.")
@click.option("--prefix", default="", help="表名前缀（嵌入宿主程序时）/ of the tables' names, in a host's database.")
@click.option("--schema", help="表所在的数据库模式（PostgreSQL）/ database schema of the tables.")
@language_option
@click.pass_context
def migrate(
    ctx: click.Context,
    *,
    ledger: str,
    check: bool,
    backup: Path | None,
    backup_made: bool,
    unchecked: bool,
    prefix: str,
    schema: str | None,
    lang: Language,
) -> None:
    """把旧版本写的台账升级到本版本的结构 / bring a ledger of an earlier release up to date.

    装上新版本后，如果别的命令说台账“结构版本”不符，就运行一次本命令。可以是台账文件、活动文件夹，或 PostgreSQL 的地址。

    先备份：SQLite 台账自动复制到同一文件夹（如 ledger.revision-1.sqlite），核对无误才继续；PostgreSQL 用 --backup FILE
    由本程序运行 pg_dump，或自己备份后加 --backup-made。再升级，最后逐次提交核对，检查点与升级前相同。

    全部成功才生效：中途断电、被关掉或出错，台账还是原来的样子，再运行一次即可。升级期间别人写不进去；两个人同时运行，
    只有一个在升级，另一个等它做完。事实一条不变，只增改表的结构。

    For a newer zoufang that finds another schema revision: run this once. A backup is made first and checked; then all
    is done in one transaction, or nothing. Killed or failed, the ledger is as it was: run it again. No fact and no
    checkpoint changes. With --check exit code 0 says that nothing is to be done, 1 that something is.

    \b
    例 / example: zoufang migrate demo-out --check
      zoufang migrate demo-out
      zoufang migrate postgresql+psycopg://office@db/zoufang --backup 升级前.dump
    """  # noqa: D301 - the backspace is click's mark for lines that are kept as they stand
    place, shown = _place(ledger)
    if check:
        found = outlook(place, prefix=prefix, schema=schema, backup=backup)
        for line in _foretold(found, shown, lang, backup_made=backup_made):
            click.echo(line)
        ctx.exit(FAILED if found.titles else 0)
    with Bars(lang) as bars:
        done = migrate_ledger(
            place,
            prefix=prefix,
            schema=schema,
            backup=backup,
            backup_made=backup_made,
            check=not unchecked,
            progress=bars,
        )
    _tell(done, shown, lang, checked=not unchecked)


def _place(ledger: str) -> tuple[str, str]:
    """Return the ledger's URL and what it is called in a sentence: as it was typed, but for a password."""
    if "://" in ledger:
        return ledger, ""
    path = Path(ledger)
    if path.is_dir() and Folder(path).plan_file.is_file():
        Folder(path).need_ledger()
    path = path / LEDGER if path.is_dir() else path
    return f"sqlite:///{path}", str(path)


def _foretold(found: Outlook, shown: str, lang: Language, *, backup_made: bool) -> list[str]:
    place = shown or found.url
    if not found.titles:
        return [_CURRENT.said_in(lang).format(place=place, needs=found.needs)]
    said = [_WOULD.said_in(lang).format(place=place, found=found.found, needs=found.needs)]
    said += _steps(found.found, found.titles, lang)
    if backup_made:
        said.append(_WITHOUT.said_in(lang))
    elif found.how is not None:
        said.append(_BY_HAND.said_in(lang).format(how=found.how.said_in(lang)))
    elif found.backup is not None:
        said.append(_TO.said_in(lang).format(backup=found.backup))
    return said


def _tell(done: Migrated, shown: str, lang: Language, *, checked: bool) -> None:
    place = shown or done.url
    if not done.titles:
        click.echo(_CURRENT.said_in(lang).format(place=place, needs=done.reached))
        return
    click.echo(_DONE.said_in(lang).format(place=place, found=done.found, reached=done.reached, code=done.head.code))
    for line in _steps(done.found, done.titles, lang):
        click.echo(line)
    click.echo((_CHECKED if checked else _UNCHECKED).said_in(lang))
    if done.backup is not None:
        click.echo(_KEPT.said_in(lang).format(backup=done.backup))


def _steps(found: int, titles: tuple[Text, ...], lang: Language) -> list[str]:
    return [f"  {revision}  {title.said_in(lang)}" for revision, title in enumerate(titles, start=found + 1)]
