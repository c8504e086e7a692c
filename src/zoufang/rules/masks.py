"""Masks as named policies: how much of a person whoever looks may see."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from attrs import frozen

from zoufang.errors import BadValueError, UnknownIdError
from zoufang.model import CampaignPlan, MaskPlace, Role
from zoufang.rules.identifiers import Identifier, fit_to_publish, identifiers, telephone_key
from zoufang.typing import Text

STARS = "**"
HIDDEN = "***"
ERASED = Text("已删除", "erased")
"""What is shown in the place of a private text that was erased."""

COMPOUND = frozenset(
    (
        "欧阳",
        "太史",
        "端木",
        "上官",
        "司马",
        "东方",
        "独孤",
        "南宫",
        "夏侯",
        "诸葛",
        "尉迟",
        "皇甫",
        "公孙",
        "慕容",
        "长孙",
        "宇文",
        "司徒",
        "轩辕",
        "令狐",
        "闻人",
        "澹台",
    )
)
"""Surnames of two characters that are met most."""


class Show(StrEnum):
    """How much of one sort of private word is shown."""

    CLEAR = "clear"
    PART = "part"
    NOTHING = "nothing"


@frozen
class Mask:
    """A policy.

    Args:
        name: By which it is asked for.
        label: What it is called.
        names: Of names: 张三 → 张**.
        phones: Of telephones: 13812340000 → 138****0000.
        addresses: Of addresses: in part, the community alone.
        words: Of spoken words: in part, all but the identifiers in them.
    """

    name: str
    label: Text
    names: Show
    phones: Show
    addresses: Show
    words: Show

    @property
    def clear(self) -> bool:
        """True where something is shown as it is, so that the reading must be recorded."""
        return Show.CLEAR in {self.names, self.phones, self.addresses, self.words}


def _alike(name: str, label: Text, show: Show) -> Mask:
    return Mask(name, label, show, show, show, show)


MASKS: Mapping[str, Mask] = {
    mask.name: mask
    for mask in (
        _alike("none", Text("不遮盖", "nothing is masked"), Show.CLEAR),
        _alike("initial", Text("留姓氏和号码首尾", "surname, and both ends of a number, are left"), Show.PART),
        _alike("full", Text("全部遮盖", "everything is masked"), Show.NOTHING),
    )
}
"""The policies that ship, by name; the one that shows most first."""


def mask_for(plan: CampaignPlan, where: MaskPlace, role: Role, asked: str | None = None) -> Mask:
    """Return the mask that applies: the plan's for the place and role, or a stricter one that was asked for.

    Args:
        plan: Its table applies.
        where: What is to be shown.
        role: To whom.
        asked: A policy's name; None takes the plan's.

    Raises:
        UnknownIdError: There is no such policy.
        BadValueError: It shows more than the plan allows there.

    Plan: 五(一), 五(二)
    """
    order = list(MASKS)
    if asked is not None and asked not in MASKS:
        raise UnknownIdError(what="mask", id=asked, known=tuple(order))
    lines = [rule for rule in plan.masks if rule.where == where and (role in rule.roles or not rule.roles)]
    most = min(lines, key=lambda rule: not rule.roles).mask if lines else order[0]
    allowed = order[order.index(most) :]
    if asked is not None and asked not in allowed:
        raise BadValueError(what="mask", id=where, value=asked, allowed=", ".join(allowed))
    return MASKS[asked or most]


def masked_name(name: str, show: Show) -> str:
    """Return a name as a policy shows it; how long it is does not show.

    Plan: 五(二)
    """
    if show is Show.CLEAR or not name:
        return name
    if show is Show.NOTHING:
        return HIDDEN
    return (name[:2] if name[:2] in COMPOUND and len(name) > len(STARS) else name[:1]) + STARS


def masked_phone(phone: str, show: Show) -> str:
    """Return a telephone as a policy shows it: of a mobile three digits and four, of a landline the area code.

    Plan: 五(二)
    """
    if show is Show.CLEAR or not phone:
        return phone
    kinds = {one.kind for one in identifiers(phone)}
    number = telephone_key(phone)
    if show is Show.NOTHING or not kinds & {Identifier.MOBILE, Identifier.LANDLINE}:
        return HIDDEN
    if Identifier.MOBILE in kinds:
        return f"{number[:3]}****{number[-4:]}"
    return f"{number[: 3 if number[1:2] in {'1', '2'} else 4]}****" if number.startswith("0") else HIDDEN


def masked_address(address: str, community: str, show: Show) -> str:
    """Return an address as a policy shows it: in part, the community's name.

    Plan: 五(二)
    """
    if show is Show.CLEAR or not address:
        return address
    return community or HIDDEN if show is Show.PART else HIDDEN


def masked_words(words: str, show: Show) -> Text:
    """Return spoken words as a policy shows them: in part, with a tag in the place of each identifier.

    Plan: 四(二), 五(二)
    """
    if show is Show.CLEAR or not words:
        return Text(words, words)
    return fit_to_publish(words) if show is Show.PART else Text(HIDDEN, HIDDEN)
