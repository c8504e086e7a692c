from __future__ import annotations

from hypothesis import settings

from zoufang.testing import SideBySide


class TestSideBySide(SideBySide.TestCase):  # type: ignore[name-defined,misc]
    """A campaign on SQLite and one in memory give the same answers, the same chain and the same figures, always."""

    settings = settings(max_examples=settings().max_examples // 10)
