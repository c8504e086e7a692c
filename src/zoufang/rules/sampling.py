"""Which closed tickets are called back: seeded, reproducible, with inclusion probabilities."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from attrs import evolve, frozen

from zoufang.model import CallBackRule, CallOutcome, Drawn, Remedy, Source, Split, StratumRule
from zoufang.typing import AreaId, KindId, Text, TicketId, TopicId, UnitId


@frozen
class Closing:
    """A closing that no draw has considered yet.

    Args:
        ticket_id: The ticket.
        version: The version of the closing.
        unit_id: The unit that had handled it.
        kind: Kind of the target whose it is, if known.
        topic_id: What it is about.
        remedy: What handling came to.
        source: Where it came from.
        community: Where it is, if known.
    """

    ticket_id: TicketId
    version: int
    unit_id: UnitId
    kind: KindId | None
    topic_id: TopicId | None = None
    remedy: Remedy | None = None
    source: Source | None = None
    community: AreaId | None = None


VALUES: Mapping[Split, Callable[[Closing], str | None]] = {
    "unit": lambda closing: closing.unit_id,
    "community": lambda closing: closing.community,
    "kind": lambda closing: closing.kind,
    "topic": lambda closing: closing.topic_id,
    "remedy": lambda closing: closing.remedy,
}
"""What a stratum may be split by, and where a closing says it."""

WEEKLY_TENTH = CallBackRule(
    rate_percent=10,
    at_least=1,
    clause="五(三)",
    basis=Text(
        "公开做法：每周抽取 10% 的个人诉求和全部企业诉求",
        "published practice: weekly, 10% of personal cases plus all firms' cases",
    ),
    census_kinds=(KindId("enterprise"),),
)
VILLAGES_AND_CALLS = CallBackRule(
    rate_percent=0,
    at_least=0,
    clause="五(三)",
    basis=Text(
        "公开做法：每村回访 20 户，另每天电话回访 500 件",
        "published practice: 20 households a village plus 500 calls a day",
    ),
    every="day",
    strata=(
        StratumRule(
            "village_households", "五(三)", at_least=20, at_most=20, per=("community",), kinds=(KindId("household"),)
        ),
        StratumRule("daily_calls", "五(三)", at_least=500, at_most=500, per=()),
    ),
)
CALLBACK_PRESETS: Mapping[str, CallBackRule] = {"weekly-tenth": WEEKLY_TENTH, "villages-and-calls": VILLAGES_AND_CALLS}
"""Published sampling plans by name; a plan file writes them out and changes what it must.

Plan: 五(三)
"""


def draw(rule: CallBackRule, closings: Iterable[Closing], *, on: date, seed: str, lot: int = 1) -> tuple[Drawn, ...]:
    """Draw the call-back sample among new closings.

    Args:
        rule: The sampling plan.
        closings: Not considered so far, each once.
        on: The day of the draw.
        seed: Names the draw.
        lot: Its number, from 1.

    Returns:
        What was drawn, by stratum and ticket.

    Plan: 五(三)
    """
    return tuple(one for one in order_of_lots(rule, closings, on=on, seed=seed, lot=lot) if one.rank <= one.n)


def order_of_lots(
    rule: CallBackRule, closings: Iterable[Closing], *, on: date, seed: str, lot: int = 1
) -> tuple[Drawn, ...]:
    """Give every closing its place: the first ``n`` of a stratum are drawn, the others are its reserve.

    A closing belongs to the first declared stratum that takes it; else to the census of its kind; else to its unit's
    sample. The order within a stratum is that of a digest over seed, ticket and closing, so anybody can draw it again.

    Args:
        rule: The sampling plan.
        closings: Not considered so far, each once.
        on: The day of the draw.
        seed: Names the draw.
        lot: Its number, from 1.

    Returns:
        Every closing once with its stratum, its rank and the two integers of its inclusion probability, by stratum
        and ticket.

    Plan: 五(三)
    """
    rules = strata_of(rule)
    strata: dict[str, tuple[StratumRule, list[Closing]]] = {}
    for closing in closings:
        taken = next(one for one in rules if _takes(one, closing))
        name = "/".join((*(VALUES[split](closing) or "-" for split in taken.per), taken.id))
        strata.setdefault(name, (taken, []))[1].append(closing)
    found: list[Drawn] = []
    for name, (taken, members) in sorted(strata.items()):
        n, of = size(taken, len(members)), len(members)
        ranked = enumerate(sorted(members, key=lambda c: _lot(seed, c)), start=1)
        found.extend(
            Drawn(ticket_id=c.ticket_id, closing=c.version, on=on, stratum=name, n=n, of=of, lot=lot, rank=rank)
            for rank, c in sorted(ranked, key=lambda pair: pair[1].ticket_id)
        )
    return tuple(found)


def strata_of(rule: CallBackRule) -> tuple[StratumRule, ...]:
    """Return all strata of a sampling plan in the order in which they take closings; the last takes everything.

    Plan: 五(三)
    """
    census = (StratumRule("census", rule.clause, rate_percent=100, kinds=rule.census_kinds),)
    rest = StratumRule("sample", rule.clause, rate_percent=rule.rate_percent, at_least=rule.at_least)
    return (*rule.strata, *(census if rule.census_kinds else ()), rest)


def size(rule: StratumRule, of: int) -> int:
    """Return how many of a part of a stratum are drawn: the rate rounded up, within floor, limit and what there is.

    Plan: 五(三)
    """
    wanted = max(rule.at_least, -(-of * rule.rate_percent // 100))
    return min(of, wanted if rule.at_most is None else min(wanted, rule.at_most))


def given_up(rule: CallBackRule, outcome: CallOutcome, attempt: int) -> bool:
    """Say whether a call ends the asking without an answer: refused, or the last try in vain.

    Plan: 五(三)
    """
    return outcome is CallOutcome.REFUSED or (outcome is CallOutcome.UNREACHABLE and attempt == rule.tries)


def replacements(given: Iterable[Drawn], reserve: Iterable[Drawn], *, on: Mapping[TicketId, date]) -> tuple[Drawn, ...]:
    """Replace those given up by the next of the same stratum's order of lots, as far as there are any.

    Args:
        given: Who was given up.
        reserve: Who is left of their strata.
        on: The day on which each was given up, by ticket.

    Returns:
        Whom to ask instead, each naming the ticket that it replaces; the two integers stay those of the draw.

    Plan: 五(三)
    """
    left: dict[tuple[int, str], list[Drawn]] = {}
    for one in sorted(reserve, key=lambda d: d.rank, reverse=True):
        left.setdefault((one.lot, one.stratum), []).append(one)
    return tuple(
        evolve(queue.pop(), on=on[gone.ticket_id], replaces=gone.ticket_id)
        for gone in sorted(given, key=lambda d: (d.lot, d.stratum, d.rank))
        if (queue := left.get((gone.lot, gone.stratum)))
    )


def _takes(rule: StratumRule, closing: Closing) -> bool:
    asked: tuple[tuple[tuple[str, ...], str | None], ...] = (
        (rule.kinds, closing.kind),
        (rule.topics, closing.topic_id),
        (rule.remedies, closing.remedy),
        (rule.sources, closing.source),
    )
    return all(not allowed or value in allowed for allowed, value in asked)


def _lot(seed: str, closing: Closing) -> bytes:
    return hashlib.sha256(f"{seed}\n{closing.ticket_id}\n{closing.version}".encode()).digest()
