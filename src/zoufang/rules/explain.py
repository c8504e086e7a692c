"""Who answers for a target, and by which rule: the matrix read aloud, and the claims weighed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from attrs import frozen

from zoufang.model import (
    Assignment,
    CampaignPlan,
    Duty,
    Overlap,
    OverlapRule,
    Owes,
    Part,
    owes,
)
from zoufang.rules.matrix import duties_for, kinds_of, unit_here
from zoufang.rules.resolve import Claimed
from zoufang.typing import AreaId, KindId, Text

_VISIT = {
    Owes.ANY: Text("任何单位见到本人都算", "a visit by any unit counts"),
    Owes.OWN: Text("须由本职责的单位自己走访", "it wants a visit by its own unit"),
    Owes.ALL: Text("每个牵头单位各走访一次", "each of its leads owes a visit"),
}


@frozen
class Told:
    """One step of an explanation.

    Args:
        text: One sentence.
        clause: The plan's clause that it rests on; may be empty.
    """

    text: Text
    clause: str = ""


def explain_duties(
    plan: CampaignPlan, kind: KindId, community: AreaId | None, on: date | None = None
) -> tuple[Told, ...]:
    """Tell which duties cover a kind of target in a place, which do not, and why.

    Args:
        plan: Its duties and overlaps apply.
        kind: The kind of target.
        community: Where it stands; None outside every community.
        on: The day on which duties must be in force; None asks for no day.

    Returns:
        One step for the kind, one for each duty of it or of a more general kind, and one for each overlap rule that
        was applied.

    Plan: 二
    """
    kinds = kinds_of(plan, kind)
    in_force = {duty.key for duty, _ in duties_for(plan, kind, community, on)}
    owed = owes(plan, kind)
    told = [
        _duty_told(plan, duty, community, on, in_force=duty.key in in_force, owed=owed[duty.id])
        for general in kinds
        for duty in plan.duties
        if general in duty.kinds
    ]
    rules = [_overlap_told(plan, overlap) for overlap in plan.overlaps if _touches(overlap, kinds)]
    return (_kinds_told(plan, kinds), *told, *rules)


def _touches(overlap: Overlap, kinds: Sequence[KindId]) -> bool:
    """Say whether an overlap decides anything for the first of some kinds, the others being what it is also."""
    beside = set(overlap.kinds) - {kinds[0]}
    between = not beside or overlap.rule is OverlapRule.EACH or not beside.isdisjoint(kinds)
    return kinds[0] in overlap.kinds and between


def _kinds_told(plan: CampaignPlan, kinds: Sequence[KindId]) -> Told:
    own, *more = (plan.kind[kind] for kind in kinds)
    zh = "，同时也是" + "、".join(f"“{k.label.zh}”" for k in more) if more else ""
    en = ", and also " + ", ".join(k.label.en for k in more) if more else ""
    return Told(Text(f"类型为“{own.label.zh}”{zh}。", f"It is a {own.label.en}{en}."), own.clause)


def _duty_told(
    plan: CampaignPlan, duty: Duty, community: AreaId | None, on: date | None, *, in_force: bool, owed: Owes
) -> Told:
    here = [unit for unit in (unit_here(plan, lead, community) for lead in duty.leads) if unit is not None]
    if in_force and here:
        joint = Text("共同牵头", "lead jointly") if len(here) > 1 else Text("牵头", "leads")
        zh = f"职责“{duty.key}”适用：{'、'.join(here)} {joint.zh}；{_VISIT[owed].zh}。"
        en = f"Duty {duty.key} applies: {', '.join(here)} {joint.en}; {_VISIT[owed].en}."
        return Told(Text(zh, en), duty.clause)
    if duty.areas and community not in duty.areas:
        why = Text("只限于其他社区", "it is limited to other communities")
    elif not duty.holds_on(on):
        why = Text(f"{on} 不在有效期内", f"it is not in force on {on}")
    elif not here:
        why = Text("对象不在任何社区", "the target stands in no community")
    else:
        why = Text("特别优先于一般", "the specific goes before the general")
    return Told(Text(f"职责“{duty.key}”不适用：{why.zh}。", f"Duty {duty.key} does not apply: {why.en}."), duty.clause)


def _overlap_told(plan: CampaignPlan, overlap: Overlap) -> Told:
    labels = [plan.kind[kind].label for kind in overlap.kinds]
    rule = {
        OverlapRule.SPECIFIC: Text("特别优先于一般", "the specific goes before the general"),
        OverlapRule.JOINT: Text("共同牵头，排在前面的为登记牵头单位", "joint leads, the first of them of record"),
        OverlapRule.EACH: Text("各走访一次", "each owes a visit"),
    }[overlap.rule]
    both = Text("，一次走访同时算数", ", and one visit serves both") if overlap.one_visit_serves else Text("", "")
    zh = f"交叉规则（{'、'.join(label.zh for label in labels)}）：{overlap.rule}，{rule.zh}{both.zh}。"
    en = f"Overlap rule ({', '.join(label.en for label in labels)}): {overlap.rule}, {rule.en}{both.en}."
    return Told(Text(zh, en), overlap.clause)


def explain_claims(plan: CampaignPlan, claims: Sequence[Claimed]) -> tuple[Told, ...]:
    """Tell what each router claims for one subject, and whose word goes first.

    Args:
        plan: Its precedence applies.
        claims: What the routers answered for the subject.

    Returns:
        One step a claim, and one for the precedence where several plugins claim.

    Plan: 二
    """
    return tuple(_claims_told(plan, claims))


def _claims_told(plan: CampaignPlan, mine: Sequence[Claimed]) -> Iterator[Told]:
    for claimed in mine:
        claim, by = claimed.claim, f"{claimed.plugin} {claimed.version}/{claimed.claim.rule}"
        part = _part(claim.part, bool(claim.duty_id))
        yield Told(
            Text(
                f"{by} 认为 {claim.unit_id} {part.zh}：{claim.reason}",
                f"{by} claims {claim.unit_id} as {part.en}: {claim.reason}",
            )
        )
    plugins = sorted({claimed.plugin for claimed in mine})
    if len(plugins) > 1:
        order = [name for name in plan.precedence if name in plugins]
        order += [name for name in plugins if name not in order]
        yield Told(
            Text(
                f"先后次序：{' → '.join(order)}，排在前面的决定牵头。",
                f"Precedence: {' → '.join(order)}; the first decides the lead.",
            )
        )


def assigned_told(assignments: Iterable[Assignment]) -> Iterator[Told]:
    """Tell who answers in the end; nobody is said too.

    Plan: 二
    """
    any_ = False
    for one in assignments:
        any_ = True
        part = _part(one.part, bool(one.duty_id))
        duty = Text(f"，职责“{one.duty_id}”", f", duty {one.duty_id}") if one.duty_id else Text("", "")
        yield Told(
            Text(
                f"⇒ {one.unit_id} {part.zh}（规则 {one.rule}，{one.plugin} {one.plugin_version}{duty.zh}）",
                f"⇒ {one.unit_id}: {part.en} (rule {one.rule}, {one.plugin} {one.plugin_version}{duty.en})",
            )
        )
    if not any_:
        yield Told(Text("⇒ 没有牵头单位，请办公室确定。", "⇒ nobody leads; the office decides."))


def _part(part: Part, answers: bool) -> Text:  # noqa: FBT001 - the one question
    if part is Part.LEAD:
        return Text("牵头", "lead")
    return Text("共同牵头", "joint lead") if answers else Text("配合", "co")
