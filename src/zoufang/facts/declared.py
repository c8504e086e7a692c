"""Every fact table, declared once."""

from __future__ import annotations

from collections.abc import Mapping

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
from zoufang.facts.personal import ERASED_TEXTS, ERASURES, KEY_ROTATIONS, LOOKUPS, TICKET_READS
from zoufang.facts.shape import Column, FactTable, Sort


def _col(name: str, sort: Sort, doc: str, *, null: bool = False) -> Column:
    return Column(name=name, sort=sort, doc=doc, null=null)


ID, TEXT, INT, DAY, INSTANT, REF = Sort

PLANS = FactTable(
    "plans",
    "The plan, word for word, each time it was adopted or changed.",
    (
        _col("plan_id", ID, "The plan's id."),
        _col("version", INT, "From 1."),
        _col("digest", ID, "SHA-256 of the text, hexadecimal."),
        _col("body", TEXT, "The plan file."),
    ),
    key=("plan_id", "version"),
)

AREAS = FactTable(
    "areas",
    "Versions of areas.",
    (
        _col("area_id", ID, "The area."),
        _col("version", INT, "From 1."),
        _col("name", TEXT, "Public name."),
        _col("level", ID, "street, community or grid."),
        _col("parent", ID, "The area that holds it.", null=True),
        _col("community", ID, "The community that holds it, or itself.", null=True),
    ),
    key=("area_id", "version"),
)

UNITS = FactTable(
    "units",
    "Versions of units.",
    (
        _col("unit_id", ID, "The unit."),
        _col("version", INT, "From 1."),
        _col("name", TEXT, "Public name."),
        _col("office", INT, "1 where it dispatches, else 0."),
        _col("community", INT, "1 where it is a community, else 0."),
    ),
    key=("unit_id", "version"),
)

PEOPLE = FactTable(
    "people",
    "Versions of members of staff; their names are private.",
    (
        _col("person_id", ID, "The person."),
        _col("version", INT, "From 1."),
        _col("unit_id", ID, "For whom they work."),
        _col("role", ID, "What they may do."),
        _col("area_id", ID, "The area they look after.", null=True),
        _col("capacity", INT, "Visits a working day, at least 0."),
        _col("name_ref", REF, "Name.", null=True),
        _col("phone_ref", REF, "Telephone.", null=True),
        _col("content", ID, "Keyed digest of the entry, to tell a change."),
    ),
    key=("person_id", "version"),
)

TARGETS = FactTable(
    "targets",
    "Versions of targets on the roster.",
    (
        _col("target_id", ID, "The target."),
        _col("version", INT, "From 1."),
        _col("kind", ID, "Kind of target."),
        _col("area_id", ID, "Grid or community."),
        _col("since_on", DAY, "On the roster from this day."),
        _col("tags", TEXT, "Public words, separated by one space."),
        _col("linked_to", ID, "The household of a pupil's family.", null=True),
        _col("name_ref", REF, "Name.", null=True),
        _col("address_ref", REF, "Address.", null=True),
        _col("phone_ref", REF, "Telephone.", null=True),
        _col("content", ID, "Keyed digest of the entry, to tell a change."),
    ),
    key=("target_id", "version"),
    indexes=(("area_id",),),
)

ASSIGNMENTS = FactTable(
    "assignments",
    "Who answers for a target or ticket, by which rule of which plugin; a higher round replaces a lower one.",
    (
        _col("subject", ID, "target or ticket."),
        _col("subject_id", ID, "Which."),
        _col("round", INT, "From 1; each new routing of the subject is the next round."),
        _col("unit_id", ID, "The unit."),
        _col("part", ID, "lead or co."),
        _col("rule", TEXT, "The rule."),
        _col("plugin", ID, "Whose rule."),
        _col("plugin_version", ID, "Its version."),
        _col("reason", TEXT, "One plain sentence."),
        _col("duty_id", ID, "The duty by which it answers for a target; empty where it only helps, and for tickets."),
    ),
    key=("subject", "subject_id", "round", "unit_id", "duty_id"),
    indexes=(("unit_id",),),
)

