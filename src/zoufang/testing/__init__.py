"""The kit that plugin authors inherit: strategies, a little street, conformance classes and a state machine.

Needs the extra ``testing``.
"""

from zoufang.testing.histories import Move, histories, live, moves
from zoufang.testing.ledgers import LedgerConformance
from zoufang.testing.machines import SideBySide
from zoufang.testing.player import Answer, Player
from zoufang.testing.servers import NoServerError, new_schema, postgres_programs, start_postgres
from zoufang.testing.stores import KEY, KeyedStores, replay
from zoufang.testing.strategies import chinese, claims, days, names, rosters, targets, tickets, visits
from zoufang.testing.street import SetClock, counted_salts, little_areas, little_people, little_roster, little_units

__all__ = [
    "KEY",
    "Answer",
    "KeyedStores",
    "LedgerConformance",
    "Move",
    "NoServerError",
    "Player",
    "SetClock",
    "SideBySide",
    "chinese",
    "claims",
    "counted_salts",
    "days",
    "histories",
    "little_areas",
    "little_people",
    "little_roster",
    "little_units",
    "live",
    "moves",
    "names",
    "new_schema",
    "postgres_programs",
    "replay",
    "rosters",
    "start_postgres",
    "targets",
    "tickets",
    "visits",
]
