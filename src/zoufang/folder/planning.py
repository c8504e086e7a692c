"""Plan the work in a folder, tell who would answer by a plan, and hand the campaign over."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from attrs import frozen

from zoufang.campaign import Campaign, HandedOver, Worked, street_area
from zoufang.errors import FileError, UnknownIdError
from zoufang.folder.checking import as_roster
from zoufang.folder.files import Folder
from zoufang.intake import read_register
from zoufang.model import AreaTree, CampaignPlan, Roster
from zoufang.reports import put_in_place, unplanned_list, work_plans, write_workbook
from zoufang.reports.words import ON_EACH_PAGE
from zoufang.rules import Told, assigned_told, explain_claims, explain_duties, lines_for, resolve
from zoufang.sdk import CampaignView, Plugins
from zoufang.typing import AreaId, KindId, Text

_NOT_A_FILE_NAME = re.compile(r"[^\w.-]+")


@frozen
class WorkDone:
    """What came of planning the work in a folder.

    Args:
        worked: The round in force.
        written: One workbook a unit, and the list of visits that nobody can make.
    """

    worked: Worked
    written: tuple[Path, ...]


def plan_work(folder: Folder, campaign: Campaign) -> WorkDone:
    """Plan who visits what in which week, and write each unit's workbook.

    Args:
        folder: The campaign's folder.
        campaign: The campaign in it, on the day of planning.

    Returns:
        The round in force, and the files ``outbox/workplan-<unit>.xlsx`` and ``outbox/unplanned.xlsx``.

    Raises:
        NoWorkPlanError: The plan does not say how work plans are made.
        LockedError: There is something to plan anew, and the master key is not at hand; nothing was written.

    Plan: 四(一)
    """
    worked = campaign.planner.plan_work()
    books = work_plans(campaign.ledger, campaign.plan)
    witness = ON_EACH_PAGE.zh.format(code=campaign.head.code)
    written = tuple(
        write_workbook(folder.outbox / f"workplan-{_NOT_A_FILE_NAME.sub('_', unit)}.xlsx", sheets, witness=witness)
        for unit, sheets in books.items()
    )
    nobody = unplanned_list(worked.plan.unplanned, campaign.today)
    return WorkDone(worked, (*written, write_workbook(folder.outbox / "unplanned.xlsx", [nobody], witness=witness)))


def hand_over(campaign: Campaign, out: Path) -> HandedOver:
    """Write the plan of regular work that follows a campaign; the ledger is only read.

    Args:
        campaign: The campaign, on the day of the hand-over.
        out: Where to write it; nothing that is there already is replaced.

    Returns:
        The plan and its text.

    Raises:
        FileError: There is something at that place already.
        NoHandOverError: The plan declares no regular mechanism.

    Plan: 三(三), 四(四)
    """
    if out.exists():
        raise FileError(
            file=str(out),
            problem_zh="已经存在；请换一个文件名，原有文件未改动",
            problem_en="is there already; choose another name, nothing was changed",
        )
    made = campaign.planner.hand_over()
    with put_in_place(out) as draft:
        draft.write_text(made.text, encoding="utf-8")
    return made


def explain_by(
    plan: CampaignPlan, target: str, *, roster: Roster | None, plugins: Plugins, on: date | None = None
) -> tuple[Told, ...]:
    """Tell who would answer for a target of a register, or for any target of a kind.

    Args:
        plan: Its matrix applies.
        target: With a register a target's id; without one a kind's id or name, with ``@`` and a community's id where
            it matters, e.g. ``household@C01``.
        roster: The register, if any.
        plugins: The routers.
        on: The day on which duties must be in force; None asks for no day.

    Raises:
        UnknownIdError: There is no such target or kind.

    Plan: 二
    """
    if roster is None:
        name, _, place = target.partition("@")
        kind = next((k.id for k in plan.kinds if name in (k.id, k.label.zh, k.label.en)), None)
        if kind is None:
            raise UnknownIdError(what="kind", id=name, known=tuple(plan.kind))
        community = AreaId(place) if place else None
        return (*explain_duties(plan, kind, community, on), *_by_matrix(plan, kind, community, on))
    found = next((one for one in roster.targets if one.id == target), None)
    if found is None:
        raise UnknownIdError(what="target", id=target, known=tuple(sorted(t.id for t in roster.targets)[:5]))
    if found.kind not in plan.kind:
        raise UnknownIdError(what="kind", id=found.kind, known=tuple(plan.kind))
    tree = AreaTree([street_area(plan), *(a for a in roster.areas if a.id != plan.street.code)])
    claims = plugins.claim_targets([found], CampaignView(plan=plan, areas=tree, targets={}, on=on))
    resolved = resolve([found.id], claims, plan.precedence)
    place_ = tree.community_of(found.area_id)
    return (
        *explain_duties(plan, found.kind, place_, on),
        *explain_claims(plan, claims),
        *assigned_told(resolved.assignments),
    )


def _by_matrix(plan: CampaignPlan, kind: KindId, community: AreaId | None, on: date | None) -> tuple[Told, ...]:
    lines = lines_for(plan, kind, community, on)
    if lines:
        first = "、".join(line.unit_id for line in lines)
        return (Told(Text(f"⇒ 矩阵的结论，牵头在前：{first}", f"⇒ by the matrix, the lead first: {first}")),)
    return tuple(assigned_told(()))


def read_roster(path: Path, plan: CampaignPlan) -> Roster:
    """Return what stands in a register.

    Raises:
        BadInputError: The file cannot be used.

    Plan: 二
    """
    return as_roster(read_register(path, plan).items)
