from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from zoufang.intake import (
    read_callbacks,
    read_calls,
    read_letters,
    read_problems,
    read_register,
    read_replies,
    read_visits,
)
from zoufang.intake.sheets import FINDINGS, REGISTER_FILE, REPLIES, VISITS

TRUTH_WORDS = ("hurried", "silent", "hot_spot", "hollow", "planted", "truth", "perfunctory", "敷衍", "热点")


def _digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((folder / "inbox").rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_files_byte_for_byte(played: Any, play_again: Callable[[int], Path]) -> None:
    """A street can be made again by anybody who knows its seed."""
    first = _digests(played.folder)
    assert _digests(play_again(played.world.seed)) == first
    assert len(first) > 40


def test_another_seed_gives_another_street(played: Any, play_again: Callable[[int], Path]) -> None:
    """No file of two different streets is the same."""
    first, second = _digests(played.folder), _digests(play_again(7))
    assert not {name for name in first.keys() & second.keys() if first[name] == second[name]}


def test_every_workbook_has_the_headers_that_the_office_expects(played: Any) -> None:
    """The first row of each sheet is the row of declared headers."""
    inbox = played.folder / "inbox"
    wanted = [(inbox / "register.xlsx", spec) for spec in REGISTER_FILE.sheets]
    wanted += [(path, spec) for path in (inbox / "visits").iterdir() for spec in (VISITS, FINDINGS)]
    wanted += [(path, REPLIES) for path in (inbox / "replies").iterdir()]
    for path, spec in wanted:
        book = load_workbook(path, read_only=True)
        assert next(book[spec.title].iter_rows(values_only=True)) == spec.headers, path.name
        book.close()


def test_a_week_exports_all_calls_so_far(played: Any, tmp_path: Path) -> None:
    """The hotline's export of week 3 is the beginning of the export of week 4."""
    played.world.write_week(tmp_path, 3)
    third = (tmp_path / "inbox" / "hotline.csv").read_text("utf-8-sig")
    played.world.write_week(tmp_path, 4)
    fourth = (tmp_path / "inbox" / "hotline.csv").read_text("utf-8-sig")
    assert fourth.startswith(third)


def test_weeks_may_be_written_in_any_order(played: Any, tmp_path: Path) -> None:
    """A week's visits do not depend on which weeks were written before."""
    played.world.write_week(tmp_path, 6)
    for path in (tmp_path / "inbox" / "visits").iterdir():
        assert path.read_bytes() == (played.folder / "inbox" / "visits" / path.name).read_bytes()


def test_no_input_file_says_what_is_planted(played: Any) -> None:
    """The files hold the facts of the planted truths but never their names."""
    for path in (played.folder / "inbox").rglob("*.*"):
        if path.suffix == ".csv":
            text = path.read_text("utf-8-sig")
        else:
            book = load_workbook(path, read_only=True)
            cells = (row for page in book for row in page.iter_rows(values_only=True))
            text = " ".join(str(value) for row in cells for value in row)
            book.close()
        assert not [word for word in TRUTH_WORDS if word in text], path.name
    assert not list(played.folder.rglob("*.json"))


def test_every_telephone_number_is_of_the_fictional_block(played: Any) -> None:
    """No number on the register could be dialled by mistake outside the made-up block."""
    rows = [*played.people.values(), *played.targets.values()]
    assert {row["电话"][:6] for row in rows} == {"199000"}
    assert {len(row["电话"]) for row in rows} == {11}


def test_the_ordinary_importers_read_every_file_without_a_bad_row(played: Any) -> None:
    """Strict reading raises at the first bad row; here there is none, and each message that was made known is known."""
    inbox, plan = played.folder / "inbox", played.world.plan
    read_register(inbox / "register.xlsx", plan)
    read_calls(inbox / "hotline.csv", plan)
    read_letters(inbox / "letters.csv", plan)
    known = {message.id for message in plan.messages}
    for path in (inbox / "visits").iterdir():
        visits, _ = read_visits(path, plan)
        assert {message for visit in visits.items for message in visit.made_known} <= known
    for path in (inbox / "replies").iterdir():
        read_replies(path, plan)
    for path in (inbox / "problems").iterdir():
        read_problems(path, plan)
    for path in (inbox / "callbacks").iterdir():
        read_callbacks(path, plan)
