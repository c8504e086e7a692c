"""Nobody who was erased comes back by the way: their private texts are not kept, and the commit says so.

A batch is not refused for it. Visits, tickets and steps are the office's record and count in the three 100%; to refuse
a whole week's workbook for one person's name would lose them. So the facts are recorded, and each text that is not kept
is named as erased in the same commit, by a commitment whose salt nobody has.
"""

from __future__ import annotations

import sqlalchemy as sa

from zoufang.campaign.rows import Sheaf
from zoufang.campaign.state import MANY
from zoufang.campaign.turns import Turns
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
    gone = erased | _behind(ledger, sheaf, frozenset(text.subject_id for text in sheaf.private), erased)
    out = [text for text in sheaf.private if text.subject_id in gone]
    sheaf.private = [text for text in sheaf.private if text.subject_id not in gone]
    sheaf.facts["erased_texts"].extend((text.ref, text.subject_id) for text in out)
    return len(out)


def _behind(ledger: Ledger, sheaf: Sheaf, subjects: frozenset[str], erased: frozenset[str]) -> frozenset[str]:
    """Return the tickets and conflicts among some subjects behind which somebody stands who is erased.

    The words of a ticket that differs from its record and names no target are of whoever stands behind that record;
    and a ticket that took the place of another one and names no target is of whoever stands behind that one.
    """
    names = ("conflict_id", "subject", "subject_id", "against")
    listed = zip(*cells_of(sheaf.change, "conflicts", *names), strict=True)
    differs = {one: others for one, subject, *others in listed if subject == "ticket" and one in subjects}
    whose = _whose(ledger, subjects.union(*differs.values()))
    turns = Turns(ledger).in_turn("ticket", [ticket_id for ticket_id, target_id in whose.items() if target_id is None])
    whose |= _whose(ledger, frozenset[str]().union(*turns.values()) - whose.keys())
    whose.update(zip(*cells_of(sheaf.change, "tickets", "ticket_id", "target_id"), strict=True))

    def theirs(ticket_id: str) -> bool:
        versions = (ticket_id, *turns.get(ticket_id, ()))
        return any(one in erased or whose.get(one) in erased for one in versions)

    gone = {one for one in subjects & whose.keys() if theirs(one)}
    return frozenset(gone.union(one for one, others in differs.items() if any(map(theirs, others))))


def _whose(ledger: Ledger, ids: frozenset[str]) -> dict[str, str | None]:
    """Return whose the recorded tickets among some ids are; None where they name no target."""
    t, wanted = ledger.tables.tickets, sorted(ids)
    return {
        row[0]: row[1]
        for at in range(0, len(wanted), MANY)
        for row in ledger.select(
            sa.select(t.c.ticket_id, t.c.target_id).where(t.c.ticket_id.in_(wanted[at : at + MANY]))
        )
    }
