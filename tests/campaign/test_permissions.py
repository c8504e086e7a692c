"""Permissions where the commit is made: real people of a register, on their own grid, unit, and beyond it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from zoufang.campaign import Campaign
from zoufang.errors import BadValueError, NotAllowedError, OutOfReachError, UnknownIdError, WrongPostError
from zoufang.model import Actor, Event, Person, Remedy, Role, Roster, Status, Step
from zoufang.typing import AreaId, PersonId, TargetId, TicketId, UnitId

GRID_WORKER = Actor(id="G1", role=Role.GRID_WORKER)
"""Looks after C01-G1."""
HANDLER = Actor(id="P-jianshe-2", role=Role.HANDLER)
SCHOOL = Actor(id="S1", role=Role.SCHOOL_STAFF, unit_id="shehui")
OFFICE_1 = Actor(id="O1", role=Role.OFFICE)
LEAD = Actor(id="P-C01-1", role=Role.UNIT_LEAD)

PEOPLE = (
    Person(PersonId("G1"), UnitId("C01"), Role.GRID_WORKER, AreaId("C01-G1"), name="王网格", phone="13800000001"),
    Person(PersonId("S1"), UnitId("shehui"), Role.SCHOOL_STAFF, name="李老师", phone="13800000002"),
    Person(PersonId("O1"), UnitId("wangge"), Role.OFFICE, name="张主任", phone="13800000003"),
    Person(PersonId("X1"), UnitId("jianshe"), Role.OFFICE, name="赵某某", phone="13800000004"),
    Person(PersonId("A1"), UnitId("jianshe"), Role.AUDITOR, name="钱某某", phone="13800000005"),
)


@pytest.fixture
def town(new_street: Callable[..., Any]) -> Any:
    """A street where G1 looks after C01-G1, and jianshe holds K1 while C01 holds K2; three targets of each kind.

    The first target of each kind stands in C01-G1, the second in C01-G2, the third in C02-G1.
    """
    street = new_street()
    street.campaign.register(Roster(people=PEOPLE))
    street.campaign.raise_tickets([street.call("K1"), street.call("K2", topic="noise")])
    street.campaign.route()
    units = street.campaign.heads([TicketId("K1"), TicketId("K2")])
    assert [units[k].unit_id for k in ("K1", "K2")] == ["jianshe", "C01"]
    return street


def by(street: Any, actor: Actor) -> Campaign:
    """Return the campaign in somebody's hands."""
    campaign: Campaign = street.campaign.acting(actor)
    return campaign


def mine(street: Any, ticket_id: str, actor: Actor, **more: Any) -> Step:
    """Return a step of today that the actor signs."""
    return Step(TicketId(ticket_id), street.today, person_id=PersonId(actor.id), **more)


# --- visits: the own grid, the own unit -----------------------------------------------------------------------------


def test_a_grid_worker_records_visits_of_the_own_grid(town: Any) -> None:
    """C01-G1 is G1's own; what is heard there becomes a ticket in the same commit."""
    visit, heard = town.visit("V1", "T-household-1", visitor_id="G1"), town.demand("V1")
    assert by(town, GRID_WORKER).record([visit], [heard]).n_new == 1
    assert town.status("V1-1") is Status.RAISED


@pytest.mark.parametrize("target_id", ["T-household-2", "T-household-3"])
def test_a_grid_worker_records_nothing_in_another_grid(town: Any, target_id: str) -> None:
    """The next grid of the same community is another's, and one visit beyond refuses the whole batch."""
    visits = [town.visit("V1", visitor_id="G1"), town.visit("V2", target_id, visitor_id="G1")]
    refused = town.refuses(OutOfReachError, lambda: by(town, GRID_WORKER).record(visits))
    assert (refused.verb, refused.id, refused.within) == ("record", target_id, ("own_grid",))


def test_nobody_below_the_street_records_a_visit_for_another_unit(town: Any) -> None:
    """The target is in the own grid, but the visit would count for jianshe."""
    visit = town.visit("V1", visitor_id="G1", unit_id="jianshe")
    town.refuses(OutOfReachError, lambda: by(town, GRID_WORKER).record([visit]))


