"""The commands that show, find and forget a person, on a folder with an encrypted and a plain ledger."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from zoufang.builtin import core
from zoufang.campaign import Campaign
from zoufang.cli import main
from zoufang.folder import Folder
from zoufang.ledger import FORMER, MASTER
from zoufang.ledger.scrub import stands
from zoufang.model import Person, Role, Roster, Source, Target, Ticket
from zoufang.sdk import Plugins
from zoufang.testing import little_roster
from zoufang.typing import AreaId, KindId, PersonId, TargetId, TicketId, TopicId, UnitId

NAME, PHONE, SAID = "金丝雀王桂英", "13900001234", "金丝雀的路灯坏了，回电13900001234"
OFFICE = ("--person", "O1")
WHY = (*OFFICE, "--purpose", "核实")


def run(*words: object) -> Result:
    """Run a command as an office would type it."""
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture(params=["plain", "encrypted"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A campaign's folder with a canary in its ledger; its key, if any, is in a file beside it."""
    if request.param == "encrypted":
        made = run("masterkey", "new", tmp_path / "one.key")
        assert made.exit_code == 0
        assert (tmp_path / "one.key").read_text().strip() not in made.output
        monkeypatch.setenv(f"{MASTER}_FILE", str(tmp_path / "one.key"))
    at = Folder.init(tmp_path / "street", "huangtun-2023")
    campaign = Campaign.create(at.plan_file, at.ledger_url, plugins=Plugins.of(core))
    campaign.register(little_roster(campaign.plan))
    target = Target(TargetId("T-canary"), KindId("household"), AreaId("C01-G1"), campaign.today, name=NAME, phone=PHONE)
    office = Person(PersonId("O1"), UnitId("wangge"), Role.OFFICE, name="张主任", phone="13800000003")
    campaign.register(Roster(people=(office,), targets=(target,)))
    topic, day = TopicId("roads"), campaign.today
    campaign.raise_tickets([Ticket(TicketId("K1"), Source.CALL, "K1", day, topic, None, target.id, said=SAID)])
    campaign.close_ledger()
    return tmp_path / "street"


def encrypted(folder: Path) -> bool:
    """Say whether the folder's ledger is."""
    return (folder.parent / "one.key").exists()


def test_a_person_is_shown_found_erased_and_admitted_again(folder: Path) -> None:
    """Each step as an office takes it, in Chinese; verify is good at every one."""
    assert NAME in run("contacts", folder, "T-canary", *WHY).output
    masked = run("contacts", folder, "T-canary", *WHY, "--mask", "initial")
    assert "金**" in masked.output
    assert "139****1234" in masked.output
    assert "已记入台账" not in masked.output
    assert "〔手机号〕" in run("words", folder, "K1", *WHY, "--mask", "initial").output
    found = run("find", folder, "--telephone", "１３９ 0000 1234", *WHY)
    assert "T-canary" in found.output
    assert "已记入台账" in found.output
    assert "T-canary" not in run("find", folder, "--household", "C01-G1", "幸福路1号", *WHY).output
    gone = run("erase", folder, "T-canary", "--reason", "本人申请", *OFFICE)
    assert gone.exit_code == 0
    assert "T-canary 的个人信息已删除" in gone.output
    assert "文字 3 条，连同 1 件诉求" in gone.output
    assert "备份" in gone.output
    assert not stands(folder / "ledger.sqlite", [NAME.encode(), PHONE.encode(), SAID.encode()])
    assert run("verify", folder).exit_code == 0
    assert run("contacts", folder, "T-canary", *WHY).output.count("已删除") == 3
    assert "erased" in run("words", folder, "K1", *WHY, "--lang", "en").output
    assert "个人信息已删除" in run("why", folder, "T-canary").output
    listed = run("erasures", folder, *OFFICE).output
    assert "本人申请" in listed
    assert "O1" in listed
    assert run("readmit", folder, "T-canary", "--reason", "新住户", *OFFICE).exit_code == 0
    assert "恢复登记" in run("erasures", folder, *OFFICE).output


