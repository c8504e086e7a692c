"""Which records took the place of which: by settlements that replace, from the first to the one in force."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import sqlalchemy as sa

from zoufang.campaign.state import State

Subject = Literal["visit", "ticket"]


class Turns(State):
    """Reads which records of visits or tickets took the place of which."""

    def in_turn(self, subject: Subject, ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return all numbers under which the records of some numbers have been in force, in turn.

        Args:
            subject: What they are.
            ids: Numbers, of whichever version.

        Returns:
            By each number, the first record of it up to the one in force; a number that was never replaced by itself.
        """
        c, s = self._t.conflicts.c, self._t.settlements.c
        query = (
            sa.select(s.commit_seq, s.ord, c.subject_id, s.made_id)
            .join_from(self._t.settlements, self._t.conflicts, s.conflict_id == c.conflict_id)
            .where(c.subject == subject, s.decision == "replace")
        )
        asked = set(ids)
        ahead, seen = asked, set[str]()
        found: set[tuple[int, int, str, str]] = set()
        while ahead:
            seen |= ahead
            now = {(*row,) for column in (c.subject_id, s.made_id) for row in self._by_id(query, column, sorted(ahead))}
            found |= now
            ahead = {one for row in now for one in row[2:]} - seen
        turns = {one: [one] for one in asked}
        for _, _, subject_id, made_id in sorted(found):
            # Whichever version it was handed in under, the one in force at that time was replaced.
            turns[made_id] = turns.setdefault(subject_id, [subject_id])
            turns[made_id].append(made_id)
        return {one: tuple(turns[one]) for one in asked}
