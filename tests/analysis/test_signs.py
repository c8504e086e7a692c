from __future__ import annotations

from datetime import date
from typing import Any

from zoufang.analysis import METRICS, Window, crowded_hours, figure, none_shares, not_solved, praise, signs
from zoufang.model import PerfunctoryRule

ON = date(2023, 3, 6)
RULE = PerfunctoryRule(
    clause="五(二)", min_visits=4, per_hour=3, none_share_percent=75, min_closed=4, not_solved_percent=25
)
ALL = Window()


def _visits(
    facts: Any, who: str, minutes: list[int | None], *, none: int = 0, channel: str = "door", on: date = ON
) -> None:
    for i, minute in enumerate(minutes):
        key = f"{who}-{channel}-{on}-{i}"
        facts.visit(key, "T", on, "met", "U", who, channel=channel, minute=minute, no_demand=int(i < none))


def test_more_door_visits_within_a_clock_hour_than_believed_is_a_sign(facts: Any) -> None:
    """Four between 9:00 and 9:59 are one too many, three after 10:00 are not; without a minute none counts."""
    _visits(facts, "P1", [540, 545, 550, 599, 600, 601, 602, None])
    (sign,) = crowded_hours(facts, RULE, ALL)
    assert (sign.kind, sign.about, sign.about_id, sign.sign) == ("perfunctory", "person", "P1", "crowded_hour")
    assert (sign.hits, sign.of, sign.threshold) == (4, 7, 3)
    assert sign.why.en == "Of 7 effective door visits, 4 fell in hours with more than 3; the fullest hour had 4."


def test_honest_visitors_show_no_crowded_hour(facts: Any) -> None:
    """The limit itself, one hour on two days, telephone calls, absent doors and a small sample are no sign."""
    _visits(facts, "limit", [540, 541, 542, 600, 601, 602])
    _visits(facts, "two-days", [540, 541], on=date(2023, 3, 6))
    _visits(facts, "two-days", [540, 541], on=date(2023, 3, 7))
    _visits(facts, "phone", [540, 541, 542, 543], channel="phone")
    for i in range(5):
        facts.visit(f"absent{i}", "T", ON, "absent", "U", "absent", minute=540)
    assert crowded_hours(facts, RULE, ALL) == ()
    _visits(facts, "small", [540, 541, 542, 543])
    assert [sign.about_id for sign in crowded_hours(facts, RULE, ALL)] == ["small"]
    large = PerfunctoryRule(
        clause="五(二)", min_visits=5, per_hour=3, none_share_percent=75, min_closed=4, not_solved_percent=25
    )
    assert crowded_hours(facts, large, ALL) == ()


def test_hardly_ever_a_demand_is_a_sign(facts: Any) -> None:
    """Four of five is above 75%; three of four is not; three of three is too small a sample."""
    _visits(facts, "above", [None] * 5, none=4)
    _visits(facts, "at", [None] * 4, none=3)
    _visits(facts, "few", [None] * 3, none=3)
    (sign,) = none_shares(facts, RULE, ALL)
    assert (sign.about_id, sign.sign, sign.hits, sign.of, sign.threshold) == ("above", "none_share", 4, 5, 75)


def _calls(facts: Any, unit: str, answers: str) -> None:
    """One called-back ticket per letter: s solved, n not solved, u unreachable, - reached without an answer."""
    for i, answer in enumerate(answers):
        key = f"{unit}-{i}"
        facts.ticket(key, "call", ON, "any")
        outcome = "unreachable" if answer == "u" else "reached"
        facts.callback(key, 7, 1, ON, outcome, unit_id=unit, solved={"s": 1, "n": 0}.get(answer))


def test_people_saying_not_solved_is_a_sign_for_the_unit(facts: Any) -> None:
    """Two of five valid answers are above 25%, one of four is not; unreachable and unanswered are not valid."""
    _calls(facts, "above", "nnsss")
    _calls(facts, "at", "nsss")
    _calls(facts, "few", "nnnuuu--")
    (sign,) = not_solved(facts, RULE, ALL)
    assert (sign.about, sign.about_id, sign.sign) == ("unit", "above", "not_solved")
    assert (sign.hits, sign.of, sign.threshold) == (2, 5, 25)
    assert sign.why.zh == "有效回访 5 件，其中 2 件群众答“未解决”，超过 25%。"


def test_the_last_valid_answer_to_a_closing_counts(facts: Any) -> None:
    """Asked again about one closing, the last answer stands; an unreachable try after it changes nothing."""
    _calls(facts, "U", "n")
    facts.callback("U-0", 7, 2, ON, "reached", unit_id="U", solved=1)
    facts.callback("U-0", 7, 3, ON, "unreachable", unit_id="U")
    solved = figure(facts, METRICS["solved"], ALL)
    assert (solved.n, solved.of) == (1, 1)


def test_signs_lists_all_three_sorts_and_only_within_the_window(facts: Any) -> None:
    """Visits and calls outside the window are not looked at."""
    _visits(facts, "P1", [540, 541, 542, 543], none=4)
    _calls(facts, "U", "nnnn")
    assert [(one.about_id, one.sign) for one in signs(facts, RULE, ALL)] == [
        ("P1", "crowded_hour"),
        ("P1", "none_share"),
        ("U", "not_solved"),
    ]
    assert signs(facts, RULE, Window(from_on=date(2023, 3, 7))) == ()


def test_praise_needs_a_sample_and_to_be_above_the_street(facts: Any) -> None:
    """Of coverage 4/4, 3/4, 0/4 and 1/1, the first is above the street's 8/13, the second too; 1/1 is too small."""
    for unit, n, of in (("A", 4, 4), ("B", 3, 4), ("C", 0, 4), ("D", 1, 1)):
        for i in range(of):
            facts.target(f"{unit}{i}", "household", "X", unit)
            if i < n:
                facts.visit(f"V{unit}{i}", f"{unit}{i}", ON, "met", unit, "P")
    _calls(facts, "A", "nnnn")
    _calls(facts, "B", "ssss")
    _calls(facts, "E", "sssn")
    assert [(one.about_id, one.sign, one.hits, one.of) for one in praise(facts, RULE, ALL, 3)] == [
        ("B", "best_coverage", 3, 4),  # A has the best coverage, but its people say that nothing is solved
        ("B", "best_solved", 4, 4),
        ("E", "best_solved", 3, 4),  # the street: 7 of 12
    ]
    assert [one.about_id for one in praise(facts, RULE, ALL, 1)] == ["B", "B"]


def test_a_unit_is_not_praised_for_what_its_people_only_went_through(facts: Any) -> None:
    """A and B both reach 4 of 4 and C 0 of 4; B's visitor noted "no demand" every time, so only A is praised."""
    for unit, n, none in (("A", 4, 0), ("B", 4, 4), ("C", 0, 0)):
        facts.put(
            "people", 1, person_id=f"P{unit}", version=1, unit_id=unit, role="grid_worker", capacity=9, content=""
        )
        for i in range(4):
            facts.target(f"{unit}{i}", "household", "X", unit)
            if i < n:
                facts.visit(f"V{unit}{i}", f"{unit}{i}", ON, "met", unit, f"P{unit}", no_demand=int(i < none))
    assert [(one.about_id, one.sign) for one in signs(facts, RULE, ALL)] == [("PB", "none_share")]
    assert [(one.about_id, one.sign) for one in praise(facts, RULE, ALL, 3)] == [("A", "best_coverage")]
