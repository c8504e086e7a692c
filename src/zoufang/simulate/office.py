"""What the office decides about hard cases: it reads the lists as a clerk does, and fills in the sheets."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from attrs import define, field, frozen

from zoufang.model import CampaignPlan, Event, Person, ProblemAct, Remedy, Role, Status
from zoufang.simulate.lists import Lists, ProblemRow, ProblemStepRow, ReplyRow, Span, TodoRow, WatchedRow, reason_of
from zoufang.simulate.street import Street
from zoufang.typing import AreaId, TicketId, TopicId, UnitId

SPLITS, THIRD_UNIT = 0.05, 0.3
"""How many newly sent tickets the office splits, and how many of those among three units."""

MOST_PROBLEMS, AT_LEAST, SHARE_OF_ALL, TIMES_THE_OTHERS = 2, 6, 0.015, 3.0
"""So many common problems are found in a campaign: where so many open tickets of one topic lie in one community, so
large a share of all who are visited there, and so many times more than in the others."""

_SOLVED_AT_ONE_BLOW = 0.8
_ENDED = (Status.CLOSED, Status.STRUCK, Status.WITHDRAWN, Status.MERGED)
_GOING_ON = (Status.ROUTED, Status.ACCEPTED)
_WAITS = ("waits_for_project", "no_funds", "needs_agreement")

Cluster = tuple[TopicId, AreaId]


class _Found(NamedTuple):
    """A common problem: its number, what it is about, and the unit that leads on it."""

    id: str
    topic_id: TopicId
    unit_id: UnitId


@define
class Decided:
    """What the office decided in one span.

    Args:
        replies: Its steps, before those of the units.
        problem_steps: Its steps about common problems.
        todo: The to-do list as the units go on from it.
        steady: Tickets that no unit turns away any more: another one rests on them.
        held: Tickets that wait for the common problem behind them.
        floors: The first day on which the next step of a ticket may be dated.
        resumed: Tickets whose promise is kept now; nobody is called back about them.
    """

    replies: list[ReplyRow] = field(factory=list)
    problem_steps: list[ProblemStepRow] = field(factory=list)
    todo: list[TodoRow] = field(factory=list)
    steady: set[TicketId] = field(factory=set)
    held: set[TicketId] = field(factory=set)
    floors: dict[TicketId, date] = field(factory=dict)
    resumed: set[TicketId] = field(factory=set)


@frozen
class Office:
    """The office of the street, at its desk.

    Args:
        plan: Units, topics and working days.
        street: Who works where, and which grid lies in which community.
        seed: The world's seed.
    """

    plan: CampaignPlan
    street: Street
    seed: int

    def decide(self, lists: Lists, same: Mapping[TicketId, Sequence[TicketId]], span: Span) -> Decided:
        """Return what the office does in the days since the last dispatch.

        Args:
            lists: What lies in the outbox.
            same: The calls of one person about one thing, each with those before it, as the hotline's export shows.
            span: The days.
        """
        done = Decided()
        gone: set[TicketId] = set()
        self._problems(lists, span, done)
        for step in self._merges(lists.todo, same, span, done):
            done.replies.append(step)
            gone.add(step.ticket_id)
        for step in self._splits([row for row in lists.todo if row.ticket_id not in gone], span, done):
            done.replies.append(step)
            gone.add(step.ticket_id)
        handled = {row.id: row for row in done.problem_steps if row.act is ProblemAct.HANDLE}
        for row in lists.todo:
            if row.ticket_id not in gone:
                done.todo.append(self._as_left(row, lists.linked, handled, done))
        for watched in lists.watched:
            self._resume(watched, span, done)
        return done

    def person(self, rng: Random) -> Person:
        """Return who signs for the office: its first member."""
        return self.street.staff[rng.choice(self.plan.dispatch.offices)][0]

    def _day(self, span: Span, rng: Random) -> date:
        """Return one of the first two working days of the span."""
        on = self.plan.working_days.add_working_days(span.after, rng.randint(1, 2))
        return min(on, span.last_day(self.plan))

    # --- duplicates ---

    def _merges(
        self, todo: Sequence[TodoRow], same: Mapping[TicketId, Sequence[TicketId]], span: Span, done: Decided
    ) -> Iterator[ReplyRow]:
        """Merge what somebody called about again into the first of the calls that is still open."""
        there = {row.ticket_id: row for row in todo}
        for row in todo:
            into = next((there[i] for i in same.get(row.ticket_id, ()) if i in there), None)
            if row.status is not Status.ROUTED or into is None or row.ticket_id in done.held:
                continue
            rng = Random(f"{self.seed}/merge/{row.ticket_id}")
            on, person = max(self._day(span, rng), row.routed_on or span.after), self.person(rng)
            step = ReplyRow(row.ticket_id, Event.MERGE, on, person.unit_id, person.id)
            yield step._replace(
                into=into.ticket_id, note="同一人就同一事项再次来电，并入前件办理。", version=row.version
            )
            done.steady.add(into.ticket_id)
            if into.status in (Status.FED_BACK, Status.APPLIED):
                yield step._replace(event=Event.TELL, note="已告知本人并入前件及办理结果。")

    # --- splits ---

    def _splits(self, todo: Sequence[TodoRow], span: Span, done: Decided) -> Iterator[ReplyRow]:
        """Split some of the tickets that were sent out last week among the units that they concern."""
        if span.last:
            return
        for row in todo:
            rng = Random(f"{self.seed}/split/{row.ticket_id}")
            new = row.status is Status.ROUTED and row.version <= 2 and not row.is_part
            if not new or rng.random() >= SPLITS or row.ticket_id in done.held | done.steady:
                continue
            others = self._concerned(row)
            if others:
                n = min(len(others), 2 if rng.random() < THIRD_UNIT else 1)
                on, person = max(self._day(span, rng), row.routed_on or span.after), self.person(rng)
                yield ReplyRow(
                    row.ticket_id, Event.SPLIT, on, person.unit_id, person.id, version=row.version,
                    parts=(row.unit_id, *rng.sample(others, n)), note="涉及多个部门，分解办理。",
                )  # fmt: skip

    def _concerned(self, row: TodoRow) -> list[UnitId]:
        """Return the units that a ticket may concern besides its lead: of topics of its domain, and the community."""
        topic = self.plan.topic.get(TopicId(row.topic_id))
        near = [one.unit for one in self.plan.topics if topic is not None and one.domain == topic.domain and one.unit]
        units = {u for u in near if u in self.plan.unit and not self.plan.unit[u].per_community}
        community = self.street.community_of.get(row.area_id) if row.area_id else None
        units |= {UnitId(community)} if community else set()
        return sorted(unit for unit in units if unit != row.unit_id and unit in self.street.staff)

    # --- promises ---

    def _resume(self, row: WatchedRow, span: Span, done: Decided) -> None:
        """Open a promise again whose day has come; the unit goes on in the same span where it can."""
        if row.status is not Status.CLOSED:
            return
        rng = Random(f"{self.seed}/resume/{row.ticket_id}")
        on, person = self._day(span, rng), self.person(rng)
        done.replies.append(
            ReplyRow(row.ticket_id, Event.RESUME, on, person.unit_id, person.id, note="计划日期已到，继续办理。")
        )
        done.resumed.add(row.ticket_id)
        done.floors[row.ticket_id] = on
        done.todo.append(TodoRow(row.ticket_id, Status.ACCEPTED, row.unit_id, "", on, 0))

    # --- common problems ---

    def _problems(self, lists: Lists, span: Span, done: Decided) -> None:
        """Handle the problems whose limit comes, link new tickets to the others, and find a new one."""
        community = self._communities(lists.todo)
        for problem in lists.problems:
            if problem.remedy is None:
                mine = {i for i, number in lists.linked.items() if number == problem.id}
                done.held |= mine
                if span.last or problem.due_on <= span.on:
                    done.problem_steps.append(self._handled(problem, span))
                else:
                    places = {community.get(ticket_id) for ticket_id in mine} - {None}
                    alike = [row for row in self._free(lists) if row.topic_id == problem.topic_id]
                    more = [row for row in alike if community.get(row.ticket_id) in places]
                    self._link(_Found(problem.id, TopicId(problem.topic_id), problem.unit_id), more, span, done)
        if len(lists.problems) < MOST_PROBLEMS and not span.last:
            self._find(lists, community, span, done)

    def _communities(self, todo: Sequence[TodoRow]) -> dict[TicketId, AreaId]:
        of = self.street.community_of
        return {row.ticket_id: of[row.area_id] for row in todo if row.area_id is not None and row.area_id in of}

    @staticmethod
    def _free(lists: Lists) -> list[TodoRow]:
        """Return the tickets that may be linked: with a unit, not handled, neither a part nor linked."""
        return [r for r in lists.todo if r.status in _GOING_ON and not r.is_part and r.ticket_id not in lists.linked]

    def _find(self, lists: Lists, community: Mapping[TicketId, AreaId], span: Span, done: Decided) -> None:
        known = {problem.topic_id for problem in lists.problems}
        heaps: defaultdict[Cluster, list[TodoRow]] = defaultdict(list)
        for row in self._free(lists):
            if row.ticket_id in community and row.topic_id not in known:
                heaps[TopicId(row.topic_id), community[row.ticket_id]].append(row)
        by_topic = Counter({topic: 0 for topic, _ in heaps})
        for (topic, _), rows in heaps.items():
            by_topic[topic] += len(rows)
        n_others = max(1, len(self.street.communities) - 1)
        standing_out = [
            (len(rows), (topic, place))
            for (topic, place), rows in heaps.items()
            if len(rows) >= max(AT_LEAST, SHARE_OF_ALL * self.street.n_targets[place])
            and len(rows) >= TIMES_THE_OTHERS * (by_topic[topic] - len(rows)) / n_others
        ]
        if standing_out:
            _, cluster = max(standing_out)
            rows = heaps[cluster]
            unit = max(sorted({row.unit_id for row in rows}), key=Counter(row.unit_id for row in rows).__getitem__)
            self._link(_Found(f"PT-{len(lists.problems) + 1}", cluster[0], unit), rows, span, done)

    def _link(self, problem: _Found, rows: Sequence[TodoRow], span: Span, done: Decided) -> None:
        if not rows:
            return
        rng = Random(f"{self.seed}/link/{problem.id}/{span.on}")
        tickets = tuple(sorted(row.ticket_id for row in rows))
        person, on = self.person(rng), self._day(span, rng)
        step = ProblemStepRow(problem.id, ProblemAct.LINK, on, problem.topic_id, problem.unit_id, tickets, person.id)
        done.problem_steps.append(step._replace(note="同一区域、同一主题的诉求集中，按普遍问题一并办理。"))
        done.held.update(tickets)

    def _handled(self, problem: ProblemRow, span: Span) -> ProblemStepRow:
        """Return the one step that handles a common problem, on its last day or before."""
        rng = Random(f"{self.seed}/problem/{problem.id}")
        last = span.last_day(self.plan)
        on = max(min(problem.due_on, last), span.first_day(self.plan))
        staff = self.street.staff.get(problem.unit_id) or self.street.staff[self.plan.dispatch.offices[0]]
        able = [p for p in staff if p.role is Role.HANDLER and not p.capacity] or list(staff)
        step = ProblemStepRow(problem.id, ProblemAct.HANDLE, on, person_id=rng.choice(able).id)
        if rng.random() < _SOLVED_AT_ONE_BLOW:
            return step._replace(remedy=Remedy.RESOLVED, note="已从根源上处理，相关诉求一并解决。")
        return step._replace(
            remedy=Remedy.PARTLY,
            reason=rng.choice(reason_of(self.plan, _WAITS)),
            plan_on=self.plan.working_days.add_working_days(on + timedelta(days=rng.randint(25, 60)), 1),
            note="已先行处置，余下工程列入计划。",
        )

    def _as_left(
        self,
        row: TodoRow,
        linked: Mapping[TicketId, str],
        handled: Mapping[str, ProblemStepRow],
        done: Decided,
    ) -> TodoRow:
        """Return a row as the unit finds it once the common problem behind its ticket was handled."""
        step = handled.get(linked.get(row.ticket_id, ""))
        if step is None or row.status not in _GOING_ON:
            if step is not None:
                done.held.discard(row.ticket_id)
            return row
        done.held.discard(row.ticket_id)
        done.floors[row.ticket_id] = step.on
        return row._replace(status=Status.HANDLED, remedy=step.remedy, version=0)


def has_ended(status: Status) -> bool:
    """Say whether nobody owes anything more on a ticket."""
    return status in _ENDED
