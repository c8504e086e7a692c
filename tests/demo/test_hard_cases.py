"""The hard cases of casework in the demo, read from its raw facts and its lists; the run refused none of them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

HARD = (
    "split", "pause", "go_on", "ask_extension", "grant_extension", "merge", "strike", "tell", "resume", "send_back",
)  # fmt: skip
ENDED = {"closed", "struck", "withdrawn", "merged"}


def events(demo: Any) -> dict[str, list[dict[str, Any]]]:
    """Return the events of each ticket in their order."""
    columns = ("ticket_id", "version", "event", "status", "on", "remedy", "reason", "reaction", "into", "due_on")
    quoted = ", ".join(f'"{column}"' for column in columns)
    rows = demo.ledger(f"SELECT {quoted} FROM ticket_events ORDER BY ticket_id, version")
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(dict(zip(columns, row, strict=True)))
    return found


@pytest.mark.parametrize("event", HARD)
def test_a_hard_case_occurs(demo: Any, event: str) -> None:
    """In a street of 300 households, once at least."""
    assert demo.ledger(f"SELECT count(*) FROM ticket_events WHERE event = '{event}'")[0][0] > 0


def test_no_split_ticket_is_closed_before_its_parts(demo: Any) -> None:
    """By the order of the commits."""
    ends = dict(demo.ledger("SELECT ticket_id, max(commit_seq * 100000 + ord) FROM ticket_events GROUP BY 1"))
    standing = {ticket_id: steps[-1]["status"] for ticket_id, steps in events(demo).items()}
    families = defaultdict(list)
    for part, parent in demo.ledger("SELECT ticket_id, parent_id FROM tickets WHERE parent_id IS NOT NULL"):
        families[parent].append(part)
    closed = [parent for parent in families if standing[parent] == "closed"]
    assert closed
    for parent in closed:
        assert {standing[part] for part in families[parent]} <= ENDED
        assert max(ends[part] for part in families[parent]) < ends[parent]


def test_whoever_was_struck_or_merged_was_told(demo: Any) -> None:
    """By a step of its own, or together with the ticket that went on; unless that one is not answered yet."""
    standing = events(demo)
    gone = {i: steps for i, steps in standing.items() if steps[-1]["status"] in {"struck", "merged"}}
    assert gone
    for steps in gone.values():
        into = next((step["into"] for step in steps if step["event"] == "merge"), None)
        open_ = into is not None and "feed_back" not in {step["event"] for step in standing[into]}
        assert open_ or steps[-1]["event"] == "tell"


def test_a_pause_moves_the_limit_and_nothing_stays_paused(demo: Any) -> None:
    """The limit after the pause is later than the one before it."""
    paused = [
        (steps[n], steps[n + 1])
        for steps in events(demo).values()
        for n, s in enumerate(steps)
        if s["event"] == "pause"
    ]
    for before, after in paused:
        assert after["event"] == "go_on"
        assert after["due_on"] > before["due_on"]
        assert before["reason"]


def test_reactions_are_of_what_was_not_solved(demo: Any) -> None:
    """Whoever accepts or does not accept was told of a part, or of an explanation."""
    rows = demo.ledger("SELECT DISTINCT remedy FROM ticket_events WHERE reaction IS NOT NULL")
    assert {row[0] for row in rows} <= {"partly", "explained"}
    reactions = {row[0] for row in demo.ledger("SELECT reaction FROM ticket_events WHERE reaction IS NOT NULL")}
    assert {"accepted", "unwilling"} <= reactions


def test_the_common_problem_is_the_planted_hot_spot(demo: Any, records: Any) -> None:
    """Its topic, its community, six tickets or more, and each of them answered in the end."""
    truth = demo.truth["common_problem"]
    (found,) = demo.ledger("SELECT topic_id FROM problems WHERE problem_id = 'PT-1' AND version = 1")
    assert found[0] == truth["topic_id"]
    linked = [row["诉求编号"] for row in records(demo.folder / "outbox" / "problems.xlsx", "关联诉求")]
    rows = demo.ledger("SELECT ticket_id, area_id FROM tickets")
    areas = {area for ticket_id, area in rows if ticket_id in linked}
    assert len(linked) >= 6
    assert {area.partition("-")[0] for area in areas} == {truth["community"]}
    standing = events(demo)
    assert all("feed_back" in {step["event"] for step in standing[i]} for i in linked)


def test_who_called_again_is_in_the_truth_and_some_are_merged(demo: Any) -> None:
    """A merged call is one of the planted pairs."""
    pairs = {tuple(pair) for pair in demo.truth["called_again"]["pairs"]}
    merged = demo.ledger("SELECT ticket_id FROM ticket_events WHERE event = 'merge'")
    assert {row[0] for row in merged} <= {again for again, _ in pairs}
    assert len(pairs) >= len(merged) > 0


def test_at_the_end_every_ticket_has_an_answer_but_the_newest(demo: Any) -> None:
    """What is open was sent out on the last Sunday, or a call-back of the last days has opened it again."""
    for ticket_id, steps in events(demo).items():
        last = steps[-1]
        if last["status"] not in ENDED:
            assert last["event"] in {"route", "revoke"}, ticket_id
            assert last["on"] >= "2023-06-05", ticket_id
