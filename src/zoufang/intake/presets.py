"""Published time limits by name: what a plan's preset fills in where the plan itself says nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

_SUFFIX = ".toml"


@cache
def packaged_presets() -> tuple[str, ...]:
    """Return the names of the rule sets that come with the library, sorted.

    Plan: 四(二)
    """
    found = (entry.name for entry in files("zoufang.plans.presets").iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in found if name.endswith(_SUFFIX)))


def with_preset(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a plan's values with the time limits of the preset that it names; what the plan says itself stands.

    Args:
        values: What was read from the plan file.

    Returns:
        The same values, the table ``deadlines`` filled up; as they were where they name no packaged preset.

    Plan: 四(二)
    """
    own = values.get("deadlines")
    name = own.get("preset") if isinstance(own, Mapping) else None
    if not isinstance(own, Mapping) or name not in packaged_presets():
        return values
    preset = tomllib.loads((files("zoufang.plans.presets") / f"{name}{_SUFFIX}").read_text(encoding="utf-8"))
    presumed = [entry for entry in preset.pop("presumed", ()) if entry not in own]
    return {**values, "deadlines": {"presumed": presumed, **preset, **own}}
