"""`zoufang problems`, `ladder`, `estimates` and `contacts` on an office's own folder, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from zoufang.builtin import core
from zoufang.folder import Folder, open_campaign
from zoufang.model import CallBack, CallOutcome, Problem, Remedy, Step
from zoufang.sdk import Plugins
from zoufang.typing import PersonId, TicketId, TopicId, UnitId

DAY = "2023-03-20"
OTHER = ("P-9", "夏侯主任", "13800000009", "wangge", "办公室", None, 0)


@pytest.fixture
def filled(office: Any) -> Any:
    """The small office after its first week: three open tickets, two of them about education, one about medicine."""
    office.fill()
    assert office.run().exit_code == 0
    return office


def worked(office: Any, *verbs: Any) -> None:
    """Do something with the folder's campaign, on 8 March 2023."""
    eighth = datetime(2023, 3, 8, 9, tzinfo=UTC)
    campaign = open_campaign(Folder.at(office.path), Plugins.discover(core), clock=lambda: eighth)
    try:
        for verb in verbs:
            verb(campaign)
    finally:
        campaign.close_ledger()


def step(ticket: str, **more: Any) -> Step:
    """Return a step of 8 March by P-3."""
    return Step(TicketId(ticket), date(2023, 3, 8), person_id=PersonId("P-3"), **more)


def test_common_problems_are_listed_with_how_many_were_told(filled: Any) -> None:
    """None at first; then two tickets behind one, one of two told; the day before it was found, none."""
    assert "还没有确定普遍问题" in filled.cli("problems", filled.path, "--on", DAY).stdout
    tickets = [key for (key,) in filled.ledger("SELECT ticket_id FROM tickets WHERE topic_id = 'education' ORDER BY 1")]
    assert len(tickets) == 2
    worked(
        filled,
        lambda c: c.link(
            Problem("P-1", TopicId("education"), UnitId("shehui"), date(2023, 3, 8)), [TicketId(t) for t in tickets]
        ),
        lambda c: c.handle_problem("P-1", step("P-1", remedy=Remedy.RESOLVED)),
        lambda c: c.feed_back([step(tickets[0])]),
    )
    done = filled.cli("problems", filled.path, "--on", DAY, "--lang", "en")
    assert done.exit_code == 0
    (line,) = (line for line in done.stdout.splitlines() if "P-1" in line)
    for cell in ("shehui", "resolved", "2023-03-15", "1/2", *tickets):
        assert cell in line
    assert "1 in all, 1 handled; 1 of 2 people told." in done.stdout
    assert "还没有确定普遍问题" in filled.cli("problems", filled.path, "--on", "2023-03-07").stdout


def test_the_ladder_is_listed_for_any_day(filled: Any) -> None:
    """Sent on 6 March, due on the 13th: nothing on the 7th; five working days late, all three are the leader's."""
    first = filled.cli("ladder", filled.path, "--on", "2023-03-07")
    assert (first.exit_code, first.stdout.strip()) == (0, "没有诉求在督办阶梯上。")
    late = filled.cli("ladder", filled.path, "--on", DAY, "--lang", "en")
    assert late.exit_code == 0
    for (ticket,) in filled.ledger("SELECT ticket_id FROM tickets"):
        (line,) = (line for line in late.stdout.splitlines() if f" {ticket} " in line)
        assert "2023-03-13" in line
        assert "leader" in line


def test_what_call_backs_say_is_told_with_its_interval(filled: Any) -> None:
    """Nothing was drawn; then one closing, asked and solved: all of one, so 100% with no doubt left."""
    assert "还没有抽取过回访" in filled.cli("estimates", filled.path, "--on", DAY).stdout

    def closed(campaign: Any) -> None:
        campaign.accept([step("HL-1")])
        campaign.handle([step("HL-1", remedy=Remedy.RESOLVED)])
        campaign.feed_back([step("HL-1")])
        campaign.apply([Step(TicketId("HL-1"), date(2023, 3, 8), person_id=PersonId("P-2"))])
        campaign.close([step("HL-1")])
        campaign.draw()
        campaign.call_back([CallBack(TicketId("HL-1"), date(2023, 3, 8), CallOutcome.REACHED, solved=True)])

    worked(filled, closed)
    (unit,) = filled.ledger("SELECT unit_id FROM callbacks")[0]
    done = filled.cli("estimates", filled.path, "--on", DAY, "--lang", "en")
    assert done.exit_code == 0
    (line,) = (line for line in done.stdout.splitlines() if f" {unit} " in line)
    assert line.replace("│", " ").split() == [unit, "1", "1", "1", "100.00%", "100.00%–100.00%", "not", "enough", "0/1"]
    none = filled.cli("estimates", filled.path, "--on", DAY, "--question", "satisfied")
    assert "无案例" in none.stdout


