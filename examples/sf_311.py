"""Calls to San Francisco's 311 line: impossible rows, the weekly series and the top topics.

Run: python examples/sf_311.py path/to/sf_sample.csv
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pandas as pd

from zoufang.intake import load_mapping, read_mapped


def main(path: Path) -> None:
    """Read the calls, then print what was set aside and why, the last weeks and the top topics."""
    reading = read_mapped(path, load_mapping(Path(__file__).with_name("sf-311.toml")))
    good, bad = len(reading.items), len(reading.bad)
    reasons = dict(Counter(row.code for row in reading.bad))
    print(f"{reading.file}: {reading.n_rows} rows = {good} good + {bad} set aside {reasons}")
    for row in reading.bad[:3]:
        print(f"  row {row.row}, {row.column}: {row.problem.en}")

    calls = pd.DataFrame(
        {
            "on": pd.to_datetime([call.on for call in reading.items]),
            "topic": [call.topic_id for call in reading.items],
            "closed": [extra["closed_at"] is not None for extra in reading.extra],
        }
    )
    weekly = calls.set_index("on").resample("W-SUN").size()
    print("\ncalls a week (weeks end on Sunday), the last twelve")
    print(weekly.tail(12).to_string())

    topics = calls.groupby("topic").agg(calls=("on", "size"), closed=("closed", "mean"))
    topics["closed"] = topics["closed"].map("{:.1%}".format)
    print("\ntop topics and the share that was closed")
    print(topics.sort_values("calls", ascending=False).head(8).to_string())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
