"""A plan that was written as a file reads back as the same plan."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from zoufang.intake import load_plan, packaged_plans, parse_plan, plan_toml
from zoufang.model import Absence, Carried, WorkPlanRule
from zoufang.typing import PersonId, Text, TicketId, TopicId, UnitId

PLAN = load_plan("huangtun-2023")


@pytest.mark.parametrize("name", packaged_plans())
def test_every_packaged_plan_comes_back_the_same(name: str) -> None:
    """Whatever sections it has; the heading is comment."""
    plan = load_plan(name)
    text = plan_toml(plan, heading=("由程序写出", "written by a program"))
    assert text.startswith("# 由程序写出\n# written by a program\n")
    assert parse_plan(text, file=name) == plan


def test_what_has_its_default_is_left_out() -> None:
    """A reader sees only what this plan says."""
    text = plan_toml(PLAN)
    assert "one_visit_serves" not in text
    assert "since_on" not in text
    assert "None" not in text


def test_absences_and_carried_tickets_come_back() -> None:
    """Lists of tables within a section, with days and without."""
    away = Absence(date(2023, 4, 3), date(2023, 4, 7), person_id=PersonId("P-1"))
    meeting = Absence(date(2023, 4, 10), date(2023, 4, 10), units=(UnitId("guanwei"),))
    carried = (
        Carried(TicketId("K1"), "promise", TopicId("roads"), plan_on=date(2023, 9, 1)),
        Carried(TicketId("K2"), "open", TopicId("noise"), UnitId("C01")),
    )
    assert PLAN.regular is not None
    plan = evolve(
        PLAN,
        workplan=WorkPlanRule("visit", "四(一)", 10, (away, meeting)),
        regular=evolve(PLAN.regular, carried=carried, follows="old", as_of=7),
    )
    assert parse_plan(plan_toml(plan), file="x") == plan


@given(words=st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=30))
def test_any_words_come_back(words: str) -> None:
    """Quotes, backslashes, hashes, brackets and emoji stand for themselves."""
    plan = evolve(PLAN, title=Text(words, f'"{words}\\'), reasons={**PLAN.reasons, "x-1": Text(words, "]]\n#")})
    assert parse_plan(plan_toml(plan), file="x") == plan
