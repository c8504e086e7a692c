"""Registering: who must be visited, and who answers for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve

from zoufang.builtin import core
from zoufang.errors import DuplicateIdError, PersonalIdError, SubmissionConflictError, UnknownAreaError, UnknownIdError
from zoufang.model import Area, AreaLevel, Roster, Source, Ticket
from zoufang.sdk import Plugins
from zoufang.testing import KeyedStores, little_roster
from zoufang.typing import AreaId, KindId, TargetId, TicketId, TopicId, UnitId

LEADS = {
    "T-household-1": "C01",
    "T-household-3": "C02",
    "T-enterprise-1": "guanwei",
    "T-shop-1": "shichang",  # 餐饮: the street's own rule, market supervision
    "T-shop-2": "zhifa",  # 五金: law enforcement
    "T-pupil_family-1": "shehui",
    "T-building_firm-1": "jianshe",
    "T-building_site-1": "jianshe",
}


def test_each_target_gets_its_lead_and_the_rule_that_said_so(street: Any) -> None:
    """Residents their community, shops by their trade, the rest as the matrix has it."""
    rows = street.rows("assignments", "subject_id", "unit_id", "part", "plugin", "rule")
    leads = {target: unit for target, unit, part, _, _ in rows if part == "lead"}
    assert len(leads) == 18
    assert {target: leads[target] for target in LEADS} == LEADS
    assert [r[1:] for r in rows if r[0] == "T-shop-1"] == [
        ("shichang", "lead", "zoufang-huangtun", "shop-food"),
        ("zhifa", "co", "zoufang-huangtun", "shop-food"),
    ]


def test_without_the_streets_plugin_the_matrix_alone_decides(new_street: Callable[..., Any]) -> None:
    """The first of the joint leads is the lead of record for every shop."""
    from_core = new_street(plugins=Plugins.of(core, KeyedStores()))
    rows = from_core.rows("assignments", "subject_id", "unit_id", "part")
    assert {u for s, u, p in rows if s.startswith("T-shop") and p == "lead"} == {"zhifa"}
    assert {u for s, u, p in rows if s.startswith("T-shop") and p == "co"} == {"shichang"}


def test_the_same_register_again_records_nothing(street: Any) -> None:
    """Not a commit, not a version."""
    head = street.campaign.head
    done = street.campaign.register(little_roster(street.campaign.plan))
    assert (done.receipt, done.n_new) == (None, 0)
    assert street.campaign.head == head


def test_a_changed_target_is_a_new_version_and_a_new_round(street: Any) -> None:
    """A household that moves to another community is that community's from then on; the old facts stay."""
    roster = little_roster(street.campaign.plan)
    moved = evolve(roster.targets[0], area_id=AreaId("C02-G1"))
    done = street.campaign.register(evolve(roster, targets=(moved,)))
    assert done.n_new == 1
    rows = street.rows("targets", "target_id", "version", "area_id")
    assert [r[1:] for r in rows if r[0] == moved.id] == [(1, "C01-G1"), (2, "C02-G1")]
    rounds = street.rows("assignments", "subject_id", "round", "unit_id")
    assert [r[1:] for r in rounds if r[0] == moved.id] == [(1, "C01"), (2, "C02")]


def test_no_name_stands_in_a_fact(street: Any) -> None:
    """Names, addresses and telephones of the register are in the side table, and nowhere else."""
    ledger = street.campaign.ledger
    facts = [repr(ledger.facts_of(commit.seq)) for commit in ledger.commits() if commit.verb != "open"]
    for word in ("李居民户1", "幸福路", "1390537", "王wangge1", "1380537"):
        assert not any(word in one for one in facts), word


def test_a_target_that_nobody_answers_for_is_listed(new_street: Callable[..., Any]) -> None:
    """A household that stands in no community is registered and named as unrouted."""
    street = new_street(register=False)
    roster = little_roster(street.campaign.plan)
    stray = evolve(roster.targets[0], id=TargetId("T-stray"), area_id=AreaId(street.campaign.plan.street.code))
    done = street.campaign.register(evolve(roster, targets=(*roster.targets, stray)))
    assert done.unrouted == ("T-stray",)
    assert "T-stray" in street.campaign.ids("targets")


