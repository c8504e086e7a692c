"""Who may do what, as the table that is enforced."""

from __future__ import annotations

from docs.generate import markdown as md
from zoufang.intake.labels import ACTIONS, ROLES
from zoufang.model import Role
from zoufang.rules import ALLOWED

VERBS = {action: label for label, action in ACTIONS.items()}
NAMES = {role: label for label, role in ROLES.items()}


def page() -> str:
    """Return the page of permissions."""
    roles = tuple(Role)
    headers = ("verb", *(f"{role}<br>{NAMES[role]}" for role in roles))
    rows = [
        (f"{md.code(verb)} {VERBS.get(verb, '')}".strip(), *("●" if role in allowed else "" for role in roles))
        for verb, allowed in ALLOWED.items()
    ]
    return md.page(
        "Permissions",
        "Which role may use which verb: plan 五(一). The table is `zoufang.rules.ALLOWED`, and it is asked where a "
        "commit is made, so that no bulk call, import or plugin gets round it. A verb that is not in it may be used by "
        "nobody. Reading is not a verb: whoever can open the ledger's file can read it.",
        md.table(headers, rows),
        "The role is what the calling program says it is: `campaign.acting(Actor(id=..., role=..., unit_id=...))`. "
        "The library authenticates nobody. The table asks for the role only, not whose ticket it is: that a handler "
        "touches only the tickets of the own unit is up to the calling program.",
    )
