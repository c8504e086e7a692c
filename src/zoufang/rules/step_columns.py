"""The lifecycle in columns: a frame of steps in, a frame of where the tickets stand after each; for large batches.

Most steps of a large batch are of a few plain sorts: what follows rests on the table and on the step before of the same
ticket. Those are decided in columns. A ticket with a step of any other sort, with kin, or with a limit that ends at a
minute is set apart and decided step by step, by what decides everything where there are no columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen

from zoufang.errors import UnknownIdError
from zoufang.model import CampaignPlan, Count, Event, Head, Limit, Remedy, Reopened, Rerouted, Status
from zoufang.rules._chains import NONE, Chains, Codes, Days, Flags, Numbers, Places, Words, days_of, numbers_of
from zoufang.rules._values import heads_in, intents_in
from zoufang.rules.decide import Decided, decide_all, decide_next
from zoufang.rules.due_columns import due_in_columns
from zoufang.rules.lifecycle import BY_EVENT, TABLE
from zoufang.rules.parts import Families

E = Event
PLAIN = (E.ROUTE, E.ACCEPT, E.HANDLE, E.FEED_BACK, E.APPLY, E.CLOSE, E.REFUSE, E.REVOKE, E.RESUME, E.STRIKE, E.WITHDRAW)
"""Events that are decided in columns."""

STARTS_CLOCK = (E.ROUTE, E.REVOKE, E.RESUME)
FORGETS_KEY = (E.REFUSE, E.REVOKE, E.RESUME)
FORGETS_REMEDY = (E.ROUTE, *FORGETS_KEY)

_EVENTS, _STATUSES, _REMEDIES, _COUNTS = tuple(Event), tuple(Status), tuple(Remedy), tuple(Count)
_RESOLVED = _REMEDIES.index(Remedy.RESOLVED)
_DAY, _SECOND = "datetime64[D]", "datetime64[s]"


def _table() -> Codes:
    """Return the table as an array: by status and event the status that follows, -1 where it is not allowed."""
    after = np.full((len(_STATUSES), len(_EVENTS)), NONE, dtype=np.int8)
    for line in TABLE:
        for before in line.before:
            after[_STATUSES.index(before), _EVENTS.index(line.event)] = _STATUSES.index(line.after or before)
    return after


@cache
def _flags(events: tuple[Event, ...]) -> Flags:
    """Return an array that says of each event whether it is one of some."""
    return np.array([event in events for event in _EVENTS])


_AFTER = _table()
_FOLLOWS = _AFTER.max(axis=0)
"""The status that follows an event; of a plain one it is the same wherever it is allowed."""

_NEEDS = {
    part: _flags(tuple(event for event in PLAIN if part in BY_EVENT[event].needs))
    for part in ("unit_id", "person_id", "remedy", "reason")
}
"""By part of a step, which plain events need it."""


@frozen
class InColumns:
    """What was decided of a frame of steps.

    Args:
        places: The places, in the frame, of the steps that were decided in columns; ascending.
        rows: For each of these ``event``, and where its ticket stands after it: the fields of
            :class:`zoufang.model.Head` but for ``parent_id`` and ``into``. Ids and words are categories, days are
            ``datetime64[s]``, numbers that may be missing are ``float64``.
        apart: The other steps in their order, each with its place, and behind it what follows of itself.
    """

    places: Places
    rows: pd.DataFrame
    apart: Sequence[tuple[int, Decided]]


def frame_of_heads(heads: Iterable[Head]) -> pd.DataFrame:
    """Return heads as the frame that :func:`decide_in_columns` takes: one column for each field, one row for each."""
    return pd.DataFrame.from_records(list(heads), columns=list(Head._fields))


def decide_in_columns(plan: CampaignPlan, heads: pd.DataFrame, steps: pd.DataFrame) -> InColumns:
    """Decide many steps in their order, without a value for each; as :func:`zoufang.rules.decide_all` decides them.

    Args:
        plan: The plan.
        heads: Where each ticket stands before the first step: the fields of :class:`zoufang.model.Head` as columns,
            one row for each ticket, with its parts, its parent and those merged into it. Not changed.
        steps: ``event`` and the fields of :class:`zoufang.model.Step`; those with a default may be left out.

    Returns:
        Where the tickets stand after each step.

    Raises:
        UnknownIdError: A ticket that has no head.
        RefusedError: The first step that is refused, by its sentence; nothing counts then.
        ValueError: An event, status or remedy that is none.

    Plan: 四(二), 四(三)
    """
    if heads.empty and len(steps):
        raise UnknownIdError(what="ticket", id=str(steps["ticket_id"].iloc[0]))
    columns = _Columns(plan, heads, steps)
    apart = columns.apart
    refused = np.flatnonzero(columns.refused & ~apart)
    until = int(refused[0]) if refused.size else len(steps)
    others = _one_by_one(columns, [int(place) for place in np.flatnonzero(apart) if place < until])
    if refused.size:
        _refuse(columns, until)
    return InColumns(np.flatnonzero(~apart), columns.rows(), others)


@frozen(slots=False)
class _Columns:
    """The steps of one batch, decided as if all of them were plain; what is said of those set apart is not used."""

    plan: CampaignPlan
    heads: pd.DataFrame
    steps: pd.DataFrame

    # --- as it was given ------------------------------------------------------------------------------------

    @cached_property
    def ticket(self) -> Places:
        # Each ticket is looked up once, however many steps it has: to tell them apart costs less than to look up each.
        codes, tickets = pd.factorize(self.steps["ticket_id"])
        places = pd.Index(self.heads["ticket_id"]).get_indexer(pd.Index(tickets))
        return np.append(places, NONE)[codes]

    @cached_property
    def chains(self) -> Chains:
        return Chains.of(self.ticket)

    @cached_property
    def event(self) -> Codes:
        return Words.of(self.steps, "event", _EVENTS).codes

    @cached_property
    def on(self) -> Days:
        return days_of(self.steps, "on")

    @cached_property
    def part(self) -> Mapping[str, Words]:
        known: dict[str, Sequence[Any] | None] = {"remedy": _REMEDIES}
        return {part: Words.of(self.steps, part, known.get(part)) for part in _NEEDS}

    def of_head(self, name: str, known: Sequence[Any] | None = None) -> Words:
        return Words.of(self.heads, name, known)

    def are(self, *events: Event) -> Flags:
        """Say of each step whether it is one of some events."""
        return _flags(events)[self.event]

    @cached_property
    def _lasts(self) -> dict[tuple[Event, ...], Places]:
        return {}

    def _last(self, events: tuple[Event, ...], new: Any, old: Any) -> Any:
        """Return for each step what the last step of some events said of its ticket, else what its head says."""
        there = tuple(event for event in events if event in self.present)
        if not there:
            return old[self.ticket]
        if there not in self._lasts:
            self._lasts[there] = self._among_both(self.chains.last(self.are(*there)))
        return np.concatenate((new, old))[self._lasts[there]]

    def _among_both(self, steps: Places) -> Places:
        """Return places among the steps with the heads behind them: of a step, or of the head where there is none."""
        return np.where(steps == NONE, self.ticket + len(self.steps), steps)

    @cached_property
    def present(self) -> frozenset[Event]:
        """The events that occur at all; what asks for others need not look at the steps."""
        return frozenset(_EVENTS[code] for code in np.flatnonzero(np.bincount(self.event, minlength=len(_EVENTS))))

    # --- what follows ---------------------------------------------------------------------------------------

    @cached_property
    def before(self) -> Places:
        return self._among_both(self.chains.before())

    def _earlier(self, new: Any, old: Any) -> Any:
        """Return for each step what stood before it: what the step before it left, or its head."""
        return np.concatenate((new, old))[self.before]

    @cached_property
    def status(self) -> Codes:
        found: Codes = _FOLLOWS[self.event]
        return found

    @cached_property
    def status_before(self) -> Codes:
        found: Codes = self._earlier(self.status, self.of_head("status", _STATUSES).codes)
        return found

    @cached_property
    def version(self) -> Places:
        return self.heads["version"].to_numpy(np.int64)[self.ticket] + 1 + self.chains.nth()

    @cached_property
    def holder(self) -> tuple[Codes, Sequence[Any]]:
        new, old, units = self.part["unit_id"].joined(self.of_head("unit_id"))
        return self._last((E.ROUTE,), new, old), units

    @cached_property
    def key(self) -> tuple[Codes, Sequence[Any]]:
        """Who has applied for closing."""
        new, old, people = self.part["person_id"].joined(self.of_head("applied_by"))
        applied = np.where(self.are(E.APPLY), new, NONE)
        return self._last((E.APPLY, *FORGETS_KEY), applied, old), people

    @cached_property
    def remedy(self) -> Codes:
        handled = np.where(self.are(E.HANDLE), self.part["remedy"].codes, NONE)
        old = self.of_head("remedy", _REMEDIES).codes
        return np.asarray(self._last((E.HANDLE, *FORGETS_REMEDY), handled, old))

    @cached_property
    def latest_of_heads(self) -> Numbers:
        latest, minute = numbers_of(self.heads, "latest_minute"), numbers_of(self.heads, "minute")
        return np.where(np.isnan(latest), minute, latest)

    @cached_property
    def latest_minute(self) -> Numbers:
        """The latest minute that is known of the day of each step, its own among them."""
        minute = numbers_of(self.steps, "minute")
        last = self.chains.last(~np.isnan(minute))
        known = np.where(last == NONE, self.latest_of_heads[self.ticket], minute[last])
        day = np.where(last == NONE, days_of(self.heads, "on")[self.ticket], self.on[last])
        return np.where(day == self.on, known, np.nan)

    @cached_property
    def promised(self) -> Days:
        """The day for which the last remedy promises the rest."""
        handled = np.where(self.are(E.HANDLE), days_of(self.steps, "plan_on"), np.datetime64("NaT", "D"))
        return np.asarray(self._last((E.HANDLE, *FORGETS_REMEDY), handled, days_of(self.heads, "plan_on")))

    @cached_property
    def limits(self) -> tuple[Codes, Sequence[Limit]]:
        """The limit of each ticket's own class, and all that there are."""
        rule = self.plan.deadlines
        ids = self.of_head("limit_id")
        limits = [*(rule.limit_of(word) for word in ids.words), rule.limit_of(None)]
        return np.arange(len(limits))[ids.codes], limits

    @cached_property
    def started(self) -> tuple[Places, Codes, Sequence[Limit]]:
        """The steps that start a clock, which limit each takes, and all that there are."""
        rule = self.plan.deadlines
        starts = np.flatnonzero(self.are(*STARTS_CLOCK))
        codes, limits = self.limits
        which = codes[self.ticket[starts]]
        if rule.reopen_days is not None:
            limits = [*limits, Limit(rule.reopen_days, rule.count)]
            which = np.where(self.are(E.REVOKE)[starts], len(limits) - 1, which)
        return starts, which, limits

    @cached_property
    def clock(self) -> tuple[Codes, Sequence[Any]]:
        """What each time limit counts."""
        starts, which, limits = self.started
        new = np.full(len(self.on), NONE)
        new[starts] = np.array([_COUNTS.index(limit.count) for limit in limits])[which]
        return np.asarray(self._last(STARTS_CLOCK, new, self.of_head("clock", _COUNTS).codes)), _COUNTS

    @cached_property
    def due(self) -> Days:
        calendar = self.plan.working_days
        starts, which, limits = self.started
        new = np.full(len(self.on), np.datetime64("NaT", "D"))
        new[starts] = self.on[starts]
        for code, limit in enumerate(limits):
            mine = starts[which == code]
            if limit.count is Count.WORKING_DAYS:
                new[mine] = due_in_columns(calendar, self.on[mine], limit.n)
            elif limit.count is Count.CALENDAR_DAYS:
                new[mine] += limit.n
        return np.asarray(self._last(STARTS_CLOCK, new, days_of(self.heads, "due_on")))

    # --- what is set apart, and what is refused -------------------------------------------------------------

    @cached_property
    def apart(self) -> Flags:
        """Which steps are decided one by one: all of a ticket, where one of them or its head is not plain."""
        found: Flags = self.odd[self.ticket] & (self.ticket != NONE)
        return found

    @cached_property
    def odd(self) -> Flags:
        """Which heads are of a ticket that is decided one by one."""
        rule, heads = self.plan.deadlines, self.heads
        codes, limits = self.limits
        kin = pd.Index(heads["parent_id"].dropna()).append(pd.Index(heads["into"].dropna()))
        odd = (
            heads["parent_id"].notna().to_numpy()
            | heads["ticket_id"].isin(kin).to_numpy()
            | np.array([limit.count.by_the_clock for limit in limits])[codes]
            | heads["asked_days"].notna().to_numpy()
            | heads["due_minute"].notna().to_numpy()
        )
        if rule.on_reroute is not Rerouted.RESTART:
            odd |= self.of_head("status", _STATUSES).codes == _STATUSES.index(Status.RETURNED)
        kept = () if rule.on_reopen is Reopened.RESTART else (E.REVOKE,)
        step = ~self.are(*PLAIN) | self.are(*kept)
        for name in ("reaction", "limit_id", "into"):
            if name in self.steps:
                step |= self.steps[name].notna().to_numpy()
        odd[self.ticket[step & (self.ticket != NONE)]] = True
        return np.asarray(odd)

    def concerned(self) -> pd.DataFrame:
        """Return the heads that deciding one by one may ask for: those set apart, and all that hangs together."""
        heads = self.heads
        asked = self.odd | heads["into"].notna().to_numpy()
        if "into" in self.steps:
            asked |= heads["ticket_id"].isin(self.steps["into"].dropna()).to_numpy()
        return heads[asked]

    @cached_property
    def refused(self) -> Flags:
        """Which steps something forbids, beyond what the steps before them may."""
        reason, handled = self.part["reason"], self.are(E.HANDLE)
        refused = (self.ticket == NONE) | (_AFTER[self.status_before, self.event] == NONE)
        for part, needed in _NEEDS.items():
            refused |= needed[self.event] & (self.part[part].codes == NONE)
        refused |= ~reason.among(tuple(self.plan.reasons))
        before = self._earlier(self.on, days_of(self.heads, "on"))
        refused |= self.on < before
        if "minute" in self.steps:
            latest = self._earlier(self.latest_minute, self.latest_of_heads)
            refused |= (self.on == before) & (numbers_of(self.steps, "minute") < latest)
        refused |= handled & (self.part["remedy"].codes != _RESOLVED) & (reason.codes == NONE)
        if "plan_on" in self.steps:
            promised = days_of(self.steps, "plan_on")
            refused |= ~np.isnat(promised) & ~(handled & (promised >= self.on))
        if "version" in self.steps:
            seen = numbers_of(self.steps, "version")
            refused |= ~np.isnan(seen) & (seen != self.version - 1)
        if E.RESUME in self.present:
            remedy = self._earlier(self.remedy, self.of_head("remedy", _REMEDIES).codes)
            promised = self._earlier(self.promised, days_of(self.heads, "plan_on"))
            sooner = (self.on < promised) & (reason.codes == NONE)
            refused |= self.are(E.RESUME) & ((remedy == NONE) | (remedy == _RESOLVED) | sooner)
        found: Flags = refused | self._one_hand()
        return found

    def _one_hand(self) -> Flags:
        """Say where one person turns both keys."""
        if not self.plan.closing.two_keys:
            return np.zeros(len(self.steps), dtype=bool)
        mine, applied, _ = self.part["person_id"].joined(self.of_head("applied_by"))
        found: Flags = self.are(E.CLOSE) & (mine == self._earlier(mine, applied))
        return found

    def _revoked(self) -> Places:
        so_far: Places = self.heads["revoked"].to_numpy(np.int64)[self.ticket]
        return so_far + self.chains.count(self.are(E.REVOKE)) if E.REVOKE in self.present else so_far

    # --- as it is given back --------------------------------------------------------------------------------

    def rows(self) -> pd.DataFrame:
        heads = self.heads
        nothing = np.full(len(self.steps), np.nan)
        limits = self.of_head("limit_id")
        made: dict[str, Any] = {
            "ticket_id": self.steps["ticket_id"].array,
            "event": _category(self.event, _EVENTS),
            "version": self.version,
            "status": _category(self.status, _STATUSES),
            "on": self.on.astype(_SECOND),
            "minute": numbers_of(self.steps, "minute"),
            "unit_id": _category(*self.holder),
            "due_on": self.due.astype(_SECOND),
            "due_minute": nothing,
            "clock": _category(*self.clock),
            "limit_id": _category(limits.codes[self.ticket], limits.words),
            "asked_days": nothing,
            "extended_days": self._last(STARTS_CLOCK, np.zeros_like(self.version), heads["extended_days"].to_numpy()),
            "remedy": _category(self.remedy, _REMEDIES),
            "applied_by": _category(*self.key),
            "revoked": self._revoked(),
            "routed_on": self._last((E.ROUTE,), self.on, days_of(heads, "routed_on")).astype(_SECOND),
            "returned_by": heads["returned_by"].to_numpy()[self.ticket],
            "plan_on": self.promised.astype(_SECOND),
            "latest_minute": self.latest_minute,
        }
        frame = pd.DataFrame(made, copy=False)
        return frame[~self.apart].reset_index(drop=True) if self.apart.any() else frame


