"""The part of a campaign that plans: who answers, who goes when, and what comes after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from attrs import evolve, frozen

from zoufang.analysis import Window, watch_list
from zoufang.campaign.desk import Desk
from zoufang.campaign.outcomes import Done
from zoufang.campaign.register import route_targets
from zoufang.errors import NoHandOverError, PlanNotSoundError, UnknownIdError
from zoufang.facts import latest, visits_in_force
from zoufang.intake import plan_toml
from zoufang.model import (
    Assignment,
    CampaignPlan,
    Carried,
    Outcome,
    Part,
    Person,
    Reaction,
    Target,
    VisitOwed,
    owes,
    served_together,
    visits_owed,
)
from zoufang.rules import (
    OPEN,
    ContactDue,
    Owed,
    Owing,
    Told,
    WorkPlan,
    assigned_told,
    check_plan,
    contacts_due,
    explain_claims,
    explain_duties,
    next_plan,
    permit,
    plan_work,
)
from zoufang.sdk import CampaignView
from zoufang.typing import PersonId, TargetId, UnitId

CHANGED = ("这是由常态化移交生成的方案，可以修改", "made by the hand-over; it may be changed")


@frozen
class Worked:
    """What came of planning the work.

    Args:
        done: The commit; none where nothing changed since the round before.
        round: The round in force, from 1.
        plan: Every unit's work plan.
    """

    done: Done
    round: int
    plan: WorkPlan


@frozen
class HandedOver:
    """The plan of regular work.

    Args:
        plan: The plan.
        text: The same as a plan file.
    """

    plan: CampaignPlan
    text: str


class Planner:
    """Plans for a campaign.

    Args:
        desk: What every verb works with.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def plan_work(self, on: date | None = None) -> Worked:
        """Plan who visits what in which week, or plan anew what is left; what was done stays.

        Args:
            on: The day of planning; today if None. Visits up to it count as made.

        Returns:
            Every unit's work plan with its loads; a new round is recorded where it differs from the one before.

        Raises:
            NoWorkPlanError: The plan does not say how work plans are made.

        Plan: 四(一)
        """
        desk = self._desk
        desk.resent("plan_work", None, "")
        day = desk.day(on)
        here = _Here(desk)
        number, before = here.last_round()
        made = plan_work(
            desk.plan,
            here.people(),
            here.owed(),
            day,
            done=here.done(day),
            before={key: person for key, (person, _, is_done) in before.items() if not is_done},
        )
        now = {line.owed.key: (line.person_id, line.week, int(line.done)) for line in made.lines}
        if now == before:
            return Worked(Done(receipt=None, n_known=len(now)), number, made)
        sheaf = desk.sheaf()
        sheaf.facts["work_plans"].extend(
            (number + 1, target_id, duty_id, unit_id, *cells, day.isoformat())
            for (target_id, duty_id, unit_id), cells in now.items()
        )
        n_new = sum(not line.done for line in made.lines)
        return Worked(desk.commit("plan_work", sheaf, n_new=n_new), number + 1, made)

    def reassign(self) -> Done:
        """Ask the routers again who answers for each target, where a duty began or ended since.

        A target for which nobody answers any more keeps those who did, and is named.

        Returns:
            How many targets changed hands, and those for which nobody answers now.

        Plan: 二
        """
        desk = self._desk
        desk.resent("reassign", None, "")
        here = _Here(desk)
        targets = list(here.targets.values())
        resolved = route_targets(desk, desk.state.areas(), targets)
        news: defaultdict[str, list[Assignment]] = defaultdict(list)
        for one in resolved.assignments:
            news[one.subject_id].append(one)
        fresh = [key for key, found in news.items() if {*map(_cells, found)} != {*map(_cells, here.answering[key])}]
        sheaf = desk.sheaf()
        rounds = desk.state.rounds("target", fresh)
        sheaf.assignments("target", rounds, [one for key in fresh for one in news[key]])
        known = len(targets) - len(fresh)
        return desk.commit("reassign", sheaf, n_new=len(fresh), n_known=known, unrouted=resolved.unrouted)

    def explain(self, target_id: str, *, on: date | None = None) -> tuple[Told, ...]:
        """Tell who answers for a target, and by which duty, overlap rule, plugin and precedence.

        Args:
            target_id: Which.
            on: The day on which duties must be in force; today if None.

        Raises:
            UnknownIdError: There is no such target.

        Plan: 二
        """
        desk, here = self._desk, _Here(self._desk)
        target = here.targets.get(TargetId(target_id))
        if target is None:
            raise UnknownIdError(what="target", id=target_id, known=tuple(sorted(here.targets)[:5]))
        day, tree = on or desk.today, desk.state.areas()
        view = CampaignView(plan=desk.plan, areas=tree, targets={}, on=day)
        claims = desk.plugins.claim_targets([target], view)
        return (
            *explain_duties(desk.plan, target.kind, tree.community_of(target.area_id), day),
            *explain_claims(desk.plan, claims),
            *assigned_told(here.answering[target.id]),
        )

    def contacts_due(self, on: date | None = None) -> tuple[ContactDue, ...]:
        """Return which targets are to be contacted by a day, as the declared rhythm has it.

        Raises:
            NoHandOverError: The plan declares no rhythm.

        Plan: 三(三)
        """
        day, here = on or self._desk.today, _Here(self._desk)
        last: dict[TargetId, date] = {}
        for target_id, _, _, when in here.visits(day):
            last[target_id] = max(when, last.get(target_id, when))
        reached = [(t.id, t.kind, t.since_on, last.get(t.id)) for t in here.targets.values() if t.since_on <= day]
        return contacts_due(self._desk.plan, reached, day)

    def hand_over(self, *, on: date | None = None) -> HandedOver:
        """Make the plan of regular work: open promises, watch list and rhythm of contact go over into it.

        Nothing is recorded; the new plan begins a ledger of its own.

        Args:
            on: The day of the hand-over; today if None.

        Returns:
            The plan, and its file.

        Raises:
            NoHandOverError: The plan declares no regular mechanism.
            PlanNotSoundError: What would come of it is no sound plan.

        Plan: 三(三), 四(四)
        """
        desk = self._desk
        permit(desk.actor, "hand_over")
        if desk.plan.regular is None:
            raise NoHandOverError(plan=desk.plan.id)
        made = next_plan(desk.plan, _Here(desk).carried(), desk.day(on), desk.ledger.head.seq)
        errors = [remark for remark in check_plan(made) if remark.level == "error"]
        if errors:
            raise PlanNotSoundError(file=made.id, n_errors=len(errors))
        return HandedOver(made, plan_toml(made, heading=CHANGED))


