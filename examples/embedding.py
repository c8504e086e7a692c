"""A whole small campaign in your own program: no files, no folder, the ledger in memory.

Run: python examples/embedding.py
"""

from __future__ import annotations

from datetime import date

from zoufang import Area, CallBack, Campaign, Finding, Person, Role, Roster, Step, Target, Visit
from zoufang.model import AreaLevel, CallOutcome, Channel, FindingKind, Outcome, Remedy

BEGUN = date(2023, 3, 1)


def main() -> None:
    """Register, record, route, handle, feed back, close, call back; then print what can be proved."""
    campaign = Campaign.create("huangtun-2023")
    campaign.register(
        Roster(
            areas=(Area("C01", "青禾社区", AreaLevel.COMMUNITY, parent="370871005"),),
            people=(
                Person("W-07", "C01", Role.GRID_WORKER),
                Person("S-01", "shehui", Role.HANDLER),
                Person("O-01", "wangge", Role.OFFICE),
            ),
            targets=tuple(Target(f"H-{n:03d}", "household", "C01", since_on=BEGUN) for n in range(1, 4)),
        )
    )
    met, absent = (
        Visit(f"V-{n}", f"H-{n:03d}", date(2023, 3, 2), Channel.DOOR, outcome, "W-07", "C01")
        for n, outcome in ((1, Outcome.MET), (2, Outcome.ABSENT))
    )
    campaign.record([met, absent], [Finding("V-1", 1, FindingKind.DEMAND, "medical", said="stays private")])
    campaign.route(on=date(2023, 3, 2))

    (ticket_id,) = campaign.ids("tickets")
    unit_id = campaign.heads([ticket_id])[ticket_id].unit_id
    campaign.accept([Step(ticket_id, date(2023, 3, 3), unit_id)])
    campaign.handle([Step(ticket_id, date(2023, 3, 6), unit_id, remedy=Remedy.RESOLVED)])
    campaign.feed_back([Step(ticket_id, date(2023, 3, 7), unit_id)])
    campaign.apply([Step(ticket_id, date(2023, 3, 7), unit_id, person_id="S-01")])  # the unit's key
    campaign.close([Step(ticket_id, date(2023, 3, 8), person_id="O-01")])  # the office's key
    campaign.draw(on=date(2023, 3, 13), seed="week 2")
    campaign.call_back([CallBack(ticket_id, date(2023, 3, 14), CallOutcome.REACHED, solved=False)])

    head = campaign.heads([ticket_id])[ticket_id]
    print(f"{ticket_id}: led by {unit_id}, called back, not solved, so it is {head.status} again by {head.due_on}")
    for metric in ("visited", "collected", "rectified", "revoked"):
        (figure,) = campaign.figures(metric)
        print(f"{metric}: {figure.n}/{figure.of}, missing: {', '.join(campaign.gap(metric)) or 'none'}")
    verdict = campaign.verify()
    print(f"{verdict.n_commits} commits, {verdict.n_facts} facts, in order: {verdict.ok}")


if __name__ == "__main__":
    main()
