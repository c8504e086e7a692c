"""Split tickets and common problems, worked by hand: what each department was sent, and what one solution brought."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from zoufang.analysis import METRICS, Window, common_problems, figure, figures, gap, hits

LAST = Window(to_on=date(2023, 3, 14))

# Ticket, parent, day raised; then each step: event, day, and what changes with it.
FAMILY = """
K1   -  1 | route 1 jianshe due=8; split 2 due=8
K1/1 K1 2 | route 2 jianshe due=9; accept 2; handle 8 resolved
K1/2 K1 2 | route 2 shichang due=9; accept 3
K1/3 K1 6 | route 6 C1 due=13; send_back 7 - due=-; route 8 shehui due=15; accept 8
K2   -  3 | split 6 C2 due=13
K2/1 K2 6 | route 6 C2 due=13; accept 6; handle 14 partly
K2/2 K2 6 | route 6 zhifa due=13; send_back 7 - due=-
K3   -  3 | route 3 jianshe due=10; accept 3; handle 9 resolved
"""


def march(day: int) -> date:
    """A day of March 2023."""
    return date(2023, 3, day)


@pytest.fixture
def split(facts: Any) -> Any:
    """Three tickets, two of them split into five parts: K1 on the 2nd and once more on the 6th, K2 on the 6th.

    Each day is a commit of its own; so a split and the parts that it made are one.
    """
    for line in FAMILY.strip().splitlines():
        said, _, steps = line.partition("|")
        key, parent, raised = said.split()
        raised_on = march(int(raised))
        facts.ticket(
            key, "call", raised_on, "water", area="C1", seq=int(raised), parent=None if parent == "-" else parent
        )
        facts.event(key, "raise", raised_on, seq=int(raised))
        now: dict[str, Any] = {}
        for step in map(str.strip, steps.split(";")):
            event, day, *words = step.split()
            for word in words:
                if word.startswith("due="):
                    now["due_on"] = None if word == "due=-" else march(int(word[4:]))
                else:
                    now["remedy" if word in {"resolved", "partly"} else "unit_id"] = None if word == "-" else word
            facts.event(key, event, march(int(day)), seq=int(day), **now)
    facts.event("K1", "split", march(6), seq=6, unit_id="jianshe", due_on=march(8))
    return facts


def by_unit(reader: Any, key: str, window: Window = LAST) -> list[tuple[Any, ...]]:
    """Return a metric by unit: unit, numerator, denominator."""
    return [(*one.group, one.n, one.of) for one in figures(reader, METRICS[key], window, ("unit_id",))]


def test_each_department_has_its_own_figures_on_the_parts_that_it_was_sent(split: Any) -> None:
    """On 14 March five parts: one in time, one a day late, one overdue, one still in time, one that nobody has."""
    assert by_unit(split, "parts_received") == [
        (None, 1, 1),  # K2/2, which zhifa returned
        ("C2", 1, 1),
        ("jianshe", 1, 1),
        ("shehui", 1, 1),
        ("shichang", 1, 1),
    ]
    assert by_unit(split, "parts_unrouted") == [(None, 1, 1)]
    assert by_unit(split, "parts_handled_in_time") == [("C2", 0, 1), ("jianshe", 1, 1), ("shichang", 0, 1)]
    assert by_unit(split, "parts_overdue") == [("shehui", 0, 1), ("shichang", 1, 1)]
    assert by_unit(split, "parts_returned") == [("C1", 1, 1), ("zhifa", 1, 1)]
    assert gap(split, METRICS["parts_handled_in_time"], LAST) == ("K1/2", "K2/1")
    assert hits(split, METRICS["parts_overdue"], LAST) == ("K1/2",)


def test_a_struck_part_waits_for_nobody(split: Any) -> None:
    """K2/2 came back on the 7th and was struck on the 10th: no unit holds it, and none is looked for."""
    split.event("K2/2", "strike", march(10), seq=10, reason="duplicate", unit_id=None, due_on=None)
    assert by_unit(split, "parts_unrouted") == []
    assert by_unit(split, "parts_unrouted", Window(to_on=march(9))) == [(None, 1, 1)]
    assert by_unit(split, "parts_received")[0] == (None, 1, 1)


def test_the_day_of_its_own_limit_is_in_time_for_a_part(split: Any) -> None:
    """K1/2 is due on the 9th: not overdue that day, overdue on the 10th; its parent's limit was the 8th."""
    for day, expected in ((9, ()), (10, ("K1/2",))):
        assert hits(split, METRICS["parts_overdue"], Window(to_on=march(day))) == expected


