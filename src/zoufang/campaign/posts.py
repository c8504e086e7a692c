"""Who acts and on what: the register tells where somebody stands, the change itself tells what it touches.

The rows that are about to be committed are asked, not the call that made them: so no bulk call, import or plugin gets
round it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa

from zoufang.campaign.columns import distinct
from zoufang.campaign.state import State
from zoufang.errors import BadValueError, UnknownIdError
from zoufang.facts import Facts, cells_of, latest
from zoufang.ledger import Ledger
from zoufang.model import Actor, AreaTree, CampaignPlan, Event, Role
from zoufang.rules import ALLOWED, TABLE, Matter, Post, Reach, permit, permit_matter, permit_post
from zoufang.typing import AreaId, UnitId

SIGNED = frozenset(line.event for line in TABLE if "person_id" in line.needs)
"""Events that somebody signs, the two keys of closing among them: whoever is in the register signs for nobody else."""

FOR_THE_OFFICE = frozenset(e for e in SIGNED if all(Reach.WHOLE_STREET in reach for reach in ALLOWED[e].values()))
"""Signed events that are the office's, whoever enters them: the person whose name they bear must be of it."""


def permit_change(plan: CampaignPlan, ledger: Ledger, actor: Actor, verb: str, facts: Facts) -> None:
    """Refuse a change that the actor may not make, by role, by post, and by what each of its rows touches.

    Args:
        plan: Its holders of roles apply.
        ledger: Where the register is.
        actor: Who acts.
        verb: What is done; with ``reply`` each event is asked for by itself.
        facts: The rows that are about to be recorded.

    Raises:
        RefusedError: The role, the post, or a target or ticket that lies beyond the actor's reach.
        BadValueError: Somebody signs in another's name.

    Plan: 二, 四(三), 五(一)
    """
    permit(actor, verb)
    people = Posts(plan, ledger)
    post = people.post_of(actor)
    if post.unit_id is not None:
        _own_signature(actor, facts)
    people.permit_signatures(facts)
    whole = cache(lambda one: Reach.WHOLE_STREET in permit(actor, one))
    scoped = [one for one in dict.fromkeys(_asked(verb, facts, whole)) if not whole(one[0])]
    if not scoped:
        return
    matters = people.matters(scoped, facts)
    for one, about, subject_id in scoped:
        permit_matter(actor, post, one, matters[about, subject_id])
    _own_visits(actor, post, facts)
    people.permit_visitors(actor, post, facts)


