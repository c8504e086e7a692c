"""Which installed plugins may load: read before anything of theirs is imported."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib import metadata

from attrs import frozen

GROUP = "zoufang.plugins"
"""The entry-point group in which distributions announce their plugin."""


def normal(name: str) -> str:
    """Return a distribution's name as the packaging standard compares it.

    PEP 503.
    """
    return re.sub(r"[-_.]+", "-", name).lower()


@frozen
class Policy:
    """Which plugins may load.

    Args:
        allow: Only these; None allows all that are installed.
        deny: Never these.
        require: Refuse to start without these.
        enabled: False loads none but the core's own.
    """

    allow: frozenset[str] | None = None
    deny: frozenset[str] = frozenset()
    require: frozenset[str] = frozenset()
    enabled: bool = True

    @classmethod
    def of_environment(cls, environment: Mapping[str, str]) -> Policy:
        """Return what ``ZOUFANG_PLUGINS``, ``ZOUFANG_PLUGINS_DISABLE`` and ``ZOUFANG_NO_PLUGINS`` ask for."""
        allow = _names(environment.get("ZOUFANG_PLUGINS", ""))
        return cls(
            allow=allow or None,
            deny=_names(environment.get("ZOUFANG_PLUGINS_DISABLE", "")),
            enabled=environment.get("ZOUFANG_NO_PLUGINS", "") in ("", "0"),
        )

    def admits(self, name: str) -> bool:
        """Say whether a plugin may load."""
        return self.enabled and name not in self.deny and (self.allow is None or name in self.allow)


def _names(words: str) -> frozenset[str]:
    return frozenset(normal(word) for word in re.split(r"[\s,]+", words) if word)


@frozen
class Installed:
    """A plugin that is installed, known from metadata alone.

    Args:
        name: Of the plugin and its distribution.
        version: Of the distribution.
        entry: Its entry point.
    """

    name: str
    version: str
    entry: metadata.EntryPoint


def installed(path: Iterable[str] | None = None) -> tuple[Installed, ...]:
    """List the installed plugins by name, importing none of them.

    Args:
        path: Where to look; the interpreter's own path if None.
    """
    dists = metadata.distributions() if path is None else metadata.distributions(path=list(path))
    found = {
        normal(entry.name): Installed(name=normal(entry.name), version=dist.version, entry=entry)
        for dist in dists
        for entry in dist.entry_points.select(group=GROUP)
    }
    return tuple(found[name] for name in sorted(found))
