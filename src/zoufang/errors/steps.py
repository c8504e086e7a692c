"""A step that the rules refuse."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from attrs import define

from zoufang.errors.base import BadInputError
from zoufang.errors.words import NOUNS, REACHES, ROLES, STATUSES, VERBS, Words
from zoufang.typing import Language

SHOWN = 5
"""Tickets that a sentence names."""


@define(eq=False)
class RefusedError(BadInputError):
    """A step that the rules refuse."""

    words: ClassVar[Mapping[str, Words]] = {
        "event": VERBS,
        "status": STATUSES,
        "needs": NOUNS,
        "verb": VERBS,
        "role": ROLES,
    }


@define(eq=False)
class IllegalStepError(RefusedError):
    """A step that a ticket's status does not allow."""

    event: str
    ticket_id: str
    status: str
    allowed: tuple[str, ...]
    zh: ClassVar[str] = "不能对诉求 {ticket_id} 执行“{event}”：当前状态为“{status}”；现在可以：{allowed}"
    en: ClassVar[str] = "cannot {event} {ticket_id}: it is {status}; allowed now: {allowed}"
    words: ClassVar[Mapping[str, Words]] = {"event": VERBS, "status": STATUSES, "allowed": VERBS}


@define(eq=False)
class MissingPartError(RefusedError):
    """A step without something that it needs."""

    event: str
    ticket_id: str
    needs: str
    zh: ClassVar[str] = "不能对诉求 {ticket_id} 执行“{event}”：缺少“{needs}”"
    en: ClassVar[str] = "cannot {event} {ticket_id}: it needs {needs}"


@define(eq=False)
class SamePersonError(RefusedError):
    """One person turning both keys of a closing."""

    ticket_id: str
    person_id: str
    zh: ClassVar[str] = "诉求 {ticket_id} 的销号申请人与批准人同为 {person_id}；须由另一人批准（方案 四(三)）"
    en: ClassVar[str] = (
        "cannot close {ticket_id}: {person_id} applied for it; another person must approve (plan 四(三))"
    )


@define(eq=False)
class BackwardsError(RefusedError):
    """A step dated before the one it follows."""

    event: str
    ticket_id: str
    on: date
    last_on: date
    minute: int | None = None
    last_minute: int | None = None
    zh: ClassVar[str] = "诉求 {ticket_id} 的“{event}”时间 {on} 早于上一步 {last_on}；请改为当时或之后"
    en: ClassVar[str] = (
        "cannot {event} {ticket_id} on {on}: its last step was on {last_on}; give that time or a later one"
    )

    def _said(self, name: str, language: Language) -> str:
        minute = {"on": self.minute, "last_on": self.last_minute}.get(name)
        at = "" if minute is None or self.on != self.last_on else f" {minute // 60:02}:{minute % 60:02}"
        return super()._said(name, language) + at


@define(eq=False)
class BeforeItsDayError(RefusedError):
    """A promise that is taken up before its day, without a word why."""

    ticket_id: str
    on: date
    plan_on: date
    zh: ClassVar[str] = "诉求 {ticket_id} 承诺在 {plan_on} 办理，{on} 尚未到期；提前续办请填写理由"
    en: ClassVar[str] = "cannot resume {ticket_id} on {on}: it was promised for {plan_on}; wait, or give a reason"


@define(eq=False)
class StaleError(RefusedError):
    """A step that was decided on an older version of the ticket."""

    ticket_id: str
    version: int
    now: int
    moved: tuple[tuple[int, str, str], ...] = ()
    """By what it moved on, where that is known: version, event and the unit that holds it since."""
    others: tuple[str, ...] = ()
    """Other tickets of the same batch that were decided on an older version too."""
    zh: ClassVar[str] = (
        "诉求 {ticket_id} 已被他人更新（您看到第 {version} 版，现为第 {now} 版{moved}）；请刷新后再办{others}"
    )
    en: ClassVar[str] = (
        "{ticket_id} has moved on (you saw version {version}, it is now {now}{moved}); read it again first{others}"
    )

    def _said(self, name: str, language: Language) -> str:
        if name == "moved" and self.moved:
            how = (
                (f"第 {n} 版“{VERBS[event].zh}”", f"（{unit}）") if language == "zh" else (f"{n} {event}", f" ({unit})")
                for n, event, unit in self.moved
            )
            said = (what + (where if unit else "") for (what, where), (_, _, unit) in zip(how, self.moved, strict=True))
            return f"：{'、'.join(said)}" if language == "zh" else f": {', '.join(said)}"
        if name == "others" and self.others:
            shown = self.others[:SHOWN]
            rest = len(self.others) - len(shown)
            if language == "zh":
                return f"；同批另有 {len(self.others)} 件同样：{'、'.join(shown)}{'等' if rest else ''}"
            return f"; so have {len(self.others)} others: {', '.join(shown)}{', …' if rest else ''}"
        return "" if name in {"moved", "others"} else super()._said(name, language)


@define(eq=False)
class NotAllowedError(RefusedError):
    """A verb that the actor's role may not use."""

    verb: str
    role: str
    allowed: tuple[str, ...]
    zh: ClassVar[str] = "角色“{role}”无权执行“{verb}”；可执行的角色：{allowed}"
    en: ClassVar[str] = "role {role} may not {verb}; allowed roles: {allowed}"
    words: ClassVar[Mapping[str, Words]] = {"verb": VERBS, "role": ROLES, "allowed": ROLES}