def _cells(one: Assignment) -> tuple[str, ...]:
    return (one.unit_id, one.part, one.rule, one.plugin, one.plugin_version, one.duty_id)


class _Here:
    """What the ledger says that planning needs; a few selects for the whole roster."""

    def __init__(self, desk: Desk) -> None:
        self._plan, self._ledger = desk.plan, desk.ledger
        self._t = desk.ledger.tables
        self._areas = desk.state.areas()
        now = latest(self._t.targets, "target_id")
        query = sa.select(*(now.c[name] for name in ("target_id", "kind", "area_id", "since_on", "tags", "linked_to")))
        self.targets: dict[TargetId, Target] = {
            target_id: Target(target_id, kind, area_id, since_on, tuple(tags.split()), linked_to)
            for target_id, kind, area_id, since_on, tags, linked_to in self._ledger.select(query)
        }
        self.answering: defaultdict[str, list[Assignment]] = self._answering()

    def _answering(self) -> defaultdict[str, list[Assignment]]:
        a = self._t.assignments
        names = ("subject_id", "unit_id", "part", "rule", "plugin", "plugin_version", "reason", "duty_id")
        query = (
            sa.select(a.c.round, *(a.c[name] for name in names))
            .where(a.c.subject == "target")
            .order_by(a.c.subject_id, a.c.round.desc(), a.c.commit_seq, a.c.ord)
        )
        rounds: dict[str, int] = {}
        found: defaultdict[str, list[Assignment]] = defaultdict(list)
        for number, *row in self._ledger.select(query):
            if rounds.setdefault(row[0], number) == number:
                found[row[0]].append(Assignment(row[0], row[1], Part(row[2]), *row[3:]))
        return found

    def people(self) -> list[Person]:
        """Return the members of staff, without names."""
        now = latest(self._t.people, "person_id")
        names = ("person_id", "unit_id", "role", "area_id", "capacity")
        return [Person(*row) for row in self._ledger.select(sa.select(*(now.c[name] for name in names)))]

    def _visits_owed(self) -> Iterator[tuple[Target, VisitOwed]]:
        wants = {kind.id: owes(self._plan, kind.id) for kind in self._plan.kinds}
        for target in self.targets.values():
            for one in visits_owed(wants[target.kind], self.answering[target.id]):
                yield target, one

    def owed(self) -> list[Owed]:
        """Return every visit that a unit owes."""
        visitors = {str(duty.id): duty.visitors for duty in reversed(self._plan.duties)}
        within = {area_id: self._areas.way_up(area_id)[1:] for area_id in self._areas}
        return [
            Owed(
                target.id, one.duty_id, one.unit_id, target.area_id,
                visitors.get(one.duty_id, ()), within[target.area_id],
            )
            for target, one in self._visits_owed()
        ]  # fmt: skip

    def visits(self, day: date) -> list[tuple[TargetId, UnitId, PersonId, date]]:
        """Return the visits that reached a person up to a day, in order: target, unit, visitor, day."""
        v = visits_in_force(self._t)
        query = (
            sa.select(v.c.target_id, v.c.unit_id, v.c.visitor_id, v.c.on)
            .where(v.c.outcome == str(Outcome.MET), v.c.on <= day)
            .order_by(v.c.on, v.c.visit_id)
        )
        return [(row[0], row[1], row[2], row[3]) for row in self._ledger.select(query)]

    def done(self, day: date) -> dict[Owing, tuple[PersonId, date]]:
        """Return the visits that are owed and were made up to a day: by whom and when first."""
        went: defaultdict[TargetId, dict[UnitId, tuple[date, PersonId]]] = defaultdict(dict)
        for target_id, unit_id, person_id, when in self.visits(day):
            went[target_id].setdefault(unit_id, (when, person_id))
        linked = self._linked()
        found: dict[Owing, tuple[PersonId, date]] = {}
        for target, one in self._visits_owed():
            mine = went.get(target.id, {})
            others = [made for other in linked[target.id] for made in went.get(other, {}).values()]
            if one.served_by(mine, linked=bool(others)):
                able = [made for unit_id, made in mine.items() if one.by is None or unit_id in one.by]
                when, person_id = min(able or others)
                found[target.id, one.duty_id, one.unit_id] = person_id, when
        return found

    def _linked(self) -> defaultdict[TargetId, list[TargetId]]:
        """Return for each target those that it is linked to, either way, of which one visit serves both."""
        pairs = served_together(self._plan)
        found: defaultdict[TargetId, list[TargetId]] = defaultdict(list)
        for target in self.targets.values():
            other = None if target.linked_to is None else self.targets.get(target.linked_to)
            if other is not None and (target.kind, other.kind) in pairs:
                found[target.id].append(other.id)
                found[other.id].append(target.id)
        return found

    def last_round(self) -> tuple[int, Mapping[Owing, tuple[PersonId, int, int]]]:
        """Return the number of the last round, 0 for none, and its lines: who, which week, done or not."""
        w = self._t.work_plans
        newest = sa.select(sa.func.max(w.c.round)).scalar_subquery()
        query = sa.select(w.c.round, w.c.target_id, w.c.duty_id, w.c.unit_id, w.c.person_id, w.c.week, w.c.done).where(
            w.c.round == newest
        )
        rows = self._ledger.select(query)
        return (rows[0][0] if rows else 0), {(r[1], r[2], r[3]): (r[4], r[5], r[6]) for r in rows}

    def carried(self) -> list[Carried]:
        """Return the tickets that go on: open, promised for a day, or explained without one.

        A split ticket goes over as one; who still held parts of it is named.
        """
        watched = {one.ticket_id: one for one in watch_list(self._ledger, Window())}
        co = self._co()
        found: list[Carried] = []
        for ticket_id, topic_id, unit_id, target_id, area_id, raised_on, status, due_on in self._ledger.select(
            self._standing()
        ):
            whose = Carried(
                ticket_id, "open", topic_id, unit_id, target_id, area_id, due_on=due_on, raised_on=raised_on,
                co=tuple(sorted(co[ticket_id] - {unit_id})),
            )  # fmt: skip
            if (one := watched.get(ticket_id)) is not None:
                reaction = None if one.reaction == Reaction.UNKNOWN else Reaction(one.reaction)
                found.append(
                    evolve(
                        whose,
                        why="watch" if one.plan_on is None else "promise",
                        due_on=None,
                        plan_on=one.plan_on,
                        remedy=one.remedy,
                        reason=one.reason or None,
                        reaction=reaction,
                    )
                )
            elif status in OPEN:
                found.append(whose)
        return found

    def _standing(self) -> sa.Select[Any]:
        t, now = self._t.tickets, latest(self._t.ticket_events, "ticket_id")
        cells = (t.c.ticket_id, t.c.topic_id, now.c.unit_id, t.c.target_id, t.c.area_id, t.c.on)
        return (
            sa.select(*cells, now.c.status, now.c.due_on)
            .join_from(t, now, now.c.ticket_id == t.c.ticket_id)
            .where(t.c.parent_id.is_(None))
            .order_by(t.c.ticket_id)
        )

    def _co(self) -> defaultdict[str, set[UnitId]]:
        """Return the units that help on each ticket: by its latest round, or with a part that is not at its end."""
        t, now = self._t.tickets, latest(self._t.ticket_events, "ticket_id")
        query = sa.select(t.c.parent_id, now.c.unit_id).join_from(t, now, now.c.ticket_id == t.c.ticket_id)
        held = (t.c.parent_id.is_not(None), now.c.unit_id.is_not(None), now.c.status.in_([str(s) for s in OPEN]))
        a = latest(self._t.assignments, "subject_id", counter="round")
        helping = sa.select(a.c.subject_id, a.c.unit_id).where(a.c.subject == "ticket", a.c.part == str(Part.CO))
        found: defaultdict[str, set[UnitId]] = defaultdict(set)
        for ticket_id, unit_id in (*self._ledger.select(query.where(*held)), *self._ledger.select(helping)):
            found[ticket_id].add(unit_id)
        return found
