"""Published time limits by name: each number is compared with the source, written here by hand."""

from __future__ import annotations

import re
from typing import Any

import pytest

from zoufang.errors import PlanProblemsError
from zoufang.intake import parse_plan, plan_text
from zoufang.intake.presets import packaged_presets
from zoufang.model import Count, DeadlineRule, Limit
from zoufang.rules import check_plan

D, C, H = Count.WORKING_DAYS, Count.CALENDAR_DAYS, Count.HOURS

PUBLISHED: dict[str, dict[str, Any]] = {
    "shandong-2020": {"handle_days": 5, "extension_days": 10, "return_days": 2, "count": D},
    "shandong-2017": {"handle_days": 15, "extension_days": 7, "count": D, "yellow_days": 1, "red_days": 1},
    "guangdong-2022": {},
    "beijing-2021": {"handle_days": 7},
}
CLASSES: dict[str, dict[str, Limit]] = {
    "guangdong-2022": {
        "consultation": Limit(2, D),
        "help": Limit(10, D),
        "suggestion": Limit(10, D),
        "complaint": Limit(15, D),
        "report": Limit(15, D),
    },
    "beijing-2021": {"emergency": Limit(2, H), "supply": Limit(24, H), "general": Limit(7, C), "complex": Limit(15, C)},
}


def rule(deadlines: str) -> DeadlineRule:
    """Return the time limits of the street's plan with another table of them."""
    text = re.sub(r"\[deadlines\].*?\n(?=\n?(?:#|\[(?!deadlines)))", "", plan_text("huangtun-2023"), flags=re.DOTALL)
    assert "handle_days" not in text
    return parse_plan(f"{text}\n[deadlines]\n{deadlines}\n", file="own.toml").deadlines


def test_there_are_four_rule_sets() -> None:
    """Shandong twice, Guangdong and Beijing."""
    assert set(packaged_presets()) == set(PUBLISHED)


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_name_is_enough(name: str) -> None:
    """The plan writes the name and its clause; the preset fills in the rest, and says which numbers are presumed."""
    found = rule(f'preset = "{name}"\nclause = "四(二)"')
    for entry, value in PUBLISHED[name].items():
        assert getattr(found, entry) == value
        assert entry not in found.presumed
    assert {line.id: line.limit for line in found.classes} == CLASSES.get(name, {})
    assert found.basis.zh
    stated = {"handle_days", "extension_days", "return_days", "count"} - set(found.presumed)
    assert stated - {"count"} <= set(PUBLISHED[name])


def test_what_the_plan_says_itself_stands() -> None:
    """It overrides the preset, and is not presumed any more."""
    found = rule('preset = "shandong-2017"\nclause = "四(二)"\nreturn_days = 3\nhandle_days = 10')
    assert (found.handle_days, found.extension_days, found.return_days, found.presumed) == (10, 7, 3, ())


def test_a_name_of_the_plans_own_fills_in_nothing() -> None:
    """All the numbers have to be written then."""
    with pytest.raises(PlanProblemsError) as refused:
        rule('preset = "our-own"\nclause = "四(二)"')
    assert {problem.place for problem in refused.value.problems} == {
        f"$.deadlines.{name}" for name in ("handle_days", "extension_days", "return_days", "basis")
    }


def test_the_plan_check_names_each_presumed_number() -> None:
    """A remark, not an error."""
    text = re.sub(r"(?m)^(preset|handle_days|extension_days|return_days)\b.*\n", "", plan_text("huangtun-2023"))
    plan = parse_plan(text.replace("[deadlines]\n", '[deadlines]\npreset = "guangdong-2022"\n'), file="own.toml")
    found = [remark for remark in check_plan(plan) if remark.code == "presumed"]
    assert {(remark.level, remark.place) for remark in found} == {
        ("remark", f"$.deadlines.{name}") for name in ("handle_days", "extension_days", "return_days")
    }


@pytest.mark.parametrize(
    ("line", "place", "code"),
    [
        ('by_topic = { no_such = "help" }', "$.deadlines.by_topic.no_such", "unknown"),
        ('by_topic = { roads = "no_such" }', "$.deadlines.by_topic.roads", "unknown"),
        ('count = "hours"', "$.deadlines.count", "counted_in_hours"),
        ("reopen_days = 0", "$.deadlines.reopen_days", "out_of_range"),
        ('hours = [{ opens = "8:30", closes = "12:00" }]', "$.deadlines.hours[0].opens", "no_clock_time"),
        ('hours = [{ opens = "12:00", closes = "08:30" }]', "$.deadlines.hours[0].closes", "hours_backwards"),
        ("hours = []", "$.deadlines.hours", "empty"),
    ],
)
def test_the_plan_check_refuses_limits_that_cannot_be(line: str, place: str, code: str) -> None:
    """Each with its place."""
    text = re.sub(r"(?m)^(preset|handle_days|extension_days|return_days)\b.*\n", "", plan_text("huangtun-2023"))
    plan = parse_plan(
        text.replace("[deadlines]\n", f'[deadlines]\npreset = "guangdong-2022"\n{line}\n'), file="own.toml"
    )
    assert (place, code) in {(r.place, r.code) for r in check_plan(plan) if r.level == "error"}