VISITS = FactTable(
    "visits",
    "Visits as they were recorded.",
    (
        _col("visit_id", ID, "The record's number."),
        _col("target_id", ID, "Who was visited."),
        _col("on", DAY, "The day of the visit."),
        _col("minute", INT, "Minute of the day, 0 to 1439.", null=True),
        _col("minutes", INT, "Minutes it took, at least 0.", null=True),
        _col("channel", ID, "door, form, pupil_home or phone."),
        _col("outcome", ID, "met, absent, refused, moved or vacant; only met is effective."),
        _col("visitor_id", ID, "Who visited."),
        _col("unit_id", ID, "For which unit."),
        _col("no_demand", INT, "1 where the person said that there is nothing, else 0."),
        _col("n_findings", INT, "Findings of any kind, at least 0."),
        _col("made_known", TEXT, "Ids of messages, separated by one space."),
        _col("phase", TEXT, "Ids of the phases of that day, separated by one space; empty when outside all."),
    ),
    key=("visit_id",),
    indexes=(("target_id",), ("on",)),
)

FINDINGS = FactTable(
    "findings",
    "What was heard on visits.",
    (
        _col("visit_id", ID, "On which visit."),
        _col("n", INT, "From 1."),
        _col("kind", ID, "demand, suggestion or good_practice."),
        _col("topic_id", ID, "What it is about."),
        _col("solved", INT, "1 where solved and told at once, else 0."),
        _col("said_ref", REF, "The words.", null=True),
        _col("answer_ref", REF, "The answer.", null=True),
    ),
    key=("visit_id", "n"),
)

TICKETS = FactTable(
    "tickets",
    "Tickets as they were raised.",
    (
        _col("ticket_id", ID, "The ticket's number."),
        _col("source", ID, "visit, call, letter, higher or carried."),
        _col("source_id", ID, "The visit, call or letter."),
        _col("on", DAY, "The day it was raised."),
        _col("topic_id", ID, "What it is about."),
        _col("area_id", ID, "Where.", null=True),
        _col("target_id", ID, "Whose.", null=True),
        _col("track", ID, "on_the_spot or joint."),
        _col("said_ref", REF, "The words.", null=True),
        _col("contact_ref", REF, "How to reach the person.", null=True),
        _col("content", ID, "Keyed digest of what was given, to tell a resend from a change."),
        _col("parent_id", ID, "The ticket of which it is a part, where the office split one.", null=True),
    ),
    key=("ticket_id",),
    indexes=(("source", "source_id"), ("on",), ("parent_id",)),
    leaves=True,
)

TICKET_EVENTS = FactTable(
    "ticket_events",
    "What happened to tickets; the status after the last event is where a ticket stands.",
    (
        _col("ticket_id", ID, "Which ticket."),
        _col("version", INT, "From 1 without gaps."),
        _col("event", ID, "The verb."),
        _col("on", DAY, "The day it happened."),
        _col("status", ID, "The status after it."),
        _col("unit_id", ID, "The unit that holds it after the event.", null=True),
        _col("person_id", ID, "Who did it.", null=True),
        _col("due_on", DAY, "By when the holder must handle it.", null=True),
        _col("remedy", ID, "resolved, partly or explained.", null=True),
        _col("reason", ID, "Reason code.", null=True),
        _col("plan_on", DAY, "When an explained demand can be met.", null=True),
        _col("into", ID, "The ticket that goes on after a merge.", null=True),
        _col("note_ref", REF, "Free words; of a demand solved on the spot, the answer as evidence.", null=True),
        _col("reaction", ID, "With feed_back: accepted, unwilling or unknown.", null=True),
        _col("minute", INT, "Minute of the day at which it happened, 0 to 1439.", null=True),
        _col("due_minute", INT, "Minute of due_on, 0 to 1440; empty means the whole day.", null=True),
        _col("clock", ID, "What its time limit counts, e.g. working_days; empty where it has none.", null=True),
        _col("limit_id", ID, "The class of time limits it falls under; empty means the general one.", null=True),
        _col("asked_days", INT, "Days more that are asked for and not answered yet.", null=True),
        _col("extended_days", INT, "Days granted since its clock last started, at least 0."),
    ),
    key=("ticket_id", "version"),
    indexes=(("status",), ("into",)),
    leaves=True,
)

