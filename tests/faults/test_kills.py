from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from itertools import count as numbers
from pathlib import Path
from random import Random
from typing import Any

import pytest
from faultmakers import children, killing
from faultmakers.changes import HOST, audit, change, created, opened

from zoufang.campaign import Campaign
from zoufang.errors import OccupiedError

Count = Callable[..., None]
SIGKILLED = -9

both_stores = pytest.mark.parametrize(
    "store", ["sqlite", pytest.param("postgresql", marks=[pytest.mark.postgres, pytest.mark.faults])]
)


@both_stores
@pytest.mark.often(change=5, faults=100, release=1_000)
def test_an_acknowledged_commit_outlives_kill_9(n: int, store: str, url: str, count: Count) -> None:
    """Whenever the writer is killed, every acknowledged commit is there, no commit in part, and the next goes on."""
    moment = Random(4)
    created(url).close()
    acknowledged: list[str] = []
    lost = broken = 0
    longest = max(0.08, 4 * pace_of(url))
    for number in range(n):
        writer = partial(children.commit_without_end, warm=bool(number % 2))
        acknowledged += killing.kill_after(moment.uniform(0, longest), writer, url, str(number))
        with closing(opened(url)) as ledger:
            found = audit(ledger)
        lost += len(set(acknowledged) - set(found.tokens))
        broken += len(found.broken) + (not found.verified)
    silent = len(set(found.tokens) - set(acknowledged) - {PACING})
    assert len(acknowledged) >= n // 2, "the writers were killed before they wrote anything"
    assert silent <= n, "at most one commit for each kill is kept and not acknowledged"
    count(
        f"kill -9 while committing to {store}",
        tried=n,
        found=len(acknowledged),
        unit="acknowledged",
        lost=lost + broken,
    )


PACING = "pace"


def pace_of(url: str) -> float:
    """Return how long the first commit of somebody who has just opened the ledger takes today, in seconds."""
    with closing(opened(url)) as ledger:
        begin = time.perf_counter()
        ledger.commit(change(PACING))
        return time.perf_counter() - begin


@both_stores
@pytest.mark.often(change=4, faults=100)
def test_a_submission_whose_sender_was_killed_has_one_effect(n: int, store: str, url: str, count: Count) -> None:
    """Killed after the commit and before the acknowledgement: sent again, it is known, and stands there once."""
    created(url).close()
    twice = 0
    for number in range(1, n + 1):
        token = f"s{number}"
        assert killing.run(children.die_unacknowledged, url, token) == (SIGKILLED, [])
        with closing(opened(url)) as ledger:
            again = ledger.commit(change(token, submission_id=token))
            twice += not again.duplicate or ledger.head.seq != number
    with closing(opened(url)) as ledger:
        found = audit(ledger)
    assert found.tokens == tuple(f"s{number}" for number in range(1, n + 1))
    assert found.verified
    count(
        f"killed after the commit to {store}, sent again", tried=n, found=len(found.tokens), unit="effects", lost=twice
    )


@pytest.mark.often(change=41, faults=1)
def test_a_ledger_whose_maker_was_killed_can_be_made(n: int, tmp_path: Path, count: Count) -> None:
    """Killed at any call between making the file and the first commit (every `n`th is tried): made anew, it works."""
    tried = refused = 0
    for at in numbers(1, n):
        path = tmp_path / f"{at}.sqlite"
        url = f"sqlite:///{path}"
        code, _ = killing.run(children.die_making_a_ledger, url, at)
        if code == 0:
            break
        assert code == SIGKILLED
        tried += 1
        with closing(created(url)) as ledger:
            ledger.commit(change("first"))
        with closing(opened(url)) as ledger:
            refused += audit(ledger).tokens != ("first",)
    assert tried * n > 50, "making a ledger has many calls"
    count(
        "killed while a ledger was made, at each call",
        tried=tried,
        found=tried - refused,
        unit="made anew",
        lost=refused,
    )


@pytest.mark.often(change=73, faults=1)
def test_a_campaign_whose_beginning_was_killed_can_be_begun(n: int, tmp_path: Path, count: Count) -> None:
    """Killed at any call of its beginning, a campaign is begun anew, or is there whole and is opened."""
    tried = opened_whole = refused = 0
    for at in numbers(1, n):
        url = f"sqlite:///{tmp_path / f'{at}.sqlite'}"
        code, _ = killing.run(children.die_beginning_a_campaign, url, at)
        if code == 0:
            break
        assert code == SIGKILLED
        tried += 1
        campaign = begun_anew(url)
        opened_whole += campaign is None
        campaign = campaign or Campaign.open(url, plugins=HOST)
        refused += campaign.head.seq != 1 or not campaign.verify().ok
        campaign.close_ledger()
    count(
        "killed while a campaign began, at each call", tried=tried, found=opened_whole, unit="were whole", lost=refused
    )


def begun_anew(url: str) -> Campaign | None:
    """Begin a campaign; None where one is there already."""
    try:
        return Campaign.create("huangtun-2023", url, plugins=HOST)
    except OccupiedError:
        return None


@pytest.mark.often(change=1, faults=25)
def test_a_killed_run_is_made_good_by_the_next(n: int, office: Any, count: Count) -> None:
    """`zoufang run` killed at any moment of its first week: the next run ends as if nothing had happened."""
    office.fill()
    untouched = shutil.copytree(office.path, office.path.with_name("untouched"))
    begin = time.perf_counter()
    assert killing.run(children.run_a_folder, office.path, "2023-03-06") == (0, [children.AT_WORK, "done"])
    whole = time.perf_counter() - begin
    wanted, names = facts_of(office), sorted(office.tree())
    moment, lost, unborn = Random(4), 0, 0
    for _ in range(n):
        shutil.rmtree(office.path)
        shutil.copytree(untouched, office.path)
        killing.kill_after(moment.uniform(0, whole), children.run_a_folder, office.path, "2023-03-06")
        unborn += not (office.path / "ledger.sqlite").exists()
        assert office.run().exit_code == 0
        lost += facts_of(office) != wanted or not set(names) <= set(office.tree())
        lost += office.cli("verify", office.path).exit_code
    count("`zoufang run` killed, then run again", tried=n, found=n - unborn, unit="had begun a ledger", lost=lost)


def facts_of(office: Any) -> list[list[tuple[Any, ...]]]:
    """Return what an import recorded, without the numbers that differ from run to run."""
    asked = ("visit_id, outcome FROM visits", "ticket_id, source FROM tickets", "number, from_on FROM dispatches")
    return [sorted(office.ledger(f"SELECT {columns}")) for columns in (*asked, "ticket_id, status FROM ticket_events")]
