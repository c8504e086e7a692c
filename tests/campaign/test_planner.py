"""Who answers by which duty, who goes when, and what comes after: on the little street."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from zoufang.analysis import Figure, Window
from zoufang.errors import BadValueError, NoHandOverError, NotAllowedError, NoWorkPlanError, UnknownIdError
from zoufang.intake import load_plan, parse_plan, plan_toml
from zoufang.model import CampaignPlan, Outcome, OverlapRule, Remedy, Role, Roster, Status, Target, Visit
from zoufang.rules import check_plan
from zoufang.typing import KindId, PersonId, TargetId, UnitId

HUANGTUN = load_plan("huangtun-2023")
Change = Callable[[CampaignPlan], CampaignPlan]


@pytest.fixture
def on_plan(new_street: Callable[..., Any], tmp_path: Path) -> Callable[[Change], Any]:
    """Makes a street on Huangtun's plan with something changed, on the first day of the visits."""

    def make(change: Change) -> Any:
        path = tmp_path / "plan.toml"
        path.write_text(plan_toml(change(HUANGTUN)), encoding="utf-8")
        made = new_street(plan=path)
        made.clock.pass_days(2)
        return made

    return make


def ruled(kinds: tuple[str, ...], **changes: Any) -> Change:
    """Return the change of one overlap."""

    def change(plan: CampaignPlan) -> CampaignPlan:
        overlaps = (evolve(o, **changes) if o.kinds == kinds else o for o in plan.overlaps)
        return evolve(plan, overlaps=tuple(overlaps))

    return change


def visit(street: Any, number: str, target: str, unit: str, **more: Any) -> Visit:
    """Return a visit of today by a unit's second person."""
    made: Visit = street.visit(number, target, unit_id=UnitId(unit), visitor_id=PersonId(f"P-{unit}-2"), **more)
    return made


def by_duty(street: Any) -> dict[str, tuple[int, int]]:
    """Return the coverage of each duty."""
    found: tuple[Figure, ...] = street.campaign.figures("visited_by_duty", by=("duty_id",))
    return {str(one.group[0]): (one.n, one.of) for one in found}


# --- coverage per duty and per target ---------------------------------------------------------------------------


def test_joint_leads_share_one_visit(street: Any) -> None:
    """Both offices answer for a shop by the same duty; whoever reaches it serves the duty, and once."""
    assert by_duty(street)["shops"] == (0, 3)
    street.clock.pass_days(2)
    street.campaign.record([visit(street, "V1", "T-shop-1", "shichang"), visit(street, "V2", "T-shop-2", "C01")])
    street.campaign.record([visit(street, "V3", "T-shop-3", "zhifa", outcome=Outcome.ABSENT)])
    assert by_duty(street) == {
        "building": (0, 6), "enterprises": (0, 3), "pupil_families": (0, 3), "residents": (0, 3), "shops": (2, 3),
    }  # fmt: skip
    assert "T-shop-3/shops" in street.campaign.gap("visited_by_duty")
    rows = street.rows("assignments", "subject_id", "unit_id", "part", "duty_id")
    assert {row[1:] for row in rows if row[0] == "T-shop-1"} == {
        ("shichang", "lead", "shops"),
        ("zhifa", "co", "shops"),
    }


def test_where_each_lead_owes_a_visit_the_duty_is_served_when_all_have_gone(on_plan: Callable[[Change], Any]) -> None:
    """One of the two offices is not enough, and a community's visit counts for neither."""
    street = on_plan(ruled(("shop",), rule=OverlapRule.EACH))
    go = [("V1", "T-shop-1", "zhifa"), ("V2", "T-shop-1", "shichang"), ("V3", "T-shop-2", "zhifa")]
    street.campaign.record([visit(street, *one) for one in [*go, ("V4", "T-shop-3", "C02")]])
    assert by_duty(street)["shops"] == (1, 3)
    assert street.campaign.figures("visited", by=("kind",))[-1].n == 3


def test_where_each_duty_owes_a_visit_one_target_counts_twice(on_plan: Callable[[Change], Any]) -> None:
    """A building firm is an enterprise too: two duties, two visits; each served by its own unit only."""
    street = on_plan(ruled(("building_firm", "enterprise"), rule=OverlapRule.EACH))
    go = [("V1", "T-building_firm-1", "jianshe"), ("V2", "T-building_firm-1", "guanwei")]
    street.campaign.record([visit(street, *one) for one in [*go, ("V3", "T-building_firm-2", "jianshe")]])
    assert by_duty(street) == {
        "building": (2, 6), "enterprises": (1, 6), "pupil_families": (0, 3), "residents": (0, 3), "shops": (0, 3),
    }  # fmt: skip
    rows = Counter(row[0] for row in _planned(street))
    assert rows["T-building_firm-3"] == 2


