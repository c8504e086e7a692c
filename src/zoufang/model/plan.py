"""The campaign plan: everything that differs from street to street, as one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Literal

from attrs import frozen

from zoufang.model.calendar import WorkCalendar, YearTable
from zoufang.model.callbacks import LotRule, StratumRule
from zoufang.model.ladder import LadderStep
from zoufang.model.limits import DeadlineRule, Gate
from zoufang.model.masking import MaskRule
from zoufang.model.matrix import Duty, Overlap
from zoufang.model.planning import Regular, WorkPlanRule
from zoufang.model.problems import DUPLICATES, DuplicateRule
from zoufang.model.targets import TargetKind
from zoufang.model.topics import Message, Topic
from zoufang.model.units import Role, Unit
from zoufang.model.visits import Channel
from zoufang.typing import KindId, Text, TopicId, UnitId


@frozen
class Goal:
    """One of the three 100%, with the declared reading of the words.

    Args:
        id: ``visited``, ``collected`` or ``rectified``.
        label: Its name in the plan.
        metric: The metric that reads it, by name; defined in the analysis room.
        clause: The plan's clause.
        note: Why it is read this way.
    """

    id: str
    label: Text
    metric: str
    clause: str
    note: Text


@frozen
class Phase:
    """One stage of the campaign; its last day may be the next one's first.

    Args:
        id: The phase's id.
        label: Its name.
        ends_on: Last day, included.
        starts_on: First day, included; None where the plan does not say.
        clause: The plan's clause.
    """

    id: str
    label: Text
    ends_on: date
    clause: str
    starts_on: date | None = None


@frozen
class ChannelEntry:
    """A way of visiting that the plan names.

    Args:
        channel: Which way.
        label: What the plan calls it.
        clause: The plan's clause.
    """

    channel: Channel
    label: Text
    clause: str


@frozen
class Measure:
    """A piece of work that the plan orders and that is neither a duty nor a topic.

    Args:
        id: The measure's id.
        label: What is to be done, in the plan's own words where they are short.
        clause: The plan's clause.
        phase: The phase in which it is due; None where it holds throughout.
        units: Who does it; empty means everybody with a duty.
    """

    id: str
    label: Text
    clause: str
    phase: str | None = None
    units: tuple[UnitId, ...] = ()


@frozen
class RoleEntry:
    """Who holds a role in the leading group or in the field.

    Args:
        role: Which role.
        label: What the plan calls it.
        holders: Units whose people hold it; empty means named in the register.
        clause: The plan's clause.
    """

    role: Role
    label: Text
    clause: str
    holders: tuple[UnitId, ...] = ()


@frozen
class ClosingRule:
    """What closing (销号) needs.

    Args:
        feedback_first: No closing without feedback told to the person.
        two_keys: The person who approves is not the one who applied.
        revoke_when_not_solved: A call-back that says "not solved" sends the ticket back to its unit.
        revoke_reason: The reason code of such a revocation.
        clause: The plan's clause.
    """

    clause: str
    feedback_first: bool = True
    two_keys: bool = True
    revoke_when_not_solved: bool = True
    revoke_reason: str = "not_solved"


@frozen
class CallBackRule:
    """Which closed tickets are called back.

    Args:
        rate_percent: Of the closings since the last draw, per lead unit, 0 to 100, rounded up.
        at_least: At least so many per lead unit, where there are as many.
        census_kinds: Kinds of target whose tickets are all called back.
        clause: The plan's clause.
        basis: The published source of the numbers.
        strata: Groups with rules of their own; they go before the census and the rate above, in their order.
        every: How often a campaign's folder draws: with each weekly dispatch, or once on each day it is run.
        tries: After so many calls in vain a person is given up, at least 1.
        replace: Somebody given up or unwilling is replaced by the next of the same group's order of lots.
        confidence_percent: Of the intervals that are printed, 50 to 99.
        lot: When a unit's closings pass as a lot; None decides nothing.
    """

    rate_percent: int
    at_least: int
    clause: str
    basis: Text
    census_kinds: tuple[KindId, ...] = ()
    strata: tuple[StratumRule, ...] = ()
    every: Literal["week", "day"] = "week"
    tries: int = 3
    replace: bool = True
    confidence_percent: int = 95
    lot: LotRule | None = None


@frozen
class PerfunctoryRule:
    """The signs that somebody only goes through the motions; each a threshold, none a verdict.

    Args:
        min_visits: No sign is looked for below so many effective visits.
        per_hour: More effective door visits within any clock hour than this is a sign.
        none_share_percent: A share of "no demand" above this, 0 to 100, is a sign.
        min_closed: No sign is looked for below so many closed tickets with a valid call-back.
        not_solved_percent: A share of "not solved" among valid call-backs above this, 0 to 100, is a sign.
        clause: The plan's clause.
    """

    clause: str
    min_visits: int
    per_hour: int
    none_share_percent: int
    min_closed: int
    not_solved_percent: int


@frozen
class DispatchRule:
    """The weekly rhythm.

    Args:
        weekday: Day of the week on which the office dispatches, 1 (Monday) to 7 (Sunday).
        first_on: The first dispatch.
        last_on: The last dispatch.
        offices: The units that dispatch.
        top_topics: How many topics a dispatch lists.
        praise: How many units are praised at the most.
        takes_unclear: The unit that leads where no router names a unit or all that were named returned it; None
            leaves such tickets on the list of the unrouted.
        clause: The plan's clause.
    """

    weekday: int
    first_on: date
    last_on: date
    offices: tuple[UnitId, ...]
    clause: str
    top_topics: int = 3
    praise: int = 3
    takes_unclear: UnitId | None = None


@frozen
class Rounding:
    """How a share is printed; rounded once, at the end.

    Args:
        digits: Digits after the point of a percentage, 0 to 4.
        mode: ``half_up`` or ``down``.
    """

    digits: int = 2
    mode: Literal["half_up", "down"] = "half_up"


@frozen
class Street:
    """Whose campaign it is.

    Args:
        code: Statistical division code, nine digits; also the id of the street's own area.
        name: Its name.
        timezone: IANA name; a day is a day there.
    """

    code: str
    name: Text
    timezone: str = "Asia/Shanghai"


@frozen(slots=False)
class CampaignPlan:
    """A whole campaign as data; no street's name, unit or date stands anywhere else.

    Args:
        id: The plan's id, e.g. ``huangtun-2023``.
        version: From 1; a change of the plan is a new version.
        title: The campaign's name.
        named_days: The number of days in the campaign's name, never used to compute a date.
        issued_on: The date of the document.
        street: Whose campaign.
        goals: The three 100%.
        kinds: Kinds of target.
        units: Units.
        duties: The matrix.
        overlaps: How overlaps are decided.
        phases: The stages.
        topics: Topics of demands.
        messages: What is made known.
        roles: Who holds which role.
        deadlines: Time limits.
        closing: What closing needs.
        callbacks: The call-back sample.
        perfunctory: The signs.
        dispatch: The weekly rhythm.
        rounding: How shares are printed.
        calendar: Year tables.
        precedence: Names of routers' plugins, first the strongest; a plugin not named is weaker than all named.
        reasons: Reason codes for returning, refusing, striking and explaining.
        source: What the plan was taken from.
        theme: The campaign's motto.
        channels: The ways of visiting that the plan names.
        measures: Everything else that the plan orders.
        workplan: How the lead units' own work plans are made; None makes none.
        regular: The regular mechanism afterwards; None hands nothing over.
        duplicates: When a new demand may be one that is known.
        gates: Which verbs are warned or closed in which phase; the others are open.
        ladder: The steps of supervision, the lowest first.
        masks: How much of a person is shown where and to whom; the rest is shown in clear.

    Plan: 一, 二, 三(一), 三(二), 三(三), 四(一), 四(二), 四(三), 四(四), 五(一), 五(二), 五(三)
    """

    id: str
    version: int
    title: Text
    named_days: int
    issued_on: date
    source: Text
    street: Street
    goals: tuple[Goal, ...]
    kinds: tuple[TargetKind, ...]
    units: tuple[Unit, ...]
    duties: tuple[Duty, ...]
    overlaps: tuple[Overlap, ...]
    phases: tuple[Phase, ...]
    topics: tuple[Topic, ...]
    messages: tuple[Message, ...]
    roles: tuple[RoleEntry, ...]
    deadlines: DeadlineRule
    closing: ClosingRule
    callbacks: CallBackRule
    perfunctory: PerfunctoryRule
    dispatch: DispatchRule
    calendar: tuple[YearTable, ...]
    reasons: Mapping[str, Text]
    rounding: Rounding = Rounding()
    precedence: tuple[str, ...] = ()
    theme: Text | None = None
    channels: tuple[ChannelEntry, ...] = ()
    measures: tuple[Measure, ...] = ()
    workplan: WorkPlanRule | None = None
    regular: Regular | None = None
    gates: tuple[Gate, ...] = ()
    ladder: tuple[LadderStep, ...] = ()
    duplicates: DuplicateRule = DUPLICATES
    masks: tuple[MaskRule, ...] = ()

    @cached_property
    def kind(self) -> Mapping[KindId, TargetKind]:
        """The kinds by id."""
        return {kind.id: kind for kind in self.kinds}

    @cached_property
    def unit(self) -> Mapping[UnitId, Unit]:
        """The units of the plan by id."""
        return {unit.id: unit for unit in self.units}

    @cached_property
    def topic(self) -> Mapping[TopicId, Topic]:
        """The topics by id."""
        return {topic.id: topic for topic in self.topics}

    @cached_property
    def working_days(self) -> WorkCalendar:
        """The plan's calendar."""
        return WorkCalendar(years=self.calendar)

    @property
    def first_on(self) -> date:
        """The first day that any phase names, be it a start or an end."""
        return min(day for phase in self.phases for day in (phase.starts_on, phase.ends_on) if day)

    @property
    def last_on(self) -> date:
        """The last day of the last phase."""
        return max(phase.ends_on for phase in self.phases)
