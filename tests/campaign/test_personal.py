"""Private data in a campaign: looked up within reach, masked by policy, erased for good, and every reading recorded."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

import zoufang_huangtun
from zoufang.builtin import core
from zoufang.campaign import Campaign
from zoufang.errors import (
    BadValueError,
    LockedError,
    NotAllowedError,
    NothingToEraseError,
    OutOfReachError,
    UnknownIdError,
    ZoufangError,
)
from zoufang.ledger import FORMER, MASTER, Keyring, SqlLedger
from zoufang.ledger.scrub import stands
from zoufang.model import Actor, CallBack, CallOutcome, Event, Person, Remedy, Role, Roster, Target
from zoufang.sdk import Plugins
from zoufang.testing import KeyedStores, little_roster
from zoufang.typing import AreaId, KindId, PersonId, TargetId, TicketId, UnitId

NAME, PHONE, ADDRESS = "金丝雀王桂英", "13900001234", "金丝雀巷7号2单元301"
SAID, NOTE = "金丝雀说路灯坏了，回电13900001234", "金丝雀已当面致谢"

OLD, NEW = "01" * 32, "02" * 32
GRID_WORKER = Actor(id="G1", role=Role.GRID_WORKER)
AUDITOR = Actor(id="A1", role=Role.AUDITOR)
T1 = TargetId("T-canary")


@pytest.fixture(params=["plain", "encrypted", "memory"])
def at(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A ledger in a file, plain and encrypted, and the reference ledger."""
    if request.param == "encrypted":
        monkeypatch.setenv(MASTER, OLD)
    return "keyed-memory://" if request.param == "memory" else f"keyed-sqlite:///{tmp_path / 'ledger.sqlite'}"


def canary(street: Any) -> Target:
    """Return a household of C01-G1 about whom everything is known."""
    return Target(
        T1, KindId("household"), AreaId("C01-G1"), street.today, name=NAME, address=ADDRESS, phone="+86 139-0000-1234"
    )


@pytest.fixture
def town(new_street: Callable[..., Any], at: str) -> Any:
    """A street with a canary: a household that spoke on a visit, called, and was told and called back."""
    street = new_street(at)
    worker = Person(
        PersonId("G1"), UnitId("C01"), Role.GRID_WORKER, AreaId("C01-G1"), name="王网格", phone="13800000001"
    )
    street.campaign.register(Roster(people=(worker,), targets=(canary(street),)))
    street.campaign.record([street.visit("V1", T1)], [street.demand("V1", said=SAID, answer=NOTE)])
    street.campaign.raise_tickets(
        [
            street.call("K1", target_id=T1, said=SAID, contact=PHONE),
            street.call("K2", said="与金丝雀无关", contact="13900009999", area="C02-G1"),
        ]
    )
    street.campaign.route()
    for ticket_id in ("V1-1", "K1"):
        street.campaign.reply([(Event.ACCEPT, street.step(ticket_id, note=NOTE))])
    return street


# --- masks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mask", "shown"),
    [
        ("none", (NAME, ADDRESS, "+86 139-0000-1234")),
        ("initial", ("金**", "第一社区", "139****1234")),
        ("full", ("***", "***", "***")),
    ],
)
def test_contacts_are_shown_as_the_policy_says_and_recorded_where_they_are_clear(
    town: Any, mask: str, shown: tuple[str, str, str]
) -> None:
    """Only what is clear is a reading of its own commit; the community's name stands for the address."""
    before = town.campaign.head.seq
    (seen,) = town.campaign.contacts([T1], purpose="核实", mask=mask)
    community = town.campaign.areas()[AreaId("C01")].name
    assert (seen.name, seen.address, seen.phone) == tuple(community if one == "第一社区" else one for one in shown)
    assert town.rows("contact_reads", "target_id", "purpose") == ([(T1, "核实")] if mask == "none" else [])
    assert town.campaign.head.seq == before + (mask == "none")
    assert NAME not in repr(seen)


def test_words_are_shown_as_the_policy_says_and_recorded_where_they_are_clear(town: Any) -> None:
    """In part, the number in the words is a tag and the telephone its ends."""
    (part,) = town.campaign.words([TicketId("K1")], mask="initial")
    assert (part.said.zh, part.contact) == ("金丝雀说路灯坏了，回电〔手机号〕", "139****1234")
    assert town.rows("ticket_reads", "ticket_id") == []
    (clear,) = town.campaign.words([TicketId("K1")], purpose="核实")
    assert (clear.said.zh, clear.contact) == (SAID, PHONE)
    assert town.rows("ticket_reads", "ticket_id", "purpose") == [("K1", "核实")]
    assert "金丝雀" not in repr(clear) + repr(part)


