"""What holds after any history whatever: closure, coverage, as of, and replay without plugins.

Expected figures are counted here by plain loops over the raw facts, which share no code with the analysis.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from zoufang.analysis import Window, catalogue, sheet
from zoufang.builtin import core
from zoufang.campaign import Campaign
from zoufang.facts import BY_NAME
from zoufang.intake import load_plan
from zoufang.ledger import Ledger, MemoryLedger
from zoufang.model import CallOutcome, Event, FindingKind, Outcome, Remedy, Source
from zoufang.reports import canonical
from zoufang.sdk import Plugins
from zoufang.testing import KEY, Move, Player, histories, live, replay

some = settings(max_examples=settings().max_examples // 6)
"""Each example is a whole campaign: 16 at each change, 333 in a sweep."""


def raw(ledger: Ledger, table: str) -> list[dict[str, Any]]:
    """Return the rows of a fact table as they were committed, each with its commit."""
    names = BY_NAME[table].names
    return [
        {"commit_seq": commit.seq, **dict(zip(names, row, strict=True))}
        for commit in ledger.commits()
        for row in ledger.facts_of(commit.seq).get(table, ())
    ]


def by_ticket(ledger: Ledger) -> dict[str, list[dict[str, Any]]]:
    """Return the events of each ticket, in the order of their versions."""
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for event in raw(ledger, "ticket_events"):
        found[event["ticket_id"]].append(event)
    return {ticket: sorted(events, key=lambda e: e["version"]) for ticket, events in found.items()}


@some
@given(history=histories())
def test_every_ticket_comes_to_an_end_with_an_answer(new_player: Any, history: list[Move]) -> None:
    """件件有落实、事事有回音: whatever happened, the ordinary steps bring each ticket to an end.

    It is closed, and its person was told; or struck off with a reason; or taken back; or it goes on in another one that
    ends so.
    """
    with new_player() as player:
        live(player, history)
        player.finish()
        tickets = by_ticket(player.campaigns[0].ledger)
        assert set(tickets) == {t["ticket_id"] for t in raw(player.campaigns[0].ledger, "tickets")}
        for ticket_id, events in tickets.items():
            seen = [ticket_id]
            while events[-1]["status"] == "merged":
                (into,) = [event["into"] for event in events if event["event"] == "merge"]
                assert into not in seen, "a merge never comes back to where it began"
                seen.append(into)
                events = tickets[seen[-1]]  # noqa: PLW2901 - the one that goes on speaks for it
            last = events[-1]
            assert last["status"] in {"closed", "struck", "withdrawn"}, ticket_id
            assert last["status"] != "struck" or last["reason"]


@some
@given(history=histories())
def test_nothing_is_closed_before_it_was_fed_back(new_player: Any, history: list[Move]) -> None:
    """Between the last handling and any closing stands a feedback, and two different people turned the keys.

    Versions count from 1 without gaps, and no day goes backwards.
    """
    with new_player() as player:
        live(player, history)
        for events in by_ticket(player.campaigns[0].ledger).values():
            assert [e["version"] for e in events] == list(range(1, len(events) + 1))
            assert [e["on"] for e in events] == sorted(e["on"] for e in events)
            told, applied_by = False, None
            for event in events:
                if event["event"] == "handle":
                    told = False
                    assert event["remedy"] == "resolved" or event["reason"]
                told = told or event["event"] == "feed_back"
                applied_by = event["person_id"] if event["event"] == "apply" else applied_by
                if event["event"] == "close":
                    assert told
                    assert event["person_id"] not in {None, applied_by}


@some
@given(history=histories())
def test_every_target_and_every_routed_ticket_has_exactly_one_lead(new_player: Any, history: list[Move]) -> None:
    """In each round of routing one lead, no unit twice; a ticket's holder is the lead of its last round."""
    with new_player() as player:
        live(player, history)
        ledger = player.campaigns[0].ledger
        rounds: defaultdict[tuple[str, str, int], list[tuple[str, str]]] = defaultdict(list)
        for row in raw(ledger, "assignments"):
            rounds[row["subject"], row["subject_id"], row["round"]].append((row["part"], row["unit_id"]))
        leads: dict[tuple[str, str], tuple[int, str]] = {}
        for (subject, subject_id, number), units in rounds.items():
            (lead,) = [unit for part, unit in units if part == "lead"]
            assert len({unit for _, unit in units}) == len(units)
            leads[subject, subject_id] = max(leads.get((subject, subject_id), (0, "")), (number, lead))
        for target in raw(ledger, "targets"):
            assert ("target", target["target_id"]) in leads
        for ticket_id, events in by_ticket(ledger).items():
            sent = [e for e in events if e["event"] == "route"]
            assert len(sent) == leads.get(("ticket", ticket_id), (0, ""))[0]
            if sent:
                assert sent[-1]["unit_id"] == leads["ticket", ticket_id][1]


