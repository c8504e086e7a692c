"""Refuse a batch that names what is not there, before anything is decided."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from zoufang.campaign.columns import PIECE, all_differ, distinct
from zoufang.errors import BadValueError, DuplicateIdError, PersonalIdError, UnknownAreaError, UnknownIdError
from zoufang.model import AreaTree, CampaignPlan, Finding, FindingKind, Source
from zoufang.rules import personal_number
from zoufang.typing import Text, VisitId

WireColumns = Mapping[str, Sequence[Any]]
"""What was handed in as columns of wire values, by the name of the field."""

MINUTES_A_DAY = 1440
MOST_FINDINGS = 999

A_PARTS_NUMBER = re.compile(r"(.+)/[1-9][0-9]*", re.DOTALL)
"""How a part is numbered: after the ticket that was split, with a stroke and a count."""

A_VERSIONS_NUMBER = re.compile(r"~[1-9][0-9]*\Z")
"""How the number of a record ends that came of a settled conflict; nothing from outside bears one."""


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
    asked = ids if isinstance(ids, Sequence) else tuple(ids)
    if not all_differ(asked):
        key = next(key for key, n in Counter(asked).items() if n > 1)
        impersonal(what, (key,))
        raise DuplicateIdError(what=what, id=key)


def known(what: str, ids: Iterable[str], there: Collection[str]) -> None:
    """Refuse an id that is not there.

    Raises:
        UnknownIdError: The first such id, with some that are there.
        PersonalIdError: That one holds a telephone or a citizen number.
    """
    asked = ids if isinstance(ids, Sequence) else tuple(ids)
    if not frozenset(distinct(asked)).issubset(there):
        key = next(key for key in asked if key not in there)
        impersonal(what, (key,))
        raise UnknownIdError(what=what, id=key, known=tuple(sorted(there)[:5]))


def no_versions_numbers(what: str, ids: Sequence[str]) -> None:
    """Refuse new records under numbers that only the settlement of a conflict gives.

    Raises:
        BadValueError: The first such number.

    Plan: 四(二)
    """
    pieces = (ids[start : start + PIECE] for start in range(0, len(ids), PIECE))
    for key in (key for piece in pieces if "~" in "".join(piece) for key in piece):  # one look for many of them
        if A_VERSIONS_NUMBER.search(key):
            allowed = Text("不以“~数字”结尾的编号；那是裁定冲突时新编的号", "a number without ~n at its end")
            raise BadValueError(what=what, id=key, value=key, allowed=allowed)


def check_roster(
    plan: CampaignPlan, tree: AreaTree, units: Collection[str], entries: Mapping[str, WireColumns]
) -> None:
    """Refuse a register with an id twice, an unknown grid, kind or unit.

    Args:
        plan: Its kinds apply.
        tree: The areas, those of the register among them.
        units: The units, one for each community among them.
        entries: What was handed in, as columns: ``areas``, ``people`` and ``targets``.

    Raises:
        BadInputError: With the first entry that cannot be used.

    Plan: 二
    """
    people, targets = entries["people"], entries["targets"]
    for what, ids in (("area", entries["areas"]["id"]), ("person", people["id"]), ("target", targets["id"])):
        impersonal(what, ids)
    once("area", entries["areas"]["id"])
    once("person", people["id"])
    once("target", targets["id"])
    known("kind", targets["kind"], plan.kind)
    known("unit", people["unit_id"], units)
    for places in (people["area_id"], targets["area_id"]):
        if strange := {place for place in set(places) if place is not None and place not in tree}:
            raise _unknown_area(next(place for place in places if place in strange), tuple(tree)[:5])


def _unknown_area(area_id: str, some: tuple[str, ...]) -> Exception:
    impersonal("area", (area_id,))
    return UnknownAreaError(area_id=area_id, known=some)


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
    once("visit", ids)
    once("finding", (f"{f.visit_id}-{f.n}" for f in findings))
    known("visit", (f.visit_id for f in findings), distinct(ids) if findings else ())
    known("target", visits["target_id"], targets)
    known("visitor", visits["visitor_id"], people)
    known("unit", visits["unit_id"], units)
    known("topic", (f.topic_id for f in findings), plan.topic)
    messages = {message.id for message in plan.messages}
    known("message", (m for words in sorted(distinct(visits["made_known"])) for m in words.split()), messages)
    _within(visits, "on", by(today), lambda on: on <= today.isoformat())
    _within(visits, "minute", Text("0 至 1439", "0 to 1439"), lambda minute: 0 <= minute < MINUTES_A_DAY)
    _within(visits, "minutes", Text("0 至 1440", "0 to 1440"), lambda minutes: 0 <= minutes <= MINUTES_A_DAY)
    heard: defaultdict[VisitId, list[Finding]] = defaultdict(list)
    for finding in sorted(findings, key=lambda f: f.n):
        heard[finding.visit_id].append(finding)
    _check_heard(visits, heard)
    return heard


Refused = tuple[str, Callable[[Any], bool], Callable[[Any, Any], Exception]]
"""A column, what is wrong with a cell of it, and what is then said of the row's id and the cell."""


