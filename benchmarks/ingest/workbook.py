"""Read a workbook of visits, against openpyxl reading the same cells and making nothing of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl

from benchmarks.harness import Pair, Side, compared
from benchmarks.street import PLAN, findings, roster, visits
from zoufang.intake import FINDINGS, VISITS, read_visits
from zoufang.model import Finding, Visit
from zoufang.simulate.files import write_visits


def _cells(made: list[Visit]) -> Iterator[tuple[Any, ...]]:
    for v in made:
        yield (
            v.id, v.on, v.minute, v.minutes, v.target_id, v.visitor_id, v.unit_id, v.channel, v.outcome,
            v.no_demand or None, v.made_known, "",
        )  # fmt: skip


def _heard(heard: list[Finding]) -> Iterator[tuple[Any, ...]]:
    for f in heard:
        yield f.visit_id, f.n, f.kind, f.topic_id, f.said, f.solved or None, f.answer


def _ours(path: Path) -> int:
    went, heard = read_visits(path, PLAN)
    return len(went.items) + len(heard.items)


def _bare(path: Path) -> int:
    """Read all cells of both sheets; return how many rows stand below the headers."""
    with closing(openpyxl.load_workbook(path, read_only=True, data_only=True)) as book:
        firsts = [row[0] for spec in (VISITS, FINDINGS) for row in book[spec.title].iter_rows(values_only=True)]
    return sum(1 for first in firsts if first is not None) - 2


@contextmanager
def _pair(n: int) -> Iterator[Pair]:
    made = visits(roster(n).targets, n)
    with TemporaryDirectory(prefix="zoufang-bench-") as folder:
        path = write_visits(Path(folder) / "visits.xlsx", PLAN, _cells(made), _heard(findings(made)))
        yield Pair(ours=Side(lambda _: _ours(path)), baseline=Side(lambda _: _bare(path)))


WORKBOOK = compared(
    "ingest/read-visits-workbook",
    "openpyxl, read-only, over the same cells",
    "<= 1",
    n=10_000,
    quick=1_000,
    make=_pair,
)
