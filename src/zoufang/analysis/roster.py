"""Where targets are and who answers for them, as of a commit: the ground that visit figures stand on."""

from __future__ import annotations

import sqlalchemy as sa

from zoufang.analysis.metric import Window
from zoufang.facts import Tables, latest, up_to, visits_in_force
from zoufang.model import Outcome, Part
from zoufang.typing import Seq


def whereabouts(tables: Tables, as_of: Seq | None) -> sa.Subquery:
    """Return each target's kind, community and first day, by its latest version.

    Columns:
        target_id, kind, since_on, community (empty where its area stands in none).
    """
    t, areas = latest(tables.targets, "target_id", as_of), latest(tables.areas, "area_id", as_of)
    return (
        sa.select(t.c.target_id, t.c.kind, t.c.since_on, areas.c.community)
        .select_from(t.outerjoin(areas, areas.c.area_id == t.c.area_id))
        .subquery("whereabouts")
    )


def leads(tables: Tables, as_of: Seq | None) -> sa.Subquery:
    """Return each target's lead unit, by its latest round of assignment.

    Columns:
        target_id, unit_id.
    """
    a = tables.assignments
    mine = (a.c.subject == "target", a.c.part == str(Part.LEAD), *up_to(a, as_of))
    last = (
        sa.select(a.c.subject_id, sa.func.max(a.c.round).label("round"))
        .where(*mine)
        .group_by(a.c.subject_id)
        .subquery("last_round")
    )
    return (
        sa.select(a.c.subject_id.label("target_id"), a.c.unit_id)
        .select_from(last)
        .join(a, sa.and_(a.c.subject_id == last.c.subject_id, a.c.round == last.c.round))
        .where(*mine)
        .subquery("leads")
    )


def on_roster(tables: Tables, window: Window) -> sa.Subquery:
    """Return the targets that were on the roster by the window's last day, with what visits came to within it.

    Columns:
        case_id (the target's), unit_id (its lead, empty where nobody answers), community, kind, tried (1 where any
        visit was made in the window, else empty), met (1 where one of them reached a person, else 0 or empty).
    """
    visits = visits_in_force(tables, window.as_of)
    v = visits.c
    where = whereabouts(tables, window.as_of)
    lead = leads(tables, window.as_of)
    since = () if window.to_on is None else (where.c.since_on <= window.to_on,)
    seen = (
        sa.select(v.target_id, sa.func.max(sa.case((v.outcome == str(Outcome.MET), 1), else_=0)).label("met"))
        .where(*window.known(visits), *window.begun(v.on))
        .group_by(v.target_id)
        .subquery("seen")
    )
    tried = sa.case((seen.c.target_id.is_not(None), 1)).label("tried")
    return (
        sa.select(
            where.c.target_id.label("case_id"), lead.c.unit_id, where.c.community, where.c.kind, tried, seen.c.met
        )
        .select_from(where)
        .outerjoin(lead, lead.c.target_id == where.c.target_id)
        .outerjoin(seen, seen.c.target_id == where.c.target_id)
        .where(*since)
        .subquery("roster")
    )


def on_record(tables: Tables, window: Window) -> sa.Subquery:
    """Return the visits made in the window, with where their targets are.

    Columns:
        case_id (the visit's), unit_id, person_id (the visitor), community, kind, outcome, n_findings, no_demand,
        made_known.
    """
    visits = visits_in_force(tables, window.as_of)
    v = visits.c
    w = whereabouts(tables, window.as_of)
    return (
        sa.select(
            v.visit_id.label("case_id"),
            v.unit_id,
            v.visitor_id.label("person_id"),
            w.c.community,
            w.c.kind,
            v.outcome,
            v.n_findings,
            v.no_demand,
            v.made_known,
        )
        .select_from(visits.outerjoin(w, w.c.target_id == v.target_id))
        .where(*window.known(visits), *window.begun(v.on))
        .subquery("record")
    )
