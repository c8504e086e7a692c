"""A change whose very end failed: nobody knows whether it was kept, until it is sent again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from faultmakers.changes import audit, change, created, opened
from faultmakers.driver import Calls, fail
from faultmakers.lines import Line

from zoufang.errors import InDoubtError, UnreachableError
from zoufang.ledger import SqlLedger

Count = Callable[..., None]
COMMIT = b"COMMIT\0"
"""As the driver asks for it; a level of isolation has the same letters in it."""


@pytest.fixture
def line(postgres_url: str) -> Iterator[Line]:
    """A line to an empty ledger on PostgreSQL."""
    created(postgres_url).close()
    with Line(postgres_url) as line:
        yield line


def sent_again(ledger: SqlLedger, token: str) -> bool:
    """Send the same submission again; return whether it was known."""
    return ledger.commit(change(token, submission_id=token)).duplicate


@pytest.mark.postgres
@pytest.mark.often(change=5, faults=100)
@pytest.mark.parametrize("kept", [True, False], ids=["kept", "not kept"])
def test_a_line_lost_at_the_commit_is_told_as_doubt(n: int, *, kept: bool, line: Line, count: Count) -> None:
    """Cut before COMMIT or before its answer, the error is the same; sent again, the change stands there once."""
    wrong = 0
    with closing(opened(line.url)) as ledger:
        for number in range(n):
            token = f"t{number}"
            line.arm(1, "after" if kept else "once", COMMIT)
            with pytest.raises(InDoubtError) as told:
                ledger.commit(change(token, submission_id=token))
            line.disarm()
            assert told.value.retryable
            wrong += sent_again(ledger, token) is not kept
        found = audit(ledger)
    assert found.tokens == tuple(f"t{number}" for number in range(n))
    assert found.verified
    what = f"the line is lost at the COMMIT, {'which was kept' if kept else 'which was not'}"
    count(what, tried=n, found=len(found.tokens), unit="effects", lost=wrong)


@pytest.mark.postgres
def test_a_line_lost_earlier_has_kept_nothing(line: Line) -> None:
    """Cut at any question before the COMMIT, the error says that the database is not there, and nothing was kept."""
    with closing(opened(line.url)) as ledger:
        ledger.commit(change("first"))
        line.disarm()
        ledger.commit(change("second"))
        before_the_end = line.n - 1
        assert before_the_end > 5
        for at in range(2, before_the_end):
            line.arm(at, "after")
            with pytest.raises(UnreachableError):
                ledger.commit(change("never"))
            line.disarm()
            assert audit(ledger).tokens == ("first", "second")


@pytest.mark.parametrize("kept", [True, False], ids=["kept", "not kept"])
def test_an_unclear_end_on_sqlite_is_told_as_doubt(*, kept: bool, tmp_path: Path) -> None:
    """A COMMIT that says no more than "disk I/O error" may stand in the log; sent again, the change stands once."""
    calls = Calls()
    with calls.between(), closing(created(f"sqlite:///{tmp_path / 'ledger.sqlite'}")) as ledger:
        ledger.commit(change("first"))
        calls.arm(1, fail, "after" if kept else "once", "COMMIT")
        with pytest.raises(InDoubtError) as told:
            ledger.commit(change("t1", submission_id="t1"))
        calls.disarm()
        assert told.value.retryable
        assert audit(ledger).tokens == (("first", "t1") if kept else ("first",))
        assert sent_again(ledger, "t1") is kept
        assert audit(ledger).tokens == ("first", "t1")


def test_what_is_done_together_is_in_doubt_together(tmp_path: Path) -> None:
    """A block whose end is unclear: all of it is there, or nothing."""
    calls = Calls()
    with calls.between(), closing(created(f"sqlite:///{tmp_path / 'ledger.sqlite'}")) as ledger:
        calls.arm(1, fail, "after", "COMMIT")

        def block() -> None:
            with ledger.together():
                for token in ("t1", "t2"):
                    ledger.commit(change(token, submission_id=token))

        with pytest.raises(InDoubtError):
            block()
        calls.disarm()
        assert (sent_again(ledger, "t1"), sent_again(ledger, "t2")) == (True, True)
        assert audit(ledger).tokens == ("t1", "t2")
