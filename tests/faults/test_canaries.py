from __future__ import annotations

import io
import logging
import os
import shutil
import sqlite3
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from attrs import evolve
from faultmakers.changes import AT, HOST, OFFICE, change, created
from faultmakers.driver import Calls, fail
from faultmakers.lines import Line

from zoufang import intake
from zoufang.campaign import Campaign
from zoufang.errors import ObserverFailedWarning, ZoufangError
from zoufang.folder import Folder, run
from zoufang.intake import load_plan
from zoufang.ledger import Draft, SqlLedger, private_text
from zoufang.model import Finding, Source, Ticket
from zoufang.testing import SetClock, counted_salts, little_roster
from zoufang.typing import TargetId, TicketId, TopicId

Count = Callable[..., None]

AREAS = [
    ("370871005", "某街道", "街道", None),
    ("C01", "东社区", "社区", "370871005"),
    ("C01-G01", "东一网格", "网格", "C01"),
]
PEOPLE = [
    ("P-1", "金丝雀一", "13811110001", "C01", "网格员", "C01-G01", 20),
    ("P-2", "金丝雀二", "13811110002", "shichang", "承办人", None, 10),
    ("P-3", "金丝雀三", "13811110003", "wangge", "办公室", None, 0),
]
TARGETS = [
    ("H-1", "居民户", "C01-G01", "金丝雀四", "金丝雀巷五号", "13911110004", None, None, None),
    ("S-1", "沿街门店", "C01-G01", "金丝雀饭庄", "金丝雀巷六号", "13911110005", "餐饮", None, None),
]
VISITS = [
    ("V-1", "2023-03-01", "09:30", 15, "H-1", "P-1", "C01", "上门", "见到", "是", None, None),
    ("V-2", "2023-03-02", "10:00", 20, "S-1", "P-1", "C01", "上门", "见到", None, None, None),
]
FINDINGS = [("V-2", 1, "诉求", "education", "金丝雀说门前的灯坏了", None, None)]
CALLS = [("HL-1", "2023-03-01", "金丝雀七", "13711110006", "C01-G01", "H-1", "education", "金丝雀说路上太堵")]
REPLY = ("V-2-1", "受理", "2023-03-13", "wangge", "P-3", None, None, None, "金丝雀答复已安排", *[None] * 5)
CANARIES = ("金丝雀", "1381111000", "1391111000", "1371111000")
"""What stands in every private word of this office, and nowhere else."""


def birds(text: str) -> list[str]:
    """Return the canaries in a text, also where it is quoted with escapes."""
    as_xml = (word.encode("ascii", "xmlcharrefreplace").decode() for word in CANARIES)
    as_bytes = (repr(word.encode())[2:-1] for word in CANARIES)
    written = {*CANARIES, *(ascii(word)[1:-1] for word in CANARIES), *as_bytes, *as_xml}
    return sorted(word for word in written if word in text)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that anybody logs, with every logger at DEBUG level, also those that libraries had made quieter."""
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    names = [None, "sqlalchemy", "sqlalchemy.engine", "sqlalchemy.pool", *logging.root.manager.loggerDict]
    before = [(logger, logger.level) for logger in map(logging.getLogger, names)]
    logging.root.addHandler(handler)
    for logger, _ in before:
        logger.setLevel(logging.DEBUG)
    yield said
    logging.root.removeHandler(handler)
    for logger, level in reversed(before):
        logger.setLevel(level)


@pytest.fixture
def dropped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[list[str]]:
    """The content of every file that was removed from the machine's folder for temporary files; none may stay there."""
    shared, content = tmp_path / "shared-temporary-files", list[str]()
    shared.mkdir()
    monkeypatch.setenv("TMPDIR", str(shared))
    monkeypatch.setattr(tempfile, "tempdir", str(shared))

    def watched(remove: Callable[..., None]) -> Callable[..., None]:
        def removing(path: Any, *, dir_fd: int | None = None) -> None:
            where = Path(f"/proc/self/fd/{dir_fd}").readlink() / path if dir_fd is not None else Path(path)
            if where.is_relative_to(shared) and where.is_file():
                content.append(where.read_bytes().decode("utf-8", "ignore"))
            remove(path, dir_fd=dir_fd)

        return removing

    monkeypatch.setattr(os, "unlink", watched(os.unlink))
    monkeypatch.setattr(os, "remove", watched(os.remove))
    yield content
    assert list(shared.iterdir()) == []


