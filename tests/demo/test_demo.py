"""The demo, checked from its files and raw facts by plain code that shares nothing with the analysis."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

ANSWERED = {"fed_back", "applied", "closed"}
LEFT_OUT = {"struck", "withdrawn", "merged"}
WEEKS = range(1, 16)

Pairs = dict[str, list[list[int]]]


# --- figures, counted by hand -----------------------------------------------------------------------------------


def counted(demo: Any) -> Pairs:
    """Count the three 100%, the third in both its ways, by unit: numerator and denominator each."""
    found: Pairs = defaultdict(lambda: [[0, 0] for _ in range(4)])

    def note(unit: str, place: int, *, hit: bool) -> None:
        for name in (unit, "合计"):
            found[name][place][0] += hit
            found[name][place][1] += 1

    names = dict(demo.ledger("SELECT unit_id, name FROM units ORDER BY version"))
    leads = {row[0]: row[1] for row in demo.ledger(
        "SELECT subject_id, unit_id FROM assignments WHERE subject = 'target' AND part = 'lead' ORDER BY round"
    )}  # fmt: skip
    visits = demo.ledger("SELECT visit_id, target_id, unit_id, outcome, no_demand FROM visits")
    reached = {row[1] for row in visits if row[3] == "met"}
    for (target_id,) in demo.ledger("SELECT DISTINCT target_id FROM targets"):
        note(names[leads[target_id]], 0, hit=target_id in reached)
    heard = {row[0] for row in demo.ledger("SELECT visit_id FROM findings")}
    for visit_id, _, unit_id, outcome, no_demand in visits:
        if outcome == "met":
            note(names[unit_id], 1, hit=visit_id in heard or no_demand == 1)
    parts = {row[0] for row in demo.ledger("SELECT ticket_id FROM tickets WHERE parent_id IS NOT NULL")}
    for ticket_id, (status, unit_id, remedy) in last_events(demo).items():
        if status not in LEFT_OUT and ticket_id not in parts:
            note(names.get(unit_id, "—"), 2, hit=status in ANSWERED)
            note(names.get(unit_id, "—"), 3, hit=status in ANSWERED and remedy == "resolved")
    return found


def last_events(demo: Any) -> dict[str, tuple[str, str, str | None]]:
    """Return status, holder and remedy of each ticket after its last event."""
    rows = demo.ledger("SELECT ticket_id, status, unit_id, remedy FROM ticket_events ORDER BY ticket_id, version")
    return {row[0]: row[1:] for row in rows}


def test_the_three_figures_are_what_the_raw_facts_say(demo: Any) -> None:
    """Overall and for every unit: each numerator and each denominator of the printed table."""
    by_hand = {unit: [tuple(pair) for pair in pairs] for unit, pairs in counted(demo).items()}
    assert demo.figures() == by_hand
    assert len(by_hand) >= 8


def test_the_roster_is_as_large_as_the_register(demo: Any, records: Any) -> None:
    """The denominator of the first figure is the number of rows of an office's sheet."""
    (_, of), *_ = demo.figures()["合计"]
    assert of == len(records(demo.folder / "inbox" / "register.xlsx", "走访对象"))


# --- coverage and closure ---------------------------------------------------------------------------------------


def test_every_target_has_exactly_one_lead(demo: Any) -> None:
    """In its latest round of assignment."""
    rows = demo.ledger("SELECT subject_id, round, part FROM assignments WHERE subject = 'target'")
    latest = {subject: max(r for s, r, _ in rows if s == subject) for subject in {row[0] for row in rows}}
    leads = Counter(s for s, r, part in rows if part == "lead" and r == latest[s])
    targets = {row[0] for row in demo.ledger("SELECT target_id FROM targets")}
    assert set(leads) == targets
    assert set(leads.values()) == {1}


def test_every_ticket_has_an_answer_or_is_listed_as_open(demo: Any, records: Any) -> None:
    """Nothing is lost: what is not closed or taken back stands in the to-do list; what is closed was fed back."""
    standing = {ticket_id: status for ticket_id, (status, _, _) in last_events(demo).items()}
    raised = {row[0] for row in demo.ledger("SELECT ticket_id FROM tickets")}
    listed = {row["诉求编号"] for row in records(demo.folder / "outbox" / "todo.xlsx", "待办")}
    assert set(standing) == raised
    assert listed == {ticket_id for ticket_id, status in standing.items() if status not in {"closed", *LEFT_OUT}}
    told = {row[0] for row in demo.ledger("SELECT ticket_id FROM ticket_events WHERE event = 'feed_back'")}
    assert {ticket_id for ticket_id, status in standing.items() if status == "closed"} <= told