def test_nobody_below_the_street_records_a_visit_in_the_name_of_whom_they_do_not_answer_for(town: Any) -> None:
    """People are judged by their visits: a grid worker records the own ones, a unit's lead those of its people."""
    mate = town.visit("V1", visitor_id="P-C01-2")
    refused = town.refuses(OutOfReachError, lambda: by(town, GRID_WORKER).record([mate]))
    assert (refused.id, refused.within) == ("V1 (P-C01-2)", ("own_grid",))
    enterprise = Actor(id="P-guanwei-1", role=Role.UNIT_LEAD)
    own = town.visit("V2", "T-enterprise-1", visitor_id="P-guanwei-2", unit_id="guanwei")
    assert by(town, enterprise).record([own]).n_new == 1
    other = town.visit("V3", "T-enterprise-1", visitor_id="P-jianshe-2", unit_id="guanwei")
    town.refuses(OutOfReachError, lambda: by(town, enterprise).record([other]))


def test_school_staff_visit_the_families_of_their_own_unit(town: Any) -> None:
    """社会事务办 answers for pupils' families in the whole street, and for nobody else."""
    own = town.visit("V1", "T-pupil_family-3", visitor_id="S1", unit_id="shehui")
    assert by(town, SCHOOL).record([own]).n_new == 1
    other = town.visit("V2", "T-household-1", visitor_id="S1", unit_id="shehui")
    refused = town.refuses(OutOfReachError, lambda: by(town, SCHOOL).record([other]))
    assert refused.within == ("own_unit",)


@pytest.mark.parametrize("unit_id", ["zhifa", "shichang"])
def test_both_joint_leads_of_a_shop_may_record_visits_to_it(town: Any, unit_id: str) -> None:
    """综合执法大队 and 市场监督管理所 answer together: 二."""
    actor = Actor(id=f"P-{unit_id}-2", role=Role.HANDLER)
    visit = town.visit("V1", "T-shop-1", visitor_id=actor.id, unit_id=unit_id)
    assert by(town, actor).record([visit]).n_new == 1


# --- tickets: what the own unit holds -------------------------------------------------------------------------------


def test_a_handler_acts_on_what_the_own_unit_holds(town: Any) -> None:
    """From accepting to applying; in one batch too, each step by its own verb."""
    campaign = by(town, HANDLER)
    campaign.accept([mine(town, "K1", HANDLER)])
    campaign.reply(
        [
            (Event.HANDLE, mine(town, "K1", HANDLER, remedy=Remedy.RESOLVED)),
            (Event.FEED_BACK, mine(town, "K1", HANDLER)),
            (Event.APPLY, mine(town, "K1", HANDLER)),
        ]
    )
    assert town.status("K1") is Status.APPLIED


@pytest.mark.parametrize("event", [Event.ACCEPT, Event.SEND_BACK, Event.WITHDRAW])
def test_a_handler_does_not_touch_what_another_unit_holds(town: Any, event: Event) -> None:
    """K2 is the community's: alone, and in a batch with one's own."""
    step = mine(town, "K2", HANDLER, reason="not_our_duty")
    refused = town.refuses(OutOfReachError, lambda: by(town, HANDLER).reply([(event, step)]))
    assert (refused.verb, refused.id, refused.within) == (event, "K2", ("own_unit",))
    batch = [(Event.ACCEPT, mine(town, "K1", HANDLER)), (event, step)]
    town.refuses(OutOfReachError, lambda: by(town, HANDLER).reply(batch))


def test_what_was_returned_is_no_longer_the_units(town: Any) -> None:
    """After a return the office has it, and the unit can do nothing more."""
    campaign = by(town, HANDLER)
    campaign.send_back([mine(town, "K1", HANDLER, reason="not_our_duty")])
    town.refuses(OutOfReachError, lambda: campaign.reply([(Event.WITHDRAW, mine(town, "K1", HANDLER))]))


