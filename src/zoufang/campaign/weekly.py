"""The verb dispatch: freeze, number and seal a week; and print it again, whenever."""

from __future__ import annotations

import sqlalchemy as sa

from zoufang.campaign.desk import Desk
from zoufang.campaign.outcomes import Dispatched
from zoufang.errors import NothingDueError, UnknownIdError
from zoufang.facts import Checkpoint
from zoufang.ledger import GENESIS
from zoufang.reports import Dispatch, Report, digest, noticed, weekly
from zoufang.rules import Week, due_weeks
from zoufang.typing import Language, Seq


def dispatched(desk: Desk) -> tuple[Dispatched, ...]:
    """Return the dispatches that were made, in order."""
    d = desk.ledger.tables.dispatches
    query = sa.select(d.c.number, d.c.from_on, d.c.to_on, d.c.on, d.c.as_of, d.c.digest).order_by(d.c.number)
    return tuple(
        Dispatched(week=Week(number=number, from_on=from_on, to_on=to_on, on=on), as_of=Seq(as_of), digest=digest)
        for number, from_on, to_on, on, as_of, digest in desk.ledger.select(query)
    )


def dispatch(desk: Desk) -> tuple[Dispatched, Report]:
    """Make the next dispatch that is due.

    Raises:
        NothingDueError: The next one is not due yet, or all were made.

    Plan: 五(二)
    """
    desk.resent("dispatch", None, "")
    due = due_weeks(desk.plan, desk.today, len(dispatched(desk)))
    if not due:
        raise NothingDueError(what="dispatch")
    week, as_of = due[0], desk.ledger.head.seq
    sealed = _report(desk, week, as_of, "zh")
    made = Dispatched(week=week, as_of=as_of, digest=digest(sealed))
    sheaf = desk.sheaf()
    days = (week.on.isoformat(), week.from_on.isoformat(), week.to_on.isoformat())
    sheaf.facts["dispatches"].append((week.number, *days, as_of, made.digest))
    for n, sign in enumerate(noticed(desk.ledger, desk.plan, _asked(week, as_of)), start=1):
        row = (week.number, n, sign.kind, sign.about, sign.about_id, sign.sign, sign.hits, sign.of)
        sheaf.facts["notices"].append(row)
    desk.commit("dispatch", sheaf)
    return made, sealed


def report(desk: Desk, number: int, language: Language) -> Report:
    """Compose a dispatch that was made, from the facts that were known then.

    Raises:
        UnknownIdError: No dispatch of that number was made.

    Plan: 五(二)
    """
    for made in dispatched(desk):
        if made.week.number == number:
            return _report(desk, made.week, made.as_of, language)
    known = tuple(str(made.week.number) for made in dispatched(desk))
    raise UnknownIdError(what="dispatch", id=str(number), known=known)


def _report(desk: Desk, week: Week, as_of: Seq, language: Language) -> Report:
    return weekly(desk.ledger, desk.plan, _asked(week, as_of), checkpoint(desk, as_of), language=language)


def _asked(week: Week, as_of: Seq) -> Dispatch:
    return Dispatch(number=week.number, on=week.on, from_on=week.from_on, to_on=week.to_on, as_of=as_of)


def checkpoint(desk: Desk, seq: Seq) -> Checkpoint:
    """Return where the ledger stood at a commit."""
    c = desk.ledger.tables.commits
    found = desk.ledger.select(sa.select(c.c.seq, c.c.chain).where(c.c.seq == seq))
    return Checkpoint(seq=Seq(found[0][0]), chain=found[0][1]) if found else GENESIS
