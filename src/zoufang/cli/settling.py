"""`zoufang conflicts` and `settle`: what differs from the record, and what a person decides about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from zoufang.campaign import Conflict, Difference, Settled
from zoufang.cli.asking import asked, show
from zoufang.cli.options import language_option
from zoufang.errors.words import DECISIONS
from zoufang.intake import CALLS, FINDINGS, VISITS, SheetSpec
from zoufang.rules import MASKS, Show
from zoufang.typing import Language, Text

_NONE = Text("没有待裁定的冲突。", "no conflict waits to be settled.")
_OPEN = Text(
    "待裁定 {n} 条。裁定：zoufang settle {folder} 冲突编号 keep|replace|both --reason 理由 --person 经办人",
    "{n} to be settled: zoufang settle {folder} ID keep|replace|both --reason WHY --person WHO",
)
_WHO = Text(
    "显示原话和电话，须用 --person 写明查看人，用 --purpose 写明用途",
    "to show words and telephones, say who reads (--person) and what for (--purpose)",
)
_HEADS = (
    Text("冲突编号", "conflict"),
    Text("列入", "since"),
    Text("记录", "record"),
    Text("不同之处", "what differs"),
    Text("已记录", "recorded"),
    Text("新报", "handed in"),
)
_DECIDED = Text("裁定", "decision")
_SUBJECTS = {"visit": Text("走访 {id}", "visit {id}"), "ticket": Text("诉求 {id}", "ticket {id}")}
_VERSION = Text("{subject}（现行 {against}）", "{subject} (now {against})")
_FINDING = Text("第 {n} 条意见", "finding {n}")
_PART = Text("第 {n} 条意见·{part}", "finding {n}, {part}")
_MADE = Text("{decision}（{id}）", "{decision} ({id})")
_COLUMNS: Mapping[str, Text] = {
    "source": Text("来源", "source"),
    "source_id": Text("来源编号", "source_id"),
    "area_id": Text("网格", "area_id"),
    "track": Text("办理方式", "track"),
    "contact": Text("联系电话", "contact"),
}
_CHOSEN = frozenset({"channel", "outcome", "kind", "source", "track"})
_YES_NO = frozenset({"no_demand", "solved"})
_YES_NO_WORDS = {"1": Text("是", "yes"), "0": Text("否", "no")}
_LABELS = {
    value: label for sheet in (VISITS, FINDINGS) for column in sheet.columns for label, value in column.choices.items()
} | {"joint": "多部门协同", "on_the_spot": "即时解决", "call": "来电", "letter": "来信", "higher": "上级交办"}
_KEPT = Text(
    "冲突 {id} 已裁定：保留原记录（第 {seq} 号提交）", "conflict {id} is settled: the record is kept (commit {seq})"
)
_REPLACED = Text(
    "冲突 {id} 已裁定：{replaced} 不再计数，由 {made} 取代（第 {seq} 号提交）",
    "conflict {id} is settled: {made} counts in the place of {replaced} (commit {seq})",
)
_BOTH = Text(
    "冲突 {id} 已裁定：两条都算，新报的编号为 {made}（第 {seq} 号提交）",
    "conflict {id} is settled: both count, what was handed in as {made} (commit {seq})",
)
_DONE = {"keep": _KEPT, "replace": _REPLACED, "both": _BOTH}
_RAISED = Text("新登记诉求：{ids}", "tickets raised: {ids}")
_GO_ON = Text("两个版本都有的诉求照常办理：{ids}", "heard in both, and going on: {ids}")
_LEFT = Text(
    "新版本中没有的诉求仍待答复，请办理，或由办公室不予立案：{ids}",
    "not heard in the new version and still to be answered, or struck by the office: {ids}",
)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--all", "every", is_flag=True, help="已裁定的也列出 / those that are settled too.")
@click.option(
    "--mask",
    type=click.Choice(list(MASKS)),
    default="full",
    show_default=True,
    help="原话和电话：full 不显示，initial 遮盖号码，none 全部显示并留痕 / how much of words is shown.",
)
@click.option("--person", help="显示原话时，查看人在名册上的编号 / who reads words, by the register.")
@click.option("--purpose", default="", help="显示原话时的用途，几个字 / what words are read for.")
@language_option
def conflicts(*, folder: Path, every: bool, mask: str, person: str | None, purpose: str, lang: Language) -> None:
    """列出与已记录内容不同的报送 / list what differs from what is recorded.

    同一编号再次报来、内容却不同的，原记录不变，新报的整条另存，列在这里，等办公室裁定。每处不同占一行：
    哪一栏、原来怎么记、新报怎么说。原话和电话默认不显示；要看的用 --mask，写明查看人和用途，全部显示的先记入台账。

    One line for each column in which the two differ. Words and telephones are hidden unless --mask says otherwise; then
    who reads them and what for must be said, and a reading in clear is recorded first.

    例 / example: zoufang conflicts demo-out
    """
    if MASKS[mask].words is not Show.NOTHING and not (person and purpose.strip()):
        raise click.UsageError(_WHO.said_in(lang))
    with asked(folder, masked=not MASKS[mask].clear) as campaign:
        own = campaign if person is None else campaign.acting(campaign.actor(person))
        found = own.conflicts(settled=every, mask=mask, purpose=purpose.strip())
    if not found:
        click.echo(_NONE.said_in(lang))
        return
    heads = (*_HEADS, *((_DECIDED,) if every else ()))
    show(heads, (row for one in found for row in _rows(one, lang, every=every)), lang)
    waiting = sum(one.decision is None for one in found)
    click.echo(_OPEN.said_in(lang).format(n=waiting, folder=folder) if waiting else _NONE.said_in(lang))


def _rows(one: Conflict, lang: Language, *, every: bool) -> Iterator[tuple[object, ...]]:
    """Yield a line for each difference; what is said of the conflict as a whole stands in the first."""
    subject = _SUBJECTS[one.subject].said_in(lang).format(id=one.subject_id)
    if one.against != one.subject_id:
        subject = _VERSION.said_in(lang).format(subject=subject, against=one.against)
    decided = "" if one.decision is None else DECISIONS[one.decision].said_in(lang)
    if one.made_id is not None:
        decided = _MADE.said_in(lang).format(decision=decided, id=one.made_id)
    first: tuple[object, ...] = (one.id, one.on, subject)
    for difference in one.differences or (Difference("—"),):
        sides = (_cell(difference.column, side, lang) for side in (difference.recorded, difference.handed_in))
        yield (*first, _column(difference.column, lang), *sides, *((decided,) if every else ()))
        first, decided = ("", "", ""), ""


def _column(name: str, lang: Language) -> str:
    """Return what a column is called: in Chinese as in the workbook's header."""
    if not name.startswith("findings."):
        return _headed(name, lang, VISITS, CALLS)
    n, _, part = name.removeprefix("findings.").partition(".")
    if not part:
        return _FINDING.said_in(lang).format(n=n)
    return _PART.said_in(lang).format(n=n, part=_headed(part, lang, FINDINGS))