def test_nobody_signs_a_key_in_anothers_name(town: Any) -> None:
    """A handler who applies as somebody else could be the second key later; so neither key is lent."""
    campaign = by(town, HANDLER)
    campaign.accept([mine(town, "K1", HANDLER)])
    campaign.handle([mine(town, "K1", HANDLER, remedy=Remedy.RESOLVED)])
    campaign.feed_back([mine(town, "K1", HANDLER)])
    refused = town.refuses(BadValueError, lambda: campaign.apply([town.step("K1")]))
    assert (refused.what, refused.allowed) == ("person_id", "P-jianshe-2")
    campaign.apply([mine(town, "K1", HANDLER)])
    town.refuses(BadValueError, lambda: by(town, OFFICE_1).close([town.step("K1")]))
    by(town, OFFICE_1).close([mine(town, "K1", OFFICE_1)])
    assert town.status("K1") is Status.CLOSED


@pytest.mark.parametrize("event", [Event.CLOSE, Event.PAUSE, Event.GRANT_EXTENSION, Event.DENY_EXTENSION])
def test_what_the_office_signs_bears_the_name_of_somebody_of_the_office(town: Any, event: Event) -> None:
    """Entered by whom it may be, a program too: neither a grid worker nor a handler approves, and the office does."""
    way = {Event.CLOSE: Status.APPLIED}.get(event, Status.ACCEPTED)
    town.to("K1", way)
    if event in (Event.GRANT_EXTENSION, Event.DENY_EXTENSION):
        town.campaign.limits.ask([town.step("K1", reason="no_funds", days=2)])
    more: dict[str, Any] = {"reason": "waits_for_project", "days": 2}
    for actor in (GRID_WORKER, HANDLER, SCHOOL):
        refused = town.refuses(
            NotAllowedError, lambda actor=actor: town.campaign.reply([(event, mine(town, "K1", actor, **more))])
        )
        assert (refused.verb, refused.allowed) == (event, ("leader", "office"))
    assert town.campaign.reply([(event, mine(town, "K1", OFFICE_1, **more))]).n_new == 1


@pytest.mark.parametrize("event", [Event.PAUSE, Event.GRANT_EXTENSION, Event.DENY_EXTENSION])
def test_nobody_approves_a_pause_or_an_extension_in_anothers_name(town: Any, event: Event) -> None:
    """Who approves is asked for by name: the office's people lend theirs as little as with the second key."""
    town.to("K1", Status.ACCEPTED)
    if event is not Event.PAUSE:
        town.campaign.limits.ask([town.step("K1", reason="no_funds", days=2)])
    step = town.step("K1", 1, reason="waits_for_project", days=2)
    assert town.refuses(BadValueError, lambda: by(town, OFFICE_1).reply([(event, step)])).allowed == "O1"


def test_a_unit_closes_nothing_even_its_own(town: Any) -> None:
    """The second key is the office's."""
    town.to("K1", Status.APPLIED)
    town.refuses(NotAllowedError, lambda: by(town, HANDLER).close([mine(town, "K1", HANDLER)]))


def test_a_grid_worker_raises_what_is_heard_in_the_own_grid(town: Any) -> None:
    """A call from C01-G1 yes, from C02-G1 or from nowhere no; the community's head raises for the whole community."""
    assert by(town, GRID_WORKER).raise_tickets([town.call("K3", area="C01-G1")]).n_new == 1
    for area in ("C01-G2", "C02-G1", None):
        town.refuses(
            OutOfReachError, lambda area=area: by(town, GRID_WORKER).raise_tickets([town.call("K4", area=area)])
        )
    assert by(town, LEAD).raise_tickets([town.call("K4", area="C01-G2")]).n_new == 1
    town.refuses(OutOfReachError, lambda: by(town, LEAD).raise_tickets([town.call("K5", area="C02-G1")]))


def test_a_demand_is_where_the_person_is_whose_it_is(town: Any) -> None:
    """A call of a household of C01-G2 that names the own grid as its place is another grid worker's all the same."""
    call = town.call("K3", area="C01-G1", target_id=TargetId("T-household-2"))
    town.refuses(OutOfReachError, lambda: by(town, GRID_WORKER).raise_tickets([call]))
    own = town.call("K3", area="C01-G2", target_id=TargetId("T-household-1"))
    assert by(town, GRID_WORKER).raise_tickets([own]).n_new == 1


