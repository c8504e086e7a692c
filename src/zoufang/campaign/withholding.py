"""Nobody who was erased comes back by the way: their private texts are not kept, and the commit says so.

A batch is not refused for it. Visits, tickets and steps are the office's record and count in the three 100%; to refuse
a whole week's workbook for one person's name would lose them. So the facts are recorded, and each text that is not kept
is named as erased in the same commit, by a commitment whose salt nobody has.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from zoufang.campaign.rows import Sheaf
from zoufang.campaign.state import MANY
from zoufang.facts import cells_of, latest
from zoufang.ledger import Ledger


def erased_subjects(ledger: Ledger) -> frozenset[str]:
    """Return whose private texts are erased and may not be written down."""
    now = latest(ledger.tables.erasures, "subject_id")
    return frozenset(row[0] for row in ledger.select(sa.select(now.c.subject_id).where(now.c.state == "erased")))


def withhold(ledger: Ledger, sheaf: Sheaf) -> int:
    """Take the private texts of erased subjects out of a change, and name them as erased in it.

    Args:
        ledger: Says who is erased, and whose a ticket is.
        sheaf: The change.

    Returns:
        How many texts were taken out.
    """
    erased = erased_subjects(ledger) if sheaf.private else frozenset()
    if not erased:
        return 0
    gone = erased | _behind(ledger, sheaf, {text.subject_id for text in sheaf.private}, erased)
    out = [text for text in sheaf.private if text.subject_id in gone]
    sheaf.private = [text for text in sheaf.private if text.subject_id not in gone]
    sheaf.facts["erased_texts"].extend((text.ref, text.subject_id) for text in out)
    return len(out)


def _behind(ledger: Ledger, sheaf: Sheaf, subjects: Iterable[str], erased: frozenset[str]) -> frozenset[str]:
    """Return the tickets among some subjects behind which somebody stands who is erased."""
    t, wanted = ledger.tables.tickets, sorted(subjects)
    found = {
        row[0]: row[1]
        for at in range(0, len(wanted), MANY)
        for row in ledger.select(
            sa.select(t.c.ticket_id, t.c.target_id).where(t.c.ticket_id.in_(wanted[at : at + MANY]))
        )
    }
    found.update(zip(*cells_of(sheaf.change, "tickets", "ticket_id", "target_id"), strict=True))
    return frozenset(ticket_id for ticket_id, target_id in found.items() if target_id in erased)