@pytest.mark.parametrize("mask", ["none", "initial", "full"])
def test_a_mask_does_not_widen_the_reach(town: Any, mask: str) -> None:
    """The next grid's household and another unit's ticket are refused, masked or not; an auditor sees neither."""
    worker = town.campaign.acting(GRID_WORKER)
    assert worker.contacts([T1], mask=mask)[0].target_id == T1
    town.refuses(OutOfReachError, lambda: worker.contacts([TargetId("T-household-2")], mask=mask))
    town.refuses(OutOfReachError, lambda: worker.words([TicketId("K2")], mask=mask))
    town.refuses(NotAllowedError, lambda: town.campaign.acting(AUDITOR).contacts([T1], mask=mask))
    town.refuses(NotAllowedError, lambda: town.campaign.acting(AUDITOR).words([TicketId("K1")], mask=mask))


def test_an_unknown_mask_is_refused(town: Any) -> None:
    """With the names of those that there are; nothing is shown."""
    refused = town.refuses(UnknownIdError, lambda: town.campaign.contacts([T1], mask="some"))
    assert refused.known == ("none", "initial", "full")


# --- look-up --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written", [PHONE, "１３９ 0000 1234", "+86-139-0000-1234", "0086 13900001234", "王13900001234"]
)
def test_whoever_has_a_number_is_found_however_it_is_written(town: Any, written: str) -> None:
    """The household that registered it and the call that left it; both readings and the look-up are one commit."""
    found = town.campaign.find(telephone=written, purpose="来电核实")
    assert [(one.subject, one.id) for one in found] == [("target", T1), ("ticket", "K1")]
    seq = town.campaign.head.seq
    assert town.rows("lookups", "commit_seq", "by", "n_found", "purpose") == [(seq, "telephone", 2, "来电核实")]
    assert town.rows("contact_reads", "commit_seq", "target_id") == [(seq, T1)]
    assert town.rows("ticket_reads", "commit_seq", "ticket_id") == [(seq, "K1")]


def test_a_household_is_found_by_its_address(town: Any) -> None:
    """In any writing of blanks and punctuation, within its own grid."""
    assert [one.id for one in town.campaign.find(household=(AreaId("C01-G1"), "金丝雀巷 ７号 2单元-301"))] == [T1]
    assert town.campaign.find(household=(AreaId("C01-G2"), ADDRESS)) == ()
    assert town.rows("lookups", "by", "n_found") == [("household", 1), ("household", 0)]


def test_what_lies_beyond_the_reach_is_not_found_and_the_search_is_recorded(town: Any) -> None:
    """A refusal would say that the number is known: for the grid worker it is as if nobody had it."""
    worker = town.campaign.acting(GRID_WORKER)
    assert worker.find(telephone="13900009999", purpose="试试") == ()
    assert [one.id for one in town.campaign.find(telephone="13900009999")] == ["K2"]
    assert town.rows("lookups", "n_found", "purpose") == [(0, "试试"), (1, "")]
    town.refuses(NotAllowedError, lambda: town.campaign.acting(AUDITOR).find(telephone=PHONE))


def test_only_the_newest_number_of_a_household_finds_it(town: Any) -> None:
    """Whose the number was before is not told."""
    town.campaign.register(Roster(targets=(evolve(canary(town), phone="13511112222"),)))
    assert [one.id for one in town.campaign.find(telephone="13511112222")] == [T1]
    assert [one.id for one in town.campaign.find(telephone=PHONE)] == ["K1"]


def test_a_search_for_nothing_is_refused(town: Any) -> None:
    """No number in it, neither, or both."""
    for what in ({}, {"telephone": "无"}, {"telephone": PHONE, "household": (AreaId("C01-G1"), ADDRESS)}):
        town.refuses(BadValueError, lambda what=what: town.campaign.find(**what))


# --- erasure --------------------------------------------------------------------------------------------------------


