"""A ledger of every released revision is migrated, says what it said, and is then used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from attrs import astuple

from zoufang.analysis import Window, catalogue, figure
from zoufang.builtin import core
from zoufang.campaign import Campaign
from zoufang.errors import OlderSchemaError
from zoufang.ledger import SqlLedger
from zoufang.ledger.dialects import REVISION
from zoufang.ledger.migrations import migrate
from zoufang.model import (
    Channel,
    Event,
    Finding,
    FindingKind,
    Outcome,
    Remedy,
    Source,
    Status,
    Step,
    Ticket,
    Visit,
)
from zoufang.proof import Found, Signed, compare, new_key, verify_bundle
from zoufang.reports import digest
from zoufang.sdk import Plugins
from zoufang.typing import PersonId, TargetId, TicketId, TopicId, UnitId, VisitId

LATER = date(2023, 4, 25)
"""A day in the ninth week; the frozen streets were left on the day of their eighth dispatch."""


def at(on: date) -> Callable[[], datetime]:
    """Return a clock that stands still on a day."""
    return lambda: datetime(on.year, on.month, on.day, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def campaign(frozen: Any) -> Iterator[Campaign]:
    """The campaign of a frozen street, after its ledger was migrated."""
    migrate(frozen.url, backup_made=True)
    campaign = Campaign.open(frozen.url, plugins=Plugins.of(core), clock=at(LATER))
    yield campaign
    campaign.close_ledger()


def test_a_frozen_ledger_is_refused_until_it_is_migrated(frozen: Any) -> None:
    """The refusal names both revisions and the command; afterwards it opens."""
    if frozen.revision < REVISION:
        with pytest.raises(OlderSchemaError) as refused:
            SqlLedger.open(frozen.url)
        assert (refused.value.found, refused.value.needs) == (str(frozen.revision), str(REVISION))
        assert refused.value.command.startswith("zoufang migrate ")
        assert refused.value.command in refused.value.said_in("zh")
        assert refused.value.command in refused.value.said_in("en")
    done = migrate(frozen.url, backup_made=True)
    assert (done.found, done.reached, len(done.titles)) == (frozen.revision, REVISION, REVISION - frozen.revision)
    with closing(SqlLedger.open(frozen.url)) as ledger:
        assert [ledger.head.seq, ledger.head.chain] == frozen.expected["head"]


def test_not_a_fact_is_another_one(frozen: Any, campaign: Campaign) -> None:
    """The ledger verifies; the last link, the number of facts and of rows in each table are what was noted then."""
    verdict = campaign.verify()
    assert verdict.ok
    assert [verdict.head.seq, verdict.head.chain] == frozen.expected["head"]
    assert (verdict.n_commits, verdict.n_facts) == (frozen.expected["n_commits"], frozen.expected["n_facts"])
    t = campaign.ledger.tables
    rows = {
        name: campaign.ledger.select(sa.select(sa.func.count()).select_from(t.by_name[name]))[0][0]
        for name in frozen.expected["rows"]
    }
    assert rows == frozen.expected["rows"]


def test_the_old_weeks_have_the_same_figures(frozen: Any, campaign: Campaign) -> None:
    """Every figure of every dispatch, numerator and denominator, as of the commit that it was made at."""
    metrics = catalogue(campaign.plan)
    made = {one.week.number: one for one in campaign.dispatches()}
    assert len(made) == len(frozen.expected["dispatches"]) == 8
    for noted in frozen.expected["dispatches"]:
        window = Window(to_on=made[noted["number"]].week.to_on, as_of=noted["as_of"])
        found = {name: figure(campaign.ledger, metrics[name], window) for name in noted["figures"]}
        assert {name: [one.n, one.of] for name, one in found.items()} == noted["figures"]
    last = made[8].week.on
    asked = campaign.estimates(window=Window(to_on=last))
    assert [list(map(str, astuple(one))) for one in asked] == frozen.expected["estimates"]


def test_the_old_dispatches_are_the_same_to_the_byte(frozen: Any, campaign: Campaign) -> None:
    """Each is composed again from the migrated ledger, and has the digest that was sealed then."""
    for made, noted in zip(campaign.dispatches(), frozen.expected["dispatches"], strict=True):
        assert (made.as_of, made.digest) == (noted["as_of"], noted["digest"])
        # A release that words a sentence differently notes its own digest here as "printed", and says so in CHANGELOG.
        assert digest(campaign.report(made.week.number)) == noted.get("printed", noted["digest"])


def test_who_was_erased_stays_erased(campaign: Campaign) -> None:
    """Whoever was erased then has no name and no telephone now; somebody else still has."""
    t = campaign.ledger.tables
    ((gone,),) = campaign.ledger.select(sa.select(t.erasures.c.subject_id))
    erased, other = campaign.contacts([TargetId(gone), TargetId("H000001")], purpose="核实")
    assert (erased.erased, erased.name, erased.phone, erased.address) == (True, "", "", "")
    assert not other.erased
    assert other.name
    assert other.phone


def test_the_campaign_goes_on(campaign: Campaign, tmp_path: Path) -> None:
    """A visit is recorded, its demand handled to closing, a dispatch made; all of it verifies, is signed and proved."""
    before = campaign.head
    ticket = _close_a_demand(campaign)
    _go_on_with_old_tickets(campaign)
    later = campaign.acting(campaign._desk.actor, clock=at(date(2023, 5, 1)))
    made = later.dispatch()
    assert made.week.number == 9
    assert digest(later.report(9)) == made.digest
    assert later.figures("visits_made")[0].n == 62
    verdict = later.verify()
    assert verdict.ok
    assert verdict.head.seq > before.seq
    key, _ = new_key(tmp_path / "office.pem")
    signed = later.checkpoint(key)
    old = later.checkpoint(key, before.seq)
    known = {key.public.id: key.public}
    for witness in compare(later.ledger, [signed, old], known, verdict):
        assert (witness.signed, witness.found) == (Signed.BY_KNOWN, Found.CONTAINED)
    bundle = later.proof(ticket, key=key)
    assert verify_bundle(bundle, file="bundle.zip", keys=known).ok
    old_ticket = later.proof(TicketId("ZF-C01-02-0001-1"), key=key, checkpoint=signed)
    assert verify_bundle(old_ticket, file="bundle.zip", keys=known).ok


def _close_a_demand(campaign: Campaign) -> TicketId:
    visit = Visit(
        id=VisitId("NEW-1"),
        target_id=TargetId("H000001"),
        on=LATER,
        channel=Channel.DOOR,
        outcome=Outcome.MET,
        visitor_id=PersonId("C01-W01"),
        unit_id=UnitId("C01"),
        minute=600,
        minutes=15,
    )
    heard = Finding(VisitId("NEW-1"), 1, FindingKind.DEMAND, campaign.plan.topics[0].id, said="路灯不亮")
    assert campaign.record([visit], [heard], submission_id="new/1").n_new == 1
    assert campaign.record([visit], [heard], submission_id="new/1").receipt.duplicate  # type: ignore[union-attr] # it was recorded
    ticket = TicketId("NEW-1-1")
    campaign.route()
    unit = campaign.heads([ticket])[ticket].unit_id
    worker = PersonId(f"{unit}-P02" if str(unit).startswith("C0") else f"{unit}-02")
    steps = (
        (Event.ACCEPT, Step(ticket, LATER, person_id=worker)),
        (Event.HANDLE, Step(ticket, LATER, person_id=worker, remedy=Remedy.RESOLVED, note="已修好")),
        (Event.FEED_BACK, Step(ticket, LATER, person_id=worker)),
        (Event.APPLY, Step(ticket, LATER, person_id=worker)),
        (Event.CLOSE, Step(ticket, LATER, person_id=PersonId("wangge-01"))),
    )
    assert campaign.reply(steps, submission_id="new/2").n_new == len(steps)
    assert campaign.heads([ticket])[ticket].status is Status.CLOSED
    return ticket


def _go_on_with_old_tickets(campaign: Campaign) -> None:
    """Close what had applied, raise a call about the same topic, and draw whom to call back."""
    standing = campaign.heads(campaign.ids("tickets"))
    applied = sorted(TicketId(one) for one, head in standing.items() if head.status is Status.APPLIED)
    assert applied
    closed = campaign.close([Step(one, LATER, person_id=PersonId("wangge-01")) for one in applied])
    assert closed.n_new == len(applied)
    call = Ticket(TicketId("NEW-2"), Source.CALL, "NEW-2", LATER, TopicId(campaign.plan.topics[0].id), said="太吵")
    assert campaign.raise_tickets([call]).n_new == 1
    assert campaign.draw(seed="after").n_new >= 1
