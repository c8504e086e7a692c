"""Changes that can be told apart, and an audit that says which of them stand whole in a ledger."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import sqlalchemy as sa
from attrs import frozen

from zoufang.builtin import core
from zoufang.ledger import Draft, Ledger, keyed_digest, private_text
from zoufang.model import Actor, Role
from zoufang.sdk import Plugins

OFFICE = Actor(id="office", role=Role.OFFICE, unit_id="wangge")
AT = datetime(2023, 3, 1, 1, tzinfo=UTC)
N_AREAS, N_DRAWS = 3, 2
N_FACTS = N_AREAS + N_DRAWS + 1
HOST = Plugins.of(core)


def opened(url: str) -> Ledger:
    """Open the ledger at a URL of any store that the core knows."""
    return HOST.storage(url).open(url)


def created(url: str) -> Ledger:
    """Make a ledger at a URL of any store that the core knows."""
    return HOST.storage(url).create(url)


def change(token: str, *, submission_id: str | None = None, at: datetime = AT) -> Draft:
    """Return a change of six rows in three tables and one private text, all of which bear a token."""
    text = private_text(f"{len(token):04x}", token, f"spoken {token}")
    facts = {
        "areas": [(f"{token}/{n}", 1, "东社区", "community", None, token) for n in range(N_AREAS)],
        "people": [(token, 1, "C01", "viewer", None, 0, text.ref, None, "c")],
        "draws": [(f"{token}/{n}", 8, "2023-03-06", "s", 1, 10, 1, 1, None) for n in range(N_DRAWS)],
    }
    content = None if submission_id is None else keyed_digest(b"the same for every client", [token])
    return Draft("record", OFFICE, at, facts, [text], submission_id=submission_id, content=content)


@frozen
class Audit:
    """What stands in a ledger.

    Args:
        tokens: Those whose change stands whole, in the order of their commits.
        broken: Commits of which a part is missing, and rows without their commit.
        verified: What the ledger itself says.
    """

    tokens: tuple[str, ...]
    broken: tuple[int, ...]
    verified: bool


def audit(ledger: Ledger) -> Audit:
    """Count the rows of each change one by one, and ask the ledger itself."""
    t = ledger.tables
    areas = Counter(seq for (seq,) in ledger.select(sa.select(t.areas.c.commit_seq)))
    draws = Counter(seq for (seq,) in ledger.select(sa.select(t.draws.c.commit_seq)))
    named = t.people.join(t.private_texts, t.people.c.name_ref == t.private_texts.c.ref)
    people = dict(ledger.select(sa.select(t.people.c.commit_seq, t.private_texts.c.subject_id).select_from(named)))
    headers = [commit.seq for commit in ledger.commits()]
    whole = [seq for seq in headers if (areas[seq], draws[seq], seq in people) == (N_AREAS, N_DRAWS, True)]
    seen = {*headers, *areas, *draws, *people}
    gaps = set(range(1, len(headers) + 1)) ^ set(headers)
    return Audit(tuple(people[seq] for seq in whole), tuple(sorted(seen - set(whole) | gaps)), ledger.verify().ok)
