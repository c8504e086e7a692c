"""The part of a campaign that deals with what differs from the record: in which files it came, what was decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from zoufang.campaign import differing, settling
from zoufang.campaign.outcomes import Conflict, Done, Settled
from zoufang.campaign.personal import Personal


class ConflictBook(Personal):
    """What was read, what of it differs from the record, and what a person decided about that, once.

    Args:
        desk: What every verb works with.
    """

    def note_imports(
        self,
        files: Iterable[tuple[str, str, str, int, int, int, int]],
        conflicts: Iterable[tuple[str, str, int]] = (),
    ) -> Done:
        """Record which files were read, and how many of their rows differ from what is recorded.

        Args:
            files: Of each its name, digest, importer, and how many rows it has in all, new, known and set aside.
            conflicts: Of those with rows that differ from what is recorded: name, digest, and how many.

        Plan: 四(二)
        """
        sheaf = self._desk.sheaf()
        sheaf.facts["imports"].extend(files)
        sheaf.facts["import_conflicts"].extend(conflicts)
        return self._desk.commit("import", sheaf)

    def conflicts(
        self,
        conflict_ids: Collection[str] | None = None,
        *,
        settled: bool = False,
        mask: str = "full",
        purpose: str = "",
    ) -> tuple[Conflict, ...]:
        """Return what was handed in under a number that is recorded with other content, and where the two differ.

        Args:
            conflict_ids: Which; all that are open if None.
            settled: True with None: those that are settled too.
            mask: How spoken words are shown: ``full`` hides them, ``initial`` hides the identifiers in them, ``none``
                shows them. With the last two everybody concerned must lie within the actor's reach, and a reading in
                clear is recorded first.
            purpose: What for, in a few public words.

        Returns:
            In the order in which they were listed.

        Raises:
            UnknownIdError: There is no such conflict or mask.
            RefusedError: Words are asked for that lie beyond the actor's reach.
            LockedError: Words are asked for in clear, and the master key is not at hand.

        Plan: 四(二), 五(一)
        """
        return differing.conflicts(self._desk, conflict_ids, settled=settled, mask=mask, purpose=purpose)

    def settle(self, conflict_id: str, decision: str, *, reason: str) -> Settled:
        """Decide about a conflict, once: keep the record, put what was handed in in its place, or let both count.

        A visit that is replaced stays in the ledger and counts in no figure from this commit on. Of its tickets none is
        lost: one whose demand is heard again goes on, one whose demand is not stays open until it is answered or
        struck. A ticket that is replaced is merged into the new one, where the lifecycle still allows that.

        Args:
            conflict_id: Which.
            decision: ``keep``, ``replace`` or ``both``.
            reason: Why, in a few public words; never a name or a number.

        Returns:
            The number under which what was handed in is recorded now, and what became of the tickets.

        Raises:
            NotAllowedError: The actor's role may not settle conflicts.
            UnknownIdError: There is no such conflict.
            SettledError: It was settled before; with what was decided.
            BadValueError: Another decision, or no reason.
            RefusedError: A ticket is to be replaced that can be merged no longer.

        Plan: 四(二), 五(一)
        """
        return settling.settle(self._desk, conflict_id, decision, reason)
