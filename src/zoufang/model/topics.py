"""Topics of demands and of what is made known."""

from __future__ import annotations

from attrs import frozen

from zoufang.typing import KindId, Text, TopicId, UnitId


@frozen
class Topic:
    """What a demand is about.

    Args:
        id: The topic's id.
        label: Its name.
        domain: ``livelihood``, ``enterprise`` or another word of the plan; groups topics in analyses.
        unit: The unit that leads on it by default; None leaves it to the target's own lead unit.
        clause: The plan's clause that names it.

    Plan: 三(三)
    """

    id: TopicId
    label: Text
    domain: str
    unit: UnitId | None = None
    clause: str = ""


@frozen
class Message:
    """What visitors make known (宣传内容): a policy, a law, an achievement.

    Args:
        id: The message's id.
        label: Its name.
        kinds: The kinds of target it is meant for; empty means all.
        clause: The plan's clause that names it.

    Plan: 三(一)
    """

    id: str
    label: Text
    kinds: tuple[KindId, ...] = ()
    clause: str = ""
