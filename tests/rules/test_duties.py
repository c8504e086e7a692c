"""Duties over time, several duties for one target, the register against the plan, and the matrix read aloud."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from zoufang.intake import load_plan
from zoufang.model import (
    Area,
    AreaLevel,
    AreaTree,
    CampaignPlan,
    Claim,
    Duty,
    Overlap,
    OverlapRule,
    Owes,
    Part,
    Person,
    Role,
    Roster,
    Target,
    owes,
    served_together,
)
from zoufang.rules import (
    Claimed,
    assigned_told,
    check_plan,
    check_register,
    explain_claims,
    explain_duties,
    lines_for,
    resolve,
)
from zoufang.rules.columns import COLUMNS, answering
from zoufang.testing import little_areas, little_roster, targets
from zoufang.typing import AreaId, DutyId, KindId, PersonId, TargetId, UnitId

PLAN = load_plan("huangtun-2023")
AREAS = AreaTree(little_areas(PLAN))
C01 = AreaId("C01")
HOUSEHOLD, SHOP = KindId("household"), KindId("shop")
FIRM, BUILDER = KindId("enterprise"), KindId("building_firm")
CHANGE = date(2023, 4, 1)


def with_duties(plan: CampaignPlan, *more: Duty, **changes: object) -> CampaignPlan:
    """Return the plan with some duties changed by id, and others added."""
    duties = tuple(evolve(duty, **changes[duty.id]) if duty.id in changes else duty for duty in plan.duties)  # type: ignore[arg-type]
    return evolve(plan, duties=(*duties, *more))


def handed_on(plan: CampaignPlan) -> CampaignPlan:
    """Return the plan with the enterprises going from one unit to another on 1 April."""
    old = next(duty for duty in plan.duties if duty.id == "enterprises")
    new = evolve(old, leads=(UnitId("shichang"),), since_on=CHANGE, version=2)
    return with_duties(plan, new, enterprises={"until_on": date(2023, 3, 31)})


def answers(plan: CampaignPlan, kind: KindId, on: date | None = None) -> list[tuple[str, str, str]]:
    """Return unit, part and duty of every line of the matrix for a kind in the first community."""
    return [(line.unit_id, line.part, line.duty_id) for line in lines_for(plan, kind, C01, on)]


def codes(plan: CampaignPlan, level: str = "error") -> list[str]:
    """Return the codes of what the plan check finds."""
    return [remark.code for remark in check_plan(plan) if remark.level == level]


# --- effective dates and versions ---------------------------------------------------------------------------


def test_a_duty_holds_from_its_first_to_its_last_day_both_included(plan: CampaignPlan) -> None:
    """The park's committee answers to 31 March, market supervision from 1 April, by the duty's second version."""
    changed = handed_on(plan)
    assert answers(changed, FIRM, date(2023, 3, 31)) == [("guanwei", "lead", "enterprises")]
    assert answers(changed, FIRM, CHANGE) == [("shichang", "lead", "enterprises")]
    assert lines_for(changed, FIRM, C01, CHANGE)[0].rule == "matrix:enterprises.v2"
    assert codes(changed) == []


def test_versions_that_are_in_force_at_once_are_an_error(plan: CampaignPlan) -> None:
    """One day in common is enough."""
    again = evolve(plan.duties[0], version=2)
    assert "duty_versions" in codes(with_duties(plan, again))
    last = {plan.duties[0].id: {"until_on": CHANGE}}
    assert "duty_versions" in codes(with_duties(plan, evolve(again, since_on=CHANGE), **last))
    assert codes(with_duties(plan, evolve(again, since_on=date(2023, 4, 2)), **last)) == []


def test_a_duty_that_ends_before_it_begins_is_an_error(plan: CampaignPlan) -> None:
    """As is a version that is no number from 1."""
    assert codes(with_duties(plan, shops={"since_on": CHANGE, "until_on": date(2023, 3, 1)})) == ["duty_backwards"]
    assert codes(with_duties(plan, shops={"version": 0})) == ["out_of_range"]


def test_days_on_which_nobody_answers_are_a_remark(plan: CampaignPlan) -> None:
    """A duty from 10 March to 20 April leaves the days before and after it."""
    found = check_plan(with_duties(plan, shops={"since_on": date(2023, 3, 10), "until_on": date(2023, 4, 20)}))
    said = [remark.text.en for remark in found if remark.code == "kind_unanswered"]
    assert said == [
        "nobody answers for street shop from 2023-02-28 to 2023-03-09",
        "nobody answers for street shop from 2023-04-21 to 2023-06-10",
    ]


def test_days_on_which_nobody_answers_in_a_part_of_the_street_are_a_remark(plan: CampaignPlan) -> None:
    """Shops are everybody's to 31 March, then those of C01 only, from 10 April: the others are forgotten till June."""
    (shops,) = (duty for duty in plan.duties if duty.id == "shops")
    second = evolve(shops, version=2, since_on=date(2023, 4, 10), areas=(C01,))
    found = check_plan(with_duties(plan, second, shops={"until_on": date(2023, 3, 31)}))
    said = [remark.text.en for remark in found if remark.code.startswith("kind_unanswered")]
    assert said == [
        "nobody answers for street shop in the other communities from 2023-04-01 to 2023-06-10",
        "nobody answers for street shop in C01 from 2023-04-01 to 2023-04-09",
    ]
    third = evolve(shops, id=DutyId("two"), areas=(AreaId("C02"),), since_on=date(2023, 4, 1))
    limited = with_duties(plan, third, shops={"areas": (C01,), "until_on": date(2023, 3, 31)})
    said = [remark.text.zh for remark in check_plan(limited) if remark.code.startswith("kind_")]
    assert said == [
        "“沿街门店”只在列出的社区有责任单位：C01、C02",
        "“沿街门店”在C01自 2023-04-01 至 2023-06-10 没有任何一项职责有效",
        "“沿街门店”在C02自 2023-02-28 至 2023-03-31 没有任何一项职责有效",
    ]


