"""Whatever one value is changed by hand, verify names the first commit that is not as it was written."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from zoufang.cli import main
from zoufang.facts import COMMITS, FACT_TABLES, PRIVATE
from zoufang.ledger import SqlLedger, Verdict

Spoil = Callable[[sqlite3.Connection], object]

COLUMNS = [(t.name, column) for t in FACT_TABLES for column in ("commit_seq", "ord", *t.names)]
HEADER = list(COMMITS.names)


@pytest.fixture
def copy(filled: Path, tmp_path: Path) -> Path:
    """A copy of the small ledger that may be spoilt."""
    return Path(shutil.copy(filled, tmp_path / "ledger.sqlite"))


def spoil(path: Path, change: Spoil) -> None:
    """Change a ledger's file behind its back."""
    with closing(sqlite3.connect(path)) as raw, raw:
        change(raw)


def verdict_of(path: Path) -> Verdict:
    """Open a ledger, check it, close it."""
    ledger = SqlLedger.open(f"sqlite:///{path}")
    try:
        return ledger.verify()
    finally:
        ledger.close()


def other(value: Any) -> Any:
    """Return another value of the same sort; a place that was empty is filled."""
    if value is None:
        return 1
    return value + 1000 if isinstance(value, int) else f"{value}x"


def rows(path: Path, table: str) -> list[dict[str, Any]]:
    """Return a table's rows as they are stored, in their order."""
    with closing(sqlite3.connect(path)) as raw:
        raw.row_factory = sqlite3.Row
        return [dict(row) for row in raw.execute(f'SELECT rowid AS rowid_, * FROM "{table}" ORDER BY 2, 3')]


def referring(path: Path) -> dict[str, int]:
    """Return the first commit that refers to each private text, by the text's commitment."""
    first: dict[str, int] = {}
    for table in FACT_TABLES:
        for row in rows(path, table.name):
            for ref in (row[table.names[place]] for place in table.refs):
                if ref is not None:
                    first[ref] = min(first.get(ref, row["commit_seq"]), row["commit_seq"])
    return first


def changed(path: Path, table: str, row: dict[str, Any], column: str, value: Any) -> Verdict:
    """Return the verdict with one value changed, and put it back."""
    key = "seq" if table == "commits" else "rowid"
    where = row["seq"] if table == "commits" else row["rowid_"]
    at = value if column == "seq" else where
    with closing(sqlite3.connect(path)) as raw:
        with raw:
            raw.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE {key} = ?', (value, where))
        verdict = verdict_of(path)
        with raw:
            raw.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE {key} = ?', (row[column], at))
    return verdict


def named(verdict: Verdict) -> int | None:
    """Return the commit that a verdict names; a verdict that names one also says what is wrong in both languages."""
    if verdict.first_bad is not None:
        assert verdict.problem is not None
        assert verdict.problem.zh
        assert verdict.problem.en
        assert verdict.n_commits == verdict.head.seq < verdict.first_bad or "个人文字" in verdict.problem.zh
    return verdict.first_bad


def test_the_small_ledger_has_rows_in_every_table_and_is_in_order(filled: Path) -> None:
    """Otherwise the tests below would walk past something."""
    assert verdict_of(filled).ok
    for table in (*FACT_TABLES, COMMITS, PRIVATE):
        assert rows(filled, table.name), f"{table.name} is empty"


def test_every_column_holds_a_value_somewhere(filled: Path) -> None:
    """Each column but the rare ones is filled in at least one row, so that changing it means something."""
    empty = {f"{t.name}.{name}" for t in FACT_TABLES for name in t.names if not any_filled(filled, t.name, name)}
    assert empty == {"targets.linked_to", "ticket_events.into", "callbacks.caller_id", "draws.replaces"}


def any_filled(path: Path, table: str, column: str) -> bool:
    """Say whether a column holds something in any row."""
    return any(row[column] is not None for row in rows(path, table))


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=lambda name: name)
def test_any_changed_value_of_a_fact_is_found(copy: Path, table: str, column: str) -> None:
    """In the first and in the last row of its table, verify names the commit that recorded it.

    So too where it is the name of an erased text, which is lost to the eye from then on: the erasure was tampered with,
    not the commit that refers to the text.
    """
    found = rows(copy, table)
    for row in {row["rowid_"]: row for row in (found[0], found[-1])}.values():
        verdict = changed(copy, table, row, column, other(row[column]))
        assert named(verdict) == row["commit_seq"]
    assert verdict_of(copy).ok, "the test put everything back"