def test_every_demand_call_and_letter_became_a_ticket(demo: Any, records: Any) -> None:
    """Counted in the files themselves."""
    inbox = demo.folder / "inbox"
    wanted = set()
    for name, header in (("hotline.csv", "工单编号"), ("letters.csv", "信件编号")):
        with (inbox / name).open(encoding="utf-8-sig", newline="") as file:
            wanted |= {row[header] for row in csv.DictReader(file)}
    for path in (inbox / "visits").iterdir():
        demands = (row for row in records(path, "诉求") if row["类别"] == "诉求")
        wanted |= {f"{row['记录编号']}-{row['序号']}" for row in demands}
    assert wanted == {row[0] for row in demo.ledger("SELECT ticket_id FROM tickets WHERE parent_id IS NULL")}


def test_good_and_bad_rows_make_up_all_rows_of_every_file(demo: Any, records: Any) -> None:
    """Of each import, and all rows are as many as the file has."""
    imports = demo.ledger("SELECT name, n_rows, n_new, n_known, n_bad FROM imports")
    assert [row for row in imports if row[1] != sum(row[2:])] == []
    n_rows = {row[0]: row[1] for row in imports}
    for path in (demo.folder / "inbox" / "visits").iterdir():
        assert n_rows[path.name] == len(records(path, "走访")) + len(records(path, "诉求"))
    everything = {path.name for path in (demo.folder / "inbox").rglob("*.*")}
    assert set(n_rows) == everything


# --- what was planted is found ------------------------------------------------------------------------------------


def test_who_was_planted_is_noticed_and_nobody_else(demo: Any) -> None:
    """Two perfunctory persons of different kinds and the unit that closes without solving; no honest one."""
    rows = demo.ledger("SELECT DISTINCT about, about_id, sign FROM notices WHERE kind = 'perfunctory'")
    truth = demo.truth
    assert set(rows) == {
        ("person", truth["hurried_visitor"]["person_id"], "crowded_hour"),
        ("person", truth["silent_visitor"]["person_id"], "none_share"),
        ("unit", truth["hollow_unit"]["unit_id"], "not_solved"),
    }


def test_who_was_planted_is_never_praised(demo: Any) -> None:
    """Nor the communities of the two persons, once they were noticed."""
    rows = demo.ledger("SELECT number, kind, about_id FROM notices")
    people = dict(demo.ledger("SELECT person_id, unit_id FROM people"))
    noticed = {(number, people.get(about_id, about_id)) for number, kind, about_id in rows if kind == "perfunctory"}
    praised = {(number, about_id) for number, kind, about_id in rows if kind == "praise"}
    assert noticed
    assert praised
    assert not noticed & praised


def test_the_last_dispatch_names_them(demo: Any) -> None:
    """Persons by number only, the unit by its name."""
    page = (demo.folder / "dispatches" / "dispatch-15.html").read_text(encoding="utf-8")
    names = dict(demo.ledger("SELECT unit_id, name FROM units"))
    for planted in ("hurried_visitor", "silent_visitor"):
        assert demo.truth[planted]["person_id"] in page
    assert names[demo.truth["hollow_unit"]["unit_id"]] in page


def test_the_hot_spot_is_named_while_it_is_hot(demo: Any, plain_text: Any) -> None:
    """Community and topic, in a dispatch of one of its weeks, and in none before it."""
    hot = demo.truth["hot_spot"]
    (community,) = {row[0] for row in demo.ledger(f"SELECT name FROM areas WHERE area_id = '{hot['community']}'")}
    topics = {"elder_care": "养老", "roads": "道路交通", "environment": "环境卫生"}
    sentence = f"{community}“{topics[hot['topic_id']]}”"
    pages = {n: plain_text(demo.folder / "dispatches" / f"dispatch-{n:02d}.html") for n in WEEKS}
    named = {n for n, page in pages.items() if sentence in page}
    assert named & set(hot["window"]["weeks"])
    assert min(named) >= min(hot["window"]["weeks"])


