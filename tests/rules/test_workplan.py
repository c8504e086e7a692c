"""Work plans: every visit once, shared out by capacity, planned anew for what is left."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from zoufang.errors import NoWorkPlanError
from zoufang.intake import load_plan
from zoufang.model import Absence, CampaignPlan, Person, Role, WorkPlanRule
from zoufang.rules import Owed, Owing, WorkPlan, plan_work, week_of, work_weeks
from zoufang.rules.workplan import shares
from zoufang.typing import AreaId, PersonId, TargetId, UnitId

PLAN = load_plan("huangtun-2023")
ANN = Person(PersonId("A"), UnitId("C01"), Role.GRID_WORKER, AreaId("G1"), capacity=2)
BEN = Person(PersonId("B"), UnitId("C01"), Role.GRID_WORKER, AreaId("G2"), capacity=1)


def owed(name: str, area: str = "G1", unit: str = "C01", visitors: tuple[str, ...] = ("grid_worker",)) -> Owed:
    """Return one visit that is owed."""
    return Owed(TargetId(name), "residents", UnitId(unit), AreaId(area), visitors)


def table(made: WorkPlan) -> list[tuple[str, int, str]]:
    """Return a work plan in short: person, week, target."""
    return [(line.person_id, line.week, line.owed.target_id) for line in made.lines]


def test_two_people_and_two_weeks_worked_by_hand() -> None:
    """Seven households in Ann's grid, three in Ben's, from Monday 17 April on; the phase ends on Sunday 30 April.

    Week 8 (17–23 April) has six working days, because Sunday the 23rd is a make-up day; week 9 has five. Less 5 per
    cent, rounded down, Ann (2 a day) can make 11 and 9, Ben (1 a day) 5 and 4: 20 and 9 in all. Of ten visits Ann's
    exact share is 6.90 and Ben's 3.10: seven and three. Ann's seven go 3.85 and 3.15 over her weeks: four and three.
    Ben's three go 1.67 and 1.33: two and one.
    """
    visits = [*(owed(f"T{i}") for i in range(1, 8)), *(owed(f"U{i}", "G2") for i in range(1, 4))]
    made = plan_work(PLAN, [BEN, ANN], visits, date(2023, 4, 17))
    assert table(made) == [
        *[("A", 8, f"T{i}") for i in (1, 2, 3, 4)],
        *[("A", 9, f"T{i}") for i in (5, 6, 7)],
        *[("B", 8, f"U{i}") for i in (1, 2)],
        ("B", 9, "U3"),
    ]
    loads = [(load.person_id, load.week, load.n, load.capacity) for load in made.loads]
    assert loads == [("A", 8, 4, 11), ("A", 9, 3, 9), ("B", 8, 2, 5), ("B", 9, 1, 4)]
    assert (made.over, made.unplanned) == (0, ())


def test_what_cannot_be_done_is_planned_all_the_same_and_said_with_figures() -> None:
    """From Thursday 27 April two working days are left: two visits less 5 per cent are one; three are owed."""
    made = plan_work(PLAN, [BEN], [owed("T1"), owed("T2"), owed("T3")], date(2023, 4, 27))
    assert table(made) == [("B", 9, "T1"), ("B", 9, "T2"), ("B", 9, "T3")]
    assert [(load.n, load.capacity, load.over) for load in made.loads] == [(3, 1, 2)]
    assert made.over == 2


def test_who_is_away_gets_nothing_for_that_week() -> None:
    """Ann is away for the whole of week 8: all her visits fall into week 9."""
    away = Absence(date(2023, 4, 17), date(2023, 4, 23), person_id=ANN.id)
    plan = evolve(PLAN, workplan=WorkPlanRule("visit", "四(一)", absences=(away,)))
    made = plan_work(plan, [ANN], [owed("T1"), owed("T2")], date(2023, 4, 17))
    assert table(made) == [("A", 9, "T1"), ("A", 9, "T2")]
    assert [(load.week, load.capacity) for load in made.loads] == [(8, 0), (9, 10)]


def test_an_absence_of_units_is_everybodys_in_them() -> None:
    """A meeting day of one unit takes nothing from another."""
    meeting = Absence(date(2023, 4, 17), date(2023, 4, 17), units=(UnitId("C01"),))
    assert meeting.covers(ANN.id, ANN.unit_id, date(2023, 4, 17))
    assert not meeting.covers(ANN.id, UnitId("C02"), date(2023, 4, 17))
    assert not meeting.covers(ANN.id, ANN.unit_id, date(2023, 4, 18))


def test_a_unit_without_anybody_who_could_go_is_named_not_dropped() -> None:
    """No people, no capacity, or no day left: the visits are listed as unplanned."""
    idle = evolve(ANN, capacity=0)
    assert [o.target_id for o in plan_work(PLAN, [], [owed("T1")]).unplanned] == ["T1"]
    assert [o.target_id for o in plan_work(PLAN, [idle], [owed("T1")]).unplanned] == ["T1"]
    assert [o.target_id for o in plan_work(PLAN, [ANN], [owed("T1")], date(2023, 5, 1)).unplanned] == ["T1"]


def test_the_dutys_roles_go_and_anybody_of_the_unit_where_there_is_none() -> None:
    """A handler visits no household while there is a grid worker."""
    clerk = Person(PersonId("C"), UnitId("C01"), Role.HANDLER, capacity=50)
    made = plan_work(PLAN, [clerk, ANN], [owed("T1"), owed("T2", visitors=("school_staff",))])
    assert {line.owed.target_id: line.person_id for line in made.lines}["T1"] == "A"
    assert {line.owed.target_id for line in made.lines} == {"T1", "T2"}


def test_planned_anew_what_was_done_stays_and_the_rest_keeps_its_person() -> None:
    """Ben made T1 in week 8; of the two left T3 was Ben's before, and stays Ben's though it stands in Ann's grid."""
    visits = [owed("T1"), owed("T2"), owed("T3")]
    made = plan_work(
        PLAN,
        [ANN, evolve(BEN, capacity=2)],
        visits,
        date(2023, 4, 24),
        done={visits[0].key: (BEN.id, date(2023, 4, 20))},
        before={visits[2].key: BEN.id},
    )
    assert [(p.owed.target_id, p.person_id, p.week, p.done) for p in made.lines] == [
        ("T2", "A", 9, False),
        ("T1", "B", 8, True),
        ("T3", "B", 9, False),
    ]