def test_contacts_are_shown_to_those_who_may_and_the_reading_is_in_the_ledger(filled: Any) -> None:
    """The office reads two of the street; who, what for and whose stand in one commit, and no name."""
    done = filled.cli("contacts", filled.path, "H-1", "H-2", "--person", "P-3", "--purpose", "核实地址")
    assert done.exit_code == 0
    for private in ("上官甲", "东路一号", "13900000001", "皇甫乙"):
        assert private in done.stdout
    (commit,) = filled.ledger("SELECT seq, actor, role FROM commits ORDER BY seq DESC LIMIT 1")
    assert commit[1:] == ("P-3", "office")
    assert f"第 {commit[0]} 号提交" in done.stderr
    reads = filled.ledger("SELECT commit_seq, target_id, purpose FROM contact_reads ORDER BY target_id")
    assert reads == [(commit[0], "H-1", "核实地址"), (commit[0], "H-2", "核实地址")]
    assert filled.cli("verify", filled.path).exit_code == 0


def test_a_grid_worker_reads_the_own_grid_and_nothing_beyond_it(filled: Any) -> None:
    """H-1 is shown; with H-2 of the other grid beside it nothing is, and nothing is recorded."""
    own = filled.cli("contacts", filled.path, "H-1", "--person", "P-1", "--purpose", "入户", "--lang", "en")
    assert (own.exit_code, "上官甲" in own.stdout) == (0, True)
    before = filled.ledger("SELECT count(*) FROM commits")
    beyond = filled.cli("contacts", filled.path, "H-1", "H-2", "--person", "P-1", "--purpose", "入户")
    assert beyond.exit_code == 2
    assert "H-2" in beyond.stderr
    for private in ("上官甲", "皇甫乙", "13900000001", "东路"):
        assert private not in beyond.stdout + beyond.stderr
    assert filled.ledger("SELECT count(*) FROM commits") == before


@pytest.mark.parametrize(
    "words",
    [
        ("H-1", "--person", "P-3"),
        ("H-1", "--purpose", "入户"),
        ("H-1", "--person", "P-3", "--purpose", "  "),
        ("H-1", "--person", "P-77", "--purpose", "入户"),
        ("H-77", "--person", "P-3", "--purpose", "入户"),
        ("H-1", "H-1", "--person", "P-3", "--purpose", "入户"),
        ("--person", "P-3", "--purpose", "入户"),
    ],
)
def test_who_reads_whom_and_what_for_must_be_said(filled: Any, words: tuple[str, ...]) -> None:
    """Without one of them, or with an id that is not there, exit code 2 and nothing recorded."""
    before = filled.ledger("SELECT count(*) FROM commits")
    refused = filled.cli("contacts", filled.path, *words)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert filled.ledger("SELECT count(*) FROM commits") == before


@pytest.mark.parametrize("command", ["problems", "ladder", "estimates", "contacts"])
def test_each_teaches_itself(filled: Any, command: str) -> None:
    """Its help is in both languages and shows an example; a folder without a ledger is one sentence and exit code 2."""
    help_ = filled.cli(command, "--help").stdout
    assert f"zoufang {command} demo-out" in help_
    empty = filled.path.parent / "empty"
    filled.cli("init", empty)
    ids = ("H-1", "--person", "P-3", "--purpose", "入户") if command == "contacts" else ()
    assert filled.cli(command, empty, *ids).exit_code == 2
