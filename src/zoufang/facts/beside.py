"""What stands in the database beside the facts: the ledger's own marks, and the outbox of embedding hosts.

Neither is part of a commit, and no digest covers them.
"""

from __future__ import annotations

from zoufang.facts.shape import Column, FactTable, Sort

META = FactTable(
    "ledger_meta",
    "The ledger's own marks: its schema's revision, the key of its seal, and that of its keyed digests.",
    (
        Column("name", Sort.ID, "revision; seal; and key, or wrapped_key, wrapped_by and begun_with."),
        Column("value", Sort.TEXT, "A key in hexadecimal, or wrapped by a master key; the revision in digits."),
    ),
)

OUTBOX = FactTable(
    "outbox",
    "Which consumer has yet to deliver which commit; a row goes when it is acknowledged.",
    (
        Column("seq", Sort.INT, "The commit; 0 marks a consumer that is subscribed."),
        Column("consumer", Sort.ID, "The name that the host gave its consumer."),
    ),
)
