"""Metrics of the parts of split tickets (分解件): what each department was sent, beside the tickets."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from zoufang.analysis.event_metrics import returns
from zoufang.analysis.metric import Metric, OnGround, Test, Window, anything, hit
from zoufang.analysis.standing import HANDLED, HELD, WAITING, parts_standing, places
from zoufang.analysis.ticket_metrics import TICKET_GRAINS, among, due_not_postponed_or, handled_in_time
from zoufang.facts import Tables
from zoufang.model import Event, Status
from zoufang.typing import Text


def _part(
    id: str,  # noqa: A002 - the field's own name
    label: Text,
    clause: str,
    doc: Text,
    *,
    of: Test,
    n: Test | None = None,
    version: int = 1,
) -> Metric:
    cases = OnGround(ground=parts_standing, of=of, n=of if n is None else n, grains=TICKET_GRAINS)
    return Metric(
        id=id, version=version, label=label, clause=clause, doc=doc, cases=cases, grains=TICKET_GRAINS, counts=n is None
    )


def _returned_parts(tables: Tables, window: Window) -> sa.Select[Any]:
    return returns(tables, window, parts=True)


def _splits(tables: Tables, window: Window) -> sa.Select[Any]:
    """Return each ticket that was split or has parts; a hit has exactly the parts that its splits made.

    A split and its parts are one commit, and a ticket's parts are numbered from 1 without a gap: so a part that is
    missing, or one that no split made, shows.
    """
    p = places(tables, window)
    part, event = tables.tickets, tables.ticket_events
    split = (event.c.event == str(Event.SPLIT), *window.known(event))
    number = sa.cast(sa.func.substr(part.c.ticket_id, sa.func.length(part.c.parent_id) + 2), sa.Integer)
    parts = (
        sa.select(
            part.c.parent_id,
            sa.func.count().label("n"),
            sa.func.max(number).label("last"),
            sa.func.count(part.c.commit_seq.distinct()).label("commits"),
        )
        .where(part.c.parent_id.is_not(None), *window.known(part))
        .group_by(part.c.parent_id)
        .subquery("parts")
    )
    splits = (
        sa.select(event.c.ticket_id, sa.func.count(event.c.commit_seq.distinct()).label("commits"))
        .where(*split)
        .group_by(event.c.ticket_id)
        .subquery("splits")
    )
    made_by_none = sa.exists().where(
        part.c.parent_id == p.c.ticket_id,
        *window.known(part),
        ~sa.exists().where(event.c.ticket_id == part.c.parent_id, event.c.commit_seq == part.c.commit_seq, *split),
    )
    whole = sa.and_(parts.c.n == parts.c.last, parts.c.commits == splits.c.commits, ~made_by_none)
    return (
        sa.select(p.c.ticket_id.label("case_id"), hit(whole), p.c.community, p.c.kind, p.c.topic_id, p.c.source)
        .select_from(p)
        .outerjoin(parts, parts.c.parent_id == p.c.ticket_id)
        .outerjoin(splits, splits.c.ticket_id == p.c.ticket_id)
        .where(sa.or_(parts.c.n.is_not(None), splits.c.commits.is_not(None)))
    )


PARTS_RECEIVED = _part(
    "parts_received",
    Text("分解件数", "Parts received"),
    "四(二)",
    Text(
        "期内分解给各部门的分解件数，记在现责任部门名下；已退回、尚未重派的不属于任何部门。分解件不计入诉求件数。",
        "Parts of split tickets that departments were sent in the window, under the one that holds each now; what was "
        "returned and not sent on belongs to none. Parts are never among the tickets.",
    ),
    of=anything,
)
PARTS_UNROUTED = _part(
    "parts_unrouted",
    Text("待重派分解件数", "Parts waiting for a unit"),
    "四(二)",
    Text(
        "已退回、尚未重派的分解件数；不予立案、撤诉或并案的不在其内。",
        "Parts that were returned and not sent on; those struck, withdrawn or merged are not among them.",
    ),
    of=among(*WAITING),
)
PARTS_HANDLED_IN_TIME = _part(
    "parts_handled_in_time",
    Text("分解件按期办理率", "Parts handled in time"),
    "四(二)",
    Text(
        "分母：期内分解、已到办理时限或已办理的分解件，不含不予受理、撤诉、并案和暂停计时的（缓办）；"
        "分子：最后一次办理在当时的时限之内。每个分解件有自己的时限。",
        "Of the parts made in the window that are due or already handled, without those struck, withdrawn or merged "
        "and without those whose clock is paused, those whose last handling was within their own time limit then in "
        "force.",
    ),
    of=due_not_postponed_or(*HANDLED),
    n=handled_in_time(*HANDLED),
)
PARTS_OVERDUE = _part(
    "parts_overdue",
    Text("分解件超期未办比例", "Held parts overdue"),
    "四(二)",
    Text(
        "分母：现由部门持有、尚未办理的分解件，又再分解的算在牵头部门；分子：办理时限早于截止日。时限当天不算超期；"
        "活动结束时全部算超期。",
        "Of the parts that a department holds and has not handled, one that was split again under the department that "
        "leads on it, those whose time limit lies before the last day; the day of the limit itself is in time, and at "
        "the end of the campaign all of them are overdue.",
    ),
    of=among(*HELD, str(Status.SPLIT)),
    n=lambda s: s.past == 1,
    version=2,
)
PARTS_RETURNED = Metric(
    id="parts_returned",
    version=1,
    label=Text("分解件退单次数", "Parts returned"),
    clause="四(二)",
    doc=Text(
        "期内退回分解件的次数，记在退单的部门名下；一件退两次计两次。",
        "Returns of parts in the window, under the department that returned; a part returned twice counts twice.",
    ),
    cases=_returned_parts,
    grains=TICKET_GRAINS,
    counts=True,
)
SPLIT_WHOLE = Metric(
    id="split_whole",
    version=1,
    label=Text("分解相符率", "Split tickets that add up"),
    clause="四(二)",
    doc=Text(
        "分母：期内提出、曾经分解或有分解件的诉求；"
        "分子：分解件与历次分解相符：编号从 1 起连续，每次分解都有分解件，没有来历不明的分解件。",
        "Of the tickets raised in the window that were split or have parts, those with exactly the parts that their "
        "splits made: numbered from 1 without a gap, some for each split, and none that no split made.",
    ),
    cases=_splits,
    grains=("community", "kind", "topic_id", "source"),
)

PART_METRICS: tuple[Metric, ...] = (
    PARTS_RECEIVED,
    PARTS_UNROUTED,
    PARTS_HANDLED_IN_TIME,
    PARTS_OVERDUE,
    PARTS_RETURNED,
    SPLIT_WHOLE,
)
"""Every metric whose cases are parts, and the one that holds them against what was split.

Plan: 四(二)
"""
