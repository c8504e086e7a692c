"""Reading what the office does about common problems: linking tickets, and handling all of them once."""

from __future__ import annotations

from pathlib import Path

from zoufang.intake.problems import PROBLEM_STEPS
from zoufang.intake.readings import Reading, Record, read_sheet
from zoufang.intake.tables import BadRowError
from zoufang.model import CampaignPlan, ProblemAct, ProblemStep, Remedy

_LINKS = {"topic_id": "主题", "unit_id": "牵头单位", "tickets": "关联诉求"}
_HANDLES = {"remedy": "办理结果", "reason": "理由", "plan_on": "计划日期"}


def read_problems(path: Path, plan: CampaignPlan, *, strict: bool = True) -> Reading[ProblemStep]:
    """Read what was done about common problems.

    Args:
        path: A workbook with the sheet 普遍问题办理.
        plan: Gives topics, reasons and units.
        strict: True raises when any row is bad; False sets bad rows aside.

    Returns:
        The steps, in the order of the rows; whether a problem and its tickets allow them is for the rules to say.

    Raises:
        FileError: It is no workbook that can be read.
        MissingColumnError: A required column is not there.
        BadCellsError: Strict, and a row is bad.

    Plan: 三(二), 四(三)
    """
    return read_sheet(path, plan, PROBLEM_STEPS, _step, strict=strict)


def _step(record: Record) -> ProblemStep:
    act = ProblemAct(record["act"])
    needed, foreign = (
        (_LINKS, _HANDLES) if act is ProblemAct.LINK else ({"remedy": "办理结果"}, {"tickets": "关联诉求"})
    )
    for column_id, header in needed.items():
        if not record[column_id]:
            raise BadRowError(header, "empty", "这个动作须填写这一列", "this step needs a value here")
    for column_id, header in foreign.items():
        if record[column_id]:
            raise BadRowError(
                header, "not_here", "这个动作不填这一列，请另起一行", "this step has none; use another row"
            )
    if act is ProblemAct.HANDLE and record["remedy"] != Remedy.RESOLVED and not record["reason"]:
        raise BadRowError(
            "理由", "empty", "部分解决或解释说明的须写明理由", "a part or an explanation needs its reason"
        )
    return ProblemStep(**record | {"act": act, "reason": record["reason"] or "", "tickets": record["tickets"] or ()})
