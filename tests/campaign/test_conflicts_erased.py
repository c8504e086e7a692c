"""Whoever is erased is erased in all versions of what was handed in, and comes back by none."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from zoufang.campaign import Campaign, Conflict
from zoufang.model import Actor, Event, Remedy, Role
from zoufang.typing import PersonId, TargetId, TicketId, UnitId

T1, T2 = TargetId("T-household-1"), TargetId("T-household-2")


def the_one(campaign: Campaign) -> Conflict:
    """Return the only open conflict."""
    (found,) = campaign.conflicts()
    return found


def texts(street: Any) -> set[str]:
    """Return all private texts of the ledger that tests of this module hand in: they begin with 话."""
    p = street.campaign.ledger.tables.private_texts
    return {
        row[0] for row in street.campaign.ledger.select(p.select().with_only_columns(p.c.body)) if row[0][0] == "话"
    }


@pytest.fixture
def versions(street: Any) -> Any:
    """K2 names no target: it was replaced by K2~2, accepted with a note, and a third content of it waits."""
    street.campaign.raise_tickets([street.call("K2", said="话一")])
    street.campaign.raise_tickets([street.call("K2", said="话二")])
    assert street.campaign.settle(the_one(street.campaign).id, "replace", reason="登记有误").made_id == "K2~2"
    street.campaign.route()
    street.campaign.reply([(Event.ACCEPT, street.step("K2~2", note="话注"))])
    street.campaign.raise_tickets([street.call("K2", said="话三", contact="13805371237")])
    assert texts(street) == {"话一", "话二", "话三", "话注"}
    return street


@pytest.mark.parametrize("by", ["K2", "K2~2"])
def test_a_caller_is_erased_in_all_versions(versions: Any, by: str) -> None:
    """By whichever of its numbers: the words of both, the note, and what waits; nothing is written down again."""
    campaign = versions.campaign
    assert campaign.erase(by, "本人申请").n_texts == 5
    assert texts(versions) == set()
    assert campaign.raise_tickets([versions.call("K2", said="话四")]).n_withheld == 1
    assert campaign.reply([(Event.HANDLE, versions.step("K2~2", remedy=Remedy.RESOLVED, note="话注"))]).n_withheld == 1
    assert campaign.verify().ok


@pytest.mark.parametrize("by", ["K2", "K2~2"])
def test_a_caller_is_readmitted_in_all_versions(versions: Any, by: str) -> None:
    """By whichever of its numbers."""
    versions.campaign.erase("K2", "本人申请")
    versions.campaign.readmit(by, "本人申请")
    assert versions.campaign.raise_tickets([versions.call("K2", said="话四")]).n_withheld == 0
    assert texts(versions) == {"话四"}


def test_a_version_that_is_made_after_the_erasure_is_erased_too(versions: Any) -> None:
    """What waited is settled afterwards: of steps on K2~3 the notes are not kept either."""
    campaign = versions.campaign
    campaign.erase("K2", "本人申请")
    assert campaign.settle(the_one(campaign).id, "replace", reason="登记有误").made_id == "K2~3"
    campaign.route()
    assert campaign.reply([(Event.ACCEPT, versions.step("K2~3", note="话注"))]).n_withheld == 1
    assert texts(versions) == set()
    assert campaign.verify().ok


def test_by_decision_another_caller_is_not_erased_with_the_versions(versions: Any) -> None:
    """K2~3 stands beside: to erase K2 leaves its words."""
    campaign = versions.campaign
    campaign.settle(the_one(campaign).id, "both", reason="两个人")
    campaign.erase("K2", "本人申请")
    assert texts(versions) == {"话三"}


def test_versions_that_name_the_target_and_those_that_name_none_are_erased_together(street: Any) -> None:
    """K1 names T1, the version in force nobody, and nobody else is touched."""
    campaign, call = street.campaign, street.call("K1", said="话一", target_id=T1)
    campaign.raise_tickets([call, street.call("K3", said="话他")])
    campaign.raise_tickets([evolve(call, said="话二", target_id=None)])
    campaign.settle(the_one(campaign).id, "replace", reason="登记有误")
    campaign.erase(T1, "本人申请")
    assert texts(street) == {"话他"}


def test_a_call_that_turned_out_to_be_another_persons_stays_with_each(street: Any) -> None:
    """K1 named T1, by decision it was T2: each is erased with the own words alone."""
    campaign, call = street.campaign, street.call("K1", said="话一", target_id=T1)
    campaign.raise_tickets([call])
    campaign.raise_tickets([evolve(call, said="话二", target_id=T2)])
    campaign.settle(the_one(campaign).id, "replace", reason="不是他家")
    assert campaign.erase(T2, "本人申请").subject_ids == (T2, "K1~2")
    assert texts(street) == {"话一"}


def test_without_its_target_a_call_of_an_erased_person_is_theirs_still(street: Any) -> None:
    """Erased, then raised in their name, then handed in without it: no word and no telephone is kept."""
    campaign, call = street.campaign, street.call("K1", said="话一", target_id=T1)
    campaign.erase(T1, "本人申请")
    assert campaign.raise_tickets([call]).n_withheld == 1
    done = campaign.raise_tickets([evolve(call, target_id=None, said="话二", contact="13805371234")])
    assert (done.conflicts, done.n_withheld) == (("K1",), 2)
    assert texts(street) == set()
    assert campaign.find(telephone="13805371234") == ()
    assert campaign.verify().ok


def test_a_telephone_that_stands_in_a_conflict_alone_is_found(street: Any) -> None:
    """Under the number that can be erased; for the target too, where it was handed in for one."""
    campaign = street.campaign
    campaign.raise_tickets([street.call("K1", contact="13805371234"), street.call("K2")])
    campaign.raise_tickets([street.call("K1", contact="13805371235")])
    campaign.raise_tickets([street.call("K2", contact="13805371236", target_id=T1)])
    assert [(one.subject, one.id) for one in campaign.find(telephone="13805371235")] == [("ticket", "K1")]
    assert [(one.subject, one.id) for one in campaign.find(telephone="13805371236")] == [
        ("target", T1),
        ("ticket", "K2"),
    ]
    worker = campaign.acting(Actor(PersonId("P-C02-2"), Role.GRID_WORKER, UnitId("C02")))
    assert worker.find(telephone="13805371235") == ()
    campaign.erase("K1", "本人申请")
    assert campaign.find(telephone="13805371235") == ()


def test_a_telephone_of_what_was_settled_is_found_under_the_ticket_that_has_it(street: Any) -> None:
    """Both stand: it is the other one's, and not that of K1."""
    campaign = street.campaign
    campaign.raise_tickets([street.call("K1")])
    campaign.raise_tickets([street.call("K1", contact="13805371235")])
    campaign.settle(the_one(campaign).id, "both", reason="两个人")
    assert [one.id for one in campaign.find(telephone="13805371235")] == ["K1~2"]