class Posts(State):
    """Reads where people stand and where targets and tickets lie.

    Args:
        plan: Its units and holders of roles apply.
        ledger: Where the facts are.
    """

    def __init__(self, plan: CampaignPlan, ledger: Ledger) -> None:
        super().__init__(ledger)
        self._plan = plan

    def post_of(self, actor: Actor) -> Post:
        """Return where an actor stands; an empty post for a program or a stranger.

        Raises:
            WrongPostError: The register or the plan says otherwise.

        Plan: 五(一)
        """
        p, areas = self._t.people, latest(self._t.areas, "area_id")
        query = (
            sa.select(p.c.unit_id, p.c.role, p.c.area_id)
            .where(p.c.person_id == actor.id)
            .order_by(p.c.version.desc())
            .limit(1)
        )
        found = self._ledger.select(query)
        if not found:
            return Post()
        unit_id, role, area_id = found[0]
        ids = [one for one in (area_id, unit_id) if one is not None]
        communities = dict(
            self._ledger.select(sa.select(areas.c.area_id, areas.c.community).where(areas.c.area_id.in_(ids)))
        )
        permit_post(self._plan, actor, Role(role), UnitId(unit_id), community=communities.get(unit_id) == unit_id)
        community = communities.get(unit_id) or (communities.get(area_id) if area_id else None)
        return Post(unit_id=UnitId(unit_id), area_id=area_id, community=community)

    def permit_signatures(self, facts: Facts) -> None:
        """Refuse what is signed for the office by a person who is neither of it nor the street's leader.

        Raises:
            NotAllowedError: With the roles that may sign.

        Plan: 四(三), 五(一)
        """
        events, people = cells_of(facts, "ticket_events", "event", "person_id")
        pairs = dict.fromkeys(zip(events, people, strict=True))
        by = {person: event for event, person in reversed(pairs) if person and event in FOR_THE_OFFICE}
        now = latest(self._t.people, "person_id")
        query = sa.select(now.c.person_id, now.c.role, now.c.unit_id)
        for person_id, role, unit_id in self._by_id(query, now.c.person_id, by):
            if unit_id not in self._plan.dispatch.offices:
                permit(Actor(id=person_id, role=Role(role)), by[person_id])

    def permit_visitors(self, actor: Actor, post: Post, facts: Facts) -> None:
        """Refuse visits in the name of somebody else than a grid worker, or than the people of the own unit.

        Persons are judged by their visits, so nobody below the street records one for whom they do not answer.

        Raises:
            OutOfReachError: With how far the actor reaches.

        Plan: 二, 五(二)
        """
        visits = {who: visit_id for visit_id, who, _ in _visits(facts)}
        if not visits:
            return
        if Reach.OWN_UNIT in permit(actor, "record"):
            now = latest(self._t.people, "person_id")
            query = sa.select(now.c.person_id, now.c.unit_id)
            others = [who for who, unit_id in self._by_id(query, now.c.person_id, visits) if unit_id != post.unit_id]
        else:
            others = [who for who in visits if who != actor.id]
        for who in sorted(others):
            permit_matter(actor, Post(), "record", Matter(id=f"{visits[who]} ({who})"))

    def actor(self, person_id: str) -> Actor:
        """Return a member of staff as one who acts, in the role and for the unit that the register says.

        Raises:
            UnknownIdError: Nobody in the register has that id.

        Plan: 五(一)
        """
        now = latest(self._t.people, "person_id")
        query = sa.select(now.c.person_id, now.c.role, now.c.unit_id)
        found = self._ledger.select(query.where(now.c.person_id == person_id))
        if not found:
            raise UnknownIdError(what="person", id=person_id, known=tuple(sorted(self.ids("people", "person_id")))[:5])
        return Actor(*found[0])

    def matters(
        self, asked: Iterable[tuple[str, str, str]], facts: Facts | None = None
    ) -> Mapping[tuple[str, str], Matter]:
        """Return where some targets and tickets lie, those among them that are about to be recorded too.

        Args:
            asked: Each a verb, ``target`` or ``ticket``, and an id.
            facts: The rows that are about to be recorded.
        """
        tree = self.areas()
        wanted = [(about, subject_id) for _, about, subject_id in asked]
        tickets = self._tickets([i for about, i in wanted if about == "ticket"])
        for table, key in (("tickets", "ticket_id"), ("conflict_tickets", "conflict_id")):
            for new_id, area_id, target_id in zip(
                *cells_of(facts or {}, table, key, "area_id", "target_id"), strict=True
            ):
                tickets[new_id] = (area_id, target_id, None)
        targets = {i for about, i in wanted if about == "target"}
        targets.update(target for _, target, _ in tickets.values() if target is not None)
        where, units = self._where(targets), self._units(targets)
        found: dict[tuple[str, str], Matter] = {}
        for about, subject_id in wanted:
            if about == "target":
                area, holders = where.get(subject_id), units.get(subject_id, frozenset())
            else:
                place, target, holder = tickets.get(subject_id, (None, None, None))
                area = where.get(target) or place  # whose a demand is says more than where it is
                holders = units.get(target, frozenset()) if holder is None else frozenset({holder})
            found[about, subject_id] = Matter(id=subject_id, units=holders, areas=_way_up(tree, area))
        return found

    def _tickets(self, ids: Iterable[str]) -> dict[str, tuple[Any, Any, Any]]:
        t, now = self._t.tickets, latest(self._t.ticket_events, "ticket_id")
        query = sa.select(t.c.ticket_id, t.c.area_id, t.c.target_id, now.c.unit_id).join(
            now, now.c.ticket_id == t.c.ticket_id
        )
        return {row[0]: (row[1], row[2], row[3] or "") for row in self._by_id(query, t.c.ticket_id, ids)}

    def _where(self, targets: Iterable[str]) -> dict[Any, str]:
        now = latest(self._t.targets, "target_id")
        return dict(self._by_id(sa.select(now.c.target_id, now.c.area_id), now.c.target_id, targets))

    def _units(self, targets: Iterable[str]) -> dict[Any, frozenset[str]]:
        """Return the units that lead or help on some targets, by the latest round."""
        a = self._t.assignments
        later = a.alias("later")
        newer = sa.exists().where(
            later.c.subject == a.c.subject, later.c.subject_id == a.c.subject_id, later.c.round > a.c.round
        )
        query = sa.select(a.c.subject_id, a.c.unit_id).where(a.c.subject == "target", ~newer)
        found: dict[Any, frozenset[str]] = {}
        for target_id, unit_id in self._by_id(query, a.c.subject_id, targets):
            found[target_id] = found.get(target_id, frozenset()) | {unit_id}
        return found


