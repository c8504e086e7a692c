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
from zoufang.rules.workplan import room_of, shares
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
    cent, rounded down, Ann (2 a day) can make 11 and 9, Ben (1 a day) 5 and 4: 20 and 9 in all, so each has room for
    the own grid. Ann's seven go 3.85 and 3.15 over her weeks: four and three. Ben's three go 1.67 and 1.33: two, one.
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
    made = plan_work(PLAN, [BEN], [owed(f"T{n}", "G2") for n in (1, 2, 3)], date(2023, 4, 27))
    assert table(made) == [("B", 9, "T1"), ("B", 9, "T2"), ("B", 9, "T3")]
    assert [(load.n, load.capacity, load.over) for load in made.loads] == [(3, 1, 2)]
    assert made.over == 2


def test_a_grid_worker_is_sent_into_no_other_grid() -> None:
    """Nobody could record it there: a grid that only another grid's worker could visit is listed, room or not."""
    made = plan_work(PLAN, [ANN, BEN], [owed("T1"), owed("T2", "G2"), owed("T3", "G3")], date(2023, 4, 17))
    assert table(made) == [("A", 8, "T1"), ("B", 8, "T2")]
    assert [one.target_id for one in made.unplanned] == ["T3"]


def test_a_grid_worker_of_a_whole_community_may_go_anywhere_in_it() -> None:
    """Whoever looks after the area that holds a grid reaches it."""
    all_of_it = Person(PersonId("D"), UnitId("C01"), Role.GRID_WORKER, AreaId("C01"), capacity=1)
    made = plan_work(PLAN, [all_of_it], [evolve(owed("T1", "G3"), within=(AreaId("C01"),))], date(2023, 4, 17))
    assert table(made) == [("D", 8, "T1")]
    assert not made.unplanned


def test_beyond_the_grid_workers_the_people_of_the_unit_go_who_may() -> None:
    """No worker for G3, so the handler goes there, and to no household that the own grid's worker can visit."""
    clerk = Person(PersonId("C"), UnitId("C01"), Role.HANDLER, capacity=1)
    made = plan_work(PLAN, [ANN, clerk], [owed("T1"), owed("T2", "G3")], date(2023, 4, 17))
    assert {line.owed.target_id: line.person_id for line in made.lines} == {"T1": "A", "T2": "C"}


def test_what_is_beyond_the_own_grids_room_is_shared_by_hand() -> None:
    """Thursday 27 April, two days left: Ann (1 a day), a handler (4) and another (2) can make 1, 7 and 3 visits.

    Seven households in Ann's grid, four in nobody's, and workers and handlers go. Ann takes one of her own. The four go
    by 7 and 3: exact shares 2.8 and 1.2, so three and one. Of Ann's other six, left are 4 and 2: four and two. Nobody
    exceeds their room; Ann, who has none left, gets none of the rest.
    """
    roles = ("grid_worker", "handler")
    ann = evolve(ANN, capacity=1)
    four, two = (Person(PersonId(name), UnitId("C01"), Role.HANDLER, capacity=n) for name, n in (("H4", 4), ("H2", 2)))
    visits = [
        *(owed(f"T{n}", "G1", visitors=roles) for n in range(7)),
        *(owed(f"U{n}", "G3", visitors=roles) for n in range(4)),
    ]
    made = plan_work(PLAN, [ann, four, two], visits, date(2023, 4, 27))
    assert {load.person_id: (load.n, load.capacity) for load in made.loads} == {"A": (1, 1), "H2": (3, 3), "H4": (7, 7)}
    assert Counter(line.person_id for line in made.lines if line.owed.area_id == "G3") == {"H4": 3, "H2": 1}
    assert (made.over, made.unplanned) == (0, ())


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
    """The handler Cid made T1 in week 8; of the two left, one each, T2 was Cid's before and stays Cid's."""
    cid, dan = (Person(PersonId(name), UnitId("C01"), Role.HANDLER, capacity=2) for name in ("C", "D"))
    visits = [owed(name, visitors=("handler",)) for name in ("T1", "T2", "T3")]
    for keeps, gets in ((cid, dan), (dan, cid)):
        made = plan_work(
            PLAN,
            [cid, dan],
            visits,
            date(2023, 4, 24),
            done={visits[0].key: (cid.id, date(2023, 4, 20))},
            before={visits[1].key: keeps.id},
        )
        found = {p.owed.target_id: (p.person_id, p.week, p.done) for p in made.lines}
        assert found == {"T1": ("C", 8, True), "T2": (keeps.id, 9, False), "T3": (gets.id, 9, False)}


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


