from __future__ import annotations

import csv
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from faultmakers import children, killing

from zoufang import intake

Count = Callable[..., None]
MAX_SECONDS, MAX_MB = 2.0, 300
A_CHILD = 25
"""So many files are read by one process."""

KINDS = (
    "register.xlsx",
    "visits/visits-C01-w01.xlsx",
    "replies/replies-C01.xlsx",
    "callbacks/callbacks-w01.xlsx",
    "hotline.csv",
    "letters.csv",
)


@pytest.fixture
def folder(office: Any) -> Path:
    """A campaign's folder after its first week; beside it, in `second`, a file of each kind for the second."""
    office.fill()
    assert office.run().exit_code == 0
    reply = ("V-2-1", "退回", "2023-03-06", "wangge", "P-3", None, "wrong_unit", None, "不属本单位", *[None] * 5)
    office.book("replies/replies-C01.xlsx", [(intake.REPLIES, [reply])])
    call = ("V-2-1", "2023-03-06", "接通", "是", "是", "P-3", "已修好")
    office.book("callbacks/callbacks-w01.xlsx", [(intake.CALLBACKS, [call])])
    with (office.path / "inbox" / "letters.csv").open("w", encoding="utf-8-sig", newline="") as file:
        letter = ("LT-1", "2023-03-02", "端木丁", "C01-G01", "education", "校车停在路口")
        csv.writer(file).writerows([intake.LETTERS.headers, letter])
    second = office.path.with_name("second")
    for name in KINDS:
        (second / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(office.path / "inbox" / name, second / name)
    for name in ("replies/replies-C01.xlsx", "callbacks/callbacks-w01.xlsx", "letters.csv"):
        (office.path / "inbox" / name).unlink()
    return Path(office.path)


@pytest.mark.often(change=12, faults=1_000, release=20_000)
def test_a_spoilt_file_is_refused_in_our_own_words_or_read(n: int, folder: Path, count: Count) -> None:
    """Whatever a workbook or a CSV holds: our own errors only, nothing written when refused, 2 seconds and 300 MB."""
    outcomes, wrong = Counter[str](), []
    jobs = [(KINDS[number % len(KINDS)], number) for number in range(n)]
    for begin in range(0, n, A_CHILD):
        batch = jobs[begin : begin + A_CHILD]
        code, results = killing.run(children.read_spoilt_files, folder, batch)
        wrong += [f"a process ended with {code} at {batch[len(results)]}"] if len(results) < len(batch) else []
        for job, outcome, seconds, megabytes, written in results:
            outcomes[outcome.partition(":")[0]] += 1
            if outcome.startswith("foreign"):
                wrong.append(f"{job}: {outcome}")
            if seconds > MAX_SECONDS or megabytes > MAX_MB:
                wrong.append(f"{job}: {seconds:.1f} s, {megabytes} MB")
            if written:
                wrong.append(f"{job}: refused, and yet written: {written}")
    assert not wrong, "\n".join(wrong)
    assert outcomes["refused"] > n // 3, "the files were not spoilt"
    assert outcomes["read"], "no file was read to its end"
    count("workbooks and CSV files spoilt", tried=n, found=outcomes["refused"], unit="refused", lost=len(wrong))
