"""Revision 2: conflicts between what is recorded and what was handed in under the same number."""

from __future__ import annotations

from zoufang.ledger.migrations.change import DAY, ID, INT, REF, TEXT, Change, Col
from zoufang.typing import Text

TITLE = Text("增加编号冲突的登记和处理", "tables for conflicts, and for how they were settled")


def upgrade(change: Change) -> None:
    """Make eight tables; nothing of what is there is touched."""
    change.fact_table(
        "conflicts",
        (Col("conflict_id", ID), Col("subject", ID), Col("subject_id", ID), Col("against", ID), Col("differs", TEXT)),
        key=("conflict_id",),
        indexes=(("subject", "subject_id"),),
    )
    _handed_in(change)
    change.fact_table(
        "settlements",
        (
            Col("conflict_id", ID),
            Col("decision", ID),
            Col("made_id", ID, null=True),
            Col("reason", TEXT),
            Col("on", DAY),
        ),
        key=("conflict_id",),
        indexes=(("made_id",),),
    )
    change.fact_table(
        "replaced_visits",
        (Col("visit_id", ID), Col("by_visit_id", ID), Col("conflict_id", ID)),
        key=("visit_id",),
        indexes=(("by_visit_id",),),
    )
    change.fact_table(
        "kept_tickets",
        (Col("visit_id", ID), Col("n", INT), Col("ticket_id", ID)),
        key=("visit_id", "n"),
        indexes=(("ticket_id",),),
    )
    change.fact_table("import_conflicts", (Col("name", TEXT), Col("digest", ID), Col("n_conflicts", INT)))


def _handed_in(change: Change) -> None:
    """Make the tables for what was handed in: visits, findings, tickets."""
    change.fact_table(
        "conflict_visits",
        (
            Col("conflict_id", ID),
            Col("target_id", ID),
            Col("on", DAY),
            Col("minute", INT, null=True),
            Col("minutes", INT, null=True),
            Col("channel", ID),
            Col("outcome", ID),
            Col("visitor_id", ID),
            Col("unit_id", ID),
            Col("no_demand", INT),
            Col("made_known", TEXT),
        ),
        key=("conflict_id",),
    )
    change.fact_table(
        "conflict_findings",
        (
            Col("conflict_id", ID),
            Col("n", INT),
            Col("kind", ID),
            Col("topic_id", ID),
            Col("solved", INT),
            Col("said_ref", REF, null=True),
            Col("answer_ref", REF, null=True),
        ),
        key=("conflict_id", "n"),
    )
    change.fact_table(
        "conflict_tickets",
        (
            Col("conflict_id", ID),
            Col("source", ID),
            Col("source_id", ID),
            Col("on", DAY),
            Col("topic_id", ID),
            Col("area_id", ID, null=True),
            Col("target_id", ID, null=True),
            Col("track", ID),
            Col("said_ref", REF, null=True),
            Col("contact_ref", REF, null=True),
        ),
        key=("conflict_id",),
    )
