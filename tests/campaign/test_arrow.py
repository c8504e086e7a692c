"""Arrow tables go in at every bulk verb as frames and values do, and nothing becomes an object on the way."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from typing import Any

import attrs
import duckdb
import pandas as pd
import pyarrow as pa
import pytest

from zoufang.errors import BadValueError, DuplicateIdError, MissingColumnError, MissingPackageError, UnknownIdError
from zoufang.model import CallBack, CallOutcome, Remedy, Status, Target, Visit

SPOKEN = "王桂英说路灯不亮"


def as_table(items: Any) -> pa.Table:
    """Return values as an Arrow table with a column for each field, as lists where a field is one."""
    kind = type(items[0])
    return pa.table({field.name: [getattr(item, field.name) for item in items] for field in attrs.fields(kind)})


class Stream:
    """A table of some other library: it offers Arrow's C interface and nothing else."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


def coded(table: pa.Table) -> pa.Table:
    """Return a table whose words are dictionaries of views, as polars keeps categories."""
    columns = {
        name: column.cast(pa.string()).dictionary_encode() if pa.types.is_string(column.type) else column
        for name, column in zip(table.column_names, table.columns, strict=True)
    }
    return pa.table(columns)


def worded(table: pa.Table, kind: pa.DataType) -> pa.Table:
    """Return a table that keeps its words in another way."""
    fields = [(field.name, kind if pa.types.is_string(field.type) else field.type) for field in table.schema]
    return table.cast(pa.schema(fields))


