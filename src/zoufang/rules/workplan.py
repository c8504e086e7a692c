"""Work plans: who visits what in which week, shared out by capacity, and planned anew for what is left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from attrs import frozen

from zoufang.errors import NoWorkPlanError
from zoufang.model import CampaignPlan, Person
from zoufang.rules.phases import phase_start
from zoufang.rules.rhythm import WEEK, weeks
from zoufang.typing import AreaId, PersonId, TargetId, UnitId

DAY = timedelta(days=1)
HUNDRED = 100

Owing = tuple[TargetId, str, UnitId]
"""What tells one visit that is owed from another: the target, the duty (may be empty), the unit."""


@frozen
class Owed:
    """A visit that a unit owes.

    Args:
        target_id: To whom.
        duty_id: By which duty; empty where the lead answers by none.
        unit_id: Which unit.
        area_id: Where the target stands.
        visitors: Which roles go; empty for anybody in the unit.
    """

    target_id: TargetId
    duty_id: str
    unit_id: UnitId
    area_id: AreaId
    visitors: tuple[str, ...] = ()

    @property
    def key(self) -> Owing:
        """What tells it from every other visit that is owed."""
        return self.target_id, self.duty_id, self.unit_id


@frozen
class Planned:
    """One line of a work plan.

    Args:
        owed: The visit.
        person_id: Who goes, or went.
        week: Number of the dispatch week.
        done: True where the visit was made before.
    """

    owed: Owed
    person_id: PersonId
    week: int
    done: bool = False


@frozen
class WorkWeek:
    """The days of one dispatch week on which visits can be made.

    Args:
        number: Of the dispatch week.
        days: Its working days within the phase, and not before the day of planning.
    """

    number: int
    days: tuple[date, ...]


@frozen
class Load:
    """What one person has to do in one week.

    Args:
        unit_id: Their unit.
        person_id: Who.
        week: Number of the dispatch week.
        n: Visits planned, at least 0.
        capacity: Visits that can be made, at least 0.
    """

    unit_id: UnitId
    person_id: PersonId
    week: int
    n: int
    capacity: int

    @property
    def over(self) -> int:
        """Visits beyond what can be made: a declared overload; 0 where there is none."""
        return max(0, self.n - self.capacity)


@frozen
class WorkPlan:
    """Every lead unit's work plan.

    Args:
        lines: Each visit that is owed once, those that were made among them, by unit, person, week and target.
        loads: Each person's weeks from the day of planning on.
        unplanned: Visits of units that have nobody who could go, or no day left.
    """

    lines: tuple[Planned, ...]
    loads: tuple[Load, ...]
    unplanned: tuple[Owed, ...]

    @property
    def over(self) -> int:
        """Visits beyond what can be made, in all."""
        return sum(load.over for load in self.loads)


def work_weeks(plan: CampaignPlan, on: date | None = None) -> tuple[WorkWeek, ...]:
    """Return the weeks in which visits can be made.

    Args:
        plan: Its weekly rhythm, calendar and phase of visits apply.
        on: The day of planning; earlier days are gone. None for the whole phase.

    Returns:
        The weeks with at least one working day left, in order.

    Raises:
        NoWorkPlanError: The plan does not say how work plans are made.

    Plan: 四(一)
    """
    if plan.workplan is None:
        raise NoWorkPlanError(plan=plan.id)
    phase = next(phase for phase in plan.phases if phase.id == plan.workplan.phase)
    first, last = max(phase_start(plan, phase), on or date.min), phase.ends_on
    calendar = plan.working_days
    found = []
    for week in weeks(plan):
        span = (week.from_on + i * DAY for i in range((week.to_on - week.from_on).days + 1))
        days = tuple(day for day in span if first <= day <= last and calendar.is_working(day))
        if days:
            found.append(WorkWeek(week.number, days))
    return tuple(found)


def week_of(plan: CampaignPlan, day: date) -> int:
    """Return the number of the dispatch week that covers a day; 0 or less before the first.

    Plan: 五(二)
    """
    return (day - (plan.dispatch.first_on - WEEK)).days // WEEK.days + 1


def room_of(plan: CampaignPlan, people: Iterable[Person], on: date | None = None) -> dict[PersonId, dict[int, int]]:
    """Return how many visits each person can make in each week: capacity times days, less expected absence.

    Args:
        plan: Its work-plan rule applies.
        people: Members of staff with their capacity a working day.
        on: The day of planning.

    Returns:
        By person and week; whole visits, rounded down.

    Raises:
        NoWorkPlanError: The plan does not say how work plans are made.

    Plan: 四(一)
    """
    left = work_weeks(plan, on)
    rule = plan.workplan
    if rule is None:  # work_weeks has refused already; this tells the type checker
        raise NoWorkPlanError(plan=plan.id)
    room: dict[PersonId, dict[int, int]] = {}
    for person in people:
        away = [absence for absence in rule.absences if absence.covers(person.id, person.unit_id, absence.first_on)]
        room[person.id] = {
            week.number: sum(not any(a.first_on <= day <= a.last_on for a in away) for day in week.days)
            * person.capacity
            * (HUNDRED - rule.absence_percent)
            // HUNDRED
            for week in left
        }
    return room


def plan_work(
    plan: CampaignPlan,
    people: Sequence[Person],
    owed: Iterable[Owed],
    on: date | None = None,
    *,
    done: Mapping[Owing, tuple[PersonId, date]] | None = None,
    before: Mapping[Owing, PersonId] | None = None,
) -> WorkPlan:
    """Share out the visits that are owed.

    Each unit's visits go to its own people of the duty's roles, in proportion to what each can still do; a person who
    had a target before keeps it, then whoever looks after its grid has it, as far as their share reaches. A unit that
    owes more than it can do gets it all the same, in the same proportion, and its loads say by how much.

    Args:
        plan: Its work-plan rule, weekly rhythm and calendar apply.
        people: Members of staff.
        owed: Every visit that is owed, made or not.
        on: The day of planning; None plans the whole phase.
        done: Visits that were made, by whom and when; they stay as they are.
        before: Who had a visit in the round before.

    Returns:
        The same for the same visits and people in any order.

    Raises:
        NoWorkPlanError: The plan does not say how work plans are made.

    Plan: 四(一)
    """
    made, had = done or {}, before or {}
    staff = sorted(people, key=lambda p: p.id)
    room = room_of(plan, staff, on)
    full = {who: dict(by_week) for who, by_week in room.items()}
    lines: list[Planned] = []
    pools: defaultdict[tuple[UnitId, tuple[str, ...]], list[Owed]] = defaultdict(list)
    for one in owed:
        if one.key in made:
            person_id, day = made[one.key]
            lines.append(Planned(one, person_id, week_of(plan, day), done=True))
        else:
            pools[one.unit_id, one.visitors].append(one)
    unplanned: list[Owed] = []
    used: set[PersonId] = set()
    for unit_id, visitors in sorted(pools):
        pool = sorted(pools[unit_id, visitors], key=lambda o: (o.area_id, o.key))
        team = _team(staff, unit_id, visitors)
        used.update(person.id for person in team)
        if not sum(sum(full[person.id].values()) for person in team):
            unplanned.extend(pool)
            continue
        for person, mine in _shared_out(pool, team, room, full, had):
            lines.extend(_by_week(mine, person.id, room[person.id], full[person.id]))
    return WorkPlan(
        lines=tuple(sorted(lines, key=lambda p: (p.owed.unit_id, p.person_id, p.week, p.owed.area_id, p.owed.key))),
        loads=tuple(_loads(staff, used, lines, full)),
        unplanned=tuple(sorted(unplanned, key=lambda o: o.key)),
    )


def shares(n: int, weights: Sequence[int]) -> list[int]:
    """Share whole things out in proportion, by largest remainders; equal remainders in order.

    Args:
        n: How many, at least 0.
        weights: At least 0 each, not all 0.

    Returns:
        As many as weights, adding up to ``n``; each differs from its exact share by less than 1.
    """
    whole = sum(weights)
    given = [n * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(n * weights[i] % whole), i))
    for i in order[: n - sum(given)]:
        given[i] += 1
    return given


def _team(staff: Sequence[Person], unit_id: UnitId, visitors: tuple[str, ...]) -> list[Person]:
    """Return who can go: the unit's people of the duty's roles, else anybody of the unit with a capacity."""
    able = [person for person in staff if person.unit_id == unit_id and person.capacity > 0]
    return [person for person in able if person.role in visitors] or able


Room = dict[PersonId, dict[int, int]]


def _weights(n: int, left: Sequence[int], full: Sequence[int]) -> Sequence[int]:
    """Return by what to share out: what is left, or the whole where too little is left."""
    return left if n <= sum(left) else full


def _shared_out(
    pool: Sequence[Owed], team: Sequence[Person], room: Room, full: Room, had: Mapping[Owing, PersonId]
) -> list[tuple[Person, list[Owed]]]:
    left, whole = ([sum(of[person.id].values()) for person in team] for of in (room, full))
    quota = dict(zip((p.id for p in team), shares(len(pool), _weights(len(pool), left, whole)), strict=True))
    mine: dict[PersonId, list[Owed]] = {person.id: [] for person in team}
    at_home: defaultdict[AreaId, list[PersonId]] = defaultdict(list)
    for person in team:
        if person.area_id is not None:
            at_home[person.area_id].append(person.id)

    def taken(one: Owed, by: Iterable[PersonId | None]) -> bool:
        able = [who for who in by if who is not None and quota.get(who, 0) > len(mine[who])]
        if able:
            mine[max(able, key=lambda who: (quota[who] - len(mine[who]), who))].append(one)
        return bool(able)

    rest = [one for one in pool if not taken(one, [had.get(one.key)])]
    rest = [one for one in rest if not taken(one, at_home.get(one.area_id, ()))]
    for person in team:
        n = quota[person.id] - len(mine[person.id])
        mine[person.id].extend(rest[:n])
        rest = rest[n:]
    return [(person, sorted(mine[person.id], key=lambda o: (o.area_id, o.key))) for person in team]


def _by_week(
    mine: Sequence[Owed], person_id: PersonId, room: dict[int, int], full: dict[int, int]
) -> Iterable[Planned]:
    numbers = list(room)
    left, whole = list(room.values()), list(full.values())
    weights = _weights(len(mine), left, whole)
    given = shares(len(mine), weights) if sum(weights) else []
    start = 0
    for number, n in zip(numbers, given, strict=False):
        yield from (Planned(one, person_id, number) for one in mine[start : start + n])
        room[number] = max(0, room[number] - n)
        start += n


def _loads(staff: Sequence[Person], used: set[PersonId], lines: Iterable[Planned], full: Room) -> Iterable[Load]:
    n: defaultdict[tuple[PersonId, int], int] = defaultdict(int)
    for line in lines:
        if not line.done:
            n[line.person_id, line.week] += 1
    for person in staff:
        if person.id in used:
            for number, capacity in full[person.id].items():
                yield Load(person.unit_id, person.id, number, n[person.id, number], capacity)