def reaches(person: Person, visit: Owed) -> bool:
    """Say in other words than the table who may record a visit: the unit's people, grid workers in their own grid."""
    own = person.role is not Role.GRID_WORKER or person.area_id == visit.area_id
    return person.unit_id == visit.unit_id and own


@given(staff=people, visits=visits_owed, on=days)
def test_nobody_is_sent_where_they_may_not_record(staff: list[Person], visits: list[Owed], on: date) -> None:
    """And a visit is unplanned only where nobody of the unit with room could record it."""
    made = plan_work(PLAN, staff, visits, on)
    by_id = {person.id: person for person in staff}
    assert all(reaches(by_id[line.person_id], line.owed) for line in made.lines)
    room = {who: sum(weeks.values()) for who, weeks in room_of(PLAN, staff, on).items()}
    for one in visits:
        nobody = not any(reaches(person, one) and room[person.id] for person in staff)
        assert (one in made.unplanned) is nobody


@given(staff=people, visits=visits_owed, on=days)
def test_nobody_exceeds_their_room_while_somebody_who_could_go_has_some(
    staff: list[Person], visits: list[Owed], on: date
) -> None:
    """Of the duty's roles: overload is declared only when all who may record there are full; it is said by how much."""
    made = plan_work(PLAN, staff, visits, on)
    by_id = {person.id: person for person in staff}
    has, can = totals(made, "n"), totals(made, "capacity")
    for line in made.lines:
        if has[line.person_id] > can[line.person_id]:
            role = by_id[line.person_id].role
            for other in staff:
                if other.role is role and reaches(other, line.owed):
                    assert has[other.id] >= can[other.id]
    assert made.over >= sum(max(0, has[who] - can[who]) for who in has)


@given(staff=people, visits=visits_owed, on=days)
def test_the_own_grid_goes_first(staff: list[Person], visits: list[Owed], on: date) -> None:
    """Where a grid's visits are somebody else's, or nobody's, its own workers are full."""
    made = plan_work(PLAN, staff, visits, on)
    by_id = {person.id: person for person in staff}
    has, can = totals(made, "n"), totals(made, "capacity")
    for line in made.lines:
        if by_id[line.person_id].area_id != line.owed.area_id:
            for worker in staff:
                if worker.role is Role.GRID_WORKER and reaches(worker, line.owed):
                    assert has[worker.id] >= can[worker.id]


@given(capacities=st.lists(st.integers(0, 4), min_size=1, max_size=6), visits=visits_owed, on=days)
def test_loads_are_balanced_within_one_visit_among_those_who_share(
    capacities: list[int], visits: list[Owed], on: date
) -> None:
    """Among people who may go anywhere in the unit everybody is less than one visit from the exact share."""
    staff = [Person(PersonId(f"P{i}"), UnitId("C01"), Role.HANDLER, capacity=n) for i, n in enumerate(capacities)]
    mine = [evolve(one, unit_id=UnitId("C01")) for one in visits]
    made = plan_work(PLAN, staff, mine, on)
    has, can = totals(made, "n"), totals(made, "capacity")
    n, room = sum(has.values()), sum(can.values())
    assert n == (len(mine) if room else 0)
    assert all(abs(has[who] * room - n * can[who]) < room for who in has)


def totals(made: WorkPlan, what: str) -> Counter[str]:
    """Return each one's visits or room over all weeks."""
    found: Counter[str] = Counter()
    for load in made.loads:
        found[load.person_id] += getattr(load, what)
    return found


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
