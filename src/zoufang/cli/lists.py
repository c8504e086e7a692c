"""`zoufang estimates`, `problems` and `ladder`: what call-backs say, what was brought along, who must see to what."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from zoufang.analysis import Estimate, Judgement, LotVerdict, Window, printed_bound, printed_share
from zoufang.cli.asking import DAY, asked, day_of, show
from zoufang.cli.options import language_option
from zoufang.errors.words import ROLES
from zoufang.model import CampaignPlan, Remedy
from zoufang.reports import Supervised
from zoufang.typing import Language, Text, TopicId, UnitId

_UNIT, _TOPIC, _DUE, _SINCE = Text("单位", "unit"), Text("主题", "topic"), Text("办理时限", "due"), Text("自", "since")
_STREET = Text("全街道", "the street")
_OF, _COVERED, _ANSWERS = Text("入抽样销号", "considered"), Text("其中可推断", "covered"), Text("有效回答", "answers")
_SHARE, _INTERVAL = Text("推断率", "share"), Text("{n}% 区间", "{n}% interval")
_LOT = Text("成批判定", "lot")
_QUESTION = {
    "solved": Text("由回访推断的解决率", "said solved, inferred from call-backs"),
    "satisfied": Text("由回访推断的满意率", "satisfied, inferred from call-backs"),
}
_JUDGED = {
    Judgement.ACCEPT: Text("通过", "accept"),
    Judgement.REJECT: Text("不通过", "reject"),
    Judgement.NOT_ENOUGH: Text("样本不足", "not enough"),
}
_NO_DRAW = Text("还没有抽取过回访。", "no call-back sample was drawn yet.")
_STAR = Text("* 各层权重不等，以有效样本量计；区间向外取整。", "* weights differ; bounds are rounded outwards.")
_NO_PROBLEM = Text("还没有确定普遍问题。", "no common problem was found yet.")
_PROBLEM, _LEAD, _REMEDY = Text("编号", "number"), Text("牵头单位", "lead"), Text("办理结果", "outcome")
_TOLD, _TICKETS = Text("已反馈/应反馈", "told/owed"), Text("关联诉求", "tickets")
_REMEDIES = {
    None: Text("办理中", "under way"),
    Remedy.RESOLVED: Text("已解决", "resolved"),
    Remedy.PARTLY: Text("部分解决", "partly"),
    Remedy.EXPLAINED: Text("解释说明", "explained"),
}
_N_PROBLEMS = Text(
    "共 {n} 个，已办结 {handled} 个；应反馈 {owed} 件，已反馈 {told} 件。",
    "{n} in all, {handled} handled; {told} of {owed} people told.",
)
_NO_STEP = Text("没有诉求在督办阶梯上。", "no ticket stands on the ladder.")
_TICKET, _STEP, _WHO = Text("诉求", "ticket"), Text("级次", "step"), Text("负责", "must see to it")
_AS_PROBLEM = Text("{id}（普遍问题）", "{id} (common problem)")
_IN_PLACE = Text("{who}（代{role}）", "{who} (no {role})")
_HOLDER = Text("责任单位", "held by")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--question",
    type=click.Choice(["solved", "satisfied"]),
    default="solved",
    show_default=True,
    help="问的是解决还是满意 / what was asked.",
)
@click.option("--on", type=DAY, help="截至这一天，默认今天 / as of this day.")
@language_option
def estimates(*, folder: Path, question: str, on: datetime | None, lang: Language) -> None:
    """由回访推断各单位的解决率，附精确区间和成批判定 / what call-backs say of all closings.

    回访只问一部分人。推断率按每层抽取的件数加权；区间有多宽，就有多不确定：问得少，区间就宽，不要拿它排名。
    成批判定只看最近若干件有效回答（方案 callbacks.lot），样本不足时不下结论。

    The share is weighted by stratum and draw; few answers give a wide interval, by which nobody is to be ranked.

    例 / example: zoufang estimates demo-out --on 2023-04-30
    """
    with asked(folder) as campaign:
        plan, window = campaign.plan, Window(to_on=day_of(on, campaign))
        found = campaign.estimates("solved" if question == "solved" else "satisfied", window)
        lots = {lot.unit_id: lot for lot in campaign.lots(window)}
    if not found:
        click.echo(_NO_DRAW.said_in(lang))
        return
    n = plan.callbacks.confidence_percent
    interval = _INTERVAL.filled(n=n)
    counted = (_OF, _COVERED, _ANSWERS, _SHARE, interval)
    judged = (_LOT,) if plan.callbacks.lot is not None else ()
    rows = ((*_estimated(one, plan, lang), *((_verdict(one, lots, lang),) if judged else ())) for one in found)
    click.echo(_QUESTION[question].said_in(lang))
    show((_UNIT, *counted, *judged), rows, lang, numbers=counted)
    if any(one.answers and not one.exact for one in found):
        click.echo(_STAR.said_in(lang))


def _estimated(one: Estimate, plan: CampaignPlan, lang: Language) -> tuple[object, ...]:
    who = _STREET.said_in(lang) if one.unit_id is None else one.unit_id
    counts = (who, one.of, one.covered, one.answers)
    if one.share is None or one.low is None or one.high is None:
        return (*counts, printed_share(0, 0, plan.rounding, lang), None)
    share = printed_share(one.share.numerator, one.share.denominator, plan.rounding, lang)
    low, high = printed_bound(one.low, plan.rounding, up=False), printed_bound(one.high, plan.rounding, up=True)
    return (*counts, share, f"{low}–{high}{'' if one.exact else '*'}")


def _verdict(one: Estimate, lots: dict[UnitId, LotVerdict], lang: Language) -> str | None:
    """Return how a unit's last answers were judged; the street as a whole is no lot."""
    if one.unit_id is None:
        return None
    lot = lots.get(one.unit_id)
    if lot is None:
        return _JUDGED[Judgement.NOT_ENOUGH].said_in(lang)
    return f"{_JUDGED[lot.judgement].said_in(lang)} {lot.failures}/{lot.answers}"


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--on", type=DAY, help="截至这一天，默认今天 / as of this day.")
@language_option
def problems(*, folder: Path, on: datetime | None, lang: Language) -> None:
    """列出普遍问题：解决一个、带动一批 / list common problems and what they brought along.

    每个问题一行：主题、牵头单位、办理结果、办理时限、反馈了多少人、关联哪些诉求；没有办结的在前。
    办结普遍问题以后，仍须逐件反馈本人；“应反馈”不含不予受理、撤诉、并案的诉求。

    One line each, what is not handled first. Each person is still told singly once the problem is handled.

    例 / example: zoufang problems demo-out --on 2023-04-30
    """
    with asked(folder) as campaign:
        plan, found = campaign.plan, campaign.common_problems(day_of(on, campaign))
    if not found:
        click.echo(_NO_PROBLEM.said_in(lang))
        return
    rows = (
        (
            one.id,
            _topic(plan, one.topic_id, lang),
            one.unit_id,
            _REMEDIES[one.remedy].said_in(lang),
            one.due_on,
            f"{one.told}/{one.owed}",
            "、".join(one.tickets) if lang == "zh" else ", ".join(one.tickets),
        )
        for one in found
    )
    show((_PROBLEM, _TOPIC, _LEAD, _REMEDY, _DUE, _TOLD, _TICKETS), rows, lang, numbers=(_TOLD,))
    sums = {"owed": sum(one.owed for one in found), "told": sum(one.told for one in found)}
    handled = sum(one.remedy is not None for one in found)
    click.echo(_N_PROBLEMS.said_in(lang).format(n=len(found), handled=handled, **sums))