@pytest.mark.parametrize(("serves", "expected"), [(False, (0, 1)), (True, (1, 1))])
def test_one_visit_serves_the_linked_target_only_where_the_plan_says_so(
    on_plan: Callable[[Change], Any],
    serves: bool,  # noqa: FBT001 - the parameter of the test
    expected: tuple[int, int],
) -> None:
    """The teacher reaches the pupil's family; that counts for the household's community, or does not."""
    street = on_plan(ruled(("pupil_family", "household"), one_visit_serves=serves))
    family = Target(
        TargetId("F"), KindId("pupil_family"), "C01-G1", date(2023, 3, 1), linked_to=TargetId("T-household-1")
    )
    street.campaign.register(Roster(targets=(family,)))
    street.campaign.record([visit(street, "V1", "F", "shehui")])
    assert by_duty(street)["pupil_families"] == (1, 4)
    assert by_duty(street)["residents"] == (expected[0], 3)
    done = {line.owed.target_id for line in street.campaign.planner.plan_work().plan.lines if line.done}
    assert done == ({"F", "T-household-1"} if serves else {"F"})
    for target_id, other in (("T-household-1", "F"), ("F", "T-household-1")):
        told = street.campaign.why(target_id).said_in("zh")
        assert ("还缺：没有见到本人" in told) is (target_id not in done)
        assert (f"对关联对象 {other}" in told) is (serves and other == "F")


@pytest.mark.parametrize("rule", OverlapRule)
def test_plan_figure_and_story_agree_on_what_is_still_owed(on_plan: Callable[[Change], Any], rule: OverlapRule) -> None:
    """One definition: what the work plan counts as made is what the coverage counts as served and `why` as not owed."""

    def change(plan: CampaignPlan) -> CampaignPlan:
        kinds = (("shop",), ("building_firm", "enterprise"))
        return evolve(plan, overlaps=tuple(evolve(o, rule=rule) if o.kinds in kinds else o for o in plan.overlaps))

    street = on_plan(change)
    go = [
        ("V1", "T-shop-1", "zhifa"), ("V2", "T-shop-2", "zhifa"), ("V3", "T-shop-2", "shichang"),
        ("V4", "T-shop-3", "C02"), ("V5", "T-building_firm-1", "jianshe"), ("V6", "T-building_firm-2", "guanwei"),
        ("V7", "T-building_firm-3", "jianshe"), ("V8", "T-building_firm-3", "guanwei"), ("V9", "T-enterprise-1", "C01"),
    ]  # fmt: skip
    street.campaign.record([visit(street, *one) for one in go])
    missing = {tuple(case.split("/")) for case in street.campaign.gap("visited_by_duty")}
    lines = street.campaign.planner.plan_work().plan.lines
    assert {(one.owed.target_id, one.owed.duty_id) for one in lines if not one.done} == missing
    for target_id in {one[1] for one in go}:
        told = street.campaign.why(target_id).said_in("en")
        owing = {duty for target, duty in missing if target == target_id}
        assert {duty for duty in ("shops", "building", "enterprises") if f"itself (duty {duty})" in told} == owing


def test_coverage_as_of_a_commit_does_not_change_later(street: Any) -> None:
    """Up to the commit before the visit nothing was served, whatever was recorded since."""
    before = Window(as_of=street.campaign.head.seq)
    street.clock.pass_days(2)
    street.campaign.record([visit(street, "V1", "T-shop-1", "shichang")])
    assert [one.n for one in street.campaign.figures("visited_by_duty", before)] == [0]
    assert [one.n for one in street.campaign.figures("visited_by_duty")] == [1]


# --- duties over time -------------------------------------------------------------------------------------------


def _handed_on(plan: CampaignPlan) -> CampaignPlan:
    old = next(duty for duty in plan.duties if duty.id == "enterprises")
    ends = evolve(old, until_on=date(2023, 3, 31))
    begins = evolve(old, leads=(UnitId("shichang"),), since_on=date(2023, 4, 1), version=2)
    return evolve(plan, duties=(*(ends if d is old else d for d in plan.duties), begins))


def test_when_a_duty_changes_hands_so_do_its_targets_in_a_new_round(on_plan: Callable[[Change], Any]) -> None:
    """Nothing changes before the day; on the day three enterprises do, and only they; a second time nothing is new."""
    street = on_plan(_handed_on)
    assert street.campaign.planner.reassign().receipt is None
    street.clock.pass_days(31)
    done = street.campaign.planner.reassign()
    assert (done.n_new, done.unrouted) == (3, ())
    rows = street.rows("assignments", "subject_id", "round", "unit_id", "rule")
    assert [row[1:] for row in rows if row[0] == "T-enterprise-1"] == [
        (1, "guanwei", "matrix:enterprises"),
        (2, "shichang", "matrix:enterprises.v2"),
    ]
    assert street.campaign.planner.reassign().receipt is None


