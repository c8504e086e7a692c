"""The core as a plugin: what it answers to each hook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from zoufang.intake import (
    Reading,
    read_callbacks,
    read_calls,
    read_letters,
    read_register,
    read_replies,
    read_visits,
)
from zoufang.ledger import Ledger, MemoryLedger, SqlLedger
from zoufang.model import CampaignPlan, Claim, Finding, Target, Ticket, Visit
from zoufang.reports import write_html, write_xlsx
from zoufang.rules import claim_targets, claim_tickets
from zoufang.sdk import (
    API,
    CampaignView,
    Importer,
    Makes,
    ReportFormat,
    StorageBackend,
    TargetRouter,
    TicketRouter,
    core_version,
    hookimpl,
)
from zoufang.typing import Text

zoufang_api = API
zoufang_name = "zoufang"
zoufang_version = core_version()


def _by_matrix(targets: Sequence[Target], view: CampaignView) -> Iterator[Claim]:
    return claim_targets(view.plan, view.areas, targets)


def _by_topic(tickets: Sequence[Ticket], view: CampaignView) -> Iterator[Claim]:
    leads = {target_id: known.lead for target_id, known in view.targets.items() if known.lead is not None}
    return claim_tickets(view.plan, view.areas, leads, tickets)


@hookimpl
def zoufang_target_routers() -> Iterable[TargetRouter]:
    """Answer with the responsibility matrix of the plan."""
    return [TargetRouter(name="matrix", route=_by_matrix)]


@hookimpl
def zoufang_ticket_routers() -> Iterable[TicketRouter]:
    """Answer with the topics of the plan, the target's own lead, and the community."""
    return [TicketRouter(name="topic", route=_by_topic)]


def _new_memory(_url: str) -> Ledger:
    return MemoryLedger()


@hookimpl
def zoufang_storage_backends() -> Iterable[StorageBackend]:
    """Answer with SQLite files, and with a ledger that is gone with the process."""
    return [
        StorageBackend(name="sqlite", schemes=("sqlite",), create=SqlLedger.create, open=SqlLedger.open),
        StorageBackend(name="memory", schemes=("memory",), create=_new_memory, open=_new_memory),
    ]


def _read_visits(path: Path, plan: CampaignPlan, *, strict: bool) -> Reading[Visit | Finding]:
    """Read a workbook of visits as one reading: the visits first, then what was heard."""
    visits, findings = read_visits(path, plan, strict=strict)
    return Reading(
        file=visits.file,
        sheets=(*visits.sheets, *findings.sheets),
        digest=visits.digest,
        n_rows=visits.n_rows + findings.n_rows,
        items=(*visits.items, *findings.items),
        bad=(*visits.bad, *findings.bad),
        remarks=(*visits.remarks, *findings.remarks),
    )


def _importer(
    name: str, zh: str, en: str, makes: Makes, pattern: str, read: Callable[..., Reading[Any]]
) -> Importer:
    def reading(path: Path, plan: CampaignPlan, strict: bool) -> Reading[Any]:  # noqa: FBT001 - the hook's signature
        return read(path, plan, strict=strict)

    return Importer(name=name, label=Text(zh=zh, en=en), makes=makes, pattern=pattern, read=reading)


@hookimpl
def zoufang_importers() -> Iterable[Importer]:
    """Answer with the files that an office has."""
    return [
        _importer("register", "登记册", "the register", "roster", "register.xlsx", read_register),
        _importer("visits", "走访记录", "visits", "visits", "visits/*.xlsx", _read_visits),
        _importer("hotline", "来电", "calls", "tickets", "hotline.csv", read_calls),
        _importer("letters", "来信", "letters", "tickets", "letters.csv", read_letters),
        _importer("replies", "办理回执", "replies of the units", "steps", "replies/*.xlsx", read_replies),
        _importer("callbacks", "回访结果", "call-backs", "callbacks", "callbacks/*.xlsx", read_callbacks),
    ]


@hookimpl
def zoufang_report_formats() -> Iterable[ReportFormat]:
    """Answer with a page and a workbook."""
    return [
        ReportFormat(name="html", suffix=".html", label=Text(zh="网页", en="page"), render=write_html),
        ReportFormat(name="xlsx", suffix=".xlsx", label=Text(zh="工作簿", en="workbook"), render=write_xlsx),
    ]
