"""Work plans: who visits what in which week, shared out by capacity, and planned anew for what is left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from attrs import frozen

from zoufang.errors import NoWorkPlanError
from zoufang.model import CampaignPlan, Person
from zoufang.rules.permissions import Matter, Post, may_reach
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
        within: The areas that hold that place, the community among them.
    """

    target_id: TargetId
    duty_id: str
    unit_id: UnitId
    area_id: AreaId
    visitors: tuple[str, ...] = ()
    within: tuple[AreaId, ...] = ()

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
        unplanned: Visits of units that have nobody who could go and may record it there, or no day left.
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

    Each unit's visits go to its own people of the duty's roles who may record them: a grid worker in the own grid, the
    others anywhere. Somebody's own grid goes to them first, as far as their room reaches; only the rest is shared, in
    proportion to what each can still do. Whoever had a target before keeps it within that. Where none of the duty's
    roles may go, anybody of the unit does who may. Who owes more than they can do get it all the same, in the same
    proportion, and their loads say by how much; what nobody may record is listed as unplanned.

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
    lines: list[Planned] = []
    left: defaultdict[UnitId, list[Owed]] = defaultdict(list)
    for one in owed:
        if one.key in made:
            person_id, day = made[one.key]
            lines.append(Planned(one, person_id, week_of(plan, day), done=True))
        else:
            left[one.unit_id].append(one)
    unplanned: list[Owed] = []
    used: set[PersonId] = set()
    for unit_id in sorted(left):
        able = [person for person in staff if person.unit_id == unit_id and any(room[person.id].values())]
        teams = _teams(left[unit_id], able)
        unplanned += teams.pop((), [])
        used.update(who for team in teams for who in team)
        shared = _Sharing({person.id: person for person in able}, room, had)
        for who, mine in shared.out(teams).items():
            lines.extend(_by_week(mine, who, room[who]))
    return WorkPlan(
        lines=tuple(sorted(lines, key=lambda p: (p.owed.unit_id, p.person_id, p.week, p.owed.area_id, p.owed.key))),
        loads=tuple(_loads(staff, used, lines, room)),
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


Room = dict[PersonId, dict[int, int]]

Teams = Mapping[tuple[PersonId, ...], list[Owed]]
"""Visits by the people who can go; by nobody where the unit has none."""


def _teams(pool: Sequence[Owed], able: Sequence[Person]) -> dict[tuple[PersonId, ...], list[Owed]]:
    """Return the visits by who can go, each in the order of grid and target."""
    alike: defaultdict[tuple[AreaId, tuple[str, ...]], list[Owed]] = defaultdict(list)
    for one in sorted(pool, key=lambda o: (o.area_id, o.key)):
        alike[one.area_id, one.visitors].append(one)
    teams: defaultdict[tuple[PersonId, ...], list[Owed]] = defaultdict(list)
    for some in alike.values():
        teams[_team(some[0], able)] += some
    return dict(teams)


def _team(one: Owed, able: Sequence[Person]) -> tuple[PersonId, ...]:
    """Return who may record a visit: those of the duty's roles, else anybody."""
    matter = Matter(one.target_id, units=frozenset({one.unit_id}), areas=frozenset({one.area_id, *one.within}))
    may = [p for p in able if may_reach(p.role, "record", Post(p.unit_id, p.area_id), matter)]
    return tuple(p.id for p in may if p.role in one.visitors) or tuple(p.id for p in may)


class _Sharing:
    """Shares out one unit's visits.

    Args:
        people: Its people who can go.
        room: What each can do in each week.
        had: Who had a visit in the round before.
    """

    def __init__(self, people: Mapping[PersonId, Person], room: Room, had: Mapping[Owing, PersonId]) -> None:
        self._people, self._had = people, had
        self._room = {who: sum(room[who].values()) for who in people}
        self._mine: dict[PersonId, list[Owed]] = {who: [] for who in people}

    def out(self, teams: Teams) -> dict[PersonId, list[Owed]]:
        """Return each one's visits: the own grid as far as the room reaches, then a share of the rest.

        Whom fewer can visit comes first, so that those who may go anywhere are not used up by what others could do.
        """
        fewest_first = sorted(teams.items(), key=lambda one: (len(one[0]), one[0]))
        rest = {team: self._home(team, some) for team, some in fewest_first}
        for team, some in rest.items():
            if some:
                self._give(team, some, _fair(len(some), self._left(team), [self._room[who] for who in team]))
        return {who: sorted(mine, key=lambda o: (o.area_id, o.key)) for who, mine in self._mine.items()}

    def _left(self, team: Sequence[PersonId]) -> list[int]:
        return [max(0, self._room[who] - len(self._mine[who])) for who in team]

    def _home(self, team: Sequence[PersonId], pool: Sequence[Owed]) -> list[Owed]:
        """Give each grid's visits to its own people as far as their room reaches; return what is left over."""
        by_area: defaultdict[AreaId, list[Owed]] = defaultdict(list)
        for one in pool:
            by_area[one.area_id].append(one)
        rest: list[Owed] = []
        for area_id, some in by_area.items():
            home = [who for who in team if self._people[who].area_id == area_id]
            n = min(len(some), sum(self._left(home)))
            rest += self._give(home, some, _fair(n, self._left(home), self._left(home)))
        return rest

    def _give(self, team: Sequence[PersonId], pool: Sequence[Owed], quota: Sequence[int]) -> list[Owed]:
        """Give out a quota each, first what each had before and last what somebody else had; return what is over."""
        free = dict(zip(team, quota, strict=True))

        def taken(one: Owed) -> bool:
            who = self._had.get(one.key)
            if who is None or not free.get(who):
                return False
            free[who] -= 1
            self._mine[who].append(one)
            return True

        rest = sorted((one for one in pool if not taken(one)), key=lambda one: one.key in self._had)
        for who in team:
            self._mine[who] += rest[: free[who]]
            rest = rest[free[who] :]
        return rest


def _fair(n: int, left: Sequence[int], full: Sequence[int]) -> list[int]:
    """Share out in proportion to what is left; what goes beyond that in proportion to the whole."""
    over = n - sum(left)
    if over <= 0:
        return shares(n, left) if n else [0 for _ in left]
    return [a + b for a, b in zip(left, shares(over, full), strict=True)]


def _by_week(mine: Sequence[Owed], person_id: PersonId, room: Mapping[int, int]) -> Iterable[Planned]:
    start = 0
    for number, n in zip(room, _fair(len(mine), list(room.values()), list(room.values())), strict=True):
        yield from (Planned(one, person_id, number) for one in mine[start : start + n])
        start += n


def _loads(staff: Sequence[Person], used: set[PersonId], lines: Iterable[Planned], room: Room) -> Iterable[Load]:
    n: defaultdict[tuple[PersonId, int], int] = defaultdict(int)
    for line in lines:
        if not line.done:
            n[line.person_id, line.week] += 1
    for person in staff:
        if person.id in used:
            for number, capacity in room[person.id].items():
                yield Load(person.unit_id, person.id, number, n[person.id, number], capacity)