def test_a_part_that_was_split_again_is_overdue_for_the_department_that_leads(split: Any) -> None:
    """On the 14th K1/3, due on the 15th, is split: shehui leads, holds it still, and answers for it on the 16th."""
    split.event("K1/3", "split", march(14), seq=14, unit_id="shehui", due_on=march(15))
    assert gap(split, METRICS["parts_overdue"], LAST) == ("K1/3",)
    later = Window(to_on=march(16))
    assert by_unit(split, "parts_overdue", later) == [("shehui", 1, 1), ("shichang", 1, 1)]


def test_a_part_never_adds_to_the_tickets(split: Any) -> None:
    """Three people asked for something, whatever it was split into; no part is in a figure of tickets."""
    assert by_unit(split, "received") == [("C2", 1, 1), ("jianshe", 2, 2)]
    assert by_unit(split, "returned") == []
    for key in ("dispatched", "overdue", "handled_in_time", "open", "unrouted", "accepted"):
        listed = (*gap(split, METRICS[key], LAST), *hits(split, METRICS[key], LAST))
        assert [one for one in listed if "/" in one] == [], key


def test_what_departments_hold_adds_up_to_what_was_split(split: Any) -> None:
    """Two tickets were split into three and two parts: four are held, one waits; both tickets add up."""
    assert (figure(split, METRICS["split_whole"], LAST).n, figure(split, METRICS["split_whole"], LAST).of) == (2, 2)
    assert sum(n for _, n, _ in by_unit(split, "parts_received")) == 3 + 2
    assert figure(split, METRICS["split_whole"], Window(to_on=march(4))).of == 1


@pytest.mark.parametrize(
    ("key", "parent", "seq", "broken"),
    [
        ("K1/5", "K1", 6, ("K1",)),  # no K1/4
        ("K2/3", "K2", 9, ("K2",)),  # no split in commit 9
        ("K3/1", "K3", 9, ("K3",)),  # never split
    ],
)
def test_a_part_that_no_split_made_or_that_is_missing_shows(
    split: Any, key: str, parent: str, seq: int, broken: tuple[str, ...]
) -> None:
    """The ticket that does not add up is named."""
    split.ticket(key, "call", march(6), "water", seq=seq, parent=parent)
    split.event(key, "raise", march(6), seq=seq)
    assert gap(split, METRICS["split_whole"], LAST) == broken


def test_a_split_without_parts_shows(split: Any) -> None:
    """K3 is said to have been split, and has none."""
    split.event("K3", "split", march(10), seq=10)
    assert gap(split, METRICS["split_whole"], LAST) == ("K3",)


def test_a_common_problem_tells_how_many_it_brought_along(street: Any) -> None:
    """Four stand behind the road: K02 and K04 were told, K12 is open again, K10 was withdrawn and is owed nothing."""
    heat, road = common_problems(street, LAST)
    assert (heat.id, heat.remedy, heat.tickets, heat.told, heat.owed) == ("P2", None, (), 0, 0)
    assert (road.id, road.topic_id, road.unit_id, road.due_on) == ("P1", "road", "jianshe", march(10))
    assert (road.remedy, road.found_on, road.handled_on) == ("resolved", march(5), march(8))
    assert (road.tickets, road.told, road.owed) == (("K02", "K04", "K10", "K12"), 2, 3)


def test_a_common_problem_is_shown_as_it_was_known_then(street: Any) -> None:
    """As of commit 5 the road was found and nothing more; on the 7th of March, commit 7 or not, it was not handled."""
    (early,) = common_problems(street, Window(as_of=5, to_on=march(14)))
    assert (early.remedy, early.handled_on, early.tickets) == (None, None, ())
    (then,) = common_problems(street, Window(to_on=march(7)))
    assert (then.remedy, then.tickets) == (None, ())
    (found_later,) = common_problems(street, Window(from_on=march(8), to_on=march(14)))
    assert found_later.id == "P2"