@some
@given(history=histories())
def test_no_split_ticket_goes_on_before_its_parts(new_player: Any, history: list[Move]) -> None:
    """By single steps, bulk approval or common problems: after each commit, what went on has no open part.

    Its remedy after such a step is what its closed parts came to together.
    """
    with new_player() as player:
        live(player, history)
        ledger = player.campaigns[0].ledger
        parent = {t["ticket_id"]: t["parent_id"] for t in raw(ledger, "tickets")}
        now: dict[str, dict[str, Any]] = {}
        at_their_end = {"closed", "struck", "withdrawn", "merged"}
        for event in raw(ledger, "ticket_events"):
            was_split = now.get(event["ticket_id"], {}).get("status") == "split"
            now[event["ticket_id"]] = event
            for part, whole in parent.items():
                if whole in now and part in now and now[whole]["status"] != "split":
                    assert now[part]["status"] in at_their_end, (whole, part)
            if was_split and event["event"] == "handle":
                parts = [e for i, e in now.items() if parent[i] == event["ticket_id"] and e["status"] == "closed"]
                came_to = {e["remedy"] for e in parts}
                assert not came_to or event["remedy"] == (came_to.pop() if len(came_to) == 1 else "partly")


@some
@given(history=histories())
def test_no_time_limit_moves_but_by_an_event_of_the_clock(new_player: Any, history: list[Move]) -> None:
    """Sending, returning, splitting, revoking, resuming, the end of a pause and a granted extension; nothing else.

    A second import, an edited note, a refusal, a dispatch or a call-back never moves one.
    """
    moves = {"route", "send_back", "split", "revoke", "resume", "go_on", "grant_extension"}
    with new_player() as player:
        live(player, history)
        for events in by_ticket(player.campaigns[0].ledger).values():
            for before, after in pairwise(events):
                spot = before["event"] == "raise" and after["event"] == "handle"
                assert after["event"] in moves or spot or after["due_on"] == before["due_on"]
                if after["event"] in {"go_on", "grant_extension"}:
                    assert after["due_on"] >= before["due_on"]


@some
@given(history=histories())
def test_the_state_that_was_decided_is_the_state_that_is_read(new_player: Any, history: list[Move]) -> None:
    """Each ticket's last event, as it was recorded, says what the head that is folded from all of them says."""
    with new_player() as player:
        live(player, history)
        campaign = player.campaigns[0]
        tickets = by_ticket(campaign.ledger)
        heads = campaign.heads(tickets)
        for ticket_id, events in tickets.items():
            head, last = heads[ticket_id], events[-1]
            assert (head.version, str(head.status), head.unit_id) == (len(events), last["status"], last["unit_id"])
            assert head.on.isoformat() == last["on"]
            assert (None if head.due_on is None else head.due_on.isoformat()) == last["due_on"]
            assert (None if head.remedy is None else str(head.remedy)) == last["remedy"]
            assert len(head.returned_by) == sum(event["event"] == "send_back" for event in events)
            assert head.revoked == sum(event["event"] == "revoke" for event in events)


def counted(ledger: Ledger) -> dict[str, tuple[int, int]]:
    """Count the three 100% from the raw facts, as the plan declares them (一)."""
    gone = {row["visit_id"] for row in raw(ledger, "replaced_visits")}
    visits = [v for v in raw(ledger, "visits") if v["visit_id"] not in gone]
    targets = {t["target_id"] for t in raw(ledger, "targets")}
    met = [v for v in visits if v["outcome"] == "met"]
    asked = [v for v in met if v["n_findings"] > 0 or v["no_demand"] == 1]
    parts = {t["ticket_id"] for t in raw(ledger, "tickets") if t["parent_id"]}
    last = [events[-1] for ticket_id, events in by_ticket(ledger).items() if ticket_id not in parts]
    due = [e for e in last if e["status"] not in {"struck", "withdrawn", "merged"}]
    told = [e for e in due if e["status"] in {"fed_back", "applied", "closed"}]
    fixed = [e for e in told if e["remedy"] == "resolved"]
    return {
        "visited": (len({v["target_id"] for v in met} & targets), len(targets)),
        "collected": (len(asked), len(met)),
        "rectified": (len(told), len(due)),
        "rectified_resolved": (len(fixed), len(due)),
    }


