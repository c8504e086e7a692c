"""Metrics of tickets: what was received, what was answered, what was fixed, and in time."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from zoufang.analysis.metric import Grain, Metric, OnGround, Test, anything
from zoufang.analysis.standing import ANSWERED, HANDLED, HELD, LEFT_OUT, POSTPONED, WAITING, standing
from zoufang.model import Remedy, Status, Track
from zoufang.typing import Text

TAKEN = tuple(map(str, (Status.ACCEPTED, Status.SPLIT, Status.PAUSED, Status.EXTENDING)))
"""The unit has taken it and has not handled it yet."""

TICKET_GRAINS: tuple[Grain, ...] = ("unit_id", "community", "kind", "topic_id", "source")


def kept(s: Any) -> sa.ColumnElement[bool]:
    """Return the test "neither struck nor withdrawn nor merged"."""
    test: sa.ColumnElement[bool] = s.status.not_in(LEFT_OUT)
    return test


def among(*statuses: str) -> Test:
    """Return the test "in one of some statuses".

    Args:
        statuses: Which.
    """
    return lambda s: s.status.in_(statuses)


def _due_or(*done: str) -> Test:
    """Return the test "due, or already done", for tickets that are not left out."""
    return lambda s: sa.and_(kept(s), sa.or_(s.due == 1, s.status.in_(done)))


def due_not_postponed_or(*done: str) -> Test:
    """Return the test "due, or already done", without what is postponed even at the end of the campaign."""
    return lambda s: sa.and_(_due_or(*done)(s), s.status != POSTPONED)


def _with(remedy: Remedy, *statuses: str) -> Test:
    return lambda s: sa.and_(s.status.in_(statuses), s.remedy == str(remedy))


def handled_in_time(*statuses: str) -> Test:
    """Return the test "done, and the handling that counts was in time"; without a limit, on the day it was raised.

    Where the limit ends at a minute and the handling's is known, the minute decides on the last day.
    """

    def test(s: Any) -> sa.ColumnElement[bool]:
        limit = sa.func.coalesce(s.handled_due_on, s.raised_on)
        late_that_day = sa.and_(s.handled_on == limit, s.handled_minute > s.handled_due_minute)
        late = sa.func.coalesce(sa.or_(s.handled_on > limit, late_that_day), sa.false())
        return sa.and_(s.status.in_(statuses), s.handled_on.is_not(None), sa.not_(late))

    return test


def _ticket(
    id: str,  # noqa: A002 - the field's own name
    label: Text,
    clause: str,
    doc: Text,
    *,
    of: Test,
    n: Test | None = None,
    version: int = 1,
) -> Metric:
    """Return a metric of tickets; without a numerator it only counts."""
    cases = OnGround(ground=standing, of=of, n=of if n is None else n, grains=TICKET_GRAINS)
    return Metric(
        id=id, version=version, label=label, clause=clause, doc=doc, cases=cases, grains=TICKET_GRAINS, counts=n is None
    )


_DUE_ZH = "分母：期内提出、已到办理时限或已反馈的诉求，不含不予受理、撤诉、并案；活动结束时全部视为到期。分子："
_DUE_EN = (
    "Of the tickets raised in the window that are due or already fed back, without those struck, withdrawn or merged "
    "(at the end of the campaign every ticket is due), those "
)
_CLOSED_ZH = (
    "分母：期内提出、已到办理时限或已销号的诉求，不含不予受理、撤诉、并案和暂停计时的（缓办），"
    "经批准延期的按新时限。分子："
)
_CLOSED_EN = (
    "Of the tickets raised in the window that are due or already closed, without those struck, withdrawn or merged and "
    "without those whose clock is paused (a granted extension moves the time limit), those "
)

RECTIFIED = _ticket(
    "rectified",
    Text("问题整改和反馈率", "Tickets fed back"),
    "一",
    Text(
        _DUE_ZH + "已把办理结果（已解决、部分解决或解释说明）告知本人且未被退回重办。",
        _DUE_EN + "whose outcome, be it resolved, partly or explained, was told to the person and still stands.",
    ),
    of=_due_or(*ANSWERED),
    n=among(*ANSWERED),
)
RESOLVED = _ticket(
    "resolved",
    Text("问题解决率", "Tickets resolved"),
    "四(三)",
    Text(
        _DUE_ZH + "办理结果为已解决，不论是否已反馈。",
        _DUE_EN + "handled as resolved, whether told to the person or not.",
    ),
    of=_due_or(*ANSWERED),
    n=_with(Remedy.RESOLVED, *HANDLED),
)
RECTIFIED_RESOLVED = _ticket(
    "rectified_resolved",
    Text("解决并反馈率", "Tickets resolved and fed back"),
    "四(三)",
    Text(_DUE_ZH + "办理结果为已解决，并且已反馈本人。", _DUE_EN + "both resolved and fed back."),
    of=_due_or(*ANSWERED),
    n=_with(Remedy.RESOLVED, *ANSWERED),
)
EXPLAINED = _ticket(
    "explained",
    Text("解释说明占比", "Answered with an explanation"),
    "四(三)",
    Text(
        "分母：已反馈的诉求；分子：办理结果为解释说明。解释说明算有回音，不算解决。",
        "Of the tickets fed back, those explained rather than fixed; answered, never counted as resolved.",
    ),
    of=among(*ANSWERED),
    n=_with(Remedy.EXPLAINED, *ANSWERED),
)
CLOSED = _ticket(
    "closed",
    Text("结案率", "Tickets closed"),
    "四(三)",
    Text(_CLOSED_ZH + "已销号且未被撤销。", _CLOSED_EN + "closed, with the closing not revoked."),
    of=due_not_postponed_or(str(Status.CLOSED)),
    n=among(str(Status.CLOSED)),
    version=2,
)
CLOSED_IN_TIME = _ticket(
    "closed_in_time",
    Text("按期结案率", "Tickets closed in time"),
    "四(三)",
    Text(
        _CLOSED_ZH + "已销号，且最后一次办理在当时的时限之内。审批销号所用的时间不算责任单位的。",
        _CLOSED_EN
        + "closed, whose last handling was within the time limit then in force; the days that approval takes "
        "are not the unit's.",
    ),
    of=due_not_postponed_or(str(Status.CLOSED)),
    n=handled_in_time(str(Status.CLOSED)),
    version=2,
)
HANDLED_IN_TIME = _ticket(
    "handled_in_time",
    Text("按期办理率", "Tickets handled in time"),
    "四(二)",
    Text(
        "分母：期内提出、已到办理时限或已办理的诉求，不含不予受理、撤诉、并案和暂停计时的（缓办）；分子：最后一次办理在当时的时限之内。",
        "Of the tickets raised in the window that are due or already handled, without those struck, withdrawn or "
        "merged and without those whose clock is paused, those whose last handling was within the time limit then in "
        "force.",
    ),
    of=due_not_postponed_or(*HANDLED),
    n=handled_in_time(*HANDLED),
    version=2,
)
ACCEPTED = _ticket(
    "accepted",
    Text("派单受理率", "Dispatched tickets accepted"),
    "四(二)",
    Text(
        "分母：已派单的诉求，不含不予受理、撤诉、并案；分子：现责任单位已受理或已办理，没有待受理，也没有退单待重派。",
        "Of the tickets ever dispatched, without those struck, withdrawn or merged, those that their unit has taken: "
        "neither waiting for it nor returned.",
    ),
    of=lambda s: sa.and_(kept(s), s.routed.is_not(None)),
    n=lambda s: s.status.in_((*TAKEN, *HANDLED)),
)
OVERDUE = _ticket(
    "overdue",
    Text("超期未办比例", "Held tickets overdue"),
    "四(二)",
    Text(
        "分母：现由责任单位持有、尚未办理的诉求，已分解的算在牵头单位；分子：办理时限早于截止日。时限当天不算超期；"
        "活动结束时全部算超期。",
        "Of the tickets that a unit holds and has not handled, a split one under the unit that leads on it, those "
        "whose time limit lies before the last day; the day of the limit itself is in time, and at the end of the "
        "campaign all of them are overdue.",
    ),
    of=among(*HELD, str(Status.SPLIT)),
    n=lambda s: s.past == 1,
    version=2,
)
RECEIVED = _ticket(
    "received",
    Text("诉求件数", "Tickets received"),
    "四(二)",
    Text("期内提出的诉求件数，不论现状。", "Tickets raised in the window, whatever became of them."),
    of=anything,
)
DISPATCHED = _ticket(
    "dispatched",
    Text("交办件数", "Tickets dispatched"),
    "四(二)",
    Text("期内提出并曾派单的诉求件数。", "Tickets raised in the window that were ever sent to a unit."),
    of=lambda s: s.routed.is_not(None),
)
OPEN = _ticket(
    "open",
    Text("未办结件数", "Tickets open"),
    "四(三)",
    Text(
        "期内提出、尚未销号的诉求件数，不含不予受理、撤诉、并案。",
        "Tickets raised in the window that are not closed, struck, withdrawn or merged.",
    ),
    of=lambda s: s.status.not_in((str(Status.CLOSED), *LEFT_OUT)),
)
UNROUTED = _ticket(
    "unrouted",
    Text("待派单件数", "Tickets waiting for a unit"),
    "四(二)",
    Text("刚提出或已退单、尚无责任单位的诉求件数。", "Tickets just raised or returned: no unit has them."),
    of=among(*WAITING),
)
ON_THE_SPOT = _ticket(
    "on_the_spot",
    Text("即时解决占比", "Solved on the spot"),
    "四(二)",
    Text(
        "分母：期内提出的诉求；分子：走访时当场解决、当场反馈。",
        "Of the tickets raised in the window, those solved and fed back on the visit itself.",
    ),
    of=anything,
    n=lambda s: s.track == str(Track.ON_THE_SPOT),
)
LEFT = _ticket(
    "left_out",
    Text("不计入考核占比", "Tickets left out of the rates"),
    "四(三)",
    Text(
        "分母：期内提出的诉求；分子：不予受理、撤诉或并案的，它们不进入其他各率的分母，故单列。",
        "Of the tickets raised in the window, those struck, withdrawn or merged; they leave the other denominators, so "
        "they are shown here.",
    ),
    of=anything,
    n=among(*LEFT_OUT),
)
PAUSED = _ticket(
    "postponed",
    Text("缓办占比", "Tickets postponed"),
    "四(三)",
    Text(
        "分母：期内提出的诉求；分子：现经批准暂停计时的（缓办）。它们不进入结案率、按期结案率和按期办理率的分母，故单列。",
        "Of the tickets raised in the window, those whose clock the office has paused; they leave the denominators of "
        "closing and of time limits, so they are shown here.",
    ),
    of=anything,
    n=among(POSTPONED),
)
REVOKED = _ticket(
    "revoked",
    Text("返工率", "Closings revoked"),
    "五(三)",
    Text(
        "分母：期内提出并曾销号的诉求；分子：至少一次因回访不实被撤销销号，此后再销号也仍计入。",
        "Of the tickets raised in the window that were ever closed, those whose closing was revoked at least once, "
        "even if they were closed again.",
    ),
    of=lambda s: s.closed.is_not(None),
    n=lambda s: s.revoked.is_not(None),
)

TICKET_METRICS: tuple[Metric, ...] = (
    RECTIFIED,
    RESOLVED,
    RECTIFIED_RESOLVED,
    EXPLAINED,
    CLOSED,
    CLOSED_IN_TIME,
    HANDLED_IN_TIME,
    ACCEPTED,
    OVERDUE,
    RECEIVED,
    DISPATCHED,
    OPEN,
    UNROUTED,
    ON_THE_SPOT,
    LEFT,
    PAUSED,
    REVOKED,
)
"""Every metric whose cases are tickets.

Plan: 一, 四(二), 四(三), 五(三)
"""
