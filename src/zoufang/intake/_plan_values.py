"""From the values of a TOML file to the plan's own types; strict, and never content with the first problem."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal, get_args, get_origin

import attrs
import cattrs
from attrs import frozen
from cattrs.gen import make_dict_structure_fn

from zoufang.model import CampaignPlan

Hook = Callable[[Any, Any], Any]

_PLAIN_NAME = re.compile(r"[\w-]{1,60}")
_LONGEST_SHOWN = 60


@frozen
class Problem:
    """One thing that is wrong, and where.

    Args:
        place: For example ``$.phases[1].ends_on``.
        zh: What is wrong and what is allowed, in Chinese.
        en: The same in English.
    """

    place: str
    zh: str
    en: str


class _WrongValueError(Exception):
    """A value that is not of its kind; cattrs adds the place on its way up."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


def structure_plan(values: Mapping[str, Any]) -> CampaignPlan | tuple[Problem, ...]:
    """Turn a file's values into a plan, or return everything that is wrong with them.

    Args:
        values: What tomllib read.

    Returns:
        The plan; or all problems, in the order of the plan's entries.
    """
    try:
        return _CONVERTER.structure(values, CampaignPlan)
    except cattrs.BaseValidationError as error:
        return tuple(_problems(error, "$"))


def suggestion(word: str, known: tuple[str, ...]) -> tuple[str, str]:
    """Return “did you mean” in Chinese and English, or what there is to choose from."""
    near = difflib.get_close_matches(word[:_LONGEST_SHOWN], known, n=1)
    if near:
        return f"是不是“{near[0]}”？", f"did you mean {near[0]}?"
    return f"可用的有：{'、'.join(known)}", f"allowed: {', '.join(known)}"


# --- from cattrs' tree of exceptions to a flat list -----------------------------------------------------------


def _problems(error: Exception, place: str) -> Iterator[Problem]:
    if isinstance(error, cattrs.ForbiddenExtraKeysError):
        known = tuple(field.name for field in attrs.fields(error.cl))
        for key in sorted(error.extra_fields):
            zh, en = suggestion(key, known)
            yield Problem(_below(place, key), f"没有这一项；{zh}", f"there is no such entry; {en}")
    elif isinstance(error, cattrs.ClassValidationError):
        for child, attribute in error.group_exceptions()[0]:
            yield from _problems(child, _below(place, attribute.name))
        for child in error.group_exceptions()[1]:
            yield from _problems(child, place)
    elif isinstance(error, cattrs.IterableValidationError):
        for child, item in error.group_exceptions()[0]:
            yield from _problems(child, _below(place, item.index))
    elif isinstance(error, KeyError):
        yield Problem(place, "缺少这一项，必须填写", "this entry is missing and is required")
    elif isinstance(error, _WrongValueError):
        yield Problem(place, error.zh, error.en)
    else:  # a fault of ours must not be dressed up as the user's
        raise error


def _below(place: str, name: str | int) -> str:
    if isinstance(name, int):
        return f"{place}[{name}]"
    return f"{place}.{name}" if _PLAIN_NAME.fullmatch(name) else f"{place}.{_shown(name)}"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    text = f"“{value}”" if isinstance(value, str) else str(value)
    text = "".join(c if c.isprintable() else "�" for c in text[: _LONGEST_SHOWN * 2])
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


# --- one hook for each kind of value --------------------------------------------------------------------------


def _text(value: Any, _: Any) -> str:
    if not isinstance(value, str):
        raise _WrongValueError(
            f"应为文字，实为{_kind_zh(value)}；请加引号", f"must be text, not {_kind_en(value)}; put it in quotes"
        )
    if any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in value):
        raise _WrongValueError("文字中有控制字符，请删去", "there is a control character in this text; take it out")
    return value


def _number(value: Any, _: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value):
        raise _WrongValueError(
            f"应为整数，实为文字 {_shown(value)}；请去掉引号，写作 {value}",
            f"must be a whole number, not the text {_shown(value)}; write {value} without quotes",
        )
    raise _WrongValueError(
        f"应为整数，实为{_kind_zh(value)}；例如 5", f"must be a whole number, not {_kind_en(value)}; for example 5"
    )


