"""Tell a visit that is sent again from one that was changed: by its own cells and by its words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from zoufang.campaign.checks import WireColumns
from zoufang.campaign.given import wire
from zoufang.campaign.state import State
from zoufang.facts import BY_NAME
from zoufang.ledger import Ledger
from zoufang.model import Finding
from zoufang.typing import VisitId

CELLS = BY_NAME["conflict_visits"].names[1:]
"""The cells of a visit that are handed in beside its number."""

TOLD = ("kind", "topic_id", "solved", "said", "answer")
"""What a finding says beside its number."""

Told = tuple[int, str, str, bool, str | None, str | None]
"""What was heard: number, kind, topic, whether it was solved, the words and the answer; None where they were erased."""


def changed_visits(
    ledger: Ledger, visits: WireColumns, heard: Mapping[VisitId, Sequence[Finding]], known: Collection[str]
) -> list[int]:
    """Return the places in a batch of the visits that are recorded already and come with other content.

    Words that were erased since cannot be compared, and are taken for the same.

    Plan: 四(二)
    """
    recorded = Recorded(ledger)
    cells, findings = recorded.visits(known), recorded.findings(known)
    found = []
    for place, (visit_id, *now) in enumerate(zip(visits["id"], *(visits[name] for name in CELLS), strict=True)):
        if visit_id in known:
            told = told_of(heard.get(visit_id, ()))
            if tuple(now) != cells[visit_id] or not same_told(told, findings[visit_id]):
                found.append(place)
    return found


class Recorded(State):
    """Reads visits as they were recorded."""

    def visits(self, ids: Iterable[str]) -> dict[str, tuple[Any, ...]]:
        """Return the cells of some visits as wire values, by their number."""
        return self._cells("visits", "visit_id", ids)

    def _cells(self, table: str, key: str, ids: Iterable[str]) -> dict[str, tuple[Any, ...]]:
        t = self._t.by_name[table].c
        query = sa.select(t[key], *(t[name] for name in CELLS))
        return {row[0]: tuple(map(wire, row[1:])) for row in self._by_id(query, t[key], sorted(ids))}

    def findings(self, ids: Iterable[str]) -> defaultdict[str, list[Told]]:
        """Return what was heard on some visits, by the visit's number; words that were erased are None."""
        return self._told("findings", "visit_id", ids)

    def _told(self, table: str, key: str, ids: Iterable[str]) -> defaultdict[str, list[Told]]:
        t = self._t.by_name[table].c
        query = sa.select(t[key], t.n, t.kind, t.topic_id, t.solved, t.said_ref, t.answer_ref)
        rows = list(self._by_id(query.order_by(t[key], t.n), t[key], sorted(ids)))
        words = self._ledger.texts([ref for row in rows for ref in row[5:] if ref is not None])
        found: defaultdict[str, list[Told]] = defaultdict(list)
        for visit_id, n, kind, topic_id, solved, *refs in rows:
            said, answer = ("" if ref is None else words.get(ref) for ref in refs)
            found[visit_id].append((n, kind, topic_id, bool(solved), said, answer))
        return found


def told_of(findings: Iterable[Finding]) -> list[Told]:
    """Return what was heard in the form in which it is compared."""
    return [(f.n, str(f.kind), f.topic_id, f.solved, f.said, f.answer) for f in findings]


def same_told(now: Sequence[Told], was: Sequence[Told]) -> bool:
    """Say whether the same was heard, in the same order."""
    return len(now) == len(was) and all(
        one[0] == other[0] and not any(_parts_that_differ(one, other)) for one, other in zip(now, was, strict=True)
    )


def differences(
    was: tuple[Sequence[Any], Sequence[Told]], now: tuple[Sequence[Any], Sequence[Told]]
) -> tuple[str, ...]:
    """Return the names of what differs between two contents of a visit.

    Args:
        was: Cells and findings as they are recorded.
        now: Cells and findings as they were handed in.

    Returns:
        Names of cells; ``findings.2`` where only one of them has that finding, ``findings.2.said`` where a part of it
        differs.
    """
    cells = [name for name, before, after in zip(CELLS, was[0], now[0], strict=True) if before != after]
    before, after = ({one[0]: one for one in told} for told in (was[1], now[1]))
    for n in sorted(before.keys() | after.keys()):
        if n in before and n in after:
            cells += [f"findings.{n}.{name}" for name in _parts_that_differ(after[n], before[n])]
        else:
            cells.append(f"findings.{n}")
    return tuple(cells)


def _parts_that_differ(now: Told, was: Told) -> Iterator[str]:
    """Yield the names of the parts of a finding that differ; what was erased differs from nothing."""
    for name, one, other in zip(TOLD, now[1:], was[1:], strict=True):
        if one != other and one is not None and other is not None:
            yield name