def _way_up(tree: AreaTree, area_id: str | None) -> frozenset[str]:
    here = AreaId(area_id or "")
    return frozenset(tree.way_up(here)) if here in tree else frozenset()


def _asked(verb: str, facts: Facts, whole: Callable[[str], bool]) -> Iterator[tuple[str, str, str]]:
    """Yield for what a change asks: a verb, ``target`` or ``ticket``, and an id; visits only of who may not do all."""
    for table, about in (("visits", "record"), ("conflict_visits", "record"), ("contact_reads", "read_contacts")):
        if facts.get(table) and not whole(about):
            yield from ((about, "target", one) for one in distinct(cells_of(facts, table, "target_id")[0]))
    (ticket_ids,) = cells_of(facts, "ticket_reads", "ticket_id")
    shown = "prove" if verb == "prove" else "read_contacts"
    yield from ((shown, "ticket", ticket_id) for ticket_id in ticket_ids)
    new = frozenset(cells_of(facts, "tickets", "ticket_id")[0])
    if verb == "raise":
        yield from (("raise", "ticket", ticket_id) for ticket_id in new)
        yield from (("raise", "ticket", key) for key in cells_of(facts, "conflict_tickets", "conflict_id")[0])
    tickets, events, into = cells_of(facts, "ticket_events", "ticket_id", "event", "into")
    fed_back = {ticket_id for ticket_id, event in zip(tickets, events, strict=True) if event == Event.FEED_BACK}
    for ticket_id, event, other in zip(tickets, events, into, strict=True):
        # Whoever raised a merged ticket is told together with the one that went on, by whoever feeds that back.
        follows = event == Event.TELL and other in fed_back
        if ticket_id not in new and not follows:
            yield event if verb == "reply" else verb, "ticket", ticket_id


def _own_signature(actor: Actor, facts: Facts) -> None:
    signed = cells_of(facts, "ticket_events", "ticket_id", "event", "person_id")
    for ticket_id, event, person_id in zip(*signed, strict=True):
        if event in SIGNED and person_id != actor.id:
            raise BadValueError(what="person_id", id=ticket_id, value=str(person_id), allowed=actor.id)


def _own_visits(actor: Actor, post: Post, facts: Facts) -> None:
    """Refuse a visit that is recorded for another unit than the actor's own."""
    for visit_id, _, unit_id in _visits(facts):
        if unit_id != post.unit_id:
            permit_matter(actor, Post(), "record", Matter(id=visit_id, units=frozenset({unit_id})))


def _visits(facts: Facts) -> Iterator[tuple[str, str, str]]:
    """Yield number, visitor and unit of each visit of a change, those among them that differ from their record."""
    for table, key in (("visits", "visit_id"), ("conflict_visits", "conflict_id")):
        yield from zip(*cells_of(facts, table, key, "visitor_id", "unit_id"), strict=True)
