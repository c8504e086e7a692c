"""The revision of a ledger's schema, and what is said where it is not this release's."""

from __future__ import annotations

import re
import shlex

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zoufang.errors import LedgerError, NewerSchemaError, NotALedgerError, OlderSchemaError
from zoufang.facts import Tables
from zoufang.ledger.dialects import REVISION

FIRST = 1
"""The revision of the first release; what was written before it is not migrated."""


def other_revision(url: str, found: str, *, prefix: str = "", schema: str | None = None) -> LedgerError:
    """Return the refusal of a ledger whose schema has another revision, with the command that helps.

    Args:
        url: The ledger.
        found: Its mark.
        prefix: What stands before its tables' names.
        schema: Their database schema, if it was named.

    Returns:
        Older, newer, or no revision at all.
    """
    if not (found.isascii() and found.isdigit() and int(found) >= FIRST):
        return NotALedgerError(url=url)
    if int(found) > REVISION:
        return NewerSchemaError(url=url, found=found, needs=str(REVISION))
    words = ["zoufang", "migrate", url.removeprefix("sqlite:///")]
    words += [f"--prefix={prefix}"] if prefix else []
    words += [f"--schema={schema}"] if schema else []
    return OlderSchemaError(url=url, found=found, needs=str(REVISION), command=" ".join(map(_quoted, words)))


def _quoted(word: str) -> str:
    """Return a word as it can be typed; a path in Chinese needs no quotes, and is easier to read without."""
    return word if re.fullmatch(r"[\w@%+=:,./-]+", word) else shlex.quote(word)


def marks_in(connection: Connection, tables: Tables) -> dict[str, str]:
    """Return a ledger's own marks by their names; none where its table of marks is not there."""
    meta = tables.ledger_meta
    if not sa.inspect(connection).has_table(meta.name, schema=meta.schema):
        return {}
    return {row[0]: row[1] for row in connection.execute(sa.select(meta.c.name, meta.c.value))}
