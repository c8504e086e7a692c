"""A fact table is read as frames: the same types from every database, in chunks, as of a commit, nothing private."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from zoufang.analysis import dtypes, read_frame, read_frames
from zoufang.analysis.frames import READABLE
from zoufang.builtin import core
from zoufang.campaign import Campaign
from zoufang.errors import BadValueError, UnknownIdError
from zoufang.intake import load_plan
from zoufang.model import CallBack, CallOutcome, Event, Remedy, Step, Ticket
from zoufang.sdk import Plugins
from zoufang.testing import KeyedStores, SetClock, counted_salts, little_roster

PLUGINS = Plugins.of(core, KeyedStores())
SPOKEN, TELEPHONE = "王桂英说路灯不亮", "13900000000"
STORES = ("memory", "sqlite", "postgresql")


def _worked(campaign: Campaign) -> None:
    """Bring two calls from the door to the call-back, with private words in all that may have some."""
    today = campaign.today
    campaign.register(little_roster(campaign.plan))
    given = {"source": "call", "on": today, "topic_id": "roads", "area_id": "C01-G1"}
    campaign.raise_tickets(
        [Ticket(id=f"K{n}", source_id=f"K{n}", said=SPOKEN, contact=TELEPHONE, **given) for n in (1, 2)]
    )
    campaign.route()
    for event, key, more in (
        (Event.ACCEPT, 2, {}),
        (Event.HANDLE, 2, {"remedy": Remedy.EXPLAINED, "reason": "no_funds", "plan_on": date(2023, 6, 30)}),
        (Event.FEED_BACK, 2, {"note": SPOKEN}),
        (Event.APPLY, 2, {}),
        (Event.CLOSE, 1, {}),
    ):
        campaign.reply([(event, Step(f"K{n}", today, person_id=f"P-wangge-{key}", **more)) for n in (1, 2)])
    campaign.draw()
    (drawn, *_) = read_frame(campaign.ledger, "draws")["ticket_id"]
    campaign.call_back([CallBack(drawn, today, CallOutcome.REACHED, solved=True, note=SPOKEN)])


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty ledger of each sort, its key known."""
    if request.param == "postgresql":
        return f"keyed-{request.getfixturevalue('postgres_url')}"
    return "keyed-memory://" if request.param == "memory" else f"keyed-sqlite:///{tmp_path / 'ledger.sqlite'}"


@pytest.fixture
def begun() -> Iterator[Callable[[str], Campaign]]:
    """Begins campaigns without a register."""
    with ExitStack() as stack:

        def make(url: str) -> Campaign:
            clock = SetClock(load_plan("huangtun-2023"))
            campaign = Campaign.create("huangtun-2023", url, plugins=PLUGINS, clock=clock, salt=counted_salts())
            stack.callback(campaign.close_ledger)
            return campaign

        yield make


def _types(frame: pd.DataFrame) -> dict[str, str]:
    """Return the dtypes of a frame by their names, those of texts with what keeps them."""
    kinds = {name: frame[name].dtype for name in frame.columns}
    return {n: f"string[{k.storage}]" if isinstance(k, pd.StringDtype) else str(k) for n, k in kinds.items()}


def test_every_table_has_its_dtypes_full_or_empty_on_every_store(store: str, begun: Callable[[str], Campaign]) -> None:
    """The declared ones, whatever stands in a column: nothing, nulls alone, or both."""
    campaign = begun(store)
    for _ in range(2):
        for table in READABLE:
            frames = list(read_frames(campaign.ledger, table))
            assert [_types(frame) for frame in frames] == [dtypes(table)], table
        _worked(campaign) if not campaign.ids("tickets") else None


def test_three_stores_give_equal_frames(begun: Callable[[str], Campaign], tmp_path: Path, postgres_url: str) -> None:
    """Cell by cell, in every table."""
    urls = ("keyed-memory://", f"keyed-sqlite:///{tmp_path / 'ledger.sqlite'}", f"keyed-{postgres_url}")
    ledgers = [begun(url) for url in urls]
    for campaign in ledgers:
        _worked(campaign)
    for table in READABLE:
        first, *others = (read_frame(campaign.ledger, table) for campaign in ledgers)
        for other in others:
            pd.testing.assert_frame_equal(first, other)


def test_cells_are_what_was_recorded(begun: Callable[[str], Campaign]) -> None:
    """A day is a day, an empty cell is NA, and a commitment is only whether there is one."""
    campaign = begun("keyed-memory://")
    _worked(campaign)
    handled = read_frame(campaign.ledger, "ticket_events").query("event == 'handle'").iloc[0]
    assert (handled["on"], handled["plan_on"]) == (pd.Timestamp(campaign.today), pd.Timestamp("2023-06-30"))
    assert (handled["version"], handled["remedy"], handled["has_note"]) == (4, "explained", False)
    assert handled["minute"] is pd.NA
    fed_back = read_frame(campaign.ledger, "ticket_events").query("event == 'feed_back'")
    assert fed_back["has_note"].tolist() == [True, True]
    commits = read_frame(campaign.ledger, "commits")
    assert commits["seq"].tolist() == list(range(1, len(commits) + 1))
    assert commits["recorded_at"].iloc[0] == pd.Timestamp("2023-02-27 09:00", tz="Asia/Shanghai")


