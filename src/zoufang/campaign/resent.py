"""Tell a visit that is sent again from one that was changed: by its own cells and by its words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from zoufang.campaign.checks import WireColumns
from zoufang.campaign.given import wire
from zoufang.campaign.state import State
from zoufang.errors import ConflictError
from zoufang.ledger import Ledger
from zoufang.model import Finding
from zoufang.typing import VisitId

CELLS = (
    "target_id", "on", "channel", "outcome", "visitor_id", "unit_id", "minute", "minutes", "no_demand", "made_known",
)  # fmt: skip

Told = tuple[int, str, str, bool, str | None, str | None]
"""What was heard: number, kind, topic, whether it was solved, the words and the answer; None where they were erased."""


def refuse_changed(
    ledger: Ledger, visits: WireColumns, heard: Mapping[VisitId, Sequence[Finding]], known: Collection[str]
) -> None:
    """Refuse a visit that is recorded already and is now handed in with other content; the first record stands.

    Words that were erased since cannot be compared, and are taken for the same.

    Raises:
        ConflictError: The first such visit.

    Plan: 四(二)
    """
    recorded = Recorded(ledger)
    cells, findings = recorded.visits(known), recorded.findings(known)
    for visit_id, *now in zip(visits["id"], *(visits[name] for name in CELLS), strict=True):
        if visit_id in known:
            told = heard.get(visit_id, ())
            if tuple(now) != cells[visit_id] or not _same(told, findings[visit_id]):
                raise ConflictError(what="visit", id=visit_id)


class Recorded(State):
    """Reads visits as they were recorded."""

    def visits(self, ids: Collection[str]) -> dict[str, tuple[Any, ...]]:
        """Return the cells of some visits as wire values, by their number."""
        t = self._t.visits.c
        query = sa.select(t.visit_id, *(t[name] for name in CELLS))
        return {row[0]: tuple(map(wire, row[1:])) for row in self._by_id(query, t.visit_id, sorted(ids))}

    def findings(self, ids: Collection[str]) -> defaultdict[str, list[Told]]:
        """Return what was heard on some visits, by the visit's number; words that were erased are None."""
        t = self._t.findings.c
        query = sa.select(t.visit_id, t.n, t.kind, t.topic_id, t.solved, t.said_ref, t.answer_ref)
        rows = list(self._by_id(query.order_by(t.visit_id, t.n), t.visit_id, sorted(ids)))
        words = self._ledger.texts([ref for row in rows for ref in row[5:] if ref is not None])
        found: defaultdict[str, list[Told]] = defaultdict(list)
        for visit_id, n, kind, topic_id, solved, *refs in rows:
            said, answer = ("" if ref is None else words.get(ref) for ref in refs)
            found[visit_id].append((n, kind, topic_id, bool(solved), said, answer))
        return found


def _same(told: Sequence[Finding], recorded: Sequence[Told]) -> bool:
    now: list[Told] = [(f.n, str(f.kind), f.topic_id, f.solved, f.said, f.answer) for f in told]
    return len(now) == len(recorded) and all(
        one[:4] == other[:4] and all(was in {None, said} for said, was in zip(one[4:], other[4:], strict=True))
        for one, other in zip(now, recorded, strict=True)
    )
