"""The fact tables about private data: who was erased, what was looked up, which keys; and the erasable side tables.

None of them holds a private word: ids, salted commitments whose salt may be gone, and keys that are wrapped.
"""

from __future__ import annotations

from zoufang.facts.shape import Column, FactTable, Sort

ID, TEXT, INT, DAY, _, _ = Sort

ERASURES = FactTable(
    "erasures",
    "Whose private texts were erased, and who may be written down again; the last version is in force.",
    (
        Column("subject_id", ID, "A target, a ticket, a member of staff or a common problem."),
        Column("version", INT, "From 1."),
        Column("state", ID, "erased or readmitted."),
        Column("on", DAY, "The day of it."),
        Column("reason", TEXT, "Why, in a few public words; never what was erased."),
    ),
    key=("subject_id", "version"),
)

ERASED_TEXTS = FactTable(
    "erased_texts",
    "Private texts that are gone by an erasure, or were never kept because their subject is erased.",
    (
        Column("ref", ID, "The commitment that other facts hold; its salt is gone, so that it says nothing."),
        Column("subject_id", ID, "Whose it was."),
    ),
    key=("ref",),
)

LOOKUPS = FactTable(
    "lookups",
    "Searches by a telephone or a household's address, and figures and slips given as proof; who and when: the commit.",
    (
        Column(
            "by", ID, "telephone or household, never the number; of a proof figure: or slip: and the metric or case."
        ),
        Column("n_found", INT, "Targets and tickets that were shown, or cases that were listed, at least 0."),
        Column("purpose", TEXT, "What for; may be empty."),
    ),
)

TICKET_READS = FactTable(
    "ticket_reads",
    "Whose ticket's words or telephone were read in clear, or whose history was given as proof; the commit says which.",
    (
        Column("ticket_id", ID, "Which ticket."),
        Column("purpose", TEXT, "What for; may be empty."),
    ),
    indexes=(("ticket_id",),),
)

KEY_ROTATIONS = FactTable(
    "key_rotations",
    "Changes of the master key that were carried to their end.",
    (
        Column("key_id", ID, "Fingerprint of the new master key, from which it cannot be told."),
        Column("n_keys", INT, "Keys of subjects that it wraps now, at least 0."),
        Column("on", DAY, "The day on which the last of them was wrapped anew."),
    ),
)

SUBJECT_KEYS = FactTable(
    "subject_keys",
    "Erasable: the data key of each subject, wrapped by a master key; empty where the ledger has none.",
    (
        Column("subject_id", ID, "Whose texts it opens."),
        Column("key_id", ID, "Fingerprint of the master key that wraps it."),
        Column("wrapped", ID, "The wrapped key."),
    ),
)

BLIND_INDEX = FactTable(
    "blind_index",
    "Erasable: finds the text that holds a telephone or a household's address, without showing it.",
    (
        Column("mark", ID, "Keyed digest (HMAC-SHA-256) of the normalised number or address, hexadecimal."),
        Column("ref", ID, "The commitment of the text that holds it."),
    ),
)
