"""The whole plugin contract on one page: every hook, what it is given and what it answers.

Each hook is asked once, when the host is made, and answers with frozen declarations that hold batch callables. A
plugin is a module or an object with ``zoufang_api = "1"`` and functions marked with :data:`hookimpl`.
"""

from __future__ import annotations

from collections.abc import Iterable

import pluggy

from zoufang.sdk.answers import Importer, ReportFormat, StorageBackend, TargetRouter, TicketRouter

API = "1"
"""The version of this page; a plugin declares it as ``zoufang_api``."""

hookspec = pluggy.HookspecMarker("zoufang")
hookimpl = pluggy.HookimplMarker("zoufang")
"""Marks a plugin's function as the answer to the hook of the same name."""


@hookspec
def zoufang_target_routers() -> Iterable[TargetRouter]:  # type: ignore[empty-body]
    """Answer with routers that claim targets: who leads on them, who helps."""


@hookspec
def zoufang_ticket_routers() -> Iterable[TicketRouter]:  # type: ignore[empty-body]
    """Answer with routers that claim tickets: who leads on them, who helps."""


@hookspec
def zoufang_storage_backends() -> Iterable[StorageBackend]:  # type: ignore[empty-body]
    """Answer with storage backends, each for some URL schemes."""


@hookspec
def zoufang_importers() -> Iterable[Importer]:  # type: ignore[empty-body]
    """Answer with importers, each for some files of the inbox."""


@hookspec
def zoufang_report_formats() -> Iterable[ReportFormat]:  # type: ignore[empty-body]
    """Answer with formats in which a report can be written."""
