"""Forty tickets, worked by hand: every figure of the catalogue on three days, and the lists of each day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from zoufang.analysis import Window, catalogue, figures, gap, hits, watch_list
from zoufang.typing import Seq

END = date(2023, 6, 10)


def sets_of(rows: list[Any]) -> dict[str, list[str]]:
    """Return the ids of each named set of a day, checking its own count."""
    found: dict[str, list[str]] = {}
    for row in rows:
        name = row.code("set")
        found[name] = ids_of(row["ids"], found)
        assert len(found[name]) == row.n("n"), f"{name}: counted {len(found[name])}"
    return found


def ids_of(text: str, sets: Mapping[str, list[str]]) -> list[str]:
    """Return the ids that a cell lists: names of sets and ids, 除 takes away, 和 adds."""
    found: list[str] = []
    add = True
    for word in text.split():
        if word in {"除", "和"}:
            add = word == "和"
            continue
        for one in sets.get(word, [word]):
            assert (one in found) is not add, f"{text}: {one} is {'twice' if add else 'not'} there"
            found = [*found, one] if add else [other for other in found if other != one]
    return found


@pytest.fixture
def of_day(played: Any, expected: Any, days: Any, heading: str) -> tuple[dict[str, list[str]], list[Any], Window]:
    """The named sets and the figures of one of the three days, with its window."""
    on, number = days[heading]
    dispatch = played.campaign.dispatches()[number - 1]
    assert dispatch.week.to_on == (date(2023, 6, 11) if on == END else on)
    return (
        sets_of(expected.under(heading)),
        expected.under(heading, 1),
        Window(as_of=dispatch.as_of, to_on=on, final=on == END),
    )


def test_every_metric_is_worked_by_hand(of_day: Any, played: Any) -> None:
    """No figure of the catalogue is left out on any of the three days."""
    assert sorted(row["metric"] for row in of_day[1]) == sorted(catalogue(played.campaign.plan))


def test_each_figure_is_as_worked_by_hand(of_day: Any, played: Any, metric_id: str) -> None:
    """Numerator and denominator, and exactly the cases that are counted and that are missing."""
    sets, rows, window = of_day
    (row,) = (one for one in rows if one["metric"] == metric_id)
    counted, missing = ids_of(row["counted"], sets), ids_of(row["missing"], sets)
    assert row["figure"] == f"{len(counted)}/{len(counted) + len(missing)}", "the table contradicts itself"
    if metric_id == "visited_by_duty":
        duties = {one["target"]: one["duty"] for one in played.table.under("街道", 1)}
        counted, missing = ([f"{key}/{duties[key]}" for key in some] for some in (counted, missing))
    metric = catalogue(played.campaign.plan)[metric_id]
    found = (hits(played.campaign.ledger, metric, window), gap(played.campaign.ledger, metric, window))
    assert found == (tuple(sorted(counted)), tuple(sorted(missing)))
    (whole,) = played.campaign.figures(metric_id, window)
    assert f"{whole.n}/{whole.of}" == row["figure"]


def test_a_split_ticket_is_overdue_for_the_unit_that_leads(played: Any, expected: Any) -> None:
    """The whole is held and not handled while its parts are open; after its limit it is overdue."""
    for row in expected.under("分解了的总件"):
        metric, window = catalogue(played.campaign.plan)[row["metric"]], Window(to_on=row.day("as of"))
        found = (hits(played.campaign.ledger, metric, window), gap(played.campaign.ledger, metric, window))
        assert found == (tuple(sorted(row.words("counted"))), tuple(sorted(row.words("missing"))))
        assert row["figure"] == f"{len(found[0])}/{len(found[0]) + len(found[1])}"


def test_each_ticket_stands_where_the_day_says(of_day: Any, played: Any) -> None:
    """The sets of statuses of each day hold every ticket once."""
    sets, _, window = of_day
    names = {
        "待派单": "raised",
        "待受理": "routed",
        "办理中": "accepted",
        "已办结": "handled",
        "暂停计时": "paused",
        "已销号": "closed",
        "已撤诉": "withdrawn",
        "不予立案": "struck",
        "已并案": "merged",
    }
    told = {key: status for name, status in names.items() for key in sets.get(name, ())}
    found = {
        key: status
        for key, status, seq in played.rows("ticket_events", "ticket_id", "status", "commit_seq", until=window.to_on)
        if "/" not in key and seq <= window.as_of
    }
    assert found == told
    assert sorted(told) == sorted(sets["全部"])


def test_each_ticket_figure_splits_by_unit_as_its_list_does(of_day: Any, played: Any, expected: Any) -> None:
    """Whoever holds a ticket answers for it in every figure of tickets; a ticket that nobody has is nobody's."""
    sets, rows, window = of_day
    holders = {row["编号"]: row["unit"] or None for row in expected.under("每件诉求")}
    holders.update(dict.fromkeys(sets.get("待派单", ())))
    kept = {"returned", "late_tickets"}
    for row in rows:
        counted, missing = ids_of(row["counted"], sets), ids_of(row["missing"], sets)
        metric = catalogue(played.campaign.plan)[row["metric"]]
        if not {"source", "unit_id"} <= {*metric.grains} or metric.id in kept:
            continue
        if any("#" in key for key in (*counted, *missing)):
            continue
        hit, all_ = (Counter(holders[key] for key in some) for some in (counted, (*counted, *missing)))
        found = figures(played.campaign.ledger, metric, window, ("unit_id",))
        assert {one.group[0]: (one.n, one.of) for one in found} == {u: (hit[u], all_[u]) for u in all_}, metric.id