def test_an_erased_person_is_gone_everywhere_and_the_figures_stay(town: Any, tmp_path: Path) -> None:
    """Contacts, words, look-up and index are empty and say erased; the chain verifies; every figure is as it was."""
    campaign = town.campaign
    figures = [campaign.figures(name) for name in ("visited", "collected", "received")]
    done = campaign.erase(T1, "本人申请")
    # Name, address, telephone; said and answer of the finding; words and telephone of the call; two notes of tickets.
    assert (done.subject_ids, done.n_texts, done.gone, done.linked) == ((T1, "K1", "V1-1"), 9, True, ())
    assert campaign.verify().ok
    (contact,), (words,) = campaign.contacts([T1]), campaign.words([TicketId("K1")])
    assert (contact.name, contact.address, contact.phone, contact.erased) == ("", "", "", True)
    assert (words.said.zh, words.contact, words.erased) == ("", "", True)
    assert campaign.find(telephone=PHONE) == ()
    assert campaign.contacts([TargetId("T-household-2")])[0].erased is False
    assert [campaign.figures(name) for name in ("visited", "collected", "received")] == figures
    for id_ in (T1, "K1"):
        assert f"个人信息已删除：理由 本人申请（office，第 {done.seq} 号提交）" in campaign.why(id_).said_in("zh")
        assert "the private data were erased: 本人申请" in campaign.why(id_).said_in("en")
    assert "已删除" not in campaign.why("K2").said_in("zh")
    path = tmp_path / "ledger.sqlite"
    if path.exists():
        needles = [one.encode() for one in (NAME, PHONE, "139-0000-1234", ADDRESS, SAID, NOTE)]
        assert [stands(path, [needle]) for needle in needles] == [False] * 6


def test_an_erasure_says_by_whom_and_why_and_not_what(town: Any) -> None:
    """One commit of the verb erase; an auditor lists it; nothing in its facts can be turned back into a text."""
    done = town.campaign.erase(T1, " 本人申请 ")
    (commit,) = [c for c in town.campaign.ledger.commits() if c.verb == "erase"]
    assert (commit.seq, commit.actor, commit.role) == (done.seq, "office", "office")
    listed = town.campaign.acting(AUDITOR).erasures()
    assert [(e.seq, e.subject_id, e.state, e.on, e.reason, e.actor) for e in listed] == [
        (done.seq, one, "erased", town.today, "本人申请", "office") for one in (T1, "K1", "V1-1")
    ]
    cells = [str(cell) for rows in town.campaign.ledger.facts_of(done.seq).values() for row in rows for cell in row]
    assert not [cell for cell in cells if "金丝雀" in cell or PHONE in cell]


def test_only_the_office_and_the_leader_erase_and_only_with_a_reason(town: Any) -> None:
    """A grid worker, a handler and an auditor do not; a reason of blanks is none; an unknown id is named."""
    for actor in (GRID_WORKER, Actor(id="P-jianshe-2", role=Role.HANDLER), AUDITOR):
        town.refuses(NotAllowedError, lambda actor=actor: town.campaign.acting(actor).erase(T1, "申请"))
        town.refuses(NotAllowedError, lambda actor=actor: town.campaign.acting(actor).readmit(T1, "申请"))
        town.refuses(NotAllowedError, lambda actor=actor: town.campaign.acting(actor).rotate_keys())
    town.refuses(NotAllowedError, lambda: town.campaign.acting(GRID_WORKER).erasures())
    town.refuses(BadValueError, lambda: town.campaign.erase(T1, "  "))
    town.refuses(NothingToEraseError, lambda: town.campaign.erase("T-nobody", "申请"))
    refused = town.refuses(BadValueError, lambda: town.campaign.erase("K1", "申请"))
    assert refused.allowed == T1, "the words in a target's ticket are the target's"
    town.refuses(NothingToEraseError, lambda: town.campaign.readmit(T1, "申请"))


def test_a_caller_without_a_target_and_a_member_of_staff_can_be_erased(town: Any) -> None:
    """By the ticket's number and by the person's id."""
    assert town.campaign.erase("K2", "本人申请").n_texts == 2
    assert town.campaign.erase("G1", "已离职").n_texts == 2
    assert town.campaign.verify().ok
    assert town.campaign.words([TicketId("K2")])[0].erased


def test_to_erase_again_changes_nothing(town: Any) -> None:
    """The first commit is given back."""
    first = town.campaign.erase(T1, "本人申请")
    head = town.campaign.head
    again = town.campaign.erase(T1, "本人申请")
    assert (again.seq, again.n_texts, again.gone) == (first.seq, 0, True)
    assert town.campaign.head == head


