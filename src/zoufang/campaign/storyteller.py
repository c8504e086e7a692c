"""What every story is told with: the ledger as of a day, and what units, areas and topics are called."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa

from zoufang.analysis import Names, names
from zoufang.campaign import telling as say
from zoufang.campaign.desk import Desk
from zoufang.rules import RUNNING
from zoufang.typing import Text, TopicId, UnitId

Row = dict[str, Any]
"""A row of a select, its cells by name."""


class Storyteller:
    """What stories of tickets and of targets have in common: how things are called, and how they are looked up.

    Args:
        desk: Where the plan and the ledger are.
        on: As of which day.
    """

    def __init__(self, desk: Desk, on: date) -> None:
        self.desk, self.on, self.t = desk, on, desk.ledger.tables
        self.names: Names = names(desk.ledger)

    def rows(self, query: sa.Select[Any]) -> list[Row]:
        """Return the rows of a select, each with its cells by name."""
        keys = [column.name for column in query.selected_columns]
        return [dict(zip(keys, row, strict=True)) for row in self.desk.ledger.select(query)]

    def unit(self, unit_id: str | None) -> Text:
        """Return what a unit is called."""
        if unit_id is None:
            return say.NOBODY
        planned = self.desk.plan.unit.get(UnitId(unit_id))
        name = self.names.units.get(unit_id) or (planned.name if planned else unit_id)
        return Text(f"{name}（{unit_id}）", f"{name} ({unit_id})") if name != unit_id else say.plain(unit_id)

    def area(self, area_id: str | None) -> Text:
        """Return what an area is called."""
        return say.NOWHERE if area_id is None else say.plain(self.names.areas.get(area_id, area_id))

    def reason(self, code: str) -> Text:
        """Return the words of a reason code."""
        return self.desk.plan.reasons.get(code, say.plain(code))

    def topic(self, topic_id: str) -> Text:
        """Return what a topic is called."""
        known = self.desk.plan.topic.get(TopicId(topic_id))
        return known.label if known else say.plain(topic_id)

    def assigned(self, subject: str, subject_id: str) -> list[Row]:
        """Return who answers for a subject, round after round."""
        a = self.t.assignments
        query = sa.select(a).where(a.c.subject == subject, a.c.subject_id == subject_id)
        return self.rows(query.order_by(a.c.round, a.c.part.desc(), a.c.unit_id, a.c.ord))

    def forgotten(self, *subject_ids: str | None) -> Iterator[Text]:
        """Yield that private data of a ticket or of whoever stands behind it were erased, and when that ended."""
        e, c = self.t.erasures, self.t.commits
        query = sa.select(e.c.state, e.c.on, e.c.reason, c.c.actor, c.c.seq).join(c, c.c.seq == e.c.commit_seq)
        known = query.where(e.c.subject_id.in_([one for one in subject_ids if one]), e.c.on <= self.on).distinct()
        for row in self.rows(known.order_by(c.c.seq)):
            cells = {"on": row["on"], "reason": row["reason"], "id": row["actor"], "seq": row["seq"]}
            yield say.FORGOTTEN[row["state"]].filled(**cells)

    def rule(self, sent: Row) -> Text:
        """Return by which rule of which plugin something was decided."""
        plugin = f"{sent['plugin']} {sent['plugin_version']}".strip()
        said = say.RULE.filled(rule=sent["rule"], plugin=plugin)
        return said if not sent["reason"] else say.RULE_SAYS.filled(rule=said, reason=sent["reason"])

    def brief(self, words: Text, ticket_id: str) -> Text:
        """Return in one sentence where a ticket stands."""
        now = self.last(ticket_id)
        due = say.DUE.filled(on=now["due_on"]) if now["due_on"] and now["status"] in RUNNING else None
        parts = [say.status(now["status"]), self.unit(now["unit_id"]), *([due] if due else [])]
        return words.filled(id=ticket_id, parts=say.joined(parts))

    def last(self, ticket_id: str) -> Row:
        """Return a ticket's last event."""
        e = self.t.ticket_events
        known = (e.c.ticket_id == ticket_id, e.c.on <= self.on)
        return self.rows(sa.select(e).where(*known).order_by(e.c.version.desc()).limit(1))[0]
