"""Every figure of a little campaign, worked by hand; its facts are in conftest.py."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from zoufang.analysis import METRICS, Window, catalogue, figure, figures, gap, hits, names, sheet
from zoufang.errors import UnknownIdError
from zoufang.model import WorkCalendar

MARCH_14 = Window(to_on=date(2023, 3, 14))
WEEK_2 = Window(from_on=date(2023, 3, 8), to_on=date(2023, 3, 14))
END = Window()

# id, n, of: the first two weeks; then the cases that make up the smaller side, for the reader's eye.
BY_HAND = [
    ("visited", 5, 7),  # not T3 T5; T8 is not yet on the roster
    ("attempted", 7, 7),
    ("first_met", 4, 7),  # T1 T4 T6 T7; T2 was met at the second visit
    ("collected", 5, 6),  # not V05
    ("made_known", 2, 6),  # V01 V08
    ("no_demand", 3, 6),  # V03 V09 V10
    ("visits_made", 10, 10),
    ("outcome_met", 6, 10),
    ("outcome_absent", 3, 10),  # V02 V06 V07
    ("outcome_refused", 1, 10),  # V04
    ("outcome_moved", 0, 10),
    ("outcome_vacant", 0, 10),
    ("late_visits", 1, 10),  # V04
    ("received", 13, 13),
    ("on_the_spot", 1, 13),  # K01
    ("left_out", 3, 13),  # K07 K09 K10
    ("postponed", 0, 13),  # none is paused
    ("dispatched", 9, 9),  # K02 K03 K04 K05 K06 K08 K10 K12 K13
    ("unrouted", 1, 1),  # K11
    ("open", 7, 7),  # K03 K05 K06 K08 K11 K12 K13
    ("rectified", 5, 7),  # K01 K02 K03 (answered before it was due) K04 K08, not K05 K06
    ("resolved", 4, 7),  # K01 K02 K04 K06
    ("rectified_resolved", 3, 7),  # K01 K02 K04; nobody told K06
    ("explained", 1, 5),  # K08
    ("closed", 3, 6),  # K01 K02 K04, not K05 K06 K08; K03 is neither due nor closed
    ("closed_in_time", 2, 6),  # K01 K02; K04 was handled two days late
    ("handled_in_time", 5, 7),  # K01 K02 K03 K06 (on its last day) K08, not K04 K05
    ("accepted", 7, 8),  # not K13
    ("overdue", 1, 3),  # K05 of K05 K12 K13
    ("revoked", 1, 4),  # K12 of K01 K02 K04 K12
    ("returned", 1, 1),  # K06
    ("late_tickets", 1, 13),  # K07
    ("problems_handled", 1, 2),  # P1
    ("problem_told", 2, 3),  # K02 K04, not K12, whose closing was revoked; K10 was withdrawn
    ("parts_received", 0, 0),  # nothing was split here; test_parts_and_problems.py has a street where much was
    ("parts_unrouted", 0, 0),
    ("parts_handled_in_time", 0, 0),
    ("parts_overdue", 0, 0),
    ("parts_returned", 0, 0),
    ("split_whole", 0, 0),
    ("solved", 2, 3),  # K02 K04, not K12; K01 refused
    ("satisfied", 1, 2),  # K04, not K12; K02 gave no rating
    ("reached", 3, 4),  # not K01
]


@pytest.mark.parametrize(("key", "n", "of"), BY_HAND, ids=[row[0] for row in BY_HAND])
def test_each_figure_is_as_worked_by_hand(street: Any, key: str, n: int, of: int) -> None:
    """The numerator and the denominator on 14 March are those counted by hand."""
    found = figure(street, METRICS[key], MARCH_14)
    assert (found.n, found.of, found.version) == (n, of, METRICS[key].version)


def test_every_metric_is_worked_by_hand() -> None:
    """No definition without a figure worked by hand."""
    assert {row[0] for row in BY_HAND} == set(METRICS)


def test_many_metrics_at_once_are_the_same_figures(street: Any) -> None:
    """A sheet gives what each metric gives alone, as a whole and split; a metric without the grain only as a whole."""
    done = sheet(street, METRICS.values(), MARCH_14, ("unit_id",))
    assert [(key, done.wholes[key].n, done.wholes[key].of) for key, _, _ in BY_HAND] == BY_HAND
    for key, metric in METRICS.items():
        alone = figures(street, metric, MARCH_14, ("unit_id",)) if "unit_id" in metric.grains else ()
        assert done.split[key] == alone, key


@pytest.mark.parametrize(
    ("key", "by", "expected"),
    [
        ("visited", ("unit_id",), [("C1", 2, 3), ("C2", 1, 2), ("shichang", 2, 2)]),
        ("visited", ("kind",), [("household", 3, 5), ("shop", 2, 2)]),
        ("visited", ("community",), [("C1", 3, 4), ("C2", 2, 3)]),
        ("collected", ("person_id",), [("P1", 3, 3), ("P2", 0, 1), ("P3", 2, 2)]),
        ("received", ("source",), [("call", 7, 7), ("letter", 2, 2), ("visit", 4, 4)]),
        ("received", ("community",), [("C1", 7, 7), ("C2", 6, 6)]),
        ("returned", ("unit_id",), [("jianshe", 1, 1)]),
        (
            "rectified",
            ("unit_id",),
            [("C1", 1, 1), ("C2", 0, 1), ("jianshe", 2, 3), ("shehui", 1, 1), ("shichang", 1, 1)],
        ),
        ("solved", ("unit_id",), [("jianshe", 2, 3)]),
        ("reached", ("unit_id",), [("C1", 0, 1), ("jianshe", 3, 3)]),
        ("unrouted", ("unit_id",), [(None, 1, 1)]),
    ],
)
def test_a_figure_can_be_split(street: Any, key: str, by: tuple[str, ...], expected: list) -> None:
    """Each group has its own numerator and denominator; a missing value is a group of its own."""
    found = figures(street, METRICS[key], MARCH_14, by)
    assert [(*one.group, one.n, one.of) for one in found] == expected


@pytest.mark.parametrize(
    ("key", "missing", "hit"),
    [
        ("visited", ("T3", "T5"), ("T1", "T2", "T4", "T6", "T7")),
        ("rectified", ("K05", "K06"), ("K01", "K02", "K03", "K04", "K08")),
        ("overdue", ("K12", "K13"), ("K05",)),
        ("returned", (), ("K06#3",)),
        ("solved", ("K12#7",), ("K02#7", "K04#7")),
    ],
)
def test_the_gap_names_what_is_missing(street: Any, key: str, missing: tuple, hit: tuple) -> None:
    """The gap is the denominator without the numerator, in order."""
    assert gap(street, METRICS[key], MARCH_14) == missing
    assert hits(street, METRICS[key], MARCH_14) == hit


@pytest.mark.parametrize(
    ("key", "n", "of"),
    [("visited", 5, 8), ("rectified", 5, 10), ("closed", 3, 10), ("resolved", 4, 10), ("overdue", 3, 3)],
)
def test_at_the_end_every_ticket_is_due_and_every_target_counts(street: Any, key: str, n: int, of: int) -> None:
    """Without a last day T8 is on the roster, and all ten tickets that were not left out are due."""
    assert (figure(street, METRICS[key], END).n, figure(street, METRICS[key], END).of) == (n, of)


def test_on_its_last_day_a_ticket_is_due_but_not_overdue(street: Any) -> None:
    """On 9 March K05, due that day, is in the denominator; only K04, due on the 8th, is overdue."""
    on_the_9th = Window(to_on=date(2023, 3, 9))
    assert hits(street, METRICS["overdue"], on_the_9th) == ("K04",)
    assert gap(street, METRICS["rectified"], on_the_9th) == ("K04", "K05")


def test_a_target_is_on_the_roster_from_its_first_day(street: Any) -> None:
    """T8 joins on 20 April: seven targets the day before, eight on the day."""
    before, on_the_day = (Window(to_on=date(2023, 4, day)) for day in (19, 20))
    assert [figure(street, METRICS["visited"], w).of for w in (before, on_the_day)] == [7, 8]


def test_the_last_day_can_be_final(street: Any) -> None:
    """A final window keeps its last day: every ticket is due, but T8 is not yet on the roster."""
    final = Window(to_on=date(2023, 3, 14), final=True)
    assert (figure(street, METRICS["rectified"], final).of, figure(street, METRICS["visited"], final).of) == (10, 7)


@pytest.mark.parametrize(
    ("key", "n", "of"),
    [
        ("visited", 2, 7),  # T1 again and T7
        ("first_met", 1, 1),  # T7; T1 and T5 had their first visit before
        ("collected", 2, 2),
        ("received", 4, 4),  # K09 K10 K11 K13
        ("rectified", 0, 0),
        ("returned", 0, 0),
        ("solved", 2, 3),
    ],
)
def test_a_window_picks_cases_by_the_day_they_began(street: Any, key: str, n: int, of: int) -> None:
    """In the second week only that week's visits, tickets and calls are cases."""
    assert (figure(street, METRICS[key], WEEK_2).n, figure(street, METRICS[key], WEEK_2).of) == (n, of)


