"""Refuse a batch that names what is not there, before anything is decided."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from zoufang.errors import BadValueError, DuplicateIdError, PersonalIdError, UnknownAreaError, UnknownIdError
from zoufang.model import AreaTree, CampaignPlan, Finding, FindingKind, Roster, Source, Ticket
from zoufang.rules import personal_number
from zoufang.typing import Text, VisitId

WireColumns = Mapping[str, Sequence[Any]]
"""What was handed in as columns of wire values, by the name of the field."""

MINUTES_A_DAY = 1440
MOST_FINDINGS = 999

A_PARTS_NUMBER = re.compile(r"/[1-9][0-9]*\Z")
"""How the number of a part ends; no ticket from outside bears one, so that every ticket can be split."""


def by(day: date) -> Text:
    """Return the words for a day that may not be later than another."""
    return Text(f"{day} 或更早", f"{day} or earlier")


def impersonal(what: str, ids: Sequence[str]) -> None:
    """Refuse an id that holds a telephone or a citizen number, without repeating it.

    Raises:
        PersonalIdError: There is such a one.

    Plan: 五(二)
    """
    kind = personal_number(ids)
    if kind is not None:
        raise PersonalIdError(what=what, kind=str(kind))


def once(what: str, ids: Iterable[str]) -> None:
    """Refuse an id that appears more than once in a batch.

    Raises:
        DuplicateIdError: The first such id.
        PersonalIdError: That one holds a telephone or a citizen number.
    """
    for key, n in Counter(ids).items():
        if n > 1:
            impersonal(what, (key,))
            raise DuplicateIdError(what=what, id=key)


def known(what: str, ids: Iterable[str], there: Collection[str]) -> None:
    """Refuse an id that is not there.

    Raises:
        UnknownIdError: The first such id, with some that are there.
        PersonalIdError: That one holds a telephone or a citizen number.
    """
    asked = ids if isinstance(ids, Sequence) else tuple(ids)
    if not set(asked).issubset(there):
        key = next(key for key in asked if key not in there)
        impersonal(what, (key,))
        raise UnknownIdError(what=what, id=key, known=tuple(sorted(there)[:5]))


def check_roster(plan: CampaignPlan, tree: AreaTree, units: Collection[str], roster: Roster) -> None:
    """Refuse a roster with an id twice, an unknown grid, kind or unit.

    Args:
        plan: Its kinds apply.
        tree: The areas, those of the roster among them.
        units: The units, one for each community among them.
        roster: What was handed in.

    Raises:
        BadInputError: With the first entry that cannot be used.

    Plan: 二
    """
    for what, named in (("area", roster.areas), ("person", roster.people), ("target", roster.targets)):
        impersonal(what, [one.id for one in named])
    once("area", (area.id for area in roster.areas))
    once("person", (person.id for person in roster.people))
    once("target", (target.id for target in roster.targets))
    known("kind", (target.kind for target in roster.targets), plan.kind)
    known("unit", (person.unit_id for person in roster.people), units)
    places = [person.area_id for person in roster.people if person.area_id is not None]
    for area_id in (*places, *(target.area_id for target in roster.targets)):
        if area_id not in tree:
            impersonal("area", (area_id,))
            raise UnknownAreaError(area_id=area_id, known=tuple(tree)[:5])


def check_visits(
    plan: CampaignPlan,
    visits: WireColumns,
    findings: Sequence[Finding],
    *,
    targets: Collection[str],
    people: Collection[str],
    units: Collection[str],
    today: date,
) -> dict[VisitId, list[Finding]]:
    """Refuse visits that name what is not there or contradict themselves.

    Args:
        plan: Its topics and messages apply.
        visits: The batch, as :func:`zoufang.campaign.given.wire_columns` gives it.
        findings: What was heard on them.
        targets: Known targets.
        people: Known members of staff.
        units: Known units.
        today: No visit may be later.

    Returns:
        The findings of each visit, in the order of their numbers.

    Raises:
        BadInputError: With the first visit that cannot be used.

    Plan: 二, 三(二)
    """
    ids = visits["id"]
    if len(set(ids)) < len(ids):
        once("visit", ids)
    once("finding", (f"{f.visit_id}-{f.n}" for f in findings))
    known("visit", (f.visit_id for f in findings), frozenset(ids) if findings else ())
    known("target", visits["target_id"], targets)
    known("visitor", visits["visitor_id"], people)
    known("unit", visits["unit_id"], units)
    known("topic", (f.topic_id for f in findings), plan.topic)
    messages = {message.id for message in plan.messages}
    known("message", (m for words in sorted(set(visits["made_known"])) for m in words.split()), messages)
    _within(visits, "on", by(today), lambda on: on <= today.isoformat())
    _within(visits, "minute", Text("0 至 1439", "0 to 1439"), lambda minute: 0 <= minute < MINUTES_A_DAY)
    _within(visits, "minutes", Text("0 至 1440", "0 to 1440"), lambda minutes: 0 <= minutes <= MINUTES_A_DAY)
    heard: defaultdict[VisitId, list[Finding]] = defaultdict(list)
    for finding in sorted(findings, key=lambda f: f.n):
        heard[finding.visit_id].append(finding)
    _check_heard(visits, heard)
    return heard


def _within(visits: WireColumns, name: str, allowed: Text, fits: Callable[[Any], bool]) -> None:
    """Refuse the first visit with a cell that does not fit; each value is looked at once."""
    wrong = {cell for cell in set(visits[name]) if cell is not None and not fits(cell)}
    if wrong:
        place = next(place for place, cell in enumerate(visits[name]) if cell in wrong)
        raise BadValueError(what=name, id=visits["id"][place], value=str(visits[name][place]), allowed=allowed)


def _check_heard(visits: WireColumns, heard: Mapping[VisitId, Sequence[Finding]]) -> None:
    """Refuse a finding's number out of range, and a demand heard on a visit on which nobody had any."""
    if not heard:
        return
    for visit_id, no_demand in zip(visits["id"], visits["no_demand"], strict=True):
        for finding in heard.get(visit_id, ()):
            if not 1 <= finding.n <= MOST_FINDINGS:
                allowed = Text(f"1 至 {MOST_FINDINGS}", f"1 to {MOST_FINDINGS}")
                raise BadValueError(what="n", id=visit_id, value=str(finding.n), allowed=allowed)
            if no_demand and finding.kind is FindingKind.DEMAND:
                allowed = Text("听到诉求的走访不填“是”", "no, where a demand was heard")
                raise BadValueError(what="no_demand", id=visit_id, value=Text("是", "yes"), allowed=allowed)


