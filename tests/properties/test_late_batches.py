"""Batches that come late, twice, shuffled, split and overlapping: the same facts, the same figures, the same conflicts.

What is expected is worked out here by plain loops over what was sent, in the order in which it was sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import sqlalchemy as sa
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from zoufang.analysis import Window
from zoufang.builtin import core
from zoufang.campaign import Campaign
from zoufang.facts import BY_NAME, visits_in_force
from zoufang.intake import load_plan
from zoufang.model import Finding, FindingKind, Outcome, Visit
from zoufang.sdk import Plugins
from zoufang.testing import KeyedStores, SetClock, counted_salts, little_roster, visits
from zoufang.typing import Seq

some = settings(max_examples=settings().max_examples // 10)
"""Each example is one campaign or two, on both stores: 10 at each change, 200 in a sweep."""

PLUGINS = Plugins.of(core, KeyedStores())
PLAN = load_plan("huangtun-2023")
ROSTER = little_roster(PLAN, each=2)
TODAY = SetClock(PLAN).now.date() + timedelta(days=20)

One = tuple[Visit, tuple[Finding, ...]]
Sent = tuple[Sequence[One], str | None]
"""A batch as a tablet sends it, with its submission id if it has one."""

FIGURES = ("visited", "collected", "outcome_met", "outcome_absent")
COMPARED = ("visits", "findings", "tickets", "ticket_events")
WAYS = ("keep", "replace", "both")

made = visits(PLAN, ROSTER, on=st.integers(0, 20).map(lambda n: TODAY - timedelta(days=n)), max_findings=2)
"""One visit with what was heard on it."""


both = pytest.mark.parametrize("store", ["memory", "sqlite"])
"""Both stores of the core."""


@contextmanager
def campaign_on(store: str) -> Iterator[Campaign]:
    """Make a campaign with its register, three weeks after its first day."""
    clock = SetClock(PLAN)
    with TemporaryDirectory() as folder:
        place = "keyed-memory://" if store == "memory" else f"keyed-sqlite:///{folder}/ledger.sqlite"
        campaign = Campaign.create("huangtun-2023", place, plugins=PLUGINS, clock=clock, salt=counted_salts())
        try:
            campaign.register(ROSTER)
            clock.pass_days(20)
            yield campaign
        finally:
            campaign.close_ledger()


def send(campaign: Campaign, batches: Sequence[Sent]) -> None:
    """Send batches in their order."""
    for items, number in batches:
        heard = [finding for _, findings in items for finding in findings]
        campaign.record([visit for visit, _ in items], heard, submission_id=number)


def facts(campaign: Campaign) -> dict[str, Counter[tuple[Any, ...]]]:
    """Return the rows of the compared tables as they stand, whatever their order, with words in the place of refs."""
    found = {}
    for name in COMPARED:
        table = BY_NAME[name]
        columns = [campaign.ledger.tables.by_name[name].c[column] for column in table.names]
        rows = campaign.ledger.select(sa.select(*columns))
        words = campaign.ledger.texts([row[place] for row in rows for place in table.refs if row[place]])
        found[name] = Counter(
            tuple(words[cell] if place in table.refs and cell else cell for place, cell in enumerate(row))
            for row in rows
        )
    return found


def told(campaign: Campaign, as_of: Seq | None = None) -> list[tuple[int, int]]:
    """Return some figures of visits."""
    return [(f.n, f.of) for metric in FIGURES for f in campaign.figures(metric, Window(as_of=as_of))]


@st.composite
def split_up(draw: st.DrawFn, contents: Sequence[Sequence[One]]) -> list[Sent]:
    """Return batches in which each visit comes at least once with each of its contents, in any order.

    They may overlap, come twice, and share a submission id, so that one id comes with several contents.
    """
    n = draw(st.integers(1, 4))
    batches: list[dict[str, One]] = [{} for _ in range(n)]
    late: list[dict[str, One]] = []
    for versions in contents:
        for version in versions:
            for batch in draw(st.lists(st.sampled_from(batches), min_size=1, max_size=2)):
                if version[0].id in batch:  # one number once in a batch
                    late.append({version[0].id: version})
                else:
                    batch[version[0].id] = version
    whole = [list(batch.values()) for batch in (*batches, *late) if batch]
    numbers = [draw(st.sampled_from([None, "week", f"batch-{place}"])) for place in range(len(whole))]
    sent: list[Sent] = list(zip(whole, numbers, strict=True))
    twice = draw(st.lists(st.sampled_from(sent), max_size=2))
    return list(draw(st.permutations([*sent, *twice])))


distinct = st.lists(made, min_size=1, max_size=6, unique_by=lambda one: one[0].id)
"""Visits under different numbers."""


@st.composite
def changed_too(draw: st.DrawFn) -> list[list[One]]:
    """Return visits of which some come with a second content: another minute, outcome, finding, or word."""
    return [[one, *draw(st.lists(_other(one), max_size=1))] for one in draw(distinct)]


@st.composite
def _other(draw: st.DrawFn, one: One) -> One:
    visit, findings = one
    ways: list[One] = [(evolve(visit, minute=1 if visit.minute != 1 else 2), findings)]
    if findings:
        ways.append((visit, findings[:-1]))
        ways.append((visit, (evolve(findings[0], said=findings[0].said + "二"), *findings[1:])))
    else:
        other = Outcome.ABSENT if visit.outcome is Outcome.MET else Outcome.MET
        ways.append((evolve(visit, outcome=other, no_demand=False), ()))
    return draw(st.sampled_from(ways))


@both
@some
@given(data=st.data())
def test_any_partition_in_any_order_gives_the_same_facts_and_figures(store: str, data: st.DataObject) -> None:
    """Split, shuffled, overlapping, some of it twice: as if all had come in one batch, and no conflict."""
    contents = [[one] for one in data.draw(distinct)]
    batches = data.draw(split_up(contents))
    with campaign_on(store) as whole, campaign_on(store) as parts:
        send(whole, [([one for (one,) in contents], None)])
        send(parts, batches)
        assert facts(parts) == facts(whole)
        assert told(parts) == told(whole)
        assert parts.conflicts() == ()
        assert {row[0] for row in parts.ledger.select(sa.select(parts.ledger.tables.visits.c.visit_id))} == {
            one[0].id for (one,) in contents
        }
        assert parts.verify().ok


@both
@some
@given(data=st.data())
def test_exactly_what_was_changed_in_between_is_in_conflict(store: str, data: st.DataObject) -> None:
    """Whatever the order: the same numbers, one conflict each, and nothing but the first content recorded."""
    contents = data.draw(changed_too())
    one, another = data.draw(split_up(contents)), data.draw(split_up(contents))
    for batches in (one, another):
        with campaign_on(store) as campaign:
            send(campaign, batches)
            changed = sorted(str(versions[0][0].id) for versions in contents if len(versions) > 1)
            assert sorted(found.subject_id for found in campaign.conflicts()) == changed
            first = first_sent(batches)
            assert standing(campaign) == Counter(cells(*first[versions[0][0].id]) for versions in contents)
            head = campaign.head
            send(campaign, [(items, None) for items, _ in batches])
            assert campaign.head == head


@both
@some
@given(data=st.data())
def test_settled_each_way_it_is_what_hand_work_says(store: str, data: st.DataObject) -> None:
    """Kept: the first content counts. Replaced: the second. Both: the two. And no ticket is ever lost."""
    contents = data.draw(changed_too())
    batches = data.draw(split_up(contents))
    with campaign_on(store) as campaign:
        send(campaign, batches)
        before, as_of = facts(campaign), campaign.head.seq
        then = told(campaign)
        first = first_sent(batches)
        expected = Counter(cells(*one) for one in first.values())
        for conflict in data.draw(st.permutations(campaign.conflicts())):
            way = data.draw(st.sampled_from(WAYS))
            campaign.settle(conflict.id, way, reason="核实")
            versions = next(some for some in contents if some[0][0].id == conflict.subject_id)
            (second,) = [one for one in versions if one != first[versions[0][0].id]]
            if way == "replace":
                expected[cells(*first[second[0].id])] -= 1
            if way != "keep":
                expected[cells(*second)] += 1
        assert standing(campaign) == +expected
        met = sum(n for one, n in expected.items() if one[1] is Outcome.MET)
        (figure,) = campaign.figures("outcome_met")
        assert (figure.n, figure.of) == (met, expected.total())
        assert all(not rows - facts(campaign)[name] for name, rows in before.items())  # nothing was taken away
        assert told(campaign, as_of) == then
        assert demands_in_force(campaign) <= tickets_or_kept(campaign)
        assert campaign.verify().ok
        assert campaign.conflicts() == ()


def first_sent(batches: Sequence[Sent]) -> dict[str, One]:
    """Return the content with which each number came first."""
    found: dict[str, One] = {}
    for items, _ in batches:
        for one in items:
            found.setdefault(str(one[0].id), one)
    return found


def cells(visit: Visit, findings: Sequence[Finding]) -> tuple[Any, ...]:
    """Return what tells one visit in force from another, whatever its number."""
    base = visit.id.partition("~")[0]
    return (base, visit.outcome, visit.minute, visit.target_id, len(findings))


def standing(campaign: Campaign) -> Counter[tuple[Any, ...]]:
    """Return the visits in force in the same form."""
    v = visits_in_force(campaign.ledger.tables).c
    rows = campaign.ledger.select(sa.select(v.visit_id, v.outcome, v.minute, v.target_id, v.n_findings))
    return Counter((row[0].partition("~")[0], Outcome(row[1]), *row[2:]) for row in rows)


def demands_in_force(campaign: Campaign) -> set[tuple[str, int]]:
    """Return the demands of the visits in force, each by its visit and number."""
    f, v = campaign.ledger.tables.findings.c, visits_in_force(campaign.ledger.tables)
    query = sa.select(f.visit_id, f.n).join_from(v, campaign.ledger.tables.findings, f.visit_id == v.c.visit_id)
    return set(campaign.ledger.select(query.where(f.kind == str(FindingKind.DEMAND))))


def tickets_or_kept(campaign: Campaign) -> set[tuple[str, int]]:
    """Return visit and number of each demand that has a ticket of its own, or goes on under an earlier one."""
    t, k = campaign.ledger.tables.tickets.c, campaign.ledger.tables.kept_tickets.c
    own = {tuple(row[0].rsplit("-", 1)) for row in campaign.ledger.select(sa.select(t.ticket_id))}
    return {(visit, int(n)) for visit, n in own} | set(campaign.ledger.select(sa.select(k.visit_id, k.n)))