def test_nothing_that_is_sent_again_brings_an_erased_person_back(town: Any) -> None:
    """The same register, a changed one, a new visit, call and step: facts are kept, private texts are not."""
    campaign = town.campaign
    campaign.erase(T1, "本人申请")
    assert campaign.register(Roster(targets=(canary(town),))).receipt is None, "the same again is known"
    changed = campaign.register(Roster(targets=(evolve(canary(town), phone="13511112222"),)))
    assert (changed.n_new, changed.n_withheld) == (1, 3)
    visit = campaign.record([town.visit("V2", T1)], [town.demand("V2", said=SAID)])
    assert (visit.n_new, visit.n_findings, visit.n_withheld) == (1, 1, 1)
    assert campaign.raise_tickets([town.call("K3", target_id=T1, said=SAID, contact=PHONE)]).n_withheld == 2
    assert campaign.reply([(Event.HANDLE, town.step("K1", remedy=Remedy.RESOLVED, note=NOTE))]).n_withheld == 1
    campaign.route()
    assert campaign.reply([(Event.ACCEPT, town.step("K3", note=NOTE))]).n_withheld == 1
    assert campaign.verify().ok
    assert campaign.contacts([T1])[0] == evolve(campaign.contacts([T1])[0], name="", phone="", address="", erased=True)
    assert all(words.erased for words in campaign.words([TicketId("K1"), TicketId("K3")]))
    assert campaign.find(telephone="13511112222") == campaign.find(telephone=PHONE) == ()
    assert campaign.words([TicketId("K2")])[0].contact == "13900009999", "others go on as before"
    p = campaign.ledger.tables.private_texts
    assert campaign.ledger.select(p.select().where(p.c.subject_id.in_([T1, "K1", "K3"]))) == []


def test_a_new_household_can_be_written_down_again(town: Any) -> None:
    """After the office says so, new texts are kept and the old ones stay gone; it can be erased once more."""
    campaign = town.campaign
    campaign.erase(T1, "搬走")
    campaign.readmit(T1, "新住户")
    (before,) = campaign.contacts([T1])
    assert (before.name, before.erased) == ("", True)
    new = evolve(canary(town), name="李新户", phone="13511112222", address="金丝雀巷7号")
    assert campaign.register(Roster(targets=(new,))).n_withheld == 0
    (now,) = campaign.contacts([T1])
    assert (now.name, now.phone, now.erased) == ("李新户", "13511112222", False)
    assert [one.id for one in campaign.find(telephone="13511112222")] == [T1]
    again = campaign.erase(T1, "搬走")
    assert again.n_texts == 3
    assert campaign.verify().ok
    states = [(e.state, e.reason) for e in campaign.erasures() if e.subject_id == T1]
    assert states == [("erased", "搬走"), ("readmitted", "新住户"), ("erased", "搬走")]


def test_linked_targets_are_named_and_not_erased(town: Any) -> None:
    """A pupil's family of the household is another person's entry: the office decides."""
    family = Target(
        TargetId("T-pupils"), KindId("pupil_family"), AreaId("C01-G1"), town.today, linked_to=T1, name="王小丫"
    )
    town.campaign.register(Roster(targets=(family,)))
    assert town.campaign.erase(T1, "本人申请").linked == ("T-pupils",)
    assert town.campaign.contacts([family.id])[0].name == "王小丫"


def test_a_call_back_to_an_erased_person_keeps_the_figures_and_not_the_words(town: Any) -> None:
    """Said solved and satisfied are facts; what was said beside it is not kept."""
    campaign = town.campaign
    for event, key, more in (
        (Event.HANDLE, 2, {"remedy": Remedy.RESOLVED}),
        (Event.FEED_BACK, 2, {}),
        (Event.APPLY, 2, {}),
        (Event.CLOSE, 1, {}),
    ):
        campaign.reply([(event, town.step("K1", key, **more))])
    town.clock.pass_days(8)
    campaign.draw(seed="x")
    drawn = {row[0] for row in town.rows("draws", "ticket_id")}
    assert "K1" in drawn
    campaign.erase(T1, "本人申请")
    call = CallBack(TicketId("K1"), town.today, CallOutcome.REACHED, solved=True, satisfied=True, note=SAID)
    assert campaign.call_back([call]).n_withheld == 1
    assert town.rows("callbacks", "ticket_id", "solved", "satisfied") == [("K1", 1, 1)]
    assert campaign.verify().ok


# --- encrypted ------------------------------------------------------------------------------------------------------