def check_tickets(
    plan: CampaignPlan, tickets: Sequence[Ticket], *, targets: Collection[str], areas: Collection[str], today: date
) -> None:
    """Refuse tickets that name what is not there, that bear a part's number, or that say a hand-over brought them.

    Args:
        plan: Its topics apply.
        tickets: The batch.
        targets: Known targets.
        areas: Known areas.
        today: No ticket may be later.

    Raises:
        BadInputError: With the first ticket that cannot be used.

    Plan: 四(二)
    """
    once("ticket", (ticket.id for ticket in tickets))
    known("topic", (ticket.topic_id for ticket in tickets), plan.topic)
    known("target", (ticket.target_id for ticket in tickets if ticket.target_id), targets)
    for ticket in tickets:
        if A_PARTS_NUMBER.search(ticket.id):
            allowed = Text(
                "不以“/数字”结尾的编号；那是分解件的编号", "a number without /n at its end, which parts have"
            )
            raise BadValueError(what="ticket", id=ticket.id, value=str(ticket.id), allowed=allowed)
        if ticket.source is Source.CARRIED:
            allowed = Text("走访、来电、来信或上级交办", "visit, call, letter or higher")
            raise BadValueError(what="source", id=ticket.id, value=str(ticket.source), allowed=allowed)
        if ticket.area_id is not None and ticket.area_id not in areas:
            impersonal("area", (ticket.area_id,))
            raise UnknownAreaError(area_id=ticket.area_id, known=tuple(sorted(areas)[:5]))
        if ticket.parent_id is not None:
            allowed = Text("不填；分解由办公室执行", "nothing; the office splits tickets")
            raise BadValueError(what="parent_id", id=ticket.id, value=str(ticket.parent_id), allowed=allowed)
        if ticket.on > today:
            raise BadValueError(what="on", id=ticket.id, value=ticket.on.isoformat(), allowed=by(today))
