"""When a day was frozen: what is recorded later than the dispatch that covers its day is late."""

from __future__ import annotations

import sqlalchemy as sa

from zoufang.analysis.metric import Window
from zoufang.facts import Tables, up_to


def frozen_at(tables: Tables, dated: sa.FromClause, window: Window) -> sa.Subquery:
    """Return, for each day of some known facts, the last commit that the first dispatch covering it counted.

    A fact is late where its own commit is higher: told by the order of commits, never by a clock.

    Columns:
        on, as_of; no row for a day that no dispatch covers yet.

    Plan: 五(二)
    """
    d = tables.dispatches.c
    days = sa.select(dated.c.on).where(*window.known(dated)).distinct().subquery("days")
    return (
        sa.select(days.c.on, sa.func.min(d.as_of).label("as_of"))
        .select_from(days.join(tables.dispatches, d.to_on >= days.c.on))
        .where(*up_to(tables.dispatches, window.as_of))
        .group_by(days.c.on)
        .subquery("frozen")
    )