def test_a_plan_without_the_section_plans_no_work(plan: CampaignPlan) -> None:
    """The refusal names the section in both languages."""
    with pytest.raises(NoWorkPlanError) as refused:
        work_weeks(evolve(plan, workplan=None))
    assert "[workplan]" in refused.value.said_in("zh")
    assert "[workplan]" in refused.value.said_in("en")


def test_weeks_are_those_of_the_dispatches() -> None:
    """1 March is in week 1, whose dispatch is on 6 March; the phase of visits touches nine weeks."""
    assert [week_of(PLAN, day) for day in (date(2023, 2, 26), date(2023, 3, 1), date(2023, 3, 6))] == [0, 1, 2]
    assert [week.number for week in work_weeks(PLAN)] == list(range(1, 10))
    assert sum(len(week.days) for week in work_weeks(PLAN)) == 43


# --- properties -------------------------------------------------------------------------------------------------

GRIDS = ("G1", "G2", "G3")
UNITS = ("C01", "C02")
people = st.lists(
    st.builds(
        Person,
        id=st.sampled_from([f"P{i}" for i in range(8)]).map(PersonId),
        unit_id=st.sampled_from(UNITS).map(UnitId),
        role=st.sampled_from([Role.GRID_WORKER, Role.HANDLER]),
        area_id=st.sampled_from([*GRIDS, None]),
        capacity=st.integers(0, 4),
    ),
    max_size=6,
    unique_by=lambda p: p.id,
)
visits_owed = st.lists(
    st.builds(
        owed,
        st.integers(0, 200).map(lambda i: f"T{i:03}"),
        st.sampled_from(GRIDS),
        st.sampled_from(UNITS),
        st.just(("grid_worker",)),
    ),
    max_size=80,
    unique_by=lambda o: o.target_id,
)
days = st.dates(date(2023, 2, 20), date(2023, 5, 3))


