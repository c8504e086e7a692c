"""Tell a visit that is sent again from one that was changed: by its own cells, and by the commitments to its words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from zoufang.campaign.checks import WireColumns
from zoufang.campaign.given import wire
from zoufang.campaign.state import State
from zoufang.errors import ConflictError
from zoufang.ledger import Ledger, commitment
from zoufang.model import Finding
from zoufang.typing import VisitId

CELLS = (
    "target_id", "on", "channel", "outcome", "visitor_id", "unit_id", "minute", "minutes", "no_demand", "made_known",
)  # fmt: skip


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
            if tuple(now) != cells[visit_id] or not _same(str(now[0]), told, findings[visit_id]):
                raise ConflictError(what="visit", id=visit_id)


class Recorded(State):
    """Reads visits as they were recorded."""

    def visits(self, ids: Collection[str]) -> dict[str, tuple[Any, ...]]:
        """Return the cells of some visits as wire values, by their number."""
        t = self._t.visits.c
        query = sa.select(t.visit_id, *(t[name] for name in CELLS))
        return {row[0]: tuple(map(wire, row[1:])) for row in self._by_id(query, t.visit_id, sorted(ids))}

    def findings(self, ids: Collection[str]) -> defaultdict[str, list[tuple[Any, ...]]]:
        """Return what was heard on some visits, each text as its commitment and salt, by the visit's number."""
        t, texts = self._t.findings, self._t.private_texts
        said, answer = texts.alias("said"), texts.alias("answer")
        query = (
            sa.select(t.c.visit_id, t.c.n, t.c.kind, t.c.topic_id, t.c.solved)
            .add_columns(t.c.said_ref, said.c.salt, t.c.answer_ref, answer.c.salt)
            .outerjoin(said, said.c.ref == t.c.said_ref)
            .outerjoin(answer, answer.c.ref == t.c.answer_ref)
            .order_by(t.c.visit_id, t.c.n)
        )
        found: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
        for visit_id, *cells in self._by_id(query, t.c.visit_id, sorted(ids)):
            found[visit_id].append(tuple(cells))
        return found


def _same(subject_id: str, told: Sequence[Finding], recorded: Sequence[tuple[Any, ...]]) -> bool:
    if len(told) != len(recorded):
        return False
    return all(
        (f.n, f.kind, f.topic_id, f.solved) == (n, kind, topic_id, bool(solved))
        and _same_words(subject_id, f.said, said)
        and _same_words(subject_id, f.answer, answer)
        for f, (n, kind, topic_id, solved, *texts) in zip(told, recorded, strict=True)
        for said, answer in [(texts[:2], texts[2:])]
    )


def _same_words(subject_id: str, words: str, recorded: Sequence[str | None]) -> bool:
    ref, salt = recorded
    if ref is None or not words:
        return ref is None and not words
    return salt is None or commitment(salt, subject_id, words) == ref
