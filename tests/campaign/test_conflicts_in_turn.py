"""Versions of versions: what comes after a replacement is compared with what counts, and replaces that."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from zoufang.analysis import Window
from zoufang.campaign import Campaign, Conflict
from zoufang.errors import BadValueError
from zoufang.model import Outcome, Status


def the_one(campaign: Campaign) -> Conflict:
    """Return the only open conflict."""
    (found,) = campaign.conflicts()
    return found


@pytest.fixture
def replaced(street: Any) -> Any:
    """V1 was replaced by V1~2, of ten o'clock, and the call K1 by K1~2, about noise."""
    street.campaign.record([street.visit("V1", outcome=Outcome.ABSENT)])
    street.campaign.record([street.visit("V1", minute=600)])
    assert street.campaign.settle(the_one(street.campaign).id, "replace", reason="平板补录").made_id == "V1~2"
    street.campaign.raise_tickets([street.call("K1")])
    street.campaign.raise_tickets([street.call("K1", "noise")])
    assert street.campaign.settle(the_one(street.campaign).id, "replace", reason="登记有误").made_id == "K1~2"
    return street


def test_under_a_number_that_a_settlement_gave_nothing_else_is_handed_in(replaced: Any) -> None:
    """Other content comes under the sender's own number; V1~2 and K1~2 as they stand in the ledger are known."""
    campaign, again = replaced.campaign, evolve(replaced.call("K1~2", "noise"), source_id="K1")
    replaced.refuses(BadValueError, lambda: campaign.record([replaced.visit("V1~2", minute=700)]))
    refused = replaced.refuses(BadValueError, lambda: campaign.raise_tickets([evolve(again, topic_id="roads")]))
    assert (refused.what, refused.id) == ("ticket", "K1~2")
    assert campaign.record([replaced.visit("V1~2", minute=600)]).n_known == 1
    assert campaign.raise_tickets([again]).n_known == 1
    assert campaign.conflicts() == ()


def test_where_a_version_was_replaced_under_its_own_number_the_last_one_counts(
    replaced: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ledgers exist in which V1~2 and K1~2 were handed in with other content before that was refused."""
    campaign = replaced.campaign
    with monkeypatch.context() as before:
        before.setattr("zoufang.campaign.conflicts.no_versions_numbers", lambda what, ids: None)
        campaign.record([replaced.visit("V1~2", minute=700)])
        assert campaign.settle(the_one(campaign).id, "replace", reason="时间有误").made_id == "V1~2~2"
        campaign.raise_tickets([replaced.call("K1~2", "housing")])
        assert campaign.settle(the_one(campaign).id, "replace", reason="登记有误").made_id == "K1~2~2"
    campaign.record([replaced.visit("V1", minute=800)])
    found = the_one(campaign)
    assert (found.subject_id, found.against, [d.recorded.zh for d in found.differences]) == ("V1", "V1~2~2", ["700"])
    settled = campaign.settle(found.id, "replace", reason="时间有误")
    assert (settled.made_id, settled.replaced) == ("V1~3", "V1~2~2")
    (met,) = campaign.figures("outcome_met", Window())
    assert (met.n, met.of) == (1, 1)
    campaign.raise_tickets([replaced.call("K1", "education")])
    assert the_one(campaign).against == "K1~2~2"
    settled = campaign.settle(the_one(campaign).id, "replace", reason="登记有误")
    assert (settled.made_id, settled.replaced) == ("K1~3", "K1~2~2")
    assert [replaced.status(one) for one in ("K1", "K1~2", "K1~2~2", "K1~3")] == [Status.MERGED] * 3 + [Status.RAISED]
    assert campaign.verify().ok


def test_what_waits_under_a_version_that_counts_no_longer_replaces_the_one_in_force(
    replaced: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was listed against V1~2; since then V1~3 has taken that one's place, and is the one that is replaced."""
    campaign = replaced.campaign
    with monkeypatch.context() as before:
        before.setattr("zoufang.campaign.conflicts.no_versions_numbers", lambda what, ids: None)
        campaign.record([replaced.visit("V1~2", minute=700)])
    (waiting,) = campaign.conflicts()
    campaign.record([replaced.visit("V1", minute=800)])
    campaign.settle(campaign.conflicts()[1].id, "replace", reason="时间有误")
    settled = campaign.settle(waiting.id, "replace", reason="时间有误")
    assert (settled.made_id, settled.replaced) == ("V1~2~2", "V1~3")
    assert campaign.record([replaced.visit("V1~2", minute=700)]).n_known == 1  # as it was before it was settled