@pytest.mark.parametrize("column", HEADER)
def test_any_changed_value_of_a_header_is_found(copy: Path, column: str) -> None:
    """In each of all headers, verify names that very commit."""
    for row in rows(copy, "commits"):
        assert named(changed(copy, "commits", row, column, other(row[column]))) == row["seq"]


@pytest.mark.parametrize("column", PRIVATE.names)
def test_any_changed_private_text_is_found(copy: Path, column: str) -> None:
    """Reference, subject, salt or body: verify names the first commit that refers to it."""
    first = referring(copy)
    erased = {row["ref"] for row in rows(copy, "erased_texts")}
    texts = rows(copy, "private_texts")
    assert erased
    assert {row["ref"] for row in texts} == set(first) - erased
    for row in (texts[0], texts[len(texts) // 2], texts[-1]):
        assert named(changed(copy, "private_texts", row, column, other(row[column]))) == first[row["ref"]]


def test_a_value_that_was_taken_away_is_found(copy: Path) -> None:
    """An emptied cell is a change like any other."""
    row = next(row for row in rows(copy, "ticket_events") if row["due_on"] is not None)
    assert named(changed(copy, "ticket_events", row, "due_on", None)) == row["commit_seq"]


@pytest.mark.parametrize("table", [t.name for t in FACT_TABLES])
def test_a_deleted_row_is_found(copy: Path, table: str) -> None:
    """The first and the last row of each table: verify names the commit that recorded it, also of an erasure."""
    for row in (rows(copy, table)[0], rows(copy, table)[-1]):
        spoilt = Path(shutil.copy(copy, copy.with_name("spoilt.sqlite")))
        spoil(spoilt, lambda raw, row=row: raw.execute(f'DELETE FROM "{table}" WHERE rowid = ?', (row["rowid_"],)))
        assert named(verdict_of(spoilt)) == row["commit_seq"]


@pytest.mark.parametrize("table", [t.name for t in FACT_TABLES])
def test_an_inserted_row_is_found(copy: Path, table: str) -> None:
    """A row put into an old commit, or into none at all, is named by its place."""
    found, columns = rows(copy, table), ["commit_seq", "ord", *next(t.names for t in FACT_TABLES if t.name == table)]
    last = rows(copy, "commits")[-1]["seq"]
    names = ", ".join(f'"{column}"' for column in columns)
    marks = ", ".join("?" * len(columns))
    here = found[0]["commit_seq"]
    for seq, bad in ((here, here), (last + 1, last + 1), (0, 1), (-5, 1), ("x", last + 1)):
        spoilt = Path(shutil.copy(copy, copy.with_name("spoilt.sqlite")))
        values = {c: other(found[0][c]) if c not in {"commit_seq", "ord"} else None for c in columns}
        values.update(commit_seq=seq, ord=len(found) if seq == here else 0)
        insert = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'
        spoil(spoilt, lambda raw, values=values, insert=insert: raw.execute(insert, [values[c] for c in columns]))
        assert named(verdict_of(spoilt)) == bad


def test_two_swapped_rows_are_found(copy: Path) -> None:
    """Two rows of one commit that change places are no longer what was sealed."""
    one, two = rows(copy, "targets")[:2]
    assert one["commit_seq"] == two["commit_seq"]

    def swap(raw: sqlite3.Connection) -> None:
        for row, place in ((one, -1), (two, one["ord"]), (one, two["ord"])):
            raw.execute("UPDATE targets SET ord = ? WHERE rowid = ?", (place, row["rowid_"]))

    spoil(copy, swap)
    assert named(verdict_of(copy)) == one["commit_seq"]


def test_two_swapped_commits_are_found(copy: Path) -> None:
    """Two commits that change numbers, with all their rows: the first of the two is named."""

    def swap(raw: sqlite3.Connection) -> None:
        for before, after in ((4, -4), (5, 4), (-4, 5)):
            raw.execute("UPDATE commits SET seq = ? WHERE seq = ?", (after, before))
            for table in FACT_TABLES:
                raw.execute(f'UPDATE "{table.name}" SET commit_seq = ? WHERE commit_seq = ?', (after, before))

    spoil(copy, swap)
    assert named(verdict_of(copy)) == 4


def test_a_deleted_header_is_found(copy: Path) -> None:
    """Any of them, the last one too, as long as its rows are there."""
    for row in rows(copy, "commits"):
        spoilt = Path(shutil.copy(copy, copy.with_name("spoilt.sqlite")))
        spoil(spoilt, lambda raw, row=row: raw.execute("DELETE FROM commits WHERE seq = ?", (row["seq"],)))
        assert named(verdict_of(spoilt)) == row["seq"]


def test_a_deleted_private_text_is_found(copy: Path) -> None:
    """The first commit that refers to it is named."""
    first = rows(copy, "people")[0]
    spoil(copy, lambda raw: raw.execute("DELETE FROM private_texts WHERE ref = ?", (first["name_ref"],)))
    assert named(verdict_of(copy)) == first["commit_seq"]


def test_a_text_that_is_lost_beside_another_change_is_named_first(copy: Path) -> None:
    """A commit that erases nothing excuses no lost text: whatever else was changed in it, the text's own is named."""
    first, call = rows(copy, "people")[0], rows(copy, "callbacks")[-1]
    assert first["commit_seq"] < call["commit_seq"]
    spoil(copy, lambda raw: raw.execute("DELETE FROM private_texts WHERE ref = ?", (first["name_ref"],)))
    spoil(copy, lambda raw: raw.execute("UPDATE callbacks SET solved = 1 - solved"))
    assert named(verdict_of(copy)) == first["commit_seq"]


def test_an_erasure_that_is_taken_away_whole_is_named(copy: Path) -> None:
    """With its header and its rows gone, the gap is named, not the commit whose texts it had erased."""
    (gone,) = {row["commit_seq"] for row in rows(copy, "erased_texts")}
    assert gone < rows(copy, "commits")[-1]["seq"]

    def take_away(raw: sqlite3.Connection) -> None:
        raw.execute("DELETE FROM commits WHERE seq = ?", (gone,))
        for table in FACT_TABLES:
            raw.execute(f'DELETE FROM "{table.name}" WHERE commit_seq = ?', (gone,))

    spoil(copy, take_away)
    assert named(verdict_of(copy)) == gone


def test_of_several_changes_the_first_is_named(copy: Path) -> None:
    """Whatever is spoilt further on, people are sent to the first bad commit."""
    events = rows(copy, "ticket_events")
    spoil(copy, lambda raw: raw.execute("UPDATE ticket_events SET status = 'closed'"))
    assert named(verdict_of(copy)) == events[0]["commit_seq"]
    spoil(copy, lambda raw: raw.execute("UPDATE private_texts SET body = '改过'"))
    assert named(verdict_of(copy)) == rows(copy, "people")[0]["commit_seq"]


@pytest.fixture
def run() -> Callable[..., Any]:
    """Runs ``zoufang verify`` as a user types it."""
    return lambda path, *words: CliRunner().invoke(main, ["verify", str(path), *words])


def test_the_command_passes_a_good_ledger(filled: Path, run: Callable[..., Any]) -> None:
    """Exit code 0, and the checkpoint."""
    done = run(filled, "--lang", "en")
    assert done.exit_code == 0, done.output
    assert verdict_of(filled).head.code in done.output


@pytest.mark.parametrize(
    ("change", "bad"),
    [
        ("UPDATE visits SET outcome = 'absent' WHERE visit_id = 'V1'", 3),
        ("UPDATE commits SET actor = 'somebody' WHERE seq = 2", 2),
        ("UPDATE plans SET body = body || ' '", 1),
        ("DELETE FROM callbacks", 15),
        ("UPDATE dispatches SET as_of = as_of + 1 WHERE number = 1", 7),
    ],
)
def test_the_command_names_the_first_bad_commit(copy: Path, run: Callable[..., Any], change: str, bad: int) -> None:
    """Exit code 1, and the number of the commit in the sentence, in either language."""
    spoil(copy, lambda raw: raw.execute(change))
    for language, words in (("zh", f"第 {bad} 次提交"), ("en", f"commit {bad} ")):
        done = run(copy, "--lang", language)
        assert done.exit_code == 1
        assert words in done.output
