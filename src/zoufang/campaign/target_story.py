"""How a target came where it is: who answers for it, who went there, and which visit is still missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from zoufang.campaign import telling as say
from zoufang.campaign.storyteller import Row, Storyteller
from zoufang.facts import latest, visits_in_force
from zoufang.model import Assignment, Outcome, Part, owes, served_together, visits_owed
from zoufang.rules import weeks
from zoufang.typing import KindId, Text


class TargetStory(Storyteller):
    """Tells of targets."""

    def told(self, target_id: str) -> Iterator[Text]:
        """Yield the sentences about a target; none where there is no such target."""
        now, t = latest(self.t.targets, "target_id"), self.t.tickets
        found = self.rows(sa.select(now).where(now.c.target_id == target_id))
        if not found:
            return
        row = found[0]
        kind = self.desk.plan.kind.get(KindId(row["kind"]))
        label = kind.label if kind else say.plain(row["kind"])
        yield say.TARGET.filled(id=target_id, kind=label, area=self.area(row["area_id"]), on=row["since_on"])
        yield from self.forgotten(target_id)
        answering = self._answering(target_id)
        yield from self._answers(answering)
        yield from self._visits(row, answering)
        tickets = sa.select(t.c.ticket_id).where(t.c.target_id == target_id, t.c.on <= self.on)
        for one in self.rows(tickets.order_by(t.c.on, t.c.ticket_id)):
            yield self.brief(say.TICKET, one["ticket_id"])

    def _answering(self, target_id: str) -> list[Row]:
        assigned = self.assigned("target", target_id)
        return [one for one in assigned if one["round"] == assigned[-1]["round"]]

    def _answers(self, answering: Sequence[Row]) -> Iterator[Text]:
        if not answering:
            yield say.NO_ANSWER
        for one in answering:
            duty = say.DUTY.filled(id=one["duty_id"]) if one["duty_id"] else say.plain("")
            part = say.part(one["part"], one["duty_id"])
            yield say.ANSWERS.filled(unit=self.unit(one["unit_id"]), part=part, duty=duty, rule=self.rule(one))

    def _visits(self, target: Row, answering: Sequence[Row]) -> Iterator[Text]:
        v, target_id = visits_in_force(self.t), target["target_id"]
        serving = (target_id, *self._linked(target))
        made = self.rows(
            sa.select(v).where(v.c.target_id.in_(serving), v.c.on <= self.on).order_by(v.c.on, v.c.visit_id)
        )
        for row in made:
            heard = say.NONE_HEARD if row["no_demand"] else say.HEARD.filled(n=row["n_findings"])
            met = row["outcome"] == Outcome.MET
            other = [] if row["target_id"] == target_id else [say.LINKED.filled(id=row["target_id"])]
            outcome = say.joined([say.OUTCOMES[row["outcome"]], *([heard] if met else []), *other])
            by = {"unit": self.unit(row["unit_id"]), "id": row["visitor_id"]}
            yield say.VISIT.filled(on=row["on"], **by, outcome=outcome)
        missing = [*_missing(made), *self._owed(target, answering, made)]
        yield from missing or [say.VISITED]
        if missing:
            yield from self._planned(target_id)

    def _linked(self, target: Row) -> list[str]:
        """Return the linked targets, either way, of which one visit serves this one too, where the plan says so."""
        together, now = served_together(self.desk.plan), latest(self.t.targets, "target_id")
        if not together:
            return []
        linked = sa.or_(now.c.linked_to == target["target_id"], now.c.target_id == target["linked_to"])
        others = self.rows(sa.select(now.c.target_id, now.c.kind).where(linked))
        return [other["target_id"] for other in others if (target["kind"], other["kind"]) in together]

    def _owed(self, target: Row, answering: Sequence[Row], made: Sequence[Row]) -> Iterator[Text]:
        """Yield which units still owe a visit of their own, though somebody else was there."""
        met = [row for row in made if row["outcome"] == Outcome.MET]
        if not met or KindId(target["kind"]) not in self.desk.plan.kind:
            return
        went = {row["unit_id"] for row in met if row["target_id"] == target["target_id"]}
        linked = any(row["target_id"] != target["target_id"] for row in met)
        for one in visits_owed(owes(self.desk.plan, KindId(target["kind"])), map(_assignment, answering)):
            if not one.served_by(went, linked=linked):
                yield say.OWES.filled(unit=self.unit(one.unit_id), id=one.duty_id)

    def _planned(self, target_id: str) -> Iterator[Text]:
        """Yield by whom and by when the missing visit is to be made: as the work plan has it, and the phase."""
        plan, w = self.desk.plan, self.t.work_plans
        newest = sa.select(sa.func.max(w.c.round)).where(w.c.on <= self.on).scalar_subquery()
        lines = sa.select(w).where(w.c.target_id == target_id, w.c.round == newest, w.c.done == 0)
        spans = {week.number: week for week in weeks(plan)}
        for row in self.rows(lines.order_by(w.c.week, w.c.unit_id)):
            week = spans[row["week"]]
            who = {"unit": self.unit(row["unit_id"]), "id": row["person_id"]}
            yield say.PLANNED_VISIT.filled(**who, n=week.number, first=week.from_on, last=week.to_on)
        if plan.workplan is not None:
            (phase,) = [phase for phase in plan.phases if phase.id == plan.workplan.phase]
            yield say.VISIT_BY.filled(phase=phase.label, on=phase.ends_on)


def _assignment(row: Row) -> Assignment:
    names = ("subject_id", "unit_id", "part", "rule", "plugin", "plugin_version", "reason", "duty_id")
    subject_id, unit_id, part, *said = (row[name] for name in names)
    return Assignment(subject_id, unit_id, Part(part), *said)


def _missing(made: Sequence[Row]) -> Iterator[Text]:
    met = [row for row in made if row["outcome"] == Outcome.MET]
    if not met:
        yield say.NOT_MET.filled(n=len(made))
    elif not any(row["no_demand"] or row["n_findings"] for row in met):
        yield say.NOT_COLLECTED