# --- who somebody is ------------------------------------------------------------------------------------------------


def test_nobody_in_the_register_acts_as_more_than_it_says(town: Any) -> None:
    """A handler who says office, and an office of a unit that the plan gives no office, are refused."""
    for actor in (
        Actor(id="P-jianshe-2", role=Role.OFFICE),
        Actor(id="P-jianshe-2", role=Role.HANDLER, unit_id="C01"),
        Actor(id="X1", role=Role.OFFICE),
    ):
        town.refuses(WrongPostError, lambda actor=actor: by(town, actor).reply([(Event.ACCEPT, town.step("K1"))]))


def test_a_stranger_holds_no_post_whatever_unit_is_claimed(town: Any) -> None:
    """The unit is read from the register and not from the caller."""
    stranger = Actor(id="nobody", role=Role.HANDLER, unit_id="jianshe")
    town.refuses(OutOfReachError, lambda: by(town, stranger).accept([mine(town, "K1", HANDLER)]))


def test_somebody_who_moved_to_another_unit_acts_for_that_one(town: Any) -> None:
    """The newest entry of the register counts: from jianshe to the community, P-jianshe-2 loses K1 and has K2."""
    moved = Person(PersonId("P-jianshe-2"), UnitId("C01"), Role.HANDLER, AreaId("C01"), name="新", phone="13800000009")
    town.campaign.register(Roster(people=(moved,)))
    town.refuses(OutOfReachError, lambda: by(town, HANDLER).accept([mine(town, "K1", HANDLER)]))
    assert by(town, HANDLER).accept([mine(town, "K2", HANDLER)]).n_new == 1


def test_an_auditor_reads_and_changes_nothing(town: Any) -> None:
    """Figures, the ladder and stories are open; every verb is shut."""
    auditor = by(town, Actor(id="A1", role=Role.AUDITOR))
    assert auditor.figures("received")[0].n == 2
    assert auditor.why("K1").about == "ticket"
    assert auditor.ladder() == ()
    for use in (
        lambda: auditor.record([town.visit("V1")]),
        lambda: auditor.accept([town.step("K1")]),
        lambda: auditor.contacts([TargetId("T-household-1")]),
    ):
        town.refuses(NotAllowedError, use)


# --- contacts -------------------------------------------------------------------------------------------------------


def test_a_grid_worker_sees_the_contacts_of_the_own_grid_and_the_reading_is_recorded(town: Any) -> None:
    """Name, address and telephone in clear; the commit says who read whose, and what for, and holds none of it."""
    (seen,) = by(town, GRID_WORKER).contacts([TargetId("T-household-1")], purpose="上门前联系")
    assert (seen.name, seen.address, seen.phone) == ("李居民户1", "幸福路1号", "13905370001")
    assert "李" not in repr(seen)
    commit = list(town.campaign.ledger.commits())[-1]
    assert (commit.actor, commit.role, commit.verb) == ("G1", "grid_worker", "read_contacts")
    assert town.rows("contact_reads", "commit_seq", "target_id", "purpose") == [
        (commit.seq, "T-household-1", "上门前联系")
    ]


@pytest.mark.parametrize("target_id", ["T-household-2", "T-household-3"])
def test_contacts_beyond_the_own_grid_are_refused_with_the_whole_question(town: Any, target_id: str) -> None:
    """Nothing is shown, not even the one that is the own, and nothing is recorded."""
    ids = [TargetId("T-household-1"), TargetId(target_id)]
    refused = town.refuses(OutOfReachError, lambda: by(town, GRID_WORKER).contacts(ids))
    assert (refused.verb, refused.id) == ("read_contacts", target_id)
    assert town.rows("contact_reads", "target_id") == []


def test_contacts_of_nobody_are_refused(town: Any) -> None:
    """An unknown target is named, and the office sees everybody."""
    town.refuses(UnknownIdError, lambda: town.campaign.contacts([TargetId("T-nobody")]))
    assert [c.phone for c in town.campaign.contacts([TargetId("T-shop-3")])] == ["13905370003"]