def test_two_leads_one_after_the_other_need_no_rule(plan: CampaignPlan) -> None:
    """They never meet on one day; a day in common would be a contest."""
    assert codes(handed_on(plan)) == []
    one_more = evolve(plan.duties[1], id=DutyId("second"), leads=(UnitId("shichang"),))
    assert "several_leads" in codes(with_duties(plan, one_more))


# --- several duties for one target --------------------------------------------------------------------------


def test_joint_leads_each_answer_by_the_duty_and_a_helper_by_none(plan: CampaignPlan) -> None:
    """Two offices lead on shops; a unit that only helps has no duty of its own."""
    helped = with_duties(plan, shops={"co": (UnitId("jianshe"),)})
    assert answers(helped, SHOP) == [("zhifa", "lead", "shops"), ("shichang", "co", "shops"), ("jianshe", "co", "")]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (OverlapRule.SPECIFIC, [("jianshe", "lead", "building")]),
        (OverlapRule.JOINT, [("jianshe", "lead", "building"), ("guanwei", "co", "enterprises")]),
        (OverlapRule.EACH, [("jianshe", "lead", "building"), ("guanwei", "co", "enterprises")]),
    ],
)
def test_the_overlap_rule_decides_who_answers(
    plan: CampaignPlan, rule: OverlapRule, expected: list[tuple[str, str, str]]
) -> None:
    """A building firm is an enterprise too: the specific alone, both jointly, or each with a visit of its own."""
    overlaps = (evolve(plan.overlaps[0], rule=rule), *plan.overlaps[1:])
    changed = evolve(plan, overlaps=overlaps)
    assert answers(changed, BUILDER) == expected
    own = Owes.OWN if rule is OverlapRule.EACH else Owes.ANY
    assert owes(changed, BUILDER) == {"building": own, "enterprises": own}
    assert owes(changed, FIRM) == {"enterprises": Owes.ANY}


def test_several_leads_under_each_owe_one_visit_each(plan: CampaignPlan) -> None:
    """Unless nothing is said of them but that they are joint."""
    assert owes(plan, SHOP) == {"shops": Owes.ANY}
    each = evolve(plan, overlaps=(Overlap((SHOP,), OverlapRule.EACH, "二"),))
    assert owes(each, SHOP) == {"shops": Owes.ALL}