def test_who_answers_is_told_with_the_rules_that_decided(street: Any) -> None:
    """Kind, duty, overlap, both plugins, precedence, and what is recorded."""
    said = [step.text.en for step in street.campaign.planner.explain("T-shop-1")]
    assert said[0] == "It is a street shop."
    assert "Precedence: zoufang-huangtun → zoufang; the first decides the lead." in said
    assert said[-2].startswith("⇒ shichang: lead (rule shop-food, zoufang-huangtun")
    assert said[-1].startswith("⇒ zhifa: joint lead")
    with pytest.raises(UnknownIdError):
        street.campaign.planner.explain("T-nowhere")


# --- work plans -------------------------------------------------------------------------------------------------


def _planned(street: Any) -> list[tuple[Any, ...]]:
    made = street.campaign.planner.plan_work()
    rows = street.rows("work_plans", "round", "target_id", "duty_id", "unit_id", "person_id", "week", "done")
    return [row[1:] for row in rows if row[0] == made.round]


def test_before_the_visits_every_target_has_somebody_who_goes_in_a_week(street: Any) -> None:
    """Eighteen targets, each once, by its lead's own people; the same day planned again records nothing."""
    rows = _planned(street)
    assert sorted(row[0] for row in rows) == sorted(f"T-{k.id}-{n}" for k in HUANGTUN.kinds for n in (1, 2, 3))
    assert all(row[3].startswith(f"P-{row[2]}-") and 1 <= row[4] <= 9 and row[5] == 0 for row in rows)
    before = street.campaign.head
    again = street.campaign.planner.plan_work()
    assert (again.done.receipt, again.round, street.campaign.head) == (None, 1, before)


def test_whom_the_plan_sends_may_record_the_visit(street: Any) -> None:
    """Each line's own person records it on the spot: the plan and the permission table agree."""
    rows = _planned(street)
    street.clock.pass_days(2)
    for target_id, _, unit_id, person_id, *_ in rows:
        campaign = street.campaign.acting(street.campaign.actor(person_id))
        made = street.visit(f"V-{target_id}", target_id, visitor_id=person_id, unit_id=unit_id)
        assert campaign.record([made]).n_new == 1


def test_planned_anew_in_the_middle_what_was_done_stays(street: Any) -> None:
    """Two were met by 8 March: they stand in round 2 with visitor and week; the other sixteen come later, all once."""
    _planned(street)
    street.clock.pass_days(9)
    street.campaign.record([street.visit("V1", "T-household-1"), visit(street, "V2", "T-shop-2", "zhifa")])
    rows = {row[0]: row for row in _planned(street)}
    assert len(rows) == 18
    assert rows["T-household-1"][3:] == ("P-C01-2", 2, 1)
    assert rows["T-shop-2"][3:] == ("P-zhifa-2", 2, 1)
    assert all(row[4] >= 2 for row in rows.values() if not row[5])


def test_work_is_planned_by_the_office_for_a_day_that_has_come(
    street: Any, acting: Callable[[Any, Role], Any], on_plan: Callable[[Change], Any]
) -> None:
    """A grid worker may not, tomorrow may not, and a plan without the section cannot."""
    street.refuses(NotAllowedError, acting(street, Role.GRID_WORKER).planner.plan_work)
    street.refuses(NotAllowedError, acting(street, Role.VIEWER).planner.reassign)
    street.refuses(BadValueError, lambda: street.campaign.planner.plan_work(date(2023, 12, 1)))
    bare = on_plan(lambda plan: evolve(plan, workplan=None))
    bare.refuses(NoWorkPlanError, bare.campaign.planner.plan_work)


# --- hand-over --------------------------------------------------------------------------------------------------


def test_open_tickets_promises_and_the_watch_list_go_over_into_a_sound_plan(street: Any) -> None:
    """Of five tickets one is closed as resolved and stays behind; the others go over, each with why."""
    street.clock.pass_days(3)
    street.campaign.raise_tickets([street.call(f"K{i}") for i in range(1, 6)])
    street.campaign.route()
    street.to("K1", Status.CLOSED)
    later, no_day = {"plan_on": date(2023, 9, 1)}, {}
    for key, more in (("K2", later), ("K3", no_day)):
        street.to(key, Status.ACCEPTED)
        street.campaign.handle([street.step(key, remedy=Remedy.EXPLAINED, reason="no_funds", **more)])
        street.campaign.feed_back([street.step(key)])
    for key in (2, 1):
        verb = street.campaign.apply if key == 2 else street.campaign.close
        verb([street.step("K2", key)])
    street.clock.pass_days(100)
    made = street.campaign.planner.hand_over()
    assert made.plan.regular is not None
    assert [(c.ticket_id, c.why, c.plan_on) for c in made.plan.regular.carried] == [
        ("K2", "promise", date(2023, 9, 1)),
        ("K3", "watch", None),
        ("K4", "open", None),
        ("K5", "open", None),
    ]
    assert (made.plan.id, made.plan.version) == ("huangtun-2023-regular", 1)
    assert (made.plan.regular.follows, made.plan.regular.as_of) == ("huangtun-2023", street.campaign.head.seq)
    assert parse_plan(made.text, file="next.toml") == made.plan
    assert [remark for remark in check_plan(made.plan) if remark.level == "error"] == []