def everything_said(error: BaseException) -> str:
    """Return the whole traceback of an error and of those that led to it, and each of them printed."""
    said = ["".join(traceback.format_exception(error))]
    here: BaseException | None = error
    while here is not None:
        said += [str(here), repr(here), here.said_in("zh") if isinstance(here, ZoufangError) else ""]
        here = here.__cause__ or here.__context__
    return "\n".join(said)


def filled(office: Any) -> Any:
    """Write an office's files of the first week, with a canary in every private word."""
    office.register(areas=AREAS, people=PEOPLE, targets=TARGETS)
    office.visits(VISITS, FINDINGS)
    office.hotline(CALLS)
    return office


def refused(office: Any, **options: Any) -> str:
    """Run the folder; return all that its refusal says."""
    with pytest.raises(ZoufangError) as told:
        run(Folder.at(office.path), plugins=HOST, today=date(2023, 3, 13), **options)
    return everything_said(told.value)


def changed(row: tuple[Any, ...], column: int, value: Any) -> tuple[Any, ...]:
    """Return a row with another cell."""
    return (*row[:column], value, *row[column + 1 :])


def test_no_private_word_is_logged_by_a_whole_campaign(office: Any, log: io.StringIO, dropped: list[str]) -> None:
    """Two weeks of files, lists, dispatches, questions and a check, at DEBUG level: no canary in log or shared file."""
    filled(office)
    assert birds("".join(dropped)), "the writer of these test files uses that folder, and is seen"
    dropped.clear()
    assert office.run().exit_code == 0
    assert not birds("".join(dropped))
    office.book("replies/replies-w01.xlsx", [(intake.REPLIES, [REPLY])])
    dropped.clear()
    assert (done := office.run(today="2023-03-13")).exit_code == 0, done.output
    for words in (
        ("verify", office.path),
        ("why", office.path, "V-2-1"),
        ("dispatch", office.path, "1", "--out", office.path / "d.html"),
    ):
        done = office.cli(*words)
        assert done.exit_code == 0, done.output
        assert not birds(done.output), words
    with closing(sqlite3.connect(office.path / "ledger.sqlite")) as raw:
        kept = "".join(body for (body,) in raw.execute("SELECT body FROM private_texts"))
    assert all(word in kept for word in CANARIES), "otherwise there was nothing to be found"
    assert "INSERT INTO" in log.getvalue(), "the log is at DEBUG level"
    assert not birds(log.getvalue())
    assert not birds("".join(dropped))


def test_no_private_word_is_in_a_refusal(office: Any, log: io.StringIO) -> None:
    """A canary in a column of days, numbers or choices, other words under a known number: no message repeats one."""
    filled(office)
    assert office.run().exit_code == 0
    bad = [
        lambda column=column: office.visits([changed(VISITS[0], column, "金丝雀13811110001")], (), name="visits-x.xlsx")
        for column in (1, 2, 3, 7, 8, 9, 10)
    ]
    bad += [
        lambda: office.hotline([changed(CALLS[0], 1, "金丝雀"), CALLS[0]]),
        lambda: (office.path / "inbox" / "hotline.csv").write_text("金丝雀,13711110006\n金丝雀七,13711110006\n"),
        lambda: office.register(areas=AREAS, people=PEOPLE, targets=[changed(TARGETS[0], 1, "金丝雀13811110001")]),
        lambda: office.book("replies/replies-x.xlsx", [(intake.REPLIES, [changed(REPLY, 1, "金丝雀")])]),
        lambda: office.book("replies/replies-x.xlsx", [(intake.REPLIES, [changed(REPLY, 0, "V-9")])]),
    ]
    untouched = shutil.copytree(office.path, office.path.with_name("untouched"))
    for number, spoil in enumerate(bad):
        spoil()
        said = refused(office)
        assert not birds(said), f"{number}: {said}"
        shutil.rmtree(office.path)
        shutil.copytree(untouched, office.path)
    assert not birds(log.getvalue())


