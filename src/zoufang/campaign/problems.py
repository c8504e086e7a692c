"""Common problems: link demands that have one cause, act once, feed back to each person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import attrgetter

import sqlalchemy as sa
from attrs import evolve, fields

from zoufang.campaign.casework import named_by_office, take_steps
from zoufang.campaign.checks import WireColumns, by, known, once
from zoufang.campaign.desk import Desk
from zoufang.campaign.outcomes import Done
from zoufang.errors import BadValueError, ConflictError, IllegalStepError, MissingPartError, UnknownIdError
from zoufang.facts import latest
from zoufang.model import (
    Event,
    Head,
    Likeness,
    Problem,
    ProblemAct,
    ProblemStanding,
    ProblemStep,
    Remedy,
    Status,
    Step,
    Ticket,
)
from zoufang.rules import allowed_in, decide_all, due_after, similar
from zoufang.typing import PersonId, Text, TicketId

BEFORE: Mapping[Status, tuple[Event, ...]] = {
    Status.RAISED: (Event.ROUTE, Event.ACCEPT),
    Status.RETURNED: (Event.ROUTE, Event.ACCEPT),
    Status.ROUTED: (Event.ACCEPT,),
    Status.ACCEPTED: (),
    Status.EXTENDING: (),
    Status.PAUSED: (Event.GO_ON,),
}
"""Status from which handling the common problem handles a ticket too → what comes before that."""

Mark = tuple[str | None, str | None]
"""The submission id and the digest of what was handed in, for the commit that bears them."""

UNMARKED: Mark = (None, None)

step_cells = attrgetter(*(one.name for one in fields(ProblemStep)))


def link(desk: Desk, problem: Problem, ticket_ids: Sequence[TicketId], mark: Mark = UNMARKED) -> Done:
    """Link tickets to a common problem, new or known; those that no unit has go to the unit that leads on it.

    Plan: 三(二)
    """
    desk.resent("link", None, "")
    state, t = desk.state, desk.ledger.tables
    once("ticket", ticket_ids)
    known("unit", [problem.unit_id], state.ids("units", "unit_id"))
    known("topic", [problem.topic_id], desk.plan.topic)
    _known_person(desk, problem.person_id)
    heads = state.families(ticket_ids)
    known("ticket", ticket_ids, heads)
    _check_day(desk, problem.id, problem.on)
    _check_link(desk, problem, [heads[ticket_id] for ticket_id in ticket_ids])
    sheaf = desk.sheaf()
    if not desk.ledger.select(sa.select(t.problems.c.problem_id).where(t.problems.c.problem_id == problem.id)):
        due_on = due_after(desk.plan, problem.on)
        sheaf.problem(problem, 1, due_on)
    sheaf.facts["problem_links"].extend((ticket_id, problem.id, problem.on.isoformat()) for ticket_id in ticket_ids)
    steps = [
        (
            Event.ROUTE,
            Step(ticket_id=i, on=max(problem.on, heads[i].on), unit_id=problem.unit_id, person_id=problem.person_id),
        )
        for i in ticket_ids
        if heads[i].status in (Status.RAISED, Status.RETURNED)
    ]
    decided = decide_all(desk.plan, heads, steps)
    for event, step, head in decided:
        sheaf.event(event, head, step)
    named_by_office(desk, sheaf, [(head.ticket_id, head.unit_id) for _, _, head in decided], rule="problem")
    return desk.commit("link", sheaf, submission_id=mark[0], content=mark[1], n_new=len(ticket_ids))


def _known_person(desk: Desk, person_id: PersonId | None) -> None:
    if person_id is not None:
        known("person", [person_id], desk.state.ids("people", "person_id"))


def _check_day(desk: Desk, problem_id: str, on: object) -> None:
    if str(on) > str(desk.today):
        raise BadValueError(what="on", id=problem_id, value=str(on), allowed=by(desk.today))


def _check_link(desk: Desk, problem: Problem, heads: Sequence[Head]) -> None:
    """Refuse a problem that is handled or led by another unit, and tickets that are linked or handled already."""
    for standing in problems(desk):
        if standing.id == problem.id:
            if (standing.unit_id, standing.topic_id) != (problem.unit_id, problem.topic_id):
                raise ConflictError(what="problem", id=problem.id)
            if standing.remedy is not None:
                allowed = Text("尚未办结的普遍问题", "a common problem that is not handled yet")
                raise BadValueError(what="problem", id=problem.id, value=str(standing.remedy), allowed=allowed)
        taken = {ticket_id for ticket_id, _ in standing.tickets}
        for head in heads:
            if head.ticket_id in taken:
                raise ConflictError(what="ticket", id=head.ticket_id)
    for head in heads:
        if head.status not in BEFORE:
            raise IllegalStepError(
                event="link", ticket_id=head.ticket_id, status=head.status, allowed=allowed_in(head.status)
            )


def handle_problem(desk: Desk, problem_id: str, step: Step, mark: Mark = UNMARKED) -> Done:
    """Handle a common problem once, and with it every linked ticket that is not handled yet.

    Each person is then fed back singly. A ticket that was handled, split or brought to its end meanwhile stays so.

    Plan: 三(二), 四(三)
    """
    desk.resent("handle_problem", None, "")
    standing = next((one for one in problems(desk) if one.id == problem_id), None)
    if standing is None:
        raise UnknownIdError(what="problem", id=problem_id, known=tuple(one.id for one in problems(desk))[:5])
    if standing.remedy is not None:
        allowed = Text("尚未办结的普遍问题", "a common problem that is not handled yet")
        raise BadValueError(what="problem", id=problem_id, value=str(standing.remedy), allowed=allowed)
    if step.remedy is None or (step.remedy is not Remedy.RESOLVED and not step.reason):
        needs = "remedy" if step.remedy is None else "reason"
        raise MissingPartError(event="handle_problem", ticket_id=problem_id, needs=needs)
    if step.reason:
        known("reason", [step.reason], desk.plan.reasons)
    _known_person(desk, step.person_id)
    _check_day(desk, problem_id, step.on)
    state = desk.state
    heads = state.families(ticket_id for ticket_id, _ in standing.tickets)
    steps = [pair for ticket_id, _ in standing.tickets for pair in _steps(heads[ticket_id], standing, step)]
    sheaf = desk.sheaf()
    sheaf.problem_handled(standing, 2, step)
    decided = decide_all(desk.plan, heads, steps)
    for event, taken, head in decided:
        sheaf.event(event, head, taken)
    routed = [(head.ticket_id, head.unit_id) for event, _, head in decided if event is Event.ROUTE]
    named_by_office(desk, sheaf, routed, rule="problem")
    n_handled = sum(event is Event.HANDLE for event, _, _ in decided)
    return desk.commit("handle_problem", sheaf, submission_id=mark[0], content=mark[1], n_new=n_handled)


def _steps(head: Head, standing: ProblemStanding, step: Step) -> list[tuple[Event, Step]]:
    """Return the steps that bring one linked ticket to handled; none where it is further on."""
    on = max(step.on, head.on)
    own = Step(ticket_id=head.ticket_id, on=on, unit_id=standing.unit_id, person_id=step.person_id)
    handled = Step(
        ticket_id=head.ticket_id,
        on=on,
        person_id=step.person_id,
        remedy=step.remedy,
        reason=step.reason,
        plan_on=step.plan_on,
        note=step.note,
    )
    if head.status not in BEFORE:
        return []
    return [*((event, own) for event in BEFORE[head.status]), (Event.HANDLE, handled)]


def take_up(desk: Desk, steps: Sequence[ProblemStep], submission_id: str | None) -> Done:
    """Take steps about common problems in their order: all of them or none.

    Adjacent rows that link tickets to one problem on one day are one change.

    Raises:
        MissingPartError: A link without its topic or unit.
        UnknownIdError: A person who is not in the register.

    Plan: 三(二), 四(三)
    """
    handed_in = desk.content([step_cells(step) for step in steps])
    if (resent := desk.resent("link", submission_id, handed_in)) is not None:
        return resent
    known("person", (step.person_id for step in steps if step.person_id), desk.state.ids("people", "person_id"))
    done = Done(receipt=None)
    mark: Mark = (submission_id, handed_in)
    with desk.ledger.together():
        for _, alike_ in groupby(steps, key=_one_change):
            done = _take(desk, list(alike_), mark)
            mark = UNMARKED
    return evolve(done, n_new=len(steps))


def _one_change(step: ProblemStep) -> tuple[object, ...]:
    """Return what adjacent steps share that are one change; a handling is one by itself."""
    own = id(step) if step.act is ProblemAct.HANDLE else 0
    return (own, step.id, step.topic_id, step.unit_id, step.on, step.person_id)


def _take(desk: Desk, steps: Sequence[ProblemStep], mark: Mark) -> Done:
    first = steps[0]
    if first.act is ProblemAct.HANDLE:
        how = Step(
            ticket_id=TicketId(""),
            on=first.on,
            person_id=first.person_id,
            remedy=first.remedy,
            reason=first.reason,
            plan_on=first.plan_on,
            note=first.note,
        )
        return handle_problem(desk, first.id, how, mark)
    if first.topic_id is None or first.unit_id is None:
        needs = "topic_id" if first.topic_id is None else "unit_id"
        raise MissingPartError(event="link", ticket_id=first.id, needs=needs)
    problem = Problem(first.id, first.topic_id, first.unit_id, first.on, first.person_id, first.note)
    return link(desk, problem, [ticket_id for step in steps for ticket_id in step.tickets], mark)


def problems(desk: Desk) -> tuple[ProblemStanding, ...]:
    """Return every common problem with where its tickets stand, by number.

    Plan: 三(二)
    """
    t = desk.ledger.tables
    now = latest(t.problems, "problem_id")
    found = desk.ledger.select(
        sa.select(now.c.problem_id, now.c.topic_id, now.c.unit_id, now.c.due_on, now.c.remedy).order_by(
            now.c.problem_id
        )
    )
    links = desk.ledger.select(
        sa.select(t.problem_links.c.problem_id, t.problem_links.c.ticket_id).order_by(t.problem_links.c.ticket_id)
    )
    heads = desk.state.heads(ticket_id for _, ticket_id in links)
    linked: defaultdict[str, list[tuple[TicketId, Status]]] = defaultdict(list)
    for problem_id, ticket_id in links:
        linked[problem_id].append((ticket_id, heads[ticket_id].status))
    return tuple(evolve(ProblemStanding(*row), tickets=tuple(linked[row[0]])) for row in found)


def alike(desk: Desk, tickets: Sequence[Ticket]) -> tuple[Likeness, ...]:
    """Suggest which known tickets some new ones may be the same as, before they are raised.

    Plan: 三(二), 四(二)
    """
    return similar(desk.plan, tickets, desk.state.about({ticket.topic_id for ticket in tickets}))


def approve(desk: Desk, approvals: WireColumns, refusals: WireColumns, submission_id: str | None) -> Done:
    """Turn the second key of many closings at once, and refuse single ones among them: all in one commit.

    Plan: 四(三)
    """
    steps = {name: [*cells, *refusals[name]] for name, cells in approvals.items()}
    once("ticket", steps["ticket_id"])
    return take_steps(desk, steps, submission_id)
