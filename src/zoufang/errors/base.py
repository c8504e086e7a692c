"""The root of all errors: a sentence in two languages with its data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import attrs
from attrs import define

from zoufang.errors.words import Words
from zoufang.typing import Language, Text, listed

_NONE = Text("（无）", "(none)")


@define(eq=False)
class ZoufangError(Exception):
    """The root of all errors of this library."""

    zh: ClassVar[str] = "走访系统错误"
    en: ClassVar[str] = "zoufang error"
    words: ClassVar[Mapping[str, Words]] = {}
    """What the words that stand in some attributes are called, by the attribute's name."""

    def said_in(self, language: Language) -> str:
        """Return the whole sentence in one language."""
        template = self.zh if language == "zh" else self.en
        names = (a.name for a in attrs.fields(type(self)))
        return template.format(**{name: self._said(name, language) for name in names})

    def _said(self, name: str, language: Language) -> str:
        value, words = getattr(self, name), self.words.get(name, {})
        if isinstance(value, (tuple, list, frozenset)):
            said = (_in_words(one, words, language) for one in value)
            return listed(said, language) or _NONE.said_in(language)
        return _in_words(value, words, language)

    def __str__(self) -> str:
        """Return the sentence in English, as developers read it."""
        return self.said_in("en")


@define(eq=False)
class BadInputError(ZoufangError):
    """Something that was given cannot be used: exit code 2, nothing was written."""


def _in_words(value: object, words: Words, language: Language) -> str:
    if isinstance(value, str):
        value = words.get(value, value)
    return value.said_in(language) if isinstance(value, Text) else str(value)