def _category(codes: Codes, words: Sequence[Any]) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, categories=pd.Index(list(map(str, words)), dtype=object))


# --- one by one -------------------------------------------------------------------------------------------------


def _one_by_one(columns: _Columns, places: list[int]) -> list[tuple[int, Decided]]:
    """Decide the steps that are set apart, with all their kin."""
    if not places:
        return []
    families = Families({head.ticket_id: head for head in heads_in(columns.concerned())})
    return [
        (place, decided)
        for place, (event, step) in zip(places, intents_in(columns.steps.iloc[places]), strict=True)
        for decided in decide_next(columns.plan, families, event, step)
    ]


def _refuse(columns: _Columns, place: int) -> None:
    """Raise what deciding one by one says of a step that the columns refuse."""
    row = int(columns.ticket[place])
    if row == NONE:
        known = tuple(columns.heads["ticket_id"].head())
        raise UnknownIdError(what="ticket", id=str(columns.steps["ticket_id"].iloc[place]), known=known)
    (head,) = heads_in(columns.heads.iloc[[row]])
    same = np.flatnonzero(columns.ticket[: place + 1] == row)
    decide_all(columns.plan, {head.ticket_id: head}, list(intents_in(columns.steps.iloc[same])))
    raise AssertionError(f"{head.ticket_id}: refused in columns, and not one by one")
