"""`zoufang proof`, `zoufang verify-proof`: one ticket or one figure, for those who may not see the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click

from zoufang.analysis import Grain
from zoufang.cli.asking import asked, tell_recorded
from zoufang.cli.keys import key_option, opened_key, refuse_existing
from zoufang.cli.options import language_option, reader_options
from zoufang.cli.shell import FAILED, Bars
from zoufang.errors import FileError
from zoufang.proof import ShortCode, SignedCheckpoint, load_public_keys, read_checkpoint, verify_bundle
from zoufang.reports import put_in_place
from zoufang.typing import Language, Text, TicketId

GRAINS: dict[str, Grain] = {grain.removesuffix("_id"): grain for grain in get_args(Grain)}
_WRITTEN = Text("已写出：{path}", "written: {path}")
_UNSIGNED = Text(
    "注意：未签名，只能与印出的检查点短码比对；用 --key 签名",
    "note: unsigned; it can only be compared with print (--key)",
)
_SLIP = Text("小条只交给本人：拿到的人能看出这一件算没算进分子", "give the slip to the person concerned only")
_GOOD, _BAD = Text("好", "ok"), Text("坏", "BAD")
_SIGNED_BY = Text(
    "签名密钥：{keys}；请与签发单位另行公布的编号比对", "signed by key {keys}: compare it with the office's"
)
_COMPARE = Text(
    "可核对的都相符。检查点 {code}，请与印出的通报比对；能证明什么、不能证明什么，见包内 README.md",
    "all that can be checked is in order. Checkpoint {code}: compare it with print; README.md in the bundle says what "
    "this proves and what it cannot",
)
_NOT = Text("证明包有问题，不能采信", "the bundle is not in order and proves nothing")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("id_", metavar="[ID]", required=False)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="写到哪里 / where to write."
)
@click.option("--figure", "metric", metavar="METRIC", help="证明一个指标，如 visited / a figure instead of a ticket.")
@click.option("--as-of", "week", type=click.IntRange(min=1), help="按第几期通报，默认截至现在 / as in that dispatch.")
@click.option("--by", type=click.Choice(tuple(GRAINS)), multiple=True, help="分组，可多次 / how to split.")
@click.option("--in", "figure", type=click.Path(path_type=Path), help="在这个指标包里找 ID 的小条 / a slip for ID.")
@key_option
@click.option("--checkpoint", "witness", help="以前签过的检查点文件 / a checkpoint that was signed before.")
@reader_options
@language_option
def proof(
    *,
    folder: Path,
    id_: str | None,
    out: Path,
    metric: str | None,
    week: int | None,
    by: tuple[str, ...],
    figure: Path | None,
    key: Path | None,
    witness: str | None,
    person: str,
    purpose: str,
    lang: Language,
) -> None:
    """出具证明包，供外人离线核对（出具即留痕） / write a bundle that others can check offline; recorded.

    \b
    一件诉求    zoufang proof DIR 诉求编号 --out 证明.zip --key 密钥 --person 经办人 --purpose 用途
    一个指标    zoufang proof DIR --figure rectified --as-of 5 --by unit --out 指标.zip --person … --purpose …
    小条        zoufang proof DIR 个案编号 --in 指标.zip --out 小条.json --person … --purpose …

    诉求包只含这一件的记录，不含他人的任何一行。指标包列出每个个案的化名、是否计入分子；本人凭小条在其中找到自己。
    不签名也能出具，但只能与印出的检查点短码比对。已有的文件不覆盖。
    只有办公室和领导可以出具；先把谁、何时、为何出具哪一件记入台账，再写出文件。用途会公开留存，不要写姓名、电话。

    A ticket's bundle holds its own rows and nobody else's. A figure's bundle lists its cases under pseudonyms; with a
    slip a person finds their own. What each proves, and what it cannot, stands in the bundle's README. The office and
    the leader may make one; who made which, and what for, is recorded before it is written.

    例 / example: zoufang proof demo-out --figure visited --as-of 5 --out 指标.zip --person P-wangge-1 --purpose 公开
    """  # noqa: D301 - the backspace is click's mark for lines that are kept as they stand
    if (metric is None) == (id_ is None) or (figure is not None and id_ is None):
        raise click.UsageError("请给出诉求编号，或 --figure 指标 / name a ticket, or a figure with --figure")
    if metric is None and (week is not None or by):
        raise click.UsageError("--as-of 和 --by 只用于 --figure / belong to --figure")
    refuse_existing(out)
    signing, kept = opened_key(key), None if witness is None else _signed(witness)
    with asked(folder, masked=False) as campaign, Bars(lang) as bars:
        own = campaign.acting(campaign.actor(person))
        before = own.head.seq
        if figure is not None and id_ is not None:
            made = own.slip(_bytes(figure), id_, purpose=purpose, file=str(figure)).encode()
        elif id_ is not None:
            made = own.proof(TicketId(id_), key=signing, checkpoint=kept, purpose=purpose, progress=bars)
        else:
            grains = tuple(GRAINS[one] for one in by)
            made = own.proof_of(str(metric), week=week, by=grains, key=signing, checkpoint=kept, purpose=purpose)
        seq = own.head.seq
    with put_in_place(out) as draft:
        draft.write_bytes(made)
    click.echo(_WRITTEN.said_in(lang).format(path=out))
    tell_recorded(before, seq, person, purpose, lang)
    if figure is not None or signing is None:
        click.echo((_UNSIGNED if figure is None else _SLIP).said_in(lang), err=True)


@click.command("verify-proof")
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--slip", type=click.Path(path_type=Path), help="小条，查自己的个案 / find one's own case.")
@click.option(
    "--key", "keys", type=click.Path(path_type=Path), multiple=True, help="已知的公钥 .pub.pem / a known public key."
)
@language_option
@click.pass_context
def verify_proof(
    ctx: click.Context, *, bundle: Path, slip: Path | None, keys: tuple[Path, ...], lang: Language
) -> None:
    """核对证明包，不需要台账 / check a bundle; no ledger is needed.

    逐项列出核对结果；全部相符退出码 0，有一项不符退出码 1，不是证明包退出码 2。
    给出 --key 时，签名必须出自这些公钥。没有本软件的人，可用包内的 check.py 核对。

    Exit code 0 in order, 1 not in order, 2 no bundle. With --key, signatures must be by those keys. Whoever lacks this
    program checks with check.py from the bundle, which needs Python alone.

    例 / example: zoufang verify-proof 证明.zip --key office.pub.pem
    """
    known = load_public_keys(keys) if keys else None
    verdict = verify_bundle(_bytes(bundle), file=str(bundle), keys=known, slip=None if slip is None else _bytes(slip))
    for finding in verdict.findings:
        click.echo(f"{(_GOOD if finding.good else _BAD).said_in(lang)}  {finding.text.said_in(lang)}")
    if not verdict.ok:
        click.echo(_NOT.said_in(lang), err=True)
        ctx.exit(FAILED)
    click.echo(_COMPARE.said_in(lang).format(code=verdict.code))
    if verdict.signed_by:
        click.echo(_SIGNED_BY.said_in(lang).format(keys=", ".join(verdict.signed_by)))
    else:
        click.echo(_UNSIGNED.said_in(lang), err=True)


def _signed(given: str) -> SignedCheckpoint:
    found = read_checkpoint(given)
    if isinstance(found, ShortCode):
        raise FileError(
            file=given,
            problem_zh="是短码；这里要签过名的检查点文件",
            problem_en="is a short code; a signed checkpoint's file is needed here",
        )
    return found


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileError(
            file=str(path), problem_zh=f"无法读取（{error.strerror}）", problem_en=f"cannot be read ({error.strerror})"
        ) from error
