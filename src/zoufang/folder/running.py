"""One run: import what is new, route what waits, dispatch what is due, write the lists."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from zoufang.campaign import Campaign, Done, draws_today, now
from zoufang.errors import BadInputError, PlanNotSoundError, ZoufangError
from zoufang.folder.checking import as_roster
from zoufang.folder.files import Folder
from zoufang.folder.inbox import Parcel, check_all, imported, new_files, read_all, unread_files
from zoufang.folder.outbox import write_contacts, write_dispatches, write_lists, write_quarantine
from zoufang.folder.witnesses import sign_dispatches
from zoufang.model import CampaignPlan, Finding, Visit
from zoufang.proof import SigningKey
from zoufang.rules import Remark, check_plan, check_register
from zoufang.sdk import Plugins
from zoufang.typing import Clock, Progress, Text, silent

EVENING = time(20, 0)


@frozen
class FileDone:
    """What came of one file.

    Args:
        name: The file's name.
        label: What the importer reads.
        n_rows: Rows with any content.
        n_new: Rows recorded.
        n_known: Rows recorded before with the same content.
        n_bad: Rows set aside.
        n_conflicts: Rows that differ from what is recorded and wait to be settled; these four make up all rows.
    """

    name: str
    label: Text
    n_rows: int
    n_new: int
    n_known: int
    n_bad: int
    n_conflicts: int = 0


@frozen
class RunDone:
    """What came of one run.

    Args:
        files: Each new file.
        n_routed: Tickets that were sent to a unit.
        unrouted: Targets and tickets for which nobody leads; the office decides.
        n_drawn: Tickets drawn for a call-back.
        dispatches: Numbers of the dispatches that were made.
        written: Files that were written.
        unread: Files of the inbox that no importer reads.
        remarks: What the plan and the new registers do not say of each other.
        soft: Tickets that had moved on since a reply saw them, without touching what it decided; it was recorded.
    """

    files: tuple[FileDone, ...]
    n_routed: int
    unrouted: tuple[str, ...]
    n_drawn: int
    dispatches: tuple[int, ...]
    written: tuple[Path, ...]
    unread: tuple[Path, ...]
    remarks: tuple[Remark, ...] = ()
    soft: tuple[str, ...] = ()


def run(
    folder: Folder,
    *,
    plugins: Plugins,
    today: date | None = None,
    strict: bool = True,
    formats: Sequence[str] = ("html", "xlsx"),
    key: SigningKey | None = None,
    progress: Progress = silent,
) -> RunDone:
    """Import what is new and write what is due.

    Everything new is read and checked before anything is recorded.

    Args:
        folder: The campaign's folder.
        plugins: The plugins' host.
        today: The day of the run; the machine's own day if None.
        strict: True refuses a file with any bad row; False sets the bad rows aside and lists them.
        formats: In which formats dispatches are written.
        key: Signs the state that each dispatch shows; None signs nothing.
        progress: Shows how far it is.

    Returns:
        What was done.

    Raises:
        BadInputError: Something in the folder cannot be used; the message names the file.

    Plan: 四(二), 五(二), 五(三)
    """
    plan = folder.plan()
    errors = [remark for remark in check_plan(plan) if remark.level == "error"]
    if errors:
        raise PlanNotSoundError(file=str(folder.plan_file), n_errors=len(errors))
    clock = clock_at(plan, today)
    campaign = open_campaign(folder, plugins, clock) if folder.has_ledger else None
    first = campaign is None
    with ExitStack() as stack:
        if campaign is not None:
            stack.callback(campaign.close_ledger)
        done = frozenset() if campaign is None else imported(campaign)
        parcels = read_all(new_files(folder, plugins, done), plan, strict=strict, progress=progress)
        check_all(plan, campaign, parcels, today or clock().astimezone(ZoneInfo(plan.street.timezone)).date())
        if campaign is None:
            campaign = Campaign.create(folder.plan_file, folder.ledger_url, plugins=plugins, clock=clock)
            stack.callback(campaign.close_ledger)
        try:
            files, routed, unrouted, soft = _import(campaign, parcels, progress)
        except ZoufangError:
            if first:
                campaign.close_ledger()
                folder.take_back_ledger()
            raise
        made, n_drawn = _dispatch(campaign, progress)
        written = (
            *write_quarantine(folder, parcels),
            *sign_dispatches(folder, campaign, key),
            *write_dispatches(folder, campaign, formats),
            *write_lists(folder, campaign),
            *write_contacts(folder, campaign),
        )
        remarks = _remarks(campaign, parcels)
    unread = unread_files(folder, plugins)
    return RunDone(files, routed, unrouted, n_drawn, made, written, unread, remarks, soft)


def clock_at(plan: CampaignPlan, today: date | None) -> Clock:
    """Return a clock that stands at the evening of a day in the street, or the machine's own."""
    if today is None:
        return now
    instant = datetime.combine(today, EVENING, ZoneInfo(plan.street.timezone))
    return lambda: instant


