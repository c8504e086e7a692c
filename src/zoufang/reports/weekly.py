"""The weekly dispatch (周调度通报): composed from figures, the same whenever it is printed again."""

from __future__ import annotations

from collections.abc import Sequence

from zoufang.facts import Checkpoint, Reader
from zoufang.model import CampaignPlan
from zoufang.reports import words
from zoufang.reports.appendix import appendix
from zoufang.reports.basics import basics
from zoufang.reports.definitions import definitions
from zoufang.reports.desk import Desk, Dispatch
from zoufang.reports.document import Report
from zoufang.reports.handling import callbacks, handling
from zoufang.reports.notices import hot_topics, notices
from zoufang.typing import Language


def weekly(
    reader: Reader,
    plan: CampaignPlan,
    dispatch: Dispatch,
    checkpoint: Checkpoint,
    *,
    language: Language = "zh",
    warnings: Sequence[str] = (),
) -> Report:
    """Compose a weekly dispatch.

    Args:
        reader: Where the facts are.
        plan: The plan.
        dispatch: Which dispatch; only facts up to its commit and its last day count.
        checkpoint: The ledger's state at that commit, printed as a witness.
        language: Of its words.
        warnings: Plugins that only advise and failed, one sentence each.

    Returns:
        The report; equal arguments over equal facts give an equal report, whatever was recorded later.

    Plan: 四(二), 五(二)
    """
    desk = Desk(reader, plan, dispatch, language)
    return Report(
        title=desk.t(words.TITLE, title=desk.t(plan.title)),
        subtitle=desk.t(words.SUBTITLE, number=dispatch.number),
        issuer=desk.t(
            words.ISSUER,
            street=desk.t(plan.street.name),
            offices=desk.listed(desk.unit(office) for office in plan.dispatch.offices),
        ),
        number=dispatch.number,
        language=language,
        on=dispatch.on,
        first_on=dispatch.from_on,
        last_on=dispatch.to_on,
        period=desk.t(
            words.PERIOD,
            first=desk.day(dispatch.from_on),
            last=desk.day(dispatch.to_on),
            as_of=dispatch.as_of,
        ),
        sections=(
            basics(desk),
            handling(desk),
            callbacks(desk),
            hot_topics(desk),
            notices(desk),
            appendix(desk),
        ),
        checkpoint=checkpoint.code,
        footer=definitions(desk, warnings),
    )