def _headed(name: str, lang: Language, *sheets: SheetSpec) -> str:
    if name in _COLUMNS:
        return _COLUMNS[name].said_in(lang)
    headers = {column.id: column.header for sheet in sheets for column in sheet.columns}
    return headers.get(name, name) if lang == "zh" else name


def _cell(column: str, side: Text | None, lang: Language) -> str | None:
    """Return a cell as the workbook would say it: choices by their label, minutes as a time."""
    if side is None:
        return None
    said, name = side.said_in(lang), column.rpartition(".")[2]
    if name == "minute":
        return f"{int(said) // 60:02}:{int(said) % 60:02}"
    if name in _YES_NO:
        return _YES_NO_WORDS[said].said_in(lang)
    return (
        " ".join(_LABELS.get(word, word) for word in said.split(" "))
        if lang == "zh" and (name in _CHOSEN or name.isdecimal())
        else said
    )


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("id_", metavar="ID")
@click.argument("decision", type=click.Choice(list(DECISIONS)))
@click.option("--reason", required=True, help="理由，几个字，不写姓名电话 / why, without names and numbers.")
@click.option("--person", required=True, help="经办人在名册上的编号 / who decides, by the register.")
@language_option
def settle(*, folder: Path, id_: str, decision: str, reason: str, person: str, lang: Language) -> None:
    """裁定一条冲突，只裁定一次 / settle a conflict, once.

    \b
    keep     保留原记录，新报的不算
    replace  以新报的取代原记录：原记录留在台账里，从此不计数
    both     两条都算：其实是两次走访，或两件事

    取代时不丢诉求：两个版本都有的照常办理；新版本才有的立新号；新版本没有的仍待答复，由办公室办理或不予立案。
    只有办公室和领导可以裁定。裁定以前的通报和数字不变。

    keep the record; replace it, so that it counts no longer; or let both count. No ticket is lost by it.

    例 / example: zoufang settle demo-out 0123456789abcdef replace --reason 平板补录 --person P-wangge-1
    """  # noqa: D301 - the backspace is click's mark for lines that are kept as they stand
    with asked(folder, masked=False) as campaign:
        done = campaign.acting(campaign.actor(person)).settle(id_, decision, reason=reason)
    seq = 0 if done.receipt is None else done.receipt.seq
    click.echo(_DONE[decision].said_in(lang).format(id=id_, replaced=done.replaced, made=done.made_id, seq=seq))
    _tell_tickets(done, lang)


def _tell_tickets(done: Settled, lang: Language) -> None:
    mark = "、" if lang == "zh" else ", "
    for words, ids in ((_RAISED, done.raised), (_GO_ON, done.kept)):
        if ids:
            click.echo(words.said_in(lang).format(ids=mark.join(ids)))
    if done.left_open:
        click.echo(_LEFT.said_in(lang).format(ids=mark.join(done.left_open)), err=True)
