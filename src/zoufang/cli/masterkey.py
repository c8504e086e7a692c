"""`zoufang masterkey`: the master key of an encrypted ledger."""

from __future__ import annotations

from pathlib import Path

import click

from zoufang.cli.asking import asked
from zoufang.cli.options import language_option
from zoufang.ledger import FORMER, MASTER, MasterKey
from zoufang.typing import Language, Text

_MADE = Text(
    "已写出主密钥 {id}：{path}\n请另存一份在别处：密钥丢失，个人信息就再也读不出来。使用：export {name}_FILE={path}",
    "master key {id} is written: {path}\nkeep a copy elsewhere: without it the private data cannot be read again. "
    "To use it: export {name}_FILE={path}",
)
_TURNED = Text(
    "主密钥已换成 {id}：本次重新加密 {n} 把密钥，共 {all} 把；原密钥可以停用（旧备份仍需原密钥）",
    "the master key is now {id}: {n} keys wrapped now, {all} in all; the former one may go (old backups still need it)",
)


@click.group()
def masterkey() -> None:
    """主密钥：新建、更换 / the master key: make one, change it."""


@masterkey.command()
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@language_option
def new(path: Path, lang: Language) -> None:
    """新建主密钥文件，只有本人可读，从不覆盖 / make a key file that only you can read.

    例 / example: zoufang masterkey new master.key
    """
    key = MasterKey.new()
    key.write(path)
    click.echo(_MADE.said_in(lang).format(id=key.id, path=path, name=MASTER))


@masterkey.command(
    help=f"""更换主密钥：用新密钥重新包裹每个人的密钥 / change the master key.

    新密钥由 {MASTER}_FILE 给出，原密钥由 {FORMER}_FILE 给出。分批进行，随时可以中断，再运行一次就接着做；
    做完以后再运行，什么也不改。

    The new key is given by {MASTER}_FILE, the former by {FORMER}_FILE. It can be killed at any moment: run it again.

    例 / example: zoufang masterkey rotate demo-out --person P-wangge-1
    """
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--person", required=True, help="经办人在名册上的编号 / who does it, by the register.")
@language_option
def rotate(*, folder: Path, person: str, lang: Language) -> None:
    """Change the master key of a ledger."""
    with asked(folder, masked=False) as campaign:
        done = campaign.acting(campaign.actor(person)).rotate_keys()
    click.echo(_TURNED.said_in(lang).format(id=done.key_id, n=done.n_wrapped, all=done.n_keys))
