"""Take deleted bytes out of an SQLite file and its write-ahead log, and look whether they are gone."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from sqlite3 import DatabaseError
from typing import Any

from sqlalchemy.engine import Engine

BLOCK = 1 << 20
SHORTEST = 9
"""Bytes below which a text may stand elsewhere by chance, such as a name of two characters."""


def scrubbed(engine: Engine, path: Path | None, needles: frozenset[bytes]) -> bool:
    """Bring the write-ahead log into the file, empty it, and rebuild the file where deleted bytes are still in it.

    ``secure_delete`` zeroes what is deleted, but copies that the b-tree left in a page when it was balanced stay.

    Args:
        engine: The ledger's.
        path: The ledger's file; None for one in memory.
        needles: Deleted bytes to look for; without any the file is rebuilt to be sure.

    Returns:
        True where the log is empty, and the file holds nothing of what was deleted; False where another program that is
        reading stands in the way, or the storage is not SQLite.
    """
    if engine.dialect.name != "sqlite":
        return False
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        if path is None:
            return True
        done = _emptied(cursor)
        if not needles or stands(path, needles):
            cursor.execute("VACUUM")
            done = _emptied(cursor)  # what still stands there then is somebody else's: a telephone may be shared
    except DatabaseError:
        return False  # the erasure itself is committed; that its bytes are still there is what is said
    else:
        return done
    finally:
        connection.close()


def _emptied(cursor: Any) -> bool:
    busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def stands(path: Path, needles: Iterable[bytes]) -> bool:
    """Say whether any of some byte strings stands in a database file, its log or its index of the log."""
    wanted = [needle for needle in needles if len(needle) >= SHORTEST]
    if not wanted:
        return False
    overlap = max(map(len, wanted)) - 1
    for file in (path, *(path.with_name(path.name + suffix) for suffix in ("-wal", "-shm", "-journal"))):
        if file.is_file() and _in_file(file, wanted, overlap):
            return True
    return False


def _in_file(file: Path, wanted: list[bytes], overlap: int) -> bool:
    kept = b""
    with file.open("rb") as source:
        while block := source.read(BLOCK):
            block = kept + block
            if any(needle in block for needle in wanted):
                return True
            kept = block[-overlap:] if overlap else b""
    return False
