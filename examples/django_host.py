"""A campaign inside a Django program: on Django's own connection, in Django's own transaction.

Run: python examples/django_host.py
"""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import django
from django.conf import settings
from django.db import connection, transaction

from zoufang import Area, Campaign, Person, Role, Roster, Target
from zoufang.ledger import SqlLedger, connection_over
from zoufang.model import AreaLevel

ROSTER = Roster(
    areas=(Area("C01", "青禾社区", AreaLevel.COMMUNITY, parent="370871005"),),
    people=(Person("W-07", "C01", Role.GRID_WORKER),),
    targets=tuple(Target(f"H-{n:03d}", "household", "C01", since_on=date(2023, 3, 1)) for n in range(1, 4)),
)


def ledger(verb: str = "open") -> SqlLedger:
    """Return the ledger on Django's connection, under a prefix of its own beside Django's tables."""
    connection.ensure_connection()
    return getattr(SqlLedger, verb)(connection_over(connection.connection), prefix="zoufang_")


def main() -> None:
    """Begin a campaign, register somebody and take it back, register again and keep it."""
    with transaction.atomic():
        Campaign.create("huangtun-2023", ledger("create"))

    with transaction.atomic():
        done = Campaign.open(ledger()).register(ROSTER)
        print(f"registered {done.n_new} entries in commit {done.receipt.seq}, then the host refuses")
        transaction.set_rollback(True)
    print(f"after Django's rollback: commit {ledger().head.seq}")

    with transaction.atomic():
        Campaign.open(ledger()).register(ROSTER)
    campaign = Campaign.open(ledger())
    print(f"registered again and kept: commit {campaign.head.seq}, {len(campaign.ids('targets'))} targets")
    print(f"in order: {campaign.verify().ok}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        database = {"ENGINE": "django.db.backends.sqlite3", "NAME": Path(folder, "host.sqlite3")}
        settings.configure(DATABASES={"default": database}, USE_TZ=True)
        django.setup()
        main()
        connection.close()