@pytest.mark.parametrize("chunk", [1, 2, 3, 5, 1000])
def test_the_chunks_are_the_whole(store: str, begun: Callable[[str], Campaign], chunk: int) -> None:
    """None is longer than was asked for or lacks a row, whether it divides the table or not."""
    campaign = begun(store)
    _worked(campaign)
    for table in ("ticket_events", "assignments", "commits", "visits"):
        frames = list(read_frames(campaign.ledger, table, chunk=chunk))
        whole = read_frame(campaign.ledger, table)
        assert len(frames) == max(1, -(-len(whole) // chunk))
        assert max(map(len, frames)) <= chunk
        pd.testing.assert_frame_equal(pd.concat(frames, ignore_index=True), whole)


def test_a_table_as_of_a_commit_has_what_was_known_then(store: str, begun: Callable[[str], Campaign]) -> None:
    """Nothing later, though it is there."""
    campaign = begun(store)
    _worked(campaign)
    events = read_frame(campaign.ledger, "ticket_events")
    for seq in range(campaign.head.seq + 1):
        then = read_frame(campaign.ledger, "ticket_events", as_of=seq)
        known = events[events["commit_seq"] <= seq].reset_index(drop=True)
        pd.testing.assert_frame_equal(then, known)
        assert len(read_frame(campaign.ledger, "commits", as_of=seq)) == seq


def test_what_is_recorded_between_two_chunks_is_not_read(begun: Callable[[str], Campaign]) -> None:
    """All chunks are of one moment, that of the first."""
    campaign = begun("keyed-memory://")
    _worked(campaign)
    n = len(read_frame(campaign.ledger, "tickets"))
    frames = read_frames(campaign.ledger, "tickets", chunk=1)
    first = next(frames)
    call = Ticket(id="K9", source="call", source_id="K9", on=campaign.today, topic_id="roads", area_id="C01-G1")
    campaign.raise_tickets([call])
    assert len(first) + sum(map(len, frames)) == n
    assert len(read_frame(campaign.ledger, "tickets")) == n + 1


def test_no_private_text_and_no_commitment_is_ever_read(begun: Callable[[str], Campaign]) -> None:
    """Of 64 hexadecimal digits there are only the seal's own: digests of plans, of facts, and links."""
    campaign = begun("keyed-memory://")
    _worked(campaign)
    told: dict[str, Any] = {table: read_frame(campaign.ledger, table).to_csv() for table in READABLE}
    del told["plans"], told["commits"]
    everything = "\n".join(told.values())
    assert "K1" in everything
    for private in (SPOKEN, TELEPHONE, "_ref"):
        assert private not in everything
    assert not [word for word in everything.replace("\n", ",").split(",") if len(word) == 64]


def test_a_table_that_is_none_is_named(begun: Callable[[str], Campaign]) -> None:
    """With those that are; the side table of private texts is not among them."""
    campaign = begun("keyed-memory://")
    for name in ("visit", "private_texts", "subject_keys"):
        with pytest.raises(UnknownIdError) as refused:
            read_frames(campaign.ledger, name)
        assert (refused.value.id, "visits" in refused.value.known) == (name, True)
    with pytest.raises(BadValueError):
        read_frames(campaign.ledger, "visits", chunk=0)


def _peak(campaign: Campaign, n: int) -> int:
    """Return the most memory that reading a table in chunks of so many rows takes, in bytes."""
    tracemalloc.start()
    try:
        for _ in read_frames(campaign.ledger, "imports", chunk=n):
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_stays_level_however_long_the_table_is(begun: Callable[[str], Campaign], tmp_path: Path) -> None:
    """Ten times as many rows in chunks of 1,000 take hardly more; in one chunk they take many times as much."""
    campaign = begun(f"keyed-sqlite:///{tmp_path / 'ledger.sqlite'}")
    rows = [(f"visits/{n:07d}.xlsx", f"{n:064x}", "visits", n, n, 0, 0) for n in range(20_000)]
    campaign.note_imports(rows[:2_000])
    assert [len(frame) for frame in read_frames(campaign.ledger, "imports", chunk=1_000)] == [1_000, 1_000]
    short = _peak(campaign, 1_000)
    campaign.note_imports(rows[2_000:])
    assert _peak(campaign, 1_000) < 1.2 * short
    assert _peak(campaign, 20_000) > 4 * short