@pytest.mark.parametrize(
    ("error", "spoilt"),
    [
        (UnknownAreaError, lambda r: evolve(r, targets=(evolve(r.targets[0], area_id=AreaId("C09-G1")),))),
        (UnknownAreaError, lambda r: evolve(r, people=(evolve(r.people[0], area_id=AreaId("C09-G1")),))),
        (UnknownAreaError, lambda r: evolve(r, areas=(Area(AreaId("X"), "x", AreaLevel.GRID, AreaId("C09")),))),
        (UnknownIdError, lambda r: evolve(r, targets=(evolve(r.targets[0], kind=KindId("castle")),))),
        (UnknownIdError, lambda r: evolve(r, people=(evolve(r.people[0], unit_id=UnitId("C09")),))),
        (UnknownIdError, lambda r: evolve(r, targets=(evolve(r.targets[0], linked_to=TargetId("T-nobody")),))),
        (DuplicateIdError, lambda r: evolve(r, targets=(r.targets[0], evolve(r.targets[1], id=r.targets[0].id)))),
        (DuplicateIdError, lambda r: evolve(r, people=(r.people[0], r.people[0]))),
        (DuplicateIdError, lambda r: evolve(r, areas=(*r.areas, r.areas[0]))),
    ],
)
def test_a_register_that_names_what_is_not_there_is_refused_whole(
    new_street: Callable[..., Any], error: Any, spoilt: Callable[[Roster], Roster]
) -> None:
    """An unknown grid, kind or unit, an id twice: one sentence, and nothing is recorded."""
    street = new_street(register=False)
    roster = spoilt(little_roster(street.campaign.plan))
    street.refuses(error, lambda: street.campaign.register(roster))
    assert street.campaign.ids("targets") == frozenset()


def test_a_submission_of_a_register_has_one_effect(street: Any) -> None:
    """Sent again it is known; other content under its id is a conflict."""
    roster = little_roster(street.campaign.plan, each=4)
    first = street.campaign.register(roster, submission_id="register-2")
    again = street.campaign.register(roster, submission_id="register-2")
    assert (again.receipt.seq, again.receipt.duplicate) == (first.receipt.seq, True)
    other = little_roster(street.campaign.plan, each=5)
    street.refuses(SubmissionConflictError, lambda: street.campaign.register(other, submission_id="register-2"))


def test_a_telephone_is_part_of_what_was_handed_in(street: Any) -> None:
    """A register that differs in a private word alone is other content, though nothing printed shows it."""
    roster = little_roster(street.campaign.plan, each=4)
    street.campaign.register(roster, submission_id="register-2")
    person = evolve(roster.people[0], phone="139")
    other = evolve(roster, people=(person, *roster.people[1:]))
    street.refuses(SubmissionConflictError, lambda: street.campaign.register(other, submission_id="register-2"))


@pytest.mark.parametrize("what", ["areas", "people", "targets"])
def test_a_telephone_is_no_id(street: Any, what: str) -> None:
    """A register in which an id is a mobile number is refused whole, and the number is not repeated."""
    roster, head = little_roster(street.campaign.plan), street.campaign.head
    first, *rest = getattr(roster, what)
    with pytest.raises(PersonalIdError) as refused:
        street.campaign.register(evolve(roster, **{what: (evolve(first, id="13812340000"), *rest)}))
    assert "1381234" not in str(refused.value) + refused.value.said_in("zh") + repr(refused.value)
    assert street.campaign.head == head


def test_a_telephone_in_the_place_of_an_id_is_not_repeated(street: Any) -> None:
    """Where something refers to a target by a telephone, the refusal does not say which."""
    call = Ticket(TicketId("K1"), Source.CALL, "K1", street.campaign.today, TopicId("roads"))
    with pytest.raises(PersonalIdError) as refused:
        street.campaign.raise_tickets([evolve(call, target_id="13812340000")])
    assert "1381234" not in str(refused.value) + refused.value.said_in("zh")