def test_the_figures_by_unit_are_as_worked_by_hand(played: Any, expected: Any, days: Any) -> None:
    """Each unit's numerator and denominator, and no other unit."""
    numbers = dict(days.values())
    for row in expected.under("分单位"):
        on = row.day("as of")
        as_of = played.campaign.dispatches()[numbers[on] - 1].as_of if on in numbers else None
        found = played.campaign.figures(row["metric"], Window(as_of=as_of, to_on=on, final=on == END), by=("unit_id",))
        units = {key: cell for key, cell in row.items() if key not in {"metric", "as of"} and cell}
        assert {one.group[0] or "none": f"{one.n}/{one.of}" for one in found} == units, row["metric"]


def test_where_the_demands_come_from(played: Any, expected: Any) -> None:
    """Received by source, community and kind, a missing one by itself."""
    for rows in expected.by("诉求从哪里来", "by").values():
        found = played.campaign.figures("received", Window(to_on=END), by=(rows[0].code("by"),))
        assert {one.group[0] or "": str(one.n) for one in found} == {row["value"]: row["n"] for row in rows}


# --- supervision ----------------------------------------------------------------------------------------------------


def test_the_ladder_on_each_day(played: Any, expected: Any) -> None:
    """Which tickets stand on which step, since when, and who must see to it; the highest first."""
    for on, rows in expected.by("督办阶梯", "on").items():
        found = [
            (one.place.ticket.ticket_id, one.place.step.id, one.place.since_on, one.unit_id or "", one.person_ids)
            for one in played.campaign.ladder(rows[0].day("on"))
        ]
        told = [
            (row["编号"], row.code("step"), row.day("since"), row["unit"], tuple(row.words("people")))
            for row in expected.named(rows)
        ]
        assert found == told, on


def test_what_is_unanswered_on_each_day(played: Any, expected: Any) -> None:
    """Every ticket that nobody has or nobody answered in time; at the end, with everything due, none."""
    for on, rows in expected.by("件件有落实", "on").items():
        window = Window(to_on=rows[0].day("on"), final=on.endswith("全部到期"))
        found = [
            (one.ticket_id, str(one.lack), one.unit_id or "", one.since) for one in played.campaign.unanswered(window)
        ]
        told = [(row["编号"], row.code("lack"), row["unit"], row.day("since")) for row in expected.named(rows)]
        assert found == told, on


def test_the_watch_list_on_each_day(played: Any, expected: Any) -> None:
    """A promise is listed from its day on until it is resumed; without a limit of days, all that was not solved."""
    end = Seq(played.campaign.dispatches()[-1].as_of)
    for on, rows in expected.by("待办清单", "on").items():
        found = (
            watch_list(played.campaign.ledger, Window(as_of=end))
            if on == "不限"
            else played.campaign.watch_list(rows[0].day("on"))
        )
        told = [
            (
                row["编号"],
                row["unit"],
                row["remedy"],
                row["reason"],
                row.day("planned"),
                row.code("reaction"),
            )
            for row in expected.named(rows)
        ]
        assert [(w.ticket_id, w.unit_id, str(w.remedy), w.reason, w.plan_on, w.reaction) for w in found] == told, on


def test_duplicates_are_suggested_before_a_ticket_is_raised(played: Any, expected: Any) -> None:
    """For every call and letter, which known tickets it may be the same as."""
    told = [
        (row["before raising"], row["like"], row.code("by"), row.n("days"), row["status"])
        for row in expected.under("可能重复")
    ]
    assert played.alike == told


def test_a_visit_outside_its_phase_is_marked_and_kept(played: Any, expected: Any) -> None:
    """One came in late, one was made late; both are in the ledger, and nothing else is marked."""
    told = [
        ("record", row["visit"], row.day("on"), row["phase"], row.code("mark")) for row in expected.under("阶段之外")
    ]
    assert played.rows("marks", "verb", "subject_id", "on", "phase", "why") == told
