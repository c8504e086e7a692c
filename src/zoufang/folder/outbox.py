"""Write what an office takes in its hands: lists, dispatches, rows that were set aside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from attrs import evolve

from zoufang.campaign import Campaign
from zoufang.folder.files import Folder
from zoufang.folder.inbox import Parcel
from zoufang.folder.witnesses import checkpoint_of, signature_line
from zoufang.reports import (
    SheetData,
    callback_list,
    contact_list,
    ladder_list,
    problem_sheets,
    put_in_place,
    todo,
    watch_list_sheet,
    write_csv,
    write_workbook,
)
from zoufang.reports.words import ON_EACH_PAGE


def write_lists(folder: Folder, campaign: Campaign) -> tuple[Path, ...]:
    """Write the to-do list, whom to call, the ladder of supervision, the promises that are due, the common problems.

    Plan: 三(二), 四(二), 五(三)
    """
    ledger, plan = campaign.ledger, campaign.plan
    witness = _witness(campaign)
    lists = {
        "todo.xlsx": todo(ledger, plan),
        "callback-list.xlsx": callback_list(ledger, plan),
        "ladder.xlsx": ladder_list(ledger, plan, campaign.today),
        "watch-list.xlsx": watch_list_sheet(ledger, plan, campaign.today),
    }
    written = tuple(_written(folder.outbox / name, [made], witness) for name, made in lists.items())
    common = problem_sheets(ledger, plan, campaign.problems())
    return (*written, _written(folder.outbox / "problems.xlsx", common, witness))


def write_contacts(folder: Folder, campaign: Campaign) -> Iterator[Path]:
    """Write the list of whom to contact, where the plan is one of regular work.

    Plan: 三(三)
    """
    if campaign.plan.regular is not None and campaign.plan.regular.follows is not None:
        due = contact_list(campaign.planner.contacts_due())
        yield _written(folder.outbox / "contact-list.xlsx", [due], _witness(campaign))


def _witness(campaign: Campaign) -> str:
    """Return the checkpoint of what a list shows, as it stands on each of its pages."""
    return ON_EACH_PAGE.zh.format(code=campaign.head.code)


def _written(path: Path, sheets: Sequence[SheetData], witness: str) -> Path:
    """Write a list; where nobody fills it in, the checkpoint stands below it on the screen too."""
    shown = [sheet if sheet.to_fill_in else evolve(sheet, below=(*sheet.below, witness)) for sheet in sheets]
    return write_workbook(path, shown, witness=witness)


def write_dispatches(folder: Folder, campaign: Campaign, formats: Sequence[str]) -> Iterator[Path]:
    """Write the dispatches that were made and are not in the folder yet.

    Plan: 五(二)
    """
    kinds = [campaign.plugins.format(name) for name in formats]
    for made in campaign.dispatches():
        paths = {kind.name: folder.dispatches / f"dispatch-{made.week.number:02d}{kind.suffix}" for kind in kinds}
        missing = [name for name, path in paths.items() if not path.exists()]
        if missing:
            line = signature_line(checkpoint_of(folder, campaign, made.week.number), "zh")
            report = evolve(campaign.report(made.week.number), signature=line)
            for name in missing:
                with put_in_place(paths[name]) as draft, draft.open("wb") as out:
                    campaign.write(report, out, format=name)
                yield paths[name]


def write_quarantine(folder: Folder, parcels: Iterable[Parcel]) -> Iterator[Path]:
    """Write a list of the rows that were set aside, by file: where each is and why, not what it holds.

    Plan: 四(二)
    """
    for parcel in parcels:
        if parcel.reading.bad:
            path = folder.quarantine / f"{parcel.path.stem}-{parcel.reading.digest[:8]}.csv"
            rows = [(bad.sheet, bad.row, bad.column, bad.problem.zh, bad.problem.en) for bad in parcel.reading.bad]
            write_csv(path, ("表", "行", "列", "问题", "problem"), rows)
            yield path