def _topic(plan: CampaignPlan, topic_id: TopicId, lang: Language) -> str:
    known = plan.topic.get(topic_id)
    return topic_id if known is None else known.label.said_in(lang)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--on", type=DAY, help="截至这一天，默认今天 / as of this day.")
@language_option
def ladder(*, folder: Path, on: datetime | None, lang: Language) -> None:
    """列出督办阶梯上的诉求和各由谁负责 / list tickets on the ladder of supervision, and who must see to each.

    级次由事实算出（时限、日历、退单、回访），不需要定时器：问哪一天，就是那一天的情况。级次高的在前。
    阶梯各级写在方案的 [[ladder]] 中。

    Steps are computed from the facts of that day; nothing has to run for them. The highest step comes first.

    例 / example: zoufang ladder demo-out --on 2023-04-30
    """
    with asked(folder) as campaign:
        found = campaign.ladder(day_of(on, campaign))
    if not found:
        click.echo(_NO_STEP.said_in(lang))
        return
    rows = (
        (
            _AS_PROBLEM.said_in(lang).format(id=one.place.ticket.ticket_id)
            if one.place.ticket.problem
            else one.place.ticket.ticket_id,
            one.place.step.label.said_in(lang),
            one.place.since_on,
            one.place.ticket.unit_id,
            one.due_on,
            _who(one, lang),
        )
        for one in found
    )
    show((_TICKET, _STEP, _SINCE, _HOLDER, _DUE, _WHO), rows, lang)


def _who(one: Supervised, lang: Language) -> str:
    """Return who must see to a ticket: role, unit and people, and in whose place where nobody holds the step's role."""
    said = " ".join((ROLES[one.by.role].said_in(lang), *filter(None, (one.unit_id,)), *one.person_ids))
    if one.in_place_of is None:
        return said
    return _IN_PLACE.said_in(lang).format(who=said, role=ROLES[one.in_place_of].said_in(lang))
