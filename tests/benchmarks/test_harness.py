import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from benchmarks import harness, page, results
from benchmarks.catalogue import BENCHES
from benchmarks.demo import growth
from benchmarks.harness import Bench, Measured, Pair, Side

ROOT = Path(results.__file__).parent


def _bench(name: str = "rules/x", target: str = "<= 2") -> Bench:
    return Bench(name=name, baseline="something plain", target=target, measure=lambda small: Measured((1.0,), 10))


class _Clock:
    """A clock that runs on only while a side works: by as many seconds as the side is told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def side(self, calls: list[str], name: str, seconds: list[float]) -> Side:
        took = iter([9.0, *seconds])  # the first run only warms up

        def run(_: Any) -> str:
            calls.append(name)
            self.now += next(took)
            return "the same"

        return Side(run)


def test_a_ratio_is_our_cost_over_the_baselines_pair_by_pair_and_the_pairs_are_interleaved() -> None:
    """Ours, baseline, ours, baseline; the pair that warms up counts for nothing."""
    clock, calls = _Clock(), list[str]()
    pair = Pair(ours=clock.side(calls, "ours", [2.0, 6.0, 3.0]), baseline=clock.side(calls, "base", [1.0, 2.0, 2.0]))
    assert harness.interleaved(pair, rounds=3, clock=clock) == (2.0, 3.0, 1.5)
    assert calls == ["ours", "base"] * 4


def test_what_makes_ready_and_tidies_up_is_not_timed() -> None:
    """Only the run itself is between the two readings of the clock."""
    clock, tidied = _Clock(), list[str]()

    @contextmanager
    def ready() -> Iterator[str]:
        clock.now += 100
        yield "given"
        clock.now += 1000
        tidied.append("tidied")

    def run(given: str) -> str:
        clock.now += 4
        return given

    pair = Pair(ours=Side(run, ready), baseline=Side(run, ready))
    assert harness.interleaved(pair, rounds=2, clock=clock) == (1.0, 1.0)
    assert len(tidied) == 6


def test_two_ways_that_come_to_different_results_are_not_measured() -> None:
    """A baseline that does something else would prove nothing."""
    with pytest.raises(ValueError, match="different results"):
        harness.interleaved(Pair(ours=Side(lambda _: 1), baseline=Side(lambda _: 2)))


def test_the_ratio_is_the_median_and_the_spread_the_ends_of_the_pairwise_ratios() -> None:
    """Of 1.5, 1.2, 9.0, 1.1 and 1.4 the middle one is 1.4; one outlier moves only the end."""
    measured = Measured(ratios=(1.5, 1.2, 9.0, 1.1, 1.4), n=100)
    assert (measured.ratio, measured.low, measured.high) == (1.4, 1.1, 9.0)


@pytest.mark.parametrize(
    ("ratio", "target", "met"),
    [(2.0, "<= 2", True), (2.01, "<= 2", False), (1.0, "< 1", False), (0.99, "< 1", True), (0.9, "<= 1.11", True)],
)
def test_a_target_is_an_upper_bound(ratio: float, target: str, *, met: bool) -> None:
    """It holds up to the bound, and with `<` below it."""
    assert harness.holds(ratio, target) is met


def test_a_target_that_is_no_upper_bound_is_refused() -> None:
    """There is one direction only."""
    with pytest.raises(KeyError):
        harness.holds(1.0, ">= 0.9")


def test_benchmarks_are_chosen_by_folder_or_by_the_beginning_of_their_name() -> None:
    """No word chooses all; a word that fits none is refused with what there is."""
    there = [_bench("rules/a"), _bench("ingest/a"), _bench("ingest/b")]
    assert [one.name for one in harness.chosen(there, [])] == ["rules/a", "ingest/a", "ingest/b"]
    assert [one.name for one in harness.chosen(there, ["ingest"])] == ["ingest/a", "ingest/b"]
    assert [one.name for one in harness.chosen(there, ["ingest/b", "rules"])] == ["rules/a", "ingest/b"]
    with pytest.raises(ValueError, match=r"'digest'; there are rules/a, ingest/a, ingest/b"):
        harness.chosen(there, ["digest"])


def test_a_row_says_what_was_measured_and_whether_it_holds() -> None:
    """Three significant digits, and exactly the declared fields."""
    row = results.row(_bench(target="<= 1.2"), Measured(ratios=(1.23456, 1.0, 2.0), n=500))
    fields = ["name", "baseline", "ratio", "low", "high", "target", "holds", "n", "versions", "commit"]
    assert list(row) == fields
    assert (row["ratio"], row["low"], row["high"], row["holds"], row["n"]) == (1.23, 1.0, 2.0, False, 500)
    assert row["versions"]["python"]


def test_a_name_that_is_measured_again_has_its_new_row_and_the_others_stay() -> None:
    """Rows are ordered by name, whatever was measured last."""
    old = [{"name": "rules/b", "ratio": 1}, {"name": "figures/a", "ratio": 2}]
    new = [{"name": "rules/b", "ratio": 3}, {"name": "demo/z", "ratio": 4}]
    assert results.merged(old, new) == [
        {"name": "demo/z", "ratio": 4},
        {"name": "figures/a", "ratio": 2},
        {"name": "rules/b", "ratio": 3},
    ]


def test_the_page_keeps_its_words_and_has_only_its_tables_written_anew() -> None:
    """What stood between the markers is gone; a page without a marker is refused."""
    names = ("results", "growth", "steps", "visits")
    blank = "".join(f"before {n}\n<!-- {n}: begin -->\nstale\n<!-- {n}: end -->\n" for n in names) + "after"
    row = results.row(_bench("rules/x", "<= 2"), Measured(ratios=(3.0,), n=12_000)) | {"commit": "abc1234"}
    small = {"households": 1000, "runs": 3, "wall": 9.6, "cpu": 4.0, "peak_mb": 100.4, "steps": {"read": 1.0}}
    large = {"households": 2000, "runs": 1, "wall": 18.0, "cpu": 6.0, "peak_mb": 200.0, "steps": {"read": 3.0}}
    visits = {"visits": 2000, "record": 0.01, "driver": 0.008, "verify": 0.02, "grown_mb": 4.4}
    text = page.filled(blank, [row], [small, large], [visits])
    assert "stale" not in text
    assert text.endswith("after")
    assert "| rules/x | something plain | 3 | 3 to 3 | <= 2 | **no** | 12,000 | abc1234 |\n" in text
    assert "| 1,000 | 10 | 4.0 | 4.00 | 1.00 | 100 | 3 |\n| 2,000 | 18 | 6.0 | 3.00 | 0.75 | 200 | 1 |\n" in text
    assert "| read | 1.00 | 3.00 | 1.50 | 1.50 |\n" in text
    assert "| 2,000 | 0.01 | 5.00 | 0.01 | 0.02 | 10.00 | 4 |\n" in text
    assert page.filled(text, [row], [small, large], [visits]) == text
    with pytest.raises(ValueError, match="markers of growth"):
        page.filled(blank.replace("<!-- growth: end -->", ""), [], [], [])


def _run(households: int, cpu: float, **steps: float) -> growth.Run:
    return {"households": households, "wall": cpu, "cpu": cpu, "peak_mb": 100.0 + cpu, "steps": steps}


def test_the_demo_grows_by_its_cpu_time_per_household_against_each_run_of_the_smallest() -> None:
    """90 s for 30 households are 3 each; 20 and 30 s for 10 are 2 and 3 each."""
    runs = [_run(10, 20.0), _run(20, 50.0), _run(10, 30.0), _run(30, 90.0)]
    assert growth.per_household(runs) == (1.5, 1.0)


def test_each_size_of_the_demo_is_one_row_of_medians_with_its_largest_peak() -> None:
    """Of 2, 9 and 4 s the middle one is 4 s; the most memory that any of the runs took counts."""
    runs = [_run(10, 2.0, read=1.0), _run(10, 9.0, read=3.0), _run(10, 4.0, read=2.0)]
    (row,) = growth.together(runs)
    assert row == {"households": 10, "runs": 3, "wall": 4.0, "cpu": 4.0, "peak_mb": 109.0, "steps": {"read": 2.0}}


def test_the_steepest_step_is_told_between_the_two_largest_sizes_and_short_ones_are_left_out() -> None:
    """Reading went from 2 s for 20 to 6 s for 30: from 0.1 to 0.2 each. Writing is too short to count."""
    runs = [_run(10, 9, read=9, write=0.01), _run(20, 9, read=2, write=0.01), _run(30, 9, read=6, write=0.5)]
    assert growth.steepest(runs) == pytest.approx(2.0)


# --- what is committed ---------------------------------------------------------------------------------------


def test_the_committed_tables_are_those_of_the_committed_measurements() -> None:
    """Nobody mends a figure in the page by hand."""
    text = page.README.read_text(encoding="utf-8")
    assert (
        page.filled(text, results.read(), results.read(ROOT / "growth.json"), results.read(ROOT / "ingest.json"))
        == text
    )


def test_the_committed_results_are_written_as_the_harness_writes_them() -> None:
    """Sorted, each name once, every verdict as its ratio and target say."""
    rows = results.read()
    assert results.RESULTS.read_text(encoding="utf-8") == results.text(rows)
    assert [row["name"] for row in rows] == sorted({row["name"] for row in rows})
    for row in rows:
        assert row["low"] <= row["ratio"] <= row["high"]
        assert row["holds"] is harness.holds(row["ratio"], row["target"])


def test_every_result_stands_in_a_folder_that_exists() -> None:
    """The part of a name before the stroke is a folder of benchmarks."""
    for row in results.read():
        folder, _, name = row["name"].partition("/")
        assert name
        assert (ROOT / folder / "__init__.py").is_file()


def test_every_result_is_of_a_benchmark_that_is_there_and_says_what_that_says() -> None:
    """A benchmark that was renamed, or whose target was moved, is measured again."""
    declared = {bench.name: (bench.baseline, bench.target) for bench in BENCHES}
    assert {row["name"]: (row["baseline"], row["target"]) for row in results.read()} == declared


def test_results_name_no_machine() -> None:
    """No path, no host: the same file may be written anywhere."""
    kept = json.dumps([results.read(), results.read(ROOT / "growth.json")])
    assert "/home" not in kept
    assert "/tmp" not in kept  # noqa: S108 - it is looked for, not used
