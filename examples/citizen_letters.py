"""Citizens' letters from a file that nobody here wrote: the weekly series and the top topics.

Run: python examples/citizen_letters.py path/to/messages_dated.csv
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pandas as pd

from zoufang.intake import load_mapping, read_mapped


def main(path: Path) -> None:
    """Read the letters, then print what was set aside, the last weeks and the top topics."""
    reading = read_mapped(path, load_mapping(Path(__file__).with_name("citizen-letters.toml")))
    good, bad = len(reading.items), len(reading.bad)
    reasons = dict(Counter(row.code for row in reading.bad))
    print(f"{reading.file}: {reading.n_rows} rows = {good} good + {bad} set aside {reasons}")

    letters = pd.DataFrame(
        {
            "on": pd.to_datetime([letter.on for letter in reading.items]),
            "topic": [letter.topic_id for letter in reading.items],
            "likes": [extra["likes"] or 0 for extra in reading.extra],
        }
    )
    weekly = letters.set_index("on").resample("W-SUN").size()
    print("\nletters a week (weeks end on Sunday), the last twelve")
    print(weekly.tail(12).to_string())

    topics = letters.groupby("topic").agg(letters=("on", "size"), likes=("likes", "sum"))
    topics["share"] = (topics["letters"] / len(letters)).map("{:.1%}".format)
    print("\ntop topics")
    print(topics.sort_values("letters", ascending=False).head(8).to_string())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
