"""Foreign files by declared mappings, on made-up rows and on published data."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest

from zoufang.errors import MappingError, MissingColumnError
from zoufang.intake import load_mapping, read_mapped
from zoufang.model import CampaignPlan, Source

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
MAPPING = """
id = "small"
makes = "calls"
[columns.id]
source = "no"
parse = "id"
[columns.on]
source = "came"
parse = "instant"
formats = ["%Y/%m/%d %H:%M"]
[columns.said]
source = "words"
[columns.topic_id]
source = "words"
default = "other"
[[columns.topic_id.keywords]]
value = "education"
contains_any = ["学校", "老师"]
[columns.area_id]
constant = "C01"
[extra.closed]
source = "done"
parse = "instant"
formats = ["%Y/%m/%d %H:%M"]
[[checks]]
code = "closed_before_created"
column = "closed"
relation = "not_before"
other = "on"
zh = "办结早于来电"
en = "closed before it came"
"""
ROWS = """no,came,done,words
1,2023/3/1 09:30,2023/3/1 10:00,学校太远
2,2023/3/1 09:30,2023/3/1 09:29,老师
3,2023/2/30 09:30,,路灯
4,2023/3/2 00:00,,路灯
4,2023/3/2 00:00,,路灯
,2023/3/2 00:00,,路灯
"""


@pytest.fixture
def declared(tmp_path: Path) -> Path:
    """A folder with a mapping and six rows for it."""
    (tmp_path / "small.toml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "rows.csv").write_text(ROWS, encoding="utf-8")
    return tmp_path


def test_good_and_bad_rows_add_up(declared: Path) -> None:
    """Each row is a ticket or is set aside with its code; none is dropped."""
    reading = read_mapped(declared / "rows.csv", load_mapping(declared / "small.toml"))
    assert [(t.id, t.on, t.topic_id, t.area_id, t.source) for t in reading.items] == [
        ("1", date(2023, 3, 1), "education", "C01", Source.CALL),
        ("4", date(2023, 3, 2), "other", "C01", Source.CALL),
    ]
    assert [extra["closed"] for extra in reading.extra] == [datetime(2023, 3, 1, 10, 0), None]  # noqa: DTZ001 - as the file has it
    assert [(bad.row, bad.column, bad.code) for bad in reading.bad] == [
        (3, "done", "closed_before_created"),
        (4, "came", "bad_day"),
        (6, "no", "duplicate"),
        (7, "no", "missing"),
    ]
    assert reading.n_rows == 6


def test_a_topic_must_be_in_the_plan_that_is_given(declared: Path, plan: CampaignPlan) -> None:
    """With a plan, a topic that it does not have sets the row aside."""
    mapping = load_mapping(declared / "small.toml")
    known = {topic.id for topic in plan.topics}
    reading = read_mapped(declared / "rows.csv", mapping, plan=plan)
    assert {ticket.topic_id for ticket in reading.items} <= known


def test_a_source_column_that_is_not_there_is_named(declared: Path) -> None:
    """The mapping belongs to another file."""
    (declared / "rows.csv").write_text(ROWS.replace("came", "arrived"), encoding="utf-8")
    with pytest.raises(MissingColumnError) as refused:
        read_mapped(declared / "rows.csv", load_mapping(declared / "small.toml"))
    assert refused.value.column == "came"


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('id = "small"', 'id = "small', "$"),
        ('makes = "calls"', 'makes = "visits"', "$.makes"),
        ("[columns.id]", "[columns.number]", "$.columns.id"),
        ('parse = "id"', 'pars = "id"', "$.columns['id']"),
        ('constant = "C01"', "", "$.columns.area_id"),
        ('other = "on"', 'other = "opened"', "$.checks[0]"),
        ("[columns.said]", "[columns.telephone]", "$.columns.telephone"),
        ('parse = "instant"', 'parse = "text"', "$.columns.on.parse"),
    ],
)
def test_a_wrong_mapping_is_refused_at_its_place(old: str, new: str, place: str, declared: Path) -> None:
    """A misspelt entry, an unknown column or a check on nothing is no mapping."""
    path = declared / "small.toml"
    path.write_text(MAPPING.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(MappingError) as refused:
        load_mapping(path)
    assert refused.value.place.startswith(place)


@pytest.mark.published
def test_the_published_calls_add_up(published_data: Path) -> None:
    """Of 10,000 requests, 17 were closed before they were created: set aside, and nothing else is wrong."""
    reading = read_mapped(published_data / "311" / "sf_sample.csv", load_mapping(EXAMPLES / "sf-311.toml"))
    assert (reading.n_rows, len(reading.items), len(reading.extra)) == (10_000, 9_983, 9_983)
    assert Counter(bad.code for bad in reading.bad) == {"closed_before_created": 17}


@pytest.mark.published
def test_the_published_letters_are_all_read(published_data: Path) -> None:
    """4,326 messages from 2017-06 on, each with a number of its own."""
    path = published_data / "citizen-messages" / "messages_dated.csv"
    reading = read_mapped(path, load_mapping(EXAMPLES / "citizen-letters.toml"), strict=True)
    assert (reading.n_rows, len(reading.items)) == (4_326, 4_326)
    assert min(ticket.on for ticket in reading.items) >= date(2017, 6, 1)


@pytest.mark.published
@pytest.mark.parametrize(
    ("script", "file", "line"),
    [
        ("citizen_letters.py", "citizen-messages/messages_dated.csv", "4326 rows = 4326 good + 0 set aside"),
        ("sf_311.py", "311/sf_sample.csv", "10000 rows = 9983 good + 17 set aside"),
    ],
)
def test_the_example_runs(script: str, file: str, line: str, published_data: Path) -> None:
    """Each example prints its sums, a weekly series and the top topics, in at most 60 lines of code."""
    path = EXAMPLES / script
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 60
    command = [sys.executable, str(path), str(published_data / file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")
    assert line in done.stdout
    assert "top topics" in done.stdout