def test_one_visit_serves_both_only_where_the_plan_says_so(plan: CampaignPlan) -> None:
    """Huangtun's families of pupils and households each owe a visit; with the word, one visit does for both."""
    assert served_together(plan) == frozenset()
    serving = evolve(plan, overlaps=(*plan.overlaps[:2], evolve(plan.overlaps[2], one_visit_serves=True)))
    assert served_together(serving) == {("pupil_family", "household"), ("household", "pupil_family")}
    assert "each_served" in codes(serving, "remark")
    wrong = evolve(plan, overlaps=(evolve(plan.overlaps[0], one_visit_serves=True), *plan.overlaps[1:]))
    assert codes(wrong) == ["serves_without_each"]


def claimed(unit: str, part: Part, duty: str = "", plugin: str = "zoufang") -> Claimed:
    """Return one claim on the target T."""
    return Claimed(Claim("T", UnitId(unit), part, "r", "why", DutyId(duty) if duty else ""), plugin, "1")


def test_a_plugin_that_names_no_duty_stands_for_the_one_of_its_unit_or_of_the_lead_it_outranks() -> None:
    """A duty is never lost because a stronger plugin chose among its leads, or another unit altogether."""
    core = [claimed("A", Part.LEAD, "d"), claimed("B", Part.CO, "d")]
    order = ("strong", "zoufang")
    swapped = [claimed("B", Part.LEAD, plugin="strong"), claimed("A", Part.CO, plugin="strong")]
    found = resolve(["T"], [*swapped, *core], order).assignments
    assert [(a.unit_id, a.part, a.duty_id) for a in found] == [("B", "lead", "d"), ("A", "co", "d")]
    other = resolve(["T"], [claimed("X", Part.LEAD, plugin="strong"), core[0]], order).assignments
    assert [(a.unit_id, a.duty_id) for a in other] == [("X", "d")]


def test_one_unit_with_two_duties_answers_by_both() -> None:
    """It leads by one and is a co by the other; each is an assignment of its own."""
    found = resolve(["T"], [claimed("A", Part.LEAD, "d"), claimed("A", Part.CO, "e")], ()).assignments
    assert [(a.unit_id, a.part, a.duty_id) for a in found] == [("A", "lead", "d"), ("A", "co", "e")]


# --- in columns -----------------------------------------------------------------------------------------------


@given(batch=st.lists(targets(PLAN), max_size=30, unique_by=lambda t: t.id))
def test_in_columns_the_matrix_says_the_same(batch: list[Target]) -> None:
    """Row by row what the matrix says of each target by itself."""
    frame = pd.DataFrame(
        {"target_id": [t.id for t in batch], "kind": [t.kind for t in batch], "area_id": [t.area_id for t in batch]},
        dtype=object,
    )
    alone = [
        (t.id, *(str(getattr(line, name)) for name in COLUMNS))
        for t in batch
        for line in lines_for(PLAN, t.kind, AREAS.community_of(t.area_id))
    ]
    assert list(answering(PLAN, AREAS, frame).itertuples(index=False, name=None)) == alone


# --- the register -----------------------------------------------------------------------------------------------


def said(roster: Roster, plan: CampaignPlan = PLAN) -> dict[str, str]:
    """Return what the register check says in English, by code."""
    return {remark.code: remark.text.en for remark in check_register(plan, roster)}


def test_a_register_that_fits_its_plan_is_only_told_who_cannot_go(plan: CampaignPlan) -> None:
    """The little street has no school staff, and two grids whose workers are registered as leads."""
    found = said(little_roster(plan))
    assert sorted(found) == ["register_no_capacity", "register_no_worker"]
    assert found["register_no_capacity"] == (
        "社会事务办 answers for 3 targets and has nobody who could go (school staff with a capacity above 0)"
    )


def test_a_register_without_people_names_each_unit_that_answers(plan: CampaignPlan) -> None:
    """Seven duties' units, joint leads among them."""
    empty = evolve(little_roster(plan), people=())
    found = [r.text.en for r in check_register(plan, empty) if r.code == "register_no_people"]
    assert len(found) == 7
    assert "市场监督管理所 answers for 3 targets and has nobody in the register" in found


def test_targets_outside_every_community_and_duties_elsewhere_are_named(plan: CampaignPlan) -> None:
    """A household in the street's own area, a duty for a community that is not there, a kind without a duty there."""
    stray = Target(TargetId("X"), HOUSEHOLD, AreaId(plan.street.code), date(2023, 3, 1))
    roster = little_roster(plan)
    found = said(evolve(roster, targets=(*roster.targets, stray)))
    assert found["register_unanswered"] == "nobody answers for household in Huangtun Street; 1 targets stand there"
    limited = with_duties(plan, shops={"areas": (C01, AreaId("C99"))})
    found = said(roster, limited)
    assert found["register_unknown_area"] == "duty shops is limited to C99, which the register does not know"
    assert found["register_unanswered"] == "nobody answers for street shop in 第二社区; 1 targets stand there"


