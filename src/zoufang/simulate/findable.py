"""The planted truths told in full: who, when, how large, and how to find each from the files alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from attrs import frozen

from zoufang.model import CampaignPlan, Channel, FindingKind, Outcome
from zoufang.rules import Week
from zoufang.simulate.callbacks import HOLLOW_NOT_SOLVED
from zoufang.simulate.mail import CallRow, LetterRow, same_again
from zoufang.simulate.rounds import VisitRow
from zoufang.simulate.street import Street
from zoufang.simulate.truth import Plants
from zoufang.typing import PersonId


@frozen
class Happened:
    """All visits, calls and letters of a campaign."""

    visits: Sequence[VisitRow]
    calls: Sequence[CallRow]
    letters: Sequence[LetterRow]


def as_told(
    plan: CampaignPlan,
    street: Street,
    plants: Plants,
    weeks: Sequence[Week],
    happened: Happened,
) -> dict[str, Any]:
    """Return the planted truths as plain values for JSON.

    Args:
        plan: Its thresholds.
        street: The communities.
        plants: What is planted.
        weeks: The weeks.
        happened: All that happened.

    Returns:
        One entry for each truth, with its size as counted from what happened.
    """
    return {
        "hurried_visitor": _hurried(plan, plants.hurried, happened.visits),
        "silent_visitor": _silent(plan, plants.silent, happened.visits),
        "hot_spot": _hot_spot(street, plants, weeks, happened),
        "hollow_unit": {
            "unit_id": plants.hollow_unit,
            "not_solved_share_planted": HOLLOW_NOT_SOLVED,
            "threshold_percent": plan.perfunctory.not_solved_percent,
            "how_to_find": "call-backs with 是否解决=否 over call-backs with 是 or 否, by unit of the ticket",
        },
        "common_problem": {
            "community": plants.hot_community,
            "topic_id": plants.hot_topic,
            "how_to_find": "the topic and the community of the tickets behind PT-1 in outbox/problems.xlsx",
        },
        "called_again": {
            "pairs": [[again, earlier[0]] for again, earlier in sorted(same_again(happened.calls).items())],
            "how_to_find": "calls in hotline.csv from one telephone on one topic; merged where the first is still open",
        },
    }


def _met(person_id: PersonId, visits: Iterable[VisitRow]) -> list[VisitRow]:
    return [row for row in visits if row.visitor.id == person_id and row.outcome is Outcome.MET]


def _window(rows: Sequence[VisitRow]) -> dict[str, str | None]:
    days = sorted(row.on for row in rows)
    return {
        "from": days[0].isoformat() if days else None,
        "to": days[-1].isoformat() if days else None,
    }


def _hurried(plan: CampaignPlan, person_id: PersonId, visits: Sequence[VisitRow]) -> dict[str, Any]:
    met = _met(person_id, visits)
    doors = Counter((row.on, (row.minute or 0) // 60) for row in met if row.channel is Channel.DOOR)
    return {
        "person_id": person_id,
        "window": _window(met),
        "n_effective_visits": len(met),
        "most_in_one_clock_hour": max(doors.values(), default=0),
        "longest_minutes": max((row.minutes or 0 for row in met), default=0),
        "threshold_per_hour": plan.perfunctory.per_hour,
        "how_to_find": "most effective door visits (上门, 见到) of one visitor within one clock hour of one day",
    }


def _silent(plan: CampaignPlan, person_id: PersonId, visits: Sequence[VisitRow]) -> dict[str, Any]:
    met = _met(person_id, visits)
    return {
        "person_id": person_id,
        "window": _window(met),
        "n_effective_visits": len(met),
        "n_no_demand": sum(row.no_demand for row in met),
        "threshold_percent": plan.perfunctory.none_share_percent,
        "how_to_find": "visits with 无诉求=是 over effective visits (见到), by visitor",
    }


def _hot_spot(
    street: Street,
    plants: Plants,
    weeks: Sequence[Week],
    happened: Happened,
) -> dict[str, Any]:
    days = _days_of_the_topic(street, plants, happened)
    per_week = {week.number: sum(week.from_on <= day <= week.to_on for day in days) for week in weeks}
    hot = [week.number for week in weeks if plants.is_hot(plants.hot_community, week.from_on)]
    cool = [n for week, n in per_week.items() if week not in hot]
    return {
        "community": plants.hot_community,
        "topic_id": plants.hot_topic,
        "window": {"from": plants.hot_from.isoformat(), "to": plants.hot_to.isoformat(), "weeks": hot},
        "n_in_window": sum(per_week[week] for week in hot),
        "mean_a_week_in_window": round(sum(per_week[week] for week in hot) / len(hot), 2),
        "mean_a_week_outside": round(sum(cool) / len(cool), 2),
        "per_week": per_week,
        "how_to_find": "demands on the topic a week in the community, from visits, calls and letters together",
    }


def _days_of_the_topic(
    street: Street,
    plants: Plants,
    happened: Happened,
) -> list[date]:
    where, topic, of = plants.hot_community, plants.hot_topic, street.community_of.__getitem__
    heard = [
        row.on
        for row in happened.visits
        if of(row.target.area_id) == where
        for one in row.heard
        if one.kind is FindingKind.DEMAND and one.topic_id == topic
    ]
    mail: list[CallRow | LetterRow] = [*happened.calls, *happened.letters]
    written = (row.on for row in mail if row.topic_id == topic and row.area_id and of(row.area_id) == where)
    return [*heard, *written]
