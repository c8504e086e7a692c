"""A whole campaign that never happened: made from a seed, handed over as files."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from random import Random

from attrs import frozen

from zoufang.model import CampaignPlan, Outcome
from zoufang.rules import Week, weeks
from zoufang.simulate import files
from zoufang.simulate.callbacks import CalledBack
from zoufang.simulate.demands import Mood, make_mood
from zoufang.simulate.findable import Happened, as_told
from zoufang.simulate.lists import Span
from zoufang.simulate.mail import CallRow, LetterRow, Mail, same_again
from zoufang.simulate.replies import Units
from zoufang.simulate.rounds import Rounds, VisitRow
from zoufang.simulate.street import Street, build_street, visiting_phase
from zoufang.simulate.truth import Plants, plant
from zoufang.typing import AreaId, TicketId, VisitId

_NOTES = {Outcome.ABSENT: "无人应门，已留联系卡。", Outcome.REFUSED: "不愿接受走访。"}
SMALLEST = 30

ByWeek = dict[int, dict[AreaId, list[VisitRow]]]


@frozen(slots=False)
class World:
    """A made-up street and its campaign, the same from the same seed.

    Args:
        plan: The plan that it follows.
        households: How many households.
        seed: Where all chance comes from.
        weeks: The weeks between dispatches.
        street: Areas, people and targets.
        mood: What people speak of.
        plants: The planted truths.
    """

    plan: CampaignPlan
    households: int
    seed: int
    weeks: tuple[Week, ...]
    street: Street
    mood: Mood
    plants: Plants

    @classmethod
    def make(cls, plan: CampaignPlan, households: int = 3000, seed: int = 2023) -> World:
        """Make up a street and everything that happens in it.

        Args:
            plan: The plan that it follows.
            households: How many households; fewer than 30 count as 30.
            seed: Any whole number; the same number gives the same files, byte for byte.

        Returns:
            The world; nothing is written yet.
        """
        households = max(SMALLEST, households)
        planned = weeks(plan)
        street = build_street(plan, households, Random(f"{seed}/street"))
        mood = make_mood(plan, street, Random(f"{seed}/mood"))
        plants = plant(plan, street, planned, Random(f"{seed}/plants"))
        return cls(plan, households, seed, planned, street, mood, plants)

    # --- what happens ---

    @cached_property
    def visits(self) -> ByWeek:
        """All visits by week and community, by day and hour."""
        rounds = Rounds(self.plan, self.street, self.mood, self.plants, self.seed)
        first = self.weeks[0].from_on
        found: ByWeek = defaultdict(lambda: defaultdict(list))
        for visitor_id in self.street.rounds:
            for row in rounds.of(self.street.person[visitor_id]):
                community = self.street.community_of[row.target.area_id]
                found[(row.on - first).days // 7 + 1][community].append(row)
        for communities in found.values():
            for rows in communities.values():
                rows.sort(key=lambda row: (row.on, row.minute or 0, row.visitor.id, row.target.id))
        return found

    @cached_property
    def _mail(self) -> Mail:
        start = visiting_phase(self.plan).starts_on or self.plan.first_on
        return Mail(self.street, self.mood, self.plants, start, self.weeks[-1].number, self.seed)

    @cached_property
    def calls(self) -> tuple[tuple[CallRow, ...], ...]:
        """The calls of each week."""
        return self._mail.calls(self.weeks)

    @cached_property
    def letters(self) -> tuple[tuple[LetterRow, ...], ...]:
        """The letters of each week."""
        return tuple(map(self._mail.letters, self.weeks))

    # --- what is written ---

    def write_register(self, folder: Path) -> Path:
        """Write ``inbox/register.xlsx``.

        Args:
            folder: The campaign's folder.

        Returns:
            The file.
        """
        return files.write_register(_in(folder, "inbox", "register.xlsx"), self.plan, self.street)

    def write_week(self, folder: Path, number: int) -> tuple[Path, ...]:
        """Write the visits of one week, and export all calls and letters up to its end.

        Args:
            folder: The campaign's folder.
            number: The week's number, from 1.

        Returns:
            The files, visits by community first.
        """
        written = []
        for community, rows in sorted(self.visits.get(number, {}).items()):
            path = _in(folder, "inbox", "visits", f"visits-{community}-w{number:02d}.xlsx")
            named = list(_numbered(community, number, rows))
            written.append(
                files.write_visits(path, self.plan, self._visit_cells(named), self._finding_cells(community, named))
            )
        calls = (row for week in self.calls[:number] for row in week)
        letters = (row for week in self.letters[:number] for row in week)
        written.append(files.write_calls(_in(folder, "inbox", "hotline.csv"), self.plan, calls))
        written.append(files.write_letters(_in(folder, "inbox", "letters.csv"), self.plan, letters))
        return tuple(written)

    def answer(self, folder: Path, number: int, on: date) -> tuple[Path, ...]:
        """Read the outbox as clerks do and write what units and people answered since the last dispatch.

        Args:
            folder: The campaign's folder; its outbox is that of the last dispatch.
            number: The week's number, from 1.
            on: The day of the coming dispatch; no answer is dated after it.

        Returns:
            The files; none for a list that is missing or brings no answer.
        """
        after = max((week.on for week in self.weeks if week.on < on), default=on - timedelta(days=7))
        span = Span(after=after, on=on, last=number >= self.weeks[-1].number)
        outbox = Path(folder) / "outbox"
        units = Units(self.plan, self.street, self.plants, self.seed)
        same = {TicketId(i): tuple(map(TicketId, earlier)) for i, earlier in self._same_until(number).items()}
        decided = units.office.decide(files.read_lists(outbox, self.plan), same, span)
        replies = [*decided.replies, *units.answer(decided, span)]
        listed = files.read_callback_list(outbox / "callback-list.xlsx", self.plan)
        still_closed = [row for row in listed if row.ticket_id not in decided.resumed]
        called = list(CalledBack(self.plan, self.street, self.plants, self.seed).answer(still_closed, span))
        written = []
        if decided.problem_steps:
            path = _in(folder, "inbox", "problems", f"problems-w{number:02d}.xlsx")
            written.append(files.write_problems(path, self.plan, decided.problem_steps))
        if replies:
            path = _in(folder, "inbox", "replies", f"replies-w{number:02d}.xlsx")
            written.append(files.write_replies(path, self.plan, replies))
        if called:
            path = _in(folder, "inbox", "callbacks", f"callbacks-w{number:02d}.xlsx")
            written.append(files.write_callbacks(path, self.plan, called))
        return tuple(written)

    def _same_until(self, number: int) -> dict[str, tuple[str, ...]]:
        """Return who called again about what, as the hotline's export shows it in a week."""
        return same_again([row for week in self.calls[:number] for row in week])

    def write_truth(self, path: Path) -> Path:
        """Write what is planted and how to find it; never beside the inputs.

        Args:
            path: The file, e.g. ``truth.json``.

        Returns:
            The path.
        """
        happened = Happened(
            visits=[row for week in self.visits.values() for rows in week.values() for row in rows],
            calls=[row for week in self.calls for row in week],
            letters=[row for week in self.letters for row in week],
        )
        told = as_told(self.plan, self.street, self.plants, self.weeks, happened)
        told = {"seed": self.seed, "households": self.households, **told}
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        return path

    # --- cells ---

    def _visit_cells(self, named: Sequence[tuple[VisitId, VisitRow]]) -> Iterator[files.Row]:
        known = {kind.id: self._messages_for(kind.id) for kind in self.plan.kinds}
        for visit_id, row in named:
            messages = known[row.target.kind] if row.outcome is Outcome.MET else ()
            start = _turn(visit_id) % len(messages) if messages else 0
            yield (
                visit_id, row.on, row.minute, row.minutes, row.target.id, row.visitor.id, row.visitor.unit_id,
                row.channel, row.outcome, True if row.no_demand else None, messages[start : start + 3],
                _NOTES.get(row.outcome, ""),
            )  # fmt: skip

    def _messages_for(self, kind: str) -> tuple[str, ...]:
        return tuple(m.id for m in self.plan.messages if not m.kinds or kind in m.kinds)

    def _finding_cells(self, community: AreaId, named: Sequence[tuple[VisitId, VisitRow]]) -> Iterator[files.Row]:
        for visit_id, row in named:
            rng = Random(f"{self.seed}/said/{visit_id}") if row.heard else None
            for n, heard in enumerate(row.heard, start=1):
                if rng is None:
                    continue
                said = self.mood.said(heard, community, row.on, rng)
                answer = self.mood.answer(heard, rng) if heard.solved else ""
                yield visit_id, n, heard.kind, heard.topic_id, said, True if heard.solved else None, answer


def _turn(text: str) -> int:
    """Return a number that depends on a text alone, not on the process: whose turn a message is."""
    return sum(map(ord, text))


def _numbered(community: AreaId, number: int, rows: Sequence[VisitRow]) -> Iterator[tuple[VisitId, VisitRow]]:
    for n, row in enumerate(rows, start=1):
        yield VisitId(f"ZF-{community}-{number:02d}-{n:04d}"), row


def _in(folder: Path, *parts: str) -> Path:
    path = Path(folder).joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