PLUGINS = Plugins.of(core, KeyedStores(), zoufang_huangtun)


@pytest.fixture
def sealed(new_street: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of an encrypted street that was closed."""
    monkeypatch.setenv(MASTER, OLD)
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    street = new_street(url)
    street.campaign.register(Roster(targets=(canary(street),)))
    assert street.campaign.ledger.encrypted
    street.campaign.close_ledger()
    return url


def test_without_the_key_a_campaign_is_not_opened_but_for_reading_with_masks(
    sealed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence says what to do; masked reading shows stars, figures and stories, and writes nothing."""
    monkeypatch.delenv(MASTER)
    with pytest.raises(LockedError) as refused:
        Campaign.open(sealed, plugins=PLUGINS)
    assert "ZOUFANG_MASTER_KEY_FILE" in refused.value.said_in("zh")
    campaign = Campaign.open(sealed, plugins=PLUGINS, masked=True)
    head = campaign.head
    for mask in ("initial", "full"):
        (seen,) = campaign.contacts([T1], mask=mask)
        assert seen.name == "***"
        assert NAME not in seen.name + seen.phone + seen.address
    assert campaign.figures("visited")[0].of > 0
    assert campaign.why(T1).about == "target"
    for write in (
        lambda: campaign.contacts([T1]),
        lambda: campaign.find(telephone=PHONE),
        lambda: campaign.erase(T1, "申请"),
        lambda: campaign.register(little_roster(campaign.plan)),
        campaign.rotate_keys,
    ):
        with pytest.raises(LockedError):
            write()
    assert campaign.head == head
    assert campaign.verify().ok
    campaign.close_ledger()


def test_a_change_of_the_master_key_is_recorded_once(sealed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By whom, to which fingerprint and for how many; done again it changes nothing; the old key opens nothing more."""
    monkeypatch.setenv(MASTER, NEW)
    with pytest.raises(LockedError):
        Campaign.open(sealed, plugins=PLUGINS)
    monkeypatch.setenv(FORMER, OLD)
    campaign = Campaign.open(sealed, plugins=PLUGINS)
    done = campaign.rotate_keys(batch=7)
    k = campaign.ledger.tables.subject_keys
    n = len(campaign.ledger.select(k.select()))
    assert (done.n_keys, done.n_wrapped) == (n, n + 1), "and the ledger's own"
    head = campaign.head
    assert [c.verb for c in campaign.ledger.commits()][-1] == "rotate_keys"
    assert campaign.rotate_keys().n_wrapped == 0
    assert campaign.head == head
    campaign.close_ledger()
    monkeypatch.delenv(FORMER)
    campaign = Campaign.open(sealed, plugins=PLUGINS)
    assert campaign.contacts([T1])[0].name == NAME
    assert campaign.verify().ok
    campaign.close_ledger()
    ledger = SqlLedger.open(sealed, keyring=Keyring.of_environment({MASTER: OLD}))
    assert ledger.locked is not None
    ledger.close()


def test_no_word_of_the_canary_is_in_a_log_a_repr_or_an_error(town: Any, caplog: pytest.LogCaptureFixture) -> None:
    """At DEBUG level, through every verb of this page that succeeds or is refused."""
    caplog.set_level(logging.DEBUG)
    campaign, shown = town.campaign, []
    verbs: list[Callable[[], object]] = [
        lambda: campaign.contacts([T1]),
        lambda: campaign.words([TicketId("K1")]),
        lambda: campaign.find(telephone=f"139{1234:08}"),
        lambda: campaign.find(telephone="金丝雀"),
        lambda: campaign.register(Roster(targets=(canary(town), canary(town)))),
        lambda: campaign.record([town.visit("V1", T1)], [town.demand("V1", said="金丝雀改口")]),
        lambda: campaign.erase("K1", "申请"),
        lambda: campaign.erase(T1, "申请"),
        lambda: campaign.register(Roster(targets=(evolve(canary(town), name=NAME + "二"),))),
        campaign.erasures,
    ]
    for verb in verbs:
        try:
            shown.append(repr(verb()))
        except ZoufangError as error:
            lines = [line for line in traceback.format_exception(error) if "lambda" not in line]
            shown += [repr(error), error.said_in("zh"), error.said_in("en"), *lines]
    shown += [repr(campaign), repr(campaign.ledger), caplog.text]
    assert len(shown) > len(verbs)
    assert [one for one in shown if "金丝雀" in one or f"139{1234:08}" in one] == []
