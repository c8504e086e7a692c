"""The core as a plugin: what it answers to each hook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

from zoufang.errors import FileError
from zoufang.intake import (
    Reading,
    load_mapping,
    read_callbacks,
    read_calls,
    read_letters,
    read_mapped,
    read_problems,
    read_register,
    read_replies,
    read_visits,
)
from zoufang.ledger import Ledger, MemoryLedger, SqlLedger
from zoufang.model import CampaignPlan, Claim, Finding, Target, Ticket, Visit
from zoufang.reports import to_xlsx, write_html
from zoufang.rules import claim_targets, claim_tickets
from zoufang.sdk import (
    API,
    CampaignView,
    Importer,
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
    return claim_targets(view.plan, view.areas, targets, view.on)


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
    """Answer with SQLite files, PostgreSQL, and a ledger that is gone with the process."""
    return [
        StorageBackend(name="postgresql", schemes=("postgresql",), create=SqlLedger.create, open=SqlLedger.open),
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
        places=(*visits.places, *findings.places),
    )


def _read_mapped(path: Path, plan: CampaignPlan, *, strict: bool) -> Reading[Ticket]:
    """Read a foreign CSV file as the mapping of the same name beside it says."""
    beside = path.with_suffix(".toml")
    if not beside.is_file():
        raise FileError(
            file=path.name,
            problem_zh=f"旁边缺少列映射 {beside.name}；请把它与本文件放在一起",
            problem_en=f"its column mapping {beside.name} is missing; put it beside the file",
        )
    return read_mapped(path, load_mapping(beside), plan=plan, strict=strict)


@frozen
class _Read:
    """A reader of ours in the shape that the hook asks for."""

    by: Callable[..., Reading[Any]]

    def __call__(self, path: Path, plan: CampaignPlan, strict: bool) -> Reading[Any]:  # noqa: FBT001 - the hook's
        return self.by(path, plan, strict=strict)


@hookimpl
def zoufang_importers() -> Iterable[Importer]:
    """Answer with the files that an office has."""
    return [
        Importer("register", Text("名册", "the register"), "roster", "register.xlsx", _Read(read_register)),
        Importer("visits", Text("走访记录", "visits"), "visits", "visits/*.xlsx", _Read(_read_visits)),
        Importer("hotline", Text("来电", "calls"), "tickets", "hotline.csv", _Read(read_calls)),
        Importer("letters", Text("来信", "letters"), "tickets", "letters.csv", _Read(read_letters)),
        Importer("mapped", Text("其他来源", "other sources"), "tickets", "mapped/*.csv", _Read(_read_mapped)),
        Importer("problems", Text("普遍问题", "common problems"), "problems", "problems/*.xlsx", _Read(read_problems)),
        Importer("replies", Text("办理回执", "replies of units"), "steps", "replies/*.xlsx", _Read(read_replies)),
        Importer("callbacks", Text("回访结果", "call-backs"), "callbacks", "callbacks/*.xlsx", _Read(read_callbacks)),
    ]


@hookimpl
def zoufang_report_formats() -> Iterable[ReportFormat]:
    """Answer with a page and a workbook."""
    return [
        ReportFormat(name="html", suffix=".html", label=Text(zh="网页", en="page"), render=write_html),
        ReportFormat(name="xlsx", suffix=".xlsx", label=Text(zh="工作簿", en="workbook"), render=to_xlsx),
    ]