def test_as_of_an_earlier_commit_the_street_looks_as_it_did(street: Any) -> None:
    """As of commit 5, T7 was still C1's, V04 and K07 were not reported, and nothing had been answered late."""
    then = Window(as_of=5, to_on=date(2023, 3, 7))
    by_unit = figures(street, METRICS["visited"], then, ("unit_id",))
    assert [(*one.group, one.n, one.of) for one in by_unit] == [("C1", 2, 4), ("C2", 1, 2), ("shichang", 1, 1)]
    assert figure(street, METRICS["visits_made"], then).n == 6
    assert figure(street, METRICS["received"], then).n == 8
    assert figure(street, METRICS["late_visits"], Window(as_of=8)).n == 1
    assert figure(street, METRICS["late_visits"], then).n == 0


def test_a_corrected_target_counts_once_under_its_latest_version(facts: Any) -> None:
    """A target that moved from C1 to C2 in commit 5 is C1's as of 4 and C2's from then on, never both."""
    for community in ("C1", "C2"):
        facts.area(community, community=community)
    facts.target("T1", "household", "C1", "C1")
    facts.target("T1", "shop", "C2", "C2", seq=5, version=2)
    for as_of, expected in ((4, ("household", "C1")), (5, ("shop", "C2")), (None, ("shop", "C2"))):
        found = figures(facts, METRICS["visited"], Window(as_of=as_of), ("kind", "community"))
        assert [(one.group, one.of) for one in found] == [(expected, 1)]


