"""Check a whole ledger in one pass: every digest, every link, every commitment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from attrs import astuple, frozen

from zoufang.errors import BadValueError
from zoufang.facts import FACT_TABLES, Checkpoint, FactTable
from zoufang.ledger.base import Commit, Verdict
from zoufang.ledger.seal import GENESIS, Outline, body_digest, chunk_digest, chunks, digest_outline, link
from zoufang.typing import Progress, Seq, Text, silent

Rows = Iterator[tuple[Any, ...]]

ERASED = "erased_texts"
"""The table in which a commit names the texts that it erases."""


@frozen
class BadTexts:
    """What is wrong with the private texts, by the first commit that refers to such a one.

    Args:
        unfit: To one that does not match its commitment; or erases one that is there again.
        lost: To one that is not there, and that no erasure names.
    """

    unfit: Seq | None = None
    lost: Seq | None = None


@frozen
class Bad:
    """What is wrong with a commit.

    Args:
        problem: In words.
        erases: True where it may have named erased texts that it does not name any more: texts that are lost are then
            put down to it, not to the commits that refer to them.
    """

    problem: Text
    erases: bool = False


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
    bad_texts: BadTexts,
    progress: Progress | None = None,
) -> Verdict:
    """Check commits and rows against each other.

    Args:
        commits: Headers in the order of their numbers.
        rows: By fact table, ``(commit_seq, ord, *cells)`` in that order, as wire values just as they are stored.
        key: The seal's.
        n_commits: How many headers there are, for the progress.
        bad_texts: What is wrong with the private texts.
        progress: Shows how far it is.

    Returns:
        The verdict, with the first bad commit if there is one.
    """
    shelves = [Shelf(table, rows.get(table.name, ()), key) for table in FACT_TABLES]
    head, n_facts = GENESIS, 0
    bad: Bad | None = None
    for commit in (progress or silent)(commits, label="verify", total=n_commits):
        bad = _check(commit, head, shelves)
        if bad is not None:
            break
        head = Checkpoint(seq=commit.seq, chain=commit.chain)
        n_facts += commit.n_facts
    bad = bad or _strays(shelves)
    found = [] if bad is None else [(Seq(head.seq + 1), bad.problem)]
    if bad_texts.unfit is not None:
        found.append(
            (bad_texts.unfit, Text("所指的个人文字与其承诺值不符", "a private text does not match its commitment"))
        )
    if bad_texts.lost is not None and (bad is None or not bad.erases or bad_texts.lost > head.seq):
        found.append(
            (
                bad_texts.lost,
                Text(
                    "所指的个人文字已不在，也没有删除记录",
                    "a private text is gone, and nothing says that it was erased",
                ),
            )
        )
    if not found:
        return Verdict(n_commits=head.seq, n_facts=n_facts, head=head)
    first, problem = min(found, key=itemgetter(0))
    return Verdict(n_commits=head.seq, n_facts=n_facts, head=head, first_bad=first, problem=problem)


def _check(commit: Commit, head: Checkpoint, shelves: Sequence[Shelf]) -> Bad | None:
    if commit.seq != head.seq + 1:
        return Bad(
            Text(f"缺少该提交（下一条是 {commit.seq}）", f"it is missing (the next one is {commit.seq})"), erases=True
        )
    for shelf in shelves:
        if shelf.strays_before(commit.seq):
            return _stray(shelf)
    outline: list[tuple[str, int, tuple[str, ...]]] = []
    for shelf in shelves:
        name = shelf.table.name
        try:
            outline.extend(shelf.take(commit.seq))
        except LookupError:
            problem = Text(f"{name} 的行序不连续", f"the places of its rows in {name} are not in order")
            return Bad(problem, erases=name == ERASED)
        except BadValueError as error:
            return Bad(Text(error.said_in("zh"), error.said_in("en")), erases=name == ERASED)
    return _check_seal(commit, head, tuple(outline))


def _check_seal(commit: Commit, head: Checkpoint, outline: Outline) -> Bad | None:
    n_facts, erases = sum(n for _, n, _ in outline), any(name == ERASED for name, _, _ in outline)
    if n_facts != commit.n_facts:
        problem = Text(
            f"应有 {commit.n_facts} 行事实，实有 {n_facts} 行",
            f"it should hold {commit.n_facts} facts and holds {n_facts}",
        )
        return Bad(problem, erases=erases or n_facts < commit.n_facts)
    if digest_outline(outline) != commit.facts_digest:
        return Bad(Text("事实内容与其摘要不符", "its facts do not match their digest"), erases)
    if link(head.chain, commit.seq, body_digest(astuple(commit)[1:-1])) != commit.chain:
        return Bad(Text("提交头与链不符", "its header does not match the chain"))
    return None


def _stray(shelf: Shelf) -> Bad:
    name = shelf.table.name
    problem = Text(f"{name} 中有不属于任何提交的行", f"{name} has rows that belong to no commit")
    return Bad(problem, erases=name == ERASED)


def _strays(shelves: Sequence[Shelf]) -> Bad | None:
    return next((_stray(shelf) for shelf in shelves if shelf.left is not None), None)
