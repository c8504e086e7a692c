"""One process that records so many visits; run by :mod:`benchmarks.ingest.growth`."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks.demo.steps import peak_mb
from benchmarks.ingest.recording import PER_TARGET, connected, frame_of, raw
from benchmarks.results import digits
from benchmarks.street import IN_TIME, opened, registered, roster, visits


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return digits(time.process_time() - began)


def _forget_peak() -> None:
    """Let the largest resident memory be counted from now on, where the system can."""
    reset = Path("/proc/self/clear_refs")
    if reset.exists():
        reset.write_text("5", encoding="ascii")


def main(words: Iterable[str]) -> None:
    """Record, verify, and insert the same by the driver alone; print what it took."""
    folder, size = words
    n = int(size)
    everything = roster(n // PER_TARGET)
    path = registered(Path(folder) / "ledger.sqlite", everything)
    frame = frame_of(visits(everything.targets, n))
    with opened(path, IN_TIME) as campaign:
        _forget_peak()
        before = peak_mb()
        record = _seconds(lambda: campaign.record(frame))
        grown = peak_mb() - before
        verify = _seconds(campaign.verify)
    bare = registered(Path(folder) / "bare.sqlite", everything)
    with connected(path) as connection:
        rows = connection.execute("SELECT * FROM visits ORDER BY commit_seq, ord").fetchall()
    with connected(bare) as other:
        driver = _seconds(lambda: raw(other, rows))
    found = {"visits": n, "record": record, "driver": driver, "verify": verify, "grown_mb": digits(grown)}
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
