"""A plugin that cannot be used, always with the culprit."""

from __future__ import annotations

from typing import ClassVar

from attrs import define

from zoufang.errors.base import ZoufangError
from zoufang.typing import Language


@define(eq=False)
class PluginError(ZoufangError):
    """A plugin that cannot be used, always with the culprit."""

    plugin: str
    dist: str
    version: str
    hook: str
    item: str
    problem: str
    zh: ClassVar[str] = "插件 {plugin}（{dist} {version}）的 {hook} {item}：{problem}"
    en: ClassVar[str] = "plugin {plugin} ({dist} {version}), {hook} {item}: {problem}"

    def said_in(self, language: Language) -> str:
        """Return the whole sentence in one language, without what is not known of the plugin."""
        dist = " ".join(filter(None, (self.dist, self.version)))
        where = " ".join(filter(None, (self.hook, self.item)))
        if language == "zh":
            return f"插件 {self.plugin}{f'（{dist}）' if dist else ''}{f'的 {where}' if where else ''}：{self.problem}"
        return f"plugin {self.plugin}{f' ({dist})' if dist else ''}{f', {where}' if where else ''}: {self.problem}"


@define(eq=False)
class PluginLoadError(PluginError):
    """It cannot be imported."""


@define(eq=False)
class PluginSpecError(PluginError):
    """It does not keep the contract: hook name, arguments, API version."""


@define(eq=False)
class PluginSettingsError(PluginError):
    """Its settings are wrong."""


@define(eq=False)
class PluginConflictError(PluginError):
    """Two plugins provide one name."""


@define(eq=False)
class PluginReturnError(PluginError):
    """It returned something that the hook does not allow."""


@define(eq=False)
class PluginCallError(PluginError):
    """It raised an exception."""
