"""From one revision of the schema to the next: each a file here, made with Alembic's operations, and never changed.

The revision that a ledger has stands in its own table of marks, and on a SQLite file of our own in its header as well.
Both are moved in the transaction that changes the tables, so there is no table of Alembic's beside them: it would be a
third mark, and two ledgers in one database would share it.

No other part of the library imports this one, and it loads Alembic only when there is something to migrate.
"""

from zoufang.ledger.migrations.adopting import adopt, differences
from zoufang.ledger.migrations.migrating import Migrated, Outlook, migrate, outlook
from zoufang.ledger.migrations.steps import STEPS, Migration

__all__ = ["STEPS", "Migrated", "Migration", "Outlook", "adopt", "differences", "migrate", "outlook"]