def _truth(value: Any, _: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise _WrongValueError(
        f"应为 true 或 false，实为{_kind_zh(value)}", f"must be true or false, not {_kind_en(value)}"
    )


def _day(value: Any, _: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise _WrongValueError(
            f"应为日期，实为{_kind_zh(value)}；例如 2023-03-01",
            f"must be a date, not {_kind_en(value)}; for example 2023-03-01",
        )
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise _WrongValueError(
            f"{_shown(value)} 不是日期；应写作 年-月-日，例如 2023-03-01",
            f"{_shown(value)} is not a date; write year-month-day, for example 2023-03-01",
        )
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise _WrongValueError(
            f"没有 {value} 这一天；请填日历上有的日期，例如 2023-03-01",
            f"there is no day {value}; give one that the calendar has, for example 2023-03-01",
        ) from None


def _member(value: Any, type_: type[StrEnum]) -> StrEnum:
    return type_(_chosen(value, tuple(member.value for member in type_)))


def _word(value: Any, type_: Any) -> str:
    return _chosen(value, get_args(type_))


def _chosen(value: Any, allowed: tuple[str, ...]) -> str:
    if isinstance(value, str) and value in allowed:
        return value
    zh, en = suggestion(value if isinstance(value, str) else "", allowed)
    raise _WrongValueError(f"{_shown(value)} 不在可选范围；{zh}", f"{_shown(value)} is not one of the choices; {en}")


def _items(type_: Any) -> Hook:
    make, (inner, *_) = get_origin(type_), get_args(type_)

    def hook(value: Any, _: Any) -> Any:
        if not isinstance(value, list):
            raise _WrongValueError(
                f"应为列表，实为{_kind_zh(value)}；请用方括号",
                f"must be a list, not {_kind_en(value)}; use square brackets",
            )
        return make(_each(enumerate(value), inner, type_))

    return hook


def _table(type_: Any) -> Hook:
    inner = get_args(type_)[1]

    def hook(value: Any, _: Any) -> Any:
        _must_be_table(value)
        return dict(zip(value, _each(value.items(), inner, type_), strict=True))

    return hook


def _each(pairs: Any, inner: Any, type_: Any) -> list[Any]:
    """Structure every item; all that fail are raised together, each with its place."""
    hook = _CONVERTER.get_structure_hook(inner)
    done: list[Any] = []
    failed: list[Exception] = []
    for index, value in pairs:
        try:
            done.append(hook(value, inner))
        except Exception as error:  # noqa: BLE001 - whatever it is goes up in the group
            error.add_note(cattrs.IterableValidationNote("", index, inner))
            failed.append(error)
    if failed:
        raise cattrs.IterableValidationError("", failed, type_)
    return done


def _attrs(type_: type[Any]) -> Hook:
    plain = make_dict_structure_fn(type_, _CONVERTER, _cattrs_forbid_extra_keys=True, _cattrs_detailed_validation=True)

    def hook(value: Any, _: Any) -> Any:
        _must_be_table(value)
        return plain(value, type_)

    return hook


def _must_be_table(value: Any) -> None:
    if not isinstance(value, dict):
        raise _WrongValueError(
            f'应为一组“名称 = 值”，实为{_kind_zh(value)}；例如 {{ zh = "…", en = "…" }}',
            f'must be a table, not {_kind_en(value)}; for example {{ zh = "…", en = "…" }}',
        )


def _kind_zh(value: Any) -> str:
    name = _KINDS.get(type(value), _OTHER)[0]
    if type(value) not in _SCALARS:
        return name
    return f"{name}{_shown(value)}" if isinstance(value, str) else f"{name} {_shown(value)}"


def _kind_en(value: Any) -> str:
    name = _KINDS.get(type(value), _OTHER)[1]
    return f"{name} {_shown(value)}" if type(value) in _SCALARS else name


_SCALARS = {str, int, float, bool, date, datetime}
_OTHER = ("其他值", "another value")
_KINDS: dict[type, tuple[str, str]] = {
    str: ("文字", "the text"),
    int: ("整数", "the number"),
    float: ("小数", "the decimal"),
    bool: ("真假值", "the truth value"),
    date: ("日期", "the date"),
    datetime: ("日期时间", "the date and time"),
    list: ("列表", "a list"),
    dict: ("一组“名称 = 值”", "a table"),
}


def _is_made_from(*origins: object) -> Callable[[Any], bool]:
    """Return a test for types such as ``tuple[Phase, ...]``, by what stands before the brackets."""

    def test(type_: Any) -> bool:
        origin: object = get_origin(type_)
        return origin in origins

    return test


def _make_converter() -> cattrs.Converter:
    converter = cattrs.Converter(detailed_validation=True, forbid_extra_keys=True)
    # StrEnum by its own name: each is also a str, and would otherwise be read as any text.
    for type_, hook in ((str, _text), (int, _number), (bool, _truth), (date, _day), (StrEnum, _member)):
        converter.register_structure_hook(type_, hook)
    converter.register_structure_hook_factory(attrs.has, _attrs)
    converter.register_structure_hook_func(_is_made_from(Literal), _word)
    converter.register_structure_hook_factory(_is_made_from(tuple, frozenset), _items)
    converter.register_structure_hook_factory(_is_made_from(Mapping), _table)
    return converter


_CONVERTER = _make_converter()
