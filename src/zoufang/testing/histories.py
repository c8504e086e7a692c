"""Any history as a value: a list of moves that Hypothesis can draw, shrink and play again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from attrs import frozen
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from zoufang.errors.words import DECISIONS
from zoufang.model import CallOutcome, FindingKind, Outcome, Remedy
from zoufang.testing.player import FROM_OUTSIDE, STEPS, Player

SMALL = st.integers(0, 30)
"""Picks one of a few things; taken modulo their number."""

FINDINGS = st.lists(st.tuples(st.sampled_from(FindingKind), SMALL, st.booleans()), max_size=2)
"""What is heard on a visit: its kind, its topic, and whether it is solved at once."""


@frozen
class Move:
    """One move of a history.

    Args:
        name: A method of :class:`zoufang.testing.Player`.
        arguments: What it is given.
    """

    name: str
    arguments: tuple[tuple[str, Any], ...] = ()


def _move(name: str, **arguments: SearchStrategy[Any]) -> SearchStrategy[Move]:
    return st.fixed_dictionaries(arguments).map(lambda given: Move(name, tuple(given.items())))


def moves() -> SearchStrategy[Move]:
    """Return any single move."""
    visit = _move("visit", who=SMALL, whom=SMALL, outcome=st.sampled_from(Outcome), findings=FINDINGS)
    step = _move(
        "step", event=st.sampled_from(STEPS), which=SMALL, who=SMALL, remedy=st.sampled_from(Remedy), reason=SMALL
    )
    return st.one_of(
        visit,
        visit,
        step,
        step,
        _move("raise_ticket", source=st.sampled_from(FROM_OUTSIDE), topic=SMALL, area=SMALL, whom=st.none() | SMALL),
        _move("route"),
        _move("pass_days", n=st.integers(0, 9)),
        _move("send_again", changed=st.booleans()),
        _move("raise_again", topic=SMALL),
        _move("settle", decision=st.sampled_from(list(DECISIONS))),
        _move("finish"),
        _move("approve", which=SMALL, n=st.integers(1, 3)),
        _move("link", number=SMALL, which=SMALL, n=st.integers(0, 3)),
        _move("handle_problem", number=SMALL, remedy=st.sampled_from(Remedy), reason=SMALL),
        _move("draw", seed=st.sampled_from(["a", "b"])),
        _move("call_back", which=SMALL, outcome=st.sampled_from(CallOutcome), solved=st.booleans()),
        _move("dispatch"),
        _move("read_contacts", whom=SMALL),
        _move("move_target", whom=SMALL, area=SMALL),
    )


def histories(min_size: int = 1, max_size: int = 25) -> SearchStrategy[list[Move]]:
    """Return lists of moves.

    Args:
        min_size: Fewest.
        max_size: Most.
    """
    return st.lists(moves(), min_size=min_size, max_size=max_size)


def live(player: Player, history: Iterable[Move]) -> None:
    """Play a history to its end."""
    for move in history:
        getattr(player, move.name)(**dict(move.arguments))
