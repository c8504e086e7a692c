"""A router of your own, registered by hand: who leads on which ticket, without installing anything.

Run: python examples/custom_router.py
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from zoufang import Area, Campaign, Plugins, Roster, Ticket, core, hookimpl
from zoufang.facts import latest
from zoufang.intake import plan_text
from zoufang.model import AreaLevel, Claim, Part, Source
from zoufang.sdk import CampaignView, TicketRouter

HARBOUR = "C02"


class Harbour:
    """Whatever is raised in the harbour's community, its own community leads on; elsewhere the plan decides."""

    zoufang_api = "1"
    zoufang_name = "harbour"

    def claims(self, tickets: Sequence[Ticket], view: CampaignView) -> Iterator[Claim]:
        """Claim a batch: one pass, no clock, no input or output."""
        for ticket in tickets:
            if ticket.area_id is not None and view.areas.community_of(ticket.area_id) == HARBOUR:
                yield Claim(ticket.id, view.areas.unit_of(ticket.area_id), Part.LEAD, "harbour", "the harbour's own")

    @hookimpl
    def zoufang_ticket_routers(self) -> list[TicketRouter]:
        """Answer with one router; asked once, when the host is made."""
        return [TicketRouter(name="harbour", route=self.claims)]


def main() -> None:
    """Raise the same demand in two communities, and print who leads on it and by whose rule."""
    with tempfile.TemporaryDirectory() as folder:
        plan = Path(folder, "plan.toml")  # the plan says to whom it listens first
        plan.write_text(plan_text("huangtun-2023").replace("precedence = [", 'precedence = ["harbour", '), "utf-8")
        campaign = Campaign.create(plan, plugins=Plugins.of(core, Harbour()))
    ids = ("C01", HARBOUR)
    campaign.register(Roster(areas=tuple(Area(i, f"{i}社区", AreaLevel.COMMUNITY, "370871005") for i in ids)))
    campaign.raise_tickets(Ticket(f"T-{i}", Source.CALL, f"T-{i}", date(2023, 3, 2), "roads", i) for i in ids)
    campaign.route(on=date(2023, 3, 2))

    a = latest(campaign.ledger.tables.assignments, "subject_id", counter="round")
    leads = sa.select(a.c.subject_id, a.c.unit_id, a.c.rule, a.c.plugin).where(a.c.part == "lead")
    for subject_id, unit_id, rule, plugin in campaign.ledger.select(leads.order_by(a.c.subject_id)):
        print(f"{subject_id}: {unit_id} leads, by {rule} of {plugin}")


if __name__ == "__main__":
    main()
