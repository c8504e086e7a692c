"""The part of a campaign that deals with persons: how to reach them, what they said, and how they are forgotten."""

from __future__ import annotations

from collections.abc import Sequence

from zoufang.campaign import contacts as reading
from zoufang.campaign import erasing, rotating
from zoufang.campaign.caseload import Caseload
from zoufang.campaign.outcomes import Contact, Done, Erased, Erasure, Match, Rotated, Words
from zoufang.typing import AreaId, TargetId, TicketId


class Personal(Caseload):
    """Private data of a campaign: nothing is read in clear unrecorded, and what is erased stays erased.

    Args:
        desk: What every verb works with.
    """

    def contacts(
        self, target_ids: Sequence[TargetId], *, purpose: str = "", mask: str | None = None
    ) -> tuple[Contact, ...]:
        """Return name, address and telephone of some targets; a reading in clear is recorded first.

        Args:
            target_ids: Whose; all of them must lie within the actor's reach.
            purpose: What for, in a few public words.
            mask: ``none``, ``initial`` or ``full``; see :data:`zoufang.rules.MASKS`. None takes the plan's, and no mask
                may show more than that.

        Raises:
            RefusedError: The actor may not see one of them; nothing is returned, nothing recorded.
            UnknownIdError: There is no such target or mask.
            BadValueError: The mask shows more than the plan allows.
            LockedError: They are asked for in clear, and the master key is not at hand.

        Plan: 二, 五(一)
        """
        return reading.contacts(self._desk, target_ids, purpose, mask)

    def words(self, ticket_ids: Sequence[TicketId], *, purpose: str = "", mask: str | None = None) -> tuple[Words, ...]:
        """Return what was said in some tickets and how to reach whoever said it; in clear it is recorded first.

        Args:
            ticket_ids: Which; all of them must lie within the actor's reach.
            purpose: What for, in a few public words.
            mask: ``none``, ``initial`` (identifiers in the words become tags) or ``full``. None takes the plan's, and
                no mask may show more than that.

        Raises:
            RefusedError: The actor may not see one of them; nothing is returned, nothing recorded.
            UnknownIdError: There is no such ticket or mask.
            BadValueError: The mask shows more than the plan allows.
            LockedError: They are asked for in clear, and the master key is not at hand.

        Plan: 四(二), 五(一)
        """
        return reading.words(self._desk, ticket_ids, purpose, mask)

    def find(
        self, *, telephone: str = "", household: tuple[AreaId, str] | None = None, purpose: str = ""
    ) -> tuple[Match, ...]:
        """Return the targets and tickets behind a telephone, or the household at an address; recorded first.

        Args:
            telephone: In any writing: full-width digits, blanks, dashes, +86.
            household: Its grid or community, and its address, in any writing of blanks and punctuation.
            purpose: What for, in a few public words.

        Returns:
            Those that lie within the actor's reach, targets last.

        Raises:
            NotAllowedError: The actor's role may not look anybody up.
            BadValueError: Neither is given, or both, or there is no number in it.
            LockedError: The master key is not at hand.

        Plan: 四(二), 五(一)
        """
        return reading.find(self._desk, telephone, household, purpose)

    def erase(self, subject_id: str, reason: str) -> Erased:
        """Destroy what is known of a person: texts, key and blind index; that it was done is recorded, and not what.

        A target's tickets are erased with it. What comes in later of the same person is recorded without its private
        texts, until :meth:`readmit`. Called again, it only takes what is left of the bytes out of the storage.

        Args:
            subject_id: A target, a member of staff, a common problem, or a ticket without a target.
            reason: Why, in a few public words; never what is erased.

        Raises:
            NotAllowedError: The actor's role may not erase.
            NothingToEraseError: There is no such subject.
            BadValueError: No reason; or a ticket of a target, which is named.

        Plan: 五(一)
        """
        return erasing.erase(self._desk, subject_id, reason)

    def readmit(self, subject_id: str, reason: str) -> Done:
        """Let private texts of an erased subject be written down again: a new household, or the person's own wish.

        Raises:
            NotAllowedError: The actor's role may not.
            NothingToEraseError: It is not erased.

        Plan: 五(一)
        """
        return erasing.readmit(self._desk, subject_id, reason)

    def erasures(self) -> tuple[Erasure, ...]:
        """Return whose data were erased, by whom and why, and who may be written down again.

        Raises:
            NotAllowedError: The actor is neither of the office nor an auditor.

        Plan: 五(一)
        """
        return erasing.erasures(self._desk)

    def rotate_keys(self, *, batch: int = rotating.BATCH) -> Rotated:
        """Wrap every subject's key with the current master key; can be killed at any moment and called again.

        Args:
            batch: Keys that one transaction wraps, at least 1.

        Raises:
            NotAllowedError: The actor's role may not.
            NotEncryptedError: The ledger was begun without a master key.
            LockedError: The former key is not at hand.

        Plan: 五(一)
        """
        return rotating.rotate(self._desk, batch)
