"""Who may do what: one table verb by role, enforced where the commit is made."""

from __future__ import annotations

from collections.abc import Mapping

from zoufang.errors import NotAllowedError
from zoufang.model import Actor, Role

R = Role
_OFFICE = frozenset({R.OFFICE, R.LEADER})
_FIELD = frozenset({R.GRID_WORKER, R.SCHOOL_STAFF, R.HANDLER, R.UNIT_LEAD}) | _OFFICE
_UNITS = frozenset({R.HANDLER, R.UNIT_LEAD, R.GRID_WORKER, R.SCHOOL_STAFF}) | _OFFICE

ALLOWED: Mapping[str, frozenset[Role]] = {
    "open": _OFFICE,
    "register": _OFFICE,
    "assign": _OFFICE,
    "record": _FIELD,
    "raise": _FIELD,
    "route": _OFFICE,
    "accept": _UNITS,
    "send_back": _UNITS,
    "handle": _UNITS,
    "feed_back": _UNITS,
    "apply": _UNITS,
    "close": _OFFICE,
    "refuse": _OFFICE,
    "revoke": _OFFICE,
    "strike": _OFFICE,
    "withdraw": _UNITS,
    "merge": _OFFICE,
    "draw": _OFFICE,
    "call_back": _OFFICE,
    "reply": _OFFICE,
    "dispatch": _OFFICE,
    "import": _OFFICE,
}
"""Verb → roles that may use it; a verb that is not here may be used by nobody.

Plan: 五(一)
"""


def permit(actor: Actor, verb: str) -> None:
    """Refuse a verb that the actor's role may not use.

    Raises:
        NotAllowedError: With the roles that may.

    Plan: 五(一)
    """
    allowed = ALLOWED.get(verb, frozenset())
    if actor.role not in allowed:
        raise NotAllowedError(verb=verb, role=actor.role, allowed=tuple(sorted(allowed)))
