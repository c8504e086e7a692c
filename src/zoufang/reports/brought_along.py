"""普遍问题: what one solution brought along, in section four of a dispatch."""

from __future__ import annotations

from zoufang.analysis import CommonProblem, common_problems
from zoufang.model import Remedy
from zoufang.reports import words
from zoufang.reports.desk import Desk
from zoufang.reports.document import Align, Block, Column, Highlight, Mark, Paragraph, Table, Value
from zoufang.typing import Text

MOST = 20
"""So many common problems a dispatch lists; `zoufang problems` has all, with the numbers of their tickets."""

NO_PROBLEMS = Text("普遍问题：截至{last}，还没有确定普遍问题。", "Common problems: none has been found by {last}.")
PROBLEMS_SAID = Text(
    "普遍问题（解决一个、带动一批、影响一片）：截至{last}共 {n} 个，已办结 {handled} 个；"
    "关联诉求中应反馈 {owed} 件，已逐件反馈 {told} 件（{share}）。",
    "Common problems (solve one, bring along a batch): {n} by {last}, of which {handled} are handled; of the {owed} "
    "tickets behind them whose people are owed an answer, {told} were fed back ({share}).",
)
PROBLEMS = Text("普遍问题（共 {n} 个，列出 {shown} 个）", "Common problems ({n}, of which {shown} are listed)")
PROBLEM = Text("编号", "Number")
LEAD = Text("牵头单位", "Lead")
LINKED = Text("关联诉求", "Tickets")
REMEDY = Text("办理结果", "Outcome")
TOLD = Text("已反馈", "Told")
OWED = Text("应反馈", "Owed")
TOLD_SHARE = Text("反馈率", "Share told")
PROBLEMS_NOTE = Text(
    "应反馈不含不予受理、撤诉、并案的诉求；办理时限只指普遍问题本身，各件诉求另有各自的时限。橙色▼：已过办理时限仍未办结。",
    "“Owed” leaves out tickets struck, withdrawn or merged. “Due” is the common problem's own; each ticket keeps its "
    "own. Orange ▼: not handled, and the day has passed.",
)
REMEDIES = {
    None: Text("办理中", "under way"),
    Remedy.RESOLVED: Text("已解决", "resolved"),
    Remedy.PARTLY: Text("部分解决", "partly"),
    Remedy.EXPLAINED: Text("解释说明", "explained"),
}
"""What each outcome is called; none yet is under way."""

AT_REMEDY = 4
"""The column of the outcome."""


def common(desk: Desk) -> tuple[Block, ...]:
    """Return the common problems so far: lead, tickets, outcome, time limit, and how many people were told.

    Plan: 三(二)
    """
    last = desk.day(desk.dispatch.to_on)
    found = common_problems(desk.reader, desk.so_far)
    if not found:
        return (Paragraph(desk.t(NO_PROBLEMS, last=last)),)
    told, owed = sum(one.told for one in found), sum(one.owed for one in found)
    handled = desk.whole("problems_handled", desk.so_far)
    said = desk.t(
        PROBLEMS_SAID,
        last=last,
        n=handled.of,
        handled=handled.n,
        owed=owed,
        told=told,
        share=desk.share(told, owed).printed,
    )
    return (Paragraph(said), _table(desk, found, told, owed))


def _table(desk: Desk, found: tuple[CommonProblem, ...], told: int, owed: int) -> Table:
    shown = found[:MOST]
    left = (words.TOPIC, LEAD)
    heads = (LINKED, REMEDY, words.DUE, TOLD, OWED, TOLD_SHARE)
    late = [i for i, one in enumerate(shown) if one.remedy is None and one.due_on < desk.dispatch.to_on]
    aligned = {REMEDY: Align.LEFT, words.DUE: Align.CENTER}
    return Table(
        caption=desk.t(PROBLEMS, n=len(found), shown=len(shown)),
        columns=(
            Column(desk.t(PROBLEM), Align.LEFT),
            *(Column(desk.t(head), Align.LEFT) for head in left),
            *(Column(desk.t(head), aligned.get(head, Align.RIGHT)) for head in heads),
        ),
        rows=tuple(_row(desk, one) for one in shown),
        total=(
            desk.t(words.TOTAL),
            "",
            "",
            sum(len(one.tickets) for one in found),
            "",
            "",
            told,
            owed,
            desk.share(told, owed),
        ),
        highlights=tuple(Highlight(i, AT_REMEDY, Mark.BAD) for i in late),
        note=desk.t(PROBLEMS_NOTE),
    )


def _row(desk: Desk, one: CommonProblem) -> tuple[Value, ...]:
    about = (desk.topic(one.topic_id), desk.unit(one.unit_id))
    outcome = (desk.t(REMEDIES[one.remedy]), one.due_on.isoformat())
    return (one.id, *about, len(one.tickets), *outcome, one.told, one.owed, desk.share(one.told, one.owed))