@define(eq=False)
class OpenPartsError(RefusedError):
    """A step of a split ticket whose parts are not at their end."""

    event: str
    ticket_id: str
    parts: tuple[str, ...]
    zh: ClassVar[str] = "不能对诉求 {ticket_id} 执行“{event}”：分解件 {parts} 尚未销号；请先办结各分解件（方案 四(三)）"
    en: ClassVar[str] = "cannot {event} {ticket_id}: its parts {parts} are still open; bring them to their end first"


@define(eq=False)
class PartMergedError(RefusedError):
    """A part that is to be merged into a ticket outside its family."""

    ticket_id: str
    parent_id: str
    into: str
    zh: ClassVar[str] = (
        "不能把分解件 {ticket_id} 并入 {into}：它是 {parent_id} 的一部分；请对总件并案，或归并为普遍问题"
    )
    en: ClassVar[str] = (
        "cannot merge {ticket_id} into {into}: it is a part of {parent_id}; merge that, or link both to a problem"
    )


@define(eq=False)
class GoesOnForError(RefusedError):
    """A ticket that is to come to nothing although others were merged into it."""

    event: str
    ticket_id: str
    others: tuple[str, ...]
    zh: ClassVar[str] = "不能对诉求 {ticket_id} 执行“{event}”：{others} 已并入本件，仍须答复；请办结并反馈"
    en: ClassVar[str] = (
        "cannot {event} {ticket_id}: {others} were merged into it and still need an answer; handle it and feed back"
    )


@define(eq=False)
class PartOfError(RefusedError):
    """A part that is to be opened again although the ticket that was split has gone on."""

    event: str
    ticket_id: str
    parent_id: str
    status: str
    zh: ClassVar[str] = (
        "不能对分解件 {ticket_id} 执行“{event}”：总件 {parent_id} 的状态为“{status}”；请对总件执行，再补充分解"
    )
    en: ClassVar[str] = (
        "cannot {event} {ticket_id}: {parent_id}, of which it is a part, is {status}; do so with {parent_id}, "
        "then split it again"
    )


@define(eq=False)
class LateReturnError(RefusedError):
    """A dispatch that goes back after the time for that."""

    ticket_id: str
    on: date
    by: date
    zh: ClassVar[str] = "诉求 {ticket_id} 的退回日期 {on} 已过退单时限 {by}；请继续办理，或申请由办公室指定责任单位"
    en: ClassVar[str] = (
        "cannot send_back {ticket_id} on {on}: it could go back until {by}; go on with it, or ask the office to decide"
    )


@define(eq=False)
class LimitPassedError(RefusedError):
    """A pause or an extension that is asked for after the limit."""

    event: str
    ticket_id: str
    on: date
    due_on: date
    zh: ClassVar[str] = "诉求 {ticket_id} 的“{event}”日期 {on} 已过办理时限 {due_on}；须在时限内提出，现请尽快办结"
    en: ClassVar[str] = (
        "cannot {event} {ticket_id} on {on}: its limit was {due_on} and had to be moved by then; handle it now"
    )


@define(eq=False)
class GateClosedError(RefusedError):
    """A verb that the plan closes on that day."""

    verb: str
    id: str
    on: date
    phase: str
    zh: ClassVar[str] = "{id}：{on} 属“{phase}”，方案在这一阶段不办理“{verb}”；请核对日期，或修订方案 gates"
    en: ClassVar[str] = "cannot {verb} {id} on {on}: the plan closes that in phase {phase}; check the day or the gates"
    words: ClassVar[Mapping[str, Words]] = {"verb": VERBS}


@define(eq=False)
class DecidedError(RefusedError):
    """A dispatch that goes back from a unit that had returned it before: the office has decided."""

    ticket_id: str
    unit_id: str
    zh: ClassVar[str] = "诉求 {ticket_id} 经 {unit_id} 退回后，办公室仍指定其办理；不能再次退回，请受理"
    en: ClassVar[str] = (
        "cannot send_back {ticket_id}: {unit_id} returned it before and the office decided; it has to be accepted"
    )


@define(eq=False)
class OutOfReachError(RefusedError):
    """A verb on something that lies beyond the actor's own grid, community or unit."""

    verb: str
    role: str
    id: str
    within: tuple[str, ...]
    zh: ClassVar[str] = "角色“{role}”不能对 {id} 执行“{verb}”：只限{within}"
    en: ClassVar[str] = "role {role} may not {verb} on {id}: only within {within}"
    words: ClassVar[Mapping[str, Words]] = {"verb": VERBS, "role": ROLES, "within": REACHES}


@define(eq=False)
class WrongPostError(RefusedError):
    """A person of the register in another role or unit than is written there, or than the plan gives the role to."""

    person_id: str
    role: str
    registered: str
    unit_id: str
    zh: ClassVar[str] = (
        "{person_id} 不能以“{role}”身份办理：名册中是单位 {unit_id} 的“{registered}”；"
        "请改正名册，或方案中该角色的 holders"
    )
    en: ClassVar[str] = (
        "{person_id} may not act as {role}: the register says {registered} of {unit_id}; "
        "correct the register, or the role's holders in the plan"
    )
    words: ClassVar[Mapping[str, Words]] = {"role": ROLES, "registered": ROLES}


@define(eq=False)
class ContestedLeadError(RefusedError):
    """Two routers of the same rank that claim the lead for different units."""

    subject_id: str
    first: str
    second: str
    zh: ClassVar[str] = "{subject_id} 的牵头单位有争议：{first} 与 {second}；请在方案 precedence 中写明先后"
    en: ClassVar[str] = "contested lead for {subject_id}: {first} and {second}; declare their precedence in the plan"
