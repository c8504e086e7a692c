"""The shape of every fact: the tables, defined once; the ledger writes them, the analysis reads them.

A fact table is a list of typed columns. Each stored row carries ``(commit_seq, ord)`` in front: in which commit it
was recorded, and in which place within it. Nothing is ever updated or deleted, so the state as of commit ``n`` is
the rows with ``commit_seq <= n``.

Cells are *wire values* (see :data:`zoufang.typing.Wire`): a day is ``2023-03-01``, an instant is
``2023-03-01T01:02:03.000000Z``, yes and no are 1 and 0. They are what the digest is computed from, what SQLite keeps
and what another language would read.
"""

from zoufang.facts.asking import one_of
from zoufang.facts.beside import META, OUTBOX
from zoufang.facts.blocks import CHUNK, Block, Columns, Facts, Rows, cells_of, chunks_of
from zoufang.facts.declared import (
    AREAS,
    ASSIGNMENTS,
    BY_NAME,
    CALLBACKS,
    COMMITS,
    DISPATCHES,
    DRAWS,
    FACT_TABLES,
    FINDINGS,
    IMPORTS,
    MARKS,
    NOTICES,
    PEOPLE,
    PLANS,
    PRIVATE,
    PROBLEM_LINKS,
    PROBLEMS,
    TARGETS,
    TICKET_EVENTS,
    TICKETS,
    UNITS,
    VISITS,
    WORK_PLANS,
)
from zoufang.facts.differing import (
    CONFLICT_FINDINGS,
    CONFLICT_TICKETS,
    CONFLICT_VISITS,
    CONFLICTS,
    IMPORT_CONFLICTS,
    KEPT_TICKETS,
    REPLACED_VISITS,
    SETTLEMENTS,
)
from zoufang.facts.personal import (
    BLIND_INDEX,
    ERASED_TEXTS,
    ERASURES,
    KEY_ROTATIONS,
    LOOKUPS,
    SUBJECT_KEYS,
    TICKET_READS,
)
from zoufang.facts.reading import SIDE, Checkpoint, Day, Instant, Reader, Tables, latest, tables, up_to, visits_in_force
from zoufang.facts.shape import Column, FactTable, Sort

__all__ = [
    "AREAS",
    "ASSIGNMENTS",
    "BLIND_INDEX",
    "BY_NAME",
    "CALLBACKS",
    "CHUNK",
    "COMMITS",
    "CONFLICTS",
    "CONFLICT_FINDINGS",
    "CONFLICT_TICKETS",
    "CONFLICT_VISITS",
    "DISPATCHES",
    "DRAWS",
    "ERASED_TEXTS",
    "ERASURES",
    "FACT_TABLES",
    "FINDINGS",
    "IMPORTS",
    "IMPORT_CONFLICTS",
    "KEPT_TICKETS",
    "KEY_ROTATIONS",
    "LOOKUPS",
    "MARKS",
    "META",
    "NOTICES",
    "OUTBOX",
    "PEOPLE",
    "PLANS",
    "PRIVATE",
    "PROBLEMS",
    "PROBLEM_LINKS",
    "REPLACED_VISITS",
    "SETTLEMENTS",
    "SIDE",
    "SUBJECT_KEYS",
    "TARGETS",
    "TICKETS",
    "TICKET_EVENTS",
    "TICKET_READS",
    "UNITS",
    "VISITS",
    "WORK_PLANS",
    "Block",
    "Checkpoint",
    "Column",
    "Columns",
    "Day",
    "FactTable",
    "Facts",
    "Instant",
    "Reader",
    "Rows",
    "Sort",
    "Tables",
    "cells_of",
    "chunks_of",
    "latest",
    "one_of",
    "tables",
    "up_to",
    "visits_in_force",
]