def test_verify_says_which_kind_of_ledger_it_is(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plain one is said to be plain; an encrypted one without its key is checked as far as it can be, and says so."""
    said = run("verify", folder)
    assert said.exit_code == 0
    assert ("没有加密" in said.output) is not encrypted(folder)
    monkeypatch.delenv(f"{MASTER}_FILE", raising=False)
    without = run("verify", folder, "--lang", "en")
    assert without.exit_code == 0
    assert ("were not looked into" in without.output) is encrypted(folder)


@pytest.mark.parametrize("folder", ["encrypted"], indirect=True)
def test_without_the_key_lists_are_read_with_masks_and_nothing_is_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What writes or shows in clear is refused with what to do; the rest is answered."""
    monkeypatch.delenv(f"{MASTER}_FILE")
    before = (folder / "ledger.sqlite").read_bytes()
    for words in (
        ("run", folder, "--today", "2023-03-01"),
        ("contacts", folder, "T-canary", *WHY),
        ("find", folder, "--telephone", PHONE, *WHY),
        ("erase", folder, "T-canary", "--reason", "申请", *OFFICE),
        ("masterkey", "rotate", folder, *OFFICE),
    ):
        refused = run(*words)
        assert refused.exit_code == 2
        assert "请设置 ZOUFANG_MASTER_KEY_FILE" in refused.output
        assert NAME not in refused.output
    assert run("why", folder, "K1").exit_code == 0
    assert run("unanswered", folder).exit_code in {0, 1}
    masked = run("contacts", folder, "T-canary", *WHY, "--mask", "initial")
    assert masked.exit_code == 0
    assert "***" in masked.output
    assert "金" not in masked.output
    assert (folder / "ledger.sqlite").read_bytes() == before


@pytest.mark.parametrize("folder", ["encrypted"], indirect=True)
def test_who_answers_who_goes_and_what_goes_on_are_asked_without_the_key(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None of them shows a private word; each says that it reads with masks, and a new round of work is refused."""
    day = ("--today", "2023-02-28", "--lang", "en")
    planned = run("workplan", folder, *day)
    assert planned.exit_code == 0, planned.output
    assert "not at hand" not in planned.output
    monkeypatch.delenv(f"{MASTER}_FILE")
    before = (folder / "ledger.sqlite").read_bytes()
    out = tmp_path / "regular.toml"
    for words in (
        ("plan", "explain", folder, "T-canary", "--lang", "en"),
        ("workplan", folder, *day),
        ("handover", folder, "--out", out, "--today", "2023-06-10", "--lang", "en"),
    ):
        answered = run(*words)
        assert answered.exit_code == 0, answered.output
        assert "the master key is not at hand: they are masked, nothing is recorded" in answered.stderr
        assert NAME not in answered.output
    assert "K1" in out.read_text(encoding="utf-8")
    later = run("workplan", folder, "--today", "2023-03-20")
    assert later.exit_code == 2
    assert "请设置 ZOUFANG_MASTER_KEY_FILE" in later.output
    assert (folder / "ledger.sqlite").read_bytes() == before


@pytest.mark.parametrize("folder", ["encrypted"], indirect=True)
def test_the_master_key_is_changed_from_the_command_line(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With both keys; afterwards the new one alone opens it, and the former does not."""
    run("masterkey", "new", tmp_path / "two.key")
    monkeypatch.setenv(f"{FORMER}_FILE", str(tmp_path / "one.key"))
    monkeypatch.setenv(f"{MASTER}_FILE", str(tmp_path / "two.key"))
    turned = run("masterkey", "rotate", folder, *OFFICE)
    assert turned.exit_code == 0
    assert "主密钥已换成" in turned.output
    assert "本次重新加密 0 把" in run("masterkey", "rotate", folder, *OFFICE).output
    monkeypatch.delenv(f"{FORMER}_FILE")
    assert NAME in run("contacts", folder, "T-canary", *WHY).output
    monkeypatch.setenv(f"{MASTER}_FILE", str(tmp_path / "one.key"))
    assert run("contacts", folder, "T-canary", *WHY).exit_code == 2


@pytest.mark.parametrize("folder", ["plain"], indirect=True)
def test_mistakes_are_sentences(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plain ledger has no key to change; a key file is never replaced; a bad key is named by its source."""
    assert "个人文字未加密" in run("masterkey", "rotate", folder, *OFFICE).output
    assert "没有个人信息" in run("erase", folder, "T-nobody", "--reason", "申请", *OFFICE).output
    assert run("erase", folder, "T-canary", "--reason", " ", *OFFICE).exit_code == 2
    assert run("masterkey", "new", tmp_path / "a.key").exit_code == 0
    assert "从不覆盖" in run("masterkey", "new", tmp_path / "a.key").output
    monkeypatch.setenv(MASTER, "不是密钥")
    refused = run("why", folder, "K1")
    assert refused.exit_code == 2
    assert MASTER in refused.output
    assert "不是密钥" not in refused.output
