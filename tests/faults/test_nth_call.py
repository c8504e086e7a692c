from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing, suppress
from itertools import count as numbers
from pathlib import Path

import pytest
from attrs import frozen
from faultmakers.changes import HOST, created, opened
from faultmakers.driver import Calls, fail
from faultmakers.script import PLAN, SCENES, Salts, Scene

from zoufang.campaign import Campaign
from zoufang.errors import ZoufangError
from zoufang.facts import Checkpoint
from zoufang.intake import load_plan
from zoufang.testing import SetClock

Count = Callable[..., None]
DEAR = {"dispatch": 11}
"""A scene that takes half a second: every eleventh of the calls tried, but where each is to fail once."""


@frozen
class Before:
    """Where a scene begins, and where it ends if nothing fails.

    Args:
        scene: The scene.
        file: The ledger's file.
        clock: What time it is.
        head: Where the ledger stands.
        then: Where it stands afterwards.
    """

    scene: Scene
    file: Path
    clock: SetClock
    head: Checkpoint
    then: Checkpoint

    def campaign(self, path: Path) -> Campaign:
        """Open a ledger as one process would."""
        return Campaign.open(f"sqlite:///{path}", plugins=HOST, clock=self.clock, salt=Salts(1000 * self.head.seq))


@pytest.fixture(scope="module")
def befores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Before]:
    """The whole script without a failure, with the ledger's file kept from before each scene."""
    folder = tmp_path_factory.mktemp("script")
    path, now = folder / "ledger.sqlite", SetClock(load_plan(PLAN))
    Campaign.create(PLAN, f"sqlite:///{path}", plugins=HOST, clock=now, salt=Salts()).close_ledger()
    kept = {}
    for scene in SCENES:
        now.pass_days(scene.days)
        clock = SetClock(load_plan(PLAN))
        clock.now = now.now
        file = Path(shutil.copy(path, folder / f"{scene.name}.sqlite"))
        with closing(opened(f"sqlite:///{path}")) as ledger:
            head = ledger.head
        before = Before(scene, file, clock, head, head)
        campaign = before.campaign(path)
        scene.act(campaign)
        assert campaign.head != head
        kept[scene.name] = Before(scene, file, clock, head, campaign.head)
        campaign.close_ledger()
    return kept


@pytest.mark.often(change=79, faults=1)
@pytest.mark.parametrize("when", ["once", "lasting", "after"])
@pytest.mark.parametrize("scene", [scene.name for scene in SCENES])
def test_a_failing_call_leaves_all_or_nothing(
    scene: str, when: str, n: int, request: pytest.FixtureRequest, count: Count
) -> None:
    """Whichever call fails (every `n`th is tried): our own error, nothing half-written, and the same again succeeds.

    The call fails alone, or with all later ones, or after it was carried out.
    """
    before = request.getfixturevalue("befores")[scene]
    tmp_path = request.getfixturevalue("tmp_path")
    tried = told = 0
    for at in numbers(1, n if (n, when) == (1, "once") else n * DEAR.get(scene, 1)):
        path = tmp_path / f"{at}.sqlite"
        shutil.copy(before.file, path)
        calls = Calls()
        with calls.between():
            campaign = before.campaign(path)
            calls.arm(at, fail, when)
            try:
                before.scene.act(campaign)
            except ZoufangError:
                told += 1
            if not calls.met:
                break
            calls.disarm()
            check_whole(campaign, before)
            campaign.close_ledger()
        take_again(before, path)
        tried += 1
        path.unlink()
    count(f"the Nth call fails, {when}", tried=tried, found=told, unit="refusals", lost=0)


def check_whole(campaign: Campaign, before: Before) -> None:
    """The campaign that met the failure can still be used, and stands where it stood or where the scene ends."""
    verdict = campaign.verify()
    assert verdict.ok, verdict.problem
    assert verdict.head in {before.head, before.then}


def take_again(before: Before, path: Path) -> None:
    """Taken again by another process, the scene leads to the very commits to which it leads without a failure."""
    campaign = before.campaign(path)
    if campaign.head == before.head:
        before.scene.act(campaign)
    else:
        with suppress(ZoufangError):  # a step that was taken may be refused the second time
            before.scene.act(campaign)
    assert campaign.head == before.then
    assert campaign.verify().ok
    campaign.close_ledger()


@pytest.mark.often(change=29, faults=1)
@pytest.mark.parametrize("when", ["once", "lasting"])
def test_a_failing_call_of_making_a_ledger_leaves_room_for_one(when: str, n: int, tmp_path: Path, count: Count) -> None:
    """Whichever call of making a ledger fails: our own error, and the next attempt succeeds in the same place."""
    told = 0
    for at in numbers(1, n):
        url = f"sqlite:///{tmp_path / f'{at}.sqlite'}"
        calls = Calls()
        calls.arm(at, fail, when)
        with calls.between():
            try:
                created(url).close()
            except ZoufangError:
                told += 1
        if not calls.met:
            break
        with closing(created(url)) as ledger:
            assert ledger.verify().ok
    count(f"the Nth call of making a ledger fails, {when}", tried=(at - 1) // n, found=told, unit="refusals", lost=0)