DRAWS = FactTable(
    "draws",
    "Closed tickets drawn for a call-back.",
    (
        _col("ticket_id", ID, "Which ticket."),
        _col("closing", INT, "The version of the closing that is asked about."),
        _col("on", DAY, "The day of the draw."),
        _col("stratum", TEXT, "Within which group."),
        _col("n", INT, "To be drawn from the group, at least 1."),
        _col("of", INT, "In the group, at least n."),
        _col("lot", INT, "The number of the draw, from 1."),
        _col("rank", INT, "Place in the group's order of lots, from 1; above n only for a replacement."),
        _col("replaces", ID, "The ticket that was given up and in whose place this one is asked.", null=True),
    ),
    key=("ticket_id", "closing"),
    indexes=(("lot", "stratum"),),
    leaves=True,
)

RESERVES = FactTable(
    "reserves",
    "Closings that a draw considered and did not take, in the order of lots in which they replace others.",
    (
        _col("ticket_id", ID, "Which ticket."),
        _col("closing", INT, "The version of the closing."),
        _col("on", DAY, "The day of the draw."),
        _col("stratum", TEXT, "Within which group."),
        _col("n", INT, "Drawn from the group, at least 0."),
        _col("of", INT, "In the group, above n."),
        _col("lot", INT, "The number of the draw, from 1."),
        _col("rank", INT, "Place in the group's order of lots, above n."),
    ),
    key=("ticket_id", "closing"),
    indexes=(("lot", "stratum"),),
)

CALLBACKS = FactTable(
    "callbacks",
    "What people said when called back.",
    (
        _col("ticket_id", ID, "About which ticket."),
        _col("closing", INT, "The version of the closing that is asked about."),
        _col("attempt", INT, "From 1."),
        _col("on", DAY, "The day of the call."),
        _col("outcome", ID, "reached, unreachable or refused."),
        _col("solved", INT, "1 said solved, 0 said not.", null=True),
        _col("satisfied", INT, "1 said satisfied, 0 said not.", null=True),
        _col("caller_id", ID, "Who called.", null=True),
        _col("unit_id", ID, "The unit that had closed it.", null=True),
        _col("note_ref", REF, "Free words.", null=True),
    ),
    key=("ticket_id", "closing", "attempt"),
    leaves=True,
)

DISPATCHES = FactTable(
    "dispatches",
    "Weekly dispatches: frozen, numbered, sealed.",
    (
        _col("number", INT, "From 1."),
        _col("on", DAY, "The day of the dispatch."),
        _col("from_on", DAY, "First day it covers."),
        _col("to_on", DAY, "Last day it covers."),
        _col("as_of", INT, "The commit up to which it counts."),
        _col("digest", ID, "SHA-256 of its canonical content, hexadecimal."),
    ),
    key=("number",),
)

NOTICES = FactTable(
    "notices",
    "Praise and criticism in a dispatch; each names its sign and its figures.",
    (
        _col("number", INT, "In which dispatch."),
        _col("n", INT, "From 1."),
        _col("kind", ID, "praise or perfunctory."),
        _col("about", ID, "unit or person."),
        _col("about_id", ID, "Which."),
        _col("sign", ID, "By which sign."),
        _col("hits", INT, "Numerator."),
        _col("of", INT, "Denominator, at least 1."),
    ),
    key=("number", "n"),
)

CONTACT_READS = FactTable(
    "contact_reads",
    "Whose name, address and telephone were read in clear; by whom and when stands in the commit.",
    (
        _col("target_id", ID, "Whose."),
        _col("purpose", TEXT, "What for; may be empty."),
    ),
    indexes=(("target_id",),),
)

IMPORTS = FactTable(
    "imports",
    "Files that were read; good, bad and differing rows (import_conflicts) add up to all.",
    (
        _col("name", TEXT, "File name without its folder."),
        _col("digest", ID, "SHA-256 of the file, hexadecimal."),
        _col("importer", ID, "Which importer."),
        _col("n_rows", INT, "Rows with any content."),
        _col("n_new", INT, "Recorded."),
        _col("n_known", INT, "Already recorded with the same content."),
        _col("n_bad", INT, "Set aside with a reason."),
    ),
)

WORK_PLANS = FactTable(
    "work_plans",
    "Who visits what in which week; a higher round replaces a lower one and keeps what was done.",
    (
        _col("round", INT, "From 1; each new planning is the next round."),
        _col("target_id", ID, "Who is to be visited."),
        _col("duty_id", ID, "By which duty; empty where the lead answers by none."),
        _col("unit_id", ID, "The unit that owes the visit."),
        _col("person_id", ID, "Who goes."),
        _col("week", INT, "Number of the dispatch week."),
        _col("done", INT, "1 where the visit was made before this round, else 0."),
        _col("on", DAY, "From which day this round plans."),
    ),
    key=("round", "target_id", "duty_id", "unit_id"),
    indexes=(("person_id",),),
)

