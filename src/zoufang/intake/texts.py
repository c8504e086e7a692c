"""Text as it travels: cleaned of what no cell may hold, and kept from being taken for a formula."""

from __future__ import annotations

from unicodedata import normalize

STARTERS = frozenset("=+-@\t\r\n\0＝＋－＠")
"""What a spreadsheet may take for the start of a formula, with the full-width forms that it folds."""

MARK = "'"

_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_BREAKS = {ord("\u00a0"): " ", ord("\u2007"): " ", ord("\u202f"): " "}
_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127, *range(0xD800, 0xE000), 0xFFFE, 0xFFFF])
_TYPED = _UNSEEN | _BREAKS | _CONTROLS


def plain(text: str, *, one_line: bool = False) -> str:
    """Return text without the control characters that no file format keeps; line ends become one LF.

    Args:
        text: Any text.
        one_line: True to turn line ends and tabs into spaces.

    Returns:
        The same text where it is clean already.
    """
    if text.isprintable():
        return str(text)
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)
    return " ".join(text.split()) if one_line else text


def neutralised(text: str) -> str:
    """Return text that no spreadsheet takes for a formula: an apostrophe stands before it where needed."""
    return MARK + text if text and text.lstrip(MARK)[:1] in STARTERS else text


def undone(text: str) -> str:
    """Take off the apostrophe that :func:`neutralised` put before a text."""
    return text[1:] if text[:1] == MARK and text.lstrip(MARK)[:1] in STARTERS else text


def spoken(text: str) -> str:
    """Return free words without unseen characters and outer spaces; their punctuation stays as it was typed."""
    if text.isprintable():
        return text.strip()
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_TYPED).strip()


def folded(text: str) -> str:
    """Return an id, label or number in its compatible form (NFKC), without unseen characters and outer spaces."""
    if text.isascii():
        return text.strip() if text.isprintable() else text.translate(_TYPED).strip()
    return normalize("NFKC", text.translate(_TYPED)).strip()
