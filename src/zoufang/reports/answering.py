"""件件有落实、事事有回音: what a dispatch and the office's desk say of tickets without an answer, and of promises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from zoufang.analysis import LACKS, Window, names, unanswered, watch_list
from zoufang.facts import Reader
from zoufang.intake import WATCH_LIST
from zoufang.model import CampaignPlan
from zoufang.reports import words
from zoufang.reports.cells import SheetData, read_list
from zoufang.reports.desk import Desk, unit_name
from zoufang.reports.document import Align, Block, Column, Mark, Paragraph, Table
from zoufang.typing import Seq, Text, TopicId

MOST = 10
"""So many tickets a dispatch lists; `zoufang unanswered` and watch-list.xlsx have all."""

ALL_ANSWERED = Text(
    "件件有落实、事事有回音：截至{last}，没有违反的诉求。",
    "Every ticket in hand, every person answered: none breaks this on {last}.",
)
ANSWERED_NOT = Text(
    "件件有落实、事事有回音：截至{last}，{n} 件没有做到（{kinds}）。",
    "Every ticket in hand, every person answered: {n} break this on {last} ({kinds}).",
)
OF_KIND = Text("{lack} {n} 件", "{lack}: {n}")
UNANSWERED = Text(
    "没有做到的诉求（共 {n} 件，列出 {shown} 件）", "Without an answer ({n}, of which {shown} are listed)"
)
LACK = Text("欠缺", "Lacks")
WATCHED_SAID = Text(
    "解释说明和部分解决的诉求中，{n} 件的计划日期在{last}前已到，应当续办。全部名单见 watch-list.xlsx。",
    "Of what was explained or solved in part, the planned day of {n} has come by {last}; go on with them. The whole "
    "list is in watch-list.xlsx.",
)
WATCHED = Text("计划日期已到的诉求（共 {n} 件，列出 {shown} 件）", "Planned days that have come ({n}, {shown} listed)")
PLANNED = Text("计划日期", "Planned for")
WHY = Text("原因", "Reason")
REACTION = Text("本人态度", "Reaction")
REACTED = {
    "accepted": Text("接受", "accepted"),
    "unwilling": Text("不接受", "unwilling"),
    "unknown": Text("未记", "unknown"),
}


def watch_list_sheet(reader: Reader, plan: CampaignPlan, on: date, as_of: Seq | None = None) -> SheetData:
    """Return the watch list: what was answered but not solved, and whose planned day has come.

    Returns:
        Columns as declared in ``WATCH_LIST``; rows by planned day, then by number.

    Plan: 四(三)
    """
    known = names(reader, as_of)

    def rows() -> Iterator[tuple[Any, ...]]:
        for one in watch_list(reader, Window(as_of=as_of, to_on=on)):
            topic = plan.topic.get(TopicId(one.topic_id))
            about = topic.label.zh if topic else one.topic_id
            reason = plan.reasons[one.reason].zh if one.reason in plan.reasons else one.reason
            name = "" if one.unit_id is None else unit_name(plan, known, one.unit_id)
            what = (about, str(one.remedy), reason, one.plan_on, one.reaction, str(one.status))
            yield (one.ticket_id, one.unit_id, name, *what)

    return read_list(WATCH_LIST, on, rows(), none="没有计划日期已到的诉求。")


def answering(desk: Desk) -> tuple[Block, ...]:
    """Return which tickets break 件件有落实、事事有回音, and which promises are due.

    Plan: 四(三)
    """
    return (*_unanswered(desk), *_watched(desk))


def _unanswered(desk: Desk) -> tuple[Block, ...]:
    last = desk.day(desk.dispatch.to_on)
    found = unanswered(desk.reader, desk.plan, desk.so_far)
    if not found:
        return (Paragraph(desk.t(ALL_ANSWERED, last=last), Mark.GOOD),)
    counts = Counter(one.lack for one in found)
    kinds = [desk.t(OF_KIND, lack=desk.t(label), n=counts[lack]) for lack, label in LACKS.items() if counts[lack]]
    shown = sorted(found, key=lambda one: (one.since, one.ticket_id))[:MOST]
    table = Table(
        caption=desk.t(UNANSWERED, n=len(found), shown=len(shown)),
        columns=_columns(desk, (LACK, words.UNIT), (words.SINCE,)),
        rows=tuple(
            (str(one.ticket_id), desk.t(LACKS[one.lack]), desk.unit(one.unit_id), one.since.isoformat())
            for one in shown
        ),
    )
    return (Paragraph(desk.t(ANSWERED_NOT, last=last, n=len(found), kinds=desk.listed(kinds))), table)


def _watched(desk: Desk) -> tuple[Block, ...]:
    found = [one for one in watch_list(desk.reader, desk.so_far) if one.plan_on is not None]
    if not found:
        return ()
    shown = found[:MOST]
    said = desk.t(WATCHED_SAID, n=len(found), last=desk.day(desk.dispatch.to_on))
    table = Table(
        caption=desk.t(WATCHED, n=len(found), shown=len(shown)),
        columns=_columns(desk, (words.UNIT, WHY, REACTION), (PLANNED,)),
        rows=tuple(
            (
                str(one.ticket_id),
                desk.unit(one.unit_id),
                desk.t(desk.plan.reasons[one.reason]) if one.reason in desk.plan.reasons else one.reason,
                desk.t(REACTED[one.reaction]),
                "" if one.plan_on is None else one.plan_on.isoformat(),
            )
            for one in shown
        ),
    )
    return (Paragraph(said), table)


def _columns(desk: Desk, left: tuple[Text, ...], center: tuple[Text, ...]) -> tuple[Column, ...]:
    heads = [(words.TICKET, Align.LEFT), *((h, Align.LEFT) for h in left), *((h, Align.CENTER) for h in center)]
    return tuple(Column(desk.t(head), align) for head, align in heads)
