"""Where tickets stand, read as columns: for batches so large that a value for each would be most of the work."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

import pandas as pd
import sqlalchemy as sa

from zoufang.campaign.state import State
from zoufang.facts import latest
from zoufang.model import Event, Head, Status
from zoufang.typing import UnitId

OF_EVENT = (
    "ticket_id",
    "version",
    "status",
    "on",
    "minute",
    "unit_id",
    "due_on",
    "due_minute",
    "clock",
    "limit_id",
    "asked_days",
    "extended_days",
    "remedy",
)
"""What the last event of a ticket says of where it stands."""


class Last(NamedTuple):
    """What most ask of a ticket's last event."""

    status: str
    version: int
    on: date
    minute: int | None
    unit_id: UnitId | None


class Standing(State):
    """Reads where tickets stand by their last events.

    Args:
        ledger: The ledger.
    """

    def frame(self, ids: Iterable[str]) -> pd.DataFrame:
        """Return where some tickets and their kin stand, as :func:`zoufang.rules.step_columns.decide_in_columns` asks.

        Only the last event of each is read. What it does not tell, no plain event asks: the day of the last dispatch
        and who returned it (a return does), and how often it was revoked.

        Args:
            ids: The tickets; one that is not there has no row.

        Returns:
            The fields of :class:`zoufang.model.Head` as columns, one row for each ticket, by number.
        """
        asked = set(ids)
        everyone = sorted(asked | self.kin(asked))
        now = latest(self._t.ticket_events, "ticket_id")
        cells = [
            sa.type_coerce(now.c[name], sa.String()) if name in {"on", "due_on"} else now.c[name] for name in OF_EVENT
        ]
        query = sa.select(*cells, now.c.person_id).order_by(now.c.ticket_id)
        rows = list(self._by_id(query, now.c.ticket_id, everyone))
        heads = pd.DataFrame.from_records(rows, columns=[*OF_EVENT, "applied_by"])
        # Nobody has applied but where the last event is the application: the key is forgotten, or turned, after it.
        heads["applied_by"] = heads["applied_by"].where(heads["status"] == Status.APPLIED, None)
        heads["parent_id"] = heads["ticket_id"].map(self.parents(everyone)).astype(object)
        heads["into"] = heads["ticket_id"].map(self._merged(heads)).astype(object)
        heads["latest_minute"] = heads["ticket_id"].map(self.latest_minutes(everyone)).astype(object)
        heads["plan_on"] = heads["ticket_id"].map(self._promised(heads)).astype(object)
        heads["revoked"], heads["routed_on"], heads["returned_by"] = 0, None, [()] * len(heads)
        return heads[list(Head._fields)]

    def _merged(self, heads: pd.DataFrame) -> dict[str, Any]:
        """Return the tickets that go on for those that were merged."""
        merged = heads.loc[heads["status"] == Status.MERGED, "ticket_id"]
        e = self._t.ticket_events.c
        query = sa.select(e.ticket_id, e.into).where(e.event == str(Event.MERGE))
        return dict(self._by_id(query, e.ticket_id, merged))

    def latest_minutes(self, ids: Iterable[str]) -> dict[str, Any]:
        """Return the latest minute known of the day on which something last happened to tickets."""
        e, now = self._t.ticket_events, latest(self._t.ticket_events, "ticket_id")
        same_day = (e.c.ticket_id == now.c.ticket_id) & (e.c.on == now.c.on)
        query = sa.select(e.c.ticket_id, sa.func.max(e.c.minute)).join(now, same_day).group_by(e.c.ticket_id)
        return dict(self._by_id(query, e.c.ticket_id, ids))

    def _promised(self, heads: pd.DataFrame) -> dict[str, Any]:
        """Return the days for which the last remedy of tickets promises the rest."""
        explained = heads.loc[heads["remedy"].notna(), "ticket_id"]
        e = self._t.ticket_events.c
        query = sa.select(e.ticket_id, sa.type_coerce(e.plan_on, sa.String())).where(e.event == str(Event.HANDLE))
        return dict(self._by_id(query.order_by(e.ticket_id, e.version), e.ticket_id, explained))

    def last(self, ids: Iterable[str]) -> dict[str, Last]:
        """Return the last event of some tickets, by their numbers."""
        now = latest(self._t.ticket_events, "ticket_id").c
        query = sa.select(now.ticket_id, *(now[name] for name in Last._fields))
        return {row[0]: Last(*row[1:]) for row in self._by_id(query, now.ticket_id, ids)}
