"""One process that makes small commits until it is told to end; run by :mod:`benchmarks.ingest.commits`."""

from __future__ import annotations

import sys
import time
from contextlib import closing

from benchmarks.street import small
from zoufang.ledger import SqlLedger


def main(place: str, who: str) -> None:
    """Say that it is ready, read until when, commit until then, and say how many commits that were."""
    n = 0
    with closing(SqlLedger.open(place)) as ledger:
        print("ready", flush=True)
        ends = float(sys.stdin.readline())
        while time.time() < ends:
            ledger.commit(small(f"{who}-{n}"))
            n += 1
    print(n)


if __name__ == "__main__":
    main(*sys.argv[1:])
