"""The verb contacts: names, addresses and telephones in clear, for whoever may see them, and never unrecorded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from zoufang.campaign.checks import known, once
from zoufang.campaign.desk import Desk
from zoufang.campaign.outcomes import Contact
from zoufang.campaign.state import MANY
from zoufang.facts import latest
from zoufang.typing import TargetId

FIELDS = ("name", "address", "phone")


def contacts(desk: Desk, target_ids: Sequence[TargetId], purpose: str) -> tuple[Contact, ...]:
    """Return how to reach some targets; that they were read is committed first, so that nothing is read unseen.

    Plan: 二, 五(一)
    """
    desk.resent("read_contacts", None, "")
    once("target", target_ids)
    t = latest(desk.ledger.tables.targets, "target_id")
    refs = {row[0]: row[1:] for row in _by_id(desk, t, target_ids)}
    known("target", target_ids, refs)
    sheaf = desk.sheaf()
    sheaf.facts["contact_reads"].extend((target_id, purpose) for target_id in target_ids)
    desk.commit("read_contacts", sheaf, n_new=len(target_ids))
    texts = _texts(desk, [ref for row in refs.values() for ref in row if ref])
    return tuple(
        Contact(target_id, **{name: texts.get(ref, "") for name, ref in zip(FIELDS, refs[target_id], strict=True)})
        for target_id in target_ids
    )


def _by_id(desk: Desk, t: sa.Subquery, ids: Sequence[str]) -> list[tuple[Any, ...]]:
    query = sa.select(t.c.target_id, *(t.c[f"{name}_ref"] for name in FIELDS))
    return [
        row
        for at in range(0, len(ids), MANY)
        for row in desk.ledger.select(query.where(t.c.target_id.in_(ids[at : at + MANY])))
    ]


def _texts(desk: Desk, refs: Sequence[str]) -> dict[str, str]:
    p = desk.ledger.tables.private_texts
    query = sa.select(p.c.ref, p.c.body)
    return {
        row[0]: row[1]
        for at in range(0, len(refs), MANY)
        for row in desk.ledger.select(query.where(p.c.ref.in_(refs[at : at + MANY])))
    }
