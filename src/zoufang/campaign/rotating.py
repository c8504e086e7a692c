"""The verb rotate_keys: every subject's key under the new master key, batch by batch, whatever interrupts it."""

from __future__ import annotations

import sqlalchemy as sa

from zoufang.campaign.desk import Desk
from zoufang.campaign.outcomes import Rotated
from zoufang.errors import NotEncryptedError

BATCH = 500
"""Keys that one transaction wraps anew."""


def rotate(desk: Desk, batch: int) -> Rotated:
    """Wrap every key anew with the current master key, and record that it was carried to its end.

    Each batch is a transaction of its own, and a ledger in the middle of it is whole: each key says which master key
    wraps it. Killed at any moment, the same call goes on where it was; called again, it does nothing.

    Plan: 五(一)
    """
    desk.resent("rotate_keys", None, "")
    ledger, n = desk.ledger, 0
    while done := ledger.rewrap(batch):
        n += done
    wrapping = ledger.wrapping()
    if wrapping is None:
        raise NotEncryptedError(url=ledger.url)
    before, n_keys = wrapping
    r = ledger.tables.key_rotations
    last = ledger.select(sa.select(r.c.key_id).order_by(r.c.commit_seq.desc()).limit(1))
    if (last[0][0] if last else before) != ledger.key_id:
        sheaf = desk.sheaf()
        sheaf.facts["key_rotations"].append((ledger.key_id, n_keys, desk.today.isoformat()))
        desk.commit("rotate_keys", sheaf)
    ledger.scrub()
    return Rotated(n, n_keys, ledger.key_id)