@some
@given(history=histories())
def test_the_three_goals_are_what_anybody_can_count(new_player: Any, history: list[Move]) -> None:
    """Visited, collected, rectified and fed back at the end: the figures and the counted facts agree."""
    with new_player() as player:
        live(player, history)
        campaign = player.campaigns[0]
        for name, expected in counted(campaign.ledger).items():
            (whole,) = campaign.figures(name)
            assert (whole.n, whole.of) == expected, name
            parts = campaign.figures(name, by=("unit_id",))
            assert (sum(p.n for p in parts), sum(p.of for p in parts)) == expected, name
            assert len(campaign.gap(name)) == whole.of - whole.n


def shown(campaign: Campaign, window: Window, names: list[str]) -> dict[str, Any]:
    """Return every figure of a window, and the gaps of some."""
    whole = sheet(campaign.ledger, catalogue(campaign.plan).values(), window)
    return {"figures": whole, **{name: campaign.gap(name, window) for name in names}}


METRICS = st.lists(st.sampled_from(sorted(catalogue(load_plan("huangtun-2023")))), max_size=3)


@some
@given(before=histories(), after=histories(max_size=12), names=METRICS, in_english=st.booleans())
def test_nothing_that_comes_later_changes_what_was_known(
    new_player: Any, before: list[Move], after: list[Move], names: list[str], *, in_english: bool
) -> None:
    """Figures as of a commit, and every dispatch that was made by then, are the same ever after, byte for byte."""
    language = "en" if in_english else "zh"
    with new_player() as player:
        live(player, before)
        player.pass_days(7)
        player.dispatch()
        campaign = player.campaigns[0]
        then = Window(as_of=campaign.head.seq, to_on=campaign.today)
        figures = shown(campaign, then, names)
        made = campaign.dispatches()
        reports = [canonical(campaign.report(d.week.number, language=language)) for d in made]
        live(player, after)
        assert shown(campaign, then, names) == figures
        assert campaign.dispatches()[: len(made)] == made
        assert [canonical(campaign.report(d.week.number, language=language)) for d in made] == reports


@some
@given(history=histories(), names=METRICS)
def test_any_history_can_be_replayed_without_plugins(new_player: Any, history: list[Move], names: list[str]) -> None:
    """Committed again into another ledger, the chain is the same; read with the core alone, all figures are."""
    with new_player() as player:
        live(player, history)
        campaign = player.campaigns[0]
        assert campaign.verify().ok
        copy = replay(campaign.ledger, MemoryLedger(KEY))
        assert copy.head == campaign.head
        bare = Campaign.open(copy, plugins=Plugins.of(core))
        assert shown(bare, Window(), names) == shown(campaign, Window(), names)
        copy.close()


@some
@given(history=histories())
def test_the_same_history_gives_the_same_chain(new_player: Any, history: list[Move]) -> None:
    """Nothing is drawn from the machine's clock or from chance: played twice, it ends at the same link."""
    heads = []
    for _ in range(2):
        with new_player() as player:
            live(player, history)
            heads.append(player.campaigns[0].head)
    assert heads[0] == heads[1]


def test_the_histories_reach_every_table(new_player: Any) -> None:
    """A walk through all moves by hand fills every table that they can fill, so the tests above test something."""
    with new_player() as player:
        _walk(player)
        ledger = player.campaigns[0].ledger
        empty = {name for name in BY_NAME if not raw(ledger, name)}
        assert empty == {"imports", "import_conflicts", "notices", "work_plans", "key_rotations"}


def _walk(player: Player) -> None:
    for whom, solved in ((0, False), (1, True)):
        player.visit(1, whom, Outcome.MET, [(FindingKind.DEMAND, 3, solved)])
    player.send_again(changed=True)
    player.settle("replace")
    player.raise_ticket(Source.CALL, 0, 1, None)
    player.raise_again(1)
    player.settle("both")
    player.link(0, len(player.tickets) - 1, 1)
    player.handle_problem(0, Remedy.RESOLVED, 0)
    player.raise_ticket(Source.CALL, 0, 1, None)
    player.step(Event.SPLIT, len(player.tickets) - 1, 0, Remedy.RESOLVED, 0)
    player.finish()
    player.pass_days(7)
    player.read_contacts(1)
    player.read_words(0)
    player.find(2)
    player.erase(2)
    player.draw("a")
    for which in range(len(player.tickets)):
        player.call_back(which, CallOutcome.REACHED, solved=False)
    player.dispatch()
