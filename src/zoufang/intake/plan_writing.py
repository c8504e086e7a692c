"""A plan as a plan file: the text that reads back as the same plan."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum
from typing import Any

import attrs

from zoufang.model import CampaignPlan

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def plan_toml(plan: CampaignPlan, *, heading: tuple[str, ...] = ()) -> str:
    """Return the text of a plan file.

    Args:
        plan: A plan.
        heading: Lines of comment at the top.

    Returns:
        TOML; what has its default value is left out. ``parse_plan`` gives the same plan for it.

    Plan: 四(四)
    """
    plain: list[str] = []
    sections: list[str] = []
    for name, value in _said(plan):
        if isinstance(value, tuple) and value and attrs.has(type(value[0])):
            sections.extend("\n".join((f"\n[[{name}]]", *_lines(_said(one)))) for one in value)
        elif attrs.has(type(value)) and name not in _INLINE:
            sections.append("\n".join((f"\n[{name}]", *_lines(_said(value)))))
        elif isinstance(value, Mapping):
            sections.append("\n".join((f"\n[{name}]", *_lines(value.items()))))
        else:
            plain.extend(_lines([(name, value)]))
    comment = [f"# {line}" for line in heading]
    return "\n".join((*comment, *([""] if comment else []), *plain, *sections)) + "\n"


_INLINE = ("title", "theme", "source")
"""Words of the plan itself, which stand on one line each."""


def _said(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the fields that a file has to say: those without a default or with another value."""
    for field in attrs.fields(type(value)):
        held = getattr(value, field.name)
        default = field.default.factory() if isinstance(field.default, attrs.Factory) else field.default  # type: ignore[arg-type]
        if field.init and held is not None and (default is attrs.NOTHING or held != default):
            yield field.name, held


def _lines(fields: Any) -> Iterator[str]:
    for name, value in fields:
        yield f"{_key(name)} = {_written(value, lines=True)}"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _quoted(name)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _written(value: Any, *, lines: bool = False) -> str:
    if isinstance(value, str):  # an enum's member is one too
        return _quoted(str(value.value) if isinstance(value, Enum) else value)
    if isinstance(value, bool | int):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | frozenset):
        items = [_written(item) for item in (sorted(value) if isinstance(value, frozenset) else value)]
        tables = lines and any(item.startswith("{") for item in items)
        return "[\n    " + ",\n    ".join(items) + ",\n]" if tables else f"[{', '.join(items)}]"
    pairs = value.items() if isinstance(value, Mapping) else _said(value)
    return "{ " + ", ".join(f"{_key(name)} = {_written(held)}" for name, held in pairs) + " }"
