"""Masks by the plan: the most that is shown where and to whom, and no way round it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zoufang.errors import BadValueError, UnknownIdError
from zoufang.intake import load_plan, parse_plan, plan_text, plan_toml
from zoufang.model import Actor, MaskRule, Person, Role, Roster
from zoufang.rules import check_plan, mask_for
from zoufang.typing import AreaId, PersonId, TargetId, TicketId, UnitId

MASKS = """
[[masks]]
where = "words"
mask = "initial"
clause = "五(一)"

[[masks]]
where = "words"
mask = "none"
roles = ["office", "leader"]
clause = "五(一)"

[[masks]]
where = "contacts"
mask = "full"
roles = ["grid_worker"]
clause = "五(一)"
"""
GRID_WORKER = Actor(id="G1", role=Role.GRID_WORKER)
T1, K1 = TargetId("T-household-1"), TicketId("K1")
SAID = "路灯坏了，回电13900001234"


@pytest.fixture
def town(new_street: Callable[..., Any], tmp_path: Path) -> Any:
    """A street whose plan hides words from all but the office, and contacts from grid workers."""
    path = tmp_path / "plan.toml"
    path.write_text(plan_text("huangtun-2023") + MASKS, encoding="utf-8")
    street = new_street(plan=path)
    worker = Person(PersonId("G1"), UnitId("C01"), Role.GRID_WORKER, AreaId("C01-G1"), name="王", phone="13800000001")
    street.campaign.register(Roster(people=(worker,)))
    street.campaign.raise_tickets([street.call("K1", target_id=T1, said=SAID)])
    return street


def test_the_plans_mask_is_shown_to_whoever_asks_for_none(town: Any) -> None:
    """A grid worker sees stars for a telephone and a tag in the words, unrecorded; the office sees both in clear."""
    worker = town.campaign.acting(GRID_WORKER)
    (contact,), (words,) = worker.contacts([T1]), worker.words([K1])
    assert (contact.name, contact.phone, words.said.zh) == ("***", "***", "路灯坏了，回电〔手机号〕")
    assert town.rows("contact_reads", "target_id") == town.rows("ticket_reads", "ticket_id") == []
    (contact,), (words,) = town.campaign.contacts([T1]), town.campaign.words([K1])
    assert (contact.name, contact.phone, words.said.zh) == ("李居民户1", "13905370001", SAID)
    assert town.rows("contact_reads", "target_id") == [(T1,)]
    assert town.rows("ticket_reads", "ticket_id") == [(K1,)]


def test_more_may_be_hidden_than_the_plan_says_and_not_less(town: Any) -> None:
    """Refused with what is allowed; nothing is shown and nothing recorded."""
    worker = town.campaign.acting(GRID_WORKER)
    assert worker.words([K1], mask="full")[0].said.zh == "***"
    refused = town.refuses(BadValueError, lambda: worker.words([K1], mask="none"))
    assert (refused.what, refused.id, refused.value, refused.allowed) == ("mask", "words", "none", "initial, full")
    refused = town.refuses(BadValueError, lambda: worker.contacts([T1], mask="initial"))
    assert (refused.id, refused.allowed) == ("contacts", "full")
    town.refuses(UnknownIdError, lambda: worker.contacts([T1], mask="half"))
    assert town.rows("ticket_reads", "ticket_id") == []


@pytest.mark.parametrize("role", Role)
def test_without_a_line_everything_is_shown_as_it_was(role: Role) -> None:
    """Huangtun's plan says nothing of masks."""
    plan = load_plan("huangtun-2023")
    assert {mask_for(plan, where, role).name for where in ("contacts", "words")} == {"none"}  # type: ignore[arg-type]


def test_a_role_of_its_own_goes_before_everybodys_line() -> None:
    """In whichever order they stand."""
    for text in (MASKS, "".join(f"\n[[masks]]\n{one}" for one in reversed(MASKS.split("\n[[masks]]\n")[1:]))):
        plan = parse_plan(plan_text("huangtun-2023") + text, file="p")
        assert [mask_for(plan, "words", role).name for role in (Role.OFFICE, Role.HANDLER)] == ["none", "initial"]


def test_a_plan_with_masks_is_written_and_read_again() -> None:
    """As the hand-over writes plans."""
    plan = parse_plan(plan_text("huangtun-2023") + MASKS, file="p")
    assert plan.masks[2] == MaskRule("contacts", "full", (Role.GRID_WORKER,), "五(一)")
    assert parse_plan(plan_toml(plan), file="q").masks == plan.masks
    assert [one for one in check_plan(plan) if one.level == "error"] == []


def test_two_lines_for_one_place_and_role_are_an_error() -> None:
    """One of them would never apply; it is named."""
    twice = MASKS + '\n[[masks]]\nwhere = "words"\nmask = "full"\nroles = ["handler", "office"]\n'
    plan = parse_plan(plan_text("huangtun-2023") + twice, file="p")
    (error,) = [one for one in check_plan(plan) if one.level == "error"]
    assert (error.code, error.place) == ("duplicate", "$.masks[3]")
    assert "words office" in error.text.en
