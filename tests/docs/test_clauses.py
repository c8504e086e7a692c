"""Every clause of the plan has code, and every clause that code cites exists."""

from __future__ import annotations

import pytest

from docs.generate.clauses import CLAUSES, Place, anchor, by_clause, cited_in, places
from zoufang.intake import load_plan, packaged_plans

# Read off the plan's text by hand: what stands below its five headings, and the headings without parts.
IN_SCOPE = (
    "一",
    "二",
    "三(一)",
    "三(二)",
    "三(三)",
    "四(一)",
    "四(二)",
    "四(三)",
    "四(四)",
    "五(一)",
    "五(二)",
    "五(三)",
)


@pytest.fixture(scope="module")
def found() -> tuple[Place, ...]:
    """All public code that cites a clause."""
    return places()


def test_the_list_of_clauses_is_that_of_the_plan() -> None:
    """Every clause of the plan that asks something is listed once, in the plan's order."""
    assert tuple(clause.number for clause in CLAUSES) == IN_SCOPE


@pytest.mark.parametrize("number", IN_SCOPE)
def test_every_clause_has_code(number: str, found: tuple[Place, ...]) -> None:
    """A clause that is in scope is cited by the docstring of some public code."""
    assert by_clause(found)[number]


def test_every_cited_clause_exists(found: tuple[Place, ...]) -> None:
    """A docstring cites only clauses that the plan has."""
    unknown = {place.name: set(place.clauses) - set(IN_SCOPE) for place in found}
    assert {name: wrong for name, wrong in unknown.items() if wrong} == {}


def test_every_citing_docstring_begins_with_a_sentence(found: tuple[Place, ...]) -> None:
    """What serves a clause says in one sentence what it promises."""
    assert [place.name for place in found if not place.promise.endswith(".")] == []


@pytest.mark.parametrize(
    "name",
    [
        "zoufang.campaign.hall.Campaign.dispatch",  # a method
        "zoufang.rules.lifecycle.TABLE",  # a constant, by the string below it
        "zoufang.model.visits.Outcome",  # a class
        "zoufang_huangtun.shops",  # a plugin's function
    ],
)
def test_docstrings_of_every_sort_are_read(name: str, found: tuple[Place, ...]) -> None:
    """Classes, methods, functions and constants are found, those of the plugins too."""
    assert name in {place.name for place in found}


def test_nothing_private_is_listed(found: tuple[Place, ...]) -> None:
    """Only code that others may use counts."""
    assert [place.name for place in found if any(part.startswith("_") for part in place.name.split("."))] == []


def test_the_last_line_of_a_docstring_is_taken_apart() -> None:
    """Several clauses are separated by commas."""
    assert cited_in("Does it.\n\n    Plan: 四(二), 五(三)\n") == ("四(二)", "五(三)")
    assert cited_in("Reads the Plan: of nothing.") == ()


def test_an_anchor_is_what_markdown_makes_of_the_heading() -> None:
    """Brackets fall away."""
    assert [anchor(clause) for clause in CLAUSES[:3]] == ["clause-一", "clause-二", "clause-三一"]


def test_every_clause_that_a_packaged_plan_names_is_listed() -> None:
    """What the shipped plan cites beside its entries is in the list too."""
    assert "huangtun-2023" in packaged_plans()
    plan = load_plan("huangtun-2023")
    named = {
        entry.clause for entry in (*plan.goals, *plan.kinds, *plan.duties, *plan.phases, *plan.topics) if entry.clause
    }
    assert named <= set(IN_SCOPE)
