"""`zoufang keys`, `zoufang checkpoint`: who signs, and what they sign."""

from __future__ import annotations

import os
from pathlib import Path

import click

from zoufang.cli.asking import asked
from zoufang.cli.options import language_option
from zoufang.errors import FileError
from zoufang.proof import SigningKey, load_key, load_public_keys, new_key
from zoufang.reports import put_in_place
from zoufang.typing import Language, Seq, Text

PASSPHRASE = "ZOUFANG_KEY_PASSPHRASE"  # noqa: S105 - the variable's name, no passphrase

_MADE = Text(
    "已新建签名密钥 {path}（只有本人可读，请另存备份并妥善保管）\n公钥 {public}，密钥编号 {key_id}：请把编号公布在别处",
    "new signing key {path} (readable by you alone; keep it, and a copy elsewhere)\n"
    "public key {public}, key id {key_id}: publish the id elsewhere",
)
_OPEN = Text("注意：未设口令，谁能读到这个文件，谁就能签名", "note: no passphrase; whoever reads the file can sign")
_KEY = Text("{key_id}  {path}", "{key_id}  {path}")
_SIGNED = Text(
    "已签名：检查点 {code}，密钥 {key_id}，写出 {path}。请把它交给街道以外的人保存",
    "signed: checkpoint {code}, key {key_id}, written to {path}. Give it to somebody outside the office to keep",
)


def opened_key(path: Path | None) -> SigningKey | None:
    """Open a signing key; its passphrase comes from the environment, or is asked for where it is needed."""
    if path is None:
        return None
    given = os.environ.get(PASSPHRASE)
    if given is None and path.is_file() and b"ENCRYPTED" in path.read_bytes()[:64]:
        given = click.prompt("口令 / passphrase", hide_input=True, err=True)
    return load_key(path, given)


def _asked_twice() -> str:
    return str(click.prompt("口令 / passphrase", hide_input=True, confirmation_prompt=True, err=True))


def key_option(command: click.decorators.FC) -> click.decorators.FC:
    """Give a command ``--key``, the signing key's file."""
    return click.option(
        "--key",
        type=click.Path(path_type=Path),
        help=f"签名密钥文件，口令取自 {PASSPHRASE} 或按提示输入 / signing key; its passphrase is asked for.",
    )(command)


@click.group()
def keys() -> None:
    """签名密钥 / signing keys.

    \b
    new   新建一对密钥 / make a key
    show  公钥的编号 / ids of public keys
    """  # noqa: D301 - the backspace is click's mark for lines that are kept as they stand


@keys.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--no-passphrase", is_flag=True, help="不设口令，供无人值守的机器 / for machines without people.")
@language_option
def new(*, file: Path, no_passphrase: bool, lang: Language) -> None:
    """新建签名密钥，已有的绝不覆盖 / make a signing key; never overwrites one.

    FILE 是私钥，用口令加密，权限 600；旁边写出同名的 .pub.pem 公钥，把它放进活动文件夹的 keys/，并交给核对的人。
    口令取自环境变量 ZOUFANG_KEY_PASSPHRASE，没有则提示输入两次。私钥不要放在活动文件夹里。

    FILE becomes the private key, encrypted, mode 600; its public half stands beside it as .pub.pem. Put that one into
    the campaign's keys/ folder and give it to those who check. Keep the private key out of the campaign's folder.

    例 / example: zoufang keys new ~/office.pem
    """
    passphrase = None
    if not no_passphrase:
        passphrase = os.environ.get(PASSPHRASE) or _asked_twice()
    key, public = new_key(file, passphrase)
    click.echo(_MADE.said_in(lang).format(path=file, public=public, key_id=key.public.id))
    if no_passphrase:
        click.echo(_OPEN.said_in(lang), err=True)


@keys.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@language_option
def show(*, files: tuple[Path, ...], lang: Language) -> None:
    """显示公钥的编号 / print the ids of public keys.

    与签发单位另行公布的编号比对 / compare them with what the office published elsewhere.

    例 / example: zoufang keys show office.pub.pem
    """
    for path in files:
        for key_id in load_public_keys([path]):
            click.echo(_KEY.said_in(lang).format(key_id=key_id, path=path))


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--key", type=click.Path(path_type=Path), required=True, help="签名密钥文件 / signing key.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="写到哪里 / where to write."
)
@click.option("--seq", type=click.IntRange(min=1), help="到第几号提交，默认最后一号 / up to which commit.")
@language_option
def checkpoint(*, folder: Path, key: Path, out: Path, seq: int | None, lang: Language) -> None:
    """签一个检查点 / sign where the ledger stands.

    检查点记下台账走到了第几号提交、链值是多少，由密钥签名。把它交给街道以外的人保存：以后用 zoufang verify
    --checkpoint 核对，台账若被截断或整体改写，就会发现。文件已存在时不覆盖。

    A checkpoint says at which commit the ledger stands and with which link, signed. Kept outside of the office, it
    later shows whether the ledger was cut off or rewritten as a whole. An existing file is not replaced.

    例 / example: zoufang checkpoint demo-out --key ~/office.pem --out 检查点.json
    """
    refuse_existing(out)
    signing = opened_key(key)
    with asked(folder) as campaign:
        if signing is not None:
            signed = campaign.checkpoint(signing, None if seq is None else Seq(seq))
            with put_in_place(out) as draft:
                draft.write_text(signed.to_json(), encoding="ascii")
            code = signed.checkpoint.code
            click.echo(_SIGNED.said_in(lang).format(code=code, key_id=signed.key_id, path=out))


def refuse_existing(out: Path) -> None:
    """Refuse a place where something stands: a witness is not replaced by another."""
    if out.exists():
        raise FileError(
            file=str(out),
            problem_zh="已存在，不会覆盖；请另取文件名",
            problem_en="is there already and is not replaced; name another file",
        )
