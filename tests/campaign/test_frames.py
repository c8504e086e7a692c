"""Bulk verbs take a DataFrame with one column per field."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import numpy as np
import pandas as pd
import pytest
from attrs import evolve

from zoufang.errors import BadInputError, BadValueError, DuplicateIdError, MissingColumnError, UnknownIdError
from zoufang.model import Channel, Outcome, Status, Visit

SPOKEN = "王桂英说路灯不亮"


def frame(**columns: list[Any]) -> pd.DataFrame:
    """Return two visits as a frame, with some columns given otherwise."""
    whole: dict[str, list[Any]] = {
        "id": ["V1", "V2"],
        "target_id": ["T-household-1", "T-household-2"],
        "on": ["2023-02-27", "2023-02-27"],
        "channel": ["door", "phone"],
        "outcome": ["met", "absent"],
        "visitor_id": ["P-C01-2", "P-C01-2"],
        "unit_id": ["C01", "C01"],
    }
    return pd.DataFrame({**whole, **columns})


def test_a_frame_records_what_values_record(new_street: Any) -> None:
    """The same chain, so the very same facts."""
    by_frame, by_values = new_street(), new_street()
    by_frame.campaign.record(frame(minute=[600, None], made_known=["laws civility", ""], no_demand=[True, False]))
    by_values.campaign.record(
        [
            by_values.visit("V1", minute=600, made_known=("laws", "civility"), no_demand=True),
            by_values.visit("V2", "T-household-2", channel=Channel.PHONE, outcome=Outcome.ABSENT),
        ]
    )
    assert by_frame.campaign.head == by_values.campaign.head


@pytest.mark.parametrize(
    "days",
    [
        ["2023-02-27", "2023-02-27"],
        [date(2023, 2, 27), datetime(2023, 2, 27, 23, 59)],  # noqa: DTZ001 - as a workbook gives it
        pd.to_datetime(["2023-02-27", "2023-02-27"]),
        np.array(["2023-02-27", "2023-02-27"], dtype="datetime64[ns]"),
        pd.to_datetime(["2023-02-27 00:30", "2023-02-27 23:30"]).tz_localize("Asia/Shanghai"),
        pd.to_datetime(["2023-02-26 16:30Z", "2023-02-27 15:30Z"]),
    ],
    ids=["text", "dates", "timestamps", "numpy", "aware", "utc"],
)
def test_days_come_in_many_shapes(street: Any, days: Any) -> None:
    """As ISO text, dates, timestamps, with a time zone: an aware instant counts as its day in the street."""
    street.campaign.record(frame(on=list(days) if isinstance(days, pd.DatetimeIndex) else days))
    assert street.rows("visits", "on") == [(date(2023, 2, 27),), (date(2023, 2, 27),)]


def test_an_empty_cell_takes_the_default(street: Any) -> None:
    """NaN, NaT, None and pandas' own NA all mean that nothing was given."""
    street.campaign.record(frame(minute=[np.nan, None], minutes=[pd.NA, 15], no_demand=[None, False]))
    assert street.rows("visits", "minute", "minutes", "no_demand") == [(None, None, 0), (None, 15, 0)]


def test_numbers_that_became_floats_are_whole_numbers_again(street: Any) -> None:
    """A column with a gap is a column of floats in pandas; 600.0 is minute 600, 600.5 is nothing."""
    street.campaign.record(frame(minute=pd.Series([600.0, np.nan])))
    assert street.rows("visits", "minute") == [(600,), (None,)]
    street.refuses(BadValueError, lambda: street.campaign.record(frame(id=["V3", "V4"], minute=[600.5, 1])))


def test_findings_tickets_steps_and_call_backs_come_as_frames_too(street: Any) -> None:
    """Each bulk verb, from the door to closing."""
    findings = pd.DataFrame(
        {"visit_id": ["V1"], "n": [1], "kind": ["demand"], "topic_id": ["roads"], "said": [SPOKEN], "solved": [False]}
    )
    street.campaign.record(frame(), findings)
    call = {"id": ["K1"], "source": ["call"], "source_id": ["K1"], "on": ["2023-02-27"], "topic_id": ["roads"]}
    assert street.campaign.raise_tickets(pd.DataFrame(call)).n_new == 1
    street.campaign.route()
    steps = pd.DataFrame(
        {"ticket_id": ["V1-1", "K1"], "on": "2023-02-27", "person_id": "P-wangge-2", "plan_on": [pd.NaT] * 2}
    )
    for verb in (
        street.campaign.accept,
        lambda some: street.campaign.handle(some.assign(remedy="resolved")),
        street.campaign.feed_back,
        street.campaign.apply,
        lambda some: street.campaign.close(some.assign(person_id="P-wangge-1")),
    ):
        assert verb(steps).n_new == 2
    assert {street.status("V1-1"), street.status("K1")} == {Status.CLOSED}
    street.campaign.draw()
    drawn = [row[0] for row in street.rows("draws", "ticket_id")]
    calls = pd.DataFrame({"ticket_id": drawn, "on": "2023-02-27", "outcome": "reached", "solved": True})
    assert street.campaign.call_back(calls).n_new == len(drawn) > 0


