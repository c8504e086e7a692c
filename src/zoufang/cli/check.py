"""`zoufang verify`: is the ledger as it was written, and does it contain what others kept of it?"""

from __future__ import annotations

from pathlib import Path

import click

from zoufang.cli.options import language_option
from zoufang.cli.shell import FAILED, Bars
from zoufang.folder import LEDGER, Folder, known_keys
from zoufang.ledger import SqlLedger
from zoufang.proof import PublicKey, ShortCode, Witness, compare, load_public_keys, read_checkpoint
from zoufang.typing import Language, Text

_GOOD = Text(
    "台账完好：{n_commits} 次提交，{n_facts} 条事实，检查点 {code}",
    "the ledger is in order: {n_commits} commits, {n_facts} facts, checkpoint {code}",
)
_BAD = Text(
    "台账被改动：第 {seq} 次提交有问题（{problem}）；此前的 {n_commits} 次提交完好",
    "the ledger was changed: commit {seq} is not in order ({problem}); the {n_commits} commits before it are",
)
_WITNESS = Text("检查点 {code}：{said}", "checkpoint {code}: {said}")
_PLAIN = Text(
    "个人文字没有加密（建立台账时没有主密钥）：请把文件放在只有办公室能读取的地方",
    "private texts are not encrypted (the ledger was begun without a master key): keep the file where only the office "
    "can read it",
)
_LOCKED = Text("个人文字已加密，未核对其内容：{why}", "private texts are encrypted and were not looked into: {why}")


@click.command()
@click.argument("ledger", type=click.Path(path_type=Path))
@click.option(
    "--checkpoint",
    "checkpoints",
    metavar="FILE|CODE",
    multiple=True,
    help="以前留下的检查点文件或印出的短码，可多次 / kept outside: a signed file, or a printed code.",
)
@click.option(
    "--key",
    "keys",
    type=click.Path(path_type=Path),
    multiple=True,
    help="认可的公钥 .pub.pem，可多次；默认用活动文件夹 keys/ 里的 / known public keys.",
)
@language_option
@click.pass_context
def verify(
    ctx: click.Context, *, ledger: Path, checkpoints: tuple[str, ...], keys: tuple[Path, ...], lang: Language
) -> None:
    """核对台账：逐次提交重算摘要和链 / check a ledger against its chain, and against checkpoints kept outside.

    LEDGER 是台账文件，或活动文件夹。完好时退出码 0；被改动过时退出码 1，并指出第一个有问题的提交。
    台账若被截断，或从头到尾整体改写，光看它自己看不出来：用 --checkpoint 与以前留在外面的检查点比对。
    伪造的签名、不认识的密钥、别的台账的检查点、截断、改写，分别说明，退出码都是 1。
    公钥最好由核对的人自己保存，用 --key 给出：能改台账的人也能改 keys/。

    LEDGER is a ledger file or a campaign folder. Exit code 0 in order, 1 changed or a checkpoint does not hold, 2 no
    ledger or no checkpoint. A ledger that was cut off or rewritten as a whole looks well in itself: compare it with
    checkpoints that were kept outside.

    \b
    例 / example: zoufang verify demo-out
      zoufang verify demo-out --checkpoint 125-6fd5-3438-0c67
      zoufang verify demo-out --checkpoint 检查点.json --key office.pub.pem
    """  # noqa: D301 - the backspace is click's mark for lines that are kept as they stand
    if ledger.is_dir() and Folder(ledger).plan_file.is_file():
        Folder(ledger).need_ledger()
    given = [read_checkpoint(one) for one in checkpoints]
    known = _known(ledger, keys) if given else {}
    path = ledger / LEDGER if ledger.is_dir() else ledger
    opened = SqlLedger.open(f"sqlite:///{path}")
    try:
        with Bars(lang) as bars:
            verdict = opened.verify(bars)
        witnesses = compare(opened, given, known, verdict)
        if opened.locked is not None:
            click.echo(_LOCKED.said_in(lang).format(why=opened.locked.said_in(lang)), err=True)
    finally:
        opened.close()
    if verdict.ok:
        words = _GOOD.said_in(lang)
        click.echo(words.format(n_commits=verdict.n_commits, n_facts=verdict.n_facts, code=verdict.head.code))
        if not opened.encrypted:
            click.echo(_PLAIN.said_in(lang))
    else:
        problem = "" if verdict.problem is None else verdict.problem.said_in(lang)
        words = _BAD.said_in(lang)
        click.echo(words.format(seq=verdict.first_bad, problem=problem, n_commits=verdict.n_commits), err=True)
    told = [_tell(witness, lang) for witness in witnesses]
    if not verdict.ok or not all(told):
        ctx.exit(FAILED)


def _known(ledger: Path, keys: tuple[Path, ...]) -> dict[str, PublicKey]:
    """Return the keys that were given, or else those that lie in the campaign's folder."""
    if keys or not ledger.is_dir():
        return load_public_keys(keys)
    return dict(known_keys(Folder(ledger)))


def _tell(witness: Witness, lang: Language) -> bool:
    """Print what came of one checkpoint; False where it does not hold."""
    given = witness.checkpoint
    code = given.code if isinstance(given, ShortCode) else given.checkpoint.code
    words = _WITNESS.said_in(lang).format(code=code, said=witness.sentence.said_in(lang))
    click.echo(words, err=not witness.ok)
    return witness.ok
