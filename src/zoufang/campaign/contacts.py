"""Names, addresses, telephones and spoken words for whoever may see them: masked, or in clear and never unrecorded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from zoufang.campaign.checks import known, once
from zoufang.campaign.desk import Desk
from zoufang.campaign.erasing import erased_among
from zoufang.campaign.outcomes import Contact, Match, Words
from zoufang.campaign.posts import Posts
from zoufang.campaign.rows import household_word, telephone_word
from zoufang.campaign.state import MANY
from zoufang.errors import BadValueError
from zoufang.facts import Facts, latest
from zoufang.rules import (
    Mask,
    lies,
    mask_for,
    masked_address,
    masked_name,
    masked_phone,
    masked_words,
    permit,
    permit_matter,
)
from zoufang.typing import AreaId, TargetId, Text, TicketId

FIELDS = ("name", "address", "phone")
VERB = "read_contacts"

_ONE = Text("电话、住址二者给一个", "either a telephone or an address with its area")


def contacts(desk: Desk, target_ids: Sequence[TargetId], purpose: str, mask: str | None) -> tuple[Contact, ...]:
    """Return how to reach some targets; a reading in clear is committed first, so that nothing is read unseen.

    Plan: 二, 五(一)
    """
    desk.resent(VERB, None, "")
    policy = mask_for(desk.plan, "contacts", desk.actor.role, mask)
    once("target", target_ids)
    t = latest(desk.ledger.tables.targets, "target_id")
    columns = (t.c.target_id, t.c.area_id, *(t.c[f"{name}_ref"] for name in FIELDS))
    rows = {row[0]: row[1:] for row in _by_id(desk, sa.select(*columns), t.c.target_id, target_ids)}
    known("target", target_ids, rows)
    allow_reading(desk, policy, "target", target_ids, purpose)
    refs = [ref for row in rows.values() for ref in row[1:] if ref]
    texts, gone = desk.ledger.texts(refs), erased_among(desk.ledger, refs)
    tree = desk.state.areas()
    found = []
    for target_id in target_ids:
        area_id, *own = rows[target_id]
        name, address, phone = (texts.get(ref, "") for ref in own)
        place = tree.community_of(AreaId(area_id))
        found.append(
            Contact(
                target_id,
                name=masked_name(name, policy.names),
                address=masked_address(address, tree[place].name if place else "", policy.addresses),
                phone=masked_phone(phone, policy.phones),
                erased=not gone.isdisjoint(own),
            )
        )
    return tuple(found)


def words(desk: Desk, ticket_ids: Sequence[TicketId], purpose: str, mask: str | None) -> tuple[Words, ...]:
    """Return what was said in some tickets; a reading in clear is committed first.

    Plan: 四(二), 五(一)
    """
    desk.resent(VERB, None, "")
    policy = mask_for(desk.plan, "words", desk.actor.role, mask)
    once("ticket", ticket_ids)
    t = desk.ledger.tables.tickets
    query = sa.select(t.c.ticket_id, t.c.said_ref, t.c.contact_ref)
    rows = {row[0]: row[1:] for row in _by_id(desk, query, t.c.ticket_id, ticket_ids)}
    known("ticket", ticket_ids, rows)
    allow_reading(desk, policy, "ticket", ticket_ids, purpose)
    refs = [ref for row in rows.values() for ref in row if ref]
    texts, gone = desk.ledger.texts(refs), erased_among(desk.ledger, refs)
    return tuple(
        Words(
            ticket_id,
            said=masked_words(texts.get(rows[ticket_id][0], ""), policy.words),
            contact=masked_phone(texts.get(rows[ticket_id][1], ""), policy.phones),
            erased=not gone.isdisjoint(rows[ticket_id]),
        )
        for ticket_id in ticket_ids
    )


def find(desk: Desk, telephone: str, household: tuple[AreaId, str] | None, purpose: str) -> tuple[Match, ...]:
    """Return whose telephone or address it is, within the actor's reach; that it was looked up is committed first.

    What lies beyond the reach is passed over, not refused: a refusal would say that it is there.

    Plan: 四(二), 五(一)
    """
    desk.resent(VERB, None, "")
    word = telephone_word(telephone) if household is None else household_word(*household)
    if not word or (household is not None and telephone):
        raise BadValueError(what="find", id=VERB, value="", allowed=_ONE)
    refs = desk.ledger.refs(word)
    now, t = latest(desk.ledger.tables.targets, "target_id"), desk.ledger.tables.tickets
    column = now.c.phone_ref if household is None else now.c.address_ref
    matches = [Match("target", row[0]) for row in _by_id(desk, sa.select(now.c.target_id), column, refs)]
    if household is None:
        matches += [Match("ticket", row[0]) for row in _by_id(desk, sa.select(t.c.ticket_id), t.c.contact_ref, refs)]
        matches += _handed_in(desk, refs)
    within = _within(desk, sorted(set(matches), key=lambda one: (one.subject, one.id)))
    sheaf = desk.sheaf()
    sheaf.facts["lookups"].append(("telephone" if household is None else "household", len(within), purpose))
    for one in within:
        sheaf.facts["contact_reads" if one.subject == "target" else "ticket_reads"].append((one.id, purpose))
    desk.commit(VERB, sheaf)
    return tuple(within)


def _handed_in(desk: Desk, refs: Sequence[str]) -> list[Match]:
    """Return under which tickets, and for which targets, telephones were handed in that differ from the record.

    What is by decision another demand has a ticket of its own, which holds the telephone itself.
    """
    c, s, held = (desk.ledger.tables.by_name[name] for name in ("conflicts", "settlements", "conflict_tickets"))
    query = (
        sa.select(c.c.subject_id, held.c.target_id)
        .join_from(c, held, held.c.conflict_id == c.c.conflict_id)
        .outerjoin(s, s.c.conflict_id == c.c.conflict_id)
        .where(sa.func.coalesce(s.c.decision, "") != "both")
    )
    found = list(_by_id(desk, query, held.c.contact_ref, refs))
    return [Match("ticket", row[0]) for row in found] + [Match("target", row[1]) for row in found if row[1]]


def allow_reading(desk: Desk, mask: Mask, subject: str, ids: Sequence[str], purpose: str) -> None:
    """Record a reading in clear, which asks for the reach too; ask for the reach alone where it is masked."""
    if mask.clear:
        sheaf = desk.sheaf()
        sheaf.facts[f"{'contact' if subject == 'target' else 'ticket'}_reads"].extend((one, purpose) for one in ids)
        desk.commit(VERB, sheaf, n_new=len(ids))
        return
    permit_reading(desk, subject, ids)


def permit_reading(desk: Desk, subject: str, ids: Sequence[str], facts: Facts | None = None) -> None:
    """Ask for the reach on some targets or tickets; where they lie stands in the register, the ledger or some facts.

    Raises:
        OutOfReachError: The first that lies beyond the actor's reach.
    """
    posts = Posts(desk.plan, desk.ledger)
    post = posts.post_of(desk.actor)
    for matter in posts.matters([(VERB, subject, one) for one in ids], facts).values():
        permit_matter(desk.actor, post, VERB, matter)


def _within(desk: Desk, matches: Sequence[Match]) -> list[Match]:
    posts = Posts(desk.plan, desk.ledger)
    reach, post = permit(desk.actor, VERB), posts.post_of(desk.actor)
    matters = posts.matters([(VERB, one.subject, one.id) for one in matches])
    return [one for one in matches if not reach.isdisjoint(lies(post, matters[one.subject, one.id]))]


def _by_id(
    desk: Desk, query: sa.Select[Any], column: sa.ColumnElement[Any], ids: Sequence[str]
) -> Iterable[tuple[Any, ...]]:
    return [
        row
        for at in range(0, len(ids), MANY)
        for row in desk.ledger.select(query.where(column.in_(ids[at : at + MANY])))
    ]