def test_an_empty_frame_records_nothing(street: Any) -> None:
    """No rows, no commit."""
    head = street.campaign.head
    assert street.campaign.record(frame().iloc[:0]).receipt is None
    assert street.campaign.record([]).receipt is None
    assert street.campaign.head == head


def test_a_missing_column_is_named(street: Any) -> None:
    """With those that were found."""
    refused = street.refuses(MissingColumnError, lambda: street.campaign.record(frame().drop(columns="outcome")))
    assert (refused.column, "target_id" in refused.found) == ("outcome", True)


def test_an_unknown_column_is_named(street: Any) -> None:
    """With those that are known: a misspelt column must not be dropped in silence."""
    refused = street.refuses(UnknownIdError, lambda: street.campaign.record(frame(minuts=[1, 2])))
    assert (refused.id, "minutes" in refused.known) == ("minuts", True)
    street.refuses(BadInputError, lambda: street.campaign.record(frame().set_axis(range(7), axis=1)))


def test_a_column_twice_is_refused(street: Any) -> None:
    """Nobody knows which of the two was meant."""
    twice = pd.concat([frame(), frame()[["outcome"]]], axis=1)
    assert street.refuses(DuplicateIdError, lambda: street.campaign.record(twice)).id == "outcome"


@pytest.mark.parametrize(
    ("column", "cells", "allowed"),
    [
        ("outcome", ["met", SPOKEN], "met, absent, refused, moved, vacant"),
        ("channel", ["door", 3], "door, form, pupil_home, phone"),
        ("on", ["2023-02-27", "2023-02-30"], "a day such as 2023-03-01"),
        ("on", ["2023-02-27", 45000], "a day such as 2023-03-01"),
        ("minute", [1, "十点"], "a whole number"),
        ("minute", [1, np.inf], "a whole number"),
        ("minute", [1, True], "a whole number"),
        ("no_demand", [True, "是"], "yes or no, as True and False or 1 and 0"),
        ("visitor_id", ["P-C01-2", 7], "text"),
        ("made_known", ["laws", 7], "words separated by blanks, or a list of them"),
    ],
)
def test_a_cell_that_is_not_of_its_kind_is_named_by_its_row(
    street: Any, column: str, cells: list[Any], allowed: str
) -> None:
    """What, in which row, and what would be allowed; never what stood in it."""
    spoilt = frame().assign(**{column: pd.Series(cells, dtype=object)})
    refused = street.refuses(BadValueError, lambda: street.campaign.record(spoilt))
    assert (refused.id, refused.allowed) == ("Visit row 1", allowed)
    assert SPOKEN not in refused.said_in("zh") + refused.said_in("en") + repr(refused)


def test_values_of_another_class_are_refused(street: Any) -> None:
    """A ticket among the visits, a dictionary, or text."""
    for wrong in ([street.call("K1")], [{"id": "V1"}], "V1"):
        street.refuses(BadValueError, lambda wrong=wrong: street.campaign.record(wrong))


def test_the_frame_is_left_as_it_was(street: Any) -> None:
    """Nothing that was handed in is changed."""
    given = frame(minute=[1, None])
    before = given.copy(deep=True)
    street.campaign.record(given)
    pd.testing.assert_frame_equal(given, before)


def test_every_field_of_a_visit_may_be_a_column(street: Any) -> None:
    """Also those that have a default."""
    whole = frame(minute=[1, 2], minutes=[3, 4], no_demand=[0, 1], made_known=[["laws"], []])
    assert set(whole.columns) == {a.name for a in Visit.__attrs_attrs__}
    assert street.campaign.record(whole).n_new == 2


@pytest.mark.parametrize(
    ("name", "cell"),
    [("id", 5), ("id", None), ("minute", "5"), ("minute", 600.7), ("minute", True), ("no_demand", "x"), ("on", 3)],
)
def test_a_value_with_a_field_of_another_kind_is_refused_by_its_place(street: Any, name: str, cell: object) -> None:
    """Nothing is rounded, cut or guessed, and what the field held is not repeated."""
    spoilt = evolve(street.visit("V8"), **{name: cell})
    refused = street.refuses(BadValueError, lambda: street.campaign.record([street.visit("V7"), spoilt]))
    assert (refused.what, refused.id) == (name, "Visit item 1")


def test_a_value_may_hold_a_moment_or_a_list(street: Any) -> None:
    """A moment counts as its day on the street, a list of words as words."""
    noon = datetime.combine(street.today, time(12))  # as a program may hold it
    street.campaign.record([evolve(street.visit("V7"), on=noon, made_known=["laws"])])
    assert street.rows("visits", "on", "made_known") == [(street.today, "laws")]


def test_a_cell_that_has_no_hash_is_refused_by_its_place(street: Any) -> None:
    """A dictionary among the channels, a list among the words of a list."""
    for name, cell, good in (("channel", {"a": 1}, "door"), ("made_known", (["a"],), "")):
        spoilt = frame().assign(**{name: pd.Series([cell, good], dtype=object)})
        refused = street.refuses(BadValueError, lambda spoilt=spoilt: street.campaign.record(spoilt))
        assert (refused.what, refused.id) == (name, "Visit row 0")