def test_the_truth_stands_in_no_input_file(demo: Any, texts: Any) -> None:
    """Neither its words nor anything that marks the planted ones."""
    words = ["planted", "hurried", "silent", "hollow", "hot_spot", "truth", "埋下", "真相"]
    inputs = list((demo.folder / "inbox").rglob("*.*"))
    assert [(name, word) for name, text in texts(inputs) for word in words if word in text] == []


# --- dispatches ---------------------------------------------------------------------------------------------------


def test_there_are_fifteen_dispatches(demo: Any) -> None:
    """Each as a page and as a workbook, one a Monday from 6 March to 12 June 2023."""
    names = {path.name for path in (demo.folder / "dispatches").iterdir()}
    assert names == {f"dispatch-{n:02d}{suffix}" for n in WEEKS for suffix in (".html", ".xlsx")}
    days = [row[0] for row in demo.ledger('SELECT "on" FROM dispatches ORDER BY number')]
    assert (len(days), days[0], days[-1]) == (15, "2023-03-06", "2023-06-12")


@pytest.mark.parametrize("format_", ["html", "xlsx"])
def test_the_dispatch_of_week_5_is_the_same_at_the_end(demo: Any, zoufang: Any, tmp_path: Path, format_: str) -> None:
    """Byte for byte as it was printed in week 5, ten dispatches and thousands of facts ago."""
    out = tmp_path / "again"
    done = zoufang("dispatch", demo.folder, 5, "--out", out, "--format", format_)
    assert done.returncode == 0, done.stderr
    assert out.read_bytes() == (demo.folder / "dispatches" / f"dispatch-05.{format_}").read_bytes()


def test_the_ledger_verifies(demo: Any, zoufang: Any) -> None:
    """Exit code 0, and as many commits as there are."""
    done = zoufang("verify", demo.folder, "--lang", "en")
    ((n_commits,),) = demo.ledger("SELECT count(*) FROM commits")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"in order: {n_commits} commits" in done.stdout


def test_the_same_seed_gives_the_same_street(demo: Any, zoufang: Any, tmp_path: Path) -> None:
    """Every input file and answer byte for byte, and so every figure; the language changes the words alone."""
    out = tmp_path / "again"
    done = zoufang("demo", "--out", out, "--households", 300, "--seed", 7, "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert list(type(demo)(out, done.stdout, "").figures().values()) == list(demo.figures().values())
    assert _digests(out / "inbox") == _digests(demo.folder / "inbox")
    assert json.loads((out / "truth.json").read_text(encoding="utf-8")) == demo.truth


def _digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}


# --- privacy --------------------------------------------------------------------------------------------------------


def private_words(demo: Any, records: Any) -> set[str]:
    """Return every name, address, number and saying of the inputs."""
    inbox = demo.folder / "inbox"
    columns = {"姓名", "电话", "名称", "地址", "来电人", "来信人", "内容", "现场答复"}
    rows = [*records(inbox / "register.xlsx", "人员"), *records(inbox / "register.xlsx", "走访对象")]
    for path in (inbox / "visits").iterdir():
        rows += records(path, "诉求")
    for name in ("hotline.csv", "letters.csv"):
        with (inbox / name).open(encoding="utf-8-sig", newline="") as file:
            rows += csv.DictReader(file)
    return {str(row[column]) for row in rows for column in columns & set(row) if row[column]}


def test_nothing_private_leaves_the_ledger(demo: Any, records: Any, texts: Any) -> None:
    """No name, address, number or saying stands in a dispatch, in a list for the units, or on the screen."""
    words = private_words(demo, records)
    assert len(words) > 1000
    outputs = [*(demo.folder / "dispatches").iterdir(), *(demo.folder / "outbox").iterdir()]
    shown = [*texts(outputs), ("stdout", demo.said), ("stderr", demo.complained)]
    assert len(shown) == 37
    assert [(name, word) for name, text in shown for word in words if word in text] == []


def test_the_demo_says_nothing_on_stderr(demo: Any) -> None:
    """Where that is no terminal there is no progress bar, and nothing to complain about."""
    assert demo.complained == ""