PROBLEMS = FactTable(
    "problems",
    "Common problems: several demands that are solved at once; the last version is where one stands.",
    (
        _col("problem_id", ID, "The common problem."),
        _col("version", INT, "From 1."),
        _col("on", DAY, "The day it was found, or handled."),
        _col("topic_id", ID, "What it is about."),
        _col("unit_id", ID, "The unit that leads on it."),
        _col("due_on", DAY, "By when it must be handled."),
        _col("remedy", ID, "resolved, partly or explained; empty until it is handled.", null=True),
        _col("reason", ID, "Reason code.", null=True),
        _col("plan_on", DAY, "When it can be solved, where it was explained.", null=True),
        _col("person_id", ID, "Who did it.", null=True),
        _col("note_ref", REF, "Free words.", null=True),
    ),
    key=("problem_id", "version"),
)

PROBLEM_LINKS = FactTable(
    "problem_links",
    "Which tickets a common problem stands behind; a ticket belongs to one at the most.",
    (
        _col("ticket_id", ID, "The ticket."),
        _col("problem_id", ID, "The common problem."),
        _col("on", DAY, "Since when."),
    ),
    key=("ticket_id",),
    indexes=(("problem_id",),),
)

MARKS = FactTable(
    "marks",
    "What was recorded although the plan warns of it in that phase, or after the phase in which it was open.",
    (
        _col("verb", ID, "record, draw, call_back, or an event of the lifecycle."),
        _col("subject_id", ID, "The visit or ticket."),
        _col("version", INT, "The event, closing or attempt it is about; 0 for a visit."),
        _col("on", DAY, "The day it happened."),
        _col("phase", ID, "The phase that is not open for it; outside where it is none."),
        _col("why", ID, "phase where it happened in it, late where it was recorded in it."),
    ),
    indexes=(("subject_id",),),
)

FACT_TABLES: tuple[FactTable, ...] = (
    PLANS,
    AREAS,
    UNITS,
    PEOPLE,
    TARGETS,
    ASSIGNMENTS,
    VISITS,
    FINDINGS,
    TICKETS,
    TICKET_EVENTS,
    DRAWS,
    RESERVES,
    CALLBACKS,
    DISPATCHES,
    NOTICES,
    CONTACT_READS,
    IMPORTS,
    WORK_PLANS,
    PROBLEMS,
    PROBLEM_LINKS,
    MARKS,
    ERASURES,
    ERASED_TEXTS,
    LOOKUPS,
    TICKET_READS,
    KEY_ROTATIONS,
    CONFLICTS,
    CONFLICT_VISITS,
    CONFLICT_FINDINGS,
    CONFLICT_TICKETS,
    SETTLEMENTS,
    REPLACED_VISITS,
    KEPT_TICKETS,
    IMPORT_CONFLICTS,
)
"""Every fact table, in the order in which the digest takes them."""

BY_NAME: Mapping[str, FactTable] = {table.name: table for table in FACT_TABLES}

COMMITS = FactTable(
    "commits",
    "One row per accepted change.",
    (
        _col("seq", INT, "From 1 without gaps."),
        _col("recorded_at", INSTANT, "When it was recorded; never decides anything."),
        _col("actor", ID, "Who."),
        _col("role", ID, "In which role."),
        _col("unit", ID, "For which unit; may be empty."),
        _col("verb", ID, "What."),
        _col("submission_id", ID, "The sender's own number, unique.", null=True),
        _col("content", ID, "Keyed digest of what was sent, to tell a resend from a change.", null=True),
        _col("n_facts", INT, "Rows in all fact tables."),
        _col("facts_digest", ID, "SHA-256 of the facts, hexadecimal."),
        _col("chain", ID, "SHA-256 over the previous link, this header and the facts' digest."),
    ),
)

PRIVATE = FactTable(
    "private_texts",
    "The erasable side table: private texts by their salted commitment.",
    (
        _col("ref", ID, "SHA-256 of salt, subject and text, hexadecimal."),
        _col("subject_id", ID, "Whose it is."),
        _col("salt", ID, "Random, hexadecimal."),
        _col("body", TEXT, "The text."),
    ),
)