def test_the_plan_of_regular_work_begins_after_the_campaign_on_the_same_weekday(street: Any) -> None:
    """Handed over in time: from Sunday 11 June, first dispatch Monday 12 June, 26 of them, the last on 4 December."""
    made = street.campaign.planner.hand_over().plan
    (phase,) = made.phases
    assert (phase.starts_on, phase.ends_on) == (date(2023, 6, 11), date(2023, 12, 3))
    assert (made.dispatch.first_on, made.dispatch.last_on) == (date(2023, 6, 12), date(2023, 12, 4))
    assert made.named_days == 176
    assert made.duties == HUANGTUN.duties
    assert all(measure.phase is None for measure in made.measures)


def test_regular_work_goes_on_as_the_next_version_of_the_same_plan(
    new_street: Callable[..., Any], street: Any, tmp_path: Path
) -> None:
    """A ledger can begin on the plan that was handed over, and be handed over in its turn."""
    path = tmp_path / "next.toml"
    path.write_text(street.campaign.planner.hand_over().text, encoding="utf-8")
    following = new_street(plan=path)
    following.clock.pass_days(300)
    again = following.campaign.planner.hand_over().plan
    assert (again.id, again.version) == ("huangtun-2023-regular", 2)
    assert again.first_on > following.campaign.plan.last_on
    assert [remark for remark in check_plan(again) if remark.level == "error"] == []


def test_contacts_fall_due_by_the_rhythm_of_their_kind(street: Any) -> None:
    """On the roster since 27 February; enterprises every 8 weeks, from 24 April on, or from the last time reached."""
    street.clock.pass_days(55)
    assert street.campaign.planner.contacts_due() == ()
    street.campaign.record([visit(street, "V1", "T-enterprise-2", "guanwei")])
    street.clock.pass_days(1)
    due = street.campaign.planner.contacts_due()
    assert {one.due_on for one in due} == {date(2023, 4, 24)}
    assert [one.target_id for one in due if "enterprise" in one.target_id] == ["T-enterprise-1", "T-enterprise-3"]
    assert len(due) == 8


def test_only_the_office_hands_over_and_only_by_a_plan_that_says_how(
    street: Any, acting: Callable[[Any, Role], Any], on_plan: Callable[[Change], Any]
) -> None:
    """The sentences can be said, and nothing is recorded."""
    street.refuses(NotAllowedError, acting(street, Role.HANDLER).planner.hand_over)
    bare = on_plan(lambda plan: evolve(plan, regular=None))
    bare.refuses(NoHandOverError, bare.campaign.planner.hand_over)
    bare.refuses(NoHandOverError, bare.campaign.planner.contacts_due)


def test_several_leads_that_each_owe_a_visit_are_all_planned(on_plan: Callable[[Change], Any]) -> None:
    """Both leads of the shops owe one: each has its own line for every shop, and what one made stays when planned anew.

    Three shops, two leads: six visits; after one of them five are left.
    """
    street = on_plan(ruled(("shop",), rule=OverlapRule.EACH))

    def shops() -> list[tuple[str, str, bool]]:
        made = street.campaign.planner.plan_work().plan
        return sorted(
            (line.owed.target_id, line.owed.unit_id, line.done) for line in made.lines if line.owed.duty_id == "shops"
        )

    owed = [(f"T-shop-{n}", unit, False) for n in (1, 2, 3) for unit in ("shichang", "zhifa")]
    assert shops() == owed
    street.campaign.record([street.visit("V1", "T-shop-1", visitor_id="P-zhifa-2", unit_id="zhifa", no_demand=True)])
    assert shops() == [owed[0], ("T-shop-1", "zhifa", True), *owed[2:]]


def test_a_split_ticket_is_handed_over_once(street: Any) -> None:
    """One person asked for one thing: its open parts go over with it and are not counted beside it."""
    street.campaign.raise_tickets([street.call("K1"), street.call("K2")])
    street.campaign.split([street.step("K1", parts=(UnitId("jianshe"), UnitId("zhifa")))])
    carried = street.campaign.planner.hand_over().plan.regular.carried
    assert [(one.ticket_id, one.why, one.unit_id) for one in carried] == [
        ("K1", "open", "jianshe"),
        ("K2", "open", None),
    ]
