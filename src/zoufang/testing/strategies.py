"""Hypothesis strategies for the nouns of a campaign: valid by construction, Chinese text by default.

Every argument that says how a value is made is itself a strategy.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from zoufang.model import (
    CampaignPlan,
    Channel,
    Claim,
    Finding,
    FindingKind,
    Outcome,
    Part,
    Person,
    Roster,
    Source,
    Target,
    Ticket,
    Visit,
)
from zoufang.testing.street import little_areas, little_people
from zoufang.typing import AreaId, TargetId, TicketId, UnitId, VisitId

_HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
_AWKWARD = st.sampled_from("，。！？、“”（）《》—…０９Ａ　𠮷\u200b\t\n\"'\\=+-@<>&;%é😀 aZ0")


def chinese(min_size: int = 0, max_size: int = 12) -> SearchStrategy[str]:
    """Return text as people say it and as files spoil it: mostly Chinese, with marks that like to break things.

    Args:
        min_size: Shortest.
        max_size: Longest.
    """
    return st.text(_HAN | _AWKWARD, min_size=min_size, max_size=max_size)


def names() -> SearchStrategy[str]:
    """Return names of people and places, in Chinese."""
    return st.text(_HAN, min_size=2, max_size=4)


def days(plan: CampaignPlan) -> SearchStrategy[date]:
    """Return days of a plan's campaign.

    Args:
        plan: Its weekly rhythm applies.
    """
    first = plan.dispatch.first_on - timedelta(days=7)
    return st.dates(first, plan.dispatch.last_on)


def targets(
    plan: CampaignPlan,
    *,
    areas: SearchStrategy[str] | None = None,
    tags: SearchStrategy[tuple[str, ...]] | None = None,
    private: SearchStrategy[str] | None = None,
) -> SearchStrategy[Target]:
    """Return targets of a plan's kinds.

    Args:
        plan: Its kinds apply.
        areas: Where they stand; the grids and communities of the little street by default.
        tags: Their public words.
        private: Names, addresses and telephones.
    """
    places = st.sampled_from([area.id for area in little_areas(plan)[1:]]) if areas is None else areas
    words = st.sampled_from([(), ("餐饮",), ("五金",), ("食品", "连锁")]) if tags is None else tags
    spoken = chinese() if private is None else private
    return st.builds(
        Target,
        id=st.integers(1, 99_999).map(lambda n: TargetId(f"T{n:05}")),
        kind=st.sampled_from(list(plan.kind)),
        area_id=places.map(AreaId),
        since_on=days(plan),
        tags=words,
        linked_to=st.none(),
        name=spoken,
        address=spoken,
        phone=spoken,
    )


def rosters(
    plan: CampaignPlan, *, of: SearchStrategy[Target] | None = None, max_size: int = 20
) -> SearchStrategy[Roster]:
    """Return registers of the little street with any targets, each id once.

    Args:
        plan: Its kinds, units and street apply.
        of: The targets.
        max_size: Most targets.
    """
    some = st.lists(targets(plan) if of is None else of, max_size=max_size, unique_by=lambda target: target.id)
    return some.map(lambda found: Roster(areas=little_areas(plan), people=little_people(plan), targets=tuple(found)))


@st.composite
def visits(
    draw: st.DrawFn,
    plan: CampaignPlan,
    roster: Roster,
    *,
    on: SearchStrategy[date] | None = None,
    said: SearchStrategy[str] | None = None,
    max_findings: int = 3,
) -> tuple[Visit, tuple[Finding, ...]]:
    """Return a visit to one of a roster's targets, with what was heard on it.

    Args:
        draw: Given by Hypothesis.
        plan: Its topics and messages apply.
        roster: Who is visited and who visits.
        on: The day.
        said: What the person said.
        max_findings: Most findings.
    """
    person: Person = draw(st.sampled_from(roster.people))
    outcome = draw(st.sampled_from(Outcome))
    visit_id = VisitId(f"V{draw(st.integers(1, 99_999)):05}")
    kinds = draw(st.lists(st.sampled_from(FindingKind), max_size=max_findings if outcome is Outcome.MET else 0))
    findings = tuple(
        Finding(
            visit_id=visit_id,
            n=n,
            kind=kind,
            topic_id=draw(st.sampled_from(list(plan.topic))),
            said=draw(chinese() if said is None else said),
            solved=kind is FindingKind.DEMAND and draw(st.booleans()),
            answer=draw(chinese() if said is None else said),
        )
        for n, kind in enumerate(kinds, start=1)
    )
    visit = Visit(
        id=visit_id,
        target_id=draw(st.sampled_from(roster.targets)).id,
        on=draw(days(plan) if on is None else on),
        channel=draw(st.sampled_from(Channel)),
        outcome=outcome,
        visitor_id=person.id,
        unit_id=person.unit_id,
        minute=draw(st.none() | st.integers(0, 1439)),
        minutes=draw(st.none() | st.integers(0, 240)),
        no_demand=outcome is Outcome.MET and FindingKind.DEMAND not in kinds and draw(st.booleans()),
        made_known=tuple(draw(st.lists(st.sampled_from([m.id for m in plan.messages]), max_size=2, unique=True))),
    )
    return visit, findings


def tickets(
    plan: CampaignPlan,
    roster: Roster,
    *,
    on: SearchStrategy[date] | None = None,
    said: SearchStrategy[str] | None = None,
) -> SearchStrategy[Ticket]:
    """Return tickets from calls, letters and higher authorities.

    Args:
        plan: Its topics apply.
        roster: Whose they are, and where.
        on: The day.
        said: What the person said, and how to reach them.
    """
    spoken = chinese() if said is None else said
    nobody: SearchStrategy[Any] = st.none()
    return st.builds(
        Ticket,
        id=st.integers(1, 99_999).map(lambda n: TicketId(f"K{n:05}")),
        source=st.sampled_from([Source.CALL, Source.LETTER, Source.HIGHER]),
        source_id=st.integers(1, 99_999).map(lambda n: f"S{n:05}"),
        on=days(plan) if on is None else on,
        topic_id=st.sampled_from(list(plan.topic)),
        area_id=nobody | st.sampled_from([area.id for area in roster.areas]),
        target_id=nobody | st.sampled_from([target.id for target in roster.targets]) if roster.targets else nobody,
        said=spoken,
        contact=spoken,
    )


def claims(
    subjects: Sequence[str],
    *,
    units: SearchStrategy[str] | None = None,
    parts: SearchStrategy[Part] | None = None,
) -> SearchStrategy[Claim]:
    """Return claims on some subjects.

    Args:
        subjects: Targets or tickets.
        units: Who claims.
        parts: Lead or co.
    """
    return st.builds(
        Claim,
        subject_id=st.sampled_from(list(subjects)),
        unit_id=(st.sampled_from(["A", "B", "C"]) if units is None else units).map(UnitId),
        part=st.sampled_from(Part) if parts is None else parts,
        rule=st.sampled_from(["first", "second"]),
        reason=chinese(max_size=4),
    )