@pytest.mark.often(change=307, faults=5)
def test_no_private_word_is_in_a_fault(n: int, office: Any, log: io.StringIO, count: Count) -> None:
    """Whichever call to the database fails (every `n`th of a first import): no traceback and no log holds a canary."""
    filled(office)
    found = tried = 0
    for at in range(3, 10_000, n):
        calls = Calls()
        calls.arm(at, fail)
        with calls.between():
            try:
                run(Folder.at(office.path), plugins=HOST, today=date(2023, 3, 6))
            except ZoufangError as error:
                found += bool(birds(everything_said(error)))
        if not calls.met:
            break
        tried += 1
        for path in office.path.glob("ledger.sqlite*"):
            path.unlink()
    assert tried > 1
    count("canaries: the Nth call of an import fails", tried=tried, found=tried - found, unit="silent", lost=found)
    assert not birds(log.getvalue())


def test_no_private_word_is_printed_of_what_was_read(office: Any) -> None:
    """Readings, their items, a campaign, a draft and what comes back from verbs: printed, they hold no canary."""
    filled(office)
    plan = load_plan(office.path / "plan.toml")
    printed = [
        repr(intake.read_register(office.path / "inbox" / "register.xlsx", plan)),
        repr(intake.read_visits(office.path / "inbox" / "visits" / "visits-C01-w01.xlsx", plan)),
        repr(intake.read_calls(office.path / "inbox" / "hotline.csv", plan)),
    ]
    assert office.run().exit_code == 0
    campaign = Campaign.open(f"sqlite:///{office.path / 'ledger.sqlite'}", plugins=HOST)
    ticket = Ticket("K-1", "call", "K-1", campaign.today, "roads", said="金丝雀", contact="13711110006")
    printed += [repr(campaign), repr(campaign.ledger), repr(campaign.raise_tickets([ticket])), repr(campaign.verify())]
    printed += [repr(Finding("V-1", 1, "demand", "roads", said="金丝雀")), repr(OFFICE)]
    printed += [repr(campaign.contacts([TargetId("H-1")], purpose="核实"))]
    campaign.close_ledger()
    assert [text for text in printed if birds(text)] == []


EVERYTHING = "-clog_statement=all -clog_parameter_max_length=0"
"""What an administrator may set who wants to see every statement; without the second, every bound value is logged."""


@pytest.mark.postgres
@pytest.mark.parametrize("options", ["", EVERYTHING], ids=["as it comes", "every statement"])
def test_no_private_word_is_in_the_log_of_the_server(
    options: str, postgres_server: str, postgres_url: str, log: io.StringIO
) -> None:
    """A campaign on PostgreSQL, its refusals, the server's own errors, a lost line: no canary in the server's log."""
    server_log = Path(unquote(postgres_server.partition("host=")[2])) / "log"
    before = server_log.stat().st_size
    url = postgres_url.replace("options=", f"options={quote(options + ' ')}")
    said = lived(url)
    with Line(url) as line:
        for at in (3, 6, 9):
            ledger = SqlLedger.open(line.url)
            lost = Draft("record", OFFICE, AT, {}, [private_text(f"{at:02x}", "H-1", "金丝雀说断线了")])
            line.arm(at, "after")
            with pytest.raises(ZoufangError) as told:
                ledger.commit(lost)
            line.disarm()
            said.append(everything_said(told.value))
            ledger.close()
    written = server_log.read_bytes()[before:].decode("utf-8", "replace")
    assert "duplicate key" in written, "the server has logged nothing"
    assert ("INSERT INTO private_texts" in written) >= bool(options)
    assert not birds(written)
    assert not birds("".join(said))
    assert not birds(log.getvalue())


