"""The fact tables about conflicts: what was handed in beside a record of the same number, and what was decided.

Nothing of it changes a record. What was handed in is kept whole until a person has decided, and afterwards too.
"""

from __future__ import annotations

from zoufang.facts.shape import Column, FactTable, Sort

ID, TEXT, INT, DAY, _, REF = Sort

CONFLICTS = FactTable(
    "conflicts",
    "What was handed in under a number that is recorded with other content; the record stands until it is settled.",
    (
        Column("conflict_id", ID, "Keyed digest of what was handed in; the same content again is the same conflict."),
        Column("subject", ID, "visit or ticket."),
        Column("subject_id", ID, "The number under which it was handed in."),
        Column("against", ID, "The record that it differs from: that number, or the version that was in force."),
        Column("differs", TEXT, "Names of the columns that differ, separated by one space; never what they hold."),
    ),
    key=("conflict_id",),
    indexes=(("subject", "subject_id"),),
)

CONFLICT_VISITS = FactTable(
    "conflict_visits",
    "The visits that were handed in with other content, whole.",
    (
        Column("conflict_id", ID, "Of which conflict."),
        Column("target_id", ID, "Who was visited."),
        Column("on", DAY, "The day of the visit."),
        Column("minute", INT, "Minute of the day, 0 to 1439.", null=True),
        Column("minutes", INT, "Minutes it took, at least 0.", null=True),
        Column("channel", ID, "door, form, pupil_home or phone."),
        Column("outcome", ID, "met, absent, refused, moved or vacant."),
        Column("visitor_id", ID, "Who visited."),
        Column("unit_id", ID, "For which unit."),
        Column("no_demand", INT, "1 where the person said that there is nothing, else 0."),
        Column("made_known", TEXT, "Ids of messages, separated by one space."),
    ),
    key=("conflict_id",),
)

CONFLICT_FINDINGS = FactTable(
    "conflict_findings",
    "What was heard on the visits that were handed in with other content.",
    (
        Column("conflict_id", ID, "Of which conflict."),
        Column("n", INT, "From 1."),
        Column("kind", ID, "demand, suggestion or good_practice."),
        Column("topic_id", ID, "What it is about."),
        Column("solved", INT, "1 where solved and told at once, else 0."),
        Column("said_ref", REF, "The words.", null=True),
        Column("answer_ref", REF, "The answer.", null=True),
    ),
    key=("conflict_id", "n"),
)

CONFLICT_TICKETS = FactTable(
    "conflict_tickets",
    "The tickets from outside that were handed in with other content, whole.",
    (
        Column("conflict_id", ID, "Of which conflict."),
        Column("source", ID, "visit, call, letter or higher."),
        Column("source_id", ID, "The visit, call or letter."),
        Column("on", DAY, "The day it was raised."),
        Column("topic_id", ID, "What it is about."),
        Column("area_id", ID, "Where.", null=True),
        Column("target_id", ID, "Whose.", null=True),
        Column("track", ID, "on_the_spot or joint."),
        Column("said_ref", REF, "The words.", null=True),
        Column("contact_ref", REF, "How to reach the person.", null=True),
    ),
    key=("conflict_id",),
)

SETTLEMENTS = FactTable(
    "settlements",
    "What was decided about conflicts, once for each; by whom and when stands in the commit.",
    (
        Column("conflict_id", ID, "Which."),
        Column("decision", ID, "keep, replace or both."),
        Column("made_id", ID, "The number under which what was handed in was recorded; empty with keep.", null=True),
        Column("reason", TEXT, "Why, in a few public words; no name and no number of a person."),
        Column("on", DAY, "The day of the decision."),
    ),
    key=("conflict_id",),
    indexes=(("made_id",),),
)

REPLACED_VISITS = FactTable(
    "replaced_visits",
    "Visits that are no longer in force, because another version of the same visit is.",
    (
        Column("visit_id", ID, "The visit that counts no longer."),
        Column("by_visit_id", ID, "The visit that counts in its place."),
        Column("conflict_id", ID, "By the settlement of which conflict."),
    ),
    key=("visit_id",),
    indexes=(("by_visit_id",),),
)

KEPT_TICKETS = FactTable(
    "kept_tickets",
    "Demands of a new version of a visit that were heard in the version before too, and go on under their ticket.",
    (
        Column("visit_id", ID, "The new version."),
        Column("n", INT, "The finding's number on it, from 1."),
        Column("ticket_id", ID, "The ticket that was raised before."),
    ),
    key=("visit_id", "n"),
    indexes=(("ticket_id",),),
)

IMPORT_CONFLICTS = FactTable(
    "import_conflicts",
    "How many rows of a file that was read differ from what is recorded; recorded together with the file.",
    (
        Column("name", TEXT, "File name without its folder."),
        Column("digest", ID, "SHA-256 of the file, hexadecimal."),
        Column("n_conflicts", INT, "Rows that stand as conflicts, at least 1."),
    ),
)
