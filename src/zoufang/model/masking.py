"""Which mask applies where: how much of a person is shown to whoever asks."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from zoufang.model.units import Role

MaskName = Literal["none", "initial", "full"]
"""A policy, the one that shows most first."""

MaskPlace = Literal["contacts", "words"]
"""Where private words are shown: how to reach a target, and what was said in a ticket."""


@frozen
class MaskRule:
    """One line of the table place by role; what has no line is shown in clear.

    Args:
        where: What is shown.
        mask: The most that is shown there, and what is shown to whoever asks for no other mask.
        roles: To whom it applies; empty for every role that has no line of its own.
        clause: The plan's clause.

    Plan: 五(一)
    """

    where: MaskPlace
    mask: MaskName
    roles: tuple[Role, ...] = ()
    clause: str = ""
