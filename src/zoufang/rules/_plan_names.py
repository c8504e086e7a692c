"""The plan check's first subject: names, references between entries, and numbers within their range."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import attrs
from attrs import frozen

from zoufang.model import CampaignPlan, Role
from zoufang.rules._plan_sentences import Remark, hint, say
from zoufang.typing import Text

_ID = re.compile(r"\w[\w.-]{0,63}")
_STREET_CODE = re.compile(r"[0-9]{9}")
_WORDS = {
    "kind": Text("类别", "kind"),
    "unit": Text("单位", "unit"),
    "phase": Text("阶段", "phase"),
    "role": Text("角色", "role"),
    "reason": Text("理由", "reason"),
    "topic": Text("主题", "topic"),
}

RANGES: Mapping[str, tuple[int, int]] = {
    "version": (1, 9999),
    "named_days": (1, 3660),
    "deadlines.handle_days": (1, 365),
    "deadlines.extension_days": (0, 365),
    "deadlines.return_days": (0, 365),
    "deadlines.on_the_spot_days": (0, 365),
    "callbacks.rate_percent": (0, 100),
    "callbacks.at_least": (0, 9999),
    "callbacks.tries": (1, 99),
    "callbacks.confidence_percent": (50, 99),
    "perfunctory.min_visits": (1, 9999),
    "perfunctory.per_hour": (1, 9999),
    "perfunctory.none_share_percent": (0, 100),
    "perfunctory.min_closed": (1, 9999),
    "perfunctory.not_solved_percent": (0, 100),
    "dispatch.weekday": (1, 7),
    "dispatch.top_topics": (1, 100),
    "dispatch.praise": (0, 100),
    "rounding.digits": (0, 4),
}
"""What each number may be, both ends included."""

NEVER_EMPTY = ("goals", "kinds", "units", "duties", "phases", "topics", "reasons", "dispatch.offices")
"""Lists without which there is no campaign."""

KEYS: Mapping[str, str] = {
    "goals": "id",
    "channels": "channel",
    "kinds": "id",
    "units": "id",
    "duties": "key",
    "phases": "id",
    "topics": "id",
    "messages": "id",
    "roles": "role",
    "calendar": "year",
    "measures": "id",
    "ladder": "id",
}
"""What tells the entries of each list apart."""


@frozen
class _Names:
    """One list of names somewhere in the plan, and what they must be names of."""

    place: str
    what: str
    names: tuple[str, ...]
    clause: str = ""
    needed: bool = False


def name_errors(plan: CampaignPlan) -> Iterator[Remark]:
    """Find ids, references, texts and numbers that cannot be used."""
    yield from _lists(plan)
    yield from _references(plan)
    yield from _numbers(plan)
    yield from _texts(plan)
    if not _STREET_CODE.fullmatch(plan.street.code):
        yield say("street_code", "$.street.code", found=plan.street.code)
    if not _is_timezone(plan.street.timezone):
        yield say("timezone", "$.street.timezone", zone=plan.street.timezone)
    for i, unit_id in enumerate(plan.dispatch.offices):
        unit = plan.unit.get(unit_id)
        if unit is not None and not unit.office:
            yield say("not_an_office", f"$.dispatch.offices[{i}]", plan.dispatch.clause, unit=unit.name)


def name_remarks(plan: CampaignPlan) -> Iterator[Remark]:
    """Find entries that do not say where they come from."""
    for place, field, value in _walk(plan, "$"):
        if field == "clause" and not value.strip():
            yield say("no_clause", place.removesuffix(".clause"))


def _lists(plan: CampaignPlan) -> Iterator[Remark]:
    for path in NEVER_EMPTY:
        if not attrgetter(path)(plan):
            yield say("empty", f"$.{path}")
    for path, key in KEYS.items():
        ids = [str(getattr(entry, key)) for entry in getattr(plan, path)]
        yield from _twice(ids, f"$.{path}", f".{key}".replace(".key", ".id"))
    yield from _twice(plan.precedence, "$.precedence")


def _twice(names: Iterable[str], place: str, key: str = "") -> Iterator[Remark]:
    seen: Counter[str] = Counter()
    for i, name in enumerate(names):
        seen[name] += 1
        if seen[name] == 2:
            yield say("duplicate", f"{place}[{i}]{key}", id=name)


def _references(plan: CampaignPlan) -> Iterator[Remark]:
    known: Mapping[str, tuple[str, ...]] = {
        "kind": tuple(plan.kind),
        "unit": tuple(plan.unit),
        "phase": tuple(phase.id for phase in plan.phases),
        "role": tuple(role.value for role in Role),
        "reason": tuple(plan.reasons),
        "topic": tuple(plan.topic),
    }
    for found in _named(plan):
        single = not found.place.endswith("]")
        if found.needed and not found.names:
            yield say("empty", found.place.removesuffix("[]"), found.clause)
        for i, name in enumerate(found.names):
            if name not in known[found.what]:
                place = found.place if single else f"{found.place[:-1]}{i}]"
                what, near = _WORDS[found.what], hint(name, known[found.what])
                yield say("unknown", place, found.clause, what=what, id=name, hint=near)
        if not single:
            yield from _twice(found.names, found.place.removesuffix("[]"))


def _named(plan: CampaignPlan) -> Iterator[_Names]:
    """Yield every list of names; a place that ends in ``[]`` is a list, any other a single name."""
    for i, kind in enumerate(plan.kinds):
        yield _Names(f"$.kinds[{i}].specific_of", "kind", _one(kind.specific_of), kind.clause)
    for i, duty in enumerate(plan.duties):
        at = f"$.duties[{i}]"
        yield _Names(f"{at}.kinds[]", "kind", duty.kinds, duty.clause, needed=True)
        yield _Names(f"{at}.leads[]", "unit", duty.leads, duty.clause, needed=True)
        yield _Names(f"{at}.co[]", "unit", duty.co, duty.clause)
        yield _Names(f"{at}.visitors[]", "role", duty.visitors, duty.clause)
    for i, overlap in enumerate(plan.overlaps):
        yield _Names(f"$.overlaps[{i}].kinds[]", "kind", overlap.kinds, overlap.clause, needed=True)
    for i, topic in enumerate(plan.topics):
        yield _Names(f"$.topics[{i}].unit", "unit", _one(topic.unit), topic.clause)
    for i, message in enumerate(plan.messages):
        yield _Names(f"$.messages[{i}].kinds[]", "kind", message.kinds, message.clause)
    for i, role in enumerate(plan.roles):
        yield _Names(f"$.roles[{i}].holders[]", "unit", role.holders, role.clause)
    for i, measure in enumerate(plan.measures):
        yield _Names(f"$.measures[{i}].phase", "phase", _one(measure.phase), measure.clause)
        yield _Names(f"$.measures[{i}].units[]", "unit", measure.units, measure.clause)
    yield from _named_in_planning(plan)
    yield _Names("$.callbacks.census_kinds[]", "kind", plan.callbacks.census_kinds, plan.callbacks.clause)
    for i, stratum in enumerate(plan.callbacks.strata):
        yield _Names(f"$.callbacks.strata[{i}].kinds[]", "kind", stratum.kinds, stratum.clause)
        yield _Names(f"$.callbacks.strata[{i}].topics[]", "topic", stratum.topics, stratum.clause)
    yield _Names("$.dispatch.offices[]", "unit", plan.dispatch.offices, plan.dispatch.clause)
    yield _Names("$.dispatch.takes_unclear", "unit", _one(plan.dispatch.takes_unclear), plan.dispatch.clause)
    if plan.closing.revoke_when_not_solved and plan.reasons:
        yield _Names("$.closing.revoke_reason", "reason", (plan.closing.revoke_reason,), plan.closing.clause)


def _named_in_planning(plan: CampaignPlan) -> Iterator[_Names]:
    if plan.workplan is not None:
        rule = plan.workplan
        yield _Names("$.workplan.phase", "phase", (rule.phase,), rule.clause)
        for i, absence in enumerate(rule.absences):
            yield _Names(f"$.workplan.absences[{i}].units[]", "unit", absence.units, rule.clause)
    if plan.regular is not None:
        regular = plan.regular
        for i, contact in enumerate(regular.contacts):
            yield _Names(f"$.regular.contacts[{i}].kinds[]", "kind", contact.kinds, contact.clause, needed=True)
        for i, one in enumerate(regular.carried):
            yield _Names(f"$.regular.carried[{i}].topic_id", "topic", (one.topic_id,), regular.clause)
            yield _Names(f"$.regular.carried[{i}].reason", "reason", _one(one.reason), regular.clause)


def _one(name: str | None) -> tuple[str, ...]:
    return () if name is None else (name,)


def _numbers(plan: CampaignPlan) -> Iterator[Remark]:
    for path, (low, high) in RANGES.items():
        value = attrgetter(path)(plan)
        if not low <= value <= high:
            clause = getattr(getattr(plan, path.split(".")[0]), "clause", "")
            yield say("out_of_range", f"$.{path}", clause, value=value, low=low, high=high)


def _texts(plan: CampaignPlan) -> Iterator[Remark]:
    goals = {f"$.goals[{i}].metric": goal for i, goal in enumerate(plan.goals)}
    for place, field, value in _walk(plan, "$"):
        if place in goals and not value.strip():
            yield say("metric_missing", place, goals[place].clause, goal=goals[place].label)
        elif field == "id" and not _ID.fullmatch(value):
            yield say("bad_id", place, id=value)
        elif field != "clause" and not value.strip():
            yield say("blank", place)
    for code in plan.reasons:
        if not _ID.fullmatch(code):
            yield say("bad_id", f"$.reasons.{code}", id=code)


def _walk(value: object, place: str, field: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield the place, the field's name and the words of every text in the plan."""
    if isinstance(value, str):
        yield place, field, value
    elif isinstance(value, tuple):
        for i, item in enumerate(value):
            yield from _walk(item, f"{place}[{i}]", field)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _walk(item, f"{place}.{key}", str(key))
    elif attrs.has(kind := type(value)):
        for a in attrs.fields(kind):
            yield from _walk(getattr(value, a.name), f"{place}.{a.name}", a.name)


def _is_timezone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