def test_a_dispatch_is_answered_in_time_within_the_return_limit(street: Any) -> None:
    """With two working days, 7 of 8 were; C2 took three for K06; K10 was withdrawn, K13 still has time."""
    plan = SimpleNamespace(
        first_on=date(2023, 3, 1),
        last_on=date(2023, 6, 10),
        working_days=WorkCalendar(years=()),
        deadlines=SimpleNamespace(return_days=2),
    )
    metric = catalogue(plan)["responded_in_time"]
    assert set(catalogue(plan)) == {*METRICS, "responded_in_time", "visited_by_duty"}
    found = figure(street, metric, MARCH_14)
    assert (found.n, found.of, gap(street, metric, MARCH_14)) == (7, 8, ("K06#4",))
    assert gap(street, metric, END) == ("K06#4", "K13#2")


def test_a_grain_that_a_metric_lacks_is_refused(street: Any) -> None:
    """The refusal says by what it can be split."""
    with pytest.raises(UnknownIdError, match="unit_id, community, kind"):
        figures(street, METRICS["visited"], END, ("topic_id",))


def test_names_are_those_of_the_latest_version(street: Any) -> None:
    """A renamed unit has its old name as of an earlier commit; an unknown id stands for itself."""
    assert names(street).of("jianshe") == "new name"
    assert names(street, as_of=6).of("jianshe") == "old name"
    assert [names(street).of(key) for key in ("C1-G1", "nobody", None)] == ["name of C1-G1", "nobody", ""]


def test_every_metric_says_what_it_counts() -> None:
    """Each has its own id, both languages, a clause and a definition."""
    for key, metric in METRICS.items():
        assert metric.id == key
        assert metric.version >= 1
        assert all((metric.label.zh, metric.label.en, metric.clause, metric.doc.zh, metric.doc.en))