def lived(url: str) -> list[str]:
    """Live a little campaign with a canary in every private word, refusals among it; return what those said."""
    plan = load_plan("huangtun-2023")
    roster, clock = little_roster(plan), SetClock(plan)
    people = tuple(evolve(one, name="金丝雀一", phone="13811110001") for one in roster.people)
    targets = tuple(evolve(one, name="金丝雀四", phone="13911110004", address="金丝雀巷五号") for one in roster.targets)
    campaign = Campaign.create("huangtun-2023", url, plugins=HOST, clock=clock, salt=counted_salts())
    campaign.register(evolve(roster, people=people, targets=targets))
    calls = [
        Ticket(TicketId(f"K{n}"), Source.CALL, f"K{n}", campaign.today, TopicId("roads"), said="金丝雀说灯坏了")
        for n in range(30)
    ]
    campaign.raise_tickets([evolve(call, contact="13711110006") for call in calls], submission_id="calls")
    with campaign.ledger.together():
        texts = [private_text(f"{n:04x}", "H-1", f"金丝雀{n}") for n in range(30)]
        campaign.ledger.commit(Draft("record", OFFICE, AT, {}, texts))
    campaign.find(telephone="13911110004", purpose="核实")
    campaign.words([TicketId("K1")], purpose="核实")
    changed_mind, torn = evolve(calls[0], said="金丝雀改口了"), private_text("ff", "H-1", "金丝雀\0")
    # The lines below stand in a traceback as they are written here, so no canary may stand in them.
    refusals: list[Callable[[], object]] = [
        lambda: campaign.ledger.commit(Draft("record", OFFICE, AT, {}, texts)),
        lambda: campaign.ledger.commit(Draft("record", OFFICE, AT, {}, texts[:1])),
        lambda: campaign.ledger.commit(Draft("record", OFFICE, AT, {}, [torn])),
    ]
    campaign.raise_tickets([changed_mind])
    said = [repr(campaign.conflicts())]
    for refusal in refusals:
        with pytest.raises(ZoufangError) as told:
            refusal()
        said.append(everything_said(told.value))
    campaign.erase("T-household-1", "本人申请")
    assert campaign.verify().ok
    campaign.close_ledger()
    return said


def test_no_private_word_is_in_a_conflict(office: Any, log: io.StringIO) -> None:
    """Other words under a known number are kept and listed as conflicts: neither answer nor list repeats one."""
    filled(office)
    assert office.run().exit_code == 0
    office.hotline([changed(CALLS[0], 7, "金丝雀另有话说")])
    office.visits(VISITS, [changed(FINDINGS[0], 4, "金丝雀改口了")])
    done = office.run(today="2023-03-13")
    assert done.exit_code == 0, done.output
    listed = office.cli("conflicts", office.path)
    assert listed.exit_code == 0, listed.output
    assert listed.output.count("已隐去") >= 2 or "***" in listed.output
    assert not birds(done.output + listed.output)
    assert not birds(log.getvalue())


def test_no_private_word_is_in_a_warning(tmp_path: Path) -> None:
    """An observer that fails with a canary in its mouth: the warning names it and repeats none of its words."""

    def sings(commit: object) -> None:
        raise KeyError("金丝雀13811110001", commit)

    with closing(created(f"sqlite:///{tmp_path / 'ledger.sqlite'}")) as ledger:
        ledger.observe(sings)
        with pytest.warns(ObserverFailedWarning) as told:
            ledger.commit(change("first"))
    assert not birds("".join(str(one.message) + repr(one.message) for one in told))