def test_erased_words_are_shown_as_erased_in_the_version_that_is_made_of_them(street: Any) -> None:
    """Not as if nothing had been said; what was not said in the first place stays so."""
    campaign = street.campaign
    campaign.record([street.visit("V1")])
    heard = [street.demand("V1", said="话一", solved=True, answer="话答"), street.demand("V1", 2, "noise")]
    campaign.record([street.visit("V1")], heard)
    campaign.raise_tickets([street.call("K1")])
    campaign.raise_tickets([street.call("K1", said="话二")])
    for subject_id in (T1, "K1"):
        campaign.erase(subject_id, "本人申请")
    for conflict in campaign.conflicts():
        campaign.settle(conflict.id, "replace", reason="补录")
    campaign.record([street.visit("V1", minute=600)], [evolve(one, said="话三", answer="") for one in heard])
    shown = {d.column: d.recorded for d in the_one(campaign).differences}
    assert (shown["minute"], shown["findings.2.said"]) == (None, None)
    assert "findings.1.said" not in shown, "what was erased differs from nothing"
    (words,) = campaign.words([TicketId("K1~2")])
    assert (words.erased, words.said.zh, words.contact) == (True, "", "")
    erased = {row[0] for row in street.rows("erased_texts", "ref")}
    said = {row[:2]: row[2] for row in street.rows("findings", "visit_id", "n", "said_ref")}
    assert said["V1~2", 1] in erased
    assert said["V1~2", 2] is None
    (evidence,) = {row[0] for row in street.rows("ticket_events", "note_ref")} - {None}
    assert evidence in erased
    assert campaign.verify().ok
