"""What holds for every campaign, whatever happens in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from zoufang.analysis import METRICS, Window, figure, figures, gap, hits, sheet, weekly

FIRST = date(2023, 3, 1)
NEXT = {
    "raised": ("route", "strike", "merge"),
    "routed": ("accept", "send_back", "withdraw"),
    "returned": ("route", "strike"),
    "accepted": ("handle", "withdraw"),
    "handled": ("feed_back",),
    "fed_back": ("apply",),
    "applied": ("close", "refuse"),
    "closed": ("revoke", "callback"),
}
AFTER = {
    "route": "routed", "strike": "struck", "merge": "merged", "accept": "accepted", "send_back": "returned",
    "withdraw": "withdrawn", "handle": "handled", "feed_back": "fed_back", "apply": "applied", "close": "closed",
    "refuse": "accepted", "revoke": "accepted",
}  # fmt: skip
UNITS = ("C1", "C2", "jianshe")
N_TARGETS = 5
SOME = settings.default.max_examples // 4  # each example is a whole campaign; grows with the profile
some_metrics = st.lists(st.sampled_from(sorted(METRICS)), min_size=3, max_size=6, unique=True)

an_op = st.tuples(
    st.sampled_from(["visit", "visit", "ticket", "step", "step", "step", "step", "move", "dispatch"]),
    st.integers(0, 99),
    st.integers(0, 99),
    st.integers(0, 2),
)
Op = tuple[str, int, int, int]


def live(facts: Any, ops: Sequence[Op]) -> None:
    """Play a campaign: the roster is commit 1, and each deed one commit more."""
    for i, community in enumerate(("C1", "C2")):
        facts.area(community, community=community)
        for n in range(i, N_TARGETS, 2):
            facts.target(f"T{n}", ("household", "shop")[n % 3 == 0], community, community)
    on, tickets, rounds, n_dispatch = FIRST, [], {}, 0
    for seq, (what, a, b, days) in enumerate(ops, start=2):
        on += timedelta(days=days)
        if what == "visit":
            outcome = ("met", "met", "absent", "refused")[a % 4]
            facts.visit(
                f"V{seq}", f"T{b % N_TARGETS}", on, outcome, UNITS[a % 2], f"P{b % 3}", seq=seq, no_demand=a % 2
            )
        elif what == "ticket":
            area = (None, "C1", "C2")[a % 3]
            facts.ticket(
                f"K{seq}", ("call", "letter")[a % 2], on, f"topic{b % 3}", seq=seq, area=area, target=f"T{b % 5}"
            )
            facts.event(f"K{seq}", "raise", on, seq=seq)
            tickets.append({"key": f"K{seq}", "status": "raised", "n": 1, "unit": None, "due": None, "remedy": None})
        elif what == "move":
            rounds[b % N_TARGETS] = rounds.get(b % N_TARGETS, 1) + 1
            facts.lead(f"T{b % N_TARGETS}", rounds[b % N_TARGETS], UNITS[a % 3], seq=seq)
        elif what == "dispatch":
            n_dispatch += 1
            facts.put("dispatches", seq, number=n_dispatch, on=on, from_on=FIRST, to_on=on, as_of=seq - 1)
        elif tickets:
            step(facts, tickets[a % len(tickets)], b, on, seq)


def step(facts: Any, ticket: dict[str, Any], choice: int, on: date, seq: int) -> None:
    """Take one ticket one lawful step on, if there is one."""
    may = NEXT.get(ticket["status"])
    if not may:
        return
    event = may[choice % len(may)]
    if event == "callback":
        ticket["calls"] = ticket.get("calls", 0) + 1
        outcome = ("reached", "unreachable")[choice % 3 == 0]
        said = choice // 2 % 2 if outcome == "reached" else None
        facts.callback(
            ticket["key"], ticket["n"], ticket["calls"], on, outcome, seq=seq, solved=said, satisfied=said,
            unit_id=ticket["unit"],
        )  # fmt: skip
        return
    ticket["status"] = AFTER[event]
    ticket["n"] += 1
    if event == "route":
        ticket.update(unit=UNITS[choice % 3], due=on + timedelta(days=3), remedy=None)
    if event == "send_back":
        ticket.update(unit=None, due=None)
    if event == "handle":
        ticket.update(remedy=("resolved", "partly", "explained")[choice % 3])
    facts.event(
        ticket["key"], event, on, seq=seq, unit_id=ticket["unit"], due_on=ticket["due"], remedy=ticket["remedy"]
    )  # fmt: skip


campaigns = st.lists(an_op, min_size=4, max_size=40)


def _all_of(facts: Any, keys: Sequence[str], window: Window) -> Any:
    metrics = [METRICS[key] for key in keys]
    return sheet(facts, metrics, window, ("unit_id",)), [gap(facts, metric, window) for metric in metrics]


@settings(max_examples=SOME)
@given(ops=campaigns, data=st.data())
def test_what_is_recorded_later_changes_no_figure_as_of_earlier(
    new_facts: Any, ops: list[Op], data: st.DataObject
) -> None:
    """Figures and gaps as of a commit are those of the ledger that ended there."""
    n = data.draw(st.integers(0, len(ops)))
    whole, then = new_facts(), new_facts()
    live(whole, ops)
    live(then, ops[:n])
    to_on = data.draw(st.none() | st.integers(0, 30).map(lambda days: FIRST + timedelta(days=days)))
    keys = data.draw(some_metrics)
    assert _all_of(whole, keys, Window(as_of=n + 1, to_on=to_on)) == _all_of(then, keys, Window(to_on=to_on))
    weeks = [(FIRST + timedelta(days=7 * i), FIRST + timedelta(days=7 * i + 6)) for i in range(6)]
    assert weekly(whole, weeks, n + 1) == weekly(then, weeks)


@settings(max_examples=SOME)
@given(ops=campaigns, data=st.data())
def test_numerator_denominator_gap_and_groups_agree(new_facts: Any, ops: list[Op], data: st.DataObject) -> None:
    """Hits are cases; the gap has of − n cases and the hits n; groups add up to the whole, whatever the grain."""
    facts = new_facts()
    live(facts, ops)
    days = st.none() | st.integers(0, 30).map(lambda days: FIRST + timedelta(days=days))
    window = Window(from_on=data.draw(days), to_on=data.draw(days), final=data.draw(st.booleans()))
    chosen = {key: METRICS[key] for key in data.draw(some_metrics)}
    together = sheet(facts, chosen.values(), window).wholes
    for key, metric in chosen.items():
        whole = figure(facts, metric, window)
        assert together[key] == whole
        assert 0 <= whole.n <= whole.of
        assert metric.counts <= (whole.n == whole.of)
        missing, hit = gap(facts, metric, window), hits(facts, metric, window)
        assert (len(missing), len(hit)) == (whole.of - whole.n, whole.n), key
        assert len({*missing, *hit}) == whole.of, f"{key}: a case counts once"
        grain = data.draw(st.sampled_from(metric.grains))
        parts = figures(facts, metric, window, (grain,))
        assert (sum(p.n for p in parts), sum(p.of for p in parts)) == (whole.n, whole.of), (key, grain)


@settings(max_examples=SOME)
@given(ops=campaigns)
def test_the_three_goals_agree_with_plain_counting(new_facts: Any, ops: list[Op]) -> None:
    """Visited, collected, rectified and resolved at the end are what a loop over the raw facts counts."""
    facts = new_facts()
    live(facts, ops)
    t = facts.tables
    visits = facts.select(t.visits.select())
    at = {c.name: i for i, c in enumerate(t.visits.columns)}
    met = [row for row in visits if row[at["outcome"]] == "met"]
    last: dict[str, tuple[int, str, str]] = {}
    e = {c.name: i for i, c in enumerate(t.ticket_events.columns)}
    for row in facts.select(t.ticket_events.select()):
        mine = (row[e["version"]], row[e["status"]], row[e["remedy"]])
        last[row[e["ticket_id"]]] = max(last.get(row[e["ticket_id"]], (0, "", "")), mine, key=lambda one: one[0])
    kept = [one for one in last.values() if one[1] not in {"struck", "withdrawn", "merged"}]
    expected = {
        "visited": (len({row[at["target_id"]] for row in met}), N_TARGETS),
        "collected": (sum(row[at["no_demand"]] for row in met), len(met)),
        "rectified": (sum(one[1] in {"fed_back", "applied", "closed"} for one in kept), len(kept)),
        "resolved": (
            sum(one[1] in {"handled", "fed_back", "applied", "closed"} and one[2] == "resolved" for one in kept),
            len(kept),
        ),
    }
    found = sheet(facts, [METRICS[key] for key in expected], Window()).wholes
    assert {key: (one.n, one.of) for key, one in found.items()} == expected
