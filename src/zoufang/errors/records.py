"""An id, an area or a value that was given and cannot be used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from attrs import define

from zoufang.errors.base import BadInputError
from zoufang.errors.words import DECISIONS, NOUNS, Words
from zoufang.typing import Language, Text

_WHAT: Mapping[str, Words] = {"what": NOUNS}


@define(eq=False)
class UnknownAreaError(BadInputError):
    """An area that is not in the register."""

    area_id: str
    known: tuple[str, ...] = ()
    zh: ClassVar[str] = "未知的网格或社区 {area_id}：名册中没有；可用的例如：{known}"
    en: ClassVar[str] = "unknown area {area_id}: it is not in the register; known are for example {known}"


@define(eq=False)
class AreaLoopError(BadInputError):
    """An area that stands inside itself."""

    area_id: str
    zh: ClassVar[str] = "区域 {area_id} 的上级又回到它自己；请改正它的上级编号"
    en: ClassVar[str] = "area {area_id} is its own ancestor; correct its parent"


@define(eq=False)
class UnknownIdError(BadInputError):
    """An id that nothing in the campaign bears."""

    what: str
    id: str
    known: tuple[str, ...] = ()
    zh: ClassVar[str] = "未知的{what} {id}；可用的例如：{known}"
    en: ClassVar[str] = "unknown {what} {id}; known are for example: {known}"
    words: ClassVar[Mapping[str, Words]] = _WHAT

    def said_in(self, language: Language) -> str:
        """Return the whole sentence in one language; where none is known for an example, none is promised."""
        if self.known:
            return super().said_in(language)
        what = self._said("what", language)
        if language == "zh":
            return f"未知的{what} {self.id}；没有这个编号"
        return f"unknown {what} {self.id}: there is none with this id"


@define(eq=False)
class PersonalIdError(BadInputError):
    """An id that holds a telephone or a citizen number; it is not repeated."""

    what: str
    kind: str
    zh: ClassVar[str] = (
        "有一个{what}编号含有{kind}；编号会写入不能删除的记录，并出现在各种表和提示中，"
        "请改用不含个人信息的编号，如 H-0001"
    )
    en: ClassVar[str] = (
        "an id of a {what} holds a {kind}; ids stand in records that cannot be erased, in lists and in messages: "
        "give one that tells nothing of a person, such as H-0001"
    )
    words: ClassVar[Mapping[str, Words]] = {
        **_WHAT,
        "kind": {"mobile": Text("手机号", "mobile number"), "citizen": Text("身份证号", "citizen number")},
    }


@define(eq=False)
class DuplicateIdError(BadInputError):
    """An id that two records bear."""

    what: str
    id: str
    zh: ClassVar[str] = "{what}编号 {id} 重复；同一编号只能出现一次"
    en: ClassVar[str] = "duplicate {what} {id}; each id may appear once"
    words: ClassVar[Mapping[str, Words]] = _WHAT


@define(eq=False)
class ConflictError(BadInputError):
    """The same number with other content; the first record stands."""

    what: str
    id: str
    zh: ClassVar[str] = "{what} {id} 已有记录且内容不同；原记录保持不变，请用新编号或更正后重报"
    en: ClassVar[str] = (
        "{what} {id} is already recorded with other content; the first record stands, give it a new number"
    )
    words: ClassVar[Mapping[str, Words]] = _WHAT


@define(eq=False)
class SettledError(BadInputError):
    """A conflict that was settled before: what was decided stands."""

    conflict_id: str
    decision: str
    made_id: str | None
    seq: int
    zh: ClassVar[str] = "冲突 {conflict_id} 已裁定为“{decision}”（第 {seq} 号提交，新编号 {made_id}）；不能再次裁定"
    en: ClassVar[str] = (
        "conflict {conflict_id} is settled: {decision} (commit {seq}, as {made_id}); that decision stands"
    )
    words: ClassVar[Mapping[str, Words]] = {"decision": DECISIONS}

    def _said(self, name: str, language: Language) -> str:
        return "—" if name == "made_id" and self.made_id is None else super()._said(name, language)


@define(eq=False)
class BadValueError(BadInputError):
    """A value that is not of its kind."""

    what: str
    id: str
    value: str | Text
    allowed: str | Text
    zh: ClassVar[str] = "{id} 的{what}不正确：{value}；应为：{allowed}"
    en: ClassVar[str] = "bad {what} of {id}: {value}; allowed: {allowed}"
    words: ClassVar[Mapping[str, Words]] = _WHAT
