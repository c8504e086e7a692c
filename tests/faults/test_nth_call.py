from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from functools import partial
from itertools import count as numbers
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import sqlalchemy as sa
from faultmakers.changes import created
from faultmakers.driver import Calls, fail
from faultmakers.lines import Line
from faultmakers.script import SCENES, Before, befores

from zoufang.errors import ZoufangError

Count = Callable[..., None]
DEAR = {"dispatch": 11}
"""A scene that takes half a second: every eleventh of the calls tried, but where each is to fail once."""

every_scene = pytest.mark.parametrize("scene", [scene.name for scene in SCENES])
WHENS = ("once", "lasting", "after")
every_when = pytest.mark.parametrize("when", WHENS)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Before]:
    """Where each scene begins, on SQLite: the ledger's file is copied before it."""
    folder = tmp_path_factory.mktemp("script")
    path = folder / "ledger.sqlite"
    calls = Calls()
    with calls.between():
        found = befores(f"sqlite:///{path}", lambda name: str(shutil.copy(path, folder / f"{name}.sqlite")), calls)
    assert all(before.then != before.head for before in found.values())
    return found


@every_when
@every_scene
@pytest.mark.often(change=79, faults=1)
def test_a_failing_call_leaves_all_or_nothing(
    scene: str, when: str, n: int, *, files: Mapping[str, Before], tmp_path: Path, count: Count
) -> None:
    """Whichever call fails (every `n`th is tried): our own error, nothing half-written, and the same again succeeds.

    The call fails alone, or with all later ones, or after it was carried out.
    """
    before, wrong = files[scene], list[str]()
    tried = told = 0
    step = n if (n, when) == (1, "once") else n * DEAR.get(scene, 1)
    # Where only some are tried, each scene begins at another one, so that together they are all sorts of calls.
    first = 1 + 29 * (3 * list(files).index(scene) + WHENS.index(when)) % step
    for at in range(first, before.calls + 1, step):
        path = Path(shutil.copy(before.kept, tmp_path / f"{at}.sqlite"))
        calls = Calls()
        with calls.between():
            met, error = tried_once(before, f"sqlite:///{path}", calls, wrong, partial(calls.arm, at, fail, when))
        assert met, "the scene takes fewer calls than before"
        told += error is not None
        if not before.taken_again(f"sqlite:///{path}"):
            wrong.append(f"{at}: not the same when taken again")
        tried += 1
        path.unlink()
    assert not wrong, wrong
    count(f"the Nth call to sqlite fails, {when}", tried=tried, found=told, unit="refusals", lost=len(wrong))


def tried_once(
    before: Before, url: str, fault: Calls | Line, wrong: list[str], arm: Callable[[], None]
) -> tuple[bool, ZoufangError | None]:
    """Let a scene meet a fault; note what is wrong afterwards; return whether it met it, and what was told."""
    campaign = before.campaign(url)
    arm()
    error: ZoufangError | None = None
    try:
        before.scene.act(campaign)
    except ZoufangError as told:
        error = told
    met = fault.met
    fault.disarm()
    if untrue := before.untrue(campaign, error):
        wrong.append(f"{url}: {untrue}")
    campaign.close_ledger()
    return met, error


class Databases:
    """Databases of one server, copied as files are.

    Args:
        server: The server's URL.
    """

    def __init__(self, server: str) -> None:
        self._server, self._made = server, list[str]()
        self._engine = sa.create_engine(server, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")

    def new(self, like: str = "template1") -> str:
        """Make a database that is a copy of another one, which nobody uses; return its name."""
        name = f"z{uuid4().hex[:16]}"
        self._do(f"CREATE DATABASE {name} TEMPLATE {like}")
        self._made.append(name)
        return name

    def url(self, name: str) -> str:
        """Return the URL of a database."""
        return self._server.replace(urlsplit(self._server).path, f"/{name}", 1)

    def drop(self, *names: str) -> None:
        """Take databases away, whoever uses them; all that were made if none is named."""
        for name in names or tuple(self._made):
            self._do(f"DROP DATABASE {name} WITH (FORCE)")
            self._made.remove(name)

    def _do(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.exec_driver_sql(statement)


@pytest.fixture(scope="module")
def databases(postgres_server: str) -> Iterator[Databases]:
    """Databases that are gone at the end of this module."""
    made = Databases(postgres_server)
    yield made
    made.drop()


@pytest.fixture(scope="module")
def kept(databases: Databases) -> Mapping[str, Before]:
    """Where each scene begins, on PostgreSQL."""
    first = databases.new()
    return befores(databases.url(first), lambda name: databases.new(like=first), Calls())


@pytest.mark.postgres
@every_when
@every_scene
@pytest.mark.often(faults=5, release=1)
def test_a_line_lost_at_any_question_leaves_all_or_nothing(
    scene: str, when: str, n: int, *, databases: Databases, kept: Mapping[str, Before], count: Count
) -> None:
    """Wherever the line to PostgreSQL is cut (every `n`th question is tried): the same as with a failing call.

    It is cut once, or there and for good, or after the question was carried out.
    """
    before, wrong = kept[scene], list[str]()
    tried = told = 0
    for at in numbers(1, n * DEAR.get(scene, 1)):
        name = databases.new(like=before.kept)
        with Line(databases.url(name)) as line:
            met, error = tried_once(before, line.url, line, wrong, partial(line.arm, at, when))
        if not met:
            databases.drop(name)
            break
        told += error is not None
        if not before.taken_again(databases.url(name)):
            wrong.append(f"{at}: not the same when taken again")
        tried += 1
        databases.drop(name)
    assert not wrong, wrong
    count(f"the line is lost at the Nth question, {when}", tried=tried, found=told, unit="refusals", lost=len(wrong))


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