@given(staff=people, visits=visits_owed, on=days)
def test_every_visit_that_is_owed_is_planned_exactly_once(staff: list[Person], visits: list[Owed], on: date) -> None:
    """Planned or named as unplanned, never both, never twice; by the own unit, and not before the day of planning."""
    made = plan_work(PLAN, staff, visits, on)
    assert Counter([line.owed for line in made.lines] + list(made.unplanned)) == Counter(visits)
    unit = {person.id: person.unit_id for person in staff}
    weeks = {week.number for week in work_weeks(PLAN, on)}
    assert all(unit[line.person_id] == line.owed.unit_id and line.week in weeks for line in made.lines)


@given(staff=people, visits=visits_owed, on=days)
def test_capacity_is_exceeded_only_where_the_unit_owes_more_than_it_can_do(
    staff: list[Person], visits: list[Owed], on: date
) -> None:
    """And then the loads say by how much, in all exactly what is too much."""
    made = plan_work(PLAN, staff, visits, on)
    for unit in UNITS:
        mine = [load for load in made.loads if load.unit_id == unit]
        n, room = sum(load.n for load in mine), sum(load.capacity for load in mine)
        assert n == sum(line.owed.unit_id == unit for line in made.lines)
        over = sum(load.over for load in mine)
        assert over == 0 if n <= room else over >= n - room
        assert over == 0 or n > room


@given(staff=people, visits=visits_owed, on=days)
def test_loads_are_balanced_within_a_days_work(staff: list[Person], visits: list[Owed], on: date) -> None:
    """Everybody's visits differ from the exact share of what they can do by less than one visit."""
    made = plan_work(PLAN, staff, visits, on)
    for unit in UNITS:
        mine = [load for load in made.loads if load.unit_id == unit]
        n, room = sum(load.n for load in mine), sum(load.capacity for load in mine)
        for person in {load.person_id for load in mine}:
            has = sum(load.n for load in mine if load.person_id == person)
            can = sum(load.capacity for load in mine if load.person_id == person)
            assert room == 0 or abs(has * room - n * can) < room


@given(staff=people, visits=visits_owed, on=days, data=st.data())
def test_planned_anew_it_keeps_what_was_done(
    staff: list[Person], visits: list[Owed], on: date, data: st.DataObject
) -> None:
    """Whatever was made stands in the new round with its visitor and its week, and is planned for nobody."""
    made: dict[Owing, tuple[PersonId, date]] = {}
    for one in visits:
        if data.draw(st.booleans()):
            made[one.key] = (PersonId("X"), date(2023, 3, 15))
    again = plan_work(PLAN, staff, visits, on, done=made)
    assert {line.owed.key: line.person_id for line in again.lines if line.done} == dict.fromkeys(made, "X")
    assert {line.week for line in again.lines if line.done} <= {3}
    assert not {line.owed.key for line in again.lines if not line.done} & set(made)
    assert sum(load.n for load in again.loads) == sum(not line.done for line in again.lines)


@given(staff=people, visits=visits_owed, on=days, data=st.data())
def test_the_order_of_what_is_given_decides_nothing(
    staff: list[Person], visits: list[Owed], on: date, data: st.DataObject
) -> None:
    """People and visits in any order give the same plan."""
    shuffled = plan_work(PLAN, data.draw(st.permutations(staff)), data.draw(st.permutations(visits)), on)
    assert shuffled == plan_work(PLAN, staff, visits, on)


@given(n=st.integers(0, 500), weights=st.lists(st.integers(0, 40), min_size=1, max_size=9).filter(any))
def test_shares_add_up_and_stay_within_one_of_the_exact(n: int, weights: list[int]) -> None:
    """No share is more than one away, and nobody without a weight gets anything."""
    given_ = shares(n, weights)
    whole = sum(weights)
    assert sum(given_) == n
    assert all(abs(g * whole - n * w) < whole for g, w in zip(given_, weights, strict=True))
    assert all(g == 0 for g, w in zip(given_, weights, strict=True) if w == 0)