def open_campaign(folder: Folder, plugins: Plugins, clock: Clock = now, *, masked: bool = False) -> Campaign:
    """Open the ledger in a folder; with ``masked``, an encrypted one without its key, to be read with masks only.

    Raises:
        LockedError: It is encrypted, and its master key is not at hand.
        NoLedgerYetError: Nothing was imported yet.
        NotALedgerError: The file is no ledger.
        OtherPlanError: It belongs to another plan than the one in the folder.
    """
    folder.need_ledger()
    return Campaign.open(folder.ledger_url, plan=folder.plan_file, plugins=plugins, clock=clock, masked=masked)


def _import(
    campaign: Campaign, parcels: Sequence[Parcel], progress: Progress
) -> tuple[tuple[FileDone, ...], int, tuple[str, ...], tuple[str, ...]]:
    """Record every parcel and route what waits, all or nothing."""
    files: list[FileDone] = []
    unrouted: list[str] = []
    soft: set[str] = set()
    with campaign.ledger.together():
        for parcel in progress(parcels, label="record", total=len(parcels)):
            done = _record(campaign, parcel)
            files.append(_note(parcel, done))
            unrouted.extend(done.unrouted)
            soft.update(done.soft)
        campaign.note_imports(
            (
                (f.name, p.reading.digest, p.importer.name, f.n_rows, f.n_new, f.n_known, f.n_bad)
                for f, p in zip(files, parcels, strict=True)
            ),
            [(f.name, p.reading.digest, f.n_conflicts) for f, p in zip(files, parcels, strict=True) if f.n_conflicts],
        )
        if any(duty.since_on or duty.until_on for duty in campaign.plan.duties):
            unrouted.extend(campaign.planner.reassign().unrouted)
        routed = campaign.route()
    return tuple(files), routed.n_new, (*unrouted, *routed.unrouted), tuple(sorted(soft))


def _dispatch(campaign: Campaign, progress: Progress) -> tuple[tuple[int, ...], int]:
    """Make every dispatch that is due, each with its call-back sample or not at all.

    None is made while no target is registered: a dispatch is sealed for good, and an empty one says nothing.
    """
    made: list[int] = []
    n_drawn = 0
    due = campaign.due() if campaign.ids("targets") else ()
    for _ in progress(due, label="dispatch", total=len(due)):
        with campaign.ledger.together():
            number = campaign.dispatch().week.number
            if campaign.plan.callbacks.every == "week":
                n_drawn += campaign.draw(seed=f"{campaign.plan.id}:{number}").n_new
        made.append(number)
    if draws_today(campaign.plan, campaign.ledger, campaign.today):
        n_drawn += campaign.draw(seed=f"{campaign.plan.id}:{campaign.today}").n_new
    return tuple(made), n_drawn


def _record(campaign: Campaign, parcel: Parcel) -> Done:
    items = parcel.reading.items
    number = f"{parcel.importer.name}:{parcel.reading.digest}"
    try:
        match parcel.importer.makes:
            case "roster":
                return campaign.register(as_roster(items), submission_id=number)
            case "visits":
                visits = [item for item in items if isinstance(item, Visit)]
                findings = [item for item in items if isinstance(item, Finding)]
                return campaign.record(visits, findings, submission_id=number)
            case "tickets":
                return campaign.raise_tickets(items, submission_id=number)
            case "problems":
                return campaign.take_up(items, submission_id=number)
            case "steps":
                return campaign.reply(items, submission_id=number)
            case "callbacks":
                return campaign.call_back(items, submission_id=number)
    except BadInputError as error:
        raise parcel.blamed(error) from error


def _remarks(campaign: Campaign, parcels: Sequence[Parcel]) -> tuple[Remark, ...]:
    rosters = [as_roster(parcel.reading.items) for parcel in parcels if parcel.importer.makes == "roster"]
    whole = [evolve(roster, areas=tuple(campaign.areas().values())) for roster in rosters]
    return tuple(remark for roster in whole for remark in check_register(campaign.plan, roster, campaign.today))


def _note(parcel: Parcel, done: Done) -> FileDone:
    n_good, n_bad = len(parcel.reading.items), len(parcel.reading.bad)
    n_new, n_conflicts = done.n_new + done.n_findings, done.n_conflicts + done.n_conflict_findings
    return FileDone(
        name=parcel.path.name,
        label=parcel.importer.label,
        n_rows=parcel.reading.n_rows,
        n_new=n_new,
        n_known=n_good - n_new - n_conflicts,
        n_bad=n_bad,
        n_conflicts=n_conflicts,
    )
