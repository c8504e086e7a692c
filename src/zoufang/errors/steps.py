"""A step that the rules refuse."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from attrs import define

from zoufang.errors.base import BadInputError
from zoufang.errors.words import NOUNS, ROLES, STATUSES, VERBS, Words


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
    zh: ClassVar[str] = "诉求 {ticket_id} 的“{event}”日期 {on} 早于上一步 {last_on}；请改为当天或之后"
    en: ClassVar[str] = (
        "cannot {event} {ticket_id} on {on}: its last step was on {last_on}; give that day or a later one"
    )


@define(eq=False)
class StaleError(RefusedError):
    """A step that was decided on an older version of the ticket."""

    ticket_id: str
    version: int
    now: int
    zh: ClassVar[str] = "诉求 {ticket_id} 已被他人更新（您看到第 {version} 版，现为第 {now} 版）；请刷新后再办"
    en: ClassVar[str] = "{ticket_id} has moved on (you saw version {version}, it is now {now}); read it again first"


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
class ContestedLeadError(RefusedError):
    """Two routers of the same rank that claim the lead for different units."""

    subject_id: str
    first: str
    second: str
    zh: ClassVar[str] = "{subject_id} 的牵头单位有争议：{first} 与 {second}；请在方案 precedence 中写明先后"
    en: ClassVar[str] = "contested lead for {subject_id}: {first} and {second}; declare their precedence in the plan"
