"""Which closed tickets are called back: seeded, reproducible, with inclusion probabilities."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date

from attrs import frozen

from zoufang.model import CallBackRule, Drawn
from zoufang.typing import KindId, TicketId, UnitId


@frozen
class Closing:
    """A closing that nobody has asked about yet.

    Args:
        ticket_id: The ticket.
        version: The version of the closing.
        unit_id: The unit that had handled it.
        kind: Kind of the target whose it is, if known.
    """

    ticket_id: TicketId
    version: int
    unit_id: UnitId
    kind: KindId | None


def draw(rule: CallBackRule, closings: Iterable[Closing], *, on: date, seed: str) -> tuple[Drawn, ...]:
    """Draw the call-back sample among new closings.

    Kinds of the census are all drawn; of the others, in each unit, the rate rounded up and at least the floor. The
    order of the draw is that of a digest over seed, ticket and closing, so anybody can draw it again.

    Args:
        rule: Rate, floor and census.
        closings: Not asked about so far, each once.
        on: The day of the draw.
        seed: Names the draw.

    Returns:
        What was drawn, by stratum and ticket.

    Plan: 五(三)
    """
    strata: dict[str, list[Closing]] = {}
    for closing in closings:
        census = closing.kind in rule.census_kinds
        strata.setdefault(f"{closing.unit_id}/{'census' if census else 'sample'}", []).append(closing)
    drawn: list[Drawn] = []
    for stratum, members in sorted(strata.items()):
        n = len(members) if stratum.endswith("/census") else _size(rule, len(members))
        chosen = sorted(members, key=lambda c: _lot(seed, c))[:n]
        drawn.extend(
            Drawn(ticket_id=c.ticket_id, closing=c.version, on=on, stratum=stratum, n=n, of=len(members))
            for c in sorted(chosen, key=lambda c: c.ticket_id)
        )
    return tuple(drawn)


def _size(rule: CallBackRule, of: int) -> int:
    return min(of, max(rule.at_least, -(-of * rule.rate_percent // 100)))


def _lot(seed: str, closing: Closing) -> bytes:
    return hashlib.sha256(f"{seed}\n{closing.ticket_id}\n{closing.version}".encode()).digest()