SHAPES: dict[str, Callable[[pa.Table], Any]] = {
    "table": lambda table: table,
    "batch": lambda table: table.combine_chunks().to_batches()[0],
    "reader": lambda table: table.to_reader(),
    "stream": Stream,
    "views": lambda table: worded(table, pa.string_view()),
    "large": lambda table: worded(table, pa.large_string()),
    "codes": coded,
    "duckdb": lambda table: duckdb.connect().from_arrow(table),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_an_arrow_table_records_what_values_record(new_street: Any, shape: str) -> None:
    """The same chain, so the very same facts, from every library that offers Arrow's interface."""
    by_table, by_values = new_street(), new_street()
    made = [
        by_values.visit("V1", minute=600, made_known=("laws", "civility"), no_demand=True),
        by_values.visit("V2", "T-household-2", minutes=5),
    ]
    by_table.campaign.record(SHAPES[shape](as_table(made)))
    by_values.campaign.record(made)
    assert by_table.campaign.head == by_values.campaign.head


@pytest.mark.parametrize("form", [as_table, lambda items: as_table(items).to_pandas()], ids=["arrow", "frame"])
def test_every_bulk_verb_takes_a_table(new_street: Any, form: Callable[[Any], Any]) -> None:
    """From the register to the call-backs: two campaigns with the same chain, one by tables and one by values."""
    by_table, by_values = new_street(), new_street()
    again = [attrs.evolve(t, phone="0531-88880000", tags=("餐饮", "夜市")) for t in _targets()]
    calls = [by_values.call("K1", said=SPOKEN, contact="13900000000"), by_values.call("K2")]
    for street, given in ((by_table, form), (by_values, lambda items: items)):
        campaign = street.campaign
        assert campaign.register(targets=given(again)).n_new == 2
        assert campaign.raise_tickets(given(calls)).n_new == 2
        campaign.route()
        for verb, key, more in (
            (campaign.accept, 2, {}),
            (campaign.handle, 2, {"remedy": Remedy.RESOLVED, "note": SPOKEN}),
            (campaign.feed_back, 2, {}),
            (campaign.apply, 2, {}),
            (campaign.close, 1, {}),
        ):
            assert verb(given([street.step("K1", key, **more), street.step("K2", key, **more)])).n_new == 2
        assert street.status("K1") is Status.CLOSED
        campaign.draw()
        drawn = [row[0] for row in street.rows("draws", "ticket_id")]
        told = [_told(street, ticket_id) for ticket_id in drawn]
        assert campaign.call_back(given(told)).n_new == len(drawn) > 0
    assert by_table.campaign.head == by_values.campaign.head
    assert by_table.campaign.verify().ok


def _targets() -> list[Target]:
    from_on = date(2023, 2, 1)
    return [
        Target(id="T-household-1", kind="household", area_id="C01-G1", since_on=from_on, name="王桂英"),
        Target(id="T-new", kind="household", area_id="C01-G2", since_on=from_on, address="幸福路 1 号"),
    ]


def _told(street: Any, ticket_id: str) -> Any:
    return CallBack(ticket_id, street.today, CallOutcome.REACHED, solved=False, satisfied=True, note=SPOKEN)


def test_replies_of_different_kinds_come_as_one_table(new_street: Any) -> None:
    """With the column `event` beside those of steps; an event that is none is named by its row."""
    by_table, by_values = new_street(), new_street()
    for street in (by_table, by_values):
        street.campaign.raise_tickets([street.call("K1")])
        street.campaign.route()
    step = by_values.step("K1")
    by_values.campaign.reply([("accept", step), ("handle", attrs.evolve(step, remedy="resolved"))])
    table = {"event": ["accept", "handle"], "ticket_id": ["K1"] * 2, "on": [step.on] * 2, "remedy": [None, "resolved"]}
    table["person_id"] = [step.person_id] * 2
    by_table.campaign.reply(pa.table(table))
    assert by_table.campaign.head == by_values.campaign.head
    wrong = pa.table({**table, "event": ["feed_back", SPOKEN]})
    refused = by_table.refuses(BadValueError, lambda: by_table.campaign.reply(wrong))
    assert (refused.what, refused.id) == ("event", "Step row 1")
    by_table.refuses(MissingColumnError, lambda: by_table.campaign.reply(wrong.drop_columns("event")))


def test_no_value_is_made_for_a_row(street: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A visit that cannot be made is recorded all the same: none was."""
    table = as_table([street.visit("V1"), street.visit("V2")])

    def never(self: Visit, *_: Any, **__: Any) -> None:
        raise AssertionError("a value was made")

    monkeypatch.setattr(Visit, "__init__", never)
    assert street.campaign.record(table).n_new == 2


def test_an_empty_cell_takes_the_default(street: Any) -> None:
    """A null means that nothing was given; where something must be, its row is named."""
    table = as_table([street.visit("V1"), street.visit("V2")])
    channel = table.column_names.index("no_demand")
    street.campaign.record(table.set_column(channel, "no_demand", pa.array([None, True])))
    assert street.rows("visits", "no_demand", "minute") == [(0, None), (1, None)]
    place = table.column_names.index("unit_id")
    missing = table.set_column(place, "unit_id", pa.array(["C01", None]))
    assert street.refuses(BadValueError, lambda: street.campaign.record(missing)).id == "Visit row 1"


def test_an_aware_instant_counts_as_its_day_in_the_street(street: Any) -> None:
    """16:30 UTC on Sunday is half past midnight on Monday."""
    table = as_table([street.visit("V1")])
    instants = pd.to_datetime(["2023-02-26 16:30Z"])
    street.campaign.record(table.set_column(table.column_names.index("on"), "on", pa.array(instants)))
    assert street.rows("visits", "on") == [(date(2023, 2, 27),)]


def test_what_is_wrong_with_a_table_is_named_as_with_a_frame(street: Any) -> None:
    """A column that is missing, unknown or there twice; a cell by its row; an array is no table."""
    table = as_table([street.visit("V1"), street.visit("V2")])
    record = street.campaign.record
    street.refuses(MissingColumnError, lambda: record(table.drop_columns("outcome")))
    assert street.refuses(UnknownIdError, lambda: record(table.append_column("minuts", [[1, 2]]))).id == "minuts"
    assert street.refuses(DuplicateIdError, lambda: record(table.append_column("on", table["on"]))).id == "on"
    spoilt = table.set_column(table.column_names.index("outcome"), "outcome", pa.array(["met", SPOKEN]))
    refused = street.refuses(BadValueError, lambda: record(spoilt))
    assert (refused.id, SPOKEN in refused.said_in("zh") + repr(refused)) == ("Visit row 1", False)
    assert street.refuses(BadValueError, lambda: record(table["id"])).what == "table"


def test_without_pyarrow_it_is_said_what_to_install(street: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Frames and values go in without it."""
    visit = street.visit("V1")
    table = as_table([visit])
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    refused = street.refuses(MissingPackageError, lambda: street.campaign.record(table))
    assert (refused.package, refused.extra) == ("pyarrow", "fast")
    assert street.campaign.record([visit]).n_new == 1
