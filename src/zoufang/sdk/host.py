"""The plugins' host: collect every answer once, check it, freeze it, ask in batches.

Pluggy registers and checks signatures; dispatching is ours, so that the culprit is always known.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import metadata
from types import ModuleType
from typing import Any, TypeVar

import pluggy
from attrs import field, frozen

from zoufang.errors import (
    PluginCallError,
    PluginConflictError,
    PluginLoadError,
    PluginReturnError,
    PluginSpecError,
    UnknownIdError,
)
from zoufang.model import Claim, Target, Ticket
from zoufang.rules import Claimed, units_of
from zoufang.sdk import hooks
from zoufang.sdk.answers import (
    CampaignView,
    Importer,
    ReportFormat,
    StorageBackend,
    TargetRouter,
    TicketRouter,
)
from zoufang.sdk.policy import Installed, Policy, installed, normal

Answer = TypeVar("Answer")


@frozen
class Culprit:
    """Whose answer something is.

    Args:
        plugin: The plugin's name.
        dist: Its distribution; empty where it was registered by hand.
        version: Its version.
        hook: The hook it answered.
    """

    plugin: str
    dist: str
    version: str
    hook: str = ""

    def blamed(self, kind: type[Any], problem: str, item: str = "") -> Any:
        """Return an error that names the culprit."""
        return kind(
            plugin=self.plugin, dist=self.dist, version=self.version, hook=self.hook, item=item, problem=problem
        )


@frozen
class Provided:
    """One answer and whose it is."""

    answer: Any
    by: Culprit


@frozen
class Plugins:
    """Everything that plugins declared, collected once and frozen; one per campaign.

    Args:
        loaded: The plugins, in the order of their names.
        target_routers: By plugin and name.
        ticket_routers: By plugin and name.
        storage_backends: By scheme.
        importers: By name.
        report_formats: By name.
    """

    loaded: tuple[Culprit, ...]
    target_routers: tuple[Provided, ...] = field(repr=False)
    ticket_routers: tuple[Provided, ...] = field(repr=False)
    storage_backends: tuple[Provided, ...] = field(repr=False)
    importers: tuple[Provided, ...] = field(repr=False)
    report_formats: tuple[Provided, ...] = field(repr=False)

    @classmethod
    def of(cls, *plugins: object) -> Plugins:
        """Register plugins by hand; nothing is looked for.

        Args:
            plugins: Modules or objects with ``zoufang_api`` and marked functions.

        Raises:
            PluginError: One of them does not keep the contract; its name is in the message.
        """
        return _collect([(_by_hand(plugin), plugin) for plugin in plugins])

    @classmethod
    def discover(cls, *core: object, policy: Policy | None = None) -> Plugins:
        """Register the given plugins and those that are installed.

        Args:
            core: Registered by hand, in any case.
            policy: Which installed ones may load; what the environment asks for if None.

        Raises:
            PluginError: One of them cannot be loaded or does not keep the contract.
        """
        policy = Policy.of_environment(os.environ) if policy is None else policy
        here = [one for one in installed() if policy.admits(one.name)]
        missing = policy.require - {one.name for one in here}
        if missing:
            raise UnknownIdError(what="plugin", id=min(missing), known=tuple(one.name for one in here))
        return _collect([*((_by_hand(plugin), plugin) for plugin in core), *map(_load, here)])

    def claim_targets(self, targets: Sequence[Target], view: CampaignView) -> list[Claimed]:
        """Ask every target router about a batch."""
        return _claims(self.target_routers, targets, view)

    def claim_tickets(self, tickets: Sequence[Ticket], view: CampaignView) -> list[Claimed]:
        """Ask every ticket router about a batch."""
        return _claims(self.ticket_routers, tickets, view)

    def storage(self, url: str) -> StorageBackend:
        """Return the backend for a URL.

        Raises:
            UnknownIdError: No plugin provides its scheme.
        """
        scheme = url.partition(":")[0].partition("+")[0]
        for provided in self.storage_backends:
            if scheme in provided.answer.schemes:
                return _typed(provided.answer, StorageBackend)
        known = tuple(scheme for p in self.storage_backends for scheme in p.answer.schemes)
        raise UnknownIdError(what="storage", id=scheme, known=known)

    def format(self, name: str) -> ReportFormat:
        """Return the report format of a name.

        Raises:
            UnknownIdError: No plugin provides it.
        """
        for provided in self.report_formats:
            if provided.answer.name == name:
                return _typed(provided.answer, ReportFormat)
        raise UnknownIdError(what="report format", id=name, known=tuple(p.answer.name for p in self.report_formats))


def _typed(answer: Any, kind: type[Answer]) -> Answer:
    assert isinstance(answer, kind)  # noqa: S101 - checked when it was collected
    return answer


def _by_hand(plugin: object) -> Culprit:
    name = getattr(plugin, "zoufang_name", None)
    if name is None:
        name = normal(plugin.__name__) if isinstance(plugin, ModuleType) else type(plugin).__name__
    return Culprit(plugin=name, dist="", version=str(getattr(plugin, "zoufang_version", "")))


def _load(one: Installed) -> tuple[Culprit, object]:
    culprit = Culprit(plugin=one.name, dist=one.name, version=one.version)
    try:
        return culprit, one.entry.load()
    except Exception as error:
        problem = f"it cannot be imported ({type(error).__name__}: {error}); mend or deny it"
        raise culprit.blamed(PluginLoadError, problem, item=one.entry.value) from error


def _collect(plugins: Sequence[tuple[Culprit, object]]) -> Plugins:
    manager = pluggy.PluginManager("zoufang")
    manager.add_hookspecs(hooks)
    by_name: dict[str, Culprit] = {}
    for culprit, plugin in sorted(plugins, key=lambda pair: pair[0].plugin):
        _register(manager, culprit, plugin, by_name)
    provided = {
        "target_routers": _ask(manager, by_name, "zoufang_target_routers", TargetRouter),
        "ticket_routers": _ask(manager, by_name, "zoufang_ticket_routers", TicketRouter),
        "storage_backends": _ask(manager, by_name, "zoufang_storage_backends", StorageBackend),
        "importers": _ask(manager, by_name, "zoufang_importers", Importer),
        "report_formats": _ask(manager, by_name, "zoufang_report_formats", ReportFormat),
    }
    for kind in ("storage_backends", "importers", "report_formats"):
        _refuse_twins(provided[kind])
    return Plugins(loaded=tuple(by_name.values()), **provided)


def _register(manager: pluggy.PluginManager, culprit: Culprit, plugin: object, by_name: dict[str, Culprit]) -> None:
    if culprit.plugin in by_name:
        raise culprit.blamed(PluginConflictError, "a plugin of this name is registered already; give it its own name")
    api = getattr(plugin, "zoufang_api", None)
    if api != hooks.API:
        said = "does not say zoufang_api" if api is None else f"says zoufang_api = {api!r}"
        raise culprit.blamed(PluginSpecError, f'it {said}; this host speaks zoufang_api = "{hooks.API}"')
    if isinstance(plugin, type):
        raise culprit.blamed(PluginSpecError, "it is a class; register an instance of it")
    try:
        manager.register(plugin, name=culprit.plugin)
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise culprit.blamed(PluginSpecError, " ".join(str(error).split())) from error
    by_name[culprit.plugin] = culprit


def _ask(
    manager: pluggy.PluginManager, by_name: dict[str, Culprit], hook: str, kind: type[Any]
) -> tuple[Provided, ...]:
    found: list[Provided] = []
    for implementation in getattr(manager.hook, hook).get_hookimpls():
        mine = by_name[implementation.plugin_name]
        culprit = Culprit(plugin=mine.plugin, dist=mine.dist, version=mine.version, hook=hook)
        answers = _guarded(culprit, "", implementation.function)
        found.extend(Provided(answer=answer, by=culprit) for answer in _checked(culprit, answers, kind))
    return tuple(sorted(found, key=lambda p: (p.by.plugin, p.answer.name)))


def _guarded(culprit: Culprit, item: str, call: Callable[..., Any], *arguments: object) -> Any:
    try:
        return call(*arguments)
    except Exception as error:
        problem = f"it raised {type(error).__name__}; its message is withheld here, see __cause__"
        raise culprit.blamed(PluginCallError, problem, item=item) from error


def _checked(culprit: Culprit, answers: Any, kind: type[Answer]) -> Iterator[Answer]:
    if not isinstance(answers, Iterable) or isinstance(answers, str):
        raise culprit.blamed(
            PluginReturnError, f"it returned {type(answers).__name__}; return a list of {kind.__name__}"
        )
    for answer in answers:
        if not isinstance(answer, kind):
            problem = f"it returned a {type(answer).__name__} among its answers; each must be a {kind.__name__}"
            raise culprit.blamed(PluginReturnError, problem)
        yield answer


def _refuse_twins(provided: Sequence[Provided]) -> None:
    seen: dict[str, Provided] = {}
    for one in provided:
        names = one.answer.schemes if isinstance(one.answer, StorageBackend) else (one.answer.name,)
        for name in names:
            if name in seen:
                problem = f"{seen[name].by.plugin} provides {name!r} too; rename it or deny one of the two"
                raise one.by.blamed(PluginConflictError, problem, item=name)
            seen[name] = one


def _claims(
    routers: Sequence[Provided], batch: Sequence[Target] | Sequence[Ticket], view: CampaignView
) -> list[Claimed]:
    subjects, units = {subject.id for subject in batch}, units_of(view.plan, view.areas)
    claimed: list[Claimed] = []
    for router in routers:
        claims = _guarded(router.by, router.answer.name, lambda r=router: list(r.answer.route(batch, view)))
        for claim in _checked(router.by, claims, Claim):
            if claim.subject_id not in subjects:
                problem = f"it claims {claim.subject_id}, which is not in the batch"
                raise router.by.blamed(PluginReturnError, problem, item=router.answer.name)
            if claim.unit_id not in units:
                problem = f"it names the unit {claim.unit_id} for {claim.subject_id}; neither plan nor register has it"
                raise router.by.blamed(PluginReturnError, problem, item=router.answer.name)
            claimed.append(Claimed(claim=claim, plugin=router.by.plugin, version=router.by.version))
    return claimed


def core_version() -> str:
    """Return the version of this library, as installed."""
    return metadata.version("zoufang")
