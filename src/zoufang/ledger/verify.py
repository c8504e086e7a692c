"""Check a whole ledger in one pass: every digest, every link, every commitment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from attrs import astuple

from zoufang.errors import BadValueError
from zoufang.facts import FACT_TABLES, Checkpoint, FactTable
from zoufang.ledger.base import Commit, Verdict
from zoufang.ledger.seal import GENESIS, Outline, body_digest, chunk_digest, chunks, digest_outline, link
from zoufang.typing import Progress, Seq, Text, silent

Rows = Iterator[tuple[Any, ...]]


class Shelf:
    """The rows of one fact table, taken commit by commit.

    Args:
        table: The table.
        rows: ``(commit_seq, ord, *cells)`` in that order.
        key: The seal's.
    """

    def __init__(self, table: FactTable, rows: Iterable[tuple[Any, ...]], key: bytes) -> None:
        self.table = table
        self._key = key
        self._groups = groupby(rows, key=itemgetter(0))
        self._next: tuple[Any, Rows] | None = next(self._groups, None)

    def strays_before(self, seq: int) -> bool:
        """Say whether rows stand in no commit that is left to come."""
        return self._next is not None and self._next[0] != seq and not _after(self._next[0], seq)

    def take(self, seq: int) -> Iterator[tuple[str, int, tuple[str, ...]]]:
        """Yield this table's line of a commit's outline, if the commit has rows in it.

        Raises:
            BadValueError: A cell is not of its column's sort.
            LookupError: The places of the rows are not 0, 1, 2 and so on.
        """
        if self._next is None or self._next[0] != seq:
            return
        n_rows, digests = 0, []
        for chunk in chunks(self._next[1]):
            _, places, *columns = zip(*chunk, strict=True)
            if places != tuple(range(n_rows, n_rows + len(chunk))):
                raise LookupError
            n_rows += len(chunk)
            digests.append(chunk_digest(self.table, tuple(columns), self._key))
        self._next = next(self._groups, None)
        yield self.table.name, n_rows, tuple(digests)

    @property
    def left(self) -> Any:
        """The commit number of the next row, or None."""
        return None if self._next is None else self._next[0]


def _after(number: object, seq: int) -> bool:
    """Say whether a row's number comes after a commit's; what is no number comes last, as SQLite sorts it."""
    return not isinstance(number, (int, float)) or number > seq


def verify(
    commits: Iterable[Commit],
    rows: Mapping[str, Iterable[tuple[Any, ...]]],
    *,
    key: bytes,
    n_commits: int,
    bad_private: Seq | None,
    progress: Progress | None = None,
) -> Verdict:
    """Check commits and rows against each other.

    Args:
        commits: Headers in the order of their numbers.
        rows: By fact table, ``(commit_seq, ord, *cells)`` in that order, as wire values just as they are stored.
        key: The seal's.
        n_commits: How many headers there are, for the progress.
        bad_private: The first commit that refers to a private text which does not match, if any.
        progress: Shows how far it is.

    Returns:
        The verdict, with the first bad commit if there is one.
    """
    shelves = [Shelf(table, rows.get(table.name, ()), key) for table in FACT_TABLES]
    head, n_facts = GENESIS, 0
    bad: tuple[Seq, Text] | None = None
    for commit in (progress or silent)(commits, label="verify", total=n_commits):
        problem = _check(commit, head, shelves)
        if problem is not None:
            bad = (Seq(head.seq + 1), problem)
            break
        head = Checkpoint(seq=commit.seq, chain=commit.chain)
        n_facts += commit.n_facts
    if bad is None:
        bad = _strays(head, shelves)
    if bad_private is not None and (bad is None or bad_private < bad[0]):
        bad = (bad_private, Text(zh="所指的个人文字与其承诺值不符", en="a private text does not match its commitment"))
    if bad is None:
        return Verdict(n_commits=head.seq, n_facts=n_facts, head=head)
    return Verdict(n_commits=head.seq, n_facts=n_facts, head=head, first_bad=bad[0], problem=bad[1])


def _check(commit: Commit, head: Checkpoint, shelves: Sequence[Shelf]) -> Text | None:
    if commit.seq != head.seq + 1:
        return Text(zh=f"缺少该提交（下一条是 {commit.seq}）", en=f"it is missing (the next one is {commit.seq})")
    for shelf in shelves:
        if shelf.strays_before(commit.seq):
            return _stray(shelf)
    outline: list[tuple[str, int, tuple[str, ...]]] = []
    for shelf in shelves:
        try:
            outline.extend(shelf.take(commit.seq))
        except LookupError:
            name = shelf.table.name
            return Text(zh=f"{name} 的行序不连续", en=f"the places of its rows in {name} are not in order")
        except BadValueError as error:
            return Text(zh=error.said_in("zh"), en=error.said_in("en"))
    return _check_seal(commit, head, tuple(outline))


def _check_seal(commit: Commit, head: Checkpoint, outline: Outline) -> Text | None:
    n_facts = sum(n for _, n, _ in outline)
    if n_facts != commit.n_facts:
        return Text(
            zh=f"应有 {commit.n_facts} 行事实，实有 {n_facts} 行",
            en=f"it should hold {commit.n_facts} facts and holds {n_facts}",
        )
    if digest_outline(outline) != commit.facts_digest:
        return Text(zh="事实内容与其摘要不符", en="its facts do not match their digest")
    if link(head.chain, commit.seq, body_digest(astuple(commit)[1:-1])) != commit.chain:
        return Text(zh="提交头与链不符", en="its header does not match the chain")
    return None


def _stray(shelf: Shelf) -> Text:
    return Text(
        zh=f"{shelf.table.name} 中有不属于任何提交的行", en=f"{shelf.table.name} has rows that belong to no commit"
    )


def _strays(head: Checkpoint, shelves: Sequence[Shelf]) -> tuple[Seq, Text] | None:
    for shelf in shelves:
        if shelf.left is not None:
            return Seq(head.seq + 1), _stray(shelf)
    return None
