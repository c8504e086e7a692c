"""What a campaign uses where nothing else is injected: the machine's clock, random salts, the office as actor."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from zoufang.model import Actor, Role

OFFICE = Actor(id="office", role=Role.OFFICE)
"""Acts where nobody is named."""


def now() -> datetime:
    """Return the machine's time; the default clock."""
    return datetime.now(UTC)


def salt() -> str:
    """Return 128 random bits, hexadecimal; the default salt."""
    return secrets.token_hex(16)