def test_a_duty_for_nobody_and_several_leads_without_a_rule_are_named(plan: CampaignPlan) -> None:
    """The rule is asked for only where a target stands."""
    roster = little_roster(plan)
    no_shops = evolve(roster, targets=tuple(t for t in roster.targets if t.kind != "shop"))
    assert said(no_shops)["register_idle_duty"] == "duty shops covers no target of the register"
    ruleless = evolve(plan, overlaps=(plan.overlaps[0], plan.overlaps[2]))
    assert said(roster, ruleless)["register_double_lead"].startswith("street shop in 第一社区, 第二社区 has several")
    assert "register_double_lead" not in said(no_shops, ruleless)


def test_a_grid_worker_in_every_grid_leaves_nothing_to_say(plan: CampaignPlan) -> None:
    """One person with a capacity for each duty's role."""
    roster = little_roster(plan)
    more = [
        Person(PersonId(f"W-{area.id}"), UnitId(area.id[:3]), Role.GRID_WORKER, area.id, 20)
        for area in little_areas(plan)
        if area.level is AreaLevel.GRID
    ]
    teacher = Person(PersonId("W-T"), UnitId("shehui"), Role.SCHOOL_STAFF, None, 5)
    assert said(evolve(roster, people=(*roster.people, *more, teacher))) == {}


def test_the_register_check_needs_no_street_among_the_areas(plan: CampaignPlan) -> None:
    """A register usually lists it; one that leaves it out is checked alike."""
    roster = little_roster(plan)
    without = tuple(area for area in roster.areas if area.level is not AreaLevel.STREET)
    assert check_register(plan, evolve(roster, areas=without)) == check_register(plan, roster)
    assert isinstance(without[0], Area)


# --- read aloud -------------------------------------------------------------------------------------------------


def told(plan: CampaignPlan, kind: KindId, on: date | None = None) -> list[str]:
    """Return what is told of a kind in the first community, in English."""
    return [step.text.en for step in explain_duties(plan, kind, C01, on)]


def test_the_matrix_is_read_aloud_with_the_rule_of_each_overlap(plan: CampaignPlan) -> None:
    """A building firm: what it is, which duty applies, which does not, and why."""
    assert told(plan, BUILDER) == [
        "It is a building firm, and also enterprise.",
        "Duty building applies: jianshe leads; a visit by any unit counts.",
        "Duty enterprises does not apply: the specific goes before the general.",
        "Overlap rule (building firm, enterprise): specific, the specific goes before the general.",
    ]


def test_a_duty_that_is_not_in_force_says_so(plan: CampaignPlan) -> None:
    """On 1 April the first version is over and the second holds."""
    changed = handed_on(plan)
    assert told(changed, FIRM, CHANGE)[1:3] == [
        "Duty enterprises does not apply: it is not in force on 2023-04-01.",
        "Duty enterprises.v2 applies: shichang leads; a visit by any unit counts.",
    ]


def test_claims_are_told_with_plugin_rule_and_precedence(plan: CampaignPlan) -> None:
    """Who claims what, whose word goes first, and who answers in the end; nobody is said too."""
    claims = [claimed("A", Part.LEAD, "d"), claimed("B", Part.LEAD, plugin="zoufang-huangtun")]
    steps = explain_claims(plan, claims)
    assert [step.text.en for step in steps] == [
        "zoufang 1/r claims A as lead: why",
        "zoufang-huangtun 1/r claims B as lead: why",
        "Precedence: zoufang-huangtun → zoufang; the first decides the lead.",
    ]
    done = assigned_told(resolve(["T"], claims, plan.precedence).assignments)
    assert [step.text.en for step in done] == ["⇒ B: lead (rule r, zoufang-huangtun 1, duty d)"]
    assert [step.text.en for step in assigned_told(())] == ["⇒ nobody leads; the office decides."]
    assert all(step.text.zh != step.text.en for step in steps)
