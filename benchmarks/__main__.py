"""`python -m benchmarks [NAME ...] [--quick]`: measure, keep what was measured, write the tables anew."""

from __future__ import annotations

import argparse

from benchmarks import page, results
from benchmarks.catalogue import BENCHES
from benchmarks.demo import growth
from benchmarks.harness import chosen
from benchmarks.ingest import growth as visits


def main() -> None:
    """Measure what was asked for, one after another; each is kept as soon as it is there."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="a folder or the beginning of a name; all if none")
    parser.add_argument("--quick", action="store_true", help="small inputs; printed only, nothing is written")
    asked = parser.parse_args()
    try:
        benches = chosen(BENCHES, asked.names)
    except ValueError as error:
        parser.error(str(error))
    for bench in benches:
        row = results.row(bench, bench.measure(asked.quick))
        print(
            f"{row['name']:<32} {row['ratio']:>8g}  ({row['low']:g} to {row['high']:g})  "
            f"{row['target']:<8} {'holds' if row['holds'] else 'DOES NOT HOLD'}  n={row['n']:,}  "
            f"against {row['baseline']}",
            flush=True,
        )
        if not asked.quick:
            results.RESULTS.write_text(results.text(results.merged(results.read(), [row])), encoding="utf-8")
            text = page.README.read_text(encoding="utf-8")
            text = page.filled(text, results.read(), results.read(growth.GROWTH), results.read(visits.GROWTH))
            page.README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