def refuse_first(columns: WireColumns, key: str, rules: Sequence[Refused]) -> None:
    """Refuse the first row with a cell that is wrong, by the first of the rules; each value is looked at once.

    Args:
        columns: The rows as columns.
        key: The column of their ids.
        rules: In their order; an empty cell is never wrong.
    """
    found: list[tuple[int, int]] = []
    for nth, (name, is_wrong, _) in enumerate(rules):
        cells = columns[name]
        if wrong := {cell for cell in distinct(cells) if cell is not None and is_wrong(cell)}:
            found.append((next(place for place, cell in enumerate(cells) if cell in wrong), nth))
    if found:
        place, nth = min(found)
        name, _, refused = rules[nth]
        raise refused(columns[key][place], columns[name][place])


def outside(what: str, fits: Callable[[Any], bool], allowed: Text) -> Refused:
    """Return the rule that a column's cells fit."""

    def refused(key: str, cell: Any) -> Exception:
        return BadValueError(what=what, id=key, value=str(cell), allowed=allowed)

    return what, lambda cell: not fits(cell), refused


def _within(visits: WireColumns, name: str, allowed: Text, fits: Callable[[Any], bool]) -> None:
    """Refuse the first visit with a cell that does not fit."""
    refuse_first(visits, "id", [outside(name, fits, allowed)])


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
    plan: CampaignPlan, tickets: WireColumns, *, targets: Collection[str], areas: Collection[str], today: date
) -> None:
    """Refuse tickets that name what is not there, or that say a hand-over brought them.

    Args:
        plan: Its topics apply.
        tickets: The batch, as columns of wire values.
        targets: Known targets.
        areas: Known areas.
        today: No ticket may be later.

    Raises:
        BadInputError: With the first ticket that cannot be used.

    Plan: 四(二)
    """
    once("ticket", tickets["id"])
    known("topic", tickets["topic_id"], plan.topic)
    known("target", [target for target in tickets["target_id"] if target], targets)

    def nowhere(_key: str, area_id: Any) -> Exception:
        return _unknown_area(area_id, tuple(sorted(areas)[:5]))

    doors = Text("走访、来电、来信或上级交办", "visit, call, letter or higher")
    no_parent = Text("不填；分解由办公室执行", "nothing; the office splits tickets")
    last = today.isoformat()
    refuse_first(
        tickets,
        "id",
        (
            outside("source", lambda source: source != Source.CARRIED, doors),
            ("area_id", lambda area_id: area_id not in areas, nowhere),
            outside("parent_id", lambda _: False, no_parent),
            outside("on", lambda on: on <= last, by(today)),
        ),
    )


def whose_parts(ids: Iterable[str]) -> dict[str, str]:
    """Return those of some ids that are numbered like parts, each with the id after which it is numbered."""
    return {key: found[1] for key in ids if (found := A_PARTS_NUMBER.fullmatch(key))}


def refuse_parts_numbers(numbered: Mapping[str, str], there: Collection[str]) -> None:
    """Refuse a ticket from outside that is numbered like a part of another: that one could not be split any more.

    Args:
        numbered: As :func:`whose_parts` returns them.
        there: The tickets that are known or in the same batch.

    Raises:
        BadValueError: With the ticket whose part it would seem.

    Plan: 四(二)
    """
    for key, whole in numbered.items():
        if whole in there:
            allowed = Text(
                f"{whole} 之后不是“/数字”的编号；{key} 是其分解件的编号",
                f"another number: {key} is that of a part of {whole}",
            )
            raise BadValueError(what="ticket", id=key, value=key, allowed=allowed)
